"""What a plan provision means: by its id in Boverket's catalogue, else its code, else its letter and the plan's date.

The catalogue (`planbestammelser.csv`, källa: Boverket, Planbestämmelsekatalogen) holds the provisions in force. What is
not in it, as codes of earlier releases, stays unknown; a letter that has meant different things is ambiguous.
"""

import csv
import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Problem = Literal["code_unknown", "letter_ambiguous", "letter_unknown"]

PUBLIC = "allman_plats"
_GROUNDS = {
    "Kvartersmark": "kvartersmark",
    "Allmän plats": "allman_plats",
    "Vattenområde": "vattenomrade",
    "Planområdet": "planomrade",
}
_COMBINED = re.compile(r"(?:[A-ZÅÄÖ]m?\d*)+")
_ONE = re.compile(r"([A-ZÅÄÖ])m?\d*")


@dataclass(frozen=True)
class CatalogueEntry:
    """
    One provision of the catalogue.

    Parameters
    ----------
    id, code
        Its UUID, and its `bestämmelsekod`.
    is_use
        Whether it says what the land may be used for; else it is a property of the use.
    ground
        `"kvartersmark"`, `"allman_plats"`, `"vattenomrade"` or `"planomrade"`.
    category, subcategory
        In Swedish, as the catalogue has them.
    letter
        What plan maps show (`J`, `e`, `GATA`); None for provisions that have a symbol instead.
    value_type
        `"min"`, `"max"` or `"exakt"` if its number is that.
    """

    id: str
    code: str
    is_use: bool
    ground: str
    category: str
    subcategory: str | None
    letter: str | None
    value_type: str | None


@dataclass(frozen=True)
class Resolved:
    """
    What a provision turned out to mean.

    Parameters
    ----------
    entry
        Its entry in the catalogue; None where only its letter was understood, or nothing.
    code, letter
        The entry's, else as given.
    ground
        As in `CatalogueEntry`; None where nothing was understood.
    use
        What the land may be used for, in Swedish; None for properties and what was not understood.
    groups
        Keys of `groups` in `rules/detaljplan.toml`; several for combined letters (`JK`).
    permits_business
        Whether it lets somebody run a business there; None where that is unknown, and for properties.
    problems
        What could not be understood.
    """

    entry: CatalogueEntry | None
    code: str | None
    letter: str | None
    ground: str | None = None
    use: str | None = None
    groups: tuple[str, ...] = ()
    permits_business: bool | None = None
    problems: tuple[Problem, ...] = ()


