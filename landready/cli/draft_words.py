"""How a drafted study file is written: marks, headings, comments and quotes."""

import json
import re
import textwrap
from collections.abc import Sequence

CHOOSE = "VÄLJ"
"""What marks a line on which a person has to choose; as a value, before the study can be run."""

WIDTH = 118
"""The longest line, in characters."""


def section(words: str) -> str:
    """Return a heading."""
    return f"# --- {words} ".ljust(WIDTH, "-")


def comment(words: str) -> list[str]:
    """Return the lines of a comment."""
    return [f"# {line}" for line in textwrap.wrap(words, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def quoted(words: str) -> str:
    """Return a string of TOML."""
    return json.dumps(words, ensure_ascii=False)


def toml_key(words: str) -> str:
    """Return a key of TOML, between quotes where it needs them."""
    return words if re.fullmatch("[A-Za-z0-9_-]+", words) else quoted(words)


def listed(values: Sequence[str]) -> str:
    """Return a list of TOML, on lines of its own where it is long."""
    inside = ", ".join(map(quoted, values))
    if len(inside) < WIDTH - 30:
        return f"[{inside}]"
    wide = textwrap.wrap(inside, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return "[\n" + "\n".join(f"  {line}" for line in wide) + "\n]"
