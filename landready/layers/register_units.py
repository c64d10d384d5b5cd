"""Register units of a division into properties: which areas are one of them, and which are no ground."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.errors import Finding, rows_of, some
from landready.layers.beteckning import Beteckning, parse_beteckning
from landready.layers.notes import Notes
from landready.layers.products import UnitColumns
from landready.model import Ledger

UNIT_KIND = "unit_kind"
_SHARED = "joint_property"
_IN_THE_AIR = frozenset({"property_3d", "joint_property_3d"})


@dataclass(frozen=True)
class _Row:
    """One area: the reference it has, how its unit is written, and whether that could be understood."""

    number: int
    reference: str
    written: str
    designation: Beteckning | None


@dataclass
class _Told:
    """What is wrong, by finding: the rows in the file or the units that it is about."""

    lacking: list[int] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)


def name_units(raw: pd.DataFrame, columns: UnitColumns, *, layer: str) -> tuple[pd.Index, Notes]:
    """
    Name each area by the property or samfällighet that it is part of.

    Parameters
    ----------
    raw
        As read, numbered from 0.
    columns
        Which columns tell the unit.
    layer
        What findings call the layer.

    Returns
    -------
    pandas.Index, Notes
        Designation with municipality, without the number of the area, the same for all areas of a unit; the number of
        the row where nothing names it. Areas belong together by their reference; those that lack one by designation.
        Two units that are written alike are kept apart by their reference.
    """
    rows = _rows(raw, columns)
    told = _Told()
    names = _names_by_reference(rows, told)
    owners = defaultdict(set)
    for reference, name in names.items():
        owners[name].add(reference)
    told.alike = sorted(name for name, references in owners.items() if len(references) > 1)
    alike = set(told.alike)
    labels = np.empty(len(rows), dtype=object)
    for row in rows:
        name = names[row.reference] if row.reference else row.written
        labels[row.number] = (f"{name} ({row.reference})" if name in alike and row.reference else name) or row.number
        if not row.reference:
            told.lacking.append(row.number)
        if row.designation is None and row.written:
            told.odd.append(row.written)
    index: pd.Index = pd.Index(labels, dtype=object)
    return index, Notes(tuple(_findings(told, columns, layer=layer, total=len(rows))))


def ground_of(
    frame: gpd.GeoDataFrame, *, role: str | None, units: UnitColumns | None, layer: str
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return the areas that are ground, if they are parcels: with the kind of their units, and without 3D spaces.

    Parameters
    ----------
    frame
        Areas in a metric CRS, by what `name_units` calls them if there are `units`.
    role
        What the layer is; only parcels are looked at.
    units
        Which columns tell register units apart; None where features have ids of their own.
    layer
        What findings call it.
    """
    if role != "parcels":
        return frame, Notes()
    return ground_only(_with_shared(frame) if units is not None else frame, layer=layer)


