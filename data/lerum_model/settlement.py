"""Plans, owners and buildings on the parcels; all of it modelled."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from shapely import Polygon

from lerum_model import backbone, shapes
from lerum_model.backbone import CRS

# What stands in the plan's status column, and what the plan is for.
_PURPOSE = {True: "verksamheter", False: "annat ändamål"}
_DATES = {
    "laga_kraft": ("2021-05-20", "2031-05-20"),
    "genomforandetid_utgangen": ("1998-03-12", "2013-03-12"),
}


def plans(parcels: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, localities: Mapping[str, Polygon]) -> gpd.GeoDataFrame:
    """
    Return some forty plans whose outlines follow the parcels exactly.

    Parameters
    ----------
    parcels
        With `parcel_id`, `unit`, `locality`.
    areas
        Plans outside the villages.
    localities
        Outlines of the villages, in order; each is parted into a few plans for homes.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns of the plans role. Plans do not overlap.
    """
    open_land = parcels.geometry[parcels["use"].isna() & parcels["locality"].isna()]
    rows = []
    for area in areas.itertuples():
        shared = open_land.intersection(area.geometry).area
        members = open_land[
            (shared > 0.5 * open_land.area) | ((shared > 0.3 * area.geometry.area) & (open_land.area < 5e5))
        ]
        members = members if len(members) else open_land.loc[[shared.idxmax()]]
        rows.append((area.status, bool(area.permits_business), area.use, _closed(members)))
    homes = parcels[parcels["unit"].isin(["plot", "block"]) & (parcels["use"] != "common")]
    for position, name in enumerate(localities):
        rng = np.random.default_rng([40, position])
        here = homes[homes["locality"] == name]
        for group in _groups(here, 200_000.0):
            status = "genomforandetid_utgangen" if rng.random() < 0.6 else "laga_kraft"
            rows.append((status, False, "B", _closed(here.geometry.loc[group])))
    frame = gpd.GeoDataFrame(
        rows, columns=["status", "permits_business", "use", "geometry"], geometry="geometry", crs=CRS
    )
    return _described(_apart(frame))


def _groups(homes: gpd.GeoDataFrame, target_m2: float) -> list[pd.Index]:
    """Halve the homes along the longer side until a group is about as large as a plan."""
    waiting, done = [homes.index], []
    while waiting:
        group = waiting.pop()
        shape = homes.geometry.loc[group]
        if shape.area.sum() <= target_m2:
            done.append(group)
            continue
        middle = shape.centroid
        wide = np.ptp(middle.x) >= np.ptp(middle.y)
        order = (middle.x if wide else middle.y).sort_values(kind="stable").index
        waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
    return done


def _closed(members: gpd.GeoSeries) -> shapely.Geometry:
    """Return the parcels of a plan with the streets between them; the outer edge stays on the parcels."""
    union = shapely.union_all(members.to_numpy())
    streets = union.buffer(9, join_style="mitre").buffer(-9, join_style="mitre")
    return shapely.union_all([union, streets])


def _apart(plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give land that two plans reach for to the first, and leave out slivers."""
    taken: shapely.Geometry = Polygon()
    shape = []
    for plan in plans.geometry:
        own = shapely.set_precision(plan.difference(taken), 0.01)
        taken = taken.union(own)
        parts = [part for part in shapes.polygons(own) if part.area > 500]
        shape.append(shapely.normalize(shapely.MultiPolygon(parts)))
    return plans.set_geometry(gpd.GeoSeries(shape, index=plans.index, crs=CRS))


