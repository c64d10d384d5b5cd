"""Where a study looks: polygons, corridors along named lines, or both."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landready.criteria.network import travel_time
from landready.errors import Finding, StudyError
from landready.geometry.coverage import covered
from landready.model import Layer, Ledger
from landready.pipeline.inputs import Inputs
from landready.spec import Corridor, StudySpec, Where
from landready.where import matches

HECTARE_M2 = 10_000.0


def chosen(layer: Layer, where: Where) -> Layer:
    """Return the layer with only the rows that meet the conditions."""
    return layer.rows(matches(layer.frame, where, layer=layer.name)) if where else layer


def study_area(spec: StudySpec, inputs: Inputs, parcels: Layer) -> BaseGeometry:
    """
    Return the study area.

    Parameters
    ----------
    spec
        The study; `area.layer` and `area.corridors` are read.
    inputs
        Its layers.
    parcels
        The parcels; a corridor in minutes consists of those that are near enough.

    Returns
    -------
    shapely geometry
        In the study's CRS.

    Raises
    ------
    StudyError
        If no polygon, or no line of a corridor, meets the conditions.
    """
    wanted = spec.area
    outlines = []
    if wanted.layer is not None:
        outlines.append(_union(_require(chosen(inputs.layers[wanted.layer], wanted.where)).frame.geometry))
    if wanted.corridors:
        outlines.append(shapely.union_all([_corridor(corridor, inputs, parcels) for corridor in wanted.corridors]))
    return shapely.intersection_all(outlines)


def _union(shapes: gpd.GeoSeries) -> BaseGeometry:
    return shapely.union_all(np.asarray(shapes.values, dtype=object))


def _require(layer: Layer) -> Layer:
    if layer.frame.empty:
        raise StudyError(Finding("area_nothing_chosen", {"layer": layer.name}))
    return layer


def _corridor(corridor: Corridor, inputs: Inputs, parcels: Layer) -> BaseGeometry:
    lines = _require(chosen(inputs.layers[corridor.layer], corridor.where))
    if corridor.within_m is not None:
        return shapely.buffer(_union(lines.frame.geometry), corridor.within_m)
    # Every vertex of the lines is a place to arrive at: one reaches a road where it joins the network.
    vertices = shapely.points(np.unique(shapely.get_coordinates(lines.frame.geometry.values), axis=0))
    arrivals = lines.with_frame(gpd.GeoDataFrame(geometry=vertices, crs=lines.crs))
    minutes = travel_time(parcels, inputs.layers[str(corridor.roads)], arrivals, mode=corridor.mode)
    return _union(parcels.frame.geometry[minutes <= corridor.within_min])


def parcels_within(parcels: Layer, area: BaseGeometry) -> Layer:
    """
    Return the parcels of the study area, each cut to what of it lies inside.

    Parameters
    ----------
    parcels
        All parcels that were read.
    area
        The study area.

    Returns
    -------
    Layer
        Its ledger says how many lie outside, and how many hectares were cut off.

    Raises
    ------
    StudyError
        If no parcel lies in the area.
    """
    frame = parcels.frame
    whole = np.asarray(frame.geometry.values, dtype=object)
    # Nearly all parcels lie inside; the few others are cut. A copy of the area: prepared, it must not be shared.
    own = shapely.normalize(area)
    shapely.prepare(own)
    crossing = ~shapely.covers(own, whole)
    inside = whole.copy()
    inside[crossing] = covered(whole[crossing], np.array([area], dtype=object))
    size, kept = shapely.area(whole), shapely.area(inside)
    # A parcel that only shares the boundary with the area touches it; it has no land there.
    present = kept > 0
    cut = present & (kept < size * (1 - 1e-9))
    if not present.any():
        raise StudyError(Finding("area_no_parcel", {"layer": parcels.name}))
    ledger = Ledger.entry(
        "area",
        parcels.name,
        "outside_area",
        ids=frame.index[~present],
        area_ha=size[~present].sum() / HECTARE_M2,
    ) + Ledger.entry(
        "area",
        parcels.name,
        "cut_to_area",
        ids=frame.index[cut],
        area_ha=(size - kept)[cut].sum() / HECTARE_M2,
    )
    clipped = frame.set_geometry(gpd.GeoSeries(inside, index=frame.index, crs=frame.crs))[present]
    return parcels.with_frame(clipped, ledger)
