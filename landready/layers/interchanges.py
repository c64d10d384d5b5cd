"""Interchanges from points of roads: all points with the same number and name are one interchange."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint

from landready.errors import ColumnError
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.layers.nvdb_words import is_denied, table
from landready.model import Ledger
from landready.where import missing_column

COLUMNS = ("name", "number")


def interchanges_of_nvdb(crossings: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return the interchanges among NVDB's crossings (företeelsen Korsning).

    Parameters
    ----------
    crossings
        Points, with the columns as delivered.
    layer
        What findings call it.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        As `joined`. Crossings that belong to no interchange are in the ledger.

    Raises
    ------
    ColumnError
        If there is no column with the numbers.
    """
    entry = table()["interchanges"]
    rows = crossings.rename(columns={name: fold(str(name)) for name in crossings.columns})
    if entry["number"] not in rows:
        raise ColumnError(missing_column(entry["number"], crossings, layer))
    nothing = pd.Series(None, index=rows.index, dtype=object)
    number, name = (_texts(rows.get(entry[key], nothing)) for key in ("number", "name"))
    member = pd.Series(~is_denied(rows.get(entry["member"], nothing)))
    chosen = member | number.notna() | name.notna()
    notes = Notes((), Ledger.entry("read", layer, "nvdb_no_interchange", ids=rows.index[~chosen].tolist()))
    return joined(rows[chosen].geometry, number=number[chosen], name=name[chosen]), notes


def joined(points: gpd.GeoSeries, *, number: pd.Series, name: pd.Series) -> gpd.GeoDataFrame:
    """
    Return one row for each interchange.

    Parameters
    ----------
    points
        Ramps and crossings; missing ones are left out where others of the interchange are there.
    number, name
        Text, missing where nobody has said. Points with neither stay apart, for nobody has said what they belong to.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `name` and `number`; two-dimensional points, of several parts where an interchange has several. In the
        order of their first points, numbered from 0.
    """
    keys = pd.DataFrame({"name": name.astype(object), "number": number.astype(object)}, index=points.index)
    nameless = keys.isna().all(axis=1).to_numpy()
    group = keys.assign(alone=np.where(nameless, np.arange(len(keys)), -1)).groupby(
        ["name", "number", "alone"], dropna=False, sort=False
    )
    place = group.ngroup().to_numpy()
    flat = shapely.force_2d(points.to_numpy())
    shapes = [_together(flat[place == number]) for number in range(group.ngroups)]
    first = keys.iloc[np.unique(place, return_index=True)[1]].reset_index(drop=True)
    return gpd.GeoDataFrame(first, geometry=gpd.GeoSeries(shapes, index=first.index, crs=points.crs))


def _together(points: NDArray[np.object_]) -> shapely.Geometry | None:
    parts = list(shapely.get_parts(points[~shapely.is_missing(points)]))
    if len(parts) > 1:
        return MultiPoint(parts).normalize()
    return parts[0] if parts else None


def _texts(values: pd.Series) -> pd.Series:
    texts = values.astype("string").str.strip().str.removesuffix(".0")
    return texts.where(texts != "").astype(object).where(lambda said: said.notna(), None)
