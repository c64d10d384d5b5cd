"""Overlay of many small polygons that counts nothing twice, and whose answers are checked.

GEOS fails on a few of a million pairs, and one failure raises for the whole array. Where edges all but coincide it
has also returned wrong polygons without failing (on 9 of 20,000 parcels), and even taken what lies beyond for what lies
within, and the other way round. So no result is taken on trust: what lies within and what lies beyond must sum to the
polygon that was divided, and a point of each polygon must lie where the polygon is said to; a union must have the area
of its parts, each counted without what the others have. What fails, or is not so, is answered on a grid of a tenth of a
millimetre.
"""

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.parts import keep_dimension
from landready.geometry.threads import found_in, in_chunks

FALLBACK_GRID_M = 1e-4
# Areas that should be the same differ by rounding only; what is farther off than this is a wrong overlay.
CLOSURE_M2, CLOSURE_SHARE = 1e-4, 1e-9
# Coordinates of seven figures round here; what sums to within that along an outline shares no ground worth counting.
_ROUNDING_M = 1e-8
_HAIR_M = 1e-6
# Unions of more shapes than this that overlap are checked by bounds and by a point in each shape, not shape by shape.
FEW = 8
# How many pairs, and how many unions, a thread answers at a time.
_PAIRS, _UNIONS = 256, 8

Shapes = NDArray[np.object_]
Places = NDArray[np.intp]


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
        Polygons (lines and points that a touch leaves are not kept), whose areas sum to that of the left one.
    """
    inner, outer = right.copy(), answered(shapely.difference, left, right)
    # A right one that lies within the left one is what they share: its area tells that the rest is right.
    crossing = ~add_up(shapely.area(right) + shapely.area(outer), left)
    shared = answered(shapely.intersection, left[crossing], right[crossing])
    inner[crossing], outer[crossing] = _closed(left[crossing], right[crossing], shared, outer[crossing])
    return inner, outer


def overlap_of(left: Shapes, right: Shapes) -> Shapes:
    """Return what of each left polygon lies in the right one; checked as in `halves`."""
    # The check computes what of the one lies outside the other: of the smaller one, that is cheap.
    swap = shapely.get_num_coordinates(left) > shapely.get_num_coordinates(right)
    return halves(np.where(swap, right, left), np.where(swap, left, right))[0]


def beyond(left: Shapes, right: Shapes) -> Shapes:
    """Return what of each left polygon lies outside the right one; checked as in `halves`."""
    return halves(left, right)[1]


def rest_of(left: Shapes, part: Shapes) -> Shapes:
    """Return what is left of polygons without a part that lies within each; checked as in `halves`."""
    return _closed(left, part, part, answered(shapely.difference, left, part))[1]


def _closed(left: Shapes, right: Shapes, inner: Shapes, outer: Shapes) -> tuple[Shapes, Shapes]:
    off = differ(shapely.area(inner) + shapely.area(outer), shapely.area(left))
    off |= misplaced(inner, right, inside=True) | misplaced(outer, right, inside=False)
    if not off.any():
        return inner, outer
    inner, outer = inner.copy(), outer.copy()
    for result, operation in ((inner, shapely.intersection), (outer, shapely.difference)):
        result[off] = _on_grid(operation, left[off], right[off])
    return inner, outer


def _on_grid(operation: Callable[..., Shapes], left: Shapes, right: Shapes) -> Shapes:
    """Answer on a grid; what is not valid, such as a seam along a hair, is mended first."""
    # Mending may leave lines beside the polygons, and an overlay of mixed kinds fails too.
    mended = [keep_dimension(shapely.make_valid(side), 2) for side in (left, right)]
    return keep_dimension(operation(*mended, grid_size=FALLBACK_GRID_M), 2)


def differ(area: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell where areas (m²) that should be the same differ by more than rounding."""
    return np.asarray(np.abs(area - expected) > CLOSURE_M2 + CLOSURE_SHARE * expected)


