"""Roads from NVDB with a layer per företeelse: attributes are laid on the network by element and measure.

Each feature of each layer says which element it lies on, and from where to where of it (`START_MEASURE` to
`END_MEASURE`, 0 to 1). The network is parted where any attribute begins or ends, and each stretch takes what covers its
middle. Where two directions of travel differ in speed, a stretch becomes two one-way roads on the same ground.
"""

import functools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from landready.errors import ColumnError
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.model import Ledger
from landready.where import missing_column

_ELEMENT, _START, _END, _WAY = "element_id", "start_measure", "end_measure", "direction"
_WAYS = ("forward", "backward")
# Answers that others are made of.
_INNER = frozenset({"forbidden", "main_number", "european"})
# Measures of one place differ by millimetres between layers; what is nearer than this is the same place.
_SAME_M = 0.1


@dataclass(frozen=True)
class _Rule:
    """Which layer gives a column, and how; see `rules/nvdb.toml`."""

    column: str
    theme: str
    names: Sequence[str] = ()
    presence: bool = False
    directed: bool = False
    number: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("landready.rules").joinpath("nvdb.toml").read_text(encoding="utf-8"))


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(**{"names" if key == "from" else key: value for key, value in row.items()}) for row in _table()["columns"]
    )


def themes_in(layers: Iterable[str]) -> dict[str, str]:
    """
    Return the företeelser that roads are made of and the layers that hold them; nothing where there is no network.

    Parameters
    ----------
    layers
        Names of the layers of a file.

    Examples
    --------
    >>> themes_in(["NVDB_DK_O_88_Vagtrafiknat", "NVDB_DK_O_48_Hastighetsgrans", "NVDB_DK_O_26_Farthinder"])
    {'vagtrafiknat': 'NVDB_DK_O_88_Vagtrafiknat', 'hastighetsgrans': 'NVDB_DK_O_48_Hastighetsgrans'}
    >>> themes_in(["vl_riks"])
    {}
    """
    network = _table()["network"]["theme"]
    wanted = {network, *(rule.theme for rule in _rules())}
    named = {fold(name).replace("-", "_").split("_")[-1]: name for name in layers}
    return {theme: name for theme, name in named.items() if theme in wanted} if network in named else {}


def columns_from(themes: Iterable[str]) -> tuple[str, ...]:
    """
    Return the columns that roads made of these företeelser have.

    Examples
    --------
    >>> columns_from(["vagtrafiknat", "vagnummer", "hastighetsgrans"])
    ('speed_kmh', 'road_number', 'road_category', 'oneway')
    """
    there = set(themes)
    answered = [rule.column for rule in _rules() if rule.theme in there and rule.column not in _INNER]
    return (*answered, *(("road_number", "road_category") if "vagnummer" in there else ()), "oneway")


