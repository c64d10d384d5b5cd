"""What the map of a study shows beneath the sites, if it is asked to."""

from dataclasses import replace

import pytest

import landready
from landready.spec import MapSpec
from landready.webmap.codec import payload_of


@pytest.fixture(scope="module")
def example():
    return landready.Study.from_toml(landready.example_study()).run(profiles=["logistik"])


def relief(assessment, **options):
    return payload_of(assessment.to_map(**options).get_root().render())["relief"]


def test_hillshade_is_shown_if_it_is_asked_for_and_called_modelled(example):
    assert relief(example) is None
    shown = relief(example, hillshade=True)
    assert shown["modelled"] is True
    assert shown["label"] == "Terrängskuggning"


def test_hillshade_is_shown_if_the_study_says_so(example):
    spec = example.spec.model_copy(update={"map": MapSpec(hillshade=True)})
    asked = replace(example, spec=spec)
    assert relief(asked) is not None
    assert relief(asked, hillshade=False) is None
