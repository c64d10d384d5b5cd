"""Geometries as a role needs them: present, of the right kind, valid and in the plane; every mend is told."""

import re
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from landready.errors import Finding, Phrase, Severity, rows_of
from landready.geometry.parts import keep_dimension
from landready.layers.adapter import LINE, POINT, POLYGON, kinds_in_words
from landready.layers.notes import Notes
from landready.layers.repair import repair
from landready.model import Ledger

_DIMENSIONS = {POINT: 0, LINE: 1, POLYGON: 2}
_TOLD_REPAIRS: dict[str, tuple[str, Severity]] = {
    "repaired": ("geometry_repaired", "warning"),
    "z_dropped": ("geometry_z", "note"),
    "collection_parts": ("geometry_collections", "warning"),
}


def drop_missing(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Leave out the rows without geometry, and list them.

    Parameters
    ----------
    frame
        As read.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        The rows with a geometry that is neither missing nor empty.
    """
    geometry = np.asarray(frame.geometry.values, dtype=object)
    null = shapely.is_missing(geometry)
    empty = shapely.is_empty(geometry) & ~null
    gone = null | empty
    if not gone.any():
        return frame, Notes()
    values = {
        "layer": layer,
        "count": int(gone.sum()),
        "total": len(frame),
        "rows": rows_of(frame.index[gone], in_file=True),
    }
    ledger = Ledger.entry("read", layer, "null_geometry", ids=frame.index[null])
    ledger += Ledger.entry("read", layer, "empty_geometry", ids=frame.index[empty])
    return frame[~gone], Notes((Finding("geometry_null", values, "warning"),), ledger)


def kind_findings(frame: gpd.GeoDataFrame, kinds: Sequence[str], *, layer: str) -> list[Finding]:
    """
    Return an error if rows have nothing of the kinds of geometry that make sense.

    Parameters
    ----------
    frame
        Rows with geometry.
    kinds
        `"polygon"`, `"line"`, `"point"`; none where anything will do.
    layer
        What findings call it.
    """
    if not kinds:
        return []
    geometry = np.asarray(frame.geometry.values, dtype=object)
    wanted = [_DIMENSIONS[kind] for kind in kinds]
    right = np.isin(shapely.get_dimensions(geometry), wanted)
    mixed = _is_collection(geometry)
    parts, owner = shapely.get_parts(geometry[mixed], return_index=True)
    fitting = owner[np.isin(shapely.get_dimensions(parts), wanted)]
    right[mixed] = np.isin(np.arange(mixed.sum()), fitting)
    if right.all():
        return []
    values = {
        "layer": layer,
        "count": int((~right).sum()),
        "total": len(frame),
        "kinds": kinds_in_words(geometry[~right]),
        "rows": rows_of(frame.index[~right], in_file=True),
        "wanted": Phrase(tuple(f"shape.{kind}" for kind in kinds)),
    }
    return [Finding("geometry_kind", values)]


def open_collections(frame: gpd.GeoDataFrame, kinds: Sequence[str], *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Take the parts of the right kind out of geometry collections.

    Parameters
    ----------
    frame
        Rows with geometry, each of which has something of the right kind.
    kinds
        As in `kind_findings`; a collection that holds several keeps the parts of the highest dimension. Without
        any, collections stay as they are.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Same rows in the same order.
    """
    if not kinds:
        return frame, Notes()
    geometry = np.asarray(frame.geometry.values, dtype=object)
    mixed = _is_collection(geometry)
    if not mixed.any():
        return frame, Notes()
    opened = geometry.copy()
    for dimension in sorted(_DIMENSIONS[kind] for kind in kinds):  # the highest is written last
        kept = keep_dimension(geometry[mixed], dimension)
        rows = np.flatnonzero(mixed)[~shapely.is_empty(kept)]
        opened[rows] = kept[~shapely.is_empty(kept)]
    labels = frame.index[mixed]
    values = {"layer": layer, "count": len(labels), "total": len(frame), "rows": rows_of(labels, in_file=True)}
    notes = Notes(
        (Finding("geometry_collections", values, "warning"),),
        Ledger.entry("read", layer, "collection_parts", ids=labels),
    )
    return frame.set_geometry(gpd.GeoSeries(opened, index=frame.index, crs=frame.crs)), notes


def _is_collection(geometry: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.asarray(shapely.get_type_id(geometry) == shapely.GeometryType.GEOMETRYCOLLECTION, dtype=bool)


def mend(frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return the frame with valid two-dimensional geometries, and tell what was mended.

    Parameters
    ----------
    frame
        Rows with geometry and unique ids.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Rows of which repair leaves nothing (an area with no inside) are left out and listed.
    """
    mended, ledger = repair(frame, layer=layer, present=True)
    if mended is frame:  # as whole layers are
        return frame, Notes((), ledger)
    findings = [
        Finding(
            key,
            {
                "layer": layer,
                "count": row["count"],
                "total": len(frame),
                "rows": _rows(row["ids"], frame.index),
                "square_metres": 1e4 * row["area_ha"],
            },
            severity,
        )
        for row in ledger.frame.to_dict("records")
        for key, severity in [_TOLD_REPAIRS[row["reason"]]]
    ]
    kept, gone = drop_missing(mended, layer=layer)
    return kept, Notes(tuple(findings), ledger) + gone


def _rows(told: str, index: Any) -> Phrase:
    """Return the rows that a ledger names, as findings name them."""
    if index.dtype.kind in "iu":
        told = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), told)
        return Phrase(("rows.in_file",), {"rows": told})
    return Phrase(("rows.named",), {"rows": told})
