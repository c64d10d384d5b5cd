"""A study whose plans are files as delivered: what they forbid is excluded, what nobody knows is unmapped."""

import importlib.util
from pathlib import Path

import pytest

import landready
from landready.errors import StudyError

HEIGHT = "DP_KM_Eg_Hojd_HogstaHojd_Nockhojd"
PLANS = """
[layers.detaljplaner]
path = "planer"
role = "plans"
known_extent = "area"

[layers.bestammelser]
path = "planer"
role = "plan_provisions"
known_extent = "area"
"""

RULES = """
[[constraints]]
id = "plan_annat"
role = "plans"
where = { status = "laga_kraft", permits_business = false }
kind = "hard"

[[constraints]]
id = "plan_utgangen"
role = "plans"
where = { status = "genomforandetid_utgangen", permits_business = false }
kind = "strong"

[[constraints]]
id = "bostader"
role = "plan_provisions"
where = { kind = "use", permits_business = false }
kind = "strong"
"""


@pytest.fixture(scope="session")
def producer():
    """Return the module that writes plan files as their producers do."""
    path = Path(__file__).parents[1] / "layers" / "plan_files.py"
    spec = importlib.util.spec_from_file_location("plan_files", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def with_plans(small_study, producer):
    """Return the small study with four plans of 4 ha, each over a parcel of its own."""
    p = producer
    text = small_study.read_text(encoding="utf-8").replace("[rules]", PLANS + "\n[rules]")
    small_study.write_text(text.replace("[sites]", RULES + "\n[sites]"), encoding="utf-8")
    folder = small_study.parent / "planer"
    folder.mkdir()
    uses = {"bostäder": "DP_KM_B2", "äldre": "DP_KM_B2", "industri": "DP_KM_J2", "okänd": "DP_KM_R2"}
    for number, (name, code) in enumerate(uses.items()):
        place = p.part(p.square(200 * (number % 2), 200 * (1 + number // 2), 200, 200))
        decision = {"datumLagakraft": ["1999-06-01"], "datumAntagande": "1999-03-01"} if name == "äldre" else {}
        height = p.provision("h", HEIGHT, place, of=name, values=[p.number("12")])
        use = p.provision("u", code, place, of=name)
        p.write(folder / f"{name}.json", p.plan(name, place, decision=decision), use, height)
    return small_study


def test_plans_as_delivered_decide_the_land(with_plans):
    result = landready.Study.from_toml(with_plans).run()
    land = result.land.frame.set_index(result.land.frame.index.str.split(":").str[1].astype(int))
    # Parcels are numbered row by row, six a row; the plans lie over two in the second row and two in the third.
    housing, older, industry, unknown = (land.loc[number] for number in (7, 8, 13, 14))
    assert housing["excluded_ha"] == pytest.approx(4)
    assert older["conditional_ha"] == pytest.approx(4)
    assert industry["free_ha"] == pytest.approx(4)
    assert unknown["unmapped_ha"] == pytest.approx(4)
    told = {finding.key for finding in result.inputs.findings}
    assert {"plan_expired", "plan_business_unknown"} <= told
    assert "plan_expiry_not_judged" not in told  # the study has a day


def test_a_study_refuses_a_plan_file_that_cannot_be_read(with_plans):
    (with_plans.parent / "planer.json").write_text(
        '{"feature:mediatyp": "application/vnd.lm.detaljplan.v4+json"', encoding="utf-8"
    )
    text = with_plans.read_text(encoding="utf-8").replace('path = "planer"', 'path = "planer.json"')
    with_plans.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"planer\.json"):
        landready.Study.from_toml(with_plans).run()


def test_the_manifest_holds_one_hash_for_all_plan_files(with_plans, tmp_path):
    study = landready.Study.from_toml(with_plans)
    first = study.run().manifest()["inputs"]["detaljplaner"]
    assert len(first["sha256"]) == 64
    assert first["features"] == 4
    file = with_plans.parent / "planer" / "industri.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Verksamheter", "Något annat"), encoding="utf-8")
    assert study.run().manifest()["inputs"]["detaljplaner"]["sha256"] != first["sha256"]


def test_provisions_may_decide_in_the_place_of_plans(with_plans, producer):
    p = producer
    half = [p.part(p.square(x, 200, 100, 200)) for x in (0, 100)]
    uses = p.provision("b", "DP_KM_B2", half[0], of="bostäder"), p.provision("j", "DP_KM_J2", half[1], of="bostäder")
    place = p.part(p.square(0, 200, 200, 200))
    p.write(with_plans.parent / "planer" / "bostäder.json", p.plan("bostäder", place), *uses)
    old = 'id = "plan_annat"\nrole = "plans"\nwhere = { status = "laga_kraft", permits_business = false }'
    new = (
        'id = "bestammelse_annat"\nrole = "plan_provisions"\n'
        'where = { kind = "use", plan_status = "laga_kraft", permits_business = false }'
    )
    text = with_plans.read_text(encoding="utf-8")
    assert old in text
    with_plans.write_text(text.replace(old, new), encoding="utf-8")
    land = landready.Study.from_toml(with_plans).run().land.frame.loc["Exempelby 1:7"]
    assert land[["excluded_ha", "free_ha", "unmapped_ha"]].tolist() == pytest.approx([2, 2, 0])
