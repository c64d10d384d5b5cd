"""Plans and provisions as the two layers that the rest of landready reads."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.layers.detaljplan.in_force import in_force_areas, still_in_force
from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Problems
from landready.layers.detaljplan.records import USE, PlanRecord, ProvisionRecord, Records
from landready.layers.detaljplan.shapes import areal
from landready.layers.detaljplan.summary import Meant, summarise, summary_columns
from landready.layers.detaljplan.values import months_after
from landready.rules.provisions import resolve

CRS = "EPSG:3006"
_TOLERANCE_M = 0.1  # rule DP-0002 of the format: provisions lie within their plan, give or take 10 cm
_STATED = (
    "name",
    "designation",
    "municipality",
    "plan_type",
    "status",
    "status_date",
    "started_date",
    "adopted_date",
    "complete",
)
PROVISION_COLUMNS = (
    "provision_id", "plan_id", "plan_status", "kind", "letter", "letter_index", "code", "catalogue_id", "ground", "use",
    "permits_business", "wording", "value", "unit", "value_type",
)  # fmt: skip


def plan_columns() -> tuple[str, ...]:
    """Return the columns of plans: what the file states, and what follows from the provisions."""
    return ("plan_id", *_STATED, "in_force_date", "implementation_end_date", *summary_columns())


def frames(records: Records, problems: Problems, *, as_of: dt.date | None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Return plans and provisions with everything that follows from them.

    Parameters
    ----------
    records
        One version of each plan, and its provisions.
    problems
        Told of what does not fit together.
    as_of
        The day by which genomförandetid is judged to be over; None leaves plans as in force.

    Returns
    -------
    geopandas.GeoDataFrame, geopandas.GeoDataFrame
        Numbered from 0, sorted by id, in EPSG:3006; columns `plan_columns()` and `PROVISION_COLUMNS`.
    """
    plans = sorted(records.plans, key=lambda plan: plan.plan_id)
    by_id = {plan.plan_id: plan for plan in plans}
    meant = [(record, _meaning(record, by_id.get(record.plan_id), problems)) for record in records.provisions]
    meant.sort(key=lambda pair: (pair[0].provision_id, pair[0].file))
    _require_within(_by_plan(meant), by_id, problems)
    areas = in_force_areas(plans, problems)
    meant = _cut(meant, plans, areas, problems)
    by_plan = _by_plan(meant)
    rows = [
        _plan_row(plan, area, by_plan[plan.plan_id], problems, as_of)
        for plan, area in zip(plans, areas, strict=True)
        if not area.is_empty
    ]
    shapes = [area for area in areas if not area.is_empty]
    status = {row["plan_id"]: row["status"] for row in rows}
    provisions = [{**_provision_row(*pair), "plan_status": status.get(pair[0].plan_id)} for pair in meant]
    return _frame(rows, plan_columns(), shapes), _frame(
        provisions, PROVISION_COLUMNS, [record.geometry for record, _ in meant]
    )


def _by_plan(meant: Sequence[Meant]) -> defaultdict[str, list[Meant]]:
    grouped: defaultdict[str, list[Meant]] = defaultdict(list)
    for pair in meant:
        grouped[pair[0].plan_id].append(pair)
    return grouped


def _cut(
    meant: Sequence[Meant], plans: Sequence[PlanRecord], areas: NDArray[np.object_], problems: Problems
) -> list[Meant]:
    """Take away what lies where a newer plan holds."""
    smaller = {plan.plan_id: area for plan, area in zip(plans, areas, strict=True) if area is not plan.geometry}
    left = (
        (still_in_force(record, smaller[record.plan_id], problems) if record.plan_id in smaller else record, meaning)
        for record, meaning in meant
    )
    return [(record, meaning) for record, meaning in left if record is not None]


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], shapes: Sequence[Any]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    for name in columns:
        if name == "value" or name.endswith(("_share", "_ha", "_m", "_m2", "_pct", "_conditions")):
            frame[name] = frame[name].astype(float)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(np.array(shapes, dtype=object), crs=CRS, index=frame.index))


