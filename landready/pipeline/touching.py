"""Which constraints touch the land of each site, and how much of it: what has to be tried there, and by which law."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.geometry.patches import inside
from landready.geometry.threads import each
from landready.land.constraints import Constraint
from landready.land.ground import Ground, ground_of
from landready.model import Layer
from landready.pipeline.inputs import Inputs
from landready.pipeline.restrictions import constraints_of, layers_of, rules_of
from landready.spec import StudySpec
from landready.texts import Language

COLUMNS = ("site_id", "constraint", "kind", "label", "legal_basis", "ha", "share")

_M2_PER_HA = 1e4
# What touches less of a site is where lines drawn twice differ.
_LEAST_M2 = 100.0
# A site holds no land that is excluded whole: hard constraints touch it only where they take a share of the ground, or
# where a decision takes the land in, and then the decision is what is told.
_ORDER = {"include": 0, "hard": 1, "strong": 2, "info": 3}


def restrictions_of_sites(
    spec: StudySpec, inputs: Inputs, sites: gpd.GeoDataFrame, *, language: Language
) -> pd.DataFrame:
    """
    Lay the constraints that a site can hold land of over the sites themselves.

    Parameters
    ----------
    spec, inputs
        The study and its layers, with the plots that were told from parcels and buildings.
    sites
        Polygons in the study's CRS; the index is the site's id.
    language
        Of the labels.

    Returns
    -------
    pandas.DataFrame
        One row per site and constraint that touches at least 0.01 ha of it: `site_id`, `constraint`, `kind`, `label`,
        `legal_basis`, `ha`, `share` (of the site, 0–1). In the order of the sites; what a decision takes in comes
        first, what is worth knowing last, the largest before others of its kind. Where a layer was not mapped nothing
        is told: `Land.shares` says so.
    """
    ground, asked = ground_of(sites), _asked(spec, language)
    constraints, _ = constraints_of(asked, _near(asked, inputs, ground))
    touched = each(lambda constraint: _touched_m2(constraint, ground), constraints)
    rows = [
        (site, constraint.name, constraint.kind, constraint.label, constraint.legal_basis, m2 / _M2_PER_HA, m2 / whole)
        for constraint, hits in zip(constraints, touched, strict=True)
        for site, m2, whole in zip(sites.index, hits.tolist(), ground.area.tolist(), strict=True)
        if m2 >= _LEAST_M2
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    place = pd.Series(range(len(sites)), index=sites.index)
    order = np.lexsort((table["constraint"], -table["ha"], table["kind"].map(_ORDER), table["site_id"].map(place)))
    return table.iloc[order].reset_index(drop=True)


def _asked(spec: StudySpec, language: Language) -> StudySpec:
    """Return the study with no rules but those that are told, in the language asked for."""
    told = tuple(rule for rule in rules_of(spec) if rule.enabled and (rule.kind != "hard" or rule.weight < 1))
    study = spec.study.model_copy(update={"language": language})
    rules = spec.rules.model_copy(update={"constraints": "none"})
    return spec.model_copy(update={"study": study, "constraints": told, "rules": rules})


def _touched_m2(constraint: Constraint, ground: Ground) -> NDArray[np.float64]:
    covers = inside(ground.pieces, constraint.shapes(ground.bounds))
    return ground.per_parcel(covers.place, covers.m2)


def _near(spec: StudySpec, inputs: Inputs, ground: Ground) -> Inputs:
    """Leave out what no constraint can reach a site from: most of a municipality's buildings."""
    reach: dict[str, float] = {}
    for rule in rules_of(spec):
        for layer in layers_of(rule, inputs):
            reach[layer.name] = max(reach.get(layer.name, 0.0), rule.buffer_m)
    near = {
        name: _within(layer, ground, reach[layer.name]) if layer.name in reach else layer
        for name, layer in inputs.layers.items()
    }
    return replace(inputs, layers=near)


def _within(layer: Layer, ground: Ground, distance: float) -> Layer:
    west, south, east, north = shapely.bounds(ground.pieces).reshape(-1, 4).T
    boxes = shapely.box(west - distance, south - distance, east + distance, north + distance)
    shapes = np.asarray(layer.frame.geometry.values, dtype=object)
    hit = np.unique(shapely.STRtree(boxes).query(shapes)[0])  # by boxes: quicker than to measure, and leaves out most
    return layer.rows(np.isin(np.arange(len(shapes)), hit))
