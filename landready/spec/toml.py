"""The text of a study file as TOML; what is wrong with it in our words, with the line and how to mend it."""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from landready.errors import Finding, StudyError

_WESTERN = "cp1252"
_MOST_SHOWN = 60

# What the line where parsing stopped shows, most telling first: text key, pattern of the line.
_SIGNS = (
    ("letters", re.compile(r"^\s*\[*[^=\"']*[^\x00-\x7f=\"']")),
    ("curly", re.compile(r"[=\[,{]\s*[“”„‟‘’‚«»]")),
    ("comma", re.compile(r"=\s*[+-]?\d+,\d")),
    ("date", re.compile(r"=\s*(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}\s*/\s*\d{1,2})")),
    ("backslash", re.compile(r'=\s*"[^"]*\\')),
    ("unquoted", re.compile(r"[=\[,{]\s*[^\W\d]")),
)
# How such a line is read as it was meant.
_MENDS = {
    "toml_comma": (re.compile(r"(=\s*[+-]?\d+),(?=\d)"), r"\1."),
    "toml_curly": (re.compile("[“”„‟«»]"), '"'),
    "toml_backslash": (re.compile(r"\\+"), "/"),
}
# What Python's parser says, and what that is in our words.
_SAID = (
    ("twice", re.compile("overwrite|twice|redefine|Duplicate|immutable")),
    ("equals", re.compile("Expected '='|Invalid initial character|Invalid statement")),
    ("unclosed", re.compile(r"Unclosed|Unterminated|Expected '\]|Expected ']|Illegal character '\\n'")),
    ("rest", re.compile("Expected newline")),
)


@dataclass(frozen=True)
class Toml:
    """
    What could be made of the text of a study file.

    Parameters
    ----------
    raw
        What it holds, read as it was meant where that is plain; None where it is not.
    text
        The text that says so: of as many lines as the file.
    faults
        What is wrong with the text as it stands, with the line and how to mend it.
    """

    raw: dict[str, Any] | None
    text: str
    faults: tuple[Finding, ...]


def read_toml(text: str, *, file: str) -> Toml:
    """
    Parse the text of a study file, and go on past what is wrong in it, so that all of it is told at once.

    Parameters
    ----------
    text
        As `decoded` returns it.
    file
        What findings call it.
    """
    faults: list[Finding] = []
    plain = True
    lines = text.split("\n")
    while True:
        try:
            raw = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            number, finding = _finding("\n".join(lines), str(error), file)
            faults.append(finding)
            line, as_meant = _mended(lines[number], finding.key)
            if line is None:
                return Toml(None, text, tuple(faults))
            plain &= as_meant
            lines[number] = line
        else:
            return Toml(raw if plain else None, "\n".join(lines), tuple(faults))


def _mended(line: str, key: str) -> tuple[str | None, bool]:
    """Return a line with which parsing gets further, None where there is none; and whether it says what was meant."""
    if key in _MENDS:
        pattern, instead = _MENDS[key]
        mended = pattern.sub(instead, line, count=1 if key == "toml_comma" else 0)
        if mended != line:
            return mended, True
    # A key with a value on one line can be done without; what opens a bracket or a table holds others.
    alone = re.match(r"\s*[^\[\]=#]+=", line) and all(line.count(a) == line.count(b) for a, b in ("[]", "{}"))
    return ("" if alone else None), False


def decoded(content: bytes, *, file: str) -> str:
    """
    Return the text of a study file.

    Parameters
    ----------
    content
        UTF-8, with or without byte-order mark, any line ends.
    file
        What findings call it.

    Raises
    ------
    StudyError
        If it is in another encoding, or no text.
    """
    try:
        return re.sub("\r\n?", "\n", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise StudyError(Finding("toml_utf16", {"file": file})) from error
        if set(content[:1000]) & set(range(9)):  # control characters: no text in any encoding
            raise StudyError(Finding("toml_binary", {"file": file})) from error
        start = content.rfind(b"\n", 0, error.start) + 1
        line = content[start:].splitlines()[0].decode(_WESTERN, errors="replace")
        number = content.count(b"\n", 0, error.start) + 1
        raise StudyError(Finding("toml_ansi", {"file": file, "line": number, "shown": _shown(line)})) from error


def _finding(text: str, said: str, file: str) -> tuple[int, Finding]:
    """Return the position of the line where parsing stopped, and what is wrong with it."""
    lines = text.split("\n")
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    place = re.search(r"\(at line (\d+)", said)
    number = min(int(place[1]), len(lines)) if place else len(lines)
    line = lines[number - 1]
    bare = line.split("#")[0]
    words = next((key for key, pattern in _SAID if pattern.search(said)), "other")
    signs = [key for key, sign in _SIGNS if sign.search(bare)]
    if words != "other":  # a bracket that is not closed is wrong whatever stands within it
        signs = [key for key in signs if key != "unquoted"]
    if _is_date(bare):
        signs = [key for key in signs if key != "date"]
    key = words if words == "twice" else next(iter(signs), words)
    values = {"file": file, "line": number, "shown": _shown(line)}
    if key == "comma":
        values["meant"] = re.sub(r".*?=\s*([+-]?\d+),(\d+).*", r"\1.\2", bare)
    return number - 1, Finding(f"toml_{key}", values)


def _is_date(line: str) -> bool:
    try:
        return bool(dt.date.fromisoformat("".join(line.partition("=")[2].split()[:1])))
    except ValueError:
        return False


def _shown(line: str) -> str:
    """Return a line as it is told: without a comment that is put after what it says."""
    said, _, _ = line.partition(" #")
    if said.strip() and not any(said.count(quote) % 2 for quote in "\"'"):
        line = said
    line = "".join(sign if sign.isprintable() else " " for sign in line).strip()
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"
