"""Ranks of all sites in one draw of weights after another, exact and in bounded memory.

A draw is sorted as one array of whole numbers: the score, and behind it in the same number the place of the site in
the table. Utilities are rounded to about a millionth (the width of a tie) and weights so that a key has at most 52
bits: from 2 to the power of 52 on, the last bits of a float64 are a whole number as they stand. Sums of whole numbers
that a float64 holds exactly do not depend on the order in which they are made: ranks are the same on any machine,
whatever library multiplies, and however draws are divided among blocks and threads.

Where given weights are tried as they are, sites can be level without being alike, and rounded weights would part them.
There the sums are made in one order, criterion by criterion, and rounded to ties as `landready.score` does.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landready.errors import Finding, refuse, rows_of
from landready.scoring.aggregation import TIE
from landready.scoring.buckets import compiled_loops
from landready.scoring.ordering import Ints, Ranked, Ranks, Scratch, rank, room_for_ranks, tie_runs
from landready.scoring.tables import Floats, Table
from landready.scoring.uncertain import Cells

_KEY_BITS = 52
_MOST_WEIGHT_BITS = 26
_UTILITY_BITS = 20
_STEPS = 2**_UTILITY_BITS - 1
_SHARED_BITS = 40
_WEIGHT_SHARE_BITS = 12
_BLOCK_CELLS = 2**18
"""Sites × draws that are multiplied at a time."""
_PRODUCT = 2**18
"""Products larger than this are divided among threads by the linear algebra, where blocks already have their own."""
_WORTH_COMPILING = 10**8
"""From so many sites × draws on, compiled loops save more than the second that compiling takes."""


@dataclass(frozen=True, eq=False)
class Draws:
    """
    Sites and weightings as whole numbers.

    Parameters
    ----------
    losses
        (Criteria + 1) × sites: whole steps that each utility falls short of 1, 0 where unknown or drawn; the last row
        is the number of the site, and 2 to the power of 52.
    known
        Criteria × sites, 1 where a value counts; None if all do.
    weights
        Draws × criteria.
    weight_bits
        All weights of a draw sum to at most 2 to the power of this.
    cells
        What is drawn anew in each draw; None if all is sure.
    index_bits
        Bits of a key that hold the number of the site.
    fixed
        Whether given weights are tried as they are; `weights` are then no whole numbers.
    block_cells
        Sites × draws at a time.
    """

    losses: Floats
    known: Floats | None
    weights: Floats
    weight_bits: int
    cells: Cells | None
    index_bits: int
    fixed: bool = False
    block_cells: int = _BLOCK_CELLS

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return int(self.losses.shape[1])

    def blocks(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Divide draws into blocks."""
        size = max(1, self.block_cells // max(1, self.sites))
        for start in range(first, last, size):
            yield start, min(start + size, last)

    def keys(
        self, start: int, end: int, *, weights: Floats | None = None, ahead: int = 0, out: Floats | None = None
    ) -> Floats:
        """
        Return draws × sites: score and number of the site in one whole number, the best site the smallest.

        Parameters
        ----------
        start, end
            Which draws.
        weights
            Other weights than those of the draws.
        ahead
            How many draws further on the values are taken from.
        out
            Memory to use, if it will do: asking the system for more, block after block, takes longer than the sums.
        """
        chosen = self.weights[start:end] if weights is None else weights
        worths = []
        if self.cells is not None:
            worths = self.cells.utilities(self.cells.chances(range(start + ahead, end + ahead)))
        if self.fixed:
            return self._fixed_keys(chosen / 2.0**self.weight_bits, worths)
        if self.known is None:
            keys = _product(np.hstack([chosen * 2.0**self.index_bits, np.ones((len(chosen), 1))]), self.losses, out)
        else:
            lost = _product(chosen, self.losses[:-1])
            carried = _product(chosen, self.known) * _STEPS
            refuse([Finding("weight_on_unknown", {})] if (carried == 0).any() else [])
            keys = np.rint(lost / carried * (2.0 ** (_UTILITY_BITS + self.weight_bits) - 1))
            keys = keys * 2.0**self.index_bits + self.losses[-1]
        if self.cells is not None:
            for column, worth in zip(self.cells.columns, worths, strict=True):
                loss = np.rint((1 - worth) * _STEPS) * 2.0**self.index_bits
                keys[:, column.rows] += chosen[:, column.number, np.newaxis] * loss
        return keys

    def _fixed_keys(self, shares: Floats, worths: list[Floats]) -> Floats:
        """Return keys of totals that are rounded to ties."""
        totals = np.zeros((len(shares), self.sites))
        carried = np.zeros((len(shares), self.sites))
        known = np.ones((len(self.losses) - 1, 1)) if self.known is None else self.known
        for share, lost, counts in zip(shares.T[:, :, np.newaxis], self.losses[:-1], known, strict=True):
            totals += share * (counts - lost / _STEPS)
            carried += share * counts
        for column, worth in zip(self.cells.columns if self.cells else (), worths, strict=True):
            # A cell that is drawn lost nothing so far.
            totals[:, column.rows] -= shares[:, column.number, np.newaxis] * (1 - worth)
        refuse([Finding("weight_on_unknown", {})] if (carried == 0).any() else [])
        steps = np.rint(1 / TIE) - np.rint(totals / carried / TIE)
        keys: Floats = steps * 2.0**self.index_bits + self.losses[-1]
        return keys


def as_draws(
    table: Table, shares: Floats, cells: Cells | None, *, fixed: bool = False, block_cells: int = _BLOCK_CELLS
) -> Draws:
    """
    Return a table of utilities and weightings as whole numbers.

    Raises
    ------
    InputError
        If nothing is known about a site; with the sites.
    """
    values = table.cells.copy()
    unknown = np.isnan(values)
    if cells is not None:
        for column in cells.columns:
            values[column.rows, column.number] = 1.0
            unknown[column.rows, column.number] = False
    nothing = np.flatnonzero(unknown.all(axis=1))
    refuse(
        [Finding("sites_unknown", {"count": len(nothing), "rows": rows_of(table.index[nothing])})]
        if len(nothing)
        else []
    )
    index_bits = max(1, (len(values) - 1).bit_length())
    weight_bits = min(_KEY_BITS - _UTILITY_BITS - index_bits, _MOST_WEIGHT_BITS)
    columns = shares.shape[1]
    # Rounded down, but no weight to nothing: a site may have only that one known.
    whole = np.floor(shares * (2.0**weight_bits - columns))
    losses = ((1 - np.where(unknown, 1.0, values.clip(0, 1))) * _STEPS).T
    return Draws(
        losses=np.ascontiguousarray(
            np.vstack([losses if fixed else np.rint(losses), 2.0**_KEY_BITS + np.arange(len(values))])
        ),
        known=np.ascontiguousarray(~unknown.T, dtype="float64") if unknown.any() else None,
        weights=shares * 2.0**weight_bits if fixed else np.where(shares > 0, np.maximum(whole, 1.0), 0.0),
        weight_bits=weight_bits,
        cells=cells,
        index_bits=index_bits,
        fixed=fixed,
        block_cells=block_cells,
    )


def _product(left: Floats, right: Floats, out: Floats | None = None) -> Floats:
    out = np.empty((len(left), right.shape[1])) if out is None else out
    step = max(1, _PRODUCT // max(1, left.size))
    for start in range(0, right.shape[1], step):
        np.matmul(left, right[:, start : start + step], out=out[:, start : start + step])
    return out


@dataclass(eq=False)
class Tally:
    """
    What is counted over draws, in whole numbers: it does not matter in which order.

    Parameters
    ----------
    counts
        Sites × places: in how many draws a site had a place alone.
    shared
        The same for shared places, in parts of 2 to the power of −40; None as long as there are none.
    rank_sums
        Twice the sum of the ranks.
    first_weights
        Sites × criteria: sum of the weights in draws where the site was first, times 2 to the power of 12.
    """

    counts: NDArray[np.int32]
    rank_sums: Ints
    first_weights: Ints
    shared: Ints | None = None

    def add(self, ranked: Ranked, weights: Floats) -> None:
        """Count some draws."""
        places = self.counts.shape[1]
        self.rank_sums += ranked.ranks.sum(axis=0, dtype=np.int32)  # a block's ranks are far from its limit
        # The place after the last counts too: a tie may reach over it.
        touched = np.zeros(len(ranked.order), dtype=bool)
        whole = weights.astype(np.int64) << _WEIGHT_SHARE_BITS
        if ranked.tied is not None:
            touched |= ranked.tied[:, :places].any(axis=1)
            for row in np.flatnonzero(touched):
                self._add_tied(ranked.order[row], ranked.tied[row], whole[row])
        best = ranked.order[~touched, :places]
        # Cells by their number in one row, and what is added of the same kind: NumPy adds so many times faster.
        columns = whole.shape[1]
        np.add.at(self.counts.ravel(), (best * places + np.arange(places)).ravel(), np.int32(1))
        first = best[:, :1] * columns + np.arange(columns)
        np.add.at(self.first_weights.ravel(), first.ravel(), whole[~touched].ravel())

    def _add_tied(self, order: Ints, tied: NDArray[np.bool_], weights: Ints) -> None:
        places = self.counts.shape[1]
        if self.shared is None:
            self.shared = np.zeros(self.counts.shape, dtype=np.int64)
        starts, lengths = tie_runs(tied)
        alone = starts[(lengths == 1) & (starts < places)]
        self.counts[order[alone], alone] += 1
        if lengths[0] == 1:
            self.first_weights[order[0]] += weights
        several = (lengths > 1) & (starts < places)
        for start, length in zip(starts[several], lengths[several], strict=True):
            members = order[start : start + length]
            self.shared[members, start : start + length] += (1 << _SHARED_BITS) // length
            if start == 0:
                self.first_weights[members] += weights // length

    def merge(self, other: "Tally") -> None:
        """Add what another has counted."""
        self.counts += other.counts
        self.rank_sums += other.rank_sums
        self.first_weights += other.first_weights
        if other.shared is not None:
            self.shared = other.shared if self.shared is None else self.shared + other.shared

    def places(self) -> Floats:
        """Return sites × places: the number of draws, with shares of shared ones."""
        whole = self.counts.astype("float64")
        return whole if self.shared is None else whole + self.shared * 2.0**-_SHARED_BITS


@dataclass(eq=False)
class Counted:
    """
    What came of all draws.

    Parameters
    ----------
    tally
        What was counted.
    kept
        Draws × sites: twice the ranks of every `stride`-th draw.
    best
        Draws × length of the shortlist: the numbers of the sites on it, best first.
    stride
        See `kept`.
    """

    tally: Tally
    kept: Ranks
    best: NDArray[np.int32]
    stride: int = field(default=1)


def count(draws: Draws, *, places: int, shortlist: int, keep_cells: int, threads: int | None) -> Counted:
    """
    Rank the sites in all draws and count.

    Parameters
    ----------
    draws
        Sites and weightings.
    places
        How many places are told apart, from the first.
    shortlist
        How many of the best sites are kept for each draw.
    keep_cells
        How many ranks (draws × sites) are kept at most.
    threads
        How many threads; None for one a processor.
    """
    total = len(draws.weights)
    stride = max(1, -(-total * draws.sites // keep_cells))
    kept = room_for_ranks(-(-total // stride), draws.sites)
    best = np.empty((total, shortlist), dtype=np.int32)
    loops = compiled_loops() if total * draws.sites >= _WORTH_COMPILING else None

    # Not halves: a thread whose processor has other work does fewer.
    waiting = deque(draws.blocks(0, total if draws.sites else 0))

    def work(_: int) -> Tally:
        tally = Tally(
            np.zeros((draws.sites, places), dtype=np.int32),
            np.zeros(draws.sites, dtype=np.int64),
            np.zeros((draws.sites, draws.weights.shape[1]), dtype=np.int64),
        )
        scratch = None
        while True:
            try:
                start, end = waiting.popleft()
            except IndexError:
                return tally
            scratch = scratch or Scratch(end - start, draws.sites, loops)
            keys = draws.keys(start, end, out=scratch.keys[: end - start])
            ranked = rank(keys, draws.index_bits, scratch)
            tally.add(ranked, draws.weights[start:end])
            best[start:end] = ranked.order[:, :shortlist]
            chosen = np.arange(-(-start // stride) * stride, end, stride)
            kept[chosen // stride] = ranked.ranks[chosen - start]

    workers = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        tallies = list(pool.map(work, range(workers)))
    for other in tallies[1:]:
        tallies[0].merge(other)
    return Counted(tallies[0], kept, best, stride)
