"""What holds for any numbers and every method, unknown ones among them: order, dominance, improvement, sums."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landready.scoring import (
    ahp,
    any_weights,
    break_evens,
    interval_weights,
    judged_weights,
    ordinal_weights,
    owa,
    promethee_ii,
    smaa,
    topsis,
    vikor,
    weighted_product,
    weighted_sum,
    weights_around,
)

NAN = float("nan")
CRITERIA = list("abc")
DRAWS = 400
SAMPLING = 6 * np.sqrt(2 * 0.25 / DRAWS)
"""Six standard errors of the difference of two shares: thousands of them are compared."""
STEPS = st.integers(0, 20).map(lambda step: step / 20)
WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def tables(*, unknown=True, least=1):
    """Return tables whose first criterion is known, so that something is known of each site."""
    cells = STEPS | st.just(NAN) if unknown else STEPS
    return hnp.arrays("float64", st.tuples(st.integers(least, 7), st.just(3)), elements=cells).map(
        lambda table: np.column_stack([np.nan_to_num(table[:, 0], nan=0.5), table[:, 1:]])
    )


def named(table):
    return pd.DataFrame(table, columns=CRITERIA, index=[f"s{number}" for number in range(len(table))])


MORE = {"a": True, "b": False, "c": True}
METHODS = {
    **{
        f"{method.__name__}, {normalisation}": (method, {"normalisation": normalisation})
        for method in (weighted_sum, weighted_product, topsis)
        for normalisation in ("none", "minmax", "vector")
    },
    "topsis, fixed points": (topsis, {"normalisation": "minmax", "ideal": (1, 0, 1), "anti_ideal": (0, 1, 0)}),
    "vikor": (vikor, {}),
    **{
        f"promethee_ii, {preference}": (promethee_ii, {"preference": preference, "q": 0.1, "p": 0.4})
        for preference in ("usual", "ushape", "vshape", "level", "linear")
    },
}


@pytest.mark.parametrize("name", METHODS)
@given(table=tables(), weights=WEIGHTS, data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_order_of_sites_and_criteria_changes_nothing(name, table, weights, data):
    method, options = METHODS[name]
    if method in {vikor, promethee_ii}:
        table = np.nan_to_num(table, nan=0.5)
    rows, columns = (data.draw(st.permutations(range(count))) for count in table.shape)
    points = {key: [value[column] for column in columns] for key, value in options.items() if isinstance(value, tuple)}
    whole = method(named(table), weights=weights, maximise=list(MORE.values()), **options)
    turned = method(
        named(table).iloc[rows, columns],
        weights=dict(zip(CRITERIA, weights, strict=True)),
        maximise=[MORE[CRITERIA[column]] for column in columns],
        **options | points,
    )
    parts = whole.frame.drop(columns="rank")
    pd.testing.assert_frame_equal(turned.frame.loc[parts.index, parts.columns], parts, atol=1e-12, rtol=1e-9)
    assert [finding.key for finding in turned.findings] == [finding.key for finding in whole.findings]


@given(table=tables(), weights=WEIGHTS, places=st.permutations([5, 3, 1]), data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_order_changes_nothing_for_owa(table, weights, places, data):
    rows, columns = (data.draw(st.permutations(range(count))) for count in table.shape)
    whole = owa(named(table), weights=places, criterion_weights=weights)
    by_name = dict(zip(CRITERIA, weights, strict=True))
    turned = owa(named(table).iloc[rows, columns], weights=places, criterion_weights=by_name)
    # Criteria that are equally good for a site share a place by their order, which may not matter.
    np.testing.assert_allclose(turned.frame.loc[whole.index, "score"], whole.scores, atol=1e-12)


WEIGHTINGS = {
    "any": any_weights(),
    "around": weights_around({"a": 5, "b": 3, "c": 2}),
    "as given": weights_around({"a": 5, "b": 3, "c": 2}, spread=0),
    "ordinal": ordinal_weights(["c", ["a", "b"]]),
    "intervals": interval_weights({"a": (0.1, 0.6), "b": (0.0, 0.5), "c": (0.2, 1.0)}),
    "judges": judged_weights({"Eva": {"a": 5, "b": 3, "c": 2}, "Bo": {"a": 1, "b": 1, "c": 8}}, spread=0.2),
}


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@given(table=tables(), data=st.data())
@settings(max_examples=10, deadline=None)
def test_the_order_changes_nothing_for_smaa(weighting, table, data):
    rows, columns = (data.draw(st.permutations(range(count))) for count in table.shape)
    whole, sites, both = (
        smaa(given, WEIGHTINGS[weighting], draws=DRAWS, seed=1, threads=1)
        for given in (named(table), named(table).iloc[rows], named(table).iloc[rows, columns])
    )
    # The same weights are drawn for the same criteria, whatever the order of the sites …
    turned = sites.rank_acceptability.loc[whole.frame.index]
    pd.testing.assert_frame_equal(turned, whole.rank_acceptability, atol=1e-9, rtol=0)
    pd.testing.assert_series_equal(sites.frame["expected_rank"].loc[whole.frame.index], whole.frame["expected_rank"])
    # … and others, but as many of each kind, if the criteria stand in another order.
    limit = 1e-9 if weighting == "as given" else SAMPLING
    np.testing.assert_allclose(
        both.rank_acceptability.loc[whole.frame.index], whole.rank_acceptability, atol=limit, rtol=0
    )


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@given(table=tables())
@settings(max_examples=10, deadline=None)
def test_each_rank_is_given_once_and_each_site_has_one(weighting, table):
    firm = smaa(named(table), WEIGHTINGS[weighting], draws=60, seed=1, threads=1)
    np.testing.assert_allclose(firm.rank_acceptability.sum(axis=0), 1, atol=1e-9)
    np.testing.assert_allclose(firm.rank_acceptability.sum(axis=1), 1, atol=1e-9)
    ranks = np.arange(1, len(table) + 1)
    np.testing.assert_allclose(firm.rank_acceptability @ ranks, firm.frame["expected_rank"], atol=1e-9)
    assert firm.frame["expected_rank"].sum() == pytest.approx(ranks.sum())
    np.testing.assert_allclose(firm.frame["first_share"], firm.rank_acceptability[1])
    assert firm.frame["shortlist_share"].sum() == pytest.approx(min(3, len(table)))
    assert (firm.frame["rank_low"] <= firm.frame["rank_high"]).all()
    wins = firm.pairwise_winning(list(firm.frame.index))
    np.testing.assert_allclose(wins.sum(axis=1), len(table) - firm.frame["expected_rank"], atol=1e-9)
    never = firm.frame["first_share"] == 0
    assert firm.central_weights[never].isna().all(axis=None)
    np.testing.assert_allclose(firm.central_weights[~never].sum(axis=1), 1, atol=1e-6)


@given(table=tables(least=2))
@settings(max_examples=25, deadline=None)
def test_a_site_that_all_dominate_changes_no_rank_of_the_others(table):
    raised, worst = 0.1 + 0.9 * table, np.zeros(3)
    alone = smaa(raised, draws=DRAWS, seed=1, threads=1)
    more = smaa(np.vstack([raised, worst]), draws=DRAWS, seed=1, threads=1)
    count = len(table)
    np.testing.assert_allclose(
        more.rank_acceptability.loc[: count - 1, range(1, count + 1)], alone.rank_acceptability, atol=SAMPLING
    )
    assert more.frame.loc[count, "expected_rank"] == count + 1


@given(table=tables(least=2), weights=WEIGHTS)
@settings(max_examples=25, deadline=None)
def test_a_site_dominated_by_one_never_takes_its_place(table, weights):
    raised = 0.1 + 0.9 * table
    more = np.vstack([raised, raised[0] - 0.05])  # unknown where the other is
    firm = smaa(more, draws=100, seed=1, threads=1)
    assert firm.pairwise_winning([0, len(table)]).loc[0, len(table)] == 1
    assert firm.frame["first_share"].iloc[-1] == 0
    for method in (weighted_sum, weighted_product):
        scores = method(more, weights=weights).scores
        assert scores[0] > scores[-1]
        np.testing.assert_allclose(scores[:-1], method(raised, weights=weights).scores, rtol=1e-12)


@given(table=tables(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_better_on_one_known_criterion_is_never_worse_in_any_weighting(table, data):
    site, criterion = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, 2))
    assume(not np.isnan(table[site, criterion]))
    better = table.copy()
    better[site, criterion] = data.draw(
        st.sampled_from([0.25, 0.5, 0.75, 1.0]).map(lambda end: max(end, table[site, criterion]))
    )
    before, after = (smaa(each, draws=100, seed=1, threads=1) for each in (table, better))
    assert after.frame.loc[site, "expected_rank"] <= before.frame.loc[site, "expected_rank"] + 1e-9
    ahead = before.rank_acceptability.cumsum(axis=1).loc[site]
    assert (after.rank_acceptability.cumsum(axis=1).loc[site] >= ahead - 1e-9).all()


@given(table=tables(), weights=WEIGHTS, shortlist=st.integers(1, 3), data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_order_changes_no_break_even(table, weights, shortlist, data):
    rows, columns = (data.draw(st.permutations(range(count))) for count in table.shape)
    by_name = dict(zip(CRITERIA, weights, strict=True))
    whole = break_evens(named(table), by_name, shortlist=shortlist)
    turned = break_evens(named(table).iloc[rows, columns], by_name, shortlist=shortlist)
    pd.testing.assert_frame_equal(turned.loc[whole.index], whole, atol=1e-9, rtol=0)


@given(
    answers=st.lists(st.sampled_from([1 / 9, 1 / 4, 1, 2, 5, 9]), min_size=6, max_size=6),
    order=st.permutations(range(4)),
)
@settings(max_examples=40, deadline=None)
def test_the_order_changes_nothing_for_ahp(answers, order):
    matrix = np.ones((4, 4))
    matrix[np.triu_indices(4, 1)] = answers
    matrix = np.triu(matrix) + np.tril(1 / matrix.T, -1)
    whole, turned = ahp(matrix), ahp(matrix[np.ix_(order, order)])
    np.testing.assert_allclose(turned.weights, whole.weights.to_numpy()[order], rtol=1e-9)
    assert turned.consistency_ratio == pytest.approx(whole.consistency_ratio, abs=1e-9)
