"""Layers that lie where the study's CRS is not used are described all the same, and the right CRS is named."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import check, read_folder

BOSTON = 26986


def write(folder, layer, *, crs, west, south, size=100, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.box(west, south, west + size, south + size)], crs=crs)
    pyogrio.write_dataframe(frame, folder / "lager.gpkg", layer=layer)


@pytest.fixture
def abroad(tmp_path):
    """Return a folder whose layers all lie in Massachusetts."""
    write(tmp_path, "parcels", crs=BOSTON, west=233_000, south=901_000, parcel_id=["A"], colour=["red"])
    write(tmp_path, "water", crs=BOSTON, west=233_050, south=901_000)
    return tmp_path


def test_layers_are_described_in_the_crs_they_can_be_used_in(abroad):
    report = check(abroad, crs="EPSG:3006")
    assert report.crs_needed == report.to_dict()["crs_needed"] == "EPSG:26986"
    assert [layer.mark for layer in report.layers] == ["elsewhere", "elsewhere"]
    assert [layer.mark_in_words("sv") for layer in report.layers] == ['användbart med crs = "EPSG:26986"'] * 2
    told = [finding.key for finding in report.findings]
    assert "outside_target" not in told
    assert "columns_left_out" in told
    assert not {"parcels", "water"} & set(report.missing)


def test_the_crs_it_names_is_one_that_works(abroad):
    report = check(abroad, crs=check(abroad, crs="EPSG:3006").crs_needed)
    assert report.crs_needed is None
    assert {layer.mark for layer in report.layers} <= {"usable", "findings"}


def test_degrees_get_a_zone_of_utm(tmp_path):
    write(tmp_path, "parcels", crs=4326, west=-71.1, south=42.3, size=0.01, parcel_id=["A"])
    report = check(tmp_path, crs="EPSG:3006")
    assert report.crs_needed == "EPSG:32619"
    assert [layer.crs for layer in report.layers] == ["EPSG:32619"]


def test_one_stray_layer_does_not_move_the_study(tmp_path):
    for name in ("parcels", "water"):
        write(tmp_path, name, crs=3006, west=340_000, south=6_400_000, parcel_id=["A"])
    write(tmp_path, "rail", crs=BOSTON, west=233_000, south=901_000)
    report = check(tmp_path, crs="EPSG:3006")
    assert report.crs_needed is None
    assert {layer.layer: layer.mark for layer in report.layers}["rail"] == "not_usable"


def test_a_folder_that_is_read_into_the_wrong_crs_gives_no_layers(abroad):
    assert not len(read_folder(abroad, crs="EPSG:3006"))
