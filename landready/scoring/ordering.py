"""The order and the ranks of all sites in some draws, from keys that hold score and number of the site."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landready.scoring.buckets import Loops, room_for_buckets
from landready.scoring.tables import Floats

_CACHE_CELLS = 3 * 2**15
"""Sites × draws that are ranked at a time: what fits the processor's cache."""

Ints = NDArray[np.int64]
Ranks = NDArray[np.integer[Any]]
"""Twice the ranks, in as few bytes as hold them."""
Ties = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ranked:
    """
    Sites of some draws in order.

    Parameters
    ----------
    order
        Draws × places: the number of the site on each.
    ranks
        Draws × sites: twice the rank, whole where a tie shares it.
    tied
        Draws × (places − 1): whether a place has the score of the one before; None if none has.
    """

    order: Ints
    ranks: Ranks
    tied: Ties | None


class Scratch:
    """
    Memory that the blocks of one thread share.

    Parameters
    ----------
    draws, sites
        Size of the largest block.
    loops
        What sorts and ranks; None for NumPy.
    """

    def __init__(self, draws: int, sites: int, loops: Loops | None = None) -> None:
        self.keys = np.empty((draws, sites))
        self.ranks = room_for_ranks(draws, sites)
        self.tied = np.empty((draws, max(0, sites - 1)), dtype=bool)
        self.differ = np.empty((max(1, _CACHE_CELLS // max(1, sites)), max(0, sites - 1)), dtype=np.int64)
        self.places = np.arange(2, 2 * sites + 2, 2, dtype=self.ranks.dtype)
        self.loops = loops
        self.ordered = np.empty(sites, dtype=np.int64)
        self.heads = room_for_buckets(sites)


def room_for_ranks(draws: int, sites: int) -> Ranks:
    """Return memory for twice the ranks."""
    return np.empty((draws, sites), dtype=np.uint16 if 2 * sites < 2**16 else np.int32)


def rank(keys: Floats, index_bits: int, scratch: Scratch | None = None) -> Ranked:
    """
    Return the order and the ranks that keys stand for; ties share the average rank.

    Parameters
    ----------
    keys
        From `Draws.keys`; they are sorted in place, and the order lies in their memory.
    index_bits
        See `Draws`.
    scratch
        Memory for the rest; the next call that is given it overwrites this result.
    """
    scratch = scratch or Scratch(*keys.shape)
    ranks, tied = scratch.ranks[: len(keys)], scratch.tied[: len(keys)]
    if scratch.loops is None:
        any_tied = _by_comparing(keys, index_bits, ranks, tied, scratch)
    else:
        any_tied = _by_buckets(scratch.loops, keys, index_bits, ranks, scratch)
    return Ranked(keys.view(np.int64), ranks, tied if any_tied else None)


def _by_comparing(keys: Floats, index_bits: int, ranks: Ranks, tied: Ties, scratch: Scratch) -> bool:
    """Order and rank keys with NumPy's sort, and return whether any are tied."""
    any_tied = False
    for first in range(0, len(keys), len(scratch.differ)):
        part = keys[first : first + len(scratch.differ)]
        part.sort(axis=1)
        order = part.view(np.int64)
        differ = np.bitwise_xor(order[:, 1:], order[:, :-1], out=scratch.differ[: len(part)])
        shared = differ.min(axis=1, initial=2**index_bits) < 2**index_bits
        order &= 2**index_bits - 1
        for row, own in enumerate(order, start=first):
            if shared[row - first]:
                np.less(differ[row - first], 2**index_bits, out=tied[row])
                ranks[row, own] = _average(tied[row])
                any_tied = True
            else:
                tied[row] = False
                ranks[row, own] = scratch.places
    return any_tied


def _by_buckets(loops: Loops, keys: Floats, index_bits: int, ranks: Ranks, scratch: Scratch) -> bool:
    """Order and rank keys with the compiled loops, and return whether any are tied."""
    any_tied, tied = False, scratch.tied
    for row, order in enumerate(keys.view(np.int64)):
        if loops.sort_row(order, scratch.heads, scratch.ordered):
            any_tied |= loops.rank_row(scratch.ordered, index_bits, order, ranks[row], tied[row])
        else:
            alone = slice(row, row + 1)
            any_tied |= _by_comparing(keys[alone], index_bits, ranks[alone], tied[alone], scratch)
    return any_tied


def tie_runs(tied: Ties) -> tuple[Ints, Ints]:
    """Return where places with one score begin, and how many each has."""
    starts = np.flatnonzero(np.concatenate([[True], ~tied]))
    return starts, np.diff(starts, append=len(tied) + 1)


def _average(tied: Ties) -> Ints:
    starts, lengths = tie_runs(tied)
    return np.repeat(2 * starts + lengths + 1, lengths)