def _meaning(record: ProvisionRecord, plan: PlanRecord | None, problems: Problems) -> Any:
    found = resolve(
        catalogue_id=record.catalogue_id,
        code=record.code,
        letter=record.letter,
        plan_date=_date_of(plan),
        is_use=record.kind == USE,
    )
    shown = {
        "code_unknown": record.code or record.catalogue_id,
        "letter_ambiguous": record.letter,
        "letter_unknown": record.letter,
    }
    for problem in found.problems:
        problems.add(f"plan_{problem}", PROVISIONS, record.provision_id, shown[problem])
    if record.kind == USE and not record.catalogue_id and not record.code and not record.letter:
        problems.add("plan_use_unnamed", PROVISIONS, record.provision_id)
    if found.entry is not None and found.entry.is_use != (record.kind == USE):
        problems.add("plan_kind_differs", PROVISIONS, record.provision_id, found.code)
    return found


def _date_of(plan: PlanRecord | None) -> dt.date | None:
    """Return the day by which the letters of a plan are read: as the file says, else adopted, in force or started."""
    if plan is None:
        return None
    day = plan.letters_date or plan.stated["adopted_date"] or (plan.in_force_dates[0] if plan.in_force_dates else None)
    started: dt.date | None = day or plan.stated["started_date"]
    return started


def _require_within(by_plan: Mapping[str, list[Meant]], by_id: Mapping[str, PlanRecord], problems: Problems) -> None:
    for plan_id, pairs in by_plan.items():
        if plan_id not in by_id:
            continue
        reach = areal(by_id[plan_id].geometry).buffer(_TOLERANCE_M)
        shapes = np.array([record.geometry for record, _ in pairs], dtype=object)
        shapely.prepare(reach)
        for place in np.flatnonzero(~shapely.covers(reach, shapes)):
            problems.add("plan_provision_outside", PROVISIONS, pairs[place][0].provision_id, plan_id)


def _plan_row(
    plan: PlanRecord, area: Any, provisions: Sequence[Meant], problems: Problems, as_of: dt.date | None
) -> dict[str, Any]:
    in_force = plan.in_force_dates[-1] if plan.in_force_dates else None
    end = _implementation_end(plan, problems)
    status = plan.stated["status"]
    if status == "laga_kraft":
        status = _judged(plan, end, problems, as_of)
        if in_force is None:
            problems.add("plan_in_force_undated", PLANS, plan.plan_id)
    if len(plan.in_force_dates) > 1:
        problems.add("plan_several_dates", PLANS, plan.plan_id, ", ".join(map(str, plan.in_force_dates)))
    if plan.amends:
        problems.add("plan_amends", PLANS, plan.plan_id)
    days = {"in_force_date": in_force, "implementation_end_date": end}
    row = {
        "plan_id": plan.plan_id,
        **plan.stated,
        **days,
        "status": status,
        **summarise(plan, area, provisions, problems),
    }
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}


def _implementation_end(plan: PlanRecord, problems: Problems) -> dt.date | None:
    if plan.implementation_months is None:
        return None
    start = plan.implementation_starts or (plan.in_force_dates[-1] if plan.in_force_dates else None)
    if start is None:
        if plan.stated["status"] == "laga_kraft":
            problems.add("plan_no_start", PLANS, plan.plan_id)
        return None
    return months_after(start, plan.implementation_months)


def _judged(plan: PlanRecord, end: dt.date | None, problems: Problems, as_of: dt.date | None) -> str:
    """Return whether a plan in force is within its genomförandetid: what nobody knows counts as within, and is told."""
    if end is None:
        problems.add("plan_end_unknown", PLANS, plan.plan_id)
    elif as_of is None:
        problems.add("plan_expiry_not_judged", PLANS, plan.plan_id)
    elif end < as_of:
        problems.add("plan_expired", PLANS, plan.plan_id, end)
        return "genomforandetid_utgangen"
    return "laga_kraft"


def _provision_row(record: ProvisionRecord, meaning: Any) -> dict[str, Any]:
    entry = meaning.entry
    row = {
        "provision_id": record.provision_id,
        "plan_id": record.plan_id or None,
        "kind": record.kind,
        "letter": meaning.letter,
        "code": meaning.code,
        "catalogue_id": entry.id if entry else record.catalogue_id,
        "ground": meaning.ground,
        "use": meaning.use,
        "permits_business": meaning.permits_business,
        **record.stated,
    }
    if row.get("value") is not None and row.get("value_type") is None and entry is not None:
        row["value_type"] = entry.value_type
    return row
