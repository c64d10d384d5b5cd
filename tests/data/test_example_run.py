"""The example study, run once: it shows every kind of constraint and of land, and its rankings are not all the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from landready import Study
from landready.pipeline.restrictions import constraints_of
from landready.rules import constraint_rules

UNTESTED = {
    "water_protection", "water_protection_primary", "biotope_protection", "forest_values", "wetland", "species",
    "nature_value_high", "nature_value_other", "national_interest", "cloudburst", "slide_prone", "drainage",
    "contaminated_high", "contaminated_low", "seveso", "easement", "aviation",
}  # fmt: skip

LERUM = Path(__file__).resolve().parents[2] / "data" / "lerum"


@pytest.fixture(scope="module")
def result():
    return Study.from_toml(LERUM / "study.toml").run()


def test_every_class_of_land_has_hectares(result):
    land = result.land.frame
    for name in ("free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"):
        assert land[name].sum() > 100, name


def test_a_plausible_share_of_the_land_was_never_mapped(result):
    hectares = result.land.frame[["free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"]].sum()
    assert 0.03 < hectares["unmapped_ha"] / hectares.sum() < 0.1


def test_points_anywhere_lie_in_the_class_that_the_layers_say(result):
    """Without any overlay: what covers a point, and where it was mapped, is asked of each constraint's own ground."""
    rng = np.random.default_rng(2026)
    ground, parts = result.land.frame.geometry.to_numpy(), result.land.parts
    west, south, east, north = shapely.total_bounds(ground)
    points = shapely.points(rng.uniform(west, east, 60_000), rng.uniform(south, north, 60_000))
    points = points[np.unique(shapely.STRtree(points).query(ground, predicate="intersects")[1])]
    assert len(points) > 8_000
    tree = shapely.STRtree(points)

    def inside(shapes):
        found = np.zeros(len(points), dtype=bool)
        found[tree.query(np.asarray(shapes, dtype=object), predicate="intersects")[1]] = True
        return found

    told = {name: inside(parts.geometry.to_numpy()[(parts["land_class"] == name)]) for name in ("free", "conditional")}
    excluded, lifted, strong, never_hard, never_strong, lifting = np.zeros((6, len(points)), dtype=bool)
    constraints, _ = constraints_of(result.spec, result.inputs)
    for each in constraints:
        covered, mapped = inside(each.shapes((west, south, east, north))), each.mapped()
        undecided = inside(each.undecided_shapes((west, south, east, north)))
        unknown = ~covered & (undecided | (False if mapped is None else ~inside([mapped])))
        if each.kind == "include":
            lifting |= covered
        elif each.kind == "hard":
            (excluded if each.statutory else lifted)[covered] = True
            never_hard |= unknown
        elif each.kind == "strong":
            strong |= covered
            never_strong |= unknown
    excluded |= lifted & ~lifting
    conditional = ~excluded & ~never_hard & (strong | (lifted & lifting))
    free = ~excluded & ~never_hard & ~strong & ~lifted & ~never_strong
    assert (told["free"] == free).all()
    assert (told["conditional"] == conditional).all()
    assert min(free.sum(), conditional.sum(), excluded.sum()) > 1_000


def test_the_sites_are_as_many_as_somebody_would_look_through(result):
    assert 40 <= len(result.sites.frame) <= 90


def test_every_kind_of_constraint_touches_land(result):
    constraints = result.land.constraints
    touched = constraints[constraints["affected_ha"] > 0]
    assert set(touched["kind"]) == {"hard", "strong", "info", "include"}
    assert (touched["weight"] < 1).any()
    assert touched.loc["decided_inclusion", "case_number"] == "Modell KS 2026/123"
    # No national road runs through the municipality; every other rule that has a layer here has land to touch.
    assert set(constraints.index) - set(touched.index) == {"road_national"}
    # The rules that the example has no layer for; each is tried by tests/pipeline/test_rules.py.
    assert {rule.id for rule in constraint_rules()} - set(constraints.index) == UNTESTED
    own = {rule.id for rule in result.spec.constraints}
    assert own <= set(touched.index)


def test_profiles_rank_many_sites_and_differently(result):
    totals = pd.DataFrame({name: card.frame["total"] for name, card in result.scorecards.items()})
    assert len(totals.columns) == 5
    for card in result.scorecards.values():
        assert card.frame["rank"].notna().sum() >= 10
    agree = totals.rank().corr().to_numpy()  # Spearman: the correlation of ranks
    assert agree[~np.eye(len(agree), dtype=bool)].max() < 0.9


def test_sites_lie_in_business_plans_of_every_status(result):
    plans = result.inputs.layers["plans"].frame
    business = plans[plans["permits_business"]]
    sites = result.sites.frame.geometry.union_all()
    inside = business.intersection(sites).area.groupby(business["status"]).sum() / 1e4
    assert len(inside) == 9
    assert (inside > 5).all()


def test_the_best_site_is_not_the_same_for_all(result):
    best = {card.frame["rank"].idxmin() for card in result.scorecards.values()}
    assert len(best) >= 3


def test_requirements_are_failed_by_some(result):
    for name, card in result.scorecards.items():
        assert not card.frame["eligible"].all(), name


def test_some_criterion_is_unknown_for_some_sites_only(result):
    unknown = result.measured.state.eq("unknown").mean()
    assert unknown["capacity_km"] == 1
    assert set(unknown[(unknown > 0) & (unknown < 1)].index) == {"landslide_share", "fibre_share"}
