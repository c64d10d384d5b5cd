"""One plan of NGP JSON: its words, dates and decisions."""

import datetime as dt
from typing import Any

from shapely.geometry.base import BaseGeometry

from landready.layers.detaljplan.months import months_of
from landready.layers.detaljplan.problems import PLANS, Problems
from landready.layers.detaljplan.records import PlanRecord
from landready.layers.detaljplan.values import date_of, text_of, word_of
from landready.rules.provisions import plan_words

_NEW, _CHANGE = "antagande av ny detaljplan", "antagande om ändring"


def plan_of(properties: dict[str, Any], name: str, shape: BaseGeometry, *, file: str, problems: Problems) -> PlanRecord:
    """
    Return a plan; what cannot be understood in it is None, and told.

    Parameters
    ----------
    properties
        Of a feature whose `feature:typ` is `detaljplan`.
    name, shape
        Its id and its area.
    file
        What its collection is called.
    problems
        Told of what cannot be understood.
    """
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
    months = {
        _plain(decision["genomforandetid"]) for decision in decisions if decision.get("genomforandetid") is not None
    }
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
        vertical=text_of(properties.get("vertikalAvgransning")),
        amends=amends,
        version=_version(properties.get("objektversion"), name, problems),
        valid_from=text_of(properties.get("versionGiltigFran")) or "",
        valid_to=text_of(properties.get("versionGiltigTill")) or "",
    )


def _decisions(value: Any, name: str, problems: Problems) -> tuple[list[dict[str, Any]], bool, bool]:
    """Return the decisions that made the plan what it is, whether they only amend another, and only revoke."""
    given = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    if not given:
        problems.add("plan_no_decision", PLANS, name)
        return [], False, False
    made = [item for item in given if text_of(item.get("beslutstyp")) in {None, _NEW}]
    changes = [item for item in given if text_of(item.get("beslutstyp")) == _CHANGE]
    return made or changes or given, not made and bool(changes), not made and not changes


def _days(decisions: list[dict[str, Any]], key: str, name: str, problems: Problems) -> list[dt.date]:
    days = (_date(decision.get(key), name, problems) for decision in decisions)
    return [day for day in days if day is not None]


def _dates(value: Any, name: str, problems: Problems) -> list[dt.date]:
    """Return the days of `datumLagakraft`, which is a list; a single day is read and told."""
    if value is None:
        return []
    if not isinstance(value, list):
        problems.add("plan_date_form", PLANS, name, value)
        value = [value]
    return [day for day in (_date(item, name, problems) for item in value) if day is not None]


def _date(value: Any, name: str, problems: Problems) -> dt.date | None:
    if value is None:
        return None
    day = date_of(value)
    if day is None or not 1800 <= day.year <= 2200:
        problems.add("plan_date_form", PLANS, name, value)
        return None
    return day


def _plain(value: Any) -> int | float | str:
    """Return a value that may stand in a set; what is no plain value goes by its words."""
    return value if isinstance(value, int | float | str) else str(value)


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
