"""Detailed plans of several generations, and their provisions; all of it modelled."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Polygon

from lerum_model import shapes
from lerum_model.backbone import CRS, TODAY

# Letter → the word of the catalogue's category.
WORDS = {
    "J": "Industri", "Jm": "Industri, ej störande", "Z": "Verksamheter", "K": "Kontor", "H": "Detaljhandel",
    "G": "Drivmedel", "B": "Bostäder", "C": "Centrum", "S": "Skola", "D": "Vård", "O": "Tillfällig vistelse",
    "R": "Besöksanläggning",
}  # fmt: skip
# Source of letters and codes: Boverket, Planbestämmelsekatalogen (release 7, 2025-12-01). The words are ours.
_NEW = 2021
_LIMITS = "DP_KM_Eg_BegransningAvMarkensUtnyttjande_EjByggnadsverk_Prickmark"
_BUILT = "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen"
_HEIGHT = "DP_KM_Eg_Hojd_HogstaHojd_Nockhojd"
_OLDER = {
    _LIMITS: f"{_LIMITS}_Aldre",
    _BUILT: "DP_KM_Eg_Utnytt_StorstaAreaProc_Aldre",
    _HEIGHT: "DP_KM_Eg_Hojd_HogstaHojd_Aldre",
    "DP_AP_Gata_Lokal": "DP_AP_Gata_Aldre",
    "DP_AP_Natur": "DP_AP_Natur_Aldre",
}
# What a provision says: letter, code, wording.
Said: TypeAlias = tuple[str | None, str, str]
_NO_PROVISIONS = {"paborjad", "planbesked", "upphavd"}
_IN_FORCE = {"laga_kraft", "genomforandetid_utgangen"}
_PURPOSE = {True: "verksamheter", False: "annat ändamål"}
# Plans from before 1987 got five years from the first of July that year.
_OLD_END = dt.date(1992, 6, 30)


def plans(parcels: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, localities: Iterable[str]) -> gpd.GeoDataFrame:
    """
    Return some hundred plans whose outlines follow the parcels exactly.

    Parameters
    ----------
    parcels
        With `parcel_id`, `unit`, `block`, `locality`.
    areas
        Plans outside the villages.
    localities
        Names of the villages, in order; each is parted into plans for homes.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns of the plans role and `year`. Plans do not overlap.
    """
    open_land = parcels.geometry[parcels["use"].isna() & parcels["locality"].isna() & (parcels["unit"] != "homestead")]
    rows: list[tuple[object, ...]] = []
    for area in areas.itertuples():
        shared = open_land.intersection(area.geometry).area
        members = open_land[
            (shared > 0.5 * open_land.area) | ((shared > 0.3 * area.geometry.area) & (open_land.area < 4e5))
        ]
        members = members if len(members) else open_land.loc[[shared.idxmax()]]
        rows.append((area.status, bool(area.permits_business), area.use, area.year, _closed(members)))
    homes = parcels[parcels["unit"].isin(["plot", "block"]) & parcels["use"].isna()]
    for position, name in enumerate(localities):
        rng = np.random.default_rng([40, position])
        here = homes[homes["locality"] == name]
        for group in _groups(here, 260_000.0):
            year = int(
                rng.choice(
                    [rng.integers(1947, 1986), rng.integers(1988, 2014), rng.integers(2014, 2025)], p=[0.42, 0.4, 0.18]
                )
            )
            letters = "BCS" if rng.random() < 0.12 else "B"
            rows.append(("", False, letters, year, _closed(here.geometry.loc[group])))
    columns = ["status", "permits_business", "use", "year", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=CRS)
    return _described(_apart(frame))


def _groups(homes: gpd.GeoDataFrame, target_m2: float) -> list[pd.Index]:
    """Halve the street blocks along the longer side until a group is about as large as a plan."""
    blocks = gpd.GeoDataFrame(
        {"area": homes.area.groupby(homes["block"]).sum()}, geometry=homes.centroid.groupby(homes["block"]).first()
    )
    waiting, done = [blocks.index], []
    while waiting:
        group = waiting.pop()
        if blocks.loc[group, "area"].sum() <= target_m2 or len(group) == 1:
            done.append(homes.index[homes["block"].isin(group)])
            continue
        middle = blocks.geometry.loc[group]
        wide = np.ptp(middle.x) >= np.ptp(middle.y)
        order = (middle.x if wide else middle.y).sort_values(kind="stable").index
        waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
    return done


def _closed(members: gpd.GeoSeries) -> shapely.Geometry:
    """Return the parcels of a plan with the streets between them; the outer edge stays on the parcels."""
    union = shapely.union_all(members.to_numpy())
    streets = union.buffer(5, join_style="mitre").buffer(-5, join_style="mitre")
    return shapely.union_all([union, streets])


def _apart(plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give land that two plans reach for to the first, and leave out slivers."""
    taken: shapely.Geometry = Polygon()
    shape = []
    for plan in plans.geometry:
        own = shapely.set_precision(plan.difference(taken), 0.01)
        taken = taken.union(own)
        parts = [_without_pinholes(part) for part in shapes.polygons(own) if part.area > 500]
        shape.append(shapely.normalize(shapely.MultiPolygon(parts)))
    return plans.set_geometry(gpd.GeoSeries(shape, index=plans.index, crs=CRS))


