"""The map by an accessibility engine (axe-core), with everything open that can be opened."""

import pytest

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}


@pytest.fixture
def graver(cannot_run):
    """Return a function that tells the grave findings of a page."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        cannot_run("axe-playwright-python is not installed")
    axe = Axe()

    def find(page):
        found = axe.run(page).response["violations"]
        return [
            (entry["id"], entry["nodes"][0]["html"][:200], entry["nodes"][0]["failureSummary"])
            for entry in found
            if entry["impact"] in GRAVE
        ]

    return find


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
@pytest.mark.parametrize(("language", "audience"), [("sv", "intern"), ("en", "extern")])
def test_no_grave_finding_whatever_is_open(example, show, page, graver, *, size, language, audience):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    show(example.payload(language=language, audience=audience, modelled=True))
    assert page.evaluate("document.documentElement.lang") == language
    assert graver(page) == []
    for name in ("measure", "note", "print"):
        page.locator(f".tools .{name}").click()
        assert graver(page) == [], name
    page.keyboard.press("Escape")
    page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    assert graver(page) == []
    page.locator("button.open").first.click()
    page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    assert graver(page) == []
    page.locator(".tools .present").click()
    page.keyboard.press("ArrowRight")
    assert graver(page) == []


def test_focus_is_seen_on_every_button(example, show):
    page = show(example.payload())
    for button in page.locator("button:visible, select:visible, summary:visible").all():
        button.focus()
        page.keyboard.press("Shift")  # by keyboard, as :focus-visible asks
        outline = button.evaluate("node => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth")
        assert outline == "solid3px", button.evaluate("node => node.outerHTML")


def test_a_phone_has_the_tools_and_no_sideways_scroll(example, show, page):
    page.set_viewport_size({"width": 390, "height": 844})
    show(example.payload(modelled=True))
    for name in ("measure", "note", "print"):
        page.locator(f".tools .{name}").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box, room = (page.locator(part).bounding_box() for part in (".toolbox", "#map-room"))
        assert box["y"] >= room["y"]
        assert box["height"] <= 0.65 * room["height"]  # the map is still there to draw on
