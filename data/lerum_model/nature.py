"""Water, protected land, ground and lines across it; shapes are modelled."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops
from shapely import LineString, Polygon

from lerum_model import shapes
from lerum_model.backbone import CRS

# Invented reserves: middle, radii, turn.
RESERVES = (
    ("Modellreservatet Branten", 336400, 6409300, 900, 520, 30),
    ("Modellreservatet Lövbacken", 343050, 6407250, 620, 380, 60),
    ("Modellreservatet Näsudden", 345350, 6411350, 520, 300, 50),
    ("Modellreservatet Norrskogen", 341500, 6426200, 1200, 700, 10),
    ("Modellreservatet Västerkärr", 334400, 6410100, 700, 420, 70),
    ("Modellreservatet Storliden", 345900, 6404100, 900, 520, 15),
    ("Modellreservatet Mellanskogen", 338900, 6418400, 760, 460, 50),
    ("Modellreservatet Sjöbranten", 343350, 6415200, 560, 300, 20),
)
HERITAGE_SEATS = 64
POWER = (
    ("Modelledning 400", 400.0, (
        (333800, 6419000), (336500, 6414800), (340200, 6410300), (342600, 6406900), (346400, 6401300))),
    ("Modelledning 130", 130.0, (
        (332600, 6402700), (336000, 6403300), (339400, 6406300), (342300, 6408500), (345200, 6409400),
        (348600, 6411000))),
    ("Modelledning 40", 40.0, (
        (340900, 6409500), (340300, 6411600), (340100, 6413200), (341600, 6416600), (343500, 6421700))),
)  # fmt: skip
SUBSTATION = ("Modellstation 400/130", 400.0, 341000, 6409380)


def _frame(
    rows: list[tuple[object, ...]], columns: list[str], inside: shapely.Geometry | None = None
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=CRS)
    shape = frame.geometry if inside is None else frame.geometry.intersection(inside)
    return frame.set_geometry(shapely.normalize(shapely.set_precision(shape.values, 0.01)))[~shape.is_empty.to_numpy()]


def water(
    parcels: gpd.GeoDataFrame, lakes: Mapping[str, Polygon], brooks: list[tuple[str, Polygon]], inside: Polygon
) -> gpd.GeoDataFrame:
    """
    Return the water parcels as water, so that the two layers agree, and brooks, which have no parcels.

    Lakes have names; other water parcels are the river.
    """
    wet = parcels[parcels["use"] == "water"]
    name = [
        next((name for name, lake in lakes.items() if lake.buffer(5).contains(shape.representative_point())), "Säveån")
        for shape in wet.geometry
    ]
    kind = ["river" if text == "Säveån" else "lake" for text in name]
    narrow = [(name, "brook", bed) for name, bed in brooks]
    return _frame([*zip(name, kind, wet.geometry, strict=True), *narrow], ["name", "kind"], inside)


def shore_protection(water: gpd.GeoDataFrame, inside: Polygon) -> gpd.GeoDataFrame:
    """Return 100 m around each water, on land and in water."""
    joined = water.dissolve("name")
    rows = [
        (f"Strandskydd {name}", shape.buffer(100, quad_segs=6).simplify(1)) for name, shape in joined.geometry.items()
    ]
    return _frame(rows, ["name"], inside)


def reserves(inside: Polygon, lakes: Mapping[str, Polygon], built: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return invented nature reserves, off water, villages, plans and the roads they would have been drawn round."""
    barred = shapely.union_all([*lakes.values(), built])
    rows = []
    for k, (name, e, n, long, across, turn) in enumerate(RESERVES):
        drawn = shapes.blob((e, n), (long, across), 90 - turn, np.random.default_rng([50, k]), 48)
        kept = max(shapes.polygons(drawn.difference(barred)), key=lambda part: part.area)
        rows.append((name, "naturreservat", kept.simplify(4)))
    return _frame(rows, ["name", "protection"], inside)


