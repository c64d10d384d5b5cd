"""Of several versions of a plan the newest valid one is kept; the others, and plans that have ended, are listed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

import shapely

from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Problems
from landready.layers.detaljplan.records import PlanRecord, ProvisionRecord, Records
from landready.layers.detaljplan.shapes import areal
from landready.layers.detaljplan.values import date_of

_ENDED = frozenset({"upphavd", "avslutad"})


def newest(records: Records, problems: Problems, *, as_of: dt.date | None) -> Records:
    """
    Return one version of each plan that has not ended, with the provisions delivered with it.

    Parameters
    ----------
    records
        All that was read.
    problems
        Told of versions that were replaced, plans that have ended, and versions that contradict each other.
    as_of
        The day by which a version's `versionGiltigTill` is judged. With None, any such date ends it.

    Returns
    -------
    Records
        Provisions whose plan was not delivered stay; nobody can say that it has ended.
    """
    by_plan = groupby(sorted(records.plans, key=lambda plan: plan.plan_id), key=lambda plan: plan.plan_id)
    chosen: dict[str, PlanRecord | None] = {
        plan_id: _newest(sorted(versions, key=_age), problems, as_of) for plan_id, versions in by_plan
    }
    delivered = {(plan.plan_id, plan.file) for plan in records.plans}
    kept = [provision for provision in records.provisions if _belongs(provision, chosen, delivered, problems)]
    plans = tuple(plan for plan in chosen.values() if plan is not None)
    return Records(plans, tuple(_once(kept, problems)))


def _age(plan: PlanRecord) -> tuple[object, ...]:
    return plan.version, plan.valid_from, plan.file, shapely.to_wkb(plan.geometry)


def _newest(versions: list[PlanRecord], problems: Problems, as_of: dt.date | None) -> PlanRecord | None:
    valid = [plan for plan in versions if not _is_over(plan, as_of)]
    last = (valid or versions)[-1]
    for plan in versions:
        if plan is not last:
            problems.leave_out(
                "plan_version_replaced", PLANS, plan.plan_id, plan.version or "", reason="plan_version_replaced"
            )
    rivals = [plan for plan in valid[:-1] if (plan.version, plan.valid_from) == (last.version, last.valid_from)]
    if any(_differ(plan, last) for plan in rivals):
        problems.add("plan_version_conflict", PLANS, last.plan_id, last.version or "")
    if valid and last.stated["status"] not in _ENDED:
        return last
    area_ha = areal(last.geometry).area / 1e4
    why = last.stated["status"] or last.valid_to
    problems.leave_out("plan_ended", PLANS, last.plan_id, why, reason="plan_ended", area_ha=area_ha)
    return None


def _is_over(plan: PlanRecord, as_of: dt.date | None) -> bool:
    end = date_of(plan.valid_to)
    return bool(plan.valid_to) and (end is None or as_of is None or end <= as_of)


def _differ(first: PlanRecord, second: PlanRecord) -> bool:
    plain = replace(first, file=second.file, geometry=second.geometry)
    same = all(getattr(plain, name) == getattr(second, name) for name in PlanRecord.__dataclass_fields__)
    return not same or not first.geometry.equals(second.geometry)


def _belongs(
    provision: ProvisionRecord,
    chosen: dict[str, PlanRecord | None],
    delivered: set[tuple[str, str]],
    problems: Problems,
) -> bool:
    """Tell whether a provision is one of the version that is kept: of a file that came with another it is not."""
    name = provision.provision_id
    if provision.plan_id not in chosen:
        problems.add("plan_provision_orphan", PROVISIONS, name, provision.plan_id)
        return True
    plan = chosen[provision.plan_id]
    if plan is None:
        problems.leave_out("plan_ended", PROVISIONS, name, reason="plan_ended")
        return False
    if provision.file != plan.file and (plan.plan_id, provision.file) in delivered:
        problems.leave_out("plan_version_replaced", PROVISIONS, name, reason="plan_version_replaced")
        return False
    return True


def _once(provisions: Iterable[ProvisionRecord], problems: Problems) -> list[ProvisionRecord]:
    """Leave out repetitions that are the same in all; what only shares an id stays, and is an error of the layer."""
    kept: dict[tuple[object, ...], ProvisionRecord] = {}
    for provision in provisions:
        place = shapely.to_wkb(provision.geometry)
        stated = (provision.catalogue_id, provision.code, provision.letter, repr(sorted(provision.stated.items())))
        key = (provision.provision_id, provision.plan_id, provision.kind, place, *stated)
        if key in kept:
            problems.leave_out(
                "plan_provision_repeated", PROVISIONS, provision.provision_id, reason="plan_version_replaced"
            )
        kept.setdefault(key, provision)
    return list(kept.values())
