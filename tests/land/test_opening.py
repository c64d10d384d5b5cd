"""Joining on a grid, opening at necks, ribbons."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from landready.geometry import overlay
from landready.land.contiguity import in_order, join, joined
from landready.land.opening import is_ribbon, open_at_necks


def array(*shapes):
    return np.array(shapes, dtype=object)


def test_join_sorts_by_size_then_position():
    joined = join(array(box(50, 0, 60, 10), box(0, 0, 10, 10), box(20, 0, 40, 10)))
    assert shapely.bounds(joined)[:, 0].tolist() == [20, 0, 50]
    assert len(join(array())) == 0


def test_join_adds_nothing_where_there_are_no_slits():
    notch = box(0, 0, 100, 100).difference(shapely.Polygon([(40, 100), (50, 0.5), (60, 100)]))
    [joined] = join(array(notch))
    assert joined.normalize() == shapely.set_precision(notch, 1e-3).normalize()


def test_a_bow_tie_stays_two():
    assert len(join(array(box(0, 0, 10, 10), box(10, 10, 20, 20)))) == 2
    assert len(join(array(box(0, 0, 10, 10), box(10 + 1e-9, 10 - 1e-9, 20, 20)))) == 2


def test_order_ignores_noise():
    shapes = array(box(0, 0, 10, 10), box(20, 0, 30, 10 + 1e-9))
    assert shapely.bounds(in_order(shapes[::-1]))[:, 0].tolist() == [0, 20]


def test_what_has_no_core_is_narrow():
    opened = open_at_necks(array(box(0, 0, 100, 29), box(0, 50, 100, 80)), min_width_m=30)
    assert opened.site_source.tolist() == [1]
    assert opened.narrow_source.tolist() == [0]


def test_zero_width_opens_nothing():
    land = array(box(0, 0, 100, 0.5))
    opened = open_at_necks(land, min_width_m=0)
    assert opened.sites.tolist() == land.tolist()
    assert len(opened.narrow) == 0


def test_three_fields_at_a_narrow_crossing_part_into_three():
    land = shapely.union_all([box(0, 0, 80, 80), box(100, 0, 180, 80), box(50, 100, 130, 180), box(78, 70, 102, 102)])
    opened = open_at_necks(array(land), min_width_m=40)
    assert len(opened.sites) == 3
    assert shapely.area(opened.sites).sum() + shapely.area(opened.narrow).sum() == pytest.approx(land.area)


@pytest.mark.parametrize(
    ("width", "length", "ribbon"), [(30, 300, False), (30, 1000, True), (70, 1500, False), (59, 2000, True)]
)
def test_ribbons(width, length, ribbon):
    shape = box(0, 0, length, width)
    assert bool(is_ribbon(shape.area, shape.length, min_width_m=30)) is ribbon
    assert not is_ribbon(shape.area, shape.length, min_width_m=0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 20)] * 2), min_size=1, max_size=12),
    st.integers(1, 8),
)
def test_opening_divides_land(rows, width):
    width *= 10
    land = join(array(*[box(x * 10, y * 10, (x + w) * 10, (y + h) * 10) for x, y, w, h in rows]))
    opened = open_at_necks(land, min_width_m=width)
    everything = np.concatenate([opened.sites, opened.narrow])
    # What GEOS gets wrong is answered on a grid, and edges move that much.
    grid_m2 = overlay.FALLBACK_GRID_M * shapely.length(land).sum()
    assert shapely.area(everything).sum() == pytest.approx(shapely.area(land).sum(), abs=grid_m2)
    assert shapely.area(shapely.union_all(everything)) == pytest.approx(shapely.area(land).sum(), abs=grid_m2)
    assert shapely.is_valid(everything).all()
    # Two cores closer than the width share the land between them, and may both end up narrower.
    alone = np.bincount(opened.site_source, minlength=len(land))[opened.site_source] == 1
    disc = shapely.length(shapely.maximum_inscribed_circle(opened.sites[alone], tolerance=0.001))
    assert (disc >= width / 2 - 0.01).all()
    outside = overlay.beyond(opened.sites, land[opened.site_source])
    assert (shapely.area(outside) <= grid_m2).all()
    # Nothing that a disc of the least width fits into is lost.
    core = shapely.buffer(opened.narrow, -(width / 2 + 0.01))
    assert shapely.area(core).sum() == 0


def test_land_that_overlaps_is_joined_too_and_with_what_is_beside_it():
    twice, beside, apart = box(0, 0, 10, 20), box(10, 0, 30, 10), box(40, 0, 50, 10)
    land, place = joined(array(twice, box(0, 0, 10, 10), beside, box(0, 0, 10, 10), apart))
    assert [shape.equals(other) for shape, other in zip(land, [twice | beside, apart], strict=True)] == [True, True]
    assert place.tolist() == [0, 0, 0, 0, 1]
