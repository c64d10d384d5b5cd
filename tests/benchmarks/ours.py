"""The same screening with landready's verbs: `ours.py CASE SIZE OUT`."""

import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from case import BUILDING_BUFFER_M, BUSINESS, HARD, MAIN_CATEGORIES, STRONG, VALUES, WEIGHTS, extent
from timing import Clock

# By name, so that nothing is loaded while the clock runs; the other side loads its libraries before it too.
from landready import (
    Constraint,
    Criterion,
    Measured,
    Profile,
    ValueFunction,
    assemble,
    classify_land,
    distance_to,
    overlap_share,
    read,
    read_raster,
    score,
    slope,
    travel_time,
    zonal,
)

# The measures are named for their unit only; what they were measured with is not needed to score them.
CRITERIA = tuple(
    Criterion(id=name, measure="area", value=ValueFunction(points=points)) for name, points in VALUES.items()
)


def main(folder: Path, size: str, out: Path) -> None:
    """Screen the case in the folder."""
    clock = Clock()
    mapped = extent(size)

    def layer(role, file, **options):
        return read(folder / f"{file}.gpkg", role=role, known_extent=mapped, name=file, **options)

    with clock.phase("read"):
        parcels = layer("parcels", "parcels")
        restricting = {
            "water": layer("water", "water"),
            "reserves": layer("nature_reserves", "reserves"),
            "flood": layer("flood", "flood"),
            "farmland": layer("farmland", "farmland"),
            "buildings": layer("buildings", "buildings"),
        }
        plans = layer("plans", "plans", where=BUSINESS)
        roads = layer("roads", "roads")
        stations = layer("stations", "stations")
        heights = read_raster(folder / "heights.tif")
    with clock.phase("land"):
        buffers = {"buildings": BUILDING_BUFFER_M}
        kinds = dict.fromkeys(HARD, "hard") | dict.fromkeys(STRONG, "strong")
        land = classify_land(
            parcels,
            [
                Constraint(name, restricting[name], kind=kind, buffer_m=buffers.get(name, 0.0))
                for name, kind in kinds.items()
            ],
        )
        table = pd.DataFrame(land.frame[["area_ha", "free_ha", "conditional_ha", "excluded_ha"]])
        shares = land.shares.reset_index().pivot_table(index="parcel_id", columns="constraint", values="affected_share")
        table[[f"{name}_share" for name in kinds]] = shares.loc[table.index, list(kinds)]
        table["free_share"] = table["free_ha"] / table["area_ha"]
    with clock.phase("sites"):
        sites = assemble(land, min_site_ha=1.0, max_site_ha=float("inf"), min_width_m=0)
    with clock.phase("distances"):
        main_roads = roads.rows(roads.frame["road_category"].isin(MAIN_CATEGORIES))
        table["main_road_m"] = distance_to(parcels, main_roads)
        table["station_m"] = distance_to(parcels, stations)
    with clock.phase("plan share"):
        table["plan_share"] = overlap_share(parcels, plans)
    with clock.phase("travel time"):
        table["station_min"] = travel_time(parcels, roads, stations)
    with clock.phase("terrain"):
        table["slope_pct"] = zonal(parcels, slope(heights))["mean"]
    with clock.phase("score"):
        values = table[list(WEIGHTS)]
        state = values.notna().replace({True: "known", False: "unknown"})
        no_bound = values.notna() & False
        nothing = pd.DataFrame(None, values.index, values.columns, dtype=object)
        measured = Measured(values, state, no_bound, nothing, nothing, CRITERIA)
        table["score"] = score(measured, Profile(id="p", name="P", weights=WEIGHTS)).frame["total"]
    with clock.phase("write"):
        result = gpd.GeoDataFrame(table, geometry=parcels.frame.geometry, crs=parcels.crs)
        pyogrio.write_dataframe(result.reset_index(), out, layer="parcels", use_arrow=True)
        pyogrio.write_dataframe(sites.frame.reset_index(), out, layer="sites", use_arrow=True, append=True)
    clock.write(out.with_suffix(".json"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
