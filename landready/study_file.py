"""Read a study file, and say in words everything that is wrong with it."""

import copy
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from landready.errors import Finding, StudyError, as_path, os_reason
from landready.spec import StudySpec
from landready.spec.toml import parse_toml
from landready.spec.wording import in_words

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
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = "folder" if path.is_dir() else os_reason(error)  # Windows calls a folder forbidden
        raise StudyError(Finding(f"study_file_{reason}", {"path": path.name, "why": error.strerror})) from error
    raw = parse_toml(content, file=path.name)
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
        found = in_words(error.errors(), raw, StudySpec)
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
