"""Where a layer was mapped: given as polygons, or taken to be the box round its features."""

from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from landready.crs import Bounds, label
from landready.errors import Finding, argument_findings
from landready.layers.notes import Notes
from landready.model import Layer

Extent: TypeAlias = BaseGeometry | gpd.GeoDataFrame | gpd.GeoSeries | Layer | Literal["bounds"] | None


def bounds_of(frame: gpd.GeoDataFrame) -> Bounds:
    """Return west, south, east, north of the features; `nan` where there are none."""
    west, south, east, north = map(float, frame.total_bounds)
    return west, south, east, north


def extent_findings(given: object) -> list[Finding]:
    """Return a finding if an argument `known_extent` is of the wrong kind or the wrong word."""
    if isinstance(given, str):
        return [] if given == "bounds" else [Finding("extent_unknown_word", {"given": given})]
    kinds = (BaseGeometry, gpd.GeoDataFrame, gpd.GeoSeries, Layer, type(None))
    return argument_findings(given, kinds, name="known_extent", wanted='"bounds", Polygon, GeoDataFrame, Layer, None')


def known_extent_of(given: Extent, bounds: Bounds, *, crs: CRS | None, layer: str) -> tuple[BaseGeometry, Notes]:
    """
    Return where a layer was mapped, in its CRS.

    Parameters
    ----------
    given
        A polygon in the layer's CRS; polygons in any CRS (joined and reprojected); `"bounds"`: the box round
        the layer's features; None: the same, and a finding says that it is assumed.
    bounds
        West, south, east, north of all features of the file.
    crs
        The layer's CRS.
    layer
        What findings call it.

    Returns
    -------
    shapely.Geometry, Notes
        Polygons; empty where the features span no area. An error among the notes if what was given is no
        area, a warning if the layer has features but none within it.
    """
    box = _box(bounds)
    if given is None:
        return box, Notes((Finding("extent_assumed", {"layer": layer}, "note"),))
    wrong = extent_findings(given)
    if wrong or isinstance(given, str):
        return box, Notes(tuple(wrong))
    extent = _joined(given, crs)
    if extent is None:
        return box, Notes((Finding("extent_no_crs", {"layer": layer}),))
    return extent, Notes(tuple(_extent_findings(extent, bounds, crs, layer)))


def _extent_findings(extent: BaseGeometry, bounds: Bounds, crs: CRS | None, layer: str) -> list[Finding]:
    if extent.is_empty or shapely.get_dimensions(extent) != 2:
        return [Finding("extent_no_area", {"layer": layer})]
    if np.isfinite(bounds).all() and not extent.intersects(shapely.box(*bounds)):
        return [Finding("extent_elsewhere", {"layer": layer, "crs": label(crs)}, "warning")]
    return []


def _joined(given: BaseGeometry | gpd.GeoDataFrame | gpd.GeoSeries | Layer, crs: CRS | None) -> BaseGeometry | None:
    """Return the polygons as one valid geometry in `crs`; None if theirs is not known."""
    if isinstance(given, BaseGeometry):
        return shapely.normalize(shapely.make_valid(shapely.force_2d(given)))
    series = given.frame.geometry if isinstance(given, Layer) else given.geometry
    if series.crs is None or crs is None:
        return None
    moved = series.dropna().to_crs(crs)
    valid = shapely.make_valid(shapely.force_2d(moved.values))
    return shapely.normalize(shapely.union_all(valid[np.argsort(shapely.to_wkb(valid))]))


def _box(bounds: Bounds) -> BaseGeometry:
    west, south, east, north = bounds
    spans = np.isfinite(bounds).all() and west < east and south < north
    return shapely.box(west, south, east, north) if spans else shapely.Polygon()
