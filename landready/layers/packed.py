"""Layers in a zip file: unpacked where nothing else is, only what belongs to layers, and only from files to be trusted.

GDAL could read within the zip itself, but then nobody has looked at names that lead out of it, at links, or at how much
it grows to.
"""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from landready.errors import FileError, Finding, some
from landready.layers.gtfs_tables import is_timetable
from landready.layers.recognise import table
from landready.layers.zips import DAMAGED

_MOST_BYTES = 4_000_000_000
_MOST_FILES = 10_000
# Text packs to a tenth, heights to a fiftieth. What packs harder, and is large, is made to fill a disk.
_HARDEST, _SMALL_BYTES = 200, 100_000_000


def is_packed(path: Path) -> bool:
    """Tell whether a path is a zip file with layers in it; a timetable is a zip of another sort."""
    if path.suffix.lower() != ".zip" or not path.is_file() or not zipfile.is_zipfile(path) or is_timetable(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return any(_is_layer(name) for name in packed.namelist())
    except DAMAGED:  # what it holds nobody knows; why it cannot be read is told when it is unpacked
        return True


def require_layers(path: Path) -> None:
    """
    Refuse a whole zip file in which there is nothing to read: neither layers nor a timetable.

    Raises
    ------
    FileError
        With the names of what is in it.
    """
    if path.suffix.lower() != ".zip" or not path.is_file() or not zipfile.is_zipfile(path):
        return
    if is_packed(path) or is_timetable(path):
        return
    with zipfile.ZipFile(path) as packed:
        names = [PurePosixPath(name).name for name in packed.namelist()]
    raise FileError(Finding("zip_no_layers", {"file": path.name, "names": some(names) or "–"}))


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """
    Unpack a zip file into a folder that lasts as long as the block.

    Yields
    ------
    pathlib.Path
        A folder with the files of layers and what belongs to them.

    Raises
    ------
    FileError
        If the zip is damaged, wants a password, has names that lead out of it, or unpacks to too much.
    """
    with tempfile.TemporaryDirectory(prefix="landready-") as made:
        folder = Path(made)
        try:
            with zipfile.ZipFile(path) as packed:
                entries = packed.infolist()
                _require_harmless(entries, path)
                for entry in entries:
                    if _belongs(entry.filename) and not entry.is_dir():
                        packed.extract(entry, folder)
        except FileError:
            raise
        except DAMAGED as error:
            why = str(error).replace(made, "").strip() or type(error).__name__
            raise FileError(Finding("file_unreadable", {"file": path.name, "why": why})) from error
        yield folder


def _require_harmless(entries: list[zipfile.ZipInfo], path: Path) -> None:
    for entry in entries:
        if _leads_out(entry):
            # Told without its slashes: a name such as this is not one to click on.
            raise FileError(Finding("zip_leads_out", {"file": path.name, "name": entry.filename[:80]}))
        if entry.flag_bits & 1:
            raise FileError(Finding("zip_password", {"file": path.name}))
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MOST_FILES or size > max(_SMALL_BYTES, min(_MOST_BYTES, _HARDEST * packed)):
        values = {"file": path.name, "count": len(entries), "megabytes": size / 1e6}
        raise FileError(Finding("zip_too_large", values))


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or name.startswith("/") or ".." in parts or ":" in name or "\0" in name


def _is_layer(name: str) -> bool:
    """Tell whether a name within a zip is that of a layer, as files in a folder are; plans in XML among them."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    return not hidden and (_ending(name) in {*table()["suffixes"]["vector"], ".xml"} or ".gdb/" in name.lower())


def _belongs(name: str) -> bool:
    return _is_layer(name) or _ending(name) in table()["suffixes"]["companions"]


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
