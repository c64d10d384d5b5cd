"""Save what can be saved of a file that is damaged in the middle, record by record.

A reader that goes through a damaged file stops at the damage, often without an error, though what comes after it is
whole. fiona asks for each record by its number instead. Only formats are tried where the numbers of all records are
known without reading the records; what was saved and what was lost must then add up to what the file declares.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from landready.errors import FileError, Finding, rows_of
from landready.layers.declared import present_rows, row_marks, whole_rows
from landready.layers.files import READ_ERRORS, FileLayer, told_as_file_error
from landready.layers.notes import Notes
from landready.layers.sqlite import opened_for_reading, quoted
from landready.model import Ledger

Read = Callable[[FileLayer], tuple[gpd.GeoDataFrame, Notes]]


def salvage(
    source: FileLayer, columns: Sequence[str], *, read: Read, refused: FileError
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Read the records of a damaged file that can be read one by one.

    Parameters
    ----------
    source
        The layer.
    columns
        The columns that are wanted.
    read
        Reads the records that `FileLayer.records` names.
    refused
        Why the file cannot be read as a whole.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        The records that could be read, labelled by their place in the file from 0; the others are listed by it.

    Raises
    ------
    FileError
        `refused`, if the numbers of the records are not known, do not add up to what the file declares, none can be
        read, or all from some place to the end are lost: then a file is cut short, and is there to be fetched again.
    """
    records = _records(source)
    if len(records) != source.count:
        raise refused
    try:
        whole, textless = _whole(source, columns, records)
    except FileError:
        raise refused from None
    for saved in _ways_to_save(source, records, whole, textless, read):
        if not saved.any() or not saved[-1]:
            continue
        try:
            frame, notes = read(replace(source, records=_numbers(records[saved])))
        except FileError:
            continue
        if len(frame) + int((~saved).sum()) == source.count:
            frame.index = np.flatnonzero(saved)
            return frame, notes + _lost(np.flatnonzero(~saved), source)
    raise refused


def _ways_to_save(
    source: FileLayer, records: np.ndarray, whole: np.ndarray, textless: np.ndarray, read: Read
) -> Iterator[np.ndarray]:
    """Yield which records are to be saved: all that are whole, and else those of them whose text can be decoded too."""
    yield whole
    doubtful = np.flatnonzero(whole & textless)
    if len(doubtful) and not whole.all():  # where all records are whole, text in two encodings is no damage
        decoded = whole.copy()
        decoded[doubtful] = [
            _is_decoded(replace(source, records=_numbers(records[[place]])), read) for place in doubtful
        ]
        yield decoded


def _numbers(records: np.ndarray) -> tuple[int, ...]:
    return tuple(int(record) for record in records)


def _is_decoded(one: FileLayer, read: Read) -> bool:
    """Tell whether the text of a record is in the encoding of its file."""
    try:
        _, notes = read(one)
    except FileError:
        return False
    return not any(finding.key.startswith("text_encoding") for finding in notes.findings)


def _records(source: FileLayer) -> np.ndarray:
    """Return the numbers of all records in the order of the file; none where they are not known."""
    if source.driver == "GPKG":
        return _records_of_geopackage(source)
    if source.driver == "FlatGeobuf":
        return np.arange(max(source.count, 0))
    if source.driver == "OpenFileGDB":
        return _records_of_geodatabase(source)
    marks = row_marks(source.path, source.driver)
    if marks is None:
        return np.arange(0)
    return present_rows(marks) + _first_record(source)


def _first_record(source: FileLayer) -> int:
    """Return the number of the first row of a table."""
    return 1 if source.driver == "MapInfo File" else 0


def _records_of_geopackage(source: FileLayer) -> np.ndarray:
    """Return the numbers that the spatial index holds; without one that is whole, all from 1 to the highest."""
    table = source.title
    try:
        with closing(opened_for_reading(source.path)) as file:
            column = file.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
            ).fetchone()[0]
            indexed = _indexed(file, quoted(f"rtree_{table}_{column}_rowid"))
            if len(indexed) == source.count:
                return indexed
            highest = file.execute(f"SELECT max(rowid) FROM {quoted(table)}").fetchone()[0]  # noqa: S608
            # A number so high cannot be that of a file without gaps; and there is no need to count to it.
            return np.arange(1, highest + 1) if highest == source.count else np.arange(0)
    except (sqlite3.Error, TypeError):  # TypeError: nothing found
        return np.arange(0)


def _records_of_geodatabase(source: FileLayer) -> np.ndarray:
    """Return the numbers of all rows of a table from which none was deleted: from 1 to how many its index holds."""
    try:
        tables = pyogrio.read_dataframe(source.path, layer="GDB_SystemCatalog", fid_as_index=True, read_geometry=False)
        number = int(tables.index[tables["Name"] == source.title][0])
        with (source.path / f"a{number:08x}.gdbtablx").open("rb") as index:
            rows = int.from_bytes(index.read(12)[8:], "little")
    except READ_ERRORS:
        return np.arange(0)
    return np.arange(1, rows + 1) if rows == source.count else np.arange(0)


def _indexed(file: sqlite3.Connection, index: str) -> np.ndarray:
    """Return the numbers in a spatial index, which may be the part of the file that is damaged."""
    try:
        return np.array([row[0] for row in file.execute(f"SELECT rowid FROM {index} ORDER BY 1")])  # noqa: S608
    except sqlite3.Error:
        return np.arange(0)


def _whole(source: FileLayer, columns: Sequence[str], records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell which records can be read, attributes and geometry, and of which some text is missing or not decoded."""
    import fiona  # late: only damaged files need it

    # MapInfo's driver cannot leave columns out; they are dropped with each record.
    only = {} if source.driver == "MapInfo File" else {"include_fields": list(columns)}
    with told_as_file_error(source.path), fiona.open(source.path, layer=source.layer, **only) as collection:
        texts = [name for name, kind in collection.schema["properties"].items() if kind.startswith("str")]
        asked = [_can_be_read(collection, int(record), texts) for record in records]
    whole, textless = np.array(asked, dtype=bool).T
    marks = row_marks(source.path, source.driver)
    if marks is not None:
        whole = whole & whole_rows(marks)[records - _first_record(source)]
    return whole, textless


def _can_be_read(collection: Any, record: int, texts: Sequence[str]) -> tuple[bool, bool]:
    try:
        feature = collection.get(record)
        if feature is None or int(feature.id) != record:
            return False, False
        if feature.geometry is not None:
            shapely.geometry.shape(feature.geometry)
    except UnicodeDecodeError:
        return True, True
    except READ_ERRORS:  # LookupError among them: "There is no feature with fid 1282"
        return False, False
    # fiona leaves out text that it cannot decode.
    return True, any(feature.properties.get(name) is None for name in texts)


def _lost(places: np.ndarray, source: FileLayer) -> Notes:
    values = {
        "file": source.file,
        "layer": source.title,
        "count": len(places),
        "total": source.count,
        "rows": rows_of(places, in_file=True),
    }
    ids = [int(place) for place in places]
    return Notes((Finding("rows_lost", values, "warning"),), Ledger.entry("read", source.title, "rows_lost", ids=ids))
