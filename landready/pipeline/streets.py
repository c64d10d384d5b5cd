"""Parcels that look like a net of streets: land that nobody could build on, unless a rule excludes it."""

import json

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.errors import Finding
from landready.model import Land

_M2_PER_HA = 1e4
# Smaller ones hold no site that would be noticed; wider ones are land like any other. A field of 5 ha is 100 m wide.
_LEAST_HA = 5.0
_WIDEST_M = 40.0
_NAMED = 3


def mean_width(area_m2: NDArray[np.float64], around_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 2 · area / perimeter, which of a long shape is its width; `inf` where there is no perimeter."""
    found: NDArray[np.float64] = np.full(len(area_m2), np.inf)
    return np.divide(2 * area_m2, around_m, out=found, where=around_m > 0)


def like_streets(area_m2: NDArray[np.float64], width_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which land is so large and so narrow as a net of streets."""
    return np.asarray((area_m2 >= _LEAST_HA * _M2_PER_HA) & (width_m < _WIDEST_M))


def street_findings(land: Land, *, layer: str) -> list[Finding]:
    """
    Tell which parcels are large and narrow, as all streets of a town drawn as one, and are not excluded.

    Parameters
    ----------
    land
        The parcels in four classes of land.
    layer
        Name of the layer of parcels.

    Returns
    -------
    list of Finding
        A warning with the largest of them, their hectares and their mean width, 2 · area / perimeter; else empty.
    """
    frame = land.frame
    shapes = np.asarray(frame.geometry.values, dtype=object)
    area = shapely.area(shapes)
    width = mean_width(area, shapely.length(shapes))
    open_m2 = (frame["free_ha"] + frame["conditional_ha"]).to_numpy() * _M2_PER_HA
    narrow = np.flatnonzero(like_streets(open_m2, width))
    if not len(narrow):
        return []
    first = narrow[np.argsort(-area[narrow], kind="stable")][:_NAMED]
    told = [f"{frame.index[place]} ({area[place] / _M2_PER_HA:.0f} ha, {width[place]:.0f} m)" for place in first]
    values = {
        "layer": layer,
        "count": len(narrow),
        "hectares": float(area[narrow].sum()) / _M2_PER_HA,
        "parcels": ", ".join(told) + (", …" if len(narrow) > _NAMED else ""),
        "where": f"{{ parcel_id = {json.dumps([str(name) for name in frame.index[first]], ensure_ascii=False)} }}",
    }
    return [Finding("parcels_like_streets", values, "warning")]
