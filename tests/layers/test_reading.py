"""Reading one layer: what comes out of a good file, and every kind of bad one told in words."""

import sqlite3
import struct
import unicodedata
import warnings
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from landready import Layer, read, read_folder
from landready.errors import ColumnError, CrsError, FileError, InputError, LandreadyError

WEST, SOUTH = 340_000, 6_400_000


def square(column=0, row=0, size=100):
    """Return a square of 1 ha in Lerum."""
    west, south = WEST + 100 * column, SOUTH + 100 * row
    return shapely.box(west, south, west + size, south + size)


def parcels(count=4, **columns):
    """Return a row of parcels of 1 ha."""
    ids = [f"Öjared 1:{number}" for number in range(1, count + 1)]
    data = {"parcel_id": ids, "owner_category": ["kommun"] * count, "agare": ["Åke Ägare"] * count, **columns}
    return gpd.GeoDataFrame(data, geometry=[square(number) for number in range(count)], crs="EPSG:3006")


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a frame and returns its path; folder and name hold spaces and å ä ö."""
    folder = tmp_path / "mapp med åäö"
    folder.mkdir()

    def to(frame, name="fastigheter å.gpkg", **options):
        path = folder / name
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # shapefiles shorten names, frames without CRS are written as they are
                pyogrio.write_dataframe(frame, path, **options)
        return path

    return to


def said(finding, name):
    """Return one of the values a finding carries."""
    return vars(finding)["values"][name]


def keys(error):
    return [finding.key for finding in error.value.findings]


def found(layer, severity=None):
    return {finding.key for finding in layer.findings if severity in {None, finding.severity}}


def reasons(layer):
    return dict(zip(layer.ledger.frame["reason"], layer.ledger.frame["count"], strict=True))


def replace_geometry(path, fid, blob):
    """Write a geometry into a GeoPackage as it is, past GDAL."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("select name from sqlite_master where type='trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        table, column = connection.execute("select table_name, column_name from gpkg_geometry_columns").fetchone()
        connection.execute(f'update "{table}" set "{column}" = ? where fid = ?', (blob, fid))
    connection.close()


def gpkg_blob(wkb, srs=3006):
    return b"GP" + struct.pack("<BBi", 0, 1, srs) + wkb


# What a good file gives


@pytest.mark.parametrize("name", ["a å.gpkg", "b.shp", "c.geojson", "d.fgb", "e.parquet", "f.gml"])
def test_formats_give_the_same_layer(write, name):
    frame = parcels().rename(columns={"owner_category": "OWNER_CAT"})
    path = write(frame.to_crs(4326) if name == "c.geojson" else frame, name)
    layer = read(path, role="parcels", columns={"owner_category": "owner_cat"}, crs="EPSG:3006")
    assert isinstance(layer, Layer)
    assert layer.frame.index.name == "parcel_id"
    assert sorted(layer.frame.index) == [f"Öjared 1:{number}" for number in range(1, 5)]
    assert layer.frame.columns.tolist() == ["owner_category", "geometry"]
    assert set(layer.frame["owner_category"]) == {"kommun"}
    assert layer.crs == "EPSG:3006"
    assert layer.source == name
    assert layer.frame.area.sum() == pytest.approx(40_000, abs=0.01)
    assert not any(finding.severity == "error" for finding in layer.findings)


def test_provenance_and_name_are_kept(write):
    layer = read(write(parcels()), name="mina", date="2026-01-01", source="kommunen", modelled=True)
    assert (layer.name, layer.date, layer.source, layer.modelled) == ("mina", "2026-01-01", "kommunen", True)


def test_without_a_role_only_geometry_and_what_is_asked_for(write):
    path = write(parcels())
    assert read(path).frame.columns.tolist() == ["geometry"]
    assert read(path).frame.index.tolist() == [0, 1, 2, 3]
    layer = read(path, columns={"vem": "owner_category"}, keep=["parcel_id"])
    assert layer.frame.columns.tolist() == ["vem", "parcel_id", "geometry"]


def test_columns_that_nobody_names_never_enter_memory(write, monkeypatch):
    asked = []
    real = pyogrio.read_dataframe

    def spy(*args, **kwargs):
        asked.append(set(kwargs["columns"]))
        return real(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "read_dataframe", spy)
    layer = read(write(parcels()), role="parcels")
    assert asked == [{"parcel_id", "owner_category"}]
    left = next(finding for finding in layer.findings if finding.key == "columns_left_out")
    assert said(left, "columns") == "agare"
    assert reasons(layer) == {"columns_left_out": 1}
    assert "Åke" not in str(layer.ledger.frame) + str(layer.findings)


