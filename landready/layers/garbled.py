"""Tell of text whose å, ä and ö were lost before the file was made: no reader can tell that it was decoded wrong."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landready.errors import Finding, rows_of
from landready.layers.features import is_plain, text_columns

# The letters of UTF-8 read as Western ("Ã–jared" for "Öjared"), what stands for letters that could not be read, and
# control characters, which no name has.
_GARBLED = r"Ã[¥¤¶…„–©‰\x{80}-\x{9F}]|\x{FFFD}|[\x{80}-\x{9F}]"


def garbled_findings(frame: pd.DataFrame, *, layer: str) -> list[Finding]:
    """
    Return a warning for each column that holds text in which letters have been lost.

    Parameters
    ----------
    frame
        What was read, numbered from 0 in the file's order.
    layer
        What findings call it.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Öjared", "Ã–jared"]})
    >>> str(garbled_findings(frame, layer="fastigheter")[0].values["rows"])
    'rad 2 i filen, räknat från 1'
    """
    rows = {name: _garbled(frame[name]) for name in text_columns(frame)}
    return [_told(name, frame.index[found], len(frame), layer) for name, found in rows.items() if found.any()]


def _garbled(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.StringDtype):
        texts = pa.array(values, from_pandas=True)
    else:
        texts = pa.array([value if isinstance(value, str) else None for value in values], pa.large_string())
    if is_plain(texts):
        return np.zeros(len(texts), dtype=bool)
    return np.asarray(pc.match_substring_regex(texts, _GARBLED).fill_null(fill_value=False))


def _told(column: str, rows: pd.Index, total: int, layer: str) -> Finding:
    told = {"layer": layer, "column": column, "count": len(rows), "total": total, "rows": rows_of(rows, in_file=True)}
    return Finding("text_garbled", told, "warning")
