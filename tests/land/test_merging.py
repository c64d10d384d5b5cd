"""Fragments go back to a neighbour."""

import numpy as np
import shapely
from shapely import box

from landready.land.merging import Sizes, merge_fragments


def merged_areas(shapes, *, narrow=(), least=1000.0, largest=10_000.0, width=10.0):
    flags = np.isin(np.arange(len(shapes)), narrow)
    merged = merge_fragments(np.array(shapes, dtype=object), flags, Sizes(least, largest, width))
    assert (shapely.get_type_id(merged) == shapely.GeometryType.POLYGON).all()
    return sorted(shapely.area(merged).round().tolist())


def test_a_fragment_joins_the_neighbour_of_the_longest_border():
    shapes = [box(0, 0, 40, 100), box(40, 0, 49, 100), box(49, 0, 100, 80)]
    assert merged_areas(shapes) == [4080, 4900]


def test_or_the_next_if_that_would_be_too_large():
    shapes = [box(0, 0, 100, 95), box(100, 0, 109, 95), box(109, 0, 170, 60)]
    assert merged_areas(shapes) == [4515, 9500]


def test_or_none():
    shapes = [box(0, 0, 100, 95), box(100, 0, 109, 95)]
    assert merged_areas(shapes) == [855, 9500]
    assert merged_areas([]) == []


def test_fragments_join_each_other():
    assert merged_areas([box(0, 0, 10, 50), box(10, 0, 20, 55), box(20, 0, 30, 60)], largest=1200) == [600, 1050]
    assert merged_areas([box(x, 0, x + 10, 50) for x in range(0, 40, 10)]) == [2000]


def test_a_border_shorter_than_the_least_width_joins_nothing():
    shapes = [box(0, 0, 100, 50), box(100, 45, 130, 75)]
    assert merged_areas(shapes) == [900, 5000]
    assert merged_areas(shapes, width=5.0) == [5900]
    corner = [box(0, 0, 100, 50), box(100, 50, 130, 80)]
    assert merged_areas(corner, width=0.0) == [900, 5000]


def test_a_narrow_strip_joins_alongside_but_not_as_a_tail():
    field = box(0, 0, 100, 90)
    assert merged_areas([field, box(0, 90, 100, 98)], narrow=[1]) == [9800]
    assert merged_areas([field, box(100, 0, 200, 8)], narrow=[1]) == [800, 9000]


def test_a_hair_between_neighbours_is_a_border():
    shapes = [box(0, 0, 40, 100), box(40 + 1e-6, 0, 49, 100)]
    assert merged_areas(shapes) == [4900]
