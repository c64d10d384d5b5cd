"""Which rules a drafted study starts from: the Swedish ones, or, for layers of another country, a few of its own."""

import re
from collections.abc import Sequence

from landready.cli.draft_contents import Contents, streets
from landready.cli.draft_layers import OTHER, Drafted
from landready.cli.draft_words import CHOOSE, comment, listed, quoted, section, toml_key
from landready.rules import constraint_rules, roles

# Swedish law does not hold abroad. What is drafted in its stead is what anybody would say of such land.
_ABROAD = {
    "water": "hard",
    "buildings": "hard",
    "nature_reserves": "hard",
    "wetlands": "strong",
    "flood": "strong",
    "landslide": "strong",
    "contaminated": "strong",
}
# A flow that comes more seldom than this is only to be considered, as in the Swedish rules.
_RARE_YEARS = 100
_YEARS = re.compile(r"(?<!\d)(50|100|200|250|500|1000)(?!\d)")


def rules(layers: Sequence[Drafted], contents: Contents) -> str:
    """
    Return the table of rules, with which of them have no layer.

    Parameters
    ----------
    layers
        The layers of the draft.
    contents
        The folder they are in.
    """
    return _own(layers, contents) if contents.report.abroad else _swedish({layer.role for layer in layers})


def _swedish(given: set[str]) -> str:
    there = given | ({"shore_protection"} if "water" in given else set())  # reckoned from water
    wanted = {rule.role: roles()[rule.role].sv for rule in constraint_rules() if rule.role}
    missing = ", ".join(words for role, words in wanted.items() if role not in there)
    head = section("Restriktioner: de svenska reglerna gäller")
    return "\n".join([head, *comment(f"Prövas inte, för lager saknas: {missing or '–'}.")])


def _own(layers: Sequence[Drafted], contents: Contents) -> str:
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
    own = [rule for role in (*_ABROAD, OTHER) for layer in layers if layer.role == role for rule in _rules_of(layer)]
    own += [rule for layer in layers if layer.role == "parcels" for rule in _rule_of_streets(layer, contents)]
    if not any(layer.role == "buildings" for layer in layers):
        own.append("# Bebyggd mark räknas som obebyggd, för mappen har inget lager med byggnader.")
    return "\n\n".join(["\n".join(head), *own])


def _rules_of(layer: Drafted) -> list[str]:
    """Return the rules that ask a layer: one of a role that is known, one to choose of a layer that has none."""
    if layer.role == "flood":
        years = _YEARS.search(layer.name)
        name = f"Översvämning, {years[1]}-årsflöde" if years else "Översvämning"
        return [_rule(layer, name, "info" if years and int(years[1]) > _RARE_YEARS else "strong")]
    if layer.role in _ABROAD:
        return [_rule(layer, roles()[layer.role].sv.capitalize(), _ABROAD[layer.role])]
    if layer.is_open_space:
        return [_rule(layer, "Park eller annan öppen yta", "hard")]
    if layer.role_in_sweden == "heritage":
        return [_to_choose(layer, f"Kulturmiljö ({layer.name})", "strong", "ska byggande i områdena prövas?")]
    if layer.role_in_sweden is not None:
        return [_to_choose(layer, f"Zon som inte medger verksamheter ({layer.name})", "hard", _ABOUT_ZONES)]
    return []


def _rule_of_streets(layer: Drafted, contents: Contents) -> list[str]:
    """Return a rule that excludes the parcels that look like streets, if any do."""
    parcels = contents.parcels(layer.report, layer.columns)
    found = [] if parcels is None or "parcel_id" not in layer.columns else streets(parcels)
    if not found:
        return []
    rule = _rule(layer, "Gator och vägar", "hard", called="gator")
    about = f"{CHOOSE}: fastigheter som är stora och smala som ett gatunät. Stryk regeln om de är mark att söka i."
    return ["\n".join([*comment(about), rule, f"where = {{ parcel_id = {listed(found)} }}"])]


_ABOUT_ZONES = "vilka zoner medger inte verksamheter? Stryk dem som gör det ur listan."


def _rule(layer: Drafted, name: str, kind: str, *, called: str | None = None) -> str:
    rows = [f"id = {quoted(called or layer.name)}", f"name = {quoted(name)}", f"layer = {quoted(layer.name)}"]
    return "\n".join(["[[constraints]]", *rows, f"kind = {quoted(kind)}"])


def _to_choose(layer: Drafted, name: str, kind: str, question: str) -> str:
    """Return a rule that is switched off until somebody has chosen, with all the classes that the layer has."""
    where = []
    if layer.classes is not None:
        column, values = layer.classes
        in_order = listed(sorted(values))  # codes that belong together are called alike
        where = [f"where = {{ {toml_key(column)} = {in_order} }}"]
    off = f"enabled = false                  # {CHOOSE}: skriv true när du har valt"
    return "\n".join([*comment(f"{layer.name}: {question}"), _rule(layer, name, kind), *where, off])
