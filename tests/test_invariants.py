"""The thirteen invariants of the design, each held by a test on the small study."""

import json
import math
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pandas.testing as pdt
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

import landready
from landready.errors import CrsError, InputError
from landready.reports.frames import score_table, site_table
from landready.webmap.codec import payload_of


@pytest.fixture(scope="module")
def assessment(small_folder):
    return landready.Study.from_toml(small_folder / "study.toml").run()


def square(west, south, size=100.0):
    return shapely.box(340_000 + west, 6_408_000 + south, 340_000 + west + size, 6_408_000 + south + size)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:3006")


class TestKnownOrUnknown:
    """1. Known, or unknown, never assumed."""

    def test_states_are_known_unknown_or_modelled(self, assessment):
        assert set(np.unique(assessment.measured.state.to_numpy())) <= {"known", "unknown", "modelled"}
        assert (assessment.measured.state["elnat_km"] == "unknown").all()
        assert assessment.measured.frame["elnat_km"].isna().all()

    def test_nothing_found_outside_the_known_extent_is_unknown(self):
        areas = landready.Layer("flood", frame([square(0, 0)]), known_extent=square(0, 0, 300))
        share = landready.overlap_share(frame([square(0, 0), square(150, 150), square(900, 900)]), areas)
        assert share.tolist()[:2] == [1.0, 0.0]
        assert math.isnan(share.iloc[2])

    def test_a_distance_past_the_end_of_a_layer_is_an_upper_bound(self):
        targets = landready.Layer(
            "stations", frame([shapely.Point(340_050, 6_408_500)]), known_extent=square(0, 0, 600)
        )
        found = landready.nearest(frame([square(0, 400), square(400, 0)]), targets)
        assert found["upper_bound"].tolist() == [False, True]

    def test_unreachable_is_infinite(self):
        roads = frame([shapely.LineString([(340_000, 6_408_000), (340_100, 6_408_000)])], speed_kmh=[50.0])
        far = frame([shapely.Point(350_000, 6_408_000)])
        assert landready.travel_time(frame([square(0, 0)]), roads, far).tolist() == [math.inf]

    def test_land_outside_a_mapped_extent_is_its_own_class(self, assessment):
        # The landslide layer was mapped in the western half only; nothing says what the eastern half is.
        land = assessment.land.frame
        east = land.geometry.centroid.x > 340_600
        reserve = land["excluded_ha"] > 0
        assert land.loc[east & ~reserve, "unmapped_ha"].to_numpy() == pytest.approx(4.0)
        assert land.loc[~east, "unmapped_ha"].to_numpy() == pytest.approx(0.0)


class TestAlgebraOfUnknown:
    """2. One algebra for unknown."""

    def test_total_bounds_and_coverage(self, assessment):
        card = assessment.scorecards["industri"]
        weights = pd.Series({"area_ha": 40.0, "slope_pct": 30.0, "elnat_km": 30.0})
        known = card.utilities[["area_ha", "slope_pct"]]
        weighted = (known * weights[["area_ha", "slope_pct"]]).sum(axis=1)
        assert card.frame["total"].to_numpy() == pytest.approx((weighted / 70).to_numpy())
        assert card.frame["total_low"].to_numpy() == pytest.approx((weighted / 100).to_numpy())
        assert card.frame["total_high"].to_numpy() == pytest.approx(((weighted + 30) / 100).to_numpy())
        assert card.frame["coverage_share"].to_numpy() == pytest.approx(0.7)
        assert card.contributions["elnat_km"].isna().all()

    def test_below_minimum_coverage_is_listed_but_not_ranked(self, assessment):
        profile = assessment.scorecards["industri"].profile.model_copy(update={"min_coverage": 0.71})
        card = landready.score(assessment.measured, profile)
        assert len(card.frame) == len(assessment.sites.frame)
        assert not card.frame["ranked"].any()
        assert card.frame["rank"].isna().all()

    def test_unknown_never_passes_a_requirement(self, assessment):
        profile = assessment.scorecards["industri"].profile.model_copy(update={"requirements": {"elnat_km": ">= 0"}})
        assert not landready.score(assessment.measured, profile).frame["eligible"].any()


