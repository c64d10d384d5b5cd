"""A second result in the map's file: two years, or two scenarios, with who moved and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landready.land.matching import match_sites
from landready.layers.adapter import POLYGON, as_layer
from landready.model import LayerLike, Scorecard
from landready.style.classes import score_class
from landready.texts import Language
from landready.webmap.shapes import anchors, as_json, lat_lon, simplified, to_degrees

SIMPLIFY_M = 1.0
LEAST_CHANGE = 5e-5
"""Of a contribution, 0–1: less is not seen among points of a hundred."""


@dataclass(frozen=True, eq=False)
class Result:
    """
    What is compared of a study's result.

    Parameters
    ----------
    title, date
        What the study is called, and the day it describes.
    sites
        Polygons; the index is the site's id.
    scorecards
        Profile id → scorecard over the same sites.
    withheld
        Criteria that the audience must not see.
    """

    title: str
    date: str
    sites: LayerLike
    scorecards: Mapping[str, Scorecard]
    withheld: Collection[str] = ()


def comparison(here: Result, there: Result, *, ids: Sequence[str], language: Language) -> dict[str, Any]:
    """
    Describe another result beside the one that the map shows.

    Parameters
    ----------
    here
        What the map shows.
    there
        What it is compared with; its sites are in the same CRS.
    ids
        The sites of `here` in the order of the map's payload.
    language
        Of the labels.

    Returns
    -------
    dict
        `title` and `date` of the other result; its `ids`, `shapes` (GeoJSON in degrees) and `anchors`; `rows` of
        `[here, there, kind]` as `match_sites` has them, by position in `ids` of either; and `profiles`, for each that
        both have: `id`, the other's `class`, `rank`, `total` and `ranked` by its position, and `causes` by row: what
        changed most, None where nothing did or the audience may not know it.

    Raises
    ------
    CrsError, InputError
        If the sites cannot be matched.
    """
    other = as_layer(there.sites, name=there.title, kinds=(POLYGON,)).frame
    other = other.iloc[np.argsort([str(key) for key in other.index], kind="stable")]
    matched = match_sites(here.sites, other)
    place_here = {name: place for place, name in enumerate(ids)}
    place_there = {key: place for place, key in enumerate(other.index)}
    rows = [
        [None if pd.isna(i) else place_here[str(i)], None if pd.isna(j) else place_there[j], kind]
        for i, j, kind in zip(matched["here"], matched["there"], matched["kind"], strict=True)
    ]
    hidden = {*here.withheld, *there.withheld}
    both = [key for key in here.scorecards if key in there.scorecards]
    return {
        "title": there.title,
        "date": there.date,
        "ids": [str(key) for key in other.index],
        "shapes": [as_json(shape) for shape in to_degrees(simplified(other.geometry, SIMPLIFY_M), other.crs)],
        "anchors": lat_lon(to_degrees(anchors(other.geometry), other.crs)),
        "rows": rows,
        "profiles": [
            {
                **_profile(key, there.scorecards[key], other.index),
                "causes": [
                    _cause(here.scorecards[key], there.scorecards[key], pair, hidden, language)
                    for pair in zip(matched["here"], matched["there"], matched["kind"], strict=True)
                ],
            }
            for key in both
        ],
    }


def _profile(key: str, card: Scorecard, index: pd.Index) -> dict[str, Any]:
    frame = card.frame.reindex(index)
    ranked = frame["ranked"].eq(True)
    return {
        "id": key,
        "ranked": ranked.tolist(),
        "class": score_class(frame["total"], ranked).tolist(),
        **{name: [None if np.isnan(value) else value for value in frame[name]] for name in ("rank", "total")},
    }


def _cause(
    here: Scorecard, there: Scorecard, pair: tuple[Any, Any, str], hidden: Collection[str], language: Language
) -> dict[str, Any] | None:
    """
    Return what changed most between two sites: a requirement, if one decides otherwise, else a contribution.

    A contribution that is unknown counts as none, as it does in the total.
    """
    now, before, kind = pair
    if kind != "same":
        return None
    labels = {entry.id: entry.label(language) for card in (there, here) for entry in card.measured.criteria}
    if bool(here.frame["eligible"][now]) != bool(there.frame["eligible"][before]):
        outcomes = _side_by_side(there.requirements.loc[before], here.requirements.loc[now])
        decides = [name for name, (was, is_) in outcomes.items() if was != is_ and "met" in {was, is_}]
        if decides:
            was, is_ = outcomes[decides[0]]
            return None if decides[0] in hidden else {"label": labels[decides[0]], "was": was, "is": is_}
    parts = _side_by_side(there.contributions.loc[before], here.contributions.loc[now])
    changes = {name: np.nan_to_num(is_) - np.nan_to_num(was) for name, (was, is_) in parts.items()}
    most = max(changes, key=lambda name: abs(changes[name]), default=None)
    if most is None or most in hidden or abs(changes[most]) < LEAST_CHANGE:
        return None
    told = {"label": labels[most], "change": round(float(changes[most]), 9)}
    was, is_ = parts[most]
    if np.isnan(was) != np.isnan(is_):
        told["became"] = "unknown" if np.isnan(is_) else "known"
    return told


def _side_by_side(before: pd.Series, now: pd.Series) -> dict[str, tuple[Any, Any]]:
    """Return both values of what either has; NaN where one has none."""
    names = dict.fromkeys([*before.index.astype(str), *now.index.astype(str)])
    return {name: (before.get(name, np.nan), now.get(name, np.nan)) for name in names}
