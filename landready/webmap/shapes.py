"""Geometry for the web map: clipped, simplified, in WGS84, rounded. The only place where WGS84 exists."""

import functools
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from landready.crs import Bounds

WGS84 = "EPSG:4326"
DECIMALS = 6
"""Of degrees: 1e-6° is 0.11 m north to south and half that east to west in Sweden."""

Shapes = NDArray[np.object_]
Geometries = Iterable[Any]
"""Geometries in any order-keeping container; None for missing ones."""


def _array(shapes: Geometries) -> Shapes:
    return np.array(list(shapes), dtype=np.object_)


@functools.lru_cache(maxsize=8)
def _transformer(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, WGS84, always_xy=True)


def to_degrees(shapes: Geometries, crs: CRS) -> Shapes:
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
    transformer = _transformer(crs)

    def reproject(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([lon, lat]).round(DECIMALS)

    moved = shapely.transform(_array(shapes), reproject)
    return np.asarray(shapely.normalize(moved), dtype=np.object_)


def simplified(shapes: Geometries, tolerance_m: float) -> Shapes:
    """Return the shapes with fewer vertices, off by at most `tolerance_m`; none collapses or splits."""
    return np.asarray(shapely.simplify(_array(shapes), tolerance_m, preserve_topology=True), dtype=np.object_)


def clipped(shapes: Geometries, window: Bounds) -> Shapes:
    """Return what of the shapes lies in `window`; empty geometries for those outside."""
    array = _array(shapes)
    try:
        return np.asarray(shapely.clip_by_rect(array, *window), dtype=np.object_)
    except shapely.errors.GEOSException:
        # clip_by_rect is fast and now and then gives up; intersection is slow and does not.
        return np.asarray(shapely.intersection(array, shapely.box(*window)), dtype=np.object_)


def gathered(shapes: Geometries, dimension: int) -> BaseGeometry | None:
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
    shapely geometry or None
        None if there is no such part. The order of the shapes does not matter.
    """
    parts = shapely.get_parts(shapely.get_parts(_array(shapes)))
    parts = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    parts = shapely.normalize(parts)
    parts = parts[np.argsort(shapely.to_wkb(parts))]
    whole: BaseGeometry = (
        shapely.line_merge(shapely.multilinestrings(parts)) if dimension == 1 else shapely.multipolygons(parts)
    )
    return whole


def as_json(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """Return a geometry as a GeoJSON mapping; None for what is missing or empty."""
    if shape is None or shape.is_empty:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def anchors(shapes: Geometries) -> Shapes:
    """
    Return a point well inside each polygon, where a letter fits; None where there is no polygon.

    The centroid where it lies well inside, else the centre of the widest inscribed circle.
    """
    array = _array(shapes)
    found = np.full(len(array), None, dtype=np.object_)
    there = ~(shapely.is_missing(array) | shapely.is_empty(array))
    polygons = array[there]
    span = np.sqrt(np.maximum(shapely.area(polygons), 1.0))
    radius = shapely.maximum_inscribed_circle(polygons, tolerance=span / 50)
    middle = shapely.centroid(polygons)
    room = shapely.distance(middle, shapely.boundary(polygons)) * shapely.intersects(polygons, middle)
    found[there] = np.where(room >= 0.7 * shapely.length(radius), middle, shapely.get_point(radius, 0))
    return found


def lat_lon(points: Geometries) -> list[list[float] | None]:
    """Return points in degrees as `[latitude, longitude]`; None for missing ones."""
    array = _array(points)
    pairs = np.column_stack([shapely.get_y(array), shapely.get_x(array)])
    return [pair if np.isfinite(pair).all() else None for pair in pairs.tolist()]
