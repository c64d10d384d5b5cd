"""A study from file to results, and everything that can be wrong with one."""

import json

import geopandas as gpd
import pyogrio
import pytest
import shapely

import landready
from landready.errors import StudyError
from landready.webmap.readers import PINNED


def edit(path, *changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


def run(path, **options):
    return landready.Study.from_toml(path).run(**options)


def reasons(path):
    with pytest.raises(StudyError) as caught:
        run(path)
    return str(caught.value)


class TestRun:
    def test_classes_sites_and_scores(self, small_study):
        result = run(small_study)
        totals = result.land_totals()
        assert sum(totals.values()) == pytest.approx(36 * 4.0)
        assert totals["excluded"] == pytest.approx(16.0)  # the reserve, four parcels
        # 18 western parcels are mapped for landslides: one of them at risk.
        assert totals["conditional"] == pytest.approx(4.0)
        assert totals["free"] == pytest.approx(17 * 4.0)
        assert totals["unmapped"] == pytest.approx(14 * 4.0)
        assert result.sites.frame["area_ha"].max() <= 30
        assert set(result.scorecards) == {"industri", "kontor"}

    def test_the_motorway_splits_the_land(self, small_study):
        for shape in run(small_study).sites.frame.geometry:
            south, north = shape.bounds[1], shape.bounds[3]
            assert north <= 6_408_600 or south >= 6_408_600

    def test_members_sum_to_the_sites(self, small_study):
        sites = run(small_study).sites
        assert sites.members.groupby("site_id")["ha"].sum().to_numpy() == pytest.approx(
            sites.frame["area_ha"].sort_index().to_numpy(), abs=1e-6
        )

    def test_progress_names_every_step_in_order(self, small_study):
        told = []
        run(small_study, progress=lambda step, done, total: told.append((step, done, total)))
        order = list(dict.fromkeys(step for step, _, _ in told))
        assert order == ["read", "area", "classify_land", "assemble", "measure", "score"]
        assert all(0 <= done <= total for _, done, total in told)

    def test_only_the_profiles_asked_for(self, small_study):
        assert list(run(small_study, profiles=["kontor"]).scorecards) == ["kontor"]

    def test_unknown_profile(self, small_study):
        with pytest.raises(StudyError, match="industri"):
            run(small_study, profiles=["lager"])


class TestFindings:
    def test_what_is_missing_or_half_mapped_is_said(self, small_study):
        said = " ".join(str(finding) for finding in run(small_study).findings)
        assert "elnat" in said
        assert "skred" in said
        assert "50 %" in said

    def test_how_much_is_not_tested_stands_first_and_open(self, small_study):
        assert not [finding for finding in run(small_study).findings if finding.key == "constraints_untested"]
        edit(small_study, ('constraints = "none"', 'constraints = "se"'))
        result = run(small_study)
        told = [finding for finding in result.findings if finding.key.startswith("constraint")]
        missing = [finding for finding in told if finding.key in {"constraint_no_layer", "constraint_no_column"}]
        built, untested = told[:2]
        assert result.findings[0] == built
        assert str(built).startswith("Bebyggda tomter och bostäder räknas som obebyggd mark: studien har inget lager")
        assert untested.key == "constraints_untested"
        assert untested.values["count"] == len(missing) + built.values["count"] < untested.values["total"]
        assert not {"buildings", "built_plots", "home_plots"} & {each.values["layer"] for each in missing}
        assert {built.key, untested.key} <= PINNED

    def test_rules_of_ones_own_say_that_built_land_passes_for_free(self, small_study):
        assessment = run(small_study)
        first = assessment.findings[0]
        assert (first.key, first.values["count"], first.values["total"]) == ("constraint_built_unasked", 2, 2)
        assert str(first).startswith("Bebyggd mark kan räknas som obebyggd")
        assert first.key in PINNED
        edit(small_study, ('layer = "skredkartering"\nrole = "area"', 'layer = "skredkartering"\nrole = "buildings"'))
        edit(small_study, ("[sites]", '[[constraints]]\nid = "hus"\nrole = "buildings"\nkind = "hard"\n\n[sites]'))
        assert "constraint_built_unasked" not in [finding.key for finding in run(small_study).findings]

    def test_a_rule_that_two_layers_leave_open_counts_once(self, small_study):
        edit(
            small_study,
            ('constraints = "none"', 'constraints = "se"'),
            ('layer = "skredkartering"\nrole = "area"', 'layer = "skredkartering"\nrole = "flood"'),
            ("[rules]", '[layers.flod]\npath = "lager.gpkg"\nlayer = "skredkartering"\nrole = "flood"\n\n[rules]'),
        )
        told = run(small_study).findings
        (untested,) = (finding for finding in told if finding.key == "constraints_untested")
        twice = [finding.values["constraint"] for finding in told if finding.key == "constraint_no_column"]
        assert len(twice) > len(set(twice))
        rules = {f.values["constraint"] for f in told if f.key in {"constraint_no_layer", "constraint_no_column"}}
        (built,) = (finding for finding in told if finding.key == "constraint_nothing_built")
        assert untested.values["count"] == len(rules) + built.values["count"] <= untested.values["total"]

    def test_a_study_that_brings_its_built_plots_has_them(self, small_study):
        edit(
            small_study,
            ('constraints = "none"', 'constraints = "se"'),
            ('layer = "skredkartering"\nrole = "area"', 'layer = "skredkartering"\nrole = "built_plots"'),
        )
        told = [finding.key for finding in run(small_study).findings]
        assert "constraint_nothing_built" not in told
        assert told[0] == "constraints_untested"

    def test_a_constraint_without_its_layer_is_said_not_applied(self, small_study):
        edit(small_study, ('role = "landslide"\nkind', 'role = "flood"\nkind'))
        result = run(small_study)
        assert result.land_totals()["conditional"] == 0
        assert any("skred" in str(finding) for finding in result.findings)

    def test_a_missing_column_says_what_the_rule_asks_for_and_how_to_do_without(self, small_study):
        frame = gpd.read_file(small_study.parent / "lager.gpkg", layer="skred")
        pyogrio.write_dataframe(frame.drop(columns="risk"), small_study.parent / "lager.gpkg", layer="flood")
        edit(
            small_study,
            ('constraints = "none"', 'constraints = "se"'),
            (
                "[layers.hojder]",
                '[layers.flood]\npath = "lager.gpkg"\nlayer = "flood"\nrole = "flood"\n[layers.hojder]',
            ),
        )
        [told, _] = [str(found) for found in run(small_study).findings if "saknar return_period_year" in str(found)]
        assert 'Regeln gäller objekt med return_period_year = "<= 100".' in told
        remedy = '[[constraints]] med id = "flood_100" och where = {}'
        assert remedy in told
        edit(small_study, ("[sites]", '[[constraints]]\nid = "flood_100"\nwhere = {}\n\n[sites]'))
        assert run(small_study).constraints.loc["flood_100", ["state", "affected_ha"]].tolist() == ["tested", 4.0]

    def test_an_undeclared_extent_is_the_box_round_the_features(self, small_study):
        edit(small_study, ('role = "landslide"\nknown_extent = "skredkartering"', 'role = "landslide"'))
        result = run(small_study)
        # Only the one mapped parcel is known; the rest of what is not reserve was never vouched for.
        assert result.land_totals()["unmapped"] == pytest.approx(31 * 4.0)
        assert any("known_extent" in str(finding) for finding in result.findings)


class TestArea:
    def test_corridor_in_metres_cuts_parcels(self, small_study):
        edit(
            small_study,
            (
                '[area]\nlayer = "omrade"',
                '[area]\ncorridors = [{ layer = "vagar", where = { road_number = "E20" }, within_m = 100 }]',
            ),
        )
        result = run(small_study)
        assert result.land.frame["area_ha"].sum() == pytest.approx(12 * 2.0)  # 1,200 m by 200 m
        assert "cut_to_area" in set(result.ledger.frame["reason"])
        assert "outside_area" in set(result.ledger.frame["reason"])

    def test_corridor_within_a_polygon(self, small_study):
        edit(
            small_study,
            (
                '[area]\nlayer = "omrade"',
                '[area]\nlayer = "skredkartering"\ncorridors = [{ layer = "stationer", within_m = 300 }]',
            ),
        )
        area = run(small_study).area
        assert area.within(shapely.Point(340_100, 6_408_100).buffer(301))

    def test_corridor_in_minutes(self, small_study):
        edit(
            small_study,
            (
                '[area]\nlayer = "omrade"',
                '[area]\ncorridors = [{ layer = "stationer", within_min = 6, roads = "vagar", mode = "walk" }]',
            ),
        )
        result = run(small_study)
        # Six minutes' walk are 500 m: the parcels along the county road near the station.
        assert 0 < len(result.land.frame) < 36
        assert result.land.frame.geometry.bounds["maxy"].max() <= 6_408_800

    def test_no_parcel(self, small_study):
        folder = small_study.parent
        far = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.box(4e5, 6.4e6, 4.1e5, 6.41e6)], crs="EPSG:3006")
        pyogrio.write_dataframe(far, folder / "far.gpkg")
        edit(small_study, ('path = "lager.gpkg"\nlayer = "omrade"', 'path = "far.gpkg"\nlayer = "far"'))
        assert "fastigheter" in reasons(small_study)


