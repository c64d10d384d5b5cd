"""The share of land under a kind of cover, by the classes of Nationella marktäckedata (`rules/land_cover.toml`)."""

from dataclasses import replace

import numpy as np

from landready.errors import Finding, InputError, some
from landready.layers.rasters import as_raster
from landready.model import Raster, RasterLike
from landready.rules import land_cover
from landready.spec import nearest_name


def cover_of(raster: RasterLike, cover: str) -> Raster:
    """
    Return where a kind of cover is: 1 there, 0 elsewhere, `nan` where nobody knows.

    Parameters
    ----------
    raster
        Class codes of NMD, or the path of such a raster.
    cover
        `"forest"`, `"forest_wetland"`, `"open_wetland"`, `"wetland"` (both), `"farmland"`, `"open"`, `"built"` or
        `"water"`.

    Raises
    ------
    InputError
        For another word; the nearest is named.

    Examples
    --------
    >>> import numpy as np
    >>> codes = Raster("nmd", np.array([[111.0, 3, 0]]), (10, 0, 340_000, 0, -10, 6_400_000), None)
    >>> cover_of(codes, "farmland").values.tolist()
    [[0.0, 1.0, nan]]
    """
    known = land_cover()
    if cover not in known:
        values = {"cover": cover, "nearest": nearest_name(str(cover), known), "known": ", ".join(known)}
        raise InputError(Finding("cover_unknown", values))
    raster = as_raster(raster)
    codes = raster.values
    here = np.where(np.isin(codes, list(known[cover])), 1.0, 0.0)
    here[~np.isin(codes, _all_codes())] = np.nan
    return replace(raster, values=here)


def cover_findings(raster: Raster) -> list[Finding]:
    """Return a warning where a raster of land cover has codes that no class has; 0 is no code."""
    codes, counts = np.unique(raster.values[np.isfinite(raster.values)], return_counts=True)
    strange = ~np.isin(codes, [0, *_all_codes()])
    if not strange.any():
        return []
    values = {
        "layer": raster.name,
        "codes": some(f"{code:g}" for code in codes[strange]),
        "count": int(counts[strange].sum()),
        "total": int(counts.sum()),
    }
    return [Finding("cover_codes", values, "warning")]


def _all_codes() -> list[int]:
    return sorted({code for codes in land_cover().values() for code in codes})
