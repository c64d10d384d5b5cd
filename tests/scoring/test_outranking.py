"""PROMETHEE II: the sorted sums say what a comparison of each with each says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landready.errors import InputError
from landready.scoring import promethee_ii
from landready.scoring.outranking import PREFERENCES

PREFER = {
    "usual": lambda d, _q, _p: d > 0,
    "ushape": lambda d, q, _p: d > q,
    "vshape": lambda d, _q, p: np.where(d > p, 1, np.clip(d / p, 0, 1)) if p else d > 0,
    "level": lambda d, q, p: 0.5 * (d > q) + 0.5 * (d > p),
    "linear": lambda d, q, p: np.where(d > p, 1, np.clip((d - q) / (p - q), 0, 1)) if p > q else d > p,
}


def each_with_each(matrix, weights, preference, q, p):
    shares = np.array(weights) / np.sum(weights)
    preferred = sum(
        share * PREFER[preference](column[:, None] - column, q, p)
        for share, column in zip(shares, np.array(matrix, dtype=float).T, strict=True)
    )
    return (preferred.sum(axis=1) - preferred.sum(axis=0)) / (len(matrix) - 1)


@pytest.mark.parametrize("preference", PREFERENCES)
@given(
    matrix=hnp.arrays("float64", st.tuples(st.integers(2, 12), st.just(2)), elements=st.integers(-20, 20).map(float)),
    limits=st.tuples(st.integers(0, 10), st.integers(0, 10)).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_sorted_sums_are_those_of_all_pairs(preference, matrix, limits):
    q, p = (float(limit) for limit in limits)
    result = promethee_ii(matrix, weights=[1, 2], preference=preference, q=q, p=p)
    np.testing.assert_allclose(result.scores, each_with_each(matrix, [1, 2], preference, q, p), atol=1e-12)
    np.testing.assert_allclose(result.parts["positive"] - result.parts["negative"], result.scores, atol=1e-12)
    assert result.scores.sum() == pytest.approx(0, abs=1e-9)


def test_agrees_with_pymcdm():
    from pymcdm import methods

    rng = np.random.default_rng(3)
    matrix, weights, more = (
        rng.uniform(0, 100, (80, 4)),
        rng.dirichlet(np.ones(4)),
        np.array([True, False, True, False]),
    )
    limits = {"q": [10.0] * 4, "p": [30.0] * 4}
    used = {"usual": "", "ushape": "q", "vshape": "p", "level": "qp", "linear": "qp"}
    for ours, names in used.items():
        theirs = methods.PROMETHEE_II(
            "vshape_2" if ours == "linear" else ours, **{name: limits[name] for name in names}
        )
        result = promethee_ii(matrix, weights=weights, maximise=more, preference=ours, q=10, p=30)
        np.testing.assert_allclose(result.scores, theirs(matrix, weights, np.where(more, 1, -1)), atol=1e-12)


def test_large_numbers_lose_no_digits():
    column = 1e9 + np.array([[0.0], [1.0], [3.0]])
    result = promethee_ii(column, weights=[1], preference="vshape", p=4)
    np.testing.assert_allclose(result.scores, [-0.5, -0.125, 0.625], atol=1e-9)


def test_alike_one_and_none():
    assert promethee_ii([[1.0], [1.0]], weights=[1]).scores.tolist() == [0, 0]
    one = promethee_ii([[1.0]], weights=[1])
    assert np.isnan(one.scores).all()
    assert [finding.key for finding in one.findings] == ["one_site"]
    assert len(promethee_ii(np.empty((0, 1)), weights=[1])) == 0


def test_what_is_refused():
    for wrong in (
        {"preference": "gaussian"},
        {"q": -1},
        {"q": [1, 2, 3]},
        {"q": "a"},
        {"preference": "linear", "q": 3, "p": 2},
    ):
        with pytest.raises(InputError):
            promethee_ii([[1.0, 2.0], [2.0, 1.0]], weights=[1, 1], **wrong)
    with pytest.raises(InputError, match="promethee_ii"):
        promethee_ii([[1.0, float("nan")]], weights=[1, 1])
    words = promethee_ii([[1.0], [2.0]], weights=[1], preference="linear", q=1, p=2).in_words("sv")
    assert "q = 1,000; p = 2,000" in words


def test_a_difference_that_is_the_threshold_on_paper_is_not_above_it():
    column = [[0.8], [0.7], [0.3]]  # 0.8 - 0.7 is 0.1 and a little in binary
    assert promethee_ii(column, weights=[1], preference="ushape", q=0.1).scores.tolist() == [0.5, 0.5, -1]
    assert promethee_ii(column, weights=[1], preference="level", q=0.1, p=0.5).scores.tolist() == [0.25, 0.25, -0.5]


@pytest.mark.parametrize("preference", ["vshape", "level", "linear"])
def test_a_preference_with_p_asks_for_it(preference):
    with pytest.raises(InputError, match=preference):
        promethee_ii([[1.0], [2.0]], weights=[1], preference=preference)
