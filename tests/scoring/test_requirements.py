"""Requirements: unknown never passes, and an upper bound settles only what it can."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.scoring.requirements import outcome_frame, outcomes
from landready.where import OPERATORS, parse

CONDITIONS = [">= 2", "> 2", "<= 2", "< 2", "== 2", "!= 2", 2.0, [1.0, 2.0]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">= 2", "failed met met met unknown"),
        ("> 2", "failed failed met met unknown"),
        ("<= 2", "met met failed failed unknown"),
        ("< 2", "met failed failed failed unknown"),
        ("== 2", "failed met failed failed unknown"),
        (2.0, "failed met failed failed unknown"),
        ("!= 2", "met failed met met unknown"),
        ([1.0, 2.0], "met met failed failed unknown"),
    ],
)
def test_truth_table(condition, expected):
    values = np.array([1.0, 2.0, 3.0, np.inf, np.nan])
    assert list(outcomes(values, condition)) == expected.split()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("<= 2", "met met unknown"),
        ("< 2", "met unknown unknown"),
        (">= 2", "failed unknown unknown"),
        ("> 2", "failed failed unknown"),
        ("== 2", "failed unknown unknown"),
        ("!= 2", "met unknown unknown"),
        ([2.0, 3.0], "failed unknown unknown"),
    ],
)
def test_upper_bounds(condition, expected):
    values = np.array([1.0, 2.0, 3.0])
    assert list(outcomes(values, condition, upper_bound=np.ones(3, dtype=bool))) == expected.split()


@settings(deadline=None)
@given(st.sampled_from(CONDITIONS), st.floats(0.01, 4), st.floats(0, 1))
def test_a_settled_bound_holds_for_every_shorter_distance(condition, bound, fraction):
    said = outcomes(np.array([bound]), condition, upper_bound=np.array([True]))[0]
    truth = bound * fraction
    sign, wanted = parse(condition)
    holds = truth in wanted if sign == "in" else OPERATORS[sign](truth, wanted)
    assert said in ("unknown", "met" if holds else "failed")


def test_no_requirement_and_no_site():
    values = pd.DataFrame({"area_ha": [1.0]})
    assert outcome_frame(values, {}, upper_bound=values > 9).shape == (1, 0)
    empty = outcome_frame(values[:0], {"area_ha": ">= 1"}, upper_bound=values[:0] > 9)
    assert empty.shape == (0, 1)
    assert list(empty.columns) == ["area_ha"]
