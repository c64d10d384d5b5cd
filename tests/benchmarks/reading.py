"""How fast clean files are read beside pyogrio alone, and how much memory a check of a large folder takes.

    python -m tests.benchmarks.reading [parcels] [megabytes]

Makes its own data in a temporary folder. The two take turns, so that both meet the machine as it happens to be; told is
the median of so many turns, and the peak of a process of its own.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

PARCELS, MEGABYTES, TURNS = 200_000, 1000, 15


def made(count):
    """Return square parcels side by side, 500 a row."""
    east = 340_000 + 50.0 * (np.arange(count) % 500)
    north = 6_400_000 + 50.0 * (np.arange(count) // 500)
    shapes = shapely.box(east, north, east + 50, north + 50)
    ids = [f"Exempelby {number // 100}:{number % 100}" for number in range(count)]
    return gpd.GeoDataFrame({"parcel_id": ids, "area_m2": 2500.0}, geometry=shapes, crs="EPSG:3006")


def seconds(task):
    """Return how long a task takes; what it returns is let go of outside the clock."""
    start = time.perf_counter()
    kept = task()
    took = time.perf_counter() - start
    del kept
    return took


def speed(folder, count):
    """Print how long each format takes, by the library that only reads and by ours, which also looks."""
    from landready import read

    frame = made(count)
    frame.to_file(folder / "p.gpkg")
    frame.to_parquet(folder / "p.parquet")
    plain = {
        "p.gpkg": lambda path: pyogrio.read_dataframe(path, use_arrow=True),
        "p.parquet": gpd.read_parquet,
    }
    for name, theirs in plain.items():
        path = folder / name
        turns = [
            (seconds(partial(theirs, path)), seconds(partial(read, path, keep=["parcel_id", "area_m2"])))
            for _ in range(TURNS)
        ]
        alone, ours = (statistics.median(side) for side in zip(*turns, strict=True))
        print(f"{name}: {count} parcels, read alone {alone:.2f} s, landready {ours:.2f} s, {ours / alone:.2f} times")


def memory(folder, megabytes):
    """Print the peak of a process that checks a folder of so many megabytes."""
    frame = made(PARCELS)
    size = number = 0
    while size < megabytes * 1_000_000:
        path = folder / f"fastigheter_{number}.gpkg"
        frame.to_file(path)
        size += path.stat().st_size
        number += 1
    code = "import resource, sys; from landready import check; check(sys.argv[1])"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"check: {size / 1e6:.0f} MB in {number} files, {time.perf_counter() - start:.0f} s, peak {peak:.0f} MB")


def main():
    """Measure both."""
    given = [int(word) for word in sys.argv[1:]]
    count, megabytes = (*given, *(PARCELS, MEGABYTES)[len(given) :])[:2]
    with tempfile.TemporaryDirectory() as first:
        speed(Path(first), count)
    with tempfile.TemporaryDirectory() as second:
        memory(Path(second), megabytes)


if __name__ == "__main__":
    main()
