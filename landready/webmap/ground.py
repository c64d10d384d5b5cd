"""What lies beneath the sites: the study's own layers as a muted ground, with names."""

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from landready.crs import Bounds
from landready.model import Layer
from landready.rules import roles
from landready.style.classes import CONTEXT_LOOKS, road_class
from landready.texts import Language
from landready.webmap.shapes import as_json, clipped, gathered, lat_lon, simplified, to_degrees

SIMPLIFY_M = 2.0
MARGIN_SHARE = 0.06
MIN_MARGIN_M = 500.0
ROAD_LABEL_EVERY_M = 5000.0

_BY_DIMENSION = {0: "point", 1: "line", 2: "area"}
# Which names win where two would cover each other.
_LABEL_RANK = {"places": 3.0, "stations": 2.0, "roads": 1.0, "rail": 0.5}
# Roles that do not say what a layer is.
_SAYS_NOTHING = frozenset({"area", "other"})
# The roads whose numbers are written, and which of them win.
_ROAD_SIZE = {"road_motorway": 10_000.0, "road_main": 0.0}


def extent(sites: gpd.GeoDataFrame, context: Mapping[str, Layer]) -> Bounds | None:
    """
    Return the rectangle of the sites and the municipalities they lie in.

    Parameters
    ----------
    sites
        Polygons in the study's CRS.
    context
        Layers in the same CRS.

    Returns
    -------
    tuple or None
        West, south, east, north; the reach of all context where there is no site; None where there is nothing.
    """
    frames = [sites, *(home_rows(layer, sites) for layer in context.values() if layer.role == "municipality")]
    boxes = _boxes(frames)
    if not len(boxes):
        boxes = _boxes([layer.frame for layer in context.values()])
    if not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def window(around: Bounds) -> Bounds:
    """Return the rectangle that the map shows: an extent and a margin."""
    west, south, east, north = around
    margin = max(MIN_MARGIN_M, MARGIN_SHARE * max(east - west, north - south))
    return west - margin, south - margin, east + margin, north + margin


def _boxes(frames: list[gpd.GeoDataFrame]) -> Any:
    boxes = np.array([frame.total_bounds for frame in frames]).reshape(-1, 4)
    return boxes[np.isfinite(boxes).all(axis=1)]


