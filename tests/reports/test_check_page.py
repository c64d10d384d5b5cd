"""The report on layers as a page to mail."""

import re

import geopandas as gpd
import shapely

from landready import check
from landready.reports.check_page import check_page


def report_on(folder, *, named="Exempelby 1:1", layer="fastigheter"):
    frame = gpd.GeoDataFrame({"parcel_id": [named]}, geometry=[shapely.box(340_000, 6_400_000, 340_050, 6_400_100)])
    frame.set_crs("EPSG:3006").to_file(folder / "a.gpkg", layer=layer)
    return check(folder)


def test_it_says_what_there_is_where_it_ends_and_what_is_missing(tmp_path):
    page = check_page(report_on(tmp_path))
    assert "a.gpkg · fastigheter" in page
    assert "från öst 340 000 till 340 050 och från norr 6 400 000 till 6 400 100" in page.replace("\xa0", " ")
    assert "1 av 1 lager går att använda" in page
    assert "(buildings)" in page  # what cannot be said without buildings
    assert '<html lang="en">' in check_page(report_on(tmp_path), "en")


def test_what_must_be_mended_comes_first(tmp_path):
    (tmp_path / "b.gpkg").write_bytes(b"SQLite format 3\x00 and nothing more")
    page = check_page(report_on(tmp_path))
    assert page.index('class="not_usable"') < page.index("a.gpkg · fastigheter")


def test_it_runs_and_fetches_nothing_whatever_the_files_hold(tmp_path):
    page = check_page(report_on(tmp_path, layer='x"><script>alert(1)</script>'))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(src|href)\s*=|url\(|@import", page)
    assert "default-src 'none'" in page
    assert str(tmp_path.parent) not in page
