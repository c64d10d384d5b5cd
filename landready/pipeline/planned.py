"""Which plans each site lies in, with their status and dates."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.geometry.overlay import overlap_of, pairs
from landready.model import Layer

COLUMNS = (
    "site_id",
    "plan_id",
    "name",
    "status",
    "adopted_date",
    "in_force_date",
    "implementation_end_date",
    "ha",
    "share",
)

_M2_PER_HA = 1e4
_TOLD = list(COLUMNS[2:-2])
# What of a plan is smaller than this in a site is where lines drawn twice differ.
_LEAST_M2 = 100.0


def plans_of_sites(plans: Sequence[Layer], sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Lay the plans over the sites.

    Parameters
    ----------
    plans
        Layers with role `plans`, in the CRS of the sites.
    sites
        Polygons; the index is the site's id.

    Returns
    -------
    pandas.DataFrame
        One row per site and plan that share at least 0.01 ha: `site_id`, `plan_id`, `name`, `status`, `adopted_date`,
        `in_force_date`, `implementation_end_date` (as text, `YYYY-MM-DD`; missing where the layer does not say), `ha`,
        `share` (of the site, 0–1). In the order of the sites, the largest plan first. A site without a row lies in no
        plan of the layers, which is not to say that it has none.
    """
    tables = [table for table in (_of_layer(layer, sites) for layer in plans) if len(table)]
    found = pd.concat(tables) if tables else pd.DataFrame(columns=list(COLUMNS))
    place = found["site_id"].map(pd.Series(range(len(sites)), index=sites.index))
    order = np.lexsort((found["plan_id"].astype(str), -found["ha"].astype("float64"), place))
    return found.iloc[order].reset_index(drop=True)


def _of_layer(layer: Layer, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    land, shapes = sites.geometry.to_numpy(), layer.frame.geometry.to_numpy()
    site, plan = pairs(land, shapes)
    area = shapely.area(overlap_of(land[site], shapes[plan]))
    seen = area >= _LEAST_M2
    site, plan, area = site[seen], plan[seen], area[seen]
    told = layer.frame.reindex(columns=_TOLD).iloc[plan]
    columns = {name: _words(told[name]) for name in _TOLD}
    ha = area / _M2_PER_HA
    where = {"site_id": sites.index[site], "plan_id": layer.frame.index[plan].astype(str)}
    return pd.DataFrame({**where, **columns, "ha": ha, "share": area / shapely.area(land)[site]})


def _words(values: pd.Series) -> list[str | None]:
    """Return text as it is and days without the hour; None for what is missing."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return [None if pd.isna(value) else value.strftime("%Y-%m-%d") for value in values]
    return [None if pd.isna(value) else str(value)[: 10 if values.name in _TOLD[2:] else None] for value in values]
