"""Where a layer lies: which CRS its coordinates are in, whether they fall there, and the CRS of the result.

What is given is believed only where the coordinates agree with it; nothing is corrected unless the caller says
which CRS it is.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from landready.crs import SWEREF99_TM, Bounds, flat, label, metric_findings, parse
from landready.errors import CrsError, Finding, rows_of
from landready.layers.candidates import Listed, Points, beyond, candidates
from landready.layers.notes import Notes
from landready.model import Ledger

_TURNED = " yx"  # after a CRS in source_crs: the coordinates stand north before east
_FAR = 1e9  # no coordinate on Earth is as large in any unit that a CRS has
_MARGIN_DEG = 2.0  # an area of use is a box; data may reach a little beyond it


def place(
    frame: gpd.GeoDataFrame, *, layer: str, crs: object | None, source_crs: object | None
) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Return the frame in the CRS of the result.

    Parameters
    ----------
    frame
        Features as read, none without geometry.
    layer
        What findings call it.
    crs
        The CRS of the result; None keeps the file's own if it can be measured in, and takes EPSG:3006 for data
        in degrees that lies in Sweden.
    source_crs
        The CRS the coordinates are in, whatever the file says. `"EPSG:3006 yx"` says as well that they stand north
        before east.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        Rows whose coordinates lie far outside where the CRS is used are left out and listed. If most do, or the
        result cannot be measured in, the notes hold errors and the frame is as it was.
    """
    turned = isinstance(source_crs, str) and source_crs.endswith(_TURNED)
    if turned:
        source_crs = str(source_crs).removesuffix(_TURNED)
    try:
        wanted = None if crs is None else flat(parse(crs))
        given = None if source_crs is None else flat(parse(source_crs))
    except CrsError as error:
        return frame, Notes(error.findings)
    actual, notes = _actual(_declared(frame), given, wanted, layer)
    if actual is None:
        return frame, notes + _looks_like(_centres(frame), layer)
    if turned:
        frame = _turn(frame)
        notes += Notes((Finding("axes_turned", {"layer": layer, "crs": label(actual)}, "warning"),))
    try:
        placed, more = _placed(frame, actual, wanted, layer, vouched=given is not None)
    except ProjError:  # a CRS that can be read, and has a projection that nobody knows
        return frame, notes + Notes((Finding("crs_no_way", {"layer": layer, "crs": label(actual)}),))
    return placed, notes + more


def _placed(
    frame: gpd.GeoDataFrame, actual: CRS, wanted: CRS | None, layer: str, *, vouched: bool
) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the rows that lie where their CRS is used, in the CRS of the result."""
    boxes = shapely.bounds(np.asarray(frame.geometry.values, dtype=object))
    kept, notes = _keep_inside(frame, boxes, actual, layer, vouched=vouched)
    whole, frame = kept is frame, kept
    if notes.errors:
        return frame, notes
    target, reached, wrong = _target(frame, actual, wanted, layer)
    whole, frame = whole and reached is frame, reached
    notes += wrong
    if target is None:
        return frame, notes
    moved = _move(frame, actual, target)
    bounds = _outer(boxes) if whole and _same(actual, target) else tuple(moved.total_bounds)
    if not _same(actual, target):
        values = {"layer": layer, "crs": label(actual), "to": label(target)}
        notes += Notes((Finding("crs_reprojected", values, "note"),))
    return moved, notes + Notes(tuple(metric_findings(target, bounds, layer=layer)))


def _declared(frame: gpd.GeoDataFrame) -> CRS | None:
    """Return the file's CRS; one that is tied to no place ("Undefined Cartesian SRS") counts as none."""
    crs = frame.crs
    if crs is None or not (crs.is_projected or crs.is_geographic) or crs.name.lower().startswith("undefined"):
        return None
    return flat(crs)


def _actual(declared: CRS | None, given: CRS | None, wanted: CRS | None, layer: str) -> tuple[CRS | None, Notes]:
    """Decide which CRS the coordinates are in."""
    if given is not None:
        if declared is None or _same(declared, given):
            return given, Notes()
        values = {"layer": layer, "crs": label(given), "declared": label(declared)}
        return given, Notes((Finding("crs_overridden", values, "warning"),))
    if declared is not None:
        return declared, Notes()
    if wanted is None:
        return None, Notes((Finding("no_crs", {"layer": layer}),))
    return wanted, Notes((Finding("crs_assumed", {"layer": layer, "crs": label(wanted)}, "warning"),))


def _same(first: CRS, second: CRS) -> bool:
    return bool(first == second)


def _centres(frame: gpd.GeoDataFrame) -> Points:
    """Return the centre of each feature's box."""
    return _centres_of(shapely.bounds(np.asarray(frame.geometry.values, dtype=object)))


def _centres_of(boxes: NDArray[np.float64]) -> Points:
    west, south, east, north = boxes.T
    with np.errstate(over="ignore", invalid="ignore"):
        return (west + east) / 2, (south + north) / 2


def _outer(boxes: NDArray[np.float64]) -> Bounds:
    """Return the box round boxes."""
    if not len(boxes):
        return np.nan, np.nan, np.nan, np.nan
    west, south, east, north = boxes.T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _lon_lat(crs: CRS, points: Points) -> Points:
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(*points)
    return np.asarray(lon), np.asarray(lat)


