"""Which layers of a folder a drafted study uses, as what, and which of their columns it reads."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources

from landready.cli.draft_contents import Contents
from landready.layers.folding import fold
from landready.layers.products import product_of
from landready.layers.quality import QualityReport
from landready.layers.survey import LayerReport
from landready.rules import roles

OTHER = "other"
_EXTENT = "area"  # what a layer is that tells where another was mapped
# What `duplicates` in the study file mends.
SHARED_IDS = frozenset({"ids_repeated", "ids_missing"})
# Columns that may tell zones, or parts of a town, apart, by our name.
_CLASSES = ("use", "land_use", "kind", "zone", "plan_type")
# How a layer is called that has the roads that matter, beside another that has all of them.
_MAIN_ROADS = re.compile("major|main|arterial|primary|huvud|primar|riksvag|europavag|statlig")
# How open land of a town is called, which no role is for.
_OPEN_SPACE = re.compile(r"(open|green)_?space|\bparks?\b|parks?_|_parks?|recreation|gronyt|parkmark")


@dataclass(frozen=True, eq=False)
class Drafted:
    """
    A layer of the draft.

    Parameters
    ----------
    name
        What the study calls it: needs no quotes in TOML.
    role
        What the study takes it to be.
    report
        What was found about it.
    columns
        Our name → the file's, guessed.
    classes
        The column by whose values a rule could choose, and these values; only for layers with no role.
    in_use
        The column that says of some features that they are no longer in use, and the values of the others.
    extent
        Name of the layer that seems to tell where it was mapped.
    """

    name: str
    role: str
    report: LayerReport
    columns: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, list[str]] | None = None
    in_use: tuple[str, list[str]] | None = None
    extent: str | None = None

    @property
    def is_open_space(self) -> bool:
        """Whether it is called as parks and other open land are."""
        return self.role == OTHER and _is_open_space(self.report)

    @property
    def role_in_sweden(self) -> str | None:
        """What it would be in Sweden, for a layer abroad that is like what only Swedish law has."""
        return next(iter(self.report.recognition.why.get("abroad", ())), None)


def drafted(contents: Contents) -> list[Drafted]:
    """Return the layers that a study of the folder would use: those that are recognised and can be read."""
    report = contents.report
    usable = [each for each in report.layers if is_usable(each) and not is_part(each)]
    biggest = max((each.count for each in usable if each.recognition.role == "parcels"), default=0)
    chosen: list[Drafted] = []
    for each in usable:
        role = each.recognition.role
        one_more = role == "parcels" and (each.count < biggest or any(one.role == role for one in chosen))
        if one_more or not _is_wanted(each, report):  # there can be only one layer of parcels: the largest
            continue
        name = plain_name(each.layer, {one.name for one in chosen})
        chosen.append(
            Drafted(
                name,
                role,
                each,
                columns=_guessed_columns(each, abroad=report.abroad),
                classes=_classes(each, contents) if role == OTHER else None,
                in_use=contents.in_use(each) if role == "rail" and report.abroad else None,
            )
        )
    return [replace(each, extent=_extent_of(each, chosen)) for each in chosen]


def leading(layers: Sequence[Drafted], role: str) -> Drafted:
    """Return the layer of a role that criteria ask: of several with roads, one that has those that matter."""
    there = [layer for layer in layers if layer.role == role]
    main = [layer for layer in there if role == "roads" and _MAIN_ROADS.search(layer.name)]
    return (main or there)[0]


def _is_wanted(layer: LayerReport, report: QualityReport) -> bool:
    if layer.recognition.role != OTHER:
        return True
    return "abroad" in layer.recognition.why or (report.abroad and _is_open_space(layer))


def _is_open_space(layer: LayerReport) -> bool:
    return layer.kind == "polygon" and bool(_OPEN_SPACE.search(plain_name(layer.layer, ())))


def _classes(layer: LayerReport, contents: Contents) -> tuple[str, list[str]] | None:
    """Return the column that tells the features of a layer apart by what they are, with its values."""
    folded = {fold(column): column for column in reversed(layer.columns)}
    words = dict.fromkeys(word for ours in _CLASSES for word in (ours, *_aliases().get(ours, ())))
    for column in [folded[word] for word in words if word in folded]:
        values = contents.values(layer, column)
        if values:
            return column, values
    return None


def _extent_of(layer: Drafted, layers: Iterable[Drafted]) -> str | None:
    """Return the layer that was mapped with another: called as it is and more, or alone with it in one file."""
    if layer.role in {_EXTENT, "municipality", "parcels"}:
        return None
    beside = [each for each in layers if each.report.file == layer.report.file and each is not layer]
    extents = [each.name for each in beside if each.role == _EXTENT]
    named = [name for name in extents if name.startswith(f"{layer.name}_")]
    return next(iter(named), extents[0] if len(beside) == len(extents) == 1 else None)


def is_usable(layer: LayerReport) -> bool:
    """Tell whether a layer can be used, if only by a key of the study file."""
    return {finding.key for finding in layer.findings if finding.severity == "error"} <= SHARED_IDS


def is_part(layer: LayerReport) -> bool:
    """Tell whether a layer is only a part of another that is made of it, which is read in its stead."""
    return "part" in layer.recognition.why


def plain_name(words: str, taken: Iterable[str]) -> str:
    """Return a name that needs no quotes in TOML and is not taken."""
    plain = re.sub("[^a-z0-9]+", "_", fold(words)).strip("_") or "lager"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    return name


def read_as_product(report: LayerReport, role: str) -> Mapping[str, str]:
    """Return the columns that are read without being told, since the file is a product that is known."""
    product = product_of(report.columns, role=role)
    return product.mapping(report.columns, {}) if product else {}


def _guessed_columns(layer: LayerReport, *, abroad: bool) -> Mapping[str, str]:
    """
    Return the columns that the role reads and the file seems to call something else, by our name.

    Abroad only names: the rules that ask for the rest are Swedish.
    """
    name = layer.recognition.role
    columns, role = layer.columns, roles()[name]
    product, read = product_of(columns, role=name), read_as_product(layer, name)
    folded = {fold(column): column for column in reversed(columns)}
    asked = [ours for ours in (role.id, *role.columns) if ours and (not abroad or ours in {role.id, "name"})]
    # Who owns what is read only where a person has written so.
    wanted = [ours for ours in asked if ours not in {*folded, *read, *role.private_columns}]
    if product is not None and product.units is not None:  # whose areas are named by several columns
        wanted.remove("parcel_id")
    found = {ours: next((folded[word] for word in _aliases().get(ours, ()) if word in folded), None) for ours in wanted}
    return {ours: theirs for ours, theirs in found.items() if theirs}


@functools.cache
def _aliases() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("landready.rules").joinpath("aliases.toml").read_text(encoding="utf-8"))
