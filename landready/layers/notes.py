"""What the steps of reading one file found: findings in words, and ledger entries for what left the flow."""

from dataclasses import dataclass

from landready.errors import ColumnError, CrsError, Finding, InputError, LandreadyError
from landready.model import Ledger

_CRS_KEYS = frozenset({"no_crs", "outside_crs", "outside_target", "axes_swapped"})
# Warnings that whoever mends the file for its errors should mend too.
_DAMAGE_KEYS = frozenset({"geometry_null", "geometry_empty", "geometry_repaired", "geometry_unreadable"})
_COLUMN_KEYS = frozenset({"missing_column", "missing_column_near", "missing_column_unread"})


@dataclass(frozen=True, eq=False)
class Notes:
    """
    Findings and ledger entries, gathered step by step.

    Parameters
    ----------
    findings
        In the order they were found.
    ledger
        What was left out or changed; None for nothing.
    """

    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = None

    def __add__(self, other: "Notes") -> "Notes":
        if self.ledger is None or other.ledger is None:
            return Notes(self.findings + other.findings, self.ledger if other.ledger is None else other.ledger)
        return Notes(self.findings + other.findings, self.ledger + other.ledger)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which the input cannot be used."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def raise_errors(self) -> None:
        """
        Raise one error with all findings that are errors, if there are any, and what is to be mended besides.

        Raises
        ------
        CrsError
            If any of them is about the coordinate reference system.
        ColumnError
            If all of them are about columns that are not there.
        InputError
            Otherwise.
        """
        if self.errors:
            besides = (finding for finding in self.findings if _is_damage(finding))
            raise _kind_of(self.errors)(*self.errors, *besides)


def _is_damage(finding: Finding) -> bool:
    return finding.key in _DAMAGE_KEYS or (finding.key.startswith("plan_") and finding.severity == "warning")


def _kind_of(errors: tuple[Finding, ...]) -> type[LandreadyError]:
    keys = {finding.key for finding in errors}
    if keys & _CRS_KEYS or any(key.startswith("crs_") for key in keys):
        return CrsError
    return ColumnError if keys <= _COLUMN_KEYS else InputError
