"""What touches each site is measured on the site itself, and tells what land tells."""

import shutil

import geopandas as gpd
import pytest
import shapely

import landready
from landready.land.algebra import effect_of
from landready.land.ground import ground_of
from landready.pipeline.audience import Withheld
from landready.pipeline.restrictions import constraints_of
from landready.pipeline.touching import COLUMNS, restrictions_of_sites
from landready.spec import Words
from landready.webmap.codec import payload_of


@pytest.fixture(scope="module")
def assessment(small_folder, tmp_path_factory):
    folder = shutil.copytree(small_folder, tmp_path_factory.mktemp("berör") / "studie")
    return landready.Study.from_toml(folder / "study.toml").run()


def test_hectares_are_those_of_the_constraint_within_the_site(assessment):
    sites = assessment.sites.frame
    constraints, _ = constraints_of(assessment.spec, assessment.inputs)
    ground = ground_of(sites)
    told = assessment.restrictions()
    assert len(told)
    seen = told.set_index(["site_id", "constraint"])["ha"]
    for constraint in constraints:
        covers = effect_of(constraint, ground).covers
        hectares = ground.per_parcel(covers.place, shapely.area(covers.shape)) / 1e4
        for site, ha in zip(sites.index, hectares, strict=True):
            wanted = ha if ha >= 0.01 and constraint.kind != "hard" else 0.0
            assert seen.get((site, constraint.name), 0.0) == pytest.approx(wanted, abs=1e-9)


def test_shares_are_of_the_site_and_trial_comes_first(assessment):
    told = assessment.restrictions()
    area = assessment.sites.frame["area_ha"].reindex(told["site_id"]).to_numpy()
    assert (told["ha"] / told["share"]).to_numpy() == pytest.approx(area, rel=0.01)
    for _, rows in told.groupby("site_id"):
        kinds = rows["kind"].tolist()
        assert kinds == sorted(kinds, key=["strong", "info"].index)


def test_labels_follow_the_language(assessment):
    (rule,) = (rule for rule in assessment.spec.constraints if rule.id == "skred")
    named = rule.model_copy(update={"name": Words(sv="Skredrisk", en="Landslide risk")})
    spec = assessment.spec.model_copy(update={"constraints": (named,)})
    for language, label in (("sv", "Skredrisk"), ("en", "Landslide risk")):
        told = restrictions_of_sites(spec, assessment.inputs, assessment.sites.frame, language=language)
        assert told.set_index("constraint").loc[["skred"], "label"].unique().tolist() == [label]


def test_land_that_a_decision_takes_in_is_told_first(assessment):
    (rule,) = (rule for rule in assessment.spec.constraints if rule.id == "skred")
    taken = rule.model_copy(
        update={"id": "beslut", "kind": "include", "reason": "Prov", "case_number": "KS 1", "where": {}}
    )
    spec = assessment.spec.model_copy(update={"constraints": (rule, taken)})
    told = restrictions_of_sites(spec, assessment.inputs, assessment.sites.frame, language="sv")
    assert told["kind"].tolist()[:2] == ["include", rule.kind]


def test_hard_constraints_are_told_where_they_take_a_share(assessment):
    (rule,) = (rule for rule in assessment.spec.constraints if rule.id == "skred")
    half = rule.model_copy(update={"kind": "hard", "weight": 0.5})
    for rules, kinds in (((half,), ["hard"]), ((rule.model_copy(update={"kind": "hard"}),), [])):
        spec = assessment.spec.model_copy(update={"constraints": rules})
        told = restrictions_of_sites(spec, assessment.inputs, assessment.sites.frame, language="sv")
        assert told.loc[told["constraint"] == "skred", "kind"].unique().tolist() == kinds


def test_no_sites_are_touched_by_nothing(assessment):
    none = gpd.GeoDataFrame(geometry=[], crs=assessment.sites.frame.crs)
    found = restrictions_of_sites(assessment.spec, assessment.inputs, none, language="sv")
    assert found.empty
    assert tuple(found.columns) == COLUMNS


def test_what_is_withheld_is_not_told_of(assessment, monkeypatch):
    def told():
        return [rows for rows in payload_of(assessment.to_map().get_root().render())["sites"]["restrictions"] if rows]

    assert told()
    names = frozenset(assessment.inputs.layers)
    monkeypatch.setattr("landready.pipeline.mapped.withheld_from", lambda *_: Withheld(frozenset(), names, names))
    assert told() == []
