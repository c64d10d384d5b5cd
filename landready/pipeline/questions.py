"""What a study asks of its layers and they cannot answer, told for all of them before anything is worked out."""

from collections.abc import Iterable, Iterator

from landready.criteria.checking import criterion_findings
from landready.errors import Finding, LandreadyError, StudyError
from landready.layers.unread import unread
from landready.pipeline.inputs import Inputs
from landready.pipeline.restrictions import constraints_of, layers_of, place_of
from landready.pipeline.shipped import missing_columns
from landready.rules import constraint_rules
from landready.spec import StudySpec, Where
from landready.where import matches, missing_column


def question_findings(spec: StudySpec, inputs: Inputs) -> list[Finding]:
    """
    Return what cannot be asked of the layers: columns that are not there, values that cannot be compared, rasters.

    Parameters
    ----------
    spec
        The study: area, barriers, criteria, known extents and constraints of its own ask. A rule of the rule set that
        finds no column is not tested, and no mistake of the study.
    inputs
        Those of its layers that could be read; nothing is told of the others.

    Returns
    -------
    list of Finding
        Errors, each with its place in the study file.
    """
    found = [
        finding.at(place)
        for place, name, where, needed in _questions(spec, inputs)
        for finding in _unanswered(inputs, name, where, needed=needed)
    ]
    found += _own_rule_findings(spec, inputs)
    there = {**inputs.layers, **inputs.rasters}
    found += [
        finding.at(criterion_place(criterion.id))
        for criterion in spec.criteria
        for finding in criterion_findings(criterion, there)
    ]
    return found


def with_unread(findings: Iterable[Finding], inputs: Inputs) -> list[Finding]:
    """
    Tell of a column that is missing only since it was not read how it is read.

    Parameters
    ----------
    findings
        Of any kind; others than those of missing columns stay as they are.
    inputs
        The layers, which know the columns of their files that were left out.
    """
    return [unread(finding, _left_out(finding, inputs)) for finding in findings]


def _left_out(finding: Finding, inputs: Inputs) -> list[str]:
    layer = inputs.layers.get(str(finding.values.get("layer")))
    told = [] if layer is None else [found for found in layer.findings if found.key == "columns_left_out"]
    return [name for found in told for name in found.values["names"]]


def rule_findings(spec: StudySpec, inputs: Inputs) -> list[Finding]:
    """Return what is wrong with the constraints."""
    try:
        constraints_of(spec, inputs)
    except StudyError as error:
        return list(error.findings)
    return []


def _own_rule_findings(spec: StudySpec, inputs: Inputs) -> list[Finding]:
    """Return the columns that constraints of the study's own ask for and none of their layers has."""
    known = {rule.id for rule in constraint_rules(spec.rules.constraints)}
    found = []
    for rule in spec.constraints:
        layers = layers_of(rule, inputs) if rule.enabled and rule.id not in known else []
        for column in rule.where:
            if not any(column in {*layer.frame.columns, layer.frame.index.name} for layer in layers):
                missing = [missing_column(column, layer.frame, layer.name) for layer in layers]
                found += [finding.at(place_of(rule, spec)) for finding in missing]
    return found


def criterion_place(criterion: str) -> str:
    """Return where a criterion stands in the study file."""
    return f'[[criteria]] id = "{criterion}"'


def _questions(spec: StudySpec, inputs: Inputs) -> Iterator[tuple[str, str, Where, bool]]:
    """Give for each question its place, the layer, the conditions, and whether some row has to meet them."""
    if spec.area.layer is not None:
        yield "[area]", spec.area.layer, spec.area.where, True
    for number, corridor in enumerate(spec.area.corridors, start=1):
        place = f"[[area.corridors]] {number}"
        yield place, corridor.layer, corridor.where, True
        if corridor.roads is not None:
            yield place, corridor.roads, {}, False
    for number, barrier in enumerate(spec.sites.barriers, start=1):
        yield f"[sites] barriers {number}", barrier.layer, barrier.where, False
    for criterion in spec.criteria:
        if criterion.layer is not None and criterion.where and not missing_columns(criterion, inputs):
            yield criterion_place(criterion.id), criterion.layer, criterion.where, False
    named = [("[area] known_extent", spec.area.known_extent)]
    named += [(f"[layers.{name}] known_extent", layer.known_extent or "bounds") for name, layer in spec.layers.items()]
    for place, extent in named:
        if extent not in {"area", "bounds"}:
            yield place, extent, {}, False


def _unanswered(inputs: Inputs, name: str, where: Where, *, needed: bool) -> list[Finding]:
    if name in inputs.rasters:
        return [Finding("layer_is_raster", {"layer": name})]
    if name not in inputs.layers:
        return []
    try:
        chosen = matches(inputs.layers[name].frame, where, layer=name)
    except LandreadyError as error:
        return list(error.findings)
    return [] if chosen.any() or not needed else [Finding("area_nothing_chosen", {"layer": name})]
