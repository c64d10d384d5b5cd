"""The layers of a drafted study file: a line each, or a block where there is more to say."""

import functools
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from landready.cli.draft_contents import Contents, sharing_ids
from landready.cli.draft_layers import OTHER, SHARED_IDS, Drafted, is_part, is_usable, plain_name, read_as_product
from landready.cli.draft_words import CHOOSE, WIDTH, comment, quoted, section, toml_key
from landready.errors import some
from landready.layers.folding import fold
from landready.layers.survey import LayerReport
from landready.rules import constraint_rules, roles

_MOST_COLUMNS = 12
# So many layers that are not used are written so that they can be; the others are only named.
_MOST_LEFT_OUT = 12


def layer_tables(contents: Contents, layers: Sequence[Drafted], file: Path) -> list[str]:
    """
    Return the tables of the layers, those first that have something to choose.

    Parameters
    ----------
    contents
        The folder, and what it holds.
    layers
        The layers to write.
    file
        Where the study file is to stand; paths are told from there.
    """
    start = _path_to(contents.folder, file)
    blocks, lines = [], []
    for layer in layers:
        keys, notes = _keys(layer, start, contents), _notes(layer, contents)
        line = f"{layer.name} = {_table(keys)}"
        if notes or len(line) > WIDTH:
            body = [f"{key} = {value}" for key, value in keys.items()]
            order = (layer.role != "parcels", not notes)  # the parcels first, then what has something to choose
            blocks.append((order, "\n".join([f"[layers.{layer.name}]", *body, *notes])))
        else:
            lines.append(line)
    about = section("Lager: gissade ur namn och kolumner") + "\n" + _ABOUT
    sorted_blocks = [block for _, block in sorted(blocks, key=lambda block: block[0])]
    return [about, *sorted_blocks, "\n".join(["[layers]", *lines])]


_ABOUT = """\
# role är vad lagret är: "other" är lager som bara egna regler och kriterier frågar efter. columns: till vänster
# landreadys namn på en kolumn, till höger filens. known_extent går att sätta för ett lager i taget."""


def _table(keys: dict[str, str]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in keys.items())} }}"


def _place(report: LayerReport, start: str, contents: Contents) -> dict[str, str]:
    """Return the keys that say where a layer is."""
    keys = {"path": quoted(f"{start}/{report.file}")}
    return keys | ({"layer": quoted(report.layer)} if report.file in contents.several else {})


def _keys(layer: Drafted, start: str, contents: Contents) -> dict[str, str]:
    """Return the keys of a layer with their values in TOML."""
    report, columns = layer.report, layer.columns
    keys = _place(report, start, contents) | {"role": quoted(layer.role)}
    keys |= {"known_extent": quoted(layer.extent)} if layer.extent else {}
    assumed = [finding for finding in report.findings if finding.key == "crs_assumed"]
    keys |= {"source_crs": quoted(str(assumed[0].values["crs"]))} if assumed else {}
    told = ", ".join(f"{ours} = {quoted(theirs)}" for ours, theirs in columns.items())
    keys |= {"columns": f"{{ {told} }}"} if columns else {}
    kept = [layer.classes[0]] if layer.classes else []
    if layer.in_use:
        column, values = layer.in_use
        kept.append(column)
        keys["where"] = f"{{ {toml_key(column)} = [{', '.join(map(quoted, values))}] }}"
    keys |= {"keep": f"[{', '.join(map(quoted, kept))}]"} if kept else {}
    shared = any(finding.key in SHARED_IDS for finding in report.findings)
    if layer.role == "parcels":
        keys["duplicates"] = quoted("dissolve")
    elif shared or roles()[layer.role].id in columns:  # what a guessed column holds is not known yet
        keys["duplicates"] = quoted("number")
    return keys


