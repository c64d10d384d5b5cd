"""Where areas and targets meet the network: for each, the stretches of road that are nearest to it.

A stretch and not a point, because a site that lies along a road is equally near all of its frontage; a single
"nearest point" would be whichever end rounding favours.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.threads import each, nearest_in

# Two points are equally near when they differ by less than this; coordinates of six figures round at 1e-9.
_EQUALLY_NEAR_M = 1e-6

# Of several roads nearest to a geometry, those within a centimetre of one another all count.
_TIE_M = 0.01

_PAIRS_AT_A_TIME = 8192


@dataclass(frozen=True, eq=False)
class Stretches:
    """
    Parts of segments that are nearest to geometries.

    Parameters
    ----------
    row
        Position of the geometry.
    segment
        Position of the segment.
    low, high
        Where the stretch begins and ends, as shares of the segment's length.
    gap_m
        Distance between the geometry and the stretch.
    """

    row: NDArray[np.intp]
    segment: NDArray[np.intp]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    gap_m: NDArray[np.float64]


def snap(
    shapes: NDArray[np.object_],
    lines: NDArray[np.object_],
    *,
    usable: NDArray[np.bool_],
    within_m: float,
    limit_m: float,
) -> Stretches:
    """
    Find the stretches of road that each geometry is nearest to.

    Parameters
    ----------
    shapes
        Geometries of any kind; missing ones meet nothing.
    lines
        Two-point lines.
    usable
        Which lines to look at.
    within_m
        All lines this near count (≤).
    limit_m
        If there are none, the nearest line counts, if it is this near (≤).

    Returns
    -------
    Stretches
        Sorted by geometry, then segment.
    """
    places = np.flatnonzero(usable)
    tree = shapely.STRtree(lines[places])
    (near, _), metres = nearest_in(tree, shapes, all_matches=False)
    kept = metres <= max(limit_m, within_m)
    near, metres = near[kept], metres[kept]
    reach = np.maximum(within_m, metres + _TIE_M)
    found, line = tree.query(shapes[near], predicate="dwithin", distance=reach)
    row, segment = near[found], places[line]
    order = np.lexsort((segment, row))
    row, segment = row[order], segment[order]
    gap = shapely.distance(shapes[row], lines[segment])
    low, high = np.zeros(len(row)), np.ones(len(row))
    # A line that lies within the shape needs no search; the river's own parcel holds thousands of them.
    partly = np.flatnonzero(~_within(shapes, lines, row, segment))

    def measure(block: NDArray[np.intp]) -> None:
        low[block], high[block] = _nearest_stretch(shapes[row[block]], lines[segment[block]], gap[block])

    each(measure, _blocks(partly))
    return Stretches(row=row, segment=segment, low=low, high=high, gap_m=gap)


def _within(
    shapes: NDArray[np.object_],
    lines: NDArray[np.object_],
    row: NDArray[np.intp],
    segment: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Tell of which pairs the shape covers the line; the tree prepares each shape for itself only."""
    covering, covered = shapely.STRtree(lines).query(shapes, predicate="covers")
    return np.isin(row * len(lines) + segment, covering * len(lines) + covered)


def _blocks(places: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [places[start : start + _PAIRS_AT_A_TIME] for start in range(0, len(places), _PAIRS_AT_A_TIME)]


def _nearest_stretch(
    shapes: NDArray[np.object_], lines: NDArray[np.object_], gap: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Return, as shares of each line's length, where the part nearest to the shape begins and ends (two rows).

    Its ends are among: where the shape's edge crosses the line, the ends of the line, and the points of the line
    straight across from the shape's vertices.
    """
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    nearest = shapely.get_coordinates(shapely.shortest_line(lines, shapes)).reshape(-1, 2, 2)[:, 0]
    candidates = [(nearest, np.arange(len(lines)))]
    crossing = np.flatnonzero(gap == 0)
    if len(crossing):
        points, place = shapely.get_coordinates(
            shapely.intersection(lines[crossing], shapes[crossing]), return_index=True
        )
        candidates.append((points, crossing[place]))
    apart = np.flatnonzero(gap > 0)
    points, place = shapely.get_coordinates(shapes[apart], return_index=True)
    candidates.append(_across(points, apart[place], ends, gap))
    for end in (0, 1):
        near = np.flatnonzero(shapely.distance(shapely.get_point(lines, end), shapes) <= gap + _EQUALLY_NEAR_M)
        candidates.append((ends[near, end], near))
    points = np.concatenate([points for points, _ in candidates])
    pair = np.concatenate([pair for _, pair in candidates])
    share = _share_along(points, ends[pair])
    low, high = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    np.minimum.at(low, pair, share)
    np.maximum.at(high, pair, share)
    return np.stack([low, high])


def _across(
    points: NDArray[np.float64],
    pair: NDArray[np.intp],
    ends: NDArray[np.float64],
    gap: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the points of the lines straight across from the vertices that are equally near, and their pairs."""
    line = ends[pair]
    foot = line[:, 0] + _share_along(points, line)[:, None] * (line[:, 1] - line[:, 0])
    near = np.hypot(*(points - foot).T) <= gap[pair] + _EQUALLY_NEAR_M
    return foot[near], pair[near]


def _share_along(points: NDArray[np.float64], lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where along its line each point lies, 0 at the start and 1 at the end."""
    way = lines[:, 1] - lines[:, 0]
    along = ((points - lines[:, 0]) * way).sum(axis=1)
    share: NDArray[np.float64] = np.clip(along / (way**2).sum(axis=1), 0, 1)
    return share
