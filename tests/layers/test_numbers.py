"""Numbers that registers keep as text."""

import geopandas as gpd
import pytest
import shapely

from landready.layers.numbers import numbers_in_text


def read(*said, column="voltage_kv"):
    frame = gpd.GeoDataFrame({column: list(said)}, geometry=[shapely.Point(0, 0)] * len(said), crs=3006)
    return numbers_in_text(frame, [column], layer="ledningar")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("130,5", 130.5),
        ("40", 40),
        (" 400 000 ", 400_000),
        ("1\u00a0250,5", 1250.5),
        ("-2", -2),
        ("\u22122", -2),
        ("7.5", 7.5),
    ],
)
def test_numbers_as_swedes_write_them(said, meant):
    frame, notes = read(said)
    assert frame["voltage_kv"].tolist() == [meant]
    assert [finding.key for finding in notes.findings] == ["numbers_as_text"]


@pytest.mark.parametrize("said", ["40 kV", "1,2,3", "åttio", "40-130", "1e5", "12 34", "nan", "inf"])
def test_what_is_no_number_is_unknown_and_told(said):
    frame, notes = read(said, "40", None)
    assert frame["voltage_kv"].isna().tolist() == [True, False, True]
    assert frame["voltage_kv"].dtype == "float64"
    (finding,) = notes.findings
    assert finding.key == "numbers_unread"
    assert said in finding.text("sv")
    assert "1 av 3" in finding.text("sv")
    assert "rad 1" in finding.text("sv")


def test_nothing_is_done_to_other_columns():
    frame, notes = read("130,5", column="name")
    assert frame["name"].tolist() == ["130,5"]
    assert not notes.findings


def test_columns_of_numbers_stay_as_they_are():
    frame, notes = read(40, 130)
    assert frame["voltage_kv"].dtype == "int64"
    assert not notes.findings
