"""How many records a file declares, by its own tables: a reader that stops at damage counts to there and is content."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landready.errors import FileError, Finding

_DELETED, _PRESENT = 0x2A, 0x20  # how dBase marks a row: "*" or a space
_PADDING = b"\x00\x1a "  # what programs write behind the last row
_LOOKED_AT = 1 << 20
_MIF_OBJECT = re.compile(
    rb"^\s*(?:none|point|line|pline|region|arc|text|rect|roundrect|ellipse|multipoint|collection)\b", re.IGNORECASE
)


def declared_count(path: Path, driver: str, by_reader: int) -> int:
    """
    Return how many records a layer should have.

    Parameters
    ----------
    path
        The file.
    driver
        Name of GDAL's driver.
    by_reader
        What the reader says; returned for formats without a table of their own.

    Raises
    ------
    FileError
        If the table of a shapefile or a MapInfo file is cut short, or a file declares more records than it has bytes.
    """
    marks = row_marks(path, driver)
    if marks is not None:
        return len(present_rows(marks))
    if driver == "MapInfo File" and path.suffix.lower() == ".mif":
        return _mif_count(path)
    there = path.stat().st_size if path.is_file() else by_reader  # an Esri file geodatabase is a folder
    if by_reader > there:  # nobody should count to what damage has made of a number
        raise FileError(Finding("file_declares_too_many", {"file": path.name, "declared": by_reader, "there": there}))
    return by_reader


def row_marks(path: Path, driver: str) -> NDArray[np.uint8] | None:
    """
    Return the mark of each row of the dBase table that belongs to a layer; None where none does.

    Raises
    ------
    FileError
        If the table is cut short: GDAL gives the rows that it lacks, too, with nothing in them.
    """
    table = _table(path, driver)
    if table is None:
        return None
    rows, start, width = _header(table)
    declared, there = start + rows * width, table.stat().st_size
    if there < declared:
        raise FileError(Finding("file_cut", {"file": table.name, "there": there, "declared": declared}))
    if not rows or not width:
        return np.empty(0, dtype=np.uint8)
    return np.array(np.memmap(table, np.uint8, "r", offset=start, shape=(rows, width))[:, 0])


def overlong_findings(path: Path, driver: str, *, layer: str) -> list[Finding]:
    """
    Return a warning where the dBase table of a layer goes on behind its last row: bytes put in may have moved rows.

    Parameters
    ----------
    path
        The file.
    driver
        Name of GDAL's driver.
    layer
        What the finding calls it.
    """
    table = _table(path, driver)
    if table is None:
        return []
    rows, start, width = _header(table)
    with table.open("rb") as stream:
        stream.seek(start + rows * width)
        more = stream.read(_LOOKED_AT)
    if not more.strip(_PADDING):
        return []
    extra = table.stat().st_size - start - rows * width
    return [Finding("table_overlong", {"layer": layer, "file": table.name, "bytes": extra, "count": rows}, "warning")]


def _header(table: Path) -> tuple[int, int, int]:
    """Return how many rows a dBase table says it has, where they start, and how wide they are, in bytes."""
    with table.open("rb") as stream:
        header = stream.read(12)
    rows, start, width = (int.from_bytes(header[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    return rows, start, width


def whole_rows(marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """
    Tell which rows are whole, by their marks; all, where most have a mark that dBase does not know.

    The row before one whose mark is damaged is not: damage starts within it, behind its mark.
    """
    damaged: NDArray[np.bool_] = (marks != _PRESENT) & (marks != _DELETED)
    if 2 * damaged.sum() > len(marks):
        return np.ones(len(marks), dtype=bool)
    damaged[:-1] |= damaged[1:]
    return np.logical_not(damaged)


def present_rows(marks: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return the places of the rows that are not deleted; a mark within damage says nothing."""
    return np.flatnonzero((marks != _DELETED) | ~whole_rows(marks))


def _table(path: Path, driver: str) -> Path | None:
    ending = {"ESRI Shapefile": ".dbf", "MapInfo File": ".dat"}.get(driver)
    if ending is None or path.suffix.lower() == ".mif":
        return None
    beside = (path.with_suffix(ending), path.with_suffix(ending.upper()))
    return next((table for table in beside if table.is_file()), None)


def _mif_count(path: Path) -> int:
    """Count objects, and the rows of their attributes beside: neither may end before the other."""
    with path.open("rb") as lines:
        objects = sum(1 for line in lines if _MIF_OBJECT.match(line))
    beside = path.with_suffix(".mid")
    if not beside.is_file():
        return objects
    with beside.open("rb") as lines:
        return max(objects, sum(1 for line in lines if line.strip()))
