"""All criteria of all sites: values, units, states, ledger, and every mistake told at once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from landready.criteria import MEASURES
from landready.criteria.form import form
from landready.criteria.measuring import measure
from landready.criteria.network import travel_time
from landready.criteria.overlap import overlap_share
from landready.criteria.proximity import distance_to
from landready.criteria.terrain import slope, zonal
from landready.errors import ColumnError, CrsError, InputError
from landready.model import Layer, Ledger, Raster, Sites
from landready.spec import Criterion, ValueFunction

X, Y = 500_000, 6_400_000
BUSY = {"departures": ">= 20"}
VALUE = ValueFunction(points=[(0, 0.0), (1, 1.0)])
TM = CRS("EPSG:3006")


def box(west, south, east, north):
    return shapely.box(X + west, Y + south, X + east, Y + north)


def frame(geometries, index=None, **columns):
    bare = gpd.GeoDataFrame(geometry=list(geometries), index=index, crs=3006)
    return bare.assign(**columns)


def criterion(name, how, layer=None, *, where=None, **params):
    return Criterion(id=name, measure=how, layer=layer, where=where or {}, params=params, value=VALUE)


@pytest.fixture
def sites():
    return frame([box(0, 0, 100, 100), box(1000, 0, 1200, 100)], ["A", "B"], area_ha=[1.0, 2.0], use=["x", "y"])


@pytest.fixture
def layers():
    stations = frame(
        [shapely.Point(X + 2000, Y), shapely.Point(X + 150, Y + 50)], name=["big", "small"], departures=[40, 2]
    )
    rows, columns = np.mgrid[0:40, 0:150]
    heights = 0.5 * columns + 0 * rows
    heights[:, 100:] = np.nan
    return {
        "stations": Layer("stations", stations, source="stops.gpkg", date="2026-01-02"),
        "roads": frame([shapely.LineString([(X - 500, Y), (X + 3000, Y)])], speed_kmh=60),
        "flood": Layer("flood", frame([box(0, 0, 50, 100)]), known_extent=box(-500, -500, 500, 500), modelled=True),
        "heights": Raster("heights", heights, (10, 0, X - 200, 0, -10, Y + 200), TM, source="h.tif", date="2020-05-05"),
    }


def test_the_measures_are_those_of_the_design():
    assert set(MEASURES) == {
        "attribute", "form", "distance_to", "travel_time", "overlap_share", "zonal", "slope", "cover_share", "evidence",
    }  # fmt: skip


def test_each_measure_equals_its_verb(sites, layers):
    wanted = {
        "station_m": ("distance_to", "stations", {}),
        "station_min": ("travel_time", "stations", {"roads": "roads"}),
        "flood_share": ("overlap_share", "flood", {}),
        "height_m": ("zonal", "heights", {"stat": "p90", "max_nodata_share": 1}),
        "slope_pct": ("slope", "heights", {"max_nodata_share": 1}),
        "widest_m": ("form", None, {"column": "inscribed_diameter_m"}),
        "size_ha": ("attribute", None, {"column": "area_ha"}),
    }
    criteria = [criterion(name, how, layer, **params) for name, (how, layer, params) in wanted.items()]
    found = measure(sites, layers, criteria)
    assert found.frame.columns.tolist() == list(wanted)
    expected = {
        "station_m": distance_to(sites, layers["stations"]),
        "station_min": travel_time(sites, layers["roads"], layers["stations"]),
        "flood_share": overlap_share(sites, layers["flood"]),
        "height_m": zonal(sites, layers["heights"], stats=["p90"])["p90"],
        "slope_pct": zonal(sites, slope(layers["heights"]))["mean"],
        "widest_m": form(sites)["inscribed_diameter_m"],
        "size_ha": sites["area_ha"],
    }
    pd.testing.assert_frame_equal(found.frame, pd.DataFrame(expected))
    assert found.frame.loc["A"].notna().all()
    assert found.frame.loc["A", "slope_pct"] == pytest.approx(5)


def test_state_source_date_and_bound(sites, layers):
    criteria = [
        criterion("station_m", "distance_to", "stations"),
        criterion("flood_share", "overlap_share", "flood"),
        criterion("width_m", "form", column="width_m"),
        criterion("fibre_m", "distance_to", "fibre"),
    ]
    near = Layer("sites", sites, source="study", date="2026-03-03")
    small = layers["stations"]
    layers["stations"] = Layer(
        "stations",
        small.frame.iloc[:1],
        source="stops.gpkg",
        date="2026-01-02",
        known_extent=box(-500, -500, 2500, 500),
    )
    found = measure(near, layers, criteria)
    assert found.state.loc["A"].tolist() == ["known", "modelled", "known", "unknown"]
    assert found.state.loc["B"].tolist() == ["known", "unknown", "known", "unknown"]
    assert found.upper_bound["station_m"].tolist() == [True, True]
    assert not found.upper_bound.drop(columns="station_m").any(axis=None)
    assert found.source.loc["A"].tolist() == ["stops.gpkg", None, "study", None]
    assert found.date.loc["B"].tolist() == ["2026-01-02", None, "2026-03-03", None]
    for table, kind in (
        ("frame", "float64"),
        ("state", "object"),
        ("upper_bound", "bool"),
        ("source", "object"),
        ("date", "object"),
    ):
        assert (getattr(found, table).dtypes == kind).all()
        assert getattr(found, table).index.tolist() == ["A", "B"]
    assert [one.id for one in found.criteria] == found.frame.columns.tolist()


def test_modelled_is_called_modelled(sites, layers):
    drive = criterion("station_min", "travel_time", "stations", roads="roads")
    layers["roads"] = Layer("roads", layers["roads"], modelled=True)
    assert measure(sites, layers, [drive]).state["station_min"].tolist() == ["modelled"] * 2
    modelled = Layer("sites", sites, modelled=True)
    size = criterion("size_ha", "attribute", column="area_ha")
    assert measure(modelled, {}, [size]).state["size_ha"].tolist() == ["modelled"] * 2
    assert measure(sites, {}, [size]).state["size_ha"].tolist() == ["known"] * 2


def test_units_follow_the_id(sites, layers):
    criteria = [
        criterion("station_km", "distance_to", "stations"),
        criterion("flood_pct", "overlap_share", "flood"),
        criterion("length_km", "form", column="length_m"),
        criterion("steep_share", "slope", "heights"),
        criterion("compact_pct", "form", column="compactness_share"),
        criterion("departures_count", "zonal", "heights"),
    ]
    found = measure(sites, layers, criteria).frame.loc["A"]
    assert found["station_km"] == pytest.approx(0.05)
    assert found["flood_pct"] == pytest.approx(50)
    assert found["length_km"] == pytest.approx(0.1)
    assert found["steep_share"] == pytest.approx(0.05)
    assert found["compact_pct"] == pytest.approx(100 * np.pi / 4)


def test_units_that_do_not_fit(sites, layers):
    criteria = [
        criterion("station_ha", "distance_to", "stations"),
        criterion("size_m", "attribute", column="area_ha"),
        criterion("station_months", "travel_time", "stations", roads="roads"),
    ]
    with pytest.raises(InputError) as caught:
        measure(sites, layers, criteria)
    assert [found.key for found in caught.value.findings] == ["measure_unit"] * 3


def test_where_filters_the_layer(sites, layers):
    all_of_them, big = (
        criterion("any_m", "distance_to", "stations"),
        criterion("big_m", "distance_to", "stations", where={"departures": ">= 20"}),
    )
    found = measure(sites, layers, [all_of_them, big, big.model_copy(update={"id": "none_m", "where": {"name": "?"}})])
    assert found.frame.loc["A"].tolist()[:2] == [50.0, 1900.0]
    assert found.state["none_m"].tolist() == ["unknown"] * 2


def test_a_missing_layer_is_unknown_and_in_the_ledger(sites, layers):
    criteria = [
        criterion("fibre_m", "distance_to", "fibre"),
        criterion("fibre_share", "overlap_share", "fibre"),
        criterion("station_min", "travel_time", "stations", roads="paths", mode="walk"),
    ]
    found = measure(sites, layers, criteria)
    assert found.frame.isna().all(axis=None)
    assert (found.state == "unknown").all(axis=None)
    assert found.ledger.frame[["step", "layer", "reason", "count", "ids"]].to_numpy().tolist() == [
        ["measure", "fibre", "no_layer", 2, "fibre_m, fibre_share"],
        ["measure", "paths", "no_layer", 1, "station_min"],
    ]
    assert found.ledger.in_words("en").shape == (2, 6)


def test_too_much_nodata_is_unknown(sites, layers):
    bare = frame([box(0, 0, 100, 100), box(690, 0, 890, 100), box(600, 0, 900, 100)], ["A", "B", "C"])
    found = measure(bare, layers, [criterion("height_m", "zonal", "heights")])
    assert found.state["height_m"].tolist() == ["known", "known", "known"]
    bare = frame([box(750, 0, 850, 100), box(749, 0, 851, 100), box(760, 0, 860, 100)])
    found = measure(bare, layers, [criterion("height_m", "zonal", "heights")])
    assert found.state["height_m"].tolist() == ["known", "known", "unknown"]
    strict = criterion("height_m", "zonal", "heights", max_nodata_share=0.1)
    assert measure(bare, layers, [strict]).frame.isna().all(axis=None)


def test_unreachable_is_known_and_bad(sites, layers):
    layers["roads"] = layers["roads"].set_geometry(layers["roads"].translate(0, 5000))
    found = measure(sites, layers, [criterion("station_min", "travel_time", "stations", roads="roads")])
    assert found.frame["station_min"].tolist() == [np.inf] * 2
    assert found.state["station_min"].tolist() == ["known"] * 2


def test_all_mistakes_of_all_criteria_are_told_together(sites, layers):
    criteria = [
        criterion("a_m", "distanse_to", "stations"),
        criterion("b_m", "distance_to", "stations", radius=5),
        criterion("c_m", "distance_to"),
        criterion("d_min", "travel_time", "stations", roads="heights"),
        criterion("e_min", "travel_time", "stations", mode=3),
        criterion("f_m", "zonal", "roads"),
        criterion("g_ha", "attribute", column="area"),
        criterion("h_ha", "attribute", column="use"),
        criterion("i_ha", "attribute", "stations", column="area_ha"),
        criterion("j_m", "distance_to", "stations", where={"departure": ">= 20"}),
        criterion("k_min", "travel_time", "stations", roads="roads", snap_limit_m="far"),
        criterion("l_m", "zonal", "heights", where={"a": 1}, stat="mean"),
        criterion("m_pct", "slope", "heights", stat="meen"),
        criterion("m_pct", "slope", "heights"),
        criterion("n_min", "travel_time", "stations", roads="roads", mode="fly"),
    ]
    with pytest.raises(InputError) as caught:
        measure(sites, layers, criteria)
    assert sorted(found.key for found in caught.value.findings) == sorted(
        [
            "study_duplicate",
            "measure_unknown",
            "measure_unknown_param",
            "measure_needs_layer",
            "measure_needs_vector",
            "measure_missing_param",
            "measure_param_text",
            "measure_needs_raster",
            "missing_column",
            "column_not_numbers",
            "measure_takes_no_layer",
            "missing_column",
            "measure_param_number",
            "measure_where_raster",
            "unknown_stat",
            "option_value",
        ]
    )
    text = caught.value.text("en")
    assert 'Did you mean "distance_to"?' in text
    assert 'The nearest is "area_ha"' in text
    assert 'The nearest is "departures"' in text


def test_one_kind_of_mistake_keeps_its_kind(sites, layers):
    with pytest.raises(ColumnError, match="area_ha"):
        measure(sites, layers, [criterion("size_ha", "attribute", column="area")])
    with pytest.raises(CrsError, match="EPSG:3007"):
        measure(
            sites,
            {"stops": frame([shapely.Point(150_000, Y)]).set_crs(3007, allow_override=True)},
            [criterion("stop_m", "distance_to", "stops"), criterion("stop_km", "distance_to", "stops")],
        )


def test_empty_sites_and_no_criteria(sites, layers):
    criteria = [
        criterion("station_m", "distance_to", "stations"),
        criterion("station_min", "travel_time", "stations", roads="roads"),
        criterion("flood_pct", "overlap_share", "flood"),
        criterion("slope_pct", "slope", "heights"),
        criterion("width_m", "form", column="width_m"),
        criterion("size_ha", "attribute", column="area_ha"),
    ]
    found = measure(sites.iloc[:0], layers, criteria)
    for table in (found.frame, found.state, found.upper_bound, found.source, found.date):
        assert table.columns.tolist() == [one.id for one in criteria]
        assert table.empty
    assert (found.frame.dtypes == "float64").all()
    nothing = measure(sites, layers, [])
    assert nothing.frame.shape == (2, 0)
    assert nothing.frame.index.tolist() == ["A", "B"]


def test_sites_of_assemble_and_their_index_name(sites):
    sites.index.name = "site_id"
    assembled = Sites(sites, members=pd.DataFrame(), ledger=Ledger.empty())
    found = measure(assembled, {}, [criterion("size_ha", "attribute", column="area_ha")])
    assert found.frame.index.name == "site_id"
    assert found.frame["size_ha"].tolist() == [1.0, 2.0]


def test_repairs_are_in_the_ledger_once(sites, layers):
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    layers["flood"] = frame([bow, None])
    earlier = Ledger.entry("read", "stations", "null_geometry", ids=["x"])
    layers["stations"] = layers["stations"].with_frame(layers["stations"].frame, earlier)
    criteria = [criterion("flood_pct", "overlap_share", "flood"), criterion("flood_share", "overlap_share", "flood")]
    criteria.append(criterion("station_m", "distance_to", "stations"))
    found = measure(sites, layers, criteria)
    assert found.ledger.frame[["layer", "reason", "count"]].to_numpy().tolist() == [
        ["flood", "null_geometry", 1],
        ["flood", "repaired", 1],
    ]


@pytest.mark.realdata
def test_rows_and_columns_in_any_order_change_nothing(cambridge):
    sites = cambridge("parcels_fy2014").sample(120, random_state=1)
    sites.index = [f"P{number}" for number in sites.index]
    west, south, east, north = sites.total_bounds
    heights = np.random.default_rng(0).normal(20, 5, (150, 150)).cumsum(axis=0)
    cell = (max(east - west, north - south) + 100) / 150
    layers = {
        "streets": cambridge("street_centerlines").assign(speed_kmh=30),
        "stations": cambridge("subway_stations"),
        "flood": cambridge("flood500"),
        "heights": Raster("heights", heights, (cell, 0, west - 50, 0, -cell, north + 50), sites.crs),
    }
    criteria = [
        criterion("station_m", "distance_to", "stations"),
        criterion("station_min", "travel_time", "stations", roads="streets"),
        criterion("walk_min", "travel_time", "stations", roads="streets", mode="walk"),
        criterion("flood_pct", "overlap_share", "flood"),
        criterion("slope_pct", "slope", "heights"),
        criterion("width_m", "form", column="inscribed_diameter_m"),
    ]
    found = measure(sites, layers, criteria)
    assert found.frame.notna().any().all()
    shuffled = {
        name: layer if isinstance(layer, Raster) else layer.sample(frac=1, random_state=3)[layer.columns[::-1]]
        for name, layer in layers.items()
    }
    again = measure(sites.sample(frac=1, random_state=4)[sites.columns[::-1]], shuffled, criteria[::-1])
    pd.testing.assert_frame_equal(
        again.frame.loc[found.frame.index, found.frame.columns], found.frame, atol=1e-9, rtol=0
    )
    pd.testing.assert_frame_equal(again.state.loc[found.state.index, found.state.columns], found.state)


def test_a_nearer_feature_that_nobody_can_judge_makes_a_distance_an_upper_bound(sites):
    points = [shapely.Point(X + 1500, Y + 50), shapely.Point(X + 300, Y + 50)]
    stations = frame(points, departures=[40, None])
    found = measure(sites, {"stations": stations}, [criterion("s_m", "distance_to", "stations", where=BUSY)])
    assert found.frame["s_m"].tolist() == [1400.0, 300.0]
    assert found.upper_bound["s_m"].tolist() == [True, False]
    assert found.state["s_m"].tolist() == ["known", "known"]


def test_a_share_that_a_feature_nobody_can_judge_would_change_is_unknown(sites):
    flood = frame([box(0, 0, 50, 100), box(50, 0, 75, 100)], return_period_year=[100, None])
    wanted = criterion("flood_share", "overlap_share", "flood", where={"return_period_year": "<= 100"})
    found = measure(sites, {"flood": flood}, [wanted])
    assert found.frame["flood_share"].isna().tolist() == [True, False]
    assert found.frame.loc["B", "flood_share"] == 0


def test_unreachable_is_unknown_where_a_target_nobody_can_judge_could_be_reached(sites):
    roads = frame([shapely.LineString([(X - 500, Y), (X + 3000, Y)])], speed_kmh=60)
    stations = frame([shapely.Point(X + 2000, Y)], departures=[None])
    far = frame([shapely.Point(X + 2000, Y + 90_000), shapely.Point(X + 2000, Y)], departures=[40, None])
    wanted = criterion("s_min", "travel_time", "stations", where=BUSY, roads="roads")
    for targets in (stations, far):
        found = measure(sites, {"stations": targets, "roads": roads}, [wanted])
        assert found.frame["s_min"].isna().all()
