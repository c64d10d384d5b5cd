"""Values of layers put into the words of the rules, and land use by the name of a layer."""

import geopandas as gpd
import pytest
import shapely

import landready
from landready.layers.folding import fold
from landready.layers.recognise import guess_role
from landready.layers.value_words import _words, land_use_of_name
from landready.rules import constraint_rules, roles

SQUARES = [shapely.box(340_000 + k, 6_400_000, 340_050 + k, 6_400_050) for k in (0, 100, 200)]


def read(tmp_path, role, *, layer="lager", **columns):
    path = tmp_path / "lager.gpkg"
    gpd.GeoDataFrame(columns, geometry=SQUARES, crs=3006).to_file(path, layer=layer)
    return landready.read(path, role=role, layer=layer, name="plan")


def keys(layer):
    return {finding.key for finding in layer.findings}


def test_the_words_are_folded_and_belong_to_columns_of_roles():
    for role, columns in _words().items():
        for column, words in columns.items():
            assert column in roles()[role].columns
            assert [fold(word) for word in words] == list(words)


def test_all_values_that_rules_ask_for_by_word_can_be_said():
    """Where a rule asks for one of several words, each has a Swedish one."""
    for rule in constraint_rules():
        for column, wanted in rule.where.items():
            words = _words().get(rule.role, {}).get(column)
            if words and not (isinstance(wanted, str) and wanted[0] in "<>"):
                asked = wanted if isinstance(wanted, list | tuple) else [wanted]
                assert set(asked) <= set(words.values()), rule.id


def test_categories_of_the_model(tmp_path):
    plan = read(tmp_path, "overview_plan", land_use=["Verksamheter och industri", "Grönområde och park", "Egen klass"])
    assert plan.frame["land_use"].tolist() == ["verksamheter_industri", "gron_natur", "Egen klass"]
    [told] = [finding for finding in plan.findings if finding.key == "values_translated"]
    assert "Grönområde och park → gron_natur" in told.text("sv")


def test_a_layer_for_each_category_says_its_use_by_its_name(tmp_path):
    plan = read(tmp_path, "overview_plan", layer="Sammanhängande bostadsbebyggelse", namn=["x"] * 3)
    assert plan.frame["land_use"].tolist() == ["bostad"] * 3
    assert "land_use_by_name" in keys(plan)
    other = read(tmp_path, "overview_plan", layer="op_2030", namn=["x"] * 3)
    assert "land_use" not in other.frame


@pytest.mark.parametrize(
    ("name", "land_use"),
    [
        ("Verksamheter och industri", "verksamheter_industri"),
        ("MARK_Teknisk_anlaggning_yta", "teknisk"),
        ("natur_och_friluftsliv", "gron_natur"),
        ("Vatten", "vatten"),
        ("verksamhetsomrade", None),
        ("op", None),
    ],
)
def test_names_of_layers(name, land_use):
    assert land_use_of_name(name) == land_use


def test_numbers_in_words_become_numbers(tmp_path):
    sites = read(tmp_path, "contaminated", risk_class=["1 - Mycket stor risk", "4", None])
    assert sites.frame["risk_class"].tolist()[:2] == [1, 4]
    assert sites.frame["risk_class"].dtype == "float64"
    sites = read(tmp_path, "contaminated", risk_class=["1", "E", None])
    assert sites.frame["risk_class"].isna().tolist() == [False, True, True]
    [strange] = [finding for finding in sites.findings if finding.key == "product_values"]
    assert "1 av 3" in strange.text("sv")
    assert "(E)" in strange.text("sv")


def test_values_that_are_ours_are_not_told(tmp_path):
    assert "values_translated" not in keys(read(tmp_path, "landslide", risk=["high", "low", "x"]))
    assert read(tmp_path, "landslide", risk=["Hög", "låg", "high"]).frame["risk"].tolist() == ["high", "low", "high"]


@pytest.mark.parametrize(
    ("layer", "role"),
    [
        ("Vattenskyddsområden", "water_protection"),
        ("vatten", "water"),
        ("Riksintresse friluftsliv", "national_interests"),
        ("ebh_objekt", "contaminated"),
        ("Förutsättningar för skred", "slide_prone"),
        ("skredrisk", "landslide"),
        ("sumpskogar", "wetlands"),
        ("Naturvårdsavtal", "forest_values"),
        ("skyfallskartering", "cloudburst"),
        ("oversvamning_100", "flood"),
        ("ledningsratter", "easements"),
        ("Verksamheter och industri", "overview_plan"),
        ("verksamhetsområde VA", "utility_area"),
        ("Markavvattningsföretag", "drainage"),
        ("Flygbuller Landvetter", "aviation"),
        ("NVI 2025", "nature_values"),
        ("biotopskydd", "biotope_protection"),
        ("Seveso", "seveso"),
        ("artskydd", "species"),
    ],
)
def test_layers_are_recognised_by_name(layer, role):
    assert guess_role(layer=layer, file="fil", columns=[], kind="Polygon").role == role
