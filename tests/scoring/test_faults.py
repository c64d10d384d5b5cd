"""Every function of ranking with every fault: refused in words, with the place, or answered as if dressed plainly."""

import numpy as np
import pandas as pd
import pytest

from landready import ValueFunction
from landready.errors import InputError
from landready.scoring import (
    Aggregate,
    UncertainValues,
    ahp,
    ahp_group,
    any_weights,
    break_evens,
    direct_weights,
    double_counting,
    interval_weights,
    judged_weights,
    no_criterion_below,
    ordinal_weights,
    owa,
    promethee_ii,
    rank_order_centroid,
    rank_sum,
    separates_nothing,
    smaa,
    stability_sentences,
    swing_weights,
    topsis,
    vikor,
    weight_tree,
    weighted_product,
    weighted_sum,
    weights_around,
)

NAN, INF = float("nan"), float("inf")
W = [5, 3, 2]
GOOD = [[0.2, 0.5, 0.6], [0.4, 0.1, 0.9], [0.7, 0.3, 0.2]]


def frame(values, **more):
    return pd.DataFrame(values, columns=list("abc"), **more)


ON_TABLES = {
    "weighted_sum": lambda table: weighted_sum(table, weights=W),
    "weighted_sum, minmax": lambda table: weighted_sum(table, weights=W, normalisation="minmax"),
    "weighted_sum, vector": lambda table: weighted_sum(table, weights=W, normalisation="vector"),
    "weighted_product": lambda table: weighted_product(table, weights=W),
    "owa": lambda table: owa(table, weights=W, criterion_weights=W),
    "topsis": lambda table: topsis(table, weights=W),
    "topsis, minmax": lambda table: topsis(table, weights=W, normalisation="minmax"),
    "topsis, none": lambda table: topsis(table, weights=W, normalisation="none", ideal=[1] * 3, anti_ideal=[0] * 3),
    "vikor": lambda table: vikor(table, weights=W),
    "promethee_ii": lambda table: promethee_ii(table, weights=W, preference="linear", q=0.1, p=0.3),
    "no_criterion_below": no_criterion_below,
    "smaa": lambda table: smaa(table, draws=30),
    "smaa, as given": lambda table: smaa(table, weights_around(W, spread=0), draws=2),
    "break_evens": lambda table: break_evens(table, W, shortlist=1),
    "double_counting": double_counting,
    "separates_nothing": separates_nothing,
}
WITH_WEIGHTS = {
    "weighted_sum": lambda weights: weighted_sum(frame(GOOD), weights=weights),
    "weighted_product": lambda weights: weighted_product(frame(GOOD), weights=weights),
    "owa": lambda weights: owa(frame(GOOD), weights=W, criterion_weights=weights),
    "topsis": lambda weights: topsis(frame(GOOD), weights=weights),
    "vikor": lambda weights: vikor(frame(GOOD), weights=weights),
    "promethee_ii": lambda weights: promethee_ii(frame(GOOD), weights=weights),
    "smaa": lambda weights: smaa(frame(GOOD), weights, draws=9),
    "judged_weights": lambda weights: smaa(frame(GOOD), judged_weights({"Eva": weights}), draws=9),
    "break_evens": lambda weights: break_evens(frame(GOOD), weights),
}


def answer(result):
    """Return what a result says, as something that can be compared."""
    if isinstance(result, Aggregate):
        return result.frame.to_numpy()
    told = getattr(result, "frame", result)
    return told.to_numpy(dtype=float) if isinstance(told, pd.DataFrame) else told


def refused(call, argument):
    with pytest.raises(InputError) as caught:
        call(argument)
    assert caught.value.text("sv") != caught.value.text("en")
    return caught.value.findings[0].key


