"""Findings of one kind together, so that many of them can be told as one."""

from collections.abc import Iterable, Sequence

from landready.errors import Finding


def of_a_kind(findings: Iterable[Finding]) -> list[list[Finding]]:
    """
    Return the findings that say the same of different things together.

    Parameters
    ----------
    findings
        In the order they were found, which is that of the kinds and of those within each.

    Examples
    --------
    >>> found = [Finding("no_crs", {"layer": name}) for name in ("roads", "water")]
    >>> [len(alike) for alike in of_a_kind([*found, Finding("no_rows", {"layer": "roads"})])]
    [2, 1]
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.key, finding.severity), []).append(finding)
    return list(kinds.values())


def subject_of(finding: Finding, names: Sequence[str]) -> str | None:
    """
    Return what a finding is about, between quotes, for what it is called may hold commas.

    Parameters
    ----------
    finding
        One finding.
    names
        The fields that may tell, the first of them that it has.

    Examples
    --------
    >>> subject_of(Finding("x", {"layer": "roads", "column": "speed"}), ("constraint", "column"))
    '”speed”'
    """
    return next((f"”{finding.values[name]}”" for name in names if name in finding.values), None)
