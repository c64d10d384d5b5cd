"""Keep the parts of a geometry that are land: polygons, not the lines and points that overlay leaves behind."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

_FIRST_MULTI = shapely.GeometryType.MULTIPOINT


def keep_dimension(geometry: ArrayLike, dimension: ArrayLike) -> NDArray[np.object_]:
    """
    Keep only the parts of each geometry that have the given dimension (2: polygons, 1: lines, 0: points).

    Parameters
    ----------
    geometry
        Array of geometries, collections among them.
    dimension
        Wanted dimension, one or as many as geometries.

    Returns
    -------
    numpy.ndarray
        As many geometries; an empty collection where nothing of that dimension is left.
    """
    kept = np.array(geometry, dtype=object)
    wanted = np.broadcast_to(np.asarray(dimension), kept.shape)
    mixed = shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION
    other = (shapely.get_dimensions(kept) != wanted) & ~shapely.is_missing(kept) & ~mixed
    kept[other] = shapely.GeometryCollection()
    for position in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapely.get_parts(kept[position]))
        kept[position] = shapely.union_all(parts[shapely.get_dimensions(parts) == wanted[position]])
    return kept
