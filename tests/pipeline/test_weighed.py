"""What a profile counts twice, and weights that change nothing, are told."""

import numpy as np
import pandas as pd
import pytest

from landready import Criterion, Measured, Profile, ValueFunction, score
from landready.pipeline.weighed import weighed_findings

SITES = 12


@pytest.fixture
def measured():
    rng = np.random.default_rng(5)
    road = rng.uniform(0, 1, SITES)
    values = pd.DataFrame(
        {"road_share": road, "drive_share": road**3, "slope_share": rng.uniform(0, 1, SITES), "flat_share": 0.4}
    ).assign(empty_share=np.nan)
    value = ValueFunction(points=[(0, 1.0), (1, 0.0)])
    criteria = [
        Criterion(id=key, measure="overlap_share", layer="x", name=key.removesuffix("_share").title(), value=value)
        for key in values
    ]
    state = values.notna().replace({True: "known", False: "unknown"})
    nothing = pd.DataFrame(None, state.index, state.columns, dtype=object)
    return Measured(values, state, state == "", nothing, nothing, tuple(criteria))


def told(measured, **weights):
    profile = Profile(id="p", name="P", weights={f"{name}_share": weight for name, weight in weights.items()})
    return weighed_findings([score(measured, profile)], "sv")


def test_two_criteria_that_rank_alike_are_told_by_their_names(measured):
    [finding] = told(measured, road=1, drive=1, slope=1)
    assert finding.text("sv").startswith("P: ”Road” och ”Drive” rangordnar områdena nästan lika")
    assert finding.severity == "warning"


def test_a_criterion_that_the_profile_leaves_out_counts_nothing_twice(measured):
    assert told(measured, road=1, slope=1) == []


def test_a_weight_that_changes_nothing_is_told(measured):
    [finding] = told(measured, road=1, slope=1, flat=1)
    assert finding.key == "criteria_alike"
    assert "”Flat”" in finding.text("sv")


def test_what_is_unknown_for_all_is_not_told_again(measured):
    assert told(measured, road=2, slope=2, empty=1) == []
    assert told(measured, empty=1) == []


def test_only_ranked_sites_count(measured):
    needs = {"slope_share": "<= 0.5"}
    profile = Profile(id="p", name="P", weights={"road_share": 1.0, "slope_share": 1.0}, requirements=needs)
    card = score(measured, profile)
    assert 0 < card.frame["ranked"].sum() < SITES
    assert weighed_findings([card], "sv") == []
