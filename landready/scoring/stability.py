"""How much a weight can change before a site leaves the shortlist: exact, one weight at a time, and in sentences."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, refuse, require_kind, require_language, whole_findings
from landready.scoring.robustness import Robustness, place_in_words, share_in_words
from landready.scoring.tables import ROUNDING, Floats, Numbers, Weights, as_shares, as_table, rows_named
from landready.scoring.wording import percent
from landready.texts import Language, text

_SAME = 1e-12
_NOTHING = 0.01
"""A criterion that weighs less is as good as left out."""


def break_evens(
    utilities: Numbers, weights: Weights, *, shortlist: int = 3, sites: Sequence[Any] | pd.Index | None = None
) -> pd.DataFrame:
    """
    Return the weights at which each site enters or leaves the shortlist.

    One weight moves at a time and the others keep their proportions. With share t for criterion c, the total of a site
    is (t·u + (1 − t)·a) / (t + (1 − t)·b), where a and b are the weighted utilities and the weight of what else is
    known; two sites are level where a quadratic in t is zero (a line, where all is known), so that the points are
    exact.

    Parameters
    ----------
    utilities
        Sites × criteria, 0–1; `nan` is unknown and left out of the site's sum.
    weights
        One number ≥ 0 a criterion.
    shortlist
        How many of the best sites the list has. A site is on it if fewer than this many have a higher total; sites
        that are level do not push each other off.
    sites
        Ids of the sites to answer for, against all; None for all of them.

    Returns
    -------
    pandas.DataFrame
        By site and criterion: `share` (of the weight today), `on_list` (whether the site is on it today), and
        `below_share` and `above_share`: under and over which share of the weight that changes; `nan` if it does not.

    Raises
    ------
    InputError
        If utilities, weights or shortlist are not as said, or a site is not there.

    Examples
    --------
    >>> even = break_evens([[1.0, 0.0], [0.0, 1.0]], [0.7, 0.3], shortlist=1)
    >>> even.loc[(0, "0"), ["share", "below_share"]].to_list()
    [0.7, 0.5]
    """
    table = as_table(utilities, name="utilities", utilities=True)
    shares = as_shares(weights, table.columns)
    refuse(whole_findings(shortlist, name="shortlist", minimum=1))
    numbers = np.arange(len(table.index)) if sites is None else rows_named(sites, table.index)
    criteria = table.cells.shape[1]
    today = _on_list(table.cells, shares, shortlist)
    below, above = np.full((2, len(numbers), criteria), np.nan)
    for criterion in range(criteria):
        lines = _lines(table.cells, shares, criterion)
        for place, site in enumerate(numbers.tolist()):
            ends = _ends(lines, site, float(shares[criterion]), shortlist, on_list=bool(today[site]))
            below[place, criterion], above[place, criterion] = ends
    frame = pd.DataFrame(
        {"site_id": np.repeat(table.index[numbers], criteria), "criterion": table.columns * len(numbers)}
    )
    index = pd.MultiIndex.from_frame(frame)
    columns = {"share": np.tile(shares, len(numbers)), "on_list": np.repeat(today[numbers], criteria)}
    return pd.DataFrame({**columns, "below_share": below.ravel(), "above_share": above.ravel()}, index=index)


class _Lines(NamedTuple):
    """Total at share t: (t·own + (1 − t)·rest) / (t·has + (1 − t)·known), for each site."""

    own: Floats
    has: Floats
    rest: Floats
    known: Floats


def _lines(values: Floats, shares: Floats, criterion: int) -> _Lines:
    others = np.delete(shares, criterion)
    whole = others.sum()
    # If all weight was on this one, nothing says how the others would share what it gives up: equally.
    scaled = others / whole if whole > _SAME else np.full(len(others), 1 / max(1, len(others)))
    rest = np.delete(values, criterion, axis=1)
    own = values[:, criterion]
    return _Lines(
        own=np.nan_to_num(own),
        has=(~np.isnan(own)).astype("float64"),
        rest=np.nan_to_num(rest) @ scaled,
        known=(~np.isnan(rest)) @ scaled,
    )


def _on_list(values: Floats, shares: Floats, shortlist: int) -> NDArray[np.bool_]:
    """Tell which sites have fewer than so many above them; one of which nothing is known is not on the list."""
    carried = (~np.isnan(values)) @ shares
    totals = np.nan_to_num(values) @ shares / np.where(carried > _SAME, carried, np.nan)
    known = np.sort(totals[~np.isnan(totals)])
    above = len(known) - np.searchsorted(known, totals + _SAME, side="right")
    on: NDArray[np.bool_] = (above < shortlist) & ~np.isnan(totals)
    return on


def _ends(lines: _Lines, site: int, share: float, shortlist: int, *, on_list: bool) -> tuple[float, float]:
    """Return below and above which share of one criterion a site is no longer where it is today."""
    if lines.has[site] + lines.known[site] <= _SAME:
        return float("nan"), float("nan")
    points, above = _others_above(lines, site)
    changed = (above < shortlist) != on_list
    lower = np.flatnonzero(changed & (points[1:] <= share + _SAME))
    upper = np.flatnonzero(changed & (points[:-1] >= share - _SAME))
    below = float(points[lower[-1] + 1]) if len(lower) else float("nan")
    over = float(points[upper[0]]) if len(upper) else float("nan")
    return below, over


def _others_above(lines: _Lines, site: int) -> tuple[Floats, NDArray[np.int64]]:
    """
    Return the shares, from 0 to 1, at which a site is level with another, and how many are above it between them.

    The lead over another site has the sign of gained·their carried − theirs·carried, a quadratic in the share. It
    changes at two points at most, so that all that happens is a list of events, sorted once.
    """
    own, has, rest, known = (part[site] for part in lines)
    square = (own - rest) * (lines.has - lines.known) - (lines.own - lines.rest) * (has - known)
    line = (own - rest) * lines.known + rest * (lines.has - lines.known)
    line -= (lines.own - lines.rest) * known + lines.rest * (has - known)
    level = rest * lines.known - lines.rest * known
    edges = np.concatenate([np.zeros((1, len(level))), _roots(square, line, level), np.ones((1, len(level)))])
    middles = (edges[:-1] + edges[1:]) / 2
    is_above = (((square * middles + line) * middles + level) < -_SAME).astype(np.int64)
    moves = np.diff(is_above, axis=0)
    happens = moves != 0
    points, place = np.unique(np.concatenate([[0.0], edges[1:-1][happens], [1.0]]), return_inverse=True)
    steps = np.zeros(len(points), dtype=np.int64)
    np.add.at(steps, place[1:-1], moves[happens])
    return points, is_above[0].sum() + np.cumsum(steps)[:-1]


def _roots(square: Floats, line: Floats, level: Floats) -> Floats:
    """Return the two roots of each quadratic, the smaller first; 1 for those that are not between 0 and 1."""
    bent = np.abs(square) > _SAME
    with np.errstate(divide="ignore", invalid="ignore"):
        # The form that does not subtract what is nearly equal.
        half = -0.5 * (line + np.where(line < 0, -1.0, 1.0) * np.sqrt(line**2 - 4 * square * level))
        found = np.stack([np.where(bent, half / square, -level / line), np.where(bent, level / half, np.nan)])
        # What happens at the very end, within rounding, does not happen on the way.
        return np.sort(np.where((found > ROUNDING) & (found < 1 - ROUNDING), found, 1.0), axis=0)


def stability_sentences(
    robustness: Robustness,
    evens: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    language: Language = "sv",
) -> pd.Series:
    """
    Say how firmly each site stands, and what would change it.

    Parameters
    ----------
    robustness
        From `landready.smaa`.
    evens
        From `break_evens`, for some or all of these sites and the same length of the shortlist.
    names
        Criterion → what people call it; None for the ids.
    language
        `"sv"` or `"en"`.

    Returns
    -------
    pandas.Series
        A sentence for each site of `evens`. Of all weights that would change its place on the list, the one is named
        that has the least way to go; none, if one criterion would have to weigh more than all others together, and more
        than twice what it does.

    Raises
    ------
    InputError
        If a site of `evens` was not tried.
    """
    require_language(language)
    require_kind(robustness, Robustness, name="robustness", wanted="Robustness")
    require_kind(evens, pd.DataFrame, name="evens", wanted="DataFrame (break_evens)")
    require_kind(names, (Mapping, type(None)), name="names", wanted="{str: str}, None")
    sites = evens.index.get_level_values(0).unique()
    refuse([] if sites.isin(robustness.frame.index).all() else [Finding("sentences_sites", {})])
    of_site: dict[Any, list[dict[Hashable, Any]]] = {site: [] for site in sites}
    for row in evens.reset_index(names=["site_id", "criterion"]).to_dict("records"):
        of_site[row["site_id"]].append(row)
    place = place_in_words(robustness.shortlist, language)
    sentences = [
        _sentence(
            of_site[site],
            names or {},
            language,
            site=site,
            place=place,
            share=share_in_words(float(share), language),
        )
        for site, share in robustness.frame.loc[sites, "shortlist_share"].items()
    ]
    return pd.Series(sentences, index=sites, name="sentence", dtype="str")


def _sentence(rows: list[dict[Hashable, Any]], names: Mapping[str, str], language: Language, **head: Any) -> str:
    ways = [
        (round(abs(row[f"{side}_share"] - row["share"]), 9), side, row)
        for row in rows
        for side in ("below", "above")
        if not np.isnan(row[f"{side}_share"])
    ]
    on_list = rows[0]["on_list"]
    if not ways:
        return text("ranking.stays" if on_list else "ranking.stays_off", language, **head)
    near = [way for way in ways if _thinkable(*way[1:])]
    if not near:
        return text("ranking.stays_within" if on_list else "ranking.stays_off_within", language, **head)
    _, side, row = min(near, key=lambda way: way[0])
    limit = row[f"{side}_share"]
    way = "without" if limit < _NOTHING else side
    return text(
        f"ranking.{'leaves' if on_list else 'enters'}_{way}",
        language,
        **head,
        criterion=names.get(row["criterion"], row["criterion"]),
        limit=_share_apart(limit, row["share"], language),
        today=percent(round(row["share"], 3), language),
    )


def _thinkable(side: str, row: dict[Hashable, Any]) -> bool:
    """Tell whether somebody could want it: not one criterion above all others together, if it is not half so today."""
    return side == "below" or bool(row["above_share"] <= max(0.5, 2 * row["share"]))


def _share_apart(share: float, today: float, language: Language) -> str:
    """Return a share in whole per cent, or with a decimal where it would look like today's."""
    if round(share, 2) != round(today, 2):
        return percent(min(0.99, round(share, 2)), language)
    return percent(round(share, 3), language)
