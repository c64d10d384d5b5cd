"""Measure landready against a plain geopandas script on the same made-up case, and check that they agree.

    python tests/benchmarks/run.py [--size S|M] [--json FILE] [--markdown FILE]

Each side runs in a process of its own. Exit 1 if the two disagree.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from agreement import compare
from case import SIZES, make
from timing import PHASES

HERE = Path(__file__).resolve().parent
SIDES = ("plain", "ours")


def main() -> int:
    """Run both sides, print the table, and return 1 if they disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--json", type=Path, help="where to write figures and checks")
    parser.add_argument("--markdown", type=Path, help="where to write the tables")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.size)
        out = {side: folder / f"{side}_result.gpkg" for side in SIDES}
        for side in SIDES:
            subprocess.run([sys.executable, HERE / f"{side}.py", folder, options.size, out[side]], check=True)
        times = {side: json.loads(out[side].with_suffix(".json").read_text(encoding="utf-8")) for side in SIDES}
        checks = compare(out["plain"], out["ours"])
    text = tables(options.size, times, checks)
    print(text)
    if options.json:
        whole = {"size": options.size, "times": times, "checks": checks}
        options.json.write_text(json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    return 0 if all(check["agrees"] for check in checks) else 1


def tables(size, times, checks):
    """Return times and checks as Markdown."""
    n = SIZES[size]
    restricting = n.water + n.reserves + n.flood + n.farmland + n.buildings
    title = f"Size {size}: {n.parcels:,} parcels, {restricting:,} constraint polygons, {n.plans:,} plans"
    lines = [
        f"{title}, heights {n.cells} × {n.cells}. Seconds, wall (CPU).",
        "",
        "| phase | geopandas | landready | times faster (CPU) |",
        "| --- | ---: | ---: | ---: |",
    ]
    whole = {
        side: {kind: sum(phase[kind] for phase in times[side]["phases"].values()) for kind in ("wall_s", "cpu_s")}
        for side in SIDES
    }
    for phase in (*PHASES, "whole"):
        plain, ours = ((whole[side] if phase == "whole" else times[side]["phases"][phase]) for side in SIDES)
        cells = [f"{side['wall_s']:.2f} ({side['cpu_s']:.2f})" for side in (plain, ours)]
        lines.append(f"| {phase} | {cells[0]} | {cells[1]} | {plain['cpu_s'] / ours['cpu_s']:.1f} |")
    peaks = [times[side]["peak_mb"] for side in SIDES]
    lines += [f"| peak memory, MB | {peaks[0]:,.0f} | {peaks[1]:,.0f} | {peaks[0] / peaks[1]:.1f} |", ""]
    lines += ["| compared | found | bound | agrees |", "| --- | ---: | --- | --- |"]
    lines += [f"| {c['what']} | {c['found']:.3g} | {c['bound']} | {'yes' if c['agrees'] else 'NO'} |" for c in checks]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
