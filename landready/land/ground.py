"""Parcels as small shapes to work on, and the way back from those shapes to parcels.

A street registered as one parcel of 125 ha with eighteen thousand vertices would make every overlay slow. All
work is therefore done on pieces of parcels of at most some hundred vertices.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.cutting import cut
from landready.geometry.overlay import Places, Shapes, union_by_group


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Parcels, and the pieces they are cut into.

    Parameters
    ----------
    parcels
        One geometry per parcel.
    pieces, source
        The pieces, and for each the position of its parcel, rising.
    area
        Area of each parcel, m²; `nan` where it has no geometry.
    """

    parcels: Shapes
    pieces: Shapes
    source: Places
    area: NDArray[np.float64]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all pieces; `nan` if there are none."""
        if not len(self.pieces):
            return (float("nan"),) * 4
        west, south, east, north = shapely.total_bounds(self.pieces)
        return float(west), float(south), float(east), float(north)

    def per_parcel(self, place: Places, m2: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum areas that lie on pieces over parcels; `nan` where the parcel has no geometry."""
        total = np.bincount(self.source[place], weights=m2, minlength=len(self.parcels))
        return np.where(np.isnan(self.area), np.nan, total)

    def merge(self, place: Places, shape: Shapes, full: NDArray[np.bool_], group: Places, groups: int) -> Shapes:
        """
        Join polygons on pieces into one geometry per group; each group lies on one parcel.

        A group that has all pieces of its parcel whole gets the parcel as it was before it was cut.

        Parameters
        ----------
        place, shape, full
            As in `Patches`, though a piece may occur in several groups.
        group
            Group of each polygon.
        groups
            How many groups there are, none without polygons.
        """
        parcel = np.zeros(groups, dtype=np.intp)
        parcel[group] = self.source[place]
        pieces = np.bincount(self.source, minlength=len(self.parcels))
        untouched = np.bincount(group[full], minlength=groups) == pieces[parcel]
        joined = union_by_group(shape[~untouched[group]], group[~untouched[group]], groups)
        joined[untouched] = self.parcels[parcel[untouched]]
        return joined


def ground_of(parcels: gpd.GeoDataFrame) -> Ground:
    """Cut the parcels into pieces that are quick to work on."""
    geometry = np.asarray(parcels.geometry.values, dtype=object)
    pieces, source = cut(geometry)
    has_ground = np.bincount(source, minlength=len(geometry)) > 0
    return Ground(geometry, pieces, source, np.where(has_ground, shapely.area(geometry), np.nan))