def _without_pinholes(polygon: Polygon) -> Polygon:
    """Fill holes where streets meet."""
    return Polygon(polygon.exterior, [ring for ring in polygon.interiors if Polygon(ring).area > 400])


def _described(plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    number = [f"P{position:03d}" for position in range(1, len(plans) + 1)]
    what = [
        "bostäder" if "B" in use else _PURPOSE[permits]
        for permits, use in zip(plans["permits_business"], plans["use"], strict=True)
    ]
    dated = pd.DataFrame(
        [_dates(*row) for row in zip(range(len(plans)), plans["status"], plans["year"], strict=True)], index=plans.index
    )
    return plans.drop(columns="status").assign(
        plan_id=[f"MODELL-{text}" for text in number],
        name=[f"Modellplan {text} – {words}" for text, words in zip(number, what, strict=True)],
        **dated,
    )


def _dates(position: int, status: str, year: int) -> dict[str, object]:
    """Return type, status and dates; what is not decided yet has none."""
    rng = np.random.default_rng([43, position])
    day = dt.date(year, int(rng.integers(1, 10)), int(rng.integers(1, 28)))
    found: dict[str, object] = dict.fromkeys(
        ["plan_type", "status", "started_date", "adopted_date", "in_force_date", "implementation_end_date"]
    )
    found["plan_type"] = "detaljplan" if year >= 1988 else ("stadsplan" if rng.random() < 0.6 else "byggnadsplan")
    started = day - dt.timedelta(days=int(rng.integers(420, 1100)))
    if status in {"", *_IN_FORCE, "upphavd"}:
        end = day.replace(year=year + int(rng.choice([5, 10, 15], p=[0.35, 0.45, 0.2])))
        if status == "laga_kraft":
            end = max(end, day.replace(year=day.year + 10))
        end = _OLD_END if year < 1988 else end
        found.update(
            in_force_date=day,
            implementation_end_date=end,
            status="laga_kraft" if end > TODAY else "genomforandetid_utgangen",
        )
        found["adopted_date"] = day - dt.timedelta(days=int(rng.integers(24, 50)))
        if status == "upphavd":
            found["status"] = status
    else:
        found["status"] = status
        if status in {"antagen", "overklagad"}:
            found["adopted_date"] = day
    found["started_date"] = None if status == "planbesked" or year < 1988 else started
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in found.items()}


