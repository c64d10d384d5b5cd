"""Layers that no file holds as such, but that are made of what it holds: roads of NVDB, stops of a timetable."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio

from landready.errors import Finding
from landready.layers.gtfs import is_timetable, read_timetable, stops_from
from landready.layers.notes import Notes
from landready.layers.nvdb import columns_from, roads_from, themes_in

NVDB, GTFS = "NVDB", "GTFS"
"""What stands in the place of a driver's name."""

ROADS = "vägnät (NVDB)"
STOPS: Mapping[str, str] = {"stations": "stationer (GTFS)", "stops": "hållplatser (GTFS)"}
"""Role → name of the layer that a timetable gives for it."""

_STOP_COLUMNS = ("stop_id", "name", "departures")


def made_layer(role: str | None, there: Sequence[str]) -> str | None:
    """
    Return the name of the layer that is made for a role; None if none is.

    Parameters
    ----------
    role
        What the caller says that it is.
    there
        The names of all layers of a file, those that are made among them.
    """
    name = ROADS if role == "roads" else STOPS.get(role or "")
    return name if name in there else None


def made_of(path: Path, there: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the layers that are made of those in a file."""
    if is_timetable(path):
        return tuple(STOPS.values())
    return (ROADS,) if themes_in(there) else ()


def parts_of(there: Sequence[str]) -> tuple[str, ...]:
    """Return the layers of a file that are only parts of one that is made of them."""
    return tuple(themes_in(there).values())


def columns_of_made(layer: str, there: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a layer that is made."""
    return columns_from(themes_in(there)) if layer == ROADS else _STOP_COLUMNS


def load_made(path: Path, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Make a layer.

    Parameters
    ----------
    path
        The file.
    layer
        A name that `made_of` returns.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Numbered from 0, in the CRS of what it is made of.

    Raises
    ------
    FileError, ColumnError, InputError
        If what it is made of cannot be read.
    """
    if layer == ROADS:
        themes = themes_in(name for name, _ in pyogrio.list_layers(path))
        tables = {theme: pyogrio.read_dataframe(path, layer=name, use_arrow=True) for theme, name in themes.items()}
        return roads_from(tables, layer=layer)
    stops, day = stops_from(read_timetable(path), stations=layer == STOPS["stations"])
    told = (
        Finding("gtfs_day", {"layer": layer, "day": day}, "note")
        if day
        else Finding("gtfs_no_day", {"layer": layer}, "warning")
    )
    return stops.reset_index(), Notes((told,))
