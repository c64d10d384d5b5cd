"""What an extern file must not hold: who owns, what is being bought or negotiated, and everything measured by it."""

from collections.abc import Iterable, Mapping

from landready.rules import roles
from landready.spec import Criterion

_WORDS = frozenset({"owner", "purchases", "purchase", "radighet", "rådighet", "notes", "note"})
"""What people call such columns and layers where no role names them."""


def private_criteria(criteria: Iterable[Criterion], layer_roles: Mapping[str, str | None]) -> frozenset[str]:
    """
    Return the ids of the criteria that rest on private matters.

    Parameters
    ----------
    criteria
        Those of a study.
    layer_roles
        Name of a layer → its role, None if it has none.

    Examples
    --------
    >>> from landready import Criterion, ValueFunction
    >>> value = ValueFunction(points=[(0, 1.0)])
    >>> ours = Criterion(id="ours_share", measure="overlap_share", layer="holdings", value=value)
    >>> lake = Criterion(id="lake_m", measure="distance_to", layer="lakes", value=value)
    >>> sorted(private_criteria([ours, lake], {"holdings": "land_holdings", "lakes": "water"}))
    ['ours_share']
    """
    private = private_columns() | {name for name, role in layer_roles.items() if is_private(role)}
    return frozenset(criterion.id for criterion in criteria if not private.isdisjoint(_names_in(criterion)))


def private_columns() -> frozenset[str]:
    """Return every column that holds private matters, whatever its layer."""
    return frozenset(column for role in roles().values() for column in role.private_columns) | _WORDS


def is_private(role: str | None) -> bool:
    """Tell whether all that a layer of this role holds is private."""
    return role is not None and roles()[role].private


def _names_in(criterion: Criterion) -> set[str]:
    """Return every layer and column a criterion names, as written and in lower case."""
    named = {str(name) for name in (criterion.layer, *criterion.where, *_texts_in(criterion.params))}
    return named | {name.lower() for name in named}


def _texts_in(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield key
            yield from _texts_in(entry)
    elif isinstance(value, list | tuple | set):
        for entry in value:
            yield from _texts_in(entry)
    else:
        yield value
