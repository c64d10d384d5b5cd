"""Plots with homes, and built plots: parcels that buildings make no candidates for business land.

No register says which parcel is somebody's home. A parcel of ordinary plot size that holds a dwelling is taken for
one, and a parcel that buildings cover to a good part for built; the thresholds are in `rules/constraints.se.toml`.
"""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.errors import ColumnError, number_findings, refuse
from landready.geometry.overlay import Shapes, pairs
from landready.geometry.patches import inside
from landready.land.ground import Ground, ground_of
from landready.layers.adapter import POLYGON, as_layer
from landready.model import Layer, LayerLike, Ledger
from landready.where import matches, missing_column

DWELLING = "dwelling"
_M2_PER_HA = 1e4


def home_plots(parcels: LayerLike, buildings: LayerLike, *, max_plot_ha: float) -> Layer:
    """
    Return the parcels that are plots with homes.

    Parameters
    ----------
    parcels
        Polygons.
    buildings
        Polygons with the column `use`, `"dwelling"` for homes. A building belongs to the parcel that holds its
        representative point.
    max_plot_ha
        Largest area of such a plot (≤), hectares; a farm with a farmhouse is no plot.

    Returns
    -------
    Layer
        The parcels with their columns. Its known extent is where buildings were mapped, without the parcels of
        plot size that reach beyond it and show no home so far.

    Raises
    ------
    InputError, CrsError, ColumnError
        Layers that cannot be measured, in different CRSs, without `use`, or a limit that is no area.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> e, n = 330_000, 6_405_000
    >>> plot = gpd.GeoDataFrame(geometry=[shapely.box(e, n, e + 40, n + 30)], index=["Berg 1:2"], crs=3006)
    >>> house = [shapely.box(e + 5, n + 5, e + 15, n + 15)]
    >>> house = gpd.GeoDataFrame({"use": ["dwelling"]}, geometry=house, crs=3006)
    >>> home_plots(plot, house, max_plot_ha=0.5).frame.index.tolist()
    ['Berg 1:2']
    """
    refuse(number_findings(max_plot_ha, name="max_plot_ha", above=0, allow_infinite=True))
    land, built = _inputs(parcels, buildings)
    if "use" not in built.frame.columns:
        raise ColumnError(missing_column("use", built.frame, built.name))
    ground = ground_of(land.frame)
    point = shapely.point_on_surface(np.asarray(built.frame.geometry.values, dtype=object))
    i, j = pairs(ground.pieces, point)
    homes = matches(built.frame, {"use": DWELLING}, layer=built.name).to_numpy()
    holds = np.zeros(len(ground.parcels), dtype=bool)
    holds[ground.source[i[homes[j]]]] = True
    small = ground.area <= max_plot_ha * _M2_PER_HA
    off = np.setdiff1d(np.flatnonzero(homes & ~shapely.is_missing(point)), j)
    told = Ledger.entry("home_plots", built.name, "building_off_parcel", ids=built.frame.index[off])
    return _plots("home_plots", land, built, ground, chosen=small & holds, open_=small & ~holds, ledger=told)


def built_plots(parcels: LayerLike, buildings: LayerLike, *, min_built_share: float) -> Layer:
    """
    Return the parcels that buildings cover to at least a share of their area.

    Parameters
    ----------
    parcels, buildings
        Polygons. Overlapping buildings count once.
    min_built_share
        Smallest share (≥), above 0 and at most 1.

    Returns
    -------
    Layer
        The parcels with their columns. Its known extent is where buildings were mapped, without the parcels that
        reach beyond it and do not hold the share so far.

    Raises
    ------
    InputError, CrsError
        Layers that cannot be measured, in different CRSs, or a limit that is no share.
    """
    refuse(number_findings(min_built_share, name="min_built_share", above=0, maximum=1))
    land, built = _inputs(parcels, buildings)
    ground = ground_of(land.frame)
    footprints = np.asarray(built.frame.geometry.values, dtype=object)
    built_on = inside(ground.pieces, footprints)
    share = ground.per_parcel(built_on.place, built_on.m2) / ground.area
    # A share that is exactly the limit must not fall short by rounding.
    chosen = share >= min_built_share - 1e-12
    return _plots("built_plots", land, built, ground, chosen=chosen, open_=share < min_built_share)


def _inputs(parcels: LayerLike, buildings: LayerLike) -> tuple[Layer, Layer]:
    land = as_layer(parcels, name="parcels", kinds=(POLYGON,))
    return land, as_layer(buildings, name="buildings", kinds=(POLYGON,), like=land)


def _plots(
    name: str,
    land: Layer,
    built: Layer,
    ground: Ground,
    *,
    chosen: NDArray[np.bool_],
    open_: NDArray[np.bool_],
    ledger: Ledger | None = None,
) -> Layer:
    """Return the chosen parcels as a layer that says what it stands on."""
    frame: gpd.GeoDataFrame = land.frame[chosen]
    dates = [layer.date for layer in (land, built)]
    return Layer(
        name=name,
        frame=frame,
        role=name,
        source=" + ".join(layer.source or layer.name for layer in (land, built)),
        # No newer than the older of the two; unknown if either is.
        date=min(date for date in dates if date) if all(dates) else None,
        known_extent=_decided(built.known_extent, ground.parcels[open_]),
        modelled=land.modelled or built.modelled,
        ledger=land.ledger + built.ledger + (ledger or Ledger.empty()),
    )


def _decided(extent: BaseGeometry | None, undecided: Shapes) -> BaseGeometry | None:
    """Return the extent without the parcels that reach beyond it, whose buildings are known in part only."""
    if extent is None:
        return None
    own = shapely.normalize(extent)  # a copy: prepared geometries must not be shared between threads
    shapely.prepare(own)
    crossing = undecided[shapely.intersects(own, undecided) & ~shapely.covers(own, undecided)]
    if not len(crossing):
        return extent
    decided: BaseGeometry = shapely.difference(own, shapely.union_all(shapely.normalize(crossing)))
    return decided
