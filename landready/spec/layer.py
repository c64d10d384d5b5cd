"""An input of a study: which file, what it is, and how it is to be read."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from landready.spec.base import Model, Where

OwnerCategory = Literal[
    "kommun",
    "kommunalt_bolag",
    "region",
    "stat",
    "kyrka_stiftelse",
    "foretag",
    "samfallighet_ga",
    "fysisk_person",
    "dodsbo",
    "blandat",
    "okand",
]


def _forward_slashes(value: str) -> str:
    if not value.isprintable():  # "data\tables.gpkg" holds a tab: TOML read the backslash as an escape
        raise PydanticCustomError("path_escape", "control characters", {"value": value})
    return value.replace("\\", "/")


FilePath = Annotated[str, AfterValidator(_forward_slashes)]


class OwnerTable(Model):
    """
    A table that says of what kind the owners of properties are. Nothing but the named columns is read of it.

    Parameters
    ----------
    path
        CSV file, workbook or GeoPackage, relative to the study file; geometry is not read.
    key
        Column with the designation (fastighetsbeteckning).
    layer
        Sheet or layer in the file; needed where it holds several.
    column
        Column with the category in words: of `rules/owners.toml`, in upper or lower case.
    category
        The category of all properties in the table, where it lists those of one owner, such as `"kommun"`. Either
        this or `column`.
    """

    path: FilePath
    key: str
    layer: str | None = None
    column: str | None = None
    category: OwnerCategory | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.column is None) == (self.category is None):
            raise PydanticCustomError("owners_which", "one of column and category")
        return self


class LayerSpec(Model):
    """
    One input of a study.

    Parameters
    ----------
    path
        File, or folder of plan files or raster tiles, relative to the study file.
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
        features, and a finding says so) or the name of a layer of polygons. If not said, what the area says for
        all layers: `"bounds"`, unless it says otherwise.
    duplicates
        What to do with rows that share an id: `"error"`, `"number"` (keep apart, numbered) or `"dissolve"` (one
        property with several areas). If not said, products that are known to have several areas per property are
        dissolved, and all else is an error.
    owners
        Table from which parcels get their `owner_category`.
    date
        The day the layer describes.
    source
        Where it comes from, in words.
    nodata
        Of a raster: a stored value that stands for "nothing" though the file does not say so, as -9999.
    modelled
        Whether it is modelled rather than observed; said on every output it touches.
    """

    path: FilePath
    layer: str | None = None
    role: str | None = None
    id: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    keep: tuple[str, ...] = ()
    where: Where = Field(default_factory=dict)
    source_crs: str | None = None
    known_extent: str | None = None
    duplicates: Literal["error", "number", "dissolve"] | None = None
    owners: OwnerTable | None = None
    date: dt.date | None = None
    source: str | None = None
    nodata: float | None = None
    modelled: bool = False
