"""The layers of a drafted study file: a line each, or a block where there is more to say."""

import functools
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from landready.cli.draft_words import CHOOSE, WIDTH, comment, quoted, section
from landready.layers.folding import fold
from landready.layers.products import product_of
from landready.layers.quality import QualityReport
from landready.layers.survey import LayerReport
from landready.rules import constraint_rules, roles

_OTHER = "other"
_EXTENT = "area"  # what a layer is that tells where another was mapped
# What `duplicates` in the study file mends.
_SHARED_IDS = frozenset({"ids_repeated", "ids_missing"})
_MOST_COLUMNS = 12


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
    extent
        Name of the layer that seems to tell where it was mapped.
    """

    name: str
    role: str
    report: LayerReport
    extent: str | None = None


def drafted(report: QualityReport) -> list[Drafted]:
    """Return the layers that a study of the folder would use: those that are recognised and can be read."""
    usable = [each for each in report.layers if _usable(each) and not _is_part(each)]
    biggest = max((each.count for each in usable if each.recognition.role == "parcels"), default=0)
    chosen: list[Drafted] = []
    for each in usable:
        role = each.recognition.role
        one_more = role == "parcels" and (each.count < biggest or any(one.role == role for one in chosen))
        if role == _OTHER or one_more:  # of several layers of parcels the largest is it, for there can be only one
            continue
        chosen.append(Drafted(_name(each.layer, {one.name for one in chosen}), _role(each, report), each))
    return [replace(each, extent=_extent_of(each, chosen)) for each in chosen]


def _extent_of(layer: Drafted, layers: Iterable[Drafted]) -> str | None:
    """Return the layer that was mapped with another: called as it is and more, or alone with it in one file."""
    if layer.role in {_EXTENT, "municipality", "parcels"}:
        return None
    beside = [each for each in layers if each.report.file == layer.report.file and each is not layer]
    extents = [each.name for each in beside if each.role == _EXTENT]
    named = [name for name in extents if name.startswith(f"{layer.name}_")]
    return next(iter(named), extents[0] if len(beside) == len(extents) == 1 else None)


def _usable(layer: LayerReport) -> bool:
    return {finding.key for finding in layer.findings if finding.severity == "error"} <= _SHARED_IDS


def _is_part(layer: LayerReport) -> bool:
    """Tell whether a layer is only a part of another that is made of it, which is read in its stead."""
    return "part" in layer.recognition.why


def _name(words: str, taken: Iterable[str]) -> str:
    plain = re.sub("[^a-z0-9]+", "_", fold(words)).strip("_") or "lager"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    return name


def _role(layer: LayerReport, report: QualityReport) -> str:
    """Return the role; plans of another country say nothing that Swedish law knows, and would leave all unmapped."""
    role = layer.recognition.role
    return _OTHER if role == "plans" and report.crs_needed is not None else role


def layer_tables(report: QualityReport, layers: Iterable[Drafted], folder: Path, file: Path) -> list[str]:
    """
    Return the tables of the layers, those first that have something to choose.

    Parameters
    ----------
    report
        What the folder holds.
    layers
        The layers to write.
    folder
        The folder.
    file
        Where the study file is to stand; paths are told from there.
    """
    several = {path for path, count in Counter(layer.file for layer in report.layers).items() if count > 1}
    start = _path_to(folder, file)
    blocks, lines = [], []
    for layer in layers:
        columns = _guessed_columns(layer, abroad=report.crs_needed is not None)
        keys, notes = _keys(layer, columns, start, several=several), _notes(layer, columns)
        line = f"{layer.name} = {{ {', '.join(f'{key} = {value}' for key, value in keys.items())} }}"
        if notes or len(line) > WIDTH:
            body = [f"{key} = {value}" for key, value in keys.items()]
            order = (layer.role != "parcels", not notes)  # the parcels first, then what has something to choose
            blocks.append((order, "\n".join([f"[layers.{layer.name}]", *body, *notes])))
        else:
            lines.append(line)
    about = section("Lager: gissade ur namn och kolumner") + "\n" + _ABOUT
    sorted_blocks = [block for _, block in sorted(blocks, key=lambda block: block[0])]
    return [about, *sorted_blocks, *(["\n".join(["[layers]", *lines])] if lines else [])]


_ABOUT = """\
# role är vad lagret är: "other" är lager som bara egna regler och kriterier frågar efter. columns: till vänster
# landreadys namn på en kolumn, till höger filens. known_extent går att sätta för ett lager i taget."""


