"""Fixtures that all rooms share, and the rule that CI skips nothing."""

import os
from pathlib import Path

import geopandas as gpd
import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LANDREADY_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
# Machines are noisy: a slow example is no failure, and the same examples are tried in every run.
hypothesis.settings.register_profile("landready", deadline=None, derandomize=True)
hypothesis.settings.load_profile("landready")

IN_CI = os.environ.get("CI", "").lower() == "true"


@pytest.fixture(scope="session")
def cannot_run():
    """Return what ends a test that cannot run: under CI it has failed, elsewhere it says why it did not run."""

    def end(reason):
        if IN_CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)

    return end


@pytest.fixture(scope="session")
def real_data(cannot_run):
    """Return the folder of real layers (`shared/data` beside the checkout, or LANDREADY_REAL_DATA)."""
    if not (SHARED / "us-cambridge-ma").is_dir():
        cannot_run("the real layers are not beside the checkout (set LANDREADY_REAL_DATA)")
    return SHARED


@pytest.fixture(scope="session")
def cambridge(real_data):
    """Return a function that reads a layer of the Cambridge set, as it is."""
    folder = real_data / "us-cambridge-ma"

    def layer(name):
        file = "parcels_fy2014.gpkg" if name == "parcels_fy2014" else "layers.gpkg"
        return gpd.read_file(folder / file, layer=name)

    return layer


SMALL_STUDY = """
[study]
id = "liten"
title = { sv = "Liten studie", en = "Small study" }
date = 2026-11-01

[area]
layer = "omrade"
margin_m = 200

[layers.omrade]
path = "lager.gpkg"
layer = "omrade"
role = "area"

[layers.fastigheter]
path = "lager.gpkg"
layer = "fastigheter"
role = "parcels"
known_extent = "area"

[layers.vagar]
path = "lager.gpkg"
layer = "vagar"
role = "roads"
known_extent = "area"

[layers.stationer]
path = "lager.gpkg"
layer = "stationer"
role = "stations"
known_extent = "area"

[layers.reservat]
path = "lager.gpkg"
layer = "reservat"
role = "nature_reserves"
known_extent = "area"

[layers.skred]
path = "lager.gpkg"
layer = "skred"
role = "landslide"
known_extent = "skredkartering"
modelled = true

[layers.skredkartering]
path = "lager.gpkg"
layer = "skredkartering"
role = "area"

[layers.hojder]
path = "hojder.tif"
role = "heights"

[rules]
constraints = "none"

[[constraints]]
id = "reservat"
role = "nature_reserves"
kind = "hard"
legal_basis = "MB 7:4"

[[constraints]]
id = "skred"
role = "landslide"
kind = "strong"

[sites]
min_site_ha = 1
max_site_ha = 30
min_width_m = 30
barriers = [{ layer = "vagar", where = { road_number = "E20" }, width_m = 20 }]

[[criteria]]
id = "area_ha"
measure = "attribute"
params = { column = "area_ha" }
value = { points = [[0, 0], [20, 1]] }

[[criteria]]
id = "station_m"
measure = "distance_to"
layer = "stationer"
value = { points = [[0, 1], [2000, 0]] }

[[criteria]]
id = "slope_pct"
measure = "slope"
layer = "hojder"
value = { points = [[0, 1], [20, 0]] }

[[criteria]]
id = "elnat_km"
measure = "distance_to"
layer = "elnat"
value = { points = [[0, 0], [10, 1]] }

[[profiles]]
id = "industri"
name = { sv = "Småindustri", en = "Small industry" }
weights = { area_ha = 40, slope_pct = 30, elnat_km = 30 }
requirements = { area_ha = ">= 2" }

[[profiles]]
id = "kontor"
name = { sv = "Kontor", en = "Office" }
weights = { station_m = 80, area_ha = 10, elnat_km = 10 }
"""


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    """Return a folder with a small study: 36 parcels of 4 ha, a road, a station, a reserve, a half-mapped layer."""
    import numpy as np
    import pyogrio
    import rasterio
    import shapely

    folder = tmp_path_factory.mktemp("liten studie å")
    west, south, step = 340_000, 6_408_000, 200
    cells = [(column, row) for row in range(6) for column in range(6)]
    east, north = west + 6 * step, south + 6 * step

    def box(column, row, columns=1, rows=1):
        return shapely.box(
            west + column * step,
            south + row * step,
            west + (column + columns) * step,
            south + (row + rows) * step,
        )

    layers = {
        "omrade": ({"name": ["allt"]}, [box(0, 0, 6, 6)]),
        "fastigheter": (
            {
                "parcel_id": [f"Exempelby 1:{number}" for number in range(1, 37)],
                "owner_category": ["kommun", "foretag", "fysisk_person"] * 12,
                "use": [None] * 36,
                "secret": ["hemligt"] * 36,
            },
            [box(column, row) for column, row in cells],
        ),
        "vagar": (
            {"road_number": ["E20", "1900"], "speed_kmh": [110, 50], "motorway": [True, False]},
            [
                shapely.LineString([(west - 50, south + 3 * step), (east + 50, south + 3 * step)]),
                shapely.LineString([(west + 100, south - 50), (west + 100, north + 50)]),
            ],
        ),
        "stationer": ({"name": ["Exempelby"], "departures": [40]}, [shapely.Point(west + 100, south + 100)]),
        "reservat": ({"name": ["Modellskogen"]}, [box(4, 4, 2, 2)]),
        "skred": ({"risk": ["high"]}, [box(0, 0, 1, 1)]),
        "skredkartering": ({"name": ["kartering"]}, [box(-2, -2, 5, 10)]),
    }
    for name, (columns, shapes) in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:3006")
        pyogrio.write_dataframe(frame, folder / "lager.gpkg", layer=name)
    rows, columns = np.mgrid[0:160, 0:160]
    with rasterio.open(
        folder / "hojder.tif",
        "w",
        driver="GTiff",
        height=160,
        width=160,
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        nodata=-9999,
        transform=rasterio.Affine(10, 0, west - 200, 0, -10, north + 200),
    ) as raster:
        raster.write((columns * 0.5 + rows * 0.1).astype("float32"), 1)
    (folder / "study.toml").write_text(SMALL_STUDY, encoding="utf-8")
    return folder


@pytest.fixture
def small_study(small_folder, tmp_path):
    """Return the study file of a copy of the small study, which a test may change."""
    import shutil

    return shutil.copytree(small_folder, tmp_path / "liten studie å") / "study.toml"
