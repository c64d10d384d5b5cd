"""Read SS 637040:2016 XML, the plan format before NGP: boundaries, areas, and a plan with nested provisions.

It names no catalogue ids; its codes are those of the catalogue when the plan was made. It does not say which plans
are in force.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from shapely.geometry.base import BaseGeometry

from landready.errors import FileError, Finding
from landready.layers.detaljplan.boundaries import Boundaries
from landready.layers.detaljplan.months import months_of
from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Part, Problems
from landready.layers.detaljplan.records import ADMINISTRATIVE, PROPERTY, USE, PlanRecord, ProvisionRecord, Records
from landready.layers.detaljplan.safe_xml import parse_xml
from landready.layers.detaljplan.shapes import ShapeError, gathered, placed
from landready.layers.detaljplan.values import LONGEST, date_of, number_of, text_of
from landready.rules.provisions import plan_words

_PROVISIONS = {
    "DP_Anvandningsbestammelse": USE,
    "DP_Egenskapsbestammelse": PROPERTY,
    "DP_AdministrativBestammelse": ADMINISTRATIVE,
}
_IMPLEMENTATION = re.compile(r"DP_[A-Z]{2}_\w*Genomforande")
_NUMBERS = frozenset({"DP_VarDecimaltal", "DP_VarHeltal"})


def read_ss637040(path: Path, problems: Problems, *, label: str) -> Records:
    """
    Read the plans and provisions of one file.

    Parameters
    ----------
    path
        The file.
    problems
        Where damaged objects are noted.
    label
        What records and problems call the file.

    Raises
    ------
    FileError
        If it is no whole XML, holds no plan, or names a coordinate system that is none of SWEREF 99.
    """
    root = parse_xml(path)
    boundaries = Boundaries(root)
    plans = list(root.iter("DP_Plan"))
    if not plans:
        raise FileError(Finding("plan_xml_no_plan", {"file": path.name}))
    records = Records()
    for element in plans:
        records += _Reader(element, boundaries, path.name, label, problems).records()
    return records


class _Reader:
    """One plan of a file, with what its parts share."""

    def __init__(self, element: Element, boundaries: Boundaries, file: str, label: str, problems: Problems) -> None:
        self.element = element
        self.boundaries = boundaries
        self.label = label
        self.problems = problems
        self.code = _crs_of(_text(element, "koordinatsystem"), file)
        self.plan_id = (_text(element, "uuid") or _text(element, "planid") or "").lower()

    def records(self) -> Records:
        provisions = [self._provision(item) for item in self.element.iter() if item.tag in _PROVISIONS]
        if not self.plan_id:
            self.problems.leave_out("plan_no_id", PLANS, self.label)
        plan = self._plan() if self.plan_id else None
        return Records((plan,) if plan else (), tuple(item for item in provisions if item))

    def _plan(self) -> PlanRecord | None:
        shape = self._shape(self.element, PLANS, self.plan_id, area="planomrade")
        if shape is None:
            return None
        kind = _text(self.element, "plantyp")
        known = plan_words()["plan_type_codes"].get(kind)
        if known is None:
            self.problems.add("plan_type_unknown", PLANS, self.plan_id, kind or "–")
        registered = _text(self.element, "registerstatus")
        self.problems.add("plan_status_not_given", PLANS, self.plan_id, registered or "–")
        stated = {
            "name": _text(self.element, "plannamn"),
            "designation": _text(self.element, "planid"),
            "municipality": _text(self.element, "kommun"),
            "plan_type": known,
            "status": None,
            "status_date": None,
            "started_date": None,
            "adopted_date": None,
            "complete": None,
        }
        return PlanRecord(
            plan_id=self.plan_id,
            file=self.label,
            geometry=shape,
            stated=stated,
            implementation_months=months_of(self._implementation(), self.plan_id, self.problems),
            letters_date=self._letters_date(),
        )

    def _letters_date(self) -> dt.date | None:
        """Return the day whose letters the plan uses: of its catalogue, else when it was registered."""
        version = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", _text(self.element, "katalogversion") or "")
        day = date_of(f"{version[3]}-{version[2]}-{version[1]}") if version else None
        return day or date_of(_text(self.element, "registreringsdatum"))

    def _implementation(self) -> set[Any]:
        """Return all different numbers that stand for genomförandetid."""
        return {
            int(value) if (value := number) == int(number) else value
            for item in self.element.iter("DP_AdministrativBestammelse")
            if _IMPLEMENTATION.fullmatch(_text(item, "bestammelsetyp") or "")
            for number in _numbers(item)
        }

    def _provision(self, item: Element) -> ProvisionRecord | None:
        number = _text(item, "bestammelseid")
        name = f"{self.plan_id}:{number}" if number else _text(item, "uuid")
        if not name:
            self.problems.leave_out("plan_no_id", PROVISIONS, f"{self.label} {item.get('id')}")
            return None
        if any(len(child.text or "") > LONGEST for child in item.iter()):
            self.problems.add("plan_text_long", PROVISIONS, name)
        shape = self._shape(item, PROVISIONS, name, area="omrade")
        if shape is None:
            return None
        numbers = _numbers(item)
        if len(numbers) > 1:
            self.problems.add("plan_values_several", PROVISIONS, name, ", ".join(f"{one:g}" for one in numbers))
        if len(numbers) < sum(variable.tag in _NUMBERS for variable in _variables(item)):
            self.problems.add("plan_value_form", PROVISIONS, name, _shown(item))
        texts = [variable for variable in _variables(item) if variable.tag not in _NUMBERS]
        said = [_text(item, "precisering"), *(_text(variable, "varde") for variable in texts)]
        return ProvisionRecord(
            provision_id=name,
            plan_id=self.plan_id,
            file=self.label,
            kind=_PROVISIONS[item.tag],
            geometry=shape,
            code=_text(item, "anvandningsslag") or _text(item, "bestammelsetyp"),
            letter=_text(item, "beteckning"),
            stated={
                "letter_index": _text(item, "index"),
                "wording": "; ".join(words for words in said if words) or None,
                "value": numbers[0] if len(numbers) == 1 else None,
            },
        )

    def _shape(self, item: Element, part: Part, name: str, *, area: str) -> BaseGeometry | None:
        areas = [child.get("href", "") for child in item if child.tag == area]
        lines = [child.get("href", "") for child in item if child.tag == "linje" and child.get("href")]
        try:
            if not areas and not lines:
                raise ShapeError("plan_no_geometry")  # noqa: TRY301  (told as every other)
            found = [self.boundaries.area(one) for one in areas] or [self.boundaries.line(one) for one in lines]
            shape = placed(gathered(found), self.code)
        except ShapeError as error:
            self.problems.leave_out(error.key, part, name, error.value)
            return None
        if any(self.boundaries.has_arcs(one) for one in areas):
            self.problems.add("plan_curves", part, name)
        return shape


def _text(element: Element, tag: str) -> str | None:
    """Return the text of a child, not of its children's children."""
    return text_of(element.findtext(tag))


def _variables(item: Element) -> list[Element]:
    return [variable for holder in item.findall("variabel") for variable in holder]


def _numbers(item: Element) -> list[float]:
    given = (number_of(variable.findtext("varde")) for variable in _variables(item) if variable.tag in _NUMBERS)
    return [number for number in given if number is not None]


def _shown(item: Element) -> str:
    return ", ".join(variable.findtext("varde") or "–" for variable in _variables(item) if variable.tag in _NUMBERS)


def _crs_of(name: str | None, file: str) -> int:
    folded = re.sub(r"[\s-]+", "_", (name or "").upper()).replace("SWEREF_99", "SWEREF99")
    code = plan_words()["crs_names"].get(folded)
    if code is None:
        raise FileError(Finding("plan_xml_crs", {"file": file, "crs": name or "–"}))
    return int(code)