def test_arrow_is_used_for_clean_files(write, monkeypatch):
    used = []
    real = pyogrio.read_dataframe

    def spy(*args, **kwargs):
        used.append(kwargs["use_arrow"])
        return real(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "read_dataframe", spy)
    read(write(parcels()))
    read(write(parcels(), "s.shp"))
    read(write(parcels(), "f.fgb"))  # GDAL's Arrow stream crashes on damaged FlatGeobuf
    assert used == [True, True, False]


def test_mixed_polygons_and_multipolygons_are_fine(write):
    frame = parcels(2)
    frame.loc[0, "geometry"] = shapely.MultiPolygon([square(0), square(5)])
    layer = read(write(frame, geometry_type="Unknown", promote_to_multi=False), role="parcels")
    assert set(layer.frame.geom_type) == {"Polygon", "MultiPolygon"}
    assert not found(layer, "warning")


def test_where_leaves_out_and_lists(write):
    frame = parcels(owner_category=["kommun", "foretag", "kommun", None])
    layer = read(write(frame), role="parcels", where={"owner_category": "kommun"})
    assert layer.frame.index.tolist() == ["Öjared 1:1", "Öjared 1:3"]
    entry = layer.ledger.frame.set_index("reason").loc["where_left_out"]
    assert (entry["count"], entry["area_ha"]) == (2, pytest.approx(2.0))
    assert layer.known_extent.area == pytest.approx(40_000)


def test_a_column_that_a_wrong_mapping_did_not_make_is_told_once(write):
    path = write(parcels(2, UseCode=["1", "2"], UseDescription=["a", "b"]))
    with pytest.raises(ColumnError) as caught:
        read(path, role="parcels", columns={"use": "UseDesc"}, where={"use": "a"})
    (found,) = caught.value.findings
    assert (said(found, "column"), said(found, "nearest")) == ("UseDesc", "UseDescription")


@pytest.mark.parametrize("asked", ["YearBuilt", "yearbuilt"])
def test_a_column_that_where_asks_for_and_nobody_read_is_told_with_what_reads_it(write, asked):
    path = write(parcels(2, YearBuilt=[1950, 0]))
    with pytest.raises(ColumnError, match=r'keep = \["YearBuilt"\]'):
        read(path, role="parcels", where={asked: "> 0"})
    assert len(read(path, role="parcels", keep=["YearBuilt"], where={"YearBuilt": "> 0"}).frame) == 1


def test_where_may_leave_nothing(write):
    layer = read(write(parcels()), role="parcels", where={"owner_category": "staten"})
    assert len(layer.frame) == 0
    assert layer.frame.columns.tolist() == ["owner_category", "geometry"]
    assert layer.frame.index.name == "parcel_id"


# Files


def test_missing_file_names_the_nearest_and_no_folder(write):
    path = write(parcels(), "fastigheter.gpkg")
    with pytest.raises(FileError) as error:
        read(path.with_name("fastighet.gpkg"))
    assert "fastigheter.gpkg" in str(error.value)
    assert "mapp med" not in str(error.value)


def test_file_in_a_missing_folder(tmp_path):
    with pytest.raises(FileError) as error:
        read(tmp_path / "finns inte" / "a.gpkg")
    assert keys(error) == ["file_not_found"]


def test_folder_instead_of_a_file(tmp_path):
    for key in ("folder_empty", "file_is_folder"):
        with pytest.raises(FileError) as error:
            read(tmp_path)
        assert keys(error) == [key]
        (tmp_path / "läs mig.txt").touch()


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.parquet", "a.gml", "a.xyz"])
@pytest.mark.parametrize("content", [b"", b"skrap" * 500, b"{}", b"\x00" * 200])
def test_unreadable_bytes(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError) as error:
        read(path)
    assert name in str(error.value)
    assert str(tmp_path) not in error.value.text("en")


def test_a_prj_that_is_not_text(write):
    path = write(parcels(), "p.shp")
    words = path.with_suffix(".prj")
    words.write_bytes(words.read_bytes().replace(b"SWEREF99", b"SWEREF\x809"))
    with pytest.raises(FileError) as error:
        read(path)
    assert "codec" in str(error.value)


