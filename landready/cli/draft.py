"""A study file drafted from what a folder of layers holds: everything that can be told from it, and marked choices."""

import functools
import json
import os
import re
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from landready.cli.draft_criteria import criteria_and_profiles
from landready.crs import SWEREF99_TM
from landready.layers.folding import fold
from landready.layers.products import product_of
from landready.layers.quality import QualityReport
from landready.layers.survey import LayerReport
from landready.rules import constraint_rules, roles

CHOOSE = "VÄLJ"
"""What marks a line on which a person has to choose; as a value, before the study can be run."""

_WIDTH = 118
_OUTLINES = ("municipality", "area")
_OTHER = "other"
# What `duplicates` in the study file mends.
_SHARED_IDS = frozenset({"ids_repeated", "ids_missing"})

Named = dict[str, LayerReport]


def draft(report: QualityReport, folder: Path, file: Path) -> str:
    """
    Return the text of a study file for the layers of a folder.

    Parameters
    ----------
    report
        What the folder holds.
    folder
        The folder.
    file
        Where the study file is to stand; paths are told from there.

    Returns
    -------
    str
        TOML that can be run as it is, unless `VÄLJ` stands as a value in it.
    """
    usable = [layer for layer in report.layers if _usable(layer)]
    named = _named(layer for layer in usable if not _is_part(layer))
    given = _roles(named)
    several = {path for path, count in Counter(layer.file for layer in report.layers).items() if count > 1}
    start = _path_to(folder, file)
    crs = report.crs_needed or SWEREF99_TM
    parts = [_head(crs), _area(given)]
    parts += ["# --- Lager " + "-" * 108 + "\n" + _ABOUT_LAYERS]
    parts += [_layer(name, layer, given[name], start, several=several) for name, layer in named.items()]
    parts += _left_out(report)
    parts += [
        _rules(given),
        _sites(given),
        *criteria_and_profiles({role: name for name, role in reversed(given.items())}),
    ]
    return "\n\n".join(parts) + "\n"


def _usable(layer: LayerReport) -> bool:
    return {finding.key for finding in layer.findings if finding.severity == "error"} <= _SHARED_IDS


def _is_part(layer: LayerReport) -> bool:
    """Tell whether a layer is only a part of another that is made of it, which is read in its stead."""
    return "part" in layer.recognition.why


def _named(layers: Iterable[LayerReport]) -> Named:
    """Return the layers by a name that needs no quotes in TOML, made from their own."""
    named: Named = {}
    for layer in layers:
        plain = re.sub("[^a-z0-9]+", "_", fold(layer.layer)).strip("_") or "lager"
        name, number = plain, 2
        while name in named:
            name, number = f"{plain}_{number}", number + 1
        named[name] = layer
    return named


def _roles(named: Named) -> dict[str, str]:
    """Return each layer's role; of several layers of parcels the largest has it, for there can be only one."""
    given = {name: layer.recognition.role for name, layer in named.items()}
    parcels = sorted((name for name, role in given.items() if role == "parcels"), key=lambda name: -named[name].count)
    return given | dict.fromkeys(parcels[1:], _OTHER)


def _path_to(folder: Path, file: Path) -> str:
    """Return the way from the study file to the folder, or the whole way where there is none (another drive)."""
    try:
        return Path(os.path.relpath(folder.resolve(), file.resolve().parent)).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def _head(crs: str) -> str:
    return f"""\
# En lokaliseringsanalys, skriven av landready init utifrån mappens lager. Kör den så här:
#
#     landready run <den här filen> --out resultat
#
# Allt efter ett #-tecken är kommentarer. Rader märkta {CHOOSE} måste ni ta ställning till; det som
# står som antagande bör ni ändra efter hand. Sökvägar räknas från den här filens mapp.

[study]
id = "var-kommun"                 # små bokstäver, siffror och bindestreck; ingår i filnamnen
title = "Mark för verksamheter i Vår kommun"   # {CHOOSE}: er egen rubrik
date = 2026-01-01                 # {CHOOSE}: dagen som analysen beskriver; står på allt som skrivs
crs = {_quoted(crs)}                 # allt mäts i meter i detta system
language = "sv"                   # "sv" eller "en"
audience = "intern"               # "intern" eller "extern"; extern utelämnar ägarkategorier med mera"""


def _area(given: dict[str, str]) -> str:
    found = [name for wanted in _OUTLINES for name, role in given.items() if role == wanted]
    line = f'layer = "{CHOOSE}"                   # {CHOOSE}: namnet på ett lager med ytor att leta inom, se nedan'
    if found:
        line = f"layer = {_quoted(found[0])}"
    return f"""\
# --- Var analysen letar -------------------------------------------------------------------------------------------

[area]
{line}
# where = {{ code = "1441" }}       # kommunkoden, om lagret har flera kommuner
margin_m = 1000                   # så långt utanför området räknas lager med known_extent = "area" som kartlagda"""


_ABOUT_LAYERS = """\
# role säger vad lagret är; den är gissad ur namn och kolumner, så läs igenom. "other" är lager som bara egna
# restriktioner och kriterier frågar efter. columns kopplar landreadys kolumnnamn (till vänster) till filens (till
# höger); ta bort # där gissningen stämmer. Kolumner som rollen inte namnger läses inte: lägg till keep = ["kolumn"].
# Om known_extent: värdet "area" säger att lagret är kartlagt i hela området. Utan den raden räknas det som kartlagt i
# rutan kring sina objekt, och utanför är svaret okänt."""


