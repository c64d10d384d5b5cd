"""Shares of land cover by the classes of NMD."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import InputError
from landready.criteria.cover import cover_findings, cover_of
from landready.criteria.measures import MEASURES
from landready.layers.adapter import as_layer
from landready.layers.recognise import guess_role
from landready.model import Raster
from landready.rules import land_cover

CRS = "EPSG:3006"
CODES = Raster(
    "nmd",
    np.array([[111.0, 121, 3, 2], [51, 61, 0, np.nan]]),
    (10, 0, 340_000, 0, -10, 6_400_020),
    gpd.GeoSeries([], crs=CRS).crs,
)


def share(cover, west, south, east, north, **params):
    shape = shapely.box(340_000 + west, 6_400_000 + south, 340_000 + east, 6_400_000 + north)
    sites = as_layer(gpd.GeoDataFrame(geometry=[shape], index=["A"], crs=CRS), name="sites")
    return MEASURES["cover_share"].run(sites, CODES, {}, {"cover": cover, **params}).numbers.loc["A"]


@pytest.mark.parametrize(
    ("cover", "expected"),
    [("forest", 0.25), ("wetland", 0.5), ("open_wetland", 0.25), ("farmland", 0.25), ("water", 0), ("built", 0)],
)
def test_shares_of_the_upper_row(cover, expected):
    assert share(cover, 0, 10, 40, 20) == pytest.approx(expected)


def test_cells_that_nobody_knows_do_not_count():
    assert share("built", 0, 0, 40, 10) == pytest.approx(0.5)  # two of the four are known
    assert np.isnan(share("built", 0, 0, 40, 10, max_nodata_share=0.4))
    assert np.isnan(share("built", 20, 0, 40, 10))


def test_codes_of_no_class_are_unknown_and_told():
    odd = Raster("nmd", np.array([[111.0, 999, 999, 0]]), CODES.transform, CODES.crs)
    assert np.isnan(cover_of(odd, "forest").values).tolist() == [[False, True, True, True]]
    [told] = cover_findings(odd)
    assert "2 av 4 celler" in told.text("sv")
    assert "(999)" in told.text("sv")
    assert cover_findings(CODES) == []


def test_another_word_names_the_nearest():
    with pytest.raises(InputError, match=r"”farmlnd” finns inte\. Närmast är ”farmland”"):
        cover_of(CODES, "farmlnd")


def test_no_code_is_in_two_classes():
    apart = [code for name, codes in land_cover().items() if name != "wetland" for code in codes]
    assert len(apart) == len(set(apart))


def test_the_raster_is_recognised():
    assert guess_role(layer="NMD2018bas_ogeneraliserad", file="x", columns=(), kind="raster").role == "land_cover"
    assert guess_role(layer="marktacke", file="x", columns=(), kind="raster").role == "land_cover"
