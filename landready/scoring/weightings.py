"""Which weightings are tried: any at all, those around given weights, or those that agree with what people said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from landready.errors import Finding, name_list_findings, number_findings, refuse, require_kind, some, whole_findings
from landready.scoring.tables import ROUNDING, Floats, Weights, as_shares
from landready.scoring.weights import Order, groups

Kind = Literal["any", "around", "ordinal", "intervals", "judges"]
_SWEEPS = 40
"""Moves a criterion of the walk through intervals; far more than it takes to forget where it began."""


@dataclass(frozen=True, eq=False)
class Weighting:
    """
    A set of weightings, and how they are drawn from it. Made by `any_weights` and its neighbours.

    Parameters
    ----------
    kind
        `"any"`, `"around"`, `"ordinal"`, `"intervals"` or `"judges"`.
    constants
        What the kind needs.
    """

    kind: Kind
    constants: Mapping[str, Any]

    @property
    def fixed(self) -> bool:
        """Whether only given weights are tried, as they are: then sites can be level without being alike."""
        return self.constants.get("spread") == 0

    def draws(self, columns: Sequence[str], *, count: int, seed: int | Sequence[int]) -> Floats:
        """
        Return `count` weightings as rows that sum to 1, one column a criterion; the same for the same seed.

        Raises
        ------
        InputError
            If what was said does not fit the criteria.
        """
        refuse([*name_list_findings(columns, name="columns"), *whole_findings(count, name="count", minimum=1)])
        seeds = seed if isinstance(seed, list | tuple) else [seed]
        refuse([finding for each in seeds for finding in whole_findings(each, name="seed", minimum=0)])
        rng = np.random.default_rng(seed)
        if self.kind == "around":
            return _vary(as_shares(self.constants["weights"], columns), self.constants["spread"], count, rng)
        if self.kind == "ordinal":
            return _ordinal(self.constants["order"], columns, count, rng)
        if self.kind == "intervals":
            return _within(*_limits(self.constants["intervals"], columns), count, rng)
        if self.kind == "judges":
            judges = self.constants["judges"]
            shares = np.stack([as_shares(said, columns, name=judge) for judge, said in judges.items()])
            return _vary(shares[rng.integers(len(shares), size=count)], self.constants["spread"], count, rng)
        return _anywhere(len(columns), count, rng)


def any_weights() -> Weighting:
    """
    Return all weightings there are, each as likely as any other (uniform on the simplex).

    Returns
    -------
    Weighting
    """
    return Weighting("any", {})


def weights_around(weights: Weights, *, spread: float = 0.5) -> Weighting:
    """
    Return weightings around given weights.

    Parameters
    ----------
    weights
        One number ≥ 0 a criterion.
    spread
        Each weight is drawn between (1 − spread) and (1 + spread) times what it was, evenly and apart from the others,
        and all are then made to sum to 1. From 0 (as given) to 1 (from nothing to the double).

    Returns
    -------
    Weighting

    Raises
    ------
    InputError
        If the spread is not 0–1.
    """
    refuse(number_findings(spread, name="spread", minimum=0, maximum=1))
    return Weighting("around", {"weights": weights, "spread": float(spread)})


def ordinal_weights(order: Order) -> Weighting:
    """
    Return all weightings that agree with an order of importance, each as likely as any other.

    Parameters
    ----------
    order
        Criteria, the most important first. Of those that share a place nothing is said but that they weigh no more
        than those before and no less than those after.

    Returns
    -------
    Weighting

    Raises
    ------
    InputError
        If the order is empty or names a criterion twice.
    """
    return Weighting("ordinal", {"order": groups(order)})


def interval_weights(intervals: Mapping[str, tuple[float, float]]) -> Weighting:
    """
    Return all weightings whose shares lie in intervals, each as likely as any other.

    Parameters
    ----------
    intervals
        Criterion → least and greatest share, 0–1; (0, 1) for those of which nothing is said.

    Returns
    -------
    Weighting

    Raises
    ------
    InputError
        If an interval is no pair of shares, the least first, or if no weighting fits them all.

    Notes
    -----
    Each draw is the end of a walk of its own through the set, two weights at a time, whose steps leave the uniform
    distribution as it is.
    """
    require_kind(intervals, Mapping, name="intervals", wanted="{str: (number, number)}")
    wrong = [str(name) for name, pair in intervals.items() if not _is_interval(pair)]
    refuse([Finding("interval_kind", {"ids": some(wrong)})] if wrong or not intervals else [])
    least, most = (sum(float(pair[end]) for pair in intervals.values()) for end in (0, 1))
    if least > 1 + ROUNDING or most < 1 - ROUNDING:
        refuse([Finding("interval_none", {"least": f"{least:g}", "most": f"{most:g}"})])
    return Weighting("intervals", {"intervals": {str(name): tuple(pair) for name, pair in intervals.items()}})


def judged_weights(judges: Mapping[str, Weights], *, spread: float = 0.0) -> Weighting:
    """
    Return the weightings of several judges, each judge as likely as any other.

    Parameters
    ----------
    judges
        Judge → weights.
    spread
        How far each draw goes from the judge's weights, as for `weights_around`.

    Returns
    -------
    Weighting

    Raises
    ------
    InputError
        If there are no judges, or the spread is not 0–1.
    """
    refuse(number_findings(spread, name="spread", minimum=0, maximum=1))
    require_kind(judges, Mapping, name="judges", wanted="{str: weights}")
    refuse([Finding("judges_none", {})] if not judges else [])
    return Weighting(
        "judges", {"judges": {str(judge): said for judge, said in judges.items()}, "spread": float(spread)}
    )


def as_weighting(weights: Weighting | Weights | None) -> Weighting:
    """Return what is tried: anything where nothing is said, and what is around where plain weights are given."""
    if weights is None:
        return any_weights()
    return weights if isinstance(weights, Weighting) else weights_around(weights)


def _anywhere(columns: int, count: int, rng: np.random.Generator) -> Floats:
    drawn = rng.standard_exponential((count, columns))
    shares: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def _vary(shares: Floats, spread: float, count: int, rng: np.random.Generator) -> Floats:
    factors = 1 + spread * (2 * rng.random((count, shares.shape[-1])) - 1)
    varied = shares * factors
    result: Floats = varied / varied.sum(axis=1, keepdims=True)
    return result


def _ordinal(order: list[list[str]], columns: Sequence[str], count: int, rng: np.random.Generator) -> Floats:
    """Sort uniform weights down the order; within a place, in any order."""
    place = {name: number for number, group in enumerate(order) for name in group}
    _require_names(place, columns, name="order")
    falling = -np.sort(-_anywhere(len(columns), count, rng), axis=1)
    # A place is a whole number, and chance decides within it.
    keys = np.array([place[name] for name in columns]) + rng.random((count, len(columns)))
    shares = np.empty_like(falling)
    np.put_along_axis(shares, np.argsort(keys, axis=1), falling, axis=1)
    return shares


def _limits(intervals: Mapping[str, tuple[float, float]], columns: Sequence[str]) -> tuple[Floats, Floats]:
    _require_names(intervals, columns, name="intervals")
    low, high = np.array([intervals[name] for name in columns], dtype="float64").T
    return low, high


def _within(low: Floats, high: Floats, count: int, rng: np.random.Generator) -> Floats:
    room = float((high - low).sum())
    inside = low + (high - low) * ((1 - low.sum()) / room if room > 0 else 0.0)
    shares = np.tile(inside, (count, 1))
    if len(low) == 1:
        return shares
    rows = np.arange(count)
    for _ in range(_SWEEPS * len(low)):
        first = rng.integers(len(low), size=count)
        second = (first + rng.integers(1, len(low), size=count)) % len(low)
        both = shares[rows, first] + shares[rows, second]
        least = np.maximum(low[first], both - high[second])
        most = np.minimum(high[first], both - low[second])
        shares[rows, first] = least + (most - least) * rng.random(count)
        shares[rows, second] = both - shares[rows, first]
    # The sum of two may miss the second's limit by rounding.
    return np.clip(shares, low, high)


def _is_interval(pair: object) -> bool:
    try:
        low, high = (float(end) for end in pair)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return False
    return 0 <= low <= high <= 1


def _require_names(named: Mapping[str, Any], columns: Sequence[str], *, name: str) -> None:
    missing = [column for column in columns if column not in named]
    unknown = [key for key in named if key not in columns]
    if missing or unknown:
        told = {"name": name, "missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown) or "–"}
        refuse([Finding("weights_names", told)])
