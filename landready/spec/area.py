"""Where a study looks."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from landready.spec.base import Model, Where


class Corridor(Model):
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


class AreaSpec(Model):
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
    known_extent
        Where the layers that do not say were mapped, in the words of a layer's own `known_extent`.
    """

    layer: str | None = None
    where: Where = Field(default_factory=dict)
    corridors: tuple[Corridor, ...] = ()
    margin_m: Annotated[float, Field(ge=0)] = 1000.0
    known_extent: str = "bounds"

    @model_validator(mode="after")
    def _something(self) -> "AreaSpec":
        if self.layer is None and not self.corridors:
            raise PydanticCustomError("area_empty", "layer or corridors")
        return self
