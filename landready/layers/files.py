"""Open a vector file: which layers it holds, what one of them says of itself, and its features.

GDAL reads through pyogrio, GeoParquet through geopandas, what is made of a file by readers of our own. Whatever those
libraries raise for a bad file becomes a `FileError` that names the file (never the whole path) and says why.
"""

import codecs
import difflib
import json
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import ShapelyError

from landready.crs import label
from landready.errors import FileError, Finding, LandreadyError
from landready.layers.declared import declared_count
from landready.layers.harmless import require_table
from landready.layers.made import OSM, Made, Recast, made_of_file, made_of_layers, recast_by
from landready.layers.present import require_file

READ_ERRORS = (
    RuntimeError,  # pyogrio's own errors, NotImplementedError
    ValueError,  # UnicodeDecodeError, pyarrow's ArrowInvalid
    OSError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    NameError,  # pyogrio's slip when a CRS is not UTF-8; what was wrong is the error's context
    MemoryError,
    pa.ArrowException,
    ShapelyError,
    CRSError,
    ProjError,
)
"""What pyogrio, pyarrow, shapely and pyproj raise for files that are damaged."""

_SHAPE = frozenset({".shp", ".shx", ".dbf", ".zip", ".shz"})
WESTERN = "CP1252"
"""What Swedish files hold that are not in UTF-8; ISO-8859-1 is its subset in practice."""

# What follows is advice to programmers: options of the reader, and other ways to call it.
_HINTS = re.compile(r";|\. It might help")
_LANGUAGE_BYTE = {b"\x01": "CP437", b"\x02": "CP850", b"\x03": "CP1252", b"\x57": "CP1252"}
PARQUET = frozenset({".parquet", ".geoparquet"})
CODED = "ESRI Shapefile"
"""The driver whose text may be in any encoding. It is told which through GDAL's open option `ENCODING`: pyogrio's own
argument sets an option for the whole process, which stays set when the reading fails."""


@dataclass(frozen=True)
class FileLayer:
    """
    What one layer of a file says of itself, before its features are read.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the layer in it; None for formats that hold one.
    columns
        Names of its columns, geometry apart.
    kind
        Kind of geometry as GDAL names it (`"MultiPolygon"`, `"Unknown"` for mixed); None for a table without.
    count
        How many features it declares; -1 if it does not say.
    driver
        Name of GDAL's driver, `"Parquet"`, or what a layer is made of (`"Detaljplan"`, `"NVDB"`, `"GTFS"`).
    crs
        Its CRS, by code where it has one; a dash where it has none.
    declared_encoding
        The encoding a shapefile says its text is in, empty if it does not say; None for other formats.
    encoding
        The encoding its column names turned out to be in; None where that is UTF-8, as the format says.
    records
        Numbers of the records to read, as the driver counts them; None for all.
    made
        How it is made; None for a layer that the file holds as such.
    recast
        How its rows become others; None where they are read as they are.
    """

    path: Path
    layer: str | None
    columns: tuple[str, ...]
    kind: str | None
    count: int
    driver: str
    crs: str = "–"
    declared_encoding: str | None = None
    encoding: str | None = None
    records: tuple[int, ...] | None = None
    made: Made | None = None
    recast: Recast | None = None

    @property
    def readable(self) -> tuple[str, ...]:
        """Names of the columns that can be read: those it gets when it is recast, and its own."""
        return (*self.recast.columns, *self.columns) if self.recast else self.columns

    @property
    def file(self) -> str:
        """Name of the file, without its folder."""
        return self.path.name

    @property
    def title(self) -> str:
        """What messages call the layer: its name in the file, or the file's name without ending."""
        return self.layer or self.path.stem


@contextmanager
def told_as_file_error(path: Path) -> Iterator[list[warnings.WarningMessage]]:
    """
    Turn whatever a reader raises into a `FileError`, and gather what it warns about.

    Yields
    ------
    list of warnings.WarningMessage
        Filled as warnings come.

    Raises
    ------
    FileError
        With the reader's words, in which the folder is not named.
    """
    with warnings.catch_warnings(record=True) as caught, _nothing_left_beside(path):
        warnings.simplefilter("always")
        try:
            yield caught
        except LandreadyError:
            raise
        except READ_ERRORS as error:
            raise FileError(Finding("file_unreadable", {"file": path.name, "why": _words(error, path)})) from error


