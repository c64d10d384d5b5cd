"""Every key of the study file: type and default from `landready.spec`, meaning in Swedish from the file beside."""

import datetime as dt
import tomllib
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from landready.spec import Requirements, StudySpec, ValueFunction, Where, Words
from landready.spec.wording import inner_model

SWEDISH = tomllib.loads(Path(__file__).with_suffix(".sv.toml").read_text(encoding="utf-8"))
"""Place in the study file → key → what it means in Swedish; under `about` what each place is."""

PLAIN = {str: "text", float: "tal", int: "heltal", bool: "`true` eller `false`", dt.date: "datum", Any: "vad som helst"}
MODELS: dict[type[BaseModel], str] = {Words: "text, eller `{ sv, en }`", ValueFunction: "värdefunktion"}
SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


@dataclass(frozen=True)
class Key:
    """
    One key of the study file.

    Parameters
    ----------
    name, kind, default, meaning
        As they stand in the table.
    """

    name: str
    kind: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Section:
    """
    One table of the study file.

    Parameters
    ----------
    title
        As it is written in the file, such as `[[area.corridors]]`.
    summary
        What it is.
    keys
        Its keys.
    """

    title: str
    summary: str
    keys: tuple[Key, ...]


def sections() -> list[Section]:
    """Return all tables of the study file, in the order of the file."""
    return list(_sections(StudySpec, "", set()))


def _sections(model: type[BaseModel], path: str, told: set[type[BaseModel]]) -> Iterator[Section]:
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        if inner is None or inner in told:
            continue
        told.add(inner)
        place = f"{path}.{name}" if path else name
        many = "tuple" in str(field.annotation) and inner is not ValueFunction
        named = get_origin(_without_none(field.annotation)) is dict and inner is not ValueFunction
        place = f"{place}.<namn>" if named else place
        summary = SWEDISH["about"][place.replace(".<namn>", "")]
        yield Section(f"[[{place}]]" if many else f"[{place}]", summary, tuple(_keys(inner, place)))
        yield from _sections(inner, place, told)


def _keys(model: type[BaseModel], place: str) -> Iterator[Key]:
    meanings = SWEDISH.get(place.replace(".<namn>", ""), {})
    for name, field in model.model_fields.items():
        if name not in meanings:
            message = f"study_keys.sv.toml says nothing about {name} of {place}"
            raise LookupError(message)
        yield Key(name, _kind(field.annotation, field), _default(field), meanings[name])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**måste anges**"
    value = field.default
    if value is PydanticUndefined or value is None or value in ((), {}):
        return "–"
    if isinstance(value, BaseModel):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f'`"{value}"`'


def _kind(annotation: Any, field: FieldInfo | None = None) -> str:
    """Return a type in words."""
    annotation = _without_none(annotation)
    if annotation in (Where, Requirements):
        return "tabell: kolumn = villkor"
    if annotation in PLAIN:
        return PLAIN[annotation] + _limits(field)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return MODELS.get(annotation, "tabell")
    return _composed(annotation, field)


def _composed(annotation: Any, field: FieldInfo | None) -> str:
    """Return a type that is made of others in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        within = next((part for part in inner[1:] if isinstance(part, FieldInfo)), field)
        return _kind(inner[0], within)
    if origin is Literal:
        return " eller ".join(f'`"{choice}"`' for choice in inner)
    if origin is tuple:
        return "lista: " + (_kind(inner[0]) if inner[-1] is Ellipsis else ", ".join(map(_kind, inner)))
    if origin is dict:
        return f"tabell: {_kind(inner[0])} = {_kind(inner[1])}"
    message = f"no words for the type {annotation}"
    raise LookupError(message)


def _limits(field: FieldInfo | None) -> str:
    found = [
        f"{sign} {getattr(limit, name):g}"
        for limit in (field.metadata if field else ())
        for name, sign in SIGNS.items()
        if getattr(limit, name, None) is not None
    ]
    return f", {' och '.join(found)}" if found else ""


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, types.UnionType} and type(None) in get_args(annotation):
        (kept,) = (part for part in get_args(annotation) if part is not type(None))
        return kept
    return annotation


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field holds, directly or in a list or table; names and titles are no tables."""
    model = inner_model(annotation)
    return None if model is Words else model
