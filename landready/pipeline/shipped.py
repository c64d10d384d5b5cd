"""Kinds of business that come with landready, filled into a study that asks for them by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from landready.criteria import MEASURES
from landready.errors import Finding
from landready.pipeline.inputs import Inputs
from landready.rules import criterion_rules, profile_rules
from landready.spec import Criterion, StudySpec, nearest_name


def with_shipped(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return a study with the profiles that `[rules] profiles` names, and the criteria that they weigh.

    Parameters
    ----------
    raw
        What a study file holds, well formed or not; nothing is done with what is not.

    Returns
    -------
    Mapping
        The study's own entries first, in their places. A profile of the study with the id of one that ships gives
        only the keys that change; a criterion with such an id replaces the one that ships.
    """
    chosen = [name for name in _listed(_table(raw.get("rules")).get("profiles")) if name in profile_rules()]
    if not chosen:
        return raw
    own, criteria = _rows(raw.get("profiles")), _rows(raw.get("criteria"))
    if own is None or criteria is None:
        return raw
    profiles = [{**profile_rules()[row["id"]], **row} if row.get("id") in chosen else row for row in own]
    there = {row.get("id") for row in own}
    profiles += [dict(profile_rules()[name]) for name in chosen if name not in there]
    defined = {row.get("id") for row in criteria}
    layers = _layers_by_role(_table(raw.get("layers")))
    asked = {name for row in profiles for key in ("weights", "requirements", "values") for name in _table(row.get(key))}
    added = [
        _on_layers(rule, layers) for name, rule in criterion_rules().items() if name in asked and name not in defined
    ]
    return {**raw, "profiles": profiles, "criteria": [*criteria, *added]}


def shipped_findings(spec: StudySpec) -> list[Finding]:
    """Return a finding for each name in `[rules] profiles` that no kind of business has."""
    known = profile_rules()
    said = {"where": "rules.profiles", "known": ", ".join(known)}
    return [
        Finding("study_no_shipped_profile", {**said, "name": name, "nearest": nearest_name(name, known)})
        for name in spec.rules.profiles
        if name not in known
    ]


def answerable(spec: StudySpec, inputs: Inputs) -> tuple[StudySpec, list[Finding]]:
    """
    Return the study with the criteria that are optional and lack a column made unknown, and a warning for each of them.

    Parameters
    ----------
    spec
        The study.
    inputs
        Its layers.

    Returns
    -------
    StudySpec, list of Finding
        A criterion that lacks a column is measured on the layer `layer.column`, which is not there.
    """
    criteria, findings = [], []
    for criterion in spec.criteria:
        missing = missing_columns(criterion, inputs)
        if not missing:
            criteria.append(criterion)
            continue
        criteria.append(criterion.model_copy(update={"layer": f"{criterion.layer}.{missing[0]}"}))
        values = {"criterion": criterion.label(spec.study.language), "layer": criterion.layer}
        findings.append(Finding("criterion_no_column", {**values, "columns": ", ".join(missing)}, "warning"))
    return spec.model_copy(update={"criteria": tuple(criteria)}), findings


def missing_columns(criterion: Criterion, inputs: Inputs) -> list[str]:
    """Return the columns that an optional criterion asks for and its layer lacks; none for other criteria."""
    layer = inputs.layers.get(criterion.layer or "")
    if layer is None or not criterion.optional:
        return []
    asked = [*criterion.where, *(str(criterion.params[name]) for name in ("column",) if name in criterion.params)]
    return [column for column in asked if column not in {*layer.frame.columns, layer.frame.index.name}]


def second_layer_findings(spec: StudySpec) -> list[Finding]:
    """Return a note for each criterion that ships and was given the first of several layers with its role."""
    roles = _layers_by_role({name: {"role": layer.role} for name, layer in spec.layers.items()})
    more = {names[0]: names[1:] for names in roles.values() if len(names) > 1}
    return [
        Finding(
            "criterion_first_layer",
            {
                "criterion": criterion.label(spec.study.language),
                "layer": criterion.layer,
                "others": ", ".join(more[criterion.layer]),
            },
            "note",
        )
        for criterion in spec.criteria
        if criterion.optional and criterion.layer in more
    ]


def _on_layers(rule: Mapping[str, Any], layers: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a criterion that ships, on the study's layers; a role that no layer has stands for itself."""
    row = {key: value for key, value in rule.items() if key != "role"} | {"optional": True}
    if "role" in rule:
        row["layer"] = layers.get(rule["role"], [rule["role"]])[0]
    kinds = MEASURES[rule["measure"]].params
    if "params" in rule:
        row["params"] = {
            name: layers.get(value, [value])[0] if kinds[name] == "layer" else value
            for name, value in rule["params"].items()
        }
    return row


def _layers_by_role(layers: Mapping[str, Any]) -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {}
    for name, entry in layers.items():
        role = _table(entry).get("role")
        if isinstance(role, str):
            by_role.setdefault(role, []).append(name)
    return by_role


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> list[dict[str, Any]] | None:
    """Return a list of tables, an empty one for none; None for what is no list of tables."""
    rows = [] if value is None else value
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _listed(value: Any) -> Iterable[Any]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
