"""Findings as the command line tells them: many of one kind in one line, so that those of other kinds are seen."""

from collections.abc import Sequence

from landready.alike import of_a_kind, subject_of
from landready.errors import Finding, Severity, some
from landready.texts import Language, catalogue, text

# From so many of one kind on they are told together.
_MANY = 3
# What a finding is about besides its layer.
_SUBJECTS = ("constraint", "criterion", "column")


def grouped(findings: Sequence[Finding], language: Language) -> list[tuple[Severity, str]]:
    """
    Return the findings in words, errors first, those of one kind together where they are many.

    Parameters
    ----------
    findings
        In the order they were found.
    language
        `"sv"` or `"en"`.

    Returns
    -------
    list of severity, text
        One a line. Nothing is left out but what the others of its kind say too: `--json` has them all.
    """
    errors_first = sorted(findings, key=lambda found: found.severity != "error")
    return [(alike[0].severity, said) for alike in of_a_kind(errors_first) for said in _told(alike, language)]


def _told(alike: Sequence[Finding], language: Language) -> list[str]:
    if len(alike) < _MANY:
        return [finding.text(language) for finding in alike]
    key = f"grouped.{alike[0].key}"
    if key in catalogue(language):
        return [text(key, language, count=_count(alike), items=_by_layer(alike))]
    return [alike[0].text(language), text("grouped.more", language, count=len(alike) - 1)]


def _count(alike: Sequence[Finding]) -> int:
    """Return how many constraints, criteria or layers are told of; one that is told of two layers counts once."""
    return len({next(found.values[name] for name in (*_SUBJECTS, "layer") if name in found.values) for found in alike})


def _by_layer(alike: Sequence[Finding]) -> str:
    """Return the layers, each with what is told about it."""
    layers: dict[str, list[str]] = {}
    for finding in alike:
        about = subject_of(finding, _SUBJECTS)
        layers.setdefault(str(finding.values["layer"]), []).extend([about] if about else [])
    return "; ".join(f"{layer}: {some(about, first=3)}" if about else layer for layer, about in layers.items())
