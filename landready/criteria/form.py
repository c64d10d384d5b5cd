"""The form of each area: size, compactness, the widest circle inside, length and width."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.layers.adapter import POLYGON, as_layer
from landready.model import LayerLike

CIRCLE_TOLERANCE_M = 0.1
COLUMNS = ("area_ha", "perimeter_m", "compactness_share", "inscribed_diameter_m", "length_m", "width_m")


def form(frame: LayerLike) -> pd.DataFrame:
    """
    Measure size and form of polygons.

    Parameters
    ----------
    frame
        Polygons.

    Returns
    -------
    pandas.DataFrame
        Index of `frame`; floats, `nan` without geometry:

        - `area_ha`
        - `perimeter_m`, holes included
        - `compactness_share`: 4πA/P² (Polsby and Popper 1991), 1 for a circle, π/4 for a square
        - `inscribed_diameter_m`: diameter of the widest circle inside, at most 0.2 m less than the true one
        - `length_m`, `width_m`: long and short side of the smallest rectangle around it, at any angle

    Raises
    ------
    CrsError
        If the CRS cannot be measured in.
    InputError
        If geometries are not polygons.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> plots = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500300, 6400100)], crs=3006)
    >>> form(plots)[["area_ha", "inscribed_diameter_m", "length_m", "width_m"]].round(1)
       area_ha  inscribed_diameter_m  length_m  width_m
    0      3.0                 100.0     300.0    100.0
    """
    layer = as_layer(frame, name="frame", kinds=(POLYGON,))
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    result = pd.DataFrame(np.nan, index=layer.frame.index, columns=list(COLUMNS))
    if present.any():
        result.loc[present] = _measures(_near_origin(shapes[present]))
    return result


def _near_origin(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Move each shape to the origin.

    Far from it, at coordinates of millions of metres, the smallest rectangle is off by a millimetre.
    """
    points, shape = shapely.get_coordinates(shapes, return_index=True)
    corner = np.floor(shapely.bounds(shapes)[:, :2])
    # set_coordinates writes into its array, but makes new geometries: the caller's stay as they are.
    moved: NDArray[np.object_] = shapely.set_coordinates(shapes.copy(), points - corner[shape])
    return moved


def _measures(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    area, perimeter = shapely.area(shapes), shapely.length(shapes)
    # The circle comes as the line from its centre to its edge.
    radius = shapely.length(shapely.maximum_inscribed_circle(shapes, tolerance=CIRCLE_TOLERANCE_M))
    long, short = _sides(shapes)
    return np.column_stack([area / 1e4, perimeter, 4 * np.pi * area / perimeter**2, 2 * radius, long, short])


def _sides(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = shapely.get_coordinates(shapely.oriented_envelope(shapes)).reshape(-1, 5, 2)
    sides = np.hypot(*np.moveaxis(np.diff(corners[:, :3], axis=1), 2, 0))
    return sides.max(axis=1), sides.min(axis=1)
