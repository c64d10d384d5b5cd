"""What a raster says about each area: zonal statistics weighed by cell fractions, and slope from heights."""

import difflib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.operation import Operation
from exactextract.raster import NumPyRasterSource
from numpy.typing import NDArray

from landready.crs import metric_findings, require_same
from landready.errors import CrsError, Finding, InputError, name_list_findings, refuse
from landready.geometry.threads import each
from landready.layers.adapter import POLYGON, as_layer
from landready.layers.rasters import as_raster, north_up, require_upright
from landready.model import LayerLike, Raster, RasterLike

STATS = (
    "count",
    "sum",
    "mean",
    "min",
    "max",
    "median",
    "stdev",
    "variance",
    "coefficient_of_variation",
    "majority",
    "minority",
    "variety",
)
_QUANTILE = re.compile(r"quantile\(\s*q\s*=\s*([0-9.]+)\s*\)")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")

# exactextract keeps cell fractions in single precision, so a share below this is rounding, not missing land.
_FRACTION_PRECISION = 1e-6

_ROWS_AT_A_TIME = 512


def zonal(frame: LayerLike, raster: RasterLike, *, stats: Sequence[str] = ("mean",)) -> pd.DataFrame:
    """
    Summarise the cells under each polygon, each cell weighed by the fraction of it that is covered.

    Parameters
    ----------
    frame
        Polygons.
    raster
        A `Raster`, or the path of one.
    stats
        Names of exactextract's operations that give one number: count, sum, mean, min, max, median, stdev,
        variance, coefficient_of_variation, majority, minority, variety, `quantile(q=0.9)`; `p90` is short for
        the last.

    Returns
    -------
    pandas.DataFrame
        Index of `frame`; one float column per statistic, named as given, in the raster's unit (count in cells), and
        `nodata_share`: how much of the polygon lies on cells without value or outside the raster (0–1).
        Without any value every statistic is `nan`; without geometry `nodata_share` is `nan` too.

    Raises
    ------
    CrsError
        If frame and raster do not share one CRS that can be measured in.
    InputError
        For unknown statistics, a rotated grid, or geometries that are not polygons.
    FileError
        If the raster is a path that cannot be read.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, shapely
    >>> from pyproj import CRS
    >>> from landready import Raster
    >>> crs = CRS("EPSG:3006")
    >>> heights = Raster("heights", np.arange(1.0, 10).reshape(3, 3), (10, 0, 500000, 0, -10, 6400030), crs)
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(500005, 6400005, 500025, 6400025)], crs=crs)
    >>> zonal(square, heights, stats=["count", "mean", "p50"])
       count  mean  p50  nodata_share
    0    4.0   5.0  5.0           0.0
    """
    operations = _operations(stats)
    raster = as_raster(raster)
    layer = as_layer(frame, name="frame", kinds=(POLYGON,))
    require_same(layer.crs, raster.crs, first_layer=layer.name, second_layer=raster.name)
    require_upright(raster)
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    result = pd.DataFrame(np.nan, index=layer.frame.index, columns=[*stats, "nodata_share"])
    if not present.any():
        return result
    numbers = _extract(shapes[present], raster, [("count", {}), *operations])
    count = numbers[:, 0]
    result.loc[present, list(stats)] = np.where(count[:, None] > 0, numbers[:, 1:], np.nan)
    cell = abs(raster.transform[0] * raster.transform[4])
    share = np.clip(1 - count * cell / shapely.area(shapes[present]), 0, 1)
    result.loc[present, "nodata_share"] = np.where(share < _FRACTION_PRECISION, 0.0, share)
    return result


def slope(raster: RasterLike) -> Raster:
    """
    Compute the slope of a raster of heights, in percent, from each cell's eight neighbours.

    Parameters
    ----------
    raster
        Heights in metres, or the path of such a raster.

    Returns
    -------
    Raster
        Same grid, named "<name> slope"; 100 is a slope of one in one. `nan` where the cell or any neighbour has no
        height, the outermost cells among them.

    Raises
    ------
    CrsError
        If the raster's CRS cannot be measured in.
    InputError
        If the grid is rotated.
    FileError
        If the raster is a path that cannot be read.

    Notes
    -----
    Horn, B. K. P. (1981), Hill shading and the reflectance map, Proceedings of the IEEE 69(1), 14–47.

    Examples
    --------
    >>> import numpy as np
    >>> from pyproj import CRS
    >>> from landready import Raster
    >>> crs = CRS("EPSG:3006")
    >>> ramp = Raster("ramp", np.tile(np.arange(4.0), (3, 1)), (10, 0, 500000, 0, -10, 6400030), crs)
    >>> slope(ramp).values[1]
    array([nan, 10., 10., nan])
    """
    raster = as_raster(raster)
    problems = metric_findings(raster.crs, raster.bounds, layer=raster.name)
    if problems:
        raise CrsError(*problems)
    require_upright(raster)
    width, height = abs(raster.transform[0]), abs(raster.transform[4])
    heights = raster.values  # noqa: PD011  (a Raster, not a frame)
    rows, columns = heights.shape
    steep = np.full((rows, columns), np.nan)
    if columns > 2:
        # In strips, so that the intermediate arrays of a large raster stay small.

        def fill(top: int) -> None:
            end = min(top + _ROWS_AT_A_TIME, rows - 1)
            steep[top:end, 1:-1] = _horn(heights[top - 1 : end + 1], width, height)

        each(fill, range(1, rows - 1, _ROWS_AT_A_TIME))
    return Raster(
        name=f"{raster.name} slope",
        values=steep,
        transform=raster.transform,
        crs=raster.crs,
        source=raster.source,
        date=raster.date,
        modelled=raster.modelled,
    )


