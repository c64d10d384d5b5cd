"""Values that a study asks for and a layer does not have: most often the layer says the same thing in other words.

A rule that asks for `use = "dwelling"` of a layer that says "Bostad" finds nothing and protects nobody. Nothing is
wrong with either, so it is told as a warning, once for each column of a layer.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from landready.errors import Finding, Severity, some
from landready.model import Layer
from landready.pipeline.inputs import Inputs
from landready.pipeline.restrictions import is_as_shipped, known_words, layers_of, rules_of
from landready.spec import StudySpec, nearest_name
from landready.where import Condition, matches, texts_in

# As near as "Genomförandetiden har gått ut" and "Genomförandetid utgången" are.
_ALIKE = 0.6


def value_findings(spec: StudySpec, inputs: Inputs) -> list[Finding]:
    """
    Return a warning for every column of text in which the values asked for are absent or written otherwise.

    Parameters
    ----------
    spec
        The study: its constraints, criteria and barriers ask.
    inputs
        Its layers.
    """
    asked: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    written: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for layer, where, by_hand in _questions(spec, inputs):
        for column, condition in where.items():
            asked[layer.name][column] |= texts_in(condition)
            written[layer.name][column] |= texts_in(condition) if by_hand else set()
    layers = {layer.name: layer for layer in inputs.layers.values()}
    return [
        finding
        for name, columns in asked.items()
        for column, values in columns.items()
        for finding in _findings(layers[name], column, values, written[name][column])
    ]


def _questions(spec: StudySpec, inputs: Inputs) -> Iterable[tuple[Layer, Mapping[str, Condition], bool]]:
    """Give each layer with the conditions on it, and whether these are written in the study rather than shipped."""
    for rule in rules_of(spec):
        by_hand = not is_as_shipped(rule)
        yield from ((layer, rule.where, by_hand) for layer in layers_of(rule, inputs) if rule.enabled)
    barriers = [(barrier.layer, barrier.where) for barrier in spec.sites.barriers]
    yield from ((inputs.layers[name], where, True) for name, where in barriers if name in inputs.layers)
    for criterion in spec.criteria:
        layer = inputs.layers.get(criterion.layer or "")
        # One that nothing meets is told apart: see `criteria_of_nothing`.
        if layer is not None and matches(layer.frame, criterion.where, layer=layer.name).any():
            yield layer, criterion.where, not criterion.optional


def _findings(layer: Layer, column: str, asked: set[str], written: set[str]) -> list[Finding]:
    if not asked or column not in layer.frame.columns:
        return []
    counted = layer.frame[column].dropna().astype(str).value_counts()
    absent, strange = sorted(asked - set(counted.index)), counted[~counted.index.isin(list(asked))]
    if not absent or strange.empty:
        return []
    if len(absent) < len(asked):
        # A word of ours may be absent in fact; one that only the study knows, beside others that are there, is a slip.
        slips = [value for value in absent if value in written - known_words(column)]
        found = [_slip(layer, column, value, strange) for value in slips]
        rest = [value for value in absent if value not in slips]
        return found + ([_told_of(layer, column, rest, strange, all_absent=False)] if rest else [])
    return [_told_of(layer, column, absent, strange, all_absent=True)]


def _slip(layer: Layer, column: str, value: str, strange: pd.Series) -> Finding:
    """Return a warning for one value that was written, with the one that was perhaps meant."""
    near = nearest_name(value, map(str, strange.index))
    values = {"layer": layer.name, "column": column, "value": value, "nearest": near, "found": _told(strange)}
    return Finding("value_slip", values, "warning")


def _told_of(layer: Layer, column: str, absent: list[str], strange: pd.Series, *, all_absent: bool) -> Finding:
    values = {
        "layer": layer.name,
        "column": column,
        "asked": ", ".join(f"”{value}”" for value in absent),
        "found": _told(strange),
    }
    if all_absent:
        return Finding("values_absent", values, "warning")
    # Some are there: the others may be absent in fact, unless the layer says something very like them.
    severity: Severity = "warning" if any(_near(value, strange) for value in absent) else "note"
    return Finding("values_alike", values, severity)


def _near(value: str, strange: pd.Series) -> bool:
    return bool(difflib.get_close_matches(value.casefold(), map(str.casefold, strange.index), n=1, cutoff=_ALIKE))


def _told(strange: pd.Series) -> str:
    """Return the commonest values with how often each occurs."""
    return some([f"”{value}” ({count})" for value, count in strange.items()])
