"""Shrink and grow polygons of any size.

GEOS' buffer does not come to an end on land with a million vertices and thousands of holes. Large polygons are
therefore worked on tile by tile, each with as much of its surroundings as the offset reaches.
"""

from typing import Any

import numpy as np
import shapely

from landready.geometry.cutting import cut
from landready.geometry.overlay import Places, Shapes, overlap_of, union_by_group
from landready.geometry.threads import each, in_chunks

# From here on buffering takes longer than cutting first.
_WHOLE = 2**16
_TILE = 2**13
# Cuts lie so much farther from a tile than the offset reaches.
_BEYOND_M = 1.0
_AT_A_TIME = 16


def eroded(shapes: Shapes, by_m: float) -> Shapes:
    """
    Return what of each polygon lies farther than a distance from its outline.

    Parameters
    ----------
    shapes
        Valid single polygons.
    by_m
        Metres, at least 0.

    Returns
    -------
    numpy.ndarray
        Polygons, of one or several parts, or empty.
    """
    large = shapely.get_num_coordinates(shapes) > _WHOLE
    result = np.empty(len(shapes), dtype=object)
    result[~large] = _buffered(shapes[~large], -by_m)
    for place in np.flatnonzero(large):
        around, boxes = _tiles(shapes[place], by_m + _BEYOND_M)
        pieces = overlap_of(_buffered(around, -by_m), boxes)
        result[place] = union_by_group(pieces, np.zeros(len(pieces), dtype=np.intp), 1)[0]
    return result


def grown(shapes: Shapes, by_m: float) -> tuple[Shapes, Places]:
    """
    Return polygons that together cover all within a distance of each shape, and the shape that each belongs to.

    Parameters
    ----------
    shapes
        Valid polygons.
    by_m
        Metres, at least 0.

    Returns
    -------
    pieces, owner
        They may overlap; `owner` rises.
    """
    pieces, owner = cut(shapes, max_vertices=_WHOLE)
    return _buffered(pieces, by_m), owner


def _buffered(shapes: Shapes, by_m: float) -> Shapes:
    return np.asarray(in_chunks(lambda part: shapely.buffer(part, by_m), shapes, chunk=_AT_A_TIME), dtype=object)


def _tiles(land: shapely.Geometry, margin_m: float) -> tuple[Shapes, Shapes]:
    """Return what of a polygon lies in each of some tiles and a margin around it, and the tiles."""
    waiting, done = [(land, shapely.box(*shapely.bounds(land)))], []
    while waiting:
        small = [_is_small(around, tile, margin_m) for around, tile in waiting]
        done += [tile for tile, enough in zip(waiting, small, strict=True) if enough]
        large = [tile for tile, enough in zip(waiting, small, strict=True) if not enough]
        waiting = [half for halves in each(lambda tile: _halved(*tile, margin_m), large) for half in halves]
    around, tiles = np.array(done, dtype=object).T
    return around, tiles


def _is_small(around: shapely.Geometry, tile: shapely.Polygon, margin_m: float) -> bool:
    west, south, east, north = shapely.bounds(tile)
    # Halving tiles that are mostly margin would not make less of it.
    return bool(shapely.get_num_coordinates(around) <= _TILE or max(east - west, north - south) < 8 * margin_m)


def _halved(around: shapely.Geometry, tile: shapely.Polygon, margin_m: float) -> list[tuple[Any, shapely.Polygon]]:
    """Halve a tile across; a half without land is left out."""
    west, south, east, north = shapely.bounds(tile)
    if east - west >= north - south:
        middle = (west + east) / 2
        tiles = shapely.box([west, middle], south, [middle, east], north)
    else:
        middle = (south + north) / 2
        tiles = shapely.box(west, [south, middle], east, [middle, north])
    reach = shapely.buffer(tiles, margin_m, join_style="mitre")
    parts = overlap_of(np.array([around, around], dtype=object), reach)
    return [(part, half) for part, half in zip(parts, tiles, strict=True) if not part.is_empty]
