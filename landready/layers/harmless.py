"""Refuse files that would make the reader do more than read them: fetch from the network, open other files, or grow.

GDAL tells formats by content, whatever a file is called. A few of them are not data but instructions: to open other
files, to fetch from the network, to run a query. XML may declare entities that grow without end.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.parsers import expat

from landready.errors import FileError, Finding
from landready.layers.sqlite import opened_for_reading

_HEAD = 65_536
_CHUNK = 1 << 20
_XML = frozenset({".gml", ".kml", ".xml", ".gpx"})
_SQLITE = b"SQLite format 3\0"
_DEEPEST = 200
# Roots of XML files that tell GDAL where to fetch data from, or how to make it.
_INSTRUCTIONS = re.compile(r"^(?:OGR|GDAL|VRT|WMS|WMT|WCS|WFS_?Capabilities|Capabilities)", re.IGNORECASE)
_JSON = frozenset({".json", ".geojson"})
# JSON that runs GDAL; a CRS that is to be fetched; and letters in disguise, by which either could hide.
_JSON_INSTRUCTIONS = re.compile(rb"""(?x)
    "gdal_streamed_alg" | "command_line"\s*:
    | "(?:crs|coordRefSys)"\s*:\s* [^\]}]{0,400}? (?:"(?:href|url)"\s*: | (?:https?|ftp)://(?!www\.opengis\.net/))
    | \\u00[67][0-9a-fA-F]
    """)
_JSON_WORDS = (b'"gdal_streamed_alg"', b'"command_line"', b'"crs"', b'"coordRefSys"', b"\\u006", b"\\u007")
_LONGEST = 1_000  # bytes that the pattern may span


def require_harmless(path: Path) -> None:
    """
    Refuse a file that holds instructions rather than data, or XML that is not to be trusted or not whole.

    Parameters
    ----------
    path
        A file; folders pass.

    Raises
    ------
    FileError
        With what is wrong with it.
    """
    if not path.is_file():
        return
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if path.suffix.lower() in _XML or start.startswith(b"<"):
        _require_plain_xml(path)
    elif start.startswith(b"{") or path.suffix.lower() in _JSON:
        _require_plain_json(path)
    elif path.suffix.lower() == ".dxf":
        _require_end(path)


def require_table(path: Path, layer: str) -> None:
    """
    Refuse a layer of a GeoPackage that is a view: a query that the file brings along, which may do anything but end.

    Triggers run when something is written. Nothing is, so they pass.

    Raises
    ------
    FileError
        If it is one.
    """
    with path.open("rb") as stream:
        if stream.read(len(_SQLITE)) != _SQLITE:
            return
    try:
        with closing(opened_for_reading(path)) as file:
            views = file.execute("SELECT 1 FROM sqlite_master WHERE type = 'view' AND lower(name) = lower(?)", (layer,))
            found = views.fetchone() is not None
    except sqlite3.Error:  # damaged: the reader says how
        return
    if found:
        raise FileError(Finding("layer_is_view", {"file": path.name, "layer": layer}))


def _require_plain_xml(path: Path) -> None:
    """Go through the whole file: GDAL takes one that ends in the middle as one that has no more features."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def refuse(*_: Any) -> None:
        raise FileError(Finding("plan_xml_entities", {"file": path.name}))

    def start(name: str, _: Any) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and _INSTRUCTIONS.match(name.rsplit("}", 1)[-1]):
            raise FileError(Finding("file_instructions", {"file": path.name}))
        if depth > _DEEPEST:
            raise FileError(Finding("plan_xml_deep", {"file": path.name}))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two of encodings nobody knows
        raise FileError(Finding("plan_xml", {"file": path.name, "why": str(error)})) from error


def _require_plain_json(path: Path) -> None:
    """Go through the whole file: a CRS may stand after the features. GDAL would fetch one that is a link."""
    before = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            seen = before + chunk
            # The plain words first: to look for them costs a tenth of what the pattern does.
            if any(word in seen for word in _JSON_WORDS) and _JSON_INSTRUCTIONS.search(seen):
                raise FileError(Finding("file_instructions", {"file": path.name}))
            before = chunk[-_LONGEST:]


def _require_end(path: Path) -> None:
    """Refuse a drawing without its last word, EOF: GDAL reads one that is cut short without complaint."""
    with path.open("rb") as stream:
        if stream.read(18).startswith(b"AutoCAD Binary DXF"):
            return
        stream.seek(max(0, path.stat().st_size - 200))
        if stream.read().split()[-1:] != [b"EOF"]:
            there = path.stat().st_size
            raise FileError(Finding("file_no_end", {"file": path.name, "there": there}))
