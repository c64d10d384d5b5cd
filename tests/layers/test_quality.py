"""The report on a folder: a line for every layer, whatever is in it."""

import json

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from landready import QualityReport, check, read_folder
from landready.errors import CrsError, FileError
from landready.layers.quality import NEEDED
from landready.rules import constraint_rules

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
    assert report.missing == (
        *("municipality", "roads", "interchanges", "rail", "stations", "water", "plans"),
        *(
            "nature_reserves",
            "shore_protection",
            "natura2000",
            "water_protection",
            "biotope_protection",
            "forest_values",
            "wetlands",
            "species",
            "nature_values",
            "national_interests",
            "farmland",
            "heritage",
            "flood",
            "landslide",
            "cloudburst",
            "slide_prone",
            "soil",
            "drainage",
            "contaminated",
            "seveso",
            "plan_provisions",
            "overview_plan",
            "power_lines",
            "easements",
            "aviation",
        ),
    )


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
    assert again["missing"][0] == "municipality"
    for language in ("sv", "en"):
        words = report.in_words(language)
        assert len(words) == 7
        assert not words.isna().any().any()
        assert len(report.missing_in_words(language)) == len(report.missing) + 1
    assert report.in_words("sv").columns.tolist() != report.in_words("en").columns.tolist()
    page = report._repr_html_()
    assert "<script" not in page
    assert str(folder) not in page + json.dumps(report.to_dict())


def test_every_rule_that_cannot_be_tested_is_told_with_its_role(folder):
    report = check(folder)
    said = dict(zip(report.missing, report.missing_in_words("sv"), strict=False))
    for rule in constraint_rules():
        derived = {"home_plots", "built_plots"}  # from parcels and buildings
        assert (rule.role in said) == (rule.role not in {"parcels", "buildings", *derived})
    assert said["flood"] == (
        "Utan översvämning (flood): Restriktioner som inte prövas (2): Översvämning, 100-årsflöde, "
        "Översvämning, mer än 100-årsflöde."
    )
    assert "vägar delar inte marken" in said["roads"]
    assert said["shore_protection"].endswith("om lagret vatten finns; annars prövas det inte.")
    assert "(5)" in said["roads"]


def test_an_outline_of_any_kind_will_do(tmp_path):
    area = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9)], crs=3006)
    pyogrio.write_dataframe(area, tmp_path / "här.gpkg", layer="här")
    assert "municipality" in check(tmp_path).missing
    assert "municipality" not in read_folder(tmp_path, roles={"här": "area"}).report.missing
    pyogrio.write_dataframe(area, tmp_path / "kommungräns.gpkg", layer="kommungräns")
    assert "municipality" not in check(tmp_path).missing


@pytest.fixture
def three_grids(folder):
    """Return a folder with rasters in the study's CRS, in another, in Web Mercator and in degrees."""
    (folder / "okand.tif").unlink()
    with rasterio.open(folder / "hojd.tif") as good:
        profile, values = good.profile, good.read(1)
    mercator = rasterio.Affine(10, 0, 1_350_000, 0, -10, 7_900_000)
    degrees = rasterio.Affine(1e-4, 0, 12.3, 0, -1e-4, 57.8)
    local = rasterio.Affine(10, 0, 150_000, 0, -10, 6_400_000)
    for name, crs, place in (("merc", 3857, mercator), ("grad", 4326, degrees), ("zon", 3007, local)):
        with rasterio.open(folder / f"{name}.tif", "w", **{**profile, "crs": f"EPSG:{crs}", "transform": place}) as new:
            new.write(values, 1)
    return folder


@pytest.mark.parametrize(("crs", "usable"), [(None, {"hojd", "zon"}), ("EPSG:3006", {"hojd"}), ("EPSG:3007", {"zon"})])
def test_rasters_are_judged_as_the_study_would(three_grids, crs, usable):
    rows = [row for row in check(three_grids, crs=crs).layers if row.kind == "raster" and row.layer != "trasig"]
    assert {row.layer for row in rows if row.mark == "usable"} == usable
    assert all(row.mark == "not_usable" for row in rows if row.layer not in usable)


