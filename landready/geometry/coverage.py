"""What areas cover of shapes, overlaps between the areas counted once."""

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.cutting import cut
from landready.geometry.overlay import Places, Shapes, overlap_of, pairs, union_by_group

# Shapes with more vertices are cut as the areas are.
_WHOLE = 4096


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
    met[crossing] = overlap_of(left[crossing], right[crossing])
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
    # A shape as large as a municipality would meet every piece of the areas, each time whole.
    whole = shapely.get_num_coordinates(shapes) <= _WHOLE
    pieces, source = cut(shapes[~whole])
    pieces = np.concatenate([shapes[whole], pieces])
    source = np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)[source]])
    place, part, _ = reach(pieces, areas)
    return union_by_group(part, source[place], len(shapes))
