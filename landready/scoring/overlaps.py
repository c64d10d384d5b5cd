"""Criteria that count the same thing twice, and criteria that tell no sites apart."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, number_findings, refuse
from landready.scoring.aggregation import TIE
from landready.scoring.tables import Numbers, Table, as_table, spans

LIMIT = 0.9
"""Above this rank correlation, two criteria say much the same."""
_FEWEST = 5
"""With fewer sites, ranks agree by chance."""

Cells = NDArray[np.float64]


def double_counting(utilities: Numbers, *, limit: float = LIMIT) -> tuple[Finding, ...]:
    """
    Return a warning for each two criteria whose ranks of the sites are nearly the same.

    Parameters
    ----------
    utilities
        Sites × criteria; `nan` is unknown. Two criteria are compared over the sites where both are known, if these
        are five or more.
    limit
        Rank correlation (Spearman's) above (>) which they are told.

    Returns
    -------
    tuple of Finding
        The most alike first.

    Raises
    ------
    InputError
        If it is no table of numbers, or the limit is not −1–1.
    """
    refuse(number_findings(limit, name="limit", minimum=-1, maximum=1))
    table = as_table(utilities, name="utilities")
    alike = []
    whole = None
    if table.complete and len(table.cells) >= _FEWEST:
        whole = _ranks(table.cells)
    for first in range(len(table.columns)):
        for second in range(first + 1, len(table.columns)):
            ranks = _ranks(_both(table, first, second)) if whole is None else whole[:, [first, second]]
            if len(ranks) < _FEWEST or (np.ptp(ranks, axis=0) == 0).any():
                continue
            correlation = _correlation(ranks)
            if correlation > limit:
                alike.append((correlation, table.columns[first], table.columns[second]))
    return tuple(
        Finding("double_counting", {"first": first, "second": second, "correlation": correlation}, severity="warning")
        for correlation, first, second in sorted(alike, key=lambda each: (-each[0], each[1], each[2]))
    )


def _correlation(ranks: Cells) -> float:
    first, second = (ranks - ranks.mean(axis=0)).T
    return float((first * second).sum() / np.sqrt(np.square(first).sum() * np.square(second).sum()))


def _ranks(cells: Cells) -> Cells:
    """Return the ranks within each column, equal values at the mean of theirs."""
    return pd.DataFrame(cells).rank().to_numpy()  # as scipy.stats does, which takes half a second to import


def _both(table: Table, first: int, second: int) -> Cells:
    both = table.cells[:, [first, second]]
    return both[~np.isnan(both).any(axis=1)]


def separates_nothing(utilities: Numbers) -> tuple[Finding, ...]:
    """
    Return a warning about criteria whose known utilities are all alike, or that are unknown for all.

    Parameters
    ----------
    utilities
        Sites × criteria; `nan` is unknown.

    Returns
    -------
    tuple of Finding
        One for those alike and one for those unknown; none where there are fewer than two sites.

    Raises
    ------
    InputError
        If it is no table of numbers.
    """
    table = as_table(utilities, name="utilities")
    if len(table.cells) < 2:
        return ()
    least, most = spans(table.cells)
    unknown = np.isnan(least)
    said = {"criteria_alike": ~unknown & (most - least <= TIE), "criteria_unknown": unknown}
    return tuple(
        Finding(key, {"ids": ", ".join(np.array(table.columns, dtype=object)[hit])}, severity="warning")
        for key, hit in said.items()
        if hit.any()
    )
