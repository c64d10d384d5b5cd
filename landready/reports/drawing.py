"""Parts of a map on paper, drawn by matplotlib in the study's own metric CRS and in the style of the web map."""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from landready.crs import Bounds
from landready.model import Layer
from landready.style.classes import CONTEXT_LOOKS, LAND_LOOKS, SCORE_LOOKS, Look, road_class

FONT = "DejaVu Sans"
"""Comes with matplotlib, so that every machine draws the same."""

INK = "#1b2230"
MARK = "#b3005e"
POINT = 72 / 96
"""Of a look's widths, which are CSS pixels, in typographic points."""

# From below upwards, as the web map stacks them.
GROUND, LAND, SITES, POINTS, LETTERS, NAMES, RANKS, SIGNS = range(1, 9)

_HATCH = {"hatched": "////", "solid": None}
LETTER_SHARE = 0.04
"""A site has room for its letter from this share of the map's width on."""

_BY_DIMENSION = {0: "point", 1: "line", 2: "area"}
_HALO = [withStroke(linewidth=2.5, foreground="white")]
_NAME_ROLES = ("places", "stations")
Shapes = NDArray[np.object_]


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def printable(words: object) -> str:
    """Return a text with signs that the font lacks as replacement characters; nothing in it is read as a formula."""
    return "".join(sign if ord(sign) in _glyphs() else "\N{REPLACEMENT CHARACTER}" for sign in str(words))


def outlines(shapes: Iterable[Any]) -> list[Outline]:
    """Return each polygon of `shapes`, multi-part ones taken apart, as one outline with its holes."""
    parts = shapely.get_parts(np.array(list(shapes), dtype=np.object_))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return [_outline(part) for part in parts if not part.is_empty]


def _outline(polygon: Any) -> Outline:
    rings = shapely.get_rings(polygon)
    points = [shapely.get_coordinates(ring) for ring in rings]
    codes = [
        np.array([Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY], dtype=np.uint8)
        for ring in points
    ]
    return Outline(np.concatenate(points), np.concatenate(codes))


def draw_areas(axes: Axes, shapes: Iterable[Any], look: Look, **style: Any) -> None:
    """Draw polygons in a look; `style` replaces parts of it (matplotlib's names)."""
    found = outlines(shapes)
    if not found:
        return
    given: dict[str, Any] = {
        "facecolors": _with_opacity(look.fill, look.opacity),
        "edgecolors": look.stroke or "none",
        "linewidths": look.width * POINT,
        "linestyles": _dashes(look),
        "hatch": _HATCH[look.pattern],
    }
    axes.add_collection(PathCollection(found, **(given | style)), autolim=False)


def draw_lines(axes: Axes, shapes: Iterable[Any], look: Look, *, zorder: float) -> None:
    """Draw lines in a look, with their casing beneath; `zorder` as matplotlib counts it, upwards."""
    parts = shapely.get_parts(np.array(list(shapes), dtype=np.object_))
    lines = [shapely.get_coordinates(part) for part in parts if not part.is_empty]
    if not lines:
        return
    if look.casing:
        under = LineCollection(
            lines, colors=look.casing, linewidths=(look.width + 1.8) * POINT, capstyle="round", zorder=zorder
        )
        axes.add_collection(under, autolim=False)
    over = LineCollection(
        lines, colors=look.stroke, linewidths=look.width * POINT, linestyles=_dashes(look), zorder=zorder
    )
    axes.add_collection(over, autolim=False)


def _with_opacity(colour: str, opacity: float) -> Any:
    return (colour, opacity) if colour else "none"


def _dashes(look: Look) -> Any:
    return (0, [length * POINT for length in look.dash]) if look.dash else "solid"


def draw_letters(axes: Axes, frame: gpd.GeoDataFrame, view: Bounds) -> None:
    """Write the letter of its class (column `look`) into each site that has the room; where it lies in the view."""
    seen = shapely.intersection(frame.geometry.to_numpy(), shapely.box(*view))
    roomy = np.sqrt(shapely.area(seen)) >= LETTER_SHARE * (view[2] - view[0])
    for shape, key in zip(seen[roomy], frame["look"].to_numpy()[roomy], strict=True):
        at = shape.representative_point()
        style: dict[str, Any] = {
            "ha": "center",
            "va": "center",
            "fontsize": 10,
            "weight": "bold",
            "color": INK,
            "path_effects": _HALO,
        }
        axes.text(at.x, at.y, SCORE_LOOKS[key].letter, zorder=LETTERS, **style)


def draw_ground(axes: Axes, context: Mapping[str, Layer], view: Bounds) -> list[str]:
    """
    Draw the layers beneath the sites, in the order of the style.

    Parameters
    ----------
    axes
        Whose limits are the view.
    context
        Layer name → layer in the study's CRS.
    view
        West, south, east, north; what lies outside is cut away.

    Returns
    -------
    list of str
        The looks that were used.
    """
    found: dict[str, list[Any]] = {}
    for layer in context.values():
        frame = layer.frame[layer.frame.geometry.notna()]
        frame = frame[shapely.intersects(frame.geometry.to_numpy(), shapely.box(*view))]
        for name, shapes in _by_look(frame, layer.role):
            found.setdefault(name, []).extend(shapely.intersection(shapes, shapely.box(*view)))
    used = [key for key in CONTEXT_LOOKS if found.get(key)]
    for place, key in enumerate(used):
        zorder = GROUND + place / 100
        look, shapes = CONTEXT_LOOKS[key], np.array(found[key], dtype=np.object_)
        dimension = shapely.get_dimensions(shapes)
        draw_areas(axes, shapes[dimension == 2], look, zorder=zorder)
        draw_lines(axes, shapes[dimension == 1], look, zorder=zorder)
        points = shapely.get_coordinates(shapes[dimension == 0])
        if len(points) and key != "places":
            style: dict[str, Any] = {
                "markerfacecolor": look.fill,
                "markeredgecolor": look.stroke,
                "markeredgewidth": look.width * POINT,
            }
            axes.plot(points[:, 0], points[:, 1], "o", markersize=5, zorder=POINTS, **style)
    _names(axes, context, view)
    return [key for key in used if key != "places"]


