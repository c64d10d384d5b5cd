"""Ids: the column that names each feature becomes the index, and features that share an id are told apart or joined."""

from collections.abc import Mapping
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString, MultiPoint
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding, rows_of, some
from landready.geometry.parts import keep_dimension
from landready.layers.features import is_plain
from landready.layers.notes import Notes
from landready.model import Ledger

Duplicates = Literal["error", "number", "dissolve"]
_LOOSE_MARKS = "[\u0300-\u036f]"
DUPLICATES: tuple[Duplicates, ...] = get_args(Duplicates)


def as_labels(values: pd.Series) -> pd.Index:
    """
    Return ids as text, stripped; rows without an id keep their number in the file as an integer.

    Letters that are stored in two parts, an O and two dots, are one letter: the same name is the same id.

    Parameters
    ----------
    values
        The id column as read; whole numbers lose the decimals that missing values give them.

    Examples
    --------
    >>> list(as_labels(pd.Series([" Öjared 1:2", None, "  "])))
    ['Öjared 1:2', 1, 2]
    """
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    texts = values.astype("string").str.strip()
    if not is_plain(pa.array(texts, from_pandas=True)) and texts.str.contains(_LOOSE_MARKS, na=False).any():
        texts = texts.str.normalize("NFC")
    missing = (texts.isna() | (texts == "")).fillna(value=True).to_numpy(dtype=bool)
    labels = np.asarray(texts, dtype=object)
    labels[missing] = np.flatnonzero(missing)
    index: pd.Index = pd.Index(labels, dtype=object)
    return index


def id_findings(labels: pd.Index, *, layer: str, column: str) -> list[Finding]:
    """
    Return errors for rows that have no id or share one.

    Parameters
    ----------
    labels
        As `as_labels` gives them.
    layer, column
        What findings call the layer and the column of its ids.
    """
    nameless, shared = _nameless(labels), _shared(labels)
    values = {"layer": layer, "column": column, "total": len(labels)}
    findings = []
    if nameless.any():
        rows = rows_of(labels[nameless], in_file=True)
        findings.append(Finding("ids_missing", {**values, "count": int(nameless.sum()), "rows": rows}))
    if shared.any():
        ids = labels[shared].unique()
        counts = {"count": int(shared.sum()), "different": len(ids), "ids": some(ids)}
        findings.append(Finding("ids_repeated", {**values, **counts}))
    return findings


