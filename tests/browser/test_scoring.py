"""The page's scores are Python's: totals, spans, coverage, contributions and ranks for any weights."""

import json
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from landready.model import Measured
from landready.scoring.places import places
from landready.scoring.requirements import outcomes
from landready.scoring.scorecard import score
from landready.spec import Criterion, Profile, ValueFunction
from landready.style.classes import SCORE_LIMITS, score_class
from landready.webmap.payload import build_payload

pytestmark = pytest.mark.browser

NUMBERS = ("total", "total_low", "total_high", "coverage_share", "modelled_share")


@pytest.fixture
def script(page):
    """Return a page that has the pure functions of the map, and nothing else."""

    def run(call, argument):
        files = ("scoring.js", "filters.js")
        source = "\n".join(
            resources.files("landready.webmap").joinpath("assets", name).read_text(encoding="utf-8") for name in files
        )
        return page.evaluate(f"(argument) => {{ {source}\n{call} }}", argument)

    return run


def study(rng, *, sites=60, criteria=11):
    """Return measured values of every kind: unknown, unreachable, modelled, and alike so that there are ties."""
    names = [f"c{place}_{'share' if place % 2 else 'm'}" for place in range(criteria)]
    values = pd.DataFrame(
        rng.choice([0.0, 0.25, 0.5, 0.75, 1.0, np.nan, np.inf], (sites, criteria), p=[0.15] * 5 + [0.2, 0.05]),
        index=pd.Index([f"s{place:03}" for place in range(sites)], name="site_id"),
        columns=names,
    )
    fine = rng.random((sites, criteria))
    values = values.where(rng.random((sites, criteria)) < 0.6, values * fine)
    state = pd.DataFrame(rng.choice(["known", "modelled"], (sites, criteria)), index=values.index, columns=names)
    state = state.where(values.notna(), "unknown")
    none = values.map(lambda _: None)
    worth = ValueFunction(points=[(0, 0.0), (0.4, 0.7), (1, 1.0)])
    return Measured(
        values,
        state,
        values.isna() & False,
        none,
        none,
        tuple(Criterion(id=name, measure="attribute", value=worth) for name in names),
    )


def profile(weights, requirement, min_coverage):
    given = {name: weight for name, weight in weights.items() if weight > 0}
    return Profile(id="p", name="P", weights=given, requirements=requirement, min_coverage=min_coverage)


def told(example, card):
    """Return the payload of a scorecard whose sites have no shapes of interest."""
    frame = example.sites(ids=list(card.frame.index))
    return build_payload(
        title="T", date="2026-01-01", language="sv", audience="intern", sites=frame, scorecards={"p": card}
    )


def weightings(rng, names, count):
    for place in range(count):
        kind = place % 4
        drawn = {
            0: rng.random(len(names)) * 100,
            1: rng.integers(0, 4, len(names)).astype(float),
            2: rng.choice([0.0, 1.0, 10.0], len(names)),
            3: 10.0 ** rng.uniform(-6, 6, len(names)),
        }[kind]
        if drawn.sum() == 0:
            drawn[0] = 1.0
        yield dict(zip(names, drawn.tolist(), strict=True))


@pytest.mark.parametrize("criteria", [5, 11])
def test_a_thousand_weightings_give_what_python_gives(example, script, criteria):
    rng = np.random.default_rng(criteria)
    found = study(rng, criteria=criteria)
    names = list(found.frame.columns)
    requirement, least = {names[0]: "<= 0.9"}, 0.6
    start = score(found, profile(dict.fromkeys(names, 1.0), requirement, least))
    tried = list(weightings(rng, names, 500))
    reckoned = script(
        """
        const [given, tried] = argument;
        const entry = given.profiles[0];
        const criteria = new Map(given.criteria.map((one) => [one.id, one]));
        const model = scorable(entry, criteria, given.score_limits);
        const plain = (list) => Array.from(list, (value) => (Number.isNaN(value) ? null : value));
        return tried.map((one) => {
          const weights = Float64Array.from(entry.criteria, ({ id }) => one[id]);
          const scores = rescored(model, weights);
          const given = Object.fromEntries(Object.entries(scores).map(([key, list]) => [key, plain(list)]));
          return { ...given, contributions: plain(contributionsOf(model, weights, scores, 7)), ids: entry.criteria.map(({ id }) => id) };
        });
        """,
        [json.loads(json.dumps(told(example, start))), tried],
    )
    for weights, page in zip(tried, reckoned, strict=True):
        card = score(found, profile(weights, requirement, least))
        for name in NUMBERS:
            mine = np.array(page[name], dtype=float)
            np.testing.assert_allclose(mine, card.frame[name], rtol=0, atol=1e-9, err_msg=name)
        assert np.array_equal(np.array(page["rank"], dtype=float), card.frame["rank"].to_numpy(), equal_nan=True)
        assert [bool(value) for value in page["ranked"]] == card.frame["ranked"].tolist()
        assert page["class"] == score_class(card.frame["total"], card.frame["ranked"]).tolist()
        parts = pd.Series(page["contributions"], index=page["ids"], dtype=float)
        mine = parts[list(card.contributions.columns)].to_numpy()
        np.testing.assert_allclose(mine, card.contributions.iloc[7], rtol=0, atol=1e-9)
        assert parts.drop(list(card.contributions.columns)).isna().all()


