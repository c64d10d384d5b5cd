"""Where the uncertainty of a rank comes from, and which fact would be most worth knowing."""

import numpy as np
import pandas as pd

from landready.scoring.draws import Draws
from landready.scoring.ordering import rank
from landready.scoring.tables import Floats, Table

_BINS = 10
_BLOCK_DRAWS = 256


def split_of(draws: Draws, other_weights: Floats, index: pd.Index) -> pd.DataFrame:
    """
    Return which share of the variance of each rank comes from weights, from values, and from both together.

    Each draw is made twice more: with the same weights and other values, and with other weights and the same values.
    What two runs with the same weights have in common is due to the weights (the first-order index of Sobol).

    Parameters
    ----------
    draws
        Sites and weightings, with cells that are not sure.
    other_weights
        As many weightings again, as whole numbers.
    index
        Of the sites.

    Returns
    -------
    pandas.DataFrame
        `weights_share`, `data_share`, `both_share`; they sum to 1. `nan` where the rank never changes.
    """
    total = len(draws.weights)
    sums = np.zeros((3, draws.sites), dtype=np.int64)
    squares = np.zeros(draws.sites, dtype=np.int64)
    products = np.zeros((2, draws.sites), dtype=np.int64)
    for start, end in draws.blocks(0, total):
        runs = (
            draws.keys(start, end),
            draws.keys(start, end, ahead=total),
            draws.keys(start, end, weights=other_weights[start:end]),
        )
        ranks = [rank(keys, draws.index_bits).ranks.astype(np.int64) for keys in runs]
        sums += [each.sum(axis=0) for each in ranks]
        squares += np.square(ranks[0]).sum(axis=0)
        products += [(ranks[0] * each).sum(axis=0) for each in ranks[1:]]
    means = sums / total
    variance = squares / total - means[0] ** 2
    moved = np.where(variance > 0, variance, np.nan)
    shared = (products / total - means[0] * means[1:]) / moved
    weights, data = np.clip(shared, 0.0, 1.0)  # chance alone can put either a little outside
    over = np.maximum(weights + data, 1.0)
    columns = {"weights_share": weights / over, "data_share": data / over}
    return pd.DataFrame({**columns, "both_share": 1 - (weights + data) / over}, index=index)


def facts_worth(draws: Draws, best: np.ndarray[tuple[int, int], np.dtype[np.int32]], table: Table) -> pd.DataFrame:
    """
    Return how much knowing each fact would lessen the uncertainty of who is on the shortlist.

    The uncertainty is the sum of p·(1 − p) over the sites, where p is the share of the draws in which a site is on the
    list. For each fact the draws are put into ten groups by its value; the mean uncertainty within groups, with chance
    allowed for, is what would be left if it were known.

    Parameters
    ----------
    draws
        Sites and weightings, with cells that are not sure.
    best
        Draws × length of the shortlist: the numbers of the sites on it.
    table
        Names of sites and criteria.

    Returns
    -------
    pandas.DataFrame
        By site and criterion, the most useful fact first: `worth_share` (0–1 of the uncertainty) and `unknown` (whether
        the value is unknown, and not merely unsure). Only sites that are on the list in some draw and not in all.
    """
    cells = draws.cells
    total = len(draws.weights)
    on_list = np.bincount(best.ravel(), minlength=draws.sites)
    contested = np.flatnonzero((on_list > 0) & (on_list < total))
    index = pd.MultiIndex.from_arrays([table.index[:0], pd.Index([], dtype="str")], names=["site_id", "criterion"])
    if cells is None or not len(contested):
        return pd.DataFrame({"worth_share": np.empty(0), "unknown": np.empty(0, dtype=bool)}, index=index)
    member = (best[:, :, np.newaxis] == contested).any(axis=1).astype("float64")
    whole = float((member.mean(axis=0) * (1 - member.mean(axis=0))).sum())
    bins = min(_BINS, max(2, total // 50))
    rows = np.concatenate([column.rows for column in cells.columns])
    chosen = np.flatnonzero(np.isin(rows, contested))
    chances = np.concatenate(
        [
            cells.chances(range(start, min(start + _BLOCK_DRAWS, total)))[:, chosen]
            for start in range(0, total, _BLOCK_DRAWS)
        ]
    )
    worth = [_explained(chances[:, fact], member, bins) / whole for fact in range(len(chosen))]
    names = np.concatenate([[table.columns[column.number]] * len(column.rows) for column in cells.columns])
    unknown = np.concatenate([np.isnan(column.measured) for column in cells.columns])
    index = pd.MultiIndex.from_arrays([table.index[rows[chosen]], names[chosen]], names=["site_id", "criterion"])
    facts = pd.DataFrame({"worth_share": worth, "unknown": unknown[chosen]}, index=index)
    return facts.sort_values("worth_share", ascending=False, kind="stable")


def _explained(chances: Floats, member: Floats, bins: int) -> float:
    """Return how much less varied membership is within groups of like chances than in all."""
    total = len(member)
    groups = np.minimum((chances * bins).astype(int), bins - 1)
    sizes = np.bincount(groups, minlength=bins).astype("float64")
    sums = np.stack([np.bincount(groups, weights=column, minlength=bins) for column in member.T])
    filled = sizes > 0
    means = member.mean(axis=0)
    between = (np.square(sums[:, filled]) / sizes[filled]).sum(axis=1) / total - means**2
    # Groups differ by chance too, by as much as their number over that of the draws.
    freed = int(filled.sum()) - 1
    within = means * (1 - means) - between
    return max(0.0, float((between - within * freed / max(1, total - freed - 1)).sum()))
