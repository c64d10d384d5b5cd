"""Ground of the study area that no parcel covers: it is in no class of land, so it has to be told."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding
from landready.geometry.fitting import union_of_fitting
from landready.geometry.overlay import Shapes
from landready.model import Layer, Ledger

_M2_PER_HA = 1e4
# Less than this in all is what rounding and lines drawn twice leave.
_TOLD_HA = 0.01
# From this share of the area on, what is not covered may change what the study says.
_WARNED_SHARE = 0.01


def gap_findings(area: BaseGeometry, parcels: Layer, waters: Sequence[Layer] = ()) -> tuple[list[Finding], Ledger]:
    """
    Tell how much of the study area no parcel covers.

    Parameters
    ----------
    area
        The study area.
    parcels
        The parcels, cut to it.
    waters
        Layers of water, in the same CRS: how much of the ground that is not covered they cover is told.

    Returns
    -------
    list of Finding, Ledger
        A warning where it is more than one percent of the area, a note where it is less; one entry in the ledger.
        Both empty below a hundredth of a hectare.
    """
    gaps = shapely.get_parts(uncovered(area, np.asarray(parcels.frame.geometry.values, dtype=object)))
    size = shapely.area(gaps)
    hectares = float(size.sum()) / _M2_PER_HA
    if hectares < _TOLD_HA:
        return [], Ledger.empty()
    share = hectares * _M2_PER_HA / area.area
    place = shapely.point_on_surface(gaps[size.argmax()])
    values = {
        "layer": parcels.name,
        "hectares": hectares,
        "percent": share * 100,
        "largest": float(size.max()) / _M2_PER_HA,
        "east": place.x,
        "north": place.y,
    }
    wet = _covered_ha(gaps, waters)
    key = "area_uncovered_water" if wet >= _TOLD_HA else "area_uncovered"
    told = Finding(key, {**values, "water": wet}, "warning" if share > _WARNED_SHARE else "note")
    row = {"step": "area", "layer": parcels.name, "reason": "uncovered", "count": len(gaps), "area_ha": hectares}
    return [told], Ledger.of([{**row, "ids": "–"}])


def _covered_ha(gaps: Shapes, layers: Sequence[Layer]) -> float:
    """Return how much of the gaps the polygons of the layers cover, hectares."""
    shapes = [shape for layer in layers for shape in layer.frame.geometry.values if shapely.get_dimensions(shape) == 2]
    if not shapes:
        return 0.0
    over = np.array(shapes, dtype=object)[np.unique(shapely.STRtree(shapes).query(gaps, predicate="intersects")[1])]
    covered: BaseGeometry = shapely.intersection(shapely.union_all(gaps), shapely.union_all(over))
    return float(covered.area) / _M2_PER_HA


def uncovered(area: BaseGeometry, shapes: Shapes) -> BaseGeometry:
    """
    Return what of an area none of the shapes covers.

    Parameters
    ----------
    area
        A valid polygon.
    shapes
        Valid polygons; they may overlap.

    Examples
    --------
    >>> halves = np.array([shapely.box(0, 0, 2, 1), shapely.box(0, 1, 2, 2), shapely.box(0, 1, 2, 2)])
    >>> uncovered(shapely.box(0, 0, 3, 2), halves).area
    2.0
    """
    gaps: BaseGeometry = shapely.difference(area, union_of_fitting(shapes))
    return gaps
