"""Which rules a drafted study starts from: the Swedish ones, or, for layers of another country, a few of its own."""

from collections.abc import Mapping

from landready.cli.draft_words import CHOOSE, comment, section
from landready.rules import constraint_rules, roles

# Swedish law does not hold abroad. What is drafted in its stead is what anybody would say of such land.
_ABROAD = {
    "water": "hard",
    "buildings": "hard",
    "nature_reserves": "hard",
    "wetlands": "strong",
    "flood": "strong",
    "landslide": "strong",
    "heritage": "strong",
    "contaminated": "strong",
}


def rules(given: Mapping[str, str], *, abroad: bool) -> str:
    """
    Return the table of rules, with which of them have no layer.

    Parameters
    ----------
    given
        Name of a layer for each role that is there.
    abroad
        Whether the layers lie outside Sweden.
    """
    return _own(given) if abroad else _swedish(given)


def _swedish(given: Mapping[str, str]) -> str:
    there = set(given) | ({"shore_protection"} if "water" in given else set())  # reckoned from water
    wanted = {rule.role: roles()[rule.role].sv for rule in constraint_rules() if rule.role}
    missing = ", ".join(words for role, words in wanted.items() if role not in there)
    head = section("Restriktioner: de svenska reglerna gäller")
    return "\n".join([head, *comment(f"Prövas inte, för lager saknas: {missing or '–'}.")])


def _own(given: Mapping[str, str]) -> str:
    head = [
        section("Restriktioner: lagren ligger utanför Sverige"),
        *comment(
            f"{CHOOSE}: svenska lagar gäller inte där, så reglerna nedan är antaganden. hard = undantas, "
            "strong = kräver prövning, info = att beakta."
        ),
        "",
        "[rules]",
        'constraints = "none"             # "se" ger de svenska reglerna',
    ]
    own = [
        f'[[constraints]]\nid = "{role}"\nname = "{roles()[role].sv.capitalize()}"\nrole = "{role}"\nkind = "{kind}"'
        for role, kind in _ABROAD.items()
        if role in given
    ]
    if "buildings" not in given:
        own.append("# Bebyggd mark räknas som obebyggd, för mappen har inget lager med byggnader.")
    return "\n\n".join(["\n".join(head), *own])
