"""Break-even weights: by hand, and against a bisection on the full score; sentences that say them."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landready.errors import InputError
from landready.scoring import break_evens, smaa, stability_sentences, weighted_sum, weights_around

NAN = float("nan")


def test_by_hand():
    # t + 0 = 0.6 at t = 0.6; 1 − t = 0.6 at t = 0.4
    evens = break_evens([[1, 0], [0, 1], [0.6, 0.6]], [1, 1], shortlist=1)
    assert evens["on_list"].tolist() == [False] * 4 + [True] * 2
    np.testing.assert_allclose(evens["below_share"], [NAN, 0.4, 0.4, NAN, 0.4, 0.4])
    np.testing.assert_allclose(evens["above_share"], [0.6, NAN, NAN, 0.6, 0.6, 0.6])


def test_an_unknown_value_bends_the_line():
    # Site 0: (t·1 + (1 − t)·½·0) / (t + (1 − t)/2); site 1: 0.5 whatever t. Level at t = (1 − t)/2, t = 1/3.
    evens = break_evens([[1, 0, NAN], [0.5, 0.5, 0.5]], [2, 1, 1], shortlist=1)
    assert evens.loc[(0, "0"), "below_share"] == pytest.approx(1 / 3)


def test_few_sites_and_one_criterion():
    assert (
        break_evens([[0.5, 0.1], [0.2, 0.3]], [1, 1], shortlist=3)[["below_share", "above_share"]].isna().all(axis=None)
    )
    one = break_evens([[0.5], [0.2]], [1], shortlist=1)
    assert one["on_list"].tolist() == [True, False]
    assert one["below_share"].isna().all()
    assert break_evens(np.empty((0, 2)), [1, 1]).empty
    nothing = break_evens([[NAN, NAN], [0.5, 0.5]], [1, 1])
    assert nothing["on_list"].tolist() == [False, False, True, True]


def on_list(utilities, shares, criterion, share, shortlist):
    """Whether each site is on the list with the full score at another share of one weight."""
    others = np.delete(shares, criterion)
    moved = np.insert(others / others.sum() * (1 - share), criterion, share)
    totals = weighted_sum(utilities, weights=moved).scores
    return np.array([(totals > total + 1e-10).sum() < shortlist for total in totals])


@given(
    utilities=hnp.arrays("float64", (6, 3), elements=st.integers(0, 100).map(lambda step: step / 100) | st.just(NAN)),
    weights=st.lists(st.integers(1, 9), min_size=3, max_size=3),
    shortlist=st.integers(1, 3),
)
@settings(max_examples=12, deadline=None)
def test_break_evens_are_where_a_bisection_finds_them(utilities, weights, shortlist):
    utilities[:, 0] = np.nan_to_num(utilities[:, 0], nan=0.5)
    shares = np.array(weights) / np.sum(weights)
    evens = break_evens(utilities, weights, shortlist=shortlist)
    for (site, criterion), row in evens.iterrows():
        number = int(criterion)
        today = row["on_list"]
        for column, edge in (("below_share", 0.0), ("above_share", 1.0)):
            found = row[column]
            end = edge if np.isnan(found) else found
            # Nothing changes on the way there …
            for share in np.linspace(row["share"], end, 9)[1:-1]:
                near = on_list(utilities, shares, number, share, shortlist)[site]
                assert near == today or abs(share - end) < 1e-4
            if np.isnan(found):
                continue
            # … and it does just beyond: bisect between a step before and a step after.
            inside, outside = found, found + np.copysign(1e-4, edge - 0.5)
            if not 0 < outside < 1:
                continue
            inside -= np.copysign(min(1e-4, abs(found - row["share"])), edge - 0.5)
            if on_list(utilities, shares, number, outside, shortlist)[site] == today:
                continue  # it comes back within the step
            for _ in range(16):
                middle = (inside + outside) / 2
                if on_list(utilities, shares, number, middle, shortlist)[site] == today:
                    inside = middle
                else:
                    outside = middle
            assert outside == pytest.approx(found, abs=1e-6)


@pytest.fixture
def case():
    utilities = pd.DataFrame({"station_min": [1, 0, 0.6], "area_ha": [0, 1, 0.6]}, index=["A", "B", "C"])
    return utilities, smaa(utilities, draws=2000, seed=1, shortlist=1)


def test_sentences(case):
    utilities, firm = case
    evens = break_evens(utilities, [45, 55], shortlist=1)
    said = stability_sentences(firm, evens, names={"station_min": "avstånd till station"}).str.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert re.match(r"Utredningsområde C är bäst i (19|2\d) %", said["C"])
    assert said["C"].endswith("% av viktningarna; det faller om avstånd till station väger under 40 % (nu 45 %).")
    assert said["A"].endswith("det kommer in om avstånd till station väger över 60 % (nu 45 %).")
    english = stability_sentences(firm, evens, language="en").str.replace("\N{NO-BREAK SPACE}", " ")
    assert english["C"].endswith("it falls out if station_min weighs less than 40 % (now 45 %).")


def test_what_never_changes_is_said(case):
    utilities, _ = case
    firm = smaa(utilities, weights_around([1, 1], spread=0), draws=10, shortlist=3)
    said = stability_sentences(firm, break_evens(utilities, [1, 1], shortlist=3))
    assert "bland de 3 bästa i 100" in said["A"]
    assert said["A"].endswith("det står kvar hur ett enskilt kriterium än vägs.")
    low = pd.concat([utilities, pd.DataFrame({"station_min": [0.0], "area_ha": [0.0]}, index=["D"])])
    said = stability_sentences(smaa(low, draws=10, shortlist=1), break_evens(low, [1, 1], shortlist=1))
    assert said["D"].endswith("det kommer inte in hur ett enskilt kriterium än vägs.")


def test_a_limit_close_to_today_does_not_look_like_it(case):
    utilities, firm = case
    said = stability_sentences(firm, break_evens(utilities, [40.2, 59.8], shortlist=1))
    assert "väger under 40\N{NO-BREAK SPACE}% (nu 40,2\N{NO-BREAK SPACE}%)" in said["C"]


def test_what_is_refused(case):
    utilities, firm = case
    with pytest.raises(InputError):
        stability_sentences(firm, break_evens(utilities.iloc[:2], [1, 1]))
    for wrong in (0, 1.5, None):
        with pytest.raises(InputError, match="shortlist"):
            break_evens(utilities, [1, 1], shortlist=wrong)
    with pytest.raises(InputError):
        break_evens(utilities, [0, 0])
