"""Whether criteria can be measured at all, told before any work starts."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from landready.criteria.measures import MEASURES, Measure
from landready.errors import Finding, is_number
from landready.model import Raster
from landready.spec import UNITS, Criterion

FACTORS: Mapping[tuple[str, str], float] = {
    ("m", "km"): 0.001,
    ("km", "m"): 1000.0,
    ("share", "pct"): 100.0,
    ("pct", "share"): 0.01,
}
"""From the unit of a measure to the unit of a criterion."""


def criterion_findings(criterion: Criterion, layers: Mapping[str, Any]) -> list[Finding]:
    """
    Return why a criterion cannot be measured; empty if it can.

    Parameters
    ----------
    criterion
        The criterion.
    layers
        The layers there are; one that is missing is not a finding, it makes the criterion unknown.
    """
    measure = MEASURES.get(criterion.measure)
    if measure is None:
        return [
            Finding(
                "measure_unknown",
                {
                    "criterion": criterion.id,
                    "measure": criterion.measure,
                    "nearest": _closest(criterion.measure, MEASURES),
                    "known": ", ".join(MEASURES),
                },
            )
        ]
    return [
        *_param_findings(criterion, measure),
        *_layer_findings(criterion, measure, layers),
        *_unit_findings(criterion, measure),
    ]


def duplicate_findings(criteria: Sequence[Criterion]) -> list[Finding]:
    """Return a finding for each id that several criteria share."""
    ids = [criterion.id for criterion in criteria]
    return [
        Finding("study_duplicate", {"where": "criteria", "name": name})
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]


def layer_names(criterion: Criterion) -> dict[str, str]:
    """Return the layers a criterion needs: param → name, with the source under `layer`."""
    kinds = MEASURES[criterion.measure].params
    named = {param: str(value) for param, value in criterion.params.items() if kinds.get(param) == "layer"}
    return ({"layer": criterion.layer} if criterion.layer is not None else {}) | named


def factor(criterion: Criterion) -> float | None:
    """Return what turns the measure's unit into the criterion's; None if they cannot be compared."""
    native = _native_unit(criterion, MEASURES[criterion.measure])
    return 1.0 if native in {None, criterion.unit} else FACTORS.get((str(native), criterion.unit))


def _native_unit(criterion: Criterion, measure: Measure) -> str | None:
    """Return the unit the values come in: the measure's, or the one its column's name ends in."""
    if measure.unit is not None or "column" not in measure.params:
        return measure.unit
    ending = str(criterion.params.get("column", "")).rpartition("_")[2]
    return ending if ending in UNITS else None


def _unit_findings(criterion: Criterion, measure: Measure) -> list[Finding]:
    if factor(criterion) is not None:
        return []
    native = _native_unit(criterion, measure)
    values = {"criterion": criterion.id, "measure": criterion.measure}
    return [Finding("measure_unit", {**values, "unit": criterion.unit, "native": native})]


def _param_findings(criterion: Criterion, measure: Measure) -> list[Finding]:
    said = {"criterion": criterion.id, "measure": criterion.measure}
    found = [
        Finding("measure_missing_param", {**said, "param": param})
        for param in measure.required
        if param not in criterion.params
    ]
    for param, value in criterion.params.items():
        if param not in measure.params:
            near, known = _closest(param, measure.params), ", ".join(measure.params) or "–"
            fields = {**said, "param": param, "nearest": near, "known": known}
            found.append(Finding("measure_unknown_param", fields))
            continue
        wants_number = measure.params[param] == "number"
        if not (is_number(value) if wants_number else isinstance(value, str)):
            key = "measure_param_number" if wants_number else "measure_param_text"
            found.append(Finding(key, {**said, "param": param, "value": value}))
    return found


def _layer_findings(criterion: Criterion, measure: Measure, layers: Mapping[str, Any]) -> list[Finding]:
    said = {"criterion": criterion.id, "measure": criterion.measure}
    if measure.kind == "site":
        unused = criterion.layer is not None or bool(criterion.where)
        return [Finding("measure_takes_no_layer", said)] if unused else []
    found = []
    if criterion.layer is None:
        found.append(Finding("measure_needs_layer", said))
    if criterion.where and measure.kind != "vector":
        found.append(Finding("measure_where_raster", said))
    for param, name in layer_names(criterion).items():
        wants_raster = param == "layer" and measure.kind != "vector"
        if name in layers and isinstance(layers[name], Raster) != wants_raster:
            key = "measure_needs_raster" if wants_raster else "measure_needs_vector"
            found.append(Finding(key, {**said, "layer": name}))
    return found


def _closest(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)), "–")
