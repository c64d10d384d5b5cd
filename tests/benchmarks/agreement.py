"""Whether the two sides say the same, column by column.

Two columns can only be compared as a whole. Slope: rasterstats takes the cells whose centre lies in the parcel,
landready weighs every cell by the fraction that is covered; on more than 50 cells they nearly agree. Travel time:
plain starts at the crossing nearest to the parcel's centroid, landready from the parcel's edge along the road itself,
and it adds the way between road and parcel and between road and station; a check of that to the second would need the
same rule on both sides. Roads lie 400 m apart: the crossing nearest to a point is at most some 280 m away (0.34 min at
50 km/h), and either way to the road at most some 200 m (0.8 min at 15 km/h). So nearly all differences stay below two
minutes. Where times spread by less than a minute, as in size S, that much noise lets a right answer correlate
by little more than 0.9.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from case import HARD, STRONG, VALUES, WEIGHTS

DISTANCES = ("main_road_m", "station_m")
HECTARES = ("area_ha", "free_ha", "conditional_ha", "excluded_ha")
SHARES = (*(f"{name}_share" for name in (*HARD, *STRONG)), "free_share", "plan_share")
MANY_CELLS = 50


@dataclass(frozen=True)
class Check:
    """What was compared, the figure found, the bound, and whether the figure is on the right side of it."""

    what: str
    found: float
    bound: str
    agrees: bool


def compare(plain: Path, ours: Path) -> list[dict[str, object]]:
    """Return all checks on two result files."""
    left, right = (gpd.read_file(path, layer="parcels").set_index("parcel_id") for path in (plain, ours))
    if not left.index.sort_values().equals(right.index.sort_values()):
        return [
            asdict(
                Check("the same parcels", float(len(left.index.symmetric_difference(right.index))), "= 0", agrees=False)
            )
        ]
    right = right.loc[left.index]
    checks = [_at_most(name, _gap(left[name], right[name]), 1e-6) for name in (*DISTANCES, *HECTARES, *SHARES)]
    remaining = [float((frame["free_ha"] + frame["conditional_ha"]).sum()) for frame in (left, right)]
    checks.append(_at_most("remaining hectares in all, relative", abs(remaining[1] / remaining[0] - 1), 1e-6))
    checks += _sites(plain, ours)
    many = left["slope_cells"] > MANY_CELLS
    checks.append(
        _above(
            f"slope_pct, correlation over {many.sum()} parcels of more than {MANY_CELLS} cells",
            _correlation(left["slope_pct"][many], right["slope_pct"][many]),
            0.99,
        )
    )
    time = (left["station_min"] - right["station_min"]).abs()
    checks.append(
        _above(
            "station_min, correlation (they snap by different rules)",
            _correlation(left["station_min"], right["station_min"]),
            0.9,
        )
    )
    checks.append(_at_most("station_min, 99 % of differences in minutes", float(time.quantile(0.99)), 2.0))
    checks.append(_at_most("station_min, median difference in minutes", float(time.median()), 1.0))
    checks.append(_at_most("score from its own columns, plain", _gap(left["score"], score(left)), 1e-9))
    checks.append(_at_most("score from its own columns, landready", _gap(right["score"], score(right)), 1e-9))
    checks.append(
        _above("score, correlation (slope and time differ as said)", _correlation(left["score"], right["score"]), 0.99)
    )
    return [asdict(check) for check in checks]


def _sites(plain: Path, ours: Path) -> list[Check]:
    """Sites meet on a grid of a millimetre in landready, so that their area can be held to the grid only."""
    left, right = (
        gpd.read_file(path, layer="sites").sort_values("area_ha", ascending=False, ignore_index=True)
        for path in (plain, ours)
    )
    found = float(len(right) - len(left))
    checks = [Check("sites of at least 1 ha, difference in number", found, "= 0", found == 0)]
    if found:
        return checks
    for name in ("area_ha", "free_ha", "conditional_ha"):
        gap = float((right[name] - left[name]).abs().sum() / left["area_ha"].sum())
        checks.append(_at_most(f"{name} of the sites, relative", gap, 1e-5))
    checks.append(_at_most("parcels of the sites, relative", _relative(left["parcels"], right["parcels"]), 1e-3))
    other = float((left["main_parcel"] != right["main_parcel"]).sum())
    checks.append(Check("sites with another main parcel", other, "= 0", other == 0))
    return checks


def _relative(left: pd.Series, right: pd.Series) -> float:
    return float((right - left).abs().sum() / left.sum())


def score(table: pd.DataFrame) -> pd.Series:
    """Add up the criteria one by one, each with the straight lines of its value function."""
    gained, carried = pd.Series(0.0, table.index), pd.Series(0.0, table.index)
    for name, weight in WEIGHTS.items():
        worth = pd.Series(np.interp(table[name], *zip(*VALUES[name], strict=True)), table.index)
        gained += (weight * worth).fillna(0.0)
        carried += weight * worth.notna()
    return gained / carried


def _gap(left: pd.Series, right: pd.Series) -> float:
    """Return the largest difference; infinite where only one side has a value."""
    if (left.isna() != right.isna()).any():
        return float("inf")
    return float((left - right).abs().max())


def _correlation(left: pd.Series, right: pd.Series) -> float:
    if not np.isfinite(left).all() or not np.isfinite(right).all():
        return float("nan")
    return float(left.corr(right))


def _at_most(what: str, found: float, bound: float) -> Check:
    return Check(what, found, f"≤ {bound:g}", bool(found <= bound))


def _above(what: str, found: float, bound: float) -> Check:
    return Check(what, found, f"> {bound:g}", bool(found > bound))
