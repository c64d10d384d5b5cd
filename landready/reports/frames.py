"""The tables that every output is made of, reduced to what an audience may see."""

from collections.abc import Collection, Mapping

import geopandas as gpd
import pandas as pd

from landready.model import Audience, Land, Ledger, Measured, Scorecard, Sites

# All that an extern file tells of a parcel. An allow-list: what a study keeps besides may say who owns, or what is
# being negotiated (invariant 11).
EXTERN_PARCEL_COLUMNS = (
    "area_ha", "free_ha", "conditional_ha", "excluded_ha", "unmapped_ha", "use", "plan_id", "geometry",
)  # fmt: skip

SCORE_COLUMNS = ("rank", "total", "total_low", "total_high", "coverage_share", "modelled_share", "eligible")


def site_table(sites: Sites, measured: Measured, *, withheld: Collection[str] = ()) -> gpd.GeoDataFrame:
    """
    Return the sites with what was measured about each.

    Parameters
    ----------
    sites, measured
        Of one assessment.
    withheld
        Criteria that are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        Index `site_id`; the sites' columns, then a column per criterion; geometry last.
    """
    extra = measured.frame.drop(columns=[*withheld, *measured.frame.columns.intersection(sites.frame.columns)])
    joined = sites.frame.drop(columns="geometry").join(extra)
    return gpd.GeoDataFrame(joined, geometry=sites.frame.geometry, crs=sites.frame.crs)


def score_table(
    scorecards: Mapping[str, Scorecard],
    firmness: Mapping[str, pd.DataFrame] | None = None,
    *,
    withheld: Collection[str] = (),
) -> pd.DataFrame:
    """
    Return every profile's judgement of every site, one row each.

    Parameters
    ----------
    scorecards
        By profile id.
    firmness
        By profile id, how firmly each ranked site stands; None to leave it out.
    withheld
        Criteria of which no utility and no contribution is told.

    Returns
    -------
    pandas.DataFrame
        `site_id`, `profile`, the score columns and those of `firmness`, then `<criterion>_utility` and
        `<criterion>_contribution`.
    """
    tables = []
    for name, card in scorecards.items():
        table = card.frame[list(SCORE_COLUMNS)]
        if firmness is not None:
            table = table.join(firmness[name])
        for suffix, frame in (("_utility", card.utilities), ("_contribution", card.contributions)):
            table = table.join(frame.drop(columns=frame.columns.intersection([*withheld])).add_suffix(suffix))
        table.insert(0, "profile", name)
        tables.append(table.sort_values(["rank", "total"], ascending=[True, False], kind="stable"))
    return pd.concat(tables).rename_axis("site_id").reset_index() if tables else pd.DataFrame()


def evidence_table(measured: Measured, *, withheld: Collection[str] = ()) -> pd.DataFrame:
    """
    Return every measured value with its state, source and date, one row each.

    Parameters
    ----------
    measured
        Of one assessment.
    withheld
        Criteria that are left out.

    Returns
    -------
    pandas.DataFrame
        `site_id`, `criterion`, `value`, `state`, `upper_bound`, `source`, `date`.
    """
    frames = {
        "value": measured.frame,
        "state": measured.state,
        "upper_bound": measured.upper_bound,
        "source": measured.source,
        "date": measured.date,
    }
    long = {name: _long(frame.drop(columns=[*withheld])) for name, frame in frames.items()}
    return pd.DataFrame(long).rename_axis(["site_id", "criterion"]).reset_index()


def ledger_table(ledger: Ledger, audience: Audience, private: Collection[str] = ()) -> Ledger:
    """Return the ledger; for `extern` without the cuts that tell who owns what, and without private layers."""
    if audience == "intern":
        return ledger
    frame = ledger.frame
    return Ledger(frame[(frame["reason"] != "cut_owner") & ~frame["layer"].isin(private)])


def _long(frame: pd.DataFrame) -> pd.Series:
    """Return a sites × criteria frame as one value a row."""
    # Not melt: it loses the index.
    return pd.Series(frame.rename_axis("criterion", axis=1).stack(future_stack=True))  # noqa: PD013


def parcel_table(land: Land, audience: Audience) -> gpd.GeoDataFrame:
    """Return the parcels with their four classes of land; for `extern` only the columns known to be harmless."""
    if audience == "intern":
        return land.frame
    return land.frame[[name for name in land.frame.columns if name in EXTERN_PARCEL_COLUMNS]]
