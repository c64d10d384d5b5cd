"""Layers that lie where the CRS asked about is not used: the one they could be measured in instead."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landready.crs import parse
from landready.errors import CrsError
from landready.layers.survey import LayerReport, survey

_OUTSIDE = "outside_target"
# What another CRS mends: vectors too far away, and rasters, which are not reprojected.
_MENDED = frozenset({_OUTSIDE, "raster_crs"})


def judged_elsewhere(root: Path, reports: Sequence[LayerReport]) -> tuple[tuple[LayerReport, ...], str | None]:
    """
    Judge layers by a CRS of their own, where most lie outside the one that was asked about.

    Parameters
    ----------
    root
        The file or folder.
    reports
        What was found with the CRS asked about.

    Returns
    -------
    tuple of LayerReport, str or None
        Those that can be used in the other CRS are described as they are in it, and say so; and that CRS, None where
        there is none or where most layers lie where they should.
    """
    outside = [report for report in reports if _OUTSIDE in _keys(report)]
    vectors = [report for report in reports if report.kind != "raster" and report.count >= 0]
    crs = _most_common(outside)
    if crs is None or 2 * len(outside) <= len(vectors):
        return tuple(reports), None
    own = [report for report, _ in survey(root, crs=crs)]
    judged = tuple(
        replace(other, elsewhere=True) if _keys(report) & _MENDED and other.mark != "not_usable" else report
        for report, other in zip(reports, own, strict=True)
    )
    return judged, crs if any(report.elsewhere for report in judged) else None


def _keys(report: LayerReport) -> set[str]:
    return {finding.key for finding in report.findings}


def _most_common(reports: Sequence[LayerReport]) -> str | None:
    """Return the CRS in metres that most of the layers are in; in a metric zone of UTM where they are in none."""
    own = Counter(report.crs for report in reports if _in_metres(report.crs))
    if own:
        return own.most_common(1)[0][0]
    zones = Counter(
        _utm(finding.values["lon"], finding.values["lat"])
        for report in reports
        for finding in report.findings
        if finding.key == _OUTSIDE
    )
    return zones.most_common(1)[0][0] if zones else None


def _in_metres(crs: str) -> bool:
    try:
        known = parse(crs)
    except CrsError:
        return False
    return known.is_projected and not {axis.unit_name for axis in known.axis_info[:2]} - {"metre", "meter"}


def _utm(lon: float, lat: float) -> str:
    """Return the zone of UTM (WGS 84) round a place in degrees."""
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"
