"""Cut land that is larger than a site may be: by plan, then by owner category, then into compact pieces.

Compact pieces come from halving again and again, across the long axis of the oriented rectangle. Of the places where
the cut leaves pieces that fit, the one with the least land to cut is taken. A parcel goes whole to the side where its
centre lies; one that is larger than a site may be, and a ribbon (such as a street) that reaches far over the line,
is cut straight. What this leaves too small or too narrow goes back to a neighbour, as `merging` says.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.geometry.coverage import covered
from landready.geometry.overlay import Shapes, halves, pairs
from landready.land.contiguity import in_order, join, joined, single
from landready.land.merging import Sizes, merge_fragments
from landready.land.opening import is_ribbon, open_at_necks
from landready.land.sweeping import sweep

BY_COLUMN = {"plan_id": "cut_plan", "owner_category": "cut_owner"}
BY_SIZE = "cut_size"

# Joining closes slits, so that the whole may be a trifle larger than its pieces.
_ROOM = 1 - 1e-5
# Pieces are planned below the largest size, since parcel borders make a cut uneven.
_PLANNED = 0.9
_SLICES = 24
# How far, as a share of the side of the largest square site, a ribbon may reach over a cut and stay whole.
_REACH = 0.15
# A parcel that fills less of its oriented rectangle, or is longer for its width, is a ribbon.
_LEAST_FILL, _LONGEST = 0.5, 4.0
# Parts of a half that are smaller than this share of the largest size change sides.
_STRAY = 0.25
# Neither side of a cut gets less than this share of what an even cut into full pieces would give it.
_EVEN = 0.7
# A cut that leaves almost everything on one side is made straight.
_NO_PROGRESS = 0.9

Block = tuple[shapely.Polygon, pd.DataFrame]


def split_large(site: shapely.Polygon, pieces: pd.DataFrame, sizes: Sizes) -> tuple[Shapes, list[str]]:
    """
    Cut one contiguous area that is larger than a site may be.

    Parameters
    ----------
    site
        The area.
    pieces
        The land of its parcels: columns `geometry` (polygons) and, where known, `plan_id` and `owner_category`.
    sizes
        What a site may be.

    Returns
    -------
    numpy.ndarray, list
        Polygons, none larger than `sizes.max_m2`, fragments among them that fit nowhere; and the text keys of the
        cuts made.
    """
    blocks, cuts = [(site, _clipped(pieces, site))], []
    for column, reason in BY_COLUMN.items():
        if column not in pieces:
            continue
        parted = [_by_column(block, column) if block[0].area > sizes.max_m2 else [block] for block in blocks]
        cuts += [reason] * (sum(map(len, parted)) > len(blocks))
        blocks = [part for parts in parted for part in parts]
    leaves: list[shapely.Polygon] = []
    for polygon, inside in blocks:
        large = polygon.area > sizes.max_m2
        cuts += [BY_SIZE] * large
        leaves += _compact(polygon, inside["geometry"].to_numpy(), sizes.max_m2 * _ROOM) if large else [polygon]
    opened = open_at_necks(in_order(np.array(leaves, dtype=object)), min_width_m=sizes.min_width_m)
    parts = np.concatenate([in_order(opened.sites), in_order(opened.narrow)])
    ribbon = is_ribbon(shapely.area(parts), shapely.length(parts), min_width_m=sizes.min_width_m)
    narrow = ribbon | (np.arange(len(parts)) >= len(opened.sites))
    merged = merge_fragments(parts, narrow, Sizes(sizes.min_m2, sizes.max_m2 * _ROOM, sizes.min_width_m))
    return merged, list(dict.fromkeys(cuts))


def _clipped(pieces: pd.DataFrame, area: shapely.Polygon) -> pd.DataFrame:
    """Return the part of the pieces inside an area, as single polygons."""
    shapes = pieces["geometry"].to_numpy()
    place, _ = pairs(shapes, np.array([area], dtype=object))
    parts, source = single(covered(shapes[place], np.array([area], dtype=object)))
    return pieces.iloc[place[source]].assign(geometry=parts).reset_index(drop=True)


def _by_column(block: Block, column: str) -> list[Block]:
    """Cut by the values of a column; parcels without a value are a group of their own."""
    _, pieces = block
    codes, _ = pd.factorize(pieces[column].astype("string"), sort=True)
    groups = [pieces[codes == code] for code in np.unique(codes)]
    if len(groups) == 1:
        return [block]
    return [block for group in groups for block in _contiguous_blocks(group)]


def _contiguous_blocks(pieces: pd.DataFrame) -> list[Block]:
    """Join pieces into contiguous areas, each with the pieces it is made of."""
    shapes = pieces["geometry"].to_numpy()
    if len(pieces) == 1:
        return [(shapes[0], pieces)]
    parts, place = joined(shapes)
    return [(part, pieces[place == number]) for number, part in enumerate(parts)]


def _compact(polygon: shapely.Polygon, atoms: Shapes, limit: float) -> list[shapely.Polygon]:
    """Halve an area until every part is at most `limit` (m²); `atoms` are the parcels it is made of."""
    waiting, leaves = [(polygon, atoms)], []
    while waiting:
        current, inside = waiting.pop()
        if current.area <= limit:
            leaves.append(current)
            continue
        line = _cut_line(current, limit)
        atoms, left = _halve(inside, line, limit)
        parts = _contiguous(atoms, left, limit)
        if shapely.area(parts).max() > current.area * _NO_PROGRESS:
            atoms, left = _halve(inside, line, 0.0)
            parts = np.concatenate([join(atoms[left]), join(atoms[~left])])
        place, part = pairs(shapely.point_on_surface(atoms), parts)
        waiting += [(parts[number], atoms[place[part == number]]) for number in range(len(parts))]
    return leaves


@dataclass(frozen=True, eq=False)
class _Line:
    """A straight cut: what lies less than `offset` (m) from `origin` in the direction `along` is on its left."""

    origin: NDArray[np.float64]
    along: NDArray[np.float64]
    offset: float
    reach: float

    def position(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far points lie from the origin in the direction of `along`."""
        return np.asarray((coordinates - self.origin) @ self.along)

    def left(self) -> shapely.Polygon:
        """Return a rectangle that holds all land on the left."""
        across = np.array([-self.along[1], self.along[0]]) * self.reach
        low, high = self.origin - self.along * self.reach, self.origin + self.along * self.offset
        return shapely.Polygon([low - across, high - across, high + across, low + across])


