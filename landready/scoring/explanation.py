"""A scorecard in words: why a site stands where it stands, and why one comes before another."""

import difflib
from collections.abc import Hashable, Iterator

import numpy as np
import pandas as pd

from landready.errors import Finding, InputError
from landready.model import MODELLED, Scorecard
from landready.scoring.wording import amount, condition_in_words, limit, percent
from landready.texts import Language, number, text


def explain(scorecard: Scorecard, site: Hashable, *, language: Language = "sv") -> str:
    """
    Say why a site has the place it has, in words that can be read aloud.

    Parameters
    ----------
    scorecard
        From `landready.score`.
    site
        Its id; text is enough where the ids are numbers.
    language
        `"sv"` or `"en"`.

    Returns
    -------
    str
        Lines of plain text: place, total and how far the unknown could move it, what it rests on, each criterion by
        contribution, and each requirement. Totals and contributions are points of 100, utilities 0–1.

    Raises
    ------
    InputError
        If there is no such site, with the nearest ids.
    """
    site = _find(scorecard, site)
    lines = [
        _standing(scorecard, site, language),
        _total(scorecard.frame.loc[site], language),
        *_basis(scorecard, site, language),
        text("explain.criteria", language),
        *_criteria(scorecard, site, language),
        *_requirements(scorecard, site, language),
    ]
    return "\n".join(lines)


def compare(scorecard: Scorecard, first: Hashable, second: Hashable, *, language: Language = "sv") -> str:
    """
    Say why one site comes before another, by the differences of their contributions.

    Parameters
    ----------
    scorecard
        From `landready.score`.
    first, second
        Ids of the two sites, in any order.
    language
        `"sv"` or `"en"`.

    Returns
    -------
    str
        Lines of plain text: which comes first and by how much, then what speaks for each, the largest difference
        first. An unknown criterion contributes nothing, so that the differences sum to that of the totals.

    Raises
    ------
    InputError
        If there is no such site, with the nearest ids.
    """
    first, second = _find(scorecard, first), _find(scorecard, second)
    ranks = scorecard.frame["rank"]
    if ranks[second] < ranks[first] or (np.isnan(ranks[first]) and not np.isnan(ranks[second])):
        first, second = second, first
    lines = [_order(scorecard, first, second, language), _totals(scorecard, first, second, language)]
    coverage = scorecard.frame["coverage_share"]
    if not scorecard.utilities.loc[first].isna().equals(scorecard.utilities.loc[second].isna()):
        shares = {
            "first_share": percent(coverage[first], language),
            "second_share": percent(coverage[second], language),
        }
        lines.append(text("explain.uneven", language, first=first, second=second, **shares))
    return "\n".join([*lines, *_differences(scorecard, first, second, language)])


def _find(scorecard: Scorecard, site: Hashable) -> Hashable:
    index = scorecard.frame.index
    if site in index:
        return site
    by_text = {str(label): label for label in index}
    if str(site) in by_text:
        return by_text[str(site)]
    near = difflib.get_close_matches(str(site), list(by_text), n=3, cutoff=0.4)
    values = {"site": site, "nearest": ", ".join(near) or "–", "count": len(index)}
    raise InputError(Finding("unknown_site", values))


def _standing(scorecard: Scorecard, site: Hashable, language: Language) -> str:
    row = scorecard.frame.loc[site]
    said = {
        "site": site,
        "profile": scorecard.profile.label(language),
        "ranked": int(scorecard.frame["ranked"].sum()),
    }
    if not row["ranked"]:
        return text("explain.not_ranked", language, **said, reasons=_reasons(row, language))
    sharing = int((scorecard.frame["rank"] == row["rank"]).sum())
    first = int(row["rank"] - (sharing - 1) / 2)
    if sharing == 1:
        return text("explain.standing", language, **said, rank=first)
    return text("explain.standing_shared", language, **said, first=first, last=first + sharing - 1)


def _reasons(row: pd.Series, language: Language) -> str:
    return "; ".join(text(f"explain.{key}", language) for key in row["not_ranked_because"].split(", "))


def _total(row: pd.Series, language: Language) -> str:
    said = {name: _points(row[name], language) for name in ("total", "total_low", "total_high")}
    if np.isnan(row["total"]):
        return text("explain.total_unknown", language, **said)
    return text("explain.total_range" if row["coverage_share"] < 1 else "explain.total", language, **said)


def _basis(scorecard: Scorecard, site: Hashable, language: Language) -> Iterator[str]:
    row, minimum = scorecard.frame.loc[site], scorecard.profile.min_coverage
    share = amount(row["coverage_share"], "share", language, apart_from=minimum)
    yield text("explain.coverage", language, share=share, minimum=percent(minimum, language))
    for key in ("modelled_share", "upper_bound_share"):
        if row[key] > 0:
            yield text(f"explain.{key}", language, share=percent(row[key], language))