def river_zones(river: LineString, lakes: Mapping[str, Polygon], inside: Polygon) -> dict[str, gpd.GeoDataFrame]:
    """Return Natura 2000, flooding and landslide risk along the river, and where landslide risk was mapped."""
    rng = np.random.default_rng(51)
    calm, wild = shapes.uneven_band(river, 30, 110, rng), shapes.uneven_band(river, 60, 190, rng)
    shores = shapely.union_all([lake.buffer(18, quad_segs=3) for lake in lakes.values()])
    flood100 = calm.union(shores).simplify(3)
    flood200 = wild.union(shores.buffer(14, quad_segs=3)).union(flood100).difference(flood100)
    high = shapely.union_all([_stretch(river, a, b).buffer(75) for a, b in ((0.08, 0.2), (0.42, 0.55), (0.78, 0.95))])
    medium = shapes.uneven_band(river, 110, 240, rng).difference(high)
    low = shapes.uneven_band(river, 320, 620, rng).difference(high).difference(medium)
    return {
        "natura2000": _frame([("Säveån (modellerad utbredning)", river.buffer(24))], ["name"], inside),
        "flood": _frame([(100, flood100), (200, flood200)], ["return_period_year"], inside),
        "landslide": _frame([("high", high), ("medium", medium), ("low", low)], ["risk"], inside),
    }


def extents(
    lines: list[LineString], lakes: Mapping[str, Polygon], inside: Polygon
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Return where flooding and where landslide risk was mapped; elsewhere nobody has looked.

    Parameters
    ----------
    lines
        E20, the railway and the main roads: landslide risk was mapped along them, flooding a little farther out and
        round the lakes.
    lakes, inside
        What else the land holds, and the municipality.
    """
    valley = shapely.union_all([line.simplify(60).buffer(700, quad_segs=4) for line in lines])
    shores = shapely.union_all([lake.simplify(40).buffer(1300, quad_segs=4) for lake in lakes.values()])
    landslide = valley.buffer(350, quad_segs=4).buffer(-350, quad_segs=4).simplify(40)
    flood = valley.union(shores).buffer(1100, quad_segs=4).buffer(-600, quad_segs=4).simplify(40)
    return (
        _frame([("Kartlagt för översvämning (modellerat)", flood)], ["name"], inside),
        _frame([("Kartlagt för skredrisk (modellerat)", landslide)], ["name"], inside),
    )


def _stretch(river: LineString, start: float, end: float) -> LineString:
    return shapely.ops.substring(river, start, end, normalized=True)


def farmland(parcels: gpd.GeoDataFrame, river: LineString, fields_at: list[shapely.Point]) -> gpd.GeoDataFrame:
    """Return fields on rural parcels on the valley floor and round some villages."""
    rng = np.random.default_rng(52)
    rural = parcels[(parcels["unit"] == "rural") & (parcels.area < 3.5e5)]
    low = shapely.union_all([river.buffer(800), *[point.buffer(1500) for point in fields_at]])
    shapely.prepare(low)
    rows = []
    for parcel in rural.itertuples():
        if low.contains(parcel.geometry.centroid) and rng.random() < 0.55:
            field = parcel.geometry.buffer(-9).buffer(-22).buffer(20, quad_segs=2)
            rows += [("åker", part) for part in shapes.polygons(field) if part.area > 4000]
    return _frame(rows, ["kind"])


def heritage(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return some ancient remains on rural parcels."""
    rng = np.random.default_rng(53)
    rural = parcels[(parcels["unit"] == "rural") & (parcels.area > 4e4)].geometry
    chosen = rural.iloc[np.sort(rng.choice(len(rural), HERITAGE_SEATS, replace=False))]
    kinds = ("gravfält", "stensättning", "boplats", "hålväg")
    rows = [
        (
            f"Modellämning {k + 1}",
            kinds[k % 4],
            shapes.blob((p.x, p.y), (rng.uniform(12, 55), rng.uniform(10, 30)), rng.uniform(0, 180), rng, 18),
        )
        for k, p in enumerate(chosen.representative_point())
    ]
    return _frame(rows, ["name", "kind"])


def power(around: Polygon) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return power lines (straight between their corners) and a substation."""
    lines = _frame([(name, kv, LineString(points)) for name, kv, points in POWER], ["name", "voltage_kv"], around)
    name, kv, east, north = SUBSTATION
    return lines, _frame([(name, kv, shapely.Point(east, north))], ["name", "voltage_kv"])


def stops(roads: gpd.GeoDataFrame, inside: Polygon) -> gpd.GeoDataFrame:
    """Return bus stops along the main roads."""
    rows = []
    for name, group in roads[roads["kind"] == "main"].groupby("name", sort=True):
        road = shapely.line_merge(shapely.union_all(group.geometry.to_numpy()))
        for part in shapes.lines(road):
            for k, along in enumerate(np.arange(400, part.length, 1100)):
                at = part.interpolate(along)
                rows.append(
                    (f"Modellhållplats {len(rows) + 1}", 64 if name == "Gamla dalvägen" else 18 + 14 * (k % 3), at)
                )
    return _frame(rows, ["name", "departures"], inside)
