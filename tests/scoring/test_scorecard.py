"""Scores: a case to check by hand, the algebra of the unknown, and its properties."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import landready
from landready.errors import InputError, StudyError
from landready.scoring import weighted_sum
from landready.scoring.scorecard import score
from landready.spec import Profile, ValueFunction

COLUMNS = {
    "total": "float64",
    "total_low": "float64",
    "total_high": "float64",
    "coverage_share": "float64",
    "modelled_share": "float64",
    "upper_bound_share": "float64",
    "eligible": "bool",
    "ranked": "bool",
    "rank": "float64",
    "not_ranked_because": str(pd.Series(dtype="str").dtype),  # what text is called depends on pandas
}


def profile(weights, **more):
    return Profile(id="p", name="P", weights=weights, **more)


@pytest.fixture
def three(make_measured):
    """Three sites, three criteria, one unknown; weights 2, 1 and 1."""
    return make_measured(
        {
            "a_m": {"x": 1.0, "y": 0.5, "z": 0.0},
            "b_m": {"x": 0.5, "y": np.nan, "z": 1.0},
            "c_m": {"x": 0.0, "y": 1.0, "z": 1.0},
        }
    )


WEIGHTS = {"a_m": 2.0, "b_m": 1.0, "c_m": 1.0}


def test_three_by_three(three):
    card = score(three, profile(WEIGHTS))
    frame = card.frame
    # x: (2·1 + 1·.5 + 1·0) / 4; y: (2·.5 + 1·1) / 3, with b at 0 and at 1 over all 4; z: (0 + 1 + 1) / 4
    np.testing.assert_allclose(frame["total"], [0.625, 2 / 3, 0.5], rtol=0, atol=1e-15)
    np.testing.assert_allclose(frame["total_low"], [0.625, 0.5, 0.5], rtol=0, atol=1e-15)
    np.testing.assert_allclose(frame["total_high"], [0.625, 0.75, 0.5], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(frame["coverage_share"], [1.0, 0.75, 1.0])
    np.testing.assert_array_equal(frame["rank"], [2, 1, 3])
    assert frame["ranked"].all()
    assert frame["eligible"].all()
    np.testing.assert_allclose(
        card.contributions,
        [[0.5, 0.125, 0.0], [1 / 3, np.nan, 1 / 3], [0.0, 0.25, 0.25]],
        rtol=0,
        atol=1e-15,
    )
    assert list(card.contributions.columns) == list(WEIGHTS)
    assert card.weights.to_dict() == WEIGHTS
    assert frame.dtypes.astype(str).to_dict() == COLUMNS
    assert frame.index.equals(three.frame.index)


def test_published_weighted_linear_combination(make_measured):
    utilities, weights = [0.2, 0.5, 0.6], [0.4, 0.35, 0.25]
    assert weighted_sum(np.array([utilities]), weights=weights).scores[0] == pytest.approx(0.405, abs=1e-12)
    names = ["a_m", "b_m", "c_m"]
    measured = make_measured({name: {"x": worth} for name, worth in zip(names, utilities, strict=True)})
    card = score(measured, profile(dict(zip(names, weights, strict=True))))
    assert card.frame.loc["x", "total"] == pytest.approx(0.405, abs=1e-12)


def test_is_the_public_score():
    assert landready.score is score


def test_no_known_criterion(make_measured):
    card = score(
        make_measured({"a_m": {"x": np.nan}, "b_m": {"x": np.nan}}), profile({"a_m": 1, "b_m": 1}, min_coverage=0)
    )
    row = card.frame.loc["x"]
    assert np.isnan(row["total"])
    assert (row["total_low"], row["total_high"], row["coverage_share"]) == (0, 1, 0)
    assert not row["ranked"]
    assert np.isnan(row["rank"])
    assert row["not_ranked_because"] == "nothing_known"


def test_no_sites(three):
    none = dataclasses.replace(
        three,
        **{name: getattr(three, name)[:0] for name in ("frame", "state", "upper_bound", "source", "date")},
    )
    card = score(none, profile(WEIGHTS, requirements={"a_m": ">= 1"}))
    assert card.frame.shape == (0, len(COLUMNS))
    assert card.frame.dtypes.astype(str).to_dict() == COLUMNS
    assert list(card.requirements.columns) == ["a_m"]
    assert card.utilities.dtypes.eq("float64").all()
    assert card.contributions.dtypes.eq("float64").all()


def test_one_site(make_measured):
    card = score(make_measured({"a_m": {7: 0.3}}), profile({"a_m": 5}))
    assert card.frame.loc[7, ["total", "rank"]].tolist() == [0.3, 1.0]


def test_unreachable_is_a_known_bad(make_measured):
    falling = ValueFunction(points=[(0, 1.0), (30, 0.0)])
    card = score(make_measured({"station_min": {"x": np.inf, "y": 15}}, value=falling), profile({"station_min": 1}))
    assert card.frame["total"].tolist() == [0.0, 0.5]
    assert card.frame["coverage_share"].tolist() == [1.0, 1.0]
    assert card.frame["rank"].tolist() == [2.0, 1.0]


def test_a_value_whose_state_is_not_known_is_unknown(make_measured):
    measured = make_measured({"a_m": {"x": 0.9}, "b_m": {"x": 0.1}}, state={("x", "a_m"): "unknown"})
    card = score(measured, profile({"a_m": 1, "b_m": 1}))
    assert card.frame.loc["x", ["total", "total_low", "total_high"]].tolist() == pytest.approx([0.1, 0.05, 0.55])
    no_state = dataclasses.replace(measured, state=measured.state[["b_m"]])
    assert score(no_state, profile({"a_m": 1, "b_m": 1})).frame.loc["x", "coverage_share"] == 0.5


def test_modelled_counts_beside_coverage(make_measured):
    measured = make_measured(
        {"a_m": {"x": 1.0}, "b_m": {"x": 1.0}, "c_m": {"x": np.nan}},
        state={("x", "a_m"): "modelled", ("x", "c_m"): "modelled"},
    )
    row = score(measured, profile({"a_m": 1, "b_m": 2, "c_m": 1})).frame.loc["x"]
    assert row["coverage_share"] == 0.75
    assert row["modelled_share"] == 0.25


def test_upper_bounds_are_used_and_counted(make_measured):
    measured = make_measured({"a_m": {"x": 0.5}, "b_m": {"x": 1.0}}, upper_bound=[("x", "a_m")])
    row = score(measured, profile({"a_m": 1, "b_m": 3})).frame.loc["x"]
    assert row["total"] == pytest.approx(0.875)
    assert row["upper_bound_share"] == 0.25


@pytest.mark.parametrize(
    ("minimum", "ranked"), [(0.5, True), (np.nextafter(0.5, 1) + 1e-9, False), (0.499, True), (1, False)]
)
def test_min_coverage_is_reached_at_itself(make_measured, minimum, ranked):
    measured = make_measured({"a_m": {"x": 0.5}, "b_m": {"x": np.nan}})
    row = score(measured, profile({"a_m": 3, "b_m": 3}, min_coverage=minimum)).frame.loc["x"]
    assert row["ranked"] == ranked
    assert row["not_ranked_because"] == ("" if ranked else "low_coverage")


def test_rounding_does_not_keep_a_site_below_the_minimum(make_measured):
    measured = make_measured({"a_m": {"x": 1.0}, "b_m": {"x": np.nan}, "c_m": {"x": np.nan}})
    card = score(measured, profile({"a_m": 6, "b_m": 2, "c_m": 7}, min_coverage=0.4))
    assert card.frame.loc["x", "coverage_share"] < 0.4  # 6 of 15 falls short of .4 by the last bit
    assert card.frame.loc["x", "ranked"]


def test_requirement_unknown_never_passes(make_measured):
    measured = make_measured({"a_m": {"x": 0.1, "y": 0.2, "z": 0.9}, "area_ha": {"x": 2.0, "y": np.nan, "z": 1.999}})
    card = score(measured, profile({"a_m": 1}, requirements={"area_ha": ">= 2"}))
    assert card.requirements["area_ha"].tolist() == ["met", "unknown", "failed"]
    assert card.frame["eligible"].tolist() == [True, False, False]
    assert card.frame["rank"].fillna(0).tolist() == [1, 0, 0]
    assert card.frame["not_ranked_because"].tolist() == ["", "requirement_unknown", "requirement_failed"]


def test_every_reason_is_given(make_measured):
    measured = make_measured({name: {"x": worth} for name, worth in {"a_m": np.nan, "b_m": 1, "c_m": np.nan}.items()})
    card = score(measured, profile({"a_m": 3, "b_m": 1}, requirements={"b_m": ">= 2", "c_m": "<= 1"}))
    assert card.frame.loc["x", "not_ranked_because"] == "low_coverage, requirement_failed, requirement_unknown"


def test_ties_share_the_average_rank_though_rounding_differs(make_measured):
    totals = {"p": 0.9, "q": 0.1 + 0.2, "r": 0.3, "s": 0.1, "t": 0.3 + 1e-6, "u": 0.3 + 1e-7}
    card = score(make_measured({"a_m": totals}), profile({"a_m": 1}))
    assert card.frame["rank"].to_dict() == {"p": 1, "q": 4, "r": 4, "u": 4, "s": 6, "t": 2}


def test_what_is_not_ranked_takes_no_place(make_measured):
    measured = make_measured({"a_m": {"x": 0.9, "y": 0.5, "z": 0.1}, "area_ha": {"x": 1, "y": 3, "z": 3}})
    card = score(measured, profile({"a_m": 1}, requirements={"area_ha": ">= 2"}))
    assert card.frame["rank"].fillna(-1).tolist() == [-1, 1, 2]


def test_a_profile_may_value_otherwise(three):
    falling = ValueFunction(points=[(0, 1.0), (1, 0.0)])
    card = score(three, profile({"a_m": 1}, values={"a_m": falling}))
    assert card.utilities["a_m"].tolist() == [0.0, 0.5, 1.0]


def test_all_that_is_missing_is_told_at_once(three):
    wrong = profile(
        {"a_n": 1, "b_m": 1}, requirements={"areal_ha": ">= 2"}, values={"c_n": ValueFunction(points=[(0, 1)])}
    )
    bare = dataclasses.replace(three, criteria=three.criteria[:1])
    with pytest.raises(StudyError) as raised:
        score(bare, wrong)
    assert [(finding.key, finding.values["name"]) for finding in raised.value.findings] == [  # noqa: PD011
        ("study_unknown_criterion", "a_n"),
        ("study_unknown_criterion", "areal_ha"),
        ("study_unknown_criterion", "c_n"),
        ("no_value_function", "b_m"),
    ]
    assert raised.value.findings[0].values["nearest"] == "a_m"  # noqa: PD011
    assert "”a_m”" in str(raised.value)


def test_ids_that_are_not_unique(make_measured):
    measured = make_measured(pd.DataFrame({"a_m": [0.1, 0.2]}, index=["x", "x"]))
    with pytest.raises(InputError, match="2 rader delar id"):
        score(measured, profile({"a_m": 1}))


def test_inputs_are_left_alone(three):
    before = {name: getattr(three, name).copy() for name in ("frame", "state", "upper_bound")}
    score(three, profile(WEIGHTS, requirements={"a_m": ">= 1"}))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(three, name), frame)


@pytest.mark.parametrize("weights", [[1e308, 1e308], [5e-324, 5e-324], [3.0, 3.0]])
def test_weights_on_any_scale(weights):
    assert weighted_sum(np.array([[0.2, 0.6]]), weights=weights).scores[0] == pytest.approx(0.4, abs=1e-12)


# --- properties -----------------------------------------------------------------------------------------

QUICK = settings(deadline=None, max_examples=25)  # a shared machine must not fail a test by being slow

worths = st.floats(0, 1) | st.just(float("nan"))
weight = st.floats(0.01, 100)


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 10))
    values = draw(hnp.arrays("float64", (rows, columns), elements=worths))
    weights = draw(hnp.arrays("float64", columns, elements=weight))
    return values, weights


def _score(make_measured, values, weights, **more):
    names = [f"c{number:02}_m" for number in range(values.shape[1])]
    measured = make_measured(pd.DataFrame(values, columns=names))
    return score(measured, profile(dict(zip(names, weights.tolist(), strict=True)), **more))


@QUICK
@given(table=tables())
def test_contributions_sum_and_bounds_hold(make_measured, table):
    card = _score(make_measured, *table)
    frame = card.frame
    known = frame["total"].notna()
    np.testing.assert_allclose(card.contributions.sum(axis=1)[known], frame["total"][known], rtol=0, atol=1e-12)
    assert (card.contributions.isna() == card.utilities.isna()).all(axis=None)
    assert ((frame["total_low"] >= 0) & (frame["total_high"] <= 1)).all()
    assert (frame["total_low"] <= frame["total_high"]).all()
    # Leaving the unknown out says they are like the rest, which lies between all bad and all good.
    assert (frame["total"][known] >= frame["total_low"][known] - 1e-12).all()
    assert (frame["total"][known] <= frame["total_high"][known] + 1e-12).all()
    np.testing.assert_allclose(
        frame["total_high"] - frame["total_low"], 1 - frame["coverage_share"], rtol=0, atol=1e-12
    )


@QUICK
@given(table=tables(), data=st.data())
def test_filling_in_the_unknown_stays_between_low_and_high(make_measured, table, data):
    values, weights = table
    filled = values.copy()
    holes = np.isnan(values)
    filled[holes] = data.draw(hnp.arrays("float64", int(holes.sum()), elements=st.floats(0, 1)))
    before = _score(make_measured, values, weights).frame
    after = _score(make_measured, filled, weights).frame["total"]
    assert (after >= before["total_low"] - 1e-12).all()
    assert (after <= before["total_high"] + 1e-12).all()


@QUICK
@given(table=tables(), data=st.data())
def test_better_on_a_known_criterion_never_ranks_lower(make_measured, table, data):
    values, weights = table
    row = data.draw(st.integers(0, values.shape[0] - 1))
    column = data.draw(st.integers(0, values.shape[1] - 1))
    if np.isnan(values[row, column]):
        values[row, column] = 0.3
    better = values.copy()
    better[row, column] = data.draw(st.floats(values[row, column], 1))
    before = _score(make_measured, values, weights, min_coverage=0).frame["rank"]
    after = _score(make_measured, better, weights, min_coverage=0).frame["rank"]
    assert after[row] <= before[row]


@QUICK
@given(table=tables(), data=st.data())
def test_order_of_rows_and_columns_changes_nothing(make_measured, table, data):
    values, weights = table
    names = [f"c{number:02}_m" for number in range(values.shape[1])]
    frame = pd.DataFrame(values, columns=names)
    rows, columns = data.draw(st.permutations(list(frame.index))), data.draw(st.permutations(names))
    points = dict(zip(names, weights.tolist(), strict=True))
    first = score(make_measured(frame), profile(points))
    second = score(make_measured(frame.loc[rows, columns]), profile({name: points[name] for name in columns}))
    pd.testing.assert_frame_equal(second.frame.loc[first.frame.index], first.frame, check_exact=True)
    pd.testing.assert_frame_equal(
        second.contributions.loc[first.frame.index, names], first.contributions, check_exact=True
    )


@QUICK
@given(table=tables(), factor=st.floats(1e-6, 1e6))
def test_only_the_proportions_of_weights_count(make_measured, table, factor):
    values, weights = table
    first, second = _score(make_measured, values, weights), _score(make_measured, values, weights * factor)
    pd.testing.assert_frame_equal(
        first.frame.drop(columns="rank"), second.frame.drop(columns="rank"), rtol=0, atol=1e-12
    )


@QUICK
@given(totals=st.lists(st.sampled_from([0.1, 0.25, 0.5, 0.9]), min_size=1, max_size=12))
def test_ranks_are_averages_over_ties(make_measured, totals):
    card = score(make_measured({"a_m": dict(enumerate(totals))}), profile({"a_m": 1}))
    expected = [
        sum(other > total for other in totals) + (1 + sum(other == total for other in totals)) / 2 for total in totals
    ]
    assert card.frame["rank"].tolist() == expected
    assert card.frame["rank"].sum() == len(totals) * (len(totals) + 1) / 2
