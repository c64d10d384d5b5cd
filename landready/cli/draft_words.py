"""How a drafted study file is written: marks, headings, comments and quotes."""

import json
import textwrap

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
