"""Conditions on columns, as the study file writes them: `where = { speed_kmh = ">= 70" }`.

A condition is a column, an operator and a value. It is parsed, never evaluated as code. Several columns are
joined by *and*; a list of values means *any of them*. A row whose value is missing never matches; `undecided` tells
which rows might have, had the value been there.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from numbers import Real
from typing import Any

import pandas as pd

from landready.errors import ColumnError, Finding, InputError, argument_findings, some
from landready.likeness import nearest_name

Condition = str | float | bool | Sequence[str | float]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
# How yes and no are written in columns of text.
_YES_NO = dict.fromkeys(("true", "ja", "j", "yes", "y"), True) | dict.fromkeys(("false", "nej", "n", "no"), False)
_PATTERN = re.compile(r"\s*(>=|<=|!=|==|=|>|<)\s*(.*?)\s*", re.DOTALL)


def parse(condition: Condition) -> tuple[str, Any]:
    """
    Split a condition into operator and value; without an operator it is `==`, a list is `in`.

    Examples
    --------
    >>> parse(">= 20")
    ('>=', 20.0)
    >>> parse("E20")
    ('==', 'E20')
    """
    if not isinstance(condition, str):
        return ("==", condition) if isinstance(condition, bool | int | float) else ("in", list(condition))
    match = _PATTERN.fullmatch(condition)
    sign, value = (match[1], match[2]) if match else ("==", condition)
    return ("==" if sign == "=" else sign), _number_or_text(value)


def in_words(where: Mapping[str, Condition]) -> str:
    """
    Return conditions as people write them.

    Examples
    --------
    >>> in_words({"road_class": 3, "speed_kmh": ">= 70", "use": ["J", "K"]})
    'road_class = 3, speed_kmh >= 70, use = J / K'
    """
    told = []
    for column, condition in where.items():
        sign, wanted = parse(condition)
        values = " / ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in _listed(wanted))
        told.append(f"{column} {'=' if sign in {'==', 'in'} else sign} {values}")
    return ", ".join(told)


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _number_or_text(value: str) -> float | str:
    try:
        parsed = float(value)
    except ValueError:
        return value
    return parsed if math.isfinite(parsed) else value  # "nan" and "inf" are names, if anything


def where_findings(where: object) -> list[Finding]:
    """Return what is no condition in an argument `where`; None stands for no conditions."""
    if where is None or not isinstance(where, Mapping):
        return argument_findings(where, (Mapping, type(None)), name="where", wanted="dict, None")
    return [
        finding
        for column, condition in where.items()
        for part in (condition if isinstance(condition, list | tuple) else [condition])
        for finding in argument_findings(
            part, (str, Real), name=f"where[{column!r}]", wanted="str, float, bool, [str, …]"
        )
    ]


def matches(frame: pd.DataFrame, where: Mapping[str, Condition], *, layer: str) -> pd.Series:
    """
    Tell which rows meet all conditions.

    Parameters
    ----------
    frame
        The rows.
    where
        Column → condition; the index, too, can be asked for by its name (`parcel_id`).
    layer
        What errors call the frame.

    Returns
    -------
    pandas.Series
        bool, on the frame's index. Missing values never match.

    Raises
    ------
    ColumnError
        For columns that are not there.
    InputError
        If a value cannot be compared with the column.
    """
    missing = [column for column in where if column not in {*frame.columns, frame.index.name}]
    if missing:
        raise ColumnError(*(missing_column(column, frame, layer) for column in missing))
    chosen = pd.Series(True, index=frame.index)
    for column, condition in where.items():
        chosen &= _matches_one(column_of(frame, column), condition, layer)
    return chosen


def undecided(
    frame: pd.DataFrame, where: Mapping[str, Condition], *, layer: str, empty_is_none: Collection[str] = ()
) -> pd.Series:
    """
    Tell which rows nobody can judge: no condition rules them out, and at least one asks for a value that is missing.

    Parameters
    ----------
    frame, where, layer
        As for `matches`.
    empty_is_none
        Columns in which an empty value is an answer (a road without `road_category` is no public road).

    Returns
    -------
    pandas.Series
        bool, on the frame's index.

    Raises
    ------
    ColumnError, InputError
        As `matches`.
    """
    open_ = pd.Series(True, index=frame.index)
    missing = pd.Series(False, index=frame.index)
    for column, condition in where.items():
        met = matches(frame, {column: condition}, layer=layer)
        empty = column_of(frame, column).isna() & (column not in empty_is_none)
        open_ &= met | empty
        missing |= empty
    return open_ & missing


def texts_in(condition: Condition) -> set[str]:
    """Return the words that a condition asks for; numbers and comparisons are no vocabulary."""
    sign, wanted = parse(condition)
    values = wanted if sign == "in" else [wanted] if sign == "==" else []
    return {value for value in values if isinstance(value, str)}


def column_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column that conditions ask for; where none is called so, the index."""
    return frame[column] if column in frame.columns else frame.index.to_series()


def missing_column(column: str, frame: pd.DataFrame, layer: str) -> Finding:
    """Return the finding for a column that is not there: which exist, and the nearest name."""
    there = [str(name) for name in frame.columns if name != frame.attrs.get("geometry", "geometry")]
    there += [] if frame.index.name is None else [str(frame.index.name)]
    return Finding(
        "missing_column",
        {
            "layer": layer,
            "column": column,
            "columns": ", ".join(there) or "–",
            "nearest": nearest_name(column, there),
        },
    )


def _matches_one(values: pd.Series, condition: Condition, layer: str) -> pd.Series:
    sign, wanted = parse(condition)
    known = values.notna()
    if isinstance(wanted, bool):
        return known & (_yes_or_no(values, layer) == wanted)
    if sign in {"==", "!=", "in"}:
        same = pd.Series(False, index=values.index)
        for item in wanted if sign == "in" else [wanted]:
            same |= _equal(values, _number_or_text(item) if isinstance(item, str) else item)
        return known & (~same if sign == "!=" else same)
    if isinstance(wanted, str):
        compared = values.astype(str)
    else:
        compared = pd.to_numeric(values, errors="coerce")
        if (compared.isna() & known).any():
            raise InputError(Finding("not_numbers", {"layer": layer, "column": values.name, "condition": condition}))
    compared_rows: pd.Series = OPERATORS[sign](compared, wanted)
    return known & compared_rows.fillna(False).astype(bool)


def _yes_or_no(values: pd.Series, layer: str) -> pd.Series:
    """Return 1 for yes and 0 for no; text is read as people write it, and what says neither is refused."""
    said = values.map(lambda value: _YES_NO.get(value.strip().casefold(), value) if isinstance(value, str) else value)
    answer = pd.to_numeric(said.astype(object), errors="coerce")
    strange = values[values.notna() & answer.isna()]
    if len(strange):
        found = some([f"”{value}”" for value in sorted(set(strange.astype(str)))])
        raise InputError(Finding("not_yes_or_no", {"layer": layer, "column": values.name, "found": found}))
    return answer


def _equal(values: pd.Series, wanted: float | str) -> pd.Series:
    """Compare as numbers with a number: codes may be stored as text, and "20" and 20 are the same road number."""
    if isinstance(wanted, str):
        return values.astype(str) == wanted
    return (pd.to_numeric(values, errors="coerce") == wanted).fillna(False).astype(bool)
