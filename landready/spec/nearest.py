"""The name that was perhaps meant."""

import difflib
from collections.abc import Iterable


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`, or a dash if none is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)), "–")
