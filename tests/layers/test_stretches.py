"""Stretches of lines: the same as shapely cuts one by one."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.ops import substring

from landready.layers.stretches import stretches_of

BENT = shapely.LineString([(0, 0), (10, 0), (10, 10), (0, 10)])


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 100)).filter(lambda cut: cut[0] < cut[1]), min_size=1))
def test_as_shapely_cuts_them_one_by_one(cuts):
    other = shapely.LineString([(338_000.5, 6_406_000.25), (338_090, 6_406_040), (338_200, 6_405_990)])
    lines = np.array([(BENT, other)[k % 2] for k in range(len(cuts))], dtype=object)
    low, high = (np.array(column) / 100 for column in zip(*cuts, strict=True))
    found = stretches_of(lines, low, high)
    for stretch, line, start, end in zip(found, lines, low, high, strict=True):
        wanted = substring(line, start, end, normalized=True)
        assert stretch.length == pytest.approx(wanted.length, abs=1e-6)
        assert shapely.hausdorff_distance(stretch, wanted) < 1e-6


def test_a_cut_at_a_vertex_does_not_repeat_it():
    (found,) = stretches_of(np.array([BENT]), np.array([1 / 3]), np.array([1.0]))
    assert shapely.get_coordinates(found).tolist() == [[10, 0], [10, 10], [0, 10]]


def test_neighbours_meet_in_one_point():
    first, second = stretches_of(np.array([BENT, BENT]), np.array([0.0, 0.37]), np.array([0.37, 1.0]))
    assert first.coords[-1] == second.coords[0]
