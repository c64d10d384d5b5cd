"""Hillshade beneath the map: shadow and light of the heights as one small image, transparent on flat ground."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from landready.crs import Bounds
from landready.layers.rasters import require_upright
from landready.model import Raster
from landready.texts import Language, text
from landready.webmap.shapes import to_degrees

MOST_CELLS = 800
"""Cells of the image along its longer side, about."""
SUN_AZIMUTH_DEG = 315.0
SUN_ALTITUDE_DEG = 45.0
EXAGGERATION = 3.0
"""How many times steeper than it is: the cells of the image are larger than most slopes are long."""
_TONES = 16
_STRONGEST = 0.45
_WEB_MERCATOR = "EPSG:3857"


def relief(heights: Raster, *, view: Bounds, language: Language) -> dict[str, Any] | None:
    """
    Draw heights as shadow and light.

    Parameters
    ----------
    heights
        In metres, in the study's CRS, upright.
    view
        What the map shows, in the same CRS; the rest is left out.
    language
        Of the label.

    Returns
    -------
    dict or None
        `label`, `modelled`, `bounds` (`[[south, west], [north, east]]`) and `image`, an address that holds a PNG in Web
        Mercator, as web maps are. Cells without a height are transparent. None where no height lies in the view.

    Raises
    ------
    InputError
        If the grid is rotated.
    """
    require_upright(heights)
    lean = _lean(heights, view)
    if lean is None:
        return None
    light = _warped(_light(lean))
    west, south, east, north = to_degrees([shapely.box(*light.bounds)], CRS(_WEB_MERCATOR))[0].bounds
    return {
        "label": text("map.hillshade", language),
        "modelled": heights.modelled,
        "bounds": [[south, west], [north, east]],
        "image": f"data:image/png;base64,{base64.b64encode(_png(light)).decode('ascii')}",
    }


def _lean(heights: Raster, view: Bounds) -> Raster | None:
    """Return the heights in the view as means of blocks; None where there are none."""
    a, _, c, _, e, f = heights.transform
    west, south, east, north = view
    columns, rows = sorted([(west - c) / a, (east - c) / a]), sorted([(north - f) / e, (south - f) / e])
    height, width = heights.values.shape
    left, right = max(0, int(np.floor(columns[0]))), min(width, int(np.ceil(columns[1])))
    top, bottom = max(0, int(np.floor(rows[0]))), min(height, int(np.ceil(rows[1])))
    block = max(1, -(-max(right - left, bottom - top) // MOST_CELLS))
    high, wide = (bottom - top) // block, (right - left) // block
    if high < 2 or wide < 2:
        return None
    blocks = heights.values[top : top + high * block, left : left + wide * block].reshape(high, block, wide, block)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    if not count.any():
        return None
    means = np.where(known, blocks, 0.0).sum(axis=(1, 3)) / np.where(count, count, np.nan)
    return replace(heights, values=means, transform=(a * block, 0.0, c + a * left, 0.0, e * block, f + e * top))


def _light(heights: Raster) -> Raster:
    """Return from −1 (in the shadow) over 0 (as flat ground) to 1 (facing the sun); `nan` where nothing is known."""
    northward, eastward = np.gradient(EXAGGERATION * heights.values, heights.transform[4], heights.transform[0])
    azimuth, altitude = np.radians([SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG])
    flat = np.sin(altitude)
    towards_sun = np.cos(altitude) * (np.sin(azimuth) * eastward + np.cos(azimuth) * northward)
    lit = (flat - towards_sun) / np.sqrt(1 + northward**2 + eastward**2)
    return replace(heights, values=np.where(lit < flat, np.maximum(lit, 0) / flat - 1, (lit - flat) / (1 - flat)))


def _warped(light: Raster) -> Raster:
    """Return the same in Web Mercator, which an image on a web map is stretched in."""
    from rasterio.transform import Affine
    from rasterio.warp import Resampling, reproject

    web = CRS(_WEB_MERCATOR)
    west, south, east, north = Transformer.from_crs(light.crs, web, always_xy=True).transform_bounds(*light.bounds)
    high, wide = light.values.shape
    cell = max((east - west) / wide, (north - south) / high)
    rows, columns = int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell))
    place = (cell, 0.0, west, 0.0, -cell, north)
    values = np.full((rows, columns), np.nan)
    reproject(
        light.values,
        values,
        src_transform=Affine(*light.transform),
        src_crs=None if light.crs is None else light.crs.to_wkt(),
        src_nodata=np.nan,
        dst_transform=Affine(*place),
        dst_crs=_WEB_MERCATOR,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return replace(light, values=values, transform=place, crs=web)


def _png(light: Raster) -> bytes:
    """Return an image of few tones: black in shadow, white in light, the more opaque the further from flat ground."""
    from rasterio.io import MemoryFile
    from rasterio.transform import Affine

    tones = np.rint(np.nan_to_num(light.values) * _TONES).astype(np.int64)
    opacity = [round(255 * _STRONGEST * tone / _TONES) for tone in range(_TONES + 1)]
    colours = {_TONES - tone: (0, 0, 0, opacity[tone]) for tone in range(1, _TONES + 1)}
    colours |= {_TONES + tone: (255, 255, 255, opacity[tone]) for tone in range(_TONES + 1)}
    rows, columns = tones.shape
    profile = {"width": columns, "height": rows, "count": 1, "dtype": "uint8", "transform": Affine(*light.transform)}
    with MemoryFile() as memory:
        with memory.open(driver="PNG", ZLEVEL=9, **profile) as image:
            image.write((tones + _TONES).astype(np.uint8), 1)
            image.write_colormap(1, colours)
        return bytes(memory.read())
