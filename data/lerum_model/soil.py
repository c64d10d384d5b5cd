"""Soils drawn from the shape of the land: clay low down, rock on the knolls, peat in hollows, till between."""

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from scipy import ndimage
from shapely import Polygon

from lerum_model.backbone import CRS
from lerum_model.heights import COARSE_M, Terrain

KINDS = ("till", "clay", "rock", "peat")
# Smaller patches are part of what lies around them.
SMALLEST_HA = 4.0


def soils(terrain: Terrain, inside: Polygon, water: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return one row for each patch, `kind` till, clay, rock or peat; patches cover the land without overlaps."""
    above, rng = terrain.above_floor, np.random.default_rng(62)
    rough = ndimage.gaussian_filter(rng.standard_normal(above.shape), 5)
    rough = rough / rough.std()
    kind = np.zeros(above.shape, dtype="uint8")
    kind[ndimage.gaussian_filter(terrain.knolls, 2) > 0.5] = KINDS.index("rock")
    kind[(rough > 2.0) & (above > 20)] = KINDS.index("peat")
    kind[above + rough * 2.5 < 13] = KINDS.index("clay")
    share = np.stack([ndimage.gaussian_filter((kind == k).astype(float), 1.5) for k in range(len(KINDS))])
    kind = rasterio.features.sieve(share.argmax(axis=0).astype("uint8"), int(SMALLEST_HA * 1e4 / COARSE_M**2))
    found = [
        (KINDS[int(value)], shapely.geometry.shape(patch))
        for patch, value in rasterio.features.shapes(kind, transform=terrain.coarse)
    ]
    # Steps of the grid become slanting lines, the same on both sides.
    smooth = shapely.coverage_simplify([patch for _, patch in found], 95.0)
    land = inside.difference(water)
    rows = [
        (name, part)
        for (name, _), patch in zip(found, smooth, strict=True)
        for part in shapely.get_parts(shapely.intersection(patch, land, grid_size=0.01))
        if part.geom_type == "Polygon" and part.area > 2000
    ]
    frame = gpd.GeoDataFrame(rows, columns=["kind", "geometry"], geometry="geometry", crs=CRS)
    frame["geometry"] = shapely.normalize(frame.geometry.values)
    order = np.lexsort((shapely.get_x(frame.centroid.values), shapely.get_y(frame.centroid.values)))
    return frame.iloc[order].reset_index(drop=True)
