"""Interchanges of NVDB's crossings: those with the same number and name are one."""

import geopandas as gpd
import pytest
import shapely
from shapely import Point

import landready
from landready import ColumnError, distance_to
from landready.layers.interchanges import interchanges_of_nvdb

EAST, NORTH = 343_000.0, 6_410_000.0


def crossings(**columns):
    """Return crossings 100 m apart, as the producer writes them."""
    count = len(next(iter(columns.values())))
    points = [Point(EAST + 100 * k, NORTH, 55.0) for k in range(count)]
    given = {"ELEMENT_ID": [f"15819:{k}" for k in range(count)], "Namn": None, "Trafikplatsnamn": None} | columns
    return gpd.GeoDataFrame(given, geometry=points, crs=3006)


def test_points_of_one_interchange_are_joined():
    found, _ = interchanges_of_nvdb(
        crossings(
            Ingar_i_trafikplats=["ja"] * 4,
            Tpl_nummer=["88", "89", "88", "88"],
            Trafikplatsnamn=["Flodamotet", "Nääsmotet", "Flodamotet", "Flodamotet"],
        ),
        layer="x",
    )
    assert found[["name", "number"]].to_numpy().tolist() == [["Flodamotet", "88"], ["Nääsmotet", "89"]]
    assert shapely.get_num_geometries(found.geometry.values).tolist() == [3, 1]
    assert not found.has_z.any()


def test_the_same_number_of_another_road_is_another():
    found, _ = interchanges_of_nvdb(
        crossings(Ingar_i_trafikplats=["ja", "ja"], Tpl_nummer=[89, 89], Trafikplatsnamn=["Nääsmotet", "Björkåsmotet"]),
        layer="x",
    )
    assert found["number"].tolist() == ["89", "89"]


def test_other_crossings_are_told_and_nameless_ones_stay_apart():
    found, notes = interchanges_of_nvdb(
        crossings(Ingar_i_trafikplats=["nej", "ja", "ja", None, None], Tpl_nummer=[None, None, None, "90", " "]),
        layer="x",
    )
    assert found["number"].fillna("–").tolist() == ["–", "–", "90"]
    (told,) = notes.ledger.frame.to_dict("records")
    assert (told["reason"], told["ids"]) == ("nvdb_no_interchange", "0, 4")
    assert "trafikplats" in notes.ledger.in_words("sv").to_string()


def test_without_numbers_it_is_refused():
    with pytest.raises(ColumnError, match="tpl_nummer"):
        interchanges_of_nvdb(crossings(Ingar_i_trafikplats=["ja"]), layer="x")


class TestAFile:
    def path(self, tmp_path, **columns):
        path = tmp_path / "nvdb.gpkg"
        crossings(**columns).to_file(path, layer="NVDB_DK_O_22_Korsning")
        return path

    def test_it_is_read_by_its_role(self, tmp_path):
        path = self.path(
            tmp_path,
            Ingar_i_trafikplats=["ja", "ja", "nej"],
            Tpl_nummer=["88", "88", None],
            Trafikplatsnamn=["Flodamotet", "Flodamotet", None],
        )
        layer = landready.read(path, role="interchanges")
        assert layer.name == "trafikplatser (NVDB)"
        assert layer.frame[["name", "number"]].to_numpy().tolist() == [["Flodamotet", "88"]]
        site = gpd.GeoDataFrame(geometry=[Point(EAST + 150, NORTH)], crs=3006)
        assert distance_to(site, layer.frame).tolist() == [50.0]  # of its nearest ramp
        report = {entry.layer: entry for entry in landready.check(path).layers}
        assert report["trafikplatser (NVDB)"].recognition.role == "interchanges"
        assert report["NVDB_DK_O_22_Korsning"].recognition.why_in_words("sv") == "hör till trafikplatser (NVDB)"

    def test_where_no_crossing_is_an_interchange_there_is_no_such_layer(self, tmp_path):
        path = self.path(tmp_path, Ingar_i_trafikplats=["nej"], Tpl_nummer=[None])
        assert [entry.layer for entry in landready.check(path).layers] == ["NVDB_DK_O_22_Korsning"]
