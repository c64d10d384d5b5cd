"""Conditions on columns: truth tables, codes stored as text or numbers, and missing values that never match."""

import numpy as np
import pandas as pd
import pytest

from landready.errors import ColumnError, InputError
from landready.where import matches, missing_column, parse, undecided


def match(column, condition, **dtype):
    frame = pd.DataFrame({"c": pd.Series(column, **dtype)})
    return matches(frame, {"c": condition}, layer="vägar").tolist()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">= 20", (">=", 20.0)),
        (">=20", (">=", 20.0)),
        ("  < -1.5 ", ("<", -1.5)),
        ("= 3", ("==", 3.0)),
        ("!= E20", ("!=", "E20")),
        ("E20", ("==", "E20")),
        ("E 20", ("==", "E 20")),
        ("", ("==", "")),
        ("nan", ("==", "nan")),
        (20, ("==", 20)),
        (True, ("==", True)),
        (["E20", 40], ("in", ["E20", 40])),
        (("a",), ("in", ["a"])),
    ],
)
def test_parse(condition, expected):
    assert parse(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">= 2", [False, True, True, True, False]),
        ("> 2", [False, False, True, True, False]),
        ("<= 2", [True, True, False, False, False]),
        ("< 2", [True, False, False, False, False]),
        ("== 2", [False, True, False, False, False]),
        (2, [False, True, False, False, False]),
        ("!= 2", [True, False, True, True, False]),
        ([1, 3], [True, False, True, False, False]),
        ([], [False] * 5),
    ],
)
def test_truth_table(condition, expected):
    assert match([1.0, 2.0, 3.0, np.inf, np.nan], condition) == expected


@pytest.mark.parametrize(
    ("values", "condition", "expected"),
    [
        (["20", "E20", None], 20, [True, False, False]),
        (["20", "E20", None], [20.0], [True, False, False]),
        ([20, 30, np.nan], ["20"], [True, False, False]),
        ([20, 30, np.nan], "20", [True, False, False]),
        (["20", "E20", None], ["E20", "20"], [True, True, False]),
        (["E20", "E6", None], "!= E20", [False, True, False]),
        (["20", "30", None], "!= 20", [False, True, False]),
        (["E20", "E6", None], ["E20", "E45"], [True, False, False]),
        (["2020-01-01", "2024-05-05", None], ">= 2021-01-01", [False, True, False]),
        ([True, False, None], True, [True, False, False]),
        (["", None], "", [True, False]),
    ],
)
def test_codes_text_and_missing_values(values, condition, expected):
    assert match(values, condition) == expected


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "category", "object"])
def test_every_kind_of_column(dtype):
    assert match([1, 2, 3], ">= 2", dtype=dtype) == [False, True, True]
    assert match([1, 2, 3], [2, 3], dtype=dtype) == [False, True, True]


def test_missing_values_of_pandas_own():
    assert match([1, 2, None], ">= 2", dtype="Int64") == [False, True, False]
    assert match(["a", None], ["a"], dtype="string") == [True, False]
    assert match([1, None], "!= 2", dtype="Int64") == [True, False]


@pytest.mark.parametrize(
    ("yes", "no"), [("Ja", "nej"), ("J", "N "), ("true", "False"), ("yes", "no"), (1, 0), ("1", "0"), (True, False)]
)
@pytest.mark.parametrize("wanted", [True, False])
def test_yes_and_no_as_people_write_them(yes, no, wanted):
    frame = pd.DataFrame({"permits": pd.Series([yes, no, None], dtype=object)})
    assert matches(frame, {"permits": wanted}, layer="plans").tolist() == [wanted, not wanted, False]
    assert undecided(frame, {"permits": wanted}, layer="plans").tolist() == [False, False, True]


def test_what_says_neither_yes_nor_no_is_refused():
    frame = pd.DataFrame({"permits": ["Ja", "delvis", "oklart"]})
    with pytest.raises(InputError, match="”delvis”, ”oklart”") as refused:
        matches(frame, {"permits": True}, layer="plans")
    assert [finding.key for finding in refused.value.findings] == ["not_yes_or_no"]


@pytest.mark.parametrize("condition", [">= 2", "a", ["a"], True])
def test_no_rows(condition):
    assert match([], condition) == []


def test_several_columns_are_joined_by_and_on_the_frames_index():
    frame = pd.DataFrame({"speed": [70, 90, 90], "name": ["E20", "E20", "E6"]}, index=list("xyz"))
    chosen = matches(frame, {"speed": ">= 80", "name": "E20"}, layer="vägar")
    assert chosen.to_dict() == {"x": False, "y": True, "z": False}
    assert matches(frame, {}, layer="vägar").all()


def test_all_missing_columns_are_told_at_once():
    frame = pd.DataFrame({"Hastighet": [1], "namn": ["a"]})
    with pytest.raises(ColumnError) as raised:
        matches(frame, {"hastighet": ">= 80", "namm": "E20", "namn": "a"}, layer="vägar")
    assert [finding.values["column"] for finding in raised.value.findings] == ["hastighet", "namm"]  # noqa: PD011
    assert [finding.values["nearest"] for finding in raised.value.findings] == ["Hastighet", "namn"]  # noqa: PD011
    assert "Hastighet, namn" in str(raised.value)


def test_nothing_is_near_and_nothing_is_there():
    said = missing_column("x", pd.DataFrame(), "vägar").text()
    assert (
        said
        == "Lager ”vägar” saknar kolumnen ”x”. Det som finns är: –. Rätta namnet, eller peka ut kolumnen med columns."
    )


def test_text_cannot_be_compared_with_a_number():
    with pytest.raises(InputError, match=r"vägar.*speed.*>= 80"):
        matches(pd.DataFrame({"speed": ["snabbt", "90"]}), {"speed": ">= 80"}, layer="vägar")


def test_input_is_left_alone():
    frame = pd.DataFrame({"c": ["20", None]})
    before = frame.copy()
    matches(frame, {"c": [20]}, layer="x")
    pd.testing.assert_frame_equal(frame, before)


def test_rows_that_lack_a_value_are_undecided_unless_another_condition_rules_them_out():
    plans = pd.DataFrame(
        {"status": ["laga_kraft", "laga_kraft", "samrad", None], "business": [True, None, None, None]},
        index=["known", "open", "ruled out", "nothing known"],
    )
    where = {"status": "laga_kraft", "business": False}
    assert undecided(plans, where, layer="planer").tolist() == [False, True, False, True]
    assert matches(plans, where, layer="planer").sum() == 0


def test_an_empty_value_is_an_answer_where_the_role_says_so():
    roads = pd.DataFrame({"road_category": [1, None]})
    where = {"road_category": 1}
    assert undecided(roads, where, layer="vägar").tolist() == [False, True]
    assert not undecided(roads, where, layer="vägar", empty_is_none=["road_category"]).any()