@pytest.mark.parametrize("name", ["t.gpkg", "t.shp", "t.geojson", "t.fgb", "t.parquet"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_truncated_files_are_refused(write, name, share):
    path = write(parcels(2000), name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(FileError):
        read(path, role="parcels")


def test_a_layer_that_ends_early_is_refused(write, monkeypatch):
    path = write(parcels(10))
    real = pyogrio.read_dataframe
    monkeypatch.setattr(pyogrio, "read_dataframe", lambda *a, **k: real(*a, **k).iloc[:7])
    with pytest.raises(FileError) as error:
        read(path)
    assert said(error.value.findings[0], "read") == 7


def test_layers_of_a_file(write):
    path = write(parcels(), layer="fastigheter")
    write(parcels(2), layer="byggnader")
    with pytest.raises(FileError) as error:
        read(path)
    assert keys(error) == ["layer_several"]
    assert "fastigheter, byggnader" in str(error.value)
    with pytest.raises(FileError) as error:
        read(path, layer="fastighetr")
    assert said(error.value.findings[0], "nearest") == "fastigheter"
    assert len(read(path, layer="byggnader").frame) == 2
    assert read(path, layer="byggnader").name == "byggnader"


def test_a_table_without_geometry(write):
    path = write(pd.DataFrame({"a": [1]}), "tabell.gpkg")
    with pytest.raises(FileError) as error:
        read(path)
    assert keys(error) == ["layer_none"]


def test_parquet_without_geometry(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError) as error:
        read(tmp_path / "a.parquet")
    assert keys(error) == ["layer_none"]


@pytest.mark.parametrize("name", ["e.gpkg", "e.shp", "e.geojson", "e.parquet"])
def test_empty_layer(write, name):
    with pytest.raises(InputError) as error:
        read(write(parcels().iloc[:0], name), role="parcels", crs="EPSG:3006")
    assert "no_rows" in keys(error)


# Columns


def test_all_missing_columns_at_once_with_the_nearest(write):
    with pytest.raises(ColumnError) as error:
        read(write(parcels()), role="parcels", columns={"use": "ANVANDNING"}, keep=["agaren"], id="fastighet")
    assert keys(error) == ["missing_column"] * 3
    assert {said(finding, "column"): said(finding, "nearest") for finding in error.value.findings}["agaren"] == "agare"


def test_problems_of_columns_rows_and_kinds_come_together(write):
    frame = parcels()
    frame.loc[1, "parcel_id"] = "Öjared 1:1"
    frame.loc[2, "geometry"] = shapely.Point(WEST, SOUTH)
    with pytest.raises(InputError) as error:
        read(write(frame, geometry_type="Unknown"), role="parcels", columns={"use": "nope"})
    assert set(keys(error)) == {"missing_column", "ids_repeated", "geometry_kind"}


def test_unknown_role_and_unknown_name(write):
    path = write(parcels())
    with pytest.raises(InputError) as error:
        read(path, role="parcel")
    assert said(error.value.findings[0], "nearest") == "parcels"
    with pytest.raises(InputError) as error:
        read(path, role="parcels", columns={"owner": "agare"})
    assert said(error.value.findings[0], "nearest") == "owner_category"
    with pytest.raises(InputError) as error:
        read(path, role="heights")
    assert "role_is_raster" in keys(error)


def test_personal_numbers_are_refused_and_never_shown(write):
    path = write(parcels(agare=["Åke 19121212-1212", "x", "121212-1212", None]))
    assert "agare" not in read(path, role="parcels").frame
    with pytest.raises(InputError) as error:
        read(path, role="parcels", keep=["agare"])
    assert keys(error) == ["personal_numbers"]
    assert said(error.value.findings[0], "count") == 2
    assert "1212" not in error.value.text("en").replace("121 212", "") + str(error.value)


# Ids


def test_ids_are_text_stripped_and_numbers_lose_their_decimals(write):
    frame = parcels(nr=[1.0, 2.0, np.nan, 4.0])
    layer = read(write(frame), id="nr", duplicates="number")
    assert layer.frame.index.tolist() == ["1", "2", "#1", "4"]
    frame = parcels(parcel_id=[" A ", "B", "C", "D"])
    assert read(write(frame, "b.gpkg"), role="parcels").frame.index.tolist() == ["A", "B", "C", "D"]


def test_missing_and_shared_ids_are_refused_with_the_remedy(write):
    with pytest.raises(InputError) as error:
        read(write(parcels(parcel_id=["A", "A", None, "B"])), role="parcels")
    assert keys(error) == ["ids_missing", "ids_repeated"]
    assert 'duplicates = "dissolve"' in str(error.value)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2]])
