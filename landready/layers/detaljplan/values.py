"""Single values of plan files: text, dates, months and numbers; what cannot be read is None, never a guess."""

import calendar
import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T+Z-].*)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
LONGEST = 100_000
UUID = re.compile(r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")


def text_of(value: object) -> str | None:
    """
    Return text, composed (å as one sign) and stripped; None for what is no text, empty or absurdly long.

    Examples
    --------
    >>> text_of(" laga kraft "), text_of(""), text_of(5)
    ('laga kraft', None, None)
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    return unicodedata.normalize("NFC", value).strip() or None


def date_of(value: object) -> dt.date | None:
    """
    Return a day in ISO 8601, with or without time and zone.

    Examples
    --------
    >>> date_of("2017-05-15+02:00"), date_of("2023-02-30"), date_of("15/5 2017")
    (datetime.date(2017, 5, 15), None, None)
    """
    said = text_of(value)
    match = _DATE.fullmatch(said) if said else None
    if match is None:
        return None
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError:
        return None


def number_of(value: object) -> float | None:
    """
    Return a finite number, written with a decimal point or comma.

    Examples
    --------
    >>> number_of("12,5"), number_of("5 500"), number_of("högst 12")
    (12.5, 5500.0, None)
    """
    said = text_of(value)
    if said is None:
        return float(value) if _is_finite(value) else None  # type: ignore[arg-type]  # seen to just now
    plain = re.sub(r"(?<=\d)[ \N{NO-BREAK SPACE}](?=\d{3}\b)", "", said)
    if not _NUMBER.fullmatch(plain) or len(plain) > 30:
        return None
    return float(plain.replace(",", "."))


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 and math.isfinite(value)


def months_after(start: dt.date, months: int) -> dt.date:
    """
    Return the day a number of months later; the last of a month stays within it.

    Examples
    --------
    >>> months_after(dt.date(2021, 8, 31), 6)
    datetime.date(2022, 2, 28)
    """
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def word_of(value: object, words: Mapping[str, str]) -> str | None:
    """
    Return what a word of a code list means; upper and lower case do not matter.

    Examples
    --------
    >>> word_of("Laga kraft", {"laga kraft": "laga_kraft"})
    'laga_kraft'
    """
    said = text_of(value)
    return None if said is None else words.get(said.casefold())
