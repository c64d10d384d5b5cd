"""Scores: one algebra for known and unknown values, and ranks that can be explained."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, InputError, StudyError, require_kind, some
from landready.model import KNOWN, MODELLED, Measured, Scorecard
from landready.scoring.requirements import FAILED, MET, UNKNOWN, outcome_frame
from landready.scoring.values import utility
from landready.spec import Profile, nearest_name

TIE = 1e-6
"""Totals closer than this are a tie: a ten-thousandth of a point of 100. Joining land on a grid of a millimetre moves
totals by a tenth of that, and should put no site before another."""
TOLERANCE = 1e-9
"""A coverage this little below the minimum reaches it."""


class WeightedSum(NamedTuple):
    """
    A weighted sum with what is unknown left out, and how far it could move.

    Parameters
    ----------
    total
        Σ w·u / Σ w over what is known; `nan` where nothing is.
    low, high
        The sum over all weights with the unknown at 0 and at 1.
    coverage
        Known weight over all weight, 0–1.
    contributions
        w·u / Σ w(known), rows × criteria; they sum to the total; `nan` where unknown.
    """

    total: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    coverage: NDArray[np.float64]
    contributions: NDArray[np.float64]


def weighted_sum(utilities: NDArray[np.float64], weights: NDArray[np.float64]) -> WeightedSum:
    """
    Return the weighted linear combination of utilities, some of which may be unknown.

    Parameters
    ----------
    utilities
        Rows × criteria, 0–1; `nan` is unknown.
    weights
        One positive number per criterion, on any scale.

    Returns
    -------
    WeightedSum

    Examples
    --------
    >>> full = weighted_sum(np.array([[0.2, 0.5, 0.6]]), np.array([0.4, 0.35, 0.25]))
    >>> round(float(full.total[0]), 12)
    0.405
    """
    scaled = weights / weights.max()  # so that no sum of very large weights overflows
    shares = scaled / scaled.sum()
    # Rows are summed along memory, so that a row's sum does not depend on the other rows or on their number.
    known = np.ascontiguousarray(~np.isnan(utilities))
    gained = np.ascontiguousarray(np.where(known, utilities, 0.0) * shares)
    coverage = np.where(known.all(axis=1), 1.0, (known * shares).sum(axis=1))
    low = gained.sum(axis=1)
    some_known = coverage > 0
    divisor = np.where(some_known, coverage, np.nan)
    return WeightedSum(
        total=low / divisor,
        low=low,
        high=np.minimum(low + (1 - coverage), 1.0),
        coverage=coverage,
        contributions=np.where(known, gained / divisor[:, np.newaxis], np.nan),
    )


def score(measured: Measured, profile: Profile) -> Scorecard:
    """
    Judge sites by one profile.

    The total is Σ w·u / Σ w over the criteria that are not unknown. A site is ranked if it is eligible (every
    requirement is known and met), something about it is known, and at least (≥) `profile.min_coverage` of the
    weight rests on values that are not unknown. A missing value is unknown whatever its state says.

    Parameters
    ----------
    measured
        What was measured; `nan` is unknown, `inf` unreachable (a known bad).
    profile
        Weights, requirements, and value functions that replace the criteria's own.

    Returns
    -------
    Scorecard
        Besides the columns its docstring names, the frame has `upper_bound_share` (weight, of all, that rests
        on distances which may in truth be shorter) and `not_ranked_because` (keys under `explain.` in the
        texts, joined by `", "`; empty for ranked sites). Columns of `utilities` and `contributions` follow
        `profile.weights`.

    Raises
    ------
    StudyError
        If the profile names criteria that were not measured, or that have no value function; all together.
    InputError
        If two sites share an id.

    Notes
    -----
    A requirement on a distance that is only an upper bound is met or failed where the bound settles it, and
    unknown elsewhere; see `landready.scoring.requirements.outcomes`. As a preference, an upper bound is used
    as it is.

    Examples
    --------
    >>> import pandas as pd
    >>> from landready import Criterion, Measured, Profile, ValueFunction
    >>> sites = pd.Index(["a", "b"], name="site_id")
    >>> area = Criterion(id="area_ha", measure="area", value=ValueFunction(points=[(0, 0.0), (10, 1.0)]))
    >>> values = pd.DataFrame({"area_ha": [4.0, 8.0]}, index=sites)
    >>> known, none = values.map(lambda _: "known"), values.map(lambda _: None)
    >>> measured = Measured(values, known, values.isna(), none, none, (area,))
    >>> card = score(measured, Profile(id="p", name="P", weights={"area_ha": 1}))
    >>> card.frame[["total", "rank"]]
             total  rank
    site_id
    a          0.4   2.0
    b          0.8   1.0
    """
    require_kind(measured, Measured, name="measured", wanted="Measured")
    require_kind(profile, Profile, name="profile", wanted="Profile")
    _check(measured, profile)
    names = sorted(profile.weights)  # one order of summation, whatever the order of columns
    weights = np.array([profile.weights[name] for name in names])
    values = _known_values(measured, sorted({*names, *profile.requirements}))
    bounds = measured.upper_bound.reindex_like(values).eq(True)
    utilities = _utilities(values[names], measured, profile)
    summed = weighted_sum(utilities.to_numpy(), weights)
    requirements = outcome_frame(values, profile.requirements, upper_bound=bounds)
    modelled = measured.state.reindex_like(values) == MODELLED
    frame = pd.DataFrame(
        {
            "total": summed.total,
            "total_low": summed.low,
            "total_high": summed.high,
            "coverage_share": summed.coverage,
            "modelled_share": _weight_share((modelled & values.notna())[names], weights),
            "upper_bound_share": _weight_share((bounds & values.notna())[names], weights),
            "eligible": (requirements == MET).all(axis=1).to_numpy(dtype=bool),
        },
        index=values.index,
    )
    columns = list(profile.weights)
    contributions = pd.DataFrame(summed.contributions, index=values.index, columns=names)
    return Scorecard(
        profile=profile,
        frame=_ranked(frame, requirements, profile.min_coverage),
        utilities=utilities[columns],
        contributions=contributions[columns],
        weights=pd.Series(profile.weights, name="weight", dtype="float64").rename_axis("criterion"),
        requirements=requirements,
        measured=measured,
    )


def _check(measured: Measured, profile: Profile) -> None:
    index = measured.frame.index
    if not index.is_unique:
        twice = index[index.duplicated(keep=False)]
        values = {"layer": index.name or "site_id", "count": len(twice), "ids": some(twice.unique())}
        raise InputError(Finding("ids_not_unique", values))
    there = [str(column) for column in measured.frame.columns]
    with_value = {criterion.id for criterion in measured.criteria} | set(profile.values)
    where = f"profiles.{profile.id}"
    named = {**profile.weights, **profile.requirements, **profile.values}  # noqa: PD011
    findings = [
        Finding("study_unknown_criterion", {"where": where, "name": name, "nearest": nearest_name(name, there)})
        for name in named
        if name not in there
    ]
    findings += [
        Finding("no_value_function", {"where": where, "name": name})
        for name in profile.weights
        if name in there and name not in with_value
    ]
    if findings:
        raise StudyError(*findings)


def _known_values(measured: Measured, names: list[str]) -> pd.DataFrame:
    """Return the values of `names`, `nan` wherever they are not known (or modelled)."""
    values = measured.frame[names].astype("float64")
    state = measured.state.reindex_like(values)
    return values.where(state.isin([KNOWN, MODELLED]))


def _utilities(values: pd.DataFrame, measured: Measured, profile: Profile) -> pd.DataFrame:
    functions = {criterion.id: criterion.value for criterion in measured.criteria} | profile.values  # noqa: PD011
    columns = {name: utility(values[name], functions[name]) for name in values.columns}
    return pd.DataFrame(columns, index=values.index, dtype="float64")


def _weight_share(chosen: pd.DataFrame, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of the weight, 0–1, the chosen criteria of each site carry."""
    scaled = weights / weights.max()
    carried = chosen.to_numpy(dtype=bool) * (scaled / scaled.sum())
    summed: NDArray[np.float64] = np.ascontiguousarray(carried).sum(axis=1)
    return summed


def _ranked(frame: pd.DataFrame, requirements: pd.DataFrame, min_coverage: float) -> pd.DataFrame:
    """Return the frame with `ranked`, `rank` and `not_ranked_because`."""
    nothing = frame["total"].isna()
    covered = frame["coverage_share"] >= min_coverage - TOLERANCE
    why_not = {
        "nothing_known": nothing,
        "low_coverage": ~covered & ~nothing,
        "requirement_failed": (requirements == FAILED).any(axis=1),
        "requirement_unknown": (requirements == UNKNOWN).any(axis=1),
    }
    because = pd.Series("", index=frame.index, dtype="str")
    for key, holds in why_not.items():
        because = because.where(~holds, because + key + ", ")
    ranked = because == ""
    # Totals that differ by rounding alone are a tie.
    rounded = (frame["total"] / TIE).round()
    return frame.assign(
        ranked=ranked,
        rank=rounded.where(ranked).rank(ascending=False, method="average"),
        not_ranked_because=because.str.removesuffix(", "),
    )
