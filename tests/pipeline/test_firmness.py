"""How firm a ranking is, as an assessment, its tables and its map tell it."""

import csv

import numpy as np
import pandas as pd
import pyogrio
import pytest

import landready
from landready.errors import InputError, StudyError
from landready.pipeline.firmness import COLUMNS
from landready.scoring import any_weights, break_evens
from landready.webmap.codec import payload_of


@pytest.fixture(scope="module")
def example():
    return landready.Study.from_toml(landready.example_study()).run()


@pytest.fixture(scope="module")
def firm(example):
    return example.firmness("logistik", draws=500)


def test_only_ranked_sites_are_tried_and_shares_sum(example, firm):
    card = example.scorecards["logistik"].frame
    assert set(firm.robustness.frame.index) == set(card.index[card["ranked"]])
    assert firm.robustness.frame["shortlist_share"].sum() == pytest.approx(3)
    np.testing.assert_allclose(firm.robustness.rank_acceptability.sum(), 1)


def test_a_sentence_for_each_site_that_some_weighting_puts_on_the_list(firm):
    share = firm.robustness.frame["shortlist_share"]
    assert set(firm.sentences.index) == set(share.index[share > 0])
    for site, sentence in firm.sentences.items():
        assert str(site) in sentence
        assert "bland de tre bästa" in sentence


def test_a_break_even_in_a_sentence_is_where_the_list_changes(example, firm):
    card = example.scorecards["logistik"]
    ranked = card.frame["ranked"]
    weights = {str(name): float(points) for name, points in card.weights.items()}
    best = card.frame.loc[ranked, "rank"].idxmin()
    evens = break_evens(card.utilities[ranked], weights, sites=[best])
    moves = evens["above_share"].dropna()
    (_, criterion), limit = moves.idxmin(), moves.min()
    others = sum(weights.values()) - weights[criterion]

    def place(share):
        moved = {**weights, criterion: others * share / (1 - share)}
        profile = card.profile.model_copy(update={"weights": moved})
        return landready.score(example.measured, profile).frame.loc[best, "rank"]

    assert place(limit - 1e-4) <= 3 < place(limit + 1e-4)


def test_what_is_unknown_is_moved_and_told(firm):
    assert firm.with_data is not None
    np.testing.assert_allclose(firm.with_data.split.dropna().sum(axis=1), 1)
    assert firm.with_data.facts["unknown"].all()
    assert "ta reda på avstånd till station med ledig effekt" in firm.in_words()
    assert "capacity_km" not in firm.in_words()


def test_an_error_of_a_criterion_is_moved_too(example):
    measured = example.measured
    criteria = tuple(
        each.model_copy(update={"error": 2.0}) if each.id == "e20_min" else each for each in measured.criteria
    )
    from dataclasses import replace

    card = landready.score(replace(measured, criteria=criteria), example.scorecards["logistik"].profile)
    from landready.pipeline.firmness import firmness_of

    facts = firmness_of(card, draws=500).with_data.facts
    assert "e20_min" in set(facts[~facts["unknown"]].index.get_level_values("criterion"))


def test_other_weightings_and_languages(example):
    told = example.firmness("kontor", draws=200, weights=any_weights(), shortlist=1, language="en")
    assert told.robustness.weighting.kind == "any"
    assert "best" in told.sentences.iloc[0]


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"seed": -1}, {"shortlist": 0}, {"weights": "lika"}])
def test_wrong_arguments_are_refused(example, wrong):
    with pytest.raises(InputError):
        example.firmness("kontor", **wrong)


def test_no_such_profile(example):
    with pytest.raises(StudyError, match="logistik"):
        example.firmness("lager")


def test_tables_and_map_tell_the_same(example, tmp_path):
    example.to_csv(tmp_path / "t.csv", profile="kontor")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig") as file:
        rows = {row["site_id"]: row for row in csv.DictReader(file, delimiter=";")}
    example.to_gpkg(tmp_path / "t.gpkg")
    scores = pyogrio.read_dataframe(tmp_path / "t.gpkg", layer="scores", read_geometry=False)
    scores = scores[scores["profile"] == "kontor"].set_index("site_id")
    payload = payload_of(example.to_map(audience="intern").get_root().render())
    ids = payload["sites"]["ids"]
    (profile,) = (entry for entry in payload["profiles"] if entry["id"] == "kontor")
    for site, row in rows.items():
        share = float(row["shortlist_share"].replace(",", ".")) if row["shortlist_share"] else None
        drawn = profile["shortlist_share"][ids.index(site)]
        stored = scores.loc[site, "shortlist_share"]
        assert (share is None) == (drawn is None) == pd.isna(stored)
        if share is not None:
            assert share == pytest.approx(drawn, abs=1e-4)
            assert stored == pytest.approx(drawn, abs=1e-8)
            assert (row["stability"] or None) == profile["stability"][ids.index(site)]
    assert set(COLUMNS) <= set(scores.columns)


def test_an_extern_file_names_no_withheld_criterion(example):
    payload = payload_of(example.to_map(audience="extern").get_root().render())
    label = next(each for each in example.spec.criteria if each.id == "municipal_share").label("sv")
    told = [sentence for entry in payload["profiles"] for sentence in entry["stability"] if sentence]
    assert told
    assert not any(label.lower() in sentence.lower() for sentence in told)
