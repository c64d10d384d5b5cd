"""Overlay of many small shapes, without double counting and without one failure ending a whole array.

GEOS fails on a few of a million pairs, and one failure raises for the whole array: `safe` catches it, bisects
down to the pair, and answers that pair on a grid of a tenth of a millimetre.
"""

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.cutting import cut
from landready.geometry.parts import keep_dimension

FALLBACK_GRID_M = 1e-4
# Two parts of a polygon sum to it but for rounding; what is farther off than this is a wrong overlay.
CLOSURE_M2, CLOSURE_SHARE = 1e-4, 1e-9

Shapes = NDArray[np.object_]
Places = NDArray[np.intp]


def safe(operation: Callable[..., Shapes], left: Shapes, right: Shapes) -> Shapes:
    """
    Apply a shapely set operation to pairs; where GEOS fails, halve until the failing pair is alone.

    Parameters
    ----------
    operation
        `shapely.intersection`, `shapely.difference` or `shapely.union`.
    left, right
        Arrays of polygons, of equal length.

    Returns
    -------
    numpy.ndarray
        Polygons (lines and points that a touch leaves are not kept).
    """
    try:
        return keep_dimension(operation(left, right), 2)
    except shapely.errors.GEOSException:
        if len(left) == 1:
            # Mending may leave lines beside the polygons, and an overlay of mixed kinds fails too.
            mended = [keep_dimension(shapely.make_valid(side), 2) for side in (left, right)]
            return keep_dimension(operation(*mended, grid_size=FALLBACK_GRID_M), 2)
        half = len(left) // 2
        return np.concatenate([safe(operation, left[:half], right[:half]), safe(operation, left[half:], right[half:])])


def halves(left: Shapes, right: Shapes) -> tuple[Shapes, Shapes]:
    """
    Return what of each left polygon lies in the right one, and what does not.

    Parameters
    ----------
    left, right
        Arrays of polygons, of equal length.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Their areas sum to that of the left polygon: where edges all but coincide, GEOS may return a wrong polygon
        without failing (seen on 9 of 20,000 parcels), so the sum is checked and such pairs are answered on the grid.
    """
    return _closed(left, right, safe(shapely.intersection, left, right), safe(shapely.difference, left, right))


def rest_of(left: Shapes, part: Shapes) -> Shapes:
    """Return what is left of polygons without a part that lies within each; checked as in `halves`."""
    return _closed(left, part, part, safe(shapely.difference, left, part))[1]


def _closed(left: Shapes, right: Shapes, within: Shapes, beyond: Shapes) -> tuple[Shapes, Shapes]:
    area = shapely.area(left)
    off = np.abs(area - shapely.area(within) - shapely.area(beyond)) > CLOSURE_M2 + CLOSURE_SHARE * area
    if not off.any():
        return within, beyond
    within, beyond = within.copy(), beyond.copy()
    for result, operation in ((within, shapely.intersection), (beyond, shapely.difference)):
        result[off] = keep_dimension(operation(left[off], right[off], grid_size=FALLBACK_GRID_M), 2)
    return within, beyond


def pairs(left: Shapes, right: Shapes) -> tuple[Places, Places]:
    """
    Return the positions of all pairs whose geometries intersect, sorted by left, then right.

    Parameters
    ----------
    left, right
        Arrays of geometries; missing and empty ones meet nothing.
    """
    i, j = shapely.STRtree(right).query(left, predicate="intersects")
    order = np.lexsort((j, i))
    return i[order], j[order]


def union_by_group(shapes: Shapes, group: Places, groups: int) -> Shapes:
    """
    Return the union of the shapes of each group.

    Parameters
    ----------
    shapes
        Polygons.
    group
        Group number of each shape.
    groups
        How many groups there are; a group without shapes gets an empty polygon.
    """
    result = np.full(groups, shapely.Polygon(), dtype=object)
    order = np.argsort(group, kind="stable")
    shapes, group = shapes[order], group[order]
    size = np.bincount(group, minlength=groups)
    alone = size[group] == 1
    result[group[alone]] = shapes[alone]
    several = np.flatnonzero(size > 1)
    if len(several):
        place = np.searchsorted(several, group[~alone])
        collected = shapely.geometrycollections(shapes[~alone], indices=place)
        result[several] = _unions(collected)
    return result


