"""How much of each area other areas cover, overlaps between them counted once."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.errors import ColumnError, refuse, text_findings
from landready.geometry.borders import GAP_M
from landready.geometry.coverage import covered_m2
from landready.layers.adapter import POLYGON, as_layer
from landready.model import UNKNOWN, Layer, LayerLike
from landready.where import missing_column

# A polygon that lacks no more than this of being covered is covered.
_ROUNDING_SHARE = 1e-9


def overlap_share(frame: LayerLike, areas: LayerLike, *, by: str | None = None) -> pd.Series | pd.DataFrame:
    """
    Return the share of each polygon that areas cover.

    Parameters
    ----------
    frame
        Polygons to judge.
    areas
        Polygons that cover; where they overlap one another the land is counted once.
    by
        Column of `areas` with categories. Each category is then measured by itself.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        Index of `frame`, shares 0–1. A Series named `overlap_share`, or with `by` one column per category: its text,
        in alphabetical order; areas without category are `unknown`. `nan` without geometry, and where
        part of the polygon lies outside the areas' known extent, unless it is covered altogether.

    Raises
    ------
    CrsError
        If the CRSs differ or cannot be measured in.
    InputError
        If geometries are not polygons.
    ColumnError
        If `by` is not a column of `areas`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> plots = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500200, 6400100)], crs=3006)
    >>> flood = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500050, 6400100)] * 2, crs=3006)
    >>> overlap_share(plots, flood)
    0    0.25
    Name: overlap_share, dtype: float64
    """
    refuse(text_findings(by=by))
    layer = as_layer(frame, name="frame", kinds=(POLYGON,))
    cover = as_layer(areas, name="areas", kinds=(POLYGON,), like=layer)
    if by is not None and by not in cover.frame.columns:
        raise ColumnError(missing_column(by, cover.frame, cover.name))
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    covering = np.asarray(cover.frame.geometry.values, dtype=object)
    unmapped = _outside(shapes, cover)
    if by is None:
        share = _known_share(shapes, covering, unmapped)
        return pd.Series(share, index=layer.frame.index, name="overlap_share")
    category = cover.frame[by].astype(object).where(cover.frame[by].notna(), UNKNOWN).map(str).to_numpy()
    columns = {name: _known_share(shapes, covering[category == name], unmapped) for name in sorted(set(category))}
    return pd.DataFrame(columns, index=layer.frame.index, dtype="float64")


def _known_share(
    shapes: NDArray[np.object_], areas: NDArray[np.object_], unmapped: NDArray[np.bool_]
) -> NDArray[np.float64]:
    share = _share(shapes, areas)
    return np.where(unmapped & ~(share >= 1 - _ROUNDING_SHARE), np.nan, share)


def _share(shapes: NDArray[np.object_], areas: NDArray[np.object_]) -> NDArray[np.float64]:
    area = shapely.area(shapes)
    with np.errstate(invalid="ignore"):  # an empty polygon has no share
        return np.minimum(covered_m2(shapes, areas) / area, 1.0)


def _outside(shapes: NDArray[np.object_], areas: Layer) -> NDArray[np.bool_]:
    """Tell which polygons reach outside the known extent."""
    if areas.known_extent is None:
        return np.zeros(len(shapes), dtype=bool)
    # Land is joined to the nearest gap: a film of that along its outline tells nothing about where was mapped.
    outside = shapely.area(shapes) - covered_m2(shapes, np.array([areas.known_extent], dtype=object))
    return np.asarray(outside > GAP_M * shapely.length(shapes))
