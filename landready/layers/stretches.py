"""Stretches of lines between shares of their length, of many lines at once."""

import numpy as np
import shapely
from numpy.typing import NDArray

# A vertex this near to where a stretch begins or ends is that place.
_SAME_M = 1e-6


def stretches_of(
    lines: NDArray[np.object_], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.object_]:
    """
    Return the part of each line from one share of its length to another.

    Parameters
    ----------
    lines
        Two-dimensional lines; the same one may stand there several times.
    low, high
        Where to begin and end, 0 to 1, `low` below `high`.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (10, 0), (10, 10)])
    >>> str(stretches_of(np.array([line]), np.array([0.25]), np.array([1.0]))[0])
    'LINESTRING (5 0, 10 0, 10 10)'
    """
    length = shapely.length(lines)
    begins, ends = low * length, high * length
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    step[np.diff(owner, prepend=-1) > 0] = 0.0
    whole = np.cumsum(step)
    along = whole - whole[np.searchsorted(owner, np.arange(len(lines)))][owner]
    inside = (along > begins[owner] + _SAME_M) & (along < ends[owner] - _SAME_M)
    first, last = (shapely.get_coordinates(shapely.line_interpolate_point(lines, at)) for at in (begins, ends))
    each = np.arange(len(lines))
    index = np.concatenate([each, owner[inside], each])
    order = np.argsort(index, kind="stable")
    points = np.concatenate([first, xy[inside], last])[order]
    return np.asarray(shapely.linestrings(points, indices=index[order]), dtype=object)
