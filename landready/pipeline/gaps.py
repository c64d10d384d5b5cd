"""Ground of the study area that no parcel covers: it is in no class of land, so it has to be told."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding
from landready.geometry.overlay import CLOSURE_M2, CLOSURE_SHARE, Places, Shapes
from landready.model import Layer, Ledger

_M2_PER_HA = 1e4
# Less than this in all is what rounding and lines drawn twice leave.
_TOLD_HA = 0.01
# From this share of the area on, what is not covered may change what the study says.
_WARNED_SHARE = 0.01


def gap_findings(area: BaseGeometry, parcels: Layer, waters: Sequence[Layer] = ()) -> tuple[list[Finding], Ledger]:
    """
    Tell how much of the study area no parcel covers.

    Parameters
    ----------
    area
        The study area.
    parcels
        The parcels, cut to it.
    waters
        Layers of water, in the same CRS: how much of the ground that is not covered they cover is told.

    Returns
    -------
    list of Finding, Ledger
        A warning where it is more than one percent of the area, a note where it is less; one entry in the ledger.
        Both empty below a hundredth of a hectare.
    """
    gaps = shapely.get_parts(uncovered(area, np.asarray(parcels.frame.geometry.values, dtype=object)))
    size = shapely.area(gaps)
    hectares = float(size.sum()) / _M2_PER_HA
    if hectares < _TOLD_HA:
        return [], Ledger.empty()
    share = hectares * _M2_PER_HA / area.area
    place = shapely.point_on_surface(gaps[size.argmax()])
    values = {
        "layer": parcels.name,
        "hectares": hectares,
        "percent": share * 100,
        "largest": float(size.max()) / _M2_PER_HA,
        "east": place.x,
        "north": place.y,
    }
    wet = _covered_ha(gaps, waters)
    key = "area_uncovered_water" if wet >= _TOLD_HA else "area_uncovered"
    told = Finding(key, {**values, "water": wet}, "warning" if share > _WARNED_SHARE else "note")
    row = {"step": "area", "layer": parcels.name, "reason": "uncovered", "count": len(gaps), "area_ha": hectares}
    return [told], Ledger.of([{**row, "ids": "–"}])


def _covered_ha(gaps: Shapes, layers: Sequence[Layer]) -> float:
    """Return how much of the gaps the polygons of the layers cover, hectares."""
    shapes = [shape for layer in layers for shape in layer.frame.geometry.values if shapely.get_dimensions(shape) == 2]
    if not shapes:
        return 0.0
    over = np.array(shapes, dtype=object)[np.unique(shapely.STRtree(shapes).query(gaps, predicate="intersects")[1])]
    covered: BaseGeometry = shapely.intersection(shapely.union_all(gaps), shapely.union_all(over))
    return float(covered.area) / _M2_PER_HA


def uncovered(area: BaseGeometry, shapes: Shapes) -> BaseGeometry:
    """
    Return what of an area none of the shapes covers.

    Parameters
    ----------
    area
        A valid polygon.
    shapes
        Valid polygons; they may overlap.

    Examples
    --------
    >>> halves = np.array([shapely.box(0, 0, 2, 1), shapely.box(0, 1, 2, 2), shapely.box(0, 1, 2, 2)])
    >>> uncovered(shapely.box(0, 0, 3, 2), halves).area
    2.0
    """
    # What fits edge to edge is joined by leaving out the edges, which costs next to nothing; nearly all parcels do.
    fits = _fitting(shapes)
    joined = _joined(shapes[fits])
    parts = shapes if joined is None else np.concatenate([shapes[~fits], np.array([joined], dtype=object)])
    gaps: BaseGeometry = shapely.difference(area, shapely.union_all(parts))
    return gaps


def _joined(shapes: Shapes) -> BaseGeometry | None:
    """Return the union of shapes that fit edge to edge; None where some lie over others nevertheless."""
    try:
        joined: BaseGeometry = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return None
    total = float(shapely.area(shapes).sum())
    # The edges left over bound the union. Of every point they tell whether an odd number of shapes cover it, so where
    # two lie over each other the union is the smaller by both of them.
    return joined if abs(joined.area - total) <= CLOSURE_M2 + CLOSURE_SHARE * total else None


def _fitting(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes share each of their edges with exactly one other, which lies on its other side."""
    edges, owner = _edges(shapes)
    backward = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    alike = np.where(backward[:, np.newaxis], edges[:, [2, 3, 0, 1]], edges)
    order = np.lexsort(alike.T)
    alike, backward, owner = alike[order], backward[order], owner[order]
    edge = np.cumsum(np.append(True, (alike[1:] != alike[:-1]).any(axis=1))[: len(alike)]) - 1
    shared = (np.bincount(edge) == 2) & (np.bincount(edge, weights=backward) == 1)
    fits = np.ones(len(shapes), dtype=bool)
    fits[owner[~shared[edge]]] = False
    return fits


def _edges(shapes: Shapes) -> tuple[NDArray[np.float64], Places]:
    """Return the edges as x, y, x, y, with the inside on the same hand of all, and the position of each one's shape."""
    rings, shape = shapely.get_rings(shapely.orient_polygons(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    return np.column_stack([points[follows], points[follows + 1]]), shape[ring[follows]]
