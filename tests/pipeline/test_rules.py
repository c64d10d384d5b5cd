"""Each rule that the example has no layer for, tried on the small study: it touches the land that it should."""

import geopandas as gpd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.windows import Window

from landready import Study, StudyError
from landready.rules import constraint_rules

WEST, SOUTH = 340_000, 6_408_000
# A square of 4 ha in the south-west corner: one parcel.
CORNER = shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 200)
BUFFERS = {rule.id: rule.buffer_m for rule in constraint_rules()}

CASES = [
    ("water_protection", "water_protection", {}, "strong"),
    ("water_protection", "water_protection_primary", {"zone": "Primär zon"}, "hard"),
    ("biotope_protection", "biotope_protection", {}, "strong"),
    ("forest_values", "forest_values", {}, "info"),
    ("wetlands", "wetland", {}, "strong"),
    ("species", "species", {}, "strong"),
    ("nature_values", "nature_value_high", {"value_class": 2}, "strong"),
    ("nature_values", "nature_value_other", {"value_class": 3}, "info"),
    ("national_interests", "national_interest", {}, "strong"),
    ("cloudburst", "cloudburst", {}, "info"),
    ("slide_prone", "slide_prone", {}, "strong"),
    ("drainage", "drainage", {}, "info"),
    ("contaminated", "contaminated_high", {"risk_class": "1"}, "strong"),
    ("contaminated", "contaminated_low", {"risk_class": 4}, "info"),
    ("seveso", "seveso", {}, "info"),
    ("plan_provisions", "plan_public_place", {"letter": "NATUR", "plan_status": "laga_kraft"}, "strong"),
    ("easements", "easement", {}, "strong"),
    ("aviation", "aviation", {}, "info"),
    ("overview_plan", "overview_other_use", {"land_use": "Grönområde och park"}, "strong"),
    ("soil", "soil_clay", {"kind": "clay"}, "info"),
    ("soil", "soil_peat", {"kind": "peat"}, "info"),
]


def with_layer(study, role, columns, *, shape=CORNER, name="nytt", extent="area"):
    """Add a layer of one feature to the small study, with the Swedish rules."""
    frame = gpd.GeoDataFrame({key: [value] for key, value in columns.items()}, geometry=[shape], crs=3006)
    pyogrio.write_dataframe(frame, study.parent / f"{name}.gpkg", layer=name)
    written = study.read_text(encoding="utf-8").replace('constraints = "none"', 'constraints = "se"')
    entry = f'[layers.{name}]\npath = "{name}.gpkg"\nrole = "{role}"\nknown_extent = "{extent}"\n\n[rules]'
    study.write_text(written.replace("[rules]", entry, 1), encoding="utf-8")
    return study


@pytest.mark.parametrize(("role", "rule", "columns", "kind"), CASES, ids=[case[1] for case in CASES])
def test_rule(small_study, role, rule, columns, kind):
    land = Study.from_toml(with_layer(small_study, role, columns)).run().land
    touched = land.constraints.loc[rule]
    assert touched["kind"] == kind
    buffer = BUFFERS[rule]
    # The corner of the area: the buffer reaches north and east, and round the corner between them.
    expected = (200 * 200 + 2 * 200 * buffer + 3.1416 * buffer**2 / 4) / 1e4
    if rule != "seveso":  # reaches beyond the other side
        assert touched["affected_ha"] == pytest.approx(expected, rel=1e-3)
    assert touched["affected_ha"] >= 4 * (1 - 1e-9)
    parcel = land.frame.loc["Exempelby 1:1"]
    assert parcel[{"hard": "excluded_ha", "strong": "conditional_ha"}.get(kind, "free_ha")] > 0 or kind == "info"
    if kind == "hard":
        assert parcel["excluded_ha"] == pytest.approx(4.0)


@pytest.mark.parametrize("value", [None, "E"])
def test_contaminated_land_without_a_class_is_not_free(small_study, value):
    columns = {"risk_class": value or float("nan")}
    result = Study.from_toml(with_layer(small_study, "contaminated", columns)).run()
    assert result.land.constraints.loc["contaminated_high", "unmapped_ha"] > 4
    assert result.land.frame.loc["Exempelby 1:1", "free_ha"] == 0
    assert "constraint_undecided" in {finding.key for finding in result.findings}


@pytest.mark.parametrize(("kind", "state"), [("Lera", "not_tested"), ("silt", "tested"), (None, "tested")])
def test_a_rule_on_words_that_nobody_knows_is_not_tested(small_study, kind, state):
    result = Study.from_toml(with_layer(small_study, "soil", {"kind": kind})).run()
    assert result.constraints.loc["soil_peat", "state"] == state
    told = [found for found in result.findings if found.key == "constraint_other_words"]
    assert len(told) == (2 if state == "not_tested" else 0)


