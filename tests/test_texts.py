"""Both languages say the same things, every text can be filled in, and numbers are written as people write them."""

import math
import string

import numpy as np
import pytest

from landready.texts import LANGUAGES, catalogue, number, text


class Anything:
    """Stands in for any value: formats as a number, as text, and with !r."""

    def __format__(self, spec):
        return format(1.0, spec) if spec.endswith("f") else "x"

    def __repr__(self):
        return "x"


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_both_languages_hold_the_same_keys():
    assert set(catalogue("sv")) == set(catalogue("en"))


@pytest.mark.parametrize("key", sorted(set(catalogue("sv")) & set(catalogue("en"))))
def test_both_languages_name_the_same_fields(key):
    assert fields(catalogue("sv")[key]) == fields(catalogue("en")[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_formats(language):
    for key, template in catalogue(language).items():
        names = fields(template)
        assert all(name.isidentifier() for name in names), key
        said = text(key, language, **dict.fromkeys(names, Anything()))
        assert said == said.strip(), key
        assert "{" not in said.replace("{{", ""), key


def test_texts_are_filled_in_and_values_are_not_read_as_templates():
    assert text("finding.geometry_none", "sv", layer="{vägar}", total=4).startswith(
        "Lager ”{vägar}”: inget av 4 objekt"
    )
    with pytest.raises(KeyError):
        text("finding.no_such_key")
    with pytest.raises(KeyError):
        text("finding.no_rows")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0, 1, 13116, 0.25, -2.5])
def test_every_template_formats_numbers(language, value):
    for key, template in catalogue(language).items():
        said = text(key, language, **dict.fromkeys(fields(template), value))
        assert said == said.strip(), key


def test_numbers_in_texts_are_those_of_the_language_and_their_words_agree():
    values = {"layer": "a", "rows": "rad 1", "square_metres": 0.0}

    def repaired(count, total, language):
        said = text("finding.geometry_repaired", language, **values, count=count, total=total)
        return said.replace("\N{NO-BREAK SPACE}", " ")

    assert "34 av 13 116 geometrier var ogiltiga och" in repaired(34, np.int64(13116), "sv")
    assert "1 av 13 116 geometrier var ogiltig och" in repaired(1, 13116, "sv")
    assert "1 av 1 geometri var ogiltig och" in repaired(1, 1, "sv")
    assert "34 of 13,116 geometries were invalid and were" in repaired(34, 13116, "en")
    assert "1 of 1 geometry was invalid and was" in repaired(1, 1, "en")
    assert "har värden för 6,5 % av" in text("finding.raster_coverage", "sv", layer="a", percent=6.47)
    assert "= 0.25 " in text("finding.study_number", "sv", where="a", value=0.25)  # as it is written in the file


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (0, 1, "0,0", "0.0"),
        (1234567.891, 2, "1 234 567,89", "1,234,567.89"),
        (12345.678, 0, "12 346", "12,346"),
        (-1234.5, 1, "-1 234,5", "-1,234.5"),
        (0.05, 1, "0,1", "0.1"),
        (math.nan, 1, "okänt", "unknown"),
        (math.inf, 1, "nås inte", "unreachable"),
        (-math.inf, 1, "nås inte", "unreachable"),
    ],
)
def test_numbers(value, decimals, swedish, english):
    assert number(value, "sv", decimals=decimals).replace("\N{NO-BREAK SPACE}", " ") == swedish
    assert number(value, "en", decimals=decimals) == english