def test_nothing_hidden(assessment):
    """3. Every step returns its frame and its ledger, and what is gone is in it."""
    for result in (assessment.land, assessment.sites, assessment.measured, *assessment.scorecards.values()):
        assert isinstance(result.ledger, landready.Ledger)
        assert isinstance(result.frame, pd.DataFrame)
    ledger = assessment.ledger.frame
    available = assessment.land.frame[["free_ha", "conditional_ha"]].sum().sum()
    dropped = ledger.loc[ledger["step"] == "assemble", "area_ha"].sum()
    assert assessment.sites.frame["area_ha"].sum() + dropped == pytest.approx(available, abs=1e-3)


class TestOneMetricCrs:
    """4. One metric CRS inside."""

    @pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", None])
    def test_verbs_refuse_what_cannot_be_measured_in(self, crs):
        parcels = frame([square(0, 0)])
        wrong = parcels.to_crs(crs) if crs else parcels.set_crs(None, allow_override=True)
        for verb in (
            lambda: landready.form(wrong),
            lambda: landready.distance_to(wrong, wrong),
            lambda: landready.classify_land(wrong, []),
            lambda: landready.assemble(wrong),
        ):
            with pytest.raises(CrsError):
                verb()

    def test_verbs_refuse_mismatched_crs(self):
        parcels = frame([square(0, 0)])
        with pytest.raises(CrsError, match="3007"):
            landready.overlap_share(parcels, parcels.to_crs("EPSG:3007"))

    def test_read_reprojects_and_records_it(self, tmp_path):
        path = tmp_path / "parcels.gpkg"
        pyogrio.write_dataframe(frame([square(0, 0)]).to_crs("EPSG:3007"), path)
        layer = landready.read(path, crs="EPSG:3006", known_extent=square(0, 0))
        assert layer.crs.to_epsg() == 3006
        assert layer.frame.geometry.iloc[0].symmetric_difference(square(0, 0)).area < 1e-3
        said = " ".join([*map(str, layer.findings), *layer.ledger.frame["reason"]])
        assert "3007" in said


class TestIndexInIsIndexOut:
    """5. Index in = index out, in any row order, and the input is never touched."""

    def test_measures_keep_the_index(self):
        sites = frame([square(x, 0) for x in (0, 300, 600, 900)]).set_index(pd.Index(list("dbca"), name="site_id"))
        before = sites.copy(deep=True)
        roads = frame([shapely.LineString([(340_000, 6_407_990), (341_000, 6_407_990)])], speed_kmh=[60.0])
        targets = frame([shapely.Point(341_000, 6_407_990)])
        measures = {
            "nearest": lambda f: landready.nearest(f, targets),
            "distance_to": lambda f: landready.distance_to(f, targets),
            "travel_time": lambda f: landready.travel_time(f, roads, targets),
            "overlap_share": lambda f: landready.overlap_share(f, frame([square(50, 0, 400)])),
            "form": landready.form,
        }
        for name, measure in measures.items():
            result = measure(sites)
            assert result.index.equals(sites.index), name
            assert result.index.name == "site_id"
            other = measure(sites.iloc[::-1])
            assert other.index.tolist() == ["a", "c", "b", "d"]
            pd.testing.assert_frame_equal(
                pd.DataFrame(other).loc[list("dbca")], pd.DataFrame(result), check_names=False
            )
        assert_geodataframe_equal(sites, before)

    def test_ids_must_be_unique(self):
        twice = frame([square(0, 0), square(200, 0)]).set_index(pd.Index(["a", "a"]))
        with pytest.raises(InputError, match="a"):
            landready.form(twice)

    def test_steps_name_their_index(self, assessment):
        assert assessment.land.frame.index.name == "parcel_id"
        assert assessment.sites.frame.index.name == "site_id"
        assert assessment.measured.frame.index.equals(assessment.sites.frame.index)


def test_units_in_names(assessment):
    """6. Every number column says its unit; areas are floats."""
    unitless = {"total", "total_low", "total_high", "rank", "parcels", "eligible", "ranked"}
    suffix = re.compile(r"_(m|ha|pct|share|min|months|km)$")
    frames = [assessment.land.frame, site_table(assessment.sites, assessment.measured)]
    frames += [card.frame for card in assessment.scorecards.values()]
    for table in frames:
        for column in table.select_dtypes("number").columns:
            assert column in unitless or suffix.search(column), column
    assert {str(dtype) for dtype in assessment.land.frame.filter(like="_ha").dtypes} == {"float64"}


