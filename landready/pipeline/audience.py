"""What of a study an audience must not see."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from landready.errors import Finding
from landready.model import Audience
from landready.rules.private import is_private, private_columns, private_criteria
from landready.spec import StudySpec
from landready.texts import Language


@dataclass(frozen=True)
class Withheld:
    """
    What is left out of every output.

    Parameters
    ----------
    criteria
        Ids of criteria that rest on private matters.
    layers
        Names of layers and tables that hold them.
    words
        All that findings call them.
    columns
        Columns of other layers that hold them.
    """

    criteria: frozenset[str]
    layers: frozenset[str]
    words: frozenset[str]
    columns: frozenset[str] = frozenset()

    def told(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that speak of nothing withheld."""
        return [
            finding for finding in findings if self.words.isdisjoint(str(word) for _, word in finding.values.items())
        ]


def withheld_from(audience: Audience, spec: StudySpec) -> Withheld:
    """Return what an audience must not see of a study; nothing, if it is `intern`."""
    if audience == "intern":
        return Withheld(frozenset(), frozenset(), frozenset())
    roles_of = {name: entry.role for name, entry in spec.layers.items()}
    tables = {Path(entry.owners.path).name for entry in spec.layers.values() if entry.owners is not None}
    layers = frozenset(name for name, role in roles_of.items() if is_private(role)) | tables
    criteria = private_criteria(spec.criteria, roles_of)
    labels = {
        entry.label(language) for entry in spec.criteria if entry.id in criteria for language in get_args(Language)
    }
    return Withheld(criteria, layers, layers | criteria | labels, private_columns())