class TestShore:
    LAKE = shapely.box(WEST, SOUTH, WEST + 1200, SOUTH + 100)

    def run(self, study, rules=""):
        path = with_layer(study, "water", {"name": "Modellsjön"}, shape=self.LAKE, name="vatten")
        written = path.read_text(encoding="utf-8")
        path.write_text(written.replace('constraints = "se"', f'constraints = "se"\n{rules}'), encoding="utf-8")
        return Study.from_toml(path).run()

    @pytest.mark.parametrize(("rules", "metres"), [("", 100), ("shore_m = 200", 200), ("shore_m = 300", 300)])
    def test_by_distance_from_water(self, small_study, rules, metres):
        result = self.run(small_study, rules)
        touched = result.land.constraints.loc["shore_protection"]
        assert touched["affected_ha"] == pytest.approx(1200 * (100 + metres) / 1e4)
        [told] = [finding for finding in result.findings if finding.key == "shore_by_water"]
        assert f"{metres} m" in told.text("sv")
        assert "shore_m" in told.text("en")
        # The margin is 200 m: from 300 m on, water beyond it could reach in. Arcs fall short by a little.
        assert (touched["unmapped_ha"] > 0.01) == (metres > 200)

    def test_the_county_s_layer_goes_first(self, small_study):
        with_layer(small_study, "shore_protection", {"name": "beslut"}, name="strand")
        result = self.run(small_study)
        assert result.land.constraints.loc["shore_protection", "affected_ha"] == pytest.approx(4.0)
        assert "shore_by_water" not in {finding.key for finding in result.findings}

    def test_other_distances_are_refused(self, small_study):
        with pytest.raises(StudyError, match="shore_m"):
            self.run(small_study, "shore_m = 150")


class TestOverridden:
    def label(self, study, rule, changes):
        path = with_layer(study, "contaminated", {"risk_class": 1})
        written = path.read_text(encoding="utf-8")
        row = f'[[constraints]]\nid = "{rule}"\n{changes}\n\n[sites]'
        path.write_text(written.replace("[sites]", row), encoding="utf-8")
        return Study.from_toml(path).run().land.constraints.loc[rule, "label"]

    def test_a_name_never_says_another_distance(self, small_study):
        assert self.label(small_study, "contaminated_high", "buffer_m = 75") == "Förorenat område, riskklass 1–2"

    def test_a_name_stays_where_the_distance_does(self, small_study):
        said = self.label(small_study, "contaminated_high", 'kind = "hard"')
        assert said == "Förorenat område, riskklass 1–2 (50 m)"

    def test_the_study_s_own_name(self, small_study):
        said = self.label(small_study, "contaminated_high", 'buffer_m = 75\nname = "Deponi (75 m)"')
        assert said == "Deponi (75 m)"


class TestRasters:
    def test_tiles_in_a_folder_give_the_same_slopes_as_one_file(self, small_study):
        whole = Study.from_toml(small_study).run().measured.frame["slope_pct"]
        folder = small_study.parent
        with rasterio.open(folder / "hojder.tif") as raster:
            for row in range(2):
                for column in range(2):
                    window = Window(column * 80, row * 80, 80, 80)
                    (folder / "rutor").mkdir(exist_ok=True)
                    profile = raster.profile | {
                        "width": 80, "height": 80, "transform": raster.transform @ rasterio.Affine.translation(column * 80, row * 80),
                    }  # fmt: skip
                    with rasterio.open(folder / "rutor" / f"{row}{column}.tif", "w", **profile) as tile:
                        tile.write(raster.read(window=window))
        written = small_study.read_text(encoding="utf-8")
        small_study.write_text(written.replace('"hojder.tif"', '"rutor"'), encoding="utf-8")
        assert Study.from_toml(small_study).run().measured.frame["slope_pct"].equals(whole)

    def test_nodata_of_a_vector_layer_is_a_mistake(self, small_study):
        written = small_study.read_text(encoding="utf-8")
        small_study.write_text(
            written.replace('role = "rail"', 'role = "rail"\nnodata = -1').replace(
                'role = "parcels"', 'role = "parcels"\nnodata = -1'
            ),
            encoding="utf-8",
        )
        with pytest.raises(StudyError, match="gäller bara raster"):
            Study.from_toml(small_study).run()

    def test_heights_in_decimetres_are_told(self, small_study):
        path = small_study.parent / "hojder.tif"
        with rasterio.open(path, "r+") as raster:
            raster.write(raster.read() * 100)
        assert "heights_unit" in {finding.key for finding in Study.from_toml(small_study).run().findings}
