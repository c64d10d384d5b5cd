"""Give fragments of cut land back to a neighbour, as long as it stays within the largest size."""

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.borders import GAP_M
from landready.geometry.overlay import Shapes, overlap_of
from landready.land.contiguity import in_order, join

# A narrow strip that meets a neighbour with less of its outline than this would be a tail on it.
_LEAST_BORDER_SHARE = 0.1
# Shorter borders are points of contact.
_LEAST_BORDER_M = 1.0


@dataclass(frozen=True)
class Sizes:
    """The least and largest area of a site (m²), and its least width (m)."""

    min_m2: float
    max_m2: float
    min_width_m: float


def merge_fragments(shapes: Shapes, narrow: NDArray[np.bool_], sizes: Sizes) -> Shapes:
    """
    Join fragments to neighbours, the smallest first, each to the one it shares the longest border with.

    Parameters
    ----------
    shapes
        Single polygons that do not overlap, in an order that does not depend on the input's rows.
    narrow
        Which of them are too narrow to be a site, whatever their area.
    sizes
        Below `min_m2` a shape is a fragment. None is joined to more than `max_m2`, nor over a border that is shorter
        than `min_width_m` (a narrow one: than a tenth of its outline), since that would make a neck or a tail.

    Returns
    -------
    numpy.ndarray
        Single polygons; fragments that fit nowhere are among them.
    """
    area, outline = shapely.area(shapes).tolist(), shapely.length(shapes).tolist()
    thin = narrow.tolist()
    neighbours = _borders(shapes, narrow | (np.array(area) < sizes.min_m2))
    member = {place: [place] for place in range(len(shapes))}
    waiting = [(area[place], place) for place in member if thin[place] or area[place] < sizes.min_m2]
    heapq.heapify(waiting)
    while waiting:
        size, small = heapq.heappop(waiting)
        if small not in member or size != area[small]:
            continue  # joined or grown since it was queued
        wanted = outline[small] * _LEAST_BORDER_SHARE if thin[small] else sizes.min_width_m
        least = max(wanted, _LEAST_BORDER_M)
        fits = [
            (border, -other)
            for other, border in neighbours[small].items()
            if border >= least and size + area[other] <= sizes.max_m2
        ]
        if not fits:
            continue
        border, large = max(fits)[0], -max(fits)[1]
        area[large] += size
        outline[large] += outline[small] - 2 * border
        thin[large] = thin[large] and thin[small]
        member[large] += member.pop(small)
        _take_over(neighbours, small, large)
        if thin[large] or area[large] < sizes.min_m2:
            heapq.heappush(waiting, (area[large], large))
    groups = [shapes[places] if len(places) == 1 else join(shapes[sorted(places)]) for places in member.values()]
    return in_order(np.concatenate(groups)) if groups else shapes


def _take_over(neighbours: list[dict[int, float]], small: int, large: int) -> None:
    """Let `large` have the borders of `small`."""
    for other, border in neighbours[small].items():
        neighbours[other].pop(small, None)
        if other != large:
            neighbours[large][other] = neighbours[large].get(other, 0.0) + border
            neighbours[other][large] = neighbours[large][other]
    neighbours[small] = {}


def _borders(shapes: Shapes, fragment: NDArray[np.bool_]) -> list[dict[int, float]]:
    """
    Return for each shape its neighbours and the length of the border, where one of the two is a fragment.

    The length is the area of a thin seam along the fragment's outline that lies in the neighbour, over its width:
    edges that are a hair apart share no line, but the seam crosses the hair.
    """
    borders: list[dict[int, float]] = [{} for _ in shapes]
    places = np.flatnonzero(fragment)
    seam = shapely.buffer(shapes[places], GAP_M, join_style="mitre")
    i, j = shapely.STRtree(shapes).query(seam, predicate="intersects")
    i, seam = places[i], seam[i]
    own = i == j
    i, j, seam = i[~own], j[~own], seam[~own]
    length = shapely.area(overlap_of(seam, shapes[j])) / GAP_M
    for first, second, border in zip(i.tolist(), j.tolist(), length.tolist(), strict=True):
        borders[first][second] = max(border, borders[first].get(second, 0.0))
        borders[second][first] = borders[first][second]
    return borders
