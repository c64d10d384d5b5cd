"""Which folders hold one raster in tiles, and which only happen to hold several rasters: told by what the files say."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from landready.layers.sorts import files_of
from landready.layers.tiles import ALIGNED

_OVERLAP_SHARE = 0.2  # of a tile: rims that are delivered with it; two rasters of one place share more


@dataclass(frozen=True)
class _Header:
    """What a raster file says of itself: what tiles of one raster share, the corner it starts at, and its extent."""

    shared: tuple[object, ...]
    cell: tuple[float, float]
    corner: tuple[float, float]
    box: shapely.Geometry


def raster_sources(root: Path) -> list[Path]:
    """
    Return the rasters of a folder, in the order of their names: files, and folders that hold one raster in tiles.

    Parameters
    ----------
    root
        A folder, which is one raster itself only where it holds nothing but tiles.
    """
    files = files_of(root, "raster")
    whole = not files_of(root, "vector") and _are_tiles(files)
    return [root] if whole else _within(root, files)


def _within(folder: Path, files: Sequence[Path]) -> list[Path]:
    """Return the rasters of a folder that is no raster itself."""
    found = [file for file in files if file.parent == folder]
    deeper: dict[Path, list[Path]] = {}
    for file in files:
        if file.parent != folder:
            deeper.setdefault(folder / file.relative_to(folder).parts[0], []).append(file)
    for name, those in deeper.items():
        found += [name] if _are_tiles(those) else _within(name, those)
    return sorted(found, key=lambda path: path.as_posix())


def _are_tiles(files: Sequence[Path]) -> bool:
    """Tell whether files have cells of the same kind and size in one grid, and lie side by side."""
    if len(files) < 2:
        return False
    headers = [header for file in files if (header := _header(file)) is not None]
    if len(headers) < len(files) or len({header.shared for header in headers}) > 1:
        return False
    cell = np.array(headers[0].cell)
    steps = (np.array([header.corner for header in headers]) - headers[0].corner) / cell
    same = np.allclose([header.cell for header in headers], cell, rtol=1e-6)
    if not same or (np.abs(steps - np.round(steps)) > ALIGNED).any():
        return False
    boxes = np.array([header.box for header in headers], dtype=object)
    i, j = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    shared = shapely.area(shapely.intersection(boxes[i], boxes[j]))[i != j]
    smaller = np.minimum(shapely.area(boxes[i]), shapely.area(boxes[j]))[i != j]
    return bool((shared <= _OVERLAP_SHARE * smaller).all())


def _header(file: Path) -> _Header | None:
    """Return what a file says of itself; None where it cannot be opened or lies askew."""
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(file) as dataset:
            a, b, c, d, e, f, *_ = dataset.transform
            shared = (str(dataset.crs), dataset.count, dataset.dtypes, a > 0, e > 0)
            box = shapely.box(*dataset.bounds)
    except (RasterioError, ValueError):
        return None
    return None if b or d else _Header(shared, (a, e), (c, f), box)