def test_numbered_ids_do_not_depend_on_row_order(write, order):
    frame = parcels(parcel_id=["A", "A", None, "A"]).iloc[order]
    layer = read(write(frame), role="parcels", duplicates="number")
    west = layer.frame.bounds["minx"].sub(WEST).div(100).round().astype(int)
    assert sorted(layer.frame.index) == ["#1", "A", "A#2", "A#3"]
    assert set(west[["A", "A#2", "A#3"]]) == {0, 1, 3}
    assert west["#1"] == 2
    again = read(write(parcels(parcel_id=["A", "A", None, "A"]), "o.gpkg"), role="parcels", duplicates="number").frame
    assert all(shapely.equals(again.geometry[name], layer.frame.geometry[name]) for name in again.index)
    assert reasons(layer)["ids_repeated_numbered"] == 3


def test_dissolve_joins_the_parts(write):
    frame = parcels(parcel_id=["A", "B", "A", "C"], owner_category=["liten", "b", "stor", "c"])
    frame.loc[2, "geometry"] = square(1, 1, size=300)
    layer = read(write(frame), role="parcels", duplicates="dissolve")
    assert layer.frame.index.tolist() == ["A", "B", "C"]
    assert layer.frame.loc["A", "owner_category"] == "stor"
    assert layer.frame.area["A"] == pytest.approx(100_000)
    assert {"ids_dissolved", "ids_values_differ"} <= found(layer)
    assert layer.frame.geometry["B"].equals(square(1))


def test_an_id_that_numbering_would_give_twice_is_refused(write):
    with pytest.raises(InputError) as error:
        read(write(parcels(parcel_id=["A", "A", "A#2", "B"])), role="parcels", duplicates="number")
    assert keys(error) == ["ids_not_unique"]


def test_unknown_way_with_duplicates(write):
    with pytest.raises(InputError) as error:
        read(write(parcels()), role="parcels", duplicates="merge")
    assert keys(error) == ["option_value"]


def test_parcels_without_an_id_column_are_numbered_and_it_is_told(write):
    layer = read(write(parcels().drop(columns="parcel_id")), role="parcels")
    assert layer.frame.index.tolist() == [0, 1, 2, 3]
    assert layer.frame.index.name == "parcel_id"
    assert "ids_assigned" in found(layer, "warning")


# Coordinate reference systems


def test_no_crs(write):
    path = write(parcels().set_crs(None, allow_override=True))
    with pytest.raises(CrsError) as error:
        read(path)
    assert keys(error) == ["no_crs", "crs_looks_like"]
    assert "EPSG:3006" in str(error.value)
    assumed = read(path, crs="EPSG:3006")
    assert "crs_assumed" in found(assumed, "warning")
    told = read(path, source_crs="EPSG:3006")
    assert "crs_assumed" not in found(told)
    assert told.crs == "EPSG:3006"


def test_a_local_system_counts_as_none(write):
    path = write(parcels())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update gpkg_geometry_columns set srs_id = -1")
        connection.execute("update gpkg_contents set srs_id = -1")
    connection.close()
    with pytest.raises(CrsError) as error:
        read(path)
    assert "no_crs" in keys(error)


def test_web_mercator_is_refused_unless_reprojected(write):
    path = write(parcels().to_crs(3857))
    with pytest.raises(CrsError) as error:
        read(path)
    assert keys(error) == ["crs_distorts"]
    layer = read(path, crs="EPSG:3006")
    assert "crs_reprojected" in found(layer, "note")
    assert layer.frame.area.to_numpy() == pytest.approx(10_000, abs=1e-3)
    with pytest.raises(CrsError):
        read(path, crs="EPSG:3857")


def test_degrees_in_sweden_become_sweref_and_elsewhere_need_a_crs(write):
    layer = read(write(parcels().to_crs(4326)))
    assert layer.crs == "EPSG:3006"
    boston = gpd.GeoDataFrame(geometry=[shapely.Point(-71.1, 42.37).buffer(0.01)], crs=4326)
    path = write(boston, "boston.gpkg")
    with pytest.raises(CrsError) as error:
        read(path)
    assert keys(error) == ["crs_degrees_where"]
    assert read(path, crs="EPSG:26986").crs == "EPSG:26986"
    with pytest.raises(CrsError) as error:
        read(path, crs="EPSG:3006")
    assert keys(error) == ["outside_target"]


