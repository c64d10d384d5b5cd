"""Areas of SS 637040: boundary lines that areas refer to, forwards (`plus`) and backwards (`minus`)."""

import math
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.layers.detaljplan.shapes import ShapeError

_CLOSE_M = 0.001
_ARC_ERROR_M = 0.01

Line = NDArray[np.float64]


class Boundaries:
    """
    The boundary lines and areas of one file, by their ids.

    Parameters
    ----------
    root
        Root of the file.
    """

    def __init__(self, root: Element) -> None:
        self._lines = {name: item for item in root.iter("DP_Grans") if (name := item.get("id"))}
        self._areas = {name: item for item in root.iter("DP_Omrade") if (name := item.get("id"))}

    def area(self, reference: str) -> BaseGeometry:
        """
        Return an area in the file's coordinate system, as [easting, northing].

        Raises
        ------
        ShapeError
            If it or one of its lines is not there, or its boundary does not close.
        """
        element = self._areas.get(reference.removeprefix("#"))
        if element is None:
            raise ShapeError("plan_no_geometry", reference)
        pieces = [
            self._line(item.get("href", ""))[:: 1 if item.tag == "plus" else -1]
            for item in element
            if item.tag in {"plus", "minus"}
        ]
        rings = _rings(pieces, reference)
        if len(rings) == 1:
            return shapely.Polygon(rings[0])
        # Rings within rings are holes, whatever order they come in.
        return shapely.build_area(shapely.GeometryCollection([shapely.LinearRing(ring) for ring in rings]))

    def line(self, reference: str) -> BaseGeometry:
        """Return a boundary line in the file's coordinate system, as [easting, northing]."""
        return shapely.LineString(self._line(reference))

    def has_arcs(self, reference: str) -> bool:
        """Tell whether an area is bounded by arcs, which are straight pieces here."""
        element = self._areas.get(reference.removeprefix("#"))
        named = [] if element is None else [self._lines.get(item.get("href", "")[1:]) for item in element]
        return any(line is not None and _is_curved(line) for line in named)

    def _line(self, reference: str) -> Line:
        element = self._lines.get(reference.removeprefix("#"))
        segments = None if element is None else element.find(".//segments")
        if segments is None:
            raise ShapeError("plan_area_open", reference)
        parts = [_segment(segment) for segment in segments]
        if not parts:
            raise ShapeError("plan_area_open", reference)
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def _is_curved(line: Element) -> bool:
    return any(item.tag in {"Arc", "ArcString"} for item in line.iter())


def _segment(segment: Element) -> Line:
    points = _points(segment)
    if segment.tag == "LineStringSegment":
        return points
    if segment.tag in {"Arc", "ArcString"} and len(points) >= 3 and len(points) % 2:
        arcs = [_arc(points[place : place + 3]) for place in range(0, len(points) - 2, 2)]
        return np.vstack([arcs[0], *(arc[1:] for arc in arcs[1:])])
    raise ShapeError("plan_curve_unknown", segment.tag)


def _points(segment: Element) -> Line:
    """Return the positions as [easting, northing]; SWEREF 99 in GML has the northing first."""
    texts = [item.text or "" for item in segment.iter() if item.tag in {"pos", "posList"}]
    try:
        numbers = np.array(" ".join(texts).split(), dtype=float)
        points = numbers.reshape(-1, _dimension(segment))[:, :2]
    except ValueError as error:
        raise ShapeError("plan_geometry_broken", str(error)) from error
    if len(points) < 2:
        raise ShapeError("plan_geometry_broken", segment.tag)
    return points[:, ::-1]


def _dimension(segment: Element) -> int:
    said = {item.get("srsDimension", "2") for item in segment.iter() if item.tag in {"pos", "posList"}}
    return 3 if said == {"3"} else 2


def _arc(points: Line) -> Line:
    """Return a circular arc through three points as straight pieces, at most 1 cm from it."""
    (ax, ay), (bx, by), (cx, cy) = points - points[0]
    twice = 2 * (bx * cy - by * cx)
    if abs(twice) < 1e-9:  # on one line
        return points
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    middle = np.array([cy * b2 - by * c2, bx * c2 - cx * b2]) / twice
    radius = math.hypot(*middle)
    start, through, end = (math.atan2(y - middle[1], x - middle[0]) for x, y in ((ax, ay), (bx, by), (cx, cy)))
    turn = (end - start) % (2 * math.pi)
    if (through - start) % (2 * math.pi) > turn:
        turn -= 2 * math.pi
    step = 2 * math.acos(max(1 - _ARC_ERROR_M / radius, 0))
    angles = start + np.linspace(0, turn, max(2, math.ceil(abs(turn) / step)) + 1)
    arc: Line = points[0] + middle + radius * np.column_stack([np.cos(angles), np.sin(angles)])
    arc[0], arc[-1] = points[0], points[2]
    return arc


def _rings(pieces: list[Line], reference: str) -> list[Line]:
    """Join lines end to end into closed rings; of several that fit, the first named is next."""
    left = list(pieces)
    rings: list[Line] = []
    while left:
        ring = left.pop(0)
        while not _same(ring[0], ring[-1]) or len(ring) < 4:
            place = next((place for place, piece in enumerate(left) if _same(piece[0], ring[-1])), None)
            if place is None:
                east, north = ring[-1]
                raise ShapeError("plan_area_open", f"{reference}: {north:.2f}, {east:.2f}")
            ring = np.vstack([ring, left.pop(place)[1:]])
        rings.append(np.vstack([ring[:-1], ring[:1]]))
    if not rings:
        raise ShapeError("plan_area_open", reference)
    return rings


def _same(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return bool(math.hypot(*(first - second)) <= _CLOSE_M)
