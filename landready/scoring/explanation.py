"""A scorecard in words: why a site stands where it stands, and why one comes before another."""

import difflib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landready.errors import Finding, InputError, require_kind, require_language
from landready.model import KNOWN, MODELLED, Scorecard
from landready.scoring.places import places
from landready.scoring.scorecard import TOLERANCE
from landready.scoring.wording import amount, condition_in_words, limit, percent
from landready.texts import Language, number, text

SiteId = str | int


def explain(scorecard: Scorecard, site: SiteId, *, language: Language = "sv") -> str:
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
        Lines of plain text: place, total and how far the unknown could move it, what it rests on, each
        criterion by contribution, and each requirement. Totals and contributions are points of 100, utilities 0–1.

    Raises
    ------
    InputError
        If there is no such site, with the nearest ids.
    """
    _require(scorecard, language)
    row = _row(scorecard, site)
    lines = [
        _standing(scorecard, row, language),
        _total(row, language),
        *_basis(scorecard, row, language),
        text("explain.criteria", language),
        *_criteria(scorecard, row, language),
        *_requirements(scorecard, row, language),
    ]
    return "\n".join(lines)


def compare(scorecard: Scorecard, first: SiteId, second: SiteId, *, language: Language = "sv") -> str:
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
        Lines of plain text: which comes first and by how much, then what speaks for each, the largest
        difference first. An unknown criterion contributes nothing, so that the differences sum to that of the totals.

    Raises
    ------
    InputError
        If there is no such site, with the nearest ids.
    """
    _require(scorecard, language)
    ahead, behind = sorted(
        [_row(scorecard, first), _row(scorecard, second)],
        key=lambda row: (not row.facts["ranked"], -row.points),
    )
    lines = [_order(scorecard, ahead, behind, language), _totals(ahead, behind, language)]
    if not ahead.utilities.isna().equals(behind.utilities.isna()):
        shares = {
            "first_share": percent(ahead.facts["coverage_share"], language),
            "second_share": percent(behind.facts["coverage_share"], language),
        }
        lines.append(text("explain.uneven", language, first=ahead.site, second=behind.site, **shares))
    return "\n".join([*lines, *_differences(scorecard, ahead, behind, language)])


@dataclass(frozen=True, eq=False)
class _Row:
    """What a scorecard says about one site: `facts` is its row of the frame, the rest is by criterion."""

    site: SiteId
    facts: pd.Series
    utilities: pd.Series
    contributions: pd.Series
    outcomes: pd.Series
    measured: pd.Series
    states: pd.Series
    upper_bounds: pd.Series

    @property
    def points(self) -> float:
        """The total for sorting; below every total where nothing is known."""
        return -1.0 if np.isnan(self.facts["total"]) else float(self.facts["total"])


def _require(scorecard: Scorecard, language: Language) -> None:
    require_kind(scorecard, Scorecard, name="scorecard", wanted="Scorecard")
    require_language(language)


def _row(scorecard: Scorecard, site: SiteId) -> _Row:
    require_kind(site, Hashable, name="site", wanted="id")
    site = _find(scorecard, site)
    measured = scorecard.measured
    frames = (
        scorecard.frame,
        scorecard.utilities,
        scorecard.contributions,
        scorecard.requirements,
        measured.frame,
        measured.state,
        measured.upper_bound,
    )
    return _Row(site, *(frame.loc[[site]].iloc[0] for frame in frames))


def _find(scorecard: Scorecard, site: SiteId) -> SiteId:
    index = scorecard.frame.index
    if site in index:
        return site
    by_text: dict[str, SiteId] = {str(label): label for label in index}
    if str(site) in by_text:
        return by_text[str(site)]
    near = difflib.get_close_matches(str(site), list(by_text), n=3, cutoff=0.4)
    values = {"site": site, "nearest": ", ".join(near) or "–", "count": len(index)}
    values["example"] = next(iter(by_text), "–")
    raise InputError(Finding("site_not_found", values))


def _standing(scorecard: Scorecard, row: _Row, language: Language) -> str:
    frame = scorecard.frame
    said = {
        "site": row.site,
        "profile": scorecard.profile.label(language),
        "ranked": int(frame["ranked"].sum()),
    }
    if not row.facts["ranked"]:
        return text("explain.not_ranked", language, **said, reasons=_reasons(row, language))
    first, last = places(frame["rank"]).loc[row.site]
    if first == last:
        return text("explain.standing", language, **said, rank=first)
    return text("explain.standing_shared", language, **said, first=first, last=last)


def _reasons(row: _Row, language: Language) -> str:
    return "; ".join(text(f"explain.{key}", language) for key in row.facts["not_ranked_because"].split(", "))


def _total(row: _Row, language: Language) -> str:
    said = {name: _points(row.facts[name], language) for name in ("total", "total_low", "total_high")}
    if np.isnan(row.facts["total"]):
        return text("explain.total_unknown", language, **said)
    return text("explain.total_range" if row.utilities.isna().any() else "explain.total", language, **said)