def swapped(frame):
    return frame.set_geometry(frame.geometry.map(lambda shape: shapely.transform(shape, lambda xy: xy[:, ::-1])))


@pytest.mark.parametrize("crs", [3006, 4326])
def test_swapped_axes_are_explained_not_corrected(write, crs):
    path = write(swapped(parcels().to_crs(crs)).set_crs(crs))
    with pytest.raises(CrsError) as error:
        read(path)
    assert keys(error) == ["axes_swapped", "axes_to_turn"]
    remedy = said(error.value.findings[1], "turned")
    assert remedy == f"EPSG:{crs} yx"
    layer = read(path, crs="EPSG:3006", source_crs=remedy)
    assert layer.frame.geometry.iloc[0].equals_exact(square(), 0.01)
    assert "axes_turned" in found(layer, "warning")


@pytest.mark.parametrize("label", [4326, 3857, 26986])
def test_sweref_under_another_name(write, label):
    path = write(parcels().set_crs(label, allow_override=True))
    with pytest.raises(CrsError) as error:
        read(path)
    assert "crs_looks_like" in keys(error) or label == 3857
    layer = read(path, source_crs="EPSG:3006")
    assert layer.crs == "EPSG:3006"
    assert "crs_overridden" in found(layer, "warning")
    assert layer.frame.geometry.iloc[0].equals(square())


def test_geojson_in_metres_without_saying_so(write):
    path = write(parcels().set_crs(None, allow_override=True).set_crs(4326), "metrar.geojson")
    with pytest.raises(CrsError) as error:
        read(path, crs="EPSG:3006")
    assert keys(error) == ["outside_crs", "crs_looks_like"]


def test_a_row_at_zero_is_left_out_and_listed(write):
    frame = parcels()
    frame.loc[2, "geometry"] = shapely.box(0, 0, 10, 10)
    layer = read(write(frame), role="parcels")
    assert len(layer.frame) == 3
    assert reasons(layer)["rows_astray"] == 1
    assert layer.known_extent.bounds[0] == WEST


def test_unreadable_crs_argument(write):
    path = write(parcels())
    for options in ({"crs": "EPSG:nej"}, {"source_crs": "nej"}):
        with pytest.raises(CrsError) as error:
            read(path, **options)
        assert keys(error) == ["crs_unreadable"]


def test_heights_in_the_crs_are_left_behind(write):
    frame = parcels().set_crs(5845, allow_override=True)
    frame.geometry = shapely.force_3d(frame.geometry.array, 12.0)
    layer = read(write(frame))
    assert layer.crs == "EPSG:3006"
    assert "crs_reprojected" not in found(layer)
    assert not layer.frame.has_z.any()
    assert reasons(layer)["z_dropped"] == 4


# Geometries


def test_null_and_empty_geometries_are_listed(write):
    frame = parcels()
    frame.loc[0, "geometry"] = None
    frame.loc[3, "geometry"] = shapely.Polygon()
    layer = read(write(frame, "n.gpkg"), role="parcels")
    assert layer.frame.index.tolist() == ["Öjared 1:2", "Öjared 1:3"]
    assert reasons(layer)["null_geometry"] + reasons(layer).get("empty_geometry", 0) == 2
    assert "Öjared 1:1" in str(layer.ledger.frame["ids"].tolist())


def test_no_geometry_at_all(write):
    frame = parcels()
    frame.geometry = [None] * 4
    with pytest.raises(InputError) as error:
        read(write(frame.set_crs(3006), geometry_type="Polygon"), role="parcels")
    assert keys(error) == ["geometry_none"]


def test_invalid_geometry_is_repaired_and_told(write):
    frame = parcels()
    bow = shapely.Polygon([(WEST, SOUTH), (WEST + 100, SOUTH + 100), (WEST + 100, SOUTH), (WEST, SOUTH + 100)])
    frame.loc[0, "geometry"] = bow
    layer = read(write(frame), role="parcels")
    assert layer.frame.is_valid.all()
    assert layer.frame.area.iloc[0] == pytest.approx(5000)
    assert reasons(layer)["repaired"] == 1
    assert "geometry_repaired" in found(layer, "warning")