def roads_from(tables: Mapping[str, gpd.GeoDataFrame], *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return roads that can be routed on, with what NVDB says of each stretch.

    Parameters
    ----------
    tables
        Företeelse (as `themes_in` names it) → its features, with the columns as delivered; `vagtrafiknat` among them.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Two-dimensional lines with the columns of role `roads` that the tables can answer (a table that is not there
        leaves its column out): `speed_kmh`, `oneway`, `road_number`, `road_category`, `bearing_class`, `road_class`,
        `width_m`, `name`, `keeper`, `motorway`, `hazmat_route`. In the order of elements and measures. What was left
        out (cycle ways, what is no longer valid, stretches closed in both directions) is in the ledger.

    Raises
    ------
    ColumnError
        If a table lacks the element, the measures or the column it is read for; all of them together.
    """
    tables = {
        theme: frame.rename(columns={name: fold(str(name)) for name in frame.columns})
        for theme, frame in tables.items()
    }
    _require_columns(tables, layer)
    network, notes = _network(tables, layer)
    stretches = _parted(network, [table for theme, table in tables.items() if theme != _table()["network"]["theme"]])
    answers = {rule.column: _answer(stretches, tables[rule.theme], rule) for rule in _rules() if rule.theme in tables}
    roads, closed = _directions(stretches, answers)
    notes += Notes((), Ledger.entry("read", layer, "nvdb_closed", ids=closed))
    frame = pd.DataFrame({name: values for name, values in roads.items() if name != "geometry"})
    return gpd.GeoDataFrame(frame, geometry=np.asarray(roads["geometry"]), crs=network.crs), notes


def _require_columns(tables: Mapping[str, gpd.GeoDataFrame], layer: str) -> None:
    problems = []
    for theme, table in tables.items():
        wanted: dict[str, tuple[str, ...]] = {name: (name,) for name in (_ELEMENT, _START, _END)}
        wanted |= {rule.names[0]: tuple(rule.names) for rule in _rules() if rule.theme == theme and rule.names}
        problems += [
            missing_column(name, table, f"{layer} ({theme})")
            for name, names in wanted.items()
            if not set(names) & set(table.columns)
        ]
    if problems:
        raise ColumnError(*problems)


def _network(tables: Mapping[str, gpd.GeoDataFrame], layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the elements that cars may use, in order, two-dimensional."""
    entry = _table()["network"]
    network = tables[entry["theme"]]
    expired = _expired(network)
    other = pd.Series(data=False, index=network.index)
    if entry["kind"] in network:
        other = (
            network[entry["kind"]].astype("string").map(fold, na_action="ignore").ne(entry["kept"]).fillna(value=False)
        )
    notes = Notes((), Ledger.entry("read", layer, "nvdb_expired", ids=network[_ELEMENT][expired].tolist()))
    notes += Notes((), Ledger.entry("read", layer, "nvdb_no_cars", ids=network[_ELEMENT][other & ~expired].tolist()))
    kept = network[~(expired | other)].sort_values([_ELEMENT, _START], kind="stable", ignore_index=True)
    return kept.set_geometry(shapely.force_2d(kept.geometry.values)).set_crs(kept.crs), notes


def _expired(table: pd.DataFrame) -> pd.Series:
    """Tell which features ended before the newest began: a delivery may hold what is no longer so."""
    if not {"valid_to", "valid_from"} <= set(table.columns):
        return pd.Series(data=False, index=table.index)
    newest = pd.to_numeric(table["valid_from"], errors="coerce").max()
    return pd.Series(pd.to_numeric(table["valid_to"], errors="coerce") < newest)


def _parted(network: gpd.GeoDataFrame, tables: list[gpd.GeoDataFrame]) -> pd.DataFrame:
    """Part the network where any attribute begins or ends: `element`, `middle`, `geometry`, by rising measure."""
    ends = [
        table[[_ELEMENT, column]].set_axis(["element", "at"], axis=1) for table in tables for column in (_START, _END)
    ]
    cuts = pd.concat(ends).drop_duplicates() if ends else pd.DataFrame({"element": [], "at": []})
    own = pd.DataFrame(
        {"row": np.arange(len(network)), "element": network[_ELEMENT], "low": network[_START], "high": network[_END]}
    )
    own["same"] = _SAME_M / (network.length / (network[_END] - network[_START])).to_numpy()
    inside = own.merge(cuts, on="element")
    inside = inside[(inside["at"] > inside["low"] + inside["same"]) & (inside["at"] < inside["high"] - inside["same"])]
    places = pd.concat([own.assign(at=own["low"]), own.assign(at=own["high"]), inside]).sort_values(["row", "at"])
    places = places[(places.groupby("row")["at"].diff() > places["same"]) | ~places.duplicated("row")]
    following = places.groupby("row")["at"].shift(-1)
    parts = places.assign(to=following).dropna(subset="to")
    whole = (parts["at"] == parts["low"]) & (parts["to"] == parts["high"])
    lines = network.geometry.to_numpy()[parts["row"].to_numpy()]
    span = (parts["high"] - parts["low"]).to_numpy()
    share = ((parts["at"] - parts["low"]).to_numpy() / span, (parts["to"] - parts["low"]).to_numpy() / span)
    cut = np.flatnonzero(~whole.to_numpy())
    lines[cut] = [substring(lines[place], share[0][place], share[1][place], normalized=True) for place in cut]
    middle = (parts["at"] + parts["to"]) / 2
    return pd.DataFrame({"element": parts["element"].to_numpy(), "middle": middle.to_numpy(), "geometry": lines})


def _answer(stretches: pd.DataFrame, table: gpd.GeoDataFrame, rule: _Rule) -> pd.DataFrame:
    """Return what a table says of each stretch, in each direction of travel: columns `forward` and `backward`."""
    rows = table[~_expired(table)]
    said = pd.DataFrame(
        {
            "element": rows[_ELEMENT],
            "low": rows[_START],
            "high": rows[_END],
            "ways": _ways(rows) if rule.directed else [_WAYS] * len(rows),
            "value": True if rule.presence else _values(rows, rule),
        }
    ).explode("ways")
    asked = stretches[["element", "middle"]].reset_index(names="stretch")
    met = asked.merge(said, on="element")
    met = met[(met["low"] <= met["middle"]) & (met["middle"] <= met["high"])]
    first = met.sort_values(["stretch", "low"], kind="stable").drop_duplicates(["stretch", "ways"])
    wide = first.pivot_table(index="stretch", columns="ways", values="value", aggfunc="first")
    wide = wide.reindex(index=stretches.index, columns=list(_WAYS))
    return wide.notna() if rule.presence else wide


def _ways(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the directions of travel each row speaks of; of both where it does not say."""
    if _WAY not in rows:
        return [_WAYS] * len(rows)
    known = _table()["directions"]
    return [tuple(known.get(fold(str(way)), _WAYS)) for way in rows[_WAY]]


def _values(rows: pd.DataFrame, rule: _Rule) -> pd.Series:
    values = rows[next(name for name in rule.names if name in rows)]
    if rule.number:
        return pd.to_numeric(values, errors="coerce")
    texts = values.astype("string").str.strip()
    texts = texts.where(texts != "")
    if rule.words:
        return texts.map(fold, na_action="ignore").map(dict(rule.words)).astype(object)
    return texts.astype(object)


def _directions(stretches: pd.DataFrame, answers: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Return a road for each stretch, two where the directions differ in speed; and the elements that are closed."""
    nowhere = pd.DataFrame(False, index=stretches.index, columns=list(_WAYS))
    open_ = ~answers.get("forbidden", nowhere)
    columns = {
        name: answer["forward"].where(answer["forward"].notna(), answer["backward"])
        for name, answer in answers.items()
        if name not in {"forbidden", "speed_kmh"}
    }
    roads = pd.DataFrame({"geometry": stretches["geometry"], **columns}, index=stretches.index)
    if "main_number" in roads:
        roads = _numbered(roads)
    speed = answers.get("speed_kmh")
    differs = pd.Series(data=False, index=stretches.index)
    if speed is not None:
        differs = open_.all(axis=1) & (speed["forward"] != speed["backward"]) & speed.notna().any(axis=1)
    parts = []
    for way, chosen in (
        ("both", open_.all(axis=1) & ~differs),
        ("forward", (open_["forward"] & ~open_["backward"]) | differs),
        ("backward", (open_["backward"] & ~open_["forward"]) | differs),
    ):
        part = roads[chosen].assign(oneway=way)
        if speed is not None:
            part["speed_kmh"] = speed[chosen]["backward" if way == "backward" else "forward"].astype("float64")
        parts.append(part)
    joined = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return joined, stretches["element"][~open_.any(axis=1)].unique().tolist()


def _numbered(roads: pd.DataFrame) -> pd.DataFrame:
    """Turn main numbers into the road's number as people say it, and its category."""
    number = roads["main_number"].astype("Int64")
    european = (roads["european"] == "ja") if "european" in roads else pd.Series(data=False, index=roads.index)
    said = number.astype("string")
    category = pd.Series(pd.NA, index=roads.index, dtype="Int64")
    for row in reversed(_table()["categories"]):
        category[(number <= row["up_to"]).fillna(value=False)] = row["category"]
    category[european & number.notna()] = 1
    return roads.drop(columns=["main_number", "european"], errors="ignore").assign(
        road_number=said.where(~european, "E" + said).astype(object), road_category=category
    )
