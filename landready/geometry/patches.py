"""Ground on top of base shapes, and set algebra over it: together, in common, without.

Most parcels meet few constraints. `Patches` therefore holds polygons only for the shapes that have any, and
knows where a shape is covered whole, so that most of the algebra needs no overlay at all. Nor does taking patches from
whole shapes: what they leave is known from when the shapes were divided.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.cutting import cut
from landready.geometry.dividing import divide
from landready.geometry.overlay import Places, Shapes, halves, pairs, rest_of, union_by_group
from landready.geometry.parts import keep_dimension

_EMPTY = shapely.Polygon()


@dataclass(frozen=True, eq=False)
class Patches:
    """
    Ground on some of the base shapes.

    Parameters
    ----------
    place
        Positions of the base shapes, rising and unique.
    full
        Whether the ground is the whole base shape.
    parts, owner
        Polygons that share no ground, none empty, and the position in `place` that each belongs to, rising; at least
        one for each.
    rest
        What the ground leaves of each base shape; None where that has not been computed.
    """

    place: Places
    full: NDArray[np.bool_]
    parts: Shapes
    owner: Places
    rest: Shapes

    def __len__(self) -> int:
        return len(self.place)

    @cached_property
    def shape(self) -> Shapes:
        """One polygon or multipolygon per place."""
        return union_by_group(self.parts, self.owner, len(self))

    @cached_property
    def m2(self) -> NDArray[np.float64]:
        """The area of each."""
        return np.asarray(np.bincount(self.owner, weights=shapely.area(self.parts), minlength=len(self)))

    def area(self, count: int) -> NDArray[np.float64]:
        """Return the area on each of `count` base shapes, 0 where there is no patch."""
        result = np.zeros(count)
        result[self.place] = self.m2
        return result

    def rows(self, chosen: Places | NDArray[np.bool_]) -> "Patches":
        """Return some of them, in rising order."""
        rows = np.arange(len(self))[chosen]
        kept = np.isin(self.owner, rows)
        owner = np.searchsorted(rows, self.owner[kept])
        return Patches(self.place[rows], self.full[rows], self.parts[kept], owner, self.rest[rows])


def solid(place: Places, shape: Shapes, full: NDArray[np.bool_], rest: Shapes | None = None) -> Patches:
    """Return one polygon or multipolygon on each place, and what it leaves if that is known."""
    unknown = np.full(len(place), None, dtype=object)
    return Patches(place, full, shape, np.arange(len(place)), unknown if rest is None else rest)


def nothing() -> Patches:
    """Return patches on no shape."""
    return whole(np.empty(0, dtype=object))


def whole(shapes: Shapes) -> Patches:
    """Return all of every shape."""
    full = np.ones(len(shapes), dtype=bool)
    return solid(np.arange(len(shapes)), shapes, full, np.full(len(shapes), _EMPTY, dtype=object))


def inside(shapes: Shapes, areas: Shapes) -> Patches:
    """
    Return what any of the areas covers of each shape, overlaps between the areas counted once.

    Parameters
    ----------
    shapes
        Valid polygons.
    areas
        Valid polygons of any size; cut here.
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
    # Neighbours that share a border are most pairs of a cadastre, and finding that they only touch is cheap.
    meet = ~np.asarray(shapely.touches(left, right))
    asked, group = np.unique(i[meet], return_inverse=True)
    parts, owner, rest = divide(shapes[asked], right[meet], group)
    reached, owner = np.unique(owner, return_inverse=True)
    partly = Patches(asked[reached], np.zeros(len(reached), dtype=bool), parts, owner, rest[reached])
    return _stacked(whole(shapes).rows(full), partly)


