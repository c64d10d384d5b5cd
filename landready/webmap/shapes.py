"""Geometry for the web map: clipped, simplified, in WGS84, rounded. The only place where WGS84 exists."""

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer

from landready.crs import Bounds

WGS84 = "EPSG:4326"
DECIMALS = 6
"""Of degrees: 1e-6° is 0.11 m north to south and half that east to west in Sweden."""

Shapes = NDArray[np.object_]


def to_degrees(shapes: ArrayLike, crs: CRS) -> Shapes:
    """
    Reproject to WGS84 and round to `DECIMALS`.

    Parameters
    ----------
    shapes
        Geometries in `crs`; missing ones stay missing.
    crs
        Their CRS.

    Returns
    -------
    numpy.ndarray
        Geometries in degrees, x = longitude, in canonical vertex order. Good for drawing, not for measuring.
    """
    transformer = Transformer.from_crs(crs, WGS84, always_xy=True)

    def reproject(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([lon, lat]).round(DECIMALS)

    moved = shapely.transform(np.asarray(shapes, dtype=object), reproject)
    return np.asarray(shapely.normalize(moved), dtype=object)


def simplified(shapes: ArrayLike, tolerance_m: float) -> Shapes:
    """Return the shapes with fewer vertices, off by at most `tolerance_m`; none collapses or splits."""
    return np.asarray(shapely.simplify(shapes, tolerance_m, preserve_topology=True), dtype=object)


def clipped(shapes: ArrayLike, window: Bounds) -> Shapes:
    """Return what of the shapes lies in `window`; empty geometries for those outside."""
    array = np.asarray(shapes, dtype=object)
    try:
        return np.asarray(shapely.clip_by_rect(array, *window), dtype=object)
    except shapely.errors.GEOSException:
        # clip_by_rect is fast and now and then gives up; intersection is slow and does not.
        return np.asarray(shapely.intersection(array, shapely.box(*window)), dtype=object)


def gathered(shapes: ArrayLike, dimension: int) -> shapely.Geometry | None:
    """
    Put all parts of one dimension into one multi-geometry, lines joined end to end.

    Parameters
    ----------
    shapes
        Geometries of any kind.
    dimension
        1 for lines, 2 for polygons.

    Returns
    -------
    shapely.Geometry or None
        None if there is no such part. The order of the shapes does not matter.
    """
    parts = shapely.get_parts(shapely.get_parts(np.asarray(shapes, dtype=object)))
    parts = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    parts = shapely.normalize(parts)
    parts = parts[np.argsort(shapely.to_wkb(parts))]
    if dimension == 1:
        return shapely.line_merge(shapely.multilinestrings(parts))
    return shapely.multipolygons(parts)


def as_json(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    """Return a geometry as a GeoJSON mapping; None for what is missing or empty."""
    if shape is None or shape.is_empty:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def anchors(shapes: ArrayLike) -> Shapes:
    """Return a point well inside each polygon, where a letter fits; None where there is no polygon."""
    array = np.asarray(shapes, dtype=object)
    found = np.full(len(array), None, dtype=object)
    there = ~(shapely.is_missing(array) | shapely.is_empty(array))
    span = np.sqrt(np.maximum(shapely.area(array[there]), 1.0))
    radius = shapely.maximum_inscribed_circle(array[there], tolerance=span / 50)
    found[there] = shapely.get_point(radius, 0)
    return found


def lat_lon(points: ArrayLike) -> list[list[float] | None]:
    """Return points in degrees as `[latitude, longitude]`; None for missing ones."""
    array = np.asarray(points, dtype=object)
    pairs = np.column_stack([shapely.get_y(array), shapely.get_x(array)])
    return [pair if np.isfinite(pair).all() else None for pair in pairs.tolist()]
