"""Travel times: hand-checkable networks, every way to fail, and networkx."""

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from landready.criteria.network import travel_time
from landready.criteria.roads import travel_rules
from landready.errors import ColumnError, InputError
from landready.model import Layer

X, Y = 500_000, 6_400_000
INF, NAN = float("inf"), float("nan")


def at(geometry):
    return None if geometry is None else shapely.transform(geometry, lambda xy: xy + np.array([X, Y]))


def frame(geometries, index=None, **columns):
    bare = gpd.GeoDataFrame(geometry=[at(g) for g in geometries], index=index, crs=3006)
    return bare.assign(**columns)


def roads(*lines, speed=60, **columns):
    """Roads at 60 km/h take a minute for each kilometre."""
    return frame([shapely.LineString(line) for line in lines], speed_kmh=speed, **columns)


def points(*where):
    return frame([shapely.Point(place) for place in where])


def minutes(site, network, targets, **options):
    found = travel_time(frame([site]), network, targets, **options)
    assert found.name == "travel_time_min"
    return found[0]


STRAIGHT = [(0, 0), (1000, 0), (3000, 0)]


def test_a_straight_road_both_ways():
    network = roads(STRAIGHT)
    assert minutes(shapely.Point(0, 0), network, points((3000, 0))) == pytest.approx(3)
    assert minutes(shapely.Point(3000, 0), network, points((0, 0))) == pytest.approx(3)
    assert minutes(shapely.Point(0, 0), network, points((3000, 0), (1000, 0))) == pytest.approx(1)


def test_a_target_of_several_points_is_reached_at_any_of_them():
    ramps = frame([shapely.MultiPoint([(0, 0), (3000, 2)])])  # one on the road, one two metres beside it
    assert minutes(shapely.Point(2900, 0), roads(STRAIGHT), ramps) == pytest.approx(0.1, abs=0.1)
    assert minutes(shapely.Point(100, 0), roads(STRAIGHT), ramps) == pytest.approx(0.1)


def test_one_way_streets_make_a_detour():
    there, back = [(0, 0), (1000, 0)], [(1000, 0), (1000, 500), (0, 500), (0, 0)]
    for there_way, back_way in (("forward", "both"), (True, False)):
        network = roads(there, back, oneway=[there_way, back_way])
        assert minutes(shapely.Point(0, 0), network, points((1000, 0))) == pytest.approx(1)
        assert minutes(shapely.Point(1000, 0), network, points((0, 0))) == pytest.approx(2)
    network = roads(there, back, oneway=["backward", None])
    assert minutes(shapely.Point(0, 0), network, points((1000, 0))) == pytest.approx(2)
    assert minutes(shapely.Point(1000, 0), network, points((0, 0))) == pytest.approx(1)


def test_on_the_same_segment():
    network = roads([(0, 0), (3000, 0)])
    assert minutes(shapely.Point(500, 0), network, points((2000, 0))) == pytest.approx(1.5)
    assert minutes(shapely.Point(2000, 0), network, points((500, 0))) == pytest.approx(1.5)
    ring = roads([(0, 0), (3000, 0)], [(3000, 0), (3000, 1000), (0, 1000), (0, 0)], oneway="forward")
    assert minutes(shapely.Point(500, 0), ring, points((2000, 0))) == pytest.approx(1.5)
    assert minutes(shapely.Point(2000, 0), ring, points((500, 0))) == pytest.approx(1 + 5 + 0.5)
    assert minutes(shapely.Point(700, 0), ring, points((700, 0))) == 0


def test_a_target_at_a_junction_of_one_way_roads_is_reached_from_either():
    # The target lies at the far end of one road and at the near end of another.
    network = roads([(0, 0), (1000, 0)], [(1000, 0), (1000, 1000)], oneway="forward")
    assert minutes(shapely.Point(0, 0), network, points((1000, 0))) == pytest.approx(1)
    assert minutes(shapely.Point(1000, 0), network, points((1000, 1000))) == pytest.approx(1)
    assert minutes(shapely.Point(1000, 1000), network, points((1000, 0))) == INF


def test_an_island_is_out_of_reach():
    network = roads(STRAIGHT, [(0, 900), (1000, 900)])
    assert minutes(shapely.Point(500, 900), network, points((3000, 0))) == INF


