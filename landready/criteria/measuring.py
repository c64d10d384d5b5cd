"""Measure all criteria of all sites, with the state, source and date of each value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from landready.criteria.checking import criterion_findings, duplicate_findings, factor, layer_names
from landready.criteria.measures import MEASURES, Kind, Source, Values
from landready.criteria.terrain import cropped, slope
from landready.errors import InputError, LandreadyError, require_kind
from landready.geometry.threads import each
from landready.layers.adapter import POLYGON, as_layer
from landready.model import MODELLED, UNKNOWN, Layer, LayerLike, Ledger, Measured, Raster, Sites
from landready.rules import empty_is_none
from landready.spec import Criterion
from landready.where import matches, undecided

LayersByName = Mapping[str, Layer | gpd.GeoDataFrame | Raster]


def measure(sites: LayerLike | Sites, layers: LayersByName, criteria: Sequence[Criterion]) -> Measured:
    """
    Measure every criterion of every site.

    Parameters
    ----------
    sites
        Polygons; the index is the site's id.
    layers
        Name → layer or raster, all in one CRS.
    criteria
        What to measure, each with an id of its own.

    Returns
    -------
    Measured
        Frames of sites × criterion ids, in the unit that each id ends in. A criterion whose layer is not in `layers`
        is unknown for all sites, and in the ledger. The ledger also has what was mended on the way.

    Raises
    ------
    InputError, ColumnError, CrsError
        With the problems of all criteria together: unknown measures and params, units that cannot be converted,
        missing columns, layers of the wrong kind or CRS. Problems of several kinds are one InputError.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from landready.spec import Criterion, ValueFunction
    >>> sites = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500100, 6400100)], index=["A"], crs=3006)
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(502100, 6300000), (502100, 6500000)])], crs=3006)
    >>> near = ValueFunction(points=[(0, 1.0), (5, 0.0)])
    >>> criterion = Criterion(id="e20_km", measure="distance_to", layer="e20", value=near)
    >>> measure(sites, {"e20": road}, [criterion]).frame
       e20_km
    A     2.0
    """
    site_layer = as_layer(_own(sites, "sites"), name="sites", kinds=(POLYGON,))
    require_kind(layers, Mapping, name="layers", wanted="dict")
    require_kind(criteria, Sequence, name="criteria", wanted="Criterion, …")
    for criterion in criteria:
        require_kind(criterion, Criterion, name="criteria", wanted="Criterion")
    inputs = _Inputs(layers, site_layer)
    errors: list[LandreadyError] = []
    repeated = duplicate_findings(criteria)
    if repeated:
        errors.append(InputError(*repeated))
    found = each(lambda criterion: _attempt(criterion, inputs), criteria)
    errors += [error for error in found if isinstance(error, LandreadyError)]
    if errors:
        raise _together(errors)
    columns = [column for column in found if isinstance(column, _Column)]
    index = site_layer.frame.index
    return Measured(
        frame=_table(index, {column.id: column.numbers for column in columns}, float),
        state=_table(index, {column.id: column.state for column in columns}, object),
        upper_bound=_table(index, {column.id: column.upper_bound for column in columns}, bool),
        source=_table(index, {column.id: column.source for column in columns}, object),
        date=_table(index, {column.id: column.date for column in columns}, object),
        criteria=tuple(criteria),
        ledger=site_layer.ledger + inputs.repairs() + _missing_layers(criteria, layers),
    )


@dataclass(frozen=True, eq=False)
class _Column:
    id: str
    numbers: pd.Series
    state: pd.Series
    upper_bound: pd.Series
    source: str | None
    date: str | None


@dataclass(frozen=True, eq=False)
class _Inputs:
    """The layers of one call, each made ready once (or, should two threads ask at the same time, twice alike)."""

    layers: LayersByName
    sites: Layer
    ready: dict[tuple[str, Kind], Layer | Raster] = field(default_factory=dict)

    def vector(self, name: str) -> Layer:
        """Return a layer that can be measured."""
        key: tuple[str, Kind] = (name, "vector")
        if key not in self.ready:
            self.ready[key] = as_layer(_own(self.layers[name], name), name=name, like=self.sites)
        layer = self.ready[key]
        assert isinstance(layer, Layer)  # as stored
        return layer

    def source(self, name: str, kind: Kind) -> Layer | Raster:
        """Return what a measure of this kind reads; the slope is computed once for each raster."""
        if kind == "vector":
            return self.vector(name)
        raster = self.layers[name]
        assert isinstance(raster, Raster)  # criterion_findings has seen to it
        if kind == "slope":
            if (name, kind) not in self.ready:
                # The heights of a county beside the sites of a valley need no slope.
                self.ready[name, kind] = slope(cropped(raster, self._bounds()))
            return self.ready[name, kind]
        return raster

    def _bounds(self) -> tuple[float, float, float, float]:
        west, south, east, north = self.sites.frame.total_bounds
        return float(west), float(south), float(east), float(north)

    def repairs(self) -> Ledger:
        """Return what was mended."""
        total = Ledger.empty()
        for key in sorted(self.ready):
            layer = self.ready[key]
            total += layer.ledger if isinstance(layer, Layer) else Ledger.empty()
        return total


def _own(data: object, name: str) -> LayerLike:
    """Return the data with an empty ledger: what happened before this step is told by the steps before."""
    if isinstance(data, Layer):
        return replace(data, ledger=Ledger.empty())
    if isinstance(data, Sites):
        return Layer(name=name, frame=data.frame)
    return data  # as_layer refuses what is neither


def _attempt(criterion: Criterion, inputs: _Inputs) -> "_Column | LandreadyError":
    """Measure a criterion, or return why it cannot be: the others are told with it."""
    try:
        return _measure_one(criterion, inputs)
    except LandreadyError as error:
        return error


def _measure_one(criterion: Criterion, inputs: _Inputs) -> _Column:
    findings = criterion_findings(criterion, inputs.layers)
    if findings:
        raise InputError(*findings)
    names = layer_names(criterion)
    index = inputs.sites.frame.index
    if any(name not in inputs.layers for name in names.values()):
        nothing = pd.Series(np.nan, index=index)
        return _Column(criterion.id, nothing, _state(nothing, modelled=False), nothing.notna(), source=None, date=None)
    chosen = MEASURES[criterion.measure]
    source, at_most = _rows(inputs, criterion, chosen.kind)
    others = {param: inputs.vector(name) for param, name in names.items() if param != "layer"}
    found = chosen.run(inputs.sites, source, others, criterion.params)
    if at_most is not None:
        more = chosen.run(inputs.sites, at_most, others, criterion.params)
        found = _doubted(found, more, shrinks=chosen.unit in {"m", "min"})
    origin = source or inputs.sites
    modelled = any(layer.modelled for layer in (origin, *others.values()))
    return _Column(
        id=criterion.id,
        numbers=found.numbers * (factor(criterion) or 1.0),
        state=_state(found.numbers, modelled=modelled),
        upper_bound=found.upper_bound,
        source=origin.source,
        date=origin.date,
    )


def _rows(inputs: _Inputs, criterion: Criterion, kind: Kind) -> tuple[Source, Layer | None]:
    """
    Return what is measured to, and the same with the rows that nobody can judge; None if there are no such rows.

    Those lack a value that the criterion's conditions ask for.
    """
    if criterion.layer is None:
        return None, None
    source = inputs.source(criterion.layer, kind)
    if not (isinstance(source, Layer) and criterion.where):
        return source, None
    chosen = matches(source.frame, criterion.where, layer=source.name)
    answers = empty_is_none(source.role)
    open_ = undecided(source.frame, criterion.where, layer=source.name, empty_is_none=answers)
    return source.rows(chosen), source.rows(chosen | open_) if open_.any() else None


def _doubted(found: Values, at_most: Values, *, shrinks: bool) -> Values:
    """
    Mark what the rows that nobody can judge leave open.

    Parameters
    ----------
    found, at_most
        Without and with those rows.
    shrinks
        Whether more rows can only make the value smaller, as with distances and times: then what was found is an
        upper bound. Otherwise, or where nothing was within reach, a value that they change is unknown.
    """
    open_ = found.numbers.ne(at_most.numbers) & found.numbers.notna()
    bound = open_ & np.isfinite(found.numbers) if shrinks else pd.Series(False, index=open_.index)
    return Values(found.numbers.mask(open_ & ~bound), found.upper_bound | bound)


def _state(values: pd.Series, *, modelled: bool) -> pd.Series:
    state = pd.Series(MODELLED if modelled else "known", index=values.index, dtype=object)
    return state.mask(values.isna(), UNKNOWN)


def _table(
    index: pd.Index, columns: Mapping[str, pd.Series | str | None], dtype: type[float | bool | object]
) -> pd.DataFrame:
    """Return the columns side by side; a value that is the same for all sites is repeated."""
    series = {
        name: value if isinstance(value, pd.Series) else pd.Series([value] * len(index), index=index, dtype=object)
        for name, value in columns.items()
    }
    return pd.DataFrame(series, index=index).astype(dtype)


def _missing_layers(criteria: Sequence[Criterion], layers: LayersByName) -> Ledger:
    needed = [(name, criterion.id) for criterion in criteria for name in layer_names(criterion).values()]
    ledger = Ledger.empty()
    for name in sorted({name for name, _ in needed if name not in layers}):
        ids = [criterion for needs, criterion in needed if needs == name]
        ledger += Ledger.entry("measure", name, "no_layer", ids=ids)
    return ledger


def _together(errors: Sequence[LandreadyError]) -> LandreadyError:
    """Return one error with all findings, each once."""
    findings = {finding.text(): finding for error in errors for finding in error.findings}
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else InputError
    return kind(*findings.values())
