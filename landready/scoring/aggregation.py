"""From many criteria to one number a site: what all methods give back, and the three that add up utilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, choice_findings, number_findings, refuse, require_language
from landready.scoring.requirements import FAILED, MET, UNKNOWN
from landready.scoring.tables import (
    SMALLEST,
    Floats,
    Numbers,
    Table,
    Weights,
    as_directions,
    as_shares,
    as_table,
    spans,
    useless_findings,
    weight_series,
)
from landready.scoring.wording import percent
from landready.texts import Language, number, text

TIE = 1e-6
"""Totals closer than this are a tie: a ten-thousandth of a point of 100. Joining land on a grid of a millimetre moves
totals by a tenth of that, and should put no site before another."""

Normalisation = Literal["vector", "minmax", "none"]
NORMALISATIONS = ("vector", "minmax", "none")


@dataclass(frozen=True, eq=False)
class Aggregate:
    """
    What a method makes of a table: a number a site, and all that is needed to make it again.

    `numpy.asarray(result)` gives the scores.

    Parameters
    ----------
    method
        `"weighted_sum"`, `"weighted_product"`, `"owa"`, `"topsis"`, `"vikor"` or `"promethee_ii"`.
    scores
        One number a site; `nan` where there is nothing to go by.
    low, high
        The score with all that is unknown as bad, and as good, as it can be.
    coverage
        Share of the weight, 0–1, that rests on what is known.
    weights
        Share of the weight of each criterion; they sum to 1.
    constants
        Normalisation, and the constants of the method.
    index
        Of the sites.
    parts
        What the score is made of, by name; each has one number a site.
    contributions
        Sites × criteria, if the score is a sum: they sum to it, and are `nan` where unknown.
    higher_is_better
        False for VIKOR.
    findings
        What is worth knowing: criteria that are alike or unknown for all sites.
    """

    method: str
    scores: Floats
    low: Floats
    high: Floats
    coverage: Floats
    weights: pd.Series
    constants: Mapping[str, object]
    index: pd.Index
    parts: Mapping[str, Floats] = field(default_factory=dict)
    contributions: Floats | None = None
    higher_is_better: bool = True
    findings: tuple[Finding, ...] = ()

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        return np.array(self.scores, dtype=dtype) if copy else np.asarray(self.scores, dtype=dtype)

    def __len__(self) -> int:
        return len(self.scores)

    def ranks(self) -> Floats:
        """Return the rank of each site, 1 the best; scores that differ by less than `TIE` share the average rank."""
        rounded = pd.Series(self.scores / TIE).round()
        ranks = rounded.rank(ascending=not self.higher_is_better, method="average")
        return np.asarray(ranks, dtype="float64")

    @property
    def frame(self) -> pd.DataFrame:
        """One row a site: `score`, `low`, `high`, `coverage_share`, `rank`, and the parts."""
        columns = {"score": self.scores, "low": self.low, "high": self.high, "coverage_share": self.coverage}
        return pd.DataFrame({**columns, "rank": self.ranks(), **self.parts}, index=self.index)

    def in_words(self, language: Language = "sv") -> str:
        """Return method, constants, weights and findings as lines of plain text."""
        require_language(language)
        constants = "; ".join(
            text(f"ranking.{name}", language, value=_said(value, language)) for name, value in self.constants.items()
        )
        weights = ", ".join(f"{name} {percent(float(share), language)}" for name, share in self.weights.items())
        method = text(f"ranking.{self.method}", language)
        lines = [
            text("ranking.method", language, method=method, constants=f"; {constants}" if constants else ""),
            text("ranking.weights", language, weights=weights),
        ]
        return "\n".join([*lines, *(finding.text(language) for finding in self.findings)])


def _said(value: object, language: Language) -> str:
    if isinstance(value, float):
        return number(value, language, decimals=3)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " · ".join(_said(one, language) for one in value)
    return str(value)


def weighted_sum(
    matrix: Numbers,
    *,
    weights: Weights,
    maximise: Sequence[bool] | None = None,
    normalisation: Normalisation = "none",
) -> Aggregate:
    """
    Return Σ w·u / Σ w over what is known.

    Parameters
    ----------
    matrix
        Sites × criteria; `nan` is unknown. Utilities, 0–1, unless a normalisation makes them.
    weights
        One number ≥ 0 a criterion, on any scale.
    maximise
        Whether more is better, for each criterion; None for all. Where less is better, the utility is 1 − u.
    normalisation
        `"none"`: the numbers are utilities. `"minmax"`: from the worst (0) to the best (1) of what is known.
        `"vector"`: divided by the root of the sum of squares of what is known.

    Returns
    -------
    Aggregate
        `low` and `high` put the unknown at 0 and at 1, over all weights.

    Raises
    ------
    InputError
        If the table or the weights are not as said, with columns and rows.

    Examples
    --------
    >>> full = weighted_sum([[0.2, 0.5, 0.6]], weights=[0.4, 0.35, 0.25])
    >>> round(float(full.scores[0]), 12)
    0.405
    """
    utilities = _utilities(matrix, weights, maximise, normalisation)
    shares, values = utilities.shares, utilities.table.cells
    # Rows are summed along memory, so that a row's sum does not depend on the other rows or on their number.
    known = np.ascontiguousarray(~np.isnan(values))
    gained = np.ascontiguousarray(np.where(known, values, 0.0) * shares)
    coverage = _coverage(known, shares)
    low = gained.sum(axis=1)
    divisor = np.where(coverage > 0, coverage, np.nan)
    return utilities.aggregate(
        "weighted_sum",
        scores=low / divisor,
        low=low,
        high=np.minimum(low + (1 - coverage), 1.0),
        contributions=np.where(known, gained / divisor[:, np.newaxis], np.nan),
    )


def weighted_product(
    matrix: Numbers,
    *,
    weights: Weights,
    maximise: Sequence[bool] | None = None,
    normalisation: Normalisation = "none",
) -> Aggregate:
    """
    Return Π u^(w / Σ w) over what is known: a poor criterion cannot be wholly made up for.

    A utility of 0 makes the product 0, whatever the others are, unless its weight is 0.

    Parameters
    ----------
    matrix, weights, maximise, normalisation
        As for `weighted_sum`.

    Returns
    -------
    Aggregate
        `low` and `high` put the unknown at 0 and at 1, over all weights.

    Raises
    ------
    InputError
        As `weighted_sum`.

    Examples
    --------
    >>> weighted_product([[0.5, 0.5], [1.0, 0.25], [1.0, 0.0]], weights=[1, 1]).scores.round(3).tolist()
    [0.5, 0.5, 0.0]
    """
    utilities = _utilities(matrix, weights, maximise, normalisation)
    shares, values = utilities.shares, utilities.table.cells
    counted = ~np.isnan(values) & (shares > 0)
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(counted, values, 1.0)) * np.where(shares > 0, shares, 1.0)
    summed = np.ascontiguousarray(logs).sum(axis=1)
    coverage = _coverage(~np.isnan(values), shares)
    whole = np.exp(summed)
    return utilities.aggregate(
        "weighted_product",
        scores=np.exp(summed / np.where(coverage > 0, coverage, np.nan)),
        low=np.where((np.isnan(values) & (shares > 0)).any(axis=1), 0.0, whole),
        high=whole,
    )


def owa(
    matrix: Numbers,
    *,
    weights: Weights,
    criterion_weights: Weights | None = None,
    maximise: Sequence[bool] | None = None,
    normalisation: Normalisation = "none",
) -> Aggregate:
    """
    Return the ordered weighted average: weights go by place, the best utility of a site first.

    All weight on the first place is an optimist ("one good thing is enough"), all on the last a pessimist ("the
    worst decides"). With weights for criteria too, they are combined by the line through the running sums of the
    order weights (the weighted OWA of Torra), which also says what to do where criteria are unknown: the line is
    followed over those that are known.

    Parameters
    ----------
    matrix
        Sites × criteria, 0–1, unless a normalisation makes them so; `nan` is unknown.
    weights
        Order weights, one a place, the best first, on any scale.
    criterion_weights
        As for `weighted_sum`; None for equal ones.
    maximise, normalisation
        As for `weighted_sum`.

    Returns
    -------
    Aggregate
        `low` and `high` put the unknown at 0 and at 1. `constants` has the order weights and their orness: 1 for
        the optimist, 0.5 for equal weights, 0 for the pessimist.

    Raises
    ------
    InputError
        As `weighted_sum`.

    Examples
    --------
    >>> owa([[0.2, 0.8, 0.5]], weights=[0, 0, 1]).scores.tolist()
    [0.2]
    """
    table = as_table(matrix)
    equal = np.ones(len(table.columns)) if criterion_weights is None else criterion_weights
    utilities = _utilities(matrix, equal, maximise, normalisation)
    places = as_shares(list(weights.values()) if isinstance(weights, Mapping) else weights, table.columns)
    values = utilities.table.cells
    unknown = np.isnan(values)
    count = len(places)
    orness = 0.5 if count == 1 else float(places @ np.arange(count - 1, -1, -1)) / (count - 1)
    aggregate = utilities.aggregate(
        "owa",
        scores=_ordered(values, utilities.shares, places),
        low=_ordered(np.where(unknown, 0.0, values), utilities.shares, places),
        high=_ordered(np.where(unknown, 1.0, values), utilities.shares, places),
    )
    constants = {**aggregate.constants, "order_weights": tuple(float(place) for place in places), "orness": orness}
    return Aggregate(**{**aggregate.__dict__, "constants": constants})


def _ordered(values: Floats, shares: Floats, places: Floats) -> Floats:
    """Return the average by place over what is known."""
    order = np.argsort(np.where(np.isnan(values), np.inf, -values), axis=1, kind="stable")
    best_first = np.take_along_axis(values, order, axis=1)
    carried = np.where(np.isnan(best_first), 0.0, shares[order])
    whole = carried.sum(axis=1, keepdims=True)
    reached = np.cumsum(carried, axis=1) / np.where(whole > 0, whole, np.nan)
    steps = np.concatenate([[0.0], np.cumsum(places)])
    followed = np.interp(reached, np.linspace(0, 1, len(steps)), steps)
    given = np.diff(followed, axis=1, prepend=0.0)
    scores: Floats = np.where(whole[:, 0] > 0, np.nansum(np.where(given > 0, given * best_first, 0.0), axis=1), np.nan)
    return scores


def no_criterion_below(utilities: Numbers, *, floor: float = 0.2) -> NDArray[np.str_]:
    """
    Tell which sites have no criterion below a floor, however good the others are.

    Parameters
    ----------
    utilities
        Sites × criteria, 0–1; `nan` is unknown.
    floor
        Utility that each criterion must reach (≥).

    Returns
    -------
    numpy.ndarray
        `"met"`, `"failed"` (a known criterion is below) or `"unknown"` (none is, but one is unknown).

    Raises
    ------
    InputError
        If the utilities or the floor are not 0–1.

    Examples
    --------
    >>> [str(outcome) for outcome in no_criterion_below([[0.2, 0.9], [0.1, np.nan], [0.9, np.nan]])]
    ['met', 'failed', 'unknown']
    """
    refuse(number_findings(floor, name="floor", minimum=0, maximum=1))
    values = as_table(utilities, name="utilities", utilities=True).cells
    return np.where((values < floor).any(axis=1), FAILED, np.where(np.isnan(values).any(axis=1), UNKNOWN, MET))


@dataclass(frozen=True, eq=False)
class _Utilities:
    """Utilities and weights, and how they came about."""

    table: Table
    shares: Floats
    normalisation: Normalisation
    findings: tuple[Finding, ...]

    def aggregate(self, method: str, **results: Any) -> Aggregate:
        return Aggregate(
            method=method,
            coverage=_coverage(~np.isnan(self.table.cells), self.shares),
            weights=weight_series(self.shares, self.table),
            constants={"normalisation": self.normalisation},
            index=self.table.index,
            findings=self.findings,
            **results,
        )


def _utilities(
    matrix: Numbers, weights: Weights, maximise: Sequence[bool] | None, normalisation: Normalisation
) -> _Utilities:
    """Return numbers as utilities; a criterion that normalisation cannot spread is left out, and told."""
    require_normalisation(normalisation)
    table = as_table(matrix, utilities=normalisation == "none")
    more = as_directions(maximise, table.columns)
    shares = as_shares(weights, table.columns)
    if normalisation == "none":
        return _Utilities(
            Table(np.where(more, table.cells, 1 - table.cells), table.index, table.columns), shares, normalisation, ()
        )
    worst, best = spans(table.cells)
    if normalisation == "minmax":
        low, scale = worst, best - worst
    else:
        low, scale = np.zeros(len(worst)), np.sqrt(np.nansum(table.cells**2, axis=0))
        scale[np.isnan(worst)] = np.nan
        refuse([Finding("vector_negative", {})] if (worst < 0).any() else [])
    alike = scale < SMALLEST  # not where nothing is known: that weight waits for somebody to find out
    findings = useless_findings(~(scale >= SMALLEST) & (shares > 0), table)
    shares = np.where(alike, 0.0, shares)
    shares = shares / shares.sum() if shares.any() else shares
    scaled = np.where(np.isnan(table.cells), np.nan, (table.cells - low) / np.where(alike, 1.0, scale))
    values = np.where(more, scaled, 1 - scaled)
    return _Utilities(Table(values, table.index, table.columns), shares, normalisation, findings)


def require_normalisation(normalisation: object) -> None:
    """
    Refuse a normalisation that there is not.

    Raises
    ------
    InputError
        If it is none of `NORMALISATIONS`.
    """
    refuse(choice_findings(normalisation, name="normalisation", choices=NORMALISATIONS))


def _coverage(known: NDArray[np.bool_], shares: Floats) -> Floats:
    coverage: Floats = np.where(
        known.all(axis=1), float(shares.any()), np.ascontiguousarray(known * shares).sum(axis=1)
    )
    return coverage
