"""What the methods of ranking take: a table of numbers, one row a site and one column a criterion, and weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, refuse, rows_of, some

Floats = NDArray[np.float64]
Numbers = pd.DataFrame | NDArray[Any] | Sequence[Sequence[float]]
"""Sites × criteria; `nan` is unknown."""
Weights = pd.Series | Mapping[str, float] | NDArray[Any] | Sequence[float]
"""One number ≥ 0 for each criterion, on any scale: by name, or in the order of the columns."""

LARGEST = 1e150
"""What is larger cannot be squared."""
ROUNDING = 1e-9
"""How far rounding alone may put a number outside its limits."""


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers, and what their rows and columns are called."""

    cells: Floats
    index: pd.Index
    columns: list[str]

    @property
    def complete(self) -> bool:
        """Whether nothing is unknown. A sum is much cheaper than a look at each number."""
        return not np.isnan(self.cells.sum())


def as_table(values: Any, *, name: str = "matrix", utilities: bool = False) -> Table:
    """
    Return numbers as a table.

    Parameters
    ----------
    values
        Sites × criteria; `nan` is unknown. Meant to be `Numbers`; anything else is refused.
    name
        What the argument is called, for messages.
    utilities
        Whether only numbers from 0 to 1 will do.

    Raises
    ------
    InputError
        If it has not two dimensions of numbers and at least one column, if two rows or columns share a name, or if
        values are infinite, too large to be squared, or outside their limits, with columns and rows.
    """
    try:
        numbers = np.asarray(values, dtype="float64")
    except (TypeError, ValueError):
        numbers = _with_missing(values)
    if isinstance(values, str) or numbers.ndim != 2 or numbers.shape[1] == 0:
        refuse([Finding("table_shape", {"name": name, "kind": type(values).__name__})])
    table = Table(numbers, _labels(values, len(numbers)), _columns(values, numbers.shape[1]))
    twice = [
        *table.index[table.index.duplicated()].unique(),
        *sorted({c for c in table.columns if table.columns.count(c) > 1}),
    ]
    refuse([Finding("table_names_twice", {"name": name, "names": some(twice)})] if twice else [])
    if not np.isfinite(numbers.sum()):  # a sum tells the common case; what it overflows to is looked at
        refuse(cell_findings(np.isinf(numbers), table, key="table_infinite", name=name))
    low, high = (end.reduce(numbers, axis=None, initial=0.0) for end in (np.fmin, np.fmax))
    if max(-low, high) > LARGEST:
        refuse(cell_findings(np.abs(numbers) > LARGEST, table, key="table_too_large", name=name))
    if utilities and (low < -ROUNDING or high > 1 + ROUNDING):
        outside = (numbers < -ROUNDING) | (numbers > 1 + ROUNDING)
        refuse(cell_findings(outside, table, key="table_outside", name=name))
    return table


def _with_missing(values: Any) -> Floats:
    """Return a frame whose missing values are pandas' own as numbers; nothing, if it holds no numbers."""
    try:
        found: Floats = values.to_numpy(dtype="float64", na_value=np.nan)
    except (AttributeError, TypeError, ValueError):
        return np.empty(0)
    return found


def cell_findings(wrong: NDArray[np.bool_], table: Table, *, key: str, **values: object) -> list[Finding]:
    """Return a finding that names the columns and rows of the cells that are wrong, if any are."""
    if not wrong.any():
        return []
    columns = [name for name, hit in zip(table.columns, np.atleast_1d(wrong.any(axis=0)), strict=True) if hit]
    rows = table.index[np.flatnonzero(wrong.any(axis=1))]
    return [Finding(key, {**values, "count": int(wrong.sum()), "columns": some(columns), "rows": rows_of(rows)})]


def as_shares(weights: Weights, columns: Sequence[str], *, name: str = "weights") -> Floats:
    """
    Return weights as shares of one, in the order of the columns.

    Raises
    ------
    InputError
        If a weight is missing, too many, negative, not a finite number, or if all are zero; all of it together.
    """
    numbers = _by_column(weights, columns, name)
    refuse(_weight_findings(numbers, columns, name))
    scaled = numbers / numbers.max()  # so that no sum of very large weights overflows
    shares: Floats = scaled / scaled.sum()
    return shares


def _by_column(weights: Any, columns: Sequence[str], name: str) -> Floats:
    """Return the weights as given, in the order of the columns."""
    if isinstance(weights, pd.Series | Mapping):
        named = {str(key): value for key, value in weights.items()}
        missing = [column for column in columns if column not in named]
        unknown = [key for key in named if key not in columns]
        if missing or unknown:
            told = {"name": name, "missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown) or "–"}
            refuse([Finding("weights_names", told)])
        weights = [named[column] for column in columns]
    try:
        numbers = np.asarray(weights, dtype="float64")
    except (TypeError, ValueError):
        numbers = np.empty((0, 0))
    if numbers.ndim != 1 or isinstance(weights, str):
        refuse([Finding("weights_kind", {"name": name, "kind": type(weights).__name__})])
    if len(numbers) != len(columns):
        refuse([Finding("weights_count", {"name": name, "given": len(numbers), "wanted": len(columns)})])
    return numbers


def _weight_findings(numbers: Floats, columns: Sequence[str], name: str) -> list[Finding]:
    odd = ~np.isfinite(numbers)
    wrong = {"weights_not_numbers": odd, "weights_negative": ~odd & (numbers < 0)}
    findings = [
        Finding(key, {"name": name, "ids": some(np.array(columns, dtype=object)[hit])})
        for key, hit in wrong.items()
        if hit.any()
    ]
    if not findings and not numbers.any():
        findings.append(Finding("weights_all_zero", {"name": name}))
    return findings


def as_directions(maximise: Sequence[bool] | None, columns: Sequence[str]) -> NDArray[np.bool_]:
    """
    Return for each criterion whether more is better; None is yes for all.

    Raises
    ------
    InputError
        If it is no list of True and False, as long as there are criteria.
    """
    if maximise is None:
        return np.ones(len(columns), dtype=bool)
    given = np.asarray(maximise)
    if given.dtype != bool or given.shape != (len(columns),):
        refuse([Finding("directions", {"wanted": len(columns), "kind": type(maximise).__name__})])
    return given


def _labels(values: Numbers, count: int) -> pd.Index:
    return values.index if isinstance(values, pd.DataFrame) else pd.RangeIndex(count, name="site_id")


def _columns(values: Numbers, count: int) -> list[str]:
    if isinstance(values, pd.DataFrame):
        return [str(column) for column in values.columns]
    return [str(number) for number in range(count)]
