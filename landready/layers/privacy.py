"""Refuse personal numbers: no column that holds them may follow a layer into tables and maps.

Format and check digit: lag (1967:940) and Skatteverket, SKV 704; a samordningsnummer has 60 added to the day.
"""

import calendar
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landready.errors import Finding, rows_of
from landready.layers.features import text_columns

_NUMBER = re.compile(r"(?<![\w-])(?:(\d{2})?(\d{6})[-+](\d{4})|(18|19|20)(\d{6})(\d{4}))(?![\w-])")
_MAYBE = r"\d{6}[-+]\d{4}|(?:18|19|20)\d{10}"
_SMALLEST, _LARGEST = 180_000_000_000, 210_000_000_000  # twelve digits that start with a century


def personal_number_findings(frame: pd.DataFrame, *, layer: str) -> list[Finding]:
    """
    Return an error for each column that holds Swedish personal numbers.

    Parameters
    ----------
    frame
        What was read. Text is searched for `YYMMDD-NNNN`, `YYYYMMDD-NNNN` and `YYYYMMDDNNNN`, whole numbers for
        the last of these; date and check digit must be right.
    layer
        What findings call it.

    Returns
    -------
    list of Finding
        With the column and the rows, never the value.
    """
    rows = {name: _rows_with_numbers(frame[name]) for name in text_columns(frame)}
    numeric = frame.select_dtypes("number")  # geometry is none
    rows |= {str(name): _whole_numbers(numeric[name]) for name in numeric}
    return [
        Finding(
            "personal_numbers", {"layer": layer, "column": name, "count": len(at), "rows": rows_of(at, in_file=True)}
        )
        for name, at in rows.items()
        if at
    ]


def holds_personal_number(text: str) -> bool:
    """
    Tell whether a text holds a Swedish personal number.

    Examples
    --------
    >>> holds_personal_number("19121212-1212"), holds_personal_number("121212-1213")
    (True, False)
    """
    return any(_is_personal(match) for match in _NUMBER.finditer(text))


def _is_personal(match: re.Match[str]) -> bool:
    century, date, serial = (match[4], match[5], match[6]) if match[4] else (match[1], match[2], match[3])
    month, day = int(date[2:4]), int(date[4:6])
    year = int(f"{century or '20'}{date[:2]}")
    if not (1 <= month <= 12 and 1800 <= year < 2100):
        return False
    day -= 60 if day > 60 else 0
    return 1 <= day <= calendar.monthrange(year, month)[1] and _luhn(date + serial)


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _rows_with_numbers(values: pd.Series) -> list[int]:
    """Return in which rows, from 0, there is a personal number."""
    texts = pa.array(values.where(values.notna(), "").astype(str), type=pa.large_string())
    maybe = np.flatnonzero(pc.match_substring_regex(texts, _MAYBE))  # RE2: ten times faster than row by row
    return [int(row) for row in maybe if holds_personal_number(texts[int(row)].as_py())]


def _whole_numbers(values: pd.Series) -> list[int]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    maybe = np.flatnonzero((numbers >= _SMALLEST) & (numbers < _LARGEST) & (numbers == np.floor(numbers)))
    return [int(row) for row in maybe if holds_personal_number(str(int(numbers[row])))]
