"""How firm a ranking is: the ranks of sites under thousands of weightings, and of uncertain values (SMAA)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from landready.errors import Finding, refuse, require_kind, require_language, whole_findings
from landready.scoring.draws import Counted, Draws, as_draws, count
from landready.scoring.information import facts_worth, split_of
from landready.scoring.ordering import rank
from landready.scoring.overlaps import double_counting, separates_nothing
from landready.scoring.tables import Floats, Numbers, Weights, as_table, rows_named
from landready.scoring.uncertain import UncertainValues, cells_of
from landready.scoring.weightings import Weighting, as_weighting
from landready.scoring.wording import in_letters, percent
from landready.texts import Language, number, text

_MOST_PLACES = 100
_KEPT_CELLS = 2**23
_MOST_PAIRS = 200
_SORTED_SITES = 2**10
"""Sites whose ranks are sorted at a time: no second copy of all of them."""
INTERVAL = (0.05, 0.95)
"""The ranks between which a site lies in nine draws of ten."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """
    What thousands of weightings say of the sites.

    Parameters
    ----------
    frame
        One row a site: `expected_rank`; `rank_low` and `rank_high`, between which nine draws of ten lie;
        `first_share` and `shortlist_share`, in which share of the draws the site is first, and on the shortlist;
        `confidence_share`, how often it is first with its central weights (`nan` if never first).
    rank_acceptability
        Sites × ranks 1 … k: share of the draws in which the site has the rank. A tie shares its ranks equally, so
        that each column sums to 1.
    central_weights
        Sites × criteria: the mean of the weightings that put the site first; `nan` if none does.
    weighting
        What was drawn from.
    draws, seed
        How many draws, and from which seed.
    shortlist
        How many sites a shortlist has.
    interval_draws
        From how many of the draws `rank_low` and `rank_high` are: as many as memory holds.
    split
        With uncertain values, one row a site: which share of the variance of its rank comes from the weights alone,
        from the values alone, and from both together; they sum to 1, and are `nan` if the rank never changes.
    facts
        With uncertain values, one row a fact (site and criterion) that is not sure, the most useful first:
        `worth_share`, by which share knowing it would lessen the uncertainty of who is on the shortlist.
    findings
        Criteria that are alike for all sites, or that count the same thing twice.
    problem
        The sites and weightings as they were drawn.
    """

    frame: pd.DataFrame
    rank_acceptability: pd.DataFrame
    central_weights: pd.DataFrame
    weighting: Weighting
    draws: int
    seed: int
    shortlist: int
    interval_draws: int
    split: pd.DataFrame | None
    facts: pd.DataFrame | None
    findings: tuple[Finding, ...]
    problem: Draws = field(repr=False)

    def pairwise_winning(self, sites: Sequence[Any] | None = None) -> pd.DataFrame:
        """
        Return in which share of the draws each site (row) comes before each other (column); a tie counts half.

        Parameters
        ----------
        sites
            Ids; None for the (up to 200) best by expected rank.

        Returns
        -------
        pandas.DataFrame
            Sites × sites; `nan` on the diagonal.

        Raises
        ------
        InputError
            If a site is not there.
        """
        index = self.frame.index
        best = self.frame["expected_rank"].nsmallest(_MOST_PAIRS).index
        numbers = rows_named(best if sites is None else sites, index)
        wins = np.zeros((len(numbers), len(numbers)))
        for start, end in self.problem.blocks(0, self.draws):
            ranks = rank(self.problem.keys(start, end), self.problem.index_bits).ranks[:, numbers]
            for place, own in enumerate(ranks.T):
                others = own[:, np.newaxis]
                wins[place] += 2.0 * (others < ranks).sum(axis=0) + (others == ranks).sum(axis=0)
        wins /= 2.0 * self.draws
        np.fill_diagonal(wins, np.nan)
        labels = index[numbers]
        return pd.DataFrame(wins, index=labels, columns=labels)

    def in_words(self, language: Language = "sv", *, names: Mapping[str, str] | None = None) -> str:
        """
        Return what was drawn, the sites most often on the shortlist, and the fact most worth knowing.

        Parameters
        ----------
        language
            `"sv"` or `"en"`.
        names
            Criterion → what people call it; None for the ids.
        """
        require_language(language)
        kind = text(f"ranking.weights_{self.weighting.kind}", language)
        lines = [text("ranking.drawn", language, draws=self.draws, seed=self.seed, kind=kind)]
        first = self.frame.sort_values(["shortlist_share", "expected_rank"], ascending=[False, True], kind="stable")
        for site, row in first.head(self.shortlist).iterrows():
            said = {
                "site": site,
                "place": place_in_words(self.shortlist, language),
                "share": share_in_words(row["shortlist_share"], language),
                "low": number(row["rank_low"], language, decimals=0),
                "high": number(row["rank_high"], language, decimals=0),
            }
            lines.append(text("ranking.among", language, **said))
        if self.facts is not None and len(self.facts):
            lines.append(_worth_in_words(self.facts, names or {}, language))
        return "\n".join([*lines, *(_named(finding, names or {}).text(language) for finding in self.findings)])


def place_in_words(shortlist: int, language: Language) -> str:
    """Return what it is called to be on a shortlist of so many."""
    key = "ranking.place_one" if shortlist == 1 else "ranking.place_several"
    return text(key, language, shortlist=in_letters(shortlist, language))


def share_in_words(share: float, language: Language) -> str:
    """Return a share of the draws in whole per cent; never all or nothing where it is not."""
    if 0 < share < 0.01:
        return text("ranking.less_than", language, value=percent(0.01, language))
    if 0.99 < share < 1:
        return text("ranking.more_than", language, value=percent(0.99, language))
    return percent(round(float(share), 2), language)


def _named(finding: Finding, names: Mapping[str, str]) -> Finding:
    """Return a finding in which criteria are called what people call them."""
    values = {
        key: ", ".join(names.get(part, part) for part in value.split(", ")) if isinstance(value, str) else value
        for key, value in finding.values.items()  # noqa: PD011
    }
    return replace(finding, values=values)


def _worth_in_words(facts: pd.DataFrame, names: Mapping[str, str], language: Language) -> str:
    site, criterion = facts.index[0]
    worth = float(facts["worth_share"].iloc[0])
    if worth <= 0:
        return text("ranking.no_fact", language)
    key = "ranking.fact_unknown" if facts["unknown"].iloc[0] else "ranking.fact_unsure"
    return text(
        key, language, site=site, criterion=names.get(criterion, criterion), share=share_in_words(worth, language)
    )


def smaa(
    utilities: Numbers,
    weights: Weighting | Weights | None = None,
    *,
    draws: int = 10_000,
    seed: int = 0,
    top: int | None = None,
    shortlist: int = 3,
    uncertain: UncertainValues | None = None,
    threads: int | None = None,
) -> Robustness:
    """
    Rank sites by the weighted sum under many weightings (SMAA-2, Lahdelma and Salminen 2001).

    Parameters
    ----------
    utilities
        Sites × criteria, 0–1; `nan` is unknown, and is left out of the site's sum as `landready.score` does. A frame
        names sites and criteria.
    weights
        What is tried: a `Weighting` (`any_weights`, `weights_around`, `ordinal_weights`, `interval_weights`,
        `judged_weights` of `landready.scoring`); plain weights for those around them; None for any weights at all.
    draws
        How many weightings.
    seed
        Whole number ≥ 0: the same seed, the same result to the last bit.
    top
        How many ranks are told apart, from the first; None for all, up to 100.
    shortlist
        How many of the best sites a shortlist has.
    uncertain
        Values with errors, and those that are unknown: each draw then tries other values too, and what is unknown
        lies anywhere from worst to best. None if only the weights vary.
    threads
        How many threads; None for one a processor. The result does not depend on it.

    Returns
    -------
    Robustness

    Raises
    ------
    InputError
        If arguments are not as said, or nothing is known about a site.

    Notes
    -----
    Utilities are rounded to a millionth, the width of a tie in `landready.score`, and weights to 2 to the power of
    −(32 − the bits that number the sites), 26 at most; with 20 000 sites that is eight millionths. Own code: no library
    at hand does this. From a hundred million sites × draws on, the extra `fast` (Numba) is used where it is installed:
    the same answers to the last bit, several times sooner.

    Examples
    --------
    >>> firm = smaa([[1, 0], [0, 1], [0.6, 0.6]], draws=2000, seed=1)
    >>> firm.rank_acceptability[1].round(1).to_list()
    [0.4, 0.4, 0.2]
    """
    table = as_table(utilities, name="utilities", utilities=True)
    _check(draws, seed, top, shortlist, threads)
    weighting = as_weighting(weights)
    require_kind(uncertain, (UncertainValues, type(None)), name="uncertain", wanted="UncertainValues, None")
    shares = weighting.draws(table.columns, count=draws, seed=[seed, 0])
    cells = None if uncertain is None else cells_of(uncertain, table, seed=seed)
    cells = cells if cells is not None and cells.count else None
    problem = as_draws(table, shares, cells, fixed=weighting.fixed)
    sites = len(table.index)
    places = min(sites, _MOST_PLACES if top is None else int(top))
    listed = min(sites, int(shortlist))
    counted = count(problem, places=places, shortlist=listed, keep_cells=_KEPT_CELLS, threads=threads)
    acceptability = counted.tally.places()
    acceptability /= draws
    central = _central(counted)
    columns = {
        "expected_rank": counted.tally.rank_sums / (2 * draws),
        **_interval(counted),
        "first_share": acceptability[:, 0] if places else np.empty(0),
        "shortlist_share": _on_shortlist(acceptability, counted, listed, draws),
        "confidence_share": _confidence(problem, central),
    }
    split = facts = None
    if cells is not None:
        other = weighting.draws(table.columns, count=draws, seed=[seed, 1])
        split = split_of(problem, as_draws(table, other, cells, fixed=weighting.fixed).weights, table.index)
        facts = facts_worth(problem, counted.best, table)
    return Robustness(
        frame=pd.DataFrame(columns, index=table.index),
        rank_acceptability=pd.DataFrame(
            acceptability, index=table.index, columns=pd.RangeIndex(1, places + 1, name="rank")
        ),
        central_weights=pd.DataFrame(central, index=table.index, columns=pd.Index(table.columns, name="criterion")),
        weighting=weighting,
        draws=int(draws),
        seed=int(seed),
        shortlist=int(shortlist),
        interval_draws=len(counted.kept),
        split=split,
        facts=facts,
        findings=(*separates_nothing(utilities), *double_counting(utilities)),
        problem=problem,
    )


def _check(draws: int, seed: int, top: int | None, shortlist: int, threads: int | None) -> None:
    given = {"draws": draws, "seed": seed, "shortlist": shortlist, "top": top, "threads": threads}
    refuse(
        [
            finding
            for name, value in given.items()
            if not (value is None and name in {"top", "threads"})
            for finding in whole_findings(value, name=name, minimum=0 if name == "seed" else 1)
        ]
    )


def _central(counted: Counted) -> Floats:
    """Return the mean weights with which each site is first; `nan` where it never is."""
    summed = counted.tally.first_weights.astype("float64")
    whole = summed.sum(axis=1, keepdims=True)
    central: Floats = summed / np.where(whole > 0, whole, np.nan)
    return central


def _interval(counted: Counted) -> dict[str, Floats]:
    draws, sites = counted.kept.shape
    ends = int(np.floor(INTERVAL[0] * draws)), int(np.ceil(INTERVAL[1] * draws)) - 1
    found = np.empty((2, sites))
    for start in range(0, sites, _SORTED_SITES):
        ranks = np.ascontiguousarray(counted.kept[:, start : start + _SORTED_SITES].T)
        ranks.sort(axis=1)
        found[:, start : start + _SORTED_SITES] = ranks[:, ends].T / 2
    return {"rank_low": found[0], "rank_high": found[1]}


def _on_shortlist(acceptability: Floats, counted: Counted, listed: int, draws: int) -> Floats:
    if listed <= acceptability.shape[1]:
        on_list: Floats = acceptability[:, :listed].sum(axis=1)
        return on_list
    return np.bincount(counted.best.ravel(), minlength=len(acceptability)) / draws


_CONFIDENCE_DRAWS = 1000


def _confidence(problem: Draws, central: Floats) -> Floats:
    """Return how often each site is first with its central weights; a tie counts as its share."""
    confidence = np.full(len(central), np.nan)
    sites = np.flatnonzero(~np.isnan(central).any(axis=1))
    whole = np.floor(central[sites] * (2.0**problem.weight_bits - central.shape[1]))
    tries = 1 if problem.cells is None else min(_CONFIDENCE_DRAWS, len(problem.weights))
    block = max(1, problem.block_cells // max(1, problem.sites))
    for start in range(0, len(sites), block):
        chosen = sites[start : start + block]
        first = np.zeros(len(chosen))
        for draw in range(tries):
            keys = problem.keys(draw, draw + 1, weights=whole[start : start + block])
            scores = keys.view(np.int64) >> problem.index_bits
            best = scores == scores.min(axis=1, keepdims=True)
            first += best[np.arange(len(chosen)), chosen] / best.sum(axis=1)
        confidence[chosen] = first / tries
    return confidence
