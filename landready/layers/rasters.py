"""Read rasters, and say what is doubtful about them.

Cells without a value are `nan` inside, however the file marks them. A value that only looks like "no data"
is never dropped silently: `raster_findings` names it, and the planner decides.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from landready.crs import Bounds, label, metric_findings, parse
from landready.errors import (
    CrsError,
    FileError,
    Finding,
    InputError,
    argument_findings,
    as_path,
    number_findings,
    refuse,
    text_findings,
)
from landready.layers.room import require_room
from landready.layers.tiles import joined, nodata_findings, tiles_of
from landready.model import Raster, RasterLike

SUSPICIOUS = (-9999.0, -99999.0, -32768.0, -32767.0)
"""Values that programs write where there is nothing; no height, slope or share is one of them."""

SUSPICIOUS_SIZE = 1e30
"""Nothing measured is this large; the extremes of float32 (3.4e38) and 1e30 stand for "nothing"."""


_MORE = 2
_RH_2000 = "RH2000"
# The ground of Sweden in metres, with room for open pits, mines' waste and Kebnekaise.
_LOWEST_M, _HIGHEST_M = -250.0, 2200.0


def as_raster(data: RasterLike) -> Raster:
    """Return a raster as it is, or read the file."""
    if isinstance(data, Raster):
        return data
    if isinstance(data, str | Path):
        return read_raster(data)
    raise InputError(Finding("not_a_raster", {"layer": "raster", "kind": type(data).__name__}))


def read_raster(
    path: str | Path,
    *,
    name: str | None = None,
    band: int = 1,
    source: str | None = None,
    date: str | None = None,
    modelled: bool = False,
    source_crs: object | None = None,
    nodata: float | None = None,
    bounds: Bounds | None = None,
) -> Raster:
    """
    Read one band of a raster file, or of a folder of tiles as one raster.

    Parameters
    ----------
    path
        Any file GDAL reads, or a folder of such files with cells of the same size, side by side. Each tile has the
        values for "nothing" that it declares itself; ground between tiles has no value.
    name
        What messages call it; the file's name without suffix if not given.
    band
        Which band, from 1.
    source, date, modelled
        Provenance, as in `Layer`; the source is the file's name if not given.
    source_crs
        The CRS the grid really is in, where the file says nothing or says it wrong. Of a CRS with heights the
        horizontal part is taken.
    nodata
        A stored value that stands for "nothing" though the file does not say so, as -9999.
    bounds
        West, south, east, north in the raster's CRS: only the cells there, and two more on every side, are read.
        A file that lies elsewhere is read whole.

    Returns
    -------
    Raster
        Rows × columns, float64, with the file's scale and offset applied. Declared nodata, masked cells and
        values that are not finite are `nan`. Its findings tell of heights in another system than RH 2000, of tiles
        that overlap and differ, and of those that declare different values for "nothing".

    Raises
    ------
    FileError
        If the file is missing or is not a raster, or the folder holds none.
    CrsError
        If it has no CRS and `source_crs` does not give one.
    InputError
        If the band is not there, holds complex numbers, the grid is rotated, tiles do not fit together, or more
        cells would have to be read than memory may hold (250 million).
    """
    path = as_path(path)
    refuse(
        [
            *text_findings(name=name, source=source, date=date),
            *argument_findings(modelled, bool, name="modelled", wanted="bool"),
            *(number_findings(nodata, name="nodata") if nodata is not None else ()),
        ]
    )
    name = name or path.stem
    if path.is_dir():
        raster = _tiled(path, name, band=band, source_crs=source_crs, nodata=nodata, bounds=bounds)
    else:
        raster = _read_file(path, name, band=band, source_crs=source_crs, nodata=nodata, bounds=bounds)
    return replace(raster, source=source or path.name, date=date, modelled=modelled)


def _tiled(
    folder: Path, name: str, *, band: int, source_crs: object | None, nodata: float | None, bounds: Bounds | None
) -> Raster:
    files = tiles_of(folder)
    if not files:
        raise FileError(Finding("raster_folder_empty", {"path": folder.name}))
    near = [file for file in files if bounds is None or _reaches(file, bounds)] or files[:1]
    require_room(sum(_cells_of(file, bounds) for file in near), layer=name)
    tiles = [
        _read_file(file, file.stem, band=band, source_crs=source_crs, nodata=nodata, bounds=bounds) for file in near
    ]
    whole, found = joined(tiles, layer=name)
    found += nodata_findings(_nodata_of(near, band), layer=name)
    told = {(finding.key, finding.values["vertical"]): finding for tile in tiles for finding in tile.findings}
    named = (Finding(each.key, {**each.values, "layer": name}, each.severity) for each in told.values())
    return replace(whole, findings=(*named, *found))


def _nodata_of(files: Sequence[Path], band: int) -> dict[str, float | None]:
    """Return which value each file declares for "nothing"; those with a mask, which need none, are left out."""
    from rasterio.enums import MaskFlags

    declared: dict[str, float | None] = {}
    for file in files:
        with _opened(file) as dataset:
            value = dataset.nodatavals[band - 1]
            if value is not None or dataset.mask_flag_enums[band - 1] == [MaskFlags.all_valid]:
                declared[file.stem] = value
    return declared


def _reaches(file: Path, bounds: Bounds) -> bool:
    with _opened(file) as dataset:
        west, south, east, north = dataset.bounds
    return bool(west < bounds[2] and east > bounds[0] and south < bounds[3] and north > bounds[1])


def _cells_of(file: Path, bounds: Bounds | None) -> int:
    """Return how many cells of a file are to be read."""
    with _opened(file) as dataset:
        window = _window(dataset, bounds)
        return int(window.width * window.height)


def _read_file(
    path: Path, name: str, *, band: int, source_crs: object | None, nodata: float | None, bounds: Bounds | None
) -> Raster:
    with _opened(path) as dataset:
        problems = _findings_on_open(dataset, name, band)
        if dataset.crs is None and source_crs is None:
            raise CrsError(Finding("no_crs", {"layer": name}), *problems)
        if problems:
            raise InputError(*problems)
        window = _window(dataset, bounds)
        require_room(window.width * window.height, layer=name)
        a, b, c, d, e, f, *_ = dataset.transform
        stored = _unmasked(dataset, band, window)
        if nodata is not None:
            stored[stored == nodata] = np.nan
        values = stored * dataset.scales[band - 1] + dataset.offsets[band - 1]
        values[~np.isfinite(values)] = np.nan
        return Raster(
            name=name,
            values=values,
            transform=(a, b, c + a * window.col_off, d, e, f + e * window.row_off),
            crs=crs_of(dataset.crs) if source_crs is None else parse(source_crs),
            findings=tuple(_vertical_findings(dataset, name)),
        )


def _window(dataset: Any, bounds: Bounds | None) -> Any:
    """Return the cells that reach into the bounds and two more on every side; all cells if there are none."""
    from rasterio.windows import Window

    rows, columns = dataset.height, dataset.width
    whole = Window(0, 0, columns, rows)
    if bounds is None:
        return whole
    a, _, c, _, e, f, *_ = dataset.transform
    x, y = sorted(((bounds[0] - c) / a, (bounds[2] - c) / a)), sorted(((bounds[1] - f) / e, (bounds[3] - f) / e))
    left, right = max(math.floor(x[0]) - _MORE, 0), min(math.ceil(x[1]) + _MORE, columns)
    top, bottom = max(math.floor(y[0]) - _MORE, 0), min(math.ceil(y[1]) + _MORE, rows)
    return Window(left, top, right - left, bottom - top) if left < right and top < bottom else whole


def _vertical_findings(dataset: Any, name: str) -> list[Finding]:
    """Return a warning where the file says that its heights are in another system than RH 2000."""
    if dataset.crs is None:
        return []
    crs = CRS.from_user_input(dataset.crs.to_wkt())
    vertical = crs.sub_crs_list[1].name if crs.is_compound else _RH_2000
    if vertical.replace(" ", "").lower().startswith(_RH_2000.lower()):
        return []
    return [Finding("raster_vertical", {"layer": name, "vertical": vertical}, "warning")]


def height_findings(raster: Raster) -> list[Finding]:
    """
    Return a warning where a raster of heights holds numbers that no ground in Sweden has in metres.

    Examples
    --------
    >>> import numpy as np
    >>> decimetres = Raster("hojder", np.array([[830.0, 4120.0]]), (10, 0, 340_000, 0, -10, 6_400_000), None)
    >>> [finding.key for finding in height_findings(decimetres)]
    ['heights_unit']
    """
    known = raster.values[np.isfinite(raster.values) & ~np.isin(raster.values, SUSPICIOUS)]
    if not known.size or (known.min() >= _LOWEST_M and known.max() <= _HIGHEST_M):
        return []
    values = {"layer": raster.name, "lowest": float(known.min()), "highest": float(known.max())}
    return [Finding("heights_unit", values, "warning")]


def raster_findings(data: RasterLike, *, band: int = 1, bounds: Bounds | None = None) -> list[Finding]:
    """
    Say what is doubtful about a raster.

    Parameters
    ----------
    data
        A raster, or the path of one. Only a file can tell whether nodata is declared.
    band
        Which band of a file, from 1.
    bounds
        West, south, east, north of the study area, in the raster's CRS, if coverage should be told.

    Returns
    -------
    list of Finding
        Warnings: no cell has a value, no nodata declared, values that look like nodata but are not declared so, and
        how much of `bounds` has values.

    Raises
    ------
    FileError, CrsError, InputError
        As `read_raster`.
    """
    found: list[Finding] = []
    if isinstance(data, Raster):
        raster, raw = data, data.values
        found += data.findings
    else:
        raster = read_raster(data, band=band)
        found += raster.findings
        if Path(data).is_dir():
            return raster_findings(raster, bounds=bounds)
        with _opened(Path(data)) as dataset:
            raw = _unmasked(dataset, band)
            if not _says_where_nothing_is(dataset, band):
                found.append(Finding("raster_no_nodata", {"layer": raster.name}, "warning"))
    if raster.values.size and not np.isfinite(raster.values).any():
        found.append(Finding("raster_no_values", {"layer": raster.name}, "warning"))
    found += _suspicious(raw, raster.name)
    if bounds is not None:
        found += _coverage(raster, bounds)
    return found


def raster_crs_findings(crs: CRS, bounds: Bounds, *, layer: str, wanted: CRS | None) -> list[Finding]:
    """
    Return why a raster cannot be measured in its CRS; rasters are not reprojected.

    Parameters
    ----------
    crs, bounds
        Its CRS, and west, south, east, north in it.
    layer
        What findings call it.
    wanted
        The CRS of the study; None where it does not matter.
    """
    if wanted is not None and crs != wanted:
        return [Finding("raster_crs", {"layer": layer, "crs": label(crs), "wanted": label(wanted)})]
    return metric_findings(crs, bounds, layer=layer)


def require_upright(raster: Raster) -> None:
    """
    Refuse a grid whose rows do not run east–west.

    Raises
    ------
    InputError
        If the grid is rotated or sheared.
    """
    _, b, _, d, _, _ = raster.transform
    if b or d:
        raise InputError(Finding("raster_rotated", {"layer": raster.name}))


def north_up(raster: Raster) -> NDArray[np.float64]:
    """Return the values with north in the first row and west in the first column."""
    a, _, _, _, e, _ = raster.transform
    return raster.values[:: (-1 if e > 0 else 1), :: (-1 if a < 0 else 1)]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    if not path.exists():
        raise FileError(Finding("raster_missing", {"path": path.name}))
    with warnings.catch_warnings():
        # A file without a place on the ground is refused below, in our own words.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.open(path) as dataset:
                yield dataset
        except RasterioIOError as error:
            why = str(error.__cause__ or error).replace(str(path), path.name).rstrip(".")
            raise FileError(Finding("raster_unreadable", {"path": path.name, "why": why})) from error


def _findings_on_open(dataset: Any, name: str, band: int) -> list[Finding]:
    found = []
    if not _is_band(band, dataset.count):
        found.append(Finding("raster_band", {"layer": name, "band": band, "count": dataset.count}))
    elif np.issubdtype(np.dtype(dataset.dtypes[band - 1]), np.complexfloating):
        found.append(Finding("raster_complex", {"layer": name, "band": band}))
    if dataset.transform.b or dataset.transform.d:
        found.append(Finding("raster_rotated", {"layer": name}))
    return found


def _is_band(band: Any, count: int) -> bool:
    return not isinstance(band, bool) and isinstance(band, Integral) and 1 <= int(band) <= count


def _unmasked(dataset: Any, band: int, window: Any = None) -> NDArray[np.float64]:
    """Return the band as stored, or a window of it, with `nan` where the file says there is nothing."""
    values: NDArray[np.float64] = dataset.read(band, masked=True, window=window).astype("float64").filled(np.nan)
    return values


def _says_where_nothing_is(dataset: Any, band: int) -> bool:
    from rasterio.enums import MaskFlags

    flags = dataset.mask_flag_enums[band - 1]
    if dataset.nodata is not None or flags != [MaskFlags.all_valid]:
        return True
    # Stored NaN needs no declaration.
    return bool(np.isnan(_unmasked(dataset, band)).any())


def crs_of(crs: Any) -> CRS:
    """Return the horizontal CRS by its code where it has one, so that it equals that of vector layers."""
    code = crs.to_epsg()
    found = CRS.from_epsg(code) if code else CRS.from_wkt(crs.to_wkt())
    if not found.is_compound:
        return found
    horizontal = found.sub_crs_list[0]
    code = horizontal.to_epsg()
    return CRS.from_epsg(code) if code else horizontal


def _suspicious(values: NDArray[np.float64], name: str) -> list[Finding]:
    odd = np.isin(values, SUSPICIOUS) | (np.abs(values) >= SUSPICIOUS_SIZE)
    if not odd.any():
        return []
    seen, count = np.unique(values[odd], return_counts=True)
    return [
        Finding(
            "raster_suspicious",
            {"layer": name, "value": f"{value:g}", "count": int(cells), "total": values.size},
            "warning",
        )
        for value, cells in zip(seen, count, strict=True)
    ]


def _coverage(raster: Raster, bounds: Bounds) -> list[Finding]:
    """Weigh each cell by how much of it lies inside the bounds: its share of the width times that of the height."""
    require_upright(raster)
    west, south, east, north = bounds
    left, low, right, high = raster.bounds
    rows, columns = raster.values.shape
    x = np.linspace(left, right, columns + 1)
    y = np.linspace(high, low, rows + 1)
    width = np.clip(x[1:], west, east) - np.clip(x[:-1], west, east)
    height = np.clip(y[:-1], south, north) - np.clip(y[1:], south, north)
    area = (east - west) * (north - south)
    share = float(height @ np.isfinite(north_up(raster)) @ width) / area if area > 0 else float("nan")
    if not share < 1 - 1e-9:
        return []
    return [Finding("raster_coverage", {"layer": raster.name, "percent": 100 * share}, "warning")]
