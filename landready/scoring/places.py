"""The places that ranks stand for: sites that are alike share theirs, from the first to the last of them."""

import pandas as pd

from landready.errors import Finding
from landready.texts import Language, text

# From so many sites on a shared place is told, if one that reads a shortlist meets it.
_MANY = 3
_SHORTLIST = 10


def places(rank: pd.Series) -> pd.DataFrame:
    """
    Return the first and the last of the places that each rank stands for.

    Parameters
    ----------
    rank
        Ranks where those alike share their average; `nan` where there is none.

    Returns
    -------
    pandas.DataFrame
        Columns `first` and `last`, whole numbers or missing, on the index of `rank`.

    Examples
    --------
    >>> import pandas as pd
    >>> places(pd.Series([1.0, 3.0, 3.0, 3.0])).values.tolist()
    [[1, 1], [2, 4], [2, 4], [2, 4]]
    """
    sharing = rank.map(rank.value_counts()).astype("float64")
    first = rank - (sharing - 1) / 2
    return pd.DataFrame({"first": first, "last": first + sharing - 1}).astype("Int64")


def span(first: int, last: int) -> str:
    """
    Return places as people write them.

    Examples
    --------
    >>> span(3, 3), span(1, 18)
    ('3', '1–18')
    """
    return str(first) if first == last else f"{first}–{last}"


def best_in_words(rank: pd.Series, language: Language, *, most: int) -> str:
    """
    Name the best few, and say of those that share a place with others which places they share.

    Parameters
    ----------
    rank
        As for `places`, by id, the best first.
    language
        `"sv"` or `"en"`.
    most
        How many to name.

    Examples
    --------
    >>> import pandas as pd
    >>> best_in_words(pd.Series([1.0, 3.0, 3.0, 3.0], index=list("abcd")), "sv", most=3)
    'a; b, c (delad plats 2–4)'
    """
    named = places(rank).iloc[:most]
    groups: dict[str, list[str]] = {}
    for site, first, last in zip(named.index, named["first"], named["last"], strict=True):
        groups.setdefault(span(first, last), []).append(str(site))
    told = [", ".join(sites) + _sharing(place, language) for place, sites in groups.items()]
    return ("; " if any(_sharing(place, language) for place in groups) else ", ").join(told)


def _sharing(place: str, language: Language) -> str:
    return " " + text("summary.shared", language, places=place) if "–" in place else ""


def shared_findings(rank: pd.Series) -> list[Finding]:
    """
    Return a warning if many of the best share a place: what was weighed does not tell them apart.

    Parameters
    ----------
    rank
        As for `places`.
    """
    known = places(rank.dropna())
    shared = [(int(first), int(last)) for first, last in zip(known["first"], known["last"], strict=True)]
    wide = [(last - first + 1, first, last) for first, last in shared if first <= _SHORTLIST]
    count, first, last = max(wide, default=(0, 0, 0))
    if count < _MANY:
        return []
    return [
        Finding("sites_share_place", {"count": count, "places": span(first, last), "ranked": len(known)}, "warning")
    ]
