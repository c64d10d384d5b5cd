"""A made-up study for the map's tests: a few sites, two profiles, a muted ground."""

import copy
import functools

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.errors import Finding
from landready.model import Layer, Measured
from landready.scoring.scorecard import score
from landready.spec import Criterion, Profile, ValueFunction
from landready.webmap.payload import build_payload

CRS = "EPSG:3006"
WEST, SOUTH = 338_000.0, 6_406_000.0


def criterion(name, sv, en, points, **fields):
    return Criterion(
        id=name, measure="attribute", name={"sv": sv, "en": en}, value=ValueFunction(points=points), **fields
    )


CRITERIA = (
    criterion("area_ha", "Storlek", "Size", [(0, 0.0), (20, 1.0)]),
    criterion("e20_m", "Till E20", "To the E20", [(0, 1.0), (5000, 0.0)]),
    criterion("station_min", "Gångtid till station", "Walk to station", [(0, 1.0), (60, 0.0)]),
    criterion("flood_share", "Översvämning", "Flooding", [(0, 1.0), (0.5, 0.0)]),
    criterion(
        "municipal_share", "Kommunal mark", "Municipal land", [(0, 0.0), (1, 1.0)], where={"owner_category": "kommun"}
    ),
)

PROFILES = (
    Profile(
        id="industri",
        name={"sv": "Småindustri", "en": "Small industry"},
        weights={"area_ha": 40, "e20_m": 30, "flood_share": 20, "municipal_share": 10},
        requirements={"area_ha": ">= 2", "flood_share": "<= 0.3"},
    ),
    Profile(
        id="kontor",
        name={"sv": "Kontor", "en": "Office"},
        weights={"station_min": 70, "area_ha": 10, "flood_share": 20},
    ),
)


def _texts(*values):
    """Objects, since Arrow's strings cannot hold half surrogate pairs."""
    return pd.Series(list(values), dtype=object)


def sites(ids=("Exempelby 1:1", "Exempelby 1:2 · 2", "Exempelby 2:7", "Exempelby 3:1", "Exempelby 4:4")):
    count = len(ids)
    east = WEST + 700 * np.arange(count)
    boxes = shapely.box(east, SOUTH, east + 500, SOUTH + 300 + 40 * np.arange(count))
    frame = gpd.GeoDataFrame(
        {"owner_category": ["HEMLIG-ÄGARE"] * count, "notes": ["HEMLIG-ANTECKNING"] * count},
        geometry=boxes,
        index=pd.Index(list(ids), name="site_id", dtype=object),
        crs=CRS,
    )
    frame["area_ha"] = frame.area / 1e4
    frame["free_ha"] = frame["area_ha"] * 0.75
    frame["conditional_ha"] = frame["area_ha"] * 0.25
    frame["radighet"] = "HEMLIG-RÅDIGHET"
    return frame


def members(frame):
    return pd.DataFrame(
        {
            "site_id": _texts(*frame.index, *frame.index),
            "parcel_id": _texts(*(f"{key} {part}" for part in "AB" for key in frame.index)),
            "ha": [*(frame["area_ha"] * 0.3), *(frame["area_ha"] * 0.7)],
            "owner_category": "HEMLIG-ÄGARE",
            "purchases": "HEMLIGT-KÖP",
            "notes": "HEMLIG-ANTECKNING",
        }
    )


def measured(frame):
    """Values that hold an unknown, an unreachable, an upper bound and a modelled one."""
    count = len(frame)
    step = np.arange(count, dtype=float)
    values = pd.DataFrame(
        {
            "area_ha": frame["area_ha"],
            "e20_m": 900.0 + 750.5 * step,
            "station_min": 50.0 - 9.0 * step,
            "flood_share": 0.11 * step,
            "municipal_share": step / max(count, 1),
        },
        index=frame.index,
    ).astype("float64")
    state = pd.DataFrame("known", index=frame.index, columns=values.columns)
    upper = pd.DataFrame(False, index=frame.index, columns=values.columns)
    if count >= 4:
        values.iloc[1, 3], state.iloc[1, 3] = np.nan, "unknown"
        values.iloc[2, 2] = np.inf
        upper.iloc[0, 1] = True
    state["municipal_share"] = "modelled"
    source = pd.DataFrame("Lantmäteriet", index=frame.index, columns=values.columns).where(state != "unknown", None)
    date = pd.DataFrame("2026-05-01", index=frame.index, columns=values.columns)
    return Measured(values, state, upper, source, date, CRITERIA)


def context(name="Exempelby"):
    east = WEST + 3600
    box = shapely.box(WEST - 2000, SOUTH - 2500, east + 2000, SOUTH + 3000)
    layers = {
        "municipality": (["polygon"], {"name": _texts(name)}, [box]),
        "built_up": (None, {"name": _texts(name)}, [shapely.box(WEST + 500, SOUTH - 1500, WEST + 2200, SOUTH - 400)]),
        "water": (None, {"name": ["Sjön"]}, [shapely.Point(WEST + 3000, SOUTH + 1600).buffer(700)]),
        "roads": (
            None,
            {"road_number": ["E20", "190", "1747"], "owner_category": ["HEMLIG-ÄGARE"] * 3},
            [
                shapely.LineString(
                    [(WEST - 3000, SOUTH - 300), (WEST + 1500, SOUTH - 150), (east + 3000, SOUTH - 260)]
                ),
                shapely.LineString([(WEST + 400, SOUTH - 2500), (WEST + 620, SOUTH + 3000)]),
                shapely.LineString([(WEST + 2500, SOUTH - 1000), (WEST + 2600, SOUTH + 900)]),
            ],
        ),
        "rail": (
            None,
            {"name": ["Västra stambanan"]},
            [shapely.LineString([(WEST - 2000, SOUTH - 900), (east + 2000, SOUTH - 700)])],
        ),
        "stations": (None, {"name": _texts(f"{name} station")}, [shapely.Point(WEST + 1200, SOUTH - 830)]),
        "places": (None, {"name": _texts(name), "population": [5200]}, [shapely.Point(WEST + 1300, SOUTH - 1100)]),
    }
    return {
        role: Layer(
            role, gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), role=role, source="Exempel", date="2026-01-01"
        )
        for role, (_, columns, shapes) in layers.items()
    }


def payload(**changes):
    """Return the payload of the made-up study; `changes` go to `build_payload`."""
    return _build(**changes) if changes else copy.deepcopy(_unchanged())


@functools.cache
def _unchanged():
    return _build()


def _build(**changes):
    frame = changes.pop("sites", None)
    frame = sites() if frame is None else frame
    found = measured(frame)
    given = {
        "title": "Verksamhetsmark i Exempelby",
        "date": "2026-11-01",
        "language": "sv",
        "audience": "intern",
        "sites": frame,
        "scorecards": {profile.id: score(found, profile) for profile in PROFILES},
        "context": context(),
        "members": members(frame),
        "findings": [
            Finding("geometry_null", {"layer": "vägar", "count": 1, "total": 9, "rows": "4"}, "warning"),
            "Fri text om underlaget.",
        ],
        "sources": [*context().values(), "Boverket, Planbestämmelsekatalogen"],
        "land_totals": {"free": 40.0, "conditional": 12.5, "excluded": 30.0, "unmapped": 17.5},
    }
    if changes.get("audience") == "extern":
        given["withheld"] = {"municipal_share"}
    return build_payload(**(given | changes))
