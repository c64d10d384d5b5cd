"""The Swedish rule set: every row says what it is, where it comes from and how sure it is."""

import re
import tomllib
from importlib import resources
from typing import get_args

import pandas as pd
import pytest

from landready.rules import constraint_rules, plot_rules, roles
from landready.spec import Certainty, ConstraintRule
from landready.where import OPERATORS, matches, parse

RAW = tomllib.loads(resources.files("landready.rules").joinpath("constraints.se.toml").read_text(encoding="utf-8"))
ROWS = RAW["constraints"]
BY_ID = {rule.id: rule for rule in constraint_rules()}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_row_is_complete(row):
    rule = ConstraintRule.model_validate(row)
    assert rule.name.sv
    assert rule.name.en
    assert rule.name.sv != rule.name.en
    assert rule.reason.endswith(".")
    # What is written down, not what the model would fill in.
    assert {"id", "name", "role", "kind", "statutory", "reason", "source", "certainty"} <= set(row)
    assert row["certainty"] in get_args(Certainty)
    assert len(row["source"]) > len("assumption")
    assert rule.legal_basis or not rule.statutory, "a statutory row names its statute"


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_row_stands_on_a_role_and_its_columns(row):
    rule = ConstraintRule.model_validate(row)
    role = roles()[rule.role]
    assert set(rule.where) <= set(role.columns)
    if rule.kind != "info" and not rule.buffer_m:
        assert "polygon" in role.kinds, "without a buffer only areas cover land"
    for condition in rule.where.values():
        assert parse(condition)[0] in {*OPERATORS, "in"}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_distance_in_the_name_is_the_buffer_or_explained(row):
    """A planner reads the name; where the buffer is larger (half a road's width), the reason says both parts."""
    named = re.search(r"\((\d+) m( från vägområdet)?\)", row["name"]["sv"])
    if named is None:
        assert row.get("buffer_m", 0) == 0
    elif float(named[1]) != row["buffer_m"]:
        parts = [float(number) for number in re.findall(r"(\d+) m\b", row["reason"])]
        assert sum(parts) == row["buffer_m"]
        assert named[2] is not None
        assert f"({named[1]} m from the road area)" in row["name"]["en"]


def test_ids_are_unique():
    assert len(BY_ID) == len(ROWS)


def test_every_kind_and_the_issue_s_list_are_there():
    assert {rule.kind for rule in BY_ID.values()} == {"hard", "strong", "info"}
    assert {rule.role for rule in BY_ID.values()} >= {
        "water", "nature_reserves", "shore_protection", "natura2000", "flood", "landslide", "buildings", "home_plots",
        "built_plots", "parcels", "rail", "roads", "power_lines", "farmland", "plans", "heritage", "soil", "contaminated",
    }  # fmt: skip


# What Swedish practice asks of a screening, and the rows that answer it. What is no ground on a map has no row; the head
# of constraints.se.toml says which and why.
ASKED = {
    "strandskydd": ("shore_protection",),
    "naturreservat, nationalpark, kulturreservat": ("nature_reserve",),
    "Natura 2000": ("natura2000", "natura2000_100"),
    "biotopskydd, också i skog": ("biotope_protection",),
    "nyckelbiotop, naturvårdsavtal": ("forest_values",),
    "sumpskog, våtmark": ("wetland",),
    "artskydd": ("species",),
    "naturvärdesinventering": ("nature_value_high", "nature_value_other"),
    "vattenskyddsområde": ("water_protection", "water_protection_primary"),
    "riksintressen, också totalförsvar och energi": ("national_interest",),
    "fornlämning": ("heritage",),
    "jordbruksmark": ("farmland",),
    "väglagen 47 §": ("road_europe", "road_national", "road_county"),
    "järnväg": ("railway_30",),
    "farligt gods": ("hazmat_motorway", "hazmat_road", "hazmat_rail"),
    "kraftledningar": (
        "power_line_380_kv", "power_line_380_kv_field", "power_line_200_kv", "power_line_100_kv", "power_line_36_kv",
        "power_line_low",
    ),
    "skredrisk": ("landslide_high", "landslide_medium", "landslide_low"),
    "finkornig jord, jordarter": ("slide_prone", "soil_clay", "soil_peat"),
    "översvämning": ("flood_100", "flood_200"),
    "skyfall": ("cloudburst",),
    "markavvattningsföretag": ("drainage",),
    "förorenad mark": ("contaminated_high", "contaminated_low"),
    "Seveso": ("seveso",),
    "bostäder och tomter": ("home", "home_50", "home_200", "home_plot"),
    "bebyggda tomter, väg, järnväg": ("built_plot", "traffic_or_water_parcel"),
    "detaljplan för annat ändamål": ("plan_other_use", "plan_other_use_expired", "plan_other_use_adopted"),
    "allmän plats": ("plan_public_place",),
    "mot översiktsplanen": ("overview_other_use",),
    "ledningsrätt": ("easement",),
    "flygbuller, höjder": ("aviation",),
    "vatten": ("water",),
}  # fmt: skip


