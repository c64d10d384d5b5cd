"""Roads from NVDB's homogenised layer: one line layer whose stretches have all answers."""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from landready.layers.directions import WAYS, roads_by_direction
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.layers.nvdb_words import INNER, Rule, is_car_network, is_denied, rules, table
from landready.model import Ledger

_CUT = 10  # letters that a column's name has in a shapefile


def is_homogenised(columns: Iterable[str]) -> bool:
    """
    Tell whether a layer is the homogenised one: it has the kind of network, and speeds in both directions.

    Examples
    --------
    >>> is_homogenised(["Vagtr_474", "F_Hogst_225", "B_Hogst_225", "Klass_181"])
    True
    >>> is_homogenised(["Vagtr_474"])
    False
    """
    there = _by_fold(columns)
    speed = next(rule for rule in rules() if rule.column == "speed_kmh")
    return all(_first(names, there) for names in (table()["network"]["whole"], speed.whole, speed.whole_back))


def columns_from(columns: Iterable[str]) -> tuple[str, ...]:
    """
    Return the columns that roads made of a homogenised layer have.

    Examples
    --------
    >>> columns_from(["Vagtr_474", "F_Hogst_225", "B_Hogst_225", "Huvud_13", "Kateg_380"])
    ('speed_kmh', 'road_category', 'road_number', 'oneway')
    """
    there = _by_fold(columns)
    answered = [rule.column for rule in rules() if _first(rule.whole, there)]
    shown = [column for column in answered if column not in INNER]
    numbered = ("road_number", "road_category") if "main_number" in answered else ()
    return (*dict.fromkeys([*shown, *numbered]), "oneway")


def needed(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a homogenised layer that roads are made of, as it spells them."""
    there = _by_fold(columns)
    wanted = [table()["network"]["whole"], *(names for rule in rules() for names in (rule.whole, rule.whole_back))]
    return tuple(there[name] for names in wanted if (name := _first(names, there)))


def roads_from(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return roads that can be routed on, and further columns as they are.

    Parameters
    ----------
    frame
        The homogenised layer, numbered from 0.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        The columns that `columns_from` names, and all other columns, with two rows for a stretch whose speed differs
        between the directions. What is no road for cars, or closed in both directions, is in the ledger.
    """
    there = _by_fold(map(str, frame.columns))
    kind = there[_named(table()["network"]["whole"], there)]
    cars = is_car_network(frame[kind])
    notes = Notes((), Ledger.entry("read", layer, "nvdb_no_cars", ids=frame.index[~cars].tolist()))
    kept = frame[cars]
    answers = {}
    for rule in rules():
        if _first((*rule.whole, *rule.whole_back), there):
            answers[rule.column], more = _answer(kept, rule, there, layer=layer)
            notes += more
    stretches = pd.DataFrame({"geometry": np.asarray(kept.geometry, dtype=object)}, index=kept.index)
    roads, closed = roads_by_direction(stretches, answers)
    notes += Notes((), Ledger.entry("read", layer, "nvdb_closed", ids=closed.tolist()))
    ours = columns_from(map(str, frame.columns))
    others = frame.drop(columns=[frame.geometry.name, *(name for name in ours if name in frame)]).loc[roads.index]
    joined = pd.concat([roads[list(ours)], others], axis=1).reset_index(drop=True)
    return gpd.GeoDataFrame(joined, geometry=roads["geometry"].to_numpy(), crs=frame.crs), notes


def _answer(frame: gpd.GeoDataFrame, rule: Rule, there: Mapping[str, str], *, layer: str) -> tuple[pd.DataFrame, Notes]:
    """Return an answer in each direction of travel; the same where the layer has one column for both."""
    forward = _first(rule.whole, there)
    names = {"forward": forward, "backward": _first(rule.whole_back, there) if rule.whole_back else forward}
    answer, notes = {}, Notes()
    for way in WAYS:
        name = names[way]
        if name is None:
            answer[way] = pd.Series(None, index=frame.index, dtype=object)
        elif rule.presence:
            answer[way] = pd.Series(~is_denied(frame[there[name]]))
        elif way == "backward" and name == forward:
            answer[way] = answer["forward"]
        else:
            answer[way], more = rule.values(frame, there[name], layer=layer)
            notes += more
    told = pd.DataFrame(answer)
    return told.eq(other=True) if rule.presence else told, notes


def _by_fold(columns: Iterable[str]) -> dict[str, str]:
    return {fold(name): name for name in columns}


def _first(names: Iterable[str], there: Mapping[str, str]) -> str | None:
    """Return the first name that is there, whole or as shapefiles cut it."""
    return next((known for name in names for known in (name, name[:_CUT]) if known in there), None)


def _named(names: Iterable[str], there: Mapping[str, str]) -> str:
    found = _first(names, there)
    if found is None:
        raise KeyError(*names)
    return found
