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
from landready.layers.detaljplan.months import months_of
from landready.layers.detaljplan.problems import BOTH, PLANS, PROVISIONS, Part, Problems
from landready.layers.detaljplan.records import ADMINISTRATIVE, PROPERTY, USE, PlanRecord, ProvisionRecord, Records
from landready.layers.detaljplan.shapes import ShapeError, areal, joined
from landready.layers.detaljplan.values import LONGEST, UUID, date_of, number_of, text_of, word_of
from landready.layers.detaljplan.wording import filled
from landready.rules.provisions import plan_words

_MEDIA_TYPE = "application/vnd.lm.detaljplan.v4+json"
_MOST_BYTES = 300_000_000
_PROVISIONS = {
    "användningsbestämmelse": USE,
    "egenskapsbestämmelse": PROPERTY,
    "administrativ bestämmelse": ADMINISTRATIVE,
}
_LIMITS_IN_TIME = ("giltighetstid", "borjarGallaEfter")
_NEW, _CHANGE = "antagande av ny detaljplan", "antagande om ändring"


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
    if part == PROVISIONS and kind not in _PROVISIONS:
        _both(problems, "plan_kind_unknown", place, kind or "–")
        return None
    name = _identity(properties.get("objektidentitet"), part, place, problems)
    if any(isinstance(value, str) and len(value) > LONGEST for value in properties.values()):
        problems.add("plan_text_long", part, name or place)
    shape = None if name is None else _shape(properties, part, name, problems)
    if name is None or shape is None:
        return None
    read = _plan if part == PLANS else _provision
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


def _plan(properties: dict[str, Any], name: str, shape: BaseGeometry, *, file: str, problems: Problems) -> PlanRecord:
    words = plan_words()
    status = word_of(properties.get("status"), words["status"])
    if status is None:
        problems.add("plan_status_unknown", PLANS, name, properties.get("status") or "–")
    kind = word_of(properties.get("typ"), {value: value for value in words["plan_types"]["values"]})
    if kind is None:
        problems.add("plan_type_unknown", PLANS, name, properties.get("typ") or "–")
    decisions, amends, revokes = _decisions(properties.get("beslutsinformation"), name, problems)
    if revokes and status not in {"upphavd", "avslutad"}:
        problems.add("plan_revokes", PLANS, name)
        status = None
    in_force = [day for decision in decisions for day in _dates(decision.get("datumLagakraft"), name, problems)]
    months = {decision["genomforandetid"] for decision in decisions if _hashable(decision.get("genomforandetid"))}
    starts = _days(decisions, "genomforandetidStartar", name, problems)
    quality = properties.get("kvalitetsbeskrivning")
    stated = {
        "name": text_of(properties.get("namn")),
        "designation": text_of(properties.get("beteckning")),
        "municipality": text_of(properties.get("kommun")),
        "plan_type": kind,
        "status": status,
        "status_date": _date(properties.get("datumStatusforandring"), name, problems),
        "started_date": min(_days(decisions, "datumPaborjat", name, problems), default=None),
        "adopted_date": max(_days(decisions, "datumAntagande", name, problems), default=None),
        "complete": _complete(quality),
    }
    return PlanRecord(
        plan_id=name,
        file=file,
        geometry=shape,
        stated=stated,
        implementation_months=months_of(months, name, problems),
        implementation_starts=max(starts, default=None),
        in_force_dates=tuple(sorted(set(in_force))),
        vertical=_vertical(properties, PLANS, name, problems),
        amends=amends,
        version=_version(properties.get("objektversion"), name, problems),
        valid_from=text_of(properties.get("versionGiltigFran")) or "",
        valid_to=text_of(properties.get("versionGiltigTill")) or "",
    )


def _vertical(properties: dict[str, Any], part: Part, name: str, problems: Problems) -> str | None:
    said = text_of(properties.get("vertikalAvgransning"))
    if said is not None:
        problems.add("plan_vertical", part, name, said)
    return said


def _decisions(value: Any, name: str, problems: Problems) -> tuple[list[dict[str, Any]], bool, bool]:
    """Return the decisions that made the plan what it is, whether they only amend another, and only revoke."""
    given = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    if not given:
        problems.add("plan_no_decision", PLANS, name)
        return [], False, False
    made = [item for item in given if text_of(item.get("beslutstyp")) in {None, _NEW}]
    changes = [item for item in given if text_of(item.get("beslutstyp")) == _CHANGE]
    return made or changes or given, not made and bool(changes), not made and not changes


