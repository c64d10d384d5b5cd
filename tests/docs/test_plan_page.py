"""The page on plan files names every column, and its study file lines are such as can be read."""

import re
import tomllib
from pathlib import Path

from landready.layers.detaljplan.frames import PROVISION_COLUMNS, plan_columns
from landready.rules import roles

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "detaljplaner.rst").read_text(encoding="utf-8")


def test_every_column_has_its_meaning():
    plans, _, provisions = PAGE.partition("Vad en bestämmelse säger\n")
    for columns, part in ((plan_columns()[1:], plans), (PROVISION_COLUMNS[1:], provisions)):
        named = {
            name
            for cell in re.findall(r"^   \* - (``.+)$", part, re.MULTILINE)
            for name in re.findall(r"``(\w+)``", cell)
        }
        assert set(columns) == named


def test_columns_are_those_of_the_roles():
    assert set(plan_columns()) == {roles()["plans"].id, *roles()["plans"].columns}
    assert set(PROVISION_COLUMNS) == {roles()["plan_provisions"].id, *roles()["plan_provisions"].columns}


def test_the_lines_of_the_study_file():
    block = re.search(r"code-block:: toml\n\n((?:   .*\n|\n)+)", PAGE)[1]
    layers = tomllib.loads(re.sub(r"^   ", "", block, flags=re.MULTILINE))["layers"]
    assert [layer["role"] for layer in layers.values()] == ["plans", "plan_provisions"]
