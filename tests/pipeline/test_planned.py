"""The plans a site lies in, by hand-checkable squares."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from landready.model import Layer
from landready.pipeline.planned import COLUMNS, plans_of_sites


def sites(*boxes):
    index = pd.Index([f"s{place}" for place in range(len(boxes))], name="site_id")
    return gpd.GeoDataFrame(geometry=[shapely.box(*box) for box in boxes], index=index, crs=3006)


def plans(boxes, **columns):
    index = pd.Index([f"P{place}" for place in range(len(boxes))], name="plan_id")
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.box(*box) for box in boxes], index=index, crs=3006)
    return Layer("plans", frame, role="plans")


def test_plans_are_told_with_share_status_and_days_the_largest_first():
    layer = plans(
        [(0, 0, 50, 100), (50, 0, 100, 20), (99.5, 0, 100, 100)],
        name=["Ett", "Två", "Tre"],
        status=["laga_kraft", None, "samrad"],
        in_force_date=pd.to_datetime(["2020-01-02", None, None]),
        implementation_end_date=["2030-01-02T00:00:00", None, None],
    )
    told = plans_of_sites([layer], sites((0, 0, 100, 100), (1000, 0, 1100, 100)))
    assert list(told.columns) == list(COLUMNS)
    assert told["plan_id"].tolist() == ["P0", "P1"]  # what is less than 100 m² is where lines differ
    assert told["ha"].tolist() == pytest.approx([0.5, 0.1])
    assert told["share"].tolist() == pytest.approx([0.5, 0.1])
    days = ["in_force_date", "implementation_end_date", "status"]
    assert told.loc[0, days].tolist() == ["2020-01-02", "2030-01-02", "laga_kraft"]
    assert told.loc[1, days].isna().all()
    assert told["adopted_date"].isna().all()


def test_several_layers_and_none():
    land = sites((0, 0, 100, 100))
    both = [plans([(0, 0, 20, 100)], name=["Liten"]), plans([(0, 0, 90, 100)], name=["Stor"])]
    assert plans_of_sites(both, land)["name"].tolist() == ["Stor", "Liten"]
    assert plans_of_sites([], land).empty
    assert plans_of_sites(both, sites()).empty
