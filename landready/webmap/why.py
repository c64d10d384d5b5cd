"""Why a parcel is no site: which rules keep its land out, how much of it, or that nobody has mapped it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.model import Land
from landready.style.classes import LAND_LOOKS
from landready.texts import Language, text
from landready.webmap.polygons import plain_values, polygon_layer

LEAST_SHARE = 0.005
"""Rules that touch less of a parcel are not told: lines drawn twice differ by as much."""
MOST_RULES = 6
LEAST_HA = 0.01
"""Of land that is left, in hectares: less is called none."""

_ORDER = {"include": 0, "hard": 1, "strong": 2, "info": 3}


def parcel_layer(
    land: Land, members: pd.DataFrame, labels: Mapping[str, str], *, language: Language, modelled: bool
) -> dict[str, Any]:
    """
    Describe the parcels with what a click tells of each.

    Parameters
    ----------
    land
        As `classify_land` returns it.
    members
        `site_id`, `parcel_id`, `ha`: the parcels of each site.
    labels
        What people call each constraint that the audience may know of, by its name in `land.constraints`.
    language
        Of the labels.
    modelled
        Whether the parcels are.

    Returns
    -------
    dict
        For the payload's `layers`. Of the parcels' own columns none is taken.
    """
    frame = land.frame.iloc[np.argsort([str(key) for key in land.frame.index], kind="stable")]
    rules = land.constraints[land.constraints.index.isin(list(labels))]
    hectares = ["area_ha", *(f"{kind}_ha" for kind in LAND_LOOKS)]
    words = ["map.area", *(f"map.land_{kind}" for kind in LAND_LOOKS)]
    return polygon_layer(
        "parcels",
        text("map.parcels", language),
        frame,
        look="parcels",
        names=[str(key) for key in frame.index],
        columns=[
            {"label": text(word, language), "unit": "ha", "values": frame[column].to_numpy(dtype="float64").round(3)}
            for column, word in zip(hectares, words, strict=True)
        ],
        simplify_m=0.0,  # neighbours would gape
        modelled=modelled,
        answers=True,
        why=_why(frame),
        site_of=_sites(members, frame.index),
        rules=[
            {"label": labels[str(name)], "kind": str(row["kind"]), "law": _law(row["legal_basis"])}
            for name, row in rules.iterrows()
        ],
        **_touching(land.shares, frame.index, rules),
    )


def _law(words: object) -> str | None:
    return words if isinstance(words, str) else None


def _why(frame: pd.DataFrame) -> list[str]:
    """Return a code for each parcel: what is left of it, else what there is more of, excluded or unmapped land."""
    left = (frame["free_ha"] + frame["conditional_ha"]).to_numpy(dtype="float64")
    unmapped = (frame["unmapped_ha"] > frame["excluded_ha"]).to_numpy()
    known = np.isfinite(left)
    codes = np.select([~known, left >= LEAST_HA, unmapped], ["no_shape", "left", "unmapped"], "excluded")
    return [str(code) for code in codes]


def _sites(members: pd.DataFrame, index: pd.Index) -> Any:
    """Return the site that holds most of each parcel; None where none does."""
    largest = members.sort_values("ha", ascending=False, kind="stable").drop_duplicates("parcel_id")
    return plain_values(largest.set_index("parcel_id")["site_id"].reindex(index).astype(object))


def _touching(shares: pd.DataFrame, index: pd.Index, rules: pd.DataFrame) -> dict[str, Any]:
    """Return, one after another for all parcels, the rules that touch each: excluding ones first, the largest first."""
    parcel, rule = _places(shares.index, 0, index), _places(shares.index, 1, rules.index)
    affected = shares["affected_share"].to_numpy(dtype="float64")
    unmapped = shares["unmapped_share"].to_numpy(dtype="float64")
    order = np.array([*rules["kind"].map(_ORDER), len(_ORDER)])[rule]
    weighty = order < _ORDER["info"]
    known = (parcel >= 0) & (rule >= 0)
    touched = known & (affected >= LEAST_SHARE)
    blank = known & weighty & (unmapped >= 1 - LEAST_SHARE)  # nobody has looked at any of it
    place = np.concatenate([np.flatnonzero(touched), np.flatnonzero(blank)])
    is_blank = np.arange(len(place)) >= touched.sum()
    share = np.where(is_blank, unmapped[place], affected[place])
    place_order = np.lexsort((rule[place], -share, order[place], is_blank, parcel[place]))
    place, is_blank, share = place[place_order], is_blank[place_order], share[place_order]
    owner = parcel[place]
    before = np.searchsorted(owner, owner)
    kept = np.arange(len(place)) - before < MOST_RULES
    return {
        "rule_count": np.bincount(owner[kept], minlength=len(index)).astype("float64"),
        "rule": rule[place][kept].astype("float64"),
        "rule_share": share[kept].round(3),
        "rule_unmapped": is_blank[kept],
    }


def _places(index: Any, level: int, wanted: pd.Index) -> NDArray[np.intp]:
    """Return the place of each key of a level among those wanted; -1 for others."""
    found: NDArray[np.intp] = wanted.get_indexer(index.levels[level])[index.codes[level]]
    return found
