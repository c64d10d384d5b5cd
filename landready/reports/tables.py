"""Tables as CSV that a spreadsheet opens right: separators of the language, and nothing that runs as a formula."""

from pathlib import Path

import pandas as pd

from landready.texts import Language

DECIMALS = {
    "m": 1, "km": 2, "ha": 4, "share": 4, "pct": 2, "min": 1, "months": 1, "mw": 2,
    "total": 4, "low": 4, "high": 4,
}  # fmt: skip
"""Most decimals of a number, by what its column's name ends in: units, and scores from 0 to 1. Full precision is in the
GeoPackage."""

_OTHERWISE = 10
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, frame: pd.DataFrame, *, language: Language = "sv") -> None:
    """
    Write a table as CSV.

    Parameters
    ----------
    path
        The file.
    frame
        The table; the index is written.
    language
        `"sv"`: semicolons and decimal commas, as a Swedish spreadsheet expects; `"en"`: commas and points.

    Notes
    -----
    Numbers are rounded to `DECIMALS`; those of other columns keep ten digits.
    """
    swedish = language == "sv"
    safe = frame.rename_axis(index=str(frame.index.name or "id")).reset_index()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_no_formula, na_action="ignore")
        elif pd.api.types.is_float_dtype(safe[column]):
            safe[column] = safe[column].round(DECIMALS.get(str(column).rpartition("_")[2], _OTHERWISE))
    safe.to_csv(
        path,
        index=False,
        sep=";" if swedish else ",",
        decimal="," if swedish else ".",
        encoding="utf-8-sig",
        lineterminator="\r\n",
        float_format="%.10g",
    )


def _no_formula(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