@contextmanager
def _nothing_left_beside(path: Path) -> Iterator[None]:
    """Take away what GDAL notes beside a GML file about its columns: the folder of the data is not ours to write in."""
    noted = path.with_suffix(".gfs")
    by_us = path.suffix.lower() == ".gml" and not noted.exists()
    try:
        yield
    finally:
        if by_us:
            noted.unlink(missing_ok=True)


def _words(error: BaseException, path: Path) -> str:
    """Return the first sentence of an error, with file names instead of paths."""
    cause = error.__context__ if isinstance(error, NameError) and error.__context__ else error
    said = str(cause).replace(str(path), path.name).replace(f"{path.parent}{os.sep}", "")
    first = _HINTS.split(said)[0]
    return " ".join(first.split()).rstrip(".")[:300] or type(error).__name__


@dataclass(frozen=True)
class Contents:
    """
    The layers with geometry in a file, in the file's order, and those that are made of it.

    Parameters
    ----------
    path
        The file.
    held
        Names of the layers that it holds as such.
    made
        Those that are made.
    """

    path: Path
    held: tuple[str, ...]
    made: tuple[Made, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all of them, those that are made last."""
        return (*self.held, *(made.name for made in self.made))

    @property
    def delivered(self) -> tuple[str, ...]:
        """Those that somebody has delivered: not what GDAL makes of an OpenStreetMap file."""
        return tuple(made.name for made in self.made) if any(made.driver == OSM for made in self.made) else self.names

    def whole_of(self, layer: str) -> str | None:
        """Return the name of the layer that a layer is a part of; None if it is something by itself."""
        return next((made.name for made in self.made if layer in made.parts), None)

    def describe(self, layer: str) -> FileLayer:
        """
        Return what a layer says of itself, without reading its features.

        Raises
        ------
        FileError
            If it cannot be opened, or a shapefile is shorter than it says.
        """
        made = next((made for made in self.made if made.name == layer), None)
        if made is None:
            told = _describe(self.path, layer)
            return replace(told, recast=recast_by(told.columns))
        crs = made.crs or _describe(self.path, made.parts[0]).crs
        return FileLayer(self.path, layer, made.columns, made.kind, -1, made.driver, crs, made=made)


def look_into(path: Path) -> Contents:
    """
    Return what a file holds.

    Raises
    ------
    FileError
        If it cannot be opened.
    """
    if path.suffix.lower() in PARQUET:
        return Contents(path, (path.stem,))
    made = made_of_file(path)
    if made:
        return Contents(path, (), made)
    held = _gdal_layers(path)
    return Contents(path, held, made_of_layers(held))


def _gdal_layers(path: Path) -> tuple[str, ...]:
    with told_as_file_error(path):
        return tuple(str(name) for name, kind in pyogrio.list_layers(path) if kind is not None)


def open_layer(path: Path, layer: str | None, *, role: str | None = None) -> FileLayer:
    """
    Choose a layer of a file and return what it says of itself.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the layer; None where the file has only one.
    role
        Chooses between the layers that are made of the file, where none is named.

    Raises
    ------
    FileError
        If the file cannot be opened, has no such layer, no layer with geometry, or several and none is named.
    """
    require_file(path)
    if path.suffix.lower() in PARQUET:
        return look_into(path).describe(path.stem)  # it has one layer, whatever name is asked for
    contents = look_into(path)
    for_role = next((made.name for made in contents.made if made.role == role), None) if layer is None else None
    return contents.describe(for_role or _choose(path, layer, contents.names))


def _choose(path: Path, layer: str | None, there: Sequence[str]) -> str:
    listed = ", ".join(there) or "–"
    if layer is None:
        if len(there) == 1:
            return there[0]
        raise FileError(Finding("layer_several" if there else "layer_none", {"file": path.name, "layers": listed}))
    if layer in there:
        return layer
    near = difflib.get_close_matches(layer, there, n=1, cutoff=0.4)
    raise FileError(
        Finding(
            "layer_unknown",
            {"file": path.name, "layer": layer, "nearest": near[0] if near else "–", "layers": listed},
        )
    )


def _describe(path: Path, layer: str) -> FileLayer:
    if path.suffix.lower() in PARQUET:
        return _describe_parquet(path)
    if path.is_file():
        require_table(path, layer)
    info, declared, encoding = _info(path, layer)
    if info["driver"] == CODED:
        _require_whole_shapefile(path.with_suffix(".shp"))
    return FileLayer(
        path=path,
        layer=layer,
        columns=tuple(str(name) for name in info["fields"]),
        kind=info["geometry_type"],
        count=declared_count(path, info["driver"], int(info["features"])),
        driver=info["driver"],
        crs=_crs_label(info["crs"]),
        declared_encoding=declared,
        encoding=encoding,
    )


def _crs_label(crs: str | None) -> str:
    try:
        return label(CRS.from_user_input(crs)) if crs else "–"
    except CRSError:
        return "–"


def _info(path: Path, layer: str) -> tuple[dict[str, Any], str | None, str | None]:
    """Return pyogrio's description, the encoding a shapefile declares, and the one its column names are in."""
    with told_as_file_error(path):
        try:
            info = pyogrio.read_info(path, layer=layer)
        except UnicodeDecodeError:
            info = pyogrio.read_info(path, layer=layer, **as_options(path, WESTERN))
        if info["driver"] != CODED:
            return info, None, None if info["encoding"] == "UTF-8" else WESTERN
        declared = _declared_encoding(path)
        try:  # what a file declares, or does not, says little: text that can be UTF-8 is UTF-8
            return _info_in(path, layer, "UTF-8"), declared, "UTF-8"
        except UnicodeDecodeError:
            used = other_encoding(declared)
            return _info_in(path, layer, used), declared, used


def _info_in(path: Path, layer: str, encoding: str) -> dict[str, Any]:
    info: dict[str, Any] = pyogrio.read_info(path, layer=layer, **as_options(path, encoding))
    return info


def _declared_encoding(path: Path) -> str:
    """Return what a shapefile's `.cpg`, or else the language byte of its `.dbf`, says; empty if nothing."""
    said = path.with_suffix(".cpg")
    if said.is_file():
        return said.read_text(encoding="ascii", errors="replace").strip()[:40]
    table = path.with_suffix(".dbf")
    if not table.is_file():
        return ""
    with table.open("rb") as stream:
        return _LANGUAGE_BYTE.get(stream.read(30)[29:30], "")


def is_utf8(encoding: str) -> bool:
    """Tell whether an encoding's name, as files spell it, means UTF-8."""
    return encoding.upper().replace("_", "-") in {"UTF-8", "UTF8", "65001"}


def other_encoding(declared: str) -> str:
    """Return the encoding of text that is not UTF-8: what the file declares, if that is another, or Western."""
    try:
        name = codecs.lookup(declared).name.upper().replace("ISO8859", "ISO-8859")
    except (LookupError, ValueError):
        return WESTERN
    return WESTERN if name in {"UTF-8", "ISO-8859-1", "ASCII"} else name


def as_options(path: Path, encoding: str) -> dict[str, str]:
    """Return the options that make pyogrio read a file's text in an encoding."""
    return {"ENCODING" if path.suffix.lower() in _SHAPE else "encoding": encoding}


def _require_whole_shapefile(path: Path) -> None:
    """GDAL reads a shapefile cut in the middle without a word, its last features without geometry."""
    if not path.is_file():  # within a zip file
        return
    with path.open("rb") as stream:
        header = stream.read(28)
    declared = 2 * int.from_bytes(header[24:28], "big")
    there = path.stat().st_size
    if there < declared:
        raise FileError(Finding("file_cut", {"file": path.name, "there": there, "declared": declared}))


def _describe_parquet(path: Path) -> FileLayer:
    with told_as_file_error(path):
        file = pq.ParquetFile(path)
        schema, count = file.schema_arrow, file.metadata.num_rows
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        file.close()
    geometry = geo.get("primary_column") if isinstance(geo, dict) else None
    if geometry not in schema.names:
        raise FileError(Finding("layer_none", {"file": path.name, "layers": "–"}))
    kinds = geo.get("columns", {}).get(geometry, {}).get("geometry_types") or ["Unknown"]
    return FileLayer(
        path=path,
        layer=None,
        columns=tuple(name for name in schema.names if name != geometry),
        kind=str(kinds[0]).split()[0] if len(kinds) == 1 else "Unknown",
        count=count,
        driver="Parquet",
    )


def geometry_column(path: Path) -> str:
    """Return the name of a GeoParquet file's primary geometry column."""
    metadata = pq.read_schema(path).metadata
    return str(json.loads(metadata[b"geo"])["primary_column"])