NO_TABLES = {
    "text": ("", "table_shape"),
    "numbers as text": ([["0.5", "0.1", "0.2"]], "table_shape"),
    "empty text": ([["", "0.1", "0.2"]], "table_shape"),
    "no rows and no columns": ([], "table_shape"),
    "one number": (0.5, "table_shape"),
    "a dict": ({"a": [0.1]}, "table_shape"),
    "a generator": ((row for row in GOOD), "table_shape"),
    "three dimensions": (np.zeros((2, 3, 1)), "table_shape"),
    "complex": (np.array([[1j, 0.1, 0.2]]), "table_shape"),
    "days": (np.array([["2024-01-01"] * 3], dtype="datetime64[D]"), "table_shape"),
    "spans of time": (np.array([[1, 0, 1]], dtype="timedelta64[s]"), "table_shape"),
    "more digits than fit": ([[10**400, 0.1, 0.2]], "table_shape"),
    "column of text": (frame([[0.5, "x", 0.2]]), "table_not_numbers"),
    "column of days": (frame([[pd.Timestamp("2024-01-01"), 0.1, 0.2]]), "table_not_numbers"),
    "infinite": ([[INF, 0.1, 0.2]], "table_infinite"),
    "minus infinite": ([[-INF, 0.1, 0.2]], "table_infinite"),
    "too large": ([[1e200, 0.1, 0.2]], "table_too_large"),
    "rows share a name": (frame(GOOD, index=["x", "x", "y"]), "table_names_twice"),
    "columns share a name": (pd.DataFrame(GOOD, columns=[1, "1", 2]), "table_names_twice"),
    "a row without a name": (frame(GOOD, index=[None, "x", "y"]), "table_nameless"),
}


@pytest.mark.parametrize("method", ON_TABLES)
@pytest.mark.parametrize("fault", NO_TABLES)
def test_what_is_no_table_is_refused(method, fault):
    table, key = NO_TABLES[fault]
    assert refused(ON_TABLES[method], table) == key


def test_the_columns_that_hold_no_numbers_are_named():
    with pytest.raises(InputError, match=r"matrix: kolumn b innehåller text"):
        topsis(frame([[0.5, "hög", 0.2]]), weights=W)


PLAIN = [[1, 0, 1], [0, 1, 1], [1, 1, 0]]
DRESSED = {
    "whole numbers": np.array(PLAIN),
    "small whole numbers": np.array(PLAIN, dtype="uint8"),
    "true and false": np.array(PLAIN, dtype=bool),
    "float32": np.array(PLAIN, dtype="float32"),
    "objects": np.array(PLAIN, dtype=object),
    "by column": np.asfortranarray(np.array(PLAIN, dtype=float)),
    "every other row": np.repeat(np.array(PLAIN, dtype=float), 2, axis=0)[::2],
    "a frame": frame(PLAIN),
    "pandas' own": frame(PLAIN, dtype="Int64"),
    "categories": frame(PLAIN, dtype="category"),
    "with years as rows": frame(PLAIN, index=[2024, 2026, 2025]),
    "with days as rows": frame(PLAIN, index=pd.date_range("2024", periods=3)),
    "with rows of two names": frame(PLAIN, index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)])),
}


@pytest.mark.parametrize("method", ON_TABLES)
@pytest.mark.parametrize("dress", DRESSED)
def test_the_same_numbers_in_another_dress_give_the_same_answer(method, dress):
    expected, found = (answer(ON_TABLES[method](table)) for table in (np.array(PLAIN, dtype=float), DRESSED[dress]))
    if isinstance(expected, tuple):
        assert [finding.key for finding in found] == [finding.key for finding in expected]
    elif method == "no_criterion_below":
        assert found.tolist() == expected.tolist()
    else:
        np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize("method", ["weighted_sum", "weighted_sum, vector", "topsis", "owa", "smaa", "break_evens"])
