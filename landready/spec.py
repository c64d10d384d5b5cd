"""The study file: what it may say, checked before anything is read.

`StudySpec` is the whole of a `study.toml`; `Criterion`, `Profile` and `ValueFunction` are also what an
analyst builds by hand. Loading collects every problem of a file and raises once, in words.
"""

import datetime as dt
import difflib
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from landready.errors import Finding
from landready.model import Audience
from landready.texts import Language
from landready.where import Condition
from landready.where import parse as parse_condition

Where = dict[str, Condition]
Kind = Literal["hard", "strong", "info", "include"]
Certainty = Literal["verified", "secondary", "memory", "assumption"]

UNITS = ("m", "km", "ha", "pct", "share", "min", "months", "year", "count", "kv", "mw", "jobs", "kmh")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Words(_Model):
    """
    A name in Swedish and English.

    Parameters
    ----------
    sv, en
        The two names; English falls back on Swedish.
    """

    sv: str
    en: str = ""

    def in_language(self, language: Language) -> str:
        """Return the name in `language`."""
        return self.en if language == "en" and self.en else self.sv


Name = Annotated[Words, Field(description="text or { sv, en }")]


def _as_words(value: Any) -> Any:
    return {"sv": value} if isinstance(value, str) else value


class ValueFunction(_Model):
    """
    Turns a measured value into a utility between 0 and 1.

    Parameters
    ----------
    kind
        `piecewise`: straight lines between the points, level outside them. `step`: the utility of the last point
        whose x is less than or equal to the value (≥); below the first point, the first.
    points
        Pairs [x, utility], x strictly rising.

    Examples
    --------
    >>> ValueFunction(kind="piecewise", points=[(0, 1.0), (30, 0.0)]).kind
    'piecewise'
    """

    kind: Literal["piecewise", "step"] = "piecewise"
    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=1)]

    @field_validator("points")
    @classmethod
    def _points_rise(cls, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        xs = [x for x, _ in points]
        if not all(map(math.isfinite, xs)) or any(b <= a for a, b in itertools.pairwise(xs)):
            raise PydanticCustomError("value_points_order", "x must rise")
        if not all(0 <= u <= 1 for _, u in points):
            raise PydanticCustomError("value_points_range", "utilities lie between 0 and 1")
        return points


class Criterion(_Model):
    """
    A measured quantity with a unit, and the value function that turns it into 0–1.

    Parameters
    ----------
    id
        Name of the column in every table; ends in its unit (`station_min`, `flood_share`).
    measure
        A key of `landready.criteria.MEASURES`.
    layer
        The layer it is measured to; None for measures of the site itself.
    where
        Conditions on the layer's columns.
    params
        Further arguments of the measure, such as `{ roads = "roads", mode = "walk" }`.
    value
        The value function.
    name
        What people read; the id where there is none.
    source
        Where the value function comes from, or `"assumption"`.
    """

    id: str
    measure: str
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)
    value: ValueFunction
    name: Name | None = None
    source: str = "assumption"

    _words = field_validator("name", mode="before")(_as_words)

    @field_validator("id")
    @classmethod
    def _ends_in_unit(cls, value: str) -> str:
        if not re.fullmatch(rf"[a-z][a-z0-9_]*_({'|'.join(UNITS)})", value):
            raise PydanticCustomError("criterion_unit", "no unit", {"units": ", ".join(f"_{u}" for u in UNITS)})
        return value

    @property
    def unit(self) -> str:
        """The unit: what stands after the last underscore of the id."""
        return self.id.rsplit("_", 1)[1]

    def label(self, language: Language = "sv") -> str:
        """Return the name people read, or the id where there is none."""
        return self.name.in_language(language) if self.name else self.id


def _compares_numbers(condition: Condition) -> bool:
    _, wanted = parse_condition(condition)
    values = wanted if isinstance(wanted, list) else [wanted]
    return bool(values) and all(isinstance(value, float | int) and math.isfinite(value) for value in values)


