"""Explanations: every number is the scorecard's, in both languages, with nothing left to fill in."""

import re

import numpy as np
import pytest

import landready
from landready.errors import InputError
from landready.scoring.explanation import compare, explain
from landready.scoring.scorecard import score
from landready.spec import Profile, ValueFunction
from landready.texts import LANGUAGES, number

NAMES = {
    "station_m": {"sv": "Avstånd till station", "en": "Distance to station"},
    "flat_share": {"sv": "Plan mark", "en": "Flat land"},
    "area_ha": {"sv": "Areal", "en": "Area"},
}
WEIGHTS = {"station_m": 2, "flat_share": 1, "area_ha": 1}


@pytest.fixture
def card(make_measured):
    """a leads; b has an unknown; c and d tie; e fails, f is unknown in everything."""
    measured = make_measured(
        {
            "station_m": {"a": 0.9, "b": 0.6, "c": 0.5, "d": 0.5, "e": np.inf, "f": np.nan},
            "flat_share": {"a": 0.345, "b": np.nan, "c": 0.5, "d": 0.5, "e": 0.1, "f": np.nan},
            "area_ha": {"a": 0.8, "b": 0.4, "c": 0.5, "d": 0.5, "e": 0.1996, "f": np.nan},
        },
        names=NAMES,
        state={("a", "flat_share"): "modelled"},
        upper_bound=[("a", "station_m")],
        value=ValueFunction(points=[(0, 0.0), (1, 1.0)]),
    )
    requirements = {"area_ha": ">= 0.2"}
    return score(
        measured,
        Profile(id="p", name="Småindustri", weights=WEIGHTS, requirements=requirements),
    )


def plain(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


def said(card, site, language="sv"):
    return plain(explain(card, site, language=language))


def test_first_place_in_full(card):
    assert said(card, "a").splitlines() == [
        "Utredningsområde a är nummer 1 av 4 rangordnade för verksamhetstypen Småindustri.",
        "Samlad bedömning: 73,6 poäng av 100.",
        "Underlagets fullständighet: 100 % av vikten vilar på värden som finns; minst 50 % krävs för att rangordnas.",
        "25 % av vikten vilar på modellerade värden.",
        "50 % av vikten vilar på avstånd som i verkligheten kan vara kortare, eftersom lagret slutar i närheten.",
        "Vad poängen består av, störst bidrag först:",
        "– Avstånd till station: högst 1 m. Nytta 0,90, vikt 50 %, ger 45,0 poäng.",
        "– Areal: 0,8 ha. Nytta 0,80, vikt 25 %, ger 20,0 poäng.",
        "– Plan mark: 34,5 % (modellerat). Nytta 0,34, vikt 25 %, ger 8,6 poäng.",
        "Krav:",
        "– Areal: 0,8 ha; kravet är minst 0,2 ha. Kravet är uppfyllt.",
    ]


def test_the_unknown_is_named_with_what_it_could_change(card):
    words = said(card, "b")
    # (2·.6 + .4) / 3 = 53.3; with flat land at 0 and at 1 over all 4: 40.0 and 65.0
    assert (
        "Samlad bedömning: 53,3 poäng av 100. Beroende på det som är okänt kan den bli lägst 40,0 och högst 65,0."
        in words
    )
    assert (
        "– Plan mark: okänt, vikt 25 %, som fördelas på det kända. Är det så dåligt som möjligt blir den samlade bedömningen 40,0 poäng, är det så bra som möjligt 65,0."
        in words
    )
    assert words.index("Areal") < words.index("Plan mark")


def test_a_shared_place(card):
    assert "delar plats 3–4 av 4" in said(card, "c")
    assert "shares places 3–4 of 4" in said(card, "d", "en")


def test_why_a_site_is_not_ranked(card):
    words = said(card, "e")
    assert words.startswith(
        "Utredningsområde e rangordnas inte för verksamhetstypen Småindustri: minst ett krav är inte uppfyllt."
    )
    assert "– Avstånd till station: nås inte." in words
    assert "– Areal: 0,1996 ha; kravet är minst 0,2 ha. Kravet är inte uppfyllt." in words


def test_nothing_known(card):
    words = said(card, "f")
    assert "inget kriterium är känt; minst ett krav går inte att bedöma" in words
    assert "Samlad bedömning: okänd. Den kan bli lägst 0,0 och högst 100,0." in words
    assert "räknas därför inte som uppfyllt" in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", list("abcdef"))
def test_numbers_are_the_scorecards(card, site, language):
    words = explain(card, site, language=language)
    frame = card.frame.loc[site]
    shown = [frame["total"], *card.contributions.loc[site].dropna()]
    if frame["total_low"] < frame["total_high"]:
        shown += [frame["total_low"], frame["total_high"]]
    for share in shown:
        assert number(100 * share, language) in words or np.isnan(share)
    assert not re.search(r"[{}]|nan|inf\b|None|True|False", words)
    for name in NAMES.values():
        assert name[language] in words
    for other in NAMES.values():
        assert other[{"sv": "en", "en": "sv"}[language]] not in words.replace("Areal", "")


def test_compare_says_who_leads_and_why(card):
    words = plain(compare(card, "c", "a"))
    assert words.splitlines() == [
        "Utredningsområde a kommer före c för verksamhetstypen Småindustri.",
        "Samlad bedömning: a har 73,6 och c har 50,0 poäng; skillnaden är 23,6.",
        "Det som talar för a:",
        "– Avstånd till station: högst 1 m mot 0,5 m, ger 20,0 poäng mer.",
        "– Areal: 0,8 ha mot 0,5 ha, ger 7,5 poäng mer.",
        "Det som talar för c:",
        "– Plan mark: 50 % mot 34,5 % (modellerat), ger 3,9 poäng mer.",
    ]
    assert compare(card, "a", "c") == compare(card, "c", "a")


def test_compare_with_the_unknown(card):
    words = plain(compare(card, "a", "b"))
    assert "De vilar på olika underlag (a: 100 % av vikten, b: 75 %)." in words
    assert "34,5 % (modellerat) mot okänt" in words


def test_compare_differences_sum_to_that_of_the_totals(card):
    words = plain(compare(card, "a", "b", language="en"))
    for_a, _, for_b = words.partition("What speaks for b:")
    gains = [sum(float(found) for found in re.findall(r"gives ([\d.]+) points more", part)) for part in (for_a, for_b)]
    gap = 100 * (card.frame.loc["a", "total"] - card.frame.loc["b", "total"])
    assert gains[0] - gains[1] == pytest.approx(gap, abs=0.2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("c", "d"), ("a", "e"), ("e", "f"), ("f", "a"), ("a", "a")])
