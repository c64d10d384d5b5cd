"""A rule that takes land out, asks for trial, or takes land in again."""

from typing import Annotated, Literal

from pydantic import Field

from landready.spec.base import Model, Where
from landready.spec.words import Name
from landready.texts import Language

Kind = Literal["hard", "strong", "info", "include"]
Certainty = Literal["verified", "secondary", "memory", "assumption"]


class ConstraintRule(Model):
    """
    A row of the rule set, or of `[[constraints]]` in a study, which overrides the row of the same `id`.

    Parameters
    ----------
    id
        Key. That of a row in the rule set changes the keys given here and keeps its others.
    name
        What people read; the id where there is none.
    role
        Applies to every layer with this role; or give `layer`.
    layer
        Applies to this one layer of the study.
    where
        Conditions on the layer's columns; all must be met.
    kind
        `"hard"` excludes land, `"strong"` asks for permit or review, `"info"` is told and changes nothing,
        `"include"` turns excluded land that no statute protects into land that needs permit or review. In a study file,
        a row that changes none of the rule set has to say it.
    buffer_m
        Distance added around the features, metres; negative shrinks polygons.
    weight
        Share of the covered area that counts; below 1 for hard and strong only.
    legal_basis
        The law or decision it rests on, in words.
    statutory
        Whether no inclusion may lift it; by default, whether it has a legal basis.
    reason
        Why, in words; an inclusion must have it.
    case_number
        Where an inclusion was decided; an inclusion must have it.
    source
        Where the number comes from.
    certainty
        How sure the number is.
    enabled
        False leaves the row out; the study's findings say so.
    """

    id: str
    name: Name | None = None
    role: str | None = None
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    kind: Kind = "hard"
    buffer_m: float = 0.0
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    legal_basis: str | None = None
    statutory: bool | None = None
    reason: str | None = None
    case_number: str | None = None
    source: str = "assumption"
    certainty: Certainty = "assumption"
    enabled: bool = True

    def label(self, language: Language = "sv") -> str:
        """Return the name people read, or the id where there is none."""
        return self.name.in_language(language) if self.name else self.id
