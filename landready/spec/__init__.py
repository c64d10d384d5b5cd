"""The study file: what it may say, checked before anything is read.

`StudySpec` is the whole of a `study.toml`; `Criterion`, `Profile` and `ValueFunction` are also what an
analyst builds by hand. Either way every problem is collected and told once, in words.
"""

from landready.likeness import nearest_name
from landready.spec.area import AreaSpec, Corridor
from landready.spec.base import Where
from landready.spec.constraint import Certainty, ConstraintRule, Kind
from landready.spec.criterion import UNITS, Criterion, ValueFunction
from landready.spec.layer import LayerSpec, OwnerTable
from landready.spec.profile import Profile, Requirements
from landready.spec.sites import Barrier, SitesSpec
from landready.spec.study import Head, MapSpec, RulesSpec, StudySpec
from landready.spec.words import Words

__all__ = [
    "UNITS",
    "AreaSpec",
    "Barrier",
    "Certainty",
    "ConstraintRule",
    "Corridor",
    "Criterion",
    "Head",
    "Kind",
    "LayerSpec",
    "MapSpec",
    "OwnerTable",
    "Profile",
    "Requirements",
    "RulesSpec",
    "SitesSpec",
    "StudySpec",
    "ValueFunction",
    "Where",
    "Words",
    "nearest_name",
]
