"""Layers in zip files are read as if they lay in the folder."""

import shutil
import zipfile

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import FileError, check, read, read_folder


@pytest.fixture
def frame():
    shapes = [shapely.box(x, 6_400_000, x + 50, 6_400_050) for x in range(340_000, 340_400, 100)]
    return gpd.GeoDataFrame({"name": ["å", "ä", "ö", "d"]}, geometry=shapes, crs="EPSG:3006")


@pytest.fixture
def pack(tmp_path):
    def to(name, *files):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in files:
                inner = sorted(file.rglob("*")) if file.is_dir() else sorted(file.parent.glob(f"{file.stem}.*"))
                for part in inner:
                    packed.write(part, f"lager/{part.relative_to(file.parent).as_posix()}")
            packed.writestr("lager/las mig.pdf", b"x")
        return tmp_path / name

    return to


@pytest.fixture
def plain(tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.gml", "a.gdb", "a.tab", "a.parquet"])
def test_one_layer(frame, plain, pack, name):
    at = frame.to_crs(4326) if name == "a.geojson" else frame
    driver = {"a.tab": "MapInfo File", "a.gdb": "OpenFileGDB"}.get(name)
    if name == "a.parquet":
        at.to_parquet(plain / name)
    else:
        pyogrio.write_dataframe(at, plain / name, driver=driver)
    path = pack("b.zip", plain / name)
    shutil.rmtree(plain)
    layer = read(path, keep=["name"], crs="EPSG:3006")
    assert layer.frame["name"].tolist() == ["å", "ä", "ö", "d"] or name == "a.fgb"
    assert layer.source == "b.zip"
    folder = read_folder(path.parent, crs="EPSG:3006")
    assert [report.file for report in folder.report.layers] == ["b.zip"]
    assert len(folder["a"].frame) == 4


def test_several_layers_are_chosen_by_name(frame, plain, pack):
    pyogrio.write_dataframe(frame, plain / "a.gpkg")
    pyogrio.write_dataframe(frame.iloc[:2], plain / "b.gpkg")
    path = pack("c.zip", plain / "a.gpkg", plain / "b.gpkg")
    with pytest.raises(FileError) as error:
        read(path)
    assert error.value.findings[0].key == "layer_several"
    assert len(read(path, layer="b").frame) == 2
    assert {(row.file, row.layer) for row in check(path).layers} == {("c.zip", "a"), ("c.zip", "b")}
    with pytest.raises(FileError) as error:
        read(path, layer="x")
    assert error.value.findings[0].key == "layer_unknown"


def test_a_zip_without_layers_is_passed_over(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.pdf", b"x")
    report = check(tmp_path)
    assert report.layers == ()
    assert report.skipped == ("a.zip",)
