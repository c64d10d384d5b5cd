"""Swedish detaljplaner as delivered: NGP JSON v4.1 and SS 637040 XML, one plan a file or hundreds in a folder."""
