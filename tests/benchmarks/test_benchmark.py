"""landready agrees with a plain geopandas script on a small case, and disagreement would be seen."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

HERE = Path(__file__).resolve().parent


@pytest.fixture
def agreement(monkeypatch):
    """Return the module as the scripts import it."""
    monkeypatch.syspath_prepend(str(HERE))
    import agreement

    yield agreement
    for name in ("agreement", "case"):
        sys.modules.pop(name, None)


def test_both_sides_agree_on_the_small_case(tmp_path):
    out = tmp_path / "benchmark.json"
    ended = subprocess.run(
        [sys.executable, HERE / "run.py", "--size", "S", "--json", out], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    checks = json.loads(out.read_text(encoding="utf-8"))["checks"]
    assert checks
    assert all(check["agrees"] for check in checks)


@pytest.mark.parametrize(
    ("column", "by"),
    [("main_road_m", 1e-3), ("free_ha", 1e-4), ("water_share", 1e-4), ("station_min", 5.0), ("score", 1e-6)],
)
def test_a_difference_is_seen(agreement, tmp_path, column, by):
    plain, ours = tmp_path / "plain.gpkg", tmp_path / "ours.gpkg"
    names = [*agreement.DISTANCES, *agreement.HECTARES, *agreement.SHARES, "station_min", "slope_pct", "slope_cells"]
    table = gpd.GeoDataFrame(
        {"parcel_id": list("abcd"), **{name: [0.1, 0.2, 0.3, 0.5] for name in names}},
        geometry=shapely.box([0, 100, 200, 300], 0, [100, 200, 300, 400], 150),
        crs="EPSG:3006",
    )
    table["slope_cells"] = 60
    table["score"] = agreement.score(table)
    sites = table[["free_ha", "conditional_ha", "geometry"]].assign(
        area_ha=[1.0, 2.0, 3.0, 4.0], parcels=2, main_parcel=list("abcd")
    )
    for path in (plain, ours):
        table.to_file(path, layer="parcels")
        sites.to_file(path, layer="sites")
    assert all(check["agrees"] for check in agreement.compare(plain, ours))
    table.loc[1, column] += by
    table.to_file(ours, layer="parcels")
    assert not all(check["agrees"] for check in agreement.compare(plain, ours))


@pytest.mark.parametrize(("column", "value"), [("conditional_ha", 9.0), ("parcels", 3), ("main_parcel", "x")])
def test_a_difference_between_sites_is_seen(agreement, tmp_path, column, value):
    sites = gpd.GeoDataFrame(
        {"area_ha": [1.0, 2.0], "free_ha": 0.5, "conditional_ha": 0.5, "parcels": 2, "main_parcel": ["a", "b"]},
        geometry=shapely.box([0, 100], 0, [100, 300], 150),
        crs="EPSG:3006",
    )
    plain, ours = tmp_path / "plain.gpkg", tmp_path / "ours.gpkg"
    sites.to_file(plain, layer="sites")
    sites.assign(**{column: value}).to_file(ours, layer="sites")
    assert all(check.agrees for check in agreement._sites(plain, plain))
    assert not all(check.agrees for check in agreement._sites(plain, ours))