def _keys(layer: Drafted, columns: Mapping[str, str], start: str, *, several: Iterable[str]) -> dict[str, str]:
    """Return the keys of a layer with their values in TOML."""
    report = layer.report
    keys = {"path": quoted(f"{start}/{report.file}")}
    keys |= {"layer": quoted(report.layer)} if report.file in several else {}
    keys["role"] = quoted(layer.role)
    keys |= {"known_extent": quoted(layer.extent)} if layer.extent else {}
    assumed = [finding for finding in report.findings if finding.key == "crs_assumed"]
    keys |= {"source_crs": quoted(str(assumed[0].values["crs"]))} if assumed else {}
    told = ", ".join(f"{ours} = {quoted(theirs)}" for ours, theirs in columns.items())
    keys |= {"columns": f"{{ {told} }}"} if columns else {}
    shared = any(finding.key in _SHARED_IDS for finding in report.findings)
    if layer.role == "parcels":
        keys["duplicates"] = quoted("dissolve")
    elif shared or roles()[layer.role].id in columns:  # what a guessed column holds is not known yet
        keys["duplicates"] = quoted("number")
    return keys


def _notes(layer: Drafted, columns: Mapping[str, str]) -> list[str]:
    """Return comments on what is to be chosen."""
    report, found = layer.report, {finding.key for finding in layer.report.findings}
    notes = []
    if report.recognition.certainty in {"guess", "none"}:
        notes.append(f"är det {roles()[layer.role].sv}? Annars en annan role, eller ta bort lagret.")
    if layer.extent is not None:
        notes.append(f"är lagret kartlagt just inom {layer.extent}? Utanför är svaret okänt.")
    if "crs_assumed" in found:
        notes.append("koordinatsystemet är antaget, för filen säger inget.")
    if set(columns) & _asked(layer.role):
        notes.append("stämmer columns? " + _columns_in_words(report))
    elif layer.role == "parcels" and "ids_assigned" in found:
        notes.append('vilken kolumn är beteckningen? id = "…". ' + _columns_in_words(report))
    if layer.role == "plans" and _lacks_content(report, columns):
        notes.append(
            "lagret saknar status, use eller permits_business, så vad planerna tillåter är okänt och marken blir ej "
            f'kartlagd. Koppla dem i columns, eller skriv role = "other" för att bortse från planerna. '
            f"{_columns_in_words(report)}"
        )
    return [line for note in notes for line in comment(f"{CHOOSE}: {note}")]


@functools.cache
def _asked(role: str) -> frozenset[str]:
    """Return the columns that change what a study says; a wrong name of a thing is seen on the map and does no harm."""
    asked = {column for rule in constraint_rules() if rule.role == role for column in rule.where}
    return frozenset(asked | {"parcel_id", "code"})


def _lacks_content(report: LayerReport, columns: Mapping[str, str]) -> bool:
    """Tell whether a layer of plans does not say what they permit, or whether they are in force."""
    known = {fold(column) for column in report.columns} | set(_read_as_product(report, "plans")) | set(columns)
    return "status" not in known or not known & {"use", "permits_business"}


def _read_as_product(report: LayerReport, role: str) -> Mapping[str, str]:
    """Return the columns that are read without being told, since the file is a product that is known."""
    product = product_of(report.columns, role=role)
    return product.mapping(report.columns, {}) if product else {}


def _columns_in_words(report: LayerReport) -> str:
    more = len(report.columns) - _MOST_COLUMNS
    shown = ", ".join(report.columns[:_MOST_COLUMNS])
    return f"Filen har: {shown}{f' … ({more} till)' if more > 0 else ''}."


def _guessed_columns(layer: Drafted, *, abroad: bool) -> Mapping[str, str]:
    """
    Return the columns that the role reads and the file seems to call something else, by our name.

    Abroad only names: the rules that ask for the rest are Swedish.
    """
    columns, role = layer.report.columns, roles()[layer.role]
    product, read = product_of(columns, role=layer.role), _read_as_product(layer.report, layer.role)
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


def _path_to(folder: Path, file: Path) -> str:
    """Return the way from the study file to the folder, or the whole way where there is none (another drive)."""
    try:
        return Path(os.path.relpath(folder.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def left_out(report: QualityReport) -> list[str]:
    """Return comments on what is in the folder and is not in the study, and why."""
    used = {id(layer.report) for layer in drafted(report)}
    unknown: dict[str, list[str]] = {}
    broken: list[str] = []
    for layer in report.layers:
        if id(layer) in used or _is_part(layer):
            continue
        if _usable(layer):
            unknown.setdefault(layer.file, []).append(layer.layer)
        else:
            why = next(finding.text("sv") for finding in layer.findings if finding.severity == "error")
            broken += comment(f"Går inte att använda: {layer.file} · {layer.layer}. {why}")
    told = []
    if unknown:
        named = "; ".join(f"{file}: {', '.join(names)}" for file, names in unknown.items())
        told = comment(
            "Inte med, för inget känns igen eller ett annat lager har rollen (behövs ett, skriv en rad som ovan med "
            f'role = "other"): {named}.'
        )
    told += broken
    told += comment(f"Inte genomgångna: {', '.join(report.skipped)}.") if report.skipped else []
    return ["\n".join(told)] if told else []
