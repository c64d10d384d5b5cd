"""From the rows of a rule set and of the study file to constraints on the layers that are there."""

from dataclasses import replace

import numpy as np
import shapely

from landready.errors import ColumnError, Finding
from landready.land.constraints import Constraint
from landready.land.plots import built_plots, home_plots
from landready.model import Layer
from landready.pipeline.area import chosen
from landready.pipeline.inputs import Inputs
from landready.rules import constraint_rules, plot_rules
from landready.spec import ConstraintRule, StudySpec


def rules_of(spec: StudySpec) -> tuple[ConstraintRule, ...]:
    """Return the rows that apply: the rule set's, each overridden by the study's own of the same id."""
    rows = {rule.id: rule for rule in constraint_rules(spec.rules.constraints)}
    for own in spec.constraints:
        base = rows.get(own.id)
        rows[own.id] = base.model_copy(update={k: getattr(own, k) for k in own.model_fields_set}) if base else own
    return tuple(rows.values())


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
    """
    constraints: list[Constraint] = []
    findings: list[Finding] = []
    for rule in rules_of(spec):
        layers = _layers_of(rule, inputs)
        label = rule.label(spec.study.language)
        if not rule.enabled:
            findings.append(Finding("constraint_disabled", {"constraint": label}, "warning"))
        elif not layers:
            findings.append(
                Finding("constraint_no_layer", {"constraint": label, "layer": rule.layer or rule.role}, "warning")
            )
        else:
            for layer in layers:
                _add(
                    rule,
                    layer,
                    several=len(layers) > 1,
                    constraints=constraints,
                    findings=findings,
                    spec=spec,
                )
    return constraints, findings


def _layers_of(rule: ConstraintRule, inputs: Inputs) -> list[Layer]:
    if rule.layer is not None:
        return [inputs.layers[rule.layer]] if rule.layer in inputs.layers else []
    return inputs.with_role(rule.role) if rule.role else []


def _add(
    rule: ConstraintRule,
    layer: Layer,
    *,
    several: bool,
    constraints: list[Constraint],
    findings: list[Finding],
    spec: StudySpec,
) -> None:
    label = rule.label(spec.study.language)
    try:
        where = chosen(layer, rule.where)
    except ColumnError as error:
        missing = ", ".join(str(finding.values["column"]) for finding in error.findings)
        findings.append(
            Finding(
                "constraint_no_column",
                {"constraint": label, "layer": layer.name, "column": missing},
                "warning",
            )
        )
        return
    if rule.buffer_m <= 0:
        where, left_out = _polygons_only(where)
        if left_out:
            findings.append(
                Finding(
                    "constraint_lines_left_out",
                    {"constraint": label, "layer": layer.name, "count": left_out},
                    "warning",
                )
            )
    constraints.append(
        Constraint(
            f"{rule.id}:{layer.name}" if several else rule.id,
            where,
            kind=rule.kind,
            buffer_m=rule.buffer_m,
            weight=rule.weight,
            legal_basis=rule.legal_basis,
            statutory=rule.statutory,
            reason=rule.reason,
            case_number=rule.case_number,
            label=label,
        )
    )


def _polygons_only(layer: Layer) -> tuple[Layer, int]:
    """Leave out lines and points, which without a buffer cover no land."""
    flat = np.asarray(shapely.get_dimensions(layer.frame.geometry.values)) < 2
    return (layer.with_frame(layer.frame[~flat]), int(flat.sum())) if flat.any() else (layer, 0)
