"""On which line of a study file something stands: Python's parser of TOML does not say."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

_MISSING = object()
# The line that opens a table; a row of a list on lines of its own holds a comma.
_HEADER = re.compile(r"\s*\[\[?[^\[\],]+\]\]?\s*(#|$)")


def line_of(text: str, where: str, *, name: str = "") -> int | None:
    r"""
    Return the number of the line on which a place of a study file stands.

    Parameters
    ----------
    text
        The file; it has to be TOML.
    where
        The way to the place, as findings give it: keys joined by full stops, items of a list by their id or position.
        What is not there leads to the nearest table round it.
    name
        A name at that place, where the line that holds it is asked for.

    Returns
    -------
    int or None
        Counted from 1; None where not even the first part of the way is there.

    Examples
    --------
    >>> line_of('[study]\nid = "a"\n[[profiles]]\nid = "p"\nweights = { a_m = 1 }', "profiles.p.weights.a_m")
    5
    """
    way = _way(where, tomllib.loads(text))
    if not way:
        return None
    lines = text.split("\n")
    start, end = _statement(lines, way)
    keys = [part for part in way if isinstance(part, str)]
    last = _block_end(lines, end, keys) if _HEADER.match(lines[start]) else end
    return 1 + (_line_with(name, lines, start, last) or _line_with(keys[-1], lines, start, end) or start)


def _way(where: str, raw: Any) -> list[str | int]:
    """Return as much of the way as there is, items of lists by their position."""
    way: list[str | int] = []
    here = raw
    parts = where.split(".")
    while parts:
        found = next(
            (
                (key, size)
                for size in range(1, len(parts) + 1)  # a name between quotes may hold full stops
                if (key := _key(here, ".".join(parts[:size]))) is not None
            ),
            None,
        )
        if found is None:
            break
        way.append(found[0])
        here, parts = here[found[0]], parts[found[1] :]
    return way


def _key(here: Any, part: str) -> str | int | None:
    if isinstance(here, Mapping):
        return part if part in here else None
    if not isinstance(here, list):
        return None
    ids = [item.get("id") if isinstance(item, Mapping) else None for item in here]
    if part in ids:
        return ids.index(part)
    return int(part) if part.isdigit() and int(part) < len(here) else None


def _statement(lines: list[str], way: list[str | int]) -> tuple[int, int]:
    """Return the first lines, from and to, with which the place is there: the way there opens once and stays."""
    low, high = 0, len(lines)
    while high - low > 1:
        middle = (low + high) // 2
        down = range(middle, low, -1)
        up = range(middle + 1, high)
        # The file up to the middle of a statement is no TOML.
        tried = ((end, _parsed(lines[:end])) for end in (*down, *up))
        end, raw = next(((end, raw) for end, raw in tried if raw is not _MISSING), (high, _MISSING))
        if raw is _MISSING:
            break
        low, high = (low, end) if _is_there(raw, way) else (end, high)
    return low, high


def _parsed(lines: list[str]) -> Any:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return _MISSING


def _is_there(raw: Any, way: list[str | int]) -> bool:
    for part in way:
        try:
            raw = raw[part]
        except (LookupError, TypeError):
            return False
    return True


def _block_end(lines: list[str], start: int, keys: list[str]) -> int:
    """Return where the table ends: at the next header that is not of a table within it."""
    within = f"[{'.'.join(keys)}."
    heads = (
        number
        for number in range(start, len(lines))
        if _HEADER.match(lines[number]) and not lines[number].lstrip().startswith(within)
    )
    return next(heads, len(lines))


def _line_with(name: str, lines: list[str], start: int, end: int) -> int | None:
    """Return the first line that holds a name as a word of its own, outside comments."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return next((n for n in range(start, end) if name and word.search(lines[n].split("#")[0])), None)