def test_bridges_do_not_connect():
    crossing = roads([(0, 0), (2000, 0)], [(1000, -1000), (1000, 1000)])
    assert minutes(shapely.Point(0, 0), crossing, points((1000, 1000))) == INF
    junction = roads([(0, 0), (1000, 0), (2000, 0)], [(1000, -1000), (1000, 0), (1000, 1000)])
    assert minutes(shapely.Point(0, 0), junction, points((1000, 1000))) == pytest.approx(2)


def test_vertices_within_a_centimetre_connect():
    assert minutes(
        shapely.Point(0, 0), roads([(0, 0), (1000, 0)], [(1000.003, 0.002), (2000, 0)]), points((2000, 0))
    ) == (pytest.approx(2, abs=1e-5))


def test_zero_length_segments_and_repeated_lines():
    network = roads(
        [(0, 0), (500, 0), (500, 0), (1000, 0)], [(0, 0), (1000, 0)], [(0, 0), (1000, 0)], speed=[60, 30, 120]
    )
    assert minutes(shapely.Point(0, 0), network, points((1000, 0))) == pytest.approx(0.5)


@pytest.mark.parametrize("speed", [[60, 30, 60, 60], [60, 60, 30, 60]])
def test_parallel_lines_between_the_same_vertices_keep_the_fastest(speed):
    """Midway, where neither the site nor the target splits them."""
    network = roads([(-1000, 0), (0, 0)], [(0, 0), (1000, 0)], [(1000, 0), (0, 0)], [(1000, 0), (2000, 0)], speed=speed)
    assert minutes(shapely.Point(-1000, 0), network, points((2000, 0))) == pytest.approx(3)


def test_a_target_counts_on_all_roads_within_a_centimetre():
    """Two carriageways drawn half a centimetre apart: the target is on both, whichever it lies on."""
    network = roads([(0, 0), (2000, 0)], [(2000, 0.005), (0, 0.005)], oneway="forward")
    for side in (0, 0.005):
        assert minutes(shapely.Point(0, side), network, points((700, side))) == pytest.approx(0.7, abs=1e-4)
        assert minutes(shapely.Point(2000, side), network, points((700, side))) == pytest.approx(1.3, abs=1e-4)


def test_separate_one_way_lines_on_the_same_place_both_reach_the_target():
    network = roads([(0, 0), (2000, 0)], [(2000, 0), (0, 0)], oneway="forward")
    assert minutes(shapely.Point(0, 0), network, points((700, 0))) == pytest.approx(0.7)
    assert minutes(shapely.Point(2000, 0), network, points((700, 0))) == pytest.approx(1.3)


def test_the_gap_to_the_road_counts_at_the_access_speed():
    network = roads(STRAIGHT)
    gap = 0.3 / travel_rules()["drive"]["access_kmh"] * 60
    assert minutes(shapely.Point(0, 300), network, points((3000, 0))) == pytest.approx(3 + gap)
    assert minutes(shapely.Point(0, 0), network, points((3000, 300))) == pytest.approx(3 + gap)
    assert minutes(shapely.box(-50, 300, 0, 400), network, points((3000, 300))) == pytest.approx(3 + 2 * gap)


def test_snap_limit():
    network = roads(STRAIGHT)
    assert minutes(shapely.Point(0, 500), network, points((3000, 0))) < INF
    assert minutes(shapely.Point(0, 501), network, points((3000, 0))) == INF
    assert minutes(shapely.Point(0, 501), network, points((3000, 0)), snap_limit_m=501) < INF
    assert minutes(shapely.Point(0, 0), network, points((3000, 501))) == INF
    assert minutes(shapely.Point(0, 0), network, points((3000, 501), (3000, 0))) == pytest.approx(3)


def test_every_road_near_the_edge_gives_access():
    slow_front, fast_back = [(0, -5), (3000, -5)], [(0, 105), (3000, 105)]
    network = roads(slow_front, fast_back, [(3000, -5), (3000, 105)], speed=[10, 100, 100])
    site = shapely.box(0, 0, 100, 100)
    gap = 0.005 / 15 * 60
    assert minutes(site, network, points((3000, -5))) == pytest.approx(gap + (2.9 + 0.11) * 0.6)
    assert minutes(site, network, points((3000, -5)), access_limit_m=0) == pytest.approx(gap + (2.9 + 0.11) * 0.6)
    farther = shapely.box(0, 1, 100, 50)
    assert minutes(farther, network, points((3000, -5)), access_limit_m=1) == pytest.approx(0.006 / 15 * 60 + 2.9 * 6)