@pytest.mark.parametrize(
    ("role", "shape"),
    [
        ("parcels", shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])),
        ("parcels", shapely.Point(WEST, SOUTH)),
        ("roads", square()),
        ("stations", square()),
        ("parcels", shapely.GeometryCollection([shapely.Point(WEST, SOUTH)])),
    ],
)
def test_wrong_kind_of_geometry(write, role, shape):
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shape], crs="EPSG:3006")
    with pytest.raises(InputError) as error:
        read(write(frame), role=role)
    assert keys(error) == ["geometry_kind"]
    assert str(said(error.value.findings[0], "rows")) == "rad 1 i filen, räknat från 1"


def test_collections_keep_the_parts_of_the_right_kind(write):
    frame = parcels(2)
    frame.loc[0, "geometry"] = shapely.GeometryCollection([square(), shapely.Point(WEST, SOUTH)])
    layer = read(write(frame, geometry_type="Unknown"), role="parcels")
    assert layer.frame.geometry.iloc[0].equals(square())
    assert reasons(layer)["collection_parts"] == 1


def test_curves_become_segments_and_are_told(write):
    path = write(parcels(2))
    x, y, r = WEST + 500, SOUTH + 500, 50
    ring = [(x - r, y), (x, y + r), (x + r, y), (x, y - r), (x - r, y)]
    circle = struct.pack("<BII", 1, 8, len(ring)) + b"".join(struct.pack("<dd", *point) for point in ring)
    replace_geometry(path, 1, gpkg_blob(struct.pack("<BII", 1, 10, 1) + circle))
    layer = read(path, role="parcels")
    assert layer.frame.area.iloc[0] == pytest.approx(np.pi * r**2, rel=2e-3)
    assert layer.frame.area.iloc[1] == pytest.approx(10_000)
    [told] = [finding for finding in layer.findings if finding.key == "curves"]
    assert told.severity == "warning"
    assert "1 av 2 objekt har kurvor" in told.text("sv")
    assert "rad 1 i filen" in told.text("sv")
    assert reasons(layer)["curves"] == 1


def test_a_surface_that_could_have_curves_and_has_none_is_not_told(write):
    path = write(parcels(2))
    ring = [(WEST, SOUTH), (WEST + 10, SOUTH), (WEST + 10, SOUTH + 10), (WEST, SOUTH)]
    polygon = struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<dd", *point) for point in ring)
    replace_geometry(path, 1, gpkg_blob(struct.pack("<BII", 1, 12, 1) + polygon))
    layer = read(path, role="parcels")
    assert layer.frame.area.iloc[0] == pytest.approx(50)
    assert "curves" not in {finding.key for finding in layer.findings}


def test_geometry_that_cannot_be_parsed_is_listed(write):
    path = write(parcels(3))
    open_ring = struct.pack("<BIII", 1, 3, 1, 3) + struct.pack("<6d", WEST, SOUTH, WEST + 1, SOUTH, WEST + 1, SOUTH + 1)
    replace_geometry(path, 2, gpkg_blob(open_ring))
    layer = read(path, role="parcels")
    assert layer.frame.index.tolist() == ["Öjared 1:1", "Öjared 1:3"]
    assert {"geometry_unreadable", "geometry_null"} <= found(layer, "warning")


# Text


