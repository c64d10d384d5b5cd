"""What is wrong with plan files: gathered object by object, told once for each kind with how many and which."""

from collections import defaultdict
from typing import Final, Literal

from landready.errors import Finding, Severity, some
from landready.layers.notes import Notes
from landready.model import Ledger

PLANS: Final = "plans"
PROVISIONS: Final = "plan_provisions"
Part = Literal["plans", "plan_provisions"]
BOTH: tuple[Part, ...] = (PLANS, PROVISIONS)

_NOTES = frozenset(
    {
        "plan_version_replaced",
        "plan_ended",
        "plan_several_dates",
        "plan_replaced",
        "plan_provision_replaced",
        "plan_curves",
        "plan_expired",
        "plan_expiry_not_judged",
    }
)


class Problems:
    """Problems of one file or folder; each belongs to the plans, to the provisions, or to both."""

    def __init__(self) -> None:
        self._told: defaultdict[tuple[Part, str], list[tuple[str, str]]] = defaultdict(list)
        self._gone: defaultdict[tuple[Part, str], list[tuple[str, float]]] = defaultdict(list)

    def add(self, key: str, part: Part, name: str, value: object = "") -> None:
        """
        Note something about an object that stays.

        Parameters
        ----------
        key
            Name of the text under `finding.`, with the fields `layer`, `count`, `ids` and `values`.
        part
            The layer it is about.
        name
            The object's id.
        value
            What stood there.
        """
        self._told[part, key].append((name, str(value)[:80]))

    def leave_out(
        self,
        key: str,
        part: Part,
        name: str,
        value: object = "",
        *,
        reason: str = "plan_object_damaged",
        area_ha: float = float("nan"),
    ) -> None:
        """Note why an object, or part of it, leaves; `reason` is a text under `ledger.`, `area_ha` how large it is."""
        self.add(key, part, name, value)
        self._gone[part, reason].append((name, area_ha))

    def notes(self, part: Part, *, layer: str) -> Notes:
        """Return the findings and the ledger of one layer."""
        findings = tuple(
            _finding(key, told, layer)
            for (of, key), told in sorted(self._told.items(), key=lambda item: item[0][1])
            if of == part
        )
        ledger = Ledger.empty()
        for (of, reason), gone in sorted(self._gone.items()):
            if of == part:
                ids = [name for name, _ in sorted(gone)]
                ledger += Ledger.entry("read", layer, reason, ids=ids, area_ha=sum(area for _, area in gone))
        return Notes(findings, ledger if len(ledger) else None)


def _finding(key: str, told: list[tuple[str, str]], layer: str) -> Finding:
    severity: Severity = "note" if key in _NOTES else "warning"
    names = sorted(dict.fromkeys(name for name, _ in told))
    shown = sorted({value for _, value in told if value})
    values = {"layer": layer, "count": len(names), "ids": some(names), "values": some(shown) or "–"}
    return Finding(key, values, severity)
