"""Contiguous land: the union of polygons, with the slits closed that earlier overlay leaves between neighbours."""

import numpy as np
import shapely

from landready.geometry.coverage import covered
from landready.geometry.overlay import Places, Shapes, beyond, pairs

GRID_M = 1e-3
GAP_M = 0.01

# Slits with a shorter outline that are no holes are tips of acute corners, and places where land meets in a point.
_OUTLINE_M = 1.0
# Between edges that meet at less than this angle (its cosine) lies a slit that is longer than such a tip.
_WEDGE_COSINE = np.cos(2 * GAP_M / _OUTLINE_M)


def join(shapes: Shapes) -> Shapes:
    """
    Return contiguous land: the union of polygons as single polygons, sorted by position.

    Parameters
    ----------
    shapes
        Polygons in metres. Vertices meet on a grid of `GRID_M`, and slits narrower than `GAP_M` are closed, since
        earlier overlay leaves neighbours a hair apart. Land that touches in a point only stays apart.
    """
    if not len(shapes):
        return np.empty(0, dtype=object)
    parts = _without_hairline_holes(_joined(shapes))
    slits = _slits(parts)
    # Few polygons have a slit, and joining all of them again would cost as much as the first union.
    split = np.unique(pairs(slits, parts)[1])
    mended = _joined(np.concatenate([parts[split], slits]))
    return in_order(np.concatenate([np.delete(parts, split), mended]))


def _joined(shapes: Shapes) -> Shapes:
    """Return the union, with its vertices on the grid, as single polygons."""
    if not len(shapes):
        return shapes
    # Rounding the union is three times faster than joining on the grid, and closes the same hairs; what has lost or
    # gained more than the grid moves edges is a wrong union (or had overlaps), and is joined on the grid.
    try:
        land = shapely.set_precision(shapely.disjoint_subset_union_all(shapes), GRID_M)
        sound = abs(shapely.area(land) - shapely.area(shapes).sum()) <= GRID_M * shapely.length(shapes).sum()
    except shapely.errors.GEOSException:
        sound = False
    if not sound:
        land = shapely.union_all(shapes, grid_size=GRID_M)
    # The grid has done its work; left on the shapes, it would round whatever is overlaid on them from here on.
    return single(shapely.set_precision(np.array([land], dtype=object), 0))[0]


def _without_hairline_holes(parts: Shapes) -> Shapes:
    """Fill the holes that are slits altogether: eroded, even a short one would become a hole as wide as a neck."""
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.diff(owner, prepend=-1) == 0  # the first ring of each polygon is its outline
    hairline = inner & (shapely.area(shapely.polygons(rings)) < GAP_M / 2 * shapely.length(rings))
    filled = parts.copy()
    for place in np.unique(owner[hairline]):
        outline, *holes = rings[(owner == place) & ~hairline]
        filled[place] = shapely.Polygon(outline, holes)
    return filled


def _slits(parts: Shapes) -> Shapes:
    """
    Return what closing by `GAP_M` adds to land, as single polygons.

    Only edges with another edge that near can be closed, and they are few: what is closed is the land along them.
    """
    edges = _edges_near_others(parts)
    if not len(edges):
        return edges
    along = shapely.union_all(shapely.buffer(edges, 4 * GAP_M, cap_style="square", join_style="mitre"))
    strips = single(np.array([along], dtype=object))[0]
    land = covered(strips, parts)
    half = GAP_M / 2
    closed = shapely.buffer(shapely.buffer(land, half, join_style="mitre"), -half, join_style="mitre")
    slits = single(beyond(closed, land))[0]
    # Rounding leaves films of 1e-9 m around every edge; a slit is thicker than a tenth of the grid.
    slits = slits[shapely.area(slits) > GRID_M / 20 * shapely.length(slits)]
    return slits[shapely.length(slits) > _OUTLINE_M]


def _edges_near_others(parts: Shapes) -> Shapes:
    """Return the edges that lie within `GAP_M` of a vertex not their own, or that meet at an acute angle."""
    rings = shapely.get_rings(parts)
    place, ring = shapely.get_coordinates(rings, return_index=True)
    # A ring ends where it starts: the last vertex starts no edge, and its edge before is the ring's last one.
    starts = np.flatnonzero(np.diff(ring, append=-1) == 0)
    edges: Shapes = np.asarray(shapely.linestrings(np.stack([place[starts], place[starts + 1]], axis=1)), dtype=object)
    _, first, length = np.unique(ring[starts], return_index=True, return_counts=True)
    before = np.arange(len(starts)) - 1
    before[first] = first + length - 1
    vertex, edge = shapely.STRtree(edges).query(shapely.points(place[starts]), predicate="dwithin", distance=GAP_M)
    other = (edge != vertex) & (edge != before[vertex])
    vertex, edge = vertex[other], edge[other]
    along = place[starts + 1] - place[starts]
    along /= np.maximum(np.hypot(*along.T), GRID_M)[:, None]
    acute = np.flatnonzero(-(along * along[before]).sum(axis=1) > _WEDGE_COSINE)
    chosen: Shapes = edges[np.unique(np.concatenate([edge, vertex, before[vertex], acute, before[acute]]))]
    return chosen


def in_order(shapes: Shapes) -> Shapes:
    """Return polygons by falling area, then from west to east and south to north."""
    bounds = shapely.bounds(shapes).reshape(-1, 4).round(2)
    return shapes[np.lexsort((bounds[:, 1], bounds[:, 0], -shapely.area(shapes).round(2)))]


def single(shapes: Shapes) -> tuple[Shapes, Places]:
    """Return the single polygons of shapes, and the position of the shape each comes from."""
    parts, source = shapely.get_parts(shapes, return_index=True)
    solid = shapely.area(parts) > 0
    return parts[solid], source[solid]
