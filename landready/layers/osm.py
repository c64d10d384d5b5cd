"""OpenStreetMap files as they are downloaded (.osm.pbf, .osm): a layer for each role, by the tags of its features."""

import functools
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from landready.layers.interchanges import COLUMNS, joined
from landready.layers.notes import Notes
from landready.layers.pbf import require_whole
from landready.model import Ledger

_OF_GDAL = frozenset({"points", "lines", "multilinestrings", "multipolygons", "other_relations"})
_KINDS = {"points": "Point", "lines": "LineString", "multipolygons": "MultiPolygon"}
_OTHERS = "other_tags"  # where GDAL puts the tags that have no column
_ID, _WAY_ID = "osm_id", "osm_way_id"  # areas drawn by a way have only the latter
_RING = 4  # points of the smallest closed line


@dataclass(frozen=True)
class OsmLayer:
    """
    A layer that is made of an OpenStreetMap file; see `rules/osm.toml`.

    Parameters
    ----------
    role, name
        What it is to landready, and what it is called.
    parts
        GDAL's layers that hold its features.
    key, kept
        The tag that a feature must have, and the values of it; all where none is named.
    tags
        The tags that become columns, the key among them where it is told.
    others
        The reason by which other values of the key are told; empty where nobody would expect them.
    ignored
        Tag → values for which a feature is left out.
    areas
        Whether closed lines are areas.
    """

    role: str
    name: str
    parts: tuple[str, ...]
    key: str
    tags: tuple[str, ...]
    kept: frozenset[str] = frozenset()
    others: str = ""
    ignored: Mapping[str, Sequence[str]] = field(default_factory=dict)
    areas: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns."""
        if self.role == "interchanges":
            return COLUMNS
        added = ("track_type",) if self.role == "rail" else ()
        return (_ID, *(tag for tag in self.tags if not tag.startswith("maxspeed:")), *added)

    @property
    def kind(self) -> str:
        """Kind of geometry, as GDAL names it."""
        return _KINDS[self.parts[0]] if len(self.parts) == 1 else "Unknown"


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("landready.rules").joinpath("osm.toml").read_text(encoding="utf-8"))


def layers_of_osm(there: Iterable[str]) -> tuple[OsmLayer, ...]:
    """
    Return the layers that are made of an OpenStreetMap file; none of other files.

    Parameters
    ----------
    there
        Names of the layers that GDAL finds in the file.

    Examples
    --------
    >>> layers_of_osm(["points", "lines"])
    ()
    """
    if set(there) != _OF_GDAL:
        return ()
    return tuple(
        OsmLayer(
            **{
                **{name: value for name, value in row.items() if name != "from"},
                "parts": tuple(row["from"]),
                "tags": tuple(row["tags"]),
                "kept": frozenset(row.get("kept", ())),
            }
        )
        for row in _table()["layers"]
    )


def load_osm(path: Path, layer: OsmLayer) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Read a layer.

    Parameters
    ----------
    path
        The file.
    layer
        One that `layers_of_osm` returns.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        In EPSG:4326, numbered from 0, in the file's order; tags as they were written, where nothing else is said in
        `rules/osm.toml`.

    Raises
    ------
    FileError
        If the file was cut.
    """
    if path.suffix.lower() == ".pbf":
        require_whole(path)
    parts = [_read(path, part, layer) for part in layer.parts]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs="EPSG:4326")
    other = ~frame[layer.key].isin(layer.kept) if layer.kept else pd.Series(data=False, index=frame.index)
    ignored = pd.Series(data=False, index=frame.index)
    for tag, values in layer.ignored.items():
        ignored |= frame[tag].isin(values)
    notes = Notes()
    if layer.others:
        notes = Notes((), Ledger.entry("read", layer.name, layer.others, ids=frame.loc[other, _ID].tolist()))
    kept = frame[~(other | ignored)].reset_index(drop=True)
    finish = _FINISH.get(layer.role)
    finished = finish(kept) if finish else kept
    return finished[[*layer.columns, "geometry"]], notes


