"""A first guess of what a layer is, by the words in its name and the names of its columns.

The words are data (`rules/recognise.toml`). A guess is told as such, with what it rests on; a layer that nothing
recognises is `other`.
"""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal

from landready.layers.folding import fold
from landready.layers.products import product_name, product_of
from landready.rules import roles
from landready.texts import Language, text

Certainty = Literal["sure", "likely", "guess", "none", "given"]

_OTHER = "other"
_KINDS = {"point": "point", "line": "line", "polygon": "polygon", "surface": "polygon", "curve": "line"}


@dataclass(frozen=True)
class Recognition:
    """
    What a layer seems to be.

    Parameters
    ----------
    role
        A key of `rules/roles.toml`; `"other"` where nothing was recognised.
    certainty
        `"sure"`: it is a product that is known by its columns, or its name and a column say so; `"likely"`: its own
        name or two columns do; `"guess"`: only the file's name or one column does; `"none"`: nothing does;
        `"given"`: the caller does.
    why
        What it rests on: words by where they stand (`"layer"`, `"file"`, `"columns"`), or the `"product"`;
        the role that a layer `"abroad"` would have had in Sweden.
    """

    role: str
    certainty: Certainty
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def why_in_words(self, language: Language = "sv") -> str:
        """Return what the guess rests on."""
        if not self.why:
            return text("why.none", language)
        if "product" in self.why:
            return text("why.product", language, words=product_name(self.why["product"][0]).in_language(language))
        if "abroad" in self.why:
            return text("why.abroad", language, role=roles()[self.why["abroad"][0]].in_language(language))
        return "; ".join(text(f"why.{place}", language, words=", ".join(words)) for place, words in self.why.items())


def guess_role(*, layer: str, file: str, columns: Sequence[str], kind: str | None) -> Recognition:
    """
    Guess the role of a layer.

    Parameters
    ----------
    layer
        Its name in the file.
    file
        The file's name without ending.
    columns
        The names of its columns.
    kind
        Its kind of geometry as GDAL names it (`"MultiPolygon"`, `"3D Point"`, `"Unknown"`), or `"raster"`.

    Examples
    --------
    >>> guess_role(layer="vl_riks", file="lm", columns=["VAGNR1"], kind="MultiLineString").role
    'roads'
    """
    product = product_of(columns, kind=None if kind_of(kind) == "unknown" else kind_of(kind))
    if product is not None and _fits(product.role, kind):
        return Recognition(product.role, "sure", {"product": (product.id,)})
    found = [
        (score, guess)
        for score, guess in (
            _weigh(role, entry, layer=layer, file=file, columns=columns)
            for role, entry in table()["roles"].items()
            if _fits(role, kind)
        )
        if score
    ]
    # The first of equals wins: the order of the table.
    return max(found, key=lambda pair: pair[0])[1] if found else Recognition(_OTHER, "none")


@functools.cache
def table() -> Mapping[str, Any]:
    """Return `rules/recognise.toml`."""
    path = resources.files("landready.rules").joinpath("recognise.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def kind_of(gdal: str | None) -> str:
    """
    Return `"polygon"`, `"line"`, `"point"` or `"unknown"` for a kind of geometry as GDAL names it.

    Examples
    --------
    >>> kind_of("2.5D MultiLineString"), kind_of("CurvePolygon"), kind_of("GeometryCollection")
    ('line', 'polygon', 'unknown')
    """
    lowered = (gdal or "").lower().replace("linestring", "line").replace("curvepolygon", "polygon")
    return next((kind for word, kind in _KINDS.items() if word in lowered), "unknown")


def _fits(role: str, kind: str | None) -> bool:
    kinds = roles()[role].kinds
    if kind == "raster" or "raster" in kinds:
        return kind == "raster" and "raster" in kinds
    return kind_of(kind) in {*kinds, "unknown"}


def _weigh(
    role: str, entry: Mapping[str, Sequence[str]], *, layer: str, file: str, columns: Sequence[str]
) -> tuple[float, Recognition]:
    hits = {
        "layer": _words_in(layer, entry["words"]),
        "file": () if layer == file else _words_in(file, entry["words"]),
        "columns": tuple(name for name in columns if fold(name) in entry["columns"]),
    }
    # A name that a person gave the layer says most, then columns, then the name of a file with many layers.
    score = 3.0 * bool(hits["layer"]) + 2.0 * min(len(hits["columns"]), 2) + 1.0 * bool(hits["file"])
    certainty: Certainty = "guess"
    if hits["layer"] and hits["columns"]:
        certainty = "sure"
    elif hits["layer"] or len(hits["columns"]) > 1:
        certainty = "likely"
    return score, Recognition(role, certainty, {place: words for place, words in hits.items() if words})


def _words_in(name: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of a name that a word matches."""
    parts = [part for part in re.split(r"[^a-z]+", fold(name)) if part]
    return tuple(dict.fromkeys(part for part in parts if any(_matches(part, word) for word in words)))


def _matches(part: str, word: str) -> bool:
    return part == word[1:] if word.startswith("=") else part.startswith(word.rstrip("_"))