def settle_ids(
    frame: gpd.GeoDataFrame, *, layer: str, column: str, duplicates: Duplicates
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return the frame with ids that are unique.

    Parameters
    ----------
    frame
        Valid geometries; its index as `as_labels` gives it.
    layer, column
        What findings call the layer and the column of its ids.
    duplicates
        `"number"`: rows that share an id become `X`, `X#2`, `X#3`. `"dissolve"`: they become one row where the
        first of them stood, with the union of their geometries; other columns come from the row with the largest
        area (length for lines). Both name rows without an id `#1`, `#2`. The order is that of the normalised
        geometries, so that the order of rows in the file does not matter. `"error"`: nothing is changed.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Index of text. An error among the notes if the file already holds an id such as `X#2`.
    """
    if duplicates == "error":
        return frame, Notes()
    notes = Notes()
    if duplicates == "dissolve":
        frame, notes = _dissolve(frame, layer)
    frame, more = _number(frame, layer, column)
    return frame, notes + more


def _nameless(labels: pd.Index) -> NDArray[np.bool_]:
    names = np.asarray(labels, dtype=object)
    if pd.api.types.infer_dtype(names, skipna=False) == "string":
        return np.zeros(len(names), dtype=bool)
    return np.fromiter((not isinstance(name, str) for name in names), dtype=bool, count=len(names))


def _shared(labels: pd.Index) -> NDArray[np.bool_]:
    return np.asarray(labels.duplicated(keep=False), dtype=bool) & ~_nameless(labels)


def _number(frame: gpd.GeoDataFrame, layer: str, column: str) -> tuple[gpd.GeoDataFrame, Notes]:
    labels = frame.index
    nameless, shared = _nameless(labels), _shared(labels)
    names = np.asarray(labels, dtype=object).copy()
    names[nameless] = ""
    rows = np.flatnonzero(nameless | shared)
    order = pd.Series(_geometry_order(np.asarray(frame.geometry.array, dtype=object)[rows]))
    numbers = order.groupby(names[rows]).rank(method="first").to_numpy(dtype=int)
    for row, number in zip(rows, numbers, strict=True):
        if nameless[row] or number > 1:
            names[row] = f"{names[row]}#{number}"
    numbered = frame.set_axis(pd.Index(names, dtype=object), axis=0)
    told = {"ids_missing_numbered": nameless, "ids_repeated_numbered": shared}
    notes = _numbering_notes(labels, names, told, layer=layer, column=column)
    if not numbered.index.is_unique:
        repeated = numbered.index[numbered.index.duplicated()]
        values = {"layer": layer, "count": len(repeated), "ids": some(repeated)}
        notes += Notes((Finding("ids_not_unique", values),))
    return numbered, notes


def _numbering_notes(
    labels: pd.Index,
    names: NDArray[np.object_],
    told: Mapping[str, NDArray[np.bool_]],
    *,
    layer: str,
    column: str,
) -> Notes:
    notes = Notes()
    for key, rows in told.items():
        if rows.any():
            ids = some(labels[rows].unique())
            values = {"layer": layer, "column": column, "count": int(rows.sum()), "ids": ids}
            ledger = Ledger.entry("read", layer, key, ids=list(names[rows]))
            notes += Notes((Finding(key, values, "warning"),), ledger)
    return notes


def _geometry_order(geometry: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return each row's place when the rows are sorted by normalised geometry; ties keep the file's order."""
    wkb = shapely.to_wkb(shapely.normalize(shapely.force_2d(geometry)), byte_order=1)
    order = np.empty(len(wkb), dtype=np.int64)
    order[np.argsort(wkb, kind="stable")] = np.arange(len(wkb))
    return order


def _dissolve(frame: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Join the rows that share an id."""
    labels = frame.index
    shared = _shared(labels)
    if not shared.any():
        return frame, Notes()
    geometry = np.asarray(frame.geometry.array, dtype=object)
    size = np.where(shapely.get_dimensions(geometry) == 1, shapely.length(geometry), shapely.area(geometry))
    rows = pd.DataFrame({"id": labels, "size": size, "row": np.arange(len(labels))})[shared]
    rows["order"] = _geometry_order(geometry[shared])
    by_id = rows.sort_values(["size", "order"], ascending=[False, True]).groupby("id", sort=False)["row"]
    largest, stood = by_id.first(), by_id.min()
    unions = [_union(geometry[members.to_numpy()]) for _, members in by_id]
    joined = frame.iloc[largest.to_numpy()]
    joined = joined.set_geometry(gpd.GeoSeries(unions, index=joined.index, crs=frame.crs))
    together = pd.concat([frame[~shared], joined])
    places = np.concatenate([np.flatnonzero(~shared), stood.to_numpy()])
    return together.iloc[np.argsort(places)], _dissolve_notes(frame[shared], joined, layer)


def _union(geometry: NDArray[np.object_]) -> BaseGeometry:
    """Return the union of areas; lines and points are gathered, since a union would cut lines where they cross."""
    dimension = int(shapely.get_dimensions(geometry).max())
    if dimension == 2:
        union: BaseGeometry = keep_dimension(np.array([shapely.union_all(geometry)], dtype=object), 2)[0]
        return shapely.normalize(union)
    parts = shapely.get_parts(geometry)
    gathered = MultiLineString(list(parts)) if dimension == 1 else MultiPoint(list(parts))
    return shapely.normalize(gathered)


def _dissolve_notes(parts: gpd.GeoDataFrame, joined: gpd.GeoDataFrame, layer: str) -> Notes:
    others = parts.drop(columns=parts.geometry.name).astype(str)
    distinct = others.groupby(np.asarray(parts.index, dtype=object)).agg(lambda column: len(set(column)))
    varying = distinct > 1
    columns = [str(name) for name in varying.columns[varying.any()]]
    values = {"layer": layer, "count": len(parts), "different": len(joined), "ids": some(joined.index)}
    findings = [Finding("ids_dissolved", values, "note")]
    if columns:
        findings.append(Finding("ids_values_differ", {"layer": layer, "columns": ", ".join(columns)}, "warning"))
    area_ha = float(shapely.area(joined.geometry.values).sum()) / 1e4
    ledger = Ledger.entry("read", layer, "ids_dissolved", ids=list(joined.index), area_ha=area_ha)
    return Notes(tuple(findings), ledger)
