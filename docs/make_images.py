"""Make the pictures of the README and the pages from the example study: the map, and the card of a site.

`python docs/make_images.py` runs the example and opens its map in Chromium, offline. A test looks at their size:
what they show is for people to judge.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import landready

IMAGES = Path(__file__).resolve().parent / "images"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
MAP = {"width": 1240, "height": 780}
CARD = {"width": 1320, "height": 1180}


def make(page: Page, karta: Path) -> None:
    """Take both pictures of a map."""
    page.goto(karta.as_uri())
    page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
    page.wait_for_timeout(800)  # the view settles
    page.screenshot(path=IMAGES / "karta.png")
    page.set_viewport_size(CARD)
    page.locator("button.open").nth(1).click()  # has restrictions of both kinds
    page.wait_for_timeout(800)
    page.locator("#panel").screenshot(path=IMAGES / "bedomning.png")


def main() -> int:
    """Run the example study and take its pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("There is no Chromium on the path.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        karta = Path(folder, "karta.html")
        landready.Study.from_toml(landready.example_study()).run().to_map(karta)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        make(browser.new_context(viewport=MAP, offline=True, locale="sv-SE").new_page(), karta)
        browser.close()
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.name}: {image.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
