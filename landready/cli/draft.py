"""A study file drafted from what a folder of layers holds: short, with what a person has to choose marked."""

from collections.abc import Mapping
from pathlib import Path

from landready.cli.draft_contents import Contents
from landready.cli.draft_layers import Drafted, drafted, leading
from landready.cli.draft_profiles import profiles
from landready.cli.draft_rules import rules
from landready.cli.draft_tables import layer_tables, left_out
from landready.cli.draft_words import CHOOSE, quoted, section
from landready.layers.quality import QualityReport


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
    contents = Contents(folder, report)
    layers = drafted(contents)
    first = {role: leading(layers, role).name for role in dict.fromkeys(layer.role for layer in layers)}
    parts = [
        _head(report.crs_needed),
        _area(layers),
        *layer_tables(contents, layers, file),
        *left_out(contents, layers, file),
        rules(layers, contents),
        *_sites(first),
        *profiles(layers, contents),
    ]
    return "\n\n".join(parts) + "\n"


def _head(crs: str | None) -> str:
    system = f"\ncrs = {quoted(crs)}                # lagren ligger utanför Sverige" if crs else ""
    return f"""\
# En lokaliseringsanalys. Kör den så här:  landready run <den här filen> --out resultat
# Gå till raderna märkta {CHOOSE}. Allt annat går att köra som det är och ändra efteråt.

[study]
id = "var-kommun"                 # ingår i filnamnen
title = "Mark för verksamheter i Vår kommun"   # {CHOOSE}: din rubrik
date = 2026-01-01                 # {CHOOSE}: dagen som analysen beskriver{system}"""


def _area(layers: list[Drafted]) -> str:
    outlines = [layer for layer in layers if layer.role == "municipality"]
    lines = [f'layer = "{CHOOSE}"                   # {CHOOSE}: ett lager med ytor att leta inom']
    if outlines:
        lines = [f"layer = {quoted(outlines[0].name)}"]
        count = outlines[0].report.count
        lines += [f'where = {{ code = "1441" }}        # {CHOOSE}: din kommunkod, en av {count}'] * (count > 1)
    elif parcels := [layer for layer in layers if layer.role == "parcels"]:
        lines = [f"layer = {quoted(parcels[0].name)}  # {CHOOSE}: helst kommungränsen, men mappen har ingen"]
    extent = f"""\
# known_extent = "area"           # {CHOOSE}: ta bort första # om lagren täcker hela området. Annars räknas varje lager
#                                   som kartlagt bara i rutan kring sina objekt, och utanför är svaret okänt."""
    return "\n".join(["[area]", *lines, extent])


def _sites(first: Mapping[str, str]) -> list[str]:
    strip = "width_m = 10 }]   # 5 m på var sida om linjen"
    barriers = f"\nbarriers = [{{ layer = {quoted(first['rail'])}, {strip}" if "rail" in first else ""
    return [
        f"""\
{section("Utredningsområden: antaganden")}

[sites]
min_site_ha = 1.0                 # mindre tas inte med
max_site_ha = 30.0                # större delas
min_width_m = 30                  # smalare mark räknas inte, och delar det som den binder ihop{barriers}"""
    ]