def _read(path: Path, part: str, layer: OsmLayer) -> gpd.GeoDataFrame:
    """Read the features of one of GDAL's layers that have the key, with the tags wanted as columns."""
    fields = [str(name) for name in pyogrio.read_info(path, layer=part)["fields"]]
    wanted = dict.fromkeys([layer.key, *layer.tags, *layer.ignored])
    own = [name for name in (_ID, _WAY_ID, *wanted) if name in fields]
    frame = pyogrio.read_dataframe(
        path,
        layer=part,
        columns=[*own, _OTHERS],
        where=f'"{layer.key}" IS NOT NULL' if layer.key in fields else f"{_OTHERS} LIKE '%\"{layer.key}\"%'",
        use_arrow=True,
        TAGS_FORMAT="JSON",
    )
    others = [_tags(said) for said in frame[_OTHERS]]
    tags = {
        name: frame[name].astype(object) if name in fields else _series([tags.get(name) for tags in others], frame)
        for name in wanted
    }
    ids = frame[_ID].fillna(frame[_WAY_ID]) if _WAY_ID in fields else frame[_ID]
    shapes = _as_areas(frame.geometry.to_numpy()) if layer.areas else frame.geometry.to_numpy()
    read = gpd.GeoDataFrame({_ID: ids, **tags}, geometry=shapes, crs="EPSG:4326")
    return read[read[layer.key].notna()]


def _tags(said: object) -> dict[str, str]:
    """
    Return tags from JSON, which newer versions of pyogrio have read already.

    Examples
    --------
    >>> _tags('{"ref": "E 20"}'), _tags({"ref": "E 20"}), _tags(None)
    ({'ref': 'E 20'}, {'ref': 'E 20'}, {})
    """
    tags = json.loads(said) if isinstance(said, str) else said
    return tags if isinstance(tags, dict) else {}


def _series(values: list[Any], frame: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=frame.index, dtype=object)


def _as_areas(shapes: Any) -> Any:
    """Make closed lines areas: GDAL knows of some keys only that a closed way of theirs is one."""
    closed = (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & shapely.is_closed(shapes)
    closed &= shapely.get_num_points(shapes) >= _RING
    made = shapes.copy()
    made[closed] = [shapely.Polygon(line.coords) for line in shapes[closed]]
    return made


def _as_roads(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say which roads are one-way, and make two of those whose speed differs by direction."""
    implied = pd.Series(data=False, index=frame.index)
    for tag, values in _table()["one_way"].items():
        implied |= frame[tag].isin(values)
    oneway = frame["oneway"].fillna(pd.Series(np.where(implied, "yes", "no"), index=frame.index))
    forward, backward = (frame[f"maxspeed:{way}"].fillna(frame["maxspeed"]) for way in ("forward", "backward"))
    differs = (oneway == "no") & (forward.fillna("") != backward.fillna(""))
    against = (oneway == "-1") | (oneway == "reverse")
    first = frame.assign(oneway=oneway.where(~differs, "yes"), maxspeed=forward.where(~against, backward))
    second = frame[differs].assign(oneway="-1", maxspeed=backward[differs])
    return gpd.GeoDataFrame(pd.concat([first, second]).sort_index(kind="stable").reset_index(drop=True), crs=frame.crs)


def _as_rail(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tell main line from side track; a track that is not in a tunnel or on a bridge has no such tag."""
    kinds = _table()["tracks"]
    beside, used = (frame[tag].map(kinds[tag]).astype(object) for tag in ("service", "usage"))
    return frame.assign(
        track_type=beside.fillna(used), tunnel=frame["tunnel"].fillna("no"), bridge=frame["bridge"].fillna("no")
    )


def _as_interchanges(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return joined(frame.geometry, number=frame["ref"], name=frame["name"])


_FINISH: Mapping[str, Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]] = {
    "roads": _as_roads,
    "rail": _as_rail,
    "interchanges": _as_interchanges,
}
