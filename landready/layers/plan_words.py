"""Plans from any register: statuses put into the words of the rules, and what their letters permit."""

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from landready.errors import Finding, rows_of, some
from landready.layers.detaljplan.values import date_of, word_of
from landready.layers.notes import Notes
from landready.layers.plan_days import with_days
from landready.rules.provisions import permitted, plan_words, resolve

# West, south, east, north, with room for the sea and a plan that has strayed a little.
_SWEDEN_DEG = (10.0, 54.5, 25.0, 70.0)
_SEPARATORS = re.compile(r"[\s,;/+&]+")
_DATES = ("adopted_date", "in_force_date", "started_date")


def understand(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return plans with statuses in the words of the rules, and `permits_business` where only letters are given.

    Parameters
    ----------
    frame
        Plans with the columns of their role, as far as the file has them.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Same rows, with days as year-month-day. A status that no word list knows stays as it is, with a warning.
        `permits_business` is added where the file has `use` and no such column: True or False where all letters say the
        same, else None, with a warning; None throughout for plans that lie outside Sweden. Outlines that have neither,
        or no status, get the column with None throughout, and a warning: a plan is there, and nobody knows what it
        permits.
    """
    frame, notes = with_days(frame, layer=layer)
    for step in (_status, _outlines):
        frame, more = step(frame, layer)
        notes += more
    if "use" not in frame.columns or "permits_business" in frame.columns:
        return frame, notes
    if _abroad(frame):
        unread = frame.assign(permits_business=pd.Series([None] * len(frame), index=frame.index, dtype=object))
        seen = {"layer": layer, "values": _spelled(frame["use"])}
        return unread, notes + Notes((Finding("plans_letters_abroad", seen, "warning"),))
    answers = [
        permits_of(str(letters), _first_date(dates)) if pd.notna(letters) else None
        for letters, dates in zip(frame["use"], _dates(frame), strict=True)
    ]
    permits = pd.Series(answers, index=frame.index, dtype=object)
    unknown = permits.isna()
    values = {
        "layer": layer,
        "count": int(unknown.sum()),
        "total": len(frame),
        "yes": _spelled(frame["use"][permits.eq(True)]),
        "no": _spelled(frame["use"][permits.eq(False)]),
        "values": _spelled(frame["use"][unknown]),
        "rows": some(frame.index[unknown]) or "–",
    }
    told = Finding("plans_by_letters", values, "warning" if unknown.any() else "note")
    return frame.assign(permits_business=permits), notes + Notes((told,))


def _spelled(letters: pd.Series) -> str:
    """Return the different letters, some of them where they are many."""
    return some(sorted(set(letters.dropna().astype(str)))) or "–"


def _abroad(frame: gpd.GeoDataFrame) -> bool:
    """Tell whether plans are known to lie outside Sweden, where letters mean something else."""
    if frame.crs is None or not len(frame):
        return False
    west, south, east, north = frame.total_bounds
    to_degrees = Transformer.from_crs(frame.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform((west + east) / 2, (south + north) / 2)
    if not np.isfinite((lon, lat)).all():
        return False
    a, b, c, d = _SWEDEN_DEG
    return not (a <= lon <= c and b <= lat <= d)


def _outlines(frame: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Add what the rules ask of plans and outlines do not have, as unknown."""
    lacking = [] if "status" in frame.columns else ["status"]
    if not {"use", "permits_business"} & set(frame.columns):
        lacking.append("permits_business")
    if not lacking:
        return frame, Notes()
    unknown = {name: pd.Series([None] * len(frame), index=frame.index, dtype=object) for name in lacking}
    values = {"layer": layer, "count": len(frame), "columns": ", ".join(lacking)}
    return frame.assign(**unknown), Notes((Finding("plans_outlines", values, "warning"),))


def permits_of(letters: str, plan_date: object = None) -> bool | None:
    """
    Tell whether a plan with these letters permits business; None where the letters do not say, or not all the same.

    Parameters
    ----------
    letters
        All letters of a plan, together or apart (`JK`, `J, K`, `B+GATA`).
    plan_date
        The day it was adopted (`datetime.date`), since letters have changed their meaning.

    Examples
    --------
    >>> permits_of("JK"), permits_of("B, S"), permits_of("J/E/GATA"), permits_of("BJ"), permits_of("Å")
    (True, False, True, None, None)
    """
    day = date_of(str(plan_date)) if plan_date is not None else None
    found = [resolve(letter=part, plan_date=day) for part in _SEPARATORS.split(letters.strip()) if part]
    if not found or any(meaning.problems for meaning in found):
        return None
    groups = [group for meaning in found for group in meaning.groups]
    deciding = [group for group in groups if group not in plan_words()["whole_plan"]["accompanying"]]
    answers = {permitted((group,)) for group in deciding or groups}
    return answers.pop() if len(answers) == 1 else None


def _dates(frame: gpd.GeoDataFrame) -> Sequence[tuple[object, ...]]:
    there = [name for name in _DATES if name in frame.columns]
    return list(zip(*(frame[name] for name in there), strict=True)) if there else [()] * len(frame)


def _first_date(dates: tuple[object, ...]) -> object:
    return next((day for value in dates if (day := date_of(str(value))) is not None), None)


def _status(frame: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    if "status" not in frame.columns:
        return frame, Notes()
    words = {**plan_words()["status"], **plan_words()["status_of_registers"]}
    known = set(words.values())
    put = {
        said: word
        for said in frame["status"].dropna().unique()
        if said not in known and (word := word_of(said, words)) is not None
    }
    found = []
    if put:
        listed = ", ".join(f"{said} → {word}" for said, word in sorted(put.items()))
        found.append(Finding("plans_status_words", {"layer": layer, "values": listed}, "note"))
    strange = frame["status"].notna() & ~frame["status"].isin([*known, *put])
    if strange.any():
        told = {"layer": layer, "count": int(strange.sum()), "total": len(frame)}
        named = {"values": _spelled(frame["status"][strange]), "rows": rows_of(frame.index[strange], in_file=True)}
        found.append(Finding("plans_status_strange", {**told, **named}, "warning"))
    return (frame.assign(status=frame["status"].replace(put)) if put else frame), Notes(tuple(found))
