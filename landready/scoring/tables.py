"""What the methods of ranking take: a table of numbers, one row a site and one column a criterion, and weights."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, refuse, require_kind, rows_of, some

Floats = NDArray[np.float64]
Numbers = pd.DataFrame | NDArray[Any] | Sequence[Sequence[float]]
"""Sites × criteria; `nan` is unknown."""
Weights = pd.Series | Mapping[str, float] | NDArray[Any] | Sequence[float]
"""One number ≥ 0 for each criterion, on any scale: by name, or in the order of the columns."""

LARGEST = 1e150
"""What is larger cannot be squared."""
SMALLEST = float(np.finfo("float64").tiny)
"""What is smaller cannot divide."""
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
        If it has not two dimensions of numbers and at least one column, if a row has no name, if two rows or columns
        share one, or if values are infinite, too large to be squared, or outside their limits; with columns and rows.
    """
    numbers = as_numbers(values)
    if numbers.ndim != 2 or numbers.shape[1] == 0:
        refuse([_no_table(values, name)])
    table = Table(numbers, _labels(values, len(numbers)), _columns(values, numbers.shape[1]))
    refuse(_name_findings(table, name))
    if not np.isfinite(numbers.sum()):  # a sum tells the common case; what it overflows to is looked at
        refuse(cell_findings(np.isinf(numbers), table, key="table_infinite", name=name))
    low, high = (end.reduce(numbers, axis=None, initial=0.0) for end in (np.fmin, np.fmax))
    if max(-low, high) > LARGEST:
        refuse(cell_findings(np.abs(numbers) > LARGEST, table, key="table_too_large", name=name))
    if utilities and (low < -ROUNDING or high > 1 + ROUNDING):
        outside = (numbers < -ROUNDING) | (numbers > 1 + ROUNDING)
        refuse(cell_findings(outside, table, key="table_outside", name=name))
    if utilities and (low < 0 or high > 1):
        return Table(numbers.clip(0, 1), table.index, table.columns)
    return table


def as_numbers(values: Any) -> Floats:
    """
    Return numbers as float64, `nan` for what is missing or masked; without dimensions if they are no numbers.

    Text, dates and complex numbers are none, although NumPy would make some of them.
    """
    if isinstance(values, np.ma.MaskedArray):
        numbers = as_numbers(values.data)
        return np.where(np.ma.getmaskarray(values), np.nan, numbers) if numbers.ndim else numbers
    none: Floats = np.empty(())
    try:
        given = np.asarray(values)
        if given.dtype.kind == "O":
            missing = pd.isna(given)
            if not all(isinstance(value, Real | np.bool_) for value in given[~missing]):
                return none
            return np.asarray(np.where(missing, np.nan, given), dtype="float64")
    except (TypeError, ValueError, OverflowError):  # ragged, nothing to go through, or more digits than a float64 has
        return none
    return np.asarray(given, dtype="float64") if given.dtype.kind in "biuf" else none


def _no_table(values: Any, name: str) -> Finding:
    """Return a finding about what is no table of numbers, with the columns to blame where there are such."""
    if isinstance(values, pd.DataFrame):
        odd = [str(column) for column, series in values.items() if as_numbers(series).ndim == 0]
        if odd:
            return Finding("table_not_numbers", {"name": name, "columns": some(odd)})
    return Finding("table_shape", {"name": name, "kind": type(values).__name__})


def _name_findings(table: Table, name: str) -> list[Finding]:
    """Return findings about rows or columns that share a name, and rows that have none."""
    twice = [*table.index[table.index.duplicated()].unique(), *twice_in(table.columns)]
    nameless = int(np.count_nonzero(table.index.to_flat_index().isna()))
    findings = [Finding("table_names_twice", {"name": name, "names": some(twice)})] if twice else []
    return findings + ([Finding("table_nameless", {"name": name, "count": nameless})] if nameless else [])


def twice_in(names: Sequence[str]) -> list[str]:
    """Return the names that are there more than once, each once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def rows_named(sites: Any, index: pd.Index) -> NDArray[np.intp]:
    """
    Return the numbers of the rows that ids name.

    Raises
    ------
    InputError
        If it is no list of ids, or one of them is not there.
    """
    kinds = (list, tuple, np.ndarray, pd.Index, pd.Series)
    require_kind(sites, kinds, name="sites", wanted="list")
    listed = list(sites)
    known = {label: number for number, label in enumerate(index)}
    missing = [site for site in listed if not isinstance(site, Hashable) or site not in known]
    told = (
        {"site": missing[0], "nearest": "–", "count": len(index), "example": next(iter(known), "–")} if missing else {}
    )
    refuse([Finding("site_not_found", told)] if missing else [])
    return np.array([known[site] for site in listed], dtype=np.intp)


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
        keys = [str(key) for key in weights.keys()]  # noqa: SIM118  (a Series goes over its values)
        twice = twice_in(keys)
        refuse([Finding("criteria_twice", {"ids": some(twice)})] if twice else [])
        named = dict(zip(keys, weights.values() if isinstance(weights, Mapping) else weights, strict=True))
        missing = [column for column in columns if column not in named]
        unknown = [key for key in named if key not in columns]
        if missing or unknown:
            told = {"name": name, "missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown) or "–"}
            refuse([Finding("weights_names", told)])
        weights = [named[column] for column in columns]
    numbers = as_numbers(weights)
    if numbers.ndim == 0 and isinstance(weights, list) and len(weights) == len(columns):
        numbers = np.array([_one_number(value) for value in weights])
    if numbers.ndim != 1:
        refuse([Finding("weights_kind", {"name": name, "kind": type(weights).__name__})])
    if len(numbers) != len(columns):
        refuse([Finding("weights_count", {"name": name, "given": len(numbers), "wanted": len(columns)})])
    return numbers


def _one_number(value: Any) -> float:
    found = as_numbers([value])
    return float(found[0]) if found.shape == (1,) else float("nan")


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
    try:
        given = np.asarray(maximise)
    except ValueError:  # ragged
        given = np.empty(0)
    if given.dtype != bool or given.shape != (len(columns),):
        refuse([Finding("directions", {"wanted": len(columns), "kind": type(maximise).__name__})])
    return given


def spans(values: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest known value of each column; `nan` where nothing is known."""
    if len(values) == 0:
        nothing = np.full(values.shape[1], np.nan)
        return nothing, nothing
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def useless_findings(useless: NDArray[np.bool_], table: Table) -> tuple[Finding, ...]:
    """Return a warning about criteria that tell no sites apart, unless there are no sites: alike, or all unknown."""
    if len(table.index) == 0 or not useless.any():
        return ()
    unknown = useless & np.isnan(table.cells).all(axis=0)
    said = {"one_site" if len(table.index) == 1 else "criteria_alike": useless & ~unknown, "criteria_unknown": unknown}
    return tuple(
        Finding(key, {"ids": ", ".join(np.array(table.columns, dtype=object)[hit])}, severity="warning")
        for key, hit in said.items()
        if hit.any()
    )


def weight_series(shares: Floats, table: Table) -> pd.Series:
    """Return shares by criterion."""
    return pd.Series(shares, index=pd.Index(table.columns, name="criterion"), name="weight")


def _labels(values: Numbers, count: int) -> pd.Index:
    return values.index if isinstance(values, pd.DataFrame) else pd.RangeIndex(count, name="site_id")


def _columns(values: Numbers, count: int) -> list[str]:
    if isinstance(values, pd.DataFrame):
        return [str(column) for column in values.columns]
    return [str(number) for number in range(count)]
