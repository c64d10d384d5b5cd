"""The kinds of business that come with landready: their data, how a study takes them in, and what they say unknown."""

import geopandas as gpd
import pytest

import landready
from landready.criteria import MEASURES
from landready.errors import StudyError
from landready.model import UNKNOWN
from landready.pipeline.shipped import with_shipped
from landready.rules import PROFILES, criterion_rules, profile_rules, roles
from landready.spec import Criterion, Profile

ALL = ", ".join(f'"{name}"' for name in PROFILES)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """Return the example's assessment with the profiles that ship in place of its own."""
    source = landready.example_study()
    text = source.read_text(encoding="utf-8")
    head = text[: text.index("# --- Kriterier")].replace(
        'constraints = "se"', f'constraints = "se"\nprofiles = [{ALL}]'
    )
    head = head.replace('path = "', f'path = "{source.parent.as_posix()}/')
    path = tmp_path_factory.mktemp("shipped") / "study.toml"
    path.write_text(head, encoding="utf-8")
    return landready.Study.from_toml(path).run()


def of_small(study, *changes):
    text = study.read_text(encoding="utf-8").replace(
        'constraints = "none"', f'constraints = "none"\nprofiles = [{ALL}]'
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    study.write_text(text, encoding="utf-8")
    return landready.Study.from_toml(study)


class TestData:
    def test_each_criterion_is_one(self):
        for row in criterion_rules().values():
            rest = {key: value for key, value in row.items() if key != "role"}
            criterion = Criterion(**rest, layer=row.get("role"))
            assert criterion.source
            assert {"sv", "en"} == set(row["name"])
            assert row["measure"] in MEASURES
            assert row.get("role", "parcels") in roles()
            columns = {*roles()[row["role"]].columns} if "role" in row else set()
            assert set(row.get("where", {})) <= columns
            assert row["measure"] != "evidence" or row["params"]["column"] in columns

    def test_each_profile_is_one_and_weighs_what_there_is(self):
        used = set()
        for name, row in profile_rules().items():
            profile = Profile(**row)
            assert profile.id == name
            assert sum(profile.weights.values()) == pytest.approx(sum(row["weights"].values()))
            used |= {*profile.weights, *profile.requirements}
            assert set(profile.values) <= set(profile.weights)
        assert used == set(criterion_rules())


class TestExample:
    def test_every_profile_ranks_and_none_is_trivial(self, example):
        totals = {name: card.frame["total"] for name, card in example.scorecards.items()}
        assert set(totals) == set(PROFILES)
        for first in PROFILES:
            assert example.scorecards[first].frame["ranked"].any()
            for second in PROFILES:
                if first != second:
                    assert totals[first].corr(totals[second], method="spearman") < 0.9

    def test_what_nobody_has_answered_is_unknown_and_told(self, example):
        for name in ("power_mw", "water_months", "interchange_load_pct"):
            assert (example.measured.state[name] == UNKNOWN).all()
        told = [finding for finding in example.findings if finding.key == "criterion_no_layer"]
        assert len(told) == 4  # three answers, and nature values


class TestStudy:
    def test_own_profile_changes_what_it_says_and_own_criterion_replaces(self):
        raw = {
            "rules": {"profiles": ["office"]},
            "layers": {"tag": {"role": "stations"}, "v": {"role": "roads"}},
            "criteria": [{"id": "fibre_share", "measure": "overlap_share", "layer": "eget"}],
            "profiles": [{"id": "office", "weights": {"station_min": 1, "fibre_share": 2}}],
        }
        filled = with_shipped(raw)
        (office,) = filled["profiles"]
        assert office["weights"] == {"station_min": 1, "fibre_share": 2}
        assert office["name"] == profile_rules()["office"]["name"]
        by_id = {row["id"]: row for row in filled["criteria"]}
        assert filled["criteria"][0] == raw["criteria"][0]
        assert by_id["station_min"]["layer"] == "tag"
        assert by_id["station_min"]["params"]["roads"] == "v"
        assert by_id["station_min"]["params"]["mode"] == "walk"
        assert "power_mw" in by_id  # office's own value function names it
        assert "lake_m" not in by_id

    @pytest.mark.parametrize(
        "raw", [{}, {"rules": 1}, {"rules": {"profiles": 3}}, {"rules": {"profiles": ["office"]}, "profiles": [1]}]
    )
    def test_what_is_ill_formed_is_left_for_the_check(self, raw):
        assert with_shipped(raw) == raw

    def test_an_unknown_name_is_told_with_its_line(self, small_study):
        with pytest.raises(StudyError, match="officce") as caught:
            of_small(small_study, ('"office"', '"officce"'))
        (finding,) = caught.value.findings
        assert finding.line
        assert "office" in finding.text()

    def test_a_column_that_is_missing_makes_it_unknown_and_is_told(self, small_study):
        result = of_small(small_study).run()
        told = {finding.key for finding in result.findings}
        assert "criterion_no_column" in told  # roads without bearing class
        assert (result.measured.state["heavy_road_m"] == UNKNOWN).all()
        assert set(PROFILES) < set(result.scorecards)

    def test_the_same_column_missing_for_a_criterion_of_ones_own_is_an_error(self, small_study):
        own = """
[[criteria]]
id = "tung_m"
measure = "distance_to"
layer = "vagar"
where = { bearing_class = "BK4" }
value = { points = [[0, 1], [9, 0]] }
"""
        text = small_study.read_text(encoding="utf-8")
        small_study.write_text(text + own, encoding="utf-8")
        with pytest.raises(StudyError, match="bearing_class"):
            landready.Study.from_toml(small_study).run()


class TestEvidence:
    def study(self, small_study, **columns):
        parcels = gpd.read_file(small_study.parent / "lager.gpkg", layer="fastigheter")
        place = parcels.geometry.iloc[[0]].representative_point()
        frame = gpd.GeoDataFrame({**columns, "note": ["Ring nätbolaget"]}, geometry=place.values, crs=parcels.crs)
        frame.to_file(small_study.parent / "svar.gpkg", layer="svar")
        layer = '[layers.svar]\npath = "svar.gpkg"\nrole = "evidence"\n\n[rules]'
        return of_small(small_study, ("[rules]", layer)).run()

    def test_an_answer_is_known_where_it_was_given(self, small_study):
        result = self.study(small_study, power_mw=[8.0], date=["2026-05-01"], valid_until=["2027-05-01"])
        values = result.measured.frame["power_mw"]
        assert values.dropna().tolist() == [8.0]
        assert not any(finding.key == "evidence_expired" for finding in result.findings)
        assert "note" not in result.inputs.layers["svar"].frame.columns

    def test_an_answer_that_has_expired_is_unknown_and_told(self, small_study):
        result = self.study(small_study, power_mw=[8.0], date=["2024-05-01"], valid_until=["2026-05-01"])
        assert result.measured.frame["power_mw"].isna().all()
        (told,) = (finding for finding in result.findings if finding.key == "evidence_expired")
        assert "2026-11-01" in told.text()
