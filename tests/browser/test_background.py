"""What lies beneath: the hillshade in the file, and tiles from the network where somebody asked for them."""

import base64
import re

import numpy as np
import pytest
from pyproj import CRS

from landready.model import Raster
from landready.webmap.tiles import background

pytestmark = pytest.mark.browser

RED_TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQAY3Y2wAAAAAElFTkSuQmCC"
)


@pytest.fixture
def heights(example):
    west, south, east, north = example.sites().total_bounds
    values = np.add.outer(np.arange(400.0), np.arange(400.0))
    cell = max(east - west, north - south) / 200
    transform = (cell, 0, west - 100 * cell, 0, -cell, north + 100 * cell)
    return Raster("heights", values, transform, CRS("EPSG:3006"), modelled=True)


def layer_box(page, name):
    page.locator("summary", has_text="Lager").click()
    return page.locator(".layers li", has_text=name)


def test_hillshade_is_in_the_file_and_can_be_switched_off(example, show, heights, drawn):
    page = show(example.payload(heights=heights))
    image = page.locator(".leaflet-relief-pane img")
    assert image.count() == 1
    assert image.evaluate("each => each.complete && each.naturalWidth > 100")
    (south, west), (north, east) = example.payload(heights=heights)["relief"]["bounds"]
    left, top = drawn.at(north, west)
    right, bottom = drawn.at(south, east)
    box = image.bounding_box()
    assert [box["x"], box["y"], box["width"], box["height"]] == pytest.approx(
        [left, top, right - left, bottom - top], abs=1.5
    )
    box = layer_box(page, "Terrängskuggning")
    assert box.locator(".tag").inner_text().lower() == "modellerat"
    box.locator("input").press("Space")
    assert image.count() == 0
    assert len(page.seen["requests"]) == 1
    assert page.seen["errors"] == []


def test_tiles_cover_the_ground_when_they_come(example, show, page):
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body=RED_TILE, content_type="image/png")

    page.route("https://tile.openstreetmap.org/**", answer)
    show(example.payload(tiles=background("osm", language="sv")))
    page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").first.wait_for()
    assert all(re.fullmatch(r"https://tile\.openstreetmap\.org/\d+/\d+/\d+\.png", url) for url in asked)
    note = page.locator("#foot .fetched").inner_text()
    assert "OpenStreetMaps bidragsgivare" in note
    assert "kan se vilken del av kartan" in note
    layer_box(page, "hämtas från tile.openstreetmap.org").locator("input").press("Space")
    assert page.locator(".leaflet-tiles-pane img").count() == 0
    assert page.seen["errors"] == []


def test_the_map_is_readable_when_no_tile_comes(example, show, page, drawn):
    page.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
    show(example.payload(tiles=background("osm", language="sv")))
    assert drawn.count() == drawn_without(example)
    assert page.locator(".leaflet-ground-pane path, .leaflet-ground-pane canvas").count() > 0
    page.locator("button.open").first.click()
    assert page.locator(".card").is_visible()
    assert page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").count() == 0


def drawn_without(example):
    return sum(shape is not None for shape in example.payload()["sites"]["shapes"])


def test_no_other_host_is_reached_even_if_the_page_asks(example, show, page):
    page.route("https://**", lambda route: route.fulfill(body=RED_TILE, content_type="image/png"))
    show(example.payload(tiles=background("osm", language="sv")))
    failed = page.evaluate(
        """() => new Promise((done) => {
          const image = new Image();
          image.onload = () => done(false);
          image.onerror = () => done(true);
          image.src = "https://other.example/x.png";
        })"""
    )
    assert failed
    assert any("Content Security Policy" in error for error in page.seen["errors"])
