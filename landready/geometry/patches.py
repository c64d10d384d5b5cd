"""Ground on top of base shapes, and set algebra over it: together, in common, without.

Most parcels meet few constraints. `Patches` therefore holds polygons only for the shapes that have any, and
knows where a shape is covered whole, so that most of the algebra needs no overlay at all.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.coverage import reach
from landready.geometry.overlay import Places, Shapes, halves, rest_of, union_by_group
from landready.geometry.parts import keep_dimension


@dataclass(frozen=True, eq=False)
class Patches:
    """
    One polygon on each of some base shapes.

    Parameters
    ----------
    place
        Positions of the base shapes, rising and unique.
    shape
        The polygons, none empty, each within its base shape.
    full
        Whether the polygon is the whole base shape.
    """

    place: Places
    shape: Shapes
    full: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.place)

    def area(self, count: int) -> NDArray[np.float64]:
        """Return the area on each of `count` base shapes, 0 where there is no patch."""
        result = np.zeros(count)
        result[self.place] = shapely.area(self.shape)
        return result


def nothing() -> Patches:
    """Return patches on no shape."""
    return Patches(np.empty(0, dtype=np.intp), np.empty(0, dtype=object), np.empty(0, dtype=bool))


def whole(shapes: Shapes) -> Patches:
    """Return all of every shape."""
    return Patches(np.arange(len(shapes)), shapes, np.ones(len(shapes), dtype=bool))


def inside(shapes: Shapes, areas: Shapes) -> Patches:
    """
    Return what any of the areas covers of each shape.

    Parameters
    ----------
    shapes, areas
        Valid polygons.
    """
    return Patches(*reach(shapes, areas))


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
    rest = np.flatnonzero(~shapely.covers(polygons[0], shapes))
    place, part, full = reach(shapes[rest], polygons)
    return without(Patches(rest, shapes[rest], np.ones(len(rest), dtype=bool)), Patches(rest[place], part, full))


def together(*several: Patches) -> Patches:
    """Return what lies in any of the patches, overlaps counted once."""
    filled = [patches for patches in several if len(patches)]
    if not filled:
        return nothing()
    if len(filled) == 1:
        return filled[0]
    shape = np.concatenate([patches.shape for patches in filled])
    full = np.concatenate([patches.full for patches in filled])
    place, group = np.unique(np.concatenate([patches.place for patches in filled]), return_inverse=True)
    anywhere_full = np.zeros(len(place), dtype=bool)
    anywhere_full[group[full]] = True
    partly = ~anywhere_full[group]
    result = union_by_group(shape[partly], group[partly], len(place))
    result[group[full]] = shape[full]
    return Patches(place, result, anywhere_full)


def parted(left: Patches, right: Patches) -> tuple[Patches, Patches]:
    """Return what of the left patches lies in the right ones, and what does not; together they are the left ones."""
    _, i, j = np.intersect1d(left.place, right.place, assume_unique=True, return_indices=True)
    inner, outer = left.shape[i], np.full(len(i), shapely.Polygon(), dtype=object)
    crossing = ~right.full[j]
    # A patch lies within its base shape: what is common with the whole shape is the patch itself.
    base = crossing & left.full[i]
    inner[base] = right.shape[j[base]]
    outer[base] = rest_of(left.shape[i[base]], right.shape[j[base]])
    both = crossing & ~base
    inner[both], outer[both] = halves(left.shape[i[both]], right.shape[j[both]])
    inside_, outside_ = ~shapely.is_empty(inner), ~shapely.is_empty(outer)
    within = Patches(left.place[i[inside_]], inner[inside_], (left.full[i] & right.full[j])[inside_])
    alone = np.setdiff1d(np.arange(len(left)), i)
    place = np.concatenate([left.place[alone], left.place[i[outside_]]])
    order = np.argsort(place, kind="stable")
    shape = np.concatenate([left.shape[alone], outer[outside_]])[order]
    full = np.concatenate([left.full[alone], np.zeros(int(outside_.sum()), dtype=bool)])[order]
    return within, Patches(place[order], shape, full)


def common(left: Patches, right: Patches) -> Patches:
    """Return what lies in both patches."""
    return parted(left, right)[0]


def without(left: Patches, right: Patches) -> Patches:
    """Return what lies in the left patches and not in the right ones."""
    return parted(left, right)[1]
