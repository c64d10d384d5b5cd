"""Names in a study that only the rooms know: roles, measures and their parameters, layers of constraints."""

from landready.criteria.checking import criterion_findings
from landready.errors import Finding
from landready.rules import constraint_rules, roles
from landready.spec import StudySpec, nearest_name


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
    found += _rows_of_nothing(spec)
    # No layers yet: one that a criterion lacks makes it unknown, which is no mistake.
    return found + [finding for criterion in spec.criteria for finding in criterion_findings(criterion, {})]


def _rows_of_nothing(spec: StudySpec) -> list[Finding]:
    """Return the rows that neither change one of the rule set nor say what they apply to: mostly a slip in the id."""
    rules = [rule.id for rule in constraint_rules(spec.rules.constraints)]
    return [
        Finding("study_rule_unknown", {"where": f"constraints.{rule.id}", "nearest": nearest_name(rule.id, rules)})
        for rule in spec.constraints
        if rule.role is None and rule.layer is None and rule.id not in rules
    ]


def _no_role(where: str, role: str) -> Finding:
    values = {"where": where, "role": role, "nearest": nearest_name(role, roles()), "roles": ", ".join(roles())}
    return Finding("study_role_unknown", values)
