"""The map that opens anywhere: one HTML file, no network, nothing from data ever markup or script."""
