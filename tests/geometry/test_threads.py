"""Threads change no result."""

import os

import numpy as np
import pytest
import shapely

from landready.geometry.threads import each, found_in, in_chunks


@pytest.mark.parametrize("cores", [1, 2, 7, None])
def test_order_and_values_are_those_of_one_thread(monkeypatch, cores):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert each(lambda item: item**2, range(100)) == [item**2 for item in range(100)]
    left, right = (np.arange(start, start + 101).astype(object) for start in (0, 7))
    assert in_chunks(np.add, left, right, chunk=8).tolist() == (left + right).tolist()
    assert in_chunks(np.add, left[:0], right[:0], chunk=8).tolist() == []


def test_an_error_in_a_thread_is_raised():
    with pytest.raises(ZeroDivisionError):
        each(lambda item: 1 / item, [1, 0, 2])


@pytest.mark.parametrize("predicate", [None, "intersects"])
def test_a_tree_is_asked_in_chunks(predicate):
    points = shapely.points(np.random.default_rng(3006).uniform(0, 100, (9000, 2)))
    tree = shapely.STRtree(shapely.buffer(points[:50], 5))
    assert found_in(tree, points, predicate).tolist() == tree.query(points, predicate=predicate).tolist()
    assert found_in(tree, points[:0], predicate).shape == (2, 0)
