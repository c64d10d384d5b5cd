"""Values with their units, and conditions, as people write and say them."""

from landready.texts import Language, number, text
from landready.where import Condition, parse

_DECIMALS = {"m": 0, "km": 1, "ha": 2, "pct": 1, "share": 1, "min": 0, "months": 0, "year": 0, "count": 0}
_MOST_DECIMALS = 6
_WORDS = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "==": "equals", "!=": "differs"}


def amount(value: float, unit: str, language: Language = "sv", *, apart_from: float | None = None) -> str:
    """
    Return a value and its unit in words; shares become per cent.

    Parameters
    ----------
    value
        The value; `nan` is said to be unknown, `inf` unreachable.
    unit
        What a criterion's id ends in: `"m"`, `"ha"`, `"share"` …
    language
        `"sv"` or `"en"`.
    apart_from
        A limit the value is compared with: shown with enough decimals not to look like it when it is not.

    Returns
    -------
    str

    Examples
    --------
    >>> amount(1250.0, "m", "en").split()
    ['1,250', 'm']
    >>> amount(0.345, "share", "en").split()
    ['34.5', '%']
    >>> amount(1.96, "ha", "en", apart_from=2.0).split()
    ['1.96', 'ha']
    """
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  (NaN differs from itself)
        return number(value, language)
    scale = 100.0 if unit == "share" else 1.0
    shown = value * scale
    decimals = _decimals(shown, _DECIMALS.get(unit, 1), None if apart_from is None else apart_from * scale)
    digits = number(shown + 0.0, language, decimals=decimals)
    if unit == "year":  # a year has no thousands
        digits = f"{shown:.{decimals}f}"
    return f"{digits}\N{NO-BREAK SPACE}{text(f'unit.{unit}', language)}".strip()


def percent(share: float, language: Language = "sv") -> str:
    """
    Return a share (0–1) in per cent.

    Examples
    --------
    >>> percent(0.25, "en").split()
    ['25', '%']
    """
    return amount(share, "share", language)


def in_letters(count: int, language: Language = "sv") -> str:
    """
    Return a whole number as it is written within a sentence: in letters from two to twelve.

    Examples
    --------
    >>> in_letters(3, "en"), in_letters(25, "en")
    ('three', '25')
    """
    words = dict(enumerate(text("ranking.two_to_twelve", language).split(), start=2))
    return words.get(count, number(count, language, decimals=0))


def condition_in_words(condition: Condition, unit: str, language: Language = "sv") -> str:
    """
    Return a requirement in words.

    Examples
    --------
    >>> condition_in_words(">= 2", "ha", "en").split()
    ['at', 'least', '2', 'ha']
    """
    sign, wanted = parse(condition)
    if sign == "in":
        listed = ", ".join(amount(float(value), unit, language) for value in wanted)
        return text("explain.any_of", language, value=listed)
    return text(f"explain.{_WORDS[sign]}", language, value=amount(float(wanted), unit, language))


def limit(condition: Condition) -> float | None:
    """Return the number a condition compares with; None for a list."""
    sign, wanted = parse(condition)
    return None if sign == "in" else float(wanted)


def _decimals(value: float, usual: int, apart_from: float | None) -> int:
    """Return how many decimals to show: no trailing zeros, and more where rounding would mislead."""
    differs = apart_from is not None and value != apart_from
    decimals = usual
    while decimals < _MOST_DECIMALS and (
        (differs and round(value, decimals) == round(apart_from or 0.0, decimals))
        or (value != 0 and round(value, decimals) == 0)
    ):
        decimals += 1
    while decimals and round(value, decimals) == round(value, decimals - 1):
        decimals -= 1
    return decimals
