"""Village streets: long ones along the levels of a modelled lie of the land, lanes between them, and dead ends."""

import itertools
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from scipy import ndimage
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from lerum_model import shapes

CELL_M = 12.0
# Two rows of plots and a street.
APART_M = 79.0
# Shorter streets are not worth a name, and a lane is no longer than a block is deep.
SHORTEST_M, LONGEST_LANE_M, LONGEST_APPROACH_M = 70.0, 150.0, 700.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Streets:
    """
    The streets of one village.

    Parameters
    ----------
    long
        Streets that plots face.
    lanes
        Short streets between them.
    doors
        Points on the roads where streets begin.
    """

    long: list[LineString]
    lanes: list[LineString]
    doors: list[Point]


def draw(built: BaseGeometry, roads: list[LineString], rng: np.random.Generator) -> Streets:
    """
    Draw the streets of a village.

    Near a road streets run beside it; farther up they follow the shape of hills that are made here for the purpose.
    Some end before they meet the next lane: cul-de-sacs, and land behind them that nobody has divided.
    """
    near = [part for road in roads for part in shapes.lines(road.intersection(built.buffer(150)))]
    long = [line for level in _levels(built, near, rng) for line in _within(level, built, rng)]
    long, lanes, doors = _lanes(long, near, rng)
    return Streets([part for line in long for part in _with_dead_ends(line, lanes, rng)], lanes, doors)


def _levels(built: BaseGeometry, roads: list[LineString], rng: np.random.Generator) -> list[BaseGeometry]:
    """Return level lines of distance to the nearest road, bent by noise that grows with it."""
    west, south, east, north = built.buffer(120).bounds
    x, y = np.arange(west, east, CELL_M), np.arange(south, north, CELL_M)
    grid = np.meshgrid(x, y)
    away = shapely.distance(shapely.points(*grid), shapely.union_all(roads) if roads else built.centroid)
    hills = ndimage.gaussian_filter(rng.standard_normal(away.shape), 140 / CELL_M)
    height = ndimage.gaussian_filter(away, 30 / CELL_M) + hills / hills.std() * 75 * np.clip(away / 260, 0.02, 1)
    first = APART_M * 0.95
    return [_level_lines(x, y, height, level) for level in np.arange(first, height.max(), APART_M)]


def _level_lines(x: Floats, y: Floats, height: Floats, level: float) -> BaseGeometry:
    """Return where a surface of triangles over the grid has the height `level`."""
    number = np.arange(height.size).reshape(height.shape)
    a, b, c, d = (number[rows, columns].ravel() for rows in (slice(-1), slice(1, None))
                  for columns in (slice(-1), slice(1, None)))  # fmt: skip
    triangles = np.vstack([np.column_stack([a, b, d]), np.column_stack([a, d, c])])
    # An edge is met from two triangles: its ends in one order give the same point twice.
    edges = np.sort(np.stack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]], axis=1), axis=2)
    value, east, north = height.ravel()[edges], np.tile(x, len(y))[edges], np.repeat(y, len(x))[edges]
    crossed = (value[..., 0] < level) != (value[..., 1] < level)
    share = (level - value[..., 0][crossed]) / (value[..., 1][crossed] - value[..., 0][crossed])
    points = np.column_stack(
        [way[..., 0][crossed] + share * (way[..., 1] - way[..., 0])[crossed] for way in (east, north)]
    )
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(np.round(points, 3).reshape(-1, 2, 2))))


def _within(level: BaseGeometry, built: BaseGeometry, rng: np.random.Generator) -> list[LineString]:
    """Return the parts of a level inside a village, smooth, and ended where the last plot is, not along one line."""
    found = []
    inside = shapely.line_merge(level.intersection(built.buffer(-30)))
    for part in sorted(shapes.lines(inside), key=lambda line: line.coords[0]):
        light = part.simplify(7)
        if part.is_ring:
            light = LineString([*light.coords[:-1], light.interpolate(-45).coords[0]])
        smooth = LineString(shapes.smooth(np.asarray(light.coords), 22.0)).simplify(1.5)
        ends = rng.uniform(0, 75, 2) * (not part.is_ring)
        kept = shapely.ops.substring(smooth, ends[0], smooth.length - ends[1])
        if smooth.length - ends.sum() > SHORTEST_M and kept.is_simple:
            found.append(kept)
    return found


