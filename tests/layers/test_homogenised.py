"""Roads from NVDB's homogenised layer, with the columns that it has as delivered and damage that a delivery may have."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString

import landready
from landready import travel_time
from landready.layers.homogenised import is_homogenised

EAST, NORTH = 338_000.0, 6_406_000.0

LONG = {
    "Vagtr_474": "Vägtrafiknät/Nättyp",
    "F_Hogst_225": "Hastighetsgräns/Högsta tillåtna hastighet(F)",
    "B_Hogst_225": "Hastighetsgräns/Högsta tillåtna hastighet(B)",
    "B_Forbjuden_fardriktning": "Förbjuden färdriktning(B)",
    "Huvud_13": "Vägnummer/Huvudnummer",
    "Kateg_380": "Vägkategori/Kategori",
    "Barig_64": "Bärighet/Bärighetsklass",
    "Rekom_185": "Rekommenderad väg för farligt gods/Rekommendation",
}


def delivery(count=2, **columns):
    """Return stretches of 1 km end to end, as the producer writes them: parts of routes, lines of several parts."""
    lines = [
        MultiLineString([LineString([(EAST + 1000 * k, NORTH), (EAST + 1000 * (k + 1), NORTH)])]) for k in range(count)
    ]
    given = {
        "ROUTE_ID": [f"{k}" for k in range(count)],
        "Vagtr_474": [1] * count,
        "F_Hogst_225": [50] * count,
        "B_Hogst_225": [50] * count,
    } | columns
    return gpd.GeoDataFrame(given, geometry=lines, crs=3006)


def read(frame, tmp_path, **options):
    path = tmp_path / "nvdb.gpkg"
    frame.to_file(path)
    return landready.read(path, role="roads", **options)


def test_each_answer_stands_in_a_column(tmp_path):
    layer = read(
        delivery(
            Huvud_13=[20, 190],
            Europ_16=[-1, 0],
            Kateg_380=[1, 3],
            Klass_181=[0, 4],
            Barig_64=[4, 1],
            Rekom_185=["Primär", None],
            Motorvag=[1, None],
            Vagha_6=[1, 3],
            Bredd_156=[19.5, 7.0],
            Namn_130=[None, "Alingsåsvägen"],
            ADT_f_117=[31_000, 6_200],
        ),
        tmp_path,
    )
    assert layer.frame.drop(columns="geometry").to_dict("records") == [
        {
            "road_number": "E20",
            "name": None,
            "road_category": 1,
            "road_class": 0,
            "motorway": True,
            "speed_kmh": 50,
            "oneway": "both",
            "width_m": 19.5,
            "aadt": 31_000,
            "bearing_class": "BK4",
            "keeper": "stat",
            "hazmat_route": True,
        },
        {
            "road_number": "190",
            "name": "Alingsåsvägen",
            "road_category": 3,
            "road_class": 4,
            "motorway": False,
            "speed_kmh": 50,
            "oneway": "both",
            "width_m": 7.0,
            "aadt": 6_200,
            "bearing_class": "BK1",
            "keeper": "enskild",
            "hazmat_route": False,
        },
    ]


def test_long_names_of_columns_say_the_same(tmp_path):
    short = delivery(B_Forbjuden_fardriktning=[1, None], Huvud_13=[40, 190], Kateg_380=[2, 3], Barig_64=[1, 2])
    first = read(short, tmp_path).frame
    (tmp_path / "b").mkdir()
    second = read(short.rename(columns=LONG), tmp_path / "b").frame
    assert first.drop(columns="geometry").to_dict("records") == second.drop(columns="geometry").to_dict("records")
    assert first["oneway"].tolist() == ["forward", "both"]


def test_speeds_that_differ_by_direction_become_two_roads(tmp_path):
    layer = read(delivery(B_Hogst_225=[30, 50]), tmp_path)
    assert layer.frame[["oneway", "speed_kmh"]].to_numpy().tolist() == [["forward", 50], ["backward", 30], ["both", 50]]
    assert layer.frame.index.is_unique
    there = gpd.GeoDataFrame(geometry=gpd.points_from_xy([EAST], [NORTH]), crs=3006)
    back = gpd.GeoDataFrame(geometry=gpd.points_from_xy([EAST + 1000], [NORTH]), crs=3006)
    assert travel_time(there, layer.frame, back).iloc[0] == pytest.approx(1.2)
    assert travel_time(back, layer.frame, there).iloc[0] == pytest.approx(2.0)


def test_kept_columns_follow_their_stretch(tmp_path):
    layer = read(delivery(B_Hogst_225=[30, 50]), tmp_path, keep=["ROUTE_ID"])
    assert layer.frame["ROUTE_ID"].tolist() == ["0", "0", "1"]


def test_what_is_no_road_for_cars_or_closed_is_told(tmp_path):
    frame = delivery(
        4,
        Vagtr_474=[1, 2, 4, 1],
        F_Forbjuden_fardriktning=[None, None, None, 1],
        B_Forbjuden_fardriktning=[None, None, None, 1],
    )
    layer = read(frame, tmp_path)
    assert len(layer.frame) == 1
    told = layer.ledger.frame.set_index("reason")["ids"]
    assert told[["nvdb_no_cars", "nvdb_closed"]].tolist() == ["1, 2", "3"]


def test_damage_a_road_without_speed_and_words_nobody_knows(tmp_path):
    frame = delivery(3, F_Hogst_225=[50, None, 70], B_Hogst_225=[50, None, None], Barig_64=[4, 9, None])
    layer = read(frame, tmp_path)
    assert layer.frame["oneway"].tolist() == ["both", "both", "forward", "backward"]
    speeds = layer.frame["speed_kmh"].tolist()
    assert speeds[0] == 50
    assert np.isnan(speeds[1])
    assert layer.frame["bearing_class"].fillna("–").tolist()[:2] == ["BK4", "–"]
    (told,) = [finding for finding in layer.findings if finding.key == "product_values"]
    assert (told.values["column"], told.values["values"], told.values["count"]) == ("Barig_64", "9.0", 1)


def test_it_is_recognised_by_its_columns(tmp_path):
    path = tmp_path / "leverans.gpkg"
    delivery().to_file(path)
    (entry,) = landready.check(path).layers
    assert (entry.recognition.role, entry.recognition.certainty) == ("roads", "sure")
    assert entry.recognition.why_in_words("sv") == "kolumnerna är de i NVDB, homogeniserad"
    assert is_homogenised(LONG.values())
    assert not is_homogenised(["speed_kmh", "oneway"])


@pytest.mark.filterwarnings("ignore:Normalized")
def test_a_shapefile_in_western_letters_that_cuts_names(tmp_path):
    path = tmp_path / "nvdb.shp"
    with pytest.warns(UserWarning, match="truncated"):
        delivery(Namn_130=["Häradsvägen", "Ågatan"]).to_file(path, encoding="ISO-8859-1")
    assert landready.read(path, role="roads").frame["name"].tolist() == ["Häradsvägen", "Ågatan"]
