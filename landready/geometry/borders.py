"""Join polygons along the borders they share, which takes a fifth of the time of overlay.

An edge that one polygon has in one direction and its neighbour in the other is no border of the two together: such
edges cancel, and what is left is the outline. Earlier overlay leaves borders that do not quite match: a vertex that
only one side has, hair-thin slits, spikes and films. So a vertex that lies within `GAP_M` of an edge is put on it, and
vertices that near to each other become one, until everything that is a border has cancelled.

Edges run with their polygon on the left. Cancelling keeps as many edges into each vertex as out of it, so that what
is left always closes into rings; and all land that hangs together across borders has one ring around it, the others
being its holes. Land that this does not hold for, since it overlaps itself, is told, and left to overlay.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from landready.geometry.overlay import Places, Shapes, meeting_inside, overlap_of
from landready.geometry.threads import found_in

_PER_M = 1000
GRID_M = 1 / _PER_M
GAP_M = 0.01

# What is nearer than this along one ring is the ring itself, no other side of it; but for acute corners (gap by way).
_APART_M, _ACUTE = 1.0, 0.1
# A search for what is near compares stretches of so many edges at most.
_STRETCH = 8
# The side of the cells that tell which edges need no search.
_CELL_M = 64.0

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Edges:
    """
    Directed edges in the order of their rings.

    Parameters
    ----------
    start, end
        Vertices.
    ring
        The ring of the input each comes from.
    along
        How far (m) its start lies along that ring.
    settled
        Whether what is near has been looked for since it was last changed.
    """

    start: Places
    end: Places
    ring: Places
    along: Numbers
    settled: Flags

    def __len__(self) -> int:
        return len(self.start)

    def take(self, chosen: Flags | Places) -> "_Edges":
        return _Edges(self.start[chosen], self.end[chosen], self.ring[chosen], self.along[chosen], self.settled[chosen])


def merge_at_borders(polygons: Shapes) -> tuple[Shapes, Places, Flags]:
    """
    Join polygons that share borders.

    Parameters
    ----------
    polygons
        Single polygons in metres that do not overlap, but for films thinner than `GAP_M`.

    Returns
    -------
    merged
        Single polygons with vertices on a grid of `GRID_M`, one for all land that hangs together.
    place
        For each input its position in `merged`, or -1 where nothing of it is left.
    failed
        Inputs that could not be joined, so that nothing of them is in `merged`: what came of them was not valid, was
        larger or smaller than they are by more than moving vertices by `GAP_M` makes it, or overlapped.
    """
    if not len(polygons):
        return polygons, np.empty(0, dtype=np.intp), np.empty(0, dtype=bool)
    rings, owner = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
    edges, xy, length = _edges(rings)
    edges, joined = _without_borders(edges, xy, length)
    _, label = connected_components(
        coo_array((np.ones(joined.shape[1], dtype=bool), owner[joined]), shape=(len(polygons),) * 2), directed=False
    )
    outline, vertex = _rings(edges, xy)
    group: Places = np.asarray(label, dtype=np.intp)
    return _polygons(xy[vertex], outline, group[owner[edges.ring[outline.edge]]], group, polygons)


def _edges(rings: Shapes) -> tuple[_Edges, Numbers, Numbers]:
    """Return the edges between vertices on the grid, where the vertices are, and the length of each ring."""
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    cell = np.round(coordinates * _PER_M).astype(np.int64)
    origin = cell.min(axis=0)
    cell -= origin
    height = int(cell[:, 1].max()) + 1
    # Numbered from west to east; finding equal ones by hash leaves fewer to sort.
    vertex, key = pd.factorize(cell[:, 0] * height + cell[:, 1], sort=True)
    xy = (np.column_stack([key // height, key % height]) + origin) / _PER_M
    step = np.hypot(*np.diff(coordinates, axis=0, prepend=coordinates[:1]).T)
    first = np.diff(ring, prepend=-1) != 0
    step[first] = 0.0
    passed = np.cumsum(step)
    along = passed - passed[first][ring]
    starts = np.flatnonzero(~np.append(first[1:], True))
    edges = _Edges(vertex[starts], vertex[starts + 1], ring[starts], along[starts], np.zeros(len(starts), dtype=bool))
    length = np.asarray(np.bincount(ring, weights=step, minlength=len(rings)), dtype=np.float64)
    return edges.take(edges.start != edges.end), xy, length


def _without_borders(edges: _Edges, xy: Numbers, length: Numbers) -> tuple[_Edges, Places]:
    """Return the edges that do not cancel, and the pairs of rings that the others join."""
    edges, joined = _cancel(edges)
    pairs = [joined]
    before = np.inf
    while True:
        asked = _round_the_unsettled(edges, xy)
        vertex, edge, position = _near(edges.take(asked), xy, length)
        edge = asked[edge]
        # Specks as small as the gap stay near, whichever of their vertices is put on which edge.
        if not len(vertex) or len(vertex) >= before:
            break
        before = len(vertex)
        edges, joined = _cancel(_snapped(edges, xy, vertex, edge, position))
        pairs.append(joined)
    return edges, np.concatenate(pairs, axis=1)


def _cancel(edges: _Edges) -> tuple[_Edges, Places]:
    """Take out pairs of edges that run against each other; return what is left, and the rings of each pair."""
    low, high = np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)
    backward = edges.start > edges.end
    key = (low * (np.int64(high.max(initial=0)) + 1) + high) * 2 + backward
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order] // 2, prepend=-1))
    forward = np.add.reduceat(~backward[order], first) if len(first) else first
    both = np.minimum(forward, np.diff(np.append(first, len(order))) - forward)
    kept, pairs = np.ones(len(edges), dtype=bool), []
    for turn in range(int(both.max(initial=0))):
        more = both > turn
        pair = order[np.stack([first[more] + turn, first[more] + forward[more] + turn])]
        kept[pair] = False
        pairs.append(edges.ring[pair])
    return edges.take(kept), np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), dtype=np.intp)


def _round_the_unsettled(edges: _Edges, xy: Numbers) -> Places:
    """Return the edges that may be near one that is not settled: at first all of them, and soon very few."""
    if not edges.settled.any():
        return np.arange(len(edges))
    cell = ((xy - xy.min(axis=0)) // _CELL_M).astype(np.intp) + 1
    start, end = cell[edges.start[~edges.settled]], cell[edges.end[~edges.settled]]
    (west, south), (east, north) = np.minimum(start, end).T, np.maximum(start, end).T
    # Boxes of cells: a sum over marks at their corners tells which cells any of them holds.
    marks = np.zeros(cell.max(axis=0) + 3, dtype=np.int64)
    for x, y, sign in ((west - 1, south - 1, 1), (east + 2, south - 1, -1), (west - 1, north + 2, -1)):
        np.add.at(marks, (x, y), sign)
    np.add.at(marks, (east + 2, north + 2), 1)
    marked = marks.cumsum(axis=0).cumsum(axis=1) > 0
    # Where an edge shorter than a cell is near another, its ends are in the same cell or beside it.
    near = marked[tuple(cell.T)]
    x, y = xy.T
    long = np.maximum(np.abs(x[edges.end] - x[edges.start]), np.abs(y[edges.end] - y[edges.start])) > _CELL_M
    return np.flatnonzero(near[edges.start] | long)


def _near(edges: _Edges, xy: Numbers, length: Numbers) -> tuple[Places, Places, Numbers]:
    """Return vertices that lie within `GAP_M` of an edge not their own, that edge, and where along it (0 to 1)."""
    a, b = xy[edges.start], xy[edges.end]
    low, high = np.minimum(a, b) - GAP_M / 2, np.maximum(a, b) + GAP_M / 2
    one, other = _near_edges(edges, b - a, low, high)
    found = []
    for mine, its in ((one, other), (other, one)):
        for vertex, along in (
            (edges.start[mine], edges.along[mine]),
            (edges.end[mine], edges.along[mine] + np.hypot(*(b - a)[mine].T)),
        ):
            to, step = xy[vertex] - a[its], (b - a)[its]
            position = np.clip((to * step).sum(axis=1) / (step**2).sum(axis=1), 0.0, 1.0)
            gap = np.hypot(*(to - position[:, None] * step).T)
            # Along the ring, from the vertex to the nearer end of the edge.
            ring = edges.ring[its]
            way = np.abs(along - edges.along[its] - position * np.hypot(*step.T))
            way = np.minimum(way, length[ring] - way)
            itself = (edges.ring[mine] == ring) & (way <= _APART_M) & (gap > way * _ACUTE)
            chosen = (gap <= GAP_M) & (vertex != edges.start[its]) & (vertex != edges.end[its]) & ~itself
            found.append((vertex[chosen], its[chosen], position[chosen]))
    vertex, edge, position = (np.concatenate(values) for values in zip(*found, strict=True))
    _, unique = np.unique(edge * np.int64(len(xy)) + vertex, return_index=True)
    return vertex[unique], edge[unique], position[unique]


def _near_edges(edges: _Edges, step: Numbers, low: Numbers, high: Numbers) -> tuple[Places, Places]:
    """
    Return pairs of edges whose boxes meet, but for those of one stretch.

    A stretch runs on in one quarter of the compass, so that it never comes back near itself.
    """
    if not len(edges):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    quarter = (step[:, 0] >= 0) * 2 + (step[:, 1] >= 0)
    new = (np.diff(edges.ring, prepend=-1) != 0) | (np.diff(quarter, prepend=-1) != 0)
    new |= np.append(True, edges.start[1:] != edges.end[:-1])
    place = np.arange(len(edges))
    new |= (place - np.maximum.accumulate(np.where(new, place, 0))) % _STRETCH == 0
    first = np.flatnonzero(new)
    last = np.append(first, len(edges))[1:]
    corners = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
    boxes = np.asarray(shapely.linestrings(np.stack(corners, axis=1)), dtype=object)
    moved = np.flatnonzero(~np.logical_and.reduceat(edges.settled, first))
    i, j = found_in(shapely.STRtree(boxes), boxes[moved])
    i = moved[i]
    once = (i < j) | ((i > j) & ~np.isin(j, moved))
    i, j = i[once], j[once]
    # From stretches to edges, one side after the other: few edges of a stretch reach the other's box.
    edge, pair = _spread(first[i], last[i])
    meets = _boxes_meet(low[edge], high[edge], corners[0][j[pair]], corners[1][j[pair]])
    edge, pair = edge[meets], pair[meets]
    other, place = _spread(first[j[pair]], last[j[pair]])
    edge = edge[place]
    meets = _boxes_meet(low[edge], high[edge], low[other], high[other])
    return edge[meets], other[meets]


def _spread(first: Places, last: Places) -> tuple[Places, Places]:
    """Return all positions of the spans from `first` to before `last`, and the span each is in."""
    count = last - first
    span = np.repeat(np.arange(len(first)), count)
    return np.arange(len(span)) - np.repeat(np.cumsum(count) - count - first, count), span


def _boxes_meet(low: Numbers, high: Numbers, other_low: Numbers, other_high: Numbers) -> Flags:
    return np.asarray(((low <= other_high) & (other_low <= high)).all(axis=1))


def _snapped(edges: _Edges, xy: Numbers, vertex: Places, edge: Places, position: Numbers) -> _Edges:
    """Put vertices on the edges they are near, or make them one with an end of the edge that is as near."""
    ends = np.stack([edges.start[edge], edges.end[edge]])
    away = np.hypot(*np.moveaxis(xy[ends] - xy[vertex], -1, 0))
    same = away.min(axis=0) <= GAP_M
    nearest = np.where(away[0] <= away[1], *ends)
    _, cluster = connected_components(
        coo_array((np.ones(int(same.sum()), dtype=bool), (vertex[same], nearest[same])), shape=(len(xy),) * 2),
        directed=False,
    )
    # Vertices are numbered from west to east and south to north: which one stands for all does not depend on order.
    first = np.full(len(xy), len(xy))
    np.minimum.at(first, cluster, np.arange(len(xy)))
    stands_for = first[cluster]
    vertex, edge, position = vertex[~same], edge[~same], position[~same]
    order = np.lexsort((vertex, position, edge))
    vertex, edge, position = vertex[order], edge[order], position[order]
    count = np.bincount(edge, minlength=len(edges)) + 1
    source = np.repeat(np.arange(len(edges)), count)
    start, along = edges.start[source], edges.along[source]
    inner = np.ones(len(source), dtype=bool)
    inner[np.cumsum(count) - count] = False
    start[inner] = vertex
    along[inner] += position * np.hypot(*(xy[edges.end[edge]] - xy[edges.start[edge]]).T)
    end = edges.end[source]
    end[np.flatnonzero(inner) - 1] = vertex
    settled = (count == 1)[source] & (stands_for[start] == start) & (stands_for[end] == end)
    snapped = _Edges(stands_for[start], stands_for[end], edges.ring[source], along, settled)
    return snapped.take(snapped.start != snapped.end)


@dataclass(frozen=True, eq=False)
class _Outline:
    """Closed rings: `first` is where each begins among the vertices, `edge` an edge of each."""

    first: Places
    edge: Places


def _rings(edges: _Edges, xy: Numbers) -> tuple[_Outline, Places]:
    """Close the edges into rings that do not touch themselves; return them, and their vertices one after another."""
    following = _following(edges, xy)
    runs = np.flatnonzero(np.append(True, following[:-1] != np.arange(1, len(edges)))) if len(edges) else following
    ends = np.append(runs, len(edges))[1:]
    after = np.searchsorted(runs, following[ends - 1]).tolist()
    order, begins, done = [], [], [False] * len(runs)
    for begin in range(len(runs)):
        at = begin
        while not done[at]:
            begins.append(at == begin)
            order.append(at)
            done[at] = True
            at = after[at]
    edge, run = _spread(runs[order], ends[order])
    is_first = np.zeros(len(edge), dtype=bool)
    is_first[np.flatnonzero(np.diff(run, prepend=-1))] = begins
    first = np.flatnonzero(is_first)
    vertex = edges.start[edge]
    ring = np.cumsum(is_first) - 1
    _, place, often = np.unique(ring * np.int64(len(xy)) + vertex, return_inverse=True, return_counts=True)
    touching = np.unique(ring[often[place] > 1])
    if not len(touching):
        return _Outline(first, edge[first]), vertex
    bounds = np.append(first, len(vertex))
    loops = [loop for number in touching for loop in _loops(vertex, bounds[number], bounds[number + 1])]
    whole = ~np.isin(ring, touching)
    chosen = np.concatenate([np.flatnonzero(whole), *loops])
    kept = np.diff(first, append=len(vertex))[np.setdiff1d(np.arange(len(first)), touching)]
    starts = np.cumsum(np.concatenate([[0], kept, [len(loop) for loop in loops]]).astype(np.intp))[:-1]
    return _Outline(starts, edge[chosen][starts]), vertex[chosen]


def _loops(vertex: Places, first: int, last: int) -> list[Places]:
    """Part a ring at the vertices it visits more than once."""
    loops: list[Places] = []
    way: list[int] = []
    seen: dict[int, int] = {}
    for place, current in enumerate(vertex[first:last].tolist(), start=first):
        if current in seen:
            loop = way[seen[current] :]
            del way[seen[current] :]
            for left in loop:
                del seen[int(vertex[left])]
            loops.append(np.array(loop, dtype=np.intp))
        seen[current] = len(way)
        way.append(place)
    return [*loops, np.array(way, dtype=np.intp)]


def _following(edges: _Edges, xy: Numbers) -> Places:
    """Return the edge that goes on from the end of each; of several, the one that bounds the same land."""
    following = np.empty(len(edges), dtype=np.intp)
    into, out = np.argsort(edges.end, kind="stable"), np.argsort(edges.start, kind="stable")
    following[into] = out
    several = np.bincount(edges.start, minlength=len(xy)) > 1
    into, out = into[several[edges.end[into]]], out[several[edges.start[out]]]
    here = np.concatenate([edges.end[into], edges.start[out]])
    there = np.concatenate([edges.start[into], edges.end[out]])
    way = xy[there] - xy[here]
    number = np.concatenate([into, out])
    leaves = np.arange(len(here)) >= len(into)
    order = np.lexsort((np.arctan2(way[:, 1], way[:, 0]), here))
    here, number, leaves = here[order], number[order], leaves[order]
    # Clockwise from the edge that comes in lies its land, and the next edge out is the land's other side.
    first = np.flatnonzero(np.diff(here, prepend=-1))
    before = np.arange(len(here)) - 1
    before[first] = np.append(first, len(here))[1:] - 1
    bounded = ~leaves & leaves[before]
    paired = np.zeros(len(here), dtype=bool)
    paired[before[bounded]] = True
    following[number[bounded]] = number[before[bounded]]
    # Where land overlaps, edges do not alternate; any order closes the rings, and what comes of it is not sound.
    following[number[~leaves & ~bounded]] = number[leaves & ~paired]
    return following


def _polygons(
    xy: Numbers, outline: _Outline, group: Places, groups: Places, parts: Shapes
) -> tuple[Shapes, Places, Flags]:
    """Put rings together: shells, and the holes of the same group of land in them."""
    rings, area, group = _closed_rings(xy, outline, group)
    outer = area > 0
    shells, hole = np.flatnonzero(outer), np.flatnonzero(~outer)
    shells = shells[np.argsort(group[shells], kind="stable")]
    merged = np.asarray(shapely.polygons(rings[shells]), dtype=object)
    # Land that hangs together has one shell; films may have joined what only meets in a point.
    first = np.searchsorted(group[shells], np.arange(groups.max() + 2))
    alone, several = np.where(np.diff(first) > 0, first[:-1], -1), np.diff(first) > 1
    inside = alone[group[hole]]
    unsure = hole[several[group[hole]]]
    inside[several[group[hole]]] = _smallest_around(merged, group[shells], rings[unsure], group[unsure])
    order = np.argsort(inside, kind="stable")[np.count_nonzero(inside < 0) :]
    for number, own in _spans(inside[order]):
        merged[number] = shapely.polygons(rings[shells[number]], holes=rings[hole[order[own]]])
    place = alone[groups]
    asked = np.flatnonzero(several[groups])
    for inward in (0.0, GAP_M):  # a spike may hold the point within a part, but not once it is gone
        point = shapely.point_on_surface(shapely.buffer(parts[asked], -inward) if inward else parts[asked])
        place[asked] = _smallest_around(merged, group[shells], point, groups[asked])
        asked = asked[place[asked] < 0]
    # By groups, since a part that is a hair wide somewhere may lie in two shells.
    size, around = (np.bincount(groups, weights=of(parts)) for of in (shapely.area, shapely.length))
    found = np.bincount(group[shells], weights=shapely.area(merged), minlength=len(size))
    failed = np.bincount(group[shells], weights=~shapely.is_valid(merged), minlength=len(size)) > 0
    failed |= np.abs(found - size) > GAP_M * around
    failed[group[hole[inside < 0]]] = True
    sound = np.flatnonzero(~failed[group[shells]])
    failed[group[shells[sound[_overlapping(merged[sound])]]]] = True
    stays = ~failed[group[shells]]
    place[failed[groups]] = -1
    place[place >= 0] = (np.cumsum(stays) - 1)[place[place >= 0]]
    return merged[stays], place, failed[groups]


def _overlapping(polygons: Shapes) -> Places:
    """Return the polygons that share more ground with another than a film."""
    i, j = meeting_inside(polygons)
    film = GAP_M * np.minimum(shapely.length(polygons[i]), shapely.length(polygons[j]))
    shared = shapely.area(overlap_of(polygons[i], polygons[j])) > film
    return np.unique(np.concatenate([i[shared], j[shared]]))


def _closed_rings(xy: Numbers, outline: _Outline, group: Places) -> tuple[Shapes, Numbers, Places]:
    """Return rings that hold ground, with its area (below zero for holes) and the group of land each belongs to."""
    if not len(xy):
        return np.empty(0, dtype=object), np.empty(0), group
    last = np.append(outline.first, len(xy))[1:]
    following = np.arange(1, len(xy) + 1)
    following[last - 1] = outline.first
    local = xy - xy.min(axis=0)
    cross = local[:, 0] * local[following, 1] - local[following, 0] * local[:, 1]
    area = np.add.reduceat(cross, outline.first) / 2
    length = np.add.reduceat(np.hypot(*(local - local[following]).T), outline.first)
    # A hole that is a slit altogether would become a hole as wide as a neck where land is eroded.
    solid = (last - outline.first >= 3) & ((area > 0) | (-area > GAP_M / 2 * length))
    point, ring = _spread(outline.first[solid], last[solid])
    return np.asarray(shapely.linearrings(xy[point], indices=ring), dtype=object), area[solid], group[solid]


def _smallest_around(polygons: Shapes, group: Places, shapes: Shapes, groups: Places) -> Places:
    """Return for each shape the smallest polygon of its group that covers it, -1 if none does."""
    j, i = shapely.STRtree(shapes).query(polygons, predicate="covers")
    own = groups[i] == group[j]
    i, j = i[own], j[own]
    order = np.lexsort((-shapely.area(polygons)[j], i))
    around = np.full(len(shapes), -1, dtype=np.intp)
    around[i[order]] = j[order]  # the last of each, which is the smallest, stays
    return around


def _spans(values: Places) -> list[tuple[int, slice]]:
    """Return each number in a rising array, and where it stands."""
    first = np.flatnonzero(np.diff(values, prepend=-2))
    return [(int(values[a]), slice(a, b)) for a, b in zip(first, np.append(first, len(values))[1:], strict=True)]
