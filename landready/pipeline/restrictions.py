"""From the rows of a rule set and of the study file to constraints on the layers that are there."""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.errors import ColumnError, Finding, LandreadyError, StudyError
from landready.land.constraints import Constraint
from landready.land.plots import built_plots, home_plots
from landready.land.shore import shore_protection
from landready.layers.value_words import words_of
from landready.model import Layer, Ledger
from landready.pipeline.area import chosen
from landready.pipeline.inputs import Inputs
from landready.rules import constraint_rules, plot_rules
from landready.spec import ConstraintRule, StudySpec
from landready.texts import LANGUAGES
from landready.where import Condition, column_of, texts_in

# Built plots and plots with homes are told from buildings, where the study does not bring them.
_BUILT = frozenset({"buildings", "built_plots", "home_plots"})

_PLANS = frozenset({"plans", "plan_provisions"})

_DISTANCE = re.compile(r" \(\d+ m\)$")


def rules_of(spec: StudySpec) -> tuple[ConstraintRule, ...]:
    """Return the rows that apply: the rule set's, each overridden by the study's own of the same id."""
    rows = {rule.id: rule for rule in constraint_rules(spec.rules.constraints)}
    for own in spec.constraints:
        base = rows.get(own.id)
        rows[own.id] = _overridden(base, own) if base else own
    return tuple(rows.values())


def _overridden(base: ConstraintRule, own: ConstraintRule) -> ConstraintRule:
    """Return a row of the rule set with the study's keys; a name loses a distance that is no longer true."""
    changes = {key: getattr(own, key) for key in own.model_fields_set}
    if own.buffer_m != base.buffer_m and "buffer_m" in changes and base.name is not None:
        name: dict[str, str] = {language: _DISTANCE.sub("", base.name.in_language(language)) for language in LANGUAGES}
        changes = {"name": base.name.model_copy(update=name), **changes}
    return base.model_copy(update=changes)


def with_shore(inputs: Inputs, spec: StudySpec) -> Inputs:
    """
    Add shore protection by distance from water, unless the study brings its own or has no rule set.

    Parameters
    ----------
    inputs
        The layers, with the extents that the study declares.
    spec
        The study, whose `[rules] shore_m` is the distance.

    Returns
    -------
    Inputs
        With a layer for each layer of water, and a warning that it is worked out.
    """
    waters = inputs.with_role("water")
    if spec.rules.constraints == "none" or not waters or inputs.with_role("shore_protection"):
        return inputs
    layers, found = dict(inputs.layers), []
    for water in waters:
        name = "shore_protection" if len(waters) == 1 else f"shore_protection_{water.name}"
        derived = shore_protection(water, distance_m=spec.rules.shore_m)
        layers[name] = replace(derived, name=name, role="shore_protection", ledger=Ledger.empty(), findings=())
        found.append(Finding("shore_by_water", {"layer": water.name, "metres": spec.rules.shore_m}, "warning"))
    return replace(inputs, layers=layers, findings=(*inputs.findings, *found))


def with_plots(inputs: Inputs, spec: StudySpec, parcels: Layer) -> Inputs:
    """
    Add the plots with homes and the built plots, told from parcels and buildings, unless the study brings its own.

    Parameters
    ----------
    inputs
        The layers.
    spec
        The study; without a rule set nothing is derived.
    parcels
        The parcels of the study area.
    """
    buildings = inputs.with_role("buildings")
    if spec.rules.constraints == "none" or not buildings:
        return inputs
    limits = plot_rules(spec.rules.constraints)
    layers = dict(inputs.layers)
    if not inputs.with_role("home_plots") and "use" in buildings[0].frame.columns:
        derived = home_plots(parcels, buildings[0], max_plot_ha=limits["home_plot_max_ha"])
        layers["home_plots"] = replace(derived, role="home_plots")
    if not inputs.with_role("built_plots"):
        derived = built_plots(parcels, buildings[0], min_built_share=limits["built_share"])
        layers["built_plots"] = replace(derived, role="built_plots")
    return replace(inputs, layers=layers)