def _cut_line(polygon: shapely.Polygon, limit: float) -> _Line:
    """Return the cut across the long axis that leaves sides which fit, and of these the one through the least land."""
    origin, along = shapely.get_coordinates(polygon.centroid)[0], _long_axis(polygon)
    away = shapely.get_coordinates(polygon.exterior) - origin
    position = away @ along
    offsets = np.linspace(position.min(), position.max(), _SLICES + 1)[1:-1]
    behind, length = sweep(polygon, origin, along, offsets)
    share = behind / polygon.area
    good = _fitting(share, polygon.area / limit)
    # Lengths in whole metres, so that noise does not choose; then the most even cut, then the first.
    order = np.lexsort((np.abs(share - 0.5).round(6), np.where(good, length.round(), 0), ~good))
    return _Line(origin, along, float(offsets[order[0]]), 2 * float(np.hypot(*away.T).max()))


def _fitting(share: NDArray[np.float64], size: float) -> NDArray[np.bool_]:
    """
    Tell at which shares of an area a cut leaves sides that can be cut into as few pieces as the whole can be.

    Parameters
    ----------
    share
        The share of the area on the left of each possible cut.
    size
        The area, in largest sites.
    """
    pieces = np.ceil(size / _PLANNED)
    good = np.zeros(len(share), dtype=bool)
    for left in (pieces // 2, pieces - pieces // 2):
        right = pieces - left
        good |= (
            (share <= left / size)
            & (share >= _EVEN * left / pieces)
            & ((1 - share <= right / size) & (1 - share >= _EVEN * right / pieces))
        )
    return good


def _long_axis(polygon: shapely.Polygon) -> NDArray[np.float64]:
    """Return the direction of the long side of the oriented rectangle, pointing east (or north)."""
    corner = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    sides = np.diff(corner, axis=0)[:2]
    along = sides[np.hypot(*sides.T).round(3).argmax()]
    along = along / np.hypot(*along)
    return np.asarray(-along if tuple(along.round(9)) < (0.0, 0.0) else along)


def _halve(atoms: Shapes, line: _Line, limit: float) -> tuple[Shapes, NDArray[np.bool_]]:
    """Put each parcel on one side of a line, cutting those that must be; return them, and which are on the left."""
    coordinates, owner = shapely.get_coordinates(atoms, return_index=True)
    position = line.position(coordinates)
    starts = np.searchsorted(owner, np.arange(len(atoms)))
    low, high = np.minimum.reduceat(position, starts), np.maximum.reduceat(position, starts)
    depth = np.minimum(high - line.offset, line.offset - low)
    crossing = np.flatnonzero(depth > 0)
    shallow = depth[crossing] <= _REACH * np.sqrt(limit)
    whole = (shapely.area(atoms[crossing]) <= limit) & (shallow | _is_block(atoms[crossing]))
    cut = crossing[~whole]
    left_land = np.full(len(cut), line.left(), dtype=object)
    first, second = (single(side)[0] for side in halves(atoms[cut], left_land))
    kept = np.delete(atoms, cut)
    centre = line.position(shapely.get_coordinates(shapely.centroid(kept))) < line.offset
    sides = [centre, np.ones(len(first), dtype=bool), np.zeros(len(second), dtype=bool)]
    return np.concatenate([kept, first, second]), np.concatenate(sides)


def _is_block(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes are compact rather than ribbons or nets."""
    frame = shapely.oriented_envelope(shapes)
    corner = shapely.get_coordinates(frame).reshape(-1, 5, 2)
    sides = np.hypot(*np.moveaxis(np.diff(corner, axis=1)[:, :2], -1, 0))
    filled = shapely.area(shapes) >= _LEAST_FILL * shapely.area(frame)
    return np.asarray(filled & (sides.max(axis=1) <= _LONGEST * sides.min(axis=1)))


def _contiguous(atoms: Shapes, left: NDArray[np.bool_], limit: float) -> Shapes:
    """Join each side; small parts that are apart from the rest of their side change sides."""
    sides = [join(atoms[left]), join(atoms[~left])]
    stays = [(shapely.area(parts) >= limit * _STRAY) | (np.arange(len(parts)) == 0) for parts in sides]
    if all(stay.all() for stay in stays):
        return np.concatenate(sides)
    exchanged = [
        np.concatenate([parts[stay], other[~goes]])
        for parts, stay, other, goes in zip(sides, stays, sides[::-1], stays[::-1], strict=True)
    ]
    return np.concatenate([join(parts) for parts in exchanged])
