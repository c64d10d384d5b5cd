"""Names as they are compared: in lower case, without the rings and dots of Swedish letters."""

_FOLD = str.maketrans("åäöéüáÅÄÖ", "aaoeuaaao")


def fold(name: str) -> str:
    """
    Return a name in lower case, without the rings and dots of Swedish letters.

    Examples
    --------
    >>> fold("Vägnät_Åby")
    'vagnat_aby'
    """
    return name.translate(_FOLD).lower()
