"""Text that has broken pages elsewhere, in every place where the map of a study shows text of its data."""

import geopandas as gpd
import pytest
import shapely

from landready.model import Layer
from landready.webmap.polygons import polygon_layer

pytestmark = pytest.mark.browser


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
    for place in range(len(hostile)):
        page.evaluate("(place) => document.querySelectorAll('button.open')[place].click()", place)
        assert page.locator("article.card h2").text_content() in hostile
        page.evaluate("document.querySelector('button.back').click()")
    for place, layer in enumerate(payload["layers"]):
        point = layer["shapes"][0].centroid
        page.evaluate("([lat, lon]) => map_1.fire('click', { latlng: L.latLng(lat, lon) })", [point.y, point.x])
        text = page.evaluate(
            "() => { const box = [...document.querySelectorAll('.of-shape')].at(-1);"
            " return [box.querySelector('h2'), box.querySelector('dt'), box.querySelector('dd'),"
            " box.querySelector('.label')].map((part) => part.textContent); }"
        )
        assert text == [short[place]] * 4
    assert page.locator("img, iframe, object, h1 *, .findings script, svg[onload], plaintext").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert len(page.seen["requests"]) == 1
