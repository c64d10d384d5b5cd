"""Owner categories from the municipality's own table, joined to parcels by designation. Names are not let in."""

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

import geopandas as gpd
import pandas as pd

from landready.errors import Finding, LandreadyError, Severity, rows_of, some
from landready.layers.beteckning import key_of
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.layers.privacy import personal_number_findings
from landready.layers.tables import read_table
from landready.model import Ledger
from landready.spec import OwnerTable

OWNER = "owner_category"
_MIXED, _UNKNOWN = "blandat", "okand"
_NUMBERED = re.compile(r"#\d+$")  # areas of one property that were kept apart


def owners_of(owners: OwnerTable | None, *, role: str | None, layer: str) -> tuple[pd.Series | None, Notes]:
    """Return the owners of a table; what is wrong with it is told with what is wrong with the layer."""
    if owners is None:
        return None, Notes()
    if role != "parcels":
        return None, Notes((Finding("owners_not_parcels", {"layer": layer, "role": role or "–"}),))
    try:
        return read_owners(owners)
    except LandreadyError as error:
        return None, Notes(error.findings)


def with_owners(
    frame: gpd.GeoDataFrame, said: pd.Series | None, owners: OwnerTable | None, *, layer: str
) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return parcels with the owners that `owners_of` has read; as they are where there are none."""
    if said is None or owners is None:
        return frame, Notes()
    return join_owners(frame, said, layer=layer, table=Path(owners.path).name, of_one=owners.category is not None)


def read_owners(owners: OwnerTable) -> tuple[pd.Series, Notes]:
    """
    Read owner categories.

    Parameters
    ----------
    owners
        Which table, and which of its columns.

    Returns
    -------
    pandas.Series, Notes
        Category by designation, as the table writes it; None where none is known. Rows that name no property are left
        out and listed.

    Raises
    ------
    FileError, ColumnError
        If the table cannot be read, or lacks a column.
    """
    path = Path(owners.path)
    columns = [owners.key, *([owners.column] if owners.column else [])]
    table, notes = read_table(path, columns, layer=owners.layer)
    notes += Notes(tuple(personal_number_findings(table, layer=path.name)))
    unnamed = table.index[table[owners.key] == ""]
    if len(unnamed):
        rows = rows_of(unnamed, in_file=True)
        values = {"table": path.name, "column": owners.key, "count": len(unnamed), "rows": rows}
        ledger = Ledger.entry("read", path.name, "owners_unnamed", ids=list(unnamed))
        notes += Notes((Finding("owners_unnamed", values, "warning"),), ledger)
    named = table.drop(index=unnamed)
    keys = named[owners.key]
    if owners.column is None:
        return pd.Series(owners.category, index=keys, dtype=object), notes
    said = named[owners.column].map(lambda text: _words().get(fold(" ".join(text.split()))))
    strange = (said.isna() & (named[owners.column] != "")).to_numpy(dtype=bool)
    if strange.any():
        # The values themselves are not told: they may be the names of owners.
        values = {
            "table": path.name,
            "column": owners.column,
            "count": int(strange.sum()),
            "total": len(named),
            "categories": ", ".join(_words_of()),
        }
        notes += Notes((Finding("owners_strange", values, "warning"),))
    known = said.astype(object).where(said.notna() & (said != _UNKNOWN), None)
    return pd.Series(known.to_numpy(dtype=object), index=keys, dtype=object), notes


def join_owners(
    frame: gpd.GeoDataFrame, owners: pd.Series, *, layer: str, table: str, of_one: bool = False
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Add `owner_category` to parcels.

    Parameters
    ----------
    frame
        Parcels by designation.
    owners
        As `read_owners` gives them.
    layer, table
        What findings call them.
    of_one
        Whether the table lists the properties of one owner, so that most parcels are not in it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        A property with several categories is `blandat`; one of which an owner is unknown is unknown. One that the
        table does not name keeps what the layer says of it. Findings tell which of either side have no match, and
        which rows fit several properties.
    """
    places = _Places(frame.index)
    said: dict[int, set[str | None]] = defaultdict(set)
    strays: list[str] = []
    doubtful: list[str] = []
    for name, category in owners.items():
        found = places.of(str(name))
        if len(found) != 1:
            (doubtful if found else strays).append(str(name))
            continue
        for place in found[0]:
            said[place].add(category if isinstance(category, str) else None)
    joined = [_together(said[place]) if place in said else None for place in range(len(frame))]
    column = pd.Series(joined, index=frame.index, dtype=object)
    mixed = [frame.index[place] for place, categories in said.items() if len(categories - {None}) > 1]
    lone = [name for place, name in enumerate(frame.index) if place not in said]
    known = {"layer": layer, "table": table, "count": int(column.notna().sum()), "total": len(frame)}
    notes = Notes((Finding("owners_joined", known, "note"),))
    told: Mapping[str, list[str]] = {
        "owners_not_in_layer": list(dict.fromkeys(strays)),
        "owners_not_in_table": lone,
        "owners_doubtful": list(dict.fromkeys(doubtful)),
        "owners_mixed": sorted(mixed),
    }
    expected = {"owners_mixed", *(["owners_not_in_table"] if of_one else [])}
    for key, names in told.items():
        severity: Severity = "note" if key in expected else "warning"
        notes += _told(key, names, severity, layer=layer, table=table)
    if OWNER in frame.columns:
        column = column.where(column.notna(), frame[OWNER])
    return frame.assign(**{OWNER: column}), notes


def _together(categories: set[str | None]) -> str | None:
    """Return what several owners are together; one of whom nothing is known leaves the whole unknown."""
    known = categories - {None}
    if len(known) > 1:
        return _MIXED
    return None if None in categories else next(iter(known))


def _told(key: str, names: list[str], severity: Severity, *, layer: str, table: str) -> Notes:
    if not names:
        return Notes()
    values = {"layer": layer, "table": table, "count": len(names), "ids": some(names)}
    finding = Finding(key, values, severity)
    if key not in {"owners_not_in_layer", "owners_doubtful"}:
        return Notes((finding,))
    return Notes((finding,), Ledger.entry("read", table, key, ids=names))


class _Places:
    """Where the parcels stand by their designations: with a municipality where both sides say it, else without."""

    def __init__(self, names: Iterable[object]) -> None:
        self._by_bare: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, name in enumerate(names):
            municipality, bare = key_of(_NUMBERED.sub("", str(name)))
            self._by_bare[bare][municipality].append(place)

    def of(self, name: str) -> list[list[int]]:
        """Return the places of the areas of each property that a designation may mean."""
        municipality, bare = key_of(name)
        found = self._fitting(municipality, bare)
        # Tracts may start as municipalities are called: "Berg Norra 1:2" lies in Lerum as well as in Berg.
        return found or (self._fitting("", f"{municipality} {bare}") if municipality else [])

    def _fitting(self, municipality: str, bare: str) -> list[list[int]]:
        there = self._by_bare.get(bare, {})
        if municipality and municipality in there:
            return [there[municipality]]
        return [places for other, places in there.items() if not (municipality and other)]


@functools.cache
def _words_of() -> Mapping[str, list[str]]:
    path = resources.files("landready.rules").joinpath("owners.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def _words() -> Mapping[str, str]:
    return {word: category for category, words in _words_of().items() for word in words}
