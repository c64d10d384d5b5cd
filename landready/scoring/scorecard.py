"""Scores: one algebra for known and unknown values, and ranks that can be explained."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, InputError, StudyError, require_kind, some
from landready.model import KNOWN, MODELLED, Measured, Scorecard
from landready.scoring.aggregation import TIE, weighted_sum
from landready.scoring.requirements import FAILED, MET, UNKNOWN, outcome_frame
from landready.scoring.values import utility
from landready.spec import Profile, nearest_name

TOLERANCE = 1e-9
"""A coverage this little below the minimum reaches it."""


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
    summed = weighted_sum(utilities.to_numpy(), weights=weights)
    requirements = outcome_frame(values, profile.requirements, upper_bound=bounds)
    modelled = measured.state.reindex_like(values) == MODELLED
    frame = pd.DataFrame(
        {
            "total": summed.scores,
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
