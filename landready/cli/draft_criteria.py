"""Criteria and kinds of business to start from, by the roles that are there: values and weights are assumptions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from landready.cli.draft_words import section


@dataclass(frozen=True)
class _Criterion:
    """A criterion of the draft: the role it needs, if any, and its weights for the two kinds of business."""

    id: str
    name: str
    measure: str
    points: str
    store: int
    office: int
    role: str | None = None
    params: str = ""


_CRITERIA = (
    _Criterion("road_m", "Avstånd till väg", "distance_to", "[[0, 1.0], [2000, 0.0]]", 2, 1, "roads"),
    _Criterion("interchange_km", "Avstånd till trafikplats", "distance_to", "[[1, 1], [10, 0]]", 3, 1, "interchanges"),
    _Criterion("rail_m", "Avstånd till järnväg", "distance_to", "[[200, 1.0], [5000, 0.0]]", 1, 0, "rail"),
    _Criterion("station_m", "Avstånd till station", "distance_to", "[[500, 1.0], [3000, 0.0]]", 0, 3, "stations"),
    _Criterion("stop_m", "Avstånd till hållplats", "distance_to", "[[200, 1.0], [1000, 0.0]]", 0, 2, "stops"),
    _Criterion("substation_km", "Avstånd till elnätstation", "distance_to", "[[1, 1], [10, 0]]", 1, 0, "substations"),
    _Criterion("planned_share", "Andel inom detaljplan", "overlap_share", "[[0, 0.0], [1, 1.0]]", 1, 2, "plans"),
    _Criterion("flood_share", "Andel med översvämning", "overlap_share", "[[0, 1.0], [0.5, 0.0]]", 1, 1, "flood"),
    _Criterion("slope_pct", "Lutning", "slope", "[[2, 1.0], [12, 0.0]]", 2, 1, "heights"),
    _Criterion("area_ha", "Storlek", "attribute", "[[1, 0.2], [5, 1.0]]", 2, 1, params='{ column = "area_ha" }'),
    _Criterion(
        "width_m", "Bredd, största inskrivna cirkel", "form", "[[30, 0.0], [100, 1.0]]", 1, 1,
        params='{ column = "inscribed_diameter_m" }',
    ),
)  # fmt: skip


def criteria_and_profiles(layers: Mapping[str, str]) -> list[str]:
    """
    Return the tables of criteria and profiles.

    Parameters
    ----------
    layers
        Name of a layer in the study for each role that is there.

    Returns
    -------
    list of str
        Pieces of TOML; those whose layer is not there are left out.
    """
    usable = [criterion for criterion in _CRITERIA if criterion.role is None or criterion.role in layers]
    return [
        _ABOUT_CRITERIA,
        *(_criterion(criterion, layers) for criterion in usable),
        _ABOUT_PROFILES,
        _profile("lager", "Lager och logistik", {each.id: each.store for each in usable}, size=">= 2", width=">= 60"),
        _profile("kontor", "Kontor", {each.id: each.office for each in usable}, size=">= 1", width=">= 40"),
    ]


_ABOUT_CRITERIA = section("Kriterier: antaganden. points är [det mätta, nyttan 0–1], med räta linjer emellan")
_ABOUT_PROFILES = section("Verksamhetstyper: antaganden. Vikter är poäng; krav måste uppfyllas")


def _criterion(criterion: _Criterion, layers: Mapping[str, str]) -> str:
    lines = ["[[criteria]]", f'id = "{criterion.id}"', f'name = "{criterion.name}"', f'measure = "{criterion.measure}"']
    lines += [f"layer = {json.dumps(layers[criterion.role])}"] if criterion.role else []
    lines += [f"params = {criterion.params}"] if criterion.params else []
    lines += [f"value = {{ points = {criterion.points} }}"]
    return "\n".join(lines)


def _profile(name: str, words: str, weights: Mapping[str, int], *, size: str, width: str) -> str:
    told = ", ".join(f"{criterion} = {weight}" for criterion, weight in weights.items() if weight)
    return f"""\
[[profiles]]
id = "{name}"
name = "{words}"
weights = {{ {told} }}
requirements = {{ area_ha = "{size}", width_m = "{width}" }}"""