def constraints_of(spec: StudySpec, inputs: Inputs) -> tuple[list[Constraint], list[Finding]]:
    """
    Return the constraints that can be tested, and findings for those that cannot.

    Parameters
    ----------
    spec
        The study.
    inputs
        Its layers.

    Returns
    -------
    list of Constraint, list of Finding
        A row that applies to several layers gives one constraint a layer.

    Raises
    ------
    StudyError
        With everything that is wrong with any of the rows.
    """
    constraints: list[Constraint] = []
    findings: list[Finding] = []
    problems: list[Finding] = []
    enabled, tested = 0, set()
    for rule in rules_of(spec):
        layers = layers_of(rule, inputs)
        enabled += rule.enabled
        told = {"constraint": rule.label(spec.study.language)}
        if not rule.enabled:
            findings.append(Finding("constraint_disabled", told, "warning"))
        elif not layers:
            findings.append(Finding("constraint_no_layer", {**told, "layer": rule.layer or rule.role}, "warning"))
        elif rule.kind == "include":
            findings.append(
                Finding(
                    "constraint_include_used",
                    {**told, "case": rule.case_number, "why": (rule.reason or "").rstrip(".")},
                    "warning",
                )
            )
        for layer in layers if rule.enabled else ():
            name = row_name(rule, layers, layer)
            try:
                constraint, said = _tried(rule, name, layer, told)
                findings += said
                if constraint is not None:
                    constraints.append(constraint)
                    tested.add(rule.id)
            except LandreadyError as error:
                problems += [finding.at(place_of(rule, spec)) for finding in error.findings]
    if problems:
        raise StudyError(*problems)
    findings = [_in_part(finding) if finding.values.get("id") in tested else finding for finding in findings]
    untested = enabled - len(tested)
    if untested:
        findings.insert(0, Finding("constraints_untested", {"count": untested, "total": enabled}, "warning"))
    unasked = _built_unasked(spec, constraints, {"count": len(tested), "total": enabled})
    return constraints, [*unasked, *_built_first(findings, inputs)]


def _tried(
    rule: ConstraintRule, name: str, layer: Layer, told: Mapping[str, object]
) -> tuple[Constraint | None, list[Finding]]:
    """Return a row on one of its layers; None where the layer cannot answer it, with a finding that says why."""
    strange = _in_other_words(rule, layer)
    if strange is not None:
        values = {**told, "layer": layer.name, "column": strange, "id": rule.id}
        return None, [Finding("constraint_other_words", values, "warning")]
    try:
        covering, said = _covering(rule, layer, told)
        constraint = _constraint(rule, name, covering, str(told["constraint"]))
    except ColumnError as error:
        columns = ", ".join(str(finding.values["column"]) for finding in error.findings)
        asked = ", ".join(f"{column} = {json.dumps(wanted)}" for column, wanted in rule.where.items())
        values = {**told, "layer": layer.name, "column": columns, "where": asked, "id": rule.id, "empty": "{}"}
        return None, [Finding("constraint_no_column", values, "warning")]
    return constraint, [*said, *_doubts(constraint, told)]


def _in_part(finding: Finding) -> Finding:
    """Return what a layer of a rule lacks, where the rule was tested on another one: it is not among the untested."""
    return replace(finding, key="constraint_layer_no_column") if finding.key == "constraint_no_column" else finding


def _built_first(findings: list[Finding], inputs: Inputs) -> list[Finding]:
    """Tell once that built land passes for unbuilt, first of all and instead of each of the rules that it concerns."""
    mine = [
        finding for finding in findings if finding.key == "constraint_no_layer" and finding.values["layer"] in _BUILT
    ]
    if not mine or any(inputs.with_role(role) for role in ("buildings", "built_plots")):
        return findings
    rules = ", ".join(f"”{finding.values['constraint']}”" for finding in mine)
    first = Finding("constraint_nothing_built", {"count": len(mine), "rules": rules}, "warning")
    return [first, *(finding for finding in findings if finding not in mine)]


def _built_unasked(spec: StudySpec, constraints: Sequence[Constraint], counts: Mapping[str, object]) -> list[Finding]:
    """Tell that built land may pass for unbuilt, where a study that has only rules of its own has none about it."""
    if spec.rules.constraints != "none":
        return []  # the rule set has such rules, and what they lack is told
    asked = any(each.checked.role in _BUILT and each.kind in {"hard", "strong"} for each in constraints)
    return [] if asked else [Finding("constraint_built_unasked", counts, "warning")]


