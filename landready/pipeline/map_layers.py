"""The layers of a study that the map shows when asked: parcels with why they are out, plans, constraints."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.crs import Bounds
from landready.errors import ColumnError
from landready.model import Land, Layer
from landready.pipeline.area import chosen
from landready.pipeline.audience import Withheld
from landready.pipeline.inputs import Inputs
from landready.pipeline.restrictions import layers_of, row_name, rules_of
from landready.spec import ConstraintRule, StudySpec
from landready.texts import Language, catalogue, text
from landready.webmap.polygons import plain_values, polygon_layer
from landready.webmap.shapes import clipped
from landready.webmap.why import parcel_layer

PLAN_COLUMNS = ("plan_id", "status", "status_date", "adopted_date", "in_force_date", "implementation_end_date")
"""What a click on a plan tells, of what its layer has."""
SIMPLIFY_M = 2.0
MOST_FEATURES = 2000
"""A rule that applies to more is not drawn: a municipality's buildings hide what else there is."""

# Weakest first: what excludes land is drawn over what makes it conditional.
_KINDS = ("strong", "hard")
# Drawn as layers of their own, or as ground.
_DRAWN = frozenset({"parcels", "plans", "water", "buildings", "home_plots", "built_plots"})
_BUFFER_SEGMENTS = 4


def map_layers(
    spec: StudySpec, inputs: Inputs, land: Land, members: pd.DataFrame, *, withheld: Withheld, language: Language
) -> list[dict[str, Any]]:
    """
    Describe the layers for the map, the lowest first; none is shown until it is asked for.

    Parameters
    ----------
    spec, inputs, land
        The study, its layers, and its classified land.
    members
        The parcels of each site: `site_id`, `parcel_id`, `ha`.
    withheld
        What the audience must not see: layers, and with any of them the rules on private columns.
    language
        Of all words.
    """
    told = [
        (row_name(rule, layers, layer), rule, layer)
        for rule in rules_of(spec)
        if rule.enabled
        for layers in [layers_of(rule, inputs)]
        for layer in layers
        if _may_be_told(rule, layer, withheld)
    ]
    labels = {name: rule.label(language) for name, rule, _ in told}
    modelled = any(layer.modelled for layer in inputs.with_role("parcels"))
    reach: Bounds = tuple(land.frame.total_bounds.tolist())
    found = [parcel_layer(land, members, labels, language=language, modelled=modelled)]
    found += [
        _plans(layer, reach, language) for layer in inputs.with_role("plans") if layer.name not in withheld.layers
    ]
    drawn = [(rule, shown) for _, rule, layer in told if (shown := _drawn(rule, layer)) is not None]
    return [*found, *_constraints(drawn, reach, language)]


def _may_be_told(rule: ConstraintRule, layer: Layer, withheld: Withheld) -> bool:
    if layer.name in withheld.layers:
        return False
    return withheld.columns.isdisjoint(rule.where)


def _plans(layer: Layer, reach: Bounds, language: Language) -> dict[str, Any]:
    frame = _polygons(layer.frame, reach)
    columns = [name for name in PLAN_COLUMNS if name in frame.columns]
    names = frame["name"] if "name" in frame.columns else pd.Series(frame.index, index=frame.index)
    return polygon_layer(
        f"plans {layer.name}",
        text("map.plans_layer", language),
        frame,
        look="plans",
        names=[
            str(name) if known else str(key) for name, known, key in zip(names, names.notna(), frame.index, strict=True)
        ],
        columns=[
            {"label": text(f"map.{name}", language), "unit": None, "values": _in_words(frame[name], language)}
            for name in columns
        ],
        simplify_m=SIMPLIFY_M,
        modelled=layer.modelled,
    )


def _in_words(values: pd.Series, language: Language) -> Any:
    """Return a column of a plan with its statuses in words."""
    known = catalogue(language)
    plain = plain_values(values.astype(object))
    return [known.get(f"plan_status.{value}", value) for value in plain]


def _drawn(rule: ConstraintRule, layer: Layer) -> Layer | None:
    """Return the rows of a layer that are the ground of a rule; None where they are not drawn."""
    if rule.kind not in _KINDS or layer.role in _DRAWN:
        return None
    try:
        shown = chosen(layer, rule.where) if rule.where else layer
    except ColumnError:
        return None  # the rule could not be tested, which the findings tell
    return shown if len(shown.frame) <= MOST_FEATURES else None


def _constraints(
    drawn: Sequence[tuple[ConstraintRule, Layer]], reach: Bounds, language: Language
) -> list[dict[str, Any]]:
    """Describe the ground of the rules as one layer, of which each shape has the rule's name."""
    drawn = sorted(drawn, key=lambda entry: _KINDS.index(entry[0].kind))
    shapes = [_ground(rule, layer) for rule, layer in drawn]
    if not sum(map(len, shapes)):
        return []
    of_rule = np.repeat(np.arange(len(drawn)), [len(part) for part in shapes])
    given = [name for _, layer in drawn for name in _given_names(layer)]
    frame = gpd.GeoDataFrame(
        {"rule": of_rule, "name": given}, geometry=np.concatenate(shapes), crs=drawn[0][1].frame.crs
    )
    frame = _polygons(frame, reach)
    rules = [drawn[place][0] for place in frame["rule"]]
    columns = {
        "map.name": plain_values(frame["name"].astype(object)),
        "map.kind_of_rule": [text(f"word.{rule.kind}", language) for rule in rules],
        "map.law": [rule.legal_basis for rule in rules],
    }
    return [
        polygon_layer(
            "constraints",
            text("map.constraints_layer", language),
            frame,
            look="restriction_strong",
            looks=[f"restriction_{kind}" for kind in _KINDS],
            look_of=[f"restriction_{rule.kind}" for rule in rules],
            names=[rule.label(language) for rule in rules],
            columns=[
                {"label": text(label, language), "unit": None, "values": values} for label, values in columns.items()
            ],
            simplify_m=SIMPLIFY_M,
            modelled=any(layer.modelled for _, layer in drawn),
        )
    ]


def _ground(rule: ConstraintRule, layer: Layer) -> Any:
    shapes = layer.frame.geometry.to_numpy()
    return shapely.buffer(shapes, rule.buffer_m, quad_segs=_BUFFER_SEGMENTS) if rule.buffer_m > 0 else shapes


def _given_names(layer: Layer) -> list[str | None]:
    if "name" not in layer.frame.columns:
        return [None] * len(layer.frame)
    return [value if isinstance(value, str) else None for value in layer.frame["name"]]


def _polygons(frame: gpd.GeoDataFrame, reach: Bounds) -> gpd.GeoDataFrame:
    """Return what covers ground within a rectangle."""
    frame = frame[frame.geometry.notna()]
    frame = frame.set_geometry(clipped(frame.geometry.to_numpy(), reach), crs=frame.crs)
    areas = shapely.get_dimensions(frame.geometry.to_numpy()) == 2
    plain = shapely.get_type_id(frame.geometry.to_numpy()) != shapely.GeometryType.GEOMETRYCOLLECTION
    return frame[areas & plain & ~frame.geometry.is_empty.to_numpy()]
