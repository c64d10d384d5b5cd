"""Overlay that counts nothing twice and survives GEOS."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.geometry import overlay
from landready.geometry.overlay import collect, covered, pairs, reach, safe, union_by_group

A, B = shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)


def shapes(*items):
    return np.array([*items, None], dtype=object)[:-1]


def flaky(operation, *, poison):
    """Fail as GEOS does: for the whole array, if the poisonous shape is in it and no grid is set."""

    def run(left, right, grid_size=None):
        if grid_size is None and any(shape is poison for shape in left):
            raise shapely.errors.GEOSException("TopologyException: side location conflict")
        return operation(left, right, grid_size=grid_size)

    return run


def test_safe_is_the_operation_where_nothing_fails():
    assert safe(shapely.intersection, shapes(A), shapes(B))[0].equals(shapely.box(5, 0, 10, 10))


def test_safe_keeps_no_touch():
    assert safe(shapely.intersection, shapes(A), shapes(shapely.box(10, 0, 20, 10)))[0].is_empty


@pytest.mark.parametrize("at", [0, 3, 6])
def test_one_failing_pair_spoils_no_other(at):
    left = shapes(*(shapely.box(0, 0, 10 + k, 10) for k in range(7)))
    right = shapes(*[B] * 7)
    result = safe(flaky(shapely.intersection, poison=left[at]), left, right)
    assert shapely.area(result) == pytest.approx([10.0 * min(5 + k, 10) for k in range(7)])


def test_pairs_are_sorted_and_skip_the_missing():
    i, j = pairs(shapes(B, None, A), shapes(A, shapely.Polygon(), B))
    assert list(zip(i, j, strict=True)) == [(0, 0), (0, 2), (2, 0), (2, 2)]


def test_union_by_group_counts_overlap_once_and_knows_empty_groups():
    result = union_by_group(shapes(A, B, A), np.array([2, 2, 0]), 4)
    assert shapely.area(result).tolist() == [100, 0, 150, 0]


def test_union_failure_is_bisected(monkeypatch):
    plain = shapely.union_all
    calls = []

    def failing(geometries, grid_size=None, axis=None):
        geometries = np.asarray(geometries, dtype=object)
        calls.append(grid_size)
        if grid_size is None and any(B in shapely.get_parts(shape) for shape in geometries.ravel()):
            raise shapely.errors.GEOSException("TopologyException")
        return plain(geometries, grid_size=grid_size, axis=axis)

    monkeypatch.setattr(shapely, "union_all", failing)
    far = shapely.box(100, 0, 110, 10)
    result = union_by_group(shapes(A, B, A, far), np.array([0, 0, 1, 1]), 2)
    assert shapely.area(result) == pytest.approx([150, 200])
    assert 1e-4 in calls


def test_collect_joins_without_overlay():
    result = collect(shapes(A, A, shapely.box(20, 0, 30, 10)), np.array([0, 2, 2]), 3)
    assert [shape.geom_type for shape in result] == ["Polygon", "Polygon", "MultiPolygon"]
    assert shapely.area(result).tolist() == [100, 0, 200]


def test_covered_whole_partly_and_not_at_all():
    result = covered(shapes(A, B, shapely.box(90, 90, 91, 91)), shapes(shapely.box(-1, -1, 11, 11)))
    assert result[0] == A
    assert shapely.area(result) == pytest.approx([100, 60, 0])


def test_overlapping_areas_count_once():
    areas = shapes(shapely.box(0, 0, 6, 10), shapely.box(4, 0, 8, 10), shapely.box(5, 5, 6, 6))
    assert shapely.area(covered(shapes(A), areas)) == pytest.approx([80])


def test_reach_says_what_is_covered_whole():
    place, part, full = reach(shapes(B, A, shapely.box(90, 0, 91, 1)), shapes(A))
    assert place.tolist() == [0, 1]
    assert full.tolist() == [False, True]
    assert part[1] is A or part[1] == A


def test_touching_edges_and_corners_cover_nothing():
    beside = shapes(shapely.box(10, 0, 20, 10), shapely.box(10, 10, 20, 20), shapely.box(0, -5, 10, 0))
    place, _, _ = reach(shapes(A), beside)
    assert len(place) == 0


def test_collinear_edges_with_other_vertices():
    """Plans that follow a parcel's boundary exactly, with vertices of their own on it."""
    parcel = shapely.Polygon([(0, 0), (30, 10), (20, 40), (-10, 30)])
    on_edge = [shapely.line_interpolate_point(shapely.LineString([(0, 0), (30, 10)]), d) for d in (5, 11.3, 20)]
    plan = shapely.Polygon([(0, 0), *[(p.x, p.y) for p in on_edge], (30, 10), (25, 25), (-5, 15)])
    neighbour = shapely.Polygon([(30, 10), *[(p.x, p.y) for p in reversed(on_edge)], (0, 0), (10, -30)])
    result = covered(shapes(parcel, parcel), shapes(plan))
    assert result[0].area == pytest.approx(parcel.intersection(plan).area, abs=1e-9)
    assert covered(shapes(parcel), shapes(neighbour))[0].area == pytest.approx(0, abs=1e-9)


