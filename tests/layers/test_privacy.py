"""Personal numbers: dates and check digits that are right are found, the rest is not."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landready.layers.privacy import holds_personal_number, personal_number_findings


def said(finding, name):
    """Return one of the values a finding carries."""
    return vars(finding)["values"][name]


def check_digit(nine):
    """Return the digit that makes ten digits pass; written out the long way, to compare with."""
    total = 0
    for position, digit in enumerate(nine):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


@given(
    date=st.dates(min_value=pd.Timestamp("1900-01-01").date()), serial=st.integers(0, 999), coordination=st.booleans()
)
def test_every_right_number_is_found(date, serial, coordination):
    if date.year >= 2100:
        return
    day = f"{date.day + 60 * coordination:02d}"
    nine = f"{date:%y%m}{day}{serial:03d}"
    digit = check_digit(nine)
    for text in (f"{nine[:6]}-{nine[6:]}{digit}", f"{date.year // 100}{nine[:6]}-{nine[6:]}{digit}"):
        # A two-digit year is taken to be of this century, which decides over 29 February only.
        assert holds_personal_number(f"Åke ({text})") or (date.month, date.day) == (2, 29)
    if date.year < 2100:
        assert holds_personal_number(f"{date.year // 100}{nine}{digit}")
    wrong = str((int(digit) + 1) % 10)
    assert not holds_personal_number(f"{nine[:6]}-{nine[6:]}{wrong}")


@pytest.mark.parametrize(
    "text",
    [
        "556036-0793",  # an organisation's number: no month 60
        "1234567890",
        "2020-01-01",
        "Öjared 1:12",
        "19121212-12123",
        "121312-1212",
        "a3f91212-1212-4212-9212-121212121212",
        "",
    ],
)
def test_what_is_not_a_personal_number(text):
    assert not holds_personal_number(text)


def test_columns_are_named_with_counts_but_never_values():
    frame = gpd.GeoDataFrame(
        {
            "text": ["19121212-1212", None, "x"],
            "number": [191212121212, 1, 2],
            "with_gaps": [191212121212.0, None, 191212121213.0],
            "name": ["Åsa", "Örjan", None],
        },
        geometry=[shapely.Point(0, 0)] * 3,
    )
    findings = personal_number_findings(frame, layer="x")
    assert {said(finding, "column"): said(finding, "count") for finding in findings} == {
        "text": 1,
        "number": 1,
        "with_gaps": 1,
    }
    assert not any("1212" in finding.text(language) for finding in findings for language in ("sv", "en"))
