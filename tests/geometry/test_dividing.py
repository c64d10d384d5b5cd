"""Dividing shapes by what lies on them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.geometry import dividing
from landready.geometry.dividing import divide

SQUARE = shapely.box(0, 0, 10, 10)


def shapes(*geometries):
    return np.array(geometries, dtype=object)


def test_parts_and_rest_of_cutters_that_share_no_ground():
    parts, owner, rest = divide(
        shapes(SQUARE), shapes(shapely.box(-5, 0, 2, 10), shapely.box(8, 0, 20, 10)), np.zeros(2, int)
    )
    assert shapely.area(parts).tolist() == [20, 20]
    assert owner.tolist() == [0, 0]
    assert rest[0].equals(shapely.box(2, 0, 8, 10))


def test_cutters_that_overlap_count_once():
    cutters = shapes(shapely.box(0, 0, 6, 10), shapely.box(4, 0, 8, 10))
    parts, _, rest = divide(shapes(SQUARE), cutters, np.zeros(2, int))
    assert shapely.area(parts).tolist() == [80]
    assert rest[0].equals(shapely.box(8, 0, 10, 10))


def test_many_cutters_are_joined_and_their_rest_is_not_told():
    strips = shapely.box(np.arange(10), -1, np.arange(10) + 0.5, 11)
    parts, owner, rest = divide(shapes(SQUARE), strips, np.zeros(10, int))
    assert shapely.area(parts).sum() == pytest.approx(50)
    assert set(owner) == {0}
    assert rest[0] is None


def test_what_only_touches_leaves_no_part():
    parts, owner, rest = divide(shapes(SQUARE, SQUARE), shapes(shapely.box(10, 0, 20, 10), SQUARE), np.arange(2))
    assert owner.tolist() == [1]
    assert parts[0].equals(SQUARE)
    assert rest[0].equals(SQUARE)
    assert rest[1].is_empty


@pytest.mark.parametrize("name", ["difference", "intersection"])
def test_a_wrong_overlay_is_found_and_answered_otherwise(monkeypatch, name):
    """Overlay that loses ground without failing: its answer does not sum, and is answered on the grid."""
    plain = getattr(shapely, name)

    def lossy(left, right, grid_size=None):
        result = plain(left, right, grid_size=grid_size)
        return result if grid_size else shapely.buffer(result, -0.5, join_style="mitre")

    monkeypatch.setattr(shapely, name, lossy)
    cutters = shapes(shapely.box(0, 0, 4, 10), shapely.box(0, 0, 12, 3))
    parts, owner, rest = divide(shapes(SQUARE), cutters, np.zeros(2, int))
    assert shapely.area(parts).sum() == pytest.approx(40 + 30 - 12, abs=1e-3)
    assert owner.tolist() == [0] * len(parts)
    assert rest[0] is None or rest[0].area == pytest.approx(42, abs=1e-3)


BOXES = st.tuples(st.integers(-3, 9), st.integers(-3, 9), st.integers(1, 12), st.integers(1, 12)).map(
    lambda box: shapely.box(box[0], box[1], box[0] + box[2], box[1] + box[3])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(BOXES, min_size=1, max_size=dividing.FEW + 3), min_size=1, max_size=3))
def test_the_same_as_unions(groups):
    base = np.full(len(groups), SQUARE, dtype=object)
    cutters = np.array([box for group in groups for box in group], dtype=object)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    parts, place, rest = divide(base, cutters, owner)
    for number, group in enumerate(groups):
        union = shapely.union_all(group)
        mine = parts[place == number]
        assert shapely.area(mine).sum() == pytest.approx(union.intersection(SQUARE).area)
        assert shapely.union_all(mine).symmetric_difference(union.intersection(SQUARE)).area < 1e-9
        if rest[number] is not None:
            assert rest[number].symmetric_difference(SQUARE.difference(union)).area < 1e-9
