"""Read NGP plan JSON (`application/vnd.lm.detaljplan.v4+json`, Lantmäteriet's Detaljplan 4.1).

Every feature has a null `geometry`; the real ones are lists within `properties`. A damaged feature is told and left
out, the others are read.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from landready.errors import FileError, Finding
from landready.layers.detaljplan.ngp_plan import plan_of
from landready.layers.detaljplan.ngp_provision import NGP_PROVISIONS, provision_of
from landready.layers.detaljplan.problems import BOTH, PLANS, PROVISIONS, Part, Problems
from landready.layers.detaljplan.records import PlanRecord, ProvisionRecord, Records
from landready.layers.detaljplan.shapes import ShapeError, areal, joined
from landready.layers.detaljplan.values import LONGEST, UUID, text_of

_MEDIA_TYPE = "application/vnd.lm.detaljplan.v4+json"
_MOST_BYTES = 300_000_000


def read_ngp(path: Path, problems: Problems, *, label: str) -> Records:
    """
    Read the plans and provisions of one file.

    Parameters
    ----------
    path
        A file with one FeatureCollection, a list of them, or several after each other.
    problems
        Where damaged features are noted.
    label
        What records and problems call the file.

    Raises
    ------
    FileError
        If the file is no whole JSON, or too large.
    """
    plans: list[PlanRecord] = []
    provisions: list[ProvisionRecord] = []
    for collection, position, feature in _features(path, problems, label):
        record = _record(feature, position, collection, problems)
        if isinstance(record, PlanRecord):
            plans.append(record)
        elif record is not None:
            provisions.append(record)
    return Records(tuple(plans), tuple(provisions))


def _features(path: Path, problems: Problems, label: str) -> Iterator[tuple[str, int, Any]]:
    """Return each feature with what its collection is called and its place there."""
    for number, collection in enumerate(_collections(_text(path, problems, label), path), start=1):
        if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
            raise FileError(Finding("plan_no_features", {"file": path.name}))
        media = collection.get("feature:mediatyp")
        if media != _MEDIA_TYPE:
            for part in BOTH:
                problems.add("plan_media_type", part, label, "–" if media is None else media)
        name = label if number == 1 else f"{label}#{number}"
        for position, feature in enumerate(collection["features"]):
            yield name, position, feature


def _text(path: Path, problems: Problems, label: str) -> str:
    if path.stat().st_size > _MOST_BYTES:
        raise FileError(Finding("plan_too_large", {"file": path.name, "megabytes": _MOST_BYTES // 1_000_000}))
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        for part in BOTH:
            problems.add("plan_encoding", part, label)
        return content.decode("cp1252", errors="replace")


def _collections(text: str, path: Path) -> Iterator[Any]:
    """Return the JSON values that stand after each other in a text; those of a list one by one."""
    decoder, position, end = json.JSONDecoder(), 0, len(text.rstrip())
    while position < end:
        if text[position].isspace():
            position += 1
            continue
        try:
            value, position = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:  # ValueError: whole numbers without end
            why = getattr(error, "msg", None) or type(error).__name__
            place = getattr(error, "pos", position)
            raise FileError(
                Finding("plan_json", {"file": path.name, "why": why, "place": place, "size": end})
            ) from error
        yield from value if isinstance(value, list) else [value]


def _record(feature: Any, position: int, file: str, problems: Problems) -> PlanRecord | ProvisionRecord | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    place = f"{file} [{position}]"
    if not isinstance(properties, dict):
        _both(problems, "plan_not_object", place)
        return None
    kind = text_of(properties.get("feature:typ"))
    part: Part = PLANS if kind == "detaljplan" else PROVISIONS
    if part == PROVISIONS and kind not in NGP_PROVISIONS:
        _both(problems, "plan_kind_unknown", place, kind or "–")
        return None
    name = _identity(properties.get("objektidentitet"), part, place, problems)
    if any(isinstance(value, str) and len(value) > LONGEST for value in properties.values()):
        problems.add("plan_text_long", part, name or place)
    shape = None if name is None else _shape(properties, part, name, problems)
    if name is None or shape is None:
        return None
    if (vertical := text_of(properties.get("vertikalAvgransning"))) is not None:
        problems.add("plan_vertical", part, name, vertical)
    read = plan_of if part == PLANS else provision_of
    return read(properties, name, shape, file=file, problems=problems)


def _shape(properties: dict[str, Any], part: Part, name: str, problems: Problems) -> BaseGeometry | None:
    try:
        shape = joined(properties.get("plangeometri" if part == PLANS else "bestammelsegeometri"))
    except ShapeError as error:
        problems.leave_out(error.key, part, name, error.value)
        return None
    if part == PLANS and not areal(shape).area:
        problems.leave_out("plan_geometry_kind", PLANS, name, shape.geom_type)
        return None
    return shape


def _both(problems: Problems, key: str, name: str, value: object = "") -> None:
    """Leave out an object of which nobody can say whether it was a plan or a provision."""
    for part in BOTH:
        problems.leave_out(key, part, name, value)


def _identity(value: object, part: Part, place: str, problems: Problems) -> str | None:
    name = text_of(value)
    if name is None:
        problems.leave_out("plan_no_id", part, place)
        return None
    if not UUID.fullmatch(name):
        problems.add("plan_id_form", part, name)
    return name.lower()
