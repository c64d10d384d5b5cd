"""How firm a profile's ranking is: the same question for the map, the tables and whoever asks an assessment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landready.model import Scorecard
from landready.scoring.robustness import Robustness, smaa
from landready.scoring.stability import break_evens, stability_sentences
from landready.scoring.uncertain import UncertainValues
from landready.scoring.weightings import Weighting, weights_around
from landready.texts import Language

DRAWS = 2_000
"""Weightings that maps and tables rest on: enough for whole per cent, give or take one."""
SPREAD = 0.5
"""How far each weight is moved if nothing else is asked: from half of what it was to half more."""
COLUMNS = ("shortlist_share", "expected_rank", "rank_low", "rank_high")
"""What tables tell of each site, besides the sentence."""
_MOST_SENTENCES = 100


@dataclass(frozen=True, eq=False)
class Firmness:
    """
    How firm one profile's ranking is.

    Parameters
    ----------
    robustness
        The ranked sites under many weightings, with values as the scorecard has them.
    with_data
        The same with values that are not sure moved too: errors of criteria, and what is unknown anywhere from worst to
        best. Its `split` and `facts` say what the uncertainty comes from. None if it was not asked for, or all is sure.
    sentences
        Site → how firmly it stands and which weight would change that. Only sites that some weighting puts on the
        shortlist, the (up to 100) most often there first.
    names
        Criterion → what people call it.
    """

    robustness: Robustness
    with_data: Robustness | None
    sentences: pd.Series
    names: Mapping[str, str]

    def in_words(self, language: Language = "sv") -> str:
        """Return what was tried, the sites most often on the shortlist, and the fact most worth knowing."""
        return (self.with_data or self.robustness).in_words(language, names=self.names)

    @property
    def table(self) -> pd.DataFrame:
        """By site: `shortlist_share`, `expected_rank`, `rank_low`, `rank_high`, and its sentence as `stability`."""
        return self.robustness.frame[list(COLUMNS)].assign(stability=self.sentences)


def firmness_of(
    scorecard: Scorecard,
    *,
    weights: Weighting | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    shortlist: int = 3,
    data: bool = True,
    untold: Collection[str] = (),
    language: Language = "sv",
) -> Firmness:
    """
    Try a profile's ranking with other weights, and with other values where these are not sure.

    Parameters
    ----------
    scorecard
        The profile's; only sites that it ranks are tried.
    weights
        What to try; None for weights between half and one and a half of the profile's.
    draws, seed, shortlist
        As for `landready.smaa`.
    data
        Whether values are moved too, which takes several times as long.
    untold
        Criteria that sentences must not name.
    language
        Of the sentences.

    Returns
    -------
    Firmness

    Raises
    ------
    InputError
        If an argument is not as said.
    """
    ranked = scorecard.frame["ranked"].eq(True)
    utilities = scorecard.utilities[ranked]
    points = {str(name): float(weight) for name, weight in scorecard.weights.items()}
    tried = weights_around(points, spread=SPREAD) if weights is None else weights
    robustness = smaa(utilities, tried, draws=draws, seed=seed, shortlist=shortlist)
    unsure = _uncertain(scorecard, utilities) if data else None
    with_data = None
    if unsure is not None:
        with_data = smaa(utilities, tried, draws=draws, seed=seed, shortlist=shortlist, uncertain=unsure)
    often = robustness.frame["shortlist_share"].sort_values(ascending=False, kind="stable")
    contested = often.index[often > 0][:_MOST_SENTENCES]
    evens = break_evens(utilities, points, shortlist=shortlist, sites=contested)
    evens = evens[~evens.index.get_level_values("criterion").isin([*untold])]
    names = {criterion.id: _in_sentence(criterion.label(language)) for criterion in scorecard.measured.criteria}
    sentences = stability_sentences(robustness, evens, names=names, language=language)
    return Firmness(robustness, with_data, sentences, names)


def _uncertain(scorecard: Scorecard, utilities: pd.DataFrame) -> UncertainValues | None:
    """Return the measured values with their errors; None if every one of them is sure."""
    criteria = {criterion.id: criterion for criterion in scorecard.measured.criteria}
    functions = {name: criterion.value for name, criterion in criteria.items()} | scorecard.profile.values  # noqa: PD011
    errors = {name: criteria[name].error for name in utilities.columns if criteria[name].error}
    if not errors and utilities.notna().to_numpy().all():
        return None
    # A value that is not known counts as unknown whatever stands in its place.
    measured = scorecard.measured.frame.loc[utilities.index, utilities.columns].astype("float64")
    return UncertainValues(
        measured=measured.where(utilities.notna(), np.nan),
        functions={name: functions[name] for name in utilities.columns},
        errors={name: float(error) for name, error in errors.items() if error is not None},
    )


def _in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: "E20" and "VA" keep their letters."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