def place_of(rule: ConstraintRule, spec: StudySpec) -> str:
    """Return where a rule stands in the study file: a row of its own, or what the rule set brings."""
    own = rule.id in {row.id for row in spec.constraints}
    return f'[[constraints]] id = "{rule.id}"' if own else f"[rules] {rule.id}"


def row_name(rule: ConstraintRule, layers: Sequence[Layer], layer: Layer | None) -> str:
    """Return what a rule is called on one of its layers."""
    return f"{rule.id}:{layer.name}" if layer and len(layers) > 1 else rule.id


def layers_of(rule: ConstraintRule, inputs: Inputs) -> list[Layer]:
    """Return the layers of the study that a row applies to."""
    if rule.layer is not None:
        return [inputs.layers[rule.layer]] if rule.layer in inputs.layers else []
    return inputs.with_role(rule.role) if rule.role else []


def _constraint(rule: ConstraintRule, name: str, layer: Layer, label: str) -> Constraint:
    return Constraint(
        name,
        layer,
        kind=rule.kind,
        buffer_m=rule.buffer_m,
        weight=rule.weight,
        legal_basis=rule.legal_basis,
        statutory=rule.statutory,
        reason=rule.reason,
        case_number=rule.case_number,
        where=rule.where,
        label=label,
    )


def _in_other_words(rule: ConstraintRule, layer: Layer) -> str | None:
    """
    Return the column in which a row asks for words and the layer has none that is known; None where it can be asked.

    What such a column says is not known, and the row has met nothing in it. Plans have words of their own, and so has
    whoever writes a row.
    """
    if layer.role in _PLANS or not is_as_shipped(rule):
        return None
    for column, condition in rule.where.items():
        asked = texts_in(condition)
        if not asked or column not in layer.frame.columns:
            continue
        there = set(layer.frame[column].dropna().astype(str))
        if there and not there & (asked | known_words(column)):
            return column
    return None


def is_as_shipped(rule: ConstraintRule) -> bool:
    """Tell whether a row asks for what the rule set asks for, and not for what somebody has written."""
    return _asked_by_the_rules().get(rule.id) == rule.where


@functools.cache
def _asked_by_the_rules() -> Mapping[str, Mapping[str, Condition]]:
    return {rule.id: rule.where for rule in constraint_rules()}


@functools.cache
def known_words(column: str) -> frozenset[str]:
    """Return the words of a column that landready knows: those the rules ask for, and those it translates into."""
    asked = (texts_in(where[column]) for where in _asked_by_the_rules().values() if column in where)
    return words_of(column).union(*asked)


def _covering(rule: ConstraintRule, layer: Layer, told: Mapping[str, object]) -> tuple[Layer, list[Finding]]:
    """Return the features that can cover land under a row, and a finding on those that meet it but cannot."""
    if rule.buffer_m > 0:
        return layer, []
    left_out = int(_flat(chosen(layer, rule.where)).sum())
    values = {**told, "layer": layer.name, "count": left_out}
    missed = [Finding("constraint_lines_left_out", values, "warning")] if left_out else []
    return layer.rows(~_flat(layer)), missed


def _doubts(constraint: Constraint, told: Mapping[str, object]) -> list[Finding]:
    """Return a finding on the features that nobody can judge for want of a value."""
    frame = constraint.undecided.frame
    if frame.empty:
        return []
    columns = [column for column in constraint.where or {} if column_of(frame, column).isna().any()]
    values = {**told, "layer": constraint.undecided.name, "column": ", ".join(columns), "count": len(frame)}
    if constraint.kind in {"hard", "strong"}:
        return [Finding("constraint_undecided", values, "warning")]
    return [Finding("constraint_undecided_told", values, "note")]


def _flat(layer: Layer) -> NDArray[np.bool_]:
    """Tell which features are lines or points, which cover no land without a buffer."""
    return np.asarray(shapely.get_dimensions(layer.frame.geometry.values)) < 2
