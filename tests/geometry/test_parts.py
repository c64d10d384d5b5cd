"""Only the wanted dimension stays."""

import numpy as np
import shapely

from landready.geometry.parts import keep_dimension

SQUARE, LINE, POINT = shapely.box(0, 0, 1, 1), shapely.LineString([(3, 0), (4, 0)]), shapely.Point(9, 9)


def test_polygons_stay_and_lines_and_points_go():
    kept = keep_dimension([SQUARE, LINE, POINT], 2)
    assert kept[0] == SQUARE
    assert shapely.is_empty(kept).tolist() == [False, True, True]


def test_mixed_collections_keep_their_polygons():
    kept = keep_dimension([shapely.GeometryCollection([SQUARE, LINE, POINT])], 2)
    assert kept[0] == SQUARE


def test_each_geometry_has_its_own_dimension():
    mixed = shapely.GeometryCollection([SQUARE, LINE])
    kept = keep_dimension([mixed, mixed], [2, 1])
    assert kept.tolist() == [SQUARE, LINE]


def test_missing_stays_missing_and_input_is_not_changed():
    given = np.array([None, LINE], dtype=object)
    kept = keep_dimension(given, 2)
    assert kept[0] is None
    assert given.tolist() == [None, LINE]
