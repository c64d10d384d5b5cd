"""Roads from NVDB with a layer per företeelse: attributes are laid on the network by element and measure.

Each feature of each layer says which element it lies on, and from where to where of it (`START_MEASURE` to
`END_MEASURE`, 0 to 1). The network is parted where any attribute begins or ends, and each stretch takes what covers its
middle. Where two directions of travel differ in speed, a stretch becomes two one-way roads on the same ground.
"""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.errors import ColumnError, Finding, rows_of
from landready.layers.directions import WAYS, roads_by_direction
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.layers.nvdb_words import INNER, Rule, is_car_network, rules, table
from landready.layers.stretches import stretches_of
from landready.model import Ledger
from landready.where import missing_column

_ELEMENT, _START, _END, _WAY = "element_id", "start_measure", "end_measure", "direction"
# Measures of one place differ by millimetres between layers; what is nearer than this is the same place.
_SAME_M = 0.1
# Measures are shares of an element; what is rounded may lie a hair outside.
_HAIR = 1e-6


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
    network = table()["network"]["theme"]
    wanted = {network, *(rule.theme for rule in rules() if rule.theme)}
    named = {theme_of(name): name for name in layers}
    return {theme: name for theme, name in named.items() if theme in wanted} if network in named else {}


def theme_of(layer: str) -> str:
    """
    Return the företeelse that a layer holds, by the last word of its name.

    Examples
    --------
    >>> theme_of("NVDB_DK_O_22_Korsning")
    'korsning'
    """
    return fold(layer).replace("-", "_").split("_")[-1]


def columns_from(themes: Iterable[str]) -> tuple[str, ...]:
    """
    Return the columns that roads made of these företeelser have.

    Examples
    --------
    >>> columns_from(["vagtrafiknat", "vagnummer", "hastighetsgrans"])
    ('speed_kmh', 'road_number', 'road_category', 'oneway')
    """
    there = set(themes)
    answered = [rule.column for rule in rules() if rule.theme in there and rule.column not in INNER]
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
    laid: dict[str, gpd.GeoDataFrame] = {}
    for theme, found in tables.items():
        if theme != table()["network"]["theme"]:
            laid[theme], more = _placed(found, tables[table()["network"]["theme"]], f"{layer} ({theme})")
            notes += more
    stretches = _parted(network, list(laid.values()))
    answers = {}
    for rule in rules():
        if rule.theme in laid:
            answers[rule.column], more = _answer(stretches, laid[rule.theme], rule, f"{layer} ({rule.theme})")
            notes += more
    roads, closed = roads_by_direction(stretches, answers)
    notes += Notes((), Ledger.entry("read", layer, "nvdb_closed", ids=stretches["element"][closed].unique().tolist()))
    frame = roads.drop(columns="geometry").reset_index(drop=True)
    return gpd.GeoDataFrame(frame, geometry=roads["geometry"].to_numpy(), crs=network.crs), notes


def _require_columns(tables: Mapping[str, gpd.GeoDataFrame], layer: str) -> None:
    problems = []
    for theme, found in tables.items():
        wanted: dict[str, tuple[str, ...]] = {name: (name,) for name in (_ELEMENT, _START, _END)}
        wanted |= {rule.names[0]: tuple(rule.names) for rule in rules() if rule.theme == theme and rule.names}
        problems += [
            missing_column(name, found, f"{layer} ({theme})")
            for name, names in wanted.items()
            if not set(names) & set(found.columns)
        ]
    if problems:
        raise ColumnError(*problems)