class Profile(_Model):
    """
    A kind of business: requirements, weights, and value functions of its own.

    Parameters
    ----------
    id
        Key; the names of the written tables hold it.
    name
        What people read.
    weights
        Criterion id → points; any positive numbers.
    requirements
        Criterion id → condition such as `">= 2"`; a site that fails one, or where it is unknown, is not ranked.
    values
        Criterion id → value function that replaces the criterion's own.
    min_coverage
        Share of the weight that must rest on values that are not unknown (≥) for a site to be ranked.
    """

    id: str
    name: Name
    weights: Annotated[dict[str, float], Field(min_length=1)]
    requirements: Where = Field(default_factory=dict)
    values: dict[str, ValueFunction] = Field(default_factory=dict)
    min_coverage: Annotated[float, Field(ge=0, le=1)] = 0.5

    _words = field_validator("name", mode="before")(_as_words)

    @field_validator("weights")
    @classmethod
    def _weights_positive(cls, weights: dict[str, float]) -> dict[str, float]:
        bad = [key for key, value in weights.items() if not (math.isfinite(value) and value > 0)]
        if bad:
            raise PydanticCustomError("weights_positive", "not positive", {"ids": ", ".join(bad)})
        return weights

    @field_validator("requirements")
    @classmethod
    def _requirements_compare_numbers(cls, requirements: Where) -> Where:
        bad = [key for key, condition in requirements.items() if not _compares_numbers(condition)]
        if bad:
            raise PydanticCustomError("requirement_number", "not a number", {"ids": ", ".join(bad)})
        return requirements

    def label(self, language: Language = "sv") -> str:
        """Return the name people read."""
        return self.name.in_language(language)


class ConstraintRule(_Model):
    """
    A row of the rule set, or of `[[constraints]]` in a study, which overrides the row of the same `id`.

    Parameters
    ----------
    id
        Key. That of a row in the rule set changes the keys given here and keeps its others.
    name
        What people read; the id where there is none.
    role
        Applies to every layer with this role; or give `layer`.
    layer
        Applies to this one layer of the study.
    where
        Conditions on the layer's columns; all must be met.
    kind
        `"hard"` excludes land, `"strong"` asks for trial, `"info"` is told and changes nothing, `"include"` turns
        excluded land that no statute protects into land that needs trial.
    buffer_m
        Distance added around the features, metres; negative shrinks polygons.
    weight
        Share of the covered area that counts; below 1 for hard and strong only.
    legal_basis
        The law or decision it rests on, in words.
    statutory
        Whether no inclusion may lift it; by default, whether it has a legal basis.
    reason
        Why, in words; an inclusion must have it.
    case_number
        Where an inclusion was decided; an inclusion must have it.
    source
        Where the number comes from.
    certainty
        How sure the number is.
    enabled
        False leaves the row out; the study's findings say so.
    """

    id: str
    name: Name | None = None
    role: str | None = None
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    kind: Kind = "hard"
    buffer_m: float = 0.0
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    legal_basis: str | None = None
    statutory: bool | None = None
    reason: str | None = None
    case_number: str | None = None
    source: str = "assumption"
    certainty: Certainty = "assumption"
    enabled: bool = True

    _words = field_validator("name", mode="before")(_as_words)

    def label(self, language: Language = "sv") -> str:
        """Return the name people read, or the id where there is none."""
        return self.name.in_language(language) if self.name else self.id


class LayerSpec(_Model):
    """
    One input of a study.

    Parameters
    ----------
    path
        File, relative to the study file.
    layer
        Layer in the file; needed where the file holds several.
    role
        What the layer is: a key of `rules/roles.toml`. Decides which columns are read.
    id
        Column that names each feature, for roles whose id is not given in `columns`.
    columns
        Our name → the file's name.
    keep
        Further columns of the file to read.
    where
        Conditions on the columns read; the rest is left out and listed.
    source_crs
        The CRS the coordinates really are in, where the file says nothing or says it wrong.
    known_extent
        Where the layer was mapped: `"area"` (the study area and its margin), `"bounds"` (the box round its
        features; the default, and a finding says so) or the name of a layer of polygons.
    duplicates
        What to do with rows that share an id: `"error"`, `"number"` (keep apart, numbered) or `"dissolve"` (one
        property with several areas).
    date
        The day the layer describes.
    source
        Where it comes from, in words.
    modelled
        Whether it is modelled rather than observed; said on every output it touches.
    """

    path: str
    layer: str | None = None
    role: str | None = None
    id: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    keep: tuple[str, ...] = ()
    where: Where = Field(default_factory=dict)
    source_crs: str | None = None
    known_extent: str = "bounds"
    duplicates: Literal["error", "number", "dissolve"] = "error"
    date: dt.date | None = None
    source: str | None = None
    modelled: bool = False

    @field_validator("path")
    @classmethod
    def _forward_slashes(cls, value: str) -> str:
        if not value.isprintable():  # "data\tables.gpkg" holds a tab: TOML read the backslash as an escape
            raise PydanticCustomError("path_escape", "control characters", {"value": value})
        return value.replace("\\", "/")