def misplaced(shapes: Shapes, areas: Shapes, *, inside: bool) -> NDArray[np.bool_]:
    """
    Tell which shapes have a polygon that does not lie inside (or outside) of the area it should.

    Parameters
    ----------
    shapes
        What overlay with the areas gave.
    areas
        As many polygons.
    inside
        Whether the shapes are what lies in the areas, or what lies beyond.
    """
    parts, place = shapely.get_parts(shapes, return_index=True)
    # A point of a hair has no side.
    solid = np.flatnonzero(shapely.area(parts) > _HAIR_M * shapely.length(parts))
    lies = shapely.intersects(shapely.point_on_surface(parts[solid]), areas[place[solid]])
    doubted = solid[lies != inside]
    # The point may lie in a hair that hangs on the polygon: what is deep inside has none.
    deep = shapely.buffer(parts[doubted], -shapely.area(parts[doubted]) / shapely.length(parts[doubted]) / 4)
    there = ~shapely.is_empty(deep)
    doubted, deep = doubted[there], deep[there]
    lies = shapely.intersects(shapely.point_on_surface(deep), areas[place[doubted]])
    wrong = np.zeros(len(shapes), dtype=bool)
    wrong[place[doubted[lies != inside]]] = True
    return wrong


def add_up(area: NDArray[np.float64], whole: Shapes) -> NDArray[np.bool_]:
    """Tell where areas (m²) of parts are that of the whole to the rounding of coordinates: then none overlap."""
    return np.asarray(np.abs(area - shapely.area(whole)) <= _ROUNDING_M * shapely.length(whole))


def answered(operation: Callable[..., Shapes], left: Shapes, right: Shapes) -> Shapes:
    """
    Apply a set operation to pairs, for who checks the answers.

    Where GEOS fails, halve until the failing pair is alone, and use the grid.
    """

    def answer(left: Shapes, right: Shapes) -> Shapes:
        try:
            return keep_dimension(operation(left, right), 2)
        except shapely.errors.GEOSException:
            if len(left) == 1:
                return _on_grid(operation, left, right)
            middle = len(left) // 2
            return np.concatenate([answer(left[half], right[half]) for half in (slice(middle), slice(middle, None))])

    return in_chunks(answer, left, right, chunk=_PAIRS)


def pairs(left: Shapes, right: Shapes) -> tuple[Places, Places]:
    """
    Return the positions of all pairs whose geometries intersect, sorted by left, then right.

    Parameters
    ----------
    left, right
        Arrays of geometries; missing and empty ones meet nothing.
    """
    # The tree prepares what is asked about, once: that pays for the largest geometry, whichever side it is on.
    largest = [shapely.get_num_coordinates(side).max(initial=0) for side in (left, right)]
    if largest[0] >= largest[1]:
        i, j = found_in(shapely.STRtree(right), left, "intersects")
    else:
        j, i = found_in(shapely.STRtree(left), right, "intersects")
    order = np.lexsort((j, i))
    return i[order], j[order]


def meeting_inside(polygons: Shapes, changed: NDArray[np.bool_] | None = None) -> tuple[Places, Places]:
    """
    Return the positions of all pairs of polygons that share ground, the first of each before the second.

    Parameters
    ----------
    polygons
        Valid polygons.
    changed
        If given, pairs of which neither has changed are not asked about: they are known to share none.
    """
    i, j = shapely.STRtree(polygons).query(polygons)
    asked = i < j  # whether a large polygon meets itself would take longest to say
    if changed is not None:
        asked &= changed[i] | changed[j]
    i, j = i[asked], j[asked]
    # Of the two, the larger one is to be prepared.
    size = shapely.get_num_coordinates(polygons)
    small, large = np.where(size[i] < size[j], (i, j), (j, i))
    shapely.prepare(polygons)
    # What lies in a hole of another does not meet it, and for most that is all there is to ask.
    meet = shapely.intersects(polygons[large], polygons[small])
    meet[meet] = shapely.relate_pattern(polygons[large[meet]], polygons[small[meet]], "T********")
    shapely.destroy_prepared(polygons)  # a prepared geometry must not be shared by threads
    return i[meet], j[meet]


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
        result[several] = _unions(shapes[~alone], place, len(several))
    return result


