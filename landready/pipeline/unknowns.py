"""What could not be measured for some of the sites, told in one sentence."""

from collections.abc import Sequence

from landready.errors import Finding
from landready.model import UNKNOWN, Measured
from landready.spec import Criterion
from landready.texts import Language


def partly_unknown(measured: Measured, criteria: Sequence[Criterion], language: Language) -> list[Finding]:
    """
    Return a warning that names the criteria which are known for some sites only, and for how many they are not.

    Parameters
    ----------
    measured
        What was measured.
    criteria
        Those of the study.
    language
        In which criteria are named.
    """
    unknown = (measured.state == UNKNOWN).sum()
    total = len(measured.state)
    partly = [criterion for criterion in criteria if 0 < unknown[criterion.id] < total]
    if not partly:
        return []
    named = "; ".join(f"{criterion.label(language)} ({unknown[criterion.id]})" for criterion in partly)
    return [Finding("criteria_partly_unknown", {"criteria": named, "total": total}, "warning")]
