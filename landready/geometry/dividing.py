"""Divide shapes by what lies on them: which part lies in any of the cutters, and what is left.

Taking the cutters from a shape one after the other gives the rest, and laying each on the shape by itself gives the
parts. The two come from overlays of their own: if they sum to the shape, and a point of each polygon lies where it
should, both are right, and the parts share no ground. That proves in two overlays per cutter what checking each result
by itself would take twice as many for.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.overlay import (
    FEW,
    Places,
    Shapes,
    add_up,
    answered,
    differ,
    misplaced,
    overlap_of,
    union_by_group,
    unproven_unions,
)

# From shapes with more vertices, taking one cutter after the other is too dear.
_LARGE = 512


def divide(shapes: Shapes, cutters: Shapes, group: Places) -> tuple[Shapes, Places, Shapes]:
    """
    Return what of each shape lies in any of its cutters, and what lies in none.

    Parameters
    ----------
    shapes, cutters
        Polygons.
    group
        The position of the shape that each cutter is laid on, rising and leaving none out.

    Returns
    -------
    parts, owner
        Polygons in cutters that share no ground, and the position of the shape that each is a part of, rising.
    rest
        What is left of each shape; None where that is not told: of large shapes, and of those with many cutters.
    """
    rest = np.full(len(shapes), None, dtype=object)
    count = np.bincount(group, minlength=len(shapes))
    quick = (count <= FEW) & (shapely.get_num_coordinates(shapes) <= _LARGE)
    chosen = quick[group]
    rest[quick] = _left_in_turn(shapes[quick], cutters[chosen], count[quick])
    parts, owner, wrong = _parts_beside(rest, shapes, cutters[chosen], group[chosen])
    rest[wrong | differ(_sums(parts, owner, rest), shapely.area(shapes))] = None
    # What is not told, or did not sum, is answered by overlays that are checked one by one.
    untold = np.flatnonzero(shapely.is_missing(rest))
    proven, chosen = ~np.isin(owner, untold), np.isin(group, untold)
    covered = overlap_of(shapes[group[chosen]], cutters[chosen])
    joined = union_by_group(covered, np.searchsorted(untold, group[chosen]), len(untold))
    parts, owner = np.concatenate([parts[proven], joined]), np.concatenate([owner[proven], untold])
    solid = np.flatnonzero(~shapely.is_empty(parts))
    order = solid[np.argsort(owner[solid], kind="stable")]
    return parts[order], owner[order], rest


def _parts_beside(
    rest: Shapes, shapes: Shapes, cutters: Shapes, owner: Places
) -> tuple[Shapes, Places, NDArray[np.bool_]]:
    """
    Return the parts of shapes beside their rest, with as few overlays as the areas show to be needed.

    Also the shape that each is a part of, and which shapes have a part or a rest that does not lie where it should.
    """
    parts, wrong = cutters.copy(), np.zeros(len(shapes), dtype=bool)

    def open_() -> Places:
        return np.flatnonzero(~add_up(_sums(parts, owner, rest), shapes))

    # Cutters that lie within the shape and share no ground are the parts as they are.
    crossing = np.isin(owner, open_())
    parts[crossing] = answered(shapely.intersection, shapes[owner[crossing]], parts[crossing])
    for found, inside in ((parts, True), (rest[owner], False)):
        wrong[owner[crossing][misplaced(found[crossing], cutters[crossing], inside=inside)]] = True
    # Where parts do not add up, most often because they overlap, their union does.
    overlapping = np.intersect1d(open_(), owner)
    chosen = np.isin(owner, overlapping)
    joined = unproven_unions(parts[chosen], np.searchsorted(overlapping, owner[chosen]))
    return np.concatenate([parts[~chosen], joined]), np.concatenate([owner[~chosen], overlapping]), wrong


def _left_in_turn(shapes: Shapes, cutters: Shapes, count: Places) -> Shapes:
    """Take from each shape its cutters, of which there are `count` and which come one after another."""
    left, first = shapes.copy(), np.cumsum(count) - count
    for turn in range(int(count.max(initial=0))):
        there = np.flatnonzero(count > turn)
        left[there] = answered(shapely.difference, left[there], cutters[first[there] + turn])
    return left


def _sums(parts: Shapes, owner: Places, rest: Shapes) -> NDArray[np.float64]:
    """Return the area of the parts of each shape and of its rest; `nan` where that is not told."""
    area: NDArray[np.float64] = np.asarray(np.bincount(owner, weights=shapely.area(parts), minlength=len(rest)))
    return area + shapely.area(rest)
