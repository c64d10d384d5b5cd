"""Mend geometries so that they can be measured, and list every mend.

Validity by GEOS's structure method, which keeps the area of a polygon whose rings touch or cross; height
values are dropped, since every measure is in the plane.
"""

import geopandas as gpd
import numpy as np
import shapely

from landready.geometry.parts import keep_dimension
from landready.geometry.threads import in_chunks
from landready.model import Ledger

# How many geometries a thread looks at before the next has its turn.
_AT_A_TIME = 8192


def repair(frame: gpd.GeoDataFrame, *, layer: str, present: bool = False) -> tuple[gpd.GeoDataFrame, Ledger]:
    """
    Return the frame with valid two-dimensional geometries, and the ledger of what was done.

    Parameters
    ----------
    frame
        Any features. Not changed; returned as it is when there is nothing to mend.
    layer
        What the ledger calls it.
    present
        Whether it is known that no geometry is missing or empty, which takes a while to look for.

    Returns
    -------
    geopandas.GeoDataFrame, Ledger
        Same index in the same order. Rows without geometry stay and are listed.
    """
    # A plain array: asked of one of geopandas, each question would take several times as long.
    geometry = np.asarray(frame.geometry.values, dtype=object)
    nowhere = np.zeros(len(geometry), dtype=bool)
    missing = nowhere if present else shapely.is_missing(geometry)
    empty = nowhere if present else shapely.is_empty(geometry) & ~missing
    has_z = shapely.has_z(geometry)
    flat = shapely.force_2d(geometry) if has_z.any() else geometry
    invalid = ~in_chunks(shapely.is_valid, flat, chunk=_AT_A_TIME) & ~missing
    mixed = np.asarray(shapely.get_type_id(flat)) == shapely.GeometryType.GEOMETRYCOLLECTION
    if not (missing | empty | has_z | invalid | mixed).any():
        return frame, Ledger.empty()
    ledger = (
        Ledger.entry("repair", layer, "null_geometry", ids=frame.index[missing])
        + Ledger.entry("repair", layer, "empty_geometry", ids=frame.index[empty])
        + Ledger.entry("repair", layer, "z_dropped", ids=frame.index[has_z])
    )
    if not (has_z | invalid | mixed).any():
        return frame, ledger
    mended = flat.copy()
    dimension = shapely.get_dimensions(flat[invalid])
    mended[invalid] = keep_dimension(
        shapely.make_valid(flat[invalid], method="structure", keep_collapsed=False), dimension
    )
    changed_ha = float(np.abs(shapely.area(mended[invalid]) - shapely.area(flat[invalid])).sum()) / 1e4
    ledger += Ledger.entry("repair", layer, "repaired", ids=frame.index[invalid], area_ha=changed_ha)
    # Of a collection only the parts of its highest dimension can be measured: polygons, else lines.
    mended[mixed] = keep_dimension(mended[mixed], shapely.get_dimensions(mended[mixed]))
    ledger += Ledger.entry("repair", layer, "collection_parts", ids=frame.index[mixed & ~empty])
    return frame.set_geometry(gpd.GeoSeries(mended, index=frame.index, crs=frame.crs)), ledger