def _network(tables: Mapping[str, gpd.GeoDataFrame], layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the elements that cars may use, in order, two-dimensional."""
    entry = table()["network"]
    network = tables[entry["theme"]]
    expired = _expired(network)
    other = pd.Series(data=False, index=network.index)
    if entry["kind"] in network:
        other = ~is_car_network(network[entry["kind"]])
    notes = Notes((), Ledger.entry("read", layer, "nvdb_expired", ids=network[_ELEMENT][expired].tolist()))
    notes += Notes((), Ledger.entry("read", layer, "nvdb_no_cars", ids=network[_ELEMENT][other & ~expired].tolist()))
    kept = network[~(expired | other)]
    lines = shapely.force_2d(kept.geometry.values)
    alone = shapely.get_num_geometries(lines) == 1
    lines[alone] = shapely.get_geometry(lines[alone], 0)
    kept = kept.set_geometry(gpd.GeoSeries(lines, index=kept.index, crs=kept.crs))
    # What cannot be measured along keeps its place, and nothing is laid on it.
    wrong = ~(_measured(kept) & (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING))
    notes += _told("nvdb_measures", wrong, kept, f"{layer} ({entry['theme']})")
    unlaid = {_ELEMENT: kept[_ELEMENT].astype(object).where(~wrong, None)}
    whole = {name: kept[name].astype("float64").where(~wrong, end) for name, end in ((_START, 0.0), (_END, 1.0))}
    return kept.assign(**unlaid, **whole).sort_values([_ELEMENT, _START], kind="stable", ignore_index=True), notes


def _placed(found: gpd.GeoDataFrame, network: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the features that hold today and lie somewhere on the network; the others are told."""
    rows = found[~_expired(found)]
    wrong = ~_measured(rows)
    notes = _told("nvdb_measures", wrong, rows, layer)
    astray = ~wrong & ~rows[_ELEMENT].isin(network[_ELEMENT])
    return rows[~(wrong | astray)], notes + _told("nvdb_astray", astray, rows, layer)


def _measured(rows: pd.DataFrame) -> pd.Series:
    """Tell which features have an element, and measures along it that rise within 0 to 1."""
    low, high = (pd.to_numeric(rows[name], errors="coerce") for name in (_START, _END))
    return pd.Series(rows[_ELEMENT].notna() & (low >= -_HAIR) & (high <= 1 + _HAIR) & (low < high))


def _told(key: str, chosen: pd.Series, rows: pd.DataFrame, layer: str) -> Notes:
    if not chosen.any():
        return Notes()
    values = {"layer": layer, "count": int(chosen.sum()), "total": len(rows), "rows": rows_of(rows.index[chosen])}
    return Notes((Finding(key, values, "warning"),))


def _expired(table: pd.DataFrame) -> pd.Series:
    """Tell which features ended before the newest began: a delivery may hold what is no longer so."""
    if not {"valid_to", "valid_from"} <= set(table.columns):
        return pd.Series(data=False, index=table.index)
    newest = pd.to_numeric(table["valid_from"], errors="coerce").max()
    return pd.Series(pd.to_numeric(table["valid_to"], errors="coerce") < newest)


def _parted(network: gpd.GeoDataFrame, tables: list[gpd.GeoDataFrame]) -> pd.DataFrame:
    """Part the network where any attribute begins or ends: `element`, `middle`, `geometry`, by rising measure."""
    ends = [
        found[[_ELEMENT, column]].set_axis(["element", "at"], axis=1) for found in tables for column in (_START, _END)
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
    lines[cut] = stretches_of(lines[cut], share[0][cut], share[1][cut])
    middle = (parts["at"] + parts["to"]) / 2
    return pd.DataFrame({"element": parts["element"].to_numpy(), "middle": middle.to_numpy(), "geometry": lines})


def _answer(stretches: pd.DataFrame, rows: gpd.GeoDataFrame, rule: Rule, layer: str) -> tuple[pd.DataFrame, Notes]:
    """Return what features say of each stretch, in each direction of travel: columns `forward` and `backward`."""
    values: object = True
    notes = Notes()
    if not rule.presence:
        values, notes = rule.values(rows, next(name for name in rule.names if name in rows), layer=layer)
    said = pd.DataFrame(
        {
            "element": rows[_ELEMENT],
            "low": rows[_START],
            "high": rows[_END],
            "ways": _ways(rows) if rule.directed else [WAYS] * len(rows),
            "value": values,
        }
    ).explode("ways")
    asked = stretches[["element", "middle"]].reset_index(names="stretch")
    met = asked.merge(said, on="element")
    met = met[(met["low"] <= met["middle"]) & (met["middle"] <= met["high"])]
    first = met.sort_values(["stretch", "low"], kind="stable").drop_duplicates(["stretch", "ways"])
    wide = first.pivot_table(index="stretch", columns="ways", values="value", aggfunc="first")
    wide = wide.reindex(index=stretches.index, columns=list(WAYS))
    return wide.notna() if rule.presence else wide, notes


def _ways(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the directions of travel each row speaks of; of both where it does not say."""
    if _WAY not in rows:
        return [WAYS] * len(rows)
    known = table()["directions"]
    return [tuple(known.get(fold(str(way)), WAYS)) for way in rows[_WAY]]
