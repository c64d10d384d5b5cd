"""Chromium for the browser tests, and the made-up study they look at."""

import importlib.util
import shutil
from pathlib import Path

import pytest

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def example():
    """Return the module `tests/webmap/examples.py`."""
    path = Path(__file__).parents[1] / "webmap" / "examples.py"
    spec = importlib.util.spec_from_file_location("browser_examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def chromium(cannot_run):
    """Return a running Chromium, offline."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        cannot_run("playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        cannot_run("there is no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """Return a page that notes its requests, its console errors and whatever runs that should not, in `page.seen`."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    page = context.new_page()
    page.seen = {"requests": [], "errors": [], "dialogs": []}
    page.on("request", lambda request: page.seen["requests"].append(request.url))
    page.on(
        "console", lambda message: message.type in {"error", "warning"} and page.seen["errors"].append(message.text)
    )
    page.on("pageerror", lambda error: page.seen["errors"].append(str(error)))
    page.on("dialog", lambda dialog: (page.seen["dialogs"].append(dialog.message), dialog.dismiss()))
    yield page
    context.close()


@pytest.fixture
def show(page, tmp_path):
    """Return a function that writes a payload as a map, opens it from disk and gives back the page."""
    from landready.webmap.page import save

    def open_map(payload):
        path = tmp_path / "karta.html"
        save(payload, path)
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
        return page

    return open_map


@pytest.fixture(scope="session")
def hostile():
    """Return the texts of `tests/hostile.py`."""
    path = Path(__file__).parents[1] / "hostile.py"
    spec = importlib.util.spec_from_file_location("hostile_texts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.HOSTILE


class Drawn:
    """What the page has drawn on its canvases: the shapes are no elements that could be counted."""

    def __init__(self, page):
        self.page = page

    def count(self, pane="sites"):
        """Return how many shapes are drawn in a pane."""
        box = self.page.locator(f".leaflet-{pane}-pane canvas")
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return int(box.get_attribute("data-drawn")) if box.count() else 0

    def at(self, lat, lon):
        """Return where a place is on the screen, once the map is at rest."""
        return self.page.evaluate(
            """async ([lat, lon]) => {
              const frame = () => new Promise(requestAnimationFrame);
              await frame().then(frame); // a zoom begins in the frame after it was asked for
              while (map_1._animatingZoom || map_1._panAnim?._inProgress) await frame();
              const box = document.querySelector(".folium-map").getBoundingClientRect();
              const point = map_1.latLngToContainerPoint([lat, lon]);
              return [box.left + point.x, box.top + point.y];
            }""",
            [lat, lon],
        )

    def colour(self, lat, lon, pane="sites"):
        """Return red, green, blue and opacity at a place, 0–255."""
        return self.page.evaluate(
            """async ([lat, lon, pane]) => {
              await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              const box = document.querySelector(`.leaflet-${pane}-pane canvas`);
              const { left, top } = box.getBoundingClientRect();
              const { left: x, top: y } = document.querySelector(".folium-map").getBoundingClientRect();
              const point = map_1.latLngToContainerPoint([lat, lon]);
              const sharp = box.width / parseFloat(box.style.width);
              const at = [(point.x + x - left) * sharp, (point.y + y - top) * sharp];
              const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
              copy.drawImage(box, -Math.round(at[0]), -Math.round(at[1]));
              return [...copy.getImageData(0, 0, 1, 1).data];
            }""",
            [lat, lon, pane],
        )


@pytest.fixture
def drawn(page):
    """Return what counts and finds the shapes on the page's canvases."""
    return Drawn(page)
