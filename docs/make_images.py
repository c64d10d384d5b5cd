"""Make the pictures of the README and the pages from the example study.

The map, the card of a site, a printed sheet, a presentation, a phone, and a picture for a report.

`python docs/make_images.py` runs the example and opens its map in Chromium, offline. A test looks at their size:
what they show is for people to judge.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import landready

IMAGES = Path(__file__).resolve().parent / "images"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
MAP = {"width": 1240, "height": 780}
PHONE = {"width": 390, "height": 844}
SHEET = {"width": 1047, "height": 712}
CARD = {"width": 1320, "height": 1180}


def make(page: Page, karta: Path) -> None:
    """Take the pictures of a map."""
    page.goto(karta.as_uri())
    page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
    page.wait_for_timeout(800)  # the view settles
    page.screenshot(path=IMAGES / "karta.png")
    page.set_viewport_size(CARD)
    page.locator("button.open").nth(1).click()  # has restrictions of both kinds
    page.wait_for_timeout(800)
    page.locator("#panel").screenshot(path=IMAGES / "bedomning.png")
    page.locator("button.back").click()
    page.locator("summary", has_text="Vikter").click()
    for _ in range(3):
        page.locator(".slider input").nth(1).press("PageUp")
    page.wait_for_timeout(500)
    page.locator("#panel").screenshot(path=IMAGES / "vikter.png")
    page.locator("summary", has_text="Vikter").click()
    page.set_viewport_size(MAP)
    page.locator(".tools .present").click()
    page.keyboard.press("PageDown")
    page.wait_for_timeout(800)
    page.screenshot(path=IMAGES / "presentation.png")
    page.keyboard.press("Escape")
    page.goto(karta.as_uri())
    page.reload()
    page.wait_for_timeout(800)
    page.set_viewport_size(SHEET)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "utskrift.png")


def make_phone(page: Page, karta: Path) -> None:
    """Take a picture of the map on a phone, where a site is chosen."""
    page.goto(karta.as_uri())
    page.wait_for_timeout(800)
    page.locator("button.open").nth(1).click()
    page.wait_for_timeout(800)
    page.screenshot(path=IMAGES / "telefon.png")


def main() -> int:
    """Run the example study and take its pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("There is no Chromium on the path.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        karta = Path(folder, "karta.html")
        result = landready.Study.from_toml(landready.example_study()).run()
        result.to_map(karta)
        (overview,) = result.to_pictures(folder, top=0)
        Image.open(overview).convert("RGB").quantize(64).save(IMAGES / "rapportbild.png", optimize=True)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        make(browser.new_context(viewport=MAP, offline=True, locale="sv-SE").new_page(), karta)
        phone = browser.new_context(viewport=PHONE, offline=True, locale="sv-SE", is_mobile=True, has_touch=True)
        make_phone(phone.new_page(), karta)
        browser.close()
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.name}: {image.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
