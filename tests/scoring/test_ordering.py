"""Order and ranks of keys: NumPy's sort, the plain loops, and the loops compiled must say the same."""

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from landready.scoring import draws, smaa
from landready.scoring.buckets import Loops, compiled_loops, rank_row, room_for_buckets, sort_row
from landready.scoring.ordering import Scratch, rank

PLAIN = Loops(sort_row, rank_row)


def keys_of(scores, index_bits):
    whole = (np.asarray(scores, dtype=np.int64) << index_bits) + np.arange(np.shape(scores)[1])
    return whole + 2.0**52


def rows_of_scores(bits):
    spread = st.integers(0, 2**bits - 1)
    tied = st.integers(0, 3)
    near = st.integers(2**bits - 70, 2**bits - 1)
    return st.tuples(st.integers(1, 3), st.integers(1, 90)).flatmap(
        lambda size: st.lists(
            st.one_of(*(st.lists(each, min_size=size[1], max_size=size[1]) for each in (spread, tied, near))),
            min_size=size[0],
            max_size=size[0],
        )
    )


def check(scores, index_bits, loops):
    keys = keys_of(scores, index_bits)
    size, sites = keys.shape
    ranked = rank(keys.copy(), index_bits, Scratch(size, sites, loops))
    assert (ranked.order == np.argsort(keys, axis=1)).all()
    assert (ranked.ranks == 2 * rankdata(scores, axis=1)).all()
    tied = np.diff(np.sort(scores, axis=1), axis=1) == 0
    assert (ranked.tied is None) == (not tied.any())
    assert ranked.tied is None or (ranked.tied == tied).all()


@given(rows_of_scores(bits=20))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("loops", [None, PLAIN], ids=["numpy", "plain"])
def test_ranks_are_those_of_scipy(loops, scores):
    check(scores, 7, loops)


@pytest.mark.parametrize("sites", [1, 2, 63, 5000, 70_000])
def test_the_compiled_loops_say_the_same(sites):
    loops = compiled_loops()
    assert loops is not None, "the extra for tests installs Numba"
    rng = np.random.default_rng(7)
    scores = np.stack(
        [
            rng.integers(0, 2**35, sites),
            rng.integers(0, 1 + sites // 3, sites),
            np.zeros(sites, dtype=np.int64),
            (rng.random(sites) ** 60 * 2**35).astype(np.int64),
            np.r_[2**35 - 1, rng.integers(0, 50, sites - 1)],
        ]
    )
    check(scores, 17, loops)


def test_keys_that_lie_close_together_are_left_to_numpy():
    """One far away, and the rest in one bucket: sorted step by step that would take the square of their number."""
    keys = np.r_[2**40, np.arange(1000)[::-1]]
    heads, ordered = room_for_buckets(len(keys)), np.zeros(len(keys), dtype=np.int64)
    assert not sort_row(keys, heads, ordered)
    check(np.stack([keys >> 10, np.arange(1001)]), 10, PLAIN)


def test_smaa_is_the_same_to_the_last_bit_with_compiled_loops(monkeypatch):
    utilities = np.random.default_rng(3).random((400, 4)).round(2)
    utilities[5, 1] = np.nan
    plain = smaa(utilities, draws=300, seed=4, top=9)
    monkeypatch.setattr(draws, "_WORTH_COMPILING", 0)
    compiled = smaa(utilities, draws=300, seed=4, top=9)
    pd.testing.assert_frame_equal(plain.frame, compiled.frame, check_exact=True)
    pd.testing.assert_frame_equal(plain.rank_acceptability, compiled.rank_acceptability, check_exact=True)
    pd.testing.assert_frame_equal(plain.central_weights, compiled.central_weights, check_exact=True)


def test_without_numba_numpy_sorts(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    compiled_loops.cache_clear()
    try:
        assert compiled_loops() is None
    finally:
        compiled_loops.cache_clear()
