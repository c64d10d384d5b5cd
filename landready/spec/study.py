"""The whole of a study file, and whether the names in it hold together."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from landready.errors import Finding
from landready.likeness import nearest_name
from landready.model import Audience
from landready.spec.area import AreaSpec
from landready.spec.base import Model
from landready.spec.constraint import ConstraintRule
from landready.spec.criterion import Criterion
from landready.spec.layer import LayerSpec
from landready.spec.profile import Profile
from landready.spec.sites import SitesSpec
from landready.spec.words import Name
from landready.texts import Language


class RulesSpec(Model):
    """
    Which rule set the study starts from.

    Parameters
    ----------
    constraints
        `"se"` for the Swedish rows, `"none"` for the study's own only.
    shore_m
        How far shore protection reaches from water where the study has no layer of it, metres: 100, or 200 or 300
        where the county board has widened it.
    profiles
        Kinds of business that come with landready, with their criteria: `"logistics"`, `"small_industry"`, `"office"`,
        `"visitor"`. A profile of the study with the same id changes the keys it gives, a criterion replaces the other.
    """

    constraints: Literal["se", "none"] = "se"
    shore_m: Literal[100, 200, 300] = 100
    profiles: tuple[str, ...] = ()


class MapSpec(Model):
    """
    What the map shows besides the sites.

    Parameters
    ----------
    context
        Names of the layers drawn beneath; without it, those whose role is drawn by default.
    hillshade
        Whether heights are shown beneath as shadow and light, where the study has them.
    """

    context: tuple[str, ...] | None = None
    hillshade: bool = False


class Head(Model):
    """
    What the study is.

    Parameters
    ----------
    id
        Key; the names of the written files start with it.
    title
        What people read on map and tables.
    date
        The day the study describes; every output is dated by it.
    crs
        The one metric CRS that everything is measured in.
    language
        Language of the outputs, unless a command asks for another.
    audience
        Who the outputs are for, unless a command asks for another; `"extern"` does not hold owner categories.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: Name
    date: dt.date
    crs: str = "EPSG:3006"
    language: Language = "sv"
    audience: Audience = "intern"


class StudySpec(Model):
    """
    A whole study file.

    Parameters
    ----------
    study, area, layers, rules, constraints, sites, criteria, profiles, map
        The tables of the file.
    """

    study: Head
    area: AreaSpec
    layers: dict[str, LayerSpec]
    rules: RulesSpec = RulesSpec()
    constraints: tuple[ConstraintRule, ...] = ()
    sites: SitesSpec = SitesSpec()
    criteria: tuple[Criterion, ...] = ()
    profiles: tuple[Profile, ...] = ()
    map: MapSpec = MapSpec()

    def known_extent_of(self, layer: str) -> str:
        """Return where a layer was mapped: what it says itself, or what the area says for all that do not."""
        return self.layers[layer].known_extent or self.area.known_extent

    def findings(self) -> list[Finding]:
        """Return what does not hold together: names that are not there, ids used twice."""
        found = [*self._layer_names(), *self._duplicates()]
        known = [criterion.id for criterion in self.criteria]
        for profile in self.profiles:
            named = {**profile.weights, **profile.requirements, **profile.values}
            where = f"profiles.{profile.id}"
            found += [_unknown("study_unknown_criterion", name, known, where) for name in named if name not in known]
        if not any(layer.role == "parcels" for layer in self.layers.values()):
            found.append(Finding("study_no_parcels"))
        return found

    def _layer_names(self) -> list[Finding]:
        needed = [("area", self.area.layer)] if self.area.layer else []
        needed += [("area.known_extent", self.area.known_extent)] if _is_layer(self.area.known_extent) else []
        for corridor in self.area.corridors:
            needed += [("area.corridors", name) for name in (corridor.layer, corridor.roads) if name]
        needed += [("sites.barriers", barrier.layer) for barrier in self.sites.barriers]
        needed += [("map.context", name) for name in self.map.context or ()]
        needed += [
            (f"layers.{name}.known_extent", layer.known_extent)
            for name, layer in self.layers.items()
            if layer.known_extent is not None and _is_layer(layer.known_extent)
        ]
        return [
            _unknown("study_unknown_layer", name, self.layers, where)
            for where, name in needed
            if name not in self.layers
        ]

    def _duplicates(self) -> list[Finding]:
        groups: Mapping[str, Iterable[str]] = {
            "constraints": [rule.id for rule in self.constraints],
            "criteria": [criterion.id for criterion in self.criteria],
            "profiles": [profile.id for profile in self.profiles],
        }
        return [
            Finding("study_duplicate", {"where": where, "name": name})
            for where, names in groups.items()
            for name in sorted({name for name in names if list(names).count(name) > 1})
        ]


def _is_layer(known_extent: str) -> bool:
    """Tell whether an extent is the name of a layer, and not one of the words."""
    return known_extent not in {"area", "bounds"}


def _unknown(key: str, name: str, known: Iterable[str], where: str) -> Finding:
    return Finding(key, {"where": where, "name": name, "nearest": nearest_name(name, known)})
