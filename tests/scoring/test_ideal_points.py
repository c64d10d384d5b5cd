"""TOPSIS and VIKOR: published answers, other libraries, the unknown."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landready.errors import InputError
from landready.scoring import owa, promethee_ii, topsis, vikor, weighted_product, weighted_sum

NAN = float("nan")
MATRIX, WEIGHTS = [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], [0.3, 0.4, 0.3]  # Tzeng and Huang 2011


@pytest.mark.parametrize(
    ("normalisation", "answer"),
    [("vector", [0.5037, 0.6581, 0.7482, 0.3340]), ("minmax", [0.4853, 0.6484, 0.7768, 0.3630])],
)
def test_published_topsis(normalisation, answer):
    result = topsis(MATRIX, weights=WEIGHTS, normalisation=normalisation)
    assert result.scores.round(4).tolist() == answer
    assert result.ranks().tolist() == [3, 2, 1, 4]
    assert result.constants["ideal"] == (8, 8, 8)
    assert normalisation in result.in_words("sv")


def test_published_vikor():
    result = vikor(MATRIX, weights=WEIGHTS, v=0.5)
    np.testing.assert_allclose(result.parts["S"], [0.6, 0.3, 0.15, 0.65], atol=1e-12)
    np.testing.assert_allclose(result.parts["R"], [0.3, 0.2, 0.15, 0.4], atol=1e-12)
    np.testing.assert_allclose(result.scores, [0.75, 0.25, 0, 1], atol=1e-12)
    assert result.ranks().tolist() == [3, 2, 1, 4]
    assert "v = 0.500" in result.in_words("en")
    assert not result.findings


def test_the_mountain_climber_of_opricovic_and_tzeng():
    """Opricovic and Tzeng 2004: three mountains, risk and height; the unit changes nothing."""
    matrix = np.array([[1.0, 3000], [2, 3750], [5, 4500]])
    for table in (matrix, matrix / [1, 1000] + [5, -1]):
        result = vikor(table, weights=[1, 1], maximise=[False, True])
        np.testing.assert_allclose(result.parts["S"], [0.5, 0.375, 0.5], atol=1e-12)
        np.testing.assert_allclose(result.parts["R"], [0.5, 0.25, 0.5], atol=1e-12)
        np.testing.assert_allclose(result.scores, [1, 0, 1], atol=1e-12)


HYDROPOWER = [
    [4184.3, 2914.0, 407.2, 251.0, 195, 244, 15, 2.41],
    [5211.9, 3630.0, 501.7, 308.3, 282, 346, 21, 1.41],
    [5021.3, 3920.5, 504.0, 278.6, 12, 56, 3, 4.42],
    [5566.1, 3957.9, 559.5, 335.3, 167, 268, 16, 3.36],
    [5060.5, 3293.5, 514.1, 284.2, 69, 90, 7, 4.04],
    [4317.9, 2925.9, 432.8, 239.3, 12, 55, 3, 4.36],
]


@pytest.mark.parametrize(
    ("economy", "society", "ranks", "answers"),
    [
        (1, 1, [5, 6, 2, 4, 1, 3], [0.991, 1.0, 0.473, 0.670, 0.0, 0.578]),
        (2, 1, [6, 2, 3, 4, 1, 5], [1.0, 0.533, 0.552, 0.563, 0.0, 0.686]),
        (1, 2, [5, 6, 2, 4, 1, 3], [0.684, 1.0, 0.147, 0.554, 0.041, 0.191]),
        (1, 3.2, [5, 6, 1, 4, 2, 3], [0.668, 1.0, 0.051, 0.588, 0.058, 0.078]),
    ],
)
def test_the_hydropower_of_opricovic_and_tzeng(economy, society, ranks, answers):
    """Opricovic and Tzeng 2007: six hydropower plants, eight criteria, four weightings; Q to three digits."""
    result = vikor(
        HYDROPOWER,
        weights=[economy] * 4 + [society] * 4,
        maximise=[True, False, True, True, False, False, False, True],
    )
    np.testing.assert_allclose(result.scores, answers, atol=1e-3)
    assert result.ranks().tolist() == ranks


@pytest.fixture(scope="module")
def random_case():
    rng = np.random.default_rng(7)
    return rng.uniform(1, 100, (300, 6)), rng.dirichlet(np.ones(6)), rng.random(6) < 0.5


def test_agrees_with_pymcdm(random_case):
    from pymcdm import methods, normalizations

    matrix, weights, more = random_case
    types = np.where(more, 1, -1)
    for name, theirs in (
        ("vector", normalizations.vector_normalization),
        ("minmax", normalizations.minmax_normalization),
    ):
        ours = topsis(matrix, weights=weights, maximise=more, normalisation=name)
        np.testing.assert_allclose(ours.scores, methods.TOPSIS(theirs)(matrix, weights, types), rtol=1e-12)
    ours = vikor(matrix, weights=weights, maximise=more, v=0.3)
    np.testing.assert_allclose(ours.scores, methods.VIKOR(v=0.3)(matrix, weights, types), rtol=1e-10, atol=1e-12)


def test_agrees_with_scikit_criteria(random_case):
    pytest.importorskip("skcriteria", reason="comes with the extra benchmarks")
    matrix, weights, more = random_case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skcriteria import mkdm
        from skcriteria.agg.topsis import TOPSIS
        from skcriteria.agg.vikor import VIKOR
        from skcriteria.preprocessing.scalers import VectorScaler

        given_ = mkdm(matrix, np.where(more, 1, -1), weights=weights)
        theirs = TOPSIS().evaluate(VectorScaler("matrix").transform(given_)).e_.similarity
        compromise = VIKOR(v=0.3).evaluate(given_).e_
    np.testing.assert_allclose(topsis(matrix, weights=weights, maximise=more).scores, theirs, rtol=1e-12)
    ours = vikor(matrix, weights=weights, maximise=more, v=0.3)
    np.testing.assert_allclose(ours.scores, compromise.q_k, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.parts["S"], compromise.s_k, rtol=1e-12)
    np.testing.assert_allclose(ours.parts["R"], compromise.r_k, rtol=1e-12)


def test_the_unknown_is_left_out_of_the_distances():
    # Of the first site only the middle criterion is known, where it is the best; unknown elsewhere.
    result = topsis([[NAN, 8, NAN], [7, 6, 8], [8, 7, 6], [7, 4, 6]], weights=WEIGHTS, normalisation="minmax")
    assert result.scores[0] == 1
    assert result.coverage[0] == pytest.approx(0.4)
    assert result.high[0] == 1
    # The worst there is: 0.3, 0 and 0.3 from the best; 0, 0.4 and 0 from the worst.
    assert result.low[0] == pytest.approx(0.4 / (0.4 + np.hypot(0.3, 0.3)))
    whole = topsis([[7, 8, 6], [7, 6, 8], [8, 7, 6], [7, 4, 6]], weights=WEIGHTS, normalisation="minmax")
    assert result.low[0] == pytest.approx(whole.scores[0])
    np.testing.assert_allclose(result.scores[1:], whole.scores[1:])


def test_an_unknown_column():
    result = topsis([[1.0, NAN], [2.0, NAN]], weights=[1, 1])
    assert result.scores.tolist() == [0, 1]
    assert [finding.key for finding in result.findings] == ["criteria_unknown"]


@pytest.mark.parametrize("normalisation", ["vector", "minmax", "none"])
def test_constant_columns_one_site_and_none(normalisation):
    alike = topsis([[1.0, 5.0], [2.0, 5.0]], weights=[1, 1], normalisation=normalisation)
    assert alike.scores.tolist() == [0, 1]
    assert [finding.key for finding in alike.findings] == ["criteria_alike"]
    same = topsis([[1.0, 5.0], [1.0, 5.0]], weights=[1, 1], normalisation=normalisation)
    assert np.isnan(same.scores).all()
    assert same.findings
    one = topsis([[1.0, 5.0]], weights=[1, 1], normalisation=normalisation)
    assert np.isnan(one.scores).all()
    assert [finding.key for finding in one.findings] == ["one_site"]
    assert len(topsis(np.empty((0, 2)), weights=[1, 1], normalisation=normalisation)) == 0


def test_a_column_alike_for_all_is_told_if_it_weighs_anything():
    matrix = [[1.0, 5.0], [2.0, 5.0]]
    for method in (topsis, vikor, promethee_ii):
        assert [finding.values["ids"] for finding in method(matrix, weights=[1, 1]).findings] == ["1"]  # noqa: PD011
        assert not method(matrix, weights=[1, 0]).findings
    assert topsis(matrix, weights=[1, 1], ideal=[2, 5], anti_ideal=[1, 5]).scores.tolist() == [0, 1]


def test_vikor_where_nothing_differs():
    assert len(vikor([[1.0]], weights=[1]).scores) == 1
    assert vikor([[1.0], [1.0]], weights=[1]).scores.tolist() == [0, 0]
    assert np.isnan(vikor([[1.0]], weights=[1]).scores).all()
    assert len(vikor(np.empty((0, 2)), weights=[1, 1])) == 0


def test_what_is_refused():
    with pytest.raises(InputError, match=r"vikor .*kolumn 1; index 0"):
        vikor([[1.0, NAN], [1.0, 2.0]], weights=[1, 1])
    for wrong in ({"v": 2}, {"v": None}, {"maximise": [True]}):
        with pytest.raises(InputError):
            vikor(MATRIX, weights=WEIGHTS, **wrong)
    for wrong in (
        {"ideal": [1, 1]},
        {"ideal": [9, 9, NAN]},
        {"ideal": [7, 9, 9]},
        {"anti_ideal": [6, 3, 3]},
        {"ideal": [1, 1, 1], "anti_ideal": [2, 2, 2]},
        {"normalisation": "max"},
    ):
        with pytest.raises(InputError):
            topsis(MATRIX, weights=WEIGHTS, **wrong)
    with pytest.raises(InputError):
        topsis([[float("inf"), 1]], weights=[1, 1])


def test_scale_and_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    matrix = rng.random((50, 3))
    matrix[rng.random(matrix.shape) < 0.2] = NAN
    whole = topsis(matrix, weights=WEIGHTS)
    monkeypatch.setattr("landready.scoring.ideal_points._BLOCK", 7)
    np.testing.assert_array_equal(topsis(matrix, weights=WEIGHTS).frame, whole.frame)
    np.testing.assert_allclose(topsis(matrix * 1000, weights=np.multiply(WEIGHTS, 9)).scores, whole.scores)


@given(
    matrix=hnp.arrays("float64", (5, 3), elements=st.integers(0, 50).map(float)),
    site=st.integers(0, 4),
    criterion=st.integers(0, 2),
    rise=st.integers(0, 50),
)
@settings(max_examples=60, deadline=None)
def test_better_never_ranks_lower_with_fixed_points(matrix, site, criterion, rise):
    better = matrix.copy()
    better[site, criterion] += rise
    fixed = {"weights": WEIGHTS, "normalisation": "minmax", "ideal": [100] * 3, "anti_ideal": [0] * 3}
    before, after = topsis(matrix, **fixed), topsis(better, **fixed)
    assert after.scores[site] >= before.scores[site] - 1e-12
    assert after.ranks()[site] <= before.ranks()[site]


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e100, 1e148])
@pytest.mark.parametrize("normalisation", ["vector", "minmax", "none"])
def test_the_unit_changes_nothing_however_large_or_small(unit, normalisation):
    matrix = np.array([[5.0, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
    usual = topsis(matrix, weights=[0.3, 0.4, 0.3], normalisation=normalisation)
    scaled = topsis(matrix * unit, weights=[0.3, 0.4, 0.3], normalisation=normalisation)
    np.testing.assert_allclose(scaled.scores, usual.scores, rtol=1e-12)


@pytest.mark.parametrize("method", [topsis, vikor, weighted_sum, weighted_product, owa, promethee_ii])
def test_numbers_too_large_to_be_squared_are_refused_with_their_place(method):
    with pytest.raises(InputError, match=r"matrix: 2 tal är för stora .*kolumn b"):
        method(pd.DataFrame({"a": [1.0, 2.0], "b": [1.7e308, -1.7e308]}), weights=[1, 1])


@pytest.mark.parametrize("normalisation", ["vector", "minmax"])
def test_one_criterion_in_a_tiny_unit_changes_nothing(normalisation):
    usual = topsis(MATRIX, weights=WEIGHTS, normalisation=normalisation)
    scaled = topsis(np.array(MATRIX) * [1, 1e-200, 1], weights=WEIGHTS, normalisation=normalisation)
    np.testing.assert_allclose(scaled.scores, usual.scores, rtol=1e-12)


def test_missing_values_of_pandas_are_unknown():
    frame = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64"), "b": [1.0, 2.0, 3.0]})
    plain = pd.DataFrame({"a": [1, np.nan, 3], "b": [1.0, 2.0, 3.0]})
    pd.testing.assert_series_equal(*(pd.Series(topsis(each, weights=[1, 1]).scores) for each in (frame, plain)))


def test_the_fighter_aircraft_of_hwang_and_yoon():
    """Hwang and Yoon 1981, as printed: .643, .268, .613, .312; the third is .6135 before their rounding."""
    matrix = [[2.0, 1500, 20_000, 5.5, 5, 9], [2.5, 2700, 18_000, 6.5, 3, 5], [1.8, 2000, 21_000, 4.5, 7, 7]]
    matrix.append([2.2, 1800, 20_000, 5.0, 5, 5])
    result = topsis(matrix, weights=[0.2, 0.1, 0.1, 0.1, 0.2, 0.3], maximise=[True, True, True, False, True, True])
    np.testing.assert_allclose(result.scores, [0.643, 0.268, 0.613, 0.312], atol=1e-3)
