"""Sums, products and ordered averages: cases to check by hand, the unknown, and what must hold for any numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landready.errors import InputError
from landready.scoring import no_criterion_below, owa, topsis, weighted_product, weighted_sum

NAN = float("nan")
STEPS = st.integers(0, 1000).map(lambda step: step / 1000)
SUMS = {
    "weighted_sum": weighted_sum,
    "weighted_product": weighted_product,
    "owa": lambda matrix, *, weights: owa(matrix, weights=[3, 2, 1], criterion_weights=weights),
    "topsis": lambda matrix, *, weights: topsis(
        matrix, weights=weights, normalisation="none", ideal=[1, 1, 1], anti_ideal=[0, 0, 0]
    ),
}


@st.composite
def tables(draw):
    values = STEPS | st.just(NAN)
    return draw(hnp.arrays("float64", (draw(st.integers(1, 8)), 3), elements=values))


WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def test_published_weighted_linear_combination():
    assert weighted_sum([[0.2, 0.5, 0.6]], weights=[0.4, 0.35, 0.25]).scores[0] == pytest.approx(0.405, abs=1e-12)


def test_the_unknown_is_left_out_and_its_bounds_are_told():
    result = weighted_sum([[0.5, NAN, 1.0]], weights=[2, 1, 1])
    assert result.scores == pytest.approx([2 / 3])
    assert (result.low[0], result.high[0], result.coverage[0]) == pytest.approx((0.5, 0.75, 0.75))
    np.testing.assert_allclose(result.contributions, [[1 / 3, NAN, 1 / 3]])
    product = weighted_product([[0.25, NAN, 1.0]], weights=[2, 1, 1])
    assert product.scores[0] == pytest.approx(0.25 ** (2 / 3))
    assert (product.low[0], product.high[0]) == pytest.approx((0.0, 0.5))
    ordered = owa([[0.2, NAN]], weights=[0, 1])
    assert (ordered.scores[0], ordered.low[0], ordered.high[0]) == pytest.approx((0.2, 0.0, 0.2))


def test_nothing_known():
    for method in SUMS.values():
        result = method([[NAN] * 3, [0.5] * 3], weights=[1, 1, 1])
        assert np.isnan(result.scores[0])
        assert result.low[0] == pytest.approx(0)
        assert result.high[0] == pytest.approx(1)
        assert result.coverage.tolist() == [0, 1]
        assert np.isnan(result.ranks()[0])


def test_a_weight_of_nothing_counts_for_nothing():
    for method in (weighted_sum, weighted_product):
        whole = method([[0.3, 0.0], [0.7, NAN]], weights=[1, 0])
        assert whole.scores == pytest.approx([0.3, 0.7])
        assert whole.low == pytest.approx([0.3, 0.7])
        assert whole.coverage == pytest.approx([1, 1])


def test_owa_from_optimist_to_pessimist():
    worth = [[0.2, 0.8, 0.5]]
    assert owa(worth, weights=[1, 0, 0]).scores == pytest.approx([0.8])
    assert owa(worth, weights=[0, 0, 1]).scores == pytest.approx([0.2])
    assert owa(worth, weights=[1, 1, 1]).scores == pytest.approx([0.5])
    assert owa(worth, weights=[5, 3, 2]).scores == pytest.approx([0.5 * 0.8 + 0.3 * 0.5 + 0.2 * 0.2])
    assert owa(worth, weights=[1, 0, 0]).constants["orness"] == 1
    assert owa(worth, weights=[1, 1, 1]).constants["orness"] == pytest.approx(0.5)
    assert owa(worth, weights=[0, 0, 1]).constants["orness"] == 0
    assert owa([[0.5]], weights=[1]).constants["orness"] == 0.5
    # Equal order weights leave the weighted sum.
    both = owa(worth, weights=[1, 1, 1], criterion_weights=[3, 2, 1])
    assert both.scores == pytest.approx(weighted_sum(worth, weights=[3, 2, 1]).scores)


def test_less_is_better():
    assert weighted_sum([[0.2, 0.9]], weights=[1, 1], maximise=[True, False]).scores == pytest.approx([0.15])


@pytest.mark.parametrize("normalisation", ["minmax", "vector"])
def test_measured_values_are_normalised(normalisation):
    matrix = np.array([[10.0, 1.0], [20.0, 3.0], [40.0, 2.0]])
    scaled = (
        (matrix - matrix.min(axis=0)) / np.ptp(matrix, axis=0)
        if normalisation == "minmax"
        else matrix / np.linalg.norm(matrix, axis=0)
    )
    result = weighted_sum(matrix, weights=[1, 3], maximise=[True, False], normalisation=normalisation)
    assert result.scores == pytest.approx(0.25 * scaled[:, 0] + 0.75 * (1 - scaled[:, 1]))
    assert normalisation in result.in_words("en")
    assert not result.findings


def test_a_constant_column_is_left_out_and_told():
    matrix = [[10.0, 5.0], [20.0, 5.0]]
    result = weighted_sum(matrix, weights=[1, 3], normalisation="minmax")
    assert result.scores.tolist() == [0, 1]
    assert [finding.key for finding in result.findings] == ["criteria_alike"]
    assert "1" in result.in_words("sv")
    assert result.weights.tolist() == [1, 0]
    assert not weighted_sum(matrix, weights=[1, 0], normalisation="minmax").findings


def test_one_site_and_none():
    one = weighted_sum([[10.0, 5.0]], weights=[1, 1], normalisation="minmax")
    assert np.isnan(one.scores).all()
    assert [finding.key for finding in one.findings] == ["one_site"]
    for method in SUMS.values():
        assert method([[0.5, 0.5, 0.2]], weights=[1, 1, 1]).ranks().tolist() == [1]
        nothing = method(np.empty((0, 3)), weights=[1, 1, 1])
        assert len(nothing) == 0
        assert nothing.frame.empty


def test_floor():
    worth = pd.DataFrame({"a": [0.2, 0.19, 0.9, 0.1], "b": [0.9, 0.9, NAN, NAN]})
    assert no_criterion_below(worth, floor=0.2).tolist() == ["met", "failed", "unknown", "failed"]
    with pytest.raises(InputError, match="floor"):
        no_criterion_below(worth, floor=2)


def test_the_result_says_what_it_is():
    worth = pd.DataFrame({"a_m": [0.2, 0.4], "b_m": [0.3, 0.1]}, index=pd.Index(["x", "y"], name="site_id"))
    result = weighted_sum(worth, weights={"b_m": 1, "a_m": 3})
    assert np.asarray(result) == pytest.approx([0.225, 0.325])
    assert result.weights.to_dict() == {"a_m": 0.75, "b_m": 0.25}
    assert list(result.frame.columns) == ["score", "low", "high", "coverage_share", "rank"]
    assert result.frame.index.tolist() == ["x", "y"]
    words = result.in_words("sv").replace("\N{NO-BREAK SPACE}", " ")
    assert words == "Metod: viktad summa; normalisering none.\nVikter: a_m 75 %, b_m 25 %."
    assert "optimism (orness) 1" in owa(worth, weights=[1, 0]).in_words("en")


@pytest.mark.parametrize("name", SUMS)
@given(matrix=tables(), weights=WEIGHTS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_better_on_one_known_criterion_never_ranks_lower(name, matrix, weights, data):
    site, criterion = data.draw(st.integers(0, len(matrix) - 1)), data.draw(st.integers(0, 2))
    if np.isnan(matrix[site, criterion]):
        matrix[site, criterion] = 0.5
    better = matrix.copy()
    better[site, criterion] = data.draw(st.floats(matrix[site, criterion], 1.0))
    before, after = (SUMS[name](each, weights=weights) for each in (matrix, better))
    assert after.scores[site] >= before.scores[site] - 1e-12
    assert after.ranks()[site] <= before.ranks()[site]


@pytest.mark.parametrize("name", SUMS)
@given(matrix=tables(), weights=WEIGHTS, data=st.data())
@settings(max_examples=30, deadline=None)
def test_permutations_change_nothing_and_scores_stay_between_their_bounds(name, matrix, weights, data):
    rows, columns = (data.draw(st.permutations(range(count))) for count in matrix.shape)
    whole = SUMS[name](matrix, weights=weights)
    turned = SUMS[name](matrix[rows][:, columns], weights=[weights[column] for column in columns])
    np.testing.assert_allclose(turned.scores, whole.scores[rows], atol=1e-12)
    known = ~np.isnan(whole.scores)
    assert (whole.low[known] <= whole.scores[known] + 1e-12).all()
    assert (whole.scores[known] <= whole.high[known] + 1e-12).all()
    complete = whole.coverage > 1 - 1e-9
    np.testing.assert_allclose(whole.low[complete], whole.scores[complete], atol=1e-12)
    np.testing.assert_allclose(whole.high[complete], whole.scores[complete], atol=1e-12)


BAD_TABLES = {
    "text": "finns inte",
    "words": [["a", "b"]],
    "nothing": None,
    "one dimension": [1.0, 2.0],
    "ragged": [[1.0], [1.0, 2.0]],
    "no criteria": np.empty((2, 0)),
    "infinite": [[0.5, float("inf")]],
    "outside": [[0.5, 1.5]],
    "below": [[-0.5, 0.5]],
    "twice": pd.DataFrame([[0.1, 0.2]], columns=["a", "a"]),
    "sites twice": pd.DataFrame([[0.1, 0.2], [0.1, 0.2]], index=["x", "x"]),
}
BAD_WEIGHTS = [
    [0, 0],
    [1, -1],
    [1, NAN],
    [1, float("inf")],
    [1],
    [1, 2, 3],
    {"0": 1},
    {"0": 1, "1": 1, "x": 1},
    "ab",
    None,
    5,
    [[1, 2]],
    ["a", "b"],
]


@pytest.mark.parametrize("method", [weighted_sum, weighted_product, owa])
@pytest.mark.parametrize("matrix", BAD_TABLES.values(), ids=BAD_TABLES)
def test_bad_tables_are_refused_in_words(method, matrix):
    with pytest.raises(InputError) as refused:
        method(matrix, weights=[1, 1])
    assert refused.value.text("sv") != refused.value.text("en")


@pytest.mark.parametrize("method", [weighted_sum, weighted_product, owa, topsis])
@pytest.mark.parametrize("weights", BAD_WEIGHTS, ids=str)
def test_bad_weights_are_refused_in_words(method, weights):
    with pytest.raises(InputError) as refused:
        method([[0.1, 0.2], [0.3, 0.1]], weights=weights)
    assert refused.value.text("sv") != refused.value.text("en")


def test_the_cells_that_are_wrong_are_named():
    worth = pd.DataFrame({"a_m": [0.2, 0.4], "b_m": [0.3, float("inf")]}, index=["x", "y"])
    with pytest.raises(InputError, match=r"kolumn b_m; y"):
        weighted_sum(worth, weights=[1, 1])


@pytest.mark.parametrize("wrong", ["snart", None, 5])
def test_bad_options(wrong):
    with pytest.raises(InputError, match="normalisation"):
        weighted_sum([[0.5]], weights=[1], normalisation=wrong)
    with pytest.raises(InputError, match="maximise"):
        weighted_sum([[0.5]], weights=[1], maximise=wrong or [1])
    with pytest.raises(InputError, match="minmax"):
        weighted_sum([[-0.5, 1.0], [0.2, 0.5]], weights=[1, 1], normalisation="vector")
    weighted_sum([[0.0], [0.5]], weights=[1], normalisation="vector")