@functools.cache
def plan_words() -> Mapping[str, Any]:
    """Return `rules/detaljplan.toml`: the words, letters and codes of plans."""
    path = resources.files(__package__).joinpath("detaljplan.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Return the provisions in force by their id in the catalogue (a UUID in lower case)."""
    path = resources.files(__package__).joinpath("planbestammelser.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["id"]: _entry(row) for row in rows}


@functools.cache
def catalogue_by_code() -> Mapping[str, CatalogueEntry]:
    """Return the provisions in force by their code."""
    return {entry.code: entry for entry in catalogue().values()}


def _entry(row: Mapping[str, str]) -> CatalogueEntry:
    letter = row["beteckning"].rstrip("#")
    return CatalogueEntry(
        id=row["id"],
        code=row["kod"],
        is_use=row["bestammelsetyp"] == "Användningsbestämmelse",
        ground=_GROUNDS[row["anvandningsform"]],
        category=row["kategori"],
        subcategory=row["underkategori"] or None,
        letter=None if not letter or letter.startswith("[") or letter == "-" else letter,
        value_type=row["uttryckt_varde"].lower() or None,
    )


def resolve(
    *,
    catalogue_id: str | None = None,
    code: str | None = None,
    letter: str | None = None,
    plan_date: dt.date | None = None,
    is_use: bool = True,
) -> Resolved:
    """
    Say what a provision means.

    Parameters
    ----------
    catalogue_id
        Its reference to the catalogue, which is believed first.
    code
        Its `bestämmelsekod`, believed next.
    letter
        What the plan map shows, believed last, and only for uses.
    plan_date
        The day the plan was adopted; None if nobody knows. Letters have changed their meaning.
    is_use
        Whether it is a use (`användningsbestämmelse`).

    Examples
    --------
    >>> found = resolve(code="DP_KM_J2_Lager")
    >>> found.letter, found.use, found.groups, found.permits_business
    ('J', 'Industri', ('industri',), True)
    >>> resolve(letter="JK").use, resolve(letter="U", plan_date=dt.date(1996, 5, 1)).use
    ('industri + kontor', 'lager')
    >>> resolve(letter="U", plan_date=dt.date(2017, 5, 1)).problems
    ('letter_ambiguous',)
    """
    entry = catalogue().get((catalogue_id or "").lower()) or catalogue_by_code().get(code or "")
    if entry is not None:
        return _from_entry(entry, letter)
    problems: tuple[Problem, ...] = ("code_unknown",) if catalogue_id or code else ()
    if not is_use or not letter:
        return Resolved(None, code, letter, problems=problems)
    return _from_letter(letter, code, plan_date, problems)


def _from_entry(entry: CatalogueEntry, letter: str | None) -> Resolved:
    shown = letter or entry.letter
    if not entry.is_use:
        return Resolved(entry, entry.code, shown, entry.ground)
    group = _group_of(entry)
    permits = plan_words()["groups"][group].get("permits_business") if group else None
    groups = (group,) if group else ()
    return Resolved(entry, entry.code, shown, entry.ground, entry.category, groups, permits)


def _group_of(entry: CatalogueEntry) -> str | None:
    if entry.ground == PUBLIC:
        return PUBLIC
    if entry.category == "Parkering":
        return "parkering"
    groups = plan_words()["groups"].items()
    return next((key for key, group in groups if entry.category in group["categories"]), None)


def _from_letter(letter: str, code: str | None, plan_date: dt.date | None, problems: tuple[Problem, ...]) -> Resolved:
    if letter.rstrip("0123456789") in plan_words()["public_places"]["words"]:
        return Resolved(None, code, letter, "allman_plats", "allmän plats", (PUBLIC,), False, problems)
    if not _COMBINED.fullmatch(letter):
        return Resolved(None, code, letter, problems=(*problems, "letter_unknown"))
    meanings = [_meaning(one, plan_date) for one in _ONE.findall(letter)]
    if "letter_unknown" in meanings:
        return Resolved(None, code, letter, problems=(*problems, "letter_unknown"))
    if "letter_ambiguous" in meanings:
        return Resolved(None, code, letter, "kvartersmark", problems=(*problems, "letter_ambiguous"))
    groups = tuple(dict.fromkeys(meanings))
    known = plan_words()["groups"]
    use = " + ".join(known[group]["words"]["sv"] for group in groups)
    ground = "vattenomrade" if groups == ("vattenomrade",) else "kvartersmark"
    return Resolved(None, code, letter, ground, use, groups, permitted(groups), problems)


def permitted(groups: tuple[str, ...]) -> bool | None:
    """
    Tell whether any of the uses that are permitted together is a business; None where that is unknown.

    Examples
    --------
    >>> permitted(("bostader", "kontor")), permitted(("bostader",)), permitted(("bostader", "drivmedel"))
    (True, False, None)
    """
    answers = [plan_words()["groups"][group].get("permits_business") for group in groups]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _meaning(letter: str, plan_date: dt.date | None) -> str:
    """Return the group of a letter in a plan of a date, or the problem."""
    rows = [row for row in plan_words()["letters"] if letter in row["letters"]]
    if not rows:
        return "letter_ambiguous" if letter in plan_words()["older_letters"]["letters"] else "letter_unknown"
    for row in rows:
        first, last = row.get("from"), row.get("until")
        if first is None and last is None:
            return str(row["letters"][letter])
        if plan_date is None:
            continue
        if (first is None or plan_date >= first) and (last is None or plan_date < last):
            return str(row["letters"][letter])
    return "letter_ambiguous"