class TestThresholdsTiesAndEmptiness:
    """7. Buffer before clip; thresholds say ≥ or >; ties share the average rank; empty in, empty out."""

    def test_a_feature_outside_reaches_in_with_its_buffer(self):
        rail = frame([shapely.LineString([(339_980, 6_407_000), (339_980, 6_409_000)])])
        land = landready.classify_land(frame([square(0, 0)]), [landready.Constraint("rail", rail, buffer_m=30)])
        assert land.frame["excluded_ha"].iloc[0] == pytest.approx(0.1, abs=1e-6)  # 10 of 100 m

    def test_minimum_size_is_at_least(self):
        exactly = frame([square(0, 0)])  # one hectare
        assert len(landready.assemble(exactly, min_site_ha=1.0, max_site_ha=9, min_width_m=10).frame) == 1
        assert len(landready.assemble(exactly, min_site_ha=1.0001, max_site_ha=9, min_width_m=10).frame) == 0

    def test_ties_share_the_average_rank(self, assessment):
        measured = assessment.measured
        same = type(measured)(
            **{
                **{name: getattr(measured, name) for name in measured.__dataclass_fields__},
                "frame": measured.frame.assign(area_ha=5.0, slope_pct=5.0),
            }
        )
        card = landready.score(same, assessment.scorecards["industri"].profile)
        count = len(card.frame)
        assert card.frame["rank"].tolist() == [(count + 1) / 2] * count

    def test_empty_in_empty_out(self):
        nothing = frame([])
        land = landready.classify_land(nothing, [landready.Constraint("water", frame([square(0, 0)]))])
        sites = landready.assemble(land)
        assert land.frame.empty
        assert sites.frame.empty
        assert "area_ha" in sites.frame
        for result in (
            landready.form(nothing),
            landready.nearest(nothing, frame([square(0, 0)])),
            landready.overlap_share(nothing, frame([square(0, 0)])),
        ):
            assert result.empty


def test_contributions_sum_to_the_total(assessment):
    """8. A score can always be explained from its scorecard."""
    for card in assessment.scorecards.values():
        assert card.contributions.sum(axis=1).to_numpy() == pytest.approx(card.frame["total"].to_numpy(), abs=1e-12)
        for site in card.frame.index:
            assert str(site) in landready.explain(card, site)


def test_same_inputs_same_bytes(small_study, tmp_path):
    """9. Every output but the manifest's clock is the same, byte for byte."""
    study = landready.Study.from_toml(small_study)
    first = study.run().write(tmp_path / "one")
    second = study.run().write(tmp_path / "two")
    for one, two in zip(first, second, strict=True):
        if one.name == "manifest.json":
            left, right = (json.loads(path.read_text(encoding="utf-8")) for path in (one, two))
            left.pop("created")
            right.pop("created")
            assert left == right
        else:
            assert one.read_bytes() == two.read_bytes(), one.name


class TestNoWorkAtImport:
    """10. The package root is lazy, and the library never prints."""

    def test_the_root_loads_nothing_heavy(self):
        code = "import sys, landready; print([m for m in ('geopandas', 'shapely', 'pandas', 'folium') if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    def test_a_run_prints_nothing(self, small_study, capfd):
        landready.Study.from_toml(small_study).run()
        assert capfd.readouterr() == ("", "")


def content_of(path):
    """Return all that a written file holds, what is packed in a map as text too."""
    if path.suffix != ".html":
        return path.read_bytes()
    page = path.read_text(encoding="utf-8")
    return f"{page}{json.dumps(payload_of(page), ensure_ascii=False)}".encode()