def ground_only(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Leave out 3D spaces, which lie over or under the ground of others; tell how many samfälligheter there are.

    Parameters
    ----------
    frame
        Areas in a metric CRS; those without `unit_kind` are ground.
    layer
        What findings call it.
    """
    if UNIT_KIND not in frame.columns:
        return frame, Notes()
    kind = frame[UNIT_KIND]
    above = kind.isin(_IN_THE_AIR).to_numpy(dtype=bool)
    notes = Notes()
    if above.any():
        gone = frame[above]
        area_ha = float(shapely.area(gone.geometry.values).sum()) / 1e4
        values = {"layer": layer, "count": len(gone), "rows": rows_of(gone.index, in_file=True)}
        ledger = Ledger.entry("read", layer, "space_3d", ids=list(gone.index), area_ha=area_ha)
        notes += Notes((Finding("units_3d", values, "note"),), ledger)
    shared = frame.index[(kind == _SHARED).to_numpy(dtype=bool)].unique()
    if len(shared):
        values = {"layer": layer, "count": len(shared), "ids": some(shared)}
        notes += Notes((Finding("units_shared", values, "note"),))
    return frame[~above], notes


def _with_shared(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas with what their designation says of their kind, where nothing else does: `S:1` is shared."""
    kind = frame[UNIT_KIND] if UNIT_KIND in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    parsed = {name: parse_beteckning(name) for name in frame.index.unique() if isinstance(name, str)}
    shared = {name for name, found in parsed.items() if found is not None and found.is_shared}
    kinds = [
        said if pd.notna(said) else (_SHARED if name in shared else None)
        for name, said in zip(frame.index, kind, strict=True)
    ]
    return frame.assign(**{UNIT_KIND: pd.Series(kinds, index=frame.index, dtype=object)})


def _rows(raw: pd.DataFrame, columns: UnitColumns) -> list[_Row]:
    there = columns.there(list(raw.columns))
    empty = [""] * len(raw)
    texts: Mapping[str, Sequence[str]] = {name: _texts(raw[spelled]) for name, spelled in there.items()}
    numbers = [next(filter(None, several), "") for several in zip(*(texts[n] for n in columns.number), strict=True)]
    parts = zip(
        texts.get(columns.reference, empty),
        texts.get(columns.municipality, empty),
        texts.get(columns.tract, empty),
        numbers,
        strict=True,
    )
    known: dict[tuple[str, str, str], tuple[str, Beteckning | None]] = {}
    rows = []
    for number, (reference, *name) in enumerate(parts):
        key = (name[0], name[1], name[2])
        if key not in known:
            designation = _designation(*key)
            known[key] = (" ".join(filter(None, key)) if designation is None else str(designation), designation)
        rows.append(_Row(number, reference, *known[key]))
    return rows


def _texts(values: pd.Series) -> list[str]:
    """Return values as text, stripped; nothing for missing ones, and no decimals of whole numbers."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return [str(text) for text in values.astype("string").str.strip().fillna("")]


def _designation(municipality: str, tract: str, number: str) -> Beteckning | None:
    """Put a designation together; only here is it certain which part of a name is the municipality."""
    parsed = parse_beteckning(f"{tract or municipality} {number}")
    if parsed is None or not tract:
        return parsed.whole if parsed else None
    name = " ".join(filter(None, (parsed.municipality, parsed.tract)))
    return replace(parsed.whole, municipality=municipality.upper() or None, tract=name)


def _names_by_reference(rows: Sequence[_Row], told: _Told) -> dict[str, str]:
    """Return what each unit is called: as most of its areas say, the first by the alphabet of equals."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    understood: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.reference:
            said[row.reference][row.written] += 1
            if row.designation is not None:
                understood[row.reference][row.written] += 1
    names = {}
    for reference, all_written in said.items():
        written = understood.get(reference) or Counter({name: n for name, n in all_written.items() if name})
        names[reference] = min(written, key=lambda name: (-written[name], name), default=reference)
        if len(written) > 1:
            told.renamed.append(names[reference])
    return names


def _findings(told: _Told, columns: UnitColumns, *, layer: str, total: int) -> list[Finding]:
    values = {"layer": layer, "total": total}
    found = []
    if told.lacking:
        rows = rows_of(told.lacking, in_file=True)
        counted = {"column": columns.reference, "count": len(told.lacking), "rows": rows}
        found.append(Finding("units_no_reference", {**values, **counted}, "warning"))
    if told.odd:
        counted = {"count": len(told.odd), "values": some(sorted(set(told.odd)))}
        found.append(Finding("units_odd", {**values, **counted}, "warning"))
    for key, names in (("units_renamed", told.renamed), ("units_alike", told.alike)):
        if names:
            counted = {"column": columns.reference, "count": len(names), "ids": some(sorted(names))}
            found.append(Finding(key, {"layer": layer, **counted}, "warning"))
    return found
