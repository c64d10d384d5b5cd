"""The study files that ship with the project, and the one for the real case, parse and hold together."""

from pathlib import Path

import pytest

from landready import study_file
from landready.criteria import MEASURES
from landready.rules import constraint_rules, roles

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = [REPOSITORY / "data" / "lerum" / "study.toml", REPOSITORY / "tests" / "studies" / "cambridge.toml"]


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def study(request):
    return study_file.load(request.param)


def test_roles_measures_and_params_exist(study):
    assert {entry.role for entry in study.layers.values()} <= {*roles(), None}
    for criterion in study.criteria:
        measure = MEASURES[criterion.measure]
        assert set(measure.required) <= set(criterion.params) <= set(measure.params)
        assert (criterion.layer is None) == (measure.kind == "site")


def test_criteria_and_constraints_are_named_in_both_languages(study):
    ours = {rule.id for rule in constraint_rules()}  # what changes one of them keeps its name
    own = [rule for rule in study.constraints if rule.id not in ours or rule.name]
    for named in (*study.criteria, *study.profiles, *own):
        assert named.name.sv
        assert named.name.en
        assert named.name.sv != named.name.en


def test_every_criterion_is_weighed_or_required_somewhere(study):
    used = {name for profile in study.profiles for name in {**profile.weights, **profile.requirements}}
    assert {criterion.id for criterion in study.criteria} == used


def test_value_overrides_matter(study):
    """A profile's own value function for a criterion it does not weigh would be forgotten text."""
    for profile in study.profiles:
        assert set(profile.values) <= set(profile.weights)


def test_one_criterion_stays_unknown(study):
    missing = {criterion.layer for criterion in study.criteria} - set(study.layers) - {None}
    assert missing == {"power_capacity"}


@pytest.mark.realdata
def test_cambridge_files_are_there(real_data):
    import pyogrio

    study = study_file.load(FILES[1])
    for entry in study.layers.values():
        path = real_data / "us-cambridge-ma" / Path(entry.path).name
        assert path.is_file()
        names = [name for name, _ in pyogrio.list_layers(path)]
        assert entry.layer is None or entry.layer in names
        info = pyogrio.read_info(path, layer=entry.layer or names[0])
        assert {*entry.columns.values(), *entry.keep} <= set(info["fields"])
