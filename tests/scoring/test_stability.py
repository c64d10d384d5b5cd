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


def test_what_rounding_alone_puts_just_before_all_the_weight_is_no_change():
    # Level only where the third criterion has all the weight, in either order of the first two.
    table = np.array([[0, 0, NAN], [0.2, 0.55, 0], [0, 0, 0], [0, NAN, NAN], [0.5, NAN, 0], [0, NAN, NAN]])
    for order in ([0, 1, 2], [1, 0, 2]):
        evens = break_evens(table[:, order], np.array([2, 1, 1])[order], shortlist=1)
        assert np.isnan(evens.loc[(1, "2"), "above_share"])


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
    assert said["A"].endswith("det kommer med om avstånd till station väger över 60 % (nu 45 %).")
    english = stability_sentences(firm, evens, language="en").str.replace("\N{NO-BREAK SPACE}", " ")
    assert english["C"].endswith("it falls out if station_min weighs less than 40 % (now 45 %).")


def test_what_never_changes_is_said(case):
    utilities, _ = case
    firm = smaa(utilities, weights_around([1, 1], spread=0), draws=10, shortlist=3)
    said = stability_sentences(firm, break_evens(utilities, [1, 1], shortlist=3))
    assert "bland de tre bästa i 100" in said["A"]
    assert said["A"].endswith("det står kvar hur man än ändrar en enskild vikt.")
    low = pd.concat([utilities, pd.DataFrame({"station_min": [0.0], "area_ha": [0.0]}, index=["D"])])
    said = stability_sentences(smaa(low, draws=10, shortlist=1), break_evens(low, [1, 1], shortlist=1))
    assert said["D"].endswith("det kommer inte med hur man än ändrar en enskild vikt.")


def test_what_nobody_could_want_is_not_named():
    # B comes before A only if b, which weighs a tenth today, weighs more than half.
    table = pd.DataFrame({"a": [0.6, 0.5], "b": [0.4, 0.5], "c": [0.8, 0.5]}, index=["A", "B"])
    evens = break_evens(table, [80, 10, 10], shortlist=1)
    assert evens.loc[("A", "b"), "above_share"] == pytest.approx(0.55)
    assert evens[["below_share", "above_share"]].notna().to_numpy().sum() == 2
    firm = smaa(table, draws=50, shortlist=1)
    said, english = (stability_sentences(firm, evens, language=language) for language in ("sv", "en"))
    assert said["A"].endswith("det står kvar så länge inget kriterium väger mer än alla andra tillsammans.")
    assert said["B"].endswith("det kommer inte med så länge inget kriterium väger mer än alla andra tillsammans.")
    assert english["A"].endswith("it stays as long as no criterion weighs more than all the others together.")
    # Where a criterion weighs a third today, twice as much may be meant.
    nearer = break_evens(table, [40, 35, 25], shortlist=1)
    limit = nearer.loc[("A", "b"), "above_share"]
    assert 0.5 < limit < 0.7
    assert f"b väger över {limit * 100:.0f}" in stability_sentences(firm, nearer)["A"]


def test_a_criterion_that_hardly_counts_does_not_count():
    table = pd.DataFrame({"a": [0.5, 0.5], "b": [0.4, 0.6], "c": [0.5027, 0.5]}, index=["A", "B"])
    evens = break_evens(table, [60, 5, 35], shortlist=1)
    assert 0 < evens.loc[("B", "b"), "below_share"] < 0.01
    said = stability_sentences(smaa(table, draws=50, shortlist=1), evens).str.replace("\N{NO-BREAK SPACE}", " ")
    assert said["B"].endswith("det faller om b inte räknas alls (nu 5 %).")
    assert said["A"].endswith("det kommer med om b inte räknas alls (nu 5 %).")


def test_level_today():
    # A and C are level at exactly 60 per cent, and so both on the list: one of them falls at the least change.
    for share in (0.6, 0.6 - 1e-15, 0.6 + 1e-15):
        evens = break_evens([[1, 0], [0, 1], [0.6, 0.6]], [share, 1 - share], shortlist=1)
        assert evens["on_list"].tolist() == [True, True, False, False, True, True]
        assert evens.loc[(0, "0"), "below_share"] == pytest.approx(0.6)
        assert np.isnan(evens.loc[(0, "0"), "above_share"])
        assert evens.loc[(2, "0"), "above_share"] == pytest.approx(0.6)
        assert evens.loc[(2, "0"), "below_share"] == pytest.approx(0.4)


def test_what_others_share_if_all_weight_was_on_one():
    # The others share equally what it gives up: 1 - t times the mean of 1 and 0.5 meets t at three sevenths.
    evens = break_evens([[1, 0, 0], [0, 1, 0.5]], [1, 0, 0], shortlist=1)
    assert evens.loc[(0, "0"), "below_share"] == pytest.approx(3 / 7)


def test_a_limit_close_to_today_does_not_look_like_it(case):
    utilities, firm = case
    closer = stability_sentences(firm, break_evens(utilities, [40.4, 59.6], shortlist=1))
    assert "väger under 40\N{NO-BREAK SPACE}% (nu 40,4\N{NO-BREAK SPACE}%)" in closer["C"]
    table = pd.DataFrame({"a": [1, 0, 0.5964], "b": [0, 1, 0.5964]}, index=["A", "B", "C"])
    said = stability_sentences(smaa(table, draws=50, shortlist=1), break_evens(table, [40.4, 59.6], shortlist=1))
    assert "väger under 40,4\N{NO-BREAK SPACE}% (nu 40,4\N{NO-BREAK SPACE}%)" in said["C"]
    said = stability_sentences(firm, break_evens(utilities, [40.2, 59.8], shortlist=1))
    assert "väger under 40\N{NO-BREAK SPACE}% (nu 40,2\N{NO-BREAK SPACE}%)" in said["C"]


def test_some_sites_are_answered_for_as_all_are(case):
    utilities, firm = case
    whole, some = break_evens(utilities, [1, 1]), break_evens(utilities, [1, 1], sites=["C", "A"])
    pd.testing.assert_frame_equal(some, whole.loc[["C", "A"]])
    assert stability_sentences(firm, some).to_dict() == stability_sentences(firm, whole)[["C", "A"]].to_dict()


def test_what_is_refused(case):
    utilities, firm = case
    with pytest.raises(InputError):
        stability_sentences(firm, break_evens(utilities.rename({"A": "D"}), [1, 1]))
    with pytest.raises(InputError):
        break_evens(utilities, [1, 1], sites=["D"])
    for wrong in (0, 1.5, None):
        with pytest.raises(InputError, match="shortlist"):
            break_evens(utilities, [1, 1], shortlist=wrong)
    with pytest.raises(InputError):
        break_evens(utilities, [0, 0])
