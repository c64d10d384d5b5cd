"""Arrays of geometries: cutting large ones, pairing, and overlay that survives GEOS's rare failures."""
