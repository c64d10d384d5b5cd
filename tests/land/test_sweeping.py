"""What lies behind a line that moves over an area, and what the line cuts, against overlay."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from landready.land.sweeping import sweep

EAST = np.array([1.0, 0.0])


def by_overlay(polygon, origin, along, offsets):
    """Return the same by intersecting with half planes and lines."""
    across = np.array([-along[1], along[0]]) * 1e5
    behind, length = [], []
    for offset in offsets:
        low, high = origin - along * 1e5, origin + along * offset
        half = shapely.Polygon([low - across, high - across, high + across, low + across])
        behind.append(polygon.intersection(half).area)
        length.append(polygon.intersection(shapely.LineString([high - across, high + across])).length)
    return np.array(behind), np.array(length)


def test_a_rectangle():
    behind, length = sweep(
        box(340_000, 6_400_000, 340_300, 6_400_100), np.array([340_000, 6_400_000]), EAST, [0, 75, 300]
    )
    assert behind == pytest.approx([0, 7_500, 30_000])
    assert length[1] == pytest.approx(100)


@pytest.mark.parametrize("turned", [False, True], ids=["left", "right"])
def test_a_hole_is_not_counted_whichever_way_the_rings_turn(turned):
    ring = shapely.box(0, 0, 100, 100).difference(box(40, 40, 60, 80))
    ring = shapely.orient_polygons(ring, exterior_cw=turned)
    behind, length = sweep(ring, np.zeros(2), EAST, np.array([40.0, 50.0, 60.5, 100.0]))
    assert behind == pytest.approx([4_000, 4_600, 6_050 - 800, 9_200])
    assert length[[1, 2]] == pytest.approx([60, 100])


def test_corners_on_the_line_count_once():
    diamond = shapely.Polygon([(0, 0), (50, -50), (100, 0), (50, 50)])
    behind, length = sweep(diamond, np.zeros(2), EAST, np.array([50.0]))
    assert (behind[0], length[0]) == pytest.approx((2_500, 100))


@given(st.integers(0, 10_000))
def test_the_same_as_by_overlay(seed):
    rng = np.random.default_rng(seed)
    discs = shapely.buffer(shapely.points(rng.uniform(0, 400, (12, 2))), rng.uniform(20, 90, 12), quad_segs=4)
    area = shapely.union_all(discs[:9]).difference(shapely.union_all(discs[9:]))
    polygon = max(shapely.get_parts(area), key=shapely.area)
    angle = rng.uniform(0, np.pi)
    along, origin = np.array([np.cos(angle), np.sin(angle)]), rng.uniform(0, 400, 2)
    place = (shapely.get_coordinates(polygon) - origin) @ along
    offsets = np.sort(rng.uniform(place.min() - 20, place.max() + 20, 9))
    behind, length = sweep(polygon, origin, along, offsets)
    wanted_behind, wanted_length = by_overlay(polygon, origin, along, offsets)
    assert behind == pytest.approx(wanted_behind, rel=1e-9, abs=1e-5)
    assert length == pytest.approx(wanted_length, rel=1e-9, abs=1e-5)
