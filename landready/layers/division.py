"""A division of the ground into parcels: where they lie over each other, and what is left between them.

Nothing is changed. What overlaps would have to be taken from one of two owners, and what lies between given to another;
the map says who of them is right, and that is the land surveyor's.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.errors import Finding, some
from landready.geometry.fitting import fitting, union_of_fitting
from landready.geometry.overlay import Shapes, overlap_of

_HAIR_M = 0.01  # borders that were drawn twice lie this near each other
_SLIVER_M = 0.5  # no property is this narrow


def division_findings(frame: gpd.GeoDataFrame, *, layer: str) -> list[Finding]:
    """
    Say what is wrong with a division: overlaps, gaps that parcels enclose, slivers and repeated vertices.

    Parameters
    ----------
    frame
        Parcels in a metric CRS, valid.
    layer
        What findings call it.

    Returns
    -------
    list of Finding
        Each with how many there are, their area and where.
    """
    shapes = np.asarray(frame.geometry.values, dtype=object)
    return [
        *overlap_findings(frame, layer=layer),
        *_gap_findings(shapes, frame.index, layer),
        *_sliver_findings(shapes, frame.index, layer),
        *_repeated_findings(shapes, frame.index, layer),
    ]


def overlap_findings(frame: gpd.GeoDataFrame, *, layer: str) -> list[Finding]:
    """
    Return a warning if parcels lie over each other by more than a hair.

    Parameters
    ----------
    frame
        Parcels in a metric CRS, valid.
    layer
        What the finding calls it.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 10, 10), shapely.box(9, 0, 20, 10), shapely.box(20, 0, 30, 10)]
    >>> [found] = overlap_findings(gpd.GeoDataFrame(geometry=boxes, index=["a", "b", "c"]), layer="x")
    >>> found.values["count"], found.values["square_metres"], found.values["ids"]
    (1, 10.0, 'a – b')
    """
    shapes = np.asarray(frame.geometry.values, dtype=object)
    # What fits its neighbours edge to edge may still lie over something that fits nothing: that one is asked.
    loose = np.flatnonzero(~fitting(shapes))
    # Shrunk by a hair, neighbours no longer meet, unless they overlap.
    shrunk = shapely.buffer(shapes[loose], -_HAIR_M, join_style="mitre")
    found = shapely.STRtree(shapes).query(shrunk, predicate="intersects")
    i, j = loose[found[0]], found[1]
    i, j = np.unique(np.sort([i[i != j], j[i != j]], axis=0), axis=1)
    area = shapely.area(overlap_of(shapes[i], shapes[j]))
    real = area > _HAIR_M * np.minimum(shapely.length(shapes[i]), shapely.length(shapes[j]))
    if not real.any():
        return []
    largest = np.argsort(-area[real], kind="stable")
    pairs = [f"{frame.index[a]} – {frame.index[b]}" for a, b in zip(i[real][largest], j[real][largest], strict=True)]
    values = {"layer": layer, "count": len(pairs), "ids": some(pairs), "square_metres": float(area[real].sum())}
    return [Finding("parcels_overlap", values, "warning")]


def _gap_findings(shapes: Shapes, names: pd.Index, layer: str) -> list[Finding]:
    """Tell of ground that parcels enclose and none covers; a hair along a border is none."""
    parts = shapely.get_parts(union_of_fitting(shapes))
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.append(False, part[1:] == part[:-1])[: len(rings)]
    gaps = shapely.polygons(rings[inner])
    gaps = gaps[shapely.area(gaps) > _HAIR_M * shapely.length(gaps)]
    if not len(gaps):
        return []
    largest = gaps[shapely.area(gaps).argmax()]
    place = shapely.point_on_surface(largest)
    around = shapely.STRtree(shapes).query(largest, predicate="intersects")
    values = {
        "layer": layer,
        "count": len(gaps),
        "east": place.x,
        "north": place.y,
        "ids": some(names[np.sort(around)]),
        "square_metres": float(shapely.area(gaps).sum()),
    }
    return [Finding("parcels_gaps", values, "note")]


def _sliver_findings(shapes: Shapes, names: pd.Index, layer: str) -> list[Finding]:
    """Tell of parcels of which a part is narrower on average than any property."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = shapely.area(parts)
    narrow = 2 * area < _SLIVER_M * shapely.length(parts)
    if not narrow.any():
        return []
    values = {
        "layer": layer,
        "count": int(narrow.sum()),
        "metres": _SLIVER_M,
        "ids": some(names[np.unique(owner[narrow])]),
        "square_metres": float(area[narrow].sum()),
    }
    return [Finding("parcels_slivers", values, "note")]


def _repeated_findings(shapes: Shapes, names: pd.Index, layer: str) -> list[Finding]:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    # A ring ends where it starts, and the next may start there: that is a point of another ring.
    repeated = (points[1:] == points[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    suspects = np.unique(owner[1:][repeated])
    fewer = shapely.get_num_coordinates(shapely.remove_repeated_points(shapes[suspects], 0.0))
    lost = shapely.get_num_coordinates(shapes[suspects]) - fewer
    if not lost.any():
        return []
    values = {"layer": layer, "count": int(lost.sum()), "ids": some(names[suspects[lost > 0]])}
    return [Finding("parcels_repeated_points", values, "note")]
