"""Sort and rank a row of keys in plain loops: slow as Python, quick once Numba has compiled them.

The range of the keys is divided into buckets, a few for each key: put into their buckets the keys are nearly in order,
and a few steps to the left make it whole. NumPy's sort compares each key some fifteen times.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]

_MOST_STEPS = 8
"""Steps to the left per key, beyond which comparing is quicker."""


def room_for_buckets(keys: int) -> Ints:
    """Return memory for where the buckets of so many keys begin: two to four buckets a key, a power of two."""
    return np.empty(2 ** (2 * keys).bit_length() + 1, dtype=np.uint16 if keys < 2**16 else np.uint32)


def sort_row(keys: Ints, heads: Ints, ordered: Ints) -> bool:
    """
    Sort whole numbers, unless too many of them lie close together in their range.

    Parameters
    ----------
    keys
        The numbers.
    heads
        From `room_for_buckets`.
    ordered
        To be filled with the numbers in order.

    Returns
    -------
    bool
        False if buckets hold so many that sorting them step by step takes long; it is then given up.
    """
    low, high = keys.min(), keys.max()
    buckets = heads.size - 1
    shift = 0
    while (high - low) >> shift >= buckets:
        shift += 1
    heads[:] = 0
    for i in range(keys.size):
        heads[((keys[i] - low) >> shift) + 1] += 1
    begun = 0
    for bucket in range(1, heads.size):  # from how many a bucket holds to where it begins
        begun += heads[bucket]
        heads[bucket] = begun
    for i in range(keys.size):
        key = keys[i]
        bucket = (key - low) >> shift
        place = heads[bucket]
        heads[bucket] = place + 1
        ordered[place] = key
    steps = 0
    greatest = ordered[0]
    for i in range(1, keys.size):
        key = ordered[i]
        if key >= greatest:
            greatest = key
            continue
        ordered[i] = greatest
        place = i - 1
        while place > 0 and ordered[place - 1] > key:
            ordered[place] = ordered[place - 1]
            place -= 1
        ordered[place] = key
        steps += i - place
        if steps > _MOST_STEPS * keys.size:
            return False
    return True


def rank_row(ordered: Ints, index_bits: int, order: Ints, ranks: Ints, tied: NDArray[np.bool_]) -> bool:
    """
    Take sorted keys apart into sites and scores, and rank the sites.

    Parameters
    ----------
    ordered
        Score, and the number of the site in the lowest bits.
    index_bits
        How many bits number the sites.
    order
        To be filled: the number of the site on each place.
    ranks
        To be filled: twice the rank of each site, ties sharing their average.
    tied
        To be filled: whether a place has the score of the one before, from the second on.

    Returns
    -------
    bool
        Whether there are ties.
    """
    number = (1 << index_bits) - 1
    tied[:] = False
    any_tied = False
    before = (ordered[0] >> index_bits) - 1
    for i in range(ordered.size):
        score = ordered[i] >> index_bits
        order[i] = ordered[i] & number
        ranks[order[i]] = 2 * i + 2
        any_tied |= score == before
        before = score
    if not any_tied:
        return False
    first = 0
    while first < ordered.size:
        end = first + 1
        while end < ordered.size and ordered[end] >> index_bits == ordered[first] >> index_bits:
            tied[end - 1] = True
            end += 1
        for i in range(first, end):
            ranks[order[i]] = first + end + 1
        first = end
    return True


@dataclass(frozen=True)
class Loops:
    """The two loops, compiled."""

    sort_row: Callable[[Ints, Ints, Ints], bool]
    rank_row: Callable[[Ints, int, Ints, Ints, NDArray[np.bool_]], bool]


@cache
def compiled_loops() -> Loops | None:
    """Return the loops compiled; None without a Numba that goes with the NumPy there is."""
    try:
        from numba import njit
    except ImportError:
        return None
    compiled = njit(nogil=True)
    return Loops(compiled(sort_row), compiled(rank_row))
