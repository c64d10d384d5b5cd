"""Names in a study that only the rooms know: roles, measures and their parameters, layers of constraints."""

import difflib
import re
from collections.abc import Iterable

from landready.criteria.checking import criterion_findings
from landready.criteria.form import COLUMNS
from landready.errors import Finding
from landready.pipeline.questions import criterion_place
from landready.pipeline.shipped import shipped_findings
from landready.rules import constraint_rules, nearest_role, roles
from landready.spec import ConstraintRule, Criterion, StudySpec, nearest_name

# What the measures of sites themselves can read: what `assemble` says of them in numbers, and their form.
_OF_SITES = {"attribute": ("area_ha", "free_ha", "conditional_ha", "parcels"), "form": COLUMNS}

# As near as "strandskyd" and "Strandskydd", or two letters that have changed places.
_ALMOST = 0.85


def name_findings(spec: StudySpec) -> list[Finding]:
    """Return what is wrong with the names of a study, before any layer is read."""
    found = [
        _no_role(f"{table}.{name}", role)
        for table, named in (
            ("layers", {name: layer.role for name, layer in spec.layers.items()}),
            ("constraints", {rule.id: rule.role for rule in spec.constraints}),
        )
        for name, role in named.items()
        if role is not None and role not in roles()
    ]
    found += [
        Finding(
            "study_unknown_layer",
            {"where": f"constraints.{rule.id}", "name": rule.layer, "nearest": nearest_name(rule.layer, spec.layers)},
        )
        for rule in spec.constraints
        if rule.layer is not None and rule.layer not in spec.layers
    ]
    found += [*_rows_of_nothing(spec), *shipped_findings(spec)]
    # No layers yet: one that a criterion lacks makes it unknown, which is no mistake.
    return found + [
        finding.at(criterion_place(criterion.id))
        for criterion in spec.criteria
        for finding in (*criterion_findings(criterion, {}), *_site_column_findings(criterion))
    ]


def _site_column_findings(criterion: Criterion) -> list[Finding]:
    """Return a finding if a measure of the site itself asks for a column that sites do not have."""
    known, asked = _OF_SITES.get(criterion.measure), criterion.params.get("column")
    if known is None or not isinstance(asked, str) or asked in known:
        return []
    values = {"measure": criterion.measure, "column": asked, "nearest": nearest_name(asked, known)}
    return [Finding("measure_no_column", {**values, "columns": ", ".join(known)})]


def _rows_of_nothing(spec: StudySpec) -> list[Finding]:
    """Return the rows that change no rule and lack what a new one has to say: mostly a slip in the id."""
    rules = [rule.id for rule in constraint_rules(spec.rules.constraints)]
    found = []
    for rule in spec.constraints:
        about = {"where": f"constraints.{rule.id}", "rule": rule.id, "nearest": nearest_name(rule.id, rules)}
        if rule.id in rules:
            continue
        if rule.role is None and rule.layer is None:
            off = spec.rules.constraints == "none" and any(rule.id == known.id for known in constraint_rules())
            found.append(Finding("study_rule_set_off" if off else "study_rule_unknown", about))
        elif "kind" not in rule.model_fields_set:  # it may be meant to change a rule, and would exclude land instead
            found.append(Finding("study_rule_no_kind", about))
    return found


def near_rule_findings(spec: StudySpec) -> list[Finding]:
    """
    Return a warning for each row of its own that is called almost as one of the rule set, which applies beside it.

    Parameters
    ----------
    spec
        The study. A row that differs from a rule by numbers only (`natura2000_200`) is taken for meant.
    """
    rules = {rule.id: rule for rule in constraint_rules(spec.rules.constraints)}
    near = {own.id: _near(own, rules.values(), spec) for own in spec.constraints if own.id not in rules}
    return [
        Finding(
            "constraint_near_rule",
            {"where": f"constraints.{name}", "rule": rule.id, "label": rule.label(spec.study.language)},
            "warning",
        )
        for name, rule in near.items()
        if rule is not None
    ]


def _near(own: ConstraintRule, rules: Iterable[ConstraintRule], spec: StudySpec) -> ConstraintRule | None:
    """Return the rule that a row was perhaps meant to change: like it by id, or by what people call it on its role."""
    role = spec.layers[own.layer].role if own.layer in spec.layers else own.role
    for rule in rules:
        called = [rule.id] if rule.role != role else [rule.id, rule.label("sv"), rule.label("en")]
        if any(_almost(own.id, name) for name in called):
            return rule
    return None


def _almost(first: str, second: str) -> bool:
    first, second = (name.casefold().replace(" ", "_") for name in (first, second))
    if re.sub(r"\d", "", first) == re.sub(r"\d", "", second) and first != second:
        return False
    return difflib.SequenceMatcher(None, first, second).ratio() >= _ALMOST


def _no_role(where: str, role: str) -> Finding:
    values = {"where": where, "role": role, "nearest": nearest_role(role), "roles": ", ".join(roles())}
    return Finding("study_role_unknown", values)
