"""Layers that lie outside Sweden: what Swedish law alone has, such as detailed plans, is not recognised in them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landready.crs import SWEREF99_TM, centre_is_in, parse
from landready.errors import CrsError
from landready.layers.recognise import Recognition
from landready.layers.survey import LayerReport, survey

# Zones of another country are no plans that say what is permitted, and its landmarks are no ancient remains.
_SWEDISH_LAW = frozenset({"plans", "plan_provisions", "heritage"})


def judged_abroad(
    root: Path, reports: Sequence[LayerReport], *, crs: object | None
) -> tuple[tuple[LayerReport, ...], bool]:
    """
    Take layers outside Sweden for nothing that only Swedish law has.

    Parameters
    ----------
    root
        The file or folder.
    reports
        What was found in it.
    crs
        The CRS that the layers were judged by; None for their own.

    Returns
    -------
    tuple of LayerReport, bool
        And whether most of the layers lie outside Sweden; if not, the reports are as they were.
    """
    placed = [here for report in reports if (here := _is_in_sweden(report)) is not None]
    if 2 * placed.count(False) <= len(placed):
        return tuple(reports), False
    return tuple(_as_other(root, report, crs) for report in reports), True


def _is_in_sweden(report: LayerReport) -> bool | None:
    if report.bounds is None:
        return None
    try:
        return centre_is_in(parse(SWEREF99_TM), parse(report.crs), report.bounds)
    except CrsError:
        return None


def _as_other(root: Path, report: LayerReport, crs: object | None) -> LayerReport:
    """Return a report of the layer as none in particular, if it was taken for what only Swedish law has."""
    role = report.recognition.role
    if role not in _SWEDISH_LAW or report.mark == "not_usable":
        return report
    file = root / report.file if root.is_dir() else root
    again = survey(file, roles={report.layer: "other"}, crs=report.crs if report.elsewhere else crs)
    found = next(other for other, _ in again if other.layer == report.layer)
    why = Recognition("other", "none", {"abroad": (role,)})
    return replace(found, file=report.file, recognition=why, elsewhere=report.elsewhere)