class TestCannotRun:
    def test_all_missing_files_at_once(self, small_study):
        edit(small_study, ("lager.gpkg", "borta.gpkg"), ("hojder.tif", "borta.tif"))
        said = reasons(small_study)
        assert "borta.gpkg" in said
        assert "borta.tif" in said

    def test_all_bad_layers_at_once(self, small_study):
        edit(
            small_study,
            ('layer = "stationer"', 'layer = "stattioner"'),
            ('layer = "reservat"', 'layer = "reservatt"'),
        )
        said = reasons(small_study)
        assert "stattioner" in said
        assert "reservatt" in said

    def test_criteria_and_columns_are_checked(self, small_study):
        edit(small_study, ('params = { column = "area_ha" }', 'params = { column = "area_haa" }'))
        assert "area_haa" in reasons(small_study)

    def test_which_zone_a_layer_is_in_is_told_by_the_other_layers(self, small_study):
        folder = small_study.parent
        reserves = gpd.GeoDataFrame(geometry=[shapely.box(340_000, 6_408_000, 340_400, 6_408_400)], crs="EPSG:3006")
        zone = reserves.to_crs("EPSG:3007").set_crs("EPSG:3006", allow_override=True)
        pyogrio.write_dataframe(zone, folder / "zon.gpkg")
        added = '[layers.zon]\npath = "zon.gpkg"\nrole = "natura2000"\n\n[rules]'
        said = reasons(edit(small_study, ("[rules]", added)))
        assert "ensamma kan de inte säga" in said
        assert "bara EPSG:3007 lägger det där de andra lagren ligger" in said
        assert 'source_crs = "EPSG:3007"' in said

    def test_a_layer_in_degrees_is_reprojected_and_one_without_crs_is_said(self, small_study):
        folder = small_study.parent
        parcels = gpd.read_file(folder / "lager.gpkg", layer="fastigheter")
        pyogrio.write_dataframe(parcels.to_crs("EPSG:4326"), folder / "grader.gpkg", layer="fastigheter")
        edit(
            small_study,
            ('path = "lager.gpkg"\nlayer = "fastigheter"', 'path = "grader.gpkg"\nlayer = "fastigheter"'),
        )
        assert run(small_study).land.frame["area_ha"].sum() == pytest.approx(144, rel=1e-6)


