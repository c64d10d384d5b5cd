"""Value functions against hand-computed points and numpy's own interpolation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.scoring.values import utility
from landready.spec import ValueFunction

WALK = ValueFunction(points=[(0, 1.0), (10, 0.8), (30, 0.0)])
STEPS = ValueFunction(kind="step", points=[(0, 0.2), (5, 0.5), (10, 1.0)])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-5, 1.0), (0, 1.0), (5, 0.9), (10, 0.8), (20, 0.4), (30, 0.0), (99, 0.0), (np.inf, 0.0), (-np.inf, 1.0)],
)
def test_piecewise(value, expected):
    assert utility(np.array([value]), WALK)[0] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1, 0.2), (0, 0.2), (4.999, 0.2), (5, 0.5), (9.999, 0.5), (10, 1.0), (np.inf, 0.2), (-np.inf, 0.2)],
)
def test_step_is_reached_at_the_point_itself(value, expected):
    assert utility(np.array([value]), STEPS)[0] == expected


@pytest.mark.parametrize("function", [WALK, STEPS, ValueFunction(points=[(3, 0.5)])])
def test_unknown_stays_unknown_and_empty_stays_empty(function):
    assert np.isnan(utility(np.array([np.nan]), function)).all()
    assert utility(np.array([]), function).shape == (0,)
    assert utility(pd.Series([], dtype="float64"), function).dtype == np.float64


def test_a_series_with_missing_values_of_pandas_own():
    result = utility(pd.Series([5, None], dtype="Int64"), WALK)
    np.testing.assert_array_equal(result, [0.9, np.nan])


def test_input_is_left_alone():
    values = np.array([5.0, np.nan, np.inf])
    before = values.copy()
    utility(values, WALK)
    np.testing.assert_array_equal(values, before)


points = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6, unique=True).flatmap(
    lambda xs: st.lists(st.floats(0, 1), min_size=len(xs), max_size=len(xs)).map(
        lambda us: list(zip(sorted(xs), us, strict=True))
    )
)


@settings(deadline=None)
@given(points, st.sampled_from(["piecewise", "step"]), st.lists(st.floats(allow_nan=False), max_size=20))
def test_never_leaves_the_range_of_the_points(points, kind, values):
    result = utility(np.array(values, dtype="float64"), ValueFunction(kind=kind, points=points))
    worths = [worth for _, worth in points]
    assert ((result >= min(worths)) & (result <= max(worths))).all()


@settings(deadline=None)
@given(points, st.sampled_from(["piecewise", "step"]))
def test_meets_its_own_points(points, kind):
    xs, worths = np.array(points).T
    np.testing.assert_allclose(utility(xs, ValueFunction(kind=kind, points=points)), worths, rtol=0, atol=1e-15)