def test_the_whole_frontage_gives_access():
    network = roads([(0, 0), (3000, 0)])
    site = shapely.box(1000, 0, 2000, 500)
    assert minutes(site, network, points((3000, 0))) == pytest.approx(1)
    assert minutes(site, network, points((0, 0))) == pytest.approx(1)
    behind = shapely.box(1000, 10, 2000, 500)
    assert minutes(behind, network, points((1500, 0))) == pytest.approx(0.01 / 15 * 60)
    across = shapely.box(1000, -500, 2000, 500)
    assert minutes(across, network, points((2500, 0), (0, 0))) == pytest.approx(0.5)


def test_a_frontage_gives_access_wherever_the_map_is_moved():
    angle = shapely.affinity.rotate(shapely.box(1000, 10, 2000, 500), 33, origin=(0, 0))
    line = shapely.affinity.rotate(shapely.LineString([(0, 0), (3000, 0)]), 33, origin=(0, 0))
    for shift in np.random.default_rng(1).integers(-5000, 5000, (20, 2)):
        site, way = (shapely.affinity.translate(shape, *shift) for shape in (angle, line))
        target = shapely.affinity.translate(shapely.Point(shapely.get_coordinates(line)[1]), *shift)
        found = minutes(site, frame([way], speed_kmh=60), frame([target]))
        assert found == pytest.approx(1 + 0.04, abs=1e-6)


def test_a_site_that_touches_the_target_is_there():
    network = roads(STRAIGHT)
    assert minutes(shapely.box(0, 10, 100, 100), network, points((50, 50))) == 0
    assert minutes(shapely.box(0, 10, 100, 100), network, frame([shapely.box(90, 90, 300, 300)])) == 0


def test_lines_and_polygons_are_targets():
    network = roads(STRAIGHT)
    assert minutes(shapely.Point(0, 0), network, frame([shapely.box(2000, -100, 4000, 100)])) == pytest.approx(2)
    assert minutes(
        shapely.Point(0, 0), network, frame([shapely.LineString([(2500, -100), (2500, 100)])])
    ) == pytest.approx(2.5)


def test_motorways_are_driven_but_not_entered_walked_or_cycled():
    network = roads([(0, 0), (0, 1000)], [(0, 1000), (3000, 1000)], speed=[60, 120], motorway=[False, True])
    assert minutes(shapely.Point(0, 0), network, points((3000, 1000))) == pytest.approx(1 + 1.5)
    assert minutes(shapely.box(1000, 1010, 1100, 1100), network, points((3000, 1000))) == INF
    for mode in ("walk", "bike"):
        assert minutes(shapely.Point(0, 0), network, points((3000, 1000)), mode=mode) == INF


def test_walkers_and_cyclists():
    network = roads([(0, 0), (1000, 0)], oneway="forward").drop(columns="speed_kmh")
    assert minutes(shapely.Point(0, 0), network, points((1000, 0)), mode="walk") == pytest.approx(12)
    assert minutes(shapely.Point(1000, 0), network, points((0, 0)), mode="walk") == pytest.approx(12)
    assert minutes(shapely.Point(0, 0), network, points((1000, 0)), mode="bike") == pytest.approx(4)
    assert minutes(shapely.Point(1000, 0), network, points((0, 0)), mode="bike") == INF