def _lanes(
    long: list[LineString], roads: list[LineString], rng: np.random.Generator
) -> tuple[list[LineString], list[LineString], list[Point]]:
    """Return the streets with a vertex where a lane begins, the lanes, and where lanes meet roads."""
    joints: list[list[Point]] = [[] for _ in long]
    lanes: list[LineString] = []
    doors: list[Point] = []
    every = np.array([*roads, *long], dtype=object)
    tree = shapely.STRtree(every)
    for position, line in enumerate(long):
        along = rng.uniform(15, 90)
        while along < line.length:
            start = line.interpolate(along)
            lane, target = _lane(start, position + len(roads), every, tree)
            if lane is not None and not any(lane.distance(other) < 55 for other in lanes):
                lanes.append(lane)
                joints[position].append(Point(lane.coords[0]))
                end = Point(lane.coords[-1])
                (doors if target < len(roads) else joints[target - len(roads)]).append(end)
            along += rng.uniform(105, 240)
    for start, end, position, target in _approaches(every, len(roads), lanes):
        lanes.append(shapely.set_precision(LineString([start, end]), 0.01))
        joints[position].append(start)
        (doors if target < len(roads) else joints[target - len(roads)]).append(end)
    return [shapes.with_vertices(line, met) for line, met in zip(long, joints, strict=True)], lanes, doors


def _approaches(every: np.ndarray, roads: int, lanes: list[LineString]) -> list[tuple[Point, Point, int, int]]:
    """Return the shortest ways, from and to which street, that join streets without a lane to the rest."""
    group = np.where(np.arange(len(every)) < roads, -1, np.arange(len(every)))
    tree = shapely.STRtree(every)
    for lane in lanes:
        ends = [tree.query(Point(xy), predicate="dwithin", distance=0.02) for xy in (lane.coords[0], lane.coords[-1])]
        met = group[np.concatenate(ends)]
        group[np.isin(group, met)] = met.min()
    found = []
    while (group >= 0).any() and (group < 0).any():
        apart, joined = np.flatnonzero(group >= 0), np.flatnonzero(group < 0)
        metres = shapely.distance(every[apart][:, None], every[joined][None])
        i, j = np.unravel_index(np.argmin(metres.round(3)), metres.shape)
        position, target = int(apart[i]), int(joined[j])
        start, end = shapely.set_precision(shapely.ops.nearest_points(every[position], every[target]), 0.01)
        if metres[i, j] > LONGEST_APPROACH_M:
            break
        if metres[i, j] > 1:
            found.append((start, end, position - roads, target))
        group[group == group[position]] = -1
    return found


def _lane(start: Point, own: int, every: np.ndarray, tree: shapely.STRtree) -> tuple[LineString | None, int]:
    """Return a lane from a point on a street to the nearest earlier street or road, and which one that is."""
    found = tree.query(start, predicate="dwithin", distance=LONGEST_LANE_M)
    earlier = sorted(int(k) for k in found if k < own)
    if not earlier:
        return None, -1
    target = min(earlier, key=lambda k: round(every[k].distance(start), 3))
    end = shapely.ops.nearest_points(every[target], start)[0]
    lane = shapely.set_precision(LineString([start, end]), 0.01)
    met = tree.query(lane, predicate="crosses")
    fits = lane.length > 38 and not any(k not in {own, target} for k in met)
    return (lane if fits else None), target


def _with_dead_ends(line: LineString, lanes: list[LineString], rng: np.random.Generator) -> list[LineString]:
    """Return a street with gaps between some of its junctions: each side of a gap is a dead end."""
    ends = [Point(xy) for lane in lanes for xy in (lane.coords[0], lane.coords[-1])]
    stops = sorted(line.project(point) for point in ends if point.distance(line) < 0.02)
    kept, begin = [], 0.0
    for a, b in itertools.pairwise(stops):
        if b - a > 120 and rng.random() < 0.32:
            middle, gap = a + (b - a) * rng.uniform(0.3, 0.7), rng.uniform(22, 40)
            kept.append((begin, middle - gap))
            begin = middle + gap
    kept.append((begin, line.length))
    parts = [shapely.ops.substring(line, a, b) for a, b in kept]
    return [part for part in parts if part.geom_type == "LineString" and part.length > 12]
