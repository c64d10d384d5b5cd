"""Open land at its necks, so that what only a strip joins becomes two sites.

The classical opening: land is eroded by half the least width, and what survives, the cores, is dilated by as much
again. Three rules make the result what a person would draw:

- A dilated core stays on its own side: only what is joined to the core within the land counts.
- Where two dilated cores overlap, a straight line midway between the cores parts them.
- The corners that a round dilation cuts off, ragged edges and shallow bays are given back: a remnant that touches
  one core's land only, and lies within the least width of it, belongs to it.

What is left is narrow: necks between two cores, and tails that reach farther.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from landready.geometry.borders import GRID_M
from landready.geometry.coverage import covered
from landready.geometry.cutting import cut
from landready.geometry.offsets import eroded, grown
from landready.geometry.overlay import Places, Shapes, beyond, overlap_of, pairs, union_by_group
from landready.land.contiguity import single

# Arcs are drawn as chords; a dilation by a hair more leaves no slivers along curved edges.
_GENEROUS = 1.02
_RIBBON_WIDTHS, _RIBBON_LENGTHS = 2, 12


@dataclass(frozen=True, eq=False)
class Opened:
    """
    Land after opening.

    Parameters
    ----------
    sites
        Polygons, each at least the least width wide somewhere; but for two that lie closer than that to each other
        and are cut apart midway.
    site_source
        The position of the land each comes from.
    narrow
        Polygons that are too narrow.
    narrow_source
        The position of the land each comes from.
    """

    sites: Shapes
    site_source: Places
    narrow: Shapes
    narrow_source: Places


def is_ribbon(area: ArrayLike, outline: ArrayLike, *, min_width_m: float) -> NDArray[np.bool_]:
    """
    Tell which shapes are ribbons: a street, a railway or a river bank rather than a place to build.

    Parameters
    ----------
    area, outline
        In m² and m. Length and width are those of the rectangle with this area and this outline.
    min_width_m
        A ribbon is narrower than twice this and more than twelve times as long as wide.
    """
    area, quarter = np.asarray(area, dtype=float), np.asarray(outline, dtype=float) / 4
    length = quarter + np.sqrt(np.maximum(quarter**2 - area, 0.0))
    width = np.divide(area, length, out=np.zeros(length.shape), where=length > 0)
    return np.asarray((width < _RIBBON_WIDTHS * min_width_m) & (length > _RIBBON_LENGTHS * width))


def open_at_necks(land: Shapes, *, min_width_m: float) -> Opened:
    """
    Open land where it is narrower than `min_width_m` (land of just that width stays).

    Parameters
    ----------
    land
        Single polygons that do not overlap.
    min_width_m
        Least width; zero leaves the land as it is.

    Returns
    -------
    Opened

    Examples
    --------
    >>> import numpy as np, shapely
    >>> field = shapely.union_all([shapely.box(0, 0, 100, 100), shapely.box(100, 45, 200, 55)])
    >>> opened = open_at_necks(np.array([field]), min_width_m=30)
    >>> [round(shapely.area(kind).sum()) for kind in (opened.sites, opened.narrow)]
    [10009, 991]
    """
    everything = np.arange(len(land))
    if min_width_m <= 0 or not len(land):
        return Opened(land, everything, land[:0], everything[:0])
    core, source = single(eroded(land, max(min_width_m / 2 - GRID_M, 0.0)))
    body = _bodies(land, core, source, min_width_m / 2)
    remnant, origin, owner = _remnants(land, body, source, min_width_m)
    narrow, narrow_source = remnant[owner < 0], origin[owner < 0]
    rest = land.copy()
    cut, group = np.unique(narrow_source, return_inverse=True)
    rest[cut] = beyond(land[cut], union_by_group(narrow, group, len(cut)))
    rest, rest_source = single(rest)
    # The land less what is narrow keeps its own edges; dilated cores are drawn only where several share it.
    inside, within = pairs(shapely.point_on_surface(core), rest)
    cores = np.bincount(within, minlength=len(rest))
    shared = np.unique(inside[cores[within] > 1])
    alone, stray = cores == 1, cores == 0
    return Opened(
        np.concatenate([rest[alone], _with_remnants(body, shared, remnant, owner)]),
        np.concatenate([rest_source[alone], source[shared]]),
        np.concatenate([narrow, rest[stray]]),
        np.concatenate([narrow_source, rest_source[stray]]),
    )


def _bodies(land: Shapes, core: Shapes, source: Places, half: float) -> Shapes:
    """Return the dilation of each core within its land, without what is not joined to it or lies nearer another."""
    dilated, owner = grown(core, half * _GENEROUS)
    body = _joined(covered(dilated, land), owner, core)
    i, j = pairs(body, body)
    meet = (i != j) & (source[i] == source[j])
    i, j = i[meet], j[meet]
    if not len(i):
        return body
    # What lies in j's dilation too: the far side of the line midway to j, and j's own core, are not i's.
    contested = overlap_of(body[i], body[j])
    farther = beyond(overlap_of(contested, _far_side(core[i], core[j], contested)), core[i])
    taken = overlap_of(contested, core[j])
    lost = union_by_group(np.concatenate([farther, taken]), np.concatenate([i, i]), len(core))
    return _joined(beyond(body, lost), np.arange(len(core)), core)


def _far_side(near: Shapes, far: Shapes, cover: Shapes) -> Shapes:
    """Return, for pairs of shapes, a rectangle on the far side of the line midway between them that holds `cover`."""
    ends = shapely.get_coordinates(shapely.shortest_line(near, far)).reshape(-1, 2, 2)
    centres = np.stack([shapely.get_coordinates(shapely.centroid(shape)) for shape in (near, far)], axis=1)
    ends = np.where((np.ptp(ends, axis=1) < GRID_M).all(axis=1)[:, None, None], centres, ends)
    middle, along = ends.mean(axis=1), ends[:, 1] - ends[:, 0]
    along /= np.maximum(np.hypot(*along.T), GRID_M)[:, None]
    bounds = shapely.bounds(cover)
    size = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) + np.hypot(*(bounds[:, :2] - middle).T)
    across = np.column_stack([-along[:, 1], along[:, 0]])
    step = np.nan_to_num(size, nan=1.0)[:, None]
    corners = [middle + across * step, middle - across * step]
    corners += [corners[1] + along * 2 * step, corners[0] + along * 2 * step]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)


def _joined(dilated: Shapes, owner: Places, core: Shapes) -> Shapes:
    """Join what belongs to each core, and keep of it the parts that meet the core."""
    parts, source = single(union_by_group(dilated, owner, len(core)))
    meets = shapely.intersects(parts, core[source])
    return union_by_group(parts[meets], source[meets], len(core))


def _remnants(land: Shapes, body: Shapes, source: Places, min_width_m: float) -> tuple[Shapes, Places, Places]:
    """Return what the bodies leave of the land, its source, and the one body each belongs to; -1 if it is narrow."""
    remnant, origin = single(beyond(land, union_by_group(body, source, len(land))))
    owner = np.full(len(remnant), -1, dtype=np.intp)
    if not len(body):
        return remnant, origin, owner
    # Cut, a body as large as a municipality is near few remnants.
    pieces, place = cut(body)
    i, j = shapely.STRtree(pieces).query(remnant, predicate="dwithin", distance=2 * GRID_M)
    i, j = np.unique(np.stack([i, place[j]]), axis=1)
    own = origin[i] == source[j]
    i, j = i[own], j[own]
    alone = np.bincount(i, minlength=len(remnant))[i] == 1
    i, j = i[alone], j[alone]
    # Most are corners: what touches the body and is smaller than the width lies within the width of it.
    bounds = shapely.bounds(remnant[i]).reshape(-1, 4)
    back = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) <= min_width_m - 2 * GRID_M
    asked, place = np.unique(j[~back], return_inverse=True)
    near = shapely.buffer(body[asked], min_width_m)
    shapely.prepare(near)
    back[~back] = shapely.covers(near[place], remnant[i[~back]])
    owner[i[back]] = j[back]
    return remnant, origin, owner


def _with_remnants(body: Shapes, chosen: Places, remnant: Shapes, owner: Places) -> Shapes:
    """Return the chosen bodies (rising), each joined with the remnants that belong to it."""
    given = np.isin(owner, chosen)
    group = np.concatenate([np.arange(len(chosen)), np.searchsorted(chosen, owner[given])])
    return union_by_group(np.concatenate([body[chosen], remnant[given]]), group, len(chosen))
