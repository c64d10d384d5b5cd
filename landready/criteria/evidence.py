"""What somebody was asked and has answered at a place: the newest answer that lies on each area."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.errors import ColumnError, Finding, InputError, refuse, rows_of, text_findings
from landready.layers.adapter import POINT, POLYGON, as_layer
from landready.model import LayerLike
from landready.where import missing_column

DATE = "date"


def evidence_at(frame: LayerLike, evidence: LayerLike, *, column: str) -> pd.Series:
    """
    Return the newest answer that lies on each polygon.

    Parameters
    ----------
    frame
        Polygons to judge.
    evidence
        Points within them, or polygons (a property, a station's district) that share ground with them. A row without
        a value in `column` answers nothing. Rows with the latest `date` (ISO 8601) count before earlier ones, and
        those without a date last.
    column
        Column of `evidence` with numbers.

    Returns
    -------
    pandas.Series
        float64 on the index of `frame`, named by `column`, in the column's own unit. `nan`, which is unknown, where
        nobody has answered, and where the newest answers differ.

    Raises
    ------
    CrsError
        If the CRSs differ or cannot be measured in.
    InputError
        If geometries are neither points nor polygons, or values in `column` are no numbers.
    ColumnError
        If `column` is not there.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> site = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500100, 6400100)], index=["A"], crs=3006)
    >>> points = [shapely.Point(500050, 6400050)] * 2
    >>> answers = {"power_mw": [2.0, 8.0], "date": ["2024-03-01", "2026-05-01"]}
    >>> evidence_at(site, gpd.GeoDataFrame(answers, geometry=points, crs=3006), column="power_mw")
    A    8.0
    Name: power_mw, dtype: float64
    """
    refuse(text_findings(column=column))
    layer = as_layer(frame, name="frame", kinds=(POLYGON,))
    answers = as_layer(evidence, name="evidence", kinds=(POINT, POLYGON), like=layer)
    values = numbers_of(answers.frame, column, answers.name)
    given = values.notna().to_numpy()
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    places = np.asarray(answers.frame.geometry.values, dtype=object)[given]
    dates = answers.frame[DATE] if DATE in answers.frame.columns else pd.Series(None, index=values.index, dtype=object)
    site, answer = shapely.STRtree(places).query(shapes, predicate="intersects")
    apart = shapely.touches(shapes[site], places[answer])
    met = pd.DataFrame(
        {
            "site": site[~apart],
            "date": _days(dates)[given][answer[~apart]],
            "value": values[given].to_numpy()[answer[~apart]],
        }
    )
    newest = met[met["date"] == met.groupby("site")["date"].transform("max")]
    told = newest.groupby("site")["value"].agg(["min", "max"])
    agreed = told["min"].where(told["min"] == told["max"])
    found = agreed.reindex(range(len(shapes))).to_numpy(dtype="float64")
    return pd.Series(found, index=layer.frame.index, name=column)


def _days(dates: pd.Series) -> NDArray[np.int64]:
    """Return dates as numbers that grow with time; the smallest there is for none."""
    days = pd.to_datetime(dates, errors="coerce", format="ISO8601").to_numpy(dtype="datetime64[s]")
    return np.asarray(days.astype("int64"))


def numbers_of(frame: pd.DataFrame, column: str, layer: str) -> pd.Series:
    """
    Return a column as float64, on the frame's index; `nan` where it is empty.

    Parameters
    ----------
    frame, column
        Of which, and its name.
    layer
        What errors call the frame.

    Raises
    ------
    ColumnError, InputError
        If the column is not there, or holds what is no number.
    """
    if column not in frame.columns:
        raise ColumnError(missing_column(column, frame, layer))
    given = frame[column]
    values = pd.to_numeric(given, errors="coerce").astype("float64")
    wrong = values.isna() & given.notna()
    if wrong.any():
        fields = {"layer": layer, "column": column, "count": int(wrong.sum()), "total": len(wrong)}
        raise InputError(Finding("column_not_numbers", {**fields, "rows": rows_of(frame.index[wrong])}))
    return values
