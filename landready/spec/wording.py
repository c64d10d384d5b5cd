"""What pydantic has against a study file, or against a part of one that is built by hand, as findings in our words."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from landready.errors import Finding
from landready.likeness import nearest_name

Location = tuple[int | str, ...]


def in_words(
    details: Iterable[ErrorDetails], raw: Mapping[str, Any], model: type[BaseModel], *, within: str = ""
) -> list[Finding]:
    """
    Turn pydantic's errors into findings in our words; the branches of one union are told once.

    Parameters
    ----------
    details
        The errors.
    raw
        What was given.
    model
        What it was to become.
    within
        What the places in the findings start with, if with anything.
    """
    found = [_in_words(detail, raw, model, within) for detail in details]
    return list({(finding.key, finding.values["where"]): finding for finding in found}.values())


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field holds, directly or in a list or table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := inner_model(part))), None)


def _in_words(detail: ErrorDetails, raw: Mapping[str, Any], model: type[BaseModel], within: str) -> Finding:
    context = detail.get("ctx", {})
    location, kind = _told(detail["loc"], detail["type"])
    key = kind if kind in _OWN_KINDS else _KINDS.get(kind, "invalid")
    places = _places(location, raw)
    values: dict[str, Any] = {"where": ".".join(filter(None, [within, *places]))}
    if key == "point":
        values |= _point(int(location[-1]) + 1, [within, *places[:-2]], detail["input"])
    elif key in _OWN_KINDS:
        values |= context | {"name": places[-1] if places else within}
    elif key == "unknown_key":
        keys = _model_at(location, model).model_fields
        values["nearest"], values["keys"] = nearest_name(str(location[-1]), keys), ", ".join(keys)
    elif key not in {"missing_key", "table", "list", "empty", "too_long", "condition"}:
        values["value"] = detail.get("input")
    if key == "choice":
        values["choices"] = context["expected"].replace(" or ", ", ")
    elif key == "limit":
        values["limit"] = f"{_LIMITS[kind]} {next(iter(context.values())):g}"
    elif key == "invalid":
        values["why"] = detail["msg"]
    return Finding(f"study_{key}", values)


def _told(location: Location, kind: str) -> tuple[Location, str]:
    """Return place and kind of an error as they are told: of a whole condition or point, not of a part within."""
    for table in {"where", "requirements"} & set(location):
        if len(location) > location.index(table) + 2:  # what follows names the branches a condition may take
            return location[: location.index(table) + 2], "condition"
    if "points" in location[:-1] and kind in _WRONG_POINTS:
        return location[: location.index("points") + 2], "point"
    return location, kind


def _point(number: int, places: list[str], point: Any) -> dict[str, Any]:
    """Return which point of which value function is no pair of numbers, how it is written, and how it was meant."""
    named = [place for place in places if place != "value"]
    return {"criterion": named[-1], "number": number, "point": point, "meant": _meant(point)}


def _meant(point: Any) -> str:
    """Return a point with three or four whole numbers as two with decimals; an example where nothing is plain."""
    whole = isinstance(point, list | tuple) and all(isinstance(part, int) for part in point)
    if whole and len(point) == 3:
        return f"[{point[0]}, {point[1]}.{point[2]}]"
    return f"[{point[0]}.{point[1]}, {point[2]}.{point[3]}]" if whole and len(point) == 4 else "[300, 0.5]"


def _places(location: Location, raw: Any) -> list[str]:
    """Return the way to where a problem is; items of a list go by their id, where they have one."""
    places: list[str] = []
    here = raw
    for part in location:
        try:
            here = here[part]
        except (LookupError, TypeError):
            here = None
        named = isinstance(part, int) and isinstance(here, Mapping) and isinstance(here.get("id"), str)
        places.append(str(here["id"]) if named and here is not None else str(part))
    return places


def _model_at(location: Location, model: type[BaseModel]) -> type[BaseModel]:
    """Return the model whose key the last part of the location is; names and positions on the way lead nowhere."""
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        model = (inner_model(field.annotation) if field else None) or model
    return model


_OWN_KINDS = {
    "value_points_order",
    "value_points_range",
    "criterion_unit",
    "share_above_one",
    "weights_positive",
    "requirement_number",
    "requirement_comma",
    "condition_comma",
    "path_escape",
    "owners_which",
    "corridor_limit",
    "corridor_roads",
    "area_empty",
    "sites_order",
}

# What pydantic says of a point that is not two numbers.
_WRONG_POINTS = {"too_long", "too_short", "missing", "tuple_type"}

_LIMITS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}

_KINDS = dict.fromkeys(_LIMITS, "limit") | {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "choice",
    "condition": "condition",
    "point": "point",
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
    "too_long": "too_long",
    "string_pattern_mismatch": "id",
}
