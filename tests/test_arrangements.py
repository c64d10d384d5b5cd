"""What must not matter does not: row order, a shift by whole cells, and a detour through another metric CRS."""

from dataclasses import replace

import geopandas as gpd
import pandas.testing as pdt
import pytest
import shapely

import landready

EVERY_MEASURE = [
    ("area_ha", "attribute", None, {"column": "area_ha"}),
    ("station_m", "distance_to", "stationer", {}),
    ("station_min", "travel_time", "stationer", {"roads": "vagar", "mode": "drive"}),
    ("walk_min", "travel_time", "stationer", {"roads": "vagar", "mode": "walk"}),
    ("reserve_share", "overlap_share", "reservat", {}),
    ("slope_pct", "slope", "hojder", {}),
    ("height_m", "zonal", "hojder", {"stat": "mean"}),
    ("width_m", "form", None, {"column": "inscribed_diameter_m"}),
]
# How far a detour of a coordinate through another projection may move each: a micrometre over its scale.
TOLERANCE = {"m": 1e-4, "min": 1e-5, "ha": 1e-6, "share": 1e-7, "pct": 1e-5}


@pytest.fixture(scope="module")
def assessment(small_folder):
    return landready.Study.from_toml(small_folder / "study.toml").run()


@pytest.fixture(scope="module")
def criteria():
    return [
        landready.Criterion(
            id=name,
            measure=measure,
            layer=layer,
            params=params,
            value={"points": [[0, 0.0], [1 if name.endswith("_share") else 1000, 1.0]]},
        )
        for name, measure, layer, params in EVERY_MEASURE
    ]


def layers_of(assessment):
    return {**assessment.inputs.layers, **assessment.inputs.rasters}


def moved(thing, change):
    """Apply a change to the geometry of a layer and to its known extent."""
    extent = thing.known_extent
    series = change(gpd.GeoSeries([extent], crs=thing.crs)) if extent is not None else None
    frame = thing.frame.set_geometry(change(thing.frame.geometry))
    return replace(thing, frame=frame, known_extent=None if series is None else series.iloc[0])


def test_a_shift_by_whole_cells(assessment, criteria):
    east, north = 130.0, -70.0  # cells are 10 m

    def shift(shapes):
        return shapes.translate(east, north)

    here = landready.measure(assessment.sites, layers_of(assessment), criteria)
    layers = {name: moved(layer, shift) for name, layer in assessment.inputs.layers.items()}
    for name, raster in assessment.inputs.rasters.items():
        a, b, c, d, e, f = raster.transform
        layers[name] = replace(raster, transform=(a, b, c + east, d, e, f + north))
    sites = assessment.sites.frame
    there = landready.measure(sites.set_geometry(shift(sites.geometry)), layers, criteria)
    assert here.frame.notna().any().all()
    pdt.assert_frame_equal(there.frame, here.frame, rtol=0, atol=1e-7)
    profile = landready.Profile(id="all", name="all", weights={criterion.id: 1.0 for criterion in criteria})
    pdt.assert_series_equal(
        landready.score(there, profile).frame["total"], landready.score(here, profile).frame["total"], rtol=0, atol=1e-9
    )


def test_a_detour_through_another_crs(assessment, criteria):
    def detour(shapes):
        return shapes.to_crs("EPSG:3007").to_crs("EPSG:3006")

    here = landready.measure(assessment.sites, layers_of(assessment), criteria)
    layers = {name: moved(layer, detour) for name, layer in assessment.inputs.layers.items()}
    sites = assessment.sites.frame
    there = landready.measure(
        sites.set_geometry(detour(sites.geometry)), {**layers, **assessment.inputs.rasters}, criteria
    )
    for criterion in criteria:
        pdt.assert_series_equal(
            there.frame[criterion.id], here.frame[criterion.id], rtol=0, atol=TOLERANCE[criterion.unit]
        )


def test_rows_in_another_order_give_the_same_sites_and_scores(small_study, assessment):
    import pyogrio

    path = small_study.parent / "lager.gpkg"
    frames = {name: gpd.read_file(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    path.unlink()
    for name, frame in reversed(frames.items()):
        shuffled = frame.sample(frac=1, random_state=7)[frame.columns[::-1]]
        pyogrio.write_dataframe(gpd.GeoDataFrame(shuffled, crs=frame.crs), path, layer=name)
    again = landready.Study.from_toml(small_study).run()
    assert again.sites.frame.index.equals(assessment.sites.frame.index)
    assert shapely.equals_exact(again.sites.frame.geometry, assessment.sites.frame.geometry, tolerance=1e-6).all()
    for name, card in assessment.scorecards.items():
        pdt.assert_series_equal(again.scorecards[name].frame["total"], card.frame["total"], rtol=0, atol=1e-9)
