"""Heights at 10 m: a flat clay valley, hills that rise beside it, and rock knolls on the hills."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import rasterio
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine, from_origin
from scipy import ndimage
from shapely import LineString, Polygon

from lerum_model import backbone

# The shape of the land is made on coarse cells; knolls and small bumps are added on fine ones.
COARSE_M, FINE_M = 50.0, 10.0
FINER = int(COARSE_M / FINE_M)
# Values are stored in whole decimetres, so that the file stays small.
SCALE, NODATA = 0.1, -32768
MARGIN_M = 300.0
RIVER_M = (57.0, 18.0)
# Metres over the valley floor that the hills reach, and over how many metres they rise.
HILLS_M, RISE_M = 74.0, 1400.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terrain:
    """
    The land as grids.

    Parameters
    ----------
    decimetres
        Heights on fine cells in whole decimetres; `NODATA` more than `MARGIN_M` outside the municipality.
    transform
        Of the fine cells.
    above_floor, knolls
        On coarse cells: metres over the nearest low land, and how much of a knoll there is (0 and more).
    coarse
        Transform of the coarse cells.
    """

    decimetres: NDArray[np.int16]
    transform: Affine
    above_floor: Floats
    knolls: Floats
    coarse: Affine


def build(
    inside: Polygon, lakes: Mapping[str, Polygon], river: LineString, villages: Mapping[str, shapely.Geometry]
) -> Terrain:
    """Return the heights of the municipality and a little around it."""
    transform, shape = _grid(inside)
    known = _known_low_land(lakes, river, transform, shape)
    _, (row, column) = ndimage.distance_transform_edt(np.isnan(known), return_indices=True)
    floor = ndimage.gaussian_filter(known[row, column], 24)
    gentle = ~np.isnan(known) | _mask([built.buffer(100) for built in villages.values()], transform, shape)
    away = ndimage.distance_transform_edt(~gentle) * COARSE_M
    hills = 1 - np.exp(-((away / RISE_M) ** 1.3))
    rng = np.random.default_rng(60)
    rolling = _noise(rng, shape, 22) * 24 + _noise(rng, shape, 9) * 13
    bumps = np.maximum(_noise(rng, shape, 3.2) - 0.2, 0)
    above = 3 + hills * HILLS_M + rolling * np.clip(away / 900, 0, 1) + bumps * 9 * np.clip(away / 500, 0.06, 1)
    above = np.maximum(above, 0.5)
    fine = from_origin(transform.c, transform.f, FINE_M, FINE_M)
    surface = _finer(floor + above)
    rough = _finer(np.clip((above - 9) / 30, 0.012, 1))
    rng = np.random.default_rng(61)
    crags = np.maximum(_noise(rng, surface.shape, 4.5) - 0.55, 0) * 4.2 + _noise(rng, surface.shape, 1.6) * 0.35
    surface = surface + crags * rough
    lake = _lakes(lakes, fine, surface.shape)
    surface = np.where(np.isnan(lake), surface, lake)
    covered = _mask([inside.buffer(MARGIN_M)], fine, surface.shape)
    decimetres = np.where(covered, np.round(surface / SCALE), NODATA).astype("int16")
    return Terrain(decimetres, fine, above, bumps * hills, transform)


def _grid(inside: Polygon) -> tuple[Affine, tuple[int, int]]:
    """Return transform and shape of the coarse grid, a few cells larger than what is kept."""
    west, south, east, north = inside.bounds
    spare = MARGIN_M + 2 * COARSE_M
    left, top = np.floor((west - spare) / COARSE_M) * COARSE_M, np.ceil((north + spare) / COARSE_M) * COARSE_M
    columns = int(np.ceil((east + spare - left) / COARSE_M))
    return from_origin(left, top, COARSE_M, COARSE_M), (int(np.ceil((top - south + spare) / COARSE_M)), columns)


def _finer(coarse: Floats) -> Floats:
    """Return the grid on fine cells, smoothly."""
    return np.asarray(ndimage.zoom(coarse, FINER, order=3, mode="nearest", grid_mode=True))


def _noise(rng: np.random.Generator, shape: tuple[int, ...], cells: float) -> Floats:
    smooth = ndimage.gaussian_filter(rng.standard_normal(shape, dtype="float32"), cells)
    return np.asarray(smooth / smooth.std(), dtype="float64")


def _mask(areas: list[shapely.Geometry], transform: Affine, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.asarray(rasterio.features.rasterize(areas, out_shape=shape, transform=transform)) > 0


def _lakes(lakes: Mapping[str, Polygon], transform: Affine, shape: tuple[int, ...]) -> Floats:
    level = backbone.lake_levels()
    burnt = rasterio.features.rasterize(
        [(lake, level[name]) for name, lake in lakes.items()],
        out_shape=shape, transform=transform, fill=np.nan, dtype="float64",
    )  # fmt: skip
    return np.asarray(burnt)


def _known_low_land(
    lakes: Mapping[str, Polygon], river: LineString, transform: Affine, shape: tuple[int, int]
) -> Floats:
    """Return the level of lakes and of the river, which falls evenly; elsewhere nan."""
    steps = [
        (river.interpolate(s, normalized=True).buffer(190), float(RIVER_M[0] + (RIVER_M[1] - RIVER_M[0]) * s))
        for s in np.linspace(0, 1, 240)
    ]
    bed = rasterio.features.rasterize(steps, out_shape=shape, transform=transform, fill=np.nan, dtype="float64")
    lake = _lakes(lakes, transform, shape)
    return np.where(np.isnan(lake), bed, lake)
