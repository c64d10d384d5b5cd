"""What the municipality and others have drawn over the land: overview plan, pipes, fibre, statistics; all modelled."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lerum_model import backbone, shapes
from lerum_model.backbone import CRS

# Business land that the modelled overview plan points out beyond the plans: middle, radii (m), turn.
OUTLOOK = (
    (340600, 6406400, 650, 330, 40), (344900, 6409200, 700, 400, 20), (347350, 6412700, 620, 380, 60),
    (338500, 6405150, 560, 300, 40), (340900, 6415600, 480, 300, 70), (335500, 6412300, 620, 330, 90),
    (343600, 6422300, 420, 300, 70), (342300, 6408150, 560, 260, 40),
)  # fmt: skip
# Larger areas for nature and outdoor life.
GREEN = (
    ("Modellskogen väster", 334800, 6410400, 1150, 620, 60), ("Modellskogen öster", 346300, 6404300, 1250, 700, 20),
    ("Modellskogen norr", 341700, 6426500, 1300, 750, 10), ("Modellskogen mitt", 338900, 6418200, 1000, 600, 40),
    ("Dalgångens grönstråk", 336300, 6408900, 950, 480, 20),
)  # fmt: skip
# Where the fibre owner has told what it has; north and far from the valley nobody has answered.
FIBRE_TOLD = (
    (331000, 6400500), (351500, 6400500), (351500, 6409500), (348300, 6413800), (343800, 6413900), (341900, 6416100),
    (337600, 6416000), (336900, 6411800), (331000, 6410200),
)  # fmt: skip
STATISTICS_AREAS = 24


def overview_plan(
    inside: Polygon,
    lakes: Mapping[str, Polygon],
    lines: list[LineString],
    *,
    villages: Mapping[str, BaseGeometry],
    plans: gpd.GeoDataFrame,
    green: gpd.GeoDataFrame,
    fields: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Return the modelled overview plan: land uses that cover the municipality and do not overlap.

    Parameters
    ----------
    inside, lakes, villages
        The municipality, its water and its built-up areas.
    lines
        E20 and the railway.
    plans
        Detailed plans; those that permit business, and are not revoked, are business land here too.
    green, fields
        Nature reserves and farmland.
    """
    business = plans.geometry[plans["permits_business"] & (plans["status"] != "upphavd")].simplify(3)
    outlook = [_blob(entry, 70 + k) for k, entry in enumerate(OUTLOOK)]
    centres = [Point(e, n).buffer(330, quad_segs=5) for _, e, n, *_ in backbone.PLACES[:4]]
    nature = [_blob(entry, 90 + k) for k, (_, *entry) in enumerate(GREEN)]
    wide_fields = shapely.union_all(fields.geometry.to_numpy()).buffer(90, quad_segs=2).buffer(-60, quad_segs=2)
    ways = [line.simplify(3).buffer(32, quad_segs=2) for line in lines]
    plants = [Point(341000, 6409380).buffer(130), Point(337250, 6405650).buffer(110)]
    homes = [shape.buffer(45, quad_segs=2).simplify(12) for shape in villages.values()]
    classes = [
        ("vatten", "Vatten", [*lakes.values()]),
        ("transport", "E20 och Västra stambanan", ways),
        ("verksamheter_industri", "Verksamheter och industri", [*business, *outlook]),
        ("teknisk", "Tekniska anläggningar", plants),
        ("mangfunktionell", "Centrum", centres),
        ("bostad", "Sammanhängande bostadsbebyggelse", homes),
        ("gron_natur", "Natur och friluftsliv", [*nature, *green.geometry]),
        ("areell", "Jordbruk", [wide_fields.simplify(25)]),
        ("landsbygd", "Landsbygd", [inside]),
    ]
    taken: BaseGeometry = Polygon()
    rows = []
    for land_use, words, drawn in classes:
        new = shapely.difference(shapely.union_all(drawn), taken, grid_size=0.01)
        own = shapely.MultiPolygon(shapes.polygons(shapely.intersection(new, inside, grid_size=0.01)))
        taken = shapely.MultiPolygon(shapes.polygons(shapely.union_all([taken, own], grid_size=0.01)))
        pieces = shapes.by_squares(own, 6000.0, 20.0) if land_use == "landsbygd" else shapes.polygons(own)
        rows += [(f"Modell-ÖP: {words}", land_use, part) for part in pieces if part.area > 200]
    return _frame(rows, ["name", "land_use"])


def _blob(entry: tuple[float, ...], seed: int) -> Polygon:
    east, north, long, across, turn = entry
    return shapes.blob((east, north), (long, across), 90 - turn, np.random.default_rng([55, seed]), 36).simplify(6)


