"""The first guess of what a layer is, and how sure it says it is."""

import pytest

from landready.layers.recognise import fold, guess_role, table
from landready.rules import roles


@pytest.mark.parametrize(
    ("layer", "columns", "kind", "role", "certainty"),
    [
        ("fastigheter", ["fastighet"], "MultiPolygon", "parcels", "sure"),
        ("Fastighetsytor_2025", [], "Polygon", "parcels", "likely"),
        ("vägnät", [], "LineString", "roads", "likely"),
        ("street_centerlines", [], "MultiLineString", "roads", "likely"),
        ("Järnväg", [], "2.5D LineString", "rail", "likely"),
        ("strandskydd", [], "CurvePolygon", "shore_protection", "likely"),
        ("lager1", ["SKYDDSTYP", "NVRID"], "MultiPolygon", "nature_reserves", "likely"),
        ("lager1", ["NVRID"], "MultiPolygon", "nature_reserves", "guess"),
        ("detaljplaner", ["PLANID"], "Unknown", "plans", "sure"),
        ("stationer", [], "Point", "stations", "likely"),
        ("stationer", [], "Polygon", "other", "none"),
        ("avvagning", [], "LineString", "other", "none"),
        ("något helt annat", ["a"], "Polygon", "other", "none"),
        ("hojddata_2m", [], "raster", "heights", "likely"),
        ("demografi", [], "raster", "other", "none"),
    ],
)
def test_guesses(layer, columns, kind, role, certainty):
    guess = guess_role(layer=layer, file="fil", columns=columns, kind=kind)
    assert (guess.role, guess.certainty) == (role, certainty)


def test_the_name_of_a_file_alone_is_a_guess_that_says_why():
    guess = guess_role(layer="lager", file="byggnader_lerum", columns=[], kind="Polygon")
    assert (guess.role, guess.certainty) == ("buildings", "guess")
    assert "byggnader" in guess.why_in_words("sv")
    assert guess_role(layer="x", file="x", columns=[], kind=None).why_in_words("en")


def test_the_table_names_roles_that_exist_and_is_folded():
    for role, entry in table()["roles"].items():
        assert role in roles()
        assert [fold(word) for word in (*entry["words"], *entry["columns"])] == [*entry["words"], *entry["columns"]]
