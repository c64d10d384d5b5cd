"""OpenStreetMap files as they are downloaded: a layer for each role, the same from XML and from PBF."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import landready
from landready import FileError
from tests.layers.osm_files import write_osm

LON, LAT = 12.36, 57.81
STEP = 0.001

ENDINGS = pytest.mark.parametrize("ending", ["osm", "osm.pbf"])


def nodes(count=12, **tagged):
    """Return nodes eastwards from Floda; `n5={...}` tags the fifth."""
    return [(round(LON + k * STEP, 7), LAT, tagged.get(f"n{k}", {})) for k in range(1, count + 1)]


def file(tmp_path, ways=(), ending="osm", **tagged):
    return write_osm(tmp_path / f"floda.{ending}", nodes(**tagged), ways)


def read(path, role, **options):
    return landready.read(path, role=role, **options)


@ENDINGS
def test_roads_in_our_columns(tmp_path, ending):
    ways = [
        ((1, 2), {"highway": "motorway", "ref": "E 20", "maxspeed": "110", "name": "Nääsleden"}),
        ((2, 3), {"highway": "secondary", "ref": "1740", "maxspeed": "60", "oneway": "-1", "width": "6.5"}),
        ((3, 4, 5), {"highway": "service"}),
        ((5, 6), {"highway": "tertiary", "junction": "roundabout"}),
    ]
    roads = read(file(tmp_path, ways, ending), "roads").frame
    assert roads["road_number"].fillna("–").tolist() == ["E20", "1740", "–", "–"]
    assert [value or 0 for value in roads["road_category"]] == [1, 4, 0, 0]
    assert roads["motorway"].tolist() == [True, False, False, False]
    assert roads["speed_kmh"].fillna(0).tolist() == [110, 60, 0, 0]  # where nobody has said, it is unknown
    assert roads["oneway"].tolist() == ["forward", "backward", "both", "forward"]
    assert roads["width_m"].fillna(0).tolist() == [0, 6.5, 0, 0]
    assert roads["name"].fillna("–").tolist() == ["Nääsleden", "–", "–", "–"]
    assert roads.crs == "EPSG:3006"
    assert roads.length.iloc[0] == pytest.approx(59.5, abs=0.5)  # a thousandth of a degree here


def test_speeds_that_differ_by_direction_become_two_roads(tmp_path):
    ways = [
        ((1, 2), {"highway": "primary", "maxspeed:forward": "80", "maxspeed:backward": "60"}),
        ((2, 3), {"highway": "primary", "maxspeed": "70", "maxspeed:backward": "50"}),
    ]
    roads = read(file(tmp_path, ways), "roads").frame
    assert roads[["oneway", "speed_kmh"]].to_numpy().tolist() == [
        ["forward", 80],
        ["backward", 60],
        ["forward", 70],
        ["backward", 50],
    ]


def test_what_is_no_road_for_cars_is_told(tmp_path):
    ways = [((1, 2), {"highway": "residential"}), ((2, 3), {"highway": "cycleway"}), ((3, 4), {"highway": "proposed"})]
    layer = read(file(tmp_path, ways), "roads")
    assert len(layer.frame) == 1
    told = layer.ledger.frame.set_index("reason")["ids"]
    assert told["osm_no_cars"] == "2, 3"


def test_speeds_that_are_no_numbers_are_told(tmp_path):
    ways = [((1, 2), {"highway": "residential", "maxspeed": "SE:urban"})]
    layer = read(file(tmp_path, ways), "roads")
    assert layer.frame["speed_kmh"].isna().all()
    assert any(finding.key == "product_values" and "SE:urban" in finding.text("sv") for finding in layer.findings)


@ENDINGS
def test_ramps_of_an_interchange_are_joined(tmp_path, ending):
    junction = {"highway": "motorway_junction", "ref": "89", "name": "Nääsmotet"}
    path = file(
        tmp_path, (), ending, n1=junction, n3=junction, n9={"highway": "motorway_junction"}, n5={"highway": "stop"}
    )
    found = read(path, "interchanges").frame
    assert found[["name", "number"]].fillna("–").to_numpy().tolist() == [["Nääsmotet", "89"], ["–", "–"]]
    assert found.geometry.geom_type.tolist() == ["MultiPoint", "Point"]


@ENDINGS
def test_main_line_side_track_tunnel_and_bridge(tmp_path, ending):
    ways = [
        ((1, 2), {"railway": "rail", "usage": "main", "name": "Västra stambanan"}),
        ((2, 3), {"railway": "rail", "usage": "main", "tunnel": "yes"}),
        ((3, 4), {"railway": "rail", "usage": "main", "service": "siding", "bridge": "viaduct"}),
        ((4, 5), {"railway": "rail"}),
        ((5, 6), {"railway": "tram"}),
    ]
    layer = read(file(tmp_path, ways, ending), "rail")
    assert layer.frame["track_type"].fillna("–").tolist() == ["main", "main", "side", "–"]
    assert layer.frame["tunnel"].tolist() == [False, True, False, False]
    assert layer.frame["bridge"].tolist() == [False, False, True, False]
    assert layer.ledger.frame.set_index("reason")["ids"]["osm_no_trains"] == "5"


def test_stations_are_those_of_trains(tmp_path):
    path = file(
        tmp_path,
        n1={"railway": "station", "name": "Floda"},
        n2={"railway": "halt", "name": "Norsesund"},
        n3={"railway": "station", "station": "subway", "name": "Ej här"},
        n4={"railway": "tram_stop", "name": "Ej här heller"},
    )
    assert read(path, "stations").frame["name"].tolist() == ["Floda", "Norsesund"]


def test_power_lines_and_substations(tmp_path):
    ways = [
        ((1, 2), {"power": "line", "voltage": "130000;40000"}),
        ((2, 3), {"power": "cable", "voltage": "10000"}),
        ((4, 5, 6, 4), {"power": "substation", "voltage": "130000", "name": "Floda"}),
    ]
    square = nodes(n9={"power": "substation"})
    square[4] = (square[4][0], LAT + STEP, {})
    path = write_osm(tmp_path / "kraft.osm", square, ways)
    assert read(path, "power_lines").frame["voltage_kv"].tolist() == [130]
    stations = read(path, "substations").frame
    assert sorted(stations.geometry.geom_type) == ["Point", "Polygon"]
    assert {value for value in stations["voltage_kv"] if not math.isnan(value)} == {130}


def test_buildings_that_say_only_that_they_are_are_unknown(tmp_path):
    ways = [((1, 2, 3, 1), {"building": "detached"}), ((4, 5, 6, 4), {"building": "yes"})]
    corners = nodes()
    for corner in (1, 4):
        corners[corner] = (corners[corner][0], LAT + STEP, {})
    path = write_osm(tmp_path / "hus.osm", corners, ways)
    assert read(path, "buildings").frame["use"].fillna("–").tolist() == ["dwelling", "–"]


def test_a_folder_with_one_is_seen_layer_by_layer(tmp_path):
    ways = [((1, 2), {"highway": "residential"}), ((5, 6), {"railway": "rail"})]
    file(tmp_path, ways, "osm.pbf", n9={"railway": "station", "name": "Floda"})
    report = landready.check(tmp_path)
    roles = {entry.layer: entry.recognition.role for entry in report.layers}
    assert roles["vägar (OpenStreetMap)"] == "roads"
    assert roles["järnväg (OpenStreetMap)"] == "rail"
    assert roles["stationer (OpenStreetMap)"] == "stations"
    assert "byggnader (OpenStreetMap)" not in roles  # there are none in the file
    assert "lines" not in roles  # nobody has delivered a layer of that name


def test_gdals_own_layers_can_still_be_read(tmp_path):
    path = file(tmp_path, [((1, 2), {"highway": "path"})])
    assert landready.read(path, layer="lines", keep=["highway"]).frame["highway"].tolist() == ["path"]


def test_a_damaged_file_is_told(tmp_path):
    path = file(tmp_path, [((1, 2), {"highway": "residential"})], "osm.pbf")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileError, match="floda"):
        read(path, "roads")


@pytest.mark.once
@given(st.integers(1, 100))
def test_wherever_it_was_cut(tmp_path_factory, cut):
    path = file(tmp_path_factory.mktemp("osm"), [((1, 2), {"highway": "residential"})], "osm.pbf")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut] or whole[:1])
    with pytest.raises(FileError):
        read(path, "roads")


def test_a_way_whose_nodes_are_missing_is_not_invented(tmp_path):
    ways = [((1, 2), {"highway": "residential"}), ((98, 99), {"highway": "residential"})]
    assert len(read(file(tmp_path, ways), "roads").frame) == 1