class TestPrivacy:
    """11. People stay private, negotiations too."""

    def test_columns_the_role_does_not_name_are_not_read(self, assessment):
        assert "secret" not in assessment.inputs.layers["fastigheter"].frame.columns
        assert "owner_category" in assessment.inputs.layers["fastigheter"].frame.columns

    def test_extern_holds_no_internal_columns(self, small_study, tmp_path):
        paths = landready.Study.from_toml(small_study).run().write(tmp_path, audience="extern")
        for path in paths:
            content = content_of(path)
            for word in ("fysisk_person", "foretag", "hemligt"):
                assert word.encode() not in content, (path.name, word)
        assert "owner_category" not in pyogrio.read_dataframe(paths[1], layer="parcels").columns

    def test_extern_holds_nothing_measured_on_private_layers(self, tmp_path):
        result = landready.Study.from_toml(landready.example_study()).run(profiles=["logistik", "kontor"])
        assert "municipal_share" in result.measured.frame  # the test can fail
        assert "municipal_share" in result.scorecards["logistik"].contributions
        result.to_map(tmp_path / "intern.html", audience="intern")
        assert b"municipal_share" in content_of(tmp_path / "intern.html")
        for path in result.write(tmp_path / "ut", audience="extern"):
            content = content_of(path)
            for word in ("municipal_share", "markinnehav", "land_holdings", "Andel som kommunen"):
                assert word.encode() not in content, (path.name, word)
        manifest = json.loads((tmp_path / "ut" / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["withheld_criteria"] == 1

    def test_intern_does(self, small_study, tmp_path):
        gpkg = tmp_path / "intern.gpkg"
        landready.Study.from_toml(small_study).run().to_gpkg(gpkg, audience="intern")
        assert "owner_category" in pyogrio.read_dataframe(gpkg, layer="parcels").columns


def test_modelled_is_called_modelled(small_study, tmp_path):
    """12. On every output it touches."""
    result = landready.Study.from_toml(small_study).run()
    page, gpkg, table, *_tables, manifest = result.write(tmp_path)
    mark = "Delvis modellerat underlag, varken uppmätt eller beslutat: skred"
    assert result.watermark() == mark
    assert payload_of(page.read_text(encoding="utf-8"))["watermark"] == mark
    assert table.read_text(encoding="utf-8-sig").count(mark) == len(result.sites.frame) > 0
    assert json.loads(manifest.read_text(encoding="utf-8"))["watermark"] == mark
    assert json.loads(manifest.read_text(encoding="utf-8"))["inputs"]["skred"]["modelled"] is True
    assert bool(pyogrio.read_dataframe(gpkg, layer="constraints").set_index("constraint").loc["skred", "modelled"])
    assert mark in result.summary()
    with closing(sqlite3.connect(gpkg)) as file:
        described = file.execute("SELECT description FROM gpkg_contents").fetchall()
    assert {words for (words,) in described} == {mark}


def test_where_parcels_are_modelled_nothing_is_a_real_place():
    result = landready.Study.from_toml(landready.example_study()).run(profiles=["logistik"])
    assert result.watermark("sv") == "Modellerade exempeldata – inte verkliga planer eller fastigheter"
    assert result.watermark("en") == "Modelled example data – not real plans or properties"


class TestNoStatuteOverruled:
    """13. A forced inclusion needs a reason and a case number, and never wins over statutory protection."""

    def test_needs_reason_and_case_number(self):
        with pytest.raises(InputError):
            landready.Constraint("decision", frame([square(0, 0)]), kind="include")

    @pytest.mark.parametrize(("legal_basis", "excluded", "conditional"), [("MB 7:4", 1.0, 0.0), (None, 0.0, 1.0)])
    def test_wins_only_over_what_is_no_statute(self, legal_basis, excluded, conditional):
        constraints = [
            landready.Constraint("hard", frame([square(0, 0)]), kind="hard", legal_basis=legal_basis),
            landready.Constraint(
                "decision",
                frame([square(0, 0)]),
                kind="include",
                reason="prövas ändå",
                case_number="KS 2026-1",
            ),
        ]
        row = landready.classify_land(frame([square(0, 0)]), constraints).frame.iloc[0]
        assert row["excluded_ha"] == pytest.approx(excluded)
        assert row["conditional_ha"] == pytest.approx(conditional)
        assert row["free_ha"] == pytest.approx(0.0)


def test_rows_and_columns_in_any_order_give_the_same_scores(assessment):
    """A new arrangement changes no score beyond 1e-9."""
    sites = assessment.sites.frame
    layers = {**assessment.inputs.layers, **assessment.inputs.rasters}
    shuffled = sites.sample(frac=1, random_state=3)[sites.columns[::-1]]
    other = landready.measure(shuffled, layers, assessment.spec.criteria[::-1])
    for card in assessment.scorecards.values():
        again = landready.score(other, card.profile)
        pdt.assert_series_equal(again.frame["total"].loc[sites.index], card.frame["total"], rtol=0, atol=1e-9)
    assert len(score_table(assessment.scorecards)) == 2 * len(sites)