def _notes(layer: Drafted, contents: Contents) -> list[str]:
    """Return comments on what is to be chosen."""
    report, found = layer.report, {finding.key for finding in layer.report.findings}
    notes = []
    if report.recognition.certainty == "guess":
        notes.append(f"är det {roles()[layer.role].sv}? Annars en annan role, eller ta bort lagret.")
    if layer.extent is not None:
        notes.append(f"är lagret kartlagt just inom {layer.extent}? Utanför är svaret okänt.")
    if "crs_assumed" in found:
        notes.append("koordinatsystemet är antaget, för filen säger inget.")
    if set(layer.columns) & _asked(layer.role):
        notes.append("stämmer columns? " + _columns_in_words(report))
    elif layer.role == "parcels" and "ids_assigned" in found:
        notes.append('vilken kolumn är beteckningen? id = "…". ' + _columns_in_words(report))
    notes += _about_shared_ids(layer, contents) if layer.role == "parcels" else []
    if layer.in_use:
        notes.append("where utelämnar spår som inte används, eller där inget står. Stryk raden om de ska räknas.")
    if layer.role == "plans" and _lacks_content(layer):
        notes.append(
            "lagret saknar status, use eller permits_business, så vad planerna tillåter är okänt och marken blir ej "
            f'kartlagd. Koppla dem i columns, eller skriv role = "other" för att bortse från planerna. '
            f"{_columns_in_words(report)}"
        )
    return [line for note in notes for line in comment(f"{CHOOSE}: {note}")]


def _about_shared_ids(layer: Drafted, contents: Contents) -> list[str]:
    """Return a question about the rows of parcels that share a designation or have none, if any do."""
    parcels = contents.parcels(layer.report, layer.columns)
    if parcels is None:
        return []
    shared, nameless, ids = sharing_ids(parcels)
    said = [f"{shared} rader delar beteckning med en annan ({some(ids, first=3)})"] if shared else []
    said += [f"{nameless} saknar beteckning och numreras"] if nameless else []
    if not said:
        return []
    merged = 'duplicates = "dissolve" slår ihop rader med samma beteckning till en fastighet'
    return [f'{" och ".join(said)}. {merged}. Är de olika fastigheter, skriv "number".']


@functools.cache
def _asked(role: str) -> frozenset[str]:
    """Return the columns that change what a study says; a wrong name of a thing is seen on the map and does no harm."""
    asked = {column for rule in constraint_rules() if rule.role == role for column in rule.where}
    return frozenset(asked | {"parcel_id", "code"})


def _lacks_content(layer: Drafted) -> bool:
    """Tell whether a layer of plans does not say what they permit, or whether they are in force."""
    report = layer.report
    known = {fold(column) for column in report.columns} | set(read_as_product(report, "plans")) | set(layer.columns)
    return "status" not in known or not known & {"use", "permits_business"}


def _columns_in_words(report: LayerReport) -> str:
    more = len(report.columns) - _MOST_COLUMNS
    shown = ", ".join(report.columns[:_MOST_COLUMNS])
    return f"Filen har: {shown}{f' … ({more} till)' if more > 0 else ''}."


def _path_to(folder: Path, file: Path) -> str:
    """Return the way from the study file to the folder, or the whole way where there is none (another drive)."""
    try:
        return Path(os.path.relpath(folder.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def left_out(contents: Contents, layers: Iterable[Drafted], file: Path) -> list[str]:
    """
    Return comments on what is in the folder and is not in the study, and why.

    Parameters
    ----------
    contents, file
        As for `layer_tables`.
    layers
        What is in the study.
    """
    used = {id(layer.report): layer.name for layer in layers}
    rest = [layer for layer in contents.report.layers if id(layer) not in used and not is_part(layer)]
    told = _not_used([layer for layer in rest if is_usable(layer)], set(used.values()), contents, file)
    for layer in rest:
        if not is_usable(layer):
            why = next(finding.text("sv") for finding in layer.findings if finding.severity == "error")
            told += comment(f"Går inte att använda: {layer.file} · {layer.layer}. {why}")
    skipped = contents.report.skipped
    told += comment(f"Inte genomgångna: {', '.join(skipped)}.") if skipped else []
    return ["\n".join(told)] if told else []


def _not_used(rest: Sequence[LayerReport], taken: set[str], contents: Contents, file: Path) -> list[str]:
    """Return the layers that could be used and are not, each as the line that would use it."""
    if not rest:
        return []
    told = comment(
        "Inte med. Behövs ett lager: ta bort # framför raden, och skriv en regel eller ett kriterium för det."
    )
    for layer in rest[:_MOST_LEFT_OUT]:
        name = plain_name(layer.layer, taken)
        taken.add(name)
        keys = _place(layer, _path_to(contents.folder, file), contents) | {"role": quoted(OTHER)}
        told.append(f"# {name} = {_table(keys)}")
    more = [layer.layer for layer in rest[_MOST_LEFT_OUT:]]
    return told + (comment(f"Inte heller: {', '.join(more)}.") if more else [])
