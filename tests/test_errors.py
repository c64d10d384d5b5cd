"""Findings and the exceptions that carry them."""

import pickle
import traceback
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from landready.errors import (
    ColumnError,
    CrsError,
    FileError,
    Finding,
    InputError,
    LandreadyError,
    StudyError,
    choice_findings,
    function_findings,
    is_number,
    name_list_findings,
    name_table_findings,
    number_findings,
    refuse,
    some,
    text_findings,
)

NO_ROWS = Finding("no_rows", {"layer": "vägar"})
NO_CRS = Finding("no_crs", {"layer": "hus"})


@pytest.mark.parametrize(
    ("error", "built_in"),
    [
        (InputError, ValueError),
        (CrsError, InputError),
        (CrsError, ValueError),
        (ColumnError, KeyError),
        (FileError, OSError),
        (StudyError, ValueError),
    ],
)
def test_callers_may_catch_either_kind(error, built_in):
    with pytest.raises(built_in):
        raise error(NO_ROWS)
    assert issubclass(error, LandreadyError)


@pytest.mark.parametrize("error", [InputError, CrsError, ColumnError, FileError, StudyError])
def test_all_findings_are_told_a_line_each(error):
    raised = error(NO_ROWS, NO_CRS)
    assert str(raised).splitlines() == [NO_ROWS.text("sv"), NO_CRS.text("sv")]
    assert raised.text("en").splitlines() == [NO_ROWS.text("en"), NO_CRS.text("en")]
    assert raised.findings == (NO_ROWS, NO_CRS)


@pytest.mark.parametrize("error", [InputError, CrsError, ColumnError, FileError, StudyError])
def test_errors_travel_between_processes(error):
    again = pickle.loads(pickle.dumps(error(NO_ROWS, NO_CRS)))
    assert type(again) is error
    assert again.findings == (NO_ROWS, NO_CRS)
    assert str(again) == str(error(NO_ROWS, NO_CRS))


def test_what_is_no_error_is_told_last_and_apart():
    warning = Finding("crs_assumed", {"layer": "hus", "crs": "EPSG:3006"}, "warning")
    assert InputError(warning, NO_ROWS).text("sv").splitlines() == [
        NO_ROWS.text("sv"),
        "Dessutom, men inget hinder:",
        warning.text("sv"),
    ]
    assert InputError(warning).text("sv") == warning.text("sv")


def test_the_line_comes_before_the_place():
    found = Finding("no_rows", {"layer": "vägar"}, place="[layers.vägar]", line=3)
    assert found.text("sv").startswith("Rad 3, [layers.vägar]: Lager")
    assert found.text("en").startswith("Line 3, [layers.vägar]: Layer")


def test_a_traceback_shows_both_languages():
    shown = "".join(traceback.format_exception(InputError(NO_ROWS)))
    assert "är tomt" in shown
    assert "is empty" in shown


def test_a_finding_is_its_text():
    assert str(NO_ROWS).startswith("Lager ”vägar” är tomt. Hämta det på nytt")
    assert NO_ROWS.severity == "error"
    assert Finding("no_rows", {"layer": "a"}, "note").severity == "note"


@pytest.mark.parametrize(
    ("rows", "said"), [([], ""), ([7], "7"), (range(5), "0, 1, 2, 3, 4"), (range(6), "0, 1, 2, 3, 4, …")]
)
def test_some(rows, said):
    assert some(rows) == said


def test_some_takes_any_iterable_and_length():
    assert some((row for row in "abc"), first=2) == "a, b, …"


# --- arguments --------------------------------------------------------------------------------------------

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize("value", [0, -1.5, INF, 10**400, np.int8(3), np.float32(2), Fraction(1, 3)])
def test_numbers(value):
    assert is_number(value)


@pytest.mark.parametrize("value", [None, "1", True, np.bool_(True), NAN, np.float64("nan"), 1j, [1], pd.Series([1])])
def test_what_is_no_number(value):
    assert not is_number(value)
    (found,) = number_findings(value, name="min_part_m2", minimum=0)
    for language in ("sv", "en"):
        assert "min_part_m2" in found.text(language)
        assert found.text(language).endswith("≥ 0.")


@pytest.mark.parametrize(
    ("value", "limits", "fits"),
    [
        (0, {"minimum": 0}, True),
        (-0.1, {"minimum": 0}, False),
        (0, {"above": 0}, False),
        (0.1, {"above": 0}, True),
        (1, {"above": 0, "maximum": 1}, True),
        (1.1, {"above": 0, "maximum": 1}, False),
        (INF, {"minimum": 0}, False),
        (INF, {"minimum": 0, "allow_infinite": True}, True),
        (-INF, {"minimum": 0, "allow_infinite": True}, False),
        (INF, {"maximum": 1, "allow_infinite": True}, False),
    ],
)
def test_limits_of_numbers(value, limits, fits):
    assert (not number_findings(value, name="x", **limits)) == fits


def test_a_number_that_will_not_do_is_told_in_words():
    (found,) = number_findings("bred", name="min_width_m", minimum=0)
    assert found.text("sv") == "”min_width_m” = 'bred' går inte. Ange ett ändligt tal ≥ 0."
    (found,) = number_findings(7, name="share", above=0, maximum=1, allow_infinite=True)
    assert found.text("sv") == "”share” = 7 går inte. Ange ett tal > 0, ≤ 1."
    (found,) = number_findings(pd.Series([1]), name="share", minimum=0)
    assert "”share” = Series går inte" in found.text("sv")


@pytest.mark.parametrize(
    ("findings", "fits"),
    [
        (text_findings(role=None, layer="a"), True),
        (text_findings(role=5), False),
        (name_list_findings(["a"], name="keep"), True),
        (name_list_findings((), name="keep"), True),
        (name_list_findings("abc", name="keep"), False),
        (name_list_findings({"a": 1}, name="keep"), False),
        (name_list_findings([5], name="keep"), False),
        (name_list_findings(None, name="keep"), False),
        (name_table_findings(None, name="roles"), True),
        (name_table_findings({"a": "b"}, name="roles"), True),
        (name_table_findings({"a": 5}, name="roles"), False),
        (name_table_findings({5: "a"}, name="roles"), False),
        (name_table_findings([], name="roles"), False),
        (function_findings(None, name="progress"), True),
        (function_findings(print, name="progress"), True),
        (function_findings(5, name="progress"), False),
        (choice_findings("drive", name="mode", choices=("drive", "walk")), True),
        (choice_findings("fly", name="mode", choices=("drive", "walk")), False),
        (choice_findings(pd.Series(["drive"]), name="mode", choices=("drive", "walk")), False),
    ],
)
def test_kinds_of_arguments(findings, fits):
    assert (not findings) == fits
    for found in findings:
        assert found.text("sv") != found.text("en")


def test_all_arguments_are_refused_at_once():
    refuse([])
    with pytest.raises(InputError) as raised:
        refuse([*text_findings(role=5, layer=[]), *number_findings(None, name="x", minimum=0)])
    assert [found.key for found in raised.value.findings] == ["wrong_kind", "wrong_kind", "number_finite"]
