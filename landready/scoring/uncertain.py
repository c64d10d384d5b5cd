"""Values that are not sure: each draw tries others within their error, and any utility where a value is unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, number_findings, refuse, require_kind, some
from landready.scoring.tables import Floats, Table
from landready.scoring.values import utility
from landready.spec import ValueFunction


@dataclass(frozen=True, eq=False)
class UncertainValues:
    """
    Measured values, and how far each may be wrong.

    Parameters
    ----------
    measured
        Sites × criteria, in the units of the criteria; `nan` is unknown, and any utility from the worst to the best
        of its value function is then as likely as any other.
    functions
        Value function by criterion.
    errors
        Criterion → ± in its unit; every value within is as likely as any other. Those not named are sure.
    """

    measured: pd.DataFrame
    functions: Mapping[str, ValueFunction]
    errors: Mapping[str, float] = field(default_factory=dict)


class Column(NamedTuple):
    """The cells of one criterion that are not sure."""

    number: int
    rows: NDArray[np.int64]
    measured: Floats
    error: float
    function: ValueFunction
    worst: float
    best: float


@dataclass(frozen=True, eq=False)
class Cells:
    """All cells that are not sure, by criterion; empty if everything is sure."""

    columns: tuple[Column, ...]
    seed: int

    @property
    def count(self) -> int:
        """How many cells are drawn."""
        return sum(len(column.rows) for column in self.columns)

    def chances(self, draws: Sequence[int]) -> Floats:
        """Return draws × cells, 0–1; a draw is the same whatever other draws are made with it."""
        chances = np.empty((len(draws), self.count))
        for row, draw in enumerate(draws):
            np.random.default_rng([self.seed, 2, draw]).random(out=chances[row])
        return chances

    def utilities(self, chances: Floats) -> list[Floats]:
        """Return the utilities that chances stand for: for each column, draws × its cells."""
        drawn, start = [], 0
        for column in self.columns:
            part = chances[:, start : start + len(column.rows)]
            start += len(column.rows)
            known = ~np.isnan(column.measured)
            worth = column.worst + (column.best - column.worst) * part
            moved = column.measured[known] + column.error * (2 * part[:, known] - 1)
            worth[:, known] = utility(moved.ravel(), column.function).reshape(moved.shape)
            drawn.append(worth)
        return drawn


def cells_of(uncertain: UncertainValues, table: Table, *, seed: int) -> Cells:
    """
    Return the cells that are not sure.

    Raises
    ------
    InputError
        If values and utilities have other sites or criteria, if a value function is missing, or an error is no
        number ≥ 0 or names no criterion.
    """
    require_kind(uncertain, UncertainValues, name="uncertain", wanted="UncertainValues")
    measured, functions, errors = uncertain.measured, uncertain.functions, uncertain.errors
    require_kind(measured, pd.DataFrame, name="measured", wanted="DataFrame")
    same = measured.index.equals(table.index) and [str(column) for column in measured.columns] == table.columns
    refuse([] if same else [Finding("uncertain_shape", {})])
    unknown = [str(name) for name in errors if name not in table.columns]
    missing = [name for name in table.columns if not isinstance(functions.get(name), ValueFunction)]
    findings = [Finding("uncertain_names", {"ids": some(unknown)})] if unknown else []
    findings += [Finding("uncertain_functions", {"ids": some(missing)})] if missing else []
    findings += [
        f for name, error in errors.items() for f in number_findings(error, name=f"errors[{name!r}]", minimum=0)
    ]
    refuse(findings)
    numbers = measured.to_numpy(dtype="float64", na_value=np.nan)
    columns = []
    for number, name in enumerate(table.columns):
        error = float(errors.get(name, 0.0))
        # Unreachable is a known bad, and not a metre more or less.
        unsure = np.isnan(numbers[:, number]) | ((error > 0) & np.isfinite(numbers[:, number]))
        rows = np.flatnonzero(unsure)
        if len(rows):
            worths = [worth for _, worth in functions[name].points]
            cells = numbers[rows, number]
            columns.append(Column(number, rows, cells, error, functions[name], min(worths), max(worths)))
    return Cells(tuple(columns), seed)
