"""Folium maps of an analyst's own, written to open anywhere."""

import folium
import geopandas as gpd
import pytest
import shapely

from landready import save_offline

pytestmark = pytest.mark.browser

HERE = (57.77, 12.27)


@pytest.fixture
def opened(page, tmp_path):
    def open_map(drawn):
        page.goto(save_offline(drawn, tmp_path / "karta.html").as_uri())
        page.wait_for_selector(".leaflet-container")
        return page

    return open_map


def test_markers_layers_circles_and_popups_work_without_network(opened):
    drawn = folium.Map(location=HERE, tiles=None, zoom_start=12)
    frame = gpd.GeoDataFrame({"namn": ["Floda"]}, geometry=[shapely.box(12.2, 57.75, 12.25, 57.8)], crs=4326)
    folium.GeoJson(frame, name="Ytor", popup=folium.GeoJsonPopup(["namn"])).add_to(drawn)
    group = folium.FeatureGroup(name="Platser").add_to(drawn)
    folium.Marker(HERE, popup="<b>Här</b>", tooltip="Tips").add_to(group)
    folium.Circle((57.78, 12.29), radius=400).add_to(group)
    folium.LayerControl(collapsed=False).add_to(drawn)
    page = opened(drawn)
    assert page.locator(".leaflet-overlay-pane path").count() == 2
    assert page.locator("img.leaflet-marker-icon").evaluate("image => image.naturalWidth") == 25
    page.locator("img.leaflet-marker-icon").click()
    assert page.locator(".leaflet-popup-content b").inner_text() == "Här"
    page.get_by_label("Platser").uncheck()
    assert page.locator(".leaflet-overlay-pane path").count() == 1
    page.locator(".leaflet-overlay-pane path").click()
    page.get_by_text("Floda").wait_for()
    assert len(page.seen["requests"]) == 1
    assert page.seen["errors"] == []


def test_hostile_text_in_an_own_map_runs_nothing_and_is_shown(opened, page, hostile):
    drawn = folium.Map(location=HERE, tiles=None, zoom_start=12)
    short = [text for text in hostile if len(text) < 10_000]
    for place, text in enumerate(short):
        at = (57.7 + place / 2000, 12.2 + place / 2000)
        popup = folium.Popup(text, parse_html=True)
        folium.CircleMarker(at, radius=4, popup=popup, tooltip=text if "//" not in text else None).add_to(
            folium.FeatureGroup(name=text).add_to(drawn)
        )
    frame = gpd.GeoDataFrame({"namn": short}, geometry=[shapely.box(12.2, 57.75, 12.25, 57.8)] * len(short), crs=4326)
    folium.GeoJson(frame, tooltip=folium.GeoJsonTooltip(["namn"]), popup=folium.GeoJsonPopup(["namn"])).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    stopped = []
    page.on("requestfailed", lambda request: stopped.append((request.url, request.failure)))
    opened(drawn)
    page.wait_for_function(f"document.querySelectorAll('.leaflet-overlay-pane path').length == {2 * len(short)}")
    said = page.evaluate(
        """() => Object.values(window).filter((x) => x && x._popup && x._popup.getContent && x instanceof L.CircleMarker)
          .map((x) => { const c = x._popup.getContent(); document.body.append(c); return c.textContent; })"""
    )
    assert len(said) == len(short)
    # Folium writes popups in one line, and takes a backslash before a backtick for its own.
    shown = [text.replace("\\`", "`").replace("\0", "\ufffd").split() for text in short]
    assert [text.split() for text in said] == shown
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert page.seen["dialogs"] == []
    asked = [url for url in page.seen["requests"] if not url.startswith("file:")]
    # Markup in names of layers is markup; the policy keeps it from reaching out.
    assert {failure for _, failure in stopped} == {"csp"}
    assert {url for url, _ in stopped} >= set(asked)
    assert [error for error in page.seen["errors"] if "Content Security Policy" not in error] == []
