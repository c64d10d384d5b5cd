"""AHP: published answers, inconsistency, several judges, and answers that are missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landready
from landready.errors import InputError
from landready.rules import random_indices
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


def test_the_approximation_that_is_not_used_gives_another_index():
    means = (np.array(TRAP) / np.sum(TRAP, axis=0)).mean(axis=1)
    assert round(float((np.mean(np.array(TRAP) @ means / means) - 3) / 2), 5) == 0.02695


def from_upper(rows):
    """Return the whole matrix of what stands above its diagonal."""
    matrix = np.eye(len(rows) + 1)
    for number, row in enumerate(rows):
        matrix[number, number + 1 :] = row
        matrix[number + 1 :, number] = 1 / np.array(row)
    return matrix


def test_the_drinks_of_saaty():
    """Saaty 2008: which drink is consumed more in the USA; coffee, wine, tea, beer, sodas, milk, water."""
    above = [[9, 5, 2, 1, 1, 1 / 2], [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9], [1 / 3, 1 / 4, 1 / 3, 1 / 9]]
    above += [[1 / 2, 1, 1 / 3], [2, 1 / 2], [1 / 3]]
    result = ahp(from_upper(above))
    assert result.weights.round(3).tolist() == [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert round(result.consistency_ratio, 3) == 0.022


def test_the_house_of_saaty():
    """Saaty 1990: eight criteria for a house; too inconsistent, by neighbourhood against general condition."""
    above = [[5, 3, 7, 6, 6, 1 / 3, 1 / 4], [1 / 3, 5, 3, 3, 1 / 5, 1 / 7], [6, 3, 4, 6, 1 / 5]]
    above += [[1 / 3, 1 / 4, 1 / 7, 1 / 8], [1 / 2, 1 / 5, 1 / 6], [1 / 5, 1 / 6], [1 / 2]]
    result = ahp(from_upper(above))
    assert result.weights.round(3).tolist() == [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert round(result.lambda_max, 3) == 9.669
    assert round(result.consistency_index, 3) == 0.238
    assert round(result.consistency_ratio, 3) == 0.169
    assert result.reconsider[:3] == ("2", "6", 6)
    assert [finding.key for finding in result.findings] == ["ahp_inconsistent"]


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
    alone = ahp([[1]])
    assert (alone.weights.tolist(), alone.lambda_max, alone.consistency_index) == ([1], 1, 0)
    two = ahp([[1, 4], [0.25, 1]])
    np.testing.assert_allclose(two.weights, [0.8, 0.2])
    assert two.consistency_ratio == 0
    for table, longest in random_indices().items():
        last = ahp(np.ones((len(longest), len(longest))), random_index=table)
        assert (last.random_index, last.findings) == (longest[-1], ())
    many = ahp(np.ones((12, 12)), random_index="saaty_later")
    assert np.isnan(many.consistency_ratio)
    assert [finding.key for finding in many.findings] == ["random_index_short"]


def test_one_of_two_mirrored_answers_will_do():
    half = [[1, 3, 5], [NAN, 1, 3], [NAN, NAN, NAN]]
    np.testing.assert_allclose(ahp(half).weights, ahp(CLEAR).weights, atol=1e-12)
    ahp([[1, 3], [0.33, 1]])
    with pytest.raises(InputError, match="spegelbild"):
        ahp([[1, 3], [0.325, 1]])


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
        ([[-1, 2], [0.5, 1]], "ahp_not_positive"),
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


def test_the_diagonal_may_be_left_out():
    np.testing.assert_allclose(ahp([[NAN, 3], [1 / 3, NAN]]).weights, [0.75, 0.25])


def test_the_shape_that_is_wrong_is_told():
    with pytest.raises(InputError, match="1 × 3"):
        ahp([[1, 2, 3]])


def test_words_have_as_many_digits_as_the_table():
    said = ahp(CLEAR).in_words("sv").replace("\N{NO-BREAK SPACE}", " ")
    assert "λmax 3,0385, konsistensindex 0,0193, konsistenskvot 0,0332 (slumpindex 0,58, tabell saaty_1980)" in said


def test_the_most_disputed_pair_comes_first():
    one, other = np.ones((3, 3)), np.ones((3, 3))
    one[0, 2], one[2, 0], one[1, 2], one[2, 1] = 9, 1 / 9, 2, 1 / 2
    disputed = ahp_group({"Eva": one, "Bo": other}).disputed
    assert disputed[["first", "second"]].to_numpy().tolist() == [["0", "2"], ["1", "2"], ["0", "1"]]
    assert disputed.index.tolist() == [0, 1, 2]
    np.testing.assert_allclose(disputed["factor"], [3, 2**0.5, 1])


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
    assert group.findings[0].severity == "warning"
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
