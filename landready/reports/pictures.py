"""Pictures for a report: an overview and one per site, as PNG or PDF, offline, the same bytes for the same content."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from numpy.typing import NDArray

from landready.crs import Bounds
from landready.land.lost import lost_land
from landready.layers.adapter import POLYGON, as_layer
from landready.model import Land, Layer, LayerLike, Scorecard
from landready.reports.drawing import (
    FONT,
    INK,
    LAND,
    MARK,
    RANKS,
    SIGNS,
    SITES,
    draw_areas,
    draw_ground,
    draw_letters,
    draw_north_arrow,
    draw_scale_bar,
    legend_mark,
    printable,
)
from landready.scoring.places import places, span
from landready.style.classes import CONTEXT_LOOKS, LAND_LOOKS, SCORE_LOOKS, score_class
from landready.texts import Language, number, text

Form = Literal["png", "pdf"]
A4_INCHES = (11.69, 8.27)
DPI = 150
TOP = 10
"""How many ranks are written on the overview."""
MARK_SHARE = 0.022
"""How wide the mark of a rank is, of the map's width."""

# Of the sheet: where the map begins and ends, and what a line of sources takes.
LEFT, WIDTH, UPPER = 0.03, 0.76, 0.9
SOURCE_LINE, SOURCE_SIZE, SOURCE_SIGNS = 0.0125, 5.5, 250

SEEN_SHARE = 0.6
"""The overview shows the municipality; the sites alone where they reach over less of it, as the web map does."""

OVERVIEW_MARGIN = 0.08
SITE_REACH = 2.2
LEAST_REACH_M = 900.0
"""A site is shown with this much round it: times its span, and metres at least."""

