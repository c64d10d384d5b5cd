"""Which kinds of business a drafted study starts from: those that ship, where the layers answer enough."""

from collections.abc import Collection, Mapping, Sequence

from landready.cli.draft_contents import Contents
from landready.cli.draft_criteria import criteria_and_profiles
from landready.cli.draft_layers import Drafted
from landready.cli.draft_words import comment, quoted, section
from landready.rules import criterion_rules, profile_rules

# Those that a municipality looks for land for: without them the draft has criteria of its own, which ask for less.
_NEEDED = frozenset({"logistics", "small_industry"})


def profiles(layers: Sequence[Drafted], contents: Contents) -> list[str]:
    """
    Return the kinds of business, with criteria of the draft's own where the layers are too few for those that ship.

    Parameters
    ----------
    layers
        The layers of the draft.
    contents
        The folder they are in. Outside Sweden, columns seldom hold what the criteria that ship ask for.

    Returns
    -------
    list of str
        Pieces of TOML.
    """
    there = {layer.role for layer in layers}
    ready = [] if contents.report.abroad else [name for name in profile_rules() if _answered(name, there)]
    return [_shipped(ready)] if {*ready} >= _NEEDED else criteria_and_profiles(layers, contents)


def _answered(profile: str, there: Collection[str]) -> bool:
    """Tell whether the layers that are there carry enough of the weight for sites to be ranked."""
    row = profile_rules()[profile]
    weights: Mapping[str, float] = row["weights"]
    known = sum(
        weight
        for name, weight in weights.items()
        if criterion_rules()[name].get("role", "parcels") in {*there, "parcels"}
    )
    return bool(known >= row["min_coverage"] * sum(weights.values()))


def _shipped(names: list[str]) -> str:
    named = ", ".join(quoted(name) for name in names)
    told = ", ".join(f"{name} = {profile_rules()[name]['name']['sv']}" for name in names)
    head = comment(
        f"{told}. De följer med landready, med kriterier och vikter som är antaganden. Dra i vikterna i kartan; "
        'knappen "Kopiera som TOML" ger raderna att klistra in här. Egna kriterier skrivs i [[criteria]].'
    )
    return "\n".join([section("Verksamhetstyper: antaganden"), *head, "", "[rules]", f"profiles = [{named}]"])
