"""Which columns of a file are read: those the role names, those mapped, those kept. No others enter memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from landready.errors import Finding
from landready.layers.notes import Notes
from landready.model import Ledger
from landready.rules import nearest_role, roles
from landready.spec import nearest_name
from landready.where import missing_column

GEOMETRY = "geometry"


@dataclass(frozen=True)
class Choice:
    """
    What is read from a file, and under which names.

    Parameters
    ----------
    columns
        Our name → the file's name.
    id_column
        The file's column that becomes the index; None numbers the features.
    index_name
        Name of the index.
    besides
        Columns of the file that are read to name the features, and not kept.
    """

    columns: Mapping[str, str]
    id_column: str | None
    index_name: str
    besides: tuple[str, ...] = ()

    @property
    def to_read(self) -> tuple[str, ...]:
        """The file's columns to read, once each."""
        wanted = [*self.columns.values(), *([self.id_column] if self.id_column else []), *self.besides]
        return tuple(dict.fromkeys(wanted))


def choose_columns(
    there: Sequence[str],
    *,
    layer: str,
    role: str | None,
    columns: Mapping[str, str],
    keep: Sequence[str],
    id_column: str | None,
    besides: Sequence[str] = (),
) -> tuple[Choice, Notes]:
    """
    Choose the columns to read.

    Parameters
    ----------
    there
        The columns of the file.
    layer
        What findings call it.
    role
        A key of `rules/roles.toml`; its columns are read where the file has them, in upper or lower case. With
        None only mapped and kept columns are.
    columns
        Our name → the file's name.
    keep
        Further columns, under the file's names.
    id_column
        The file's column that becomes the index.
    besides
        Columns of the file that are read to name the features, and not kept.

    Returns
    -------
    Choice, Notes
        Errors for an unknown role, names the role does not know, columns the file lacks, and names that clash;
        a note with the names of what is left out.
    """
    index_name = index_name_of(role)
    wanted = dict.fromkeys([*columns.values(), *keep, *([id_column] if id_column else [])])
    found = {name: spelled for name in wanted if (spelled := _as_spelled(name, there)) is not None}
    empty = pd.DataFrame(columns=list(there))
    problems = [
        *_role_findings(role),
        *_reserved_findings([*columns, *keep], layer),
        *_unknown_findings(columns, role, layer),
        *(missing_column(name, empty, layer) for name in wanted if name not in found),
    ]
    of_role = ((name, _as_spelled(name, there)) for name in _names_of(role) if name not in columns)
    chosen = {ours: theirs for ours, theirs in of_role if theirs is not None}
    chosen |= {ours: found[theirs] for ours, theirs in columns.items() if theirs in found}
    named_id = chosen.pop(index_name, None)
    kept = [found[name] for name in keep if name in found]
    problems += _clash_findings(kept, chosen, layer)
    chosen |= {theirs: theirs for theirs in kept if theirs not in chosen.values()}
    given_id = found.get(id_column) if id_column else None
    if given_id and index_name in columns and given_id != named_id:
        problems.append(Finding("id_twice", {"layer": layer, "first": named_id, "second": given_id}))
    choice = Choice(chosen, given_id or named_id, index_name, tuple(besides))
    left_out = [name for name in there if name not in choice.to_read]
    return choice, Notes(tuple(problems)) + _left_out_notes(left_out, layer)


def index_name_of(role: str | None) -> str:
    """
    Return the name of the index of a role's layers.

    Examples
    --------
    >>> index_name_of("parcels"), index_name_of("roads"), index_name_of(None)
    ('parcel_id', 'roads_id', 'id')
    """
    if role is None:
        return "id"
    known = roles().get(role)
    return (known.id if known else None) or f"{role}_id"


def _names_of(role: str | None) -> tuple[str, ...]:
    """Return what a role's columns are called, its id first; none without a role."""
    return (index_name_of(role), *columns_of(role)) if role in roles() else ()


def columns_of(role: str | None) -> tuple[str, ...]:
    """Return the columns that a role names, its id apart; none without a role."""
    known = roles().get(role) if role else None
    return tuple(known.columns) if known else ()


def _role_findings(role: str | None) -> list[Finding]:
    if role is None:
        return []
    known = roles()
    if role not in known:
        values = {"role": role, "nearest": nearest_role(role), "roles": ", ".join(known)}
        return [Finding("role_unknown", values)]
    return [Finding("role_is_raster", {"role": role})] if "raster" in known[role].kinds else []


def _reserved_findings(names: Sequence[str], layer: str) -> list[Finding]:
    return [Finding("column_reserved", {"layer": layer, "column": name}) for name in names if name.lower() == GEOMETRY]


def _unknown_findings(columns: Mapping[str, str], role: str | None, layer: str) -> list[Finding]:
    """Return the mapped names that the role does not know."""
    if role is None or role not in roles():
        return []
    known = _names_of(role)
    listed = ", ".join(known)
    return [
        Finding(
            "column_not_in_role",
            {
                "layer": layer,
                "column": name,
                "role": role,
                "nearest": nearest_name(name, known),
                "columns": listed,
            },
        )
        for name in columns
        if name not in known and name.lower() != GEOMETRY
    ]


def _clash_findings(kept: Sequence[str], chosen: Mapping[str, str], layer: str) -> list[Finding]:
    clashing = [theirs for theirs in kept if chosen.get(theirs, theirs) != theirs]
    return [Finding("column_twice", {"layer": layer, "column": name}) for name in clashing]


def _as_spelled(name: str, there: Sequence[str]) -> str | None:
    """Return a column's name as the file spells it: the same, or else the same but for upper and lower case."""
    if name in there:
        return name
    return next((other for other in there if other.lower() == name.lower()), None)


def _left_out_notes(left_out: Sequence[str], layer: str) -> Notes:
    if not left_out:
        return Notes()
    values = {"layer": layer, "count": len(left_out), "columns": ", ".join(left_out), "names": tuple(left_out)}
    return Notes(
        (Finding("columns_left_out", values, "note"),),
        Ledger.entry("read", layer, "columns_left_out", ids=left_out),
    )
