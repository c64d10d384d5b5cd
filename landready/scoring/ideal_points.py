"""Methods that measure how far each site is from the best and the worst there is: TOPSIS and VIKOR."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landready.errors import Finding, number_findings, refuse
from landready.scoring.aggregation import Aggregate, Normalisation, require_normalisation
from landready.scoring.tables import (
    SMALLEST,
    Floats,
    Numbers,
    Table,
    Weights,
    as_directions,
    as_numbers,
    as_shares,
    as_table,
    cell_findings,
    spans,
    useless_findings,
    weight_series,
)

_SMALL = 1e-150
_BLOCK = 8192
"""Rows at a time, so that what lies between two steps stays in the processor's cache."""


def topsis(
    matrix: Numbers,
    *,
    weights: Weights,
    maximise: Sequence[bool] | None = None,
    normalisation: Normalisation = "vector",
    ideal: Sequence[float] | None = None,
    anti_ideal: Sequence[float] | None = None,
) -> Aggregate:
    """
    Return how near each site is to the ideal point, 0–1 (Hwang and Yoon 1981).

    The score is D⁻ / (D⁺ + D⁻), where D⁺ and D⁻ are the Euclidean distances to the best and to the worst of each
    criterion, after normalisation and times the weights.

    Parameters
    ----------
    matrix
        Sites × criteria, in any units; `nan` is unknown.
    weights
        One number ≥ 0 a criterion, on any scale.
    maximise
        Whether more is better, for each criterion; None for all.
    normalisation
        `"vector"`: divided by the root of the sum of squares; `"minmax"`: by the span from worst to best; `"none"`.
    ideal, anti_ideal
        The best and the worst of each criterion, in its unit; None for those of the sites. Given ones do not move
        with the sites, so that a site that gets better in something cannot lose.

    Returns
    -------
    Aggregate
        The score of a site goes by what is known of it; `low` and `high` put the unknown at the worst and at the
        best. A criterion of which nothing is known counts for nothing if it cannot be normalised, and is told. The
        score is `nan` where nothing separates the sites. `constants` has both points, in the units of the matrix.

    Raises
    ------
    InputError
        If the table, the weights or the points are not as said, or a value lies outside given points.

    Notes
    -----
    Own code: it handles the unknown, and is many times faster than the libraries it is tested against.

    Examples
    --------
    >>> near = topsis([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], weights=[0.3, 0.4, 0.3])
    >>> near.scores.round(4).tolist()
    [0.5037, 0.6581, 0.7482, 0.334]
    """
    require_normalisation(normalisation)
    table = as_table(matrix)
    more = as_directions(maximise, table.columns)
    shares = as_shares(weights, table.columns)
    points = _points(table, more, ideal, anti_ideal)
    scale = _scale(table, points, normalisation)
    spread = np.abs(points.best - points.worst)
    told_apart = (spread >= SMALLEST) & (scale >= SMALLEST)
    factors = np.where(told_apart, shares / np.where(told_apart, scale, 1.0), 0.0)
    # Closeness does not change with the unit of the distances.
    reach = float(np.nanmax(spread * factors, initial=0.0))
    unit = reach if 0 < reach < _SMALL else 1.0
    distances = _distances(table, points, factors / unit)
    coverage = np.ones(len(table.cells))
    if not table.complete:
        known = ~np.isnan(table.cells)
        coverage = np.where(known.all(axis=1), 1.0, np.ascontiguousarray(known * shares).sum(axis=1))
    scores = _closeness(distances.to_best, distances.to_worst)
    return Aggregate(
        method="topsis",
        scores=scores,
        low=_closeness(distances.to_best_low, distances.to_worst),
        high=_closeness(distances.to_best, distances.to_worst_high),
        coverage=coverage,
        weights=weight_series(shares, table),
        constants={
            "normalisation": normalisation,
            "ideal": tuple(map(float, points.best)),
            "anti_ideal": tuple(map(float, points.worst)),
        },
        index=table.index,
        parts={"to_ideal": unit * np.sqrt(distances.to_best), "to_anti_ideal": unit * np.sqrt(distances.to_worst)},
        findings=useless_findings(~told_apart & (shares > 0), table),
    )


class _Points(NamedTuple):
    best: Floats
    worst: Floats


class _Distances(NamedTuple):
    """Squared distances over what is known, and with the unknown at the worst and at the best."""

    to_best: Floats
    to_worst: Floats
    to_best_low: Floats
    to_worst_high: Floats


def _points(
    table: Table, more: NDArray[np.bool_], ideal: Sequence[float] | None, anti_ideal: Sequence[float] | None
) -> _Points:
    least, most = spans(table.cells)
    best = np.where(more, most, least) if ideal is None else _point(ideal, table, "ideal")
    worst = np.where(more, least, most) if anti_ideal is None else _point(anti_ideal, table, "anti_ideal")
    wrong = [name for name, bad in zip(table.columns, np.where(more, best < worst, best > worst), strict=True) if bad]
    refuse([Finding("ideal_order", {"ids": ", ".join(wrong)})] if wrong else [])
    if ideal is not None or anti_ideal is not None:
        low, high = np.minimum(best, worst), np.maximum(best, worst)
        refuse(cell_findings((table.cells < low) | (table.cells > high), table, key="ideal_outside"))
    return _Points(best, worst)