class TestPlaces:
    """What is wrong after reading is told at once, each with its place in the study file."""

    def test_everything_that_layers_cannot_answer_in_one_report(self, small_study):
        edit(
            small_study,
            ('layer = "omrade"\nmargin_m', 'layer = "omrade"\nwhere = { kod = 1441 }\nmargin_m'),
            ('where = { road_number = "E20" }, width_m', "where = { hastighet = 70 }, width_m"),
            ('layer = "stationer"\nvalue', 'layer = "stationer"\nwhere = { avgangar = ">= 20" }\nvalue'),
            ('known_extent = "skredkartering"', 'known_extent = "hojder"'),
            ('id = "skred"\nrole = "landslide"', 'id = "skred"\nrole = "landslide"\nwhere = { risk = ">= 3" }'),
            ('layer = "reservat"\nrole', 'layer = "reservatt"\nrole'),
        )
        with pytest.raises(StudyError) as caught:
            run(small_study)
        assert {finding.place: finding.key for finding in caught.value.findings} == {
            "[area]": "missing_column",
            "[sites] barriers 1": "missing_column",
            '[[criteria]] id = "station_m"': "missing_column",
            "[layers.skred] known_extent": "layer_is_raster",
            '[[constraints]] id = "skred"': "not_numbers",
            "[layers.reservat]": "layer_unknown",
        }
        assert "[area]: Lager ”omrade” saknar kolumnen ”kod”. Det som finns är: name, area_id." in str(caught.value)

    def test_corridors_and_an_area_that_chooses_nothing(self, small_study):
        edit(
            small_study,
            (
                'layer = "omrade"\nmargin_m',
                (
                    'layer = "omrade"\nwhere = { name = "annat" }\n'
                    'corridors = [{ layer = "vagar", where = { nummer = 1 }, within_m = 9 }]\nmargin_m'
                ),
            ),
        )
        with pytest.raises(StudyError) as caught:
            run(small_study)
        assert {finding.place: finding.key for finding in caught.value.findings} == {
            "[area]": "area_nothing_chosen",
            "[[area.corridors]] 1": "missing_column",
        }

    def test_a_file_with_several_layers_names_them_and_whose_it_is(self, small_study):
        edit(small_study, ('path = "lager.gpkg"\nlayer = "stationer"', 'path = "lager.gpkg"'))
        said = reasons(small_study)
        assert "Rad 28, [layers.stationer]: " in said
        assert "reservat, skred" in said

    def test_a_missing_file_names_whose_it_is(self, small_study):
        edit(small_study, ("hojder.tif", "borta.tif"))
        assert reasons(small_study).startswith("Rad 53, [layers.hojder]: ")

    def test_columns_of_sites_are_checked_before_anything_is_read(self, small_study):
        from landready.pipeline.names import _OF_SITES

        columns = run(small_study).sites.frame
        assert [*_OF_SITES["attribute"], "main_parcel", "geometry"] == columns.columns.tolist()
        edit(small_study, ('params = { column = "area_ha" }', 'params = { column = "free" }'))
        with pytest.raises(StudyError, match=r'\[\[criteria\]\] id = "area_ha".*”free”.*free_ha'):
            landready.Study.from_toml(small_study)

    def test_no_nearest_name_is_no_word(self, small_study):
        edit(
            small_study, ('[area]\nlayer = "omrade"', '[area]\nlayer = "qqqq"'), ('role = "stations"', 'role = "zzzz"')
        )
        said = reasons(small_study)
        assert "”–”" not in said
        assert "Menades" not in said


