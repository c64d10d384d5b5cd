"""Tables as CSV that a spreadsheet opens right: separators of the language, and nothing that runs as a formula."""

from pathlib import Path

import pandas as pd

from landready.texts import Language

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
    """
    swedish = language == "sv"
    safe = frame.rename_axis(index=str(frame.index.name or "id")).reset_index()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_no_formula, na_action="ignore")
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
