"""Which plan a parcel lies in, so that large land is cut where plans meet."""

import numpy as np
import pandas as pd
import shapely

from landready.geometry.cutting import cut
from landready.geometry.overlay import overlap_of, pairs
from landready.layers.adapter import as_layer
from landready.model import Layer, LayerLike


def with_plan(parcels: LayerLike, plans: LayerLike) -> Layer:
    """
    Return the parcels with `plan_id`, the plan that covers most of each.

    Parameters
    ----------
    parcels
        Polygons. A `plan_id` they already have stays where it is known.
    plans
        Polygons, whose index is the plan's id.

    Returns
    -------
    Layer
        The parcels; `plan_id` is None where no plan was found, which does not say that there is none.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> parcels = gpd.GeoDataFrame(geometry=[shapely.box(5e5, 6.4e6, 5e5 + 9, 6.4e6 + 9)], index=["A 1:1"], crs=3006)
    >>> plans = gpd.GeoDataFrame(geometry=[shapely.box(5e5, 6.4e6, 5e5 + 5, 6.4e6 + 9)], index=["P1"], crs=3006)
    >>> with_plan(parcels, plans).frame["plan_id"].tolist()
    ['P1']
    """
    here = as_layer(parcels, name="parcels", kinds=["polygon"])
    there = as_layer(plans, name="plans", kinds=["polygon"], like=here)
    shapes = np.asarray(here.frame.geometry.values, dtype=object)
    pieces, source = cut(np.asarray(there.frame.geometry.values, dtype=object))
    i, j = pairs(shapes, pieces)
    apart = shapely.touches(shapes[i], pieces[j])
    i, j = i[~apart], j[~apart]
    m2 = shapely.area(shapes[i])
    crossing = ~shapely.covers(pieces[j], shapes[i])
    m2[crossing] = shapely.area(overlap_of(shapes[i[crossing]], pieces[j[crossing]]))
    shared = pd.DataFrame({"parcel": i, "plan": there.frame.index.to_numpy()[source[j]], "m2": m2})
    total = shared.groupby(["parcel", "plan"], as_index=False)["m2"].sum()
    # The largest overlap wins; equal overlaps go to the first id, so that row order does not matter.
    total = total[total["m2"] > 0].sort_values(["parcel", "m2", "plan"], ascending=[True, False, True])
    largest = total.drop_duplicates("parcel").set_index("parcel")["plan"]
    found = pd.Series(largest.reindex(range(len(shapes))).to_numpy(dtype=object), index=here.frame.index)
    found = found.where(found.notna(), None)
    if "plan_id" in here.frame.columns:
        given = here.frame["plan_id"].astype(object)
        found = given.where(given.notna(), found)
    return here.with_frame(here.frame.assign(plan_id=found))
