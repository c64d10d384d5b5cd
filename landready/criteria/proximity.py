"""How far each area is from the nearest feature of a layer, and which feature that is."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.cutting import cut
from landready.geometry.threads import nearest_in
from landready.layers.adapter import as_layer
from landready.model import Layer, LayerLike

# Long lines and large polygons are cut: only the pieces that are near cost anything.
_MAX_VERTICES = 32

# Where a feature was cut its new vertices are rounded; a distance below this is a touch.
_TOUCH_M = 1e-8


def nearest(frame: LayerLike, targets: LayerLike) -> pd.DataFrame:
    """
    Find the nearest target of each row, and how far it is.

    Parameters
    ----------
    frame
        Geometries of any kind.
    targets
        Geometries of any kind.

    Returns
    -------
    pandas.DataFrame
        Index of `frame`:

        - `distance_m`: from edge to geometry, 0 when touching or inside; `nan` without geometry, or when there is no
          target at all
        - `target`: id of the nearest target, or None; of several equally near, the first by id as text
        - `upper_bound`: the targets' layer ends nearer than the target found, so that the true distance may be
          shorter

    Raises
    ------
    CrsError
        If the CRSs differ or cannot be measured in.
    InputError
        If ids are not unique.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> plots = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500100, 6400100)], crs=3006)
    >>> stops = gpd.GeoDataFrame(geometry=gpd.points_from_xy([500130, 500900], [6400140] * 2), crs=3006)
    >>> nearest(plots, stops)
       distance_m target  upper_bound
    0        50.0      0        False
    """
    layer = as_layer(frame, name="frame")
    goals = as_layer(targets, name="targets", like=layer)
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    distance, place = _nearest(shapes, _by_id(goals))
    ids = goals.frame.index.to_numpy(dtype=object)[_id_order(goals)]
    target = np.full(len(shapes), None, dtype=object)
    target[place >= 0] = ids[place[place >= 0]]
    return pd.DataFrame(
        {
            "distance_m": distance,
            "target": pd.Series(target, index=layer.frame.index, dtype=object),
            "upper_bound": _ends_nearer(shapes, distance, goals),
        },
        index=layer.frame.index,
    )


def distance_to(frame: LayerLike, targets: LayerLike) -> pd.Series:
    """
    Return the distance to the nearest target.

    Parameters
    ----------
    frame, targets
        Geometries of any kind.

    Returns
    -------
    pandas.Series
        `distance_m` of `nearest`, metres, on the index of `frame`.

    Raises
    ------
    CrsError, InputError
        As `nearest`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> plots = gpd.GeoDataFrame(geometry=[shapely.box(500000, 6400000, 500100, 6400100)], crs=3006)
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(500150, 6300000), (500150, 6500000)])], crs=3006)
    >>> distance_to(plots, road)
    0    50.0
    Name: distance_m, dtype: float64
    """
    return nearest(frame, targets)["distance_m"]


def _ends_nearer(shapes: NDArray[np.object_], distance: NDArray[np.float64], layer: Layer) -> NDArray[np.bool_]:
    """Tell where the layer's known extent ends nearer than `distance`; at 0 nothing can be nearer."""
    nearer = np.zeros(len(shapes), dtype=bool)
    asked = np.flatnonzero(distance > 0)
    if layer.known_extent is None or not len(asked):
        return nearer
    # Most shapes lie deep inside: all within reach of their box is mapped, and no distance need be measured.
    reach = distance[asked, None] * [-1, -1, 1, 1]
    boxes = np.asarray(shapely.box(*(shapely.bounds(shapes[asked]) + reach).T), dtype=object)
    deep = _covered(boxes, layer.known_extent)
    asked = asked[~deep]
    edge, _ = _nearest(shapes[asked], np.array([shapely.boundary(layer.known_extent)], dtype=object))
    nearer[asked] = np.where(_covered(shapes[asked], layer.known_extent), edge, 0.0) < distance[asked]
    return nearer


def _covered(shapes: NDArray[np.object_], extent: BaseGeometry) -> NDArray[np.bool_]:
    """Tell which shapes the extent covers."""
    covered = np.zeros(len(shapes), dtype=bool)
    # The tree prepares the extent for itself only; a geometry that stays prepared must not be shared by threads.
    covered[shapely.STRtree(shapes).query(extent, predicate="covers")] = True
    return covered


def _id_order(layer: Layer) -> NDArray[np.intp]:
    return np.argsort(layer.frame.index.astype(str).to_numpy(dtype=str), kind="stable")


def _by_id(layer: Layer) -> NDArray[np.object_]:
    """Return the geometries in the order of their ids as text, which no shuffling of the rows changes."""
    geometries: NDArray[np.object_] = np.asarray(layer.frame.geometry.values, dtype=object)[_id_order(layer)]
    return geometries


def _nearest(shapes: NDArray[np.object_], targets: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the distance to, and position of, the first of the nearest targets; `nan` and -1 where there is none."""
    distance = np.full(len(shapes), np.nan)
    place = np.full(len(shapes), -1, dtype=np.intp)
    pieces, source = cut(targets, max_vertices=_MAX_VERTICES)
    if not len(pieces):
        return distance, place
    (row, piece), metres = nearest_in(shapely.STRtree(pieces), shapes, all_matches=True)
    order = np.lexsort((source[piece], row))
    row, piece, metres = row[order], piece[order], metres[order]
    rows, first = np.unique(row, return_index=True)
    distance[rows] = np.where(metres[first] < _TOUCH_M, 0.0, metres[first])
    place[rows] = source[piece[first]]
    return distance, place
