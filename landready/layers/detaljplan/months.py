"""Genomförandetid: in months as implementations write it; the schema gives it no unit, so years are a doubt."""

from typing import Any

from landready.layers.detaljplan.problems import PLANS, Problems
from landready.rules.provisions import plan_words


def months_of(given: set[Any], name: str, problems: Problems) -> int | None:
    """
    Return genomförandetid in months, if what is given can be that.

    Parameters
    ----------
    given
        All different values that stand there.
    name
        Id of the plan.
    problems
        Told of years in doubt (5–15), of what is no number of months from 5 to 15 years, and of several values.
    """
    if not given:
        return None
    limits = plan_words()["implementation"]
    if len(given) > 1:
        problems.add("plan_months_several", PLANS, name, ", ".join(sorted(map(str, given))))
        return None
    value = next(iter(given))
    if isinstance(value, int) and not isinstance(value, bool):
        if limits["months"][0] <= value <= limits["months"][1]:
            return value
        if limits["years"][0] <= value <= limits["years"][1]:
            problems.add("plan_months_doubt", PLANS, name, value)
            return None
    problems.add("plan_months_wrong", PLANS, name, value)
    return None
