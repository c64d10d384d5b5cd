"""What the map's page is told: plain values, nothing that the audience should not have.

The payload is columnar: every list under `sites`, `criteria` and `profiles` follows `sites.ids`. Unknown is None,
unreachable is the text `"inf"` (JSON has no infinity). Only columns named here are taken from any frame, so that
nothing else can slip into a file that is mailed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from landready.crs import Bounds
from landready.errors import Finding
from landready.layers.adapter import POLYGON, as_layer
from landready.model import UNKNOWN, Audience, Land, Layer, LayerLike, Measured, Raster, Scorecard
from landready.spec import Criterion
from landready.style.classes import CONTEXT_LOOKS, LAND_LOOKS, LAYER_LOOKS, SCORE_LIMITS, SCORE_LOOKS, score_class
from landready.texts import Language, catalogue, text
from landready.webmap.ground import extent, ground, window
from landready.webmap.land import land_shapes
from landready.webmap.readers import layer_titles, source_lines, told_to_readers
from landready.webmap.relief import relief
from landready.webmap.shapes import anchors, as_json, lat_lon, simplified, to_degrees
from landready.where import Condition, parse

VERSION = 1
SITE_SIMPLIFY_M = 0.5
# Sites that reach over less of the municipality than this are opened on, or they would be small on the first view.
SEEN_SHARE = 0.6

SITE_NUMBERS = ("area_ha", "free_ha", "conditional_ha")
SCORE_NUMBERS = ("total", "total_low", "total_high", "coverage_share", "modelled_share", "rank")
FIRM_NUMBERS = ("shortlist_share", "rank_low", "rank_high")
MEMBER_COLUMNS: Mapping[Audience, tuple[str, ...]] = {
    "intern": ("parcel_id", "ha", "owner_category"),
    "extern": ("parcel_id", "ha"),
}
PLAN_WORDS = ("plan_id", "name", "status", "adopted_date", "in_force_date", "implementation_end_date")
_DECIMALS = 9
_SECTIONS = ("map.", "style.", "unit.")
_WORDS = (
    "include",
    "hard",
    "strong",
    "info",
    "unknown",
    "unreachable",
    "modelled",
    "met",
    "failed",
    "free",
    "conditional",
    "excluded",
    "unmapped",
)


def build_payload(
    *,
    title: str,
    date: str,
    language: Language,
    audience: Audience,
    withheld: Collection[str] = (),
    sites: LayerLike,
    scorecards: Mapping[str, Scorecard],
    firmness: Mapping[str, pd.DataFrame] | None = None,
    context: Mapping[str, LayerLike] | None = None,
    land: Land | None = None,
    layers: Sequence[Mapping[str, Any]] = (),
    heights: Raster | None = None,
    tiles: Mapping[str, Any] | None = None,
    around: gpd.GeoDataFrame | None = None,
    restrictions: pd.DataFrame | None = None,
    plans: pd.DataFrame | None = None,
    members: pd.DataFrame | None = None,
    findings: Sequence[Finding | str] = (),
    sources: Sequence[Layer | Raster | str] = (),
    modelled: bool = False,
    watermark: str | None = None,
    land_totals: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """
    Gather everything the map shows.

    Parameters
    ----------
    title, date
        What the study is called, and the day it describes.
    language
        Of all words.
    audience
        `"extern"` leaves out the parcels' owner categories.
    withheld
        Criteria that the audience must not see: they are left out, and a finding says how many they are.
    sites
        Polygons; the index is the site's id; columns `area_ha`, `free_ha`, `conditional_ha` are shown where there.
    scorecards
        Profile id → scorecard over the same sites.
    firmness
        Profile id → how firmly each ranked site stands: `shortlist_share`, `rank_low`, `rank_high`, `stability`.
    context
        Layer name → layer drawn beneath, in the CRS of the sites.
    land
        Its four classes become layers that can be switched on.
    layers
        More layers that can be switched on, as `landready.webmap.polygons.polygon_layer` describes them.
    heights
        Shown as shadow and light beneath the rest, where given.
    tiles
        A background that the page fetches, as `landready.webmap.tiles.background` describes it.
    around
        What the map opens on, in the CRS of the sites; by default the sites and their municipality.
    restrictions
        What touches each site: `site_id`, `kind`, `label`, `legal_basis`, `ha`, `share`, in the order they are told.
    plans
        Which plans each site lies in, as `landready.pipeline.planned.plans_of_sites` returns it.
    members
        `site_id`, `parcel_id`, `ha`.
    findings
        What is told of gaps and assumptions.
    sources
        The layers the study stands on, or lines of text.
    modelled
        Whether anything is modelled; a modelled layer among `context` and `sources` says so too.
    watermark
        What stands over the map where something is; by default only that it is.
    land_totals
        Class of land → hectares.

    Returns
    -------
    dict
        JSON-able but for the arrays in `layers`: `version`, `language`, `audience`, `title`, `date`, `modelled`,
        `watermark`, `view`, `sites`, `criteria`, `profiles`, `score_limits`, `context`, `relief`, `tiles`, `land`,
        `layers`, `land_totals`, `findings`, `tested`, `sources`, `looks`, `texts`.

    Raises
    ------
    CrsError, InputError
        If a layer cannot be used as it is.
    """
    layer = as_layer(sites, name=text("word.sites", language), kinds=(POLYGON,))
    frame = layer.frame.iloc[np.argsort(_words(layer.frame.index), kind="stable")]
    beneath = {name: as_layer(other, name=name, like=layer) for name, other in (context or {}).items()}
    reach = extent(frame if around is None else around, beneath)
    view = None if reach is None else window(reach)
    shown, hidden = _criteria(scorecards, withheld)
    told = list(findings)
    if hidden:
        told.append(text("map.private_criteria", language, count=len(hidden)))
    origins = [*beneath.values(), *(source for source in sources if not isinstance(source, str))]
    if heights is not None:
        origins.append(heights)
    titles = layer_titles(sources, language)
    return {
        "version": VERSION,
        "language": language,
        "audience": audience,
        "title": str(title),
        "date": str(date),
        "modelled": bool(modelled or any(origin.modelled for origin in origins)),
        "watermark": watermark or text("map.modelled", language),
        "view": None if reach is None else _view(reach, frame),
        "sites": {
            **_sites(frame, members, audience),
            **_restrictions(frame.index, restrictions),
            **_plans(frame.index, plans),
        },
        "criteria": [_criterion(key, entry, frame.index, language) for key, entry in shown.items()],
        "score_limits": [[name, limit] for name, limit in SCORE_LIMITS.items()],
        "profiles": [
            {
                **_profile(key, card, frame.index, list(shown), language),
                **_firm((firmness or {}).get(key), frame.index),
            }
            for key, card in scorecards.items()
        ],
        "context": [] if view is None else ground(beneath, sites=frame, view=view, crs=frame.crs, language=language),
        "relief": None if view is None or heights is None else relief(heights, view=view, language=language),
        "tiles": None if tiles is None else dict(tiles),
        "land": [] if land is None else land_shapes(land),
        "layers": [dict(layer) for layer in layers],
        "land_totals": {name: float(value) for name, value in (land_totals or {}).items() if name in LAND_LOOKS},
        "findings": told_to_readers(told, titles, language),
        "tested": _tested(findings, language),
        "sources": source_lines(sources, titles, language),
        "looks": {
            key: {**asdict(look), "dash": list(look.dash), "label": look.label(language)}
            for looks in (SCORE_LOOKS, LAND_LOOKS, LAYER_LOOKS, CONTEXT_LOOKS)
            for key, look in looks.items()
        },
        "texts": _texts(language),
    }


def _view(around: Bounds, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """
    Return what the map opens on and how far it reaches, each `[[south, west], [north, east]]`.

    It opens on the whole municipality; on the sites, where they fill so little of it that they could not be seen.
    """
    sites: Bounds = tuple(frame.total_bounds.tolist())
    few = np.isfinite(sites).all() and _span(sites) < SEEN_SHARE * _span(around)
    return {"opens": _corners(sites if few else around, frame.crs), "reach": _corners(window(around), frame.crs)}


def _span(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return max(east - west, north - south)


def _corners(bounds: Bounds, crs: CRS) -> list[list[float]]:
    west, south, east, north = to_degrees([shapely.box(*bounds)], crs)[0].bounds
    return [[south, west], [north, east]]


def _sites(frame: gpd.GeoDataFrame, members: pd.DataFrame | None, audience: Audience) -> dict[str, Any]:
    shapes = frame.geometry.to_numpy()
    drawn = to_degrees(simplified(shapes, SITE_SIMPLIFY_M), frame.crs)
    points = lat_lon(to_degrees(anchors(shapes), frame.crs))
    return {
        "ids": [str(key) for key in frame.index],
        "shapes": [as_json(shape) for shape in drawn],
        "anchors": points,
        **{name: _numbers(frame[name]) for name in SITE_NUMBERS if name in frame.columns},
        **_members(frame.index, members, audience),
    }


def _members(index: pd.Index, members: pd.DataFrame | None, audience: Audience) -> dict[str, Any]:
    """Return per site its parcels, largest first, with the columns the audience may have."""
    if members is None:
        return {}
    columns = [name for name in MEMBER_COLUMNS[audience] if name in members.columns]
    names = _words(members["parcel_id"])
    by_name = np.argsort(names, kind="stable")
    order = by_name[np.argsort(-members["ha"].to_numpy(dtype="float64")[by_name], kind="stable")]
    ordered = members.iloc[order]
    rows = {
        name: _numbers(ordered[name])
        if name == "ha"
        else [str(value) if pd.notna(value) else None for value in ordered[name]]
        for name in columns
    }
    by_site: dict[Any, list[list[Any]]] = {key: [] for key in index}
    for site, *row in zip(ordered["site_id"], *rows.values(), strict=True):
        if site in by_site:
            by_site[site].append(row)
    return {"member_columns": columns, "members": list(by_site.values())}


def _restrictions(index: pd.Index, table: pd.DataFrame | None) -> dict[str, Any]:
    """Return per site what touches it."""
    if table is None:
        return {}
    told = {
        site: [
            {"kind": kind, "label": label, "law": law if isinstance(law, str) else None, "ha": ha, "share": share}
            for kind, label, law, ha, share in zip(
                rows["kind"],
                rows["label"],
                rows["legal_basis"],
                _numbers(rows["ha"]),
                _numbers(rows["share"]),
                strict=True,
            )
        ]
        for site, rows in table.groupby("site_id", sort=False)
    }
    return {"restrictions": [told.get(site, []) for site in index]}


def _plans(index: pd.Index, table: pd.DataFrame | None) -> dict[str, Any]:
    """Return per site the plans it lies in."""
    if table is None:
        return {}
    words = [[None if pd.isna(value) else str(value) for value in table[name]] for name in PLAN_WORDS]
    told: dict[Any, list[dict[str, Any]]] = {site: [] for site in index}
    for site, ha, share, *said in zip(
        table["site_id"], _numbers(table["ha"]), _numbers(table["share"]), *words, strict=True
    ):
        told[site].append({**dict(zip(PLAN_WORDS, said, strict=True)), "ha": ha, "share": share})
    return {"plans": list(told.values())}


def _criteria(
    scorecards: Mapping[str, Scorecard], withheld: Collection[str]
) -> tuple[dict[str, tuple[Criterion, Measured]], list[str]]:
    """Return all criteria with what was measured, and the ids of those that are left out."""
    found: dict[str, tuple[Criterion, Measured]] = {}
    for card in scorecards.values():
        named = [*card.contributions.columns, *card.requirements.columns]
        for criterion in card.measured.criteria:
            if criterion.id in named:
                found.setdefault(criterion.id, (criterion, card.measured))
    hidden = [key for key in found if key in withheld]
    return {key: entry for key, entry in found.items() if key not in hidden}, hidden


def _criterion(key: str, entry: tuple[Criterion, Measured], index: pd.Index, language: Language) -> dict[str, Any]:
    criterion, measured = entry
    state = measured.state[key].reindex(index).fillna(UNKNOWN)
    origin = _pair_words(measured.source[key].reindex(index), measured.date[key].reindex(index))
    return {
        "id": key,
        "label": criterion.label(language),
        "unit": criterion.unit,
        "values": _numbers(measured.frame[key].reindex(index)),
        "states": [str(value) for value in state],
        "upper": [bool(value) for value in measured.upper_bound[key].reindex(index, fill_value=False)],
        "sources": origin,
    }


def _pair_words(source: pd.Series, date: pd.Series) -> list[str]:
    """Return the different sources of a criterion, each with its date."""
    known = pd.DataFrame({"source": source, "date": date})[source.notna().to_numpy()].drop_duplicates()
    pairs = zip(known["source"], known["date"], strict=True)
    return sorted({f"{name} ({day})" if pd.notna(day) else str(name) for name, day in pairs})


def _firm(table: pd.DataFrame | None, index: pd.Index) -> dict[str, Any]:
    """Return how firmly the sites of a profile stand, None for those that are not ranked."""
    if table is None:
        return {}
    told = table.reindex(index)
    sentences = [value if isinstance(value, str) else None for value in told["stability"]]
    return {**{name: _numbers(told[name]) for name in FIRM_NUMBERS}, "stability": sentences}


def _profile(key: str, card: Scorecard, index: pd.Index, shown: list[str], language: Language) -> dict[str, Any]:
    frame = card.frame.reindex(index)
    ranked = frame["ranked"].eq(True)
    weighted = [name for name in card.contributions.columns if name in shown]
    required = [name for name in card.requirements.columns if name in shown]
    outcomes = card.requirements.reindex(index)
    utilities = card.utilities.reindex(index)
    return {
        "id": key,
        "label": card.profile.label(language),
        "ranked": ranked.tolist(),
        "eligible": frame["eligible"].eq(True).tolist(),
        "class": score_class(frame["total"], ranked).tolist(),
        **{name: _numbers(frame[name]) for name in SCORE_NUMBERS},
        "weight_total": float(card.weights.sum()),
        "min_coverage": card.profile.min_coverage,
        "criteria": [
            {
                "id": name,
                "weight": float(card.weights[name]),
                "utilities": _exact(utilities[name]),
            }
            for name in weighted
        ],
        "requirements": [
            {
                "id": name,
                **_condition(card.profile.requirements[name]),
                "outcomes": outcomes[name].fillna("unknown").astype(str).tolist(),
            }
            for name in required
        ],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    """Return a condition as a sign and the values it compares with."""
    sign, value = parse(condition)
    shown = {">=": "≥", "<=": "≤", "!=": "≠", "==": "", "in": ""}.get(sign, sign)
    return {"sign": shown, "wanted": list(value) if sign == "in" else [value]}


def _tested(findings: Iterable[Finding | str], language: Language) -> str | None:
    """Return how many constraints were tested, and whether buildings were; None where all were."""
    told = {finding.key: finding for finding in findings if isinstance(finding, Finding)}
    not_built = [key for key in ("constraint_nothing_built", "constraint_built_unasked") if key in told]
    if "constraints_untested" in told:
        untested = dict(told["constraints_untested"].values)
        total = untested["total"]
        count = total - untested["count"]
    elif "constraint_built_unasked" in told:
        counts = dict(told["constraint_built_unasked"].values)
        count, total = counts["count"], counts["total"]
    else:
        return None
    return text("map.tested_not_built" if not_built else "map.tested_part", language, count=count, total=total)


def _texts(language: Language) -> dict[str, str]:
    """Return the words the page needs; their fields are filled in by its script."""
    every = catalogue(language)
    chosen = {key.removeprefix("map."): value for key, value in every.items() if key.startswith(_SECTIONS)}
    return chosen | {f"word.{key}": every[f"word.{key}"] for key in _WORDS}


def _words(values: Iterable[object]) -> NDArray[np.object_]:
    """Return values as Python's own text, which unlike Arrow's holds whatever a damaged file holds."""
    return np.array([str(value) for value in values], dtype=np.object_)


def _exact(values: pd.Series) -> list[float | None]:
    """Return utilities as they are, so that the page scores to the last bit as Python does; None for unknown."""
    return [None if np.isnan(value) else value for value in values.to_numpy(dtype="float64").tolist()]


def _numbers(values: pd.Series) -> list[float | str | None]:
    """Return numbers rounded below what matters; None for unknown, `"inf"` for unreachable."""
    array = values.to_numpy(dtype="float64", na_value=np.nan).round(_DECIMALS)
    found = array.astype(object)
    found[np.isnan(array)] = None
    found[np.isinf(array)] = "inf"
    return list(found)