def _unions(shapes: Shapes, group: Places, groups: int) -> Shapes:
    """Return the union of each group; `group` rises."""
    joined = unproven_unions(shapes, group)
    total = np.asarray(np.bincount(group, weights=shapely.area(shapes), minlength=groups), dtype=np.float64)
    # Shapes that share no ground are most, and their areas tell that nothing was lost.
    overlapping = differ(shapely.area(joined), total)
    few = np.bincount(group, minlength=groups) <= FEW
    asked = np.flatnonzero(overlapping & few)
    # Two ways to one area prove both; only where they part is it worth checking each step of the second.
    for without in (_difference, beyond):
        chosen = np.isin(group, asked)
        expected = _area_in_turn(shapes[chosen], np.searchsorted(asked, group[chosen]), len(asked), without)
        asked = asked[differ(shapely.area(joined[asked]), expected)]
    doubted: list[int] = asked.tolist()
    parts = np.split(shapes, np.flatnonzero(np.diff(group)) + 1)
    many = np.flatnonzero(overlapping & ~few)
    doubted += [place for place in many.tolist() if not _may_be_union(joined[place], parts[place], total[place])]
    for place in doubted:
        joined[place] = _union_on_grid(parts[place])
    return joined


def unproven_unions(shapes: Shapes, group: Places) -> Shapes:
    """Return the union of each group of shapes, for who checks it; `group` rises and leaves no number out."""
    collected = np.asarray(shapely.geometrycollections(shapes, indices=group), dtype=object)
    return np.asarray(in_chunks(_union_all, collected, chunk=_UNIONS), dtype=object)


def _may_be_union(whole: shapely.Geometry, parts: Shapes, total: float) -> bool:
    """Tell whether the area is possible and no part is missing; joining many in turn would cost as much as all else."""
    rounding = CLOSURE_M2 + CLOSURE_SHARE * total
    if not shapely.area(parts).max() - rounding <= shapely.area(whole) <= total + rounding:
        return False
    shapely.prepare(whole)
    there = bool(shapely.dwithin(whole, shapely.point_on_surface(parts), FALLBACK_GRID_M).all())
    shapely.destroy_prepared(whole)  # a prepared geometry must not be shared by threads
    return there


def _difference(left: Shapes, right: Shapes) -> Shapes:
    return answered(shapely.difference, left, right)


def _area_in_turn(
    shapes: Shapes, group: Places, groups: int, without: Callable[[Shapes, Shapes], Shapes]
) -> NDArray[np.float64]:
    """Return the area of the union of each group: of each shape, what those before it do not have."""
    size = np.bincount(group, minlength=groups)
    first = np.cumsum(size) - size
    joined = shapes[first]
    area = np.asarray(shapely.area(joined), dtype=np.float64)
    for turn in range(1, int(size.max(initial=0))):
        there = np.flatnonzero(size > turn)
        added = without(shapes[first[there] + turn], joined[there])
        area[there] += shapely.area(added)
        going_on = size[there] > turn + 1
        joined[there[going_on]] = answered(shapely.union, joined[there[going_on]], added[going_on])
    return area


def _union_all(collected: Shapes) -> Shapes:
    try:
        return keep_dimension(np.asarray(shapely.union_all(collected[:, np.newaxis], axis=1)), 2)
    except shapely.errors.GEOSException:
        if len(collected) == 1:
            return np.array([_union_on_grid(shapely.make_valid(shapely.get_parts(collected[0])))])
        middle = len(collected) // 2
        return np.concatenate([_union_all(collected[:middle]), _union_all(collected[middle:])])


def _union_on_grid(parts: Shapes) -> shapely.Geometry:
    whole: shapely.Geometry = keep_dimension(np.array([shapely.union_all(parts, grid_size=FALLBACK_GRID_M)]), 2)[0]
    return whole


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
