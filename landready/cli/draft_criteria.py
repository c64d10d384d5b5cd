"""Criteria and kinds of business to start from, by the roles that are there: values and weights are assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landready.cli.draft_contents import SAMPLE, Contents, distances
from landready.cli.draft_layers import Drafted, leading
from landready.cli.draft_words import comment, quoted, section
from landready.model import Layer

Points = tuple[tuple[float, float], ...]

# Where the nearest and the farthest parcels differ by less, the points tell sites apart badly.
_LEAST_SPREAD = 0.3
_NEAR, _FAR = 0.1, 0.9
_M_PER_KM = 1000.0


@dataclass(frozen=True)
class _Criterion:
    """A criterion of the draft: the role it needs, if any, and its weights for the two kinds of business."""

    id: str
    name: str
    measure: str
    points: Points
    store: int
    office: int
    role: str | None = None
    params: str = ""


_CRITERIA = (
    _Criterion("road_m", "Avstånd till väg", "distance_to", ((0, 1), (2000, 0)), 2, 1, "roads"),
    _Criterion("interchange_km", "Avstånd till trafikplats", "distance_to", ((1, 1), (10, 0)), 3, 1, "interchanges"),
    _Criterion("rail_m", "Avstånd till järnväg", "distance_to", ((200, 1), (5000, 0)), 1, 0, "rail"),
    _Criterion("station_m", "Avstånd till station", "distance_to", ((500, 1), (3000, 0)), 0, 3, "stations"),
    _Criterion("stop_m", "Avstånd till hållplats", "distance_to", ((200, 1), (1000, 0)), 0, 2, "stops"),
    _Criterion("substation_km", "Avstånd till elnätstation", "distance_to", ((1, 1), (10, 0)), 1, 0, "substations"),
    _Criterion("planned_share", "Andel inom detaljplan", "overlap_share", ((0, 0), (1, 1)), 1, 2, "plans"),
    _Criterion("flood_share", "Andel med översvämning", "overlap_share", ((0, 1), (0.5, 0)), 1, 1, "flood"),
    _Criterion("slope_pct", "Lutning", "slope", ((2, 1), (12, 0)), 2, 1, "heights"),
    # Up to the largest size of a site, so that no two are alike only for being large.
    _Criterion(
        "area_ha", "Storlek", "attribute", ((1, 0.2), (10, 0.8), (30, 1)), 2, 1,
        params='{ column = "area_ha" }',
    ),
    # Only a requirement: a wide site is a large one, and weighed beside its size it would count twice.
    _Criterion(
        "width_m", "Bredd, största inskrivna cirkel", "form", ((30, 0), (100, 1)), 0, 0,
        params='{ column = "inscribed_diameter_m" }',
    ),
)  # fmt: skip


def criteria_and_profiles(layers: Sequence[Drafted], contents: Contents) -> list[str]:
    """
    Return the tables of criteria and profiles.

    Parameters
    ----------
    layers
        The layers of the draft.
    contents
        The folder they are in: where the draft's own points would tell most parcels alike, points are taken from how
        far the parcels lie, and marked so.

    Returns
    -------
    list of str
        Pieces of TOML; those whose layer is not there are left out.
    """
    there = {layer.role for layer in layers}
    usable = [criterion for criterion in _CRITERIA if criterion.role is None or criterion.role in there]
    parcels = _read(layers, "parcels", contents)
    return [
        _ABOUT_CRITERIA,
        *(_criterion(criterion, layers, parcels, contents) for criterion in usable),
        _ABOUT_PROFILES,
        _profile("lager", "Lager och logistik", {each.id: each.store for each in usable}, size=">= 2", width=">= 60"),
        _profile("kontor", "Kontor", {each.id: each.office for each in usable}, size=">= 1", width=">= 40"),
    ]


_ABOUT_CRITERIA = section("Kriterier: antaganden. points är [det mätta, nyttan 0–1], med räta linjer emellan")
_ABOUT_PROFILES = (
    section("Verksamhetstyper: antaganden. Vikter är poäng; krav måste uppfyllas")
    + "\n# Bredden är bara ett krav: breda områden är stora, så den skulle räkna storleken två gånger."
)


def _criterion(criterion: _Criterion, layers: Sequence[Drafted], parcels: Layer | None, contents: Contents) -> str:
    points, about = criterion.points, ""
    if criterion.measure == "distance_to" and criterion.role and parcels is not None:
        targets = _read(layers, criterion.role, contents)
        if targets is not None:
            points, about = points_for(points, distances(parcels, targets), criterion.id)
    lines = comment(about) if about else []
    lines += [
        "[[criteria]]",
        f'id = "{criterion.id}"',
        f'name = "{criterion.name}"',
        f'measure = "{criterion.measure}"',
    ]
    lines += [f"layer = {quoted(leading(layers, criterion.role).name)}"] if criterion.role else []
    lines += [f"params = {criterion.params}"] if criterion.params else []
    told = ", ".join(f"[{value:g}, {utility:.1f}]" for value, utility in points)
    lines += [f"value = {{ points = [{told}] }}"]
    return "\n".join(lines)


def points_for(points: Points, metres: "pd.Series[float]", criterion: str) -> tuple[Points, str]:
    """
    Return points that tell parcels apart by how far they lie: those given if they do, else points from the distances.

    Parameters
    ----------
    points
        A value function.
    metres
        How far each parcel lies.
    criterion
        Id, which ends in the unit.

    Returns
    -------
    tuple, str
        The points, and what to say of them where they are taken from the distances.
    """
    unit = _M_PER_KM if criterion.endswith("_km") else 1.0
    if metres.empty:
        return points, ""
    nearest, farthest = (float(metres.quantile(share)) / unit for share in (_NEAR, _FAR))
    value, utility = ([point[side] for point in points] for side in (0, 1))
    best, worst = np.interp([nearest, farthest], value, utility)
    near, far = _round(nearest), _round(farthest)
    if best - worst >= _LEAST_SPREAD or near >= far:
        return points, ""
    of = "fastigheterna" if len(metres) < SAMPLE else f"de {SAMPLE} största fastigheterna"
    low, high = (f"{value:g}".replace(".", ",") for value in (near, far))
    about = f"Ett antagande efter lagren: av {of} ligger en av tio närmare än {low}, en av tio längre bort än {high}."
    return ((near, 1.0), (far, 0.0)), about


def _round(value: float) -> float:
    """Return a number with two digits that count."""
    return float(f"{value:.2g}")


def _read(layers: Sequence[Drafted], role: str, contents: Contents) -> Layer | None:
    """Return the layer that a criterion would ask, as it is in the file; None where there is none."""
    if not any(layer.role == role for layer in layers):
        return None
    layer = leading(layers, role)
    if role == "parcels":
        return contents.parcels(layer.report, layer.columns)
    return contents.read(layer.report, role=role, columns=layer.columns, keep=())


def _profile(name: str, words: str, weights: Mapping[str, int], *, size: str, width: str) -> str:
    told = ", ".join(f"{criterion} = {weight}" for criterion, weight in weights.items() if weight)
    return f"""\
[[profiles]]
id = "{name}"
name = "{words}"
weights = {{ {told} }}
requirements = {{ area_ha = "{size}", width_m = "{width}" }}"""
