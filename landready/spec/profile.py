"""What a kind of business asks of a site."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from landready.spec.base import Model, refuse_decimal_comma
from landready.spec.criterion import ValueFunction, beyond_unit
from landready.spec.words import Name
from landready.texts import Language
from landready.where import Condition, parse


def _compared_with_numbers(condition: Condition) -> Condition:
    refuse_decimal_comma(condition, of_requirement=True)
    if not _compares_numbers(condition):
        raise PydanticCustomError("requirement_number", "not a number", {"value": condition})
    return condition


Requirements = dict[str, Annotated[Condition, AfterValidator(_compared_with_numbers)]]


class Profile(Model):
    """
    A kind of business: requirements, weights, and value functions of its own.

    Parameters
    ----------
    id
        Key; the names of the written tables hold it.
    name
        What people read.
    weights
        Criterion id → points; any positive numbers.
    requirements
        Criterion id → condition such as `">= 2"`; a site that fails one, or where it is unknown, is not ranked.
    values
        Criterion id → value function that replaces the criterion's own.
    min_coverage
        Share of the weight that must rest on values that are not unknown (≥) for a site to be ranked.

    Raises
    ------
    StudyError
        With everything that is wrong with it.
    """

    id: str
    name: Name
    weights: Annotated[dict[str, float], Field(min_length=1)]
    requirements: Requirements = Field(default_factory=dict)
    values: dict[str, ValueFunction] = Field(default_factory=dict)
    min_coverage: Annotated[float, Field(ge=0, le=1)] = 0.5

    @field_validator("weights")
    @classmethod
    def _weights_positive(cls, weights: dict[str, float]) -> dict[str, float]:
        bad = [key for key, value in weights.items() if not (math.isfinite(value) and value > 0)]
        if bad:
            raise PydanticCustomError("weights_positive", "not positive", {"ids": ", ".join(bad)})
        return weights

    @field_validator("requirements")
    @classmethod
    def _requirements_fit_units(cls, requirements: Requirements) -> Requirements:
        _require_shares({key: max(_numbers(condition)) for key, condition in requirements.items()})
        return requirements

    @field_validator("values")
    @classmethod
    def _values_fit_units(cls, values: dict[str, ValueFunction]) -> dict[str, ValueFunction]:
        _require_shares({key: value.points[-1][0] for key, value in values.items()})
        return values

    def label(self, language: Language = "sv") -> str:
        """Return the name people read."""
        return self.name.in_language(language)


def _require_shares(largest: Mapping[str, float]) -> None:
    """Refuse a share above 1: percent were meant, and every site would be far below them."""
    for criterion, value in largest.items():
        if beyond_unit(criterion, value):
            raise PydanticCustomError("share_above_one", "share above 1", {"id": criterion, "largest": f"{value:g}"})


def _numbers(condition: Condition) -> list[Any]:
    _, wanted = parse(condition)
    return wanted if isinstance(wanted, list) else [wanted]


def _compares_numbers(condition: Condition) -> bool:
    values = _numbers(condition)
    return bool(values) and all(isinstance(value, float | int) and math.isfinite(value) for value in values)