def test_latin_1_shapefile_without_cpg(write):
    frame = parcels().rename(columns={"owner_category": "ägare_kat"})
    path = write(frame, "l.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    layer = read(path, role="parcels", columns={"owner_category": "ägare_kat"})
    assert layer.frame.index[0] == "Öjared 1:1"
    assert "text_encoding_guessed" in found(layer, "note")


def test_dos_code_page_without_cpg(write):
    path = write(parcels(), "d.shp", encoding="CP850")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 2
    table.write_bytes(content)
    assert read(path, role="parcels").frame.index[0] == "Öjared 1:1"


def test_a_cpg_that_lies(write):
    path = write(parcels(), "l.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    layer = read(path, role="parcels")
    assert layer.frame.index[0] == "Öjared 1:1"
    assert "text_encoding" in found(layer, "warning")


@pytest.mark.parametrize("cpg", [None, "ISO-8859-1"])
def test_utf_8_that_says_it_is_not(write, cpg):
    frame = parcels().rename(columns={"agare": "ägare"})
    path = write(frame, "u.shp", encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    layer = read(path, role="parcels", keep=["ägare"])
    assert layer.frame.index[0] == "Öjared 1:1"
    assert layer.frame["ägare"].iloc[0] == "Åke Ägare"
    assert ("text_encoding" if cpg else "text_encoding_guessed") in found(layer)


def test_honest_shapefiles_say_nothing(write):
    for name, encoding in (("a.shp", "UTF-8"), ("b.shp", "ISO-8859-1")):
        layer = read(write(parcels(), name, encoding=encoding), role="parcels")
        assert layer.frame.index[0] == "Öjared 1:1"
        assert "text_encoding" not in found(layer)


def test_geojson_in_latin_1(write):
    path = write(parcels().to_crs(4326), "l.geojson")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    layer = read(path, role="parcels")
    assert layer.frame.index[0] == "Öjared 1:1"
    assert "text_encoding" in found(layer, "warning")


# Known extent


def test_extent_is_the_box_and_that_it_is_assumed_is_told(write):
    layer = read(write(parcels()))
    assert layer.known_extent.bounds == (WEST, SOUTH, WEST + 400, SOUTH + 100)
    assert "extent_assumed" in found(layer, "note")
    assert "extent_assumed" not in found(read(write(parcels(), "b.gpkg"), known_extent="bounds"))


def test_extent_as_polygon_frame_or_layer(write):
    path = write(parcels())
    area = shapely.box(WEST - 1000, SOUTH - 1000, WEST + 1000, SOUTH + 1000)
    assert read(path, known_extent=area).known_extent.equals(area)
    frame = gpd.GeoDataFrame(geometry=[area], crs=3006)
    in_degrees = gpd.GeoDataFrame(geometry=frame.segmentize(50), crs=3006).to_crs(4326)
    for given in (frame, Layer("kartering", frame), in_degrees):
        extent = read(path, known_extent=given).known_extent
        assert extent.symmetric_difference(area).area < 1


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("allt", "extent_unknown_word"),
        (shapely.Point(WEST, SOUTH), "extent_no_area"),
        (shapely.Polygon(), "extent_no_area"),
        (gpd.GeoDataFrame(geometry=[square()]), "extent_no_crs"),
    ],
)
def test_extents_that_will_not_do(write, given, key):
    with pytest.raises(InputError) as error:
        read(write(parcels()), known_extent=given)
    assert keys(error) == [key]


def test_extent_elsewhere_is_told(write):
    layer = read(write(parcels()), known_extent=shapely.box(11, 57, 12, 58))
    assert "extent_elsewhere" in found(layer, "warning")


def test_one_point_spans_no_area(write):
    frame = gpd.GeoDataFrame({"name": ["Lerum"]}, geometry=[shapely.Point(WEST, SOUTH)], crs=3006)
    assert read(write(frame), role="stations").known_extent.is_empty


# Folders


def test_read_folder_reads_what_it_can_and_reports_the_rest(write):
    path = write(parcels(), "data.gpkg", layer="fastigheter")
    roads = gpd.GeoDataFrame(
        {"namn": ["x"]}, geometry=[shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])], crs=3006
    )
    write(roads, "data.gpkg", layer="vägnät")
    write(roads, "zzz.gpkg", layer="ettan")
    (path.parent / "trasig.gpkg").write_bytes(b"skrap")
    folder = read_folder(path.parent)
    assert {name: layer.role for name, layer in folder.items()} == {
        "fastigheter": "parcels",
        "vägnät": "roads",
        "ettan": "other",
    }
    assert len(folder.report.layers) == 4
    assert [row.mark for row in folder.report.layers if row.file == "trasig.gpkg"] == ["not_usable"]
    given = read_folder(path.parent, roles={"ettan": "rail"})
    assert given["ettan"].role == "rail"
    with pytest.raises(InputError) as error:
        read_folder(path.parent, roles={"etta": "rail"})
    assert said(error.value.findings[0], "nearest") == "ettan"


def test_layers_of_the_same_name_are_both_there(write):
    path = write(parcels(), "a.gpkg", layer="fastigheter")
    write(parcels(2), "b.gpkg", layer="fastigheter")
    folder = read_folder(path.parent)
    assert list(folder) == ["fastigheter", "fastigheter (b.gpkg)"]
    assert isinstance(folder["fastigheter (b.gpkg)"], Layer)