def home_rows(layer: Layer, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the polygons of `layer` that hold a site; all of them where there is no site to hold."""
    points = sites.geometry.dropna().representative_point().to_numpy()
    if not len(points) or not len(layer.frame):
        return layer.frame
    held = np.unique(shapely.STRtree(layer.frame.geometry.to_numpy()).query(points, predicate="within")[1])
    return layer.frame.iloc[held] if len(held) else layer.frame


def ground(
    context: Mapping[str, Layer], *, sites: gpd.GeoDataFrame, view: Bounds, crs: CRS, language: Language
) -> list[dict[str, Any]]:
    """
    Describe the context layers for the page.

    Parameters
    ----------
    context
        Layer name → layer, in `crs`.
    sites
        Which municipalities are shown.
    view
        What the map shows; the rest is cut away.
    crs
        The study's CRS.
    language
        Of the layers' labels.

    Returns
    -------
    list of dict
        Per layer `id`, `label`, `modelled`, `parts` (`look`, `shape`), `points` (`look`, `at`, `name`) and `labels`
        (`text`, `kind`, `at`, `rank`). Of the columns only names, numbers and road classes are taken.
    """
    described = []
    for name, layer in context.items():
        frame = home_rows(layer, sites) if layer.role == "municipality" else layer.frame
        frame = _inside(frame, view)
        described.append(
            {
                "id": name,
                "label": layer_title(name, layer, context.values(), language),
                "modelled": layer.modelled,
                "parts": _parts(frame, layer.role, crs),
                "points": _points(frame, layer.role, crs),
                "labels": _labels(frame, layer.role, crs),
            }
        )
    return described


def layer_title(name: str, layer: Layer, beside: Iterable[Layer], language: Language) -> str:
    """
    Return what people call a layer: its role in words, with its own name where the role is shared `beside` it.

    What has no role that says what it is goes by its source, or by its name written as words.
    """
    own = _as_words(layer.name or name)
    if layer.role is None or layer.role not in roles() or layer.role in _SAYS_NOTHING:
        return layer.source or own
    same = [other for other in beside if other.role == layer.role]
    title = role_title(layer.role, language)
    if len(same) > 1:
        return own if title.casefold() in own.casefold() else f"{title} ({own})"
    return title


def _as_words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def role_title(role: str, language: Language) -> str:
    """Return the words of a role as a heading."""
    words = roles()[role].in_language(language)
    return words[:1].upper() + words[1:]


def _inside(frame: gpd.GeoDataFrame, view: Bounds) -> gpd.GeoDataFrame:
    frame = frame[frame.geometry.notna()]
    frame = frame.set_geometry(clipped(frame.geometry.to_numpy(), view), crs=frame.crs)
    return frame[~frame.geometry.is_empty]


def _looks(frame: gpd.GeoDataFrame, role: str | None, dimension: int) -> pd.Series:
    """Return the key in `CONTEXT_LOOKS` of each row."""
    if role == "roads" and dimension == 1:
        return road_class(frame)
    key = role if role in CONTEXT_LOOKS else _BY_DIMENSION[dimension]
    return pd.Series(key, index=frame.index, dtype=object)


def _parts(frame: gpd.GeoDataFrame, role: str | None, crs: CRS) -> list[dict[str, Any]]:
    """One multi-geometry per look: a thousand road links are one path to draw."""
    found = []
    dimensions = shapely.get_dimensions(frame.geometry.to_numpy())
    for dimension in (2, 1):
        rows = frame[dimensions == dimension]
        looks = _looks(rows, role, dimension)
        for look in [key for key in CONTEXT_LOOKS if (looks == key).any()]:
            whole = gathered(rows.geometry.to_numpy()[(looks == look).to_numpy()], dimension)
            # Part by part: simplifying a whole network at once takes several times as long.
            lean = gathered(simplified(shapely.get_parts([whole]), SIMPLIFY_M), dimension)
            shape = to_degrees([lean], crs)[0]
            found.append({"look": look, "shape": as_json(shape)})
    return found


def _point_rows(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = frame[shapely.get_dimensions(frame.geometry.to_numpy()) == 0]
    return rows.set_geometry(shapely.centroid(rows.geometry.to_numpy()), crs=frame.crs)


def _names(frame: gpd.GeoDataFrame, column: str = "name") -> list[str]:
    if column not in frame.columns:
        return [""] * len(frame)
    return [str(value) if known else "" for value, known in zip(frame[column], frame[column].notna(), strict=True)]


def _points(frame: gpd.GeoDataFrame, role: str | None, crs: CRS) -> list[dict[str, Any]]:
    rows = _point_rows(frame)
    look = role if role in CONTEXT_LOOKS else _BY_DIMENSION[0]
    places = lat_lon(to_degrees(rows.geometry.to_numpy(), crs))
    points = [{"look": look, "at": at, "name": name} for at, name in zip(places, _names(rows), strict=True) if at]
    return sorted(points, key=lambda point: (point["at"], point["name"]))


def _labels(frame: gpd.GeoDataFrame, role: str | None, crs: CRS) -> list[dict[str, Any]]:
    """Return the names to write: places and stations at their points, numbers of main roads and railways along them."""
    if role == "roads":
        named = []
        for look, size in _ROAD_SIZE.items():
            lines = frame[road_class(frame) == look]
            points = _along(lines, _names(lines, "road_number"), every_m=ROAD_LABEL_EVERY_M)
            named += [(number, point, size) for number, point, _ in points]
    elif role == "rail":
        named = _along(frame, _names(frame), every_m=2 * ROAD_LABEL_EVERY_M)
    elif role in {"places", "stations", "interchanges"}:
        rows = _point_rows(frame)
        size = pd.to_numeric(rows.get("population", pd.Series(0.0, index=rows.index)), errors="coerce").fillna(0)
        named = list(zip(_names(rows), rows.geometry.to_numpy(), size.tolist(), strict=True))
    else:
        return []
    named = [entry for entry in named if entry[0]]
    places = lat_lon(to_degrees([point for _, point, _ in named], crs))
    labels = [
        {"text": name, "kind": role, "at": at, "rank": _LABEL_RANK.get(str(role), 0.0) + _share(size)}
        for (name, _, size), at in zip(named, places, strict=True)
    ]
    return sorted(labels, key=lambda label: (-label["rank"], label["text"], label["at"]))


def _share(size: float) -> float:
    """Return a size as a number below 1 that grows with it, so that larger places win among places."""
    return round(size / (size + 10_000.0), 6) if size > 0 else 0.0


def _along(frame: gpd.GeoDataFrame, names: list[str], *, every_m: float) -> list[tuple[str, shapely.Geometry, float]]:
    """Return points along the longest run of each name, evenly spread, at most `every_m` apart."""
    found: list[tuple[str, shapely.Geometry, float]] = []
    labels = np.array(names, dtype=object)
    for name in sorted(set(names) - {""}):
        merged = gathered(frame.geometry.to_numpy()[labels == name], 1)
        if merged is None:
            continue
        runs = shapely.get_parts(merged)
        longest = runs[np.argmax(shapely.length(runs))]
        count = int(np.ceil(longest.length / every_m))
        fractions = (np.arange(count) + 0.5) / count
        points = shapely.line_interpolate_point(longest, fractions, normalized=True)
        found += [(name, point, 0.0) for point in points]
    return found