def _described(plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    number = [f"P{position:02d}" for position in range(1, len(plans) + 1)]
    purpose = [
        _PURPOSE[permits] if use != "B" else "bostäder"
        for permits, use in zip(plans["permits_business"], plans["use"], strict=True)
    ]
    dates = plans["status"].map(_DATES)
    return plans.assign(
        plan_id=[f"MODELL-{text}" for text in number],
        name=[f"Modellplan {text} – {what}" for text, what in zip(number, purpose, strict=True)],
        in_force_date=[pair[0] if isinstance(pair, tuple) else None for pair in dates],
        implementation_end_date=[pair[1] if isinstance(pair, tuple) else None for pair in dates],
    )


def owned(parcels: gpd.GeoDataFrame, plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add `owner_category` (many unknown) and `plan_id` (where most of the parcel lies in one plan)."""
    rng = np.random.default_rng(41)
    point = gpd.GeoDataFrame(geometry=parcels.geometry.representative_point(), crs=CRS)
    inside = gpd.sjoin(point, plans[["plan_id", "geometry"]], predicate="within")
    plan = inside["plan_id"].groupby(level=0).first().reindex(parcels.index)
    plan = plan.where(parcels["use"].isna())
    draws = {
        "plot": (["fysisk_person", "okand", "dodsbo"], [0.6, 0.38, 0.02]),
        "block": (["kommun", "kommunalt_bolag", "foretag", "okand"], [0.5, 0.15, 0.15, 0.2]),
        "business": (["kommun", "foretag", "kommunalt_bolag", "okand"], [0.4, 0.35, 0.05, 0.2]),
        "rural": (
            ["fysisk_person", "okand", "foretag", "kommun", "kyrka_stiftelse", "stat", "blandat", "dodsbo"],
            [0.42, 0.3, 0.1, 0.08, 0.03, 0.02, 0.03, 0.02],
        ),
        "corridor": (["okand"], [1.0]),
    }
    owner = pd.Series([rng.choice(draws[unit][0], p=draws[unit][1]) for unit in parcels["unit"]], index=parcels.index)
    use, town = parcels["use"], parcels["locality"].notna()
    owner = owner.mask(use == "rail", "stat").mask((use == "road") & town, "kommun")
    owner = owner.mask((use == "road") & ~town, "stat").mask(use == "common", "samfallighet_ga")
    return parcels.assign(owner_category=owner, plan_id=plan)


def buildings(parcels: gpd.GeoDataFrame, plans: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return homes on plots and farms, schools in the villages and halls in the business areas."""
    rng = np.random.default_rng(42)
    free = parcels[parcels["use"].isna()]
    rows: list[tuple[str, Polygon]] = []
    for parcel in free[free["unit"] == "plot"].itertuples():
        if rng.random() < 0.94:
            rows += [("dwelling", _on(parcel.geometry, rng.uniform(11, 16), rng.uniform(8, 11), rng))]
    for parcel in free[free["unit"] == "block"].itertuples():
        if rng.random() < 0.45:
            kind = "public" if rng.random() < 0.5 else "dwelling"
            rows += [(kind, _on(parcel.geometry, rng.uniform(30, 55), rng.uniform(12, 18), rng))]
    for parcel in free[free["unit"] == "business"].itertuples():
        if rng.random() < 0.55 and parcel.plan_id not in _UNBUILT:
            length, width, _ = shapes.size(parcel.geometry)
            rows += [
                ("business", _on(parcel.geometry, length * rng.uniform(0.4, 0.6), width * rng.uniform(0.4, 0.6), rng))
            ]
    rows += _farms(free[free["unit"] == "rural"], plans, roads, rng)
    frame = gpd.GeoDataFrame(rows, columns=["use", "geometry"], geometry="geometry", crs=CRS)
    return frame.set_geometry(shapely.normalize(shapely.set_precision(frame.geometry.values, 0.01)))


# The fourth plan area: in force, divided, and nothing built yet.
_UNBUILT = {"MODELL-P04"}


def _farms(
    rural: gpd.GeoDataFrame, plans: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, rng: np.random.Generator
) -> list[tuple[str, Polygon]]:
    """Return a dwelling and now and then a barn on a quarter of the parcels that lie at a road."""
    local = shapely.union_all(roads.geometry[~roads["kind"].isin(["motorway", "ramp"])].to_numpy())
    shapely.prepare(local)
    planned = shapely.union_all(plans.geometry[plans["permits_business"]].to_numpy())
    rows: list[tuple[str, Polygon]] = []
    for parcel in rural.itertuples():
        inner = parcel.geometry.buffer(-35)
        if inner.is_empty or rng.random() > 0.27 or local.distance(parcel.geometry) > 30:
            continue
        spot = shapely.ops.nearest_points(inner, local)[0]
        if planned.contains(spot):
            continue
        turn = rng.uniform(0, np.pi)
        rows.append(("dwelling", shapes.rectangle(spot, rng.uniform(12, 17), rng.uniform(8, 11), turn)))
        if rng.random() < 0.5:
            beside = shapely.Point(spot.x + rng.uniform(26, 34), spot.y + rng.uniform(-12, 12))
            rows.append(("farm", shapes.rectangle(beside, rng.uniform(18, 32), rng.uniform(10, 14), turn)))
    return rows


def _on(parcel: Polygon, length: float, width: float, rng: np.random.Generator) -> Polygon:
    """Return a building along the parcel, pushed a little off its middle and kept inside."""
    _, _, direction = shapes.size(parcel)
    middle = parcel.centroid if parcel.contains(parcel.centroid) else parcel.representative_point()
    spot = shapely.Point(middle.x + rng.uniform(-2.5, 2.5), middle.y + rng.uniform(-2.5, 2.5))
    house = shapes.rectangle(spot, length, width, direction + rng.normal(0, 0.03))
    inside = shapes.polygons(house.intersection(parcel.buffer(-2)))
    return max(inside, key=lambda part: part.area) if inside else shapes.rectangle(spot, 8, 6, direction)


def places() -> gpd.GeoDataFrame:
    """Return the villages as points."""
    rows = [(name, population, shapely.Point(e, n)) for name, e, n, population, *_ in backbone.PLACES]
    return gpd.GeoDataFrame(rows, columns=["name", "population", "geometry"], geometry="geometry", crs=CRS)
