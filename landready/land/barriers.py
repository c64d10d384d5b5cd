"""Cut land by what splits it: motorways, main roads, railways, water; and by the edge of the area that is asked about.

A road or a railway is often drawn as a line. It gets the width of its column `width_m` where that is known and
above zero, else `LINE_WIDTH_M`, just enough to part the land on its two sides. The ledger tells the area each
barrier took, and for how many lines the width was not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding, InputError
from landready.geometry.coverage import covered
from landready.geometry.cutting import cut
from landready.geometry.overlay import beyond, pairs, union_by_group
from landready.layers.adapter import as_layer
from landready.model import Layer, LayerLike, Ledger

STEP = "assemble"
LINE_WIDTH_M = 2.0
HA = 1e4

Barriers: TypeAlias = LayerLike | Sequence[LayerLike]
Shapes = NDArray[np.object_]


def barrier_layers(barriers: Barriers, *, like: Layer) -> list[Layer]:
    """
    Return the barriers as layers that can be measured, in the order given.

    Parameters
    ----------
    barriers
        One layer of lines and polygons, or several.
    like
        The land, whose CRS they must share.

    Raises
    ------
    InputError
        As `as_layer` does, with what is wrong with all of them.
    """
    one = isinstance(barriers, gpd.GeoDataFrame | Layer | str) or not isinstance(barriers, Iterable)
    several: Iterable[Any] = [barriers] if one else barriers
    layers: list[Layer] = []
    problems: list[InputError] = []
    for barrier in several:
        try:
            layers.append(as_layer(without_ledger(barrier), name="barriers", kinds=("line", "polygon"), like=like))
        except InputError as error:
            problems.append(error)
    if problems:
        raise type(problems[0])(*(finding for problem in problems for finding in problem.findings))
    return layers


def without_ledger(data: LayerLike) -> LayerLike:
    """Return a layer without what earlier steps have told already; a bare frame as it is."""
    return replace(data, ledger=Ledger.empty()) if isinstance(data, Layer) else data


def subtract(pieces: pd.DataFrame, layer: Layer) -> tuple[pd.DataFrame, Ledger]:
    """
    Take a barrier out of the land.

    Parameters
    ----------
    pieces
        Columns `parcel_id` and `geometry` (polygons) among others.
    layer
        Lines and polygons in the same CRS.

    Returns
    -------
    pandas.DataFrame, Ledger
        The pieces that are left, and the area taken.
    """
    shapes, assumed = _widened(layer.frame)
    ledger = layer.ledger + Ledger.entry(STEP, layer.name, "barrier_width_assumed", ids=layer.frame.index[assumed])
    solid, _ = cut(shapes)
    land = pieces["geometry"].to_numpy()
    i, j = pairs(land, solid)
    if not len(i):
        return pieces, ledger
    touched, group = np.unique(i, return_inverse=True)
    taken = union_by_group(solid[j], group, len(touched))
    left = land.copy()
    left[touched] = beyond(land[touched], taken)
    lost = shapely.area(land[touched]) - shapely.area(left[touched])
    ids = pieces["parcel_id"].iloc[touched[lost > 0]].unique().tolist()
    ledger += Ledger.entry(STEP, layer.name, "barrier", ids=ids, area_ha=float(lost.sum()) / HA)
    return _solid(pieces, left), ledger


def _widened(frame: gpd.GeoDataFrame) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return barriers as polygons, and which of them are lines of unknown width."""
    shapes = np.array(frame.geometry.values, dtype=object)
    line = shapely.get_dimensions(shapes) == 1
    known = pd.to_numeric(frame["width_m"], errors="coerce") if "width_m" in frame else pd.Series(np.nan, frame.index)
    width = known.where(known > 0).to_numpy(dtype=float, copy=True)
    assumed = line & np.isnan(width)
    width[assumed] = LINE_WIDTH_M
    shapes[line] = shapely.buffer(shapes[line], width[line] / 2)
    return shapes, assumed


def keep_within(pieces: pd.DataFrame, within: LayerLike | BaseGeometry, *, like: Layer) -> tuple[pd.DataFrame, Ledger]:
    """
    Keep the land inside an area.

    Parameters
    ----------
    pieces
        Columns `parcel_id` and `geometry` (polygons) among others.
    within
        Layer of polygons, or one polygon in the CRS of the land.
    like
        The land, whose CRS a layer must share.

    Returns
    -------
    pandas.DataFrame, Ledger
        What is inside, and the area outside.

    Raises
    ------
    InputError
        If `within` is not polygons.
    """
    area, ledger = _area(within, like)
    land = pieces["geometry"].to_numpy()
    inside = covered(land, area)
    lost = shapely.area(land) - shapely.area(inside)
    cut_off = lost > 0
    ledger += Ledger.entry(
        STEP,
        like.name,
        "outside",
        ids=pieces["parcel_id"][cut_off].unique().tolist(),
        area_ha=float(lost[cut_off].sum()) / HA,
    )
    return _solid(pieces, inside), ledger


def _area(within: Any, like: Layer) -> tuple[Shapes, Ledger]:
    if not isinstance(within, BaseGeometry):
        layer = as_layer(without_ledger(within), name="within", kinds=("polygon",), like=like)
        return np.array(layer.frame.geometry.values, dtype=object), layer.ledger
    if shapely.get_dimensions(within) != 2 and not within.is_empty:
        raise InputError(Finding("not_a_layer", {"layer": "within", "kind": within.geom_type}))
    return np.array(
        [shapely.make_valid(within, method="structure", keep_collapsed=False)], dtype=object
    ), Ledger.empty()


def _solid(pieces: pd.DataFrame, geometry: Shapes) -> pd.DataFrame:
    """Return the pieces with new geometry, without those of which nothing is left."""
    left = shapely.area(geometry) > 0
    return pieces.assign(geometry=geometry)[left].reset_index(drop=True)
