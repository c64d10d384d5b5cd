"""Read a study file, and say in words everything that is wrong with it."""

import copy
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from landready.errors import Finding, StudyError, as_path
from landready.spec import (
    AreaSpec,
    Barrier,
    ConstraintRule,
    Corridor,
    Criterion,
    Head,
    LayerSpec,
    MapSpec,
    Profile,
    RulesSpec,
    SitesSpec,
    StudySpec,
    ValueFunction,
    Words,
    nearest_name,
)

Judge = Callable[[StudySpec], Iterable[Finding]]


def load(path: str | Path, *, also: Judge | None = None) -> StudySpec:
    """
    Read and check a study file.

    Parameters
    ----------
    path
        A TOML file, UTF-8 with or without byte-order mark, any line ends.
    also
        Further findings on a study that is well formed: what only the rooms above know, such as roles and measures.

    Returns
    -------
    StudySpec

    Raises
    ------
    StudyError
        With everything that is wrong with the file.
    """
    path = as_path(path)
    content = ""
    try:
        content = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(content)
    except OSError as error:
        raise StudyError(Finding("file_missing", {"path": path.name, "why": error.strerror})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = [Finding("study_not_toml", {"path": path.name, "why": error})]
        if re.search(r'=\s*"[^"\n]*\\', content):  # a Windows path between double quotes
            found.append(Finding("study_backslash", {"path": path.name}))
        raise StudyError(*found) from error
    return parse(raw, also=also)


def parse(raw: Mapping[str, Any], *, also: Judge | None = None) -> StudySpec:
    """
    Check a study given as the dict a TOML file holds.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    try:
        spec = StudySpec.model_validate(raw)
    except ValidationError as error:
        found = _all_in_words(error.errors(), raw)
        raise StudyError(*found, *_name_findings_of_sound_part(raw, error.errors(), also)) from error
    findings = _name_findings(spec, also)
    if findings:
        raise StudyError(*findings)
    return spec


def _name_findings(spec: StudySpec, also: Judge | None) -> list[Finding]:
    return [*spec.findings(), *(also(spec) if also else ())]


def _name_findings_of_sound_part(
    raw: Mapping[str, Any], details: list[ErrorDetails], also: Judge | None
) -> list[Finding]:
    """
    Return what is wrong with the names in a study that is ill formed, so that it can be mended in one go.

    What is ill formed is left out, until the rest holds; a name that was left out with it is not called unknown.
    """
    rest: Any = raw
    for _ in range(_MOST_ROUNDS):
        rest = _without(rest, details)
        if rest is None:
            return []
        try:
            spec = StudySpec.model_validate(rest)
        except ValidationError as error:
            details = error.errors()
            continue
        left_out = _names(raw) - _names(rest)
        found = _name_findings(spec, also)
        return [
            finding
            for finding in found
            if str(finding.values.get("name")) not in left_out and not (left_out and finding.key == "study_no_parcels")
        ]
    return []


def _without(raw: Mapping[str, Any], details: Iterable[ErrorDetails]) -> Any:
    """Return the study without what the errors are about; None where they are about the whole of it."""
    rest = copy.deepcopy(dict(raw))
    for detail in details:
        place: Any = rest
        path: list[tuple[Any, Any]] = []
        for part in detail["loc"]:
            inside = isinstance(place, dict | list)
            there = inside and (
                part in place if isinstance(place, dict) else isinstance(part, int) and part < len(place)
            )
            if not there:
                break
            path.append((place, part))
            place = place[part]
        if not path:
            return None
        holder, last = path[-1]
        holder[last] = _LEFT_OUT
    return _swept(rest)


def _swept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _swept(item) for key, item in value.items() if item is not _LEFT_OUT}
    if isinstance(value, list):
        return [_swept(item) for item in value if item is not _LEFT_OUT]
    return value


def _names(raw: Mapping[str, Any]) -> set[str]:
    """Return the names that other parts of a study refer to: of layers and of criteria."""
    layers, criteria = raw.get("layers"), raw.get("criteria")
    named = set(layers) if isinstance(layers, Mapping) else set()
    rows = criteria if isinstance(criteria, list) else []
    return named | {str(row["id"]) for row in rows if isinstance(row, Mapping) and "id" in row}


# Leaving a value out may leave its table without one that it needs, and so on outwards: four levels are the deepest.
_MOST_ROUNDS = 5
_LEFT_OUT = object()


_PLACES: dict[str, type[BaseModel]] = {
    "": StudySpec,
    "study": Head,
    "area": AreaSpec,
    "area.corridors": Corridor,
    "layers": LayerSpec,
    "rules": RulesSpec,
    "constraints": ConstraintRule,
    "sites": SitesSpec,
    "sites.barriers": Barrier,
    "criteria": Criterion,
    "criteria.value": ValueFunction,
    "profiles": Profile,
    "profiles.values": ValueFunction,
    "map": MapSpec,
}


def _all_in_words(details: Iterable[ErrorDetails], raw: Mapping[str, Any]) -> list[Finding]:
    """Turn pydantic's errors into findings in our words; the branches of one union are told once."""
    found = [_in_words(detail, raw) for detail in details]
    return list({(finding.key, finding.values["where"]): finding for finding in found}.values())


def _in_words(detail: ErrorDetails, raw: Mapping[str, Any]) -> Finding:
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    for table in {"where", "requirements"} & set(location):
        if len(location) > location.index(table) + 2:  # what follows names the branches a condition may take
            location, kind = location[: location.index(table) + 2], "condition"
    key = kind if kind in _OWN_KINDS else _KINDS.get(kind, "invalid")
    values: dict[str, Any] = {"where": _place(location, raw)}
    if key in _OWN_KINDS:
        values |= context
    elif key == "unknown_key":
        values["nearest"], values["keys"] = _nearest_key(location)
    elif key not in {"missing_key", "table", "list", "empty", "condition"}:
        values["value"] = detail.get("input")
    if key == "choice":
        values["choices"] = context["expected"].replace(" or ", ", ")
    elif key == "limit":
        values["limit"] = f"{_LIMITS[kind]} {next(iter(context.values())):g}"
    elif key == "invalid":
        values["why"] = detail["msg"]
    return Finding(f"study_{key}", values)


def _place(location: tuple[int | str, ...], raw: Any) -> str:
    """Return where in the file a problem is; items of a list go by their id, where they have one."""
    parts: list[str] = []
    here = raw
    for part in location:
        try:
            here = here[part]
        except (LookupError, TypeError):
            here = None
        named = isinstance(part, int) and isinstance(here, Mapping) and isinstance(here.get("id"), str)
        parts.append(str(here["id"]) if named and here is not None else str(part))
    return ".".join(parts)


_OWN_KINDS = {
    "value_points_order",
    "value_points_range",
    "criterion_unit",
    "weights_positive",
    "requirement_number",
    "path_escape",
    "corridor_limit",
    "corridor_roads",
    "area_empty",
    "sites_order",
}

_LIMITS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}

_KINDS = dict.fromkeys(_LIMITS, "limit") | {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "choice",
    "condition": "condition",
    "float_parsing": "number",
    "float_type": "number",
    "finite_number": "number",
    "string_type": "text",
    "bool_parsing": "bool",
    "bool_type": "bool",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "date_parsing": "date",
    "date_type": "date",
    "dict_type": "table",
    "model_type": "table",
    "tuple_type": "list",
    "too_short": "empty",
    "string_pattern_mismatch": "id",
}


def _nearest_key(location: tuple[int | str, ...]) -> tuple[str, str]:
    """Return the key that was perhaps meant, and all keys that could stand there."""
    names = [part for part in location[:-1] if isinstance(part, str)]
    if names[:1] == ["layers"]:
        names = names[:1]
    if names[:1] == ["profiles"] and "values" in names:
        names = ["profiles", "values"]
    model = _PLACES.get(".".join(names), Words)
    return nearest_name(str(location[-1]), model.model_fields), ", ".join(model.model_fields)
