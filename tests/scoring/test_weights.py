"""Weights from points, orders, swings and trees."""

import numpy as np
import pandas as pd
import pytest

from landready.errors import InputError
from landready.scoring import direct_weights, rank_order_centroid, rank_sum, swing_weights, weight_tree


def test_points():
    assert direct_weights({"a": 3, "b": 1}).to_dict() == {"a": 0.75, "b": 0.25}
    assert direct_weights({"a": 3}).name == "direct"


def test_centroid_is_the_published_one():
    # Barron and Barrett 1996, four attributes
    np.testing.assert_allclose(rank_order_centroid(list("abcd")), [0.5208, 0.2708, 0.1458, 0.0625], atol=5e-5)
    shared = rank_order_centroid(["a", ["b", "c"], "d"])
    np.testing.assert_allclose(shared, [0.5208, 0.2083, 0.2083, 0.0625], atol=5e-5)
    assert shared.sum() == pytest.approx(1)
    assert shared.index.tolist() == ["a", "b", "c", "d"]


def test_rank_sum():
    np.testing.assert_allclose(rank_sum(list("abcd")), [0.4, 0.3, 0.2, 0.1])
    np.testing.assert_allclose(rank_sum([["a", "b"]]), [0.5, 0.5])


def test_swings():
    np.testing.assert_allclose(swing_weights({"a": 100, "b": 50, "c": 0}), [2 / 3, 1 / 3, 0])
    with pytest.raises(InputError, match="100"):
        swing_weights({"a": 90, "b": 50})


def test_tree():
    tree = weight_tree(
        {"Klimat": {"weight": 60, "under": {"a": 3, "Vatten": {"weight": 1, "under": {"b": 1}}}}, "c": 40}
    )
    assert tree.weights.to_dict() == pytest.approx({"a": 0.45, "b": 0.15, "c": 0.4})
    assert tree.frame["path"].to_dict() == {"a": "Klimat", "b": "Klimat / Vatten", "c": ""}
    assert tree.frame["local_share"].to_dict() == {"a": 0.75, "b": 1, "c": 0.4}


BAD = [None, 5, "ab", [], {}, [1, 2], [["a", 5]], [[]], ["a", "a"], ["a", ["b", "a"]]]


@pytest.mark.parametrize("wrong", BAD, ids=str)
@pytest.mark.parametrize("method", [rank_order_centroid, rank_sum])
def test_bad_orders(method, wrong):
    with pytest.raises(InputError) as refused:
        method(wrong)
    assert refused.value.text("sv") != refused.value.text("en")


@pytest.mark.parametrize(
    "wrong", [None, 5, "ab", [], {}, {"a": -1}, {"a": 0}, {"a": None}, {"a": float("nan")}], ids=str
)
@pytest.mark.parametrize("method", [direct_weights, swing_weights, weight_tree])
def test_bad_points(method, wrong):
    with pytest.raises(InputError) as refused:
        method(wrong)
    assert refused.value.text("sv") != refused.value.text("en")


@pytest.mark.parametrize(
    "wrong",
    [
        {"a": 1, "T": {"weight": 1, "under": {"a": 1}}},
        {"T": {"weight": 1}},
        {"T": {"weight": 1, "under": {}}},
        {"T": {"weight": -1, "under": {"a": 1}}},
        {"T": {"weight": 1, "under": {"a": 0}}},
    ],
    ids=str,
)
def test_bad_trees(wrong):
    with pytest.raises(InputError):
        weight_tree(wrong)


def test_the_branch_that_is_wrong_is_told():
    with pytest.raises(InputError, match="”Klimat”"):
        weight_tree({"Klimat": {"weight": 1, "under": {}}})
    with pytest.raises(InputError, match="”Klimat / Vatten”"):
        weight_tree({"Klimat": {"weight": 1, "under": {"Vatten": {"weight": 1}}}})


def test_points_may_be_a_series():
    points = pd.Series({"a": 100.0, "b": 60.0})
    pd.testing.assert_series_equal(direct_weights(points), direct_weights(points.to_dict()))
    pd.testing.assert_series_equal(swing_weights(points), swing_weights(points.to_dict()))
