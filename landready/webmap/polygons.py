"""Layers of polygons that the map can show beside the sites, and a map of nothing but one frame's polygons."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landready.errors import Finding, InputError, as_path, require_language
from landready.layers.adapter import POLYGON, as_layer
from landready.model import Audience, LayerLike
from landready.texts import Language, text
from landready.webmap.payload import build_payload
from landready.webmap.shapes import simplified, to_degrees

SIMPLIFY_M = 0.5


def polygon_layer(
    key: str,
    label: str,
    frame: gpd.GeoDataFrame,
    *,
    look: str,
    names: Sequence[str] | None = None,
    columns: Sequence[Mapping[str, Any]] = (),
    simplify_m: float = SIMPLIFY_M,
    **more: Any,
) -> dict[str, Any]:
    """
    Describe a layer for the page.

    Parameters
    ----------
    key, label
        What the page and people call it.
    frame
        Polygons in a metric CRS.
    look
        A key of the looks in `landready.style.classes`.
    names
        What each polygon is called.
    columns
        What a click tells: `label`, `unit` (None for none) and `values` by position; None is unknown.
    simplify_m
        By how much outlines may be off, in metres.
    **more
        `shown` and `listed` (by default neither), `modelled`, and what the page's `layers.js` knows besides.

    Returns
    -------
    dict
        For the payload's `layers`.
    """
    shapes = frame.geometry.to_numpy()
    return {
        "id": key,
        "label": label,
        "looks": [look],
        "shown": False,
        "listed": False,
        "modelled": False,
        "shapes": to_degrees(simplified(shapes, simplify_m) if simplify_m else shapes, frame.crs),
        "names": None if names is None else list(names),
        "columns": [dict(column) for column in columns],
        **more,
    }


def plain_values(values: pd.Series) -> Any:
    """
    Return a column as the page can show it: numbers, or text; None for what is missing.

    Examples
    --------
    >>> plain_values(pd.Series(["a", None], dtype=object))
    ['a', None]
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype="float64", na_value=np.nan)
    dated = pd.api.types.is_datetime64_any_dtype(values)
    return [
        (value.isoformat() if dated else str(value)) if known else None
        for value, known in zip(values, values.notna(), strict=True)
    ]


def quick_map(
    frame: LayerLike,
    path: str | Path,
    *,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    name: str | None = None,
    title: str | None = None,
    date: str = "",
    language: Language = "sv",
    audience: Audience = "intern",
) -> Path:
    """
    Write any frame of polygons as one map file that opens without network, also with tens of thousands of them.

    A click tells a polygon's name and values; the list beside the map has them all and can be used by keyboard. The
    same frame gives the same bytes.

    Parameters
    ----------
    frame
        Polygons in a metric CRS. Nothing but the columns that are named leaves it.
    path
        The HTML file; one that is there is replaced when the new one is whole.
    columns
        Columns whose values are told, in that order, or column → what people call it; by default all.
    name
        The column that names each polygon; by default the index does.
    title
        Of the page; by default the layer's name.
    date
        The day that the data describe, as `"2026-11-01"`; none by default.
    language
        `"sv"` or `"en"`.
    audience
        What the page says it is for: `"intern"` or `"extern"`. Whoever calls it chooses what may leave.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CrsError
        If the frame has no CRS, or one in degrees.
    InputError, ColumnError
        If it holds anything but polygons, or lacks a column.

    Examples
    --------
    >>> import geopandas as gpd, shapely, tempfile, landready
    >>> frame = gpd.GeoDataFrame({"ha": [4.0]}, geometry=[shapely.box(338e3, 6406e3, 3382e2, 64062e2)], crs=3006)
    >>> landready.quick_map(frame, f"{tempfile.mkdtemp()}/ytor.html").name
    'ytor.html'
    """
    from landready.webmap.page import save

    require_language(language)
    layer = as_layer(frame, name=text("style.polygons", language), kinds=(POLYGON,))
    table = layer.frame
    chosen = _chosen(table, columns)
    missing = [column for column in [*chosen, *([name] if name else [])] if column not in table.columns]
    if missing:
        raise InputError(Finding("quick_map_columns", {"columns": ", ".join(missing), "layer": layer.name}))
    shown = polygon_layer(
        "polygons",
        layer.name,
        table,
        look="polygons",
        names=[str(value) for value in (table[name] if name else table.index)],
        columns=[{"label": label, "unit": None, "values": plain_values(table[key])} for key, label in chosen.items()],
        shown=True,
        listed=True,
        modelled=layer.modelled,
    )
    payload = build_payload(
        title=title or layer.name,
        date=date,
        language=language,
        audience=audience,
        sites=table.iloc[:0][[table.geometry.name]],
        scorecards={},
        around=table,
        layers=[shown],
        modelled=layer.modelled,
    )
    payload["texts"] |= {
        "kind": text("map.quick_kind", language),
        "no_sites": text("map.quick_help", language),
        "shortlist": layer.name,
    }
    file = as_path(path)
    save(payload, file)
    return file


def _chosen(table: gpd.GeoDataFrame, columns: Sequence[str] | Mapping[str, str] | None) -> dict[str, str]:
    if columns is None:
        columns = [str(column) for column in table.columns if column != table.geometry.name]
    return dict(columns) if isinstance(columns, Mapping) else {column: column for column in columns}