class TestOneReport:
    def test_of_the_file_its_names_and_the_layers(self, small_study):
        edit(
            small_study,
            ("[[0, 1], [20, 0]]", "[[0, 1], [20, 0,5]]"),
            ('id = "reservat"\nrole = "nature_reserves"', 'id = "plan_other_uses"'),
            ('path = "lager.gpkg"\nlayer = "vagar"', 'path = "lager.gpkg"\nlayer = "vagar"\nkeep = ["road_numbe"]'),
            ("hojder.tif", "borta.tif"),
            ('constraints = "none"', 'constraints = "se"'),
        )
        with pytest.raises(StudyError) as caught:
            landready.Study.from_toml(small_study)
        found = {finding.key: finding for finding in caught.value.findings}
        assert set(found) == {"study_point", "study_rule_unknown", "file_not_there", "missing_column"}
        assert found["missing_column"].values["nearest"] == "road_number"
        assert found["study_rule_unknown"].text("sv").partition(": ")[2] == (
            "Ingen regel heter plan_other_uses. Menade du plan_other_use? En egen regel måste ange role eller layer."
        )
        assert all(found[key].line for key in ("study_point", "study_rule_unknown"))

    def test_a_file_that_is_missing_hides_no_columns(self, small_study):
        edit(
            small_study,
            ('path = "lager.gpkg"\nlayer = "vagar"', 'path = "lager.gpkg"\nlayer = "vagar"\nkeep = ["road_numbe"]'),
            ("hojder.tif", "borta.tif"),
        )
        assert {finding.key for finding in refused(small_study)} == {"file_not_there", "missing_column"}

    def test_a_role_that_is_not_there_is_told_once(self, small_study):
        edit(small_study, ('role = "stations"', 'role = "statoins"'))
        with pytest.raises(StudyError) as caught:
            landready.Study.from_toml(small_study)
        assert [finding.key for finding in caught.value.findings] == ["study_role_unknown"]


def refused(file):
    with pytest.raises(StudyError) as caught:
        run(file)
    return caught.value.findings


class TestNames:
    def test_all_wrong_names_at_once_before_anything_is_read(self, small_study):
        edit(
            small_study,
            ('role = "stations"', 'role = "statoins"'),
            ('measure = "slope"', 'measure = "slop"'),
            ('role = "landslide"\nkind', 'role = "landslid"\nkind'),
            ("weights = { area_ha = 40,", "weights = { area_haa = 40,"),
            ("lager.gpkg", "borta.gpkg"),
        )
        with pytest.raises(StudyError) as caught:
            landready.Study.from_toml(small_study)
        for wrong, nearest in (
            ("statoins", "stations"),
            ("slop", "slope"),
            ("landslid", "landslide"),
            ("area_haa", "area_ha"),
        ):
            assert f"”{wrong}”" in str(caught.value)
            assert nearest in str(caught.value)

    def test_a_constraint_on_a_layer_that_is_not_there(self, small_study):
        edit(small_study, ('id = "skred"\nrole = "landslide"', 'id = "skred"\nlayer = "skredd"'))
        assert "skredd" in reasons(small_study)

    @pytest.mark.parametrize("row", ['id = "hazmat_railway"\nenabled = false', 'id = "plan_other_uses"\nkind = "info"'])
    def test_a_slip_in_the_id_of_a_rule_is_no_new_rule(self, small_study, row):
        edit(
            small_study,
            ('constraints = "none"', 'constraints = "se"'),
            ("[sites]", f"[[constraints]]\n{row}\n\n[sites]"),
        )
        with pytest.raises(StudyError, match=r"hazmat_rail|plan_other_use") as caught:
            landready.Study.from_toml(small_study)
        assert [finding.key for finding in caught.value.findings] == ["study_rule_unknown"]

    @pytest.mark.parametrize("rule", ["flood_1000", "flod_100"])
    def test_a_new_rule_says_its_kind(self, small_study, rule):
        row = f'[[constraints]]\nid = "{rule}"\nlayer = "skred"\nwhere = {{}}\n'
        edit(small_study, ('constraints = "none"', 'constraints = "se"'), ("[sites]", f"{row}\n[sites]"))
        with pytest.raises(StudyError) as caught:
            landready.Study.from_toml(small_study)
        [found] = caught.value.findings
        line = small_study.read_text(encoding="utf-8").split("\n").index(f'id = "{rule}"')  # of its [[constraints]]
        assert str(found).startswith(f"Rad {line}: Ingen regel heter {rule}. Menade du flood_100? Skriv då det. Är")
        assert 'kind: "hard" (undantas)' in str(found)
        edit(small_study, (f'id = "{rule}"', f'id = "{rule}"\nkind = "info"'))
        assert run(small_study).land.constraints.loc[rule, "kind"] == "info"


