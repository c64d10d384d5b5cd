"""Distances: hand-checkable cases, ties, unknown extents, and brute force."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.criteria.proximity import distance_to, nearest
from landready.errors import CrsError, InputError
from landready.model import Layer

X, Y = 500_000, 6_400_000


def at(geometry):
    return shapely.transform(geometry, lambda xy: xy + np.array([X, Y]))


def frame(geometries, index=None):
    return gpd.GeoDataFrame(geometry=[None if g is None else at(g) for g in geometries], index=index, crs=3006)


SQUARE = shapely.box(0, 0, 100, 100)


def test_from_the_edge_to_the_nearest_point():
    found = nearest(frame([SQUARE], ["A"]), frame([shapely.Point(130, 140), shapely.Point(400, 50)], ["n", "f"]))
    assert found.loc["A"].to_dict() == {"distance_m": 50.0, "target": "n", "upper_bound": False}
    assert found.dtypes.astype(str).to_dict() == {"distance_m": "float64", "target": "object", "upper_bound": "bool"}


@pytest.mark.parametrize(
    "target",
    [
        shapely.Point(50, 50),
        shapely.box(100, 0, 200, 100),
        shapely.LineString([(-10, 50), (200, 50)]),
        shapely.Point(0, 0),
    ],
)
def test_zero_when_touching_or_inside(target):
    assert distance_to(frame([SQUARE]), frame([target])).tolist() == [0.0]


def test_the_frame_may_hold_any_kind():
    found = distance_to(
        frame([shapely.Point(0, 0), shapely.LineString([(0, 10), (9, 10)]), SQUARE]), frame([shapely.Point(0, -5)])
    )
    assert found.tolist() == [5.0, 15.0, 5.0]
    assert found.name == "distance_m"


def test_ties_go_to_the_first_id_as_text_in_any_row_order():
    targets = frame([shapely.Point(-10, 50), shapely.Point(110, 50), shapely.Point(50, 110)], [9, 10, 200])
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        assert nearest(frame([SQUARE]), targets.iloc[order]).loc[0, "target"] == 10


def test_no_geometry_and_no_targets_are_unknown():
    found = nearest(frame([None, shapely.Polygon(), SQUARE]), frame([shapely.Point(0, -3), None]))
    assert found["distance_m"].tolist()[2] == 3.0
    assert found["distance_m"].isna().tolist() == [True, True, False]
    assert found["target"].tolist() == [None, None, 0]
    for nothing in (
        frame([]),
        frame([None]),
        Layer("stops", frame([]), known_extent=at(shapely.box(-999, -999, 999, 999))),
    ):
        found = nearest(frame([SQUARE]), nothing)
        assert found["distance_m"].isna().all()
        assert found["target"].tolist() == [None]
        assert found["upper_bound"].tolist() == [False]


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        (None, False),
        (shapely.box(-50, -500, 500, 500), False),  # 50 m to where nobody looked, 30 m to the target
        (shapely.box(-29, -500, 500, 500), True),
        (shapely.box(10, -500, 500, 500), True),  # the site pokes outside
        (shapely.box(-500, -500, 500, 500) - shapely.box(-25, 40, -20, 45), True),  # a hole that nobody mapped
        (shapely.Polygon(), True),
    ],
)
def test_upper_bound(extent, expected):
    targets = Layer("stops", frame([shapely.Point(130, 50)]), known_extent=None if extent is None else at(extent))
    assert nearest(frame([SQUARE]), targets)["upper_bound"].tolist() == [expected]


def test_a_touch_can_get_no_nearer():
    targets = Layer("stops", frame([shapely.Point(50, 50)]), known_extent=at(shapely.box(10, 10, 90, 90)))
    assert nearest(frame([SQUARE]), targets)["upper_bound"].tolist() == [False]


def test_empty_in_empty_out():
    found = nearest(frame([]), frame([shapely.Point(0, 0)]))
    assert found.columns.tolist() == ["distance_m", "target", "upper_bound"]
    assert found.dtypes.astype(str).tolist() == ["float64", "object", "bool"]
    assert found.empty


def test_the_input_is_not_touched_and_the_order_kept():
    sites = frame([SQUARE, shapely.Point(500, 500)], ["b", "a"])
    before = sites.copy()
    assert distance_to(sites, frame([shapely.Point(0, -7)])).index.tolist() == ["b", "a"]
    pd.testing.assert_frame_equal(pd.DataFrame(sites.to_wkt()), pd.DataFrame(before.to_wkt()))


def test_refusals():
    with pytest.raises(CrsError, match="EPSG:3007"):
        nearest(
            frame([SQUARE]), frame([SQUARE]).set_crs(3007, allow_override=True).translate(-350_000).to_frame("geometry")
        )
    with pytest.raises(InputError, match="delar id"):
        nearest(frame([SQUARE, SQUARE], ["A", "A"]), frame([SQUARE]))


def wiggle(seed, count):
    """Draw random polygons, lines and points, some with many vertices."""
    rng = np.random.default_rng(seed)
    centres = shapely.points(rng.uniform(0, 2000, (count, 2)))
    round_ones = shapely.buffer(centres, rng.uniform(1, 300, count), quad_segs=40)
    lines = shapely.linestrings(rng.uniform(0, 2000, (count, 60, 2)))
    return np.concatenate([centres, round_ones, lines[: count // 3]])


@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_brute_force_on_random_geometries(seed, count):
    sites, targets = frame(wiggle(seed, count)), frame(wiggle(seed + 1, count))
    expected = shapely.distance(sites.geometry.to_numpy()[:, None], targets.geometry.to_numpy()[None, :])
    found = nearest(sites, targets)
    np.testing.assert_allclose(found["distance_m"], expected.min(axis=1), atol=1e-6)
    of_found = expected[np.arange(len(sites)), found["target"].astype(int)]
    np.testing.assert_allclose(of_found, expected.min(axis=1), atol=1e-6)


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["street_centerlines", "water", "open_space", "subway_stations"])
def test_brute_force_on_cambridge(cambridge, name):
    parcels = cambridge("parcels_fy2014").sample(150, random_state=3)
    targets = cambridge(name)
    expected = shapely.distance(
        shapely.make_valid(parcels.geometry.values)[:, None], shapely.make_valid(targets.geometry.values)[None, :]
    )
    found = nearest(parcels, targets)
    np.testing.assert_allclose(found["distance_m"], np.nanmin(expected, axis=1), atol=1e-6)
    shuffled = nearest(parcels.sample(frac=1, random_state=1), targets.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled.loc[found.index], found)
