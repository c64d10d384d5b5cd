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
