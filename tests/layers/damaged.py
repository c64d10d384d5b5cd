"""Makes every kind of damage that docs/damage.toml lists: whole deliveries with one thing wrong, and how each is read."""

import json
import random
import sqlite3
import struct
import warnings
import zipfile
from contextlib import closing
from functools import partial

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from shapely import LineString, MultiPolygon

import landready
from landready.layers.gtfs import read_timetable, stops_from
from landready.layers.rasters import height_findings, raster_findings, read_raster
from tests.layers import parcel_files, plan_files
from tests.layers.deliveries import DELIVERIES, Delivery, frame_of, write
from tests.layers.osm_files import write_osm

CRS = "EPSG:3006"
MANY = 2000


class Told:
    """Something that was read, of which only the findings matter here."""

    def __init__(self, findings):
        self.findings = tuple(findings)


# Divisions into properties


def division(*changes):
    """Return four properties as they are delivered, Lerum Öjared 1:1 to 1:4; changes by the number of the row."""
    rows = [
        {"registerenhetsreferens": "abcd"[n], "trakt": "ÖJARED", "etikett": f"1:{n + 1}", "innehavare": ""}
        for n in range(4)
    ]
    for number, change in changes:
        rows[number].update(change)
    return parcel_files.areas(*rows)


def areas(folder, *changes, shapes=None, crs=CRS, says=None, **options):
    """Write a division, its shapes changed or in another system than it says, and return how it is read."""
    frame = division(*changes)
    if shapes is not None:
        frame = frame.set_geometry(gpd.GeoSeries([shapes(n, shape) for n, shape in enumerate(frame.geometry)], crs=CRS))
    frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    if says:
        frame = frame.set_crs(says, allow_override=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no CRS is what is wrong
        path = write(folder / "fastigheter.gpkg", frame)
    return partial(landready.read, path, role="parcels", **options)


def second(change):
    """Return a function that changes the second shape."""
    return lambda number, shape: change(shape) if number == 1 else shape


def bow_tie(shape):
    west, south, east, north = shape.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north + 20)])


def whole(folder, name="fastigheter.gpkg", count=4, spelling="BETECKNING", **columns):
    """Write a municipality's own properties, and return the path."""
    shapes = [shapely.box(340_000 + 200 * n, 6_408_000, 340_100 + 200 * n, 6_408_100) for n in range(count)]
    columns = {spelling: [f"Öjared 1:{n + 1}" for n in range(count)], "nr": range(count), **columns}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
    return write(folder / name, frame.to_crs(4326) if name.endswith(".geojson") else frame)


def own(path, **options):
    return partial(landready.read, path, role="parcels", crs=CRS, **{"columns": {"parcel_id": "BETECKNING"}, **options})


def cut(path, share=0.6):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def noise(size):
    return random.Random(1).randbytes(size)


def holed(path, content=noise, size=4096):
    """Overwrite a stretch past the middle of a file."""
    changed = bytearray(path.read_bytes())
    place = int(len(changed) * 0.6)
    changed[place : place + size] = content(size)
    path.write_bytes(changed)
    return path


