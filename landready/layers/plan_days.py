"""Days in a municipality's own register of plans, put into the form that the rest of landready reads."""

import datetime as dt
import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from landready.errors import Finding, rows_of, some
from landready.layers.detaljplan.values import date_of
from landready.layers.notes import Notes

COLUMNS = ("status_date", "started_date", "adopted_date", "in_force_date", "implementation_end_date")

_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_IN_WORDS = re.compile(r"(?:den\s+)?(\d{1,2})\s+([a-zå]{3,})\.?\s+(\d{4})", re.IGNORECASE)
_IN_FIGURES = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day_of(said: str) -> dt.date | None:
    """
    Return a day as Swedish registers write it; None where it could be read in two ways, or not at all.

    Examples
    --------
    >>> day_of("den 1 maj 2019"), day_of("20190501"), day_of("2019-05-01"), day_of("1/5 2019")
    (datetime.date(2019, 5, 1), datetime.date(2019, 5, 1), datetime.date(2019, 5, 1), None)
    """
    said = said.strip()
    if (match := _IN_WORDS.fullmatch(said)) is not None:
        day, name, year = int(match[1]), match[2].lower(), int(match[3])
        months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
        return _existing(year, months[0], day) if len(months) == 1 else None
    if (match := _IN_FIGURES.fullmatch(said)) is not None:
        return _existing(*(int(part) for part in match.groups()))
    return date_of(said)


def _existing(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def with_days(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return plans with the days in their columns as year-month-day.

    Parameters
    ----------
    frame
        Plans with the columns of their role, as far as the file has them. Columns that hold no text stay as they are.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Same rows. What is no day that can be told stays as it is, with a warning that names column, rows and texts.
    """
    found = []
    for name in (name for name in COLUMNS if name in frame.columns):
        texts = frame[name].map(lambda value: value.strip() if isinstance(value, str) else "")
        said = texts[texts != ""]
        days = {text: day for text in said.unique() if (day := day_of(text)) is not None}
        put = {text: day.isoformat() for text, day in days.items() if not text.startswith(day.isoformat())}
        if put:
            frame = frame.assign(**{name: frame[name].where(~texts.isin(put), texts.map(put))})
        strange = (texts != "") & ~texts.isin(days)
        if strange.any():
            found.append(Finding("plans_days_strange", _told(frame.index, texts, strange, layer, name), "warning"))
    return frame, Notes(tuple(found))


def _told(index: pd.Index, texts: pd.Series, strange: pd.Series, layer: str, column: str) -> dict[str, object]:
    values: Sequence[str] = sorted(set(texts[strange]))
    return {
        "layer": layer,
        "column": column,
        "count": int(strange.sum()),
        "values": some([f"”{text}”" for text in values]),
        "rows": rows_of(index[strange], in_file=True),
    }
