"""How land is joined into sites, and what splits it."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from landready.spec.base import Model, Where


class Barrier(Model):
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


class SitesSpec(Model):
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
