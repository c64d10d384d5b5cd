"""A raster that is delivered as a folder of tiles, read as one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from landready.errors import Finding, InputError, some
from landready.layers.recognise import table
from landready.layers.room import require_room
from landready.model import Raster

ALIGNED = 1e-3
"""Of a cell: what rounding in a file's header leaves."""


def tiles_of(folder: Path) -> list[Path]:
    """Return the raster files of a folder and all folders in it, by name; hidden ones are left out."""
    endings = set(table()["suffixes"]["raster"])
    found = [
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in endings and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def tile_findings(tiles: Sequence[Raster], *, layer: str) -> list[Finding]:
    """
    Return why tiles do not make one raster: another CRS, cells of another size, or cells that lie askew.

    Parameters
    ----------
    tiles
        At least one; the first is what the others are held against.
    layer
        What findings call the whole.
    """
    first = tiles[0]
    width, height = first.transform[0], first.transform[4]
    found = []
    other_crs = [tile.name for tile in tiles if tile.crs != first.crs]
    if other_crs:
        found.append(Finding("tiles_crs", {"layer": layer, "tiles": some(other_crs), "first": first.name}))
    other_size = [
        tile.name
        for tile in tiles
        if not np.allclose((tile.transform[0], tile.transform[4]), (width, height), rtol=1e-6)
    ]
    if other_size:
        values = {"layer": layer, "tiles": some(other_size), "first": first.name, "metres": abs(width)}
        found.append(Finding("tiles_cells", values))
    askew = [tile.name for tile in tiles if tile.name not in other_size and _askew(tile, first)]
    return found + ([Finding("tiles_askew", {"layer": layer, "tiles": some(askew)})] if askew else [])


def joined(tiles: Sequence[Raster], *, layer: str) -> tuple[Raster, list[Finding]]:
    """
    Return tiles as one raster; ground that no tile covers has no value.

    Parameters
    ----------
    tiles
        In the order in which they go first: where tiles overlap, the first that has a value gives it.
    layer
        What the raster is called.

    Returns
    -------
    Raster, list of Finding
        And a warning where tiles overlap and say different things.

    Raises
    ------
    InputError
        If the tiles do not make one raster, or one that is too large.
    """
    problems = tile_findings(tiles, layer=layer)
    if problems:
        raise InputError(*problems)
    first = tiles[0]
    a, b, _, d, e, _ = first.transform
    corners = np.array([(tile.transform[2], tile.transform[5]) for tile in tiles])
    far = corners + [(a * tile.values.shape[1], e * tile.values.shape[0]) for tile in tiles]
    x = min(corners[:, 0]) if a > 0 else max(corners[:, 0])
    y = max(corners[:, 1]) if e < 0 else min(corners[:, 1])
    columns = round(float(np.abs(far[:, 0] - x).max() / abs(a)))
    rows = round(float(np.abs(far[:, 1] - y).max() / abs(e)))
    require_room(rows * columns, layer=layer)  # tiles that lie far apart have much of nothing between them
    values = np.full((rows, columns), np.nan)
    differing = 0
    for tile, (west, north) in zip(tiles, corners, strict=True):
        top, left = round((north - y) / e), round((west - x) / a)
        here = values[top : top + tile.values.shape[0], left : left + tile.values.shape[1]]
        both = np.isfinite(here) & np.isfinite(tile.values)
        differing += int((here[both] != tile.values[both]).sum())
        np.copyto(here, tile.values, where=np.isnan(here))
    told = Finding("tiles_differ", {"layer": layer, "count": differing}, "warning")
    whole = Raster(name=layer, values=values, transform=(a, b, float(x), d, e, float(y)), crs=first.crs)
    return whole, [told] if differing else []


def nodata_findings(declared: Mapping[str, float | None], *, layer: str) -> list[Finding]:
    """
    Return warnings where tiles declare different values for "nothing", and where only some declare any.

    Parameters
    ----------
    declared
        Name of a tile → the value that it declares; None where it declares none.
    layer
        What findings call the whole.

    Examples
    --------
    >>> [found] = nodata_findings({"a": -9999.0, "b": -9999.0, "c": None}, layer="hojder")
    >>> print(found.text("sv"))
    Raster ”hojder”: c anger inget värde för saknade data fast andra rutor gör det, -9999 (a, b). Där räknas alla \
celler som kända. Ange samma värde i alla rutor.
    """
    by_value: dict[str | None, list[str]] = {}
    for name, value in declared.items():
        by_value.setdefault(None if value is None else f"{value:g}", []).append(name)  # NaN is not equal to itself
    without = by_value.pop(None, [])
    told = "; ".join(f"{value} ({some(names, first=3)})" for value, names in by_value.items())
    found = []
    if len(by_value) > 1:
        found.append(Finding("tiles_nodata", {"layer": layer, "values": told}, "warning"))
    if by_value and without:
        values = {"layer": layer, "tiles": some(without), "values": told}
        found.append(Finding("tiles_no_nodata", values, "warning"))
    return found


def _askew(tile: Raster, first: Raster) -> bool:
    """Tell whether the cells of a tile lie between those of the first."""
    a, e = first.transform[0], first.transform[4]
    off = np.array([(tile.transform[2] - first.transform[2]) / a, (tile.transform[5] - first.transform[5]) / e])
    return bool((np.abs(off - np.round(off)) > ALIGNED).any())