def replaced(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    return path


def stored(path, wkb):
    """Put a geometry into the second row of a GeoPackage as it is, past GDAL, which would not write it."""
    blob = b"GP" + struct.pack("<BBi", 0, 1, 3006) + wkb
    with closing(sqlite3.connect(path)) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("UPDATE fastigheter SET geom = ? WHERE fid = 2", (blob,))
    return path


def side_by_side(folder, *shapes):
    """Write a division whose shapes, metres from a corner, are what `check` looks at, and return its check."""
    moved = [shapely.affinity.translate(shape, 340_000, 6_408_000) for shape in shapes]
    frame = division().iloc[: len(shapes)].set_geometry(gpd.GeoSeries(moved, crs=CRS))
    return partial(landready.check, write(folder / "fastigheter.gpkg", frame))


def ring(size):
    """Return a square with a hole in its middle."""
    return shapely.box(0, 0, size, size) - shapely.box(40, 40, 60, 60)


def unreadable_geometry(folder):
    path = areas(folder).args[0]
    ring = [340_000, 6_408_000, 340_001, 6_408_000, 340_001, 6_408_001]
    stored(path, struct.pack("<BIII", 1, 3, 1, 3) + struct.pack("<6d", *ring))
    return partial(landready.read, path, role="parcels")


def curves(folder):
    path = areas(folder).args[0]
    ring = [
        (340_200, 6_408_050),
        (340_250, 6_408_100),
        (340_300, 6_408_050),
        (340_250, 6_408_000),
        (340_200, 6_408_050),
    ]
    arcs = struct.pack("<BII", 1, 8, len(ring)) + b"".join(struct.pack("<2d", *point) for point in ring)
    stored(path, struct.pack("<BII", 1, 10, 1) + arcs)
    return partial(landready.read, path, role="parcels")


def no_rows(folder):
    path = write(folder / "fastigheter.gpkg", division().iloc[:0], geometry_type="MultiPolygon")
    return partial(landready.read, path, role="parcels")


def lines_of_delivery(folder):
    frame = frame_of(DELIVERIES["lm_registerenhetsomradeslinjer"])
    return partial(landready.read, write(folder / "fastigheter.gpkg", frame), role="parcels")


def view(folder):
    path = whole(folder, "a.gpkg")
    path = path.rename(folder / "fastigheter.gpkg")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE VIEW v AS SELECT * FROM a")
        contents = "(table_name, data_type, identifier, srs_id) VALUES ('v', 'features', 'v', 3006)"
        file.execute(f"INSERT INTO gpkg_contents {contents}")
        file.execute("INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 3006, 0, 0)")
    return own(path, layer="v")


def several_layers(folder):
    path = whole(folder)
    pyogrio.write_dataframe(division(), path, layer="andra", append=True)
    return own(path)


def misnamed(folder):
    whole(folder)
    return own(folder / "fastigeter.gpkg")


def zero_bytes(folder):
    path = folder / "fastigheter.gpkg"
    path.touch()
    return own(path)


# A municipality's own files


def coded(folder, cpg):
    """Write a shapefile in Latin-1 whose .cpg says something else, or is not there."""
    frame = pyogrio.read_dataframe(whole(folder))
    path = folder / "fastigheter.shp"
    pyogrio.write_dataframe(frame, path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return own(path)


def without(folder, ending, **options):
    """Write a shapefile, and lose one of its files."""
    path = whole(folder, "fastigheter.shp")
    path.with_suffix(ending).unlink()
    return own(path, **options)


def unknown_projection(folder):
    path = whole(folder, "fastigheter.shp")
    replaced(path.with_suffix(".prj"), b"Transverse_Mercator", b"Transverse_Lercator")
    return own(path)


def hole_in_table(folder):
    path = whole(folder, "fastigheter.shp", MANY)
    holed(path.with_suffix(".dbf"), bytes)
    return own(path)


def hole_in_tab(folder):
    path = whole(folder, "fastigheter.tab", MANY)
    holed(path.with_suffix(".dat"))
    return own(path)


def metres_in_geojson(folder):
    shapes = [shapely.box(340_000, 6_408_000, 340_100, 6_408_100)]
    frame = gpd.GeoDataFrame({"BETECKNING": ["Öjared 1:1"]}, geometry=shapes)
    path = folder / "fastigheter.geojson"
    path.write_text(frame.to_json(), encoding="utf-8")
    return own(path)


def one_far_away(folder):
    """Degrees of which one feature has lost a digit: on Earth, and not in Sweden."""
    frame = pyogrio.read_dataframe(whole(folder)).to_crs(4326)
    frame.loc[1, "geometry"] = shapely.box(12.3, 5.78, 12.301, 5.781)
    path = folder / "fastigheter.geojson"
    pyogrio.write_dataframe(frame, path)
    return own(path)


def said(folder, name, text):
    """Save what a service said instead of data."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return own(path)


def answered(folder, **more):
    """Write an answer of a service that says more about itself than the features do."""
    path = whole(folder, "fastigheter.geojson")
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**more, **content}), encoding="utf-8")
    return own(path)


def linked_crs(folder):
    path = whole(folder, "fastigheter.geojson")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["crs"] = {"type": "link", "properties": {"href": "http://127.0.0.1/a.prj", "type": "proj4"}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return own(path)


def plain_parquet(folder):
    path = folder / "fastigheter.parquet"
    division().drop(columns="geometry").to_parquet(path)
    return own(path)


def entities(folder):
    path = whole(folder, "fastigheter.gml")
    return own(replaced(path, b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'))


def nested(folder):
    path = folder / "fastigheter.gml"
    path.write_text("<a>" * 5000 + "</a>" * 5000, encoding="ascii")
    return own(path)


def cut_dxf(folder):
    path = folder / "fastigheter.dxf"
    pyogrio.write_dataframe(division()[["geometry"]], path, driver="DXF")
    return partial(landready.read, cut(path))


def packed(folder, **entries):
    path = folder / "fastigheter.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def bomb(folder):
    return own(packed(folder, **{"a.geojson": bytes(300_000_000)}))


def broken_zip(folder):
    path = packed(folder, **{"a.gpkg": whole(folder, "a.gpkg").read_bytes()})
    return own(holed(path, size=60))


def owners(folder, *rows):
    table = folder / "ägare.csv"
    table.write_text("\n".join(["Fastighet;Ägartyp", *rows]), encoding="utf-8")
    path = areas(folder).args[0]
    said = landready.OwnerTable(path=str(table), key="Fastighet", column="Ägartyp")
    return partial(landready.read, path, role="parcels", owners=said)


# Other products


def delivered(folder, product, name, **columns):
    frame = frame_of(DELIVERIES[product]).assign(**columns)
    return partial(landready.read, write(folder / f"{name}.gpkg", frame), role=DELIVERIES[product].role)


def register(folder, role, kind, **columns):
    """Write two features of a municipality's own register, in a layer called by its role."""
    frame = frame_of(Delivery(role, kind, columns))
    return partial(landready.read, write(folder / f"{role}.gpkg", frame), role=role)


def themes(folder, **columns):
    """Write a network of two elements, and the speeds on them."""
    lines = [LineString([(330_000, 6_400_000 + 100 * n), (331_000, 6_400_000 + 100 * n)]) for n in range(2)]
    common = {"ELEMENT_ID": ["e1", "e2"], "START_MEASURE": 0.0, "END_MEASURE": 1.0}
    common |= {"VALID_FROM": 20200101, "VALID_TO": 99991231}
    network = gpd.GeoDataFrame({**common, "Nattyp": "bilnät"}, geometry=lines, crs=CRS)
    speed = {**common, "Hogsta_tillatna_hastighet": 70, "DIRECTION": "Med och mot", **columns}
    path = folder / "nvdb.gpkg"
    pyogrio.write_dataframe(network, path, layer="NVDB_Vagtrafiknat")
    pyogrio.write_dataframe(gpd.GeoDataFrame(speed, geometry=lines, crs=CRS), path, layer="NVDB_Hastighetsgrans")
    return partial(landready.read, path, role="roads")


def cut_pbf(folder):
    nodes = [(12.36 + 0.001 * n, 57.81, {}) for n in range(3)]
    path = write_osm(folder / "floda.osm.pbf", nodes, [((1, 2, 3), {"highway": "residential"})])
    return partial(landready.read, cut(path, 0.9), role="roads")


_WEEK = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
_TIMETABLE = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nl1,Lerum,57.77,12.27\nf1,Floda,57.81,12.36\n",
    "trips": "route_id,service_id,trip_id\nr,vardag,a\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "a,06:00:00,06:00:00,l1,1\na,06:10:00,06:10:00,f1,2\n",
    "calendar": f"service_id,{_WEEK},start_date,end_date\nvardag,1,1,1,1,1,0,0,20261102,20261113\n",
}


def timetable(folder, **tables):
    path = folder / "trafik.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**_TIMETABLE, **tables}.items():
            if text is not None:
                archive.writestr(f"{name}.txt", text)
    return path


def no_stop_times(folder):
    path = timetable(folder, stop_times=None)
    return lambda: stops_from(read_timetable(path))


def no_weekday(folder):
    only_sundays = _TIMETABLE["calendar"].replace("1,1,1,1,1,0,0", "0,0,0,0,0,0,1")
    return partial(landready.read, timetable(folder, calendar=only_sundays), role="stops")


# Detaljplaner


def planned(folder, *, at=1, role="plan_provisions", geometry=None, more=(), **changes):
    """Write a plan with a provision; the feature `at` is changed, or the geometry of it."""
    features = [
        plan_files.plan(),
        plan_files.provision("j", "DP_KM_J2"),
        plan_files.provision("h", "DP_KM_Eg_Hojd_HogstaHojd_Nockhojd", values=[plan_files.number("12,5")]),
    ]
    if geometry:
        features[at]["properties"]["bestammelsegeometri"][0]["geometri"].update(geometry)
    for name, value in changes.items():
        key = "feature:typ" if name == "kind" else name
        if value is ...:
            del features[at]["properties"][key]
        else:
            features[at]["properties"][key] = value
    path = plan_files.write(folder / "plan.json", *features, *more)
    return partial(landready.read, path, role=role)


def plan_no_features(folder):
    read = planned(folder)
    replaced(read.args[0], b'"features"', b'"objekt"')
    return read


def plan_twice(folder):
    planned(folder)
    plan_files.write(folder / "b.json", plan_files.plan(namn="En annan"))
    return partial(landready.read, folder, role="plans")


def plan_overlap(folder):
    undated = {"datumLagakraft": [], "datumAntagande": ...}
    both = [plan_files.plan(name, decision=undated) for name in "ab"]
    return partial(landready.read, plan_files.write(folder / "planer.json", *both), role="plans")


def ss637040(folder, old="", new="", role="plan_provisions"):
    north, east = 6_409_000.0, 150_000.0  # near Lerum in SWEREF 99 12 00
    corners = [(north, east), (north, east + 100), (north + 100, east + 100), (north + 100, east), (north, east)]
    parts = (
        plan_files.xml_line("L1", *corners[:3]),
        plan_files.xml_line("L2", *corners[2:]),
        plan_files.xml_area("plan", "+L1", "+L2"),
        plan_files.xml_plan(plan_files.xml_use(1, "J", "DP_KM_J", "plan")),
    )
    path = folder / "plankarta.xml"
    path.write_text(plan_files.xml_file(*parts), encoding="utf-8")
    if old:
        replaced(path, old.encode(), new.encode())
    return partial(landready.read, path, role=role)


# Rasters

NINE = np.arange(9, dtype="float32").reshape(3, 3) + 60
PLACE = Affine(10, 0, 340_000, 0, -10, 6_408_030)


def grid(path, values=NINE, *, crs=CRS, transform=PLACE, nodata=-32768, **more):
    path.parent.mkdir(exist_ok=True)
    rows, columns = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=columns,
        height=rows,
        count=1,
        dtype=values.dtype,
        crs=crs,
        transform=transform,
        nodata=nodata,
        **more,
    ) as out:
        out.write(values, 1)
    return path


