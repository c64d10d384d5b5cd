"""Coordinate systems of the features of a GML file: each geometry may name its own, and GDAL tells of one or none."""

import re
from collections import defaultdict
from pathlib import Path
from xml.parsers import expat

from pyproj import CRS
from pyproj.exceptions import CRSError

from landready.crs import flat, label
from landready.errors import FileError, Finding, rows_of, some

_MEMBERS = frozenset({"featureMember", "featureMembers", "member", "members"})
_BOXES = frozenset({"Envelope", "Box"})
_GML = "http://www.opengis.net/gml"
_CHUNK = 1 << 20
_CODE = re.compile(r"(?i)epsg\D*?(?:[:/.][\d.]*)?[:/#](\d{4,6})$")


def require_one_system(path: Path, layer: str) -> None:
    """
    Refuse a layer whose features say that they are in different coordinate systems.

    Parameters
    ----------
    path
        A GML file that is whole.
    layer
        Name of its kind of feature.

    Raises
    ------
    FileError
        With the systems, and rows in those that fewest features are in.
    """
    rows = _rows_by_system(path, layer)
    if len(rows) < 2:
        return
    systems = sorted(rows, key=lambda system: (-len(rows[system]), system))
    fewest = sorted(row for system in systems[1:] for row in rows[system])
    told = [f"{system} ({len(rows[system])})" for system in systems]
    values = {
        "file": path.name,
        "layer": layer,
        "systems": some(told),
        "count": len(fewest),
        "rows": rows_of(fewest, in_file=True),
    }
    raise FileError(Finding("crs_several", values))


def _rows_by_system(path: Path, layer: str) -> dict[str, list[int]]:
    """Return in which rows, from 0, geometries say that they are in a system: its code, flat, or else its name."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    above: list[str] = []
    row, within = -1, 0  # how deep the feature is that is being read; 0 outside

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, within
        local = name.rsplit("}", 1)[-1]
        if not within and local == layer and above and above[-1] in _MEMBERS:
            row, within = row + 1, len(above) + 1
        elif within and local not in _BOXES and name.startswith(_GML) and "srsName" in attributes:
            found[attributes["srsName"]].add(row)
        above.append(local)

    def end(_: str) -> None:
        nonlocal within
        if len(above) == within:
            within = 0
        above.pop()

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    by_system: defaultdict[str, set[int]] = defaultdict(set)
    for name, rows in found.items():
        by_system[_system(name)] |= rows
    return {system: sorted(rows) for system, rows in by_system.items()}


def _system(name: str) -> str:
    """Return the horizontal system that a name stands for, whichever way it is written."""
    code = _CODE.search(name)
    try:
        return label(flat(CRS.from_user_input(f"EPSG:{code[1]}" if code else name)))
    except CRSError:
        return name
