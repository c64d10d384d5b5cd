"""The complete real case: parcels, zoning, roads, rail and constraints of a whole city."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

import landready

pytestmark = pytest.mark.realdata

STUDY = Path(__file__).resolve().parents[1] / "studies" / "cambridge.toml"


@pytest.fixture(scope="module")
def assessment(real_data):
    assert real_data.is_dir()
    return landready.Study.from_toml(STUDY).run()


def test_a_foreign_city_is_mapped_in_thirty_lines():
    """What says what files mean: roles, columns, ids and which rows; not where the files are, nor the rules."""
    layers = STUDY.read_text(encoding="utf-8").split("[rules]")[0]
    keys = [line.split("=")[0].strip() for line in layers.splitlines() if "=" in line and not line.startswith("#")]
    mapping = {"role", "columns", "keep", "id", "where", "duplicates", "source_crs"}
    elsewhere = {"path", "layer", "known_extent", "source", "date"}
    first = keys.index("path")
    assert set(keys[first:]) <= mapping | elsewhere
    assert len([key for key in keys[first:] if key in mapping]) <= 30


def test_classes_sum_to_the_parcels(assessment):
    frame = assessment.land.frame
    classes = frame[["free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"]].sum(axis=1)
    known = frame["area_ha"].notna()
    assert known.sum() > 13_000
    assert np.abs(classes - frame["area_ha"])[known].max() <= 1e-6
    assert (frame.loc[known, "free_ha"] >= 0).all()


def test_sites_are_what_a_person_would_draw(assessment):
    frame, spec = assessment.sites.frame, assessment.spec.sites
    assert 50 < len(frame) < 500
    assert frame["area_ha"].between(spec.min_site_ha, spec.max_site_ha).all()
    form = landready.form(frame)
    assert (form["inscribed_diameter_m"] >= spec.min_width_m * 0.99).all()
    assert form["compactness_share"].median() > 0.4
    assert frame.geometry.is_valid.all()
    assert shapely.union_all(frame.geometry.values).area == pytest.approx(frame.area.sum(), rel=1e-6)


def test_sites_and_ledger_are_the_land(assessment):
    remaining = assessment.land.frame[["free_ha", "conditional_ha"]].sum().sum()
    ledger = assessment.sites.ledger.frame
    dropped = ledger.loc[ledger["step"] == "assemble", "area_ha"].sum()
    # Slivers under a square metre are told by the land classes, not by the sites.
    classes = assessment.land.ledger.frame
    slivers = classes.loc[classes["reason"] == "sliver", "area_ha"].sum()
    assert assessment.sites.frame["area_ha"].sum() + dropped + slivers == pytest.approx(remaining, rel=1e-4)


def test_profiles_judge_differently(assessment):
    industry, office = (assessment.scorecards[name].frame for name in ("small_industry", "office"))
    both = industry["ranked"] & office["ranked"]
    assert both.sum() > 30
    assert industry.loc[both, "total"].corr(office.loc[both, "total"], method="spearman") < 0.9


def test_two_runs_write_the_same_bytes(assessment, tmp_path):
    first = assessment.write(tmp_path / "one", audience="extern")
    second = landready.Study.from_toml(STUDY).run().write(tmp_path / "two", audience="extern")
    for one, two in zip(first[:-1], second[:-1], strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    manifests = [json.loads(paths[-1].read_text(encoding="utf-8")) for paths in (first, second)]
    assert manifests[0]["outputs"] == manifests[1]["outputs"]
