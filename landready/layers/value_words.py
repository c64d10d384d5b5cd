"""Values put into the words that rules and criteria ask for (`rules/values.toml`)."""

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import geopandas as gpd

from landready.errors import Finding, some
from landready.layers.folding import fold
from landready.layers.notes import Notes

_OVERVIEW, _LAND_USE = "overview_plan", "land_use"


def in_our_words(
    frame: gpd.GeoDataFrame, *, role: str | None, layer: str, named: str
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return a layer with the values of its role in the words of the rules.

    Parameters
    ----------
    frame
        With our columns.
    role
        What the layer is.
    layer
        What findings call it.
    named
        Its name in the file: a layer of an overview plan that has no `land_use` gets it from there, where the name
        holds a category of ÖP-modell 2.1.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Same rows. A note for each column that was translated. What no word list knows stays as it is, but in columns of
        classes in numbers: there it counts as unknown, and is told.
    """
    columns = _words().get(role or "", {})
    notes = Notes()
    for column, words in columns.items():
        if column in frame.columns:
            frame, more = _translated(frame, column, words, layer)
            notes += more
    if role == _OVERVIEW and _LAND_USE not in frame.columns:
        land_use = land_use_of_name(named)
        if land_use is not None:
            told = {"layer": layer, "land_use": land_use}
            return frame.assign(land_use=land_use), notes + Notes((Finding("land_use_by_name", told, "note"),))
    return frame, notes


def land_use_of_name(name: str) -> str | None:
    """
    Return the land use that the name of a layer says, by the categories of ÖP-modell 2.1; None if it says none.

    Examples
    --------
    >>> land_use_of_name("Verksamheter_och_industri"), land_use_of_name("op_mangfunktionell_bebyggelse_y")
    ('verksamheter_industri', 'mangfunktionell')
    """
    said = f" {re.sub(r'[^a-z]+', ' ', fold(name)).strip()} "
    categories = {f" {word} ": meaning for word, meaning in _words()[_OVERVIEW][_LAND_USE].items()}
    return next((meaning for word, meaning in categories.items() if word in said), None)


@functools.cache
def words_of(column: str) -> frozenset[str]:
    """
    Return the words for the values of a column that products and word lists give.

    Examples
    --------
    >>> sorted(words_of("risk"))
    ['high', 'low', 'medium']
    """
    lists = [columns[column] for columns in _words().values() if column in columns]
    text = resources.files("landready.rules").joinpath("products.toml").read_text(encoding="utf-8")
    reads = [product.get("read", {}).get(column, {}) for product in tomllib.loads(text)["products"]]
    lists += [read.get("words", {}) for read in reads if isinstance(read, dict)]
    return frozenset(meaning for words in lists for meaning in words.values() if isinstance(meaning, str))


def _translated(
    frame: gpd.GeoDataFrame, column: str, words: Mapping[str, Any], layer: str
) -> tuple[gpd.GeoDataFrame, Notes]:
    ours = set(words.values())
    said = [value for value in frame[column].dropna().unique() if value not in ours]
    put = {value: words[fold(str(value).strip())] for value in said if fold(str(value).strip()) in words}
    strange = [value for value in said if value not in put] if _in_numbers(words) else []
    if not put and not strange:
        return frame, Notes()
    told = {"layer": layer, "column": column}
    found = []
    if put:
        listed = ", ".join(f"{value} → {meaning}" for value, meaning in sorted(put.items(), key=str))
        found.append(Finding("values_translated", {**told, "values": listed}, "note"))
    if strange:
        count = int(frame[column].isin(strange).sum())
        values = some(sorted(map(str, strange)))
        fields = {**told, "values": values, "count": count, "total": len(frame)}
        found.append(Finding("product_values", fields, "warning"))
    meanings = put | dict.fromkeys(strange)
    read = frame[column].map(lambda value: meanings.get(value, value))
    return frame.assign(**{column: read.astype("float64") if _in_numbers(words) else read}), Notes(tuple(found))


def _in_numbers(words: Mapping[str, Any]) -> bool:
    return all(isinstance(meaning, int) for meaning in words.values())


@functools.cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    path = resources.files("landready.rules").joinpath("values.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
