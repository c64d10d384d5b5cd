"""Set algebra over base shapes."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.geometry.patches import Patches, common, inside, nothing, outside, parted, together, whole, without

BASE = np.array([shapely.box(10 * k, 0, 10 * k + 10, 10) for k in range(3)], dtype=object)


def strip(west, east):
    """What of the base shapes lies between two eastings."""
    return inside(BASE, np.array([shapely.box(west, -1, east, 11)], dtype=object))


def areas(patches):
    return patches.area(3).tolist()


def assert_sound(patches):
    assert (np.diff(patches.place) > 0).all()
    assert not shapely.is_empty(patches.shape).any()
    for place, shape, full in zip(patches.place, patches.shape, patches.full, strict=True):
        assert shape.difference(BASE[place]).area < 1e-9
        assert not full or shape.equals(BASE[place])


def test_inside_knows_whole_and_part():
    patches = strip(5, 20)
    assert areas(patches) == [50, 100, 0]
    assert patches.full.tolist() == [False, True]


def test_together_in_common_without():
    left, right = strip(0, 15), strip(12, 30)
    assert areas(together(left, right)) == [100, 100, 100]
    assert areas(common(left, right)) == [0, 30, 0]
    assert areas(without(left, right)) == [100, 20, 0]
    assert areas(without(whole(BASE), together(strip(0, 12), strip(14, 25)))) == [0, 20, 50]


def test_nothing_is_neutral():
    left = strip(0, 15)
    assert areas(together(left, nothing())) == areas(left)
    assert areas(without(left, nothing())) == areas(left)
    assert len(common(left, nothing())) == len(together()) == len(without(nothing(), left)) == 0


def test_operands_stay_as_they_were():
    left, right = strip(0, 25), strip(5, 30)
    before = left.shape.copy(), left.full.copy(), right.shape.copy()
    together(left, right), common(left, right), without(left, right)
    for old, new in zip(before, (left.shape, left.full, right.shape), strict=True):
        assert (old == new).all()


def test_outside_an_extent():
    assert len(outside(BASE, None)) == 0
    assert len(outside(BASE, shapely.box(-1, -1, 99, 99))) == 0
    half = outside(BASE, shapely.box(0, 0, 15, 10))
    assert areas(half) == [0, 50, 100]
    assert half.full.tolist() == [False, True]
    assert areas(outside(BASE, shapely.Polygon())) == [100, 100, 100]
    assert areas(outside(BASE, shapely.box(500, 0, 600, 1))) == [100, 100, 100]


def test_outside_does_not_prepare_the_callers_extent():
    extent = shapely.box(0, 0, 15, 10)
    outside(BASE, extent)
    assert not shapely.is_prepared(extent)


def test_outside_an_extent_of_several_parts_and_holes():
    extent = shapely.MultiPolygon([shapely.box(-1, -1, 12, 11), shapely.box(18, -1, 31, 11)]) - shapely.box(2, 2, 4, 4)
    assert areas(outside(BASE, extent)) == pytest.approx([4, 60, 0])


EDGES = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).filter(lambda e: e[0] < e[1])


@settings(max_examples=80, deadline=None)
@given(st.lists(EDGES, min_size=1, max_size=3), st.lists(EDGES, min_size=1, max_size=3))
def test_set_algebra_holds(left, right):
    a, b = (together(*(strip(*edges) for edges in side)) for side in (left, right))
    union, both, rest = together(a, b), common(a, b), without(a, b)
    for patches in (a, b, union, both, rest):
        assert_sound(patches)
    a_m2, b_m2 = a.area(3), b.area(3)
    assert union.area(3) == pytest.approx(a_m2 + b_m2 - both.area(3), abs=1e-9)
    assert rest.area(3) == pytest.approx(a_m2 - both.area(3), abs=1e-9)
    assert isinstance(union, Patches)
    for part, same in zip(parted(a, b), (both, rest), strict=True):
        assert_sound(part)
        assert part.area(3).tolist() == pytest.approx(same.area(3).tolist(), abs=1e-9)
        assert part.full.tolist() == same.full.tolist()
    assert [len(part) for part in parted(whole(BASE), a)] == [len(common(whole(BASE), a)), len(without(whole(BASE), a))]
