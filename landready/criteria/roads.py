"""Roads as a network: which can be used, how fast, in which direction, and where they meet."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.errors import ColumnError, Finding, InputError, rows_of, some
from landready.model import Layer
from landready.where import missing_column

Mode = Literal["drive", "bike", "walk"]
MODES: tuple[Mode, ...] = get_args(Mode)

NODE_GRID_M = 0.01
"""Vertices that round to the same centimetre are one node of the network."""

_ONEWAY = {"both": (True, True), "forward": (True, False), "backward": (False, True)}
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, eq=False)
class Segments:
    """
    The usable roads, one row per straight piece between two neighbouring vertices.

    Parameters
    ----------
    lines
        Two-point lines.
    start, end
        Node at either end.
    nodes
        How many nodes there are.
    length_m, minutes
        Length, and time to travel it.
    forward, backward
        Whether it can be travelled from start to end, and from end to start.
    entered
        Whether it can be reached from the land beside it: not a motorway.
    """

    lines: NDArray[np.object_]
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    nodes: int
    length_m: NDArray[np.float64]
    minutes: NDArray[np.float64]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    entered: NDArray[np.bool_]


@functools.cache
def travel_rules() -> Mapping[str, Mapping[str, float]]:
    """Return mode → name of a speed → km/h, from `rules/travel.toml`."""
    raw = tomllib.loads(resources.files("landready.rules").joinpath("travel.toml").read_text(encoding="utf-8"))
    return {mode: {name: float(entry["value"]) for name, entry in speeds.items()} for mode, speeds in raw.items()}


def minutes(metres: NDArray[np.float64], kmh: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the time that a way takes at a speed."""
    return metres / 1000 / kmh * _MINUTES_PER_HOUR


def segments(roads: Layer, *, mode: Mode, default_speed_kmh: float | None) -> Segments:
    """
    Return the usable roads as segments.

    Parameters
    ----------
    roads
        Lines; columns as in `landready.travel_time`.
    mode
        Way of travel.
    default_speed_kmh
        Speed of roads without one, in mode drive.

    Raises
    ------
    ColumnError
        If mode drive has neither `speed_kmh` nor a default.
    InputError
        For values that cannot be read, all columns together.
    """
    motorway, motorway_findings = _motorways(roads)
    (forward, backward), oneway_findings = _directions(roads, mode)
    kmh, speed_findings = _speeds(roads, mode, default_speed_kmh)
    findings = [*speed_findings, *oneway_findings, *motorway_findings]
    if findings:
        kind = ColumnError if any(found.key == "missing_column" for found in findings) else InputError
        raise kind(*findings)
    usable = np.full(len(motorway), fill_value=True) if mode == "drive" else ~motorway
    first, second, row = _vertex_pairs(np.asarray(roads.frame.geometry.values, dtype=object)[usable])
    place = np.flatnonzero(usable)[row]
    ends, nodes = _nodes(np.concatenate([first, second]))
    start, end = ends[: len(first)], ends[len(first) :]
    real = start != end  # vertices drawn twice
    length = np.hypot(*(second - first).T)[real]
    place = place[real]
    return Segments(
        lines=np.asarray(shapely.linestrings(np.stack([first[real], second[real]], axis=1)), dtype=object),
        start=start[real],
        end=end[real],
        nodes=nodes,
        length_m=length,
        minutes=minutes(length, kmh[place]),
        forward=forward[place],
        backward=backward[place],
        entered=~motorway[place],
    )


def _vertex_pairs(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return first and second point of every two neighbouring vertices, and the position of their line."""
    parts, source = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    return points[:-1][joined], points[1:][joined], source[part[:-1][joined]]


def _nodes(points: NDArray[np.float64]) -> tuple[NDArray[np.intp], int]:
    """Return a number for each point, the same for all in one centimetre, and how many numbers there are."""
    if not len(points):
        return np.empty(0, dtype=np.intp), 0
    cells = np.round(points / NODE_GRID_M).astype(np.int64)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    new = (np.diff(cells[order], axis=0) != 0).any(axis=1)
    number = np.empty(len(points), dtype=np.intp)
    number[order] = np.concatenate([[0], np.cumsum(new)])
    return number, int(new.sum()) + 1


def _speeds(roads: Layer, mode: Mode, default_kmh: float | None) -> tuple[NDArray[np.float64], list[Finding]]:
    frame = roads.frame
    if mode != "drive":
        return np.full(len(frame), travel_rules()[mode]["speed_kmh"]), []
    if "speed_kmh" not in frame.columns:
        if default_kmh is None:
            return np.empty(0), [missing_column("speed_kmh", frame, roads.name)]
        return np.full(len(frame), default_kmh), []
    given = frame["speed_kmh"]
    kmh = pd.to_numeric(given, errors="coerce").astype("float64")
    missing = given.isna()
    wrong = ~missing & ~(np.isfinite(kmh) & (kmh > 0))
    findings = []
    if missing.any() and default_kmh is None:
        findings.append(_speed_finding("speed_missing", roads, missing))
    if wrong.any():
        findings.append(_speed_finding("speed_wrong", roads, wrong))
    filled = kmh if default_kmh is None else kmh.fillna(default_kmh)
    return filled.to_numpy(), findings


def _speed_finding(key: str, roads: Layer, chosen: pd.Series) -> Finding:
    return Finding(
        key,
        {
            "layer": roads.name,
            "count": int(chosen.sum()),
            "total": len(chosen),
            "rows": rows_of(chosen.index[chosen]),
        },
    )


def _directions(roads: Layer, mode: Mode) -> tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], list[Finding]]:
    """Tell which rows can be travelled as drawn, and which against it."""
    both = np.full(len(roads.frame), fill_value=True)
    if mode == "walk" or "oneway" not in roads.frame.columns:
        return (both, both), []
    values = roads.frame["oneway"].astype(object)
    meaning = {value: _direction(value) for value in values[values.notna()].unique()}
    wrong = [value for value, direction in meaning.items() if direction is None]
    if wrong:
        return (both, both), [_value_finding(roads, "oneway", wrong, "both, forward, backward, True, False")]
    known = [meaning.get(value) or _ONEWAY["both"] for value in values]
    forward, backward = np.array(known, dtype=bool).reshape(-1, 2).T
    return (forward, backward), []


def _direction(value: object) -> tuple[bool, bool] | None:
    if isinstance(value, bool | np.bool_):
        return _ONEWAY["forward" if value else "both"]
    return _ONEWAY.get(value) if isinstance(value, str) else None


def _motorways(roads: Layer) -> tuple[NDArray[np.bool_], list[Finding]]:
    if "motorway" not in roads.frame.columns:
        return np.zeros(len(roads.frame), dtype=bool), []
    values = roads.frame["motorway"].astype(object)
    known = values.notna()
    wrong = [value for value in values[known].unique() if value not in {0, 1}]
    if wrong:
        return np.zeros(len(values), dtype=bool), [_value_finding(roads, "motorway", wrong, "True, False")]
    return values.where(known, other=False).astype(bool).to_numpy(), []


def _value_finding(roads: Layer, column: str, values: list[object], allowed: str) -> Finding:
    shown = some(sorted(map(repr, values)))
    return Finding("column_values", {"layer": roads.name, "column": column, "values": shown, "allowed": allowed})
