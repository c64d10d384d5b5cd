"""Travel time along roads, from the edge of each area to the nearest target."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry.base import BaseGeometry

from landready.criteria.roads import MODES, Mode, Segments, minutes, segments, travel_rules
from landready.criteria.snapping import Stretches, snap
from landready.errors import choice_findings, number_findings, refuse
from landready.layers.adapter import LINE, as_layer
from landready.model import LayerLike

# A road that comes this near the edge of what was mapped may go on beyond it.
_EDGE_M = 1.0


def travel_time(
    frame: LayerLike,
    roads: LayerLike,
    targets: LayerLike,
    *,
    mode: Mode = "drive",
    default_speed_kmh: float | None = None,
    snap_limit_m: float = 500.0,
    access_limit_m: float = 25.0,
) -> pd.Series:
    """
    Return the time from each row to the target that is reached first.

    Parameters
    ----------
    frame
        Geometries of any kind. Travel starts where the network is nearest: on every road within `access_limit_m` of
        the edge, or on the nearest one within `snap_limit_m`; where a row lies along a road, anywhere along it. Not
        on a motorway, which cannot be entered from the land beside it.
    roads
        Lines. `speed_kmh` (mode drive); `oneway`: `both`, `forward` (as drawn), `backward`, or bool with True as
        forward, missing as both; `motorway`: bool, missing as False. Roads meet only where they share a vertex (to
        the centimetre), so bridges do not.
    targets
        Geometries of any kind, each reached from the nearest point of the nearest road within `snap_limit_m`; one
        that has no road so near is not reached.
    mode
        `drive` at the speed of the road; `bike`, `walk` at the speed in `rules/travel.toml`, not on
        motorways, walkers in both directions of one-way streets.
    default_speed_kmh
        Speed of roads without one (mode drive). Without it, such roads are an error.
    snap_limit_m, access_limit_m
        Metres (≤).

    Returns
    -------
    pandas.Series
        `travel_time_min`, minutes, on the index of `frame`. The gaps between row and road and between road and target
        count, at the access speed in `rules/travel.toml`; a target that the row touches is at 0.
        `inf` without a road near enough or without a way, where that is known: `nan` where the network reaches the edge
        of what was mapped of roads or targets, or roads within `snap_limit_m` were not mapped. `nan` also without
        geometry, without any target or any road, and for rows wholly outside the roads' known extent.

    Raises
    ------
    CrsError
        If the CRSs differ or cannot be measured in.
    ColumnError
        If speeds are needed and there is no `speed_kmh`.
    InputError
        For values that cannot be read, all columns together, with their rows.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> plot = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500100, 6400100)], crs=3006)
    >>> road = shapely.LineString([(500100, 6400000), (505100, 6400000)])
    >>> roads = gpd.GeoDataFrame({"speed_kmh": [60]}, geometry=[road], crs=3006)
    >>> station = gpd.GeoDataFrame(geometry=[shapely.Point(505100, 6400000)], crs=3006)
    >>> travel_time(plot, roads, station)
    0    5.0
    Name: travel_time_min, dtype: float64
    """
    _check_options(mode, default_speed_kmh, snap_limit_m, access_limit_m)
    layer = as_layer(frame, name="frame")
    network = as_layer(roads, name="roads", kinds=(LINE,), like=layer)
    goals = as_layer(targets, name="targets", like=layer)
    streets = segments(network, mode=mode, default_speed_kmh=default_speed_kmh)
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    aims = _points_apart(_present(np.asarray(goals.frame.geometry.values, dtype=object)))
    if not len(aims) or not len(_present(np.asarray(network.frame.geometry.values, dtype=object))):
        result = np.full(len(shapes), np.nan)
    else:
        starts = snap(shapes, streets.lines, usable=streets.entered, within_m=access_limit_m, limit_m=snap_limit_m)
        usable = np.full(len(streets.lines), fill_value=True)
        ends = snap(aims, streets.lines, usable=usable, within_m=0.0, limit_m=snap_limit_m)
        result = _first_reached(len(shapes), starts, ends, streets, travel_rules()[mode]["access_kmh"])
        if network.known_extent is not None:
            result[~shapely.intersects(network.known_extent, shapes)] = np.nan
        lost = np.isinf(result)
        if lost.any():
            open_ = _goes_on(streets, starts, [network.known_extent, goals.known_extent], len(shapes))
            open_ |= _road_may_be_near(shapes, starts, network.known_extent, snap_limit_m)
            result[lost & open_] = np.nan
        result[shapely.STRtree(aims).query(shapes, predicate="intersects")[0]] = 0.0
        result[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = np.nan
    return pd.Series(result, index=layer.frame.index, name="travel_time_min")


def _points_apart(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Part points that are one target: it is reached at any of them (the ramps of an interchange), not at one only."""
    several = shapely.get_type_id(geometries) == shapely.GeometryType.MULTIPOINT
    return np.concatenate([geometries[~several], shapely.get_parts(geometries[several])])


def _present(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    return geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]


def _check_options(mode: Mode, default_kmh: float | None, snap_limit_m: float, access_limit_m: float) -> None:
    speed = [] if default_kmh is None else number_findings(default_kmh, name="default_speed_kmh", above=0)
    limits = {"snap_limit_m": snap_limit_m, "access_limit_m": access_limit_m}
    refuse(
        [
            *choice_findings(mode, name="mode", choices=MODES),
            *speed,
            *(
                finding
                for name, value in limits.items()
                for finding in number_findings(value, name=name, minimum=0, allow_infinite=True)
            ),
        ]
    )


