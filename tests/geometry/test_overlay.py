"""Overlay that counts nothing twice and survives GEOS."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.geometry import overlay
from landready.geometry.coverage import covered
from landready.geometry.overlay import beyond, collect, halves, misplaced, overlap_of, pairs, rest_of, union_by_group
from landready.geometry.patches import inside

A, B = shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)


def shapes(*items):
    return np.array([*items, None], dtype=object)[:-1]


def flaky(operation, *, poison):
    """Fail as GEOS does: for the whole array, if the poisonous shape is in it and no grid is set."""

    def run(left, right, grid_size=None):
        if grid_size is None and any(shape == poison for shape in left):
            raise shapely.errors.GEOSException("TopologyException: side location conflict")
        return operation(left, right, grid_size=grid_size)

    return run


def test_overlap_and_what_lies_beyond():
    assert overlap_of(shapes(A), shapes(B))[0].equals(shapely.box(5, 0, 10, 10))
    assert beyond(shapes(A), shapes(B))[0].equals(shapely.box(0, 0, 5, 10))


def test_a_touch_is_no_overlap():
    assert overlap_of(shapes(A), shapes(shapely.box(10, 0, 20, 10)))[0].is_empty


@pytest.mark.parametrize("at", [0, 3, 6])
def test_one_failing_pair_spoils_no_other(monkeypatch, at):
    left = shapes(*(shapely.box(0, 0, 10 + k, 10) for k in range(7)))
    right = shapes(*[B] * 7)
    for name in ("intersection", "difference"):
        monkeypatch.setattr(shapely, name, flaky(getattr(shapely, name), poison=left[at]))
    inner, outer = halves(left, right)
    assert shapely.area(inner) == pytest.approx([10.0 * min(5 + k, 10) for k in range(7)])
    assert shapely.area(outer) == pytest.approx([50.0 + 10 * max(k - 5, 0) for k in range(7)])


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


def test_inside_says_what_is_covered_whole():
    found = inside(shapes(B, A, shapely.box(90, 0, 91, 1)), shapes(A))
    assert found.place.tolist() == [0, 1]
    assert found.full.tolist() == [False, True]
    assert found.shape[1] == A


def test_touching_edges_and_corners_cover_nothing():
    beside = shapes(shapely.box(10, 0, 20, 10), shapely.box(10, 10, 20, 20), shapely.box(0, -5, 10, 0))
    assert len(inside(shapes(A), beside)) == 0


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


def lying(plain, lie):
    """Answer as `lie` does, unless a grid is asked for."""

    def run(*args, grid_size=None, **options):
        return plain(*args, grid_size=grid_size, **options) if grid_size else lie(*args, **options)

    return run


@pytest.mark.parametrize("wrong", ["intersection", "difference"])
@pytest.mark.parametrize("lie", [lambda left, _right: left.copy(), lambda left, _right: shapely.buffer(left, -4.9)])
def test_a_wrong_overlay_that_does_not_fail_is_found_by_its_area(monkeypatch, wrong, lie):
    """GEOS has returned polygons larger than the one that was cut; then the pair is answered on the grid."""
    monkeypatch.setattr(shapely, wrong, lying(getattr(shapely, wrong), lie))
    left, right = shapes(A, A), shapes(shapely.box(0, 0, 4, 10), shapely.box(20, 0, 30, 9))
    inner, outer = halves(left, right)
    assert shapely.area(inner).tolist() == pytest.approx([40, 0])
    assert shapely.area(outer).tolist() == pytest.approx([60, 100])
    assert shapely.area(covered(left[:1], right[:1])).tolist() == pytest.approx([40])


def test_what_is_left_of_a_polygon_is_checked_against_its_part(monkeypatch):
    monkeypatch.setattr(shapely, "difference", lying(shapely.difference, lambda left, _right: left.copy()))
    rest = rest_of(shapes(A), shapes(shapely.box(0, 0, 4, 10)))
    assert shapely.area(rest).tolist() == pytest.approx([60])


@pytest.mark.parametrize("beside", [B, shapely.box(20, 0, 30, 10)])
def test_a_union_that_lost_a_part_is_found_by_its_area(monkeypatch, beside):
    """Parts that overlap sum to more than their union: they are joined one by one, each step checked."""

    def first_only(collected, axis=None):
        return np.array([shapely.get_parts(one)[0] for one in collected[:, 0]], dtype=object)

    expected = shapely.area(shapely.union(A, beside))
    monkeypatch.setattr(shapely, "union_all", lying(shapely.union_all, first_only))
    monkeypatch.setattr(shapely, "union", lying(shapely.union, lambda left, _right: left.copy()))
    result = union_by_group(shapes(A, beside, A, B), np.array([0, 0, 1, 1]), 2)
    assert shapely.area(result).tolist() == pytest.approx([expected, 150])


def test_a_union_of_many_that_lost_one_of_them_is_found(monkeypatch):
    many = shapes(*(shapely.box(x, 0, x + 10, 10) for x in range(0, 100, 5)))
    whole = shapely.union_all(many)

    def one_less(collected, axis=None):
        return np.array([shapely.union_all(shapely.get_parts(one)[:-2], grid_size=1e-4) for one in collected[:, 0]])

    monkeypatch.setattr(shapely, "union_all", lying(shapely.union_all, one_less))
    result = union_by_group(many, np.zeros(len(many), dtype=np.intp), 1)
    assert result[0].area == pytest.approx(whole.area)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(RECTANGLE, st.integers(0, 3)), min_size=1, max_size=12))
def test_areas_counted_in_turn_are_those_of_the_unions(parts):
    shape, group = shapes(*(turned(rectangle) for rectangle, _ in parts)), np.array([number for _, number in parts])
    order = np.argsort(group, kind="stable")
    _, place = np.unique(group[order], return_inverse=True)
    expected = [shapely.union_all(shape[order][place == number]).area for number in range(place.max() + 1)]
    for without in (overlay._difference, overlay.beyond):
        counted = overlay._area_in_turn(shape[order], place, place.max() + 1, without)
        assert counted == pytest.approx(expected, abs=1e-6)


def test_an_invalid_polygon_is_mended_where_overlay_fails():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])  # crosses itself; one half has negative area
    found = halves(shapes(bow), shapes(shapely.box(0, 0, 10, 20)))
    assert [shapely.area(part).sum() for part in found] == pytest.approx([50, 0])


def test_what_lies_beyond_is_not_taken_for_what_lies_within():
    """GEOS has given all of this left side as what both share, and nothing as what the right one leaves of it."""
    left = shapely.from_wkt(
        "MULTIPOLYGON (((345170.07436508377 6411645.527600537, 345170.1723748008 6411668.129283966, 345170.08974511066 "
        "6411649.074335586, 345170.07436508377 6411645.527600537)), ((345291.4558208714 6411687.069406934, "
        "345314.71843291563 6411697.34470299, 345316.0691828538 6411685.763086614, 345291.4558208714 6411687.069406934)))"
    )
    right = shapely.from_wkt(
        "POLYGON ((345237.26 6411771.81, 345299.88 6411800.11, 345304.93 6411804.01, 345306.45 6411768.24, "
        "345323.9 6411618.62, 345306.6278073111 6411766.715442413, 345281.77 6411673.66, "
        "345169.73913326155 6411568.220944095, 345169.31 6411469.26, 345170.53 6411750.6, 345237.26 6411771.81))"
    )
    apart = shapely.get_parts(left)[1]
    assert not apart.representative_point().within(right)
    inner, outer = halves(shapes(left), shapes(right))
    assert shapely.area(inner)[0] < 1e-3
    assert shapely.area(outer)[0] == pytest.approx(left.area, abs=1e-3)


def test_misplaced_polygons_are_told_by_a_point_inside_them():
    square, hair = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1e-7)
    spiked = shapely.Polygon([(0, 0), (5, 0), (0, 0), (0, 1), (1, 1), (1, 0)])
    areas = shapes(shapely.box(-1, -1, 2, 2), shapely.box(-1, -1, 2, 2), shapely.box(1, 0, 9, 1))
    assert misplaced(shapes(square, hair, square), areas, inside=True).tolist() == [False, False, True]
    assert misplaced(shapes(square, hair, square), areas, inside=False).tolist() == [True, False, False]
    assert not misplaced(shapes(spiked), shapes(shapely.box(1, 0, 9, 1)), inside=False)[0]
    assert not misplaced(shapes(shapely.Polygon()), shapes(A), inside=True)[0]
