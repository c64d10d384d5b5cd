"""A plan and its provisions as both delivery formats give them, before anything is made of them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

USE, PROPERTY, ADMINISTRATIVE = "use", "property", "administrative"


@dataclass(frozen=True, eq=False)
class PlanRecord:
    """
    One version of one plan.

    Parameters
    ----------
    plan_id
        Its UUID.
    file
        Name of the file it was read from, with the number of its collection (`plan.json#2`).
    geometry
        Its area in EPSG:3006.
    stated
        Columns of the role `plans` that the file itself states.
    implementation_months
        Genomförandetid; None where the file does not say, or says something that cannot be it.
    implementation_starts
        The day it starts, where the plan says so.
    in_force_dates
        All days on which some part of it gained legal force.
    letters_date
        The day whose meaning of letters holds, where the file gives it apart from the plan's own dates.
    vertical
        `"uppåt"` or `"nedåt"` where it holds only above or below a level.
    amends
        Whether its decisions only change another plan, which stays in force beneath it.
    version, valid_from, valid_to
        Which version of the object it is, and from when until when that is the valid one.
    """

    plan_id: str
    file: str
    geometry: BaseGeometry
    stated: dict[str, Any]
    implementation_months: int | None = None
    implementation_starts: dt.date | None = None
    in_force_dates: tuple[dt.date, ...] = ()
    letters_date: dt.date | None = None
    vertical: str | None = None
    amends: bool = False
    version: int = 0
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, eq=False)
class ProvisionRecord:
    """
    One provision of a plan.

    Parameters
    ----------
    provision_id, plan_id
        Its id, and the UUID of its plan.
    file
        Name of the file it was read from.
    kind
        `"use"`, `"property"` or `"administrative"`.
    geometry
        Where it holds, in EPSG:3006: an area, a line or a point.
    catalogue_id, code, letter
        What tells its meaning, as far as the format has it.
    stated
        Further columns of the role `plan_provisions` that the file itself states.
    """

    provision_id: str
    plan_id: str
    file: str
    kind: str
    geometry: BaseGeometry
    catalogue_id: str | None = None
    code: str | None = None
    letter: str | None = None
    stated: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Records:
    """All plans and provisions of a file or folder, in the order of the files."""

    plans: tuple[PlanRecord, ...] = ()
    provisions: tuple[ProvisionRecord, ...] = ()

    def __add__(self, other: "Records") -> "Records":
        return Records(self.plans + other.plans, self.provisions + other.provisions)
