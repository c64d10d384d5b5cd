"""The name that was perhaps meant."""

import difflib
from collections.abc import Iterable

# So many letters of a name say enough to look for names that start with them, or hold them.
_TELLING = 3


def nearest_name(name: str, known: Iterable[str]) -> str:
    """
    Return the known name that was perhaps meant, or a dash if none is like it.

    Parameters
    ----------
    name
        What was written.
    known
        The names there are. One that starts with what was written comes before one that holds it, and that before one
        that is spelled much like it; upper and lower case are alike, and of equals the most similar wins.

    Examples
    --------
    >>> nearest_name("UseDesc", ["UseCode", "UseDescription"]), nearest_name("statoin", ["station", "road"])
    ('UseDescription', 'station')
    """
    folded = name.casefold()
    names = list(known)
    if len(name) >= _TELLING:
        starting = [other for other in names if other.casefold().startswith(folded)]
        holding = starting or [other for other in names if folded in other.casefold()]
        if holding:
            return min(holding, key=len)
    lowered = {other.casefold(): other for other in reversed(names)}
    close = difflib.get_close_matches(folded, list(lowered), n=1, cutoff=0.5)
    return lowered[close[0]] if close else "–"
