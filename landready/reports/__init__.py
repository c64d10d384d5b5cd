"""Results as tables and GeoPackages."""
