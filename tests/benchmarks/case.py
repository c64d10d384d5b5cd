"""A made-up municipality to measure on: every layer a screening needs, drawn from one seed, in files.

All of it is invented. The parcels are an exact coverage (neighbours share every vertex), small in villages and large
outside them.
"""

import heapq
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from rasterio.transform import from_origin

CRS = "EPSG:3006"
WEST, SOUTH = 326_000.0, 6_390_000.0  # so that Lerum lies inside
ORIGIN = np.array([WEST, SOUTH])
CELL_M = 10.0
BLOCK_M = 400.0  # between the roads of the network
MAIN_CATEGORIES = (1, 2)
BUSINESS = {"status": "laga_kraft", "permits_business": True}
BUILDING_BUFFER_M = 15.0
QUAD_SEGS = 16
WEIGHTS = {
    "free_share": 30.0,
    "main_road_m": 25.0,
    "station_m": 10.0,
    "station_min": 15.0,
    "slope_pct": 10.0,
    "plan_share": 10.0,
}
VALUES = {
    "free_share": [(0.0, 0.0), (1.0, 1.0)],
    "main_road_m": [(0.0, 1.0), (5000.0, 0.0)],
    "station_m": [(0.0, 1.0), (10_000.0, 0.0)],
    "station_min": [(0.0, 1.0), (30.0, 0.0)],
    "slope_pct": [(2.0, 1.0), (20.0, 0.0)],
    "plan_share": [(0.0, 0.0), (1.0, 1.0)],
}
HARD = ("water", "reserves", "flood", "buildings")
STRONG = ("farmland",)


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    side_m: float
    parcels: int
    villages: int
    water: int
    large_lakes: int
    reserves: int
    flood: int
    farmland: int
    buildings: int
    plans: int
    stations: int
    cells: int


SIZES = {
    "S": Size(4_000, 400, 2, 16, 1, 8, 36, 100, 240, 40, 3, 400),
    "M": Size(32_000, 20_000, 12, 800, 20, 400, 1_800, 5_000, 12_000, 2_000, 30, 3_162),
}


def extent(size: str) -> shapely.Polygon:
    """Return where everything was mapped: well beyond the parcels, so that no ground is unknown."""
    side = SIZES[size].side_m
    return shapely.box(WEST - 20_000, SOUTH - 20_000, WEST + side + 20_000, SOUTH + side + 20_000)


def make(folder: Path, size: str) -> None:
    """Write all layers of the case, a GeoPackage each, and the heights as a GeoTIFF."""
    n = SIZES[size]
    rng = np.random.default_rng(3006)
    villages = rng.uniform(0.1, 0.9, (n.villages, 2)) * n.side_m
    parcels = _parcels(n, villages, rng)
    layers = {
        "parcels": gpd.GeoDataFrame(
            {"parcel_id": [f"Prov {i}:1" for i in range(1, len(parcels) + 1)]}, geometry=parcels
        )
    }
    small = _blobs(_anywhere(n.water - n.large_lakes, n, rng), rng.uniform(20, 110, n.water - n.large_lakes), 120, rng)
    large = _blobs(_anywhere(n.large_lakes, n, rng), rng.uniform(300, 900, n.large_lakes), 4_000, rng)
    layers["water"] = _frame(np.concatenate([small, large]))
    layers["reserves"] = _frame(_blobs(_anywhere(n.reserves, n, rng), rng.uniform(80, 350, n.reserves), 200, rng))
    layers["flood"] = _frame(_blobs(_anywhere(n.flood, n, rng), rng.uniform(30, 120, n.flood), 100, rng))
    layers["farmland"] = _frame(_blobs(_anywhere(n.farmland, n, rng), rng.uniform(40, 200, n.farmland), 40, rng))
    layers["buildings"] = _frame(_oblongs(_settled(n.buildings, 0.75, villages, n, rng), 8, 25, rng))
    plans = _frame(_oblongs(_settled(n.plans, 0.6, villages, n, rng), 60, 400, rng))
    plans["plan_id"] = [f"P{i}" for i in range(len(plans))]
    plans["status"] = rng.choice(["laga_kraft", "samrad", "upphavd"], len(plans), p=[0.7, 0.2, 0.1])
    plans["permits_business"] = rng.random(len(plans)) < 0.4
    layers["plans"] = plans
    layers["roads"], nodes = _roads(n, rng)
    chosen = nodes[rng.choice(len(nodes), n.stations, replace=False)]
    layers["stations"] = _frame(shapely.points(chosen + rng.uniform(-80, 80, chosen.shape)))
    for name, frame in layers.items():
        placed = frame.set_geometry(shapely.transform(frame.geometry.values, lambda xy: np.round(xy + ORIGIN, 3)))
        placed.set_crs(CRS).to_file(folder / f"{name}.gpkg", engine="pyogrio")
    _heights(folder / "heights.tif", n, rng)


def _frame(shapes):
    return gpd.GeoDataFrame(geometry=shapes)


def _anywhere(count, n, rng):
    return rng.uniform(0, n.side_m, (count, 2))


def _settled(count, share, villages, n, rng):
    """Return places of which a share lies in villages, the rest anywhere."""
    inside = round(count * share)
    near = villages[rng.integers(len(villages), size=inside)] + rng.normal(0, 350, (inside, 2))
    return np.concatenate([near, _anywhere(count - inside, n, rng)])