def _by_look(frame: gpd.GeoDataFrame, role: str | None) -> list[tuple[str, Shapes]]:
    shapes = frame.geometry.to_numpy()
    dimension = shapely.get_dimensions(shapes)
    if role == "roads":
        looks = road_class(frame).to_numpy(dtype=object)
    else:
        looks = np.array([role if role in CONTEXT_LOOKS else _BY_DIMENSION.get(int(n), "area") for n in dimension])
    return [(str(key), shapes[looks == key]) for key in sorted(set(looks))]


def _names(axes: Axes, context: Mapping[str, Layer], view: Bounds) -> None:
    """Write the names of places and stations, none over another."""
    west, south, east, north = view
    room_x, room_y = (east - west) / 9, (north - south) / 30
    taken: list[tuple[float, float]] = []
    for role in _NAME_ROLES:
        for layer in (entry for entry in context.values() if entry.role == role and "name" in entry.frame.columns):
            size = layer.frame["population"] if "population" in layer.frame.columns else layer.frame["name"].isna()
            for row in np.argsort(-size.fillna(0).to_numpy(dtype="float64"), kind="stable"):
                name, at = layer.frame["name"].iloc[row], layer.frame.geometry.iloc[row]
                if not isinstance(name, str) or at is None or at.is_empty:
                    continue
                x, y = at.centroid.x, at.centroid.y
                inside = west + room_x / 2 < x < east - room_x / 2 and south + room_y < y < north - room_y
                if not inside or any(abs(x - a) < room_x and abs(y - b) < room_y for a, b in taken):
                    continue
                taken.append((x, y))
                side = 0 if role != "stations" else -1 if x > east - 1.5 * room_x else 1  # no name leaves the map
                axes.annotate(
                    printable(name), (x, y), (5 * side, 0), textcoords="offset points", parse_math=False,
                    ha=("center", "left", "right")[side], va="center", fontsize=7.5 if side else 9, color="#3f3a33",
                    weight="bold", path_effects=_HALO, zorder=NAMES,
                )  # fmt: skip


def draw_scale_bar(axes: Axes, view: Bounds) -> None:
    """Draw a bar of a round length in the lower right corner: metres in the plane of the study's CRS."""
    west, south, east, north = view
    length = _round_length((east - west) / 5)
    right, low = east - (east - west) * 0.02, south + (north - south) * 0.03
    end = (north - south) * 0.008
    x, y = [right - length, right - length, right, right], [low + end, low, low, low + end]
    axes.plot(x, y, color=INK, linewidth=1.6, solid_capstyle="butt", path_effects=_HALO, zorder=SIGNS)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(
        right - length / 2, low + end, words, ha="center", va="bottom", fontsize=8, path_effects=_HALO, zorder=SIGNS
    )


def _round_length(most: float) -> float:
    """Return the longest of 1, 2 and 5 times a power of ten that is no longer than `most`."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)


def draw_north_arrow(axes: Axes, view: Bounds, crs: CRS) -> None:
    """Draw an arrow to true north in the upper right corner, which in a metric CRS is not quite upwards."""
    west, south, east, north = view
    angle = _north(((west + east) / 2, (south + north) / 2), crs)
    at, half = np.array([0.96, 0.93]), 0.035 * np.array([math.sin(angle), math.cos(angle)])
    look = {"facecolor": INK, "edgecolor": "white", "width": 2.5, "headwidth": 9, "headlength": 12}
    ends = {"xy": tuple(at + half), "xytext": tuple(at - half)}
    axes.annotate(
        "", xycoords="axes fraction", textcoords="axes fraction", zorder=SIGNS, arrowprops=look, annotation_clip=False,
        **ends,
    )  # fmt: skip
    letter: dict[str, Any] = {"ha": "center", "va": "top", "weight": "bold", "path_effects": _HALO, "zorder": SIGNS}
    axes.text(0.96, 0.875, "N", transform=axes.transAxes, **letter)


def _north(place: tuple[float, float], crs: CRS) -> float:
    """Return the direction of true north at a place, in radians clockwise from the y axis."""
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    lon, lat = to_degrees.transform(*place)
    x, y = to_degrees.transform(lon, lat + 0.01, direction="INVERSE")
    return math.atan2(x - place[0], y - place[1])


def legend_mark(key: str, label: str) -> Patch | Line2D:
    """Return the mark of a look for a legend, with its letter before its words."""
    look = {**SCORE_LOOKS, **LAND_LOOKS, **CONTEXT_LOOKS}[key]
    words = printable(f"{look.letter}  {label}" if look.letter else label)
    if key in {"stations", "interchanges", "point"}:
        return Line2D(
            [], [], linestyle="none", marker="o", markersize=6, label=words,
            markerfacecolor=look.fill, markeredgecolor=look.stroke,
        )  # fmt: skip
    if not look.fill:
        # A casing that is drawn beneath on the map is drawn round the line here.
        effects = [withStroke(linewidth=look.width + 1.5, foreground=look.casing)] if look.casing else []
        return Line2D(
            [], [], color=look.stroke, linewidth=look.width, linestyle=_dashes(look), path_effects=effects, label=words
        )
    return Patch(
        facecolor=_with_opacity(look.fill, look.opacity), edgecolor=look.stroke, hatch=_HATCH[look.pattern], label=words
    )
