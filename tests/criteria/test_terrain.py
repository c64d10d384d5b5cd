"""Zonal statistics and slope: a 3×3 raster a person can check, exactextract's own call, planes."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS

from landready.criteria.terrain import cropped, slope, zonal
from landready.errors import CrsError, FileError, InputError
from landready.layers.repair import repair
from landready.model import Raster

X, Y = 500_000, 6_400_000
TM = CRS("EPSG:3006")
NAN = float("nan")


def raster(values, *, cell=1.0, crs=TM, name="heights", **more):
    """Put the south-west corner at (X, Y)."""
    values = np.asarray(values, dtype=float)
    return Raster(name, values, (cell, 0, X, 0, -cell, Y + cell * len(values)), crs, **more)


def box(west, south, east, north):
    return shapely.box(X + west, Y + south, X + east, Y + north)


def frame(*geometries, index=None):
    return gpd.GeoDataFrame(geometry=list(geometries), index=index, crs=3006)


NINE = np.arange(1.0, 10).reshape(3, 3)


def test_the_published_row():
    found = zonal(frame(box(0.5, 0.5, 2.5, 2.5), index=["A"]), raster(NINE), stats=["count", "mean", "min", "max"])
    assert found.loc["A"].to_dict() == {"count": 4, "mean": 5, "min": 1, "max": 9, "nodata_share": 0}


def test_statistics_keep_the_names_they_were_asked_by():
    stats = ["p50", "quantile(q=0.5)", "median", "sum", "stdev", "p90"]
    found = zonal(frame(box(0, 0, 3, 3)), raster(NINE), stats=stats)
    assert found.columns.tolist() == [*stats, "nodata_share"]
    np.testing.assert_allclose(found.iloc[0, :4], [5, 5, 5, 45])
    assert (found.dtypes == "float64").all()


def test_missing_cells_and_land_beyond_the_raster():
    holed = NINE.copy()
    holed[0, 2] = np.nan
    found = zonal(
        frame(box(2, 2, 3, 3), box(0, 2, 3, 3), box(2, 0, 4, 1), box(9, 9, 10, 10)),
        raster(holed),
        stats=["mean", "count"],
    )
    np.testing.assert_allclose(found["mean"], [NAN, 1.5, 9, NAN])
    np.testing.assert_allclose(found["count"], [NAN, 2, 1, NAN])
    np.testing.assert_allclose(found["nodata_share"], [1, 1 / 3, 0.5, 1])


def test_no_geometry_no_rows_no_cells():
    found = zonal(frame(None, box(0, 0, 3, 3), shapely.Polygon(), index=["a", "b", "c"]), raster(NINE))
    assert found.loc["b"].to_dict() == {"mean": 5, "nodata_share": 0}
    assert found.loc[["a", "c"]].isna().all(axis=None)
    empty = zonal(frame(), raster(NINE), stats=["p90"])
    assert empty.columns.tolist() == ["p90", "nodata_share"]
    assert empty.empty


def test_a_grid_that_starts_in_the_south_or_east():
    upside = Raster("h", NINE[::-1], (1, 0, X, 0, 1, Y), TM)
    mirrored = Raster("h", NINE[:, ::-1], (-1, 0, X + 3, 0, -1, Y + 3), TM)
    for turned in (upside, mirrored):
        assert zonal(frame(box(0, 2, 1, 3)), turned)["mean"].tolist() == [1]


def test_refusals():
    square = frame(box(0, 0, 3, 3))
    with pytest.raises(InputError) as caught:
        zonal(square, raster(NINE), stats=["meen", "mean", "p101", "quantile(q=2)", "values"])
    assert [found.values["stat"] for found in caught.value.findings] == ["meen", "p101", "quantile(q=2)", "values"]
    assert "Menades ”mean”?" in str(caught.value)
    with pytest.raises(CrsError, match="EPSG:3007"):
        zonal(square, raster(NINE, crs=CRS("EPSG:3007")))
    with pytest.raises(CrsError):
        zonal(square, raster(NINE, crs=None))
    with pytest.raises(InputError, match="vridet"):
        zonal(square, Raster("h", NINE, (1, 0.1, X, 0.1, -1, Y + 3), TM))
    with pytest.raises(InputError, match="punkter"):
        zonal(frame(shapely.Point(X, Y)), raster(NINE))
    with pytest.raises(InputError, match="Raster"):
        zonal(square, NINE)
    with pytest.raises(FileError, match=r"heights\.tif"):
        zonal(square, "heights.tif")


def test_shuffled_rows_change_nothing():
    plots = frame(*(box(x / 7, x / 9, x / 7 + 1, x / 9 + 1) for x in range(12)))
    found = zonal(plots, raster(NINE), stats=["mean", "p90"])
    assert zonal(plots.iloc[::-1], raster(NINE), stats=["mean", "p90"]).loc[found.index].equals(found)


@pytest.mark.realdata
def test_equal_to_exactextract_on_cambridge(cambridge):
    parcels = cambridge("parcels_fy2014").sample(300, random_state=2)
    west, south, east, north = parcels.total_bounds
    cell, rng = 7.3, np.random.default_rng(1)
    rows, columns = (
        int((north - south) / cell) - 40,
        int((east - west) / cell) + 1,
    )  # ends short of the southern parcels
    values = rng.normal(50, 20, (rows, columns))
    values[rng.random(values.shape) < 0.1] = np.nan
    grid = Raster("grid", values, (cell, 0, west, 0, -cell, north), parcels.crs)
    stats = ["count", "mean", "min", "max", "sum", "stdev", "median"]
    found = zonal(parcels, grid, stats=[*stats, "p90", "quantile(q=0.25)"])

    whole, _ = repair(parcels, layer="parcels")
    whole = whole[["geometry"]]
    source = NumPyRasterSource(
        values, west, north - rows * cell, west + columns * cell, north, nodata=np.nan, srs_wkt=parcels.crs.to_wkt()
    )
    expected = exact_extract(source, whole, [*stats, "quantile(q=0.9)", "quantile(q=0.25)"], output="pandas")
    expected.loc[expected["count"] == 0] = np.nan
    np.testing.assert_allclose(found.drop(columns="nodata_share"), expected, atol=1e-6)
    covered = expected["count"].fillna(0).to_numpy() * cell**2 / whole.area.to_numpy()
    np.testing.assert_allclose(found["nodata_share"], 1 - covered, atol=1e-5)
    assert 0 < (found["nodata_share"] == 1).sum() < 300


def test_slope_of_planes():
    y, x = np.mgrid[0:5, 0:6]
    for east, north in ((1, 0), (0, 1), (3, -4)):
        plane = raster(east * x - north * y, cell=10)
        found = slope(plane)
        np.testing.assert_allclose(found.values[1:-1, 1:-1], 10 * np.hypot(east, north))
        assert np.isnan(found.values[[0, -1]]).all()
        assert np.isnan(found.values[:, [0, -1]]).all()


def test_slope_by_hand():
    # Horn: east-west ((3 + 2·6 + 9) − (1 + 2·4 + 7)) / 8 = 1; north-south ((7 + 16 + 9) − (1 + 4 + 3)) / 8 = 3.
    assert slope(raster(NINE)).values[1, 1] == pytest.approx(100 * np.sqrt(10))
    lone = np.zeros((3, 3))
    lone[0, 0] = 8
    assert slope(raster(lone)).values[1, 1] == pytest.approx(100 * np.sqrt(2))


def test_cells_need_not_be_square():
    plane = Raster("h", np.tile(np.arange(4.0), (3, 1)), (2, 0, X, 0, -50, Y), TM)
    assert slope(plane).values[1, 1] == pytest.approx(50)


def test_slope_needs_all_neighbours():
    heights = np.zeros((5, 5))
    heights[2, 2] = np.nan
    assert np.isnan(slope(raster(heights)).values).all()
    heights = np.zeros((6, 6))
    heights[0, 0] = np.nan
    assert np.isnan(slope(raster(heights)).values[1, 1])
    assert slope(raster(heights)).values[2:-1, 2:-1].tolist() == [[0.0] * 3] * 3


def test_slope_in_strips_equals_slope_at_once(monkeypatch):
    heights = raster(np.random.default_rng(0).random((40, 30)))
    at_once = slope(heights).values
    monkeypatch.setattr("landready.criteria.terrain._ROWS_AT_A_TIME", 7)
    np.testing.assert_array_equal(slope(heights).values, at_once)


def test_slope_keeps_where_it_comes_from():
    heights = raster(NINE, source="modell", date="2026-01-01", modelled=True)
    before = heights.values.copy()
    found = slope(heights)
    assert (found.name, found.source, found.date, found.modelled) == ("heights slope", "modell", "2026-01-01", True)
    assert found.transform == heights.transform
    np.testing.assert_array_equal(heights.values, before)


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (5, 2), (0, 0)])
def test_a_raster_too_small_for_slope(shape):
    assert np.isnan(slope(raster(np.ones(shape))).values).all()


def test_slope_refuses_what_cannot_be_measured():
    with pytest.raises(CrsError, match="grader"):
        slope(Raster("h", NINE, (0.1, 0, 12, 0, -0.1, 57), CRS("EPSG:4326")))
    with pytest.raises(CrsError, match="saknar koordinatsystem"):
        slope(raster(NINE, crs=None))


@pytest.mark.parametrize("up", [-10, 10])
def test_slope_is_the_same_on_the_part_round_the_sites(up):
    rng = np.random.default_rng(3)
    whole = Raster("h", rng.uniform(0, 50, (60, 80)), (10, 0, 500_000, 0, up, 6_400_000), CRS("EPSG:3006"))
    sites = gpd.GeoDataFrame(
        geometry=[shapely.box(500_105, 6_400_000 + 20 * up, 500_213, 6_400_000 + 31 * up)], crs="EPSG:3006"
    )
    part = cropped(whole, tuple(sites.total_bounds))
    assert part.values.size < whole.values.size / 4
    found, expected = (zonal(sites, slope(heights)).to_numpy() for heights in (part, whole))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_nothing_is_cropped_away_from_sites_beyond_the_raster():
    whole = Raster("h", np.ones((5, 5)), (10, 0, 500_000, 0, -10, 6_400_000), CRS("EPSG:3006"))
    assert cropped(whole, (600_000, 6_400_000, 600_100, 6_400_100)) is whole
    assert cropped(whole, (np.nan,) * 4) is whole
