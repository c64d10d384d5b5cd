"""The screening as a good analyst writes it with geopandas, networkx and rasterstats: `plain.py CASE SIZE OUT`."""

import sys
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import rasterio
import shapely
from case import BUILDING_BUFFER_M, BUSINESS, HARD, MAIN_CATEGORIES, QUAD_SEGS, STRONG, VALUES, WEIGHTS
from rasterstats import zonal_stats
from scipy.spatial import cKDTree
from timing import Clock


def main(folder: Path, out: Path) -> None:
    """Screen the case in the folder."""
    clock = Clock()
    with clock.phase("read"):
        names = ("parcels", *HARD, *STRONG, "plans", "roads", "stations")
        layers = {name: gpd.read_file(folder / f"{name}.gpkg", use_arrow=True) for name in names}
        with rasterio.open(folder / "heights.tif") as file:
            heights = file.read(1, masked=True).astype("float64").filled(np.nan)
            affine = file.transform
    parcels = layers["parcels"].set_index("parcel_id")
    with clock.phase("land"):
        layers["buildings"] = layers["buildings"].set_geometry(layers["buildings"].buffer(BUILDING_BUFFER_M, QUAD_SEGS))
        joined = {name: flat(layers[name]) for name in (*HARD, *STRONG)}
        hard = flat(pd.concat([joined[name] for name in HARD]))
        remaining = gpd.overlay(parcels.reset_index(), hard, how="difference", keep_geom_type=True)
        table = pd.DataFrame({"area_ha": parcels.area / 1e4})
        for name in (*HARD, *STRONG):
            table[f"{name}_share"] = covered(parcels, joined[name]) / parcels.area
        remaining_ha = (remaining.set_index("parcel_id").area / 1e4).reindex(parcels.index, fill_value=0.0)
        table["conditional_ha"] = (
            covered(remaining.set_index("parcel_id"), joined["farmland"]).reindex(parcels.index, fill_value=0.0) / 1e4
        )
        table["free_ha"] = remaining_ha - table["conditional_ha"]
        table["excluded_ha"] = table["area_ha"] - remaining_ha
        table["free_share"] = table["free_ha"] / table["area_ha"]
    with clock.phase("sites"):
        # dissolve's own union_all; explode keeps what meets in a point apart
        sites = remaining[["geometry"]].dissolve().explode(ignore_index=True)
        sites["area_ha"] = sites.area / 1e4
        sites = sites[sites["area_ha"] >= 1.0]
        sites = sites.join(of_parcels(remaining, sites, joined["farmland"]))
    with clock.phase("distances"):
        main_roads = layers["roads"][layers["roads"]["road_category"].isin(MAIN_CATEGORIES)]
        table["main_road_m"] = nearest(parcels, main_roads)
        table["station_m"] = nearest(parcels, layers["stations"])
    with clock.phase("plan share"):
        plans = layers["plans"]
        chosen = (plans[list(BUSINESS)] == pd.Series(BUSINESS)).all(axis=1)
        table["plan_share"] = covered(parcels, flat(plans[chosen])) / parcels.area
    with clock.phase("travel time"):
        table["station_min"] = minutes(parcels, layers["roads"], layers["stations"])
    with clock.phase("terrain"):
        found = zonal_stats(parcels, horn(heights), affine=affine, nodata=np.nan, stats=["mean", "count"])
        table["slope_pct"] = np.array([row["mean"] for row in found], dtype="float64")
        table["slope_cells"] = np.array([row["count"] for row in found], dtype="float64")
    with clock.phase("score"):
        table["score"] = score(table)
    with clock.phase("write"):
        result = gpd.GeoDataFrame(table, geometry=parcels.geometry, crs=parcels.crs).reset_index()
        result.to_file(out, layer="parcels")
        sites.to_file(out, layer="sites")
    clock.write(out.with_suffix(".json"))


def flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the ground the features cover, counted once, as single polygons."""
    return gpd.GeoDataFrame(geometry=[frame.union_all()], crs=frame.crs).explode(ignore_index=True)


def covered(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return how many square metres of each row the areas cover."""
    both = gpd.overlay(frame.reset_index()[["parcel_id", "geometry"]], areas, how="intersection", keep_geom_type=True)
    return both.area.groupby(both["parcel_id"]).sum().reindex(frame.index, fill_value=0.0)


def of_parcels(remaining: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, farmland: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each site is made of: its parcels, the one with most land in it, and the land by class."""
    pieces = remaining.explode(ignore_index=True)
    points = pieces.set_geometry(pieces.representative_point())
    # A piece lies whole in one site, so that a point of it tells which.
    pieces["site"] = points.sjoin(sites[["geometry"]], predicate="intersects")["index_right"]
    pieces = pieces.dropna(subset="site")
    pieces["ha"] = pieces.area / 1e4
    members = pieces.groupby(["site", "parcel_id"])["ha"].sum().reset_index()
    members = members[members["ha"] >= 1e-4]  # less than a square metre is no land of a parcel
    tried = gpd.overlay(pieces[["site", "geometry"]], farmland, how="intersection", keep_geom_type=True)
    table = members.groupby("site").agg(parcels=("parcel_id", "size"), ha=("ha", "sum"))
    table["main_parcel"] = members.loc[members.groupby("site")["ha"].idxmax()].set_index("site")["parcel_id"]
    table["conditional_ha"] = (tried.area.groupby(tried["site"]).sum() / 1e4).reindex(table.index, fill_value=0.0)
    table["free_ha"] = table.pop("ha") - table["conditional_ha"]
    return table


def nearest(frame: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> pd.Series:
    """Return the distance to the nearest target; ties come as several rows."""
    found = frame[["geometry"]].sjoin_nearest(targets[["geometry"]], distance_col="metres")["metres"]
    return found[~found.index.duplicated()].reindex(frame.index)


def minutes(parcels: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> np.ndarray:
    """Return the drive from the crossing nearest to each parcel to the station reached first."""
    lines = roads.geometry.to_numpy()
    ends = [shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]
    cost = shapely.length(lines) / 1000 / roads["speed_kmh"].to_numpy() * 60
    graph = nx.Graph()
    for start, end, time in zip(map(tuple, ends[0]), map(tuple, ends[1]), cost, strict=True):
        graph.add_edge(start, end, minutes=time)
    nodes = np.array(graph.nodes)
    tree = cKDTree(nodes)
    aims = {tuple(nodes[i]) for i in tree.query(shapely.get_coordinates(stations.geometry.values))[1]}
    time = nx.multi_source_dijkstra_path_length(graph, aims, weight="minutes")
    start = tree.query(shapely.get_coordinates(parcels.centroid.values))[1]
    return np.array([time.get(tuple(nodes[i]), np.inf) for i in start])


def horn(heights: np.ndarray) -> np.ndarray:
    """Return the slope in percent (Horn 1981); the outermost cells have none."""
    z = heights
    east = (z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:] - z[:-2, :-2] - 2 * z[1:-1, :-2] - z[2:, :-2]) / 80
    north = (z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:] - z[2:, :-2] - 2 * z[2:, 1:-1] - z[2:, 2:]) / 80
    slope = np.full(z.shape, np.nan)
    slope[1:-1, 1:-1] = 100 * np.hypot(east, north)
    return slope


def score(table: pd.DataFrame) -> pd.Series:
    """Return the weighted mean of what is known."""
    worth = pd.DataFrame(
        {name: np.interp(table[name], *zip(*VALUES[name], strict=True)) for name in WEIGHTS}, table.index
    )
    weights = pd.Series(WEIGHTS)
    return (worth * weights).sum(axis=1) / (worth.notna() * weights).sum(axis=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]))
