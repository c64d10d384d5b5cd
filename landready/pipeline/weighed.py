"""Criteria of a profile that count the same thing twice, or that tell no sites apart; and sites that share a place."""

from collections.abc import Iterable
from dataclasses import replace

from landready.errors import Finding
from landready.model import Scorecard
from landready.scoring.overlaps import double_counting, separates_nothing
from landready.scoring.places import shared_findings
from landready.texts import Language


def weighed_findings(scorecards: Iterable[Scorecard], language: Language) -> list[Finding]:
    """
    Return a warning for what each profile counts twice, criteria whose weight changes nothing, and shared places.

    Criteria that are unknown for all sites are not told: whoever measures tells that already.

    Parameters
    ----------
    scorecards
        One a profile; only sites that it ranks are looked at.
    language
        In which criteria are named.
    """
    found = []
    for card in scorecards:
        names = {criterion.id: f"”{criterion.label(language)}”" for criterion in card.measured.criteria}
        ranked = card.utilities[card.frame["ranked"].eq(True)]
        utilities = ranked.loc[:, ranked.notna().any()].rename(columns=names)
        if utilities.empty:
            continue
        told = [*shared_findings(card.frame["rank"]), *double_counting(utilities), *separates_nothing(utilities)]
        found += [replace(finding, place=card.profile.label(language)) for finding in told]
    return found
