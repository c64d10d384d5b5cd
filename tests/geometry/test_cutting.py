"""Pieces cover exactly what was covered, whatever is cut."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.geometry.cutting import cut


def star(points=400, *, inner=40.0, outer=100.0, centre=(0.0, 0.0)):
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    radius = np.where(np.arange(points) % 2, inner, outer)
    return shapely.Polygon(np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)]))


def assert_same_ground(pieces, whole):
    assert shapely.area(pieces).sum() == pytest.approx(whole.area, rel=1e-9)
    assert shapely.union_all(pieces).symmetric_difference(whole).area == pytest.approx(0, abs=1e-9 * whole.area)


def test_small_geometries_come_back_as_they_are():
    square, line = shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)])
    pieces, source = cut([square, line, shapely.Point(3, 3)])
    assert list(pieces) == [square, line, shapely.Point(3, 3)]
    assert source.tolist() == [0, 1, 2]


def test_missing_and_empty_give_no_piece():
    pieces, source = cut([None, shapely.Polygon(), shapely.box(0, 0, 1, 1), shapely.MultiPolygon()])
    assert len(pieces) == 1
    assert source.tolist() == [2]


def test_nothing_in_nothing_out():
    pieces, source = cut(np.empty(0, dtype=object))
    assert len(pieces) == len(source) == 0


def test_multipolygons_become_single_parts():
    pieces, source = cut([shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])])
    assert source.tolist() == [0, 0]
    assert set(shapely.get_type_id(pieces)) == {shapely.GeometryType.POLYGON}


@pytest.mark.parametrize("max_vertices", [8, 20, 64])
def test_polygon_pieces_are_small_and_cover_the_same_ground(max_vertices):
    whole = star()
    pieces, source = cut([whole], max_vertices=max_vertices)
    assert shapely.get_num_coordinates(pieces).max() <= max_vertices
    assert set(source) == {0}
    assert_same_ground(pieces, whole)


def test_holes_stay_holes():
    whole = shapely.Point(0, 0).buffer(100, quad_segs=100) - shapely.Point(20, 10).buffer(30, quad_segs=80)
    pieces, _ = cut([whole], max_vertices=32)
    assert_same_ground(pieces, whole)
    assert not shapely.contains_xy(shapely.union_all(pieces), 20, 10)


def test_lines_keep_their_length_even_along_the_cut():
    # The vertical run lies on the middle of the box, where the cut goes.
    middle = [(0.0, y) for y in np.linspace(0, 10, 60)]
    line = shapely.LineString([(-10, 0), *middle, (10, 10)])
    pieces, _ = cut([line], max_vertices=16)
    assert shapely.length(pieces).sum() == pytest.approx(line.length)
    assert set(shapely.get_type_id(pieces)) == {shapely.GeometryType.LINESTRING}


def test_sources_rise_when_small_and_large_are_mixed():
    pieces, source = cut([star(), shapely.box(500, 0, 501, 1), star(centre=(900, 0))], max_vertices=50)
    assert (np.diff(source) >= 0).all()
    assert shapely.area(pieces[source == 1]).tolist() == [1.0]


def test_vertices_inside_a_millimetre_end():
    dense = star(400, inner=1e-4, outer=3e-4)
    pieces, _ = cut([dense], max_vertices=16)
    assert list(pieces) == [dense]


def test_clip_failure_is_answered_by_overlay(monkeypatch):
    def fail(*_args, **_kwargs):
        raise shapely.errors.GEOSException("IllegalArgumentException")

    monkeypatch.setattr(shapely, "clip_by_rect", fail)
    whole = star()
    pieces, _ = cut([whole], max_vertices=32)
    assert_same_ground(pieces, whole)


def test_clip_that_loses_ground_is_answered_by_overlay(monkeypatch):
    monkeypatch.setattr(shapely, "clip_by_rect", lambda *_args: shapely.Polygon())
    whole = star()
    assert_same_ground(cut([whole], max_vertices=32)[0], whole)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(20, 100), st.floats(0, 1)), min_size=20, max_size=200))
def test_any_star_shaped_polygon_is_cut_exactly(rays):
    angle = np.cumsum([0.05 + share for _, share in rays])
    angle *= 2 * np.pi / angle[-1] * 0.999
    radius = np.array([length for length, _ in rays])
    whole = shapely.make_valid(
        shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])), method="structure"
    )
    assert_same_ground(cut([whole], max_vertices=12)[0], whole)


def test_an_array_that_other_threads_have_locked_can_be_cut():
    locked = np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)], dtype=object)
    locked.flags.writeable = False
    assert len(cut(locked)[0]) == 2
