"""PROMETHEE II: how far each site outranks the others, less how far they outrank it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from landready.errors import Finding, choice_findings, number_findings, refuse
from landready.scoring.aggregation import Aggregate
from landready.scoring.ideal_points import refuse_unknown
from landready.scoring.tables import (
    Floats,
    Numbers,
    Weights,
    as_directions,
    as_shares,
    as_table,
    spans,
    useless_findings,
    weight_series,
)

Preference = Literal["usual", "ushape", "vshape", "level", "linear"]
PREFERENCES = ("usual", "ushape", "vshape", "level", "linear")
_WITH_P = frozenset({"vshape", "level", "linear"})


def promethee_ii(
    matrix: Numbers,
    *,
    weights: Weights,
    maximise: Sequence[bool] | None = None,
    preference: Preference = "usual",
    q: float | Sequence[float] = 0.0,
    p: float | Sequence[float] | None = None,
) -> Aggregate:
    """
    Return the net flow of PROMETHEE II (Brans and Vincke 1985), from −1 to 1.

    Two sites are compared criterion by criterion: by how much d the one is better becomes a preference, 0–1. The
    flow of a site is the weighted mean of its preference over all others, less theirs over it.

    Parameters
    ----------
    matrix
        Sites × criteria, in any units.
    weights, maximise
        As for `landready.scoring.topsis`.
    preference
        `"usual"`: 1 if d > 0; `"ushape"`: 1 if d > q; `"vshape"`: d / p, up to 1; `"level"`: ½ if d > q, 1 if d > p;
        `"linear"`: (d − q) / (p − q), from 0 up to 1.
    q, p
        Thresholds of indifference and of strict preference, in the units of the criteria: one for all, or one each.
        Differences that rounding alone parts from a threshold count as equal to it.

    Returns
    -------
    Aggregate
        `parts` has the flows `positive` and `negative`. A single site has nothing to outrank: `nan`.

    Raises
    ------
    InputError
        If values are unknown (each flow rests on all sites), if a preference that has a `p` gets none, or if arguments
        are not as said.

    Notes
    -----
    Sites are sorted by each criterion and sums are taken along the order, so that time grows with n·log n and not
    with n². The Gaussian preference has no such form, and is not offered.

    Examples
    --------
    >>> promethee_ii([[1.0], [2.0], [3.0]], weights=[1]).scores.tolist()
    [-1.0, 0.0, 1.0]
    """
    refuse(choice_findings(preference, name="preference", choices=PREFERENCES))
    table = as_table(matrix)
    more = as_directions(maximise, table.columns)
    shares = as_shares(weights, table.columns)
    refuse_unknown(table, method="promethee_ii")
    lower = _thresholds(q, len(table.columns), "q")
    upper = _thresholds(0.0 if p is None else p, len(table.columns), "p")
    needs_p = p is None and preference in _WITH_P
    refuse([Finding("threshold_missing", {"preference": preference})] if needs_p else [])
    _check_order(preference, lower, upper)
    count = len(table.cells)
    positive, negative = np.zeros(count), np.zeros(count)
    for number, share in enumerate(shares):
        values = table.cells[:, number] if more[number] else -table.cells[:, number]
        positive += share * _preferred(values, preference, lower[number], upper[number])
        negative += share * _preferred(-values, preference, lower[number], upper[number])
    others = count - 1 if count > 1 else np.nan
    positive, negative = positive / others, negative / others
    least, most = spans(table.cells)
    scores = positive - negative
    used = {"q": lower} if preference in {"ushape", "level", "linear"} else {}
    used |= {"p": upper} if preference in _WITH_P else {}
    return Aggregate(
        method="promethee_ii",
        scores=scores,
        low=scores,
        high=scores,
        coverage=np.ones(count),
        weights=weight_series(shares, table),
        constants={"preference": preference, **{name: tuple(map(float, each)) for name, each in used.items()}},
        index=table.index,
        parts={"positive": positive, "negative": negative},
        findings=useless_findings(~(most > least) & (shares > 0), table),
    )


def _preferred(values: Floats, preference: Preference, q: float, p: float) -> Floats:
    """Return for each value its preference over all values, summed."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    sums = np.concatenate([[0.0], np.cumsum(ranked - ranked[:1])])  # from the least, to lose no digits
    summed = np.empty(len(values))
    summed[order] = _along(ranked, sums, preference, q, p)
    return summed


def _along(ranked: Floats, sums: Floats, preference: Preference, q: float, p: float) -> Floats:
    # 0.8 − 0.7 is greater than 0.1 by rounding alone.
    rounding = 4 * np.spacing(np.abs(ranked).max(initial=0.0))
    limit = 0.0 if preference in {"usual", "vshape"} else q
    beyond_q = np.searchsorted(ranked, ranked - limit - (rounding if limit else 0.0), side="left")
    if preference in {"usual", "ushape"}:
        return beyond_q.astype("float64")
    beyond_p = np.searchsorted(ranked, ranked - p - (rounding if p else 0.0), side="left")
    if preference == "level":
        return np.asarray(0.5 * (beyond_q + beyond_p), dtype="float64")
    start = 0.0 if preference == "vshape" else q
    between = beyond_q - beyond_p
    risen = between * (ranked - ranked[:1] - start) - (sums[beyond_q] - sums[beyond_p])
    return np.asarray(beyond_p + (risen / (p - start) if p > start else 0.0), dtype="float64")


def _thresholds(given: float | Sequence[float], count: int, name: str) -> Floats:
    each = list(given) if isinstance(given, Sequence | np.ndarray) else [given] * count
    refuse([finding for one in each for finding in number_findings(one, name=name, minimum=0)])
    refuse(
        [Finding("weights_count", {"name": name, "given": len(each), "wanted": count})] if len(each) != count else []
    )
    return np.array(each, dtype="float64")


def _check_order(preference: Preference, q: Floats, p: Floats) -> None:
    if preference in {"level", "linear"} and (q > p).any():
        refuse([Finding("thresholds_order", {"q": float(q[q > p][0]), "p": float(p[q > p][0])})])