class TestOwnRules:
    def add(self, study, where, layer="fastigheter", more=""):
        row = f'[[constraints]]\nid = "egen"\nlayer = "{layer}"\nwhere = {where}\nkind = "hard"\n{more}\n[sites]'
        edit(study, ("[sites]", row))

    def test_the_id_of_a_layer_can_be_asked_for(self, small_study):
        self.add(small_study, '{ parcel_id = ["Exempelby 1:2", "Exempelby 1:3"] }')
        result = run(small_study)
        assert result.land.constraints.loc["egen", "affected_ha"] == pytest.approx(8)
        assert result.land.frame.loc["Exempelby 1:2", "excluded_ha"] == pytest.approx(4)

    def test_barriers_and_criteria_ask_for_it_too(self, small_study):
        edit(small_study, ('where = { road_number = "E20" }', 'where = { roads_id = "finns inte" }'))
        assert len(run(small_study).sites.frame) > 0

    def test_a_column_that_is_not_there_stops_with_the_nearest_name(self, small_study):
        self.add(small_study, '{ parcelid = "Exempelby 1:2" }')
        [found] = refused(small_study)
        assert (found.key, found.values["nearest"]) == ("missing_column", "parcel_id")
        assert '[[constraints]] id = "egen": Lager ”fastigheter” saknar kolumnen ”parcelid”. Närmast' in str(found)

    def test_one_layer_of_several_may_lack_it(self, small_study):
        edit(
            small_study,
            ('layer = "skredkartering"\nrole = "area"', 'layer = "skredkartering"\nrole = "landslide"'),
            ('id = "skred"\nrole = "landslide"', 'id = "skred"\nrole = "landslide"\nwhere = { risk = "high" }'),
        )
        told = [finding.key for finding in run(small_study).findings]
        assert "constraint_layer_no_column" in told
        assert "constraint_no_column" not in told


class TestNearRules:
    def told(self, study, row):
        edit(study, ('constraints = "none"', 'constraints = "se"'), ("[sites]", f"[[constraints]]\n{row}\n\n[sites]"))
        return [finding for finding in run(study).findings if finding.key == "constraint_near_rule"]

    @pytest.mark.parametrize(
        ("row", "rule"),
        [
            ('id = "strandskyd"\nkind = "hard"\nrole = "shore_protection"', "shore_protection"),
            ('id = "strandskydd"\nkind = "hard"\nrole = "shore_protection"', "shore_protection"),
            ('id = "hazmat_raill"\nrole = "roads"\nkind = "info"\nbuffer_m = 9', "hazmat_rail"),
            ('id = "natur_reservat"\nlayer = "reservat"\nkind = "hard"', "nature_reserve"),
        ],
    )
    def test_a_row_named_almost_as_a_rule_is_told(self, small_study, row, rule):
        [found] = self.told(small_study, row)
        assert found.severity == "warning"
        assert found.values["rule"] == rule

    @pytest.mark.parametrize(
        "row",
        [
            'id = "natura2000_200"\nrole = "natura2000"\nkind = "hard"\nbuffer_m = 200',
            'id = "strandskyd"\nrole = "other"\nkind = "info"',
            'id = "buller"\nrole = "rail"\nkind = "info"\nbuffer_m = 9',
            'id = "shore_protection"\nkind = "info"',
        ],
    )
    def test_a_row_of_its_own_is_not(self, small_study, row):
        assert self.told(small_study, row) == []


