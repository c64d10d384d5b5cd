"""Findings, and the few exceptions that carry them.

A *finding* is one thing that is wrong or worth knowing about an input, as a text key and the values
that fill it. An exception carries all findings of one input at once, so that a planner mends a file
in one go. Each exception is also the built-in kind a caller would expect to catch.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from landready.texts import Language, text

Severity = Literal["error", "warning", "note"]


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
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"

    def text(self, language: Language = "sv") -> str:
        """Return the finding in words."""
        return text(f"finding.{self.key}", language, **self.values)

    def __str__(self) -> str:
        return self.text()


def some(rows: Iterable[Any], *, first: int = 5) -> str:
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
        """Return all findings in words, one a line."""
        return "\n".join(finding.text(language) for finding in self.findings)

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


def require_kind(value: object, kind: type | tuple[type, ...], *, name: str, wanted: str) -> None:
    """
    Refuse an argument of the wrong kind, in words instead of by an error from somewhere inside.

    Parameters
    ----------
    value, name
        The argument, and what it is called.
    kind, wanted
        The types it may have, and what users call them.

    Raises
    ------
    InputError
        If it has none of the types.
    """
    if not isinstance(value, kind):
        raise InputError(Finding("wrong_kind", {"name": name, "kind": type(value).__name__, "wanted": wanted}))


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
