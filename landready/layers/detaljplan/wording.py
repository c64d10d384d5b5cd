"""The words of a provision with its values in their places."""

import re
from collections.abc import Sequence

_PLACE = re.compile(r"\[[^\[\]:]{1,80}:\s*(?:decimaltal|text|heltal)\]")


def filled(wording: str | None, values: Sequence[str]) -> str | None:
    """
    Return a template of the catalogue with its values filled in, if there are as many places as values.

    Examples
    --------
    >>> filled("Högsta nockhöjd är [höjd:decimaltal] meter", ["12,5"])
    'Högsta nockhöjd är 12,5 meter'
    >>> filled("Minst [a:decimaltal] och högst [b:decimaltal] meter", ["3"])
    'Minst [a:decimaltal] och högst [b:decimaltal] meter'
    """
    if wording is None or len(_PLACE.findall(wording)) != len(values):
        return wording
    left = iter(values)
    return _PLACE.sub(lambda _: next(left), wording)
