"""Tables without geometry: named columns of a CSV file, a sheet or a layer, as text. No others enter memory."""

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyogrio

from landready.errors import ColumnError, FileError, Finding
from landready.layers.files import WESTERN, told_as_file_error
from landready.layers.notes import Notes
from landready.layers.present import require_file
from landready.spec import nearest_name
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
        CSV (separated by semicolons, tabs or commas; UTF-8, UTF-16 or Western), or any file that GDAL reads (xlsx, ods,
        GeoPackage, dbf); geometry is not read.
    columns
        Names of the columns, in upper or lower case.
    layer
        Name of the sheet or layer, where the file holds several.

    Returns
    -------
    pandas.DataFrame, Notes
        Text, stripped, empty where there is none; columns named as asked for, rows numbered from 0. Rows of a CSV file
        that are empty in every column are none.

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
    text, notes = _decoded(content, path.name)
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


def _decoded(content: bytes, file: str) -> tuple[str, Notes]:
    """Decode text by its byte-order mark, as UTF-8 if that is what it is, or as Western; the last is a guess."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what Excel calls Unicode text
        return content.decode("utf-16", errors="replace"), Notes()
    try:
        return content.decode("utf-8-sig"), Notes()
    except UnicodeDecodeError:
        note = Finding("text_encoding_guessed", {"layer": file, "used": WESTERN}, "note")
        return content.decode(WESTERN, errors="replace"), Notes((note,))


def _read_with_gdal(path: Path, columns: Sequence[str], layer: str | None) -> pd.DataFrame:
    with told_as_file_error(path):
        there = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer is not None and layer not in there:
        values = {"file": path.name, "layer": layer, "nearest": nearest_name(layer, there), "layers": ", ".join(there)}
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
