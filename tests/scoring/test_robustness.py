"""SMAA: the analytic case, agreement with a plain loop, sameness, uncertain values, and bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata

import landready
from landready import ValueFunction
from landready.errors import InputError
from landready.scoring import (
    UncertainValues,
    any_weights,
    judged_weights,
    ordinal_weights,
    smaa,
    weighted_sum,
    weights_around,
)
from landready.scoring.draws import as_draws, count
from landready.scoring.robustness import share_in_words
from landready.scoring.tables import as_table

NAN = float("nan")
THREE = [[1, 0], [0, 1], [0.6, 0.6]]
LINE = ValueFunction(points=[(0, 0.0), (1, 1.0)])


def plain(utilities, shares):
    """Rank draw by draw, as anybody would."""
    utilities = np.array(utilities, dtype=float)
    known = ~np.isnan(utilities)
    ranks = [rankdata(-np.round((np.nan_to_num(utilities) @ w) / (known @ w), 9), method="average") for w in shares]
    return np.array(ranks)


def test_the_analytic_case():
    result = landready.smaa(THREE, draws=100_000, seed=1)
    np.testing.assert_allclose(result.rank_acceptability[1], [0.4, 0.4, 0.2], atol=0.005)
    np.testing.assert_allclose(result.central_weights, [[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]], atol=0.005)
    assert result.frame["confidence_share"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=0), 1, atol=1e-9)
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=1), 1, atol=1e-9)
    wins = result.pairwise_winning()
    assert wins.loc[0, 1] == pytest.approx(0.5, abs=0.005)
    assert wins.loc[0, 2] == pytest.approx(0.4, abs=0.005)
    assert wins.loc[2, 0] == pytest.approx(0.6, abs=0.005)


@pytest.mark.parametrize("unknown", [0.0, 0.3])
@pytest.mark.parametrize("alike", [False, True])
def test_agrees_with_a_plain_loop(unknown, alike):
    rng = np.random.default_rng(4)
    utilities = rng.integers(0, 1000, (60, 5)) / 1000
    utilities[:, 1:][rng.random((60, 4)) < unknown] = NAN
    if alike:
        utilities[30:] = utilities[:30]
    result = smaa(utilities, draws=400, seed=9, top=7)
    problem = result.problem
    shares = problem.weights / problem.weights.sum(axis=1, keepdims=True)
    # Utilities are rounded to steps of 2^-20 - 1; these are not on them, and the plain loop must see the same.
    steps = 2**20 - 1
    ranks = plain(np.round(utilities * steps) / steps, shares)
    np.testing.assert_allclose(result.frame["expected_rank"], ranks.mean(axis=0), atol=1e-9)
    if alike:
        np.testing.assert_array_equal(result.rank_acceptability.iloc[30:], result.rank_acceptability.iloc[:30])
    else:
        for place in range(1, 8):
            np.testing.assert_allclose(result.rank_acceptability[place], (ranks == place).mean(axis=0), atol=1e-9)
        first = ranks == 1
        for site in np.flatnonzero(first.any(axis=0)):
            np.testing.assert_allclose(result.central_weights.loc[site], shares[first[:, site]].mean(axis=0), atol=1e-6)
    kept = np.sort(ranks, axis=0)
    np.testing.assert_array_equal(result.frame["rank_low"], kept[20])
    np.testing.assert_array_equal(result.frame["rank_high"], kept[379])
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=0), 1, atol=1e-9)
    never = (ranks > 1).all(axis=0) & ~np.isin(np.arange(60), np.flatnonzero(result.frame["first_share"] > 0))
    assert result.central_weights[never].isna().all(axis=None)
    assert result.frame.loc[never, "confidence_share"].isna().all()


def test_a_shortlist_longer_than_the_ranks_that_are_told_apart():
    rng = np.random.default_rng(8)
    utilities = rng.random((12, 3))
    whole, some = (smaa(utilities, draws=300, seed=2, shortlist=5, top=top) for top in (None, 2))
    assert some.rank_acceptability.shape == (12, 2)
    np.testing.assert_allclose(some.frame["shortlist_share"], whole.frame["shortlist_share"], atol=1e-9)
    # As long as the ranks that are told apart, a tie over its end counts as its share.
    tied = smaa([[0.5, 0.5]] * 3 + [[0.1, 0.1]], draws=20, shortlist=2, top=2)
    np.testing.assert_allclose(tied.frame["shortlist_share"], [2 / 3] * 3 + [0], atol=1e-9)


def test_a_tie_further_down_does_not_touch_the_weights_of_the_first():
    alone, tied = (smaa([[1, 0], [0, 1], *[[0.3, 0.3]] * more], draws=500, seed=1) for more in (1, 2))
    pd.testing.assert_frame_equal(tied.central_weights.loc[:1], alone.central_weights.loc[:1], atol=1e-9, rtol=0)
    assert tied.central_weights.loc[2:].isna().all(axis=None)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (0.001, "mindre än 1 %"),
        (0.0099, "mindre än 1 %"),
        (0.01, "1 %"),
        (0.126, "13 %"),
        (0.99, "99 %"),
        (0.9901, "mer än 99 %"),
        (0.9999, "mer än 99 %"),
        (1, "100 %"),
    ],
)
def test_all_and_nothing_are_said_only_where_they_are(share, said):
    assert share_in_words(share, "sv").replace("\N{NO-BREAK SPACE}", " ") == said


def test_given_weights_give_the_ranks_of_the_weighted_sum():
    rng = np.random.default_rng(2)
    utilities = np.round(rng.random((40, 3)), 2)
    utilities[3] = utilities[17]
    utilities[5, 1] = NAN
    result = smaa(utilities, weights_around([5, 3, 2], spread=0), draws=3)
    np.testing.assert_allclose(
        result.frame["expected_rank"], weighted_sum(utilities, weights=[5, 3, 2]).ranks(), atol=1e-9
    )


def test_ties_share_their_ranks():
    result = smaa([[0.5, 0.5]] * 3 + [[0.1, 0.1]], draws=50, seed=1, top=2)
    np.testing.assert_allclose(result.rank_acceptability, [[1 / 3] * 2] * 3 + [[0, 0]], atol=1e-9)
    assert result.frame["expected_rank"].tolist() == [2, 2, 2, 4]
    np.testing.assert_allclose(result.frame["confidence_share"][:3], 1 / 3)
    np.testing.assert_allclose(result.central_weights[:3].sum(axis=1), 1)
    assert (result.pairwise_winning().loc[0, [1, 2]] == 0.5).all()


@pytest.fixture(scope="module")
def unsure():
    """Utilities and values of 30 sites, some of them unknown, one criterion with an error."""
    rng = np.random.default_rng(6)
    values = pd.DataFrame(rng.random((30, 3)), columns=["a", "b", "c"]).rename_axis("site_id")
    values = values.mask(rng.random(values.shape) < 0.2)
    values.iloc[0] = 0.5
    return values, UncertainValues(values, dict.fromkeys("abc", LINE), {"b": 0.2})


@pytest.mark.parametrize("with_values", [False, True])
def test_the_same_seed_gives_the_same_bits_whatever_blocks_and_threads(unsure, with_values):
    utilities, uncertain = unsure
    utilities = utilities.fillna({"a": 0.0})
    shares = any_weights().draws(list("abc"), count=301, seed=3)
    from landready.scoring.uncertain import cells_of

    table = as_table(utilities)
    cells = cells_of(UncertainValues(utilities, uncertain.functions, uncertain.errors), table, seed=3)
    results = []
    for block, threads in ((1, 1), (100, 1), (10**6, 1), (100, 3), (7, 8)):
        problem = as_draws(table, shares, cells if with_values else None, block_cells=block)
        counted = count(problem, places=30, shortlist=3, keep_cells=3000, threads=threads)
        results.append(
            [
                counted.tally.places(),
                counted.tally.rank_sums,
                counted.tally.first_weights,
                counted.kept,
                counted.best,
            ]
        )
    assert counted.kept.size <= 3000  # as much as memory was said to hold
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_blocks_hold_as_many_sites_and_draws_as_they_may():
    shares = any_weights().draws(list("abc"), count=10, seed=3)
    problem = as_draws(as_table(np.full((30, 3), 0.5)), shares, None, block_cells=100)
    assert list(problem.blocks(0, 10)) == [(0, 3), (3, 6), (6, 9), (9, 10)]
    assert list(as_draws(as_table(np.full((300, 3), 0.5)), shares, None, block_cells=100).blocks(8, 10)) == [
        (8, 9),
        (9, 10),
    ]


def test_seeds_and_threads():
    rng = np.random.default_rng(1)
    utilities = rng.random((20, 4))
    one, two, other = (smaa(utilities, draws=200, seed=s, threads=t) for s, t in ((1, 1), (1, 4), (2, 1)))
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)
    pd.testing.assert_frame_equal(one.rank_acceptability, two.rank_acceptability, check_exact=True)
    assert not one.rank_acceptability.equals(other.rank_acceptability)


@given(
    utilities=hnp.arrays("float64", (5, 3), elements=st.integers(0, 20).map(lambda step: step / 20)),
    rows=st.permutations(range(5)),
)
@settings(max_examples=25, deadline=None)
def test_the_order_of_sites_changes_nothing(utilities, rows):
    whole = smaa(utilities, draws=200, seed=1, threads=1)
    turned = smaa(utilities[rows], draws=200, seed=1, threads=1)
    np.testing.assert_allclose(turned.rank_acceptability, whole.rank_acceptability.iloc[rows], atol=1e-4)
    np.testing.assert_allclose(turned.rank_acceptability.sum(axis=0), 1, atol=1e-9)


@given(utilities=hnp.arrays("float64", (5, 3), elements=st.integers(1, 20).map(lambda step: step / 20)))
@settings(max_examples=25, deadline=None)
def test_a_dominated_site_changes_nothing_for_the_others(utilities):
    alone = smaa(utilities, draws=500, seed=1, threads=1)
    more = smaa(np.vstack([utilities, utilities[0] - 0.05]), draws=500, seed=1, threads=1)
    np.testing.assert_allclose(
        more.rank_acceptability.loc[:4, 1], alone.rank_acceptability[1], atol=4 * np.sqrt(0.25 / 500)
    )
    assert more.rank_acceptability.loc[5, 1] == 0


def test_weights_may_be_said_in_several_ways():
    utilities = pd.DataFrame(THREE, columns=["a", "b"], index=["x", "y", "z"])
    assert smaa(utilities, ordinal_weights(["a", "b"]), draws=100).frame.loc["y", "first_share"] == 0
    assert smaa(utilities, {"a": 9, "b": 1}, draws=100).frame.loc["x", "first_share"] == 1
    judged = smaa(utilities, judged_weights({"Eva": [9, 1], "Bo": [1, 9]}), draws=2000)
    np.testing.assert_allclose(judged.frame["first_share"], [0.5, 0.5, 0], atol=0.05)
    assert np.isnan(judged.central_weights.loc["z", "a"])
    words = judged.in_words("sv")
    assert "bedömarnas vikter" in words
    assert "frö 0" in words
    assert "Site x is among the best three in 100\N{NO-BREAK SPACE}%" in judged.in_words("en")


def test_one_site_and_none():
    one = smaa([[0.5, NAN]], draws=10)
    assert one.frame.loc[0, ["expected_rank", "first_share"]].tolist() == [1, 1]
    nothing = smaa(np.empty((0, 2)), draws=10)
    assert nothing.frame.empty
    assert nothing.rank_acceptability.shape == (0, 0)
    assert nothing.pairwise_winning().empty


class TestUncertainValues:
    """The same draws vary the values."""

    def test_an_unknown_lies_anywhere(self):
        values = pd.DataFrame({"a": [0.5, NAN]})
        uncertain = UncertainValues(values, {"a": LINE})
        result = smaa(values, draws=4000, seed=1, shortlist=1, uncertain=uncertain)
        assert result.frame.loc[0, "first_share"] == pytest.approx(0.5, abs=0.03)
        assert result.split["data_share"].tolist() == pytest.approx([1, 1], abs=0.1)
        assert result.facts.index.tolist() == [(1, "a")]
        assert result.facts["worth_share"].iloc[0] == pytest.approx(1, abs=0.02)
        assert "ta reda på a för utredningsområde 1" in result.in_words("sv")

    def test_confidence_is_how_often_the_values_let_a_site_be_first(self):
        values = pd.DataFrame({"a": [0.8, NAN], "b": [0.8, NAN]})
        result = smaa(values, draws=2000, seed=1, uncertain=UncertainValues(values, dict.fromkeys("ab", LINE)))
        # Near equal weights the sum of two unknown ones is over 0.8 in 2 · 0.4² / 4 of the draws.
        np.testing.assert_allclose(result.frame["confidence_share"], [0.92, 0.08], atol=0.06)
        assert result.frame["confidence_share"].between(0, 1).all()

    def test_an_error_goes_through_the_value_function(self):
        # Beyond 0.5 nothing is gained: the first loses in a draw of four, the second in one of two.
        level = ValueFunction(points=[(0, 0.0), (0.5, 1.0), (1, 1.0)])
        values = pd.DataFrame({"a": [0.55, 0.5]})
        utilities = pd.DataFrame({"a": [1.0, 1.0]})
        errors = UncertainValues(values, {"a": level}, {"a": 0.1})
        result = smaa(utilities, draws=4000, seed=1, shortlist=1, uncertain=errors)
        # Level in 3/8 of the draws; where both lose, in 1/8, the first loses less in all but 1/4 of them.
        assert result.frame.loc[0, "first_share"] == pytest.approx(3 / 8 * 0.5 + 3 / 8 + 1 / 8 * 0.75, abs=0.03)
        assert result.facts["unknown"].tolist() == [False, False]
        assert "measure a of site" in result.in_words("en")

    def test_the_worst_and_the_best_are_those_of_the_value_function(self):
        narrow = ValueFunction(points=[(0, 0.4), (1, 0.6)])
        values = pd.DataFrame({"a": [NAN, 0.5, 0.5]})
        utilities = pd.DataFrame({"a": [NAN, 0.39, 0.61]})
        uncertain = UncertainValues(values, {"a": narrow})
        result = smaa(utilities, draws=500, uncertain=uncertain)
        assert result.frame["expected_rank"].tolist() == [2, 3, 1]
        assert result.facts.empty
        assert result.split.isna().all(axis=None)

    def test_unreachable_is_a_known_bad(self):
        values = pd.DataFrame({"a": [float("inf"), 0.5]})
        uncertain = UncertainValues(values, {"a": ValueFunction(points=[(0, 1.0), (1, 0.0)])}, {"a": 0.1})
        result = smaa(pd.DataFrame({"a": [0.0, 0.5]}), draws=50, uncertain=uncertain)
        assert result.frame["expected_rank"].tolist() == [2, 1]

    def test_weights_or_values(self, unsure):
        utilities, uncertain = unsure
        both = smaa(utilities, draws=2000, seed=1, uncertain=uncertain)
        shares = both.split.dropna()
        assert (shares >= 0).all(axis=None)
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        fixed = smaa(utilities, weights_around([1, 1, 1], spread=0), draws=2000, seed=1, uncertain=uncertain)
        assert (fixed.split["weights_share"].dropna() < 0.1).all()
        assert (fixed.split["data_share"].dropna() > 0.9).all()

    def test_the_fact_that_matters_is_found(self):
        # Site 1 is on the list or not by its b, which nobody knows; site 3's a hardly matters.
        values = pd.DataFrame({"a": [0.9, 0.5, 0.4, NAN], "b": [0.9, NAN, 0.5, 0.0]})
        uncertain = UncertainValues(values, dict.fromkeys("ab", LINE))
        result = smaa(values, draws=4000, seed=1, shortlist=2, uncertain=uncertain)
        assert result.facts.index[0] == (1, "b")
        assert result.facts["worth_share"].is_monotonic_decreasing
        assert result.facts["worth_share"].between(0, 1).all()

    def test_nothing_uncertain_is_as_without(self):
        values = pd.DataFrame(THREE, columns=["a", "b"])
        sure = smaa(values, draws=100, uncertain=UncertainValues(values, dict.fromkeys("ab", LINE)))
        assert sure.split is None
        pd.testing.assert_frame_equal(sure.frame, smaa(values, draws=100).frame)

    def test_what_is_refused(self):
        values = pd.DataFrame({"a": [0.5, NAN]})
        for wrong in (
            UncertainValues(values.iloc[:1], {"a": LINE}),
            UncertainValues(values, {}),
            UncertainValues(values, {"a": LINE}, {"b": 1}),
            UncertainValues(values, {"a": LINE}, {"a": -1}),
            UncertainValues([[1]], {"a": LINE}),
            "snart",
        ):
            with pytest.raises(InputError):
                smaa(values, draws=10, uncertain=wrong)


def test_findings_come_along():
    utilities = pd.DataFrame({"a": np.linspace(0, 1, 8), "b": np.linspace(0, 1, 8) ** 2, "c": 0.5})
    keys = [finding.key for finding in smaa(utilities, draws=10).findings]
    assert keys == ["criteria_alike", "double_counting"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"draws": 0},
        {"draws": 2.5},
        {"draws": True},
        {"draws": None},
        {"seed": -1},
        {"seed": None},
        {"top": 0},
        {"shortlist": 0},
        {"shortlist": None},
        {"threads": 0},
        {"weights": [0, 0]},
        {"weights": [1, -1]},
        {"weights": [1]},
        {"weights": "lika"},
    ],
    ids=str,
)
def test_bad_options(wrong):
    with pytest.raises(InputError) as refused:
        smaa(THREE, **wrong)
    assert refused.value.text("sv") != refused.value.text("en")


@pytest.mark.parametrize("wrong", [None, "a", [1, 2], [[2.0, 0.5]], [[float("inf"), 0.5]]])
def test_bad_utilities(wrong):
    with pytest.raises(InputError):
        smaa(wrong)


def test_a_site_of_which_nothing_is_known():
    with pytest.raises(InputError, match="index 1"):
        smaa([[0.5, 0.5], [NAN, NAN]], draws=10)
    with pytest.raises(InputError, match="okänt"):
        smaa([[0.5, 0.5], [NAN, 0.5]], judged_weights({"Eva": [1, 0]}), draws=10)


def test_pairs_of_sites_that_are_not_there():
    with pytest.raises(InputError, match="9"):
        smaa(THREE, draws=10).pairwise_winning([0, 9])


@pytest.mark.parametrize("sites", [32_767, 32_768])
def test_ranks_fit_where_they_are_kept(sites):
    """Twice the last rank fits two bytes for the first of these, and no longer for the second."""
    utilities = np.random.default_rng(0).integers(0, 21, (sites, 3)) / 20
    found = smaa(utilities, draws=5, seed=3, top=5)
    losses = np.rint((1 - utilities) * (2**20 - 1))
    expected = np.mean([rankdata(losses @ weights) for weights in found.problem.weights], axis=0)
    np.testing.assert_allclose(found.frame["expected_rank"], expected, rtol=1e-12)
    assert found.frame["rank_high"].max() > 32_700