def test_compare_every_case(card, first, second, language):
    words = compare(card, first, second, language=language)
    assert not re.search(r"[{}]|\bnan\b|\binf\b|None|True|False", words)


def test_compare_tied_and_not_ranked(card):
    assert "delar plats" in compare(card, "c", "d")
    assert "Lika: Avstånd till station, Plan mark, Areal." in compare(card, "c", "d")
    assert compare(card, "e", "a").startswith(
        "Utredningsområde a rangordnas för verksamhetstypen Småindustri, men inte e:"
    )
    assert compare(card, "e", "f").startswith("Varken e eller f rangordnas")


def test_no_such_site(make_measured):
    card = score(
        make_measured({"a_m": {"FLODA 3:21-1": 0.1, "FLODA 3:22-1": 0.2, "HJÄLLSNÄS 8:1-1": 0.3}}),
        Profile(id="p", name="P", weights={"a_m": 1}),
    )
    with pytest.raises(
        InputError, match=r"”FLODA 3:2-1” finns inte bland 3.*FLODA 3:2[12]-1, FLODA 3:2[12]-1.*kolumnen site_id"
    ):
        explain(card, "FLODA 3:2-1")
    with pytest.raises(InputError):
        compare(card, "FLODA 3:21-1", "x")


def test_ids_that_are_numbers_may_be_given_as_text(make_measured):
    card = score(make_measured({"a_m": {7: 0.1, 8: 0.2}}), Profile(id="p", name="P", weights={"a_m": 1}))
    assert explain(card, "7") == explain(card, 7)


def test_braces_in_names_are_only_text(make_measured):
    card = score(
        make_measured({"a_m": {"{site}": 0.1}}, names={"a_m": "{0} <b>"}),
        Profile(id="p", name="{x}", weights={"a_m": 1}),
    )
    words = explain(card, "{site}")
    assert "Utredningsområde {site} är nummer 1" in words
    assert "{0} <b>" in words


def test_is_the_public_explain():
    assert landready.explain is explain
