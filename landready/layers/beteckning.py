"""Fastighetsbeteckningar: what a property is called, taken apart, written one way, and compared.

`LERUM EXEMPELBY 1:12>2` names the municipality (often left out), the tract or quarter, the block, the unit, and one
of the areas that the property lies in. Two writings of one name are compared by `key_of`.
"""

import functools
import re
import tomllib
from dataclasses import dataclass, replace
from importlib import resources

_FORM = re.compile(r"(?P<name>\S.*?)\s+(?:(?P<block>[^\W_]+|\*)\s*:\s*)?(?P<unit>[0-9]+)\s*(?:>\s*(?P<area>[0-9]+))?")
_QUARTER = re.compile(r"(?:KVARTERET|KV\.?)\s+(?=\S)")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_NO_BLOCK = "*"
_SHARED = frozenset({"S", "FS"})
_FACILITY = "GA"

Key = tuple[str, str]


@dataclass(frozen=True)
class Beteckning:
    """
    A designation, part by part, in capitals.

    Parameters
    ----------
    tract
        Trakt, or kvarter in towns (`EXEMPELBY`, `UGGLAN`).
    unit
        Number of the unit.
    block
        Block of units, or what the unit is: `S` and `FS` samfälligheter, `GA` a gemensamhetsanläggning. None where
        there are no blocks.
    municipality
        None where it is not said.
    area
        Number of one of its areas (områdesnummer); None for the whole of it.

    Examples
    --------
    >>> str(Beteckning("EXEMPELBY", 3, block="S", municipality="LERUM", area=2))
    'Lerum Exempelby S:3>2'
    """

    tract: str
    unit: int
    block: str | None = None
    municipality: str | None = None
    area: int | None = None

    @property
    def is_shared(self) -> bool:
        """Whether it is a samfällighet: land that several properties own together."""
        return self.block in _SHARED

    @property
    def is_facility(self) -> bool:
        """Whether it is a gemensamhetsanläggning: a facility that is shared, and no land of its own."""
        return self.block == _FACILITY

    @property
    def whole(self) -> "Beteckning":
        """The property that the area is one of."""
        return replace(self, area=None)

    def __str__(self) -> str:
        """Write it as people do: names with a capital at the start of each word."""
        place = " ".join(_capitalised(name) for name in (self.municipality, self.tract) if name)
        number = f"{self.block}:{self.unit}" if self.block else str(self.unit)
        return f"{place} {number}" + (f">{self.area}" if self.area is not None else "")


def parse_beteckning(text: str) -> Beteckning | None:
    """
    Take a designation apart; None for what is none.

    Parameters
    ----------
    text
        In capitals or not, with or without municipality, block (`*` is none), `Kv.` before a quarter, and number of
        the area. Brackets round the number, as Lantmäteriet's labels have them, are no part of it.

    Examples
    --------
    >>> parse_beteckning("LERUM  EXEMPELBY S:3")
    Beteckning(tract='EXEMPELBY', unit=3, block='S', municipality='LERUM', area=None)
    >>> str(parse_beteckning("Kv. Ugglan 3")), str(parse_beteckning("Lerum 1:5>2")), parse_beteckning("141-23-7")
    ('Ugglan 3', 'Lerum 1:5>2', None)
    """
    found = _FORM.fullmatch(_plain(text))
    if found is None or not _WORD.search(found["name"]):
        return None
    municipality, tract = _parted(found["name"])
    return Beteckning(
        tract=_QUARTER.sub("", tract, count=1) if _QUARTER.match(tract) else tract,
        unit=int(found["unit"]),
        block=None if found["block"] in {None, _NO_BLOCK} else found["block"],
        municipality=municipality,
        area=int(found["area"]) if found["area"] else None,
    )


def key_of(text: str) -> Key:
    """
    Return municipality (empty where it is not said) and the rest, the same for all ways to write one property.

    Parameters
    ----------
    text
        A designation; its area number does not count. Text that is none is its own key, but for case and spaces.

    Examples
    --------
    >>> key_of("LERUM EXEMPELBY 1:12"), key_of(" Exempelby 1:12>2 "), key_of("141-23-7")
    (('LERUM', 'EXEMPELBY 1:12'), ('', 'EXEMPELBY 1:12'), ('', '141-23-7'))
    """
    parsed = parse_beteckning(text)
    if parsed is None:
        return "", _plain(text)
    bare = replace(parsed.whole, municipality=None)
    return parsed.municipality or "", str(bare).upper()


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_BRACKETS)).strip().upper()


_BRACKETS = str.maketrans("()", "  ")


def _parted(name: str) -> tuple[str | None, str]:
    """Part a municipality from a tract; a name that is only that of a municipality is a tract."""
    words = name.split(" ")
    for count in range(min(_most_words(), len(words) - 1), 0, -1):
        first = " ".join(words[:count])
        if first in _municipalities():
            return first, " ".join(words[count:])
    return None, name


@functools.cache
def _municipalities() -> frozenset[str]:
    path = resources.files("landready.rules").joinpath("municipalities.toml")
    return frozenset(name.upper() for name in tomllib.loads(path.read_text(encoding="utf-8"))["names"])


@functools.cache
def _most_words() -> int:
    return max(len(name.split(" ")) for name in _municipalities())


def _capitalised(name: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), name)
