"""Which of several systems puts a layer where the other layers of its folder lie."""

from collections.abc import Sequence
from dataclasses import replace

from pyproj import Transformer

from landready.crs import Bounds, parse
from landready.errors import Finding
from landready.layers.candidates import Listed, nearby
from landready.layers.survey import LayerReport

_WIDEST_DEG = 4.0  # a layer of all Sweden says nothing of where the municipality is


def seen_by_neighbours(reports: Sequence[LayerReport]) -> tuple[LayerReport, ...]:
    """
    Add to each layer whose system is in doubt which of the candidates is near the other layers, if only one is.

    Parameters
    ----------
    reports
        All layers of a folder.
    """
    boxes = [box for report in reports if report.bounds and (box := _in_degrees(report))]
    return tuple(_told(report, boxes) for report in reports)


def _in_degrees(report: LayerReport) -> Bounds | None:
    if report.bounds is None or report.crs == "–":
        return None
    transformer = Transformer.from_crs(parse(report.crs), "EPSG:4326", always_xy=True)
    west, south, east, north = transformer.transform_bounds(*report.bounds)
    return (west, south, east, north) if 0 <= east - west <= _WIDEST_DEG else None


def _told(report: LayerReport, boxes: Sequence[Bounds]) -> LayerReport:
    doubts = [finding for finding in report.findings if finding.key == "crs_candidates"]
    listed = doubts[0].values["listed"] if doubts else None
    if not isinstance(listed, Listed):
        return report
    near = {candidate.crs for box in boxes for candidate in nearby(listed.found, box)}
    if len(near) != 1:
        return report
    told = Finding("crs_nearby", {"layer": report.layer, "crs": near.pop()})
    return replace(report, findings=(*report.findings, told))