def _inside(crs: CRS, lon_lat: Points, *, margin_deg: float = _MARGIN_DEG) -> NDArray[np.bool_]:
    """Tell which points fall where a CRS is used."""
    lon, lat = lon_lat
    finite = np.isfinite(lon) & np.isfinite(lat)
    use = crs.area_of_use
    if use is None or use.west > use.east:  # unknown, or across the date line
        return finite
    across = (use.west - margin_deg <= lon) & (lon <= use.east + margin_deg)
    return finite & across & (use.south - margin_deg <= lat) & (lat <= use.north + margin_deg)


def _box_inside(crs: CRS, points: Points) -> bool:
    """Tell whether the box round the points falls where a CRS is used, so that none need be asked one by one."""
    x, y = points
    box = (x.min(), y.min(), x.max(), y.max())
    if not np.isfinite(box).all():
        return False
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = transformer.transform_bounds(*box, errcheck=False)
    return west <= east and bool(_inside(crs, (np.array([west, east]), np.array([south, north]))).all())


def _turn(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with east and north in each other's place."""
    turned = shapely.transform(np.asarray(frame.geometry.values, dtype=object), lambda places: places[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs))


def _keep_inside(
    frame: gpd.GeoDataFrame, boxes: NDArray[np.float64], crs: CRS, layer: str, *, vouched: bool
) -> tuple[gpd.GeoDataFrame, Notes]:
    """Leave out the few rows far outside where the CRS is used; say what is wrong if they are most."""
    if not len(frame):
        return frame, Notes()
    points = _centres_of(boxes)
    # The margin round where a system is used takes a local zone for SWEREF 99 TM, off the coast of Norway.
    if not vouched and 2 * beyond(crs, points).sum() > len(frame) and candidates(points):
        return frame, _misplaced(frame, crs, points, layer)
    if _box_inside(crs, points):
        return frame, Notes()
    inside = _inside(crs, _lon_lat(crs, points))
    if inside.all():
        return frame, Notes()
    if 2 * inside.sum() <= len(inside):
        return frame, _misplaced(frame, crs, points, layer)
    return frame[inside], _astray(frame.index[~inside], len(frame), crs, layer)


def _astray(labels: pd.Index, total: int, crs: CRS, layer: str) -> Notes:
    values = {
        "layer": layer,
        "count": len(labels),
        "total": total,
        "rows": rows_of(labels, in_file=True),
        "crs": label(crs),
    }
    return Notes(
        (Finding("rows_astray", values, "warning"),), Ledger.entry("read", layer, "rows_astray", ids=list(labels))
    )


def _misplaced(frame: gpd.GeoDataFrame, crs: CRS, points: Points, layer: str) -> Notes:
    x, y = points
    swapped = _inside(crs, _lon_lat(crs, (y, x)))
    bounds = ", ".join(f"{value:.0f}" if abs(value) < _FAR else f"{value:.2g}" for value in frame.total_bounds)
    values = {"layer": layer, "crs": label(crs), "bounds": bounds}
    if 2 * swapped.sum() > len(swapped):
        return Notes((Finding("axes_swapped", values), _to_turn(layer, label(crs))))
    return Notes((Finding("outside_crs", values),)) + _looks_like(points, layer)


def _looks_like(points: Points, layer: str) -> Notes:
    """Return in which systems the coordinates would lie in Sweden: as they are, or else turned."""
    found = candidates(points)
    if len(found) == 1:
        return Notes((Finding("crs_looks_like", {"layer": layer, "crs": found[0].crs, "name": found[0].name}),))
    if found:
        values = {"layer": layer, "count": len(found), "listed": Listed(tuple(found)), "crs": found[0].crs}
        return Notes((Finding("crs_candidates", values),))
    x, y = points
    turned = candidates((y, x))
    return Notes((_to_turn(layer, turned[0].crs),)) if turned else Notes()


def _to_turn(layer: str, crs: str) -> Finding:
    return Finding("axes_to_turn", {"layer": layer, "crs": crs, "turned": f"{crs}{_TURNED}"})


def _target(
    frame: gpd.GeoDataFrame, actual: CRS, wanted: CRS | None, layer: str
) -> tuple[CRS | None, gpd.GeoDataFrame, Notes]:
    """Decide the CRS of the result, and leave out the few rows that lie far from where it is used."""
    if wanted is None and not actual.is_geographic:
        return actual, frame, Notes()
    target = wanted or CRS(SWEREF99_TM)
    if not len(frame) or _same(actual, target):
        return target, frame, Notes()
    lon, lat = _lon_lat(actual, _centres(frame))
    inside = _inside(target, (lon, lat))
    if inside.all():
        return target, frame, Notes()
    if 2 * inside.sum() > len(inside):
        return target, frame[inside], _astray(frame.index[~inside], len(frame), target, layer)
    # Degrees say nothing of which is which; only the place does.
    if actual.is_geographic and 2 * _inside(target, (lat, lon)).sum() > len(lon):
        bounds = ", ".join(f"{value:.1f}" for value in frame.total_bounds)
        swapped = Finding("axes_swapped", {"layer": layer, "crs": label(actual), "bounds": bounds})
        return None, frame, Notes((swapped, _to_turn(layer, label(actual))))
    values = {
        "layer": layer,
        "crs": label(target),
        "lon": float(np.median(lon)),
        "lat": float(np.median(lat)),
    }
    return None, frame, Notes((Finding("crs_degrees_where" if wanted is None else "outside_target", values),))


def _move(frame: gpd.GeoDataFrame, actual: CRS, target: CRS) -> gpd.GeoDataFrame:
    named = frame.set_crs(actual, allow_override=True)
    return named if _same(actual, target) else named.to_crs(target)
