"""A column that is missing only since it was not read: told is then how it is read."""

from collections.abc import Iterable
from dataclasses import replace

from landready.errors import Finding
from landready.likeness import nearest_name


def unread(finding: Finding, left_out: Iterable[str]) -> Finding:
    """
    Return a finding that says which column of the file to keep, if one of those left out was asked for.

    Parameters
    ----------
    finding
        Of any kind; others than those of missing columns stay as they are.
    left_out
        Names of the columns of the file that were not read.
    """
    if finding.key != "missing_column":
        return finding
    names = {name.casefold(): name for name in left_out}
    asked, nearest = str(finding.values["column"]), str(finding.values["nearest"])
    # A name that is read comes first, unless the one in the file is the very one that was asked for.
    if nearest != "–" and asked.casefold() not in names:
        return finding
    found = nearest_name(asked, names.values())
    if found == "–":
        return finding
    keys = {"layer": finding.values["layer"], "column": asked, "found": found}
    return replace(finding, key="missing_column_unread" if asked == found else "missing_column_near", values=keys)