class TestValues:
    """What a layer says in other words than the rules ask for is told, since nothing would be found in silence."""

    def told(self, study, where):
        edit(
            study,
            ('id = "skred"\nrole = "landslide"', f'id = "skred"\nrole = "landslide"\nwhere = {{ risk = {where} }}'),
        )
        return {finding.key: str(finding) for finding in run(study).findings if finding.key.startswith("value")}

    def test_none_of_the_values_is_there(self, small_study):
        told = self.told(small_study, '["hög", "låg"]')
        assert list(told) == ["values_absent"]
        assert all(word in told["values_absent"] for word in ("skred", "risk", "”hög”", "”high” (1)"))

    def test_one_is_there_and_another_is_spelled_otherwise(self, small_study):
        frame = gpd.read_file(small_study.parent / "lager.gpkg", layer="skred")
        more = gpd.GeoDataFrame({"risk": ["Zon B"]}, geometry=frame.geometry, crs=frame.crs)
        pyogrio.write_dataframe(more, small_study.parent / "lager.gpkg", layer="skred", append=True)
        told = self.told(small_study, '["high", "zon b"]')
        assert list(told) == ["value_slip"]
        assert "Närmast är ”Zon B”" in told["value_slip"]

    def test_one_is_there_and_the_other_is_a_word_of_ours_that_may_be_absent_in_fact(self, small_study):
        frame = gpd.read_file(small_study.parent / "lager.gpkg", layer="skred")
        more = gpd.GeoDataFrame({"risk": ["zon 4"]}, geometry=frame.geometry, crs=frame.crs)
        pyogrio.write_dataframe(more, small_study.parent / "lager.gpkg", layer="skred", append=True)
        edit(
            small_study,
            (
                'id = "skred"\nrole = "landslide"',
                'id = "skred"\nrole = "landslide"\nwhere = { risk = ["high", "medium"] }',
            ),
        )
        [found] = [finding for finding in run(small_study).findings if finding.key.startswith("values_")]
        assert (found.key, found.severity) == ("values_alike", "note")

    def test_one_wrong_value_in_a_list_is_a_warning_with_the_one_that_was_meant(self, small_study):
        frame = gpd.read_file(small_study.parent / "lager.gpkg", layer="skred")
        more = gpd.GeoDataFrame({"risk": ["IA-1", "C-2B"]}, geometry=[*frame.geometry, *frame.geometry], crs=frame.crs)
        pyogrio.write_dataframe(more, small_study.parent / "lager.gpkg", layer="skred", append=True)
        edit(
            small_study,
            (
                'id = "skred"\nrole = "landslide"',
                'id = "skred"\nrole = "landslide"\nwhere = { risk = ["high", "IA1"] }',
            ),
        )
        [found] = [finding for finding in run(small_study).findings if finding.key.startswith("value")]
        assert (found.key, found.severity) == ("value_slip", "warning")
        assert "inget objekt har ”IA1”, som studien frågar efter. Närmast är ”IA-1”" in str(found)

    @pytest.mark.parametrize("where", ['["high", "low"]', '"!= low"', '">= a"'])
    def test_what_is_there_or_asks_for_no_word_is_no_matter(self, small_study, where):
        assert self.told(small_study, where) == {}


def test_a_rule_of_the_set_that_is_not_used_says_so(small_study):
    edit(small_study, ("[sites]", '[[constraints]]\nid = "home_50"\nbuffer_m = 30\n\n[sites]'))
    with pytest.raises(StudyError, match=r'hör till de svenska reglerna.*constraints = "none"'):
        run(small_study)


class TestColumns:
    """A column that is missing is told with what the file has in its stead, and with the line of the study file."""

    def told(self, study, column):
        frame = gpd.read_file(study.parent / "lager.gpkg", layer="skred").assign(KOD=["a"], risk=["high"])
        pyogrio.write_dataframe(frame, study.parent / "lager.gpkg", layer="skred")
        edit(
            study,
            (
                'id = "skred"\nrole = "landslide"',
                f'id = "skred"\nrole = "landslide"\nwhere = {{ {column} = "a" }}',
            ),
        )
        with pytest.raises(StudyError) as raised:
            run(study)
        [finding] = raised.value.findings
        line = study.read_text(encoding="utf-8").split("\n")[finding.line - 1]
        assert column in line
        return finding

    def test_in_the_file_but_not_read(self, small_study):
        found = self.told(small_study, "KOD")
        assert found.key == "missing_column_unread"
        assert 'kolumnen ”KOD” finns i filen men är inte inläst. Skriv keep = ["KOD"] på lagret.' in str(found)

    def test_almost_as_one_in_the_file(self, small_study):
        assert 'I filen finns ”KOD”, som inte är inläst: skriv keep = ["KOD"]' in str(self.told(small_study, "KODD"))

    def test_almost_as_one_that_is_read(self, small_study):
        assert "Närmast är ”risk”" in str(self.told(small_study, "risc"))


