"""What of an assessment its map and its pictures hold, for an audience."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from landready.model import Audience, Layer, Raster
from landready.pipeline.audience import withheld_from
from landready.pipeline.inputs import Inputs
from landready.pipeline.map_layers import map_layers
from landready.pipeline.planned import plans_of_sites
from landready.pipeline.touching import restrictions_of_sites
from landready.rules import roles
from landready.spec import StudySpec
from landready.texts import Language
from landready.webmap.compare import Result, comparison
from landready.webmap.payload import build_payload
from landready.webmap.tiles import background

if TYPE_CHECKING:
    from landready.pipeline.assessment import Assessment


def map_payload(
    found: "Assessment",
    *,
    audience: Audience,
    language: Language,
    firmness: Mapping[str, pd.DataFrame],
    shaded: bool = False,
    online_tiles: str | None = None,
    compare: "Assessment | None" = None,
) -> dict[str, Any]:
    """
    Return the payload of an assessment's map.

    Parameters
    ----------
    found
        The assessment.
    audience, language
        For whom, and of all words.
    firmness
        Profile id → how firmly each ranked site stands.
    shaded
        Whether heights are shown as shadow and light, where there are any.
    online_tiles
        The background map that the page fetches; None for none.
    compare
        Another result that the map shows too.
    """
    withheld = withheld_from(audience, found.spec)
    open_layers = {name: layer for name, layer in found.inputs.layers.items() if name not in withheld.layers}
    inputs = replace(found.inputs, layers=open_layers)
    plans = inputs.with_role("plans")
    payload = build_payload(
        title=found.spec.study.title.in_language(language),
        date=found.spec.study.date.isoformat(),
        language=language,
        audience=audience,
        withheld=withheld.criteria,
        sites=found.sites.frame,
        members=found.sites.members,
        scorecards=found.scorecards,
        firmness=firmness,
        context=context_of(found.spec, found.inputs, withheld.layers),
        land=found.land,
        layers=map_layers(
            found.spec, found.inputs, found.land, found.sites.members, withheld=withheld, language=language
        ),
        heights=_heights(found.spec, found.inputs) if shaded else None,
        tiles=None if online_tiles is None else background(online_tiles, language=language),
        restrictions=restrictions_of_sites(found.spec, inputs, found.sites.frame, language=language),
        plans=plans_of_sites(plans, found.sites.frame) if plans else None,
        findings=withheld.told(found.findings),
        sources=sources_of(found.inputs, withheld.layers),
        modelled=found.modelled,
        watermark=found.watermark(language),
        land_totals=found.land_totals(),
    )
    if compare is None:
        return payload
    here, there = (_result(one, audience, language) for one in (found, compare))
    block = comparison(here, there, ids=payload["sites"]["ids"], language=language)
    mark = found.watermark(language) or compare.watermark(language)
    return {**payload, "compare": block, "modelled": mark is not None, "watermark": mark or payload["watermark"]}


def _result(one: "Assessment", audience: Audience, language: Language) -> Result:
    return Result(
        title=one.spec.study.title.in_language(language),
        date=one.spec.study.date.isoformat(),
        sites=one.sites.frame,
        scorecards=one.scorecards,
        withheld=withheld_from(audience, one.spec).criteria,
    )


def context_of(spec: StudySpec, inputs: Inputs, withheld: Collection[str]) -> dict[str, Layer]:
    """Return the layers that are drawn beneath the sites, but for those withheld."""
    named = spec.map.context
    return {
        name: layer
        for name, layer in inputs.layers.items()
        if name not in withheld
        and (name in named if named is not None else layer.role is not None and roles()[layer.role].context)
    }


def sources_of(inputs: Inputs, withheld: Collection[str]) -> list[Layer | Raster]:
    """Return what a result stands on, but for layers withheld."""
    layers = (layer for name, layer in inputs.layers.items() if name not in withheld)
    return [*layers, *inputs.rasters.values()]


def _heights(spec: StudySpec, inputs: Inputs) -> Raster | None:
    """Return the first raster of heights, if the study has one."""
    return next((raster for name, raster in inputs.rasters.items() if spec.layers[name].role == "heights"), None)