def test_every_error_has_words_in_both_languages(write):
    frame = parcels(parcel_id=["A", "A", None, "B"])
    frame.loc[0, "geometry"] = shapely.Point(WEST, SOUTH)
    with pytest.raises(LandreadyError) as error:
        read(write(frame, geometry_type="Unknown"), role="parcels", columns={"x": "y"}, keep=["z"], known_extent="w")
    assert error.value.text("sv") != error.value.text("en")
    assert len(keys(error)) == 7


def test_collections_without_a_role_keep_what_can_be_measured(write):
    mixed = shapely.GeometryCollection([square(0), square(0).centroid])
    layer = read(write(parcels().set_geometry([mixed, square(1), square(2), square(3)])))
    assert layer.frame.area.iloc[0] == pytest.approx(square(0).area)
    assert "collection_parts" in set(layer.ledger.frame["reason"])


def test_shared_ids_and_damaged_geometries_are_told_together(write):
    west, south = WEST, SOUTH
    bow_tie = shapely.Polygon([(west, south), (west + 10, south + 10), (west + 10, south), (west, south + 10)])
    frame = gpd.GeoDataFrame(
        {"parcel_id": ["A 1:1", "A 1:1", "A 1:2"]}, geometry=[bow_tie, square(1), None], crs="EPSG:3006"
    )
    with pytest.raises(InputError) as error:
        read(write(frame), role="parcels")
    assert set(keys(error)) == {"ids_repeated", "geometry_null", "geometry_repaired"}


def test_rows_are_told_by_their_id_or_as_the_file_counts_them(write):
    bow = shapely.Polygon([(WEST, SOUTH), (WEST + 9, SOUTH + 9), (WEST + 9, SOUTH), (WEST, SOUTH + 9)])
    frame = gpd.GeoDataFrame({"parcel_id": ["A 1:1", "A 1:2"]}, geometry=[square(), bow], crs="EPSG:3006")
    for role, rows, row in (
        ("parcels", "A 1:2", "A 1:2"),
        ("water", "rad 2 i filen, räknat från 1", "row 2 of the file"),
    ):
        [mended] = [finding for finding in read(write(frame), role=role).findings if finding.key == "geometry_repaired"]
        assert str(said(mended, "rows")) == rows
        assert f"({rows})" in mended.text("sv")
        assert row in mended.text("en")


def test_kinds_of_geometry_are_told_in_words(write):
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(WEST, SOUTH)], crs="EPSG:3006")
    with pytest.raises(InputError, match=r"objekt är punkter .*, men lagret ska ha ytor") as error:
        read(write(frame), role="parcels")
    assert "are points" in error.value.text("en")
    assert "should have polygons" in error.value.text("en")


def test_an_id_that_is_the_index_of_a_geoparquet(tmp_path):
    path = tmp_path / "a.parquet"
    parcels().set_index("parcel_id").to_parquet(path)
    assert read(path, role="parcels").frame.index.tolist() == [f"Öjared 1:{number}" for number in range(1, 5)]


def test_a_letter_in_two_parts_is_one_letter(write):
    frame = parcels()
    frame.loc[1, "parcel_id"] = unicodedata.normalize("NFD", frame.loc[0, "parcel_id"])
    with pytest.raises(LandreadyError) as error:
        read(write(frame), role="parcels")
    assert [finding.key for finding in error.value.findings if finding.severity == "error"] == ["ids_repeated"]


def test_a_geopackage_whose_system_is_left_undefined(write):
    path = write(parcels())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update gpkg_geometry_columns set srs_id = 0")
    with pytest.raises(LandreadyError) as error:
        read(path, role="parcels")
    assert {finding.key for finding in error.value.findings} >= {"no_crs", "crs_looks_like"}


def test_dates_that_are_none_are_told_without_the_readers_english(write):
    path = write(parcels().assign(day=np.array(["2024-01-01"] * 4, dtype="datetime64[ms]")))
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("select name from sqlite_master where type='trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        (table,) = connection.execute("select table_name from gpkg_contents").fetchone()
        connection.execute(f"update \"{table}\" set day = '24/12 2024' where fid = 2")
    layer = read(path, role="parcels", keep=["day"])
    told = found(layer, "warning")
    assert "reader_says" not in found(layer)
    if "dates_replaced" in told:  # the oldest readers
        (finding,) = (each for each in layer.findings if each.key == "dates_replaced")
        assert "day 2: ”24/12 2024”" in finding.text("sv")
    else:
        assert "dates_as_text" in told
        assert layer.frame["day"].astype(str).tolist()[1] == "24/12 2024"
