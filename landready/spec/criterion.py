"""What is measured about a site, in which unit, and which values of it are good."""

import itertools
import math
import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from landready.spec.base import Model, Where
from landready.spec.words import Name
from landready.texts import Language

UNITS = ("m", "km", "ha", "pct", "share", "min", "months", "year", "count", "kv", "mw", "jobs", "kmh")


def beyond_unit(criterion: str, value: float) -> bool:
    """
    Tell whether a number cannot be meant in the unit that a criterion's id ends in: a share is at most 1.

    Examples
    --------
    >>> beyond_unit("flood_share", 30), beyond_unit("flood_share", 0.3), beyond_unit("flood_pct", 30)
    (True, False, False)
    """
    return criterion.endswith("_share") and value > 1


class ValueFunction(Model):
    """
    Turns a measured value into a utility between 0 and 1.

    Parameters
    ----------
    kind
        `piecewise`: straight lines between the points, level outside them. `step`: the utility of the last point
        whose x is less than or equal to the value (≥); below the first point, the first.
    points
        Pairs [x, utility], x strictly rising.

    Raises
    ------
    StudyError
        With everything that is wrong with it.

    Examples
    --------
    >>> ValueFunction(kind="piecewise", points=[(0, 1.0), (30, 0.0)]).kind
    'piecewise'
    """

    kind: Literal["piecewise", "step"] = "piecewise"
    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=1)]

    @field_validator("points")
    @classmethod
    def _points_rise(cls, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        xs = [x for x, _ in points]
        if not all(map(math.isfinite, xs)) or any(b <= a for a, b in itertools.pairwise(xs)):
            raise PydanticCustomError("value_points_order", "x must rise")
        if not all(0 <= u <= 1 for _, u in points):
            raise PydanticCustomError("value_points_range", "utilities lie between 0 and 1")
        return points


class Criterion(Model):
    """
    A measured quantity with a unit, and the value function that turns it into 0–1.

    Parameters
    ----------
    id
        Name of the column in every table; ends in its unit (`station_min`, `flood_share`).
    measure
        A key of `landready.criteria.MEASURES`.
    layer
        The layer it is measured to; None for measures of the site itself.
    where
        Conditions on the layer's columns.
    params
        Further arguments of the measure, such as `{ roads = "roads", mode = "walk" }`.
    value
        The value function.
    name
        What people read; the id where there is none.
    source
        Where the value function comes from, or `"assumption"`.
    optional
        Whether a column that `where` asks for may be missing: then the criterion is unknown, and a finding says so,
        where it else is an error. Criteria that come with landready are.

    Raises
    ------
    StudyError
        With everything that is wrong with it.
    """

    id: str
    measure: str
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)
    value: ValueFunction
    name: Name | None = None
    source: str = "assumption"
    optional: bool = False

    @field_validator("id")
    @classmethod
    def _ends_in_unit(cls, value: str) -> str:
        if not re.fullmatch(rf"[a-z][a-z0-9_]*_({'|'.join(UNITS)})", value):
            raise PydanticCustomError("criterion_unit", "no unit", {"units": ", ".join(f"_{u}" for u in UNITS)})
        return value

    @model_validator(mode="after")
    def _value_fits_unit(self) -> "Criterion":
        largest = self.value.points[-1][0]
        if beyond_unit(self.id, largest):
            raise PydanticCustomError("share_above_one", "share above 1", {"id": self.id, "largest": f"{largest:g}"})
        return self

    @property
    def unit(self) -> str:
        """The unit: what stands after the last underscore of the id."""
        return self.id.rsplit("_", 1)[1]

    def label(self, language: Language = "sv") -> str:
        """Return the name people read, or the id where there is none."""
        return self.name.in_language(language) if self.name else self.id
