"""The page on plan files names every column, and its study file lines are such as can be read."""

import re
import tomllib
from pathlib import Path

from landready.layers.detaljplan.frames import PROVISION_COLUMNS, plan_columns
from landready.rules import constraint_rules, roles
from landready.spec import ConstraintRule

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


def toml():
    """Return the TOML that the page shows, joined."""
    blocks = re.findall(r"code-block:: toml\n\n((?:   .*\n|\n)+)", PAGE)
    return tomllib.loads("\n".join(re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in blocks))


def test_the_lines_of_the_study_file():
    layers = toml()["layers"]
    assert [layer["role"] for layer in layers.values()] == ["plans", "plan_provisions"]


def test_the_rule_on_provisions_asks_for_columns_that_are_there():
    off, rule = toml()["constraints"]
    assert off["id"] in {known.id for known in constraint_rules()}
    assert set(rule["where"]) <= set(PROVISION_COLUMNS)
    assert ConstraintRule.model_validate(rule).role == "plan_provisions"