def heights(folder, values=NINE, **options):
    path = grid(folder / "hojder.tif", values, **options)
    return lambda: Told([*raster_findings(path), *height_findings(read_raster(path))])


def too_many_cells(folder):
    path = folder / "hojder.tif"
    options = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": CRS, "transform": PLACE, "SPARSE_OK": True}
    with rasterio.open(path, "w", width=20_000, height=20_000, **options):
        pass  # a file that says how large it is, and holds nothing
    return partial(read_raster, path)


def no_raster(folder):
    path = folder / "hojder.tif"
    path.write_text("hej", encoding="ascii")
    return partial(read_raster, path)


def tiles(folder, values=NINE, **options):
    """Write two tiles, the second of them changed."""
    grid(folder / "rutor" / "a.tif")
    grid(folder / "rutor" / "b.tif", values, **{"transform": PLACE @ Affine.translation(3, 0), **options})
    return partial(read_raster, folder / "rutor")


def empty_folder(folder):
    (folder / "rutor").mkdir()
    return partial(read_raster, folder / "rutor")


LONG = "a" * 2_000_000
DAMAGE = {
    "missing_geometry": lambda at: areas(at, shapes=second(lambda _: None)),
    "empty_geometry": lambda at: areas(at, shapes=second(lambda _: shapely.Polygon())),
    "crossing_ring": lambda at: areas(at, shapes=second(bow_tie)),
    "heights": lambda at: areas(at, shapes=lambda _, shape: shapely.force_3d(shape, 55.0)),
    "mixed_collection": lambda at: areas(
        at, shapes=second(lambda s: shapely.GeometryCollection([s, LineString(s.exterior.coords[:2])]))
    ),
    "points_for_areas": lambda at: areas(at, shapes=lambda _, shape: shape.centroid),
    "unreadable_geometry": unreadable_geometry,
    "curves": curves,
    "no_rows": no_rows,
    "no_geometry_at_all": lambda at: areas(at, shapes=lambda *_: MultiPolygon()),
    "no_crs": lambda at: areas(at, crs=None),
    "local_zone": lambda at: areas(at, crs="EPSG:3007", says=CRS),
    "metres_as_degrees": lambda at: areas(at, says="EPSG:4326"),
    "swapped_axes": lambda at: areas(at, shapes=lambda _, s: shapely.transform(s, lambda xy: xy[:, ::-1])),
    "web_mercator": lambda at: areas(at, crs="EPSG:3857"),
    "one_at_zero": lambda at: areas(at, shapes=second(lambda _: shapely.box(0, 0, 100, 100))),
    "no_reference": lambda at: areas(at, (1, {"registerenhetsreferens": None})),
    "odd_designation": lambda at: areas(at, (1, {"etikett": "Ö"})),
    "renamed_unit": lambda at: areas(at, (1, {"registerenhetsreferens": "a"})),
    "two_units_alike": lambda at: areas(at, (1, {"etikett": "1:1"})),
    "space_3d": lambda at: areas(at, (1, {"objekttyp": "3D-fastighetsutrymme"})),
    "overlapping_areas": lambda at: side_by_side(at, shapely.box(0, 0, 100, 100), shapely.box(99, 0, 200, 100)),
    "gap_between": lambda at: side_by_side(at, ring(100)),
    "sliver": lambda at: side_by_side(at, shapely.box(0, 0, 100, 100), shapely.box(0, 100, 100, 100.1)),
    "repeated_vertices": lambda at: side_by_side(
        at,
        shapely.box(0, 0, 100, 100),
        shapely.Polygon([(100, 0), (200, 0), (200, 100), (200, 100), (100, 100), (100, 0)]),
    ),
    "lines_of_delivery": lines_of_delivery,
    "personal_number": lambda at: areas(at, (1, {"innehavare": "19121212-1212"}), keep=["innehavare"]),
    "hole_in_geopackage": lambda at: own(holed(whole(at, count=MANY))),
    "cut_geopackage": lambda at: own(cut(whole(at))),
    "half_utf8": lambda at: own(replaced(whole(at), "Öjared 1:2".encode(), b"\xd6xjared 1:2")),
    "zero_bytes": zero_bytes,
    "view": view,
    "several_layers": several_layers,
    "wrong_layer_name": lambda at: own(whole(at), layer="fastighetr"),
    "long_text": lambda at: areas(at, (1, {"innehavare": LONG}), keep=["innehavare"]),
    "misnamed_file": misnamed,
    "no_cpg": lambda at: coded(at, None),
    "lying_cpg": lambda at: coded(at, "UTF-8"),
    "letters_lost": lambda at: own(whole(at, BETECKNING=["Öjared 1:1", "Ã–jared 1:2", "Öjared 1:3", "Öjared 1:4"])),
    "no_shx": lambda at: without(at, ".shx"),
    "no_dbf": lambda at: without(at, ".dbf", columns={}),
    "cut_shapefile": lambda at: own(cut(whole(at, "fastigheter.shp"))),
    "hole_in_table": hole_in_table,
    "unknown_projection": unknown_projection,
    "repeated_ids": lambda at: own(whole(at, "fastigheter.shp", BETECKNING=["1:1", "1:1", "1:2", "1:3"])),
    "missing_ids": lambda at: own(whole(at, "fastigheter.shp", BETECKNING=["1:1", None, "1:2", "1:3"])),
    "no_ids": lambda at: own(whole(at, "fastigheter.shp"), columns={}),
    "misspelled_column": lambda at: own(whole(at, "fastigheter.shp"), columns={"parcel_id": "BETECKNIG"}),
    "hole_in_flatgeobuf": lambda at: own(holed(whole(at, "fastigheter.fgb", MANY))),
    "hole_in_tab": hole_in_tab,
    "cut_geojson": lambda at: own(cut(whole(at, "fastigheter.geojson"))),
    "metres_in_geojson": metres_in_geojson,
    "one_far_away": one_far_away,
    "web_page": lambda at: said(at, "fastigheter.gpkg", "<!DOCTYPE html><html><body>Logga in</body></html>"),
    "service_error": lambda at: said(at, "fastigheter.geojson", '{"error": {"code": 498, "message": "Invalid token"}}'),
    "sent_in_part": lambda at: answered(at, numberMatched=5000, numberReturned=4),
    "over_the_limit": lambda at: answered(at, exceededTransferLimit=True),
    "linked_crs": linked_crs,
    "cut_parquet": lambda at: own(cut(whole(at, "fastigheter.parquet"))),
    "plain_parquet": plain_parquet,
    "entities": entities,
    "cut_gml": lambda at: own(cut(whole(at, "fastigheter.gml"))),
    "nested_gml": nested,
    "cut_dxf": cut_dxf,
    "leading_out": lambda at: own(packed(at, **{"a.gpkg": b"", "../b.gpkg": b""})),
    "bomb": bomb,
    "zip_of_papers": lambda at: own(packed(at, **{"beslut.pdf": b"%PDF"})),
    "broken_zip": broken_zip,
    "owner_names": lambda at: owners(at, "Öjared 1:1;Åke Ägare", "Öjared 1:2;Kommun"),
    "owners_unknown_parcel": lambda at: owners(at, "Öjared 9:9;Kommun", "Öjared 1:2;Kommun"),
    "owners_unnamed": lambda at: owners(at, ";Kommun", "Öjared 1:2;Kommun"),
    "numbers_in_words": lambda at: register(at, "power_lines", "line", voltage_kv=["130,5", "40 kV"]),
    "unknown_purpose": lambda at: delivered(at, "lm_byggnad_by", "byggnader", ANDAMAL_1T=["Rymdstation", "Bostad"]),
    "unknown_track": lambda at: delivered(at, "trv_jarnvagsnat", "spår", SpTyp=["xyz", "nhsp"]),
    "reversed_measures": lambda at: themes(at, START_MEASURE=[0.0, 0.9], END_MEASURE=[1.0, 0.1]),
    "unknown_element": lambda at: themes(at, ELEMENT_ID=["e1", "e9"]),
    "cut_pbf": cut_pbf,
    "odd_times": lambda at: partial(
        landready.read, timetable(at, calendar=_TIMETABLE["calendar"].replace("20261113", "20261313")), role="stops"
    ),
    "no_stop_times": no_stop_times,
    "no_weekday": no_weekday,
    "plan_cut": lambda at: partial(landready.read, cut(planned(at).args[0]), role="plans"),
    "plan_no_features": plan_no_features,
    "plan_without_id": lambda at: planned(at, objektidentitet=...),
    "plan_without_geometry": lambda at: planned(at, bestammelsegeometri=[]),
    "plan_broken_geometry": lambda at: planned(
        at, geometry={"position": {"type": "Polygon", "coordinates": [[[340_000, 6_408_000], [340_001, 6_408_000]]]}}
    ),
    "plan_wrong_crs": lambda at: planned(at, geometry={"koordinatsystemPlan": "EPSG:4326"}),
    "plan_swapped": lambda at: planned(
        at, geometry={"position": plan_files.square(west=plan_files.SOUTH, south=plan_files.WEST)}
    ),
    "plan_other_kind": lambda at: planned(at, kind="bestämmelse"),
    "plan_odd_status": lambda at: planned(at, at=0, role="plans", status="fastställd"),
    "plan_odd_date": lambda at: planned(at, at=0, role="plans", datumStatusforandring="2021-02-30"),
    "plan_years": lambda at: partial(
        landready.read,
        plan_files.write(at / "plan.json", plan_files.plan(decision={"genomforandetid": 5})),
        role="plans",
    ),
    "plan_undecided": lambda at: planned(at, at=0, role="plans", beslutsinformation=[]),
    "plan_orphan": lambda at: planned(at, detaljplan=plan_files.identity("en annan")),
    "plan_words_for_number": lambda at: planned(at, at=2, bestammelsevarde=[plan_files.number("tolv")]),
    "plan_odd_unit": lambda at: planned(at, at=2, bestammelsevarde=[plan_files.number("2", unit="våningar")]),
    "plan_odd_code": lambda at: planned(at, planbestammelsekatalogreferens=plan_files.identity("ny kod")),
    "plan_twice": plan_twice,
    "plan_overlap": plan_overlap,
    "plan_open_area": lambda at: ss637040(at, '<plus xlink:href="#L2" />'),
    "plan_unknown_system": lambda at: ss637040(at, "SWEREF99_12_00", "RT90_25_GON_V", role="plans"),
    "plan_no_plan": lambda at: ss637040(at, "DP_Plan", "DP_Karta", role="plans"),
    "plan_ambiguous_letter": lambda at: ss637040(at, "<beteckning>J<", "<beteckning>U<"),
    "register_status": lambda at: register(
        at, "plans", "polygon", plan_id=["1", "2"], status=["Gällande", "arkiverad"], permits_business=[False, False]
    ),
    "outlines": lambda at: delivered(at, "lm_markreglerande", "bestämmelser"),
    "undeclared_nodata": lambda at: heights(at, np.where(NINE > 67, -9999, NINE).astype("float32")),
    "no_values": lambda at: heights(at, np.full_like(NINE, -32768)),
    "no_nodata": lambda at: heights(at, nodata=None),
    "old_heights": lambda at: heights(at, crs="EPSG:3006+5718"),
    "decimetres": lambda at: heights(at, NINE * 100),
    "rotated": lambda at: heights(at, transform=PLACE @ Affine.rotation(10)),
    "complex": lambda at: heights(at, NINE.astype("complex64"), nodata=None),
    "too_many_cells": too_many_cells,
    "no_raster": no_raster,
    "empty_folder": empty_folder,
    "tile_crs": lambda at: tiles(at, crs="EPSG:3007"),
    "tile_cells": lambda at: tiles(at, transform=Affine(5, 0, 340_030, 0, -5, 6_408_030)),
    "tile_askew": lambda at: tiles(at, transform=Affine(10, 0, 340_033, 0, -10, 6_408_030)),
    "tile_nodata": lambda at: tiles(at, nodata=None),
    "tiles_differ": lambda at: tiles(at, NINE + 1, transform=PLACE),
}
"""Each writes files into a folder and returns how they are read."""
