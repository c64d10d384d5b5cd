"""What an earlier run measured is used again only while nothing has changed that could have changed it."""

import json
import shutil

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from landready import Study, example_study
from landready.pipeline.recalled import fingerprint, recalled
from landready.scoring.explanation import explain
from landready.scoring.scorecard import score

pytestmark = pytest.mark.once


@pytest.fixture
def study(small_study):
    return Study.from_toml(small_study)


@pytest.fixture
def results(study, tmp_path):
    study.run().write(tmp_path / "resultat")
    return tmp_path / "resultat"


def again(study):
    return Study.from_toml(study.folder / "study.toml")


def edit(study, old, new):
    file = study.folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_recalled_is_what_was_measured(tmp_path):
    study = Study.from_toml(example_study())
    ran = study.run()
    ran.write(tmp_path)
    measured, place = recalled(study.spec, study.folder, [tmp_path])
    assert place == tmp_path
    pd.testing.assert_frame_equal(measured.frame, ran.measured.frame, check_exact=True, check_names=False)
    for profile in study.spec.profiles:
        card, site = ran.scorecards[profile.id], ran.sites.frame.index[3]
        there = score(measured, profile)
        pd.testing.assert_frame_equal(there.frame, card.frame, check_exact=True)
        for language in ("sv", "en"):
            assert explain(there, site, language=language) == explain(card, site, language=language)


def test_other_weights_need_nothing_measured_again(study, results):
    edit(study, "weights = {", "min_coverage = 0.1\nweights = {")
    changed = again(study)
    assert recalled(changed.spec, changed.folder, [results]) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min_site_ha = ", "min_width_m = 31\nmin_site_ha = "),
        ("date = 2", "date = 3"),
        ("points = [[", "points = [[-5, 0.5], ["),
    ],
)
def test_a_study_that_asks_for_something_else_is_another(study, results, old, new):
    if new.startswith("min_width_m") and "min_width_m" in (study.folder / "study.toml").read_text(encoding="utf-8"):
        old, new = "min_width_m = ", "min_width_m = 1"
    edit(study, old, new)
    changed = again(study)
    assert recalled(changed.spec, changed.folder, [results]) is None


def test_a_file_that_changed_is_another(study, results):
    frame = gpd.read_file(study.folder / "lager.gpkg", layer="skred")
    pyogrio.write_dataframe(frame.iloc[:0], study.folder / "lager.gpkg", layer="skred")
    assert recalled(study.spec, study.folder, [results]) is None


def test_attributes_of_a_shapefile_are_in_a_file_beside_it(study):
    before = fingerprint(study.spec, study.folder)
    path = next(entry.path for entry in study.spec.layers.values())
    beside = (study.folder / path).with_suffix(".dbf")
    beside.write_bytes(b"x")
    assert fingerprint(study.spec, study.folder) != before
    beside.unlink()
    assert fingerprint(study.spec, study.folder) == before


def test_the_fingerprint_does_not_know_where_the_study_lies(study, tmp_path):
    moved = shutil.copytree(study.folder, tmp_path / "annan plats")
    assert fingerprint(study.spec, moved) == fingerprint(study.spec, study.folder)


def test_results_that_were_touched_are_not_used(study, results):
    package = next(results.glob("*.gpkg"))
    package.write_bytes(package.read_bytes() + b"x")
    assert recalled(study.spec, study.folder, [results]) is None
    package.unlink()
    assert recalled(study.spec, study.folder, [results]) is None


def test_results_for_others_tell_no_fingerprint_and_are_not_used(study, tmp_path):
    study.run().write(tmp_path, audience="extern")
    assert "fingerprint" not in json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert recalled(study.spec, study.folder, [tmp_path]) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"fingerprint": "x", "study": {"id": "y"}}', "å\udcff"])
def test_what_is_no_manifest(study, tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content.encode("utf-8", errors="surrogateescape"))
    assert recalled(study.spec, study.folder, [tmp_path, tmp_path / "ingen"]) is None
