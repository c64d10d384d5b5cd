"""Roads from NVDB's layers: hand-made stretches, and a real delivery checked feature by feature."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import LineString

import landready
from landready import ColumnError, travel_time
from landready.layers.nvdb import roads_from, themes_in

EAST, NORTH = 330_000.0, 6_400_000.0


def table(*rows, **columns):
    """Return features on elements of 1 km that run east: rows of (element, start, end), then columns."""
    lines = [
        LineString(
            [(EAST + 1000 * low, NORTH + 100 * int(name[1:])), (EAST + 1000 * high, NORTH + 100 * int(name[1:]))]
        )
        for name, low, high in rows
    ]
    frame = pd.DataFrame(rows, columns=["ELEMENT_ID", "START_MEASURE", "END_MEASURE"])
    frame = frame.assign(VALID_FROM=20200101, VALID_TO=99991231, **columns)
    return gpd.GeoDataFrame(frame, geometry=lines, crs=3006)


def network(*rows):
    return table(*rows, Nattyp="bilnät")


def roads(**tables):
    frame, notes = roads_from(tables, layer="nvdb")
    starts = (shapely.get_coordinates(frame.geometry.values)[::2, 0] - EAST) / 1000
    return frame.assign(start=starts.round(6), length=frame.length.round(6)), notes


def test_the_layers_are_known_by_the_last_word_of_their_name():
    assert themes_in(["NVDB-Vagtrafiknat", "NVDB-Hastighetsgrans", "VIS_DK_O_49_Hallplats"]) == {
        "vagtrafiknat": "NVDB-Vagtrafiknat",
        "hastighetsgrans": "NVDB-Hastighetsgrans",
    }
    assert themes_in(["NVDB_DK_O_48_Hastighetsgrans"]) == {}


def test_a_road_is_parted_where_the_speed_changes():
    speed = table(("e1", 0, 0.3), ("e1", 0.3, 1), Hogsta_tillatna_hastighet=["50", "70"], DIRECTION="Med och mot")
    found, _ = roads(vagtrafiknat=network(("e1", 0, 1), ("e2", 0, 1)), hastighetsgrans=speed)
    assert found["length"].tolist() == [300, 700, 1000]
    assert found["speed_kmh"].tolist()[:2] == [50, 70]
    assert np.isnan(found["speed_kmh"].iloc[2])  # nobody has said
    assert found["oneway"].tolist() == ["both"] * 3


def test_measures_are_those_of_the_element_not_of_the_feature():
    speed = table(("e1", 0.5, 0.75), Hogsta_tillatna_hastighet=30, DIRECTION="Med och mot")
    found, _ = roads(vagtrafiknat=network(("e1", 0.25, 0.75)), hastighetsgrans=speed)
    assert found[["start", "length"]].to_numpy().tolist() == [[0.25, 250], [0.5, 250]]
    assert found["speed_kmh"].fillna(0).tolist() == [0, 30]


def test_directions_that_differ_become_two_one_way_roads():
    speed = table(("e1", 0, 1), ("e1", 0, 1), Hogsta_tillatna_hastighet=[80, 60], DIRECTION=["Med", "Mot"])
    found, _ = roads(vagtrafiknat=network(("e1", 0, 1)), hastighetsgrans=speed)
    assert found[["oneway", "speed_kmh"]].to_numpy().tolist() == [["forward", 80.0], ["backward", 60.0]]


def test_forbidden_directions():
    forbidden = table(("e1", 0.5, 1), ("e2", 0, 1), ("e3", 0, 1), ("e3", 0, 1), DIRECTION=["Mot", "Med", "Med", "Mot"])
    found, notes = roads(
        vagtrafiknat=network(("e1", 0, 1), ("e2", 0, 1), ("e3", 0, 1)), forbjudenfardriktning=forbidden
    )
    assert found["oneway"].tolist() == ["both", "forward", "backward"]
    closed = notes.ledger.frame.set_index("reason").loc["nvdb_closed"]
    assert (closed["count"], closed["ids"]) == (1, "e3")


def test_a_layer_that_is_there_answers_no_and_one_that_is_not_answers_nothing():
    motorway = table(("e1", 0, 1))
    found, _ = roads(vagtrafiknat=network(("e1", 0, 1), ("e2", 0, 1)), motorvag=motorway)
    assert found["motorway"].tolist() == [True, False]
    assert "hazmat_route" not in found


def test_numbers_and_categories():
    numbers = table(
        *((f"e{k}", 0, 1) for k in range(5)),
        Huvudnummer=["20", "40", "190", "1747", None],
        Europavag=["Ja", "Nej", "Nej", "Nej", None],
    )
    found, _ = roads(vagtrafiknat=network(*((f"e{k}", 0, 1) for k in range(5))), vagnummer=numbers)
    assert found["road_number"].fillna("–").tolist() == ["E20", "40", "190", "1747", "–"]
    assert found["road_category"].fillna(0).tolist() == [1, 2, 3, 4, 0]


def test_old_shapefile_names_and_codes():
    speed = table(("e1", 0, 1), HTHAST=70)
    bearing = table(("e1", 0, 1), Barighetsklass=["4"])
    found, _ = roads(vagtrafiknat=network(("e1", 0, 1)), hastighetsgrans=speed, barighet=bearing)
    assert found[["speed_kmh", "bearing_class"]].to_numpy().tolist() == [[70, "BK4"]]


def test_what_is_no_road_for_cars_and_no_longer_valid_is_told():
    net = network(("e1", 0, 1), ("e2", 0, 1), ("e3", 0, 1)).assign(
        Nattyp=["bilnät", "cykelnät", "bilnät"], VALID_TO=[99991231, 99991231, 20190101]
    )
    found, notes = roads(vagtrafiknat=net)
    assert len(found) == 1
    assert notes.ledger.frame.set_index("reason")["ids"].to_dict() == {"nvdb_expired": "e3", "nvdb_no_cars": "e2"}
    assert "cykelnät" in notes.ledger.in_words("sv").to_string()


def test_everything_that_is_missing_is_told_at_once():
    net = network(("e1", 0, 1)).drop(columns="ELEMENT_ID")
    speed = table(("e1", 0, 1), fart=50)
    with pytest.raises(ColumnError) as error:
        roads_from({"vagtrafiknat": net, "hastighetsgrans": speed}, layer="nvdb")
    assert "element_id" in str(error.value)
    assert "hogsta_tillatna_hastighet" in str(error.value)


def test_measures_that_cannot_be_are_told_and_laid_nowhere():
    net = network(("e1", 0, 1), ("e2", 0, 1.4), ("e3", 0, 1))
    speed = table(("e1", 0.6, 0.2), ("e1", -0.5, 0.5), ("e2", 0, 1), ("e3", 0, 1), Hogsta_tillatna_hastighet=50)
    found, notes = roads(vagtrafiknat=net, hastighetsgrans=speed)
    assert len(found) == 3  # no road is lost
    assert found["speed_kmh"].notna().sum() == 1
    told = " ".join(finding.text("sv") for finding in notes.findings if finding.key == "nvdb_measures")
    assert "”nvdb (vagtrafiknat)”: 1 av 3 objekt" in told
    assert "”nvdb (hastighetsgrans)”: 2 av 4 objekt" in told
    assert "där är svaret okänt" in told


def test_a_hair_outside_is_no_damage():
    speed = table(("e1", -1e-9, 1 + 1e-9), Hogsta_tillatna_hastighet=50)
    found, notes = roads(vagtrafiknat=network(("e1", 0, 1)), hastighetsgrans=speed)
    assert found["speed_kmh"].tolist() == [50]
    assert not notes.findings


def test_an_element_that_is_not_in_the_network_is_told():
    speed = table(("e1", 0, 1), ("e9", 0, 1), Hogsta_tillatna_hastighet=50)
    found, notes = roads(vagtrafiknat=network(("e1", 0, 1)), hastighetsgrans=speed)
    assert found["speed_kmh"].tolist() == [50]
    (told,) = notes.findings
    assert told.key == "nvdb_astray"
    assert "1 av 2 objekt" in told.text("sv")


def test_code_words_nobody_knows_are_told_and_unknown():
    bearing = table(("e1", 0, 1), ("e2", 0, 1), Barighetsklass=["BK 1", "BK 7"])
    found, notes = roads(vagtrafiknat=network(("e1", 0, 1), ("e2", 0, 1)), barighet=bearing)
    assert found["bearing_class"].fillna("–").tolist() == ["BK1", "–"]
    (told,) = notes.findings
    assert told.key == "product_values"
    assert "”barighetsklass”: 1 av 2 objekt har värden vars betydelse inte är känd (BK 7)" in told.text("sv")


def test_a_road_of_several_parts_keeps_its_place():
    net = network(("e1", 0, 1), ("e2", 0, 1))
    line = net.geometry[1]
    parts = [shapely.MultiLineString([net.geometry[0]]), shapely.MultiLineString([line, line])]
    speed = table(("e1", 0, 0.5), ("e2", 0, 0.5), Hogsta_tillatna_hastighet=50)
    found, notes = roads_from({"vagtrafiknat": net.set_geometry(parts, crs=3006), "hastighetsgrans": speed}, layer="n")
    assert found.geometry.geom_type.tolist() == ["LineString", "LineString", "MultiLineString"]
    assert found["speed_kmh"].fillna(0).tolist() == [50, 0, 0]
    assert [finding.key for finding in notes.findings] == ["nvdb_measures"]


@pytest.fixture(scope="module")
def delivery(real_data):
    path = real_data / "se-lantmateriet-goteborg" / "nvdb_goteborg_vasastan_316366.gpkg"
    themes = themes_in(name for name, _ in pyogrio.list_layers(path))
    return {theme: pyogrio.read_dataframe(path, layer=layer) for theme, layer in themes.items()}


@pytest.mark.realdata
class TestADelivery:
    def test_no_metre_is_lost(self, delivery):
        found, _ = roads_from(delivery, layer="nvdb")
        net = delivery["vagtrafiknat"]
        cars = net[net["Nattyp"] == "bilnät"]
        assert found.length.sum() == pytest.approx(cars.length.sum(), abs=1e-6)

    @pytest.mark.parametrize(
        ("theme", "theirs", "ours"),
        [
            ("hastighetsgrans", "Hogsta_tillatna_hastighet", "speed_kmh"),
            ("funkvagklass", "Klass", "road_class"),
            ("vagbredd", "Bredd", "width_m"),
            ("barighet", "Barighetsklass", "bearing_class"),
        ],
    )
    def test_every_stretch_has_what_lies_on_it(self, delivery, theme, theirs, ours):
        """By place, without elements or measures: the features that run along a stretch say what it says."""
        found, _ = roads_from(delivery, layer="nvdb")
        features = delivery[theme]
        lines = shapely.force_2d(features.geometry.values)
        tree = shapely.STRtree(lines)
        compared = 0
        for road in found.itertuples():
            middle = shapely.line_interpolate_point(road.geometry, 0.5, normalized=True)
            beside = tree.query(middle, predicate="dwithin", distance=0.02)
            said = {str(features[theirs].iloc[k]).replace(" ", "") for k in beside}
            if len(said) != 1:
                continue
            value = getattr(road, ours)
            compared += 1
            assert str(value).replace(".0", "") == said.pop().replace(".0", "")
        assert compared > 0.5 * len(found)

    def test_it_can_be_travelled(self, delivery):
        found, _ = roads_from(delivery, layer="nvdb")
        places = gpd.GeoDataFrame(geometry=found.geometry.iloc[::20].centroid, crs=found.crs)
        minutes = travel_time(places, found, places.iloc[:2], default_speed_kmh=40)
        assert np.isfinite(minutes).mean() > 0.9

    def test_it_is_read_like_any_other_layer(self, real_data):
        path = real_data / "se-lantmateriet-goteborg" / "nvdb_goteborg_vasastan_316366.gpkg"
        layer = landready.read(path, role="roads")
        assert layer.name == "vägnät (NVDB)"
        assert {"speed_kmh", "oneway", "bearing_class", "road_class"} <= set(layer.frame.columns)
        assert "nvdb_no_cars" in set(layer.ledger.frame["reason"])
        report = landready.check(path)
        roles = {entry.layer: entry.recognition.role for entry in report.layers}
        assert roles["vägnät (NVDB)"] == "roads"
        assert roles["NVDB_DK_O_48_Hastighetsgrans"] == "other"
        why = {entry.layer: entry.recognition.why_in_words("sv") for entry in report.layers}
        assert why["NVDB_DK_O_48_Hastighetsgrans"] == "hör till vägnät (NVDB)"
