"""Values, units and conditions in words."""

import math

import pytest

from landready.scoring.wording import amount, condition_in_words, limit, percent
from landready.spec import UNITS
from landready.texts import LANGUAGES


def plain(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "unit", "swedish", "english"),
    [
        (12345.6, "m", "12 346 m", "12,346 m"),
        (0.4, "m", "0,4 m", "0.4 m"),
        (0.0, "m", "0 m", "0 m"),
        (2.0, "ha", "2 ha", "2 ha"),
        (1.964, "ha", "1,96 ha", "1.96 ha"),
        (0.345, "share", "34,5 %", "34.5 %"),
        (1.0, "share", "100 %", "100 %"),
        (34.5, "pct", "34,5 %", "34.5 %"),
        (2027.0, "year", "2027", "2027"),
        (3.0, "count", "3 st", "3"),
        (-0.001, "share", "-0,1 %", "-0.1 %"),
        (math.inf, "min", "nås inte", "unreachable"),
        (math.nan, "min", "okänt", "unknown"),
    ],
)
def test_amount(value, unit, swedish, english):
    assert plain(amount(value, unit, "sv")) == swedish
    assert plain(amount(value, unit, "en")) == english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_word(unit, language):
    assert amount(12.0, unit, language).startswith(("12", "1"))


def test_a_value_just_short_of_a_limit_does_not_look_like_it():
    assert plain(amount(1.9996, "ha", "en", apart_from=2.0)) == "1.9996 ha"
    assert plain(amount(2.0, "ha", "en", apart_from=2.0)) == "2 ha"
    assert plain(amount(0.49999, "share", "en", apart_from=0.5)) == "49.999 %"


@pytest.mark.parametrize(
    ("condition", "swedish"),
    [
        (">= 2", "minst 2 ha"),
        ("> 2", "mer än 2 ha"),
        ("<= 2", "högst 2 ha"),
        ("< 2", "mindre än 2 ha"),
        ("== 2", "exakt 2 ha"),
        (2.0, "exakt 2 ha"),
        ("!= 2", "något annat än 2 ha"),
        ([1.0, 2.0], "något av 1 ha, 2 ha"),
    ],
)
def test_conditions(condition, swedish):
    assert plain(condition_in_words(condition, "ha", "sv")) == swedish
    assert condition_in_words(condition, "ha", "en") != condition_in_words(condition, "ha", "sv")


def test_limit_and_percent():
    assert limit(">= 2.5") == 2.5
    assert limit([1.0, 2.0]) is None
    assert plain(percent(0.125, "sv")) == "12,5 %"