def test_nothing_that_is_asked_for_is_missing_and_nothing_else_is_there():
    assert sorted(row for rows in ASKED.values() for row in rows) == sorted(BY_ID)


@pytest.mark.parametrize(
    ("row", "certainty", "buffer_m"),
    [
        ("shore_protection", "verified", 0),
        ("biotope_protection", "verified", 5),
        ("water_protection", "memory", 0),
        ("national_interest", "memory", 0),
        ("slide_prone", "memory", 0),
        ("contaminated_high", "memory", 50),
        ("seveso", "memory", 1000),
        ("species", "assumption", 50),
        ("overview_other_use", "assumption", 0),
        ("railway_30", "secondary", 30),
        ("natura2000", "memory", 0),
    ],
)
def test_how_sure_a_number_is_stays_with_it(row, certainty, buffer_m):
    assert (BY_ID[row].certainty, BY_ID[row].buffer_m) == (certainty, buffer_m)


def test_only_statutes_are_beyond_a_forced_inclusion():
    statutory = {rule.role for rule in BY_ID.values() if rule.statutory}
    assert "nature_reserves" in statutory
    assert not statutory & {"water", "home_plots", "built_plots", "rail", "parcels"}


@pytest.mark.parametrize(
    ("voltage", "widest"),
    [(0.4, 5), (10, 5), (36, 10), (70, 10), (110, 25), (150, 25), (220, 40), (300, 40), (400, 50)],
)
def test_no_voltage_falls_between_two_rows(voltage, widest):
    line = pd.DataFrame({"voltage_kv": [voltage]})
    strong = [rule for rule in BY_ID.values() if rule.role == "power_lines" and rule.kind == "strong"]
    hit = [rule.buffer_m for rule in strong if matches(line, rule.where, layer="lines")[0]]
    assert max(hit) == widest


@pytest.mark.parametrize(
    ("status", "permits", "kind"),
    [
        ("laga_kraft", False, "hard"),
        ("genomforandetid_utgangen", False, "strong"),
        ("overklagad", False, "strong"),
        ("tillsyn", False, "strong"),
        ("samrad", False, None),
        ("laga_kraft", True, None),
        ("laga_kraft", None, None),
    ],
)
def test_plans(status, permits, kind):
    plan = pd.DataFrame({"status": [status], "permits_business": pd.array([permits], dtype="boolean")})
    hit = [r.kind for r in BY_ID.values() if r.role == "plans" and matches(plan, r.where, layer="plans")[0]]
    assert hit == ([kind] if kind else [])


def test_plot_thresholds():
    assert plot_rules() == {"home_plot_max_ha": 0.5, "built_share": 0.15}
    assert all("antagande" in entry["source"] for entry in RAW["plots"].values())


def test_no_rule_set_is_empty():
    assert constraint_rules("none") == ()