def test_unknown():
    network, station = roads(STRAIGHT), points((3000, 0))
    site = shapely.box(0, 0, 100, 100)
    assert np.isnan(minutes(None, network, station))
    assert np.isnan(minutes(shapely.Polygon(), network, station))
    assert np.isnan(minutes(site, network, frame([])))
    assert np.isnan(minutes(site, network, frame([None])))
    assert np.isnan(minutes(site, roads(), station))
    assert np.isnan(minutes(site, frame([None], speed_kmh=50), station))
    for west, expected in ((-500, True), (99, True), (101, False)):
        mapped = Layer("roads", network, known_extent=at(shapely.box(west, -500, 9000, 500)))
        assert np.isfinite(minutes(site, mapped, station)) == expected


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [
        ((-500, -500, 9000, 1500), INF),  # all round the island
        ((-500, -500, 9000, 900.5), NAN),  # the island's road lies along the edge
        ((500, -500, 9000, 1500), NAN),  # it goes on beyond
    ],
)
@pytest.mark.parametrize("which", ["roads", "targets"])
def test_out_of_reach_is_known_only_where_the_network_ends_within_what_was_mapped(which, mapped, expected):
    network, station = roads(STRAIGHT, [(0, 900), (1000, 900)]), points((3000, 0))
    extent = at(shapely.box(*mapped))
    if which == "roads":
        network = Layer("roads", network, known_extent=extent)
    else:
        station = Layer("targets", station, known_extent=extent)
    found = minutes(shapely.Point(600, 900), network, station)
    assert found == expected or (np.isnan(found) and np.isnan(expected))


@pytest.mark.parametrize(("north", "expected"), [(1501, INF), (1499, NAN)])
def test_no_road_near_enough_is_known_only_where_roads_were_mapped(north, expected):
    network = Layer("roads", roads(STRAIGHT), known_extent=at(shapely.box(-500, -500, 9000, north)))
    found = minutes(shapely.Point(600, 1000), network, points((3000, 0)))
    assert found == expected or (np.isnan(found) and np.isnan(expected))


def test_empty_in_empty_out():
    found = travel_time(frame([]), roads(STRAIGHT), points((0, 0)))
    assert found.empty
    assert found.dtype == "float64"


def test_speeds_must_be_there():
    network = roads(STRAIGHT, STRAIGHT, STRAIGHT, speed=[50, None, None])
    with pytest.raises(InputError, match=r"2 av 3 vägar saknar hastighet i speed_kmh \(index 1, 2\)"):
        minutes(shapely.Point(0, 0), network, points((0, 0)))
    assert minutes(shapely.Point(0, 0), network.iloc[1:], points((3000, 0)), default_speed_kmh=30) == pytest.approx(6)
    without = network.drop(columns="speed_kmh").assign(speed=3)
    with pytest.raises(ColumnError, match=r"”speed_kmh”\. Närmast är ”speed”"):
        minutes(shapely.Point(0, 0), without, points((0, 0)))
    assert minutes(shapely.Point(0, 0), without, points((3000, 0)), default_speed_kmh=90) == pytest.approx(2)


def test_all_values_that_cannot_be_read_are_told_together():
    network = roads(
        STRAIGHT,
        STRAIGHT,
        STRAIGHT,
        speed=["70 km/h", 0, 50],
        oneway=["ja", "forward", "-1"],
        motorway=["x", True, None],
    )
    with pytest.raises(InputError) as caught:
        minutes(shapely.Point(0, 0), network, points((0, 0)))
    assert [found.key for found in caught.value.findings] == ["speed_wrong", "column_values", "column_values"]
    assert "'-1', 'ja'" in str(caught.value)
    with pytest.raises(InputError) as caught:
        minutes(shapely.Point(0, 0), roads(STRAIGHT), points((0, 0)), mode="fly", default_speed_kmh=0, snap_limit_m=-1)
    assert len(caught.value.findings) == 3


def test_more_sites_than_one_block(monkeypatch):
    monkeypatch.setattr("landready.criteria.snapping._PAIRS_AT_A_TIME", 3)
    sites = points(*((x, 7) for x in range(0, 2000, 100)))
    found = travel_time(sites, roads(STRAIGHT, [(0, 14), (3000, 14)]), points((0, 0)))
    np.testing.assert_allclose(found, np.arange(0, 2, 0.1) + 0.007 / 15 * 60)


DIRECTIONS = {"0": "both", "1": "forward", "-1": "backward"}


@pytest.fixture(scope="module")
def streets(cambridge):
    lines = cambridge("street_centerlines")
    lines = lines.cx[232_000:236_000, 900_000:904_000]
    speed = np.random.default_rng(0).choice([20, 30, 40, 50, 70], len(lines))
    oneway = lines["Direction"].map(DIRECTIONS)
    return gpd.GeoDataFrame({"speed_kmh": speed, "oneway": oneway}, geometry=lines.geometry, crs=lines.crs)


