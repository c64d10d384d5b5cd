"""Layers that no file holds as such: of plan files, timetables, NVDB and OpenStreetMap. All of them stand here.

A layer may also be *recast*: the file holds it, and its rows become others when they are read.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import pyogrio

from landready.crs import SWEREF99_TM
from landready.errors import Finding
from landready.layers import homogenised, interchanges
from landready.layers.detaljplan.layers import PLAN_LAYERS, columns_of
from landready.layers.detaljplan.sniffing import is_plan_source
from landready.layers.folding import fold
from landready.layers.gtfs import read_timetable, stops_from
from landready.layers.gtfs_tables import is_timetable
from landready.layers.notes import Notes
from landready.layers.nvdb import columns_from, roads_from, theme_of, themes_in
from landready.layers.nvdb_words import table
from landready.layers.osm import OsmLayer, layers_of_osm, load_osm

Rows = tuple[gpd.GeoDataFrame, Notes]
Loader = Callable[[Path, dt.date | None], Rows]


OSM = "OSM"
"""The driver of what is made of an OpenStreetMap file."""


@dataclass(frozen=True)
class Made:
    """
    A layer that is made when it is read.

    Parameters
    ----------
    name
        What it is called beside the layers of the file.
    role
        What it is to landready: the layer that is read for this role where none is named.
    driver
        What stands in the place of a driver's name.
    columns
        Names of its columns, geometry apart.
    kind
        Kind of geometry, as GDAL names it.
    load
        Makes it of a file, by a day that time limits are judged by: all rows, numbered from 0, with the columns above.
    crs
        Its CRS by code; None where it is that of its parts.
    parts
        The layers of the file that it is made of, which are nothing by themselves.
    """

    name: str
    role: str
    driver: str
    columns: tuple[str, ...]
    kind: str
    load: Loader
    crs: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recast:
    """
    How the rows of a layer become others.

    Parameters
    ----------
    columns
        The columns that it gets beside its own.
    needs
        The columns of its own that they are made of.
    rows
        Makes them of the rows as they were read, which keep all other columns.
    """

    columns: tuple[str, ...]
    needs: tuple[str, ...]
    rows: Callable[..., Rows]


def recast_by(columns: Sequence[str]) -> Recast | None:
    """
    Return how a layer is recast; None if it is read as it is.

    Parameters
    ----------
    columns
        The names of its columns.
    """
    if not homogenised.is_homogenised(columns):
        return None
    return Recast(homogenised.columns_from(columns), homogenised.needed(columns), homogenised.roads_from)


def made_of_file(path: Path) -> tuple[Made, ...]:
    """
    Return the layers of a file (or folder) that is read by us and not by GDAL, told by its content; none of others.

    Parameters
    ----------
    path
        A file; or a folder, which is one source where it holds plan files.
    """
    if is_plan_source(path):
        return plan_layers()
    return TIMETABLE_LAYERS if is_timetable(path) else ()


def made_of_layers(there: Sequence[str]) -> tuple[Made, ...]:
    """
    Return the layers that are made of others.

    Parameters
    ----------
    there
        Names of the layers that GDAL finds in a file.

    Examples
    --------
    >>> [made.name for made in made_of_layers(["NVDB-Vagtrafiknat", "NVDB-Hastighetsgrans"])]
    ['vägnät (NVDB)']
    >>> made_of_layers(["vl_riks"])
    ()
    """
    nvdb = (made for made in (_nvdb_roads(there), _nvdb_interchanges(there)) if made is not None)
    return (*nvdb, *_osm(there))


def _nvdb_roads(there: Sequence[str]) -> Made | None:
    themes = themes_in(there)
    if not themes:
        return None
    name = "vägnät (NVDB)"
    load = partial(_load_roads, name=name, themes=themes)
    return Made(name, "roads", "NVDB", columns_from(themes), "LineString", load, parts=tuple(themes.values()))


def _nvdb_interchanges(there: Sequence[str]) -> Made | None:
    """Crossings are NVDB's only where the layer says so: others have layers of that name too."""
    theme = table()["interchanges"]["theme"]
    layer = next((name for name in there if theme_of(name) == theme and fold(name).startswith("nvdb")), None)
    if layer is None:
        return None
    name = "trafikplatser (NVDB)"
    load = partial(_load_interchanges, name=name, layer=layer)
    return Made(name, "interchanges", "NVDB", interchanges.COLUMNS, "MultiPoint", load, parts=(layer,))


def _osm(there: Sequence[str]) -> tuple[Made, ...]:
    return tuple(
        Made(
            name=layer.name,
            role=layer.role,
            driver=OSM,
            columns=layer.columns,
            kind=layer.kind,
            load=partial(_load_osm, layer=layer),
            crs="EPSG:4326",
            parts=layer.parts,
        )
        for layer in layers_of_osm(there)
    )


def _load_osm(path: Path, _: dt.date | None, *, layer: OsmLayer) -> Rows:
    return load_osm(path, layer)


def plan_layers() -> tuple[Made, ...]:
    """Return the layers that plan files hold."""
    kinds = {"plans": "MultiPolygon", "plan_provisions": "Unknown"}
    return tuple(
        Made(name, role, "Detaljplan", columns_of(name), kinds[role], partial(_load_plans, name=name), SWEREF99_TM)
        for role, name in PLAN_LAYERS.items()
    )


def _load_plans(path: Path, as_of: dt.date | None, *, name: str) -> Rows:
    from landready.layers.detaljplan.loading import load_plans  # only plan files need its parsers

    return load_plans(path, name, as_of=as_of)


def _load_roads(path: Path, _: dt.date | None, *, name: str, themes: Mapping[str, str]) -> Rows:
    tables = {theme: pyogrio.read_dataframe(path, layer=layer, use_arrow=True) for theme, layer in themes.items()}
    return roads_from(tables, layer=name)


def _load_interchanges(path: Path, _: dt.date | None, *, name: str, layer: str) -> Rows:
    crossings = pyogrio.read_dataframe(path, layer=layer, use_arrow=True)
    return interchanges.interchanges_of_nvdb(crossings, layer=name)


def _load_stops(path: Path, _: dt.date | None, *, name: str, stations: bool) -> Rows:
    stops, day = stops_from(read_timetable(path), stations=stations)
    told = (
        Finding("gtfs_day", {"layer": name, "day": day}, "note")
        if day
        else Finding("gtfs_no_day", {"layer": name}, "warning")
    )
    return stops.reset_index(), Notes((told,))


TIMETABLE_LAYERS = tuple(
    Made(
        name=name,
        role=role,
        driver="GTFS",
        columns=("stop_id", "name", "departures"),
        kind="Point",
        load=partial(_load_stops, name=name, stations=role == "stations"),
        crs="EPSG:4326",
    )
    for role, name in (("stations", "stationer (GTFS)"), ("stops", "hållplatser (GTFS)"))
)
"""The layers that a timetable holds."""