class TestNothingMet:
    """A criterion about features that its layer does not have is told, with what is there instead."""

    @pytest.mark.parametrize(
        ("where", "said"),
        [
            ("{ departures = 3 }", "inget objekt i stationer har departures = 3 (där finns 40)."),
            ('{ departures = ">= 50" }', "inget objekt i stationer har departures >= 50 (där finns 40)."),
            ('{ name = "Exempelstad" }', "inget objekt i stationer har name = Exempelstad (där finns ”Exempelby”)."),
            ('{ departures = ">= 1", name = ["A", "B"] }', "har name = A / B (där finns ”Exempelby”)."),
        ],
    )
    def test_is_a_warning_in_the_run_and_on_the_map(self, small_study, where, said):
        edit(small_study, ('layer = "stationer"\nvalue', f'layer = "stationer"\nwhere = {where}\nvalue'))
        result = run(small_study)
        found = [found for found in result.findings if found.key in {"criterion_nothing_met", "values_absent"}]
        assert [(found.key, found.severity) for found in found] == [("criterion_nothing_met", "warning")]
        assert said in str(found[0])
        assert result.measured.state["station_m"].eq("unknown").all()
        assert str(found[0]).endswith("Kriteriet är okänt för alla områden.")
        assert any(said.partition(" har ")[2] in told for told in result.to_dict()["findings"])

    def test_conditions_that_are_met_apart_only(self, small_study):
        where = '{ road_number = "E20", speed_kmh = 50 }'
        edit(small_study, ('layer = "stationer"\nvalue', f'layer = "vagar"\nwhere = {where}\nvalue'))
        [found] = [found for found in run(small_study).findings if found.key == "criterion_nothing_met"]
        assert "har road_number = E20, speed_kmh = 50 (var för sig finns de" in str(found)


class TestUnits:
    def test_percent_that_look_like_shares_are_noted(self, small_study):
        assert not [finding for finding in run(small_study).findings if finding.key == "value_small_percent"]
        edit(small_study, ("points = [[0, 1], [20, 0]]", "points = [[0, 1], [0.2, 0]]"))
        [found] = [finding for finding in run(small_study).findings if finding.key == "value_small_percent"]
        assert found.severity == "note"
        assert "slope_pct" in str(found)


class TestInclude:
    def test_is_told_with_its_reason_and_case(self, small_study):
        edit(
            small_study,
            (
                "[sites]",
                (
                    '[[constraints]]\nid = "beslut"\nlayer = "reservat"\nkind = "include"\nreason = "prövas ändå"\n'
                    'case_number = "KS 2026-1"\n\n[sites]'
                ),
            ),
        )
        result = run(small_study)
        assert result.land_totals()["excluded"] == pytest.approx(16.0)  # a reserve is statutory
        assert any("KS 2026-1" in str(finding) for finding in result.findings)

    def test_needs_a_reason(self, small_study):
        edit(
            small_study, ("[sites]", '[[constraints]]\nid = "beslut"\nlayer = "reservat"\nkind = "include"\n\n[sites]')
        )
        assert "beslut" in reasons(small_study)


class TestRasters:
    def test_one_that_covers_half_the_area_is_said(self, small_study):
        import rasterio
        from rasterio.windows import Window

        path = small_study.parent / "hojder.tif"
        with rasterio.open(path) as whole:
            window = Window(0, 0, 80, 160)
            profile = {**whole.profile, "width": 80, "transform": whole.transform}
            values = whole.read(1, window=window)
        with rasterio.open(path, "w", **profile) as half:
            half.write(values, 1)
        said = " ".join(str(finding) for finding in run(small_study).findings)
        assert "hojder" in said
        assert "50 %" in said

    def test_one_in_another_crs_is_told_with_all_else_that_is_wrong(self, small_study):
        import rasterio

        path = small_study.parent / "hojder.tif"
        with rasterio.open(path, "r+") as raster:
            raster.crs = "EPSG:3007"
        edit(small_study, ('layer = "reservat"', 'layer = "reservatt"'))
        said = reasons(small_study)
        assert "”hojder” ligger i EPSG:3007 men studien i EPSG:3006" in said
        assert "reservatt" in said

    def test_a_missing_crs_is_mended_as_the_message_says(self, small_study):
        import rasterio

        path = small_study.parent / "hojder.tif"
        with rasterio.open(path) as with_crs:
            profile, values = {**with_crs.profile, "crs": None}, with_crs.read(1)
        with rasterio.open(path, "w", **profile) as without:
            without.write(values, 1)
        assert "source_crs" in reasons(small_study)
        edit(small_study, ('role = "heights"', 'role = "heights"\nsource_crs = "EPSG:3006"'))
        assert run(small_study).measured.frame["slope_pct"].notna().all()


