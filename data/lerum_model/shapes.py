"""Smooth lines, kinked cuts and recursive division: how the model draws."""

from collections.abc import Callable

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]


def smooth(points: ArrayLike, step_m: float, *, closed: bool = False) -> Floats:
    """Return a cubic spline through the points, sampled about every `step_m`; it meets every point."""
    xy = np.asarray(points, dtype=float)
    if closed:
        xy = np.vstack([xy, xy[:1]])
    # Square roots of the chords (centripetal) keep the curve from looping between uneven points.
    lengths = np.hypot(*np.diff(xy, axis=0).T)
    knots = np.concatenate([[0], np.cumsum(np.sqrt(lengths))])
    spline = CubicSpline(knots, xy, bc_type="periodic" if closed else "natural")
    samples = [
        np.linspace(start, end, max(2, int(length / step_m) + 1), endpoint=False)
        for start, end, length in zip(knots, knots[1:], lengths, strict=False)
    ]
    return np.asarray(spline(np.concatenate([*samples, knots[-1:]])))


def blob(
    centre: tuple[float, float], radii: tuple[float, float], turn_deg: float, rng: np.random.Generator, points: int = 72
) -> Polygon:
    """Return an irregular ellipse."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    noise = sum(np.sin(k * angle + rng.uniform(0, 2 * np.pi)) * rng.uniform(0.4, 1) / k for k in range(2, 7))
    radius = 1 + 0.22 * noise
    local = np.column_stack([radii[0] * np.cos(angle), radii[1] * np.sin(angle)]) * radius[:, None]
    turn = np.radians(turn_deg)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.normalize(Polygon(local @ rotation + np.asarray(centre)).buffer(0))


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons in a geometry, sorted, so that the next step meets them in one order."""
    parts = shapely.get_parts(geometry)
    kept = [part for part in parts if part.geom_type == "Polygon" and part.area > 1]
    return sorted(kept, key=lambda part: (round(part.centroid.y), round(part.centroid.x), round(part.area)))


