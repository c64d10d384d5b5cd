"""Numbers that were stored as text, as Swedes write them: with a comma, and spaces between thousands."""

import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from landready.errors import Finding, rows_of, some
from landready.layers.notes import Notes

_UNITS = ("_m", "_m2", "_ha", "_kv", "_mw", "_kmh", "_pct", "_share", "_min", "_months")
"""Endings of the columns that hold numbers: their names end in the unit."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:[.,]\d+)?")
_SPACES = re.compile(r"[ \u00a0\u202f]")


def numbers_in_text(frame: gpd.GeoDataFrame, columns: Sequence[str], *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return a layer whose columns of numbers hold numbers.

    Parameters
    ----------
    frame
        With our columns.
    columns
        Those that its role names; of them the ones whose names end in a unit are looked at.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Same rows. Text that is a number is one (a note tells); what is none is unknown, and told by its row.
    """
    notes = Notes()
    for name in columns:
        if name in frame.columns and name.endswith(_UNITS) and _holds_text(frame[name]):
            read = frame[name].map(_number).astype("float64")
            notes += _told(frame[name], read, name, layer)
            frame = frame.assign(**{name: read})
    return frame, notes


def _holds_text(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return False
    return any(isinstance(value, str) for value in values)


def _number(value: object) -> float:
    """
    Return the number that a value is; NaN where it is none.

    Examples
    --------
    >>> [_number(said) for said in ("130,5", "400 000", "-1.5", "70 km/h", None)]
    [130.5, 400000.0, -1.5, nan, nan]
    """
    if isinstance(value, int | float):
        return float(value)
    said = str(value).strip().replace("\u2212", "-")
    return float(_SPACES.sub("", said).replace(",", ".")) if _NUMBER.fullmatch(said) else float("nan")


def _told(said: pd.Series, read: pd.Series, column: str, layer: str) -> Notes:
    strange = said.notna() & (said.astype(str).str.strip() != "") & read.isna()
    told = {"layer": layer, "column": column}
    if not strange.any():
        return Notes((Finding("numbers_as_text", told, "note"),))
    count = {"count": int(strange.sum()), "total": len(said)}
    named = {"values": some(sorted(set(said[strange].astype(str)))), "rows": rows_of(said.index[strange], in_file=True)}
    return Notes((Finding("numbers_unread", {**told, **count, **named}, "warning"),))