class TestWrite:
    def test_files(self, small_study, tmp_path):
        paths = run(small_study).write(tmp_path / "ut")
        assert [path.name for path in paths] == [
            "liten-karta-intern.html",
            "liten-resultat-intern.gpkg",
            "liten-industri-intern.csv",
            "liten-kontor-intern.csv",
            "manifest.json",
        ]
        manifest = json.loads(paths[-1].read_text(encoding="utf-8"))
        assert set(manifest["outputs"]) == {path.name for path in paths[:-1]}
        assert manifest["inputs"]["fastigheter"]["features"] == 36
        assert str(small_study.parent) not in paths[-1].read_text(encoding="utf-8")

    def test_geopackage_holds_every_table(self, small_study, tmp_path):
        result = run(small_study)
        result.to_gpkg(tmp_path / "r.gpkg")
        layers = [name for name, _ in pyogrio.list_layers(tmp_path / "r.gpkg")]
        assert layers == [
            "sites",
            "land",
            "parcels",
            "members",
            "scores",
            "evidence",
            "constraints",
            "ledger",
        ]
        evidence = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="evidence")
        assert len(evidence) == len(result.sites.frame) * 4
        assert set(evidence["state"]) == {"known", "unknown"}

    def test_rules_that_were_not_tested_stand_beside_those_that_were(self, small_study, tmp_path):
        edit(
            small_study,
            ('constraints = "none"', 'constraints = "se"'),
            ("[sites]", '[[constraints]]\nid = "water"\nenabled = false\n\n[sites]'),
        )
        result = run(small_study)
        result.to_gpkg(tmp_path / "r.gpkg")
        table = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="constraints").set_index("constraint")
        assert table["state"].value_counts().to_dict() == {
            "tested": len(result.land.constraints),
            "not_tested": next(f.values["count"] for f in result.findings if f.key == "constraints_untested"),
            "disabled": 1,
        }
        assert table.loc["skred", "state"] == "tested"
        assert table.loc["flood_100", ["state", "kind"]].tolist() == ["not_tested", "strong"]
        assert table.loc["flood_100", ["affected_ha", "unmapped_ha"]].isna().all()
        assert table.loc["water", "state"] == "disabled"
        told = {rule["id"]: rule["state"] for rule in result.manifest()["constraints"]}
        assert (told["skred"], told["flood_100"], told["water"]) == ("tested", "not_tested", "disabled")

    def test_a_rule_of_two_layers_may_be_tested_in_one(self, small_study):
        edit(
            small_study,
            (
                "[layers.hojder]",
                '[layers.skred2]\npath = "lager.gpkg"\nlayer = "reservat"\nrole = "landslide"\n[layers.hojder]',
            ),
            ('id = "skred"\nrole = "landslide"', 'id = "skred"\nrole = "landslide"\nwhere = { risk = "high" }'),
        )
        result = run(small_study)
        assert result.constraints["state"].to_dict() == {
            "reservat": "tested",
            "skred:skred": "tested",
            "skred:skred2": "not_tested",
        }
        assert [rule["state"] for rule in result.manifest()["constraints"]] == ["tested", "partly_tested"]

    def test_a_failing_write_leaves_the_earlier_file(self, small_study, tmp_path, monkeypatch):
        result = run(small_study)
        path = tmp_path / "r.gpkg"
        result.to_gpkg(path)
        before = path.read_bytes()

        def fails(*_args, **_options):
            raise OSError("disk full")

        monkeypatch.setattr("landready.pipeline.assessment.write_geopackage", fails)
        with pytest.raises(OSError, match="disk full"):
            result.to_gpkg(path)
        assert path.read_bytes() == before
        assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["r.gpkg"]

    def test_kept_columns_stay_out_of_an_extern_geopackage(self, small_study, tmp_path):
        edit(small_study, ('role = "parcels"', 'role = "parcels"\nkeep = ["secret"]'))
        result = run(small_study)
        result.to_gpkg(tmp_path / "r.gpkg", audience="extern")
        assert b"hemligt" not in (tmp_path / "r.gpkg").read_bytes()
        parcels = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="parcels")
        assert {"parcel_id", "free_ha", "modelled"} <= set(parcels.columns)

    def test_html_repr_escapes(self, small_study):
        edit(small_study, ('sv = "Liten studie"', 'sv = "<script>alert(1)</script>"'))
        assert "<script>" not in run(small_study)._repr_html_()

    def test_rules_of_the_country_apply_by_default(self, small_study):
        edit(small_study, ('[rules]\nconstraints = "none"', '[rules]\nconstraints = "se"'))
        result = run(small_study)
        assert len(result.land.constraints) > 2
        assert any("inte prövad" in str(finding) for finding in result.findings)
