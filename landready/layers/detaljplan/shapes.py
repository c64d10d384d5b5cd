"""Geometries of plan files: parts in lists, each with its own coordinate system, brought to EPSG:3006."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from landready.crs import outside_findings
from landready.geometry.parts import keep_dimension
from landready.rules.provisions import plan_words

TARGET = 3006


class ShapeError(ValueError):
    """
    A geometry that cannot be used.

    Parameters
    ----------
    key
        Name of the finding.
    value
        What stood there.
    """

    def __init__(self, key: str, value: object = "") -> None:
        super().__init__(key, value)
        self.key = key
        self.value = value


def joined(parts: object) -> BaseGeometry:
    """
    Return the geometry of a list `plangeometri` or `bestammelsegeometri`.

    Parameters
    ----------
    parts
        Items with `geometri`: `position` (GeoJSON, easting before northing) and `koordinatsystemPlan`.

    Returns
    -------
    shapely.Geometry
        In EPSG:3006, heights as they are.

    Raises
    ------
    ShapeError
        If there is none, or any of the parts cannot be used: part of a plan is not the plan.
    """
    if not isinstance(parts, list) or not parts:
        raise ShapeError("plan_no_geometry")
    return gathered([_part(item) for item in parts])


def gathered(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """
    Return parts as one geometry, unmended: parts that overlap or differ in kind are told where layers are mended.

    Parameters
    ----------
    shapes
        At least one geometry.
    """
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    if len(parts) == 1:
        only: BaseGeometry = parts[0]
        return only
    dimensions = set(shapely.get_dimensions(parts).tolist())
    if len(dimensions) > 1:
        return shapely.GeometryCollection(list(parts))
    kinds = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
    return kinds[dimensions.pop()](list(parts))


def areal(shape: BaseGeometry) -> BaseGeometry:
    """Return the valid area of a geometry, for measuring; the geometry itself is mended where layers are."""
    if shape.is_valid and shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    valid = shapely.make_valid(np.array([shape], dtype=object), method="structure", keep_collapsed=False)
    area: BaseGeometry = keep_dimension(valid, 2)[0]
    return area if area.area else shapely.Polygon()


def _part(item: Any) -> BaseGeometry:
    geometry = item.get("geometri") if isinstance(item, dict) else None
    if not isinstance(geometry, dict):
        raise ShapeError("plan_no_geometry")
    code = _code_of(geometry.get("koordinatsystemPlan"))
    position = geometry.get("position")
    if not isinstance(position, dict):
        raise ShapeError("plan_no_geometry")
    return placed(_shape_of(position), code)


def _code_of(name: object) -> int:
    said = str(name).removeprefix("EPSG:")
    code = int(said) if said.isdecimal() and len(said) < 6 else 0
    if code not in plan_words()["crs"]["codes"]:
        raise ShapeError("plan_geometry_crs", "–" if name is None else name)
    return code


def _shape_of(position: dict[str, Any]) -> BaseGeometry:
    try:
        shape: BaseGeometry = shapely.geometry.shape(position)
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ShapeError("plan_geometry_broken", str(error)) from error
    if shape.is_empty:
        raise ShapeError("plan_no_geometry")
    return shape


def placed(shape: BaseGeometry, code: int) -> BaseGeometry:
    """
    Return a geometry moved from an EPSG code (3006–3018) to 3006.

    Raises
    ------
    ShapeError
        If its coordinates are not finite or lie elsewhere, as when easting and northing have changed places.
    """
    bounds = shape.bounds
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise ShapeError("plan_geometry_broken", "NaN")
    wrong = _misplaced(code, _nearby(bounds[0] + bounds[2]), _nearby(bounds[1] + bounds[3]))
    if wrong:
        where = ", ".join(f"{value:.0f}" for value in bounds)
        raise ShapeError(wrong, f"EPSG:{code}: {where}")
    if code == TARGET:
        return shape
    return shapely.transform(shape, functools.partial(_move, _transformer(code)), include_z=shape.has_z)


def _nearby(twice: float) -> float:
    """Return half of a number, rounded to 10 km: where a system is used is not known more closely than that."""
    return round(min(max(twice / 2, -1e8), 1e8), -4)


@functools.lru_cache(maxsize=4096)
def _misplaced(code: int, east: float, north: float) -> str | None:
    """Return what is wrong with coordinates of a system; None if they lie where it is used."""
    if max(abs(east), abs(north)) >= 1e8:
        return "plan_geometry_elsewhere"
    found = outside_findings(CRS.from_epsg(code), (east, north, east, north), layer="")
    if not found:
        return None
    return "plan_axes_swapped" if found[0].key == "axes_swapped" else "plan_geometry_elsewhere"


@functools.cache
def _transformer(code: int) -> Transformer:
    return Transformer.from_crs(code, TARGET, always_xy=True)


def _move(transformer: Transformer, coordinates: Any) -> Any:
    x, y = transformer.transform(coordinates[:, 0], coordinates[:, 1])
    return np.column_stack([x, y, coordinates[:, 2:]])
