"""Shrinking and growing large polygons by tiles gives what GEOS gives for the whole."""

import numpy as np
import pytest
import shapely

from landready.geometry import offsets
from landready.geometry.offsets import eroded, grown

rng = np.random.default_rng(7)


def land_with_holes(holes):
    """Return a field of a square kilometre with round ponds."""
    ponds = shapely.buffer(shapely.points(rng.uniform(0, 1000, (holes, 2))), rng.uniform(2, 12, holes))
    return shapely.difference(shapely.box(0, 0, 1000, 1000), shapely.union_all(ponds))


@pytest.fixture
def in_tiles(monkeypatch):
    monkeypatch.setattr(offsets, "_WHOLE", 400)
    monkeypatch.setattr(offsets, "_TILE", 200)


@pytest.mark.usefixtures("in_tiles")
@pytest.mark.parametrize("by_m", [0.0, 3.0, 15.0])
def test_tiles_change_nothing_but_where_arcs_have_their_corners(by_m):
    lands = np.array([land_with_holes(100), shapely.box(0, 0, 50, 50), land_with_holes(40)])
    assert (shapely.get_num_coordinates(lands) > 400).tolist() == [True, False, True]
    for found, expected in zip(eroded(lands, by_m), shapely.buffer(lands, -by_m), strict=True):
        assert found.is_valid
        assert shapely.area(shapely.symmetric_difference(found, expected)) <= 1e-6 * expected.area
        assert len(shapely.get_parts(found)) == len(shapely.get_parts(expected))
    pieces, owner = grown(lands, by_m)
    assert (np.diff(owner) >= 0).all()
    for place, expected in enumerate(shapely.buffer(lands, by_m)):
        found = shapely.union_all(pieces[owner == place])
        assert shapely.area(shapely.symmetric_difference(found, expected)) <= 1e-6 * expected.area


@pytest.mark.usefixtures("in_tiles")
def test_a_comb_of_many_vertices_loses_its_teeth():
    teeth = shapely.box(np.arange(0, 1000, 10), 50, np.arange(4, 1004, 10), 90)
    comb = shapely.union_all([shapely.box(0, 0, 1000, 50), *teeth])
    [found] = eroded(np.array([comb]), 5.0)
    assert shapely.area(found) == pytest.approx(990 * 40, rel=2e-3)
    assert found.bounds == pytest.approx((5, 5, 995, 45), abs=0.5)


@pytest.mark.usefixtures("in_tiles")
def test_nothing_is_left_of_what_is_narrow_everywhere():
    zigzag = [(x, 20 * (x % 2)) for x in range(600)]
    [found] = eroded(shapely.buffer([shapely.LineString(zigzag)], 2.0), 30.0)
    assert found.is_empty
    pieces, owner = grown(np.array([shapely.Polygon()]), 3.0)
    assert len(pieces) == len(owner) == 0
