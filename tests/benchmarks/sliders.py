"""Measure one step of a slider in the map: all sites scored, ranked and drawn again, and the list filled.

    python tests/benchmarks/sliders.py [--sites 2000 20000] [--steps 20] [--json FILE]

A step is measured in Chromium from the slider's event until the frame after it is drawn. Exit 1 if the median of a
size is above what is promised for it.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from playwright.sync_api import sync_playwright

from landready import Criterion, Measured, Profile, ValueFunction
from landready.scoring.scorecard import score
from landready.webmap.page import save
from landready.webmap.payload import build_payload

PROMISED_MS = {2_000: 50, 20_000: 150}
CRITERIA = 11
UNKNOWN_SHARE = 0.15
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")

# From the event to the first task after the next frame: then the frame is drawn. What of it is script is told apart.
STEP = """async (weight) => {
  const slider = document.querySelector("[data-weight]");
  slider.value = weight;
  const begun = performance.now();
  let scripted = 0;
  slider.dispatchEvent(new Event("input"));
  await new Promise((done) => requestAnimationFrame(() => {
    scripted = performance.now() - begun;
    const after = new MessageChannel();
    after.port1.onmessage = done;
    after.port2.postMessage(null);
  }));
  return { step: performance.now() - begun, script: scripted, list: document.querySelector("tbody").textContent };
}"""


def payload(count):
    """Return the payload of `count` made-up sites of about ten corners, a sixth of their values unknown."""
    rng = np.random.default_rng(count)
    side = int(np.ceil(np.sqrt(count)))
    x, y = np.divmod(np.arange(count), side)
    middles = shapely.points(340_000 + 130.0 * x, 6_400_000 + 130.0 * y)
    frame = gpd.GeoDataFrame(
        {"area_ha": rng.uniform(0.5, 1.2, count)},
        geometry=shapely.buffer(middles, 60.0, quad_segs=3),
        index=pd.Index([f"Exempelby {place}:1" for place in range(count)], name="site_id"),
        crs="EPSG:3006",
    )
    names = [f"c{place:02}_share" for place in range(CRITERIA)]
    values = pd.DataFrame(rng.random((count, CRITERIA)), index=frame.index, columns=names)
    values = values.where(rng.random(values.shape) > UNKNOWN_SHARE)
    state = pd.DataFrame(np.where(values.notna(), "known", "unknown"), index=frame.index, columns=names)
    none = pd.DataFrame(None, index=frame.index, columns=names, dtype=object)
    value = ValueFunction(points=[(0, 0.0), (1, 1.0)])
    criteria = tuple(Criterion(id=name, measure="attribute", value=value) for name in names)
    measured = Measured(values, state, values.isna() & False, none, none, criteria)
    weights = {name: float(10 + place) for place, name in enumerate(names)}
    profile = Profile(id="p", name="P", weights=weights, requirements={names[0]: ">= 0.1"}, min_coverage=0.6)
    return build_payload(
        title="Mätning",
        date="2026-01-01",
        language="sv",
        audience="intern",
        sites=frame,
        scorecards={"p": score(measured, profile)},
    )


def measure(browser, path, steps):
    """Return the milliseconds of every step, after two that warm up."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(path.as_uri())
    page.wait_for_selector("tbody tr")
    page.locator(".weights > summary").click()
    weights = [1 + place % 19 for place in range(steps + 2)]
    found = [page.evaluate(STEP, weight) for weight in weights]
    page.close()
    if len({one["list"] for one in found}) == 1:
        raise RuntimeError("no step changed the list: nothing was measured")
    return found[2:]


def main() -> int:
    """Print the table, and return 1 if a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, nargs="+", default=list(PROMISED_MS))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=list(ARGUMENTS)
        )
        print("| sites | median ms | of it script | slowest | promised |\n|---|---|---|---|---|")
        for count in options.sites:
            path = Path(folder) / "karta.html"
            save(payload(count), path)
            steps = measure(browser, path, options.steps)
            whole, script = ([step[name] for step in steps] for name in ("step", "script"))
            promised = PROMISED_MS.get(count)
            figures[count] = {"median_ms": statistics.median(whole), "slowest_ms": max(whole), "promised_ms": promised}
            print(
                f"| {count} | {statistics.median(whole):.0f} | {statistics.median(script):.0f} | {max(whole):.0f} "
                f"| {promised or '–'} |"
            )
        browser.close()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return int(any(one["promised_ms"] and one["median_ms"] > one["promised_ms"] for one in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