def outside(shapes: Shapes, extent: BaseGeometry | None) -> Patches:
    """
    Return what of each shape lies outside `extent`.

    Parameters
    ----------
    shapes
        Valid polygons.
    extent
        A polygon or multipolygon; None means everywhere, so that nothing lies outside.
    """
    if extent is None or not len(shapes):
        return nothing()
    # Normalising copies: a prepared geometry must not be shared with other threads.
    polygons = keep_dimension(np.array([shapely.normalize(shapely.make_valid(extent))], dtype=object), 2)
    shapely.prepare(polygons)
    out = np.flatnonzero(~shapely.covers(polygons[0], shapes))
    rest = without(whole(shapes[out]), inside(shapes[out], polygons))
    return Patches(out[rest.place], rest.full, rest.parts, rest.owner, rest.rest)


def together(*several: Patches) -> Patches:
    """Return what lies in any of the patches, overlaps counted once."""
    filled = [patches for patches in several if len(patches)]
    if len(filled) < 2:
        return filled[0] if filled else nothing()
    places, count = np.unique(np.concatenate([patches.place for patches in filled]), return_counts=True)
    shared = places[count > 1]
    meeting = [patches.rows(np.isin(patches.place, shared)) for patches in filled]
    alone = [patches.rows(~np.isin(patches.place, shared)) for patches in filled]
    parts = np.concatenate([patches.parts for patches in meeting])
    owner = np.concatenate([np.searchsorted(shared, patches.place)[patches.owner] for patches in meeting])
    is_whole = np.concatenate([patches.full[patches.owner] for patches in meeting])
    full = np.zeros(len(shared), dtype=bool)
    full[owner[is_whole]] = True
    partly = ~full[owner]
    shape = union_by_group(parts[partly], owner[partly], len(shared))
    shape[owner[is_whole]] = parts[is_whole]
    return _stacked(*alone, solid(shared, shape, full))


def parted(left: Patches, right: Patches) -> tuple[Patches, Patches]:
    """Return what of the left patches lies in the right ones, and what does not; together they are the left ones."""
    _, i, j = np.intersect1d(left.place, right.place, assume_unique=True, return_indices=True)
    apart = left.rows(np.setdiff1d(np.arange(len(left)), i))
    left, right = left.rows(i), right.rows(j)
    # A patch lies within its base shape: what is common with the whole shape is the patch itself.
    within = left.rows(right.full)
    of_whole = left.full & ~right.full
    base, taken = left.rows(of_whole), right.rows(of_whole)
    rest = taken.rest.copy()
    unknown = shapely.is_missing(rest)
    rest[unknown] = rest_of(base.shape[unknown], taken.rows(unknown).shape)
    both = ~(left.full | right.full)
    crossing = left.rows(both)
    inner, outer = halves(crossing.shape, right.rows(both).shape)
    return (
        _stacked(within, taken, _partly(crossing.place, inner)),
        _stacked(apart, _partly(base.place, rest), _partly(crossing.place, outer)),
    )


def common(left: Patches, right: Patches) -> Patches:
    """Return what lies in both patches."""
    return parted(left, right)[0]


def without(left: Patches, right: Patches) -> Patches:
    """Return what lies in the left patches and not in the right ones."""
    return parted(left, right)[1]


def _partly(place: Places, shape: Shapes) -> Patches:
    """Return what is not empty, none of it a whole base shape."""
    there = ~shapely.is_empty(shape)
    return solid(place[there], shape[there], np.zeros(int(there.sum()), dtype=bool))


def _stacked(*several: Patches) -> Patches:
    """Put patches on places that no two of them share into one."""
    place, full, parts, rest = (
        np.concatenate([getattr(patches, name) for patches in several]) for name in ("place", "full", "parts", "rest")
    )
    order = np.argsort(place)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    before = np.cumsum([0, *(len(patches) for patches in several)])
    owner = rank[np.concatenate([patches.owner + start for patches, start in zip(several, before, strict=False)])]
    rising = np.argsort(owner, kind="stable")
    return Patches(place[order], full[order], parts[rising], owner[rising], rest[order])
