"""Contiguous land: polygons joined across the borders they share, and sorted by position."""

import numpy as np
import shapely

from landready.geometry.borders import GRID_M, merge_at_borders
from landready.geometry.overlay import Places, Shapes, pairs


def join(shapes: Shapes) -> Shapes:
    """Return contiguous land as `joined` does, of polygons and multipolygons, without telling what it is made of."""
    return joined(single(shapes)[0])[0]


def joined(shapes: Shapes) -> tuple[Shapes, Places]:
    """
    Return contiguous land as single polygons, sorted by position, and which of them each shape has become part of.

    Parameters
    ----------
    shapes
        Single polygons in metres that do not overlap. Vertices meet on a grid of `GRID_M`, and slits narrower than
        `GAP_M` are closed, since earlier overlay leaves neighbours a hair apart. Land that touches in a point only
        stays apart.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Polygons, and for each shape its position among them; -1 where it was too thin to be land.
    """
    merged, place, failed = merge_at_borders(shapes)
    if failed.any():
        # Land that overlaps itself has no borders to join at. Once it is one, it has some with the land around it.
        overlaid, at = _overlaid(shapes[failed])
        place[failed] = len(merged) + at
        merged, again, failed = merge_at_borders(np.concatenate([merged, overlaid]))
        place = np.append(again, -1)[place]
    if failed.any():
        merged, place = _overlaid(shapes)
    order = _order(merged)
    rank = np.empty(len(order) + 1, dtype=np.intp)
    rank[order], rank[-1] = np.arange(len(order)), -1
    return merged[order], rank[place]


def _overlaid(shapes: Shapes) -> tuple[Shapes, Places]:
    """Return the union as single polygons, and the one that each shape lies in."""
    whole = shapely.union_all(shapes, grid_size=GRID_M)
    # The grid has done its work; left on the shapes, it would round whatever is overlaid on them from here on.
    parts, _ = single(shapely.set_precision(np.array([whole], dtype=object), 0))
    place = np.full(len(shapes), -1, dtype=np.intp)
    i, j = pairs(shapely.point_on_surface(shapes), parts)
    place[i] = j
    return parts, place


def in_order(shapes: Shapes) -> Shapes:
    """Return polygons by falling area, then from west to east and south to north."""
    return shapes[_order(shapes)]


def _order(shapes: Shapes) -> Places:
    bounds = shapely.bounds(shapes).reshape(-1, 4).round(2)
    return np.lexsort((bounds[:, 1], bounds[:, 0], -shapely.area(shapes).round(2)))


def single(shapes: Shapes) -> tuple[Shapes, Places]:
    """Return the single polygons of shapes, and the position of the shape each comes from."""
    parts, source = shapely.get_parts(shapes, return_index=True)
    solid = shapely.area(parts) > 0
    return parts[solid], source[solid]
