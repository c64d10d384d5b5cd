"""What is asked of one layer of a file: which layer it is, as which product it is read, and which of its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landready.errors import Finding
from landready.layers.columns import Choice, choose_columns, index_name_of
from landready.layers.files import FileLayer, open_layer
from landready.layers.notes import Notes
from landready.layers.products import Product, ReadAs, UnitColumns, product_of, read_as
from landready.layers.recognise import kind_of
from landready.rules import roles


@dataclass(frozen=True)
class Asked:
    """
    A layer of a file, and what is to be read of it.

    Parameters
    ----------
    file_layer
        What the file says of it.
    title
        What messages call it.
    role
        What it is to landready; None for nothing in particular.
    product
        As what it is read.
    choice
        Which columns, under which names.
    units
        Which columns tell its register units apart; None where features have ids of their own.
    """

    file_layer: FileLayer
    title: str
    role: str | None
    product: ReadAs
    choice: Choice
    units: UnitColumns | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of geometry that the role can have; none where anything will do."""
        kinds = roles()[self.role].kinds if self.role is not None and self.role in roles() else ()
        return () if "raster" in kinds else kinds

    @property
    def needs_id(self) -> bool:
        """Whether features of the role should have ids of their own."""
        return self.role is not None and self.role in roles() and roles()[self.role].id is not None


def ask(
    file: Path,
    layer: str | None,
    *,
    role: str | None,
    name: str | None,
    columns: Mapping[str, str],
    keep: Sequence[str],
    id_column: str | None,
) -> tuple[Asked, Notes]:
    """
    Choose a layer of a file and what is read of it.

    Parameters
    ----------
    file
        A file that is no zip.
    layer, role, name, columns, keep, id_column
        As in `read`; `id_column` is its `id`.

    Returns
    -------
    Asked, Notes
        Errors for columns that are not there, and for a layer that is another one of its delivery.

    Raises
    ------
    FileError
        If the file cannot be opened, or has no such layer.
    """
    opened = open_layer(file, layer, role=role)
    title = name or opened.title
    product = read_as(opened.readable, role=role, given=columns)
    units = _units_of(product.product, opened, role, named=id_column is not None or index_name_of(role) in columns)
    unit_columns = units.there(opened.columns) if units is not None else {}
    choice, notes = choose_columns(
        opened.readable,
        layer=title,
        role=role,
        columns={**product.columns, **columns},
        keep=keep,
        id_column=id_column if units is None else unit_columns[units.reference],
        besides=list(unit_columns.values()),
    )
    other = Notes(tuple(_other_kind_findings(opened, role, title)))
    return Asked(opened, title, role, product, choice, units), notes + other


def _units_of(product: Product | None, opened: FileLayer, role: str | None, *, named: bool) -> UnitColumns | None:
    """Return the columns that tell register units apart; None where the caller or the layer itself names features."""
    own = {name.lower() for name in opened.columns}
    if product is None or named or index_name_of(role) in own:
        return None
    return product.units


def _other_kind_findings(opened: FileLayer, role: str | None, title: str) -> list[Finding]:
    """Return an error for a layer that has the columns of what is asked for, and is another one of its delivery."""
    kind = kind_of(opened.kind)
    if role is None or role == "other" or kind == "unknown":
        return []
    other = product_of(opened.columns, kind=kind)
    meant = product_of(opened.columns, role=role)
    if other is None or meant is None or other.role == role or meant.kind in {None, kind}:
        return []
    return [Finding("product_other_kind", {"layer": title, "product": other.name, "meant": meant.name})]
