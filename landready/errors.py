"""Findings, the few exceptions that carry them, and how arguments of the wrong kind are refused.

A *finding* is one thing that is wrong or worth knowing about an input, as a text key and the values
that fill it. An exception carries all findings of one input at once, so that a planner mends a file
in one go. Each exception is also the built-in kind a caller would expect to catch.
"""

import errno
import itertools
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from landready.texts import LANGUAGES, Language, text

Severity = Literal["error", "warning", "note"]


@runtime_checkable
class _InLanguages(Protocol):
    """A value that says itself in either language: a `Phrase`, or a name in both."""

    def in_language(self, language: Language) -> str: ...


@dataclass(frozen=True)
class Phrase:
    """
    A value of a finding that is words itself, and so differs by language.

    Parameters
    ----------
    keys
        Names of texts; several are told one after another.
    values
        The fields of those texts.
    """

    keys: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    def in_language(self, language: Language) -> str:
        """Return the words."""
        return ", ".join(text(key, language, **self.values) for key in self.keys)

    def __str__(self) -> str:
        return self.in_language("sv")


@dataclass(frozen=True)
class Finding:
    """
    One thing found about an input.

    Parameters
    ----------
    key
        Name of the text under `finding.` in `texts/`.
    values
        The fields of that text.
    severity
        `"error"`: cannot be used; `"warning"`: usable, but something is missing or was mended;
        `"note"`: worth knowing.
    place
        Where in the study file it comes from, as it is written there (`[layers.roads]`); empty if from nowhere.
    line
        The line of the study file, counted from 1; None where nobody knows.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    place: str = ""
    line: int | None = None

    def text(self, language: Language = "sv") -> str:
        """Return the finding in words, after its place."""
        values = {
            name: value.in_language(language) if isinstance(value, _InLanguages) else value
            for name, value in self.values.items()
        }
        said = text(f"finding.{self.key}", language, **values)
        line = "" if self.line is None else text("place.line", language, line=self.line)
        head = ", ".join(filter(None, (line, self.place)))
        return f"{head}: {said}" if head else said

    def at(self, place: str) -> "Finding":
        """Return the finding with a place; the one it has already is the nearer one, and stays."""
        return self if self.place else replace(self, place=place)

    def __str__(self) -> str:
        return self.text()


_FIRST = 5


def some(rows: Iterable[Any], *, first: int = _FIRST) -> str:
    """
    Name the first few rows, and say that there are more.

    Parameters
    ----------
    rows
        Row labels.
    first
        How many to name.

    Returns
    -------
    str

    Examples
    --------
    >>> some(range(8))
    '0, 1, 2, 3, 4, …'
    """
    labels = [str(row) for row in rows]
    return ", ".join(labels[:first]) + (", …" if len(labels) > first else "")


def rows_of(labels: Iterable[Any], *, in_file: bool = False) -> Phrase:
    """
    Name the first few rows, and say by what they go: their id, or else their number.

    Parameters
    ----------
    labels
        Row labels, such as an index.
    in_file
        Whether labels that are numbers count the rows of a file from 0; people count them from 1. Otherwise they are
        what the index of a frame says.

    Examples
    --------
    >>> str(rows_of([0, 4], in_file=True)), str(rows_of([0, 4])), str(rows_of(["Exempelby 1:1"]))
    ('rad 1, 5 i filen, räknat från 1', 'index 0, 4', 'Exempelby 1:1')
    """
    first = list(itertools.islice(labels, _FIRST + 1))  # one more than is named: whether there are more
    if not all(isinstance(label, Integral) for label in first):
        return Phrase(("rows.named",), {"rows": some(first)})
    if in_file:
        return Phrase(("rows.in_file",), {"rows": some([label + 1 for label in first])})
    return Phrase(("rows.index",), {"rows": some(first)})


class LandreadyError(Exception):
    """
    Base of all errors that landready raises on purpose.

    Parameters
    ----------
    *findings
        Everything that is wrong with the input; at least one.
    """

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = findings
        # The Swedish text is the message; a traceback shows the English one beneath it.
        self.add_note(self.text("en"))

    def text(self, language: Language = "sv") -> str:
        """Return all findings in words, one a line: errors first, and apart from them what is merely worth knowing."""
        errors = [finding.text(language) for finding in self.findings if finding.severity == "error"]
        besides = [finding.text(language) for finding in self.findings if finding.severity != "error"]
        head = [text("place.besides", language)] if errors and besides else []
        return "\n".join([*errors, *head, *besides])

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.findings


class InputError(LandreadyError, ValueError):
    """The data given cannot be used as it is."""


class CrsError(InputError):
    """A coordinate reference system is missing, does not match, or cannot be measured in."""


class ColumnError(LandreadyError, KeyError):
    """A column that is needed is not there."""


class FileError(LandreadyError, OSError):
    """A file is missing or cannot be read."""


class StudyError(LandreadyError, ValueError):
    """A study cannot be run; carries every reason."""


def os_reason(error: OSError) -> Literal["missing", "folder", "forbidden", "other"]:
    """Return why the operating system refused, for what it says itself is in its own language."""
    reasons: dict[int | None, Literal["missing", "folder", "forbidden"]] = {
        errno.ENOENT: "missing",
        errno.ENOTDIR: "missing",
        errno.EISDIR: "folder",
        errno.EACCES: "forbidden",
        errno.EPERM: "forbidden",
        errno.EROFS: "forbidden",
    }
    return reasons.get(error.errno, "other")


def refuse(findings: Sequence[Finding]) -> None:
    """
    Refuse arguments about which something was found.

    Raises
    ------
    InputError
        With all findings, if there are any.
    """
    if findings:
        raise InputError(*findings)


def argument_findings(value: object, kind: type | tuple[type, ...], *, name: str, wanted: str) -> list[Finding]:
    """
    Return a finding if an argument is of the wrong kind.

    Parameters
    ----------
    value, name
        The argument, and what it is called.
    kind, wanted
        The types it may have, and what users call them.
    """
    if isinstance(value, kind):
        return []
    return [_wrong_kind(value, name, wanted)]


def text_findings(**values: object) -> list[Finding]:
    """Return a finding for each of the arguments that is neither text nor None."""
    return [
        finding
        for name, value in values.items()
        for finding in argument_findings(value, (str, type(None)), name=name, wanted="str, None")
    ]


def name_list_findings(value: object, *, name: str) -> list[Finding]:
    """Return a finding if an argument is no list of names; a single text is none either."""
    if isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping):
        wrong = [item for item in value if not isinstance(item, str)]
        if not wrong:
            return []
    return [_wrong_kind(value, name, "[str, …]")]


def name_table_findings(value: object, *, name: str) -> list[Finding]:
    """Return a finding if an argument is neither a dict of names to names nor None."""
    if value is None or (
        isinstance(value, Mapping) and all(isinstance(part, str) for item in value.items() for part in item)
    ):
        return []
    return [_wrong_kind(value, name, "{str: str}, None")]


def function_findings(value: object, *, name: str) -> list[Finding]:
    """Return a finding if an argument can neither be called nor is None."""
    if value is None or callable(value):
        return []
    return [_wrong_kind(value, name, "function, None")]


def choice_findings(value: object, *, name: str, choices: Collection[str]) -> list[Finding]:
    """Return a finding if an argument is none of the texts it may be."""
    if isinstance(value, str) and value in choices:
        return []
    return [Finding("option_value", {"option": name, "value": _shown(value), "allowed": ", ".join(choices)})]


def is_number(value: Any) -> bool:
    """
    Tell whether a value is a number; True and False are none, and neither is `nan`.

    Examples
    --------
    >>> is_number(2.5), is_number(float("inf")), is_number(float("nan")), is_number(True), is_number("2")
    (True, True, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Real) and value == value  # noqa: PLR0124  (NaN)


