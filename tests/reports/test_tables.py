"""CSV that a spreadsheet opens right."""

import pandas as pd
import pytest

from landready.reports.tables import write_csv


@pytest.fixture
def table():
    return pd.DataFrame(
        {"total": [0.5, float("nan")], "name": ["=1+1", "Åby; Ö"]},
        index=pd.Index(["a", "-b"], name="site_id"),
    )


def test_swedish_separators(table, tmp_path):
    write_csv(tmp_path / "t.csv", table, language="sv")
    text = (tmp_path / "t.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines() == ["site_id;total;name", "a;0,5;'=1+1", '\'-b;;"Åby; Ö"']


def test_english_separators(table, tmp_path):
    write_csv(tmp_path / "t.csv", table, language="en")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "a,0.5,'=1+1"


def test_numbers_have_the_decimals_that_their_unit_bears(tmp_path):
    columns = {
        "total": 0.123456,
        "total_low": 0.1,
        "home_m": 42.90730737,
        "area_ha": 2.736254112,
        "free_share": 1 / 3,
        "station_min": 0.4732440545,
        "slope_pct": 3.264493723,
        "rank": 2.5,
        "own": 1.23456789,
        "lake_m": float("inf"),
    }
    write_csv(tmp_path / "t.csv", pd.DataFrame(columns, index=pd.Index(["a"], name="site_id")), language="en")
    values = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert values == "a,0.1235,0.1,42.9,2.7363,0.3333,0.5,3.26,2.5,1.23456789,inf"
