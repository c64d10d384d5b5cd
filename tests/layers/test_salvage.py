"""Files damaged in the middle: what can be saved is read, what is lost is named, and together they are all there was."""

import random
import shutil
from contextlib import closing

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import FileError, read
from landready.layers.declared import declared_count

ROWS = 2000
LEFT_OUT = ["rows_lost", "null_geometry", "rows_astray", "empty_geometry"]
# What is damaged: the file that is read → the one that holds the records.
SAVED = {
    "a.gpkg": "a.gpkg",
    "a.fgb": "a.fgb",
    "a.shp": "a.shp",
    "a.shp (dbf)": "a.dbf",
    "a.tab (dat)": "a.dat",
    "a.tab (map)": "a.map",
    "a.gdb (gdbtable)": "a.gdb/a00000009.gdbtable",
}
REFUSED = {
    "a.geojson": "a.geojson",
    "a.gml": "a.gml",
    "a.kml": "a.kml",
    "a.mif": "a.mif",
    "a.mif (mid)": "a.mid",
    "a.parquet": "a.parquet",
}
CUT = {**SAVED, **REFUSED, "a.shp (shx)": "a.shx", "a.dxf": "a.dxf"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hela")
    frame = gpd.GeoDataFrame(
        {"parcel_id": [f"Öjared 1:{n}" for n in range(ROWS)], "use": "å" * 20, "n": range(ROWS)},
        geometry=[shapely.Point(340_000 + 100 * n, 6_400_000).buffer(40) for n in range(ROWS)],
        crs="EPSG:3006",
    )
    drivers = {"tab": "MapInfo File", "mif": "MapInfo File", "kml": "KML"}
    for ending in ("gpkg", "fgb", "shp", "tab", "mif", "geojson", "gml", "kml"):
        at = frame.to_crs(4326) if ending in {"geojson", "kml"} else frame
        pyogrio.write_dataframe(at, folder / f"a.{ending}", driver=drivers.get(ending))
    pyogrio.write_dataframe(frame[["geometry"]], folder / "a.dxf", driver="DXF")
    # An older ArcGIS has no whole numbers of 64 bits.
    pyogrio.write_dataframe(frame.astype({"n": "int32"}), folder / "a.gdb", driver="OpenFileGDB")
    frame.to_parquet(folder / "a.parquet")
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    for file in whole.iterdir():
        (shutil.copytree if file.is_dir() else shutil.copy)(file, tmp_path / file.name)
    return tmp_path


def hole(path, content, start=0.6, size=4096):
    changed = bytearray(path.read_bytes())
    place = int(len(changed) * start)
    changed[place : place + size] = content(size)
    path.write_bytes(changed)


def noise(size):
    return random.Random(1).randbytes(size)


def counted(layer):
    entries = layer.ledger.frame
    return int(entries["count"][entries.reason.isin(LEFT_OUT)].sum())


@pytest.mark.parametrize("what", SAVED)
@pytest.mark.parametrize("content", [noise, bytes])
def test_saved_and_lost_are_all_there_was(copy, what, content):
    hole(copy / SAVED[what], content)
    layer = read(copy / what.split()[0], crs="EPSG:3006", keep=["parcel_id", "n"])
    assert 1900 < len(layer.frame) < ROWS
    assert len(layer.frame) + counted(layer) == ROWS
    assert any(finding.severity == "warning" for finding in layer.findings)
    assert layer.frame["parcel_id"].tolist() == [f"Öjared 1:{n:.0f}" for n in layer.frame["n"]]
    if not what.startswith("a.fgb"):  # which is sorted by place
        assert layer.frame["n"].tolist() == layer.frame.index.tolist()


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("content", [noise, bytes])
def test_the_rest_is_refused(copy, what, content):
    hole(copy / REFUSED[what], content)
    with pytest.raises(FileError) as error:
        read(copy / what.split()[0], crs="EPSG:3006")
    assert error.value.text("sv")


@pytest.mark.parametrize("what", CUT)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_files_cut_short_are_refused(copy, what, share):
    file = copy / CUT[what]
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(FileError):
        read(copy / what.split()[0], crs="EPSG:3006")


def test_lost_rows_are_named_as_the_file_counts_them(copy):
    hole(copy / "a.gpkg", noise)
    layer = read(copy / "a.gpkg", role="parcels", duplicates="number")
    told = next(finding for finding in layer.findings if finding.key == "rows_lost")
    assert told.values["count"] + len(layer.frame) == told.values["total"] == ROWS
    assert "utelämnade" in told.text("sv")
    assert "left out" in told.text("en")
    missing = set(range(ROWS)) - {int(name.split(":")[1].split("#")[0]) for name in layer.frame.index}
    listed = layer.ledger.frame.set_index("reason").loc["rows_lost", "ids"]
    assert {int(number) for number in listed.rstrip(" …,").split(",")} <= missing


@pytest.mark.parametrize("what", ["a.shp (dbf)", "a.tab (dat)"])
def test_bytes_put_into_a_table_are_told(copy, what):
    table = copy / SAVED[what]
    content = table.read_bytes()
    start, width = (int.from_bytes(content[a : a + 2], "little") for a in (8, 10))
    place = start + 700 * width
    table.write_bytes(content[:place] + content[place - width : place] + content[place:])
    layer = read(copy / what.split()[0], crs="EPSG:3006", keep=["n"])
    [told] = [finding for finding in layer.findings if finding.key == "table_overlong"]
    assert told.values["bytes"] in {width, width + 1}  # MapInfo's tables end without a last sign
    assert (told.severity, told.values["file"]) == ("warning", table.name)


@pytest.mark.parametrize("padding", [b"", b"\x1a", b"\x1a" + bytes(511)])
def test_what_programs_write_behind_a_table_is_not_told(copy, padding):
    table = copy / "a.dbf"
    table.write_bytes(table.read_bytes().rstrip(b"\x1a") + padding)
    layer = read(copy / "a.shp", keep=["n"])
    assert "table_overlong" not in {finding.key for finding in layer.findings}
    assert len(layer.frame) == ROWS


def test_rows_that_were_deleted_are_not_lost(copy):
    table = copy / "a.dbf"
    content = bytearray(table.read_bytes())
    start, width = (int.from_bytes(content[a : a + 2], "little") for a in (8, 10))
    for row in (3, 700, ROWS - 1):
        content[start + row * width] = ord("*")
    table.write_bytes(content)
    layer = read(copy / "a.shp", keep=["n"])
    assert len(layer.frame) == ROWS - 3
    assert counted(layer) == 0
    hole(table, noise)
    damaged = read(copy / "a.shp", keep=["n"])
    assert len(damaged.frame) + counted(damaged) == ROWS - 3
    assert {3, 700, ROWS - 1}.isdisjoint(damaged.frame["n"])


def test_a_geodatabase_whose_index_is_damaged_is_saved_but_for_what_it_pointed_to(copy):
    hole(copy / "a.gdb" / "a00000009.gdbtablx", bytes, size=1000)
    layer = read(copy / "a.gdb", keep=["n"])
    assert 1500 < len(layer.frame) < ROWS
    assert len(layer.frame) + counted(layer) == ROWS


def test_a_damaged_geodatabase_with_deleted_rows_is_refused(copy):
    """Which rows were deleted and which are lost, nobody can tell."""
    index, table = (copy / "a.gdb" / f"a00000009.{name}" for name in ("gdbtablx", "gdbtable"))
    content = bytearray(index.read_bytes())
    size = content[12]
    for row in (3, 700):  # a row that is deleted has no place in the table any more
        content[16 + size * row : 16 + size * (row + 1)] = bytes(size)
    index.write_bytes(content)
    content = bytearray(table.read_bytes())
    content[4:8] = (ROWS - 2).to_bytes(4, "little")
    table.write_bytes(content)
    assert len(read(copy / "a.gdb", keep=["n"]).frame) == ROWS - 2
    hole(copy / "a.gdb" / "a00000009.gdbtable", noise)
    with pytest.raises(FileError):
        read(copy / "a.gdb", keep=["n"])


def test_a_geopackage_with_gaps_is_saved_by_its_index(copy):
    import sqlite3

    frame = pyogrio.read_dataframe(copy / "a.gpkg")
    path = copy / "gaps.gpkg"
    pyogrio.write_dataframe(frame, path, layer='a "b" \'c')
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA writable_schema = ON")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            quoted = name.replace('"', '""')
            file.execute(f'DROP TRIGGER "{quoted}"')
        index = '"rtree_a ""b"" \'c_geom"'
        file.execute('DELETE FROM "a ""b"" \'c" WHERE fid % 10 = 0')
        file.execute(f"DELETE FROM {index} WHERE id % 10 = 0")
        file.execute("UPDATE gpkg_ogr_contents SET feature_count = 1800")
    file.close()
    hole(path, noise, start=0.4)
    layer = read(path, keep=["n"])
    assert 1700 < len(layer.frame) < 1800
    assert len(layer.frame) + counted(layer) == 1800


def test_a_count_that_no_file_of_this_size_can_hold_is_refused(tmp_path):
    path = tmp_path / "a.gpkg"
    with pytest.raises(FileError) as caught:
        declared_count(_with_bytes(path, 1000), "FlatGeobuf", 10**12)
    assert caught.value.findings[0].key == "file_declares_too_many"
    assert declared_count(path, "FlatGeobuf", 20) == 20


def _with_bytes(path, count):
    path.write_bytes(bytes(count))
    return path
