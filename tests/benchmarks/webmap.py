"""Maps of 10,000 and 50,000 polygons with nine columns: ours beside stock folium, in one run, in headless Chromium.

`python tests/benchmarks/webmap.py [--counts 10000 50000] [--without-stock]`

Writing is in CPU seconds. Ready is from the navigation to the first frame with all polygons drawn. A zoom is from the call
to the first frame after it, with everything drawn; five zooms, the median. Stock folium has Leaflet from disk here, in place
of the addresses that it would fetch it from, or it would show nothing: the machine has no network.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import shapely

from landready import quick_map
from landready.webmap.page import leaflet

LIMITS = {10_000: (1.5, 2.0, 0.12), 50_000: (4.0, 4.0, 0.3)}
ZOOMS = 5

_FRAMES = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"
ZOOM = f"""async (zoom) => {{
  const map = Object.values(window).find((value) => value instanceof L.Map);
  const start = performance.now();
  map.setZoom(zoom, {{ animate: false }});
  {_FRAMES}
  return (performance.now() - start) / 1000;
}}"""
READY = f"""async () => {{ {_FRAMES} return performance.now() / 1000; }}"""
MIDDLE = "() => Object.values(window).find((value) => value instanceof L.Map).getZoom()"


def parcels(count: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Return plots of five to nine corners that share their corners with their neighbours, as parcels do."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    grid = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"), axis=-1).astype(float)
    corners = (grid + rng.uniform(-0.25, 0.25, grid.shape)) * 60.0 + [338_000, 6_390_000]
    kink = corners[:-1] + 0.5 * np.diff(corners, axis=0) + rng.uniform(-6, 6, (side, side + 1, 2))
    column, row = np.divmod(np.arange(count), side)
    ring = np.stack(
        [
            corners[column, row],
            kink[column, row],
            corners[column + 1, row],
            corners[column + 1, row + 1],
            kink[column, row + 1],
            corners[column, row + 1],
        ],
        axis=1,
    )
    area = shapely.area(shapely.polygons(ring)) / 1e4
    columns = {
        "beteckning": [f"EXEMPELBY {1 + place // 90}:{1 + place % 90}" for place in range(count)],
        "areal_ha": area.round(3),
        "anvandning": rng.choice(["bostad", "jordbruk", "skog", "industri", "annat"], count),
        "lutning_pct": rng.gamma(2.0, 3.0, count).round(1),
        "till_e20_m": rng.uniform(0, 20_000, count).round(0),
        "till_station_min": rng.uniform(0, 90, count).round(1),
        "andel_fri_pct": rng.integers(0, 101, count),
        "plan": rng.choice(["gäller", "pågår", "saknas"], count, p=[0.5, 0.1, 0.4]),
        "poang": rng.random(count).round(3),
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.polygons(ring), crs=3006)


def stock(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write the map as folium's own documentation has it."""
    there = frame.to_crs(4326)
    west, south, east, north = there.total_bounds
    drawn = folium.Map(tiles=None)
    names = [name for name in frame.columns if name != "geometry"]
    folium.GeoJson(there, popup=folium.GeoJsonPopup(names)).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]])
    drawn.save(str(path))


def with_leaflet(path: Path) -> None:
    """Put Leaflet where a page would fetch it from."""
    page = path.read_text(encoding="utf-8")
    script, style = leaflet()
    head, rest = page.split("<head>", 1)
    path.write_text(f"{head}<head><style>{style}</style><script>{script}</script>{rest}", encoding="utf-8")


def opened(browser, path: Path) -> tuple[float, float, list[str]]:
    """Return seconds to ready and for a zoom, and what was fetched."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(300_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri(), timeout=300_000)
    ready = page.evaluate(READY)
    whole = page.evaluate(MIDDLE)
    zooms = [page.evaluate(ZOOM, whole + step) for step in (1, 0, 1, 2, 0)[:ZOOMS]]
    context.close()
    return ready, statistics.median(zooms), [url for url in asked if not url.startswith("file:")]


def timed(write) -> float:
    start = time.process_time()
    write()
    return time.process_time() - start


def main() -> bool:
    """Print the table; return whether every limit holds."""
    from playwright.sync_api import sync_playwright

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--counts", type=int, nargs="+", default=list(LIMITS))
    options.add_argument("--without-stock", action="store_true")
    asked = options.parse_args()
    good = True
    quick_map(parcels(100), Path(tempfile.mkdtemp()) / "varm.html")  # imports are no part of it
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        print(f"{'':26}{'write s':>9}{'MB':>7}{'ready s':>9}{'zoom s':>8}  fetched")
        for count in asked.counts:
            frame = parcels(count)
            path = Path(folder) / "ours.html"
            ours = timed(lambda frame=frame, path=path: quick_map(frame, path, name="beteckning"))
            size = path.stat().st_size / 1e6
            ready, zoom, fetched = opened(browser, path)
            print(f"landready {count:>10,}      {ours:>9.2f}{size:>7.2f}{ready:>9.2f}{zoom:>8.3f}  {len(fetched)}")
            within = [
                value <= limit for value, limit in zip((size, ready, zoom), LIMITS.get(count, (9, 9, 9)), strict=True)
            ]
            good &= all(within) and not fetched
            if asked.without_stock:
                continue
            plain = Path(folder) / "stock.html"
            theirs = timed(lambda frame=frame, plain=plain: stock(frame, plain))
            size = plain.stat().st_size / 1e6
            with_leaflet(plain)
            ready, zoom, fetched = opened(browser, plain)
            print(f"stock folium {count:>7,}      {theirs:>9.2f}{size:>7.2f}{ready:>9.2f}{zoom:>8.3f}  {len(fetched)}")
            print(f"writing takes 1/{theirs / ours:.1f} of stock folium's time")
            good &= ours <= theirs / 5
        browser.close()
    return good


if __name__ == "__main__":
    raise SystemExit(not main())
