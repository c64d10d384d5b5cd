"""Open a vector file: which layers it holds, what one of them says of itself, and its features.

GDAL reads through pyogrio, GeoParquet through geopandas. Whatever those libraries raise for a bad file
becomes a `FileError` that names the file (never the whole path) and says why.
"""

import difflib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import ShapelyError

from landready.crs import label
from landready.errors import FileError, Finding

READ_ERRORS = (
    RuntimeError,  # pyogrio's own errors, NotImplementedError
    ValueError,  # UnicodeDecodeError, pyarrow's ArrowInvalid
    OSError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    MemoryError,
    pa.ArrowException,
    ShapelyError,
    CRSError,
    ProjError,
)
"""What pyogrio, pyarrow, shapely and pyproj raise for files that are damaged."""

PARQUET = frozenset({".parquet", ".geoparquet"})
CODED = frozenset({"ESRI Shapefile", "MapInfo File"})


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
        Name of GDAL's driver, or `"Parquet"`.
    crs
        Its CRS, by code where it has one; a dash where it has none.
    declared_encoding
        The encoding of its text, for formats whose text may be in any; else None.
    encoding
        The encoding its column names turned out to be in, where that is not the declared one; else None.
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

    @property
    def file(self) -> str:
        """Name of the file, without its folder."""
        return self.path.name

    @property
    def title(self) -> str:
        """What messages call the layer: its name in the file, or the file's name without ending."""
        return self.layer or self.path.stem


@contextmanager
def told_as_file_error(path: Path, key: str = "file_unreadable") -> Iterator[None]:
    """
    Turn whatever a reader raises into a `FileError`.

    Raises
    ------
    FileError
        With the reader's words, in which the folder is not named.
    """
    try:
        yield
    except FileError:
        raise
    except READ_ERRORS as error:
        raise FileError(Finding(key, {"file": path.name, "why": _words(error, path)})) from error


def _words(error: BaseException, path: Path) -> str:
    """Return the first sentence of an error, with file names instead of paths."""
    said = str(error).replace(str(path), path.name).replace(f"{path.parent}{os.sep}", "")
    return " ".join(said.split(";")[0].split()).rstrip(".")[:300] or type(error).__name__


def require_file(path: Path) -> None:
    """
    Refuse a path where there is nothing to read.

    Raises
    ------
    FileError
        If it does not exist (with the nearest name in its folder), is a folder or is empty.
    """
    if not path.exists():
        there = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, there, n=1)
        raise FileError(Finding("file_not_found", {"file": path.name, "nearest": near[0] if near else "–"}))
    if path.is_dir():
        if path.suffix.lower() != ".gdb":  # an Esri file geodatabase is a folder
            raise FileError(Finding("file_is_folder", {"file": path.name}))
    elif not path.stat().st_size:
        raise FileError(Finding("file_zero", {"file": path.name}))


def spatial_layers(path: Path) -> tuple[str, ...]:
    """
    Return the names of the layers with geometry in a file, in the file's order.

    Raises
    ------
    FileError
        If it cannot be opened.
    """
    if path.suffix.lower() in PARQUET:
        return (path.stem,)
    with told_as_file_error(path):
        return tuple(str(name) for name, kind in pyogrio.list_layers(path) if kind is not None)


def open_layer(path: Path, layer: str | None) -> FileLayer:
    """
    Choose a layer of a file and return what it says of itself.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the layer; None where the file has only one.

    Raises
    ------
    FileError
        If the file cannot be opened, has no such layer, no layer with geometry, or several and none is named.
    """
    require_file(path)
    if path.suffix.lower() in PARQUET:
        return _describe_parquet(path)
    return describe(path, _choose(path, layer))


def _choose(path: Path, layer: str | None) -> str:
    there = spatial_layers(path)
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


def describe(path: Path, layer: str) -> FileLayer:
    """
    Return what a layer says of itself, without reading its features.

    Raises
    ------
    FileError
        If it cannot be opened, or a shapefile is shorter than it says.
    """
    if path.suffix.lower() in PARQUET:
        return _describe_parquet(path)
    info, encoding = _info(path, layer)
    if info["driver"] == "ESRI Shapefile":
        _require_whole_shapefile(path.with_suffix(".shp"))
    return FileLayer(
        path=path,
        layer=layer,
        columns=tuple(str(name) for name in info["fields"]),
        kind=info["geometry_type"],
        count=int(info["features"]),
        driver=info["driver"],
        crs=_crs_label(info["crs"]),
        declared_encoding=info["encoding"] if info["driver"] in CODED else None,
        encoding=encoding,
    )


def _crs_label(crs: str | None) -> str:
    try:
        return label(CRS.from_user_input(crs)) if crs else "–"
    except CRSError:
        return "–"


def _info(path: Path, layer: str) -> tuple[dict[str, Any], str | None]:
    """Return pyogrio's description, with column names in the encoding they are in, and which that was."""
    with told_as_file_error(path):
        try:
            info = pyogrio.read_info(path, layer=layer)
        except UnicodeDecodeError:
            info = pyogrio.read_info(path, layer=layer, encoding="CP1252")
            return {**info, "encoding": "UTF-8"}, "CP1252"
        if info["driver"] not in CODED or info["encoding"] == "UTF-8":
            return info, None
        try:  # a file that declares nothing, or Western text, may hold UTF-8 all the same
            fields = pyogrio.read_info(path, layer=layer, encoding="UTF-8")["fields"]
        except UnicodeDecodeError:
            return info, None
        return {**info, "fields": fields}, "UTF-8"


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
