"""Files made to do harm: refused with a reason, nothing written outside a folder of ours, nobody on the network asked."""

import http.server
import io
import json
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import FileError, LandreadyError, check, read


@pytest.fixture
def frame():
    shapes = [shapely.box(x, 6_400_000, x + 50, 6_400_050) for x in range(340_000, 340_400, 100)]
    return gpd.GeoDataFrame({"name": ["a", "b", "c", "d"]}, geometry=shapes, crs="EPSG:3006")


@pytest.fixture
def network():
    """Yield an address, and what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815  (the name that http.server calls)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def keys(error):
    return [finding.key for finding in error.value.findings]


# XML


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("ending", ["gml", "kml"])
@pytest.mark.parametrize("doctype", [ENTITIES, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'])
def test_entities_are_refused(frame, tmp_path, ending, doctype):
    path = tmp_path / f"a.{ending}"
    driver = {"kml": "KML"}.get(ending)
    pyogrio.write_dataframe(frame.to_crs(4326) if ending == "kml" else frame, path, driver=driver)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("?>", f"?>{doctype}", 1), encoding="utf-8")
    with pytest.raises(FileError) as error:
        read(path, crs="EPSG:3006")
    assert keys(error) == ["plan_xml_entities"]


# The network


def collection(**more):
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [12.3, 57.8]}}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more})


def vrt(url):
    return f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/{url}/a</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


LINKED = {"type": "link", "properties": {"href": "{url}/a.prj", "type": "proj4"}}
BAITS = {
    "crs.geojson": lambda url: collection(crs=LINKED).replace("{url}", url),
    "name.geojson": lambda url: collection(crs={"type": "name", "properties": {"name": f"{url}/a"}}),
    "disguised.geojson": lambda url: collection(crs=LINKED).replace("{url}", url).replace('"crs"', '"\\u0063rs"'),
    "fg.json": lambda url: collection(coordRefSys=f"{url}/a"),
    "pipeline.json": lambda url: json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read /vsicurl/{url}/a"}
    ),
    "other.gpkg": vrt,
    "other.gml": vrt,
    "other.txt": vrt,
    "wfs.gml": lambda url: f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
}


@pytest.mark.parametrize("name", BAITS)
def test_nothing_is_fetched(tmp_path, network, name):
    url, asked = network
    path = tmp_path / name
    path.write_text(BAITS[name](url))
    with pytest.raises(FileError) as error:
        read(path, crs="EPSG:3006")
    assert keys(error) == ["file_instructions"]
    assert asked == []
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_schemas_and_links_in_gml_and_kml_are_not_followed(tmp_path, network):
    url, asked = network
    (tmp_path / "a.gml").write_text(
        f"""<ogr:FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ogr="http://o/"
        xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink"
        xsi:schemaLocation="http://o/ {url}/a.xsd"><ogr:featureMember><ogr:t gml:id="a"><ogr:g>
        <gml:Point srsName="{url}/crs"><gml:pos>340000 6400000</gml:pos></gml:Point></ogr:g>
        <ogr:h xlink:href="{url}/x"/></ogr:t></ogr:featureMember></ogr:FeatureCollection>"""
    )
    (tmp_path / "a.kml").write_text(
        f"""<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Point>
        <coordinates>12.3,57.8</coordinates></Point></Placemark><NetworkLink><Link><href>{url}/k.kml</href></Link>
        </NetworkLink></Document></kml>"""
    )
    assert len(check(tmp_path, crs="EPSG:3006").layers) == 2
    assert asked == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.gml", "a.kml"]


def test_the_usual_link_to_a_crs_is_no_link(tmp_path):
    path = tmp_path / "a.geojson"
    named = {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    path.write_text(collection(crs=named))
    assert len(read(path).frame) == 1


# GeoPackage


def test_a_view_is_refused(frame, tmp_path):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame, path, layer="t")
    with closing(sqlite3.connect(path)) as file, file:
        # Once asked, it does not end.
        endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS fid, geom FROM r, t"
        file.execute(f"CREATE VIEW v AS {endless}")
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('v', 'features', 'v', 3006)"
        )
        file.execute("INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 3006, 0, 0)")
    file.close()
    with pytest.raises(FileError) as error:
        read(path, layer="v")
    assert keys(error) == ["layer_is_view"]
    assert len(read(path, layer="t").frame) == 4
    marks = {layer.layer: layer.mark for layer in check(path).layers}
    assert marks["v"] == "not_usable"
    assert marks["t"] != "not_usable"


def test_triggers_do_not_run(frame, tmp_path):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame, path)
    with closing(sqlite3.connect(path)) as file, file:
        for event in ("INSERT", "UPDATE", "DELETE"):
            file.execute(f"CREATE TRIGGER harm_{event} AFTER {event} ON a BEGIN DELETE FROM a; END")
    file.close()
    before = path.read_bytes()
    assert len(read(path).frame) == 4
    check(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.parametrize("name", ['a "b"', "a 'b'", "a; DROP TABLE x; --", "åäö 100 %"])
def test_names_of_layers_are_only_names(frame, tmp_path, name):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame, path, layer=name)
    assert len(read(path, layer=name, keep=["name"]).frame) == 4
    report = check(path)
    assert [layer.layer for layer in report.layers] == [name]


@pytest.mark.parametrize(
    ("ending", "megabytes"), [("gpkg", 100), ("fgb", 5), ("parquet", 5), ("geojson", 5), ("gml", 15)]
)
def test_endless_text_is_refused(frame, tmp_path, ending, megabytes):
    path = tmp_path / f"a.{ending}"
    frame["name"] = ["a", "x" * (megabytes * 1_000_000), "c", None]
    if ending == "parquet":
        frame.to_parquet(path)
    else:
        pyogrio.write_dataframe(frame.to_crs(4326) if ending == "geojson" else frame, path)
    with pytest.raises(FileError) as error:
        read(path, keep=["name"])
    assert keys(error) in (["text_too_long"], ["file_unreadable"])
    assert len(error.value.text("sv")) < 1000
    if ending in {"gpkg", "fgb", "parquet"}:
        assert len(read(path).frame) == 4  # a column that is not asked for does no harm


# Zip files


def packed(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def geopackage(frame):
    stream = io.BytesIO()
    pyogrio.write_dataframe(frame, stream, driver="GPKG", layer="a")
    return stream.getvalue()


@pytest.mark.parametrize("name", ["../b.gpkg", "/tmp/landready-b.gpkg", "x/../../b.gpkg", "..\\b.gpkg", "C:\\b.gpkg"])
def test_names_that_lead_out_are_refused(tmp_path, geopackage, name):
    folder = tmp_path / "data"
    folder.mkdir()
    path = packed(folder / "a.zip", {"a.gpkg": geopackage, name: geopackage})
    with pytest.raises(FileError) as error:
        read(path)
    assert keys(error) == ["zip_leads_out"]
    assert [finding.key for finding in check(folder).layers[0].findings] == ["zip_leads_out"]
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["a.zip"]


def test_links_are_refused(tmp_path, geopackage):
    path = packed(tmp_path / "a.zip", {"a.gpkg": geopackage})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("b.gpkg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FileError) as error:
        read(path)
    assert keys(error) == ["zip_leads_out"]


def test_a_damaged_zip_ends_in_words(tmp_path, geopackage):
    path = packed(tmp_path / "a.zip", {"a.gpkg": geopackage})
    content = bytearray(path.read_bytes())
    content[200:260] = bytes(60)
    path.write_bytes(content)
    with pytest.raises(LandreadyError):
        read(path)
    assert check(tmp_path).layers[0].mark == "not_usable"
