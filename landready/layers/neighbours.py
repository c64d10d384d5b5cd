"""Which of several systems puts a layer where the other layers of its folder or study lie."""

from collections.abc import Sequence
from dataclasses import replace

from pyproj import CRS, Transformer

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
    known = [report for report in reports if report.bounds is not None and report.crs != "–"]
    boxes = boxes_of([(report.bounds, parse(report.crs)) for report in known if report.bounds is not None])
    return tuple(
        replace(report, findings=(*report.findings, *told_nearby(report.findings, boxes))) for report in reports
    )


def boxes_of(extents: Sequence[tuple[Bounds, CRS]]) -> list[Bounds]:
    """
    Return the boxes round layers in degrees, without those of layers that span a large part of the country.

    Parameters
    ----------
    extents
        West, south, east, north of each layer, and the CRS they are in.
    """
    boxes = []
    for bounds, crs in extents:
        transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        west, south, east, north = transformer.transform_bounds(*bounds)
        if 0 <= east - west <= _WIDEST_DEG:
            boxes.append((west, south, east, north))
    return boxes


def told_nearby(findings: Sequence[Finding], boxes: Sequence[Bounds]) -> list[Finding]:
    """
    Return, for each layer whose system is in doubt, which of the candidates is near others, if only one is.

    Parameters
    ----------
    findings
        What was found about layers; those of systems in doubt are looked at.
    boxes
        Where other layers lie, as `boxes_of` gives them.
    """
    told = []
    for doubt in findings:
        listed = doubt.values.get("listed")
        if doubt.key == "crs_candidates" and isinstance(listed, Listed):
            near = {candidate.crs for box in boxes for candidate in nearby(listed.found, box)}
            if len(near) == 1:
                told.append(
                    replace(doubt, key="crs_nearby", values={"layer": doubt.values["layer"], "crs": near.pop()})
                )
    return told
