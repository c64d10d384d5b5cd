"""A GeoPackage that says what the frames say, the same bytes twice."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from landready.reports.geopackage import write_geopackage

TABLES = {
    "sites": gpd.GeoDataFrame(
        {"minutes": [1.0, np.inf, np.nan], "name": ["Å", None, "<b>"]},
        geometry=[shapely.box(5e5, 6.4e6, 5e5 + n, 6.4e6 + n) for n in (1, 2, 3)],
        index=pd.Index(["a 1:1/1", "b", "c"], name="site_id"),
        crs="EPSG:3006",
    ),
    "ledger": pd.DataFrame({"reason": ["för smal"], "count": [3]}),
}


def test_round_trip(tmp_path):
    write_geopackage(tmp_path / "r.gpkg", TABLES, date="2026-11-01")
    sites = gpd.read_file(tmp_path / "r.gpkg", layer="sites").set_index("site_id")
    assert sites.crs.to_epsg() == 3006
    assert sites.index.tolist() == ["a 1:1/1", "b", "c"]
    assert sites["minutes"].tolist()[:2] == [1.0, np.inf]
    assert np.isnan(sites["minutes"].iloc[2])
    assert sites["name"].iloc[2] == "<b>"
    assert pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="ledger")["reason"].tolist() == ["för smal"]


def test_same_bytes(tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        write_geopackage(tmp_path / name, TABLES, date="2026-11-01")
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_empty_layers(tmp_path):
    write_geopackage(tmp_path / "e.gpkg", {"sites": TABLES["sites"].iloc[:0]}, date="2026-11-01")
    assert len(gpd.read_file(tmp_path / "e.gpkg", layer="sites")) == 0
