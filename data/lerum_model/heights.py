"""Heights: a valley floor that rises inland, hills beside it, and rock knolls on the hills."""

from collections.abc import Mapping

import numpy as np
import rasterio
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine, from_origin
from scipy import ndimage
from shapely import LineString, Polygon

from lerum_model.backbone import LAKES

CELL_M = 50.0
NODATA = -9999.0
RIVER_M = (57.0, 18.0)
# Metres over the valley floor that the hills reach, and over how many metres they rise.
HILLS_M, RISE_M = 78.0, 1500.0


def grid(inside: Polygon) -> tuple[Affine, tuple[int, int]]:
    """Return transform and shape of a grid with a kilometre to spare on every side."""
    west, south, east, north = inside.bounds
    left, top = np.floor((west - 1000) / CELL_M) * CELL_M, np.ceil((north + 1000) / CELL_M) * CELL_M
    columns = int(np.ceil((east + 1000 - left) / CELL_M))
    return from_origin(left, top, CELL_M, CELL_M), (int(np.ceil((top - south + 1000) / CELL_M)), columns)


def heights(
    inside: Polygon, lakes: Mapping[str, Polygon], river: LineString, villages: Mapping[str, Polygon]
) -> tuple[NDArray[np.float32], Affine]:
    """Return heights in metres; `NODATA` more than 600 m outside the municipality."""
    transform, shape = grid(inside)
    known = _known_low_land(lakes, river, transform, shape)
    _, (row, column) = ndimage.distance_transform_edt(np.isnan(known), return_indices=True)
    floor = ndimage.gaussian_filter(known[row, column], 24)
    gentle = ~np.isnan(known) | _mask([built.buffer(150) for built in villages.values()], transform, shape)
    away = ndimage.distance_transform_edt(~gentle) * CELL_M
    hills = 1 - np.exp(-((away / RISE_M) ** 1.3))
    rng = np.random.default_rng(60)
    rolling = _noise(rng, shape, 22) * 24 + _noise(rng, shape, 9) * 13
    knolls = np.maximum(_noise(rng, shape, 3.2), 0) * 9
    land = floor + 3 + hills * HILLS_M + rolling * np.clip(away / 900, 0, 1) + knolls * np.clip(away / 500, 0.06, 1)
    lakes_m = _lakes(lakes, transform, shape)
    surface = np.where(np.isnan(lakes_m), np.maximum(land, floor), lakes_m)
    covered = _mask([inside.buffer(600)], transform, shape)
    return np.where(covered, surface.round(1), NODATA).astype("float32"), transform


def _noise(rng: np.random.Generator, shape: tuple[int, int], cells: float) -> NDArray[np.float64]:
    smooth = ndimage.gaussian_filter(rng.standard_normal(shape), cells)
    return np.asarray(smooth / smooth.std())


def _mask(areas: list[shapely.Geometry], transform: Affine, shape: tuple[int, int]) -> NDArray[np.bool_]:
    return np.asarray(rasterio.features.rasterize(areas, out_shape=shape, transform=transform)) > 0


def _lakes(lakes: Mapping[str, Polygon], transform: Affine, shape: tuple[int, int]) -> NDArray[np.float64]:
    burnt = rasterio.features.rasterize(
        [(lake, LAKES[name][1]) for name, lake in lakes.items()],
        out_shape=shape, transform=transform, fill=np.nan, dtype="float64",
    )  # fmt: skip
    return np.asarray(burnt)


def _known_low_land(
    lakes: Mapping[str, Polygon], river: LineString, transform: Affine, shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the level of lakes and of the river, which falls evenly; elsewhere nan."""
    stops = np.linspace(0, 1, 240)
    steps = [
        (river.interpolate(s, normalized=True).buffer(130), float(RIVER_M[0] + (RIVER_M[1] - RIVER_M[0]) * s))
        for s in stops
    ]
    bed = rasterio.features.rasterize(steps, out_shape=shape, transform=transform, fill=np.nan, dtype="float64")
    lake = _lakes(lakes, transform, shape)
    return np.where(np.isnan(lake), bed, lake)
