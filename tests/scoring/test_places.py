"""Sites that are alike share their places, and are told so."""

import numpy as np
import pandas as pd
import pytest

from landready.scoring.places import best_in_words, places, shared_findings, span


def ranked(*totals):
    return pd.Series(totals, index=list("abcdefghijklmnopqrstuvwxyz")[: len(totals)]).rank(ascending=False)


def test_places_are_those_that_an_average_stands_for():
    found = places(pd.Series([1.0, 2.5, 2.5, np.nan, 4.0], index=list("abcde")))
    assert found.loc["a"].tolist() == [1, 1]
    assert found.loc["b"].tolist() == found.loc["c"].tolist() == [2, 3]
    assert found.loc["d"].isna().all()
    assert places(pd.Series([], dtype="float64")).empty


def test_every_place_is_taken_once():
    totals = np.random.default_rng(3).integers(0, 8, 40)
    rank = pd.Series(totals).rank(ascending=False)
    taken = {place for first, last in places(rank).to_numpy() for place in range(first, last + 1)}
    assert taken == set(range(1, 41))


@pytest.mark.parametrize(("first", "last", "said"), [(1, 1, "1"), (1, 18, "1–18")])
def test_a_span_is_written_as_people_do(first, last, said):
    assert span(first, last) == said


def test_the_best_are_named_with_the_places_they_share():
    assert best_in_words(ranked(9, 8, 7, 6), "sv", most=3) == "a, b, c"
    assert best_in_words(ranked(9, 8, 8, 8), "sv", most=3) == "a; b, c (delad plats 2–4)"
    assert best_in_words(ranked(9, 9, 9, 9), "en", most=3) == "a, b, c (shared rank 1–4)"
    assert best_in_words(ranked(), "sv", most=3) == ""


def test_a_place_that_many_of_the_best_share_is_told():
    [finding] = shared_findings(ranked(*[1.0] * 18, 0.5))
    assert finding.severity == "warning"
    assert finding.text("sv").startswith("18 utredningsområden delar plats 1–18 av 19: det som vägs skiljer")


def test_two_alike_and_places_that_nobody_reads_are_not_told():
    assert shared_findings(ranked(9, 9, 8, 7)) == []
    assert shared_findings(ranked(*range(30, 19, -1), 1, 1, 1, 1)) == []
    assert shared_findings(ranked()) == []
