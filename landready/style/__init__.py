"""How things look: one class scheme for the web map, QGIS and print."""
