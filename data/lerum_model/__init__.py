"""The modelled Lerum: real outline, stations and place names; everything else is invented, and says so."""