def test_no_weight_at_all_ranks_nothing(example, script):
    found = study(np.random.default_rng(1), sites=5)
    names = list(found.frame.columns)
    card = score(found, profile(dict.fromkeys(names, 1.0), {}, 0.0))
    scores = script(
        """
        const criteria = new Map(argument.criteria.map((one) => [one.id, one]));
        const model = scorable(argument.profiles[0], criteria, argument.score_limits);
        const scores = rescored(model, new Float64Array(11));
        return { ranked: [...scores.ranked], rank: [...scores.rank].map(Number.isNaN), total: [...scores.total].map(Number.isNaN), class: scores.class };
        """,
        json.loads(json.dumps(told(example, card))),
    )
    assert scores == {"ranked": [0] * 5, "rank": [True] * 5, "total": [True] * 5, "class": ["unranked"] * 5}


def test_what_is_withheld_keeps_its_part_of_the_score(example, script):
    payload = example.payload(audience="extern")
    assert [entry["id"] for entry in payload["profiles"][0]["criteria"]] == ["area_ha", "e20_m", "flood_share"]
    weights = {"area_ha": 10, "e20_m": 60, "flood_share": 0}
    scores = script(
        """
        const [given, weights] = argument;
        const criteria = new Map(given.criteria.map((one) => [one.id, one]));
        const model = scorable(given.profiles[0], criteria, given.score_limits);
        const scores = rescored(model, Float64Array.from(given.profiles[0].criteria, ({ id }) => weights[id]));
        return { total: [...scores.total], modelled: [...scores.modelled_share], rank: [...scores.rank] };
        """,
        [json.loads(json.dumps(payload)), weights],
    )
    given = example.PROFILES[0]
    kept = {name: weight for name, weight in (weights | {"municipal_share": 10}).items() if weight}
    card = score(example.measured(example.sites()), given.model_copy(update={"weights": kept}))
    np.testing.assert_allclose(scores["total"], card.frame["total"], rtol=0, atol=1e-7)
    np.testing.assert_allclose(scores["modelled"], card.frame["modelled_share"], rtol=0, atol=1e-7)
    assert np.array_equal(np.array(scores["rank"], dtype=float), card.frame["rank"], equal_nan=True)


def test_limits_of_classes_are_the_maps(example):
    assert example.payload()["score_limits"] == [[name, limit] for name, limit in SCORE_LIMITS.items()]


@pytest.mark.parametrize("sign", [">=", "<="])
def test_conditions_judge_as_requirements_do(script, sign):
    values = np.array([0.0, 1.0, 2.0, 3.0, np.inf, np.nan, 1.0, 2.0, 3.0])
    upper = np.array([False] * 6 + [True] * 3)
    judged = script(
        "return argument[0].map((value, i) => judged(value === null ? NaN : value === 'inf' ? Infinity : value, argument[1][i], argument[2], 2));",
        [[None if np.isnan(v) else "inf" if np.isinf(v) else v for v in values], upper.tolist(), sign],
    )
    assert judged == [str(outcome) for outcome in outcomes(values, f"{sign} 2", upper_bound=upper)]


def test_shared_places_are_pythons_and_the_first_ten_are_marked_together(script):
    rank = pd.Series(np.random.default_rng(2).integers(0, 12, 40)).rank(ascending=False)
    told = script(
        """
        const profile = { rank: Float64Array.from(argument), ranked: argument.map(() => 1) };
        return argument.map((_, position) => [...placesOf(profile, position), isTop(profile, position)]);
        """,
        rank.tolist(),
    )
    there = places(rank)
    assert [pair[:2] for pair in told] == there.to_numpy().tolist()
    marked = there.loc[[pair[2] for pair in told]]
    assert marked["last"].max() <= 10
    assert len(marked) == marked["last"].max()


def test_places_that_reach_beyond_the_tenth_are_not_marked(script):
    call = "return isTop({ rank: argument, ranked: argument.map(() => 1) }, 0);"
    assert script(call, [9.5] * 18) is False
    assert script(call, [5.5] * 10) is True
