"""Writes divisions into properties and tables of owners as their producers do, with what is wrong with real ones."""

import geopandas as gpd
import shapely

WEST, SOUTH = 340_000, 6_408_000
NEW = {
    "objektidentitet": "",
    "registerenhetsreferens": "",
    "objekttyp": "Fastighetsområde",
    "senastandrad": "2024-05-02T10:00:00",
    "lanskod": "14",
    "kommunkod": "1441",
    "kommunnamn": "LERUM",
    "trakt": "EXEMPELBY",
    "block": "1",
    "enhet": 1,
    "omradesnummer": 1,
    "etikett": "1:1",
}
OLD = {
    "FNR_FDS": "141000001",
    "EXTERNID": "",
    "DETALJTYP": "FASTIGHET",
    "KOMMUNKOD": "1441",
    "KOMMUNNAMN": "LERUM",
    "TRAKT": "EXEMPELBY",
    "BLOCKENHET": "1:1",
    "OMRNR": 1,
    "FASTIGHET": "EXEMPELBY 1:1",
    "ADAT": "20190101",
}


def square(number):
    """Return a square of 1 ha, apart from the others."""
    west = WEST + 200 * number
    return shapely.box(west, SOUTH, west + 100, SOUTH + 100)


def areas(*rows, form=NEW, shape=square):
    """Return one area for each row of values that differ from the first area of Lerum Exempelby 1:1."""
    data = [{**form, **row} for row in rows]
    if form is NEW:
        data = [{**row, "objektidentitet": f"00000000-0000-0000-0000-{n:012}"} for n, row in enumerate(data)]
    return gpd.GeoDataFrame(data, geometry=[shape(n) for n in range(len(rows))], crs="EPSG:3006")


def delivery():
    """Return a delivery: a property of two areas, a samfällighet, a 3D property over another, and plain ones."""
    return areas(
        {"registerenhetsreferens": "a", "etikett": "1:12>1", "enhet": 12},
        {"registerenhetsreferens": "a", "etikett": "1:12>2", "enhet": 12, "omradesnummer": 2},
        {"registerenhetsreferens": "b", "etikett": "S:3", "objekttyp": "Samfällighetsområde"},
        {"registerenhetsreferens": "c", "etikett": "1:13", "objekttyp": "3D-fastighetsutrymme"},
        {"registerenhetsreferens": "d", "trakt": "STORA HÖGA", "etikett": "(2:1)"},
        {"registerenhetsreferens": "e", "trakt": "UGGLAN", "etikett": "3", "block": "*"},
    )
