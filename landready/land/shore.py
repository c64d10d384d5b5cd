"""Shore protection where nobody has a layer of it: the land within the county's distance of water."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from landready.errors import number_findings, refuse
from landready.land.constraints import QUAD_SEGS
from landready.layers.adapter import as_layer
from landready.model import Layer, LayerLike


def shore_protection(water: LayerLike, *, distance_m: float) -> Layer:
    """
    Return the shore protection that the law gives water, which the county's decisions widen, narrow or lift.

    Parameters
    ----------
    water
        Polygons or lines.
    distance_m
        How far from the shoreline it reaches, metres: 100 by law, up to 300 where the county board has said so.

    Returns
    -------
    Layer
        One polygon per feature, the water itself included, with the feature's index and no columns. Its known extent is
        that of the water drawn in by the distance: water just outside could reach that far in.

    Raises
    ------
    InputError, CrsError
        A layer that cannot be measured, or a distance that is none.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> lake = gpd.GeoDataFrame(geometry=[shapely.box(330_000, 6_405_000, 330_200, 6_405_100)], crs=3006)
    >>> shore_protection(lake, distance_m=100).frame.total_bounds.tolist()
    [329900.0, 6404900.0, 330300.0, 6405200.0]
    """
    refuse(number_findings(distance_m, name="distance_m", above=0))
    layer = as_layer(water, name="water")
    shapes = shapely.buffer(np.asarray(layer.frame.geometry.values, dtype=object), distance_m, quad_segs=QUAD_SEGS)
    frame = gpd.GeoDataFrame(geometry=shapes, index=layer.frame.index, crs=layer.frame.crs)
    extent = layer.known_extent
    if extent is not None:
        extent = shapely.buffer(extent, -distance_m, quad_segs=QUAD_SEGS)
    return replace(layer, name="shore_protection", frame=frame, known_extent=extent)
