import json
import re

import folium
import pytest

from landready.errors import InputError
from landready.webmap.codec import unpack
from landready.webmap.page import save, site_map

HOSTILE = [
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "`${window.ran=1}`",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "a\u2028b\u2029c",
    "\\u003cb\\u003e \\u00zz",
    "<!--<script>",
    "]]>&lt;b&gt;&amp;",
    "nul\x00\x1b\r\n",
    "half \ud800 pair",
    "=HYPERLINK(1)",
    "\u202eomvänd\u202c 🏭",
    "__proto__",
]


def data_of(page):
    return unpack(re.search(r'id="payload">(.*?)</script>', page, re.DOTALL)[1])


def test_is_a_folium_map_with_nothing_to_download(example):
    found = site_map(example.payload())
    assert isinstance(found, folium.Map)
    page = found.get_root().render()
    assert page.startswith('<!DOCTYPE html>\n<html lang="sv">')
    assert "<title>Verksamhetsmark i Exempelby – Lokaliseringsanalys (INTERN)</title>" in page
    viewport = re.search(r'name="viewport" content="([^"]*)"', page)[1]
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
    assert 'id="map_1"' in page
    assert "bootstrap" not in page
    assert "Volodymyr Agafonkin" in page  # Leaflet's notice goes with it
    assert "sourceMappingURL" not in page


def test_english(example):
    page = site_map(example.payload(language="en", audience="extern")).get_root().render()
    assert '<html lang="en">' in page
    assert "Site screening (EXTERNAL)</title>" in page


def test_extern_page_holds_nothing_private_once_decoded(example):
    page = site_map(example.payload(audience="extern")).get_root().render()
    assert "HEMLIG" not in json.dumps(data_of(page), ensure_ascii=False)
    assert "HEMLIG" not in page


def test_hostile_text_is_data_and_nothing_else(example):
    plain = site_map(example.payload()).get_root().render()
    every = " ".join(HOSTILE)
    payload = example.payload(
        sites=example.sites(ids=HOSTILE), title=every, context=example.context(every), findings=[every], sources=[every]
    )
    assert sorted(HOSTILE) == payload["sites"]["ids"]
    page = site_map(payload).get_root().render()
    assert data_of(page) == payload
    assert page.count("<script") == plain.count("<script")
    assert page.count("</script") == plain.count("</script")
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    assert "<" not in title
    assert "{{ 7 * 7 }}" in title
    page.encode("utf-8")


def test_two_saves_are_the_same_bytes_and_so_is_a_second_render(example, tmp_path):
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    save(example.payload(), first)
    save(example.payload(), second)
    assert first.read_bytes() == second.read_bytes()
    found = site_map(example.payload()).get_root()
    assert found.render() == found.render() == first.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_an_earlier_file_stays_when_writing_fails(example, tmp_path):
    path = tmp_path / "karta.html"
    path.write_text("förra", encoding="utf-8")
    payload = example.payload()
    payload["sites"]["area_ha"][0] = float("nan")
    with pytest.raises(ValueError, match="JSON"):
        save(payload, path)
    assert path.read_text(encoding="utf-8") == "förra"
    assert [entry.name for entry in tmp_path.iterdir()] == ["karta.html"]


def test_what_folium_would_fetch_is_refused(example):
    found = site_map(example.payload())
    folium.TileLayer("OpenStreetMap").add_to(found)
    with pytest.raises(InputError, match="openstreetmap"):
        found.get_root().render()


def test_a_folium_layer_that_fetches_nothing_may_be_added(example):
    found = site_map(example.payload())
    folium.PolyLine([(57.7, 12.2), (57.8, 12.3)]).add_to(found)
    page = found.get_root().render()
    assert "poly_line_1" in page
    assert ".addTo(map_1)" in page


def test_scripts_write_no_markup():
    from importlib import resources

    for file in resources.files("landready.webmap").joinpath("assets").iterdir():
        if file.name.endswith(".js"):
            code = file.read_text(encoding="utf-8")
            # `outerHTML` may be read: that is how a copy of the page is made.
            assert not re.search(
                r"innerHTML|outerHTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|\beval\b|new Function", code
            )
