"""Every kind of damage in docs/damage.toml: what is wrong is told in words that name it, or the file is refused."""

import tomllib
from pathlib import Path

import pytest

from landready import LandreadyError
from tests.layers.damaged import DAMAGE

ROWS = tomllib.loads((Path(__file__).parents[2] / "docs" / "damage.toml").read_text(encoding="utf-8"))["damage"]


def test_the_list_holds_every_kind_once_and_many():
    assert [row["id"] for row in ROWS] == list(DAMAGE)
    assert len({(row["product"], row["format"], row["broken"]) for row in ROWS}) == len(ROWS)
    assert len({row["finding"] for row in ROWS}) >= 40


@pytest.mark.parametrize("row", ROWS, ids=list(DAMAGE))
def test_damage_is_told_and_read_or_refused(tmp_path, row):
    read = DAMAGE[row["id"]](tmp_path)
    try:
        findings, refused = read().findings, False
    except LandreadyError as error:
        findings, refused = error.findings, True
    told = {finding.key: finding for finding in findings}
    assert row["finding"] in told, sorted(told)
    assert refused == (not row["read"])
    said = told[row["finding"]].text("sv")
    assert [word for word in row["says"] if word not in said] == [], said
    assert said != told[row["finding"]].text("en")
    assert str(tmp_path) not in said
