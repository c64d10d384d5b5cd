"""Several plans over one place: the newest in force replaces the others there, and what it replaces is listed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.overlay import beyond, overlap_of, pairs
from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Problems
from landready.layers.detaljplan.records import PlanRecord, ProvisionRecord
from landready.layers.detaljplan.shapes import areal

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
    valid = np.array([areal(shape) for shape in areas[places]], dtype=object)
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
    before, taken = areal(areas[older]), areal(plans[newer].geometry)
    left = beyond(np.array([before], dtype=object), np.array([taken], dtype=object))[0]
    if left.area <= _SLIVER_M * before.length:
        left = shapely.Polygon()
    areas[older] = shapely.normalize(left)
    gone_ha = float(before.area - left.area) / 1e4
    if gone_ha > 0:
        problems.leave_out(
            "plan_replaced", PLANS, plans[older].plan_id, plans[newer].plan_id, reason="plan_replaced", area_ha=gone_ha
        )


def _age(plan: PlanRecord) -> Any:
    """Return the day a plan gained legal force, else was adopted; None if nobody knows."""
    return plan.in_force_dates[-1] if plan.in_force_dates else plan.stated["adopted_date"]


def still_in_force(provision: ProvisionRecord, area: BaseGeometry, problems: Problems) -> ProvisionRecord | None:
    """
    Return what is left of a provision where a newer plan has replaced part of its plan.

    Parameters
    ----------
    provision
        A provision of a plan that was replaced in part.
    area
        What is left of the plan.
    problems
        Told of provisions that lose something.

    Returns
    -------
    ProvisionRecord or None
        None where nothing is left.
    """
    shape = provision.geometry
    if shapely.get_dimensions(shape) < 2:
        left = shapely.intersection(shape, area)
    else:
        shape = areal(shape)
        left = overlap_of(np.array([shape], dtype=object), np.array([area], dtype=object))[0]
    whole = shape.area or shape.length
    if whole and (left.area or left.length) > whole * (1 - 1e-6):
        return provision
    if not whole and not left.is_empty:
        return provision
    gone_ha = float(shape.area - left.area) / 1e4
    name = provision.provision_id
    problems.leave_out("plan_provision_replaced", PROVISIONS, name, reason="plan_replaced", area_ha=gone_ha)
    gone = left.is_empty or (shape.area and not left.area)
    return None if gone else replace(provision, geometry=shapely.normalize(left))
