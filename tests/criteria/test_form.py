"""Form: rectangles and circles that a person can check, and rotation."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.criteria.form import CIRCLE_TOLERANCE_M, COLUMNS, form
from landready.errors import InputError

X, Y = 500_000, 6_400_000


def frame(geometries, index=None):
    return gpd.GeoDataFrame(geometry=geometries, index=index, crs=3006)


def rectangle(long, short, degrees=0.0):
    turned = shapely.affinity.rotate(shapely.box(0, 0, long, short), degrees, origin=(0, 0))
    return shapely.affinity.translate(turned, X, Y)


def test_a_rectangle():
    row = form(frame([rectangle(300, 100)], ["A"])).loc["A"]
    assert row["area_ha"] == pytest.approx(3)
    assert row["perimeter_m"] == pytest.approx(800)
    assert row["compactness_share"] == pytest.approx(4 * np.pi * 30_000 / 800**2)
    assert 100 - 2 * CIRCLE_TOLERANCE_M <= row["inscribed_diameter_m"] <= 100 + 1e-9
    assert row["length_m"] == pytest.approx(300)
    assert row["width_m"] == pytest.approx(100)


def test_a_circle_and_a_square():
    found = form(frame([shapely.Point(X, Y).buffer(100, quad_segs=180), rectangle(50, 50)]))
    assert found.loc[0, "compactness_share"] == pytest.approx(1, abs=1e-4)
    assert found.loc[0, "inscribed_diameter_m"] == pytest.approx(200, abs=0.25)
    assert found.loc[1, "compactness_share"] == pytest.approx(np.pi / 4)


def test_a_hole_narrows_the_circle_and_lengthens_the_edge():
    ring = rectangle(100, 100) - shapely.box(X + 40, Y + 40, X + 60, Y + 60)
    found = form(frame([ring])).loc[0]
    assert found["perimeter_m"] == pytest.approx(480)
    assert found["inscribed_diameter_m"] < 50
    assert found["length_m"] == pytest.approx(100)


def test_several_parts_are_measured_together():
    parts = shapely.MultiPolygon([rectangle(10, 10), shapely.affinity.translate(rectangle(40, 40), 160)])
    found = form(frame([parts])).loc[0]
    assert found["area_ha"] == pytest.approx(0.17)
    assert found["inscribed_diameter_m"] == pytest.approx(40, abs=2 * CIRCLE_TOLERANCE_M)
    assert found["length_m"] >= 199


def test_no_geometry_and_no_rows():
    found = form(frame([None, rectangle(10, 10), shapely.Polygon()]))
    assert found.isna().all(axis=1).tolist() == [True, False, True]
    empty = form(frame([]))
    assert tuple(empty.columns) == COLUMNS
    assert (empty.dtypes == "float64").all()
    with pytest.raises(InputError, match="punkter"):
        form(frame([shapely.Point(X, Y)]))


@given(long=st.floats(20, 2000), short=st.floats(20, 2000), degrees=st.floats(0, 360))
@settings(max_examples=60, deadline=None)
def test_turning_changes_nothing(long, short, degrees):
    straight, turned = form(frame([rectangle(long, short), rectangle(long, short, degrees)])).to_numpy()
    np.testing.assert_allclose(turned[[0, 1, 2]], straight[[0, 1, 2]], rtol=1e-6)
    np.testing.assert_allclose(turned[3], straight[3], atol=2 * CIRCLE_TOLERANCE_M)
    np.testing.assert_allclose(turned[4:], straight[4:], atol=1e-3)
    np.testing.assert_allclose(straight[4:], [max(long, short), min(long, short)], atol=1e-6)


def smallest_rectangle(shape):
    """Return the sides of the smallest rectangle, by turning every edge of the hull level."""
    west, south, _, _ = shape.bounds
    points = shapely.get_coordinates(shapely.convex_hull(shapely.affinity.translate(shape, -west, -south)))
    best = None
    for edge in np.diff(points, axis=0):
        along = edge / np.hypot(*edge)
        across = np.array([-along[1], along[0]])
        sides = sorted([np.ptp(points @ along), np.ptp(points @ across)], reverse=True)
        if best is None or sides[0] * sides[1] < best[0] * best[1]:
            best = sides
    return best


@pytest.mark.realdata
def test_one_by_one_on_cambridge(cambridge):
    parcels = cambridge("parcels_fy2014").sample(200, random_state=8)
    parcels = parcels[parcels.is_valid]
    found = form(parcels)
    for label, shape in parcels.geometry.items():
        long, short = smallest_rectangle(shape)
        assert found.loc[label, "length_m"] * found.loc[label, "width_m"] == pytest.approx(long * short, abs=1e-6)
        widest = 2 * shapely.length(shapely.maximum_inscribed_circle(shape, tolerance=0.01))
        assert found.loc[label, "inscribed_diameter_m"] == pytest.approx(widest, abs=2 * CIRCLE_TOLERANCE_M)
        assert found.loc[label, "area_ha"] == pytest.approx(shape.area / 1e4)


@pytest.mark.realdata
def test_a_shift_by_whole_metres_changes_nothing(cambridge):
    parcels = cambridge("parcels_fy2014").sample(200, random_state=9)
    before = parcels.to_wkb()
    moved = parcels.set_geometry(parcels.translate(1000, -2000))
    np.testing.assert_allclose(form(moved), form(parcels), rtol=1e-7, atol=1e-6)
    assert before.equals(parcels.to_wkb())
