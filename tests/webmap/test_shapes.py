import numpy as np
import pytest
import shapely
from pyproj import CRS

from landready.webmap import shapes

TM = CRS("EPSG:3006")


def test_the_central_meridian_is_fifteen_degrees_east():
    point = shapes.to_degrees([shapely.Point(500_000, 6_400_000), None], TM)
    assert point[0].x == 15.0
    assert point[0].y == pytest.approx(57.74, abs=0.01)
    assert point[1] is None


def test_gathered_joins_links_whatever_their_order():
    links = [shapely.LineString([(k, 0), (k + 1, 0)]) for k in range(5)]
    whole = shapes.gathered(links, 1)
    assert whole.geom_type == "LineString"
    assert whole.length == 5
    assert shapes.gathered(links[::-1], 1).equals_exact(whole)
    assert shapes.gathered([shapely.Point(0, 0)], 2) is None
    assert shapes.gathered([], 1) is None


def test_gathered_looks_into_collections():
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)])])
    assert shapes.gathered([mixed], 2).area == 1
    assert shapes.gathered([mixed], 1).length == pytest.approx(50**0.5)


def test_clipped_keeps_what_is_inside():
    found = shapes.clipped([shapely.box(0, 0, 10, 10), shapely.Point(50, 50)], (5, 5, 20, 20))
    assert found[0].area == 25
    assert found[1].is_empty


def test_anchor_of_square_is_its_middle_and_of_nothing_nothing():
    found = shapes.anchors([shapely.box(0, 0, 10, 10), None, shapely.Polygon()])
    assert (found[0].x, found[0].y) == (5, 5)
    assert found[1] is None
    assert found[2] is None


def test_lat_lon_order():
    assert shapes.lat_lon(np.array([shapely.Point(12, 57), None])) == [[57.0, 12.0], None]


def test_as_json_of_missing_and_empty():
    assert shapes.as_json(None) is None
    assert shapes.as_json(shapely.Polygon()) is None
    assert shapes.as_json(shapely.Point(1, 2)) == {"type": "Point", "coordinates": [1.0, 2.0]}