def _unions(collected: Shapes) -> Shapes:
    try:
        return keep_dimension(np.asarray(shapely.union_all(collected[:, np.newaxis], axis=1)), 2)
    except shapely.errors.GEOSException:
        if len(collected) == 1:
            parts = shapely.make_valid(shapely.get_parts(collected[0]))
            return keep_dimension(np.array([shapely.union_all(parts, grid_size=FALLBACK_GRID_M)]), 2)
        half = len(collected) // 2
        return np.concatenate([_unions(collected[:half]), _unions(collected[half:])])


def collect(shapes: Shapes, group: Places, groups: int) -> Shapes:
    """
    Put polygons that do not overlap together as they are, one geometry per group.

    Parameters
    ----------
    shapes
        Single polygons; those of one group share no area.
    group
        Group number of each polygon, rising.
    groups
        How many groups there are; a group without polygons gets an empty polygon.
    """
    result = np.full(groups, shapely.Polygon(), dtype=object)
    size = np.bincount(group, minlength=groups)
    alone = size[group] == 1
    result[group[alone]] = shapes[alone]
    several = np.flatnonzero(size > 1)
    if len(several):
        place = np.searchsorted(several, group[~alone])
        result[several] = shapely.multipolygons(shapes[~alone], indices=place)
    return result


def reach(shapes: Shapes, areas: Shapes) -> tuple[Places, Shapes, NDArray[np.bool_]]:
    """
    Return the shapes that any of the areas reaches, and the part covered, overlaps counted once.

    Parameters
    ----------
    shapes
        Valid polygons.
    areas
        Valid polygons of any size; cut here.

    Returns
    -------
    place, part, full
        Positions in `shapes`, rising; the polygon covered there; and whether one area (or one piece of a
        cut area) covers the shape whole, in which case the part is the shape itself.
    """
    pieces, _ = cut(areas)
    i, j = pairs(shapes, pieces)
    left, right = shapes[i], pieces[j]
    full = np.zeros(len(shapes), dtype=bool)
    # Parcels are often asked about parcels: the same shape is found by its coordinates, without any geometry. What
    # else meets a shape that is covered whole adds nothing.
    for covers in (shapely.equals_identical, lambda small, large: shapely.covers(large, small)):
        full[i[covers(left, right)]] = True
        open_ = ~full[i]
        i, left, right = i[open_], left[open_], right[open_]
    whole = np.asarray(shapely.covers(left, right))
    # Neighbours that share a border are most pairs of a cadastre, and finding that they only touch is cheap.
    apart = ~whole
    apart[apart] = shapely.touches(left[apart], right[apart])
    i, left, right, whole = i[~apart], left[~apart], right[~apart], whole[~apart]
    crossing = ~whole
    met = right.copy()
    met[crossing] = safe(shapely.intersection, left[crossing], right[crossing])
    solid = ~shapely.is_empty(met)
    met, i = met[solid], i[solid]
    partly, group = np.unique(i, return_inverse=True)
    place = np.concatenate([np.flatnonzero(full), partly])
    part = np.concatenate([shapes[full], union_by_group(met, group, len(partly))])
    order = np.argsort(place)
    return place[order], part[order], full[place[order]]


def covered(shapes: Shapes, areas: Shapes) -> Shapes:
    """
    Return, for each shape, the part of it that any of the areas covers, overlaps between areas counted once.

    Parameters
    ----------
    shapes
        Valid polygons.
    areas
        Valid polygons of any size; cut here.

    Returns
    -------
    numpy.ndarray
        One geometry per shape, empty where no area reaches.
    """
    place, part, _ = reach(shapes, areas)
    result = np.full(len(shapes), shapely.Polygon(), dtype=object)
    result[place] = part
    return result
