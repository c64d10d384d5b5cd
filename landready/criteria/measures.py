"""The measures that a criterion may name, each a thin front to a verb of this room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from landready.criteria.cover import cover_of
from landready.criteria.evidence import evidence_at, numbers_of
from landready.criteria.form import form
from landready.criteria.network import travel_time
from landready.criteria.overlap import overlap_share
from landready.criteria.proximity import nearest
from landready.criteria.terrain import zonal
from landready.errors import number_findings, refuse
from landready.model import Layer, Raster

Source = Layer | Raster | None
Params = Mapping[str, Any]
Kind = Literal["site", "vector", "raster", "slope"]
ParamKind = Literal["text", "number", "layer"]

MAX_NODATA_SHARE = 0.5
"""Above this share of a site without cell values its statistics are unknown."""


@dataclass(frozen=True, eq=False)
class Values:
    """
    What one measure found.

    Parameters
    ----------
    numbers
        One float per site, in the measure's own unit; `nan` unknown, `inf` unreachable.
    upper_bound
        Per site, whether the true value may be smaller.
    """

    numbers: pd.Series
    upper_bound: pd.Series


@dataclass(frozen=True, eq=False)
class Measure:
    """
    A measure that a criterion may name.

    Parameters
    ----------
    run
        Called with the sites, the source (None for measures of the site itself), the further layers that params
        name, and the params.
    kind
        What the source is: none (`site`), a `vector` layer, a `raster`, or the `slope` of a raster of heights.
    unit
        The unit of the values; None where a column or raster brings its own.
    params
        Names of the params, and whether each is text, a number or the name of a layer.
    required
        Params that must be given.
    """

    run: Callable[[Layer, Source, Mapping[str, Layer], Params], Values]
    kind: Kind
    unit: str | None = None
    params: Mapping[str, ParamKind] = field(default_factory=dict)
    required: tuple[str, ...] = ()


def _attribute(sites: Layer, _source: Source, _layers: Mapping[str, Layer], params: Params) -> Values:
    return _column(sites.frame, params["column"], sites.name)


def _form(sites: Layer, _source: Source, _layers: Mapping[str, Layer], params: Params) -> Values:
    return _column(form(sites), params["column"], "form")


def _distance_to(sites: Layer, source: Source, _layers: Mapping[str, Layer], _params: Params) -> Values:
    found = nearest(sites, _vector(source))
    return Values(found["distance_m"], found["upper_bound"])


def _travel_time(sites: Layer, source: Source, layers: Mapping[str, Layer], params: Params) -> Values:
    targets = _vector(source)
    options = {name: value for name, value in params.items() if name != "roads"}
    time = travel_time(sites, layers["roads"], targets, **options)
    # Of time only this is sure: a target that nobody mapped may lie nearer than any that is.
    return Values(time, nearest(sites, targets)["upper_bound"] & np.isfinite(time))


def _overlap_share(sites: Layer, source: Source, _layers: Mapping[str, Layer], _params: Params) -> Values:
    share = overlap_share(sites, _vector(source))
    assert isinstance(share, pd.Series)  # a frame only with by=
    return _exact(share)


def _zonal(sites: Layer, source: Source, _layers: Mapping[str, Layer], params: Params) -> Values:
    assert isinstance(source, Raster)  # kind "raster" or "slope"
    stat = params.get("stat", "mean")
    most = params.get("max_nodata_share", MAX_NODATA_SHARE)
    refuse(number_findings(most, name="max_nodata_share", minimum=0, maximum=1))
    found = zonal(sites, source, stats=[stat])
    enough = found["nodata_share"] <= most
    return _exact(found[str(stat)].where(enough))


def _cover_share(sites: Layer, source: Source, _layers: Mapping[str, Layer], params: Params) -> Values:
    assert isinstance(source, Raster)  # kind "raster"
    rest = {name: value for name, value in params.items() if name != "cover"}
    return _zonal(sites, cover_of(source, params["cover"]), _layers, rest)


def _column(frame: pd.DataFrame, column: str, layer: str) -> Values:
    return _exact(numbers_of(frame, column, layer))


def _evidence(sites: Layer, source: Source, _layers: Mapping[str, Layer], params: Params) -> Values:
    return _exact(evidence_at(sites, _vector(source), column=params["column"]))


def _exact(values: pd.Series) -> Values:
    return Values(values, pd.Series(False, index=values.index))


def _vector(source: Source) -> Layer:
    assert isinstance(source, Layer)  # kind "vector"
    return source


_ZONAL_PARAMS: Mapping[str, ParamKind] = {"stat": "text", "max_nodata_share": "number"}

MEASURES: Mapping[str, Measure] = {
    "attribute": Measure(_attribute, "site", params={"column": "text"}, required=("column",)),
    "form": Measure(_form, "site", params={"column": "text"}, required=("column",)),
    "distance_to": Measure(_distance_to, "vector", "m"),
    "travel_time": Measure(
        _travel_time,
        "vector",
        "min",
        params={
            "roads": "layer",
            "mode": "text",
            "default_speed_kmh": "number",
            "snap_limit_m": "number",
            "access_limit_m": "number",
        },
        required=("roads",),
    ),
    "overlap_share": Measure(_overlap_share, "vector", "share"),
    "evidence": Measure(_evidence, "vector", params={"column": "text"}, required=("column",)),
    "zonal": Measure(_zonal, "raster", params=_ZONAL_PARAMS),
    "cover_share": Measure(
        _cover_share, "raster", "share", params={"cover": "text", "max_nodata_share": "number"}, required=("cover",)
    ),
    "slope": Measure(_zonal, "slope", "pct", params=_ZONAL_PARAMS),
}