def _basis(scorecard: Scorecard, row: _Row, language: Language) -> Iterator[str]:
    minimum = scorecard.profile.min_coverage
    share = amount(row.facts["coverage_share"], "share", language, apart_from=minimum)
    yield text("explain.coverage", language, share=share, minimum=percent(minimum, language))
    for key in ("modelled_share", "upper_bound_share"):
        if row.facts[key] > 0:
            yield text(f"explain.{key}", language, share=percent(row.facts[key], language))


def _criteria(scorecard: Scorecard, row: _Row, language: Language) -> Iterator[str]:
    """Say each criterion, the largest contribution first and the unknown last."""
    shares = scorecard.weights / scorecard.weights.sum()
    for name in _by_size(row.contributions):
        said = {
            "name": _label(scorecard, name, language),
            "value": _value(row, name, language),
            "weight": percent(shares[name], language),
        }
        if np.isnan(row.contributions[name]):
            low, high = _could_become(row.utilities, scorecard.weights, name)
            said |= {"low": _points(low, language), "high": _points(high, language)}
            yield text("explain.criterion_unknown", language, **said)
        else:
            said["utility"] = number(row.utilities[name], language, decimals=2)
            said["contribution"] = _points(row.contributions[name], language)
            yield text("explain.criterion", language, **said)


def _could_become(utilities: pd.Series, weights: pd.Series, name: str) -> tuple[float, float]:
    """Return the total with this unknown criterion at 0 and at 1, and the other unknown ones left out."""
    gained = float((utilities * weights).sum())
    weight = float(weights[utilities.notna()].sum() + weights[name])
    return gained / weight, (gained + float(weights[name])) / weight


def _requirements(scorecard: Scorecard, row: _Row, language: Language) -> Iterator[str]:
    conditions = scorecard.profile.requirements
    if conditions:
        yield text("explain.requirements", language)
    for name, condition in conditions.items():
        yield text(
            "explain.requirement",
            language,
            name=_label(scorecard, name, language),
            value=_value(row, name, language, apart_from=limit(condition)),
            condition=condition_in_words(condition, _unit(name), language),
            outcome=text(f"explain.{row.outcomes[name]}", language),
        )


def _value(row: _Row, name: str, language: Language, *, apart_from: float | None = None) -> str:
    """Return the measured value with its unit, marked where it is an upper bound or modelled."""
    state = row.states[name]
    value = float(row.measured[name]) if state in {KNOWN, MODELLED} else float("nan")
    words = amount(value, _unit(name), language, apart_from=apart_from)
    if np.isfinite(value) and row.upper_bounds[name]:
        words = text("explain.at_most", language, value=words)
    if not np.isnan(value) and state == MODELLED:
        words = text("explain.modelled", language, value=words)
    return words


def _order(scorecard: Scorecard, ahead: _Row, behind: _Row, language: Language) -> str:
    said = {"first": ahead.site, "second": behind.site, "profile": scorecard.profile.label(language)}
    if not ahead.facts["ranked"]:
        both = {"first_reasons": _reasons(ahead, language), "second_reasons": _reasons(behind, language)}
        return text("explain.neither", language, **said, **both)
    if not behind.facts["ranked"]:
        return text("explain.only_first", language, **said, reasons=_reasons(behind, language))
    tied = ahead.facts["rank"] == behind.facts["rank"]
    return text("explain.shared" if tied else "explain.before", language, **said)


def _totals(ahead: _Row, behind: _Row, language: Language) -> str:
    return text(
        "explain.totals",
        language,
        first=ahead.site,
        second=behind.site,
        first_total=_points(ahead.facts["total"], language),
        second_total=_points(behind.facts["total"], language),
        difference=_points(abs(ahead.facts["total"] - behind.facts["total"]), language),
    )


def _differences(scorecard: Scorecard, ahead: _Row, behind: _Row, language: Language) -> Iterator[str]:
    """Say what speaks for either site; the differences sum to that of the totals."""
    gap = ahead.contributions.fillna(0.0) - behind.contributions.fillna(0.0)
    gap = gap.where(gap.abs() > TOLERANCE, 0.0)
    for row, other, gains in ((ahead, behind, gap[gap > 0]), (behind, ahead, -gap[gap < 0])):
        if len(gains):
            yield text("explain.speaks_for", language, site=row.site)
        for name in _by_size(gains):
            yield text(
                "explain.difference",
                language,
                name=_label(scorecard, name, language),
                first=_value(row, name, language),
                second=_value(other, name, language),
                difference=_points(gains[name], language),
            )
    alike = [_label(scorecard, str(name), language) for name in gap.index[gap == 0]]
    if alike:
        yield text("explain.alike", language, names=", ".join(alike))


def _by_size(values: pd.Series) -> list[str]:
    """Return the names from the largest value to the smallest, the unknown last; equal ones by name."""
    return list(values.sort_index().sort_values(ascending=False, kind="stable").index)


def _label(scorecard: Scorecard, name: str, language: Language) -> str:
    labels = {criterion.id: criterion.label(language) for criterion in scorecard.measured.criteria}
    return str(labels.get(name, name))


def _unit(name: str) -> str:
    return name.rsplit("_", 1)[1]


def _points(value: float, language: Language) -> str:
    """Write a total or a contribution (0–1) as points of a hundred, as the map does."""
    return number(100 * value, language)
