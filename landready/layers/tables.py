"""Tables without geometry: named columns of a CSV file, a sheet or a layer, as text. No others enter memory."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyogrio

from landready.errors import ColumnError, FileError, Finding
from landready.layers.files import WESTERN, require_file, told_as_file_error
from landready.layers.notes import Notes
from landready.where import missing_column

_TEXT = frozenset({".csv", ".txt", ".tsv", ".skv"})
_SEPARATORS = ";\t,"
_WORKBOOKS = frozenset({".xlsx", ".ods"})


def read_table(path: Path, columns: Sequence[str], *, layer: str | None = None) -> tuple[pd.DataFrame, Notes]:
    """
    Read columns of a table.

    Parameters
    ----------
    path
        CSV (separated by semicolons, tabs or commas; UTF-8 or Western), or any file that GDAL reads (xlsx, ods,
        GeoPackage, dbf); geometry is not read.
    columns
        Names of the columns, in upper or lower case.
    layer
        Name of the sheet or layer, where the file holds several.

    Returns
    -------
    pandas.DataFrame, Notes
        Text, stripped, empty where there is none; columns named as asked for, rows numbered from 0.

    Raises
    ------
    FileError
        If it cannot be read, or holds several sheets and none is named.
    ColumnError
        If it lacks a column.
    """
    require_file(path)
    if path.suffix.lower() in _TEXT:
        return _read_text(path, columns)
    return _read_with_gdal(path, columns, layer), Notes()


def _read_text(path: Path, columns: Sequence[str]) -> tuple[pd.DataFrame, Notes]:
    with told_as_file_error(path):
        content = path.read_bytes()
    notes = Notes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode(WESTERN, errors="replace")
        notes = Notes((Finding("text_encoding_guessed", {"layer": path.name, "used": WESTERN}, "note"),))
    head = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        there = [name.strip() for name in next(rows, [])]
        spelled = _spelled(columns, there, path.name)
        places = [there.index(name) for name in spelled]
        kept = [[row[at].strip() if at < len(row) else "" for at in places] for row in rows if any(row)]
    except csv.Error as error:
        raise FileError(Finding("file_unreadable", {"file": path.name, "why": str(error)})) from error
    return pd.DataFrame(kept, columns=list(columns), dtype=str), notes


def _read_with_gdal(path: Path, columns: Sequence[str], layer: str | None) -> pd.DataFrame:
    with told_as_file_error(path):
        there = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer is not None and layer not in there:
        values = {"file": path.name, "layer": layer, "nearest": "–", "layers": ", ".join(there)}
        raise FileError(Finding("layer_unknown", values))
    if layer is None and len(there) != 1:
        key = "layer_several" if there else "layer_none"
        raise FileError(Finding(key, {"file": path.name, "layers": ", ".join(there) or "–"}))
    chosen = layer or there[0]
    # GDAL guesses whether the first row of a sheet names the columns, and guesses wrong where all columns are text.
    options = {"HEADERS": "FORCE"} if path.suffix.lower() in _WORKBOOKS else {}
    with told_as_file_error(path):
        names = [str(name) for name in pyogrio.read_info(path, layer=chosen, **options)["fields"]]
    spelled = _spelled(columns, names, path.name)
    with told_as_file_error(path):
        frame = pyogrio.read_dataframe(path, layer=chosen, columns=spelled, read_geometry=False, **options)
    texts = {asked: _as_text(frame[name]) for asked, name in zip(columns, spelled, strict=True)}
    return pd.DataFrame(texts, columns=list(columns))


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("string").str.strip().fillna("").astype(str)


def _spelled(columns: Sequence[str], there: Sequence[str], file: str) -> list[str]:
    """Return the columns as the table spells them."""
    by_case = {name.casefold(): name for name in reversed(there)}
    lacking = [name for name in columns if name not in there and name.casefold() not in by_case]
    if lacking:
        empty = pd.DataFrame(columns=list(dict.fromkeys(there)))
        raise ColumnError(*(missing_column(name, empty, file) for name in lacking))
    return [name if name in there else by_case[name.casefold()] for name in columns]
