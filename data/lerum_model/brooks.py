"""Brooks that run from the hills to the nearest river, lake or other brook, where the modelled land lies lowest."""

from collections.abc import Mapping

import numpy as np
import rasterio.features
import shapely
import shapely.ops
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from lerum_model import shapes
from lerum_model.heights import COARSE_M, Terrain

WIDTH_M = 4.0
# Invented brooks: name, and where each begins.
SPRINGS = (
    ("Modellbäcken", 335500, 6407900), ("Exempelbäcken", 338950, 6408600), ("Provbäcken", 341000, 6410300),
    ("Demobäcken", 344500, 6408650), ("Övningsbäcken", 341900, 6406200), ("Skissbäcken", 338950, 6404400),
    ("Testbäcken", 347600, 6413300), ("Låtsasbäcken", 342700, 6412900), ("Utkastbäcken", 340900, 6419700),
    ("Påhittsbäcken", 333500, 6407400), ("Fiktivbäcken", 345900, 6408700),
)  # fmt: skip


def brooks(
    terrain: Terrain, waters: Mapping[str, BaseGeometry], *, avoid: list[BaseGeometry]
) -> list[tuple[str, Polygon]]:
    """
    Return name and shape of each brook.

    Parameters
    ----------
    terrain
        The shape of the land.
    waters
        The river and the lakes by name, where brooks end.
    avoid
        What brooks were led around: houses, villages and railway.
    """
    shape, transform = terrain.above_floor.shape, terrain.coarse

    def mask(areas: list[BaseGeometry]) -> np.ndarray:
        burnt = rasterio.features.rasterize(areas, out_shape=shape, transform=transform, all_touched=True)
        return np.asarray(burnt).ravel() > 0

    rough = np.random.default_rng(58).uniform(0, 6, shape[0] * shape[1])
    cost = 1 + (terrain.above_floor.ravel() / 6 + rough + 200 * mask(avoid)) / 4
    graph = _graph(shape, cost)
    ends, found = [*waters.values()], []
    for name, east, north in SPRINGS:
        column, row = (int(cell) for cell in ~transform * (east, north))
        goal = np.flatnonzero(mask(ends))
        _, before, _ = dijkstra(graph, indices=goal, min_only=True, return_predecessors=True)
        path = [row * shape[1] + column]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        rows, columns = np.divmod(np.array(path), shape[1])
        corners = [transform * (c + 0.5, r + 0.5) for c, r in zip(columns, rows, strict=True)]
        found.append((name, _bed(corners, shapely.union_all(ends))))
        ends.append(found[-1][1])
    water = shapely.union_all([*waters.values()])
    return [(name, bed.difference(water)) for name, bed in found]


def _graph(shape: tuple[int, int], cost: np.ndarray) -> coo_array:
    """Return the cells with an edge to each of their eight neighbours; weights are metres times cost."""
    # Older scipy searches graphs with numbers of 32 bits only.
    number = np.arange(shape[0] * shape[1], dtype=np.int32).reshape(shape)
    right, down = (number[:, :-1], number[:, 1:]), (number[:-1], number[1:])
    falling, rising = (number[:-1, :-1], number[1:, 1:]), (number[1:, :-1], number[:-1, 1:])
    pairs = [(right, 1.0), (down, 1.0), (falling, 2**0.5), (rising, 2**0.5)]
    a, b = (np.concatenate([pair[k].ravel() for pair, _ in pairs]) for k in (0, 1))
    far = np.concatenate([np.full(pair[0].size, metres) for pair, metres in pairs]) * COARSE_M
    weight = far * (cost[a] + cost[b]) / 2
    both = (np.concatenate([a, b]), np.concatenate([b, a]))
    return coo_array((np.concatenate([weight, weight]), both), shape=(number.size, number.size)).tocsr()


def _bed(corners: list[tuple[float, float]], goal: BaseGeometry) -> Polygon:
    """Return a narrow band that winds through the corners and meets its goal."""
    line = LineString(corners).simplify(45)
    end = shapely.ops.nearest_points(goal, shapely.Point(line.coords[-1]))[0]
    path = [*line.coords[:-1], end.coords[0]] if len(line.coords) > 2 else [line.coords[0], end.coords[0]]
    winding = LineString(shapes.smooth(path, 30.0)).simplify(3)
    return winding.buffer(WIDTH_M / 2, quad_segs=2, join_style="mitre")