def size(polygon: Polygon) -> tuple[float, float, float]:
    """Return length and width of the tightest rectangle (m), and the direction of its length (radians)."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(polygon).exterior.coords)[:3]
    sides = np.diff(corners, axis=0)
    lengths = np.hypot(*sides.T)
    long = int(lengths[1] > lengths[0])
    return float(lengths[long]), float(lengths[1 - long]), float(np.arctan2(*sides[long][::-1]))


def cut_line(
    polygon: Polygon,
    rng: np.random.Generator,
    *,
    lengthwise: bool = False,
    direction: float | None = None,
    kinks: int,
    wobble: float,
    skew_deg: float,
) -> LineString:
    """
    Return a line that divides the polygon near its middle.

    Parameters
    ----------
    polygon
        What to divide.
    rng
        Chance.
    lengthwise
        Along its length, or across it.
    direction
        Of the line (radians), instead of along or across.
    kinks
        How many bends.
    wobble
        How far a bend may lie off the straight line, as a share of the line's length inside the polygon.
    skew_deg
        How far the direction may turn.
    """
    length, width, longest = size(polygon)
    if direction is not None:
        lengthwise = abs(np.cos(direction - longest)) > np.sqrt(0.5)
    span, other = (length, width) if lengthwise else (width, length)
    straight = longest + (0 if lengthwise else np.pi / 2) if direction is None else direction
    angle = straight + np.radians(rng.uniform(-skew_deg, skew_deg))
    centre = np.asarray(shapely.minimum_rotated_rectangle(polygon).centroid.coords[0])
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    middle = centre + across * other * rng.uniform(-0.1, 0.1)
    steps = np.linspace(-0.5, 0.5, kinks + 2)
    bends = np.concatenate([[0], rng.uniform(-wobble, wobble, kinks), [0]]) * span
    inner = middle + np.outer(steps * span, along) + np.outer(bends, across)
    far = (length + width) * along
    return LineString(np.vstack([inner[0] - far, inner, inner[-1] + far]))


def divide(polygon: Polygon, line: LineString) -> list[Polygon]:
    """Return the pieces of a polygon on the sides of a line."""
    noded = shapely.union_all([polygon.boundary, line])
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    return polygons(shapely.GeometryCollection([f for f in faces if polygon.contains(f.representative_point())]))


def best_cut(polygon: Polygon, draw: Callable[[], LineString]) -> tuple[LineString, list[Polygon]]:
    """Draw a few cuts and return the one whose smallest piece is largest: no slivers."""
    tried = [(line, divide(polygon, line)) for line in (draw() for _ in range(4))]
    good = [entry for entry in tried if len(entry[1]) > 1]
    if not good:
        return tried[0][0], [polygon]
    return max(good, key=lambda entry: min(piece.area for piece in entry[1]))


def divide_until(
    polygon: Polygon, small_enough: Callable[[Polygon], bool], draw: Callable[[Polygon], LineString]
) -> tuple[list[Polygon], list[LineString]]:
    """Divide a polygon until every piece is small enough; return the pieces and the cuts inside it."""
    done: list[Polygon] = []
    cuts: list[LineString] = []
    waiting = [polygon]
    while waiting:
        piece = waiting.pop()
        if small_enough(piece):
            done.append(piece)
            continue
        line, parts = best_cut(piece, lambda piece=piece: draw(piece))
        if len(parts) == 1:
            done.append(piece)
            continue
        inside = shapely.get_parts(line.intersection(piece))
        cuts += [part for part in inside if part.geom_type == "LineString" and part.length > 1]
        waiting += parts
    return done, cuts


def by_squares(geometry: BaseGeometry, side_m: float, turn_deg: float) -> list[Polygon]:
    """Cut a geometry by a grid of turned squares, so that no piece is a net of its own."""
    centre = geometry.centroid
    flat = shapely.affinity.rotate(geometry, -turn_deg, origin=centre)
    west, south, east, north = flat.bounds
    x, y = np.arange(west, east, side_m), np.arange(south, north, side_m)
    e, n = (grid.ravel() for grid in np.meshgrid(x, y))
    squares = shapely.affinity.rotate(
        shapely.MultiPolygon([*shapely.box(e, n, e + side_m, n + side_m)]), turn_deg, origin=centre
    )
    return [part for square in squares.geoms for part in polygons(geometry.intersection(square))]


def rectangle(centre: Point, length: float, width: float, angle: float) -> Polygon:
    """Return a rectangle whose length has the direction `angle` (radians)."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([length, width]) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Polygon(corners @ turn + np.array([centre.x, centre.y]))


def lines(geometry: BaseGeometry) -> list[LineString]:
    """Return the lines in a geometry."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString" and part.length > 0]


def with_vertices(line: LineString, points: list[Point]) -> LineString:
    """Return a line with vertices at points that lie on it, so that what ends there is joined to it."""
    stops = [(line.project(Point(xy)), xy) for xy in line.coords]
    if line.is_ring:
        stops[-1] = (line.length, line.coords[-1])
    stops += [(line.project(point), point.coords[0]) for point in points]
    chain = sorted(stops, key=lambda stop: stop[0])
    return LineString([xy for (at, xy), (before, _) in zip(chain, [(-1.0, None), *chain], strict=False) if at > before])


def uneven_band(line: LineString, low: float, high: float, rng: np.random.Generator) -> BaseGeometry:
    """Return a band along a line whose half-width wanders between `low` and `high`."""
    stops = np.arange(0, line.length, low * 0.7)
    waves = sum(np.sin(stops / line.length * 2 * np.pi * k + rng.uniform(0, 6.3)) for k in (3, 5, 8, 13)) / 4
    widths = low + (high - low) * (0.5 + 0.5 * np.clip(waves * 1.6, -1, 1))
    band = shapely.union_all(shapely.buffer(shapely.line_interpolate_point(line, stops), widths, quad_segs=6))
    return band.simplify(low / 8)
