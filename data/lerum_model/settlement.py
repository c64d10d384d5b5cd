"""Owners, what the municipality holds, buildings and places; all of it modelled."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from shapely import Polygon

from lerum_model import backbone, shapes
from lerum_model.backbone import CRS

# Unit → owner categories and how likely each is; many are unknown, as in practice.
_OWNERS = {
    "plot": (["fysisk_person", "okand", "dodsbo"], [0.6, 0.38, 0.02]),
    "homestead": (["fysisk_person", "okand", "dodsbo"], [0.66, 0.31, 0.03]),
    "block": (["kommun", "kommunalt_bolag", "foretag", "okand"], [0.5, 0.15, 0.15, 0.2]),
    "business": (["kommun", "foretag", "kommunalt_bolag", "okand"], [0.35, 0.4, 0.05, 0.2]),
    "rural": (
        ["fysisk_person", "okand", "foretag", "kommun", "kyrka_stiftelse", "stat", "blandat", "dodsbo"],
        [0.43, 0.31, 0.09, 0.08, 0.03, 0.02, 0.03, 0.01],
    ),
    "corridor": (["okand"], [1.0]),
}


def with_purpose(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say what lots and whole street blocks are for: `purpose` is grove, school, flats or centre, else None."""
    rng = np.random.default_rng(46)
    seats = gpd.GeoSeries([shapely.Point(e, n) for _, e, n, *_ in backbone.PLACES[:4]], crs=CRS)
    purpose = parcels["purpose"].astype(object).where(parcels["purpose"].notna(), None)
    blocks = parcels[(parcels["unit"] == "block") & parcels["use"].isna() & purpose.isna()]
    for index, shape in blocks.geometry.items():
        _, width, _ = shapes.size(shape)
        away = seats.distance(shape.centroid).min()
        if width < 22 or shape.area > 3.4e4:
            purpose[index] = "grove"
        elif shape.area < 7e3 and away > 250 and rng.random() < 0.05:
            purpose[index] = "school"
        elif shape.area < 7e3:
            purpose[index] = "centre" if rng.random() < 0.75 - away / 500 else "flats"
        else:
            purpose[index] = rng.choice(["flats", "school", "grove"], p=[0.25, 0.4, 0.35])
    return parcels.assign(purpose=purpose)