def _first_reached(
    rows: int, starts: Stretches, ends: Stretches, streets: Segments, access_kmh: float
) -> NDArray[np.float64]:
    """Return the minutes from each row to the target reached first; `inf` where there is no way."""
    result = np.full(rows, np.inf)
    start_gap, end_gap = minutes(starts.gap_m, access_kmh), minutes(ends.gap_m, access_kmh)
    to_target = _minutes_to_target(starts, ends, end_gap, streets)
    np.minimum.at(result, starts.row, start_gap + to_target)
    # Where the stretch of a row and that of a target overlap, one stands right across from the other.
    pairs = _overlapping(starts, ends)
    np.minimum.at(result, starts.row[pairs[0]], start_gap[pairs[0]] + end_gap[pairs[1]])
    return result


def _goes_on(
    streets: Segments, starts: Stretches, extents: Sequence[BaseGeometry | None], rows: int
) -> NDArray[np.bool_]:
    """Tell which rows start on a piece of network that reaches the edge of what was mapped: it may go on from there."""
    ends = (streets.start.astype(np.int32), streets.end.astype(np.int32))
    joined = csr_array((np.ones(len(streets.lines), dtype=np.int8), ends), shape=(streets.nodes, streets.nodes))
    _, piece = connected_components(joined, directed=False)
    leaves = np.zeros(len(streets.lines), dtype=bool)
    for extent in extents:
        if extent is not None:
            inner = shapely.buffer(extent, -_EDGE_M)
            shapely.prepare(inner)
            leaves |= ~shapely.covers(inner, streets.lines)
    reaches = np.isin(piece[streets.start], piece[streets.start[leaves]])
    found = np.zeros(rows, dtype=bool)
    found[starts.row[reaches[starts.segment]]] = True
    return found


def _road_may_be_near(
    shapes: NDArray[np.object_], starts: Stretches, extent: BaseGeometry | None, limit_m: float
) -> NDArray[np.bool_]:
    """Tell which rows have no road near enough, but ground near enough where no roads were mapped."""
    found = np.zeros(len(shapes), dtype=bool)
    alone = np.setdiff1d(np.flatnonzero(~shapely.is_missing(shapes)), starts.row)
    if extent is not None and len(alone):
        found[alone] = ~shapely.covers(extent, shapely.buffer(shapes[alone], limit_m))
    return found


def _overlapping(starts: Stretches, ends: Stretches) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of the pairs of stretches that lie on one segment and overlap."""
    left = pd.DataFrame({"segment": starts.segment, "start": np.arange(len(starts.segment))})
    right = pd.DataFrame({"segment": ends.segment, "end": np.arange(len(ends.segment))})
    both = left.merge(right, on="segment")
    start, end = both["start"].to_numpy(), both["end"].to_numpy()
    meet = (starts.low[start] <= ends.high[end]) & (ends.low[end] <= starts.high[start])
    return start[meet], end[meet]


def _minutes_to_target(
    starts: Stretches, ends: Stretches, end_gap: NDArray[np.float64], streets: Segments
) -> NDArray[np.float64]:
    """
    Return, for each stretch that travel may start on, the minutes to the target reached first.

    The ends of all stretches become nodes that split their segments; each target is a node too, beside the road.
    """
    segment = np.concatenate([starts.segment, starts.segment, ends.segment, ends.segment])
    share = np.concatenate([starts.low, starts.high, ends.low, ends.high])
    point = streets.nodes + np.arange(len(segment))
    target = streets.nodes + len(segment) + np.concatenate([ends.row, ends.row])
    tail, head, cost = _split(streets, segment, share, point)
    beside = point[2 * len(starts.segment) :]
    tail = np.concatenate([tail, beside])
    head = np.concatenate([head, target])
    cost = np.concatenate([cost, end_gap, end_gap])
    if not len(target):
        return np.full(len(starts.segment), np.inf)
    # Against the direction of travel: from all targets at once to everywhere.
    graph = _graph(head, tail, cost, int(target.max()) + 1)
    time = dijkstra(graph, indices=np.unique(target), min_only=True)
    low, high = np.split(time[point[: 2 * len(starts.segment)]], 2)
    return np.minimum(low, high)


def _split(
    streets: Segments, segment: NDArray[np.intp], share: NDArray[np.float64], point: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return tail, head and minutes of the edges that remain when the points split their segments."""
    every = np.arange(len(streets.lines))
    on = np.concatenate([every, every, segment])
    along = np.concatenate([np.zeros(len(every)), np.ones(len(every)), share])
    node = np.concatenate([streets.start, streets.end, point])
    order = np.lexsort((along, on))
    on, along, node = on[order], along[order], node[order]
    joined = on[1:] == on[:-1]
    tail, head, on = node[:-1][joined], node[1:][joined], on[:-1][joined]
    part = np.diff(along)[joined]
    forward, backward = streets.forward[on], streets.backward[on]
    cost = part * streets.minutes[on]
    return (
        np.concatenate([tail[forward], head[backward]]),
        np.concatenate([head[forward], tail[backward]]),
        np.concatenate([cost[forward], cost[backward]]),
    )


def _graph(tail: NDArray[np.intp], head: NDArray[np.intp], cost: NDArray[np.float64], nodes: int) -> csr_array:
    """Return the edges as a sparse matrix, the fastest of parallel ones (scipy would add them up)."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    rows = np.searchsorted(tail[first], np.arange(nodes + 1))
    # Built from its parts, so that edges that take no time stay in it; older scipy walks only 32-bit places.
    return csr_array((cost[first], head[first].astype(np.int32), rows.astype(np.int32)), shape=(nodes, nodes))