def test_a_layer_is_judged_as_the_study_would(tmp_path):
    area = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 900, SOUTH + 900)], crs=3006)
    pyogrio.write_dataframe(area.to_crs(3857), tmp_path / "sjöar.gpkg", layer="sjöar")
    far = gpd.GeoDataFrame(geometry=[shapely.box(500_000, 180_000, 500_900, 180_900)], crs=27700)
    pyogrio.write_dataframe(far, tmp_path / "lakes.gpkg", layer="lakes")

    def marks(crs):
        return {row.layer: row.mark == "not_usable" for row in check(tmp_path, crs=crs).layers}

    assert marks(None) == {"sjöar": True, "lakes": False}  # each in its own CRS
    assert marks("EPSG:3006") == {"sjöar": False, "lakes": True}  # reprojected; far outside where 3006 is used
    with pytest.raises(CrsError):
        check(tmp_path, crs="EPSG:trams")


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
    assert report.missing == NEEDED
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
        made = sum(row.layer == "vägnät (NVDB)" for row in report.layers)
        assert len(report.layers) == listed + plans + made
        json.dumps(report.to_dict(), allow_nan=False)


@pytest.mark.realdata
def test_what_the_real_layers_are_taken_for(real_reports):
    seen = {row.layer: row.recognition.role for report in real_reports.values() for row in report.layers}
    expected = {
        "parcels_fy2014": "parcels",
        "zoning_districts": "other",
        "major_roads": "roads",
        "rail": "rail",
        "subway_stations": "stations",
        "flood100": "flood",
        "water": "water",
        "open_space": "other",
        "vl_riks_roads": "roads",
        "by_14_buildings": "buildings",
        "vägnät (NVDB)": "roads",
        "NVDB_DK_O_88_Vagtrafiknat": "other",
        "VIS_DK_O_49_Hallplats": "stops",
        "stations": "stations",
        "areas": "nature_reserves",
    }
    assert {name: seen[name] for name in expected} == expected


def test_settings_in_json_are_passed_over(tmp_path):
    (tmp_path / "generator.json").write_text('{"shapely": "2.2.0"}', encoding="utf-8")
    (tmp_path / "trasig.json").write_text('{"type": "FeatureCollection", "features": [', encoding="utf-8")
    report = check(tmp_path)
    assert report.skipped == ("generator.json",)
    assert [layer.file for layer in report.layers] == ["trasig.json"]


def told(report):
    return {row.file: {finding.key for finding in row.findings if finding.severity == "error"} for row in report.layers}


def test_what_is_there_and_cannot_be_read_has_a_line(tmp_path):
    root, elsewhere = tmp_path / "underlag", tmp_path / "annat"
    for folder in (root, elsewhere, root / "vägar.gpkg", root / "byggnader.gdb", root / "papper"):
        folder.mkdir()
    frame = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9)], crs=3006)
    pyogrio.write_dataframe(frame, elsewhere / "sjöar.gpkg")
    (root / "sjöar.gpkg").symlink_to(elsewhere / "sjöar.gpkg")
    (root / "borta.gpkg").symlink_to(elsewhere / "finns inte.gpkg")
    (root / "annat").symlink_to(elsewhere)
    (root / "runt").symlink_to(root)
    (root / "tom.shp").touch()
    (root / "halv.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    report = check(root)
    assert told(report) == {
        "annat": {"link_to_folder"},
        "borta.gpkg": {"link_broken"},
        "byggnader.gdb": {"geodatabase_empty"},
        "halv.zip": {"zip_not_whole"},
        "runt": {"link_to_folder"},
        "sjöar.gpkg": set(),
        "tom.shp": {"file_zero"},
        "vägar.gpkg": {"folder_empty"},
    }
    assert report.skipped == ()
    assert list(read_folder(root)) == ["sjöar"]


def test_a_folder_that_may_not_be_opened_has_a_line(tmp_path, monkeypatch):
    closed = tmp_path / "hemligt"
    closed.mkdir()
    monkeypatch.setattr("os.access", lambda path, _: path != closed)  # who runs tests may be let in everywhere
    assert told(check(tmp_path)) == {"hemligt": {"folder_closed"}}


def test_a_file_geodatabase_in_a_folder_is_one_source(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9)], crs=3006)
    (tmp_path / "leverans").mkdir()
    pyogrio.write_dataframe(frame, tmp_path / "leverans" / "a.gdb", layer="sjöar", driver="OpenFileGDB")
    [row] = check(tmp_path).layers
    assert (row.file, row.layer, row.mark) == ("leverans/a.gdb", "sjöar", "usable")
