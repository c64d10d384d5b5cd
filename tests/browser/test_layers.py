"""Layers beside the sites, why a parcel is no site, and maps of any frame."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landready import Constraint, assemble, classify_land, quick_map
from landready.webmap.polygons import polygon_layer
from landready.webmap.why import parcel_layer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def why(example):
    """Parcels north of the sites of the example: one under water, the next free but too small for a site."""
    west, south = example.WEST, example.SOUTH + 1000
    parcels = gpd.GeoDataFrame(
        geometry=[
            shapely.box(west, south, west + 400, south + 400),
            shapely.box(west + 500, south, west + 560, south + 60),
        ],
        index=pd.Index(["Vatten 1:1", "Liten 1:2"], name="parcel_id"),
        crs=example.CRS,
    )
    lake = gpd.GeoDataFrame(geometry=[shapely.box(west - 9, south - 9, west + 409, south + 409)], crs=example.CRS)
    water = Constraint("water", lake, kind="hard", label="Vatten", legal_basis="MB 11 kap.")
    land = classify_land(parcels, [water])
    members = assemble(land, min_site_ha=5.0).members
    return parcel_layer(land, members, {"water": "Vatten"}, language="sv", modelled=False)


def middle(layer, place):
    point = layer["shapes"][place].centroid
    return point.y, point.x


def test_a_click_on_a_parcel_says_why_it_is_no_site_also_where_the_layer_is_not_shown(example, show, drawn, why):
    page = show(example.payload(layers=[why]))
    assert drawn.count("layers") == 0
    page.mouse.click(*drawn.at(*middle(why, why["names"].index("Vatten 1:1"))))
    answer = page.locator(".of-shape")
    assert answer.locator("h2").inner_text() == "Vatten 1:1"
    assert answer.locator(".why").inner_text().startswith("Marken är undantagen")
    assert answer.locator(".restrictions").inner_text().split("\n") == ["Vatten", "100\u00a0%", "undantas · MB 11 kap."]
    assert "16,0\u00a0ha" in answer.locator(".facts").inner_text()
    page.locator(".leaflet-popup-close-button").click()
    page.mouse.click(*drawn.at(*middle(why, why["names"].index("Liten 1:2"))))
    assert page.locator(".of-shape .why").last.inner_text().startswith("En del av marken återstår")
    assert page.locator(".of-shape").last.locator(".restrictions").count() == 0
    assert page.seen["errors"] == []


def test_a_layer_is_shown_when_it_is_asked_for_and_stands_in_the_legend_then(example, show, drawn, why):
    page = show(example.payload(layers=[why]))
    assert page.locator('.legend [data-look="parcels"]').count() == 0
    page.get_by_text("Lager", exact=True).click()
    page.get_by_label("Fastigheter").check()
    assert drawn.count("layers") == 2
    assert page.locator('.legend [data-look="parcels"]').count() == 1
    page.get_by_label("Fastigheter").uncheck()
    assert drawn.count("layers") == 0


def test_a_click_on_a_site_opens_its_card_and_no_answer(example, show, drawn, why):
    payload = example.payload(layers=[why])
    page = show(payload)
    south, west, north, east = (
        payload["sites"]["shapes"][0]["coordinates"][0][place][axis] for place in (0, 2) for axis in (1, 0)
    )
    page.mouse.click(*drawn.at(min(south, north) + abs(north - south) * 0.15, min(west, east) + abs(east - west) * 0.9))
    assert page.locator("article.card h2").inner_text() == payload["sites"]["ids"][0]
    assert page.locator(".of-shape").count() == 0


def test_looks_of_shapes_names_and_values_of_any_layer(example, show, drawn):
    west, south = example.WEST, example.SOUTH + 1000
    boxes = shapely.box(west + np.array([0, 500]), south, west + np.array([400, 900]), south + 400)
    frame = gpd.GeoDataFrame(geometry=boxes, crs=example.CRS)
    layer = polygon_layer(
        "rules",
        "Restriktioner",
        frame,
        look="restriction_hard",
        looks=["restriction_hard", "restriction_strong"],
        look_of=["restriction_hard", "restriction_strong"],
        names=["Vatten", "Strandskydd"],
        columns=[{"label": "Lagrum", "unit": None, "values": [None, "MB 7 kap."]}],
        shown=True,
    )
    page = show(example.payload(layers=[layer]))
    red, orange = (drawn.colour(*middle(layer, place), pane="layers") for place in (0, 1))
    assert red[:3] == pytest.approx([0x8F, 0x1D, 0x2C], abs=3)
    assert orange[:3] == pytest.approx([0xE0, 0x7A, 0x3F], abs=3)
    page.mouse.click(*drawn.at(*middle(layer, 1)))
    assert "MB 7 kap." in page.locator(".of-shape").inner_text()
    page.mouse.click(*drawn.at(*middle(layer, 0)))
    page.get_by_role("heading", name="Vatten").wait_for()
    assert "okänt" in page.locator(".of-shape").last.inner_text()


@pytest.fixture
def quick(page, tmp_path):
    def open_map(frame, **options):
        page.goto(quick_map(frame, tmp_path / "ytor.html", **options).as_uri())
        page.wait_for_selector(".leaflet-layers-pane canvas", state="attached")
        return page

    return open_map


def squares(count, crs=3006, **columns):
    place = np.arange(count)
    west, south = 338_000 + place % 25 * 120, 6_406_000 + place // 25 * 120
    return gpd.GeoDataFrame(columns, geometry=shapely.box(west, south, west + 100, south + 100), crs=crs)


def test_any_frame_of_polygons_as_a_map_by_mouse_and_by_keyboard(quick, drawn):
    frame = squares(250, namn=[f"Yta {place}" for place in range(250)], ha=np.arange(250) / 4, kommun="Lerum")
    page = quick(frame, name="namn", columns={"ha": "Hektar", "kommun": "Kommun"}, title="Ytor", date="2026-11-01")
    assert page.locator("h1").inner_text() == "Ytor"
    assert drawn.count("layers") == 250
    assert page.locator("button.open").count() == 100
    page.get_by_role("button", name="Nästa").press("Enter")
    assert "101–200 av 250" in page.locator("#panel").inner_text()
    page.get_by_role("button", name="Yta 150", exact=True).press("Enter")
    assert page.locator(".of-shape").inner_text().split() == ["Yta", "150", "ytor", "Hektar", "37,5", "Kommun", "Lerum"]
    page.locator(".leaflet-popup-close-button").press("Enter")
    page.locator(".of-shape").wait_for(state="detached")
    page.get_by_role("button", name="Visa hela området").click()
    point = frame.geometry.iloc[[7]].centroid.to_crs(4326).iloc[0]
    page.mouse.click(*drawn.at(point.y, point.x))
    assert page.locator(".of-shape h2").inner_text() == "Yta 7"
    assert page.seen["errors"] == []
    assert len(page.seen["requests"]) == 1


def test_hostile_text_everywhere_in_a_quick_map_is_shown_and_runs_nothing(quick, hostile):
    frame = squares(len(hostile), **{text[:200]: pd.Series(hostile, dtype=object) for text in hostile[:30]})
    frame["name"] = pd.Series(hostile, dtype=object)
    page = quick(frame, name="name", title=hostile[0], date=hostile[1])
    shown = page.locator("button.open").evaluate_all("list => list.map((button) => button.textContent)")
    assert shown == hostile
    for place in range(len(hostile)):
        page.evaluate("(place) => document.querySelectorAll('button.open')[place].click()", place)
        values = page.evaluate(
            "[...document.querySelectorAll('.of-shape')].at(-1).querySelectorAll('dd')[0].textContent"
        )
        assert values == hostile[place]
    assert page.evaluate("window.ran") is None
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert len(page.seen["requests"]) == 1
