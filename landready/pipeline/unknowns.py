"""What could not be measured, and why: unknown for some of the sites, or asked about features that are not there."""

from collections.abc import Mapping, Sequence

import pandas as pd

from landready.errors import Finding, Phrase, some
from landready.model import UNKNOWN, Layer, Measured
from landready.spec import Criterion
from landready.texts import Language
from landready.where import Condition, column_of, in_words, matches

# More numbers than this are told by the smallest and the largest.
_MOST_NUMBERS = 5


def partly_unknown(measured: Measured, criteria: Sequence[Criterion], language: Language) -> list[Finding]:
    """
    Return a warning that names the criteria which are known for some sites only, and for how many they are not.

    Parameters
    ----------
    measured
        What was measured.
    criteria
        Those of the study.
    language
        In which criteria are named.
    """
    unknown = (measured.state == UNKNOWN).sum()
    total = len(measured.state)
    partly = [criterion for criterion in criteria if 0 < unknown[criterion.id] < total]
    if not partly:
        return []
    named = "; ".join(f"{criterion.label(language)} ({unknown[criterion.id]})" for criterion in partly)
    return [Finding("criteria_partly_unknown", {"criteria": named, "total": total}, "warning")]


def criteria_of_nothing(
    measured: Measured, layers: Mapping[str, Layer], criteria: Sequence[Criterion], language: Language
) -> list[Finding]:
    """
    Return a warning for each criterion whose conditions no feature of its layer meets, with what the layer has instead.

    Parameters
    ----------
    measured
        What was measured.
    layers
        The layers by their name in the study, which have the columns that the criteria ask for.
    criteria
        Those of the study.
    language
        In which criteria are named.
    """
    found = []
    for criterion in criteria:
        layer = layers.get(criterion.layer or "")
        if layer is None or layer.frame.empty or not criterion.where:
            continue
        if matches(layer.frame, criterion.where, layer=layer.name).any():
            continue
        unknown = bool((measured.state[criterion.id] == UNKNOWN).all())
        values = {
            "criterion": criterion.label(language),
            "layer": layer.name,
            **_asked(layer, criterion.where),
            "effect": Phrase(("unmet.unknown" if unknown else "unmet.none",)),
        }
        found.append(Finding("criterion_nothing_met", values, "warning"))
    return found


def _asked(layer: Layer, where: Mapping[str, Condition]) -> dict[str, object]:
    """Return the condition that nothing meets and what its column holds; all of them where each is met by something."""
    for column, condition in where.items():
        if not matches(layer.frame, {column: condition}, layer=layer.name).any():
            return {"asked": in_words({column: condition}), "there": _there(column_of(layer.frame, column))}
    return {"asked": in_words(where), "there": Phrase(("unmet.apart",))}


def _there(values: pd.Series) -> Phrase:
    """Say what a column holds: its values, or the least and the largest of many numbers."""
    known = values.dropna()
    if known.empty:
        return Phrase(("unmet.empty",))
    numbers = pd.to_numeric(known, errors="coerce").dropna().unique()
    if len(numbers) > _MOST_NUMBERS:
        told = f"{numbers.min():g}–{numbers.max():g}"
    elif len(numbers):
        told = some(f"{number:g}" for number in sorted(numbers))
    else:
        told = some(f"”{value}”" for value in known.astype(str).value_counts().index)
    return Phrase(("unmet.there",), {"found": told})