def utility_area(inside: Polygon, villages: Mapping[str, BaseGeometry], plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return where water and sewage are municipal: the villages, and business plans in force."""
    served = plans.geometry[
        plans["permits_business"] & plans["status"].isin(["laga_kraft", "genomforandetid_utgangen"])
    ]
    whole = (
        shapely.union_all([*villages.values(), *served]).buffer(40, quad_segs=2).buffer(-15, quad_segs=2).simplify(6)
    )
    return _frame(
        [(f"Modellerat VA-område {k + 1}", part) for k, part in enumerate(shapes.polygons(whole))], ["name"], inside
    )


def fibre(
    inside: Polygon, villages: Mapping[str, BaseGeometry], lines: list[LineString]
) -> dict[str, gpd.GeoDataFrame]:
    """Return where fibre can be had, in the villages and along main roads, and where the owner has told of it."""
    told = Polygon(FIBRE_TOLD)
    served = shapely.union_all([*[v.buffer(90, quad_segs=2) for v in villages.values()],
                                *[line.simplify(10).buffer(160, quad_segs=2) for line in lines]])  # fmt: skip
    parts = shapes.polygons(served.intersection(told).simplify(15))
    return {
        "fibre": _frame([(f"Modellerat fibernät {k + 1}", part) for k, part in enumerate(parts)], ["name"], inside),
        "fibre_extent": _frame([("Redovisat fibernät (modellerat)", told)], ["name"], inside),
    }


def inclusions(buildings: gpd.GeoDataFrame, plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return two areas that a modelled decision lets through.

    One lies round homes in a coming business plan that the municipality is to buy, one over built land in the oldest
    business plan, to be renewed; both near an interchange, where the study looks.
    """
    homes = buildings.geometry[buildings["use"] == "dwelling"].centroid
    ways_on = shapely.MultiPoint([(e, n) for _, e, n in backbone.INTERCHANGES])
    business = plans[plans["permits_business"] & (plans.centroid.distance(ways_on) < 1300)]
    coming = business.geometry[business["status"].isin(["samrad", "granskning"])]
    near = homes.to_numpy()[shapely.STRtree(homes.to_numpy()).nearest(coming.centroid.to_numpy())]
    distance = shapely.distance(near, coming.to_numpy())
    bought = near[int(np.argmin(distance))].buffer(120, quad_segs=6)
    oldest = business.sort_values(["in_force_date", "plan_id"]).geometry.iloc[0]
    renewed = oldest.centroid.buffer(190, quad_segs=6).intersection(oldest).simplify(2)
    return _frame(
        [("Modellområde: bostäder som löses in", bought), ("Modellområde: äldre kvarter som omvandlas", renewed)],
        ["name"],
    )


def statistics_areas(inside: Polygon, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas like SCB's DeSO with residents and jobs that follow from the modelled buildings."""
    rng = np.random.default_rng(57)
    middle = buildings.centroid
    homes = shapely.get_coordinates(middle[buildings["use"] == "dwelling"].to_numpy())
    seats = homes[rng.choice(len(homes), STATISTICS_AREAS, replace=False)]
    for _ in range(12):  # k-means: areas with about as many homes each
        mine = _nearest(homes, seats)
        seats = np.array([homes[mine == k].mean(axis=0) if (mine == k).any() else seats[k] for k in range(len(seats))])
    west, south, east, north = inside.bounds
    points = np.column_stack([rng.uniform(west, east, 900), rng.uniform(south, north, 900)])
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=inside.buffer(2000), ordered=True)
    cells = np.array(shapely.get_parts(cells))
    owner = _nearest(shapely.get_coordinates(shapely.centroid(cells)), seats)
    rows = []
    for k in range(len(seats)):
        area = shapely.union_all(cells[owner == k]).intersection(inside)
        if area.is_empty:
            continue
        within = buildings[shapely.contains(area, middle.to_numpy())]
        flats = within["use"].eq("dwelling") & (within.area > 260)
        residents = 2.7 * within["use"].eq("dwelling").sum() + 26 * flats.sum()
        floor = within.area.groupby(within["use"]).sum()
        jobs = (
            floor.get("business", 0.0) / 75 + floor.get("public", 0.0) / 32 + 0.12 * within["use"].eq("dwelling").sum()
        )
        rows.append((int(round(residents / 5) * 5), int(round(jobs / 5) * 5), area))
    rows.sort(key=lambda row: (-row[2].centroid.y, row[2].centroid.x))
    named = [(f"Modellområde S{k + 1:02d}", *row) for k, row in enumerate(rows)]
    return _frame(named, ["name", "residents", "jobs"])


def _nearest(points: np.ndarray, seats: np.ndarray) -> np.ndarray:
    return np.hypot(*(points[:, None] - seats[None]).transpose(2, 0, 1)).argmin(axis=1)


def _frame(rows: list[tuple[object, ...]], columns: list[str], inside: BaseGeometry | None = None) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=CRS)
    shape = frame.geometry if inside is None else frame.geometry.intersection(inside)
    light = shapely.normalize(shapely.set_precision(shape.values, 0.01))
    return frame.set_geometry(light)[~shape.is_empty.to_numpy()].reset_index(drop=True)
