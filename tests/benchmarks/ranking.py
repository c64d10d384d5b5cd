"""Measure ranking against what one would write with scipy, and TOPSIS against pymcdm and scikit-criteria.

    python tests/benchmarks/ranking.py [--size S|M] [--json FILE] [--markdown FILE]

All in one process and on the same numbers. Exit 1 if answers differ. The plain loop ranks a part of the draws only, and
its time for all of them is reckoned from that; enough of them that ours are ranked by the compiled loops there too, as in
the run that is timed. scikit-criteria and Numba come with the extra `benchmarks`; without Numba the table says so.
"""

import argparse
import json
import resource
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from landready.scoring import smaa, topsis
from landready.scoring.buckets import compiled_loops


@dataclass(frozen=True)
class Size:
    """How much there is to rank."""

    sites: int
    criteria: int
    draws: int
    plain_draws: int
    top: int
    rows: int


SIZES = {"S": Size(300, 5, 400, 40, 10, 2_000), "M": Size(20_000, 12, 10_000, 5_000, 100, 1_000_000)}


def main() -> int:
    """Measure, print the table, and return 1 if answers differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--json", type=Path, help="where to write figures and checks")
    parser.add_argument("--markdown", type=Path, help="where to write the table")
    options = parser.parse_args()
    n = SIZES[options.size]
    rng = np.random.default_rng(3006)
    rows, checks = robustness(n, rng)
    more_rows, more_checks = closeness(n, rng)
    rows, checks = rows + more_rows, checks + more_checks
    text = table(rows, checks)
    print(text)
    if options.json:
        whole = {"size": options.size, "rows": rows, "checks": checks}
        options.json.write_text(json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    return 0 if all(check["agrees"] for check in checks) else 1


def timed(*calls, times=3):
    """Return of each call the result, and the least wall and CPU seconds of so many runs, made in turn."""
    results, walls, cpus = [None] * len(calls), [[] for _ in calls], [[] for _ in calls]
    for _ in range(times):
        for place, call in enumerate(calls):
            wall, cpu = time.perf_counter(), time.process_time()
            results[place] = call()
            walls[place].append(time.perf_counter() - wall)
            cpus[place].append(time.process_time() - cpu)
    return zip(results, map(min, walls), map(min, cpus), strict=True)


def robustness(n, rng):
    """Measure SMAA; the plain loop gets the same weightings and the same rounded utilities."""
    steps = 2**20 - 1
    utilities = np.round(rng.random((n.sites, n.criteria)) * steps) / steps
    smaa(utilities, draws=10, seed=1, top=n.top)  # libraries are loaded
    few = smaa(utilities, draws=n.plain_draws, seed=2, top=n.top)
    weights = few.problem.weights / few.problem.weights.sum(axis=1, keepdims=True)
    (_, wall, cpu), ((ranks, places), plain_wall, plain_cpu) = timed(
        lambda: smaa(utilities, draws=n.draws, seed=1, top=n.top),
        lambda: plain_loop(utilities, weights, n.top),
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    scale = n.draws / n.plain_draws
    ours = "landready" if compiled_loops() else "landready, without Numba"
    what = f"SMAA, {n.draws:,} draws × {n.sites:,} sites × {n.criteria} criteria"
    rows = [
        row(f"{what}: expected rank of all, acceptability of the first {n.top} ranks", ours, wall, cpu, peak),
        row(
            f"the same, from {n.plain_draws:,} draws",
            "loop of scipy.stats.rankdata",
            plain_wall * scale,
            plain_cpu * scale,
        ),
    ]
    return compared(rows), [
        check("expected rank, largest difference", np.abs(few.frame["expected_rank"] - ranks).max(), 0.01),
        check("rank acceptability, largest difference", np.abs(few.rank_acceptability - places).max(axis=None), 0.01),
    ]


def plain_loop(utilities, weights, top):
    """Rank draw by draw, as anybody would write it."""
    ranks, places = np.zeros(len(utilities)), np.zeros((len(utilities), top))
    for each in weights:
        drawn = rankdata(-(utilities @ each))
        ranks += drawn
        best = np.flatnonzero(drawn <= top)
        places[best, drawn[best].astype(int) - 1] += 1
    return ranks / len(weights), places / len(weights)


def closeness(n, rng):
    """Measure TOPSIS; each library gets what it wants to have, made before the clock starts."""
    from pymcdm import methods, normalizations

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skcriteria import mkdm
        from skcriteria.agg.topsis import TOPSIS
        from skcriteria.preprocessing.scalers import VectorScaler
    matrix = rng.uniform(1, 100, (n.rows, n.criteria))
    weights, more = rng.dirichlet(np.ones(n.criteria)), np.ones(n.criteria, dtype=int)
    decision = mkdm(matrix, more, weights=weights)
    theirs = methods.TOPSIS(normalizations.vector_normalization)
    (ours, wall, cpu), (first, first_wall, first_cpu), (second, second_wall, second_cpu) = timed(
        lambda: topsis(matrix, weights=weights),
        lambda: theirs(matrix, weights, more),
        lambda: TOPSIS().evaluate(VectorScaler("matrix").transform(decision)),
    )
    rows = [
        row(f"TOPSIS, {n.rows:,} rows × {n.criteria} criteria", "landready", wall, cpu),
        row("the same", "pymcdm", first_wall, first_cpu),
        row("the same", "scikit-criteria (with its ranks)", second_wall, second_cpu),
    ]
    return compared(rows), [
        check("TOPSIS, pymcdm, largest difference", np.abs(ours.scores - first).max(), 1e-9),
        check("TOPSIS, scikit-criteria, largest difference", np.abs(ours.scores - second.e_.similarity).max(), 1e-9),
    ]


def row(what, by, wall, cpu, peak=None):
    """Return one line of the table."""
    return {"what": what, "by": by, "wall_s": wall, "cpu_s": cpu, "peak_mb": peak}


def compared(rows):
    """Say of each how many times the first one's seconds it takes."""
    return [
        {**each, "times_wall": each["wall_s"] / rows[0]["wall_s"], "times_cpu": each["cpu_s"] / rows[0]["cpu_s"]}
        for each in rows
    ]


def check(what, found, bound):
    """Return what was compared, and whether it is within its bound."""
    return {"what": what, "found": float(found), "bound": f"≤ {bound:g}", "agrees": bool(found <= bound)}


def table(rows, checks):
    """Return times and checks as Markdown."""
    lines = [
        "| what | by | seconds, wall (CPU) | times ours, wall (CPU) | peak MB |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for each in rows:
        peak = "" if each["peak_mb"] is None else f"{each['peak_mb']:,.0f}"
        seconds = f"{each['wall_s']:.2f} ({each['cpu_s']:.2f})"
        lines.append(
            f"| {each['what']} | {each['by']} | {seconds} | {each['times_wall']:.1f} ({each['times_cpu']:.1f}) | {peak} |"
        )
    lines += ["", "| compared | found | bound | agrees |", "| --- | ---: | --- | --- |"]
    lines += [f"| {c['what']} | {c['found']:.3g} | {c['bound']} | {'yes' if c['agrees'] else 'NO'} |" for c in checks]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
