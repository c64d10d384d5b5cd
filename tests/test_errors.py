"""Findings and the exceptions that carry them."""

import pickle
import traceback

import pytest

from landready.errors import (
    ColumnError,
    CrsError,
    FileError,
    Finding,
    InputError,
    LandreadyError,
    StudyError,
    some,
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


def test_a_traceback_shows_both_languages():
    shown = "".join(traceback.format_exception(InputError(NO_ROWS)))
    assert "är tomt" in shown
    assert "is empty" in shown


def test_a_finding_is_its_text():
    assert str(NO_ROWS) == "Lager ”vägar” är tomt."
    assert NO_ROWS.severity == "error"
    assert Finding("no_rows", {"layer": "a"}, "note").severity == "note"


@pytest.mark.parametrize(
    ("rows", "said"), [([], ""), ([7], "7"), (range(5), "0, 1, 2, 3, 4"), (range(6), "0, 1, 2, 3, 4, …")]
)
def test_some(rows, said):
    assert some(rows) == said


def test_some_takes_any_iterable_and_length():
    assert some((row for row in "abc"), first=2) == "a, b, …"