def _criteria(scorecard: Scorecard, site: Hashable, language: Language) -> Iterator[str]:
    """Say each criterion, the largest contribution first and the unknown last."""
    contributions = scorecard.contributions.loc[site]
    all_weight = scorecard.weights.sum()
    for name in _by_size(contributions):
        said = {
            "name": _label(scorecard, name, language),
            "value": _value(scorecard, site, name, language),
            "weight": percent(scorecard.weights[name] / all_weight, language),
        }
        if np.isnan(contributions[name]):
            low, high = _could_change(scorecard, site, name)
            said |= {"low": _points(low, language), "high": _points(high, language)}
            yield text("explain.criterion_unknown", language, **said)
        else:
            said |= {
                "utility": number(scorecard.utilities.loc[site, name], language, decimals=2),
                "contribution": _points(contributions[name], language),
            }
            yield text("explain.criterion", language, **said)


def _could_change(scorecard: Scorecard, site: Hashable, name: str) -> tuple[float, float]:
    """Return the total if this unknown criterion were at 0 and at 1, and the other unknown ones still left out."""
    utilities, weights = scorecard.utilities.loc[site], scorecard.weights
    gained = (utilities * weights).sum()
    weight = weights[utilities.notna()].sum() + weights[name]
    return gained / weight, (gained + weights[name]) / weight


def _requirements(scorecard: Scorecard, site: Hashable, language: Language) -> Iterator[str]:
    conditions = scorecard.profile.requirements
    if conditions:
        yield text("explain.requirements", language)
    for name, condition in conditions.items():
        unit = name.rsplit("_", 1)[1]
        yield text(
            "explain.requirement",
            language,
            name=_label(scorecard, name, language),
            value=_value(scorecard, site, name, language, apart_from=limit(condition)),
            condition=condition_in_words(condition, unit, language),
            outcome=text(f"explain.{scorecard.requirements.loc[site, name]}", language),
        )


def _value(
    scorecard: Scorecard, site: Hashable, name: str, language: Language, *, apart_from: float | None = None
) -> str:
    """Return the measured value with its unit, marked where it is an upper bound or modelled."""
    measured = scorecard.measured
    state = measured.state.loc[site, name]
    value = measured.frame.loc[site, name] if state in ("known", MODELLED) else float("nan")
    words = amount(float(value), name.rsplit("_", 1)[1], language, apart_from=apart_from)
    if np.isfinite(value) and measured.upper_bound.loc[site, name]:
        words = text("explain.at_most", language, value=words)
    if not np.isnan(value) and state == MODELLED:
        words = text("explain.modelled", language, value=words)
    return words


def _order(scorecard: Scorecard, first: Hashable, second: Hashable, language: Language) -> str:
    frame = scorecard.frame
    said = {"first": first, "second": second, "profile": scorecard.profile.label(language)}
    if not frame.loc[second, "ranked"]:
        reasons = _reasons(frame.loc[second], language)
        if frame.loc[first, "ranked"]:
            return text("explain.only_first", language, **said, reasons=reasons)
        both = {"first_reasons": _reasons(frame.loc[first], language), "second_reasons": reasons}
        return text("explain.neither", language, **said, **both)
    tied = frame.loc[first, "rank"] == frame.loc[second, "rank"]
    return text("explain.shared" if tied else "explain.before", language, **said)


def _totals(scorecard: Scorecard, first: Hashable, second: Hashable, language: Language) -> str:
    totals = scorecard.frame["total"]
    said = {
        "first": first,
        "second": second,
        "first_total": _points(totals[first], language),
        "second_total": _points(totals[second], language),
        "difference": _points(abs(totals[first] - totals[second]), language),
    }
    return text("explain.totals", language, **said)


def _differences(
    scorecard: Scorecard, first: Hashable, second: Hashable, language: Language
) -> Iterator[str]:
    contributions = scorecard.contributions
    gap = contributions.loc[first].fillna(0.0) - contributions.loc[second].fillna(0.0)
    gap = gap.where(gap.abs() > 1e-12, 0.0)
    for site, ahead in ((first, gap[gap > 0]), (second, -gap[gap < 0])):
        if len(ahead):
            yield text("explain.speaks_for", language, site=site)
        for name in _by_size(ahead):
            yield text(
                "explain.difference",
                language,
                name=_label(scorecard, name, language),
                first=_value(scorecard, first, name, language),
                second=_value(scorecard, second, name, language),
                difference=_points(ahead[name], language),
            )
    if (gap == 0).any():
        alike = [_label(scorecard, name, language) for name in gap.index[gap == 0]]
        yield text("explain.alike", language, names=", ".join(alike))


def _by_size(values: pd.Series) -> list[str]:
    """Return the names from the largest value to the smallest, the unknown last; equal ones by name."""
    return list(values.sort_index().sort_values(ascending=False, kind="stable").index)


def _label(scorecard: Scorecard, name: str, language: Language) -> str:
    labels = {criterion.id: criterion.label(language) for criterion in scorecard.measured.criteria}
    return str(labels.get(name, name))


def _points(value: float, language: Language) -> str:
    """Write a total or a contribution (0–1) as points of a hundred, as the map does."""
    return number(100 * value, language)
