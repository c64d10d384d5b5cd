"""Every text that people see, in Swedish and English, by key.

The texts are data (`sv.toml`, `en.toml`); the two files hold the same keys. A text is a
`str.format` template whose fields the caller names. What stands between `<<` and `>>` names the nearest of some names
and is left out where none is near. Numbers are written as people of the language write them: `{count}` with spaces or
commas between the thousands, `{percent:.1f}` with so many decimals, `{east:d}` as plain digits, `{count:rad|rader}`
with the word that fits one or several, `{count:=saknad|saknade}` as that word alone.
"""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from numbers import Integral, Real
from typing import Any, Literal

Language = Literal["sv", "en"]
NONE = "–"
_NEAREST = re.compile("<<(.*?)>>")
_DECIMALS = re.compile(r"\.(\d)f")
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@functools.cache
def catalogue(language: Language) -> dict[str, str]:
    """Return all texts of one language, keyed `section.name`."""
    raw = tomllib.loads(resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": template for section, entries in raw.items() for name, template in entries.items()}


def text(key: str, language: Language = "sv", **values: Any) -> str:
    """
    Return the text `key` in `language` with its fields filled in.

    Parameters
    ----------
    key
        Section and name, for example `"finding.no_crs"`.
    language
        `"sv"` or `"en"`.
    **values
        The fields of the template.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        If the catalogue has no such key.

    Examples
    --------
    >>> text("word.site", "sv")
    'utredningsområde'
    >>> text("finding.study_unknown_layer", "sv", where="area", name="x", nearest="–")
    'Studien: ”area” nämner lagret ”x”, som inte finns.'
    """
    near = values.get("nearest") != NONE
    said = {name: _Number(value, language) if _is_number(value) else value for name, value in values.items()}
    return _NEAREST.sub(r"\1" if near else "", catalogue(language)[key]).format(**said)


@dataclass(frozen=True, repr=False)
class _Number:
    """A number that a text holds; `!r` and `!s` give it as it was written in code or in the study file."""

    value: Any
    language: Language

    def __format__(self, spec: str) -> str:
        if "|" in spec:
            one, several = spec.removeprefix("=").split("|")
            word = one if self.value == 1 else several
            return word if spec.startswith("=") else f"{self:} {word}"
        if spec == "d":
            return f"{self.value:.0f}"
        if decimals := _DECIMALS.fullmatch(spec):
            return number(self.value, self.language, decimals=int(decimals[1]))
        # A number with decimals that nobody asked to round is somebody's input, and shown as such.
        whole = not spec and isinstance(self.value, Integral)
        return number(int(self.value), self.language, decimals=0) if whole else format(self.value, spec)

    def __repr__(self) -> str:
        return repr(self.value)

    def __str__(self) -> str:
        return str(self.value)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def number(value: float, language: Language = "sv", *, decimals: int = 1) -> str:
    """
    Format a number as people of the language write it.

    Parameters
    ----------
    value
        Any float; `nan` and `inf` become words.
    language
        `"sv"` or `"en"`.
    decimals
        Digits after the decimal sign.

    Returns
    -------
    str

    Examples
    --------
    >>> number(12345.678, "sv").split()  # a no-break space between the thousands
    ['12', '345,7']
    >>> number(12345.678, "en")
    '12,345.7'
    >>> number(float("nan"), "sv")
    'okänt'
    """
    if value != value:  # noqa: PLR0124  (NaN is the one value that differs from itself)
        return text("word.unknown", language)
    if value in (float("inf"), float("-inf")):
        return text("word.unreachable", language)
    plain = f"{value:,.{decimals}f}"
    return plain.translate(str.maketrans(",.", "\N{NO-BREAK SPACE},")) if language == "sv" else plain
