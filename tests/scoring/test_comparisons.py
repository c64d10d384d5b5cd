"""AHP: published answers, inconsistency, several judges, and answers that are missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landready
from landready.errors import InputError
from landready.scoring import ahp, ahp_group

NAN = float("nan")
CLEAR = [[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]
TRAP = [[1, 3, 3], [1 / 3, 1, 2], [1 / 3, 1 / 2, 1]]
ROUND = [[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]]


def test_published_eigenvector():
    result = landready.ahp(CLEAR)
    np.testing.assert_allclose(result.weights, [0.63698557, 0.25828499, 0.10472943], atol=5e-9)
    assert round(result.lambda_max, 10) == 3.0385110906
    assert round(result.consistency_index, 10) == 0.0192555453
    assert round(result.consistency_ratio, 10) == 0.0331992160
    assert (result.random_index, result.random_index_table) == (0.58, "saaty_1980")
    assert result.reconsider is None
    assert not result.findings


def test_published_trap():
    # A mean of the normalised columns would give an index of .02695.
    assert round(ahp(TRAP).consistency_index, 7) == 0.0268108
    assert round(ahp(TRAP).consistency_ratio, 4) == 0.0462
    later = ahp(TRAP, random_index="saaty_later")
    assert round(later.consistency_ratio, 4) == 0.0516
    assert "saaty_later" in later.in_words("sv")


def test_the_pair_to_reconsider():
    # 2 × 2 × … all agree, but one answer is upside down.
    weights = np.array([8.0, 4.0, 2.0, 1.0])
    matrix = weights[:, None] / weights
    matrix[0, 3], matrix[3, 0] = 1 / 8, 8
    result = ahp(pd.DataFrame(matrix, index=list("abcd"), columns=list("abcd")))
    assert result.consistency_ratio > 0.1
    assert (result.reconsider.first, result.reconsider.second, result.reconsider.given) == ("a", "d", 1 / 8)
    assert result.reconsider.implied > 1 / 8
    assert "a är angivet som 0,12 gånger så viktigt som d" in result.in_words("sv").replace("0,13", "0,12")


def test_few_and_many_criteria():
    assert ahp([[1]]).weights.tolist() == [1]
    two = ahp([[1, 4], [0.25, 1]])
    np.testing.assert_allclose(two.weights, [0.8, 0.2])
    assert two.consistency_ratio == 0
    many = ahp(np.ones((12, 12)), random_index="saaty_later")
    assert np.isnan(many.consistency_ratio)
    assert [finding.key for finding in many.findings] == ["random_index_short"]


def test_one_of_two_mirrored_answers_will_do():
    half = [[1, 3, 5], [NAN, 1, 3], [NAN, NAN, NAN]]
    np.testing.assert_allclose(ahp(half).weights, ahp(CLEAR).weights, atol=1e-12)
    ahp([[1, 3], [0.33, 1]])


@pytest.mark.parametrize(
    ("matrix", "key"),
    [
        ([[1, NAN], [NAN, 1]], "pairs_missing"),
        ([[1, 2, 3]], "ahp_shape"),
        ([], "ahp_shape"),
        (None, "ahp_shape"),
        ("a", "ahp_shape"),
        ([[1, 2], [2, 1]], "ahp_not_reciprocal"),
        ([[2, 2], [0.5, 2]], "ahp_not_reciprocal"),
        ([[1, 0], [1, 1]], "ahp_not_positive"),
        ([[1, -2], [-0.5, 1]], "ahp_not_positive"),
        ([[1, float("inf")], [0, 1]], "ahp_not_positive"),
        (pd.DataFrame([[1, 2], [0.5, 1]], index=["a", "b"], columns=["b", "a"]), "ahp_names"),
        (pd.DataFrame([[1, 1], [1, 1]], index=["a", "a"], columns=["a", "a"]), "ahp_names"),
    ],
)
def test_bad_matrices(matrix, key):
    with pytest.raises(InputError) as refused:
        ahp(matrix)
    assert refused.value.findings[0].key == key
    assert refused.value.text("sv") != refused.value.text("en")
    with pytest.raises(InputError):
        ahp_group({"Eva": matrix})


def test_pairs_are_named():
    names = ["väg", "vatten"]
    with pytest.raises(InputError, match="väg – vatten"):
        ahp(pd.DataFrame([[1, 2], [2, 1]], index=names, columns=names))


def test_several_judges():
    group = ahp_group({"Eva": [[1, 4], [1 / 4, 1]], "Bo": [[1, 1], [1, 1]]})
    np.testing.assert_allclose(group.weights, [2 / 3, 1 / 3])  # the geometric mean of 4 and 1 is 2
    np.testing.assert_allclose(group.judges["Eva"], [0.8, 0.2])
    assert group.disagreement.loc["0"].to_dict() == pytest.approx({"lowest": 0.5, "highest": 0.8, "spread": 0.3})
    assert group.disputed.loc[0, "factor"] == pytest.approx(2)
    assert group.disputed.loc[0, ["lowest", "highest"]].tolist() == [1, 4]


def test_a_judge_who_left_pairs_out():
    partial = [[1, 3, NAN], [NAN, 1, NAN], [NAN, NAN, 1]]
    group = ahp_group({"Eva": CLEAR, "Bo": partial})
    np.testing.assert_allclose(group.weights, ahp(CLEAR).weights)
    assert group.judges["Bo"].isna().all()
    assert np.isnan(group.consistency_ratios["Bo"])
    assert [finding.key for finding in group.findings] == ["judge_left_out"]
    assert "Bo" in group.findings[0].text("sv")
    with pytest.raises(InputError, match="0 – 2"):
        ahp_group({"Bo": partial})


def test_a_judge_who_contradicts_themselves():
    group = ahp_group({"Eva": CLEAR, "Bo": ROUND})
    assert [finding.key for finding in group.findings] == ["judge_inconsistent"]


def test_bad_groups():
    for wrong in ({}, None, [CLEAR], {"Eva": CLEAR, "Bo": [[1]]}):
        with pytest.raises(InputError):
            ahp_group(wrong)
    with pytest.raises(InputError, match="random_index"):
        ahp(CLEAR, random_index="min egen")


@given(st.lists(st.floats(0.1, 9), min_size=2, max_size=9))
@settings(max_examples=50, deadline=None)
def test_answers_that_agree_give_their_weights(weights):
    shares = np.array(weights) / np.sum(weights)
    result = ahp(shares[:, None] / shares)
    np.testing.assert_allclose(result.weights, shares, rtol=1e-9)
    assert abs(result.consistency_index) < 1e-9