def _days(decisions: list[dict[str, Any]], key: str, name: str, problems: Problems) -> list[Any]:
    days = (_date(decision.get(key), name, problems) for decision in decisions)
    return [day for day in days if day is not None]


def _dates(value: Any, name: str, problems: Problems) -> list[Any]:
    """Return the days of `datumLagakraft`, which is a list; a single day is read and told."""
    if value is None:
        return []
    if not isinstance(value, list):
        problems.add("plan_date_form", PLANS, name, value)
        value = [value]
    return [day for day in (_date(item, name, problems) for item in value) if day is not None]


def _date(value: Any, name: str, problems: Problems) -> Any:
    if value is None:
        return None
    day = date_of(value)
    if day is None or not 1800 <= day.year <= 2200:
        problems.add("plan_date_form", PLANS, name, value)
        return None
    return day


def _hashable(value: Any) -> bool:
    return isinstance(value, int | float | str)


def _complete(quality: Any) -> bool | None:
    """Tell whether all of the plan is in the file (`digitaliseringsniva`)."""
    said = text_of(quality.get("digitaliseringsniva")) if isinstance(quality, dict) else None
    return {"komplett": True, "ej komplett": False}.get(said or "")


def _version(value: Any, name: str, problems: Problems) -> int:
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        return value
    problems.add("plan_version_form", PLANS, name, value)
    return 0


def _provision(
    properties: dict[str, Any], name: str, shape: BaseGeometry, *, file: str, problems: Problems
) -> ProvisionRecord:
    plan = text_of(properties.get("detaljplan"))
    if plan is None:
        problems.add("plan_provision_no_plan", PROVISIONS, name)
    values, number = _numbers(properties.get("bestammelsevarde"), name, problems)
    wording = text_of(properties.get("bestammelseformulering"))
    _vertical(properties, PROVISIONS, name, problems)
    limits = [f"{key} {properties[key]}" for key in _LIMITS_IN_TIME if properties.get(key) is not None]
    if limits:
        problems.add("plan_use_limited", PROVISIONS, name, ", ".join(limits))
    return ProvisionRecord(
        provision_id=name,
        plan_id=(plan or "").lower(),
        file=file,
        kind=_PROVISIONS[str(text_of(properties["feature:typ"]))],
        geometry=shape,
        catalogue_id=text_of(properties.get("planbestammelsekatalogreferens")),
        stated={"wording": filled(wording, [value["shown"] for value in values]), **number},
    )


def _numbers(given: Any, name: str, problems: Problems) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return all values for the wording, and the one number where there is exactly one."""
    items = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    if given is not None and (not isinstance(given, list) or len(items) < len(given)):
        problems.add("plan_value_form", PROVISIONS, name, given)
    values = [_value(item, name, problems) for item in items]
    numbers = [value for value in values if value["value"] is not None]
    if len(numbers) > 1:
        problems.add("plan_values_several", PROVISIONS, name, ", ".join(value["shown"] for value in numbers))
    keys = ("value", "unit", "value_type")
    return values, {key: numbers[0][key] if len(numbers) == 1 else None for key in keys}


def _value(item: dict[str, Any], name: str, problems: Problems) -> dict[str, Any]:
    words = plan_words()
    said = item.get("variabelvarde")
    number = None
    if text_of(item.get("datatyp")) != "text":
        number = number_of(said)
        if number is None:
            problems.add("plan_value_form", PROVISIONS, name, "–" if said is None else said)
    unit = word_of(item.get("enhet"), {value.casefold(): value for value in words["units"]["values"]})
    if unit is None and item.get("enhet") is not None:
        problems.add("plan_unit_unknown", PROVISIONS, name, item["enhet"])
    value_type = word_of(item.get("vardetyp"), {value: value for value in words["value_types"]["values"]})
    if value_type is None and item.get("vardetyp") is not None:
        problems.add("plan_value_type_unknown", PROVISIONS, name, item["vardetyp"])
    return {"shown": text_of(str(said)) or "", "value": number, "unit": unit, "value_type": value_type}