def _blobs(centres, radii, vertices, rng):
    """Return round shapes with bays: stars about their centre, so that no edge crosses another."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    waves = np.arange(2, 10)
    size = rng.normal(0, 0.25, (len(centres), len(waves))) / waves
    phase = rng.uniform(0, 2 * np.pi, size.shape)
    bays = np.stack(
        [(s[:, None] * np.sin(waves[:, None] * angle + p[:, None])).sum(0) for s, p in zip(size, phase, strict=True)]
    )
    radius = np.asarray(radii)[:, None] * np.exp(bays) * (1 + 0.02 * rng.uniform(-1, 1, bays.shape))
    xy = np.asarray(centres)[:, None, :] + radius[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return shapely.polygons(xy)


def _oblongs(centres, least, most, rng):
    """Return turned rectangles."""
    half = rng.uniform(least, most, (len(centres), 2)) / 2
    turn = rng.uniform(0, np.pi, len(centres))
    corner = half[:, None, :] * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x = corner[..., 0] * cos - corner[..., 1] * sin
    y = corner[..., 0] * sin + corner[..., 1] * cos
    return shapely.polygons(np.stack([x, y], axis=-1) + centres[:, None, :])


def _parcels(n, villages, rng):
    """Split the square where plots are largest for their place, until there are enough; then bend it all."""

    def want(west, south, east, north):
        nearest = np.hypot(*(villages - [(west + east) / 2, (south + north) / 2]).T).min()
        return (east - west) * (north - south) / (1_200 if nearest < 600 else 60_000 if nearest < 1_500 else 150_000)

    whole = (0.0, 0.0, float(n.side_m), float(n.side_m))
    heap = [(-want(*whole), whole)]
    while len(heap) < n.parcels:
        _, (west, south, east, north) = heapq.heappop(heap)
        at = rng.uniform(0.3, 0.7)
        if east - west > north - south:
            x = west + at * (east - west)
            halves = [(west, south, x, north), (x, south, east, north)]
        else:
            y = south + at * (north - south)
            halves = [(west, south, east, y), (west, y, east, north)]
        for half in halves:
            heapq.heappush(heap, (-want(*half), half))
    boxes = np.array(sorted(box for _, box in heap))
    return np.array([shapely.Polygon(ring) for ring in _bent(_rings(boxes), n.side_m)], dtype=object)


def _rings(boxes):
    """Return the outline of each box with the corners of its neighbours on it."""
    corners = pd.DataFrame(np.concatenate([boxes[:, [i, j]] for i in (0, 2) for j in (1, 3)]), columns=["x", "y"])
    on_x = {x: np.unique(ys) for x, ys in corners.groupby("x")["y"]}
    on_y = {y: np.unique(xs) for y, xs in corners.groupby("y")["x"]}

    def between(values, low, high):
        return values[(values >= low) & (values < high)]

    rings = []
    for west, south, east, north in boxes:
        bottom, top = between(on_y[south], west, east), between(on_y[north], np.nextafter(west, np.inf), east)
        right, left = between(on_x[east], south, north), between(on_x[west], np.nextafter(south, np.inf), north)
        sides = [
            np.column_stack([bottom, np.full(len(bottom), south)]),
            np.column_stack([np.full(len(right), east), right]),
            np.column_stack([[east, *top[::-1]], np.full(len(top) + 1, north)]),
            np.column_stack([np.full(len(left) + 1, west), [north, *left[::-1]]]),
        ]
        rings.append(np.concatenate(sides))
    return rings


def _bent(rings, side):
    """Move every vertex by where it is, so that borders run aslant and shared vertices stay shared; the edge stays."""
    for ring in rings:
        x, y = ring.T
        fade = 60 * np.sin(np.pi * x / side) * np.sin(np.pi * y / side)
        yield np.column_stack([x + fade * np.sin(y / 380), y + fade * np.sin(x / 430)])


def _roads(n, rng):
    """Return a grid of roads, one line per block with a bend, whose crossings are shared, and the crossings."""
    count = round(n.side_m / BLOCK_M)
    line = (np.arange(count) + 0.5) * BLOCK_M
    nodes = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1) + rng.uniform(-90, 90, (count, count, 2))
    nodes = np.round(nodes, 3)
    shapes, category = [], []
    for i in range(count):
        for j in range(count):
            for k, m, rank in ((i + 1, j, j), (i, j + 1, i)):
                if k < count and m < count:
                    way = np.linspace(nodes[i, j], nodes[k, m], 5)
                    way[1:-1] += rng.uniform(-12, 12, (3, 2))
                    shapes.append(shapely.LineString(way))
                    category.append(1 if rank % 40 == 5 else 2 if rank % 16 == 3 else 3 if rank % 4 == 1 else 4)
    speed = pd.Series(category).map({1: 100.0, 2: 80.0, 3: 70.0, 4: 50.0})
    return gpd.GeoDataFrame({"road_category": category, "speed_kmh": speed}, geometry=shapes), nodes.reshape(-1, 2)


def _heights(path, n, rng):
    x = np.arange(n.cells) * CELL_M
    heights = np.full((n.cells, n.cells), 100.0)
    for wave in rng.uniform(600, 6_000, 12):
        east, north, shift = rng.normal(0, 1, 3)
        turn = np.hypot(east, north)
        heights += wave / 150 * np.sin(2 * np.pi * (east * x[None, :] + north * x[:, None]) / (turn * wave) + 6 * shift)
    heights += rng.normal(0, 0.1, heights.shape)
    place = from_origin(WEST, SOUTH + n.side_m, CELL_M, CELL_M)
    profile = {
        "driver": "GTiff",
        "width": n.cells,
        "height": n.cells,
        "count": 1,
        "dtype": "float32",
        "nodata": -9999.0,
    }
    with rasterio.open(path, "w", crs=CRS, transform=place, **profile) as out:
        out.write(heights.astype("float32"), 1)
