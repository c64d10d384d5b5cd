"""Polygons joined at their borders: hand-drawn cases, and the union that overlay gives."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from landready.geometry import borders
from landready.geometry.borders import GAP_M, merge_at_borders

EAST, NORTH = 340_000, 6_400_000


def merge(*shapes):
    """Merge, see that nothing failed, and return the polygons with the place of each shape."""
    merged, place, failed = merge_at_borders(np.array(shapes, dtype=object))
    assert not failed.any()
    assert shapely.is_valid(merged).all()
    return merged, place.tolist()


def test_nothing():
    merged, place, failed = merge_at_borders(np.empty(0, dtype=object))
    assert (len(merged), len(place), len(failed)) == (0, 0, 0)


def test_neighbours_become_one():
    [both], place = merge(box(0, 0, 10, 10), box(10, 0, 30, 10))
    assert both.equals(box(0, 0, 30, 10))
    assert place == [0, 0]


def test_what_is_apart_stays_apart():
    merged, place = merge(box(0, 0, 10, 10), box(20, 0, 30, 10), box(30, 0, 40, 10))
    assert shapely.area(merged)[place].tolist() == [100, 200, 200]


def test_bricks_share_no_vertex():
    bricks = [box(x, y, x + 10, y + 4) for y in range(0, 20, 4) for x in range(-(y % 8), 40, 10)]
    [wall], _ = merge(*bricks)
    assert wall.area == pytest.approx(sum(brick.area for brick in bricks))
    assert not wall.interiors


@pytest.mark.parametrize(("gap", "count"), [(0.0005, 1), (0.005, 1), (0.009, 1), (0.011, 2), (0.5, 2)])
def test_a_hair_thin_slit_is_closed(gap, count):
    merged, _ = merge(box(0, 0, 50, 20), box(5, 20 + gap, 70, 40 + gap))
    assert len(merged) == count
    assert shapely.area(merged).sum() == pytest.approx(50 * 20 + 65 * 20, abs=70 * GAP_M)


def test_a_film_of_overlap_is_a_border_too():
    [both], _ = merge(box(0, 0, 50, 20), box(5, 19.996, 70, 40))
    assert both.area == pytest.approx(50 * 20 + 65 * 20, abs=70 * GAP_M)


def test_a_slit_within_one_polygon_is_closed():
    slit = box(20, -1, 20.006, 60)
    [whole], _ = merge(box(0, 0, 40, 100) - slit)
    assert whole.area == pytest.approx(4000, abs=0.6)
    assert len(whole.exterior.coords) <= 8


def test_a_spike_is_dropped():
    spiked = Polygon([(0, 0), (40, 0), (40, 100), (40.004, 20), (80, 20), (80, 120), (0, 120)])
    [plain], _ = merge(spiked)
    assert plain.area == pytest.approx(spiked.area, abs=1)
    assert shapely.boundary(plain).distance(shapely.Point(40, 99.5)) > 10 or plain.length < spiked.length


def test_a_hole_is_kept_and_a_hole_that_is_a_slit_is_not():
    [land], _ = merge(box(0, 0, 100, 100) - box(20, 20, 20.004, 80) - box(40, 40, 60, 60))
    assert land.equals(box(0, 0, 100, 100) - box(40, 40, 60, 60))


def test_what_meets_in_a_point_stays_apart():
    merged, _ = merge(box(0, 0, 10, 10), box(10, 10, 20, 20))
    assert len(merged) == 2


def test_a_ring_of_land_has_a_hole_with_an_island():
    frame = [box(0, 0, 40, 10), box(0, 30, 40, 40), box(0, 10, 10, 30), box(30, 10, 40, 30)]
    merged, place = merge(*frame, box(15, 15, 25, 25))
    assert place == [0, 0, 0, 0, 1]
    assert merged[0].equals(box(0, 0, 40, 40) - box(10, 10, 30, 30))


def test_a_hole_may_touch_the_outline_and_another_hole():
    touching = box(0, 0, 60, 40) - Polygon([(0, 20), (20, 10), (20, 30)]) - Polygon([(20, 30), (40, 20), (40, 35)])
    strips = [touching & box(x, 0, x + 15, 40) for x in range(0, 60, 15)]
    [land], _ = merge(*shapely.get_parts(strips))
    assert land.equals(touching)


def test_land_that_a_film_joins_is_two():
    # The film runs along the excluded ground between the two, and borders on both.
    left = Polygon([(0, 0), (40, 0), (40, 40), (80, 40.000001), (40, 40.000002), (40, 60), (0, 60)])
    merged, place = merge(left, box(80, 0, 120, 60))
    assert shapely.area(merged)[place] == pytest.approx([2400, 2400])


def test_land_that_overlaps_is_told():
    shapes = np.array([box(0, 0, 10, 10), box(5, 5, 15, 15), box(30, 0, 40, 10)], dtype=object)
    merged, place, failed = merge_at_borders(shapes)
    assert failed.tolist() == [True, True, False]
    assert place.tolist() == [-1, -1, 0]
    assert [shape.equals(shapes[2]) for shape in merged] == [True]


@pytest.mark.parametrize("inner", [box(2, 2, 8, 8), box(0, 0, 10, 5), box(0, 0, 10, 10), box(0, 2, 10, 8)])
def test_so_is_land_within_land(inner):
    _, _, failed = merge_at_borders(np.array([box(0, 0, 10, 10), inner], dtype=object))
    assert failed.all()


def fields(seed, count, noise):
    """Draw fields as a Voronoi diagram with some left out, each vertex moved by up to `noise` in each field."""
    rng = np.random.default_rng(seed)
    points = shapely.MultiPoint(rng.uniform(0, 400, (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(0, 0, 400, 400)))
    cells = shapely.intersection(cells, box(0, 0, 400, 400))
    chosen = cells[rng.random(len(cells)) < 0.7]
    rings = [shapely.get_coordinates(cell)[:-1] for cell in chosen if cell.area > 1]
    moved = [Polygon(xy + rng.uniform(-noise, noise, xy.shape) + (EAST, NORTH)) for xy in rings]
    return np.array([cell for cell in moved if cell.is_valid], dtype=object)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 60), st.sampled_from([0.0, 1e-9, 1e-6, 1e-3]))
def test_it_is_the_union(seed, count, noise):
    cells = fields(seed, count, noise)
    merged, place = merge(*cells)
    # What is less than a gap apart belongs together, and what a pin's head joins does not.
    union = shapely.union_all(shapely.buffer(cells, 2 * GAP_M, join_style="mitre"))
    parts = shapely.get_parts(shapely.buffer(union, -4 * GAP_M, join_style="mitre"))
    assert len(merged) == len(parts[shapely.area(parts) > 0.1])
    around = shapely.length(cells).sum()
    assert shapely.area(merged).sum() == pytest.approx(shapely.area(cells).sum(), abs=GAP_M * around)
    assert (shapely.area(shapely.difference(cells, shapely.buffer(merged[place], 2 * GAP_M))) == 0).all()
    overlap = [shapely.area(one & other) for k, one in enumerate(merged) for other in merged[k + 1 :]]
    assert max(overlap, default=0) <= GAP_M * around


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_the_shapes_does_not_matter(seed, random):
    cells = fields(seed, 30, 1e-3)
    order = np.array(random.sample(range(len(cells)), len(cells)), dtype=np.intp)
    merged, place = merge(*cells)
    again, place_again = merge(*cells[order])

    def known(shapes):
        return sorted(shape.wkt for shape in shapely.normalize(shapes))

    assert known(merged) == known(again)
    assert shapely.area(merged)[np.array(place)[order]] == pytest.approx(shapely.area(again)[place_again])


@pytest.mark.realdata
def test_cambridge_parcels_as_overlay_joins_them(cambridge):
    parcels = shapely.make_valid(cambridge("parcels_fy2014").geometry.values)
    parts = shapely.get_parts(shapely.get_parts(parcels))
    parts = parts[shapely.get_dimensions(parts) == 2]
    merged, place, failed = merge_at_borders(parts)
    there = place >= 0
    assert (there | failed)[shapely.area(parts) > 1].all()
    covered = shapely.union_all(merged)
    assert covered.area == pytest.approx(shapely.area(merged).sum(), rel=1e-6)
    assert shapely.area(covered ^ shapely.union_all(parts[there])) < GAP_M * shapely.length(parts).sum()


@pytest.mark.parametrize("seed", range(5))
def test_what_is_near_a_moved_edge_is_looked_for(seed):
    rng = np.random.default_rng(seed)
    shapes = shapely.buffer(shapely.points(rng.uniform(0, 900, (400, 2))), rng.uniform(1, 150, 400))
    edges, xy, _ = borders._edges(shapely.get_rings(shapes))
    settled = rng.random(len(edges)) > 0.002
    edges = borders._Edges(edges.start, edges.end, edges.ring, edges.along, settled)
    chosen = borders._round_the_unsettled(edges, xy)
    assert len(chosen) < len(edges)
    box_of = shapely.box(
        *np.concatenate(
            [np.minimum(xy[edges.start], xy[edges.end]), np.maximum(xy[edges.start], xy[edges.end])], axis=1
        ).T
    )
    _, near = shapely.STRtree(box_of).query(box_of[~settled])
    assert np.isin(near, chosen).all()