def provisions(plans: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return use and property provisions, one row each with a geometry of its own.

    Parameters
    ----------
    plans
        What `plans` returned.
    parcels
        With `plan_id` and `purpose`: streets and groves become public place, the rest is for building.
    """
    rows: list[dict[str, object]] = []
    for plan in plans.itertuples():
        if plan.status in _NO_PROVISIONS:
            continue
        own = parcels[parcels["plan_id"] == plan.plan_id]
        groves = own[own["purpose"] == "grove"]
        land = own.drop(groves.index)
        new = plan.year >= _NEW
        by_letter = land.groupby(_letters(land["purpose"], plan.use), sort=True)
        for letters, members in by_letter:
            shape = _outline(members)
            rows += [_use(plan.plan_id, letter, shape, new=new) for letter in split(letters)]
        rows += [_public(plan.plan_id, ("NATUR", "DP_AP_Natur", "Naturområde"), _outline(groves), new=new)]
        street = shapely.difference(plan.geometry, shapely.union_all(own.geometry.to_numpy()))
        rows += [_public(plan.plan_id, ("GATA", "DP_AP_Gata_Lokal", "Lokalgata"), street, new=new)]
        rows += _properties(plan, _outline(land), new=new)
    frame = gpd.GeoDataFrame([row for row in rows if not row["geometry"].is_empty], geometry="geometry", crs=CRS)
    frame.insert(0, "provision_id", [f"MB{position:04d}" for position in range(1, len(frame) + 1)])
    frame.insert(2, "plan_status", frame["plan_id"].map(dict(zip(plans["plan_id"], plans["status"], strict=True))))
    return frame.set_geometry(shapely.normalize(shapely.set_precision(frame.geometry.values, 0.01)))


def split(letters: str) -> list[str]:
    """Return the letters of a joint permission: "JmK" is Jm and K."""
    return re.findall("[A-Z]m?", letters)


def _letters(purpose: pd.Series, letters: str) -> pd.Series:
    """Return what each parcel of a plan is for: schools and centres in plans for homes have their own letters."""
    if "B" not in letters:
        return pd.Series(letters, index=purpose.index)
    return purpose.map({"school": "S", "centre": "C"}).fillna("B" if set(letters) & set("CS") else letters)


def _outline(members: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return parcels as one shape with few vertices; provisions meet their parcels to a metre."""
    return shapely.MultiPolygon(
        [
            _without_pinholes(part)
            for part in shapes.polygons(shapely.union_all(members.geometry.to_numpy()).simplify(0.8))
        ]
    )


def _use(plan_id: str, letter: str, shape: shapely.Geometry, *, new: bool) -> dict[str, object]:
    code = f"DP_KM_{letter[0]}2"
    return _row(plan_id, "use", (letter, code if new else f"{code}_Aldre", WORDS[letter]), shape)


def _public(plan_id: str, said: Said, shape: shapely.Geometry, *, new: bool) -> dict[str, object]:
    letters, code, words = said
    parts = [part for part in shapes.polygons(shape) if part.area > 60]
    light = shapely.MultiPolygon(parts).simplify(0.8)
    return _row(plan_id, "use", (letters, code if new else _OLDER[code], words), light)


def _properties(plan: object, land: shapely.Geometry, *, new: bool) -> list[dict[str, object]]:
    """Return largest built share, height, land not to build on, and now and then a condition for permits."""
    rng = np.random.default_rng([44, int(plan.plan_id[-3:])])
    business = plan.permits_business
    share = float(rng.choice([35, 40, 45, 50] if business else [15, 20, 25, 30]))
    height = float(rng.choice([10, 12, 15, 18] if business else [7, 8, 9, 11]))

    def code(text: str) -> str:
        return text if new else _OLDER[text]

    of = plan.plan_id
    built = ("e1", code(_BUILT), "Största byggnadsarea i procent av fastighetsarean")
    tall = ("h1", code(_HEIGHT), "Högsta nockhöjd")
    rows = [
        _row(of, "property", built, land, (share, "procent", "max")),
        _row(of, "property", tall, land, (height, "meter", "max")),
    ]
    if business:
        edge = land.difference(land.buffer(-6.0, join_style="mitre")).simplify(0.5)
        rows.append(_row(of, "property", (None, code(_LIMITS), "Marken får inte bebyggas (prickmark)"), edge))
    if business and new:
        condition = "Bygglov först när vatten och avlopp är utbyggt"
        rows.append(_row(of, "property", ("a1", "DP_KM_Eg_VillkorLov_Avloppsanl_Bygglov", condition), land))
    return rows


def _row(
    plan_id: str,
    kind: str,
    said: Said,
    geometry: shapely.Geometry,
    limit: tuple[float | None, str | None, str | None] = (None, None, None),
) -> dict[str, object]:
    letter, code, wording = said
    value, unit, value_type = limit
    return {
        "plan_id": plan_id, "kind": kind, "letter": letter, "code": code, "wording": wording, "value": value,
        "unit": unit, "value_type": value_type, "geometry": geometry,
    }  # fmt: skip
