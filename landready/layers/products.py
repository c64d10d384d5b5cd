"""Products that planners have: known by their columns, and read into our columns and words.

The products are data (`rules/products.toml`). A product only fills columns that the caller has not mapped and the
layer does not have under our own names.
"""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import geopandas as gpd
import pandas as pd

from landready.errors import Finding, some
from landready.layers.folding import fold
from landready.layers.notes import Notes
from landready.spec import Words


@dataclass(frozen=True)
class Reading:
    """
    How one of our columns comes from one of theirs; see `rules/products.toml`.

    Parameters
    ----------
    source
        Their column, folded.
    words, starts
        What a folded value means, whole or by its beginning.
    patterns
        Regular expressions and what they mean, in turn; text may refer to groups.
    missing
        Values that say that nobody knows.
    number
        Whether the value is a number; `largest_of` parts several, of which the largest is taken; `times` scales it.
    """

    source: str
    words: Mapping[str, Any] = field(default_factory=dict)
    starts: Mapping[str, Any] = field(default_factory=dict)
    patterns: Sequence[tuple[str, Any]] = ()
    missing: Sequence[str] = ()
    number: bool = False
    largest_of: str = ""
    times: float = 1.0

    def translated(self, values: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Return what values mean, and of which nothing is known; those have no meaning, as missing ones."""
        texts = values.astype("string").str.strip()
        if pd.api.types.is_float_dtype(values) and not self.number:
            texts = texts.str.removesuffix(".0")  # codes in a column with gaps are read as decimals
        said = texts.notna() & ~texts.isin(["", *self.missing]).fillna(value=False)
        if not (self.number or self.words or self.starts or self.patterns):
            return values.where(said), said & False
        meaning = {value: self._meaning(value) for value in texts[said].unique()}
        kind = "float64" if self.number else object
        read = pd.Series([meaning.get(value) for value in texts.astype(object)], index=values.index, dtype=kind)
        return read, said & read.isna()

    def _meaning(self, value: str) -> Any:
        if self.number:
            numbers = [_number(part) for part in (value.split(self.largest_of) if self.largest_of else [value])]
            known = [number for number in numbers if number is not None]
            return max(known) * self.times if len(known) == len(numbers) else None
        folded = fold(value)
        if folded in self.words:
            return self.words[folded]
        begins = (meaning for start, meaning in self.starts.items() if folded.startswith(start))
        return next(begins, self._by_pattern(value))

    def _by_pattern(self, value: str) -> Any:
        for pattern, meaning in self.patterns:
            found = re.search(pattern, value)
            if found:
                return found.expand(meaning) if isinstance(meaning, str) else meaning
        return None


def _number(value: str) -> float | None:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return None


@dataclass(frozen=True)
class UnitColumns:
    """
    Which columns of a division into properties tell which areas are one register unit, all folded.

    Parameters
    ----------
    reference
        Column of the unit's own key, shared by all its areas.
    municipality, tract
        Columns of these parts of its designation.
    number
        Columns that end the designation, the first of them that is filled in (`1:12>2`, `1:12`).
    """

    reference: str
    municipality: str
    tract: str
    number: tuple[str, ...]

    def there(self, columns: Sequence[str]) -> dict[str, str]:
        """Return folded name → name as the layer spells it, for those of the columns that it has."""
        by_fold = {fold(name): name for name in columns}
        wanted = (self.reference, self.municipality, self.tract, *self.number)
        return {name: by_fold[name] for name in wanted if name in by_fold}


@dataclass(frozen=True)
class Product:
    """
    A product: what it is called, what it is to landready, and how it is read.

    Parameters
    ----------
    id, name
        Key, and what people call it.
    role
        A key of `rules/roles.toml`.
    columns
        Folded names that are all in its layers.
    read
        Our column → how it comes from theirs.
    source, tested
        Who says so, and whether it was tested on a `real` delivery or on `generated` data.
    kind
        `"polygon"`, `"line"` or `"point"` where that tells it from a product with the same columns; else None.
    units
        How its areas are put together to register units, for a division into properties; else None.
    """

    id: str
    name: Words
    role: str
    columns: tuple[str, ...]
    read: Mapping[str, Reading]
    source: str
    tested: str
    kind: str | None = None
    units: UnitColumns | None = None

    def mapping(self, there: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
        """
        Return our columns → theirs, for those that are there and were not given.

        Parameters
        ----------
        there
            The columns of the layer.
        given
            What the caller has mapped.
        """
        by_fold = {fold(name): name for name in there}
        own = {name.lower() for name in there}
        return {
            ours: by_fold[reading.source]
            for ours, reading in self.read.items()
            if ours not in given and (ours not in own or reading.source == ours) and reading.source in by_fold
        }

    def translated(
        self, frame: gpd.GeoDataFrame, columns: Sequence[str], *, layer: str
    ) -> tuple[gpd.GeoDataFrame, Notes]:
        """
        Return the layer in our words, and what was found that nothing is known of.

        Parameters
        ----------
        frame
            With our columns and their values.
        columns
            Those that the product has given.
        layer
            What findings call it.
        """
        told = {"layer": layer, "product": self.name, "columns": ", ".join(columns) or "–"}
        findings = [Finding("product_read", told, "note")]
        read = {}
        for name in columns:
            read[name], strange = self.read[name].translated(frame[name])
            if strange.any():
                values = some(sorted(map(str, frame[name][strange].unique())))
                count = {"count": int(strange.sum()), "total": len(frame)}
                fields = {"layer": layer, "column": name, "values": values, **count}
                findings.append(Finding("product_values", fields, "warning"))
        return frame.assign(**read), Notes(tuple(findings))


@functools.cache
def products() -> tuple[Product, ...]:
    """Return all products, those that are known by most columns first."""
    path = resources.files("landready.rules").joinpath("products.toml")
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["products"]
    return tuple(sorted(map(_product, rows), key=lambda product: -len(product.columns)))


def _product(row: dict[str, Any]) -> Product:
    read = {
        ours: Reading(**{"source" if key == "from" else key: value for key, value in entry.items()})
        for ours, entry in row.get("read", {}).items()
    }
    units = row.get("units")
    return Product(
        id=row["id"],
        name=Words(sv=row["sv"], en=row["en"]),
        role=row["role"],
        columns=tuple(row["columns"]),
        read=read,
        source=row["source"],
        tested=row["tested"],
        kind=row.get("kind"),
        units=UnitColumns(**{**units, "number": tuple(units["number"])}) if units else None,
    )


def product_name(key: str) -> Words:
    """Return what people call a product."""
    return next(product.name for product in products() if product.id == key)


def product_of(columns: Sequence[str], *, role: str | None = None, kind: str | None = None) -> Product | None:
    """
    Return the product that a layer is, by its columns; None if it is none that is known.

    Parameters
    ----------
    columns
        The names of its columns.
    role
        What the caller says that it is; None if nobody has said.
    kind
        Its kind of geometry (`"polygon"`, `"line"`, `"point"`); None if not known.

    Examples
    --------
    >>> product_of(["OBJEKT_ID", "DETALJTYP", "ANDAMAL_1T"]).id
    'lm_byggnad_by'
    """
    there = {fold(name) for name in columns}
    fitting = (
        product
        for product in products()
        if role in (None, product.role)
        and (kind is None or product.kind in (None, kind))
        and there.issuperset(product.columns)
    )
    return next(fitting, None)


@dataclass(frozen=True)
class ReadAs:
    """
    The product that a layer is read as, if any, and the columns that it gives.

    Parameters
    ----------
    product
        The product; None for a layer that is none.
    columns
        Our column → theirs.
    """

    product: Product | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def translated(self, frame: gpd.GeoDataFrame, *, layer: str) -> tuple[gpd.GeoDataFrame, Notes]:
        """Return the layer in our words, as `Product.translated`; as it is where no product gives anything."""
        if self.product is None or not (self.columns or self.product.units):
            return frame, Notes()
        return self.product.translated(frame, [name for name in self.columns if name in frame], layer=layer)


def read_as(columns: Sequence[str], *, role: str | None, given: Mapping[str, str]) -> ReadAs:
    """
    Return how a layer is read by its product.

    Parameters
    ----------
    columns
        The names of its columns.
    role
        What the caller says that it is; with None it is read as no product.
    given
        What the caller has mapped: our column → theirs.
    """
    product = product_of(columns, role=role) if role is not None else None
    return ReadAs(product, product.mapping(columns, given)) if product is not None else ReadAs()