def _point(given: Sequence[float], table: Table, name: str) -> Floats:
    point = as_numbers(given)
    if point.ndim != 1:
        refuse([Finding("weights_kind", {"name": name, "kind": type(given).__name__})])
    told = int(np.isfinite(point).sum())
    if len(point) != len(table.columns) or told < len(point):
        refuse([Finding("weights_count", {"name": name, "given": told, "wanted": len(table.columns)})])
    return point


def _scale(table: Table, points: _Points, normalisation: Normalisation) -> Floats:
    if normalisation == "none":
        return np.ones(len(table.columns))
    if normalisation == "minmax":
        spread: Floats = np.abs(points.best - points.worst)
        return spread
    values = table.cells if table.complete else np.nan_to_num(table.cells)
    lengths: Floats = np.sqrt(np.einsum("ij,ij->j", values, values))
    if (lengths > _SMALL).all():
        return lengths
    # Squares of very small numbers are 0.
    largest = np.abs(values).max(axis=0, initial=0.0)
    scaled = values / np.where(largest > 0, largest, 1.0)
    safe: Floats = largest * np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    return safe


def _distances(table: Table, points: _Points, factors: Floats) -> _Distances:
    values, complete = table.cells, table.complete
    count = len(values)
    best, worst = np.empty(count), np.empty(count)
    best_low, worst_high = (best, worst) if complete else (np.empty(count), np.empty(count))
    span = np.square((points.best - points.worst) * factors)
    for start in range(0, count, _BLOCK):
        rows = slice(start, start + _BLOCK)
        off_best = (values[rows] - points.best) * factors
        off_worst = (values[rows] - points.worst) * factors
        if not complete:
            unknown = np.isnan(values[rows])
            off_best[unknown] = off_worst[unknown] = 0.0
            lost = np.ascontiguousarray(unknown * np.nan_to_num(span)).sum(axis=1)
        np.einsum("ij,ij->i", off_best, off_best, out=best[rows])
        np.einsum("ij,ij->i", off_worst, off_worst, out=worst[rows])
        if not complete:
            # An unknown at the worst is the whole span from the best, and none from the worst.
            best_low[rows] = best[rows] + lost
            worst_high[rows] = worst[rows] + lost
    return _Distances(best, worst, best_low, worst_high)


def _closeness(to_best: Floats, to_worst: Floats) -> Floats:
    near, far = np.sqrt(to_best), np.sqrt(to_worst)
    with np.errstate(invalid="ignore"):  # both are 0 where nothing separates the sites
        closeness: Floats = far / (near + far)
    return closeness


def vikor(matrix: Numbers, *, weights: Weights, maximise: Sequence[bool] | None = None, v: float = 0.5) -> Aggregate:
    """
    Return the compromise ranking VIKOR (Opricovic and Tzeng 2004): a small Q is good.

    S is the weighted sum of the distances from the best of each criterion, as shares of its span, R the largest of
    them. Q = v·(S − S*) / (S⁻ − S*) + (1 − v)·(R − R*) / (R⁻ − R*), with the least and the greatest of each; a term
    whose span is 0 is 0.

    Parameters
    ----------
    matrix
        Sites × criteria, in any units.
    weights, maximise
        As for `topsis`.
    v
        How much the sum counts against the worst criterion, 0–1.

    Returns
    -------
    Aggregate
        `scores` is Q; `parts` has `S`, `R` and `Q`.

    Raises
    ------
    InputError
        If values are unknown: Q of each site rests on all others, so that no rule says what an unknown one does.
        And if the table, the weights or `v` are not as said.

    Examples
    --------
    >>> compromise = vikor([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], weights=[0.3, 0.4, 0.3])
    >>> compromise.scores.round(2).tolist()
    [0.75, 0.25, 0.0, 1.0]
    """
    refuse(number_findings(v, name="v", minimum=0, maximum=1))
    table = as_table(matrix)
    more = as_directions(maximise, table.columns)
    shares = as_shares(weights, table.columns)
    refuse_unknown(table, method="vikor")
    least, most = spans(table.cells)
    alike = most - least < SMALLEST
    best = np.where(more, most, least)
    lost = np.abs(table.cells - best) * (shares / np.where(alike, 1.0, most - least))
    summed, largest = lost.sum(axis=1), lost.max(axis=1, initial=0.0)
    scores = v * _within(summed) + (1 - v) * _within(largest)
    if len(scores) == 1:
        scores = np.full(1, np.nan)
    return Aggregate(
        method="vikor",
        scores=scores,
        low=scores,
        high=scores,
        coverage=np.ones(len(scores)),
        weights=weight_series(shares, table),
        constants={"v": float(v)},
        index=table.index,
        parts={"S": summed, "R": largest, "Q": scores},
        higher_is_better=False,
        findings=useless_findings(alike & (shares > 0), table),
    )


def _within(values: Floats) -> Floats:
    """Return where values lie between the least (0) and the greatest (1)."""
    if len(values) == 0 or np.ptp(values) == 0:
        return np.zeros(len(values))
    within: Floats = (values - values.min()) / np.ptp(values)
    return within


def refuse_unknown(table: Table, *, method: str) -> None:
    """
    Refuse unknown values, where the method has no honest rule for them.

    Raises
    ------
    InputError
        With columns and rows.
    """
    if not table.complete:
        refuse(cell_findings(np.isnan(table.cells), table, key="unknown_refused", method=method))
