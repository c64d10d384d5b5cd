"""Requirements: conditions a site must meet to be ranked. Unknown never passes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.where import OPERATORS, Condition, parse

MET, FAILED, UNKNOWN = "met", "failed", "unknown"


def outcomes(
    values: NDArray[np.float64], condition: Condition, *, upper_bound: NDArray[np.bool_] | None = None
) -> NDArray[np.str_]:
    """
    Tell whether values meet a condition.

    A value that is an upper bound stands for anything up to itself: it settles the matter only where every
    value up to it would be judged alike. A distance of at most 800 m meets `"<= 1000"` and fails `">= 1000"`;
    whether it meets `"<= 500"` is unknown.

    Parameters
    ----------
    values
        Measured values; `nan` is unknown. `inf` (unreachable) is compared as the number it is.
    condition
        As in a study file: `">= 2"`, a number (equal to), or a list (any of).
    upper_bound
        Which values may in truth be lower; none if None.

    Returns
    -------
    numpy.ndarray
        `"met"`, `"failed"` or `"unknown"`, in the order of `values`.

    Examples
    --------
    >>> [str(outcome) for outcome in outcomes(np.array([3.0, 1.0, np.nan]), ">= 2")]
    ['met', 'failed', 'unknown']
    """
    sign, wanted = parse(condition)
    accepted = np.array(wanted if sign == "in" else [wanted], dtype="float64")
    holds = np.isin(values, accepted) if sign == "in" else OPERATORS[sign](values, accepted[0])
    judged = np.where(holds, MET, FAILED)
    if upper_bound is not None:
        judged = np.where(upper_bound & ~_settled(values, sign, accepted, holds), UNKNOWN, judged)
    return np.where(np.isnan(values), UNKNOWN, judged)


def _settled(
    values: NDArray[np.float64], sign: str, accepted: NDArray[np.float64], holds: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell where the verdict on an upper bound is the verdict on every value below it too."""
    if sign in {"<", "<="}:
        return holds
    if sign in {">", ">="}:
        return ~holds
    below: NDArray[np.bool_] = values < accepted.min()
    return below


def outcome_frame(values: pd.DataFrame, conditions: dict[str, Condition], *, upper_bound: pd.DataFrame) -> pd.DataFrame:
    """
    Judge every requirement of every site.

    Parameters
    ----------
    values
        Sites × criteria; `nan` is unknown.
    conditions
        Criterion id → condition.
    upper_bound
        Sites × criteria, bool.

    Returns
    -------
    pandas.DataFrame
        Sites × requirements, each `"met"`, `"failed"` or `"unknown"`.
    """
    columns = {
        name: outcomes(values[name].to_numpy(), condition, upper_bound=upper_bound[name].to_numpy())
        for name, condition in conditions.items()
    }
    return pd.DataFrame(columns, index=values.index, columns=list(conditions), dtype="str")
