"""Coordinates in another system than the file says: found by where they fall, told with the remedy, never corrected."""

import warnings

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import CrsError, check, read

LERUM = shapely.box(338_000, 6_405_000, 338_100, 6_405_100)


def write(path, *, crs, says=None):
    frame = gpd.GeoDataFrame(geometry=[LERUM], crs="EPSG:3006").to_crs(crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it has no CRS is what is tested
        pyogrio.write_dataframe(frame.set_crs(says, allow_override=True), path)
    return path


@pytest.mark.parametrize("crs", [3007, 3008, 3021])
@pytest.mark.parametrize("says", [None, 3006, 4326])
def test_local_systems_are_told_and_corrected_when_said(tmp_path, crs, says):
    path = write(tmp_path / "a.gpkg", crs=crs, says=says)
    with pytest.raises(CrsError) as error:
        read(path, crs="EPSG:3006")
    assert f"EPSG:{crs}" in str(error.value)
    assert "source_crs" in str(error.value)
    layer = read(path, crs="EPSG:3006", source_crs=f"EPSG:{crs}")
    assert layer.frame.geometry.iloc[0].centroid.distance(LERUM.centroid) < 5  # RT 90 without a grid: some metres


@pytest.mark.parametrize("says", [3007, 3021, 4326])
def test_sweref_tm_under_another_name(tmp_path, says):
    path = write(tmp_path / "a.gpkg", crs=3006, says=says)
    with pytest.raises(CrsError) as error:
        read(path, crs="EPSG:3006")
    assert 'source_crs = "EPSG:3006"' in str(error.value)
    assert read(path, crs="EPSG:3006", source_crs="EPSG:3006").frame.geometry.iloc[0].equals(LERUM)


def test_what_the_study_says_is_believed(tmp_path):
    path = write(tmp_path / "a.gpkg", crs=3007, says=3006)
    assert read(path, source_crs="EPSG:3006").crs == "EPSG:3006"


def test_the_other_layers_of_the_folder_choose_between_zones(tmp_path):
    write(tmp_path / "a.gpkg", crs=3007, says=None)
    write(tmp_path / "b.gpkg", crs=3006)
    report = next(layer for layer in check(tmp_path, crs="EPSG:3006").layers if layer.file == "a.gpkg")
    told = [finding for finding in report.findings if finding.key == "crs_nearby"]
    assert [finding.values["crs"] for finding in told] == ["EPSG:3007"]
    assert report.mark == "not_usable"
