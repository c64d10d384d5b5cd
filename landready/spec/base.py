"""What every part of a study file is made of: checked as it is built, told in our words, never changed afterwards."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from landready.errors import StudyError
from landready.spec.wording import in_words
from landready.where import Condition

_DECIMAL_COMMA = re.compile(r"\s*(?P<sign>>=|<=|!=|==|=|>|<)?\s*(?P<whole>[+-]?\d+),(?P<part>\d+)\s*")


def refuse_decimal_comma(condition: Condition, *, of_requirement: bool = False) -> None:
    """
    Refuse a number with a decimal comma that a condition compares with: it would be taken for text.

    Parameters
    ----------
    condition
        The condition.
    of_requirement
        Whether it has to be a number: then one without a sign for more or less is refused too. Of the columns of
        layers, some hold text such as "0,5".
    """
    found = _DECIMAL_COMMA.fullmatch(condition) if isinstance(condition, str) else None
    if found and (of_requirement or (found["sign"] or "=")[0] in "<>"):
        meant = " ".join(filter(None, (found["sign"], f"{found['whole']}.{found['part']}")))
        kind: Literal["requirement_comma", "condition_comma"]
        kind = "requirement_comma" if of_requirement else "condition_comma"
        raise PydanticCustomError(kind, "decimal comma", {"value": condition, "meant": meant})


def _without_decimal_comma(condition: Condition) -> Condition:
    refuse_decimal_comma(condition)
    return condition


Where = dict[str, Annotated[Condition, AfterValidator(_without_decimal_comma)]]


class Model(BaseModel):
    """
    A part of a study file, which an analyst may also build by hand.

    Raises
    ------
    StudyError
        With everything that is wrong with it, when it is built by hand.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def __init__(self, /, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            name = type(self).__name__
            raise StudyError(*in_words(error.errors(), values, type(self), within=name)) from None

    # Says that building works as in BaseModel. Without it pydantic would call `__init__` for every part inside another
    # and fold all that is wrong with the part into one error, for want of its places.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]
