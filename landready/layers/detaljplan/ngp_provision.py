"""One provision of NGP JSON: its plan, its reference to the catalogue, its wording and its values."""

from typing import Any

from shapely.geometry.base import BaseGeometry

from landready.layers.detaljplan.problems import PROVISIONS, Problems
from landready.layers.detaljplan.records import ADMINISTRATIVE, PROPERTY, USE, ProvisionRecord
from landready.layers.detaljplan.values import number_of, text_of, word_of
from landready.layers.detaljplan.wording import filled
from landready.rules.provisions import plan_words

NGP_PROVISIONS = {
    "användningsbestämmelse": USE,
    "egenskapsbestämmelse": PROPERTY,
    "administrativ bestämmelse": ADMINISTRATIVE,
}
"""The format's word for a kind of provision → ours."""

_LIMITS_IN_TIME = ("giltighetstid", "borjarGallaEfter")


def provision_of(
    properties: dict[str, Any], name: str, shape: BaseGeometry, *, file: str, problems: Problems
) -> ProvisionRecord:
    """
    Return a provision; what cannot be understood in it is None, and told.

    Parameters
    ----------
    properties
        Of a feature whose `feature:typ` is a key of `NGP_PROVISIONS`.
    name, shape
        Its id and where it holds.
    file
        What its collection is called.
    problems
        Told of what cannot be understood.
    """
    plan = text_of(properties.get("detaljplan"))
    if plan is None:
        problems.add("plan_provision_no_plan", PROVISIONS, name)
    values, number = _numbers(properties.get("bestammelsevarde"), name, problems)
    wording = text_of(properties.get("bestammelseformulering"))
    limits = [f"{key} {properties[key]}" for key in _LIMITS_IN_TIME if properties.get(key) is not None]
    if limits:
        problems.add("plan_use_limited", PROVISIONS, name, ", ".join(limits))
    return ProvisionRecord(
        provision_id=name,
        plan_id=(plan or "").lower(),
        file=file,
        kind=NGP_PROVISIONS[str(text_of(properties["feature:typ"]))],
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