_SETTINGS: Any = {
    "font.family": FONT,
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.6,
    "axes.linewidth": 0.8,
    "path.simplify": True,
}
_CANVAS = {"png": FigureCanvasAgg, "pdf": FigureCanvasPdf}
# What would say when, or by which version, a file was made.
_SILENT: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    What all pictures of a result have in common.

    Parameters
    ----------
    title, date
        What the study is called, and the day it describes.
    audience
        The word that stands on the sheet for whom it is for.
    watermark
        What stands over the map where something is modelled; None for none.
    sources
        Lines.
    language
        Of all words.
    """

    title: str
    date: str
    audience: str
    watermark: str | None
    sources: Sequence[str]
    language: Language


def write_pictures(
    folder: Path,
    *,
    sheet: Sheet,
    sites: LayerLike,
    card: Scorecard,
    context: Mapping[str, Layer],
    land: Land | None = None,
    top: int = TOP,
    form: Form = "png",
) -> list[Path]:
    """
    Draw an overview of all sites, and one picture of each of the best.

    Parameters
    ----------
    folder
        Where the files go; it must be there.
    sheet
        What stands round each map.
    sites
        Polygons in a metric CRS; the index is the site's id.
    card
        How one profile judges them.
    context
        Layer name → layer drawn beneath, in the CRS of the sites.
    land
        Whose unmapped ground is shown, where given; in the CRS of the sites.
    top
        How many sites have a picture of their own, best first.
    form
        `"png"` (A4 at 150 dots per inch) or `"pdf"`.

    Returns
    -------
    list of pathlib.Path
        The overview first, then the sites by rank. The same content gives the same bytes with the same matplotlib.

    Raises
    ------
    CrsError, InputError
        If the sites or a layer cannot be used as they are.
    """
    layer = as_layer(sites, name=text("word.sites", sheet.language), kinds=(POLYGON,))
    beneath = {name: as_layer(other, name=name, like=layer) for name, other in context.items()}
    scores = card.frame.join(places(card.frame["rank"])).reindex(layer.frame.index)
    frame = layer.frame.assign(
        **scores[["rank", "first", "last", "total", "total_low", "total_high", "coverage_share"]],
        look=score_class(scores["total"], scores["ranked"].eq(True)),
        ranked=scores["ranked"].eq(True),
    )
    # By position: an id may hold what no index of texts can be asked for.
    ranked = np.flatnonzero(frame["ranked"])
    ranked = ranked[np.argsort(frame["rank"].to_numpy(dtype="float64")[ranked], kind="stable")]
    label = card.profile.label(sheet.language)
    unmapped: Iterable[Any] = [] if land is None else lost_land(land)["unmapped"]
    drawn = _Drawn(sheet, frame, beneath, np.array(unmapped, dtype=np.object_), label)
    with rc_context(_SETTINGS):
        files = [_save(drawn.overview(ranked), folder / f"{text('picture.overview', sheet.language)}.{form}", form)]
        for count, place in enumerate(ranked[:top], 1):
            name = f"{text('picture.site', sheet.language)}-{count:02d}-{_plain(frame.index[place])}.{form}"
            files.append(_save(drawn.site(place), folder / name, form))
    return files


def _plain(key: object) -> str:
    """Return an id as part of a file name: letters, figures and hyphens."""
    return re.sub(r"[^\w]+", "-", str(key).casefold()).strip("-")[:60]


def _save(figure: Figure, path: Path, form: Form) -> Path:
    _CANVAS[form](figure)
    figure.savefig(path, format=form, dpi=DPI, metadata=_SILENT[form])
    return path


@dataclass(frozen=True, eq=False)
class _Drawn:
    sheet: Sheet
    frame: gpd.GeoDataFrame
    context: Mapping[str, Layer]
    unmapped: NDArray[np.object_]
    profile: str

    @property
    def _sources(self) -> list[str]:
        words = f"{text('map.sources', self.sheet.language)}: {'; '.join(self.sheet.sources)}"
        return _wrapped([words], SOURCE_SIGNS)

    @property
    def _foot(self) -> float:
        """Where the sources begin: so high that all of them stand on the sheet."""
        return 0.02 + SOURCE_LINE * len(self._sources)

    def overview(self, ranked: NDArray[np.intp]) -> Figure:
        figure, axes, view = self._map(self._overview_view())
        used = self._ground(axes, view)
        classes = self._classes(axes, self.frame)
        # Of those that share their places, all are marked or none.
        top = ranked[self.frame["last"].iloc[ranked] <= TOP]
        others = np.setdiff1d(np.arange(len(self.frame)), top)
        draw_letters(axes, self.frame.iloc[others], view)
        best = self.frame.iloc[top]
        points = shapely.get_coordinates(shapely.point_on_surface(best.geometry.to_numpy()))
        told = map(span, best["first"], best["last"])
        for at, beside, rank in zip(points, _apart(points, MARK_SHARE * (view[2] - view[0])), told, strict=True):
            _rank_mark(axes, at, beside, rank)
        words = [self.profile, text("map.count", self.sheet.language, ranked=len(ranked), total=len(self.frame))]
        return self._finished(figure, axes, view, used=[*classes, *used], words=words)

    def site(self, place: int) -> Figure:
        site = self.frame.iloc[[place]]
        figure, axes, view = self._map(_around(tuple(site.total_bounds.tolist())))
        used = self._ground(axes, view)
        others = np.arange(len(self.frame)) != place
        near = self.frame[self.frame.intersects(shapely.box(*view)).to_numpy() & others]
        classes = self._classes(axes, near, alpha=0.35)
        draw_letters(axes, near, view)
        look = SCORE_LOOKS[site["look"].iloc[0]]
        draw_areas(axes, site.geometry, look, edgecolors=MARK, linewidths=2.4, linestyles="solid", zorder=SITES)
        classes = [name for name in SCORE_LOOKS if name in {*classes, look.key}]
        return self._finished(
            figure, axes, view, used=[*classes, *used], words=self._facts(site.iloc[0], site.index[0])
        )

    def _ground(self, axes: Axes, view: Bounds) -> list[str]:
        """Draw what lies beneath the sites; return the looks that were used."""
        used = draw_ground(axes, self.context, view)
        seen = self.unmapped[shapely.intersects(self.unmapped, shapely.box(*view))]
        draw_areas(axes, shapely.intersection(seen, shapely.box(*view)), LAND_LOOKS["unmapped"], zorder=LAND)
        return ["unmapped", *used] if len(seen) else used

    def _facts(self, row: pd.Series, key: object) -> list[str]:
        language = self.sheet.language
        low, high = (number(100 * row[name], language) for name in ("total_low", "total_high"))
        facts = [
            str(key),
            self.profile,
            text(
                "map.rank_of" if row["first"] == row["last"] else "map.rank_shared",
                language,
                rank=span(row["first"], row["last"]),
                of=int(self.frame["ranked"].sum()),
            ),
            text("map.score", language, total=number(100 * row["total"], language)),
            text("map.between", language, low=low, high=high),
        ]
        if "area_ha" in row.index:
            facts.append(f"{text('map.area', language)}: {number(row['area_ha'], language)} ha")
        coverage = number(100 * row["coverage_share"], language, decimals=0)
        return [*facts, f"{text('map.coverage_long', language)}: {coverage} %"]

    def _overview_view(self) -> Bounds:
        homes = [layer.frame for layer in self.context.values() if layer.role == "municipality"]
        boxes = np.array([frame.total_bounds for frame in (self.frame, *homes)])
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
        if not len(boxes):
            boxes = np.array([[0.0, 0.0, LEAST_REACH_M, LEAST_REACH_M]])
        elif _span(boxes[:1]) < SEEN_SHARE * _span(boxes):
            boxes = boxes[:1]
        (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        margin = OVERVIEW_MARGIN * max(east - west, north - south, LEAST_REACH_M)
        return float(west - margin), float(south - margin), float(east + margin), float(north + margin)

    def _map(self, wanted: Bounds) -> tuple[Figure, Axes, Bounds]:
        """Return a sheet with an empty map that shows at least what is wanted, undistorted."""
        figure = Figure(figsize=A4_INCHES)
        lower = self._foot + 0.035
        axes = figure.add_axes((LEFT, lower, WIDTH, UPPER - lower), facecolor="#e7e9e4")
        shape = WIDTH * A4_INCHES[0] / ((UPPER - lower) * A4_INCHES[1])
        west, south, east, north = wanted
        width, height = max(east - west, (north - south) * shape), max(north - south, (east - west) / shape)
        x, y = (west + east) / 2, (south + north) / 2
        view = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        axes.set(xlim=view[::2], ylim=view[1::2], xticks=[], yticks=[], aspect="equal")
        return figure, axes, view

    def _classes(self, axes: Axes, frame: gpd.GeoDataFrame, **style: Any) -> list[str]:
        used = [key for key in SCORE_LOOKS if frame["look"].eq(key).any()]
        for key in used:
            draw_areas(axes, frame.geometry[frame["look"] == key], SCORE_LOOKS[key], zorder=SITES, **style)
        return used

    def _finished(self, figure: Figure, axes: Axes, view: Bounds, *, used: list[str], words: list[str]) -> Figure:
        language, foot = self.sheet.language, self._foot
        draw_scale_bar(axes, view)
        draw_north_arrow(axes, view, self.frame.crs)
        plain: dict[str, Any] = {"parse_math": False, "color": INK}
        figure.text(LEFT, 0.945, printable(self.sheet.title), fontsize=16, weight="bold", **plain)
        told = f"{text('map.date', language, date=self.sheet.date)} · {self.sheet.audience}"
        figure.text(LEFT, 0.915, printable(told), fontsize=9, **plain)
        column = LEFT + WIDTH + 0.015
        figure.text(column, 0.895, "\n".join(_wrapped(words, 27)), fontsize=9.5, va="top", linespacing=1.5, **plain)
        looks = {**SCORE_LOOKS, **LAND_LOOKS, **CONTEXT_LOOKS}
        labels = {key: looks[key].label(language) for key in used}
        if not {"road_motorway", "road_main"} & labels.keys() and "road_other" in labels:
            labels["road_other"] = text("map.road", language)  # other than what?
        marks = [legend_mark(key, label) for key, label in labels.items()]
        style: dict[str, Any] = {"frameon": False, "fontsize": 8.5, "title_fontsize": 9.5, "labelspacing": 0.6}
        style |= {"loc": "lower left", "bbox_to_anchor": (column - 0.008, foot + 0.025), "alignment": "left"}
        figure.legend(handles=marks, title=text("map.legend", language), **style)
        figure.text(LEFT, foot + 0.008, text("map.print_disclaimer", language), fontsize=9, weight="bold", **plain)
        figure.text(LEFT, foot, "\n".join(self._sources), fontsize=SOURCE_SIZE, va="top", **plain)
        if self.sheet.watermark is not None:
            _watermark(axes, self.sheet.watermark, text("word.modelled", language).upper())
        return figure


def _span(boxes: NDArray[np.float64]) -> float:
    return float((boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).max())


def _around(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    reach = max(SITE_REACH * max(east - west, north - south), LEAST_REACH_M) / 2
    x, y = (west + east) / 2, (south + north) / 2
    return x - reach, y - reach, x + reach, y + reach


def _apart(points: NDArray[np.float64], room: float) -> NDArray[np.float64]:
    """Return a place for each mark, its own point or the nearest round it where it covers no mark before it."""
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    rings = [(0.0, 0.0), *((n * np.cos(angle), n * np.sin(angle)) for n in (1.0, 1.6, 2.2, 3.0) for angle in angles)]
    placed: list[NDArray[np.float64]] = []
    for point in points:
        tried = point + room * np.array(rings)
        free = [at for at in tried if all(np.hypot(*(at - other)) >= 0.95 * room for other in placed)]
        placed.append(free[0] if free else point)
    return np.array(placed).reshape(-1, 2)


def _rank_mark(axes: Axes, at: NDArray[np.float64], beside: NDArray[np.float64], words: str) -> None:
    """Write a rank in a ring, with a line to its place where it stands beside it."""
    axes.plot(*np.transpose([at, beside]), color=MARK, linewidth=1.0, zorder=RANKS)
    ring = {"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": MARK, "linewidth": 1.4}
    style: dict[str, Any] = {"ha": "center", "va": "center", "weight": "bold", "color": MARK, "bbox": ring}
    axes.text(beside[0], beside[1], words, fontsize=7.5, zorder=RANKS, **style)


def _watermark(axes: Axes, banner: str, across: str) -> None:
    """Say that what is shown is made up, over the map and across it."""
    axes.text(
        0.5, 0.5, across, transform=axes.transAxes, rotation=24, ha="center", va="center", fontsize=64, weight="bold",
        color="#7a4b00", alpha=0.13, zorder=SIGNS,
    )  # fmt: skip
    box = {"boxstyle": "round,pad=0.4", "facecolor": "#fff3d6", "edgecolor": "#d9a441"}
    axes.text(
        0.5, 0.97, "\n".join(_wrapped([banner], 90)), transform=axes.transAxes, ha="center", va="top", fontsize=9,
        weight="bold", color="#7a4b00", bbox=box, zorder=SIGNS, parse_math=False,
    )  # fmt: skip


def _wrapped(lines: Sequence[str], width: int) -> list[str]:
    from textwrap import wrap

    return [printable(part) for line in lines for part in wrap(line, width) or [""]]
