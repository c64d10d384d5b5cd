"""Read a study file, and say in words everything that is wrong with it."""

import copy
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from landready.errors import Finding, StudyError, as_path, os_reason
from landready.spec import StudySpec
from landready.spec.lines import line_of
from landready.spec.toml import decoded, read_toml
from landready.spec.wording import in_words

Judge = Callable[[StudySpec], Iterable[Finding]]
Filler = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def load(
    path: str | Path, *, fill: Filler | None = None, also: Judge | None = None, besides: Judge | None = None
) -> StudySpec:
    """Read and check a study file; see `loaded`."""
    return loaded(path, fill=fill, also=also, besides=besides)[0]


def loaded(
    path: str | Path, *, fill: Filler | None = None, also: Judge | None = None, besides: Judge | None = None
) -> tuple[StudySpec, str]:
    """
    Read and check a study file.

    Parameters
    ----------
    path
        A TOML file, UTF-8 with or without byte-order mark, any line ends.
    fill
        Adds to the dict that the file holds what it refers to by name and only the rooms above know.
    also
        Further findings on a study that is well formed: what only the rooms above know, such as roles and measures.
    besides
        Findings that are told besides where something is wrong, on the part of the study that is not: what takes
        long to find, such as what is wrong with its layers.

    Returns
    -------
    StudySpec, str
        And the text of the file, by which `with_lines` finds what stands where.

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
    written = decoded(content, file=path.name)
    toml = read_toml(written, file=path.name)
    if toml.raw is None:
        raise StudyError(*toml.faults)
    try:
        spec = parse(fill(toml.raw) if fill else toml.raw, also=also, besides=besides)
    except StudyError as error:
        raise with_lines(StudyError(*toml.faults, *error.findings), toml.text) from error
    if toml.faults:
        rest = besides(spec) if besides else ()
        raise with_lines(StudyError(*toml.faults, *rest), toml.text)
    return spec, written


def parse(raw: Mapping[str, Any], *, also: Judge | None = None, besides: Judge | None = None) -> StudySpec:
    """
    Check a study given as the dict a TOML file holds.

    Parameters
    ----------
    raw
        The dict.
    also, besides
        As for `load`.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    try:
        spec = StudySpec.model_validate(raw)
    except ValidationError as error:
        found = in_words(error.errors(), raw, StudySpec)
        sound = _sound_part(raw, error.errors())
        if sound is not None:
            left_out = _names(raw) - _names(sound.model_dump())
            found += [finding for finding in _name_findings(sound, also) if not _follows(finding, left_out)]
            found += besides(sound) if besides else ()
        raise StudyError(*_once(found)) from error
    findings = _name_findings(spec, also)
    if findings:
        raise StudyError(*_once([*findings, *(besides(spec) if besides else ())]))
    return spec


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that say the same as one before."""
    return list({finding.text(): finding for finding in findings}.values())


def with_lines(error: StudyError, written: str) -> StudyError:
    """
    Return an error whose findings tell the line of the study file on which what they are about stands.

    Parameters
    ----------
    error
        The error.
    written
        The text of the study file, which has to be TOML.
    """
    return StudyError(*(_with_line(finding, written) for finding in error.findings))


def _with_line(finding: Finding, written: str) -> Finding:
    """Return a finding with the line of the place that it names; others as they are."""
    values = finding.values
    where, name = values.get("where"), values.get("name", "")
    if not finding.key.startswith("study_") or not isinstance(where, str):
        where, name = _way_to(finding.place), values.get("column") or values.get("path") or ""
    if finding.line is not None or where is None:
        return finding
    return replace(finding, line=line_of(written, where, name=str(name)))


_PLACE = re.compile(r'\[+([^\]]+)\]+(?: id = "(?P<id>[^"]+)"| (?P<key>[a-z_]+))?(?: (?P<number>\d+))?')


def _way_to(place: str) -> str | None:
    """
    Return the way to a place that is told as it is written: the first, where there are several.

    Examples
    --------
    >>> [_way_to(place) for place in ("[layers.väg]", '[[criteria]] id = "a_m"', "[sites] barriers 2")]
    ['layers.väg', 'criteria.a_m', 'sites.barriers.1']
    """
    found = _PLACE.match(place)
    if found is None:
        return None
    number = str(int(found["number"]) - 1) if found["number"] else None  # people count from 1
    return ".".join(filter(None, (found[1], found["id"], found["key"], number)))


def _name_findings(spec: StudySpec, also: Judge | None) -> list[Finding]:
    return [*spec.findings(), *(also(spec) if also else ())]


def _follows(finding: Finding, left_out: Collection[str]) -> bool:
    """Tell whether a finding only says that a name is not there, or no parcels, which was left out as ill formed."""
    return str(finding.values.get("name")) in left_out or (bool(left_out) and finding.key == "study_no_parcels")


def _sound_part(raw: Mapping[str, Any], details: list[ErrorDetails]) -> StudySpec | None:
    """Return a study without what is ill formed in it, so that the rest can be judged too; None if nothing holds."""
    rest: Any = raw
    for _ in range(_MOST_ROUNDS):
        rest = _without(rest, details)
        if rest is None:
            return None
        try:
            return StudySpec.model_validate(rest)
        except ValidationError as error:
            details = error.errors()
    return None


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
    rows = criteria if isinstance(criteria, list | tuple) else []
    return named | {str(row["id"]) for row in rows if isinstance(row, Mapping) and "id" in row}


# Leaving a value out may leave its table without one that it needs, and so on outwards: four levels are the deepest.
_MOST_ROUNDS = 5
_LEFT_OUT = object()
