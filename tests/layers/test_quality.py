"""The report on a folder: a line for every layer, whatever is in it."""

import json

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from landready import QualityReport, check
from landready.errors import FileError

WEST, SOUTH = 340_000, 6_400_000


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a good layer, a mended one, unusable ones, rasters and a stray file."""
    area = shapely.box(WEST, SOUTH, WEST + 100, SOUTH + 100)
    bow = shapely.Polygon([(WEST, SOUTH), (WEST + 9, SOUTH + 9), (WEST + 9, SOUTH), (WEST, SOUTH + 9)])

    def write(name, shapes, layer, crs=3006, **columns):
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
        pyogrio.write_dataframe(frame, tmp_path / name, layer=layer)

    write("a å.gpkg", [area], "fastigheter", parcel_id=["<b>A</b>"])
    write("a å.gpkg", [area, bow], "byggnader")
    write("b.gpkg", [area], "sjöar", crs=3857)
    (tmp_path / "under").mkdir()
    (tmp_path / "under" / "trasig.shp").write_bytes(b"skrap")
    (tmp_path / "läs mig.docx").write_bytes(b"x")
    (tmp_path / "om.txt").write_text("x", encoding="utf-8")
    (tmp_path / ".gömd.gpkg").write_bytes(b"x")
    for name, crs in (("hojd.tif", "EPSG:3006"), ("okand.tif", None)):
        values = np.ones((10, 10), dtype="float32")
        values[0] = -9999
        with rasterio.open(
            tmp_path / name,
            "w",
            driver="GTiff",
            height=10,
            width=10,
            count=1,
            dtype="float32",
            crs=crs,
            nodata=-9999,
            transform=rasterio.Affine(10, 0, WEST, 0, -10, SOUTH),
        ) as raster:
            raster.write(values, 1)
    (tmp_path / "trasig.tif").write_bytes(b"skrap")
    return tmp_path


def test_every_layer_has_a_line_and_a_mark(folder):
    report = check(folder)
    assert isinstance(report, QualityReport)
    marks = {(row.file, row.layer): row.mark for row in report.layers}
    assert marks == {
        ("a å.gpkg", "fastigheter"): "usable",
        ("a å.gpkg", "byggnader"): "findings",
        ("b.gpkg", "sjöar"): "not_usable",
        ("under/trasig.shp", "trasig"): "not_usable",
        ("hojd.tif", "hojd"): "usable",
        ("okand.tif", "okand"): "not_usable",
        ("trasig.tif", "trasig"): "not_usable",
    }
    assert report.skipped == ("läs mig.docx",)
    roles = {row.layer: row.recognition.role for row in report.layers}
    assert (roles["fastigheter"], roles["byggnader"], roles["hojd"]) == ("parcels", "buildings", "heights")
    assert report.missing == ("roads", "rail", "stations", "water", "plans")


def test_the_crs_of_the_study_decides(folder):
    report = check(folder, crs="EPSG:3006")
    assert {row.layer: row.mark for row in report.layers}["sjöar"] == "not_usable"  # 3857, but metres of 3006
    assert "water" in report.missing


def test_frame_json_words_and_html(folder):
    report = check(folder)
    assert report.frame["mark"].value_counts().to_dict() == {"not_usable": 4, "usable": 2, "findings": 1}
    assert report.frame.loc[0, "bounds"] == [WEST, SOUTH, WEST + 100, SOUTH + 100]
    again = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert len(again["layers"]) == 7
    assert again["missing"][0] == "roads"
    for language in ("sv", "en"):
        words = report.in_words(language)
        assert len(words) == 7
        assert not words.isna().any().any()
        assert len(report.missing_in_words(language)) == 6
    assert report.in_words("sv").columns.tolist() != report.in_words("en").columns.tolist()
    page = report._repr_html_()
    assert "<script" not in page
    assert str(folder) not in page + json.dumps(report.to_dict())


def test_names_from_data_are_never_markup(tmp_path):
    frame = gpd.GeoDataFrame({"<i>x</i>": [1]}, geometry=[shapely.Point(WEST, SOUTH)], crs=3006)
    pyogrio.write_dataframe(frame, tmp_path / "<img src=x>.geojson", layer="<img src=x>")
    page = check(tmp_path)._repr_html_()
    assert "<img" not in page
    assert "<i>" not in page
    assert "&lt;img" in page


def test_one_file(folder):
    report = check(folder / "a å.gpkg")
    assert [row.layer for row in report.layers] == ["fastigheter", "byggnader"]
    assert report.missing == ()
    assert [row.mark for row in check(folder / "hojd.tif").layers] == ["usable"]
    assert [row.mark for row in check(folder / "om.txt").layers] == ["not_usable"]


def test_an_empty_folder(tmp_path):
    report = check(tmp_path)
    assert report.frame.empty
    assert report.in_words("en").columns.tolist()[:2] == ["file", "layer"]
    assert len(report.missing) == 8
    assert report._repr_html_()


def test_nothing_there(tmp_path):
    with pytest.raises(FileError):
        check(tmp_path / "nej")


@pytest.fixture(scope="module")
def real_reports(real_data):
    """Return the report of every folder of real layers."""
    return {folder: check(folder) for folder in sorted(real_data.iterdir()) if folder.is_dir()}


@pytest.mark.realdata
def test_every_real_folder_can_be_checked(real_reports):
    for folder, report in real_reports.items():
        assert {row.mark for row in report.layers} <= {"usable", "findings"}, report.in_words("en").to_string()
        listed = sum(len(pyogrio.list_layers(file)) for file in folder.glob("*.gpkg"))
        plans = 2 * len(list(folder.glob("*.xml")))  # a plan file is a layer of plans and one of provisions
        assert len(report.layers) == listed + plans
        json.dumps(report.to_dict(), allow_nan=False)


@pytest.mark.realdata
def test_what_the_real_layers_are_taken_for(real_reports):
    seen = {row.layer: row.recognition.role for report in real_reports.values() for row in report.layers}
    expected = {
        "parcels_fy2014": "parcels",
        "zoning_districts": "plans",
        "major_roads": "roads",
        "rail": "rail",
        "subway_stations": "stations",
        "flood100": "flood",
        "water": "water",
        "open_space": "other",
        "vl_riks_roads": "roads",
        "by_14_buildings": "buildings",
        "NVDB_DK_O_88_Vagtrafiknat": "roads",
        "VIS_DK_O_49_Hallplats": "stops",
        "stations": "stations",
        "areas": "nature_reserves",
    }
    assert {name: seen[name] for name in expected} == expected
