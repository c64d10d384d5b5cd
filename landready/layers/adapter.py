"""The one door through which every verb takes its layers.

`as_layer` accepts a GeoDataFrame or a `Layer` and either gives back a layer that can be measured, or raises
once with everything that is wrong. Mends (invalid geometry, height values) are listed in the layer's ledger.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from landready.crs import metric_findings
from landready.errors import CrsError, Finding, InputError, Phrase, rows_of, some
from landready.layers.repair import repair
from landready.model import Layer, LayerLike

POLYGON, LINE, POINT = "polygon", "line", "point"
ANY = (POLYGON, LINE, POINT)

_DIMENSION = {0: POINT, 1: LINE, 2: POLYGON}


def as_layer(data: LayerLike, *, name: str, kinds: Collection[str] = ANY, like: Layer | None = None) -> Layer:
    """
    Return `data` as a layer that can be measured.

    Parameters
    ----------
    data
        A GeoDataFrame, or a Layer (which keeps its own name).
    name
        What messages call a bare GeoDataFrame.
    kinds
        The kinds of geometry that make sense: `"polygon"`, `"line"`, `"point"`.
    like
        A layer whose CRS this one must share.

    Returns
    -------
    Layer
        With valid two-dimensional geometries. Rows without geometry stay, with None.

    Raises
    ------
    CrsError
        No CRS, degrees, not metres, distorted area, coordinates elsewhere, or not the CRS of `like`.
    InputError
        Not a layer, ids that are not unique, or wrong kinds of geometry; all of them together.
    """
    layer = data if isinstance(data, Layer) else _wrap(data, name)
    crs_problems = (
        [] if layer.is_sound else metric_findings(layer.crs, tuple(layer.frame.total_bounds), layer=layer.name)
    )
    if not crs_problems and like is not None and layer.crs != like.crs:
        crs_problems = [mismatch(like, layer)]
    other_problems = [*_id_findings(layer), *_kind_findings(layer, kinds)]
    if crs_problems:
        raise CrsError(*crs_problems, *other_problems)
    if other_problems:
        raise InputError(*other_problems)
    if layer.is_sound:
        return layer
    frame, ledger = repair(layer.frame, layer=layer.name)
    return replace(layer.with_frame(frame, ledger), sound=frame)


def mismatch(first: Layer, second: Layer) -> Finding:
    """Return the finding that two layers are in different CRSs."""
    from landready.crs import label

    return Finding(
        "crs_mismatch",
        {
            "layer": second.name,
            "crs": label(second.crs),
            "other": first.name,
            "other_crs": label(first.crs),
        },
    )


def _wrap(data: Any, name: str) -> Layer:
    if not isinstance(data, gpd.GeoDataFrame) or data._geometry_column_name not in data.columns:  # noqa: SLF001
        raise InputError(Finding("not_a_layer", {"layer": name, "kind": type(data).__name__}))
    return Layer(name=name, frame=data)


def _id_findings(layer: Layer) -> list[Finding]:
    index = layer.frame.index
    repeated = index[index.duplicated()]
    if not len(repeated):
        return []
    return [
        Finding(
            "ids_not_unique",
            {"layer": layer.name, "count": len(repeated), "ids": some(repeated.unique())},
        )
    ]


def _kind_findings(layer: Layer, kinds: Collection[str]) -> list[Finding]:
    geometry = layer.frame.geometry.values
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    dimension = shapely.get_dimensions(geometry)
    wanted = [value for value, kind in _DIMENSION.items() if kind in kinds]
    wrong = present & ~np.isin(dimension, wanted)
    if not wrong.any():
        return []
    return [
        Finding(
            "geometry_kind",
            {
                "layer": layer.name,
                "count": int(wrong.sum()),
                "total": len(wrong),
                "kinds": kinds_in_words(geometry[wrong]),
                "rows": rows_of(layer.frame.index[wrong]),
                "wanted": Phrase(tuple(f"shape.{kind}" for kind in kinds)),
            },
        )
    ]


def kinds_in_words(geometry: NDArray[np.object_]) -> Phrase:
    """Return which kinds of geometry there are; a collection is of none in particular."""
    single = geometry[shapely.get_type_id(geometry) != shapely.GeometryType.GEOMETRYCOLLECTION]
    there = set(shapely.get_dimensions(single).tolist())
    names = [kind for dimension, kind in _DIMENSION.items() if dimension in there]
    mixed = ["mixed"] if len(single) < len(geometry) else []
    return Phrase(tuple(f"shape.{kind}" for kind in [*names, *mixed]))