def as_graph(streets, *, respect_oneway=True):
    """Build the network anew, one street and one vertex at a time."""
    graph = nx.DiGraph()
    for speed, oneway, geometry in zip(streets["speed_kmh"], streets["oneway"], streets.geometry, strict=True):
        for part in shapely.get_parts(geometry):
            corners = shapely.get_coordinates(part)
            for a, b in itertools.pairwise(corners):
                u, v = key(a), key(b)
                cost = float(np.hypot(*(b - a))) / 1000 / speed * 60
                if oneway != "backward" or not respect_oneway:
                    add(graph, u, v, cost)
                if oneway != "forward" or not respect_oneway:
                    add(graph, v, u, cost)
    return graph


def add(graph, u, v, cost):
    if u != v and cost < graph.get_edge_data(u, v, {"cost": INF})["cost"]:
        graph.add_edge(u, v, cost=cost)


@pytest.mark.realdata
@pytest.mark.parametrize("mode", ["drive", "walk"])
def test_equal_to_networkx_on_cambridge(streets, mode):
    """From vertices to vertices there are no gaps, and every time is a path in the graph."""
    used = streets if mode == "drive" else streets.assign(speed_kmh=5.0)
    graph = as_graph(used, respect_oneway=mode == "drive")
    vertices = np.unique(shapely.get_coordinates(streets.geometry.to_numpy()), axis=0)
    rng = np.random.default_rng(4)
    goals, starts = rng.choice(vertices, 5, replace=False), rng.choice(vertices, 300, replace=False)
    expected = nx.multi_source_dijkstra_path_length(graph.reverse(), {key(goal) for goal in goals}, weight="cost")
    wanted = [expected.get(key(start), INF) for start in starts]
    found = travel_time(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*starts.T), crs=streets.crs),
        streets,
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*goals.T), crs=streets.crs),
        mode=mode,
        access_limit_m=0,
    )
    np.testing.assert_allclose(found, wanted, atol=1e-9, rtol=0)
    assert np.isfinite(wanted).mean() > 0.9


def key(corner):
    return tuple(int(value) for value in np.round(corner / 0.01))


def with_vertices(streets, count, seed):
    """Return the streets with `count` new vertices at random places, and these."""
    rng = np.random.default_rng(seed)
    lines = [list(shapely.get_parts(geometry)) for geometry in streets.geometry]
    places = []
    for row in rng.choice(len(lines), count, replace=False):
        corners = shapely.get_coordinates(lines[row][0])
        where = rng.integers(1, len(corners))
        places.append(corners[where - 1] + rng.uniform(0.1, 0.9) * (corners[where] - corners[where - 1]))
        lines[row][0] = shapely.LineString(np.insert(corners, where, places[-1], axis=0))
    return streets.set_geometry([shapely.MultiLineString(parts) for parts in lines]), np.array(places)


@pytest.mark.realdata
def test_between_vertices_equal_to_networkx_with_the_streets_split_there(streets):
    split, places = with_vertices(streets, 300, seed=6)
    goals, starts = places[:6], places[6:]
    graph = as_graph(split)
    expected = nx.multi_source_dijkstra_path_length(graph.reverse(), {key(goal) for goal in goals}, weight="cost")
    found = travel_time(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*starts.T), crs=streets.crs),
        streets,
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*goals.T), crs=streets.crs),
        access_limit_m=0,
    )
    np.testing.assert_allclose(found, [expected.get(key(start), INF) for start in starts], atol=1e-9, rtol=0)
    assert np.isfinite(found).mean() > 0.9


@pytest.mark.realdata
def test_rows_in_any_order_and_a_shift_change_nothing(streets, cambridge):
    stations = cambridge("subway_stations")
    parcels = cambridge("parcels_fy2014").sample(200, random_state=11)
    found = travel_time(parcels, streets, stations)
    assert np.isfinite(found).any()
    shuffled = travel_time(
        parcels.sample(frac=1, random_state=1), streets.sample(frac=1, random_state=2), stations.iloc[::-1]
    )
    pd.testing.assert_series_equal(shuffled.loc[found.index], found, atol=1e-9, rtol=0)
    moved = [layer.set_geometry(layer.translate(200, -300)) for layer in (parcels, streets, stations)]
    pd.testing.assert_series_equal(travel_time(*moved), found, atol=1e-7, rtol=0)