@pytest.mark.parametrize(
    "table",
    [
        [[None, 0.5, 0.6], *GOOD[1:]],
        np.array([[None, 0.5, 0.6], *GOOD[1:]], dtype=object),
        frame([[pd.NA, 0.5, 0.6], *GOOD[1:]]),
        frame([[NAN, 0.5, 0.6], *GOOD[1:]]),
        np.ma.masked_array([[0.9, 0.5, 0.6], *GOOD[1:]], mask=[[1, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ],
    ids=["None", "None among objects", "pandas' own", "NaN", "masked"],
)
def test_what_is_missing_is_unknown_however_it_is_written(method, table):
    expected, found = (ON_TABLES[method](each) for each in ([[NAN, 0.5, 0.6], *GOOD[1:]], table))
    np.testing.assert_allclose(answer(found), answer(expected), rtol=1e-12)


@pytest.mark.parametrize(
    "method", ["weighted_sum", "weighted_product", "owa", "no_criterion_below", "smaa", "smaa, as given", "break_evens"]
)
def test_what_rounding_put_outside_0_to_1_is_put_back(method):
    within, outside = ([[1 + past, 0.1, 0.4], [-past, 0.2, 1.0]] for past in (0.0, 1e-12))
    expected, found = (answer(ON_TABLES[method](table)) for table in (within, outside))
    np.testing.assert_array_equal(found, expected)


BAD_WEIGHTS = {
    "all zero": ([0, 0, 0], "weights_all_zero"),
    "negative": ([1, -1, 1], "weights_negative"),
    "missing": ([1, None, 1], "weights_not_numbers"),
    "masked": (np.ma.masked_array([1.0, 2, 3], mask=[1, 0, 0]), "weights_not_numbers"),
    "missing in pandas' own way": (pd.Series([1, None, 3], index=list("abc"), dtype="Int64"), "weights_not_numbers"),
    "infinite": ([1, INF, 1], "weights_not_numbers"),
    "text": (["1", "2", "3"], "weights_not_numbers"),
    "empty text": ({"a": "", "b": 1, "c": 2}, "weights_not_numbers"),
    "a list in the list": ([1, [2, 3], 4], "weights_not_numbers"),
    "complex": ([1j, 1, 1], "weights_not_numbers"),
    "days": (pd.to_datetime(["2024-01-01"] * 3), "weights_kind"),
    "too few": ([1, 1], "weights_count"),
    "too many": ([1, 1, 1, 1], "weights_count"),
    "none": ([], "weights_count"),
    "misspelt": ({"a": 1, "b": 1, "cc": 1}, "weights_names"),
    "one too many by name": ({"a": 1, "b": 1, "c": 1, "d": 1}, "weights_names"),
    "no names": (pd.Series([1, 2, 3]), "weights_names"),
    "a name twice": (pd.Series([1, 2, 3, 4], index=list("abca")), "criteria_twice"),
    "a set": ({1, 2, 3}, "weights_kind"),
    "one number": (5, "weights_kind"),
    "letters": ("abc", "weights_kind"),
    "two dimensions": ([[1, 2, 3]], "weights_kind"),
}


@pytest.mark.parametrize("method", WITH_WEIGHTS)
@pytest.mark.parametrize("fault", BAD_WEIGHTS)
def test_bad_weights_are_refused(method, fault):
    weights, key = BAD_WEIGHTS[fault]
    assert refused(WITH_WEIGHTS[method], weights) == key


def test_the_name_that_is_misspelt_is_told():
    with pytest.raises(InputError, match=r"Saknas: c\. Finns inte bland kriterierna: cc"):
        smaa(frame(GOOD), {"a": 1, "b": 1, "cc": 1})


@pytest.mark.parametrize("method", WITH_WEIGHTS)
@pytest.mark.parametrize(
    "weights",
    [
        {"c": 2, "a": 5, "b": 3},
        pd.Series({"b": 3, "c": 2, "a": 5}),
        pd.Series({"b": 3, "c": 2, "a": 5}, dtype="Int64"),
        (5, 3, 2),
        np.array([5, 3, 2], dtype="uint8"),
        np.array([5, 3, 2], dtype=object),
        [5e307, 3e307, 2e307],
    ],
    ids=["dict", "series", "pandas' own", "tuple", "uint8", "objects", "huge"],
)
def test_weights_in_another_dress_give_the_same_answer(method, weights):
    expected, found = (WITH_WEIGHTS[method](each) for each in ([5, 3, 2], weights))
    np.testing.assert_allclose(answer(found), answer(expected))


@pytest.mark.parametrize("method", [direct_weights, swing_weights, weight_tree])
@pytest.mark.parametrize(
    "points",
    [{"a": "100", "b": 50}, {"a": 100, "b": [1]}, {"a": 100, "b": NAN}, {"a": 100, "b": INF}, {1: 100, "1": 50}],
    ids=str,
)
def test_bad_points_are_refused(method, points):
    refused(method, points)


def test_a_criterion_of_which_nothing_is_known():
    table = [[NAN, 0.1, 0.2], [NAN, 0.3, 0.1], [NAN, 0.2, 0.2]]
    for normalisation in ("minmax", "vector"):
        for method in (weighted_sum, weighted_product, owa):
            result = method(table, weights=W, normalisation=normalisation)
            # Somebody may find out: the weight stays, and is not known.
            assert [finding.key for finding in result.findings] == ["criteria_unknown"]
            assert (result.coverage < 0.7).all()
            assert (result.low <= result.scores).all()
            assert (result.scores <= result.high).all()
        whole = weighted_sum(table, weights=W, normalisation=normalisation)
        np.testing.assert_allclose(whole.coverage, 0.5)
        np.testing.assert_allclose(whole.high - whole.low, 0.5)
        near = topsis(table, weights=W, normalisation=normalisation)
        assert [finding.key for finding in near.findings] == ["criteria_unknown"]
        np.testing.assert_allclose(near.coverage, 0.5)
    given = topsis(table, weights=W, normalisation="minmax", ideal=[1] * 3, anti_ideal=[0] * 3)
    assert not given.findings
    assert (given.low < given.scores).all()
    assert (given.scores < given.high).all()
    assert [finding.key for finding in smaa(table, draws=9).findings] == ["criteria_unknown"]


@pytest.mark.parametrize("method", ["topsis", "topsis, minmax", "topsis, none", "vikor", "weighted_sum, minmax"])
def test_differences_too_small_to_divide_by_are_none(method):
    tiny = ON_TABLES[method]([[5e-324, 0.1, 0.2], [1e-310, 0.2, 0.1]])
    alike = ON_TABLES[method]([[0.0, 0.1, 0.2], [0.0, 0.2, 0.1]])
    np.testing.assert_allclose(tiny.scores, alike.scores)


BAD_MATRICES = {
    "numbers as text": ([["1", "3"], ["0.33", "1"]], "ahp_shape"),
    "fractions as text": ([["1", "3"], ["1/3", "1"]], "ahp_shape"),
    "empty text": ([["1", ""], ["", "1"]], "ahp_shape"),
    "one number": (3, "ahp_shape"),
    "ragged": ([[1], [1, 2]], "ahp_shape"),
    "not square": ([[1, 2, 3]], "ahp_shape"),
    "complex": ([[1, 1j], [-1j, 1]], "ahp_shape"),
    "masked on both sides": (np.ma.masked_array([[1, 3.0], [1 / 3, 1]], mask=[[0, 1], [1, 0]]), "pairs_missing"),
    "infinite": ([[1, INF], [0, 1]], "ahp_not_positive"),
    "so large that it has no reciprocal": ([[1, 1e308], [NAN, 1]], "ahp_not_positive"),
    "so small that it has no reciprocal": ([[1, 5e-324], [NAN, 1]], "ahp_not_positive"),
}


@pytest.mark.parametrize("fault", BAD_MATRICES)
def test_bad_comparisons_are_refused(fault):
    matrix, key = BAD_MATRICES[fault]
    assert refused(ahp, matrix) == key
    assert refused(ahp_group, {"Eva": matrix}) == key


def test_comparisons_in_another_dress_give_the_same_answer():
    plain = ahp([[1, 4], [0.25, 1]])
    for matrix in (
        np.array([[1, 4], [0.25, 1]], dtype=object),
        [[1, 4], [None, 1]],
        pd.DataFrame([[1, 4], [pd.NA, 1]], dtype="Int64"),
        np.ma.masked_array([[1, 4.0], [9, 1]], mask=[[0, 0], [1, 0]]),
    ):
        np.testing.assert_allclose(ahp(matrix).weights, plain.weights)


SURE = smaa(frame(GOOD), draws=9)
EVENS = break_evens(frame(GOOD), W)
LINE = ValueFunction(points=[(0, 0.0), (1, 1.0)])
OPTIONS = {
    "maximise": lambda value: topsis(frame(GOOD), weights=W, maximise=value),
    "normalisation": lambda value: topsis(frame(GOOD), weights=W, normalisation=value),
    "ideal": lambda value: topsis(frame(GOOD), weights=W, ideal=value),
    "anti_ideal": lambda value: topsis(frame(GOOD), weights=W, anti_ideal=value),
    "v": lambda value: vikor(frame(GOOD), weights=W, v=value),
    "preference": lambda value: promethee_ii(frame(GOOD), weights=W, preference=value),
    "q": lambda value: promethee_ii(frame(GOOD), weights=W, preference="ushape", q=value),
    "p": lambda value: promethee_ii(frame(GOOD), weights=W, preference="vshape", p=value),
    "floor": lambda value: no_criterion_below(frame(GOOD), floor=value),
    "draws": lambda value: smaa(frame(GOOD), draws=value),
    "seed": lambda value: smaa(frame(GOOD), draws=9, seed=value),
    "top": lambda value: smaa(frame(GOOD), draws=9, top=value),
    "shortlist": lambda value: smaa(frame(GOOD), draws=9, shortlist=value),
    "threads": lambda value: smaa(frame(GOOD), draws=9, threads=value),
    "uncertain": lambda value: smaa(frame(GOOD), draws=9, uncertain=value),
    "errors": lambda value: smaa(
        frame(GOOD), draws=9, uncertain=UncertainValues(frame(GOOD), dict.fromkeys("abc", LINE), {"a": value})
    ),
    "shortlist of break_evens": lambda value: break_evens(frame(GOOD), W, shortlist=value),
    "sites of break_evens": lambda value: break_evens(frame(GOOD), W, sites=value),
    "sites of pairwise_winning": SURE.pairwise_winning,
    "language": SURE.in_words,
    "limit": lambda value: double_counting(frame(GOOD), limit=value),
    "spread": lambda value: weights_around(W, spread=value),
    "spread of judges": lambda value: judged_weights({"Eva": W}, spread=value),
    "order": ordinal_weights,
    "order, centroid": rank_order_centroid,
    "order, sum": rank_sum,
    "intervals": interval_weights,
    "judges": judged_weights,
    "robustness": lambda value: stability_sentences(value, EVENS),
    "evens": lambda value: stability_sentences(SURE, value),
    "names": lambda value: stability_sentences(SURE, EVENS, names=value),
    "count of draws": lambda value: any_weights().draws(list("abc"), count=value, seed=1),
    "seed of draws": lambda value: any_weights().draws(list("abc"), count=2, seed=value),
    "columns of draws": lambda value: any_weights().draws(value, count=2, seed=1),
    "random_index": lambda value: ahp([[1, 4], [0.25, 1]], random_index=value),
    "matrices": ahp_group,
}
BAD_OPTIONS = [-2, 2.5, 1e9, NAN, INF, pd.NA, pd.NaT, "x", "", [[1], [1, 2]], [NAN] * 3, ...]
CASES = [
    (option, value)
    for option in OPTIONS
    for value in BAD_OPTIONS
    if not (option in {"q", "p", "errors"} and type(value) is float and 0 < value < INF)  # thresholds and errors may be
]


@pytest.mark.parametrize(("option", "value"), CASES, ids=repr)
def test_bad_options_are_refused(option, value):
    refused(OPTIONS[option], value)
