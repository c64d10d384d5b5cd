"""How much of shapes, and what of them, areas cover; overlaps between the areas counted once."""

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.cutting import cut
from landready.geometry.overlay import Places, Shapes, union_by_group
from landready.geometry.patches import Patches, inside

# Shapes with more vertices are cut as the areas are.
_WHOLE = 4096


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
    found, source = _found(shapes, areas)
    return union_by_group(found.parts, source[found.place[found.owner]], len(shapes))


def covered_m2(shapes: Shapes, areas: Shapes) -> NDArray[np.float64]:
    """Return the area (m²) of what `covered` returns, which takes no joining of it."""
    found, source = _found(shapes, areas)
    return np.asarray(np.bincount(source[found.place], weights=found.m2, minlength=len(shapes)), dtype=np.float64)


def _found(shapes: Shapes, areas: Shapes) -> tuple[Patches, Places]:
    """Return what is covered of the shapes, the largest of them cut, and for each piece the shape it comes from."""
    # A shape as large as a municipality would meet every piece of the areas, each time whole.
    whole = shapely.get_num_coordinates(shapes) <= _WHOLE
    pieces, source = cut(shapes[~whole])
    pieces = np.concatenate([shapes[whole], pieces])
    source = np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)[source]])
    return inside(pieces, areas), source