def test_large_area_with_hole_is_cut_without_trace():
    lake = shapely.Point(0, 0).buffer(500, quad_segs=200) - shapely.Point(30, 0).buffer(200, quad_segs=200)
    parcels = shapes(*(shapely.box(x, y, x + 90, y + 90) for x in range(-500, 500, 90) for y in (-500, -45, 300)))
    expected = shapely.area(shapely.intersection(parcels, lake))
    assert shapely.area(covered(parcels, shapes(lake))) == pytest.approx(expected, abs=1e-7)


def test_nothing_in_nothing_out():
    none = np.empty(0, dtype=object)
    assert len(covered(none, shapes(A))) == 0
    assert shapely.is_empty(covered(shapes(A), none)).all()
    assert shapely.is_empty(covered(shapes(A), shapes(None, shapely.Polygon()))).all()


RECTANGLE = st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(1, 60), st.floats(1, 60), st.floats(0, 3))


def turned(rectangle):
    x, y, width, height, angle = rectangle
    return shapely.affinity.rotate(shapely.box(x, y, x + width, y + height), angle, use_radians=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(RECTANGLE, min_size=1, max_size=6), st.lists(RECTANGLE, max_size=8))
def test_covered_area_is_that_of_the_union(left, right):
    left, right = shapes(*map(turned, left)), shapes(*map(turned, right))
    expected = shapely.area(shapely.intersection(left, shapely.union_all(right)))
    assert shapely.area(covered(left, right)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("wrong", [shapely.intersection, shapely.difference])
def test_a_wrong_overlay_that_does_not_fail_is_found_by_its_area(monkeypatch, wrong):
    """GEOS has returned polygons larger than the one that was cut; then the pair is answered on the grid."""

    def deceive(operation, left, right):
        return left.copy() if operation is wrong else safe(operation, left, right)

    monkeypatch.setattr(overlay, "safe", deceive)
    left, right = (
        np.array([shapely.box(0, 0, 10, 10)] * 2),
        np.array([shapely.box(0, 0, 4, 10), shapely.box(20, 0, 30, 9)]),
    )
    within, beyond = overlay.halves(left, right)
    assert shapely.area(within).tolist() == pytest.approx([40, 0])
    assert shapely.area(beyond).tolist() == pytest.approx([60, 100])


def test_what_is_left_of_a_polygon_is_checked_against_its_part(monkeypatch):
    monkeypatch.setattr(overlay, "safe", lambda _operation, left, _right: left.copy())
    rest = overlay.rest_of(np.array([shapely.box(0, 0, 10, 10)]), np.array([shapely.box(0, 0, 4, 10)]))
    assert shapely.area(rest).tolist() == pytest.approx([60])
