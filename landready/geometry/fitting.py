"""Polygons that fit edge to edge, as the areas of a division do: known by their edges, without any overlay."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.overlay import CLOSURE_M2, CLOSURE_SHARE, Places, Shapes


def fitting(shapes: Shapes) -> NDArray[np.bool_]:
    """
    Tell which shapes share each of their edges with exactly one other, which lies on its other side.

    Parameters
    ----------
    shapes
        Valid polygons.

    Examples
    --------
    >>> fitting(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])).tolist()
    [False, False]
    """
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


def union_of_fitting(shapes: Shapes) -> BaseGeometry:
    """
    Return the union of shapes of which most fit edge to edge.

    What fits is joined by leaving out the edges, which costs next to nothing; nearly all parcels do.

    Parameters
    ----------
    shapes
        Valid polygons; they may overlap.
    """
    fits = fitting(shapes)
    joined = _joined(shapes[fits])
    parts = shapes if joined is None else np.concatenate([shapes[~fits], np.array([joined], dtype=object)])
    whole: BaseGeometry = shapely.union_all(parts)
    return whole


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


def _edges(shapes: Shapes) -> tuple[NDArray[np.float64], Places]:
    """Return the edges as x, y, x, y, with the inside on the same hand of all, and the position of each one's shape."""
    rings, shape = shapely.get_rings(shapely.orient_polygons(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    return np.column_stack([points[follows], points[follows + 1]]), shape[ring[follows]]
