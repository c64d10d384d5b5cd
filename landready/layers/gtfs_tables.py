"""Find the tables of a timetable: text files in a zip, in a folder within it, or in a folder as they were unpacked.

GTFS wants them at the top of a zip, with commas. Zips that somebody has packed anew have a folder around them, and
tables saved by a Swedish spreadsheet have semicolons, and commas in their numbers.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd

from landready.errors import FileError, Finding
from landready.layers.zips import DAMAGED

REQUIRED = ("stops", "trips", "stop_times")
"""Tables without which no departures can be counted."""

# A table of a whole country is some two gigabytes; what unpacks to more is no timetable.
_LARGEST = 8_000_000_000


@dataclass(frozen=True)
class Tables:
    """
    The tables of a timetable that has been opened.

    Parameters
    ----------
    source
        The file or folder.
    places
        Name of a table, without ending → where it is: a name in the zip, or in the folder.
    packed
        The zip; None for a folder.
    """

    source: Path
    places: Mapping[str, str]
    packed: zipfile.ZipFile | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.places

    def read(self, name: str) -> pd.DataFrame:
        """
        Return a table as text.

        Raises
        ------
        FileError
            If it says that it is larger than any timetable.
        """
        if self._size(name) > _LARGEST:
            raise FileError(Finding("gtfs_too_large", {"file": self.source.name, "table": f"{name}.txt"}))
        with self._opened(name) as text:
            separator = ";" if _has_semicolons(text.readline()) else ","
        with self._opened(name) as text:
            table = pd.read_csv(text, sep=separator, dtype="string", encoding="utf-8-sig", skipinitialspace=True)
        return table.rename(columns=str.strip)

    def _opened(self, name: str) -> IO[bytes]:
        place = self.places[name]
        return (self.source / place).open("rb") if self.packed is None else self.packed.open(place)

    def _size(self, name: str) -> int:
        place = self.places[name]
        return (self.source / place).stat().st_size if self.packed is None else self.packed.getinfo(place).file_size


def is_timetable(path: Path) -> bool:
    """Tell whether a zip or a folder holds the tables of a timetable."""
    try:
        if path.is_dir():
            return bool(_places(entry.name for entry in path.iterdir()))
        if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as packed:
            return bool(_places(packed.namelist()))
    except DAMAGED:  # nobody knows what it was
        return False


@contextmanager
def opened(path: Path) -> Iterator[Tables]:
    """
    Open a timetable. Nothing is unpacked to disk.

    Yields
    ------
    Tables
        Those that are there.

    Raises
    ------
    FileError
        If it is no timetable.
    """
    if not is_timetable(path):
        needed = ", ".join(f"{name}.txt" for name in REQUIRED)
        raise FileError(Finding("gtfs_none", {"file": path.name, "tables": needed}))
    if path.is_dir():
        yield Tables(path, _places(entry.name for entry in path.iterdir()))
        return
    with zipfile.ZipFile(path) as packed:
        yield Tables(path, _places(packed.namelist()), packed)


def _places(names: Iterable[str]) -> dict[str, str]:
    """Return where each table is, in the folder nearest the top that holds all that are required; none if none does."""
    folders: dict[PurePosixPath, dict[str, str]] = {}
    for name in names:
        place = PurePosixPath(name)
        if place.suffix == ".txt":
            folders.setdefault(place.parent, {})[place.stem] = name
    whole = {folder: tables for folder, tables in folders.items() if set(REQUIRED) <= set(tables)}
    return whole[min(whole, key=lambda folder: (len(folder.parts), folder.as_posix()))] if whole else {}


def _has_semicolons(heading: bytes) -> bool:
    return b";" in heading and b"," not in heading
