"""Weights that people can agree on: points, an order of importance, swings, and a tree of themes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landready.errors import Finding, refuse, require_kind, some
from landready.scoring.tables import Floats, as_shares, twice_in

Order = Sequence[str | Sequence[str]]
"""Names of criteria, the most important first; those in a list of their own share a place."""


def direct_weights(points: Mapping[str, float] | pd.Series) -> pd.Series:
    """
    Return points as shares of their sum.

    Parameters
    ----------
    points
        Criterion → points, any numbers ≥ 0.

    Returns
    -------
    pandas.Series
        Share by criterion; they sum to 1. Its name is that of the method, here and in the functions below.

    Raises
    ------
    InputError
        If points are negative, no finite numbers, or all zero.

    Examples
    --------
    >>> direct_weights({"a_m": 30, "b_m": 10}).to_dict()
    {'a_m': 0.75, 'b_m': 0.25}
    """
    names = _names(points)
    return _series(as_shares(points, names, name="points"), names, "direct")


def rank_order_centroid(order: Order) -> pd.Series:
    """
    Return the middle of all weights that agree with an order of importance.

    The weight of place i of n is (1/i + … + 1/n) / n. Criteria that share a place share its weights equally.

    Parameters
    ----------
    order
        Criteria, the most important first; `["a_m", ["b_m", "c_m"]]` puts b and c on one place.

    Returns
    -------
    pandas.Series
        Share by criterion.

    Raises
    ------
    InputError
        If the order is empty or names a criterion twice.

    Examples
    --------
    >>> rank_order_centroid(["a_m", "b_m"]).to_dict()
    {'a_m': 0.75, 'b_m': 0.25}
    """
    count = sum(len(group) for group in groups(order))
    places = np.cumsum(1 / np.arange(count, 0, -1))[::-1] / count
    return _by_place(order, places, "rank_order_centroid")


def rank_sum(order: Order) -> pd.Series:
    """
    Return weights that fall evenly with the place: n, n − 1, … 1, as shares.

    Parameters
    ----------
    order
        As for `rank_order_centroid`.

    Returns
    -------
    pandas.Series
        Share by criterion.

    Raises
    ------
    InputError
        As `rank_order_centroid`.

    Examples
    --------
    >>> rank_sum(["a_m", "b_m", "c_m"]).round(3).to_list()
    [0.5, 0.333, 0.167]
    """
    count = sum(len(group) for group in groups(order))
    places = np.arange(count, 0, -1.0)
    return _by_place(order, places / places.sum(), "rank_sum")


def swing_weights(swings: Mapping[str, float] | pd.Series) -> pd.Series:
    """
    Return weights from swings: what it is worth to get from the worst to the best of each criterion.

    Parameters
    ----------
    swings
        Criterion → how much its swing from worst (utility 0) to best (utility 1) is worth; the most valued one is 100
        and the others are held against it.

    Returns
    -------
    pandas.Series
        Share by criterion.

    Raises
    ------
    InputError
        If no swing is 100, one is more, or as `direct_weights`.

    Examples
    --------
    >>> swing_weights({"a_m": 100, "b_m": 60}).round(3).to_dict()
    {'a_m': 0.625, 'b_m': 0.375}
    """
    names = _names(swings)
    shares = as_shares(swings, names, name="swings")
    largest = max(value for _, value in swings.items())
    refuse([Finding("swing_top", {"largest": float(largest)})] if largest != 100 else [])
    return _series(shares, names, "swing")


@dataclass(frozen=True, eq=False)
class WeightTree:
    """
    Weights level by level, and what each criterion weighs in all.

    Parameters
    ----------
    frame
        One row a criterion: `path` (the names above it), `local_share` (among its neighbours), `share` (of all).
    """

    frame: pd.DataFrame

    @property
    def weights(self) -> pd.Series:
        """Share of all weight by criterion; they sum to 1."""
        return self.frame["share"].rename("weight_tree")


def weight_tree(tree: Mapping[str, Any]) -> WeightTree:
    """
    Return what each criterion weighs in a tree: goal → theme → criterion.

    Parameters
    ----------
    tree
        Name → points of a criterion, or `{"weight": points, "under": {…}}` for a theme. Points count among those
        beside them only.

    Returns
    -------
    WeightTree

    Raises
    ------
    InputError
        If a criterion stands in two places, a branch is empty or not as said, or points are not as in `direct_weights`.

    Examples
    --------
    >>> tree = {"Klimat": {"weight": 60, "under": {"station_min": 1, "road_m": 1}}, "area_ha": 40}
    >>> weight_tree(tree).weights.round(3).to_dict()
    {'station_min': 0.3, 'road_m': 0.3, 'area_ha': 0.4}
    """
    rows = list(_leaves(tree, (), 1.0))
    names = [name for name, *_ in rows]
    twice = twice_in(names)
    refuse([Finding("criteria_twice", {"ids": some(twice)})] if twice else [])
    columns = {
        "path": [" / ".join(path) for _, path, _, _ in rows],
        "local_share": [local for *_, local, _ in rows],
        "share": [share for *_, share in rows],
    }
    return WeightTree(pd.DataFrame(columns, index=pd.Index(names, name="criterion")))


def _leaves(branch: Any, path: tuple[str, ...], carried: float) -> Iterator[tuple[str, tuple[str, ...], float, float]]:
    """Return name, path, local and global share of each criterion beneath a branch."""
    where = " / ".join(path) or "–"
    if not isinstance(branch, Mapping) or not branch:
        refuse([Finding("tree_branch", {"where": where})])
    odd = [name for name, node in branch.items() if isinstance(node, Mapping) and set(node) != {"weight", "under"}]
    refuse([Finding("tree_branch", {"where": " / ".join([*path, str(odd[0])])})] if odd else [])
    names = [str(name) for name in branch]
    points = [node["weight"] if isinstance(node, Mapping) else node for node in branch.values()]
    for name, node, local in zip(
        names, branch.values(), as_shares(points, names, name=where if path else "points"), strict=True
    ):
        share = carried * float(local)
        if isinstance(node, Mapping):
            yield from _leaves(node["under"], (*path, name), share)
        else:
            yield name, path, float(local), share


def groups(order: Order) -> list[list[str]]:
    """
    Return an order as a list of places, each a list of names.

    Raises
    ------
    InputError
        If it is empty, no list of names, or names a criterion twice.
    """
    listed = isinstance(order, Sequence) and not isinstance(order, str)
    places = (
        [[place] if isinstance(place, str) else list(place) if isinstance(place, Sequence) else [] for place in order]
        if listed
        else []
    )
    names = [name for place in places for name in place]
    if not names or not all(places) or not all(isinstance(name, str) for name in names):
        refuse([Finding("order_kind", {"kind": type(order).__name__})])
    twice = twice_in(names)
    refuse([Finding("criteria_twice", {"ids": some(twice)})] if twice else [])
    return places


def _by_place(order: Order, places: Floats, method: str) -> pd.Series:
    shares, names, start = [], [], 0
    for group in groups(order):
        end = start + len(group)
        shares += [float(places[start:end].mean())] * len(group)
        names += group
        start = end
    return _series(np.array(shares), names, method)


def _names(points: Mapping[str, float] | pd.Series) -> list[str]:
    require_kind(points, (Mapping, pd.Series), name="points", wanted="{str: number}")
    refuse([Finding("weights_all_zero", {"name": "points"})] if not len(points) else [])
    return [str(name) for name in points.keys()]  # noqa: SIM118  (a Series goes over its values)


def _series(shares: Floats, names: Sequence[str], method: str) -> pd.Series:
    return pd.Series(shares, index=pd.Index(names, name="criterion"), name=method)
