"""What every part of a study file is made of: checked as it is built, told in our words, never changed afterwards."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from landready.errors import StudyError
from landready.spec.wording import in_words
from landready.where import Condition

Where = dict[str, Condition]


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
