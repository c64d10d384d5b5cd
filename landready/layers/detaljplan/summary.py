"""What the provisions of a plan say of it as a whole: permitted uses, how much may be built, where not, on which terms.

Shares are of the quarter land (kvartersmark). What no use was read for counts as unknown, never as anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.geometry.overlay import beyond, overlap_of
from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Problems
from landready.layers.detaljplan.records import USE, PlanRecord, ProvisionRecord
from landready.layers.detaljplan.shapes import areal
from landready.rules.provisions import Resolved, plan_words

_SLIVER_SHARE = 0.01  # use areas may miss the plan's border by 10 cm (rule DP-0003 of the format)
_UNITS = {"m2": "kvadratmeter", "pct": "procent", "m": "meter"}

Meant = tuple[ProvisionRecord, Resolved]


@dataclass(frozen=True, eq=False)
class _Uses:
    """The uses of one plan as areas: the land they share out, where business is permitted, and where nobody knows."""

    land: BaseGeometry
    business: BaseGeometry
    unknown: BaseGeometry
    of: tuple[tuple[BaseGeometry, Resolved], ...]

    def share(self, groups: Sequence[str]) -> float:
        """Return the share of the land on which any of the groups is permitted."""
        return self.part(_union([shape for shape, use in self.of if set(use.groups) & set(groups)]))

    def part(self, area: BaseGeometry) -> float:
        return min(area.area / self.land.area, 1.0) if self.land.area else float("nan")


def summary_columns() -> tuple[str, ...]:
    """Return the columns that `summarise` fills."""
    words = plan_words()
    tables = [row["column"] for table in ("mixes", "limits", "grounds") for row in words[table]]
    return (
        "use",
        "permits_business",
        "use_mix",
        "quarter_ha",
        "business_share",
        "unknown_use_share",
        *tables,
        "permit_conditions",
    )


def summarise(plan: PlanRecord, area: BaseGeometry, provisions: Sequence[Meant], problems: Problems) -> dict[str, Any]:
    """
    Return the columns that follow from the provisions of one plan.

    Parameters
    ----------
    plan
        The plan.
    area
        What is left of it after newer plans.
    provisions
        What is left of its provisions, and what they mean.
    problems
        Told of plans whose uses leave part of them over, or permit business on part of them only.

    Returns
    -------
    dict
        Values by column; `nan` or None where nobody can say.
    """
    row: dict[str, Any] = dict.fromkeys(summary_columns())
    row |= dict.fromkeys(_number_columns(), float("nan"))
    if not provisions:
        problems.add("plan_no_provisions", PLANS, plan.plan_id)
        return row
    uses = _uses(plan, areal(area), provisions, problems)
    row |= _mix(uses)
    row["permits_business"] = _permits(plan, uses, problems)
    row |= _limits(provisions, problems)
    codes = [meaning.code or "" for _, meaning in provisions]
    known = plan.stated.get("complete") is not False and all(
        meaning.entry for record, meaning in provisions if record.kind != USE
    )
    if known:
        row |= {table["column"]: _ground(uses, provisions, table["codes"]) for table in plan_words()["grounds"]}
        row["permit_conditions"] = sum(code.startswith(tuple(plan_words()["conditions"]["codes"])) for code in codes)
    return row


def _number_columns() -> list[str]:
    return [name for name in summary_columns() if name.endswith(("_share", "_ha", "_m", "_m2", "_pct", "_conditions"))]


def _uses(plan: PlanRecord, area: BaseGeometry, provisions: Sequence[Meant], problems: Problems) -> _Uses:
    given = [
        (shape, meaning)
        for record, meaning in provisions
        if record.kind == USE and (shape := areal(record.geometry)).area
    ]
    rest = _beyond(area, _union([shape for shape, _ in given]))
    if rest.area <= _SLIVER_SHARE * area.area:
        rest = shapely.Polygon()
    else:
        problems.add("plan_uses_missing", PLANS, plan.plan_id, f"{100 * rest.area / area.area:.0f} %")
    quarter = [(shape, use) for shape, use in given if use.ground in {"kvartersmark", None}]
    unclear = [shape for shape, use in quarter if use.permits_business is None]
    land = _union([*(shape for shape, _ in quarter), rest])
    business = _union([shape for shape, use in quarter if use.permits_business])
    return _Uses(land, business, _beyond(_union([*unclear, rest]), business), tuple(quarter))


def _beyond(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    if not shape.area or not other.area:
        return shape
    rest: BaseGeometry = beyond(np.array([shape], dtype=object), np.array([other], dtype=object))[0]
    return rest


def _common(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    if not shape.area or not other.area:
        return shapely.Polygon()
    shared: BaseGeometry = overlap_of(np.array([shape], dtype=object), np.array([other], dtype=object))[0]
    return shared


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    array: NDArray[np.object_] = np.array([shape for shape in shapes if shape.area], dtype=object)
    if len(array) == 1:
        only: BaseGeometry = array[0]
        return only
    union: BaseGeometry = (
        shapely.union_all(array[np.argsort(shapely.to_wkb(array))]) if len(array) else shapely.Polygon()
    )
    return union


def _mix(uses: _Uses) -> Mapping[str, Any]:
    words = plan_words()
    groups = dict.fromkeys(group for _, use in uses.of for group in use.groups)
    by_group = {group: uses.share([group]) for group in groups}
    largest = sorted(by_group.items(), key=lambda item: (-round(item[1], 3), item[0]))
    named = [f"{words['groups'][group]['words']['sv']} {100 * share:.0f} %" for group, share in largest]
    by_letter = {use.letter.rstrip("0123456789#"): shape.area for shape, use in uses.of if use.letter}
    letters = sorted(by_letter, key=lambda letter: (-round(by_letter[letter]), letter))
    return {
        "use": "".join(letters) or None,
        "use_mix": ", ".join(named) or None,
        "quarter_ha": uses.land.area / 1e4,
        "business_share": uses.part(uses.business),
        "unknown_use_share": uses.part(uses.unknown),
        **{row["column"]: uses.share(row["groups"]) for row in words["mixes"]},
    }


def _permits(plan: PlanRecord, uses: _Uses, problems: Problems) -> bool | None:
    """Tell whether the plan as a whole lets business in; None where that is unknown, or true of a part only."""
    if not uses.land.area:
        return False
    business, unknown = uses.part(uses.business), uses.part(uses.unknown)
    if business >= plan_words()["whole_plan"]["share"]:
        return True
    if business + unknown < 1e-3:
        return False
    if business >= 1e-3:
        problems.add("plan_business_in_part", PLANS, plan.plan_id, f"{100 * business:.0f} %")
    else:
        problems.add("plan_business_unknown", PLANS, plan.plan_id, f"{100 * unknown:.0f} %")
    return None


def _limits(provisions: Sequence[Meant], problems: Problems) -> Mapping[str, float]:
    """Return the largest number that any provision of a kind sets; `nan` without any."""
    words = plan_words()
    found: dict[str, float] = {}
    for record, meaning in provisions:
        code, value = meaning.code or "", record.stated.get("value")
        if meaning.entry is None or value is None or code.endswith(tuple(words["no_numbers"]["endings"])):
            continue
        for row in words["limits"]:
            if not code.startswith(tuple(row["codes"])):
                continue
            wanted = _UNITS[row["column"].rsplit("_", 1)[1]]
            if record.stated.get("unit") not in {wanted, None}:
                problems.add("plan_unit_wrong", PROVISIONS, record.provision_id, f"{record.stated['unit']} ({code})")
                continue
            found[row["column"]] = max(found.get(row["column"], value), value)
    return found


def _ground(uses: _Uses, provisions: Sequence[Meant], codes: Sequence[str]) -> float:
    """Return the share of the land on which a provision with one of the codes holds."""
    shapes = [areal(record.geometry) for record, meaning in provisions if (meaning.code or "").startswith(tuple(codes))]
    return uses.part(_common(_union(shapes), uses.land))