def cropped(raster: Raster, bounds: tuple[float, float, float, float]) -> Raster:
    """
    Return the part of an upright raster round `bounds`, with two cells more on every side.

    The slope inside `bounds` is the same as on the whole raster.
    """
    a, b, c, d, e, f = raster.transform
    west, south, east, north = bounds
    if b or d or not np.isfinite(bounds).all():
        return raster
    heights = raster.values  # noqa: PD011  (a Raster, not a frame)
    rows, columns = heights.shape
    top, bottom = _cells((south - f) / e, (north - f) / e, rows)
    left, right = _cells((west - c) / a, (east - c) / a, columns)
    if top >= bottom or left >= right:
        return raster
    return replace(raster, values=heights[top:bottom, left:right], transform=(a, b, c + left * a, d, e, f + top * e))


def _cells(one: float, other: float, size: int) -> tuple[int, int]:
    """Return the first cell between two positions on a grid and the one after the last, with two more at each end."""
    first, last = math.floor(min(one, other)) - 2, math.ceil(max(one, other)) + 2
    return max(first, 0), min(last, size)


def _horn(z: NDArray[np.float64], width: float, height: float) -> NDArray[np.float64]:
    """Return the slope in percent of all but the outermost cells of `z`."""
    north, middle, south = z[:-2], z[1:-1], z[2:]
    down = north + 2 * middle + south
    across = (down[:, 2:] - down[:, :-2]) / (8 * width)
    fall = south - north
    along = (fall[:, :-2] + 2 * fall[:, 1:-1] + fall[:, 2:]) / (8 * height)
    centre = np.where(np.isnan(middle[:, 1:-1]), np.nan, 100.0)
    return centre * np.hypot(across, along)


def _operations(stats: Sequence[str]) -> list[tuple[str, dict[str, float]]]:
    """Return exactextract's name and options of each statistic."""
    if isinstance(stats, str):
        stats = [stats]
    refuse(name_list_findings(stats, name="stats"))
    parsed = [_operation(stat) for stat in stats]
    unknown = [stat for stat, operation in zip(stats, parsed, strict=True) if operation is None]
    if unknown:
        raise InputError(*(_unknown_stat(stat) for stat in unknown))
    return [operation for operation in parsed if operation is not None]


def _operation(stat: str) -> tuple[str, dict[str, float]] | None:
    if stat in STATS:
        return stat, {}
    match = _PERCENTILE.fullmatch(stat)
    if match:
        return "quantile", {"q": float(match[1]) / 100}
    match = _QUANTILE.fullmatch(stat)
    if match and match[1].count(".") <= 1 and float(match[1]) <= 1:
        return "quantile", {"q": float(match[1])}
    return None


def _unknown_stat(stat: str) -> Finding:
    near = difflib.get_close_matches(stat, STATS, n=1, cutoff=0.5)
    known = ", ".join([*STATS, "quantile(q=…)", "p90"])
    return Finding("unknown_stat", {"stat": stat, "nearest": near[0] if near else "–", "known": known})


def _extract(
    shapes: NDArray[np.object_], raster: Raster, operations: list[tuple[str, dict[str, float]]]
) -> NDArray[np.float64]:
    """Return one row per shape and one column per operation."""
    assert raster.crs is not None  # as_layer and require_same have seen to it
    wkt = raster.crs.to_wkt()
    west, south, east, north = raster.bounds
    grid = NumPyRasterSource(
        np.ascontiguousarray(north_up(raster)), west, south, east, north, nodata=np.nan, srs_wkt=wkt
    )
    asked = [
        Operation(stat, str(position), grid, options=options) for position, (stat, options) in enumerate(operations)
    ]
    table = exact_extract(None, _Shapes(shapes, wkt), asked, output="pandas")
    return np.asarray(table.to_numpy(dtype="float64"))


class _Shape(Feature):  # type: ignore[misc]
    """One polygon as exactextract wants it: WKB is read six times faster than the GeoJSON of its own source."""

    def __init__(self, wkb: bytes) -> None:
        super().__init__()
        self._wkb = wkb

    def geometry(self) -> bytes:
        return self._wkb

    def fields(self) -> list[str]:
        return []


class _Shapes(FeatureSource):  # type: ignore[misc]
    def __init__(self, shapes: NDArray[np.object_], wkt: str) -> None:
        super().__init__()
        self._shapes = shapes
        self._wkt = wkt

    def count(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[Any]:
        return (_Shape(wkb) for wkb in shapely.to_wkb(self._shapes))

    def srs_wkt(self) -> str:
        return self._wkt
