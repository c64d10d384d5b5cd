"""Several plans over one place: the newest in force replaces the others there, and what it replaces is listed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.overlay import beyond, overlap_of, pairs
from landready.geometry.parts import keep_dimension
from landready.layers.detaljplan.problems import PLANS, Problems
from landready.layers.detaljplan.records import PlanRecord

_SLIVER_M = 0.1  # plans may miss each other by 10 cm (rule DP-0002 of the format)


def in_force_areas(plans: Sequence[PlanRecord], problems: Problems) -> NDArray[np.object_]:
    """
    Return the area of each plan without what a newer plan in force has replaced.

    Parameters
    ----------
    plans
        One version of each.
    problems
        Told of what is replaced, and of plans in force over the same place of which nobody can say which is newer.

    Returns
    -------
    numpy.ndarray
        As many geometries as plans; empty where nothing is left. Only plans in force replace and are replaced; one
        that only amends another, or holds only above or below a level, does neither, since both hold together.
    """
    areas = np.array([plan.geometry for plan in plans], dtype=object)
    places = np.array(
        [place for place, plan in enumerate(plans) if _replaces(plan)],
        dtype=int,
    )
    if len(places) < 2:
        return areas
    valid = np.array(areas[places])
    broken = ~shapely.is_valid(valid)
    valid[broken] = keep_dimension(shapely.make_valid(valid[broken], method="structure"), 2)
    i, j = pairs(valid, valid)
    i, j = i[i < j], j[i < j]
    shared = overlap_of(valid[i], valid[j])
    real = shapely.area(shared) > _SLIVER_M * np.minimum(shapely.length(valid[i]), shapely.length(valid[j]))
    for first, second in zip(places[i[real]], places[j[real]], strict=True):
        _replace(first, second, plans, areas, problems)
    return areas


def _replaces(plan: PlanRecord) -> bool:
    return plan.stated["status"] == "laga_kraft" and not plan.amends and plan.vertical is None


def _replace(
    first: int, second: int, plans: Sequence[PlanRecord], areas: NDArray[np.object_], problems: Problems
) -> None:
    ages = _age(plans[first]), _age(plans[second])
    names = plans[first].plan_id, plans[second].plan_id
    if ages[0] is None or ages[1] is None or ages[0] == ages[1]:
        problems.add("plan_overlap_undecided", PLANS, names[0], names[1])
        problems.add("plan_overlap_undecided", PLANS, names[1], names[0])
        return
    older, newer = (first, second) if ages[0] < ages[1] else (second, first)
    before = areas[older]
    mended = keep_dimension(shapely.make_valid([before, plans[newer].geometry], method="structure"), 2)
    left = keep_dimension(beyond(mended[:1], mended[1:]), 2)[0]
    areas[older] = shapely.normalize(left)
    gone_ha = float(shapely.area(mended[0]) - shapely.area(left)) / 1e4
    if gone_ha > 0:
        problems.leave_out(
            "plan_replaced", PLANS, plans[older].plan_id, plans[newer].plan_id, reason="plan_replaced", area_ha=gone_ha
        )


def _age(plan: PlanRecord) -> Any:
    """Return the day a plan gained legal force, else was adopted; None if nobody knows."""
    return plan.in_force_dates[-1] if plan.in_force_dates else plan.stated["adopted_date"]
