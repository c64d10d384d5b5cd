"""Criteria that count the same thing twice, and those that tell no sites apart."""

import numpy as np
import pandas as pd
import pytest

from landready.errors import InputError
from landready.scoring import double_counting, separates_nothing

NAN = float("nan")


def test_double_counting_is_told():
    line = np.linspace(0, 1, 9)
    frame = pd.DataFrame({"a_m": line, "b_m": line**3, "c_m": 1 - line, "d_m": [0.1, 0.9] * 4 + [0.5]})
    findings = double_counting(frame)
    assert [(f.key, f.text("en").split(" rank ")[0]) for f in findings] == [("double_counting", "a_m and b_m")]
    assert findings[0].severity == "warning"
    assert "korrelation 1,00" in findings[0].text("sv")


def test_the_unknown_and_few_sites_are_left_out():
    line = np.linspace(0, 1, 9)
    holed = np.where(line > 0.6, NAN, line)
    assert len(double_counting(np.column_stack([line, holed]))) == 1
    assert double_counting(np.column_stack([line, np.where(line > 0.4, NAN, line)])) == ()
    assert double_counting(np.column_stack([line, line])[:4]) == ()
    assert double_counting(np.column_stack([line, np.full(9, NAN)])) == ()


def test_the_limit_is_above():
    one, two = np.arange(10.0), np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 8.0])
    exact = np.corrcoef(one, two)[0, 1]
    assert len(double_counting(np.column_stack([one, two]), limit=exact - 1e-9)) == 1
    assert not double_counting(np.column_stack([one, two]), limit=exact + 1e-9)


def test_what_separates_nothing():
    frame = pd.DataFrame({"a": [0.5, 0.5], "b": [0.5, 0.6], "c": [NAN, NAN], "d": [0.5, NAN]})
    findings = separates_nothing(frame)
    assert [(f.key, f.text("en").split(": ")[1].split(".")[0]) for f in findings] == [
        ("criteria_alike", "a, d"),
        ("criteria_unknown", "c"),
    ]
    assert separates_nothing(frame.iloc[:1]) == ()


def test_what_is_refused():
    for method in (double_counting, separates_nothing):
        with pytest.raises(InputError):
            method("finns inte")
