"""The maps of two whole studies, Lerum (modelled) and Cambridge (real): all that the made-up study's map is held to."""

import re
from pathlib import Path

import numpy as np
import pytest

import landready
from landready.scoring.places import places, span
from landready.webmap.codec import payload_of

pytestmark = pytest.mark.browser

CAMBRIDGE = Path(__file__).parents[1] / "studies" / "cambridge.toml"
GRAVE = {"serious", "critical"}
A4 = (297, 210)
# What is tried one by one, each found anew: what is used may change the page.
CONTROLS = "button, select, summary, input"


@pytest.fixture(scope="module", params=["lerum", pytest.param("cambridge", marks=pytest.mark.realdata)])
def assessment(request):
    if request.param == "cambridge":
        request.getfixturevalue("real_data")
        return landready.Study.from_toml(CAMBRIDGE).run()
    return landready.Study.from_toml(landready.example_study()).run()


@pytest.fixture(scope="module")
def written(assessment, tmp_path_factory):
    """Return a function that gives the map's file in a language, for an audience."""
    folder = tmp_path_factory.mktemp("kartor")

    def file(language="sv", audience="intern"):
        path = folder / f"{language}-{audience}.html"
        if not path.exists():
            assessment.to_map(path, language=language, audience=audience)
        return path

    return file


@pytest.fixture
def opened(page, written):
    def go(*options, size=(1400, 900)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(written(*options).as_uri())
        page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
        return page

    return go


def clean(page):
    assert all(url.startswith(("file://", "blob:", "data:")) for url in page.seen["requests"])
    assert len([url for url in page.seen["requests"] if url.startswith("file://")]) == 1
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []


def still(page):
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def number_of(text):
    return float(re.sub(r"[^\d,−-]", "", text.split("(")[0]).replace(",", ".").replace("−", "-"))


def test_every_site_is_drawn_and_listed(assessment, opened, drawn):
    page = opened()
    card = next(iter(assessment.scorecards.values()))
    assert drawn.count() == len(assessment.sites.frame)
    ranked = int(card.frame["ranked"].sum())
    assert page.locator(".count").inner_text().split()[0] == str(ranked)
    for layer in page.locator(".layers input").all():
        layer.evaluate("box => box.checked || box.click()")
    still(page)
    shapes = payload_of(page.content())["layers"]
    assert drawn.count("layers") == sum(_how_many(layer["shapes"]) for layer in shapes)
    clean(page)


def _how_many(shapes):
    return len(shapes) if isinstance(shapes, list) else len(shapes["offsets"])


def test_the_land_sums_to_what_python_says(assessment, opened):
    page = opened()
    told = [number_of(text) for text in page.locator(".land-list dd").all_inner_texts()]
    assert told == pytest.approx(list(assessment.land_totals().values()), abs=0.051)


def test_a_slider_ranks_as_python_does(assessment, opened):
    page = opened()
    name, card = next(iter(assessment.scorecards.items()))
    page.locator(".weights > summary").click()
    slider = page.locator("[data-weight]").nth(1)
    moved = slider.get_attribute("data-weight")
    slider.fill("0")
    still(page)
    weights = {key: weight for key, weight in card.profile.weights.items() if key != moved}
    again = landready.score(assessment.measured, card.profile.model_copy(update={"weights": weights})).frame
    best = again[again["ranked"]].sort_values(["rank"], kind="stable")
    shown = page.locator("tbody tr td.rank").all_inner_texts()
    names = page.locator("button.open").all_inner_texts()
    ranks = {key: text for key, text in zip(names, shown, strict=True) if text != "–"}
    shared = places(best["rank"]).head(len(ranks))
    expected = {str(key): span(first, last) for key, first, last in shared.itertuples()}
    together = ranks.keys() & expected.keys()
    assert len(together) >= min(len(ranks), len(expected)) - 1  # a tie at the end of the page may go either way
    assert all(ranks[key] == expected[key] for key in together)
    assert name
    clean(page)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_control_can_be_used(opened, by):
    page = opened()
    used = use_all(page, by)
    clean(page)
    page.seen["requests"].clear()
    page = opened()
    page.locator("button.open").first.click()
    used |= use_all(page, by, within=".card")
    assert len(used) > 25
    clean(page)


def use_all(page, by, within="body"):
    """Use each control once, the lists' rows but for the first of each left out; return what was used."""
    used = set()
    count = page.locator(f"{within} :is({CONTROLS})").count()
    for place in range(count):
        control = page.locator(f"{within} :is({CONTROLS})").nth(place)
        if not control.count() or not control.is_visible() or not control.is_enabled():
            continue
        what = control.evaluate(
            "node => [node.tagName, node.type || '', node.className, node.id, node.closest('tr') ? '' : node.textContent]"
            ".join(' ').slice(0, 80)"
        )
        if what in used:
            continue
        used.add(what)
        tag, kind = what.split(" ")[0], what.split(" ")[1]
        if tag == "SELECT":
            options = control.locator("option").count()
            if by == "mouse":
                control.select_option(index=options - 1)
            else:
                control.focus()
                page.keyboard.press("ArrowDown")
        elif kind in {"text", "search", "number"}:
            control.click() if by == "mouse" else control.focus()
            page.keyboard.type("1")
            page.keyboard.press("Enter")
        elif by == "mouse":
            control.click(timeout=5000)
        else:
            control.focus()
            page.keyboard.press(
                "ArrowRight" if kind == "range" else "Space" if kind in {"checkbox", "radio"} else "Enter"
            )
        still(page)
    return used


@pytest.mark.parametrize(("language", "audience"), [("sv", "intern"), ("en", "extern")])
@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_no_grave_finding(opened, cannot_run, language, audience, size):
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        cannot_run("axe-playwright-python is not installed")
    axe = Axe()
    page = opened(language, audience, size=size)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for open_more in (None, "button.open"):
        if open_more:
            page.locator(open_more).first.click()
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        found = [
            (entry["id"], entry["nodes"][0]["html"][:200])
            for entry in axe.run(page).response["violations"]
            if entry["impact"] in GRAVE
        ]
        assert found == []
    clean(page)


def test_prints_one_sheet(opened):
    page = opened()
    page.locator(".tools .print").click()
    page.locator(".toolbox").get_by_label("Ta med listan").uncheck()
    page.keyboard.press("Escape")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", page.pdf(prefer_css_page_size=True))
    assert [tuple(np.rint(np.array(box, float) / 72 * 25.4).astype(int)) for box in boxes] == [A4]
    clean(page)
