"""What NVDB calls things, and what it means in our columns and words: the table `rules/nvdb.toml`."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import pandas as pd

from landready.errors import Finding, some
from landready.layers.folding import fold
from landready.layers.notes import Notes

INNER = frozenset({"forbidden", "main_number", "european"})
"""Answers that others are made of."""


@dataclass(frozen=True)
class Rule:
    """
    Where an answer stands, and how it is read.

    Parameters
    ----------
    column
        Our column, or an answer that others are made of.
    theme
        The företeelse that gives it; empty where only the homogenised layer does.
    names
        What its column is called in the företeelse's layer, folded.
    whole, whole_back
        What it is called in the homogenised layer; of directed answers in the direction of the line, and against it.
    presence
        Whether it is an answer that something is said at all.
    directed
        Whether it may hold in one direction of travel only.
    number
        Whether it is a number.
    words
        What folded values mean.
    """

    column: str
    theme: str = ""
    names: Sequence[str] = ()
    whole: Sequence[str] = ()
    whole_back: Sequence[str] = ()
    presence: bool = False
    directed: bool = False
    number: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def values(self, table: pd.DataFrame, name: str, *, layer: str) -> tuple[pd.Series, Notes]:
        """
        Return what a column says, and a warning for values of which nothing is known: they count as unknown.

        Parameters
        ----------
        table
            What was delivered.
        name
            Its column.
        layer
            What findings call it.
        """
        texts = table[name].astype("string").str.strip()
        said = texts.where(texts != "")
        if not (self.number or self.words):
            return said.astype(object), Notes()
        if self.number:
            read: pd.Series = pd.to_numeric(said.str.replace(",", "."), errors="coerce").astype("float64")
        else:
            whole = said.str.removesuffix(".0")  # a column of codes with gaps is read as decimals
            read = whole.map(fold, na_action="ignore").map(dict(self.words)).astype(object)
        strange = said.notna() & read.isna()
        if not strange.any():
            return read, Notes()
        listed = some(sorted(set(said[strange])))
        values = {"layer": layer, "column": name, "values": listed, "count": int(strange.sum()), "total": len(table)}
        return read, Notes((Finding("product_values", values, "warning"),))


@functools.cache
def table() -> Mapping[str, Any]:
    """Return all of `rules/nvdb.toml`."""
    return tomllib.loads(resources.files("landready.rules").joinpath("nvdb.toml").read_text(encoding="utf-8"))


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return how each answer is read, in the order of our columns."""
    return tuple(
        Rule(**{"names" if key == "from" else key: value for key, value in row.items()}) for row in table()["columns"]
    )


def is_car_network(kinds: pd.Series) -> pd.Series:
    """Tell which kinds of network are for cars; what says nothing is."""
    folded = kinds.astype("string").str.strip().str.removesuffix(".0").map(fold, na_action="ignore")
    return pd.Series(folded.isin(table()["network"]["kept"]) | folded.isna() | (folded == ""))


def is_denied(values: pd.Series) -> pd.Series:
    """Tell where a column says that something is not so, or says nothing."""
    texts = values.astype("string").str.strip().str.removesuffix(".0").map(fold, na_action="ignore").fillna("")
    return pd.Series(texts.isin(["", *table()["no"]]))
