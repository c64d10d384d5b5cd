"""Text that has broken pages elsewhere, in every place where the map of a study shows text of its data."""

import geopandas as gpd
import pytest
import shapely

from landready.model import Layer
from landready.webmap.polygons import polygon_layer

pytestmark = pytest.mark.browser

OPEN_CARDS = """places => places.map(place => {
    document.querySelectorAll('button.open')[place].click();
    const title = document.querySelector('article.card h2').textContent;
    document.querySelector('button.back').click();
    return title;
})"""
CLICK_SHAPES = """points => points.map(([lat, lon]) => {
    map_1.fire('click', { latlng: L.latLng(lat, lon) });
    const box = [...document.querySelectorAll('.of-shape')].at(-1);
    return ['h2', 'dt', 'dd', '.label'].map(part => box.querySelector(part).textContent);
})"""


def batched(places, size=8):
    """Return places a few at a time: the page, which is drawn after each lot, is drawn slowly with so much in it."""
    return [list(places[start : start + size]) for start in range(0, len(places), size)]


@pytest.fixture
def opened(example, show, hostile):
    west, south = example.WEST, example.SOUTH - 1500
    short = [text for text in hostile if len(text) < 10_000]
    squares = [
        shapely.box(west + 100 * place, south, west + 100 * place + 90, south + 90) for place in range(len(hostile))
    ]
    frame = gpd.GeoDataFrame(geometry=squares, crs=example.CRS)
    layers = [
        polygon_layer(
            text,
            text,
            frame.iloc[[place]],
            look="polygons",
            names=[text],
            columns=[{"label": text, "unit": None, "values": [text]}],
            why=["left"],
            rules=[{"label": text, "kind": "hard", "law": text}],
            rule_count=[1],
            rule=[0],
            rule_share=[0.5],
            rule_unmapped=[False],
            shown=True,
        )
        for place, text in enumerate(short)
    ]
    water = example.context()["water"]
    context = {
        text: Layer(text, water.frame.assign(name=text), role="water", source=text, date="2026-01-01")
        for text in short[:40]
    }
    sites = example.sites(ids=hostile)
    payload = example.payload(
        sites=sites,
        title=" ".join(short),
        layers=layers,
        context=context,
        findings=hostile,
        sources=hostile,
        watermark=short[1],
    )
    return short, payload, show(payload)


def test_nothing_runs_nothing_breaks_and_the_text_is_shown(opened, hostile, drawn):
    short, payload, page = opened
    assert page.locator("h1").text_content() == " ".join(short)
    assert sorted(page.locator("button.open").evaluate_all("list => list.map(b => b.textContent)")) == sorted(hostile)
    told = page.locator(".findings .data").evaluate_all("list => list.map(b => b.textContent)")
    assert sorted(told) == sorted(hostile)
    labels = page.locator(".layers .data").evaluate_all("list => list.map(b => b.textContent)")
    assert set(short) <= set(labels)
    assert drawn.count() > 80  # those in view
    for places in batched(range(len(hostile))):
        assert set(page.evaluate(OPEN_CARDS, places)) <= set(hostile)
    points = [layer["shapes"][0].centroid for layer in payload["layers"]]
    for places in batched(range(len(points))):
        told = page.evaluate(CLICK_SHAPES, [[points[place].y, points[place].x] for place in places])
        assert told == [[short[place]] * 4 for place in places]
    assert page.locator("img, iframe, object, h1 *, .findings script, svg[onload], plaintext").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert len(page.seen["requests"]) == 1
