"""Shares: hand-checkable cases, unknown extents, and brute force."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landready.criteria.overlap import overlap_share
from landready.errors import ColumnError, InputError
from landready.model import Layer

X, Y = 500_000, 6_400_000


def box(west, south, east, north):
    return shapely.box(X + west, Y + south, X + east, Y + north)


def frame(geometries, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometries, index=index, crs=3006)


SQUARE = box(0, 0, 100, 100)


def test_a_quarter_is_covered():
    """The published row: a square with a quarter excluded."""
    found = overlap_share(frame([SQUARE], ["A"]), frame([box(0, 0, 50, 50)]))
    assert found.to_dict() == {"A": 0.25}
    assert found.name == "overlap_share"
    assert (1 - found["A"]) * SQUARE.area / 1e4 == pytest.approx(0.75, abs=1e-12)


def test_overlapping_areas_count_once():
    found = overlap_share(frame([SQUARE]), frame([box(0, 0, 50, 100), box(25, 0, 75, 100), box(0, 0, 50, 100)]))
    assert found[0] == pytest.approx(0.75, abs=1e-12)


def test_touching_covered_and_apart():
    sites = frame([SQUARE, box(100, 0, 200, 100), box(1000, 0, 1100, 100)])
    assert overlap_share(sites, frame([box(-10, -10, 100, 110)])).tolist() == [1.0, 0.0, 0.0]


def test_by_category_each_with_its_own_union():
    areas = frame(
        [box(0, 0, 50, 100), box(40, 0, 60, 100), box(30, 0, 50, 100), box(90, 0, 100, 100)], kind=["b", "a", "b", None]
    )
    found = overlap_share(frame([SQUARE], ["A"]), areas, by="kind")
    assert found.columns.tolist() == ["a", "b", "unknown"]
    np.testing.assert_allclose(found.loc["A"], [0.2, 0.5, 0.1], atol=1e-12)


def test_numbers_are_categories_too():
    areas = frame([box(0, 0, 50, 100), box(50, 0, 60, 100)], zone=[10, 9])
    assert overlap_share(frame([SQUARE]), areas, by="zone").columns.tolist() == ["10", "9"]


def test_outside_the_known_extent_is_unknown_unless_fully_covered():
    sites = frame([SQUARE, box(150, 0, 250, 100), box(150, 0, 210, 10), None])
    areas = Layer("flood", frame([box(0, 0, 20, 100), box(140, -5, 220, 15)]), known_extent=box(0, 0, 200, 100))
    found = overlap_share(sites, areas)
    np.testing.assert_allclose(found[:3], [0.2, np.nan, 1.0], atol=1e-12)
    assert np.isnan(found[3])


def test_a_hair_outside_what_was_mapped_is_no_reason_not_to_know():
    mapped = box(-5, -5, 100, 105)
    sites = frame([box(0, 0, 100 + beyond, 100) for beyond in (0.004, 0.02, 5)])
    found = overlap_share(sites, Layer("flood", frame([box(0, 0, 25, 100)]), known_extent=mapped))
    assert found.iloc[0] == pytest.approx(0.25, abs=1e-4)
    assert found.iloc[1:].isna().tolist() == [False, True]


def test_an_empty_layer_is_zero_where_it_was_mapped():
    sites = frame([SQUARE, box(150, 0, 250, 100)])
    assert overlap_share(sites, frame([])).tolist() == [0.0, 0.0]
    found = overlap_share(sites, Layer("flood", frame([]), known_extent=box(0, 0, 200, 100)))
    np.testing.assert_array_equal(found, [0.0, np.nan])
    assert overlap_share(sites, frame([], kind=[]), by="kind").shape == (2, 0)


def test_empty_in_empty_out():
    found = overlap_share(frame([]), frame([SQUARE]))
    assert found.empty
    assert found.dtype == "float64"
    assert overlap_share(frame([]), frame([SQUARE], kind=["a"]), by="kind").columns.tolist() == ["a"]


def test_refusals():
    with pytest.raises(ColumnError, match="”kin”"):
        overlap_share(frame([SQUARE]), frame([SQUARE], kind=["a"]), by="kin")
    with pytest.raises(InputError, match="linjer"):
        overlap_share(frame([SQUARE]), frame([SQUARE.exterior]))


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["zoning_districts", "zoning_overlays", "flood500", "open_space"])
def test_brute_force_on_cambridge(cambridge, name):
    parcels = cambridge("parcels_fy2014").sample(150, random_state=5)
    areas = cambridge(name)
    shapes = shapely.make_valid(parcels.geometry.values, method="structure", keep_collapsed=False)
    whole = shapely.union_all(shapely.make_valid(areas.geometry.values, method="structure", keep_collapsed=False))
    expected = shapely.area(shapely.intersection(shapes, whole)) / shapely.area(shapes)
    found = overlap_share(parcels, areas)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    shuffled = overlap_share(parcels.sample(frac=1, random_state=1), areas.sample(frac=1, random_state=2))
    pd.testing.assert_series_equal(shuffled.loc[found.index], found, atol=1e-12)


@pytest.mark.realdata
def test_brute_force_by_zone(cambridge):
    parcels = cambridge("parcels_fy2014").sample(60, random_state=6)
    zones = cambridge("zoning_districts")
    column = next(name for name in zones.columns if zones[name].dtype != "float64" and 5 < zones[name].nunique() < 80)
    shapes = shapely.make_valid(parcels.geometry.values, method="structure", keep_collapsed=False)
    found = overlap_share(parcels, zones, by=column)
    for category in found.columns[:: max(1, len(found.columns) // 10)]:
        chosen = zones[zones[column].astype(str) == category] if category != "unknown" else zones[zones[column].isna()]
        whole = shapely.union_all(shapely.make_valid(chosen.geometry.values, method="structure", keep_collapsed=False))
        expected = shapely.area(shapely.intersection(shapes, whole)) / shapely.area(shapes)
        np.testing.assert_allclose(found[category], expected, atol=1e-9)