def number_findings(
    value: Any,
    *,
    name: str,
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    allow_infinite: bool = False,
) -> list[Finding]:
    """
    Return a finding if an argument is not a number within its limits.

    Parameters
    ----------
    value, name
        The argument, and what it is called.
    minimum, above, maximum
        The number is ≥, > and ≤ these; None for no limit.
    allow_infinite
        Whether `inf` will do, as for "no limit".
    """
    within = is_number(value) and (
        (allow_infinite or abs(value) != float("inf"))
        and (minimum is None or value >= minimum)
        and (above is None or value > above)
        and (maximum is None or value <= maximum)
    )
    if within:
        return []
    limits = [
        f"{sign} {limit:g}" for sign, limit in (("≥", minimum), (">", above), ("≤", maximum)) if limit is not None
    ]
    key = "number" if allow_infinite else "number_finite"
    return [Finding(key, {"name": name, "value": _shown(value), "limits": ", ".join(limits)})]


def whole_findings(value: Any, *, name: str, minimum: int) -> list[Finding]:
    """Return a finding if an argument is not a whole number from a minimum on."""
    findings = number_findings(value, name=name, minimum=minimum)
    if findings or isinstance(value, Integral):
        return findings
    return [Finding("whole_number", {"name": name, "minimum": minimum})]


def _wrong_kind(value: object, name: str, wanted: str) -> Finding:
    return Finding("wrong_kind", {"name": name, "kind": type(value).__name__, "wanted": wanted})


def _shown(value: object) -> str:
    """Return a value as it is written in code, if it is short; what has rows goes by its kind."""
    return repr(value) if isinstance(value, str | int | float | None) else type(value).__name__


def require_kind(value: object, kind: type | tuple[type, ...], *, name: str, wanted: str) -> None:
    """
    Refuse an argument of the wrong kind, in words instead of by an error from somewhere inside.

    Parameters
    ----------
    value, name, kind, wanted
        As for `argument_findings`.

    Raises
    ------
    InputError
        If it has none of the types.
    """
    refuse(argument_findings(value, kind, name=name, wanted=wanted))


def require_language(value: object) -> None:
    """
    Refuse a language that is not spoken.

    Raises
    ------
    InputError
        If it is none of `LANGUAGES`.
    """
    refuse(choice_findings(value, name="language", choices=LANGUAGES))


def as_path(value: object, *, name: str = "path") -> Path:
    """
    Return a path given as text or as a path.

    Raises
    ------
    InputError
        If it is neither.
    """
    require_kind(value, (str, os.PathLike), name=name, wanted="str, Path")
    return Path(value)  # type: ignore[arg-type]  # seen to just now