class Corridor(_Model):
    """
    Land within so many metres, or minutes by road, of named lines.

    Parameters
    ----------
    layer
        The lines, such as roads or railways.
    where
        Conditions on that layer's columns, for example `{ road_number = "E20" }`.
    within_m
        Straight distance, metres; this or `within_min`, not both.
    within_min
        Travel time in minutes along `roads`.
    roads
        The layer of roads for `within_min`.
    mode
        How one travels, for `within_min`.
    """

    layer: str
    where: Where = Field(default_factory=dict)
    within_m: Annotated[float, Field(gt=0)] | None = None
    within_min: Annotated[float, Field(gt=0)] | None = None
    roads: str | None = None
    mode: Literal["drive", "bike", "walk"] = "drive"

    @model_validator(mode="after")
    def _one_limit(self) -> "Corridor":
        if (self.within_m is None) == (self.within_min is None):
            raise PydanticCustomError("corridor_limit", "one of within_m and within_min")
        if self.within_min is not None and self.roads is None:
            raise PydanticCustomError("corridor_roads", "within_min needs roads")
        return self


class AreaSpec(_Model):
    """
    Where the study looks: polygons of a layer (a municipality is one), and corridors within them.

    Parameters
    ----------
    layer
        Polygons to look within, for example the municipalities.
    where
        Conditions on that layer's columns, for example `{ code = "1441" }`.
    corridors
        Land near any of these lines; with `layer` as well, only what lies in both.
    margin_m
        How far around the area layers are read, and how far `known_extent = "area"` reaches.
    """

    layer: str | None = None
    where: Where = Field(default_factory=dict)
    corridors: tuple[Corridor, ...] = ()
    margin_m: Annotated[float, Field(ge=0)] = 1000.0

    @model_validator(mode="after")
    def _something(self) -> "AreaSpec":
        if self.layer is None and not self.corridors:
            raise PydanticCustomError("area_empty", "layer or corridors")
        return self


class Barrier(_Model):
    """
    A layer that splits land.

    Parameters
    ----------
    layer
        The lines or polygons.
    where
        Conditions on that layer's columns; the rest does not split.
    width_m
        Width of the strip that lines take, metres.
    """

    layer: str
    where: Where = Field(default_factory=dict)
    width_m: Annotated[float, Field(gt=0)] = 2.0


class SitesSpec(_Model):
    """
    How land is joined into sites; see `landready.assemble`.

    Parameters
    ----------
    min_site_ha
        The least a site has, hectares; smaller land is listed and left out.
    max_site_ha
        The most a site has, hectares; larger land is cut.
    min_width_m
        Land that only a strip narrower than this joins becomes two sites, metres.
    barriers
        What splits land, such as roads and railways.
    """

    min_site_ha: Annotated[float, Field(ge=0)] = 1.0
    max_site_ha: Annotated[float, Field(gt=0)] = 50.0
    min_width_m: Annotated[float, Field(ge=0)] = 30.0
    barriers: tuple[Barrier, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> "SitesSpec":
        if self.min_site_ha >= self.max_site_ha:
            raise PydanticCustomError("sites_order", "min below max")
        return self


class RulesSpec(_Model):
    """
    Which rule set the study starts from.

    Parameters
    ----------
    constraints
        `"se"` for the Swedish rows, `"none"` for the study's own only.
    """

    constraints: Literal["se", "none"] = "se"


class MapSpec(_Model):
    """
    What the map shows besides the sites.

    Parameters
    ----------
    context
        Names of the layers drawn beneath; without it, those whose role is drawn by default.
    """

    context: tuple[str, ...] | None = None


class Head(_Model):
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

    _words = field_validator("title", mode="before")(_as_words)


class StudySpec(_Model):
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
        for corridor in self.area.corridors:
            needed += [("area.corridors", name) for name in (corridor.layer, corridor.roads) if name]
        needed += [("sites.barriers", barrier.layer) for barrier in self.sites.barriers]
        needed += [("map.context", name) for name in self.map.context or ()]
        needed += [
            (f"layers.{name}.known_extent", layer.known_extent)
            for name, layer in self.layers.items()
            if layer.known_extent not in {"area", "bounds"}
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


def _unknown(key: str, name: str, known: Iterable[str], where: str) -> Finding:
    return Finding(key, {"where": where, "name": name, "nearest": nearest_name(name, known)})


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`, or a dash if none is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)), "–")
