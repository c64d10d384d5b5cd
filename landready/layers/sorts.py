"""The files of a folder, sorted: layers, rasters, and what belongs to them or is something else."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from landready.layers.gtfs_tables import is_timetable
from landready.layers.made import made_of_file
from landready.layers.packed import is_packed
from landready.layers.present import GEODATABASE
from landready.layers.recognise import table

_HEAD_BYTES = 65_536
_SHAPES = (b'"Feature', b'"features"', b'"Topology"', b'"coordinates"', b'"geometry', b'"esriGeometryType"')


def files_of(root: Path, sort: str) -> list[Path]:
    """
    Return the files of one sort in a folder and all folders in it, by name; hidden ones are left out.

    Among them are folders that are one data set, and what is there and cannot be read, so that it is told: shortcuts
    to nothing or to other folders, folders that are closed, and empty ones that are called as a layer is.
    """
    entries = _entries(root) if root.is_dir() else ()
    return sorted((entry for entry in entries if sort_of(entry) == sort), key=lambda entry: entry.as_posix())


def _entries(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if not entry.is_dir() or entry.is_symlink() or is_one_file(entry) or not os.access(entry, os.R_OK | os.X_OK):
            yield entry
            continue
        inside = list(_entries(entry))
        yield from inside or ([entry] if entry.suffix.lower() in table()["suffixes"]["vector"] else [])


def sort_of(file: Path) -> str:
    """
    Return `"vector"`, `"raster"`, `"companion"` or `"other"` by the file's ending.

    Of XML only plans are vectors, of archives only timetables, those that hold layers and those that are not whole, and
    of JSON only what says that it holds shapes: most of it is settings. A folder is a vector, whatever it is called.
    """
    suffixes = table()["suffixes"]
    ending = file.suffix.lower()
    if file.is_dir():
        return "vector"
    if ending == ".json" and not _says_layer(file):
        return "vector" if made_of_file(file) else "other"
    for sort, listed in (("vector", "vector"), ("raster", "raster"), ("companion", "companions")):
        if ending in suffixes[listed]:
            return sort
    return "vector" if made_of_file(file) or is_packed(file) or _is_cut(file) else "other"


def _is_cut(file: Path) -> bool:
    """Tell whether a file is called a zip and is none: it may have been layers."""
    return file.suffix.lower() == ".zip" and file.is_file() and not zipfile.is_zipfile(file)


def _says_layer(file: Path) -> bool:
    """Tell whether JSON says what GeoJSON, TopoJSON or Esri's says; what cannot be read is left to be told."""
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return True
    return not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or any(word in head for word in _SHAPES)


def is_one_file(path: Path) -> bool:
    """Tell whether a folder is one data set: an Esri file geodatabase, or a timetable that somebody has unpacked."""
    if path.suffix.lower() == GEODATABASE:
        return True
    return path.is_dir() and is_timetable(path) and all(entry.suffix.lower() == ".txt" for entry in path.iterdir())


def relative_name(file: Path, root: Path) -> str:
    """Return a file's path within the folder that was asked about, or its name where it was asked about itself."""
    return file.name if file == root else file.relative_to(root).as_posix()
