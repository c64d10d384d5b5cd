"""Rules are data: roles, constraints and thresholds in TOML files with their sources. This module reads them."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from landready.spec import ConstraintRule, Words, nearest_name
from landready.spec.base import Model


class Role(Words):
    """
    What a layer can be to landready.

    Parameters
    ----------
    sv, en
        What people read.
    kinds
        Kinds of geometry that make sense, or `"raster"`.
    id
        The column whose values become the index, where the role has one.
    columns
        The columns it reads; no others are read.
    empty_is_none
        Columns in which an empty value says that there is none; in all others it says that nobody knows.
    context
        Whether the map draws it beneath the sites.
    private
        Whether an extern file must hold nothing of it, nor anything measured on it.
    private_columns
        The columns of which that is true.
    """

    kinds: tuple[str, ...]
    id: str | None = None
    columns: tuple[str, ...] = ()
    empty_is_none: tuple[str, ...] = ()
    context: bool = False
    private: bool = False
    private_columns: tuple[str, ...] = ()


class TileSet(Model):
    """
    A background map that a page can fetch.

    Parameters
    ----------
    name
        What people call it.
    address
        Of one tile: `{z}`, `{x}`, `{y}`, and `{key}` where the host wants a key.
    max_zoom
        The last zoom with tiles.
    attribution
        What must stand beside the map.
    source, sure
        Where the address is from, and how sure that is.
    """

    name: Words
    address: str
    max_zoom: int
    attribution: Words
    source: str
    sure: str

    @property
    def host(self) -> str:
        """Scheme and host, as a policy names them."""
        return "/".join(self.address.split("/")[:3])


@functools.cache
def roles() -> Mapping[str, Role]:
    """Return all roles by key."""
    return {key: Role(**entry.pop("words"), **entry) for key, entry in _read("roles.toml").items()}


def nearest_role(name: str) -> str:
    """
    Return the role that was perhaps meant, by its key or by what people call it; a dash if none is like it.

    Examples
    --------
    >>> nearest_role("statoins"), nearest_role("Fastigheter")
    ('stations', 'parcels')
    """
    called = {word.casefold(): key for key, role in roles().items() for word in (key, role.sv, role.en)}
    return called.get(nearest_name(name.casefold(), called), "–")


def empty_is_none(role: str | None) -> tuple[str, ...]:
    """Return the columns of a role in which an empty value is an answer; none for data without a role."""
    return roles()[role].empty_is_none if role is not None and role in roles() else ()


@functools.cache
def constraint_rules(rule_set: str = "se") -> tuple[ConstraintRule, ...]:
    """Return the rows of a constraint rule set: `"se"`, or `"none"` for an empty one."""
    if rule_set == "none":
        return ()
    rows = _read(f"constraints.{rule_set}.toml")["constraints"]
    return tuple(ConstraintRule.model_validate(row) for row in rows)


PROFILES = ("logistics", "small_industry", "office", "visitor")
"""Ids of the kinds of business that come with landready."""


@functools.cache
def profile_rules() -> Mapping[str, Mapping[str, Any]]:
    """Return the kinds of business that come with landready, by id, as a study file would write them."""
    return {name: {"id": name, **_read(f"profiles/{name}.toml")} for name in PROFILES}


@functools.cache
def criterion_rules() -> Mapping[str, Mapping[str, Any]]:
    """Return the criteria that those weigh, by id, as a study file would, but with a `role` in place of the layer."""
    return {row["id"]: row for row in _read("criteria.se.toml")["criteria"]}


@functools.cache
def plot_rules(rule_set: str = "se") -> Mapping[str, float]:
    """Return the thresholds that tell which parcels are plots with homes and built plots."""
    return {key: float(entry["value"]) for key, entry in _read(f"constraints.{rule_set}.toml")["plots"].items()}


@functools.cache
def land_cover() -> Mapping[str, frozenset[int]]:
    """Return the class codes of land cover by what a criterion can ask for."""
    table = _read("land_cover.toml")
    classes = {name: frozenset(codes) for name, codes in table["classes"].items()}
    return classes | {
        name: frozenset().union(*(classes[part] for part in parts)) for name, parts in table["groups"].items()
    }


@functools.cache
def random_indices() -> Mapping[str, tuple[float, ...]]:
    """Return the tables of random consistency indices by name, each by number of criteria from 1."""
    return {name: tuple(table["values"]) for name, table in _read("random_index.toml").items()}


@functools.cache
def tile_sets() -> Mapping[str, TileSet]:
    """Return the background maps by key."""
    return {key: TileSet(**entry) for key, entry in _read("tiles.toml").items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