def owned(parcels: gpd.GeoDataFrame, plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add `owner_category` (many unknown) and `plan_id` (where most of the parcel lies in one plan)."""
    rng = np.random.default_rng(41)
    point = gpd.GeoDataFrame(geometry=parcels.geometry.representative_point(), crs=CRS)
    inside = gpd.sjoin(point, plans[["plan_id", "geometry"]], predicate="within")
    plan = inside["plan_id"].groupby(level=0).first().reindex(parcels.index)
    plan = plan.where(parcels["use"].isna())
    owner = pd.Series([rng.choice(_OWNERS[u][0], p=_OWNERS[u][1]) for u in parcels["unit"]], index=parcels.index)
    use, town = parcels["use"], parcels["locality"].notna()
    owner = owner.mask(use == "rail", "stat").mask((use == "road") & town, "kommun")
    owner = owner.mask((use == "road") & ~town, "stat").mask(use == "common", "samfallighet_ga")
    owner = owner.mask(parcels["purpose"].isin(["grove", "school"]), "kommun")
    return parcels.assign(owner_category=owner, plan_id=plan)


def holdings(parcels: gpd.GeoDataFrame, plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the land the municipality holds or has an option on, with the parcels' geometry.

    `holding` is how it came to it, `control` what it may do with it: ownership, option, or lease where the land is
    leased out.
    """
    rng = np.random.default_rng(47)
    land = parcels[parcels["use"].isna() & (parcels["unit"] != "plot")]
    owned_by = {"kommun": "markreserv", "kommunalt_bolag": "kommunalt bolag"}
    held = land[land["owner_category"].isin(owned_by)]
    rows = [
        (p.parcel_id, owned_by[p.owner_category], int(rng.integers(1958, 2025)),
         "lease" if p.unit == "rural" and rng.random() < 0.3 else "ownership", p.geometry)
        for p in held.itertuples()
    ]  # fmt: skip
    coming = plans.loc[
        plans["permits_business"] & ~plans["status"].isin(["genomforandetid_utgangen", "upphavd"]), "plan_id"
    ]
    wanted = land[land["plan_id"].isin(coming) & ~land.index.isin(held.index)]
    rows += [
        (p.parcel_id, "optionsavtal", int(rng.integers(2019, 2026)), "option", p.geometry)
        for p in wanted.itertuples() if rng.random() < 0.45
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(
        rows, columns=["parcel_id", "holding", "since_year", "control", "geometry"], geometry="geometry", crs=CRS
    )
    return frame.sort_values("parcel_id", kind="stable").reset_index(drop=True)


def buildings(parcels: gpd.GeoDataFrame, plans: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return homes on plots and farms, flats, schools and shops in the villages, and halls in the business areas."""
    rng = np.random.default_rng(42)
    streets = roads.geometry[roads["kind"].isin(["street", "lane", "minor", "main"])].to_numpy()
    free = parcels[parcels["use"].isna()]
    rows: list[tuple[str, Polygon]] = []
    rows += _villas(free[free["unit"].isin(["plot", "homestead"])], streets, rng)
    for parcel in free[free["purpose"].isin(["flats", "school", "centre"])].itertuples():
        rows += _large_houses(parcel.geometry, parcel.purpose, rng)
    unbuilt = {plan.plan_id for plan in plans.itertuples() if plan.year >= 2021}
    for parcel in free[free["unit"] == "business"].itertuples():
        if rng.random() < 0.62 and parcel.plan_id not in unbuilt:
            length, width, _ = shapes.size(parcel.geometry)
            rows += _on(
                parcel.geometry, length * rng.uniform(0.4, 0.6), width * rng.uniform(0.4, 0.62), rng, "business"
            )
    rows += _farms(free[free["unit"] == "rural"], plans, roads, rng)
    frame = gpd.GeoDataFrame(rows, columns=["use", "geometry"], geometry="geometry", crs=CRS)
    return frame.set_geometry(shapely.normalize(shapely.set_precision(frame.geometry.values, 0.01)))


def _villas(plots: gpd.GeoDataFrame, streets: np.ndarray, rng: np.random.Generator) -> list[tuple[str, Polygon]]:
    """Return a house on most plots, along the plot's street and nearer to it than to the back."""
    middle = shapely.centroid(plots.geometry.values)
    street = streets[shapely.STRtree(streets).nearest(middle)]
    front = shapely.line_interpolate_point(street, shapely.line_locate_point(street, middle))
    rows = []
    for plot, centre, door in zip(plots.geometry, middle, front, strict=True):
        if rng.random() > 0.95:
            continue
        dx, dy = door.x - centre.x, door.y - centre.y
        away = max(float(np.hypot(dx, dy)), 1.0)
        move = min(rng.uniform(0, 4), away / 4)
        spot = shapely.Point(
            centre.x + dx / away * move + rng.normal(0, 1), centre.y + dy / away * move + rng.normal(0, 1)
        )
        length, width = rng.uniform(10, 16), rng.uniform(7.5, 10.5)
        turn = np.arctan2(dy, dx) + np.pi / 2 + (np.pi / 2 if rng.random() < 0.25 else 0)
        house = shapes.rectangle(spot, length, width, turn)
        if plot.area > 250 and plot.buffer(-1).contains(house):
            rows.append(("dwelling", house))
        else:
            rows += _on(plot, min(length, 11), min(width, 7.5), rng, "dwelling")
    return rows


def _large_houses(block: Polygon, purpose: str, rng: np.random.Generator) -> list[tuple[str, Polygon]]:
    """Return slabs of flats side by side, a school, or a row of shops."""
    kind = {"flats": "dwelling", "school": "public", "centre": "business"}[purpose]
    length, width, direction = shapes.size(block)
    inner = block.buffer(-4)
    count = {"flats": int(np.clip(block.area // 2300, 1, 7)), "school": 2, "centre": 2}[purpose]
    middle = np.asarray(block.centroid.coords[0])
    along = np.array([np.cos(direction), np.sin(direction)])
    rows = []
    for k in range(count):
        at = middle + along * length * ((k + 0.5) / count - 0.5) * 0.85
        long, wide = min(width * 0.6, rng.uniform(28, 48)), rng.uniform(11, 15)
        turn = direction + np.pi / 2 + rng.normal(0, 0.05)
        slabs = [shapes.rectangle(shapely.Point(at), long * part, wide * part, turn) for part in (1.0, 0.8, 0.65)]
        rows += [(kind, slab) for slab in slabs if inner.contains(slab)][:1]
    return rows


def _farms(
    rural: gpd.GeoDataFrame, plans: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, rng: np.random.Generator
) -> list[tuple[str, Polygon]]:
    """Return a dwelling and now and then a barn on some of the parcels that lie at a road."""
    local = shapely.union_all(roads.geometry[~roads["kind"].isin(["motorway", "ramp"])].to_numpy())
    shapely.prepare(local)
    planned = shapely.union_all(plans.geometry[plans["permits_business"]].to_numpy())
    rows: list[tuple[str, Polygon]] = []
    for parcel in rural.itertuples():
        inner = parcel.geometry.buffer(-35)
        if inner.is_empty or rng.random() > 0.13 or local.distance(parcel.geometry) > 30:
            continue
        spot = shapely.ops.nearest_points(inner, local)[0]
        if planned.contains(spot):
            continue
        turn = rng.uniform(0, np.pi)
        rows.append(("dwelling", shapes.rectangle(spot, rng.uniform(12, 17), rng.uniform(8, 11), turn)))
        if rng.random() < 0.6:
            beside = shapely.Point(spot.x + rng.uniform(26, 30), spot.y + rng.uniform(-12, 12))
            barn = shapes.rectangle(beside, rng.uniform(18, 32), rng.uniform(10, 14), turn)
            if parcel.geometry.contains(barn):
                rows.append(("farm", barn))
    return rows


def _on(parcel: Polygon, length: float, width: float, rng: np.random.Generator, kind: str) -> list[tuple[str, Polygon]]:
    """Return a building along the parcel, pushed a little off its middle; none where it has no room."""
    _, _, direction = shapes.size(parcel)
    middle = parcel.centroid if parcel.contains(parcel.centroid) else parcel.representative_point()
    spot = shapely.Point(middle.x + rng.uniform(-2, 2), middle.y + rng.uniform(-2, 2))
    inner = parcel.buffer(-0.5)
    for shrink in (1.0, 0.8, 0.65):
        house = shapes.rectangle(spot, length * shrink, width * shrink, direction + rng.normal(0, 0.03))
        if inner.contains(house):
            return [(kind, house)]
        spot = middle
    return []


def places() -> gpd.GeoDataFrame:
    """Return the villages as points."""
    rows = [(name, population, shapely.Point(e, n)) for name, e, n, population, *_ in backbone.PLACES]
    return gpd.GeoDataFrame(rows, columns=["name", "population", "geometry"], geometry="geometry", crs=CRS)
