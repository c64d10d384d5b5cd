"""One metric coordinate reference system inside (EPSG:3006 for Sweden), and none assumed.

`require_metric` refuses what cannot be measured in: degrees, units that are not metres, and
projections whose area scale at the data is off by more than `MAX_AREA_ERROR` (web Mercator is off by
a factor of three and a half in Lerum).
"""

import functools

import numpy as np
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError

from landready.errors import CrsError, Finding

SWEREF99_TM = "EPSG:3006"
MAX_AREA_ERROR = 0.005

Bounds = tuple[float, float, float, float]


@functools.cache
def _transformer(source: CRS, target: CRS) -> Transformer:
    """Return a transformer; making one costs more than all it is asked for here."""
    return Transformer.from_crs(source, target, always_xy=True)


def label(crs: CRS | None) -> str:
    """Return `EPSG:3006` or, where there is no code, the name of the CRS."""
    if crs is None:
        return "–"
    code = crs.to_authority(min_confidence=70)
    return ":".join(code) if code else str(crs.name)


def parse(value: object) -> CRS:
    """
    Read a CRS from anything pyproj reads.

    Raises
    ------
    CrsError
        If it is not a CRS.
    """
    try:
        return CRS.from_user_input(value)
    except (CRSError, TypeError, ValueError) as error:  # pyproj's own, and what it meets in a Series
        raise CrsError(Finding("crs_unreadable", {"crs": value})) from error


def flat(crs: CRS) -> CRS:
    """Return the CRS without heights, by its code where it has one, so that the same CRS compares equal."""
    flat = crs.to_2d() if len(crs.axis_info) > 2 or crs.is_compound else crs
    code = flat.to_authority(min_confidence=70)
    return CRS.from_authority(*code) if code else flat


def area_scale(crs: CRS, bounds: Bounds) -> float:
    """
    Return the areal scale of a projection that is farthest from 1 over the corners and centre of `bounds`.

    Parameters
    ----------
    crs
        A projected CRS.
    bounds
        West, south, east, north in `crs`.

    Returns
    -------
    float
        Area on the map over area on the ellipsoid; `nan` where the projection is not defined.
    """
    west, south, east, north = bounds
    x = np.array([west, east, west, east, (west + east) / 2])
    y = np.array([south, south, north, north, (south + north) / 2])
    lon, lat = _transformer(crs, crs.geodetic_crs).transform(x, y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return float("nan")
    scale = np.asarray(Proj(crs).get_factors(lon, lat).areal_scale)
    return float(scale[np.abs(scale - 1).argmax()])


def metric_findings(  # noqa: PLR0911  (one return a reason reads best)
    crs: CRS | None, bounds: Bounds, *, layer: str
) -> list[Finding]:
    """Return why data with these bounds cannot be measured in `crs`; empty if it can."""
    if crs is None:
        return [Finding("no_crs", {"layer": layer})]
    if not crs.is_projected:
        return [Finding("crs_degrees", {"layer": layer, "crs": label(crs)})]
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if units - {"metre", "meter"}:
        return [Finding("crs_units", {"layer": layer, "crs": label(crs), "unit": ", ".join(sorted(units))})]
    if not np.isfinite(bounds).all():  # no coordinates, nothing to measure
        return []
    outside = outside_findings(crs, bounds, layer=layer)
    if outside:
        return outside
    scale = area_scale(crs, bounds)
    if not abs(scale - 1) <= MAX_AREA_ERROR:
        return [Finding("crs_distorts", {"layer": layer, "crs": label(crs), "percent": (scale - 1) * 100})]
    return []


def outside_findings(crs: CRS, bounds: Bounds, *, layer: str) -> list[Finding]:
    """Return a finding if the coordinates lie outside where `crs` is meant to be used; say if axes look swapped."""
    if crs.area_of_use is None or not np.isfinite(bounds).all():
        return []
    if _within_use(crs, bounds):
        return []
    west, south, east, north = bounds
    swapped = _within_use(crs, (south, west, north, east))
    return [
        Finding(
            "axes_swapped" if swapped else "outside_crs",
            {"layer": layer, "crs": label(crs), "bounds": ", ".join(f"{value:.0f}" for value in bounds)},
        )
    ]


def _within_use(crs: CRS, bounds: Bounds) -> bool:
    """Tell whether the centre of `bounds` falls in the CRS's area of use, give or take two degrees."""
    return centre_is_in(crs, crs, bounds, margin_deg=2.0)


def centre_is_in(area: CRS, crs: CRS, bounds: Bounds, *, margin_deg: float = 0.0) -> bool:
    """
    Tell whether the centre of bounds falls in the area for which another CRS is meant; True where it has none.

    Parameters
    ----------
    area
        The CRS whose area of use is asked about.
    crs, bounds
        West, south, east, north, and what they are in.
    margin_deg
        How far outside will do.
    """
    west, south, east, north = bounds
    use = area.area_of_use
    if use is None:
        return True
    lon, lat = _transformer(crs, CRS.from_epsg(4326)).transform((west + east) / 2, (south + north) / 2)
    return bool(
        use.west - margin_deg <= lon <= use.east + margin_deg
        and use.south - margin_deg <= lat <= use.north + margin_deg
    )


def require_same(first: CRS | None, second: CRS | None, *, first_layer: str, second_layer: str) -> None:
    """
    Refuse two layers in different CRSs.

    Raises
    ------
    CrsError
        Naming both layers and both CRSs.
    """
    if first != second:
        raise CrsError(
            Finding(
                "crs_mismatch",
                {
                    "layer": second_layer,
                    "crs": label(second),
                    "other": first_layer,
                    "other_crs": label(first),
                },
            )
        )