def _layer(name: str, layer: LayerReport, role: str, start: str, *, several: Iterable[str]) -> str:
    lines = [f"[layers.{name}]", f"path = {_quoted(f'{start}/{layer.file}')}"]
    lines += [f"layer = {_quoted(layer.layer)}"] if layer.file in several else []
    lines += [f"role = {_quoted(role)}{_doubt(layer, role)}"]
    lines += [*_crs(layer), *_columns(layer, role), *_duplicates(layer, role)]
    lines += [] if role in _OUTLINES else ['# known_extent = "area"']
    lines += _wrapped(f"Kolumner i filen: {', '.join(layer.columns)}.") if layer.columns else []
    return "\n".join(lines)


def _crs(layer: LayerReport) -> list[str]:
    """Return the line that says which CRS the file is in where it does not, or a comment where it is another one."""
    found = {finding.key: finding.values for finding in layer.findings}
    if "crs_assumed" in found:
        return [f"source_crs = {_quoted(str(found['crs_assumed']['crs']))}  # antaget, för filen säger inget: se efter"]
    return [f"# Filen ligger i {found['crs_reprojected']['crs']} och räknas om."] if "crs_reprojected" in found else []


def _doubt(layer: LayerReport, role: str) -> str:
    if role != layer.recognition.role:
        return f"  # liknar {roles()[layer.recognition.role].sv}, men ett annat lager har den rollen"
    if layer.recognition.certainty in {"guess", "none"}:
        return f"  # {CHOOSE}: {'gissat' if role != _OTHER else 'inget känns igen'}, se efter"
    return f"  # {roles()[role].sv}"


def _columns(layer: LayerReport, role: str) -> list[str]:
    """Return the columns that the role reads and the file seems to call something else, as a comment."""
    product = product_of(layer.columns, role=role)
    read = product.mapping(layer.columns, {}) if product else {}  # without being told
    folded = {fold(column): column for column in reversed(layer.columns)}
    wanted = [ours for ours in (roles()[role].id, *roles()[role].columns) if ours and ours not in {*folded, *read}]
    if product is not None and product.units is not None:  # whose areas are named by several columns
        wanted.remove("parcel_id")
    found = {ours: next((folded[word] for word in _aliases().get(ours, ()) if word in folded), None) for ours in wanted}
    pairs = ", ".join(f"{ours} = {_quoted(theirs)}" for ours, theirs in found.items() if theirs)
    return [f"# columns = {{ {pairs} }}  # {CHOOSE}: stämmer gissningen?"] if pairs else []


@functools.cache
def _aliases() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("landready.rules").joinpath("aliases.toml").read_text(encoding="utf-8"))


def _duplicates(layer: LayerReport, role: str) -> list[str]:
    if role == "parcels":
        return ['duplicates = "dissolve"           # flera skiften av samma fastighet hör ihop']
    shared = any(finding.key in _SHARED_IDS for finding in layer.findings)
    return ['duplicates = "number"             # flera rader har samma id, eller inget: de numreras'] if shared else []


def _left_out(report: QualityReport) -> list[str]:
    """Return comments on what is in the folder and cannot be used, with the reason, or is a part of another layer."""
    parts: dict[str, list[str]] = {}
    for layer in filter(_is_part, report.layers):
        parts.setdefault(f"{layer.file} · {layer.recognition.why['part'][0]}", []).append(layer.layer)
    told = [line for whole, names in parts.items() for line in _wrapped(f"Ingår i {whole}: {', '.join(names)}.")]
    told += [
        line
        for layer in report.layers
        if not (_usable(layer) or _is_part(layer))
        for line in _wrapped(
            f"Inte med: {layer.file} · {layer.layer}. "
            + next(finding.text("sv") for finding in layer.findings if finding.severity == "error")
        )
    ]
    told += _wrapped(f"Inte genomgångna: {', '.join(report.skipped)}.") if report.skipped else []
    return ["\n".join(told)] if told else []


def _rules(given: dict[str, str]) -> str:
    there = set(given.values())
    if "water" in there:
        there.add("shore_protection")  # reckoned from water
    rules = [(rule.role, f"{rule.id} ({roles()[rule.role].sv})") for rule in constraint_rules() if rule.role]
    tested = ", ".join(words for role, words in rules if role in there)
    rest = ", ".join(words for role, words in rules if role not in there)
    lines = [
        "# --- Restriktioner " + "-" * 96,
        '# "se" är de svenska reglerna som följer med; "none" ger bara egna.',
        *_wrapped(f"Regler som har lager här: {tested or '–'}."),
        *_wrapped(f"Regler som inte prövas, för lagret saknas: {rest or '–'}."),
        "# Ändra eller stäng av en regel med dess id:",
        "# [[constraints]]",
        '# id = "railway_30"',
        "# buffer_m = 50                   # eller: enabled = false",
        "# En egen regel namnger ett lager: id, layer och kind (hard = undantas, strong = kräver prövning, info).",
        "",
        "[rules]",
        'constraints = "se"',
    ]
    return "\n".join(lines)


def _sites(given: dict[str, str]) -> str:
    first = {role: name for name, role in reversed(given.items())}
    barriers = [f"  {{ layer = {_quoted(first['rail'])}, width_m = 10 }},"] if "rail" in first else []
    if "roads" in first:
        fast = f'{{ layer = {_quoted(first["roads"])}, where = {{ speed_kmh = ">= 70" }}, width_m = 12 }},'
        barriers += ["  # Större vägar, om lagret har hastighet i speed_kmh:", f"  # {fast}"]
    return "\n".join([_SITES, *(["barriers = [", *barriers, "]"] if barriers else [])])


_SITES = """\
# --- Utredningsområden --------------------------------------------------------------------------------------------
# Talen är antaganden: ändra dem efter vad ni söker.

[sites]
min_site_ha = 1.0                 # mindre områden tas inte med (de står i förteckningen)
max_site_ha = 30.0                # större delas
min_width_m = 30                  # öppnas vid midjor smalare än så"""


def _wrapped(words: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(words, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
