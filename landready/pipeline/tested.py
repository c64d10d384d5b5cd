"""All rules of a study in one table: those that were tested, and those that were not."""

from collections.abc import Iterable

import pandas as pd

from landready.model import Layer
from landready.pipeline.inputs import Inputs
from landready.pipeline.restrictions import layers_of, row_name, rules_of
from landready.spec import ConstraintRule, StudySpec
from landready.texts import Language


def constraint_table(spec: StudySpec, inputs: Inputs, tested: pd.DataFrame) -> pd.DataFrame:
    """
    Return every rule that applies, tested or not.

    Parameters
    ----------
    spec, inputs
        The study and its layers.
    tested
        `Land.constraints`: a row for each constraint that was tested.

    Returns
    -------
    pandas.DataFrame
        The rows of `tested` with `state` = `"tested"`, then the others with `"not_tested"` (want of a layer or a
        column) or `"disabled"` and `nan` hectares: nobody knows what they would have touched.
    """
    rows: dict[str, dict[str, object]] = {}
    for rule in rules_of(spec):
        layers = layers_of(rule, inputs)
        on: list[Layer] | list[None] = layers or [None]
        for layer in on:
            name = row_name(rule, layers, layer)
            if name not in tested.index:
                rows[name] = _untested_row(rule, layer, spec.study.language, columns=tested.columns)
    open_ = pd.DataFrame.from_dict(rows, orient="index", columns=[*tested.columns, "state"])
    open_ = open_.astype({name: kind for name, kind in tested.dtypes.items() if kind.kind in "fb"})
    both = [frame for frame in (tested.assign(state="tested"), open_) if len(frame)]
    return (pd.concat(both) if both else tested.assign(state="")).rename_axis("constraint")


def _untested_row(
    rule: ConstraintRule, layer: Layer | None, language: Language, *, columns: Iterable[str]
) -> dict[str, object]:
    told = {
        **{name: getattr(rule, name) for name in columns if name in ConstraintRule.model_fields},
        "label": rule.label(language),
        "statutory": bool(rule.legal_basis) if rule.statutory is None else rule.statutory,
        "source": layer.source if layer else None,
        "date": layer.date if layer else None,
        "modelled": bool(layer and layer.modelled),
        "state": "not_tested" if rule.enabled else "disabled",
    }
    hectares = {name: float("nan") for name in columns if name.endswith("_ha")}
    return told | hectares
