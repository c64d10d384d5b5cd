"""Names that people read, in Swedish and English."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from landready.spec.base import Model
from landready.texts import Language


class Words(Model):
    """
    A name in Swedish and English.

    Parameters
    ----------
    sv, en
        The two names; English falls back on Swedish.
    """

    sv: str
    en: str = ""

    def in_language(self, language: Language) -> str:
        """Return the name in `language`."""
        return self.en if language == "en" and self.en else self.sv


def _as_words(value: Any) -> Any:
    if isinstance(value, bool | int | float | dt.date | dt.time):  # a number or date without quotes
        raise PydanticCustomError("string_type", "text")
    return {"sv": value} if isinstance(value, str) else value


Name = Annotated[Words, BeforeValidator(_as_words), Field(description="text or { sv, en }")]
