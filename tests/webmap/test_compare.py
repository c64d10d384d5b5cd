"""Another result beside the one that the map shows."""

import json
from dataclasses import replace

import numpy as np
import pytest

from landready.scoring.scorecard import score
from landready.webmap.compare import Result, comparison


@pytest.fixture
def result(example):
    """Return a function that makes a result of the made-up study; `change` may alter what was measured."""

    def make(frame=None, change=lambda values: None, profiles=example.PROFILES, **fields):
        frame = example.sites() if frame is None else frame
        found = example.measured(frame)
        values = found.frame.copy()
        change(values)
        state = found.state.mask(values.isna(), "unknown")
        found = replace(found, frame=values, state=state)
        cards = {profile.id: score(found, profile) for profile in profiles}
        return Result(**({"title": "Mark 2024", "date": "2024-01-01", "sites": frame, "scorecards": cards} | fields))

    return make


def compared(here, there, **fields):
    return comparison(here, there, **({"ids": sorted(here.sites.index), "language": "sv"} | fields))


def test_a_result_beside_itself_moves_nothing(result):
    found = compared(result(), result())
    assert found["rows"] == [[place, place, "same"] for place in range(5)]
    assert [profile["id"] for profile in found["profiles"]] == ["industri", "kontor"]
    assert all(cause is None for profile in found["profiles"] for cause in profile["causes"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_contribution_that_changed_most_is_the_cause(result):
    def nearer(values):
        values.iloc[0, values.columns.get_loc("e20_m")] += 2500.0
        values.iloc[0, values.columns.get_loc("area_ha")] -= 0.1

    here, there = result(), result(change=nearer)
    cause = compared(here, there)["profiles"][0]["causes"][0]
    assert cause["label"] == "Till E20"
    now, before = (one.scorecards["industri"].contributions["e20_m"].iloc[0] for one in (here, there))
    assert cause["change"] == pytest.approx(now - before)
    assert cause["change"] == pytest.approx(0.15)


def test_what_became_unknown_says_so(result):
    def lost(values):
        values.iloc[0, values.columns.get_loc("e20_m")] = np.nan

    assert compared(result(), result(change=lost))["profiles"][0]["causes"][0] == {
        "label": "Till E20",
        "change": pytest.approx(0.246),
        "became": "known",
    }
    assert compared(result(change=lost), result())["profiles"][0]["causes"][0]["became"] == "unknown"


def test_a_requirement_that_decides_goes_before_contributions(result):
    def flooded(values):
        values.iloc[0, values.columns.get_loc("flood_share")] = 0.4

    found = compared(result(change=flooded), result())["profiles"][0]
    assert found["causes"][0] == {"label": "Översvämning", "was": "met", "is": "failed"}
    assert compared(result(change=flooded), result(), language="en")["profiles"][0]["causes"][0]["label"] == "Flooding"


def test_what_the_audience_must_not_see_is_no_cause(result):
    def bought(values):
        values["municipal_share"] = 1.0

    here, there = result(), result(change=bought)
    assert compared(here, there)["profiles"][0]["causes"][0]["label"] == "Kommunal mark"
    hidden = compared(replace(here, withheld={"municipal_share"}), there)
    assert "Kommunal mark" not in json.dumps(hidden, ensure_ascii=False)
    assert hidden["profiles"][0]["causes"][0] is None


def test_new_and_gone_sites_and_profiles_of_one_side(result, example):
    frame = example.sites()
    found = compared(result(frame.iloc[1:]), result(frame.iloc[:-1], profiles=example.PROFILES[:1]))
    assert found["rows"] == [[0, 1, "same"], [1, 2, "same"], [2, 3, "same"], [3, None, "new"], [None, 0, "gone"]]
    assert [profile["id"] for profile in found["profiles"]] == ["industri"]
    assert found["profiles"][0]["causes"][3:] == [None, None]


def test_only_ids_shapes_and_scores_go_into_the_file(result):
    words = json.dumps(compared(result(), result()), ensure_ascii=False)
    assert "HEMLIG" not in words
