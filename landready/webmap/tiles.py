"""A background map from the network, for a map that somebody asks to have one."""

import os
from typing import Any
from urllib.parse import quote

from landready.errors import Finding, choice_findings, refuse
from landready.rules import tile_sets
from landready.texts import Language, text

KEY_VARIABLE = "LANDREADY_TILES_KEY"
"""The environment variable that holds the key of a host that wants one."""


def background(name: str, *, language: Language) -> dict[str, Any]:
    """
    Describe a background map for the page, which fetches it as it is looked at.

    Parameters
    ----------
    name
        `"osm"` or `"topowebb"`; the latter wants a key of one's own in the environment (`KEY_VARIABLE`), which then
        stands readable in the file.
    language
        Of the words.

    Returns
    -------
    dict
        `label`, `address`, `host`, `max_zoom`, `note`.

    Raises
    ------
    InputError
        If there is no such map, or no key.
    """
    sets = tile_sets()
    refuse(choice_findings(name, name="online_tiles", choices=tuple(sets)))
    chosen = sets[name]
    key = os.environ.get(KEY_VARIABLE, "")
    wants = "{key}" in chosen.address
    refuse([Finding("tiles_no_key", {"name": name, "variable": KEY_VARIABLE})] if wants and not key else [])
    host = chosen.host.split("/")[2]
    named = {"name": chosen.name.in_language(language), "host": host}
    return {
        "label": text("map.tiles", language, **named),
        "address": chosen.address.replace("{key}", quote(key, safe="")),
        "host": chosen.host,
        "max_zoom": chosen.max_zoom,
        "note": text("map.tiles_note", language, by=chosen.attribution.in_language(language), **named),
    }
