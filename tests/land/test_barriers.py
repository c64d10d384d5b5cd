"""Widths of barriers and what they take."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from landready.land.barriers import barrier_layers, keep_within, subtract
from landready.model import Layer


def layer(shapes, **columns):
    return Layer(name="vägar", frame=gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:3006"))


def pieces(*shapes):
    return pd.DataFrame({"parcel_id": [f"F{i}" for i in range(len(shapes))], "geometry": np.array(shapes)})


WEST, SOUTH = 340_000, 6_400_000
FIELD = box(WEST, SOUTH, WEST + 100, SOUTH + 100)
LINE = shapely.LineString([(WEST + 50, SOUTH - 50), (WEST + 50, SOUTH + 150)])


@pytest.mark.parametrize(("width", "taken", "assumed"), [(10, 1000, 0), (0, 200, 1), (-3, 200, 1), (None, 200, 1)])
def test_a_line_has_its_width_where_it_is_known(width, taken, assumed):
    left, ledger = subtract(pieces(FIELD), layer([LINE], width_m=[width]))
    assert shapely.area(left["geometry"].to_numpy()).sum() == pytest.approx(10_000 - taken)
    rows = ledger.frame.set_index("reason")
    assert rows.loc["barrier", "area_ha"] == pytest.approx(taken / 1e4)
    assert ("barrier_width_assumed" in rows.index) == bool(assumed)


def test_a_parcel_under_water_is_gone_and_one_that_is_dry_is_untouched():
    dry = box(WEST + 500, SOUTH, WEST + 600, SOUTH + 100)
    left, ledger = subtract(pieces(FIELD, dry), layer([FIELD.buffer(5), None]))
    assert left["parcel_id"].tolist() == ["F1"]
    assert left["geometry"].iloc[0] is dry
    assert ledger.frame["ids"].tolist() == ["F0"]


def test_barriers_can_be_one_or_several():
    land = layer([FIELD])
    assert len(barrier_layers(land.frame, like=land)) == 1
    assert len(barrier_layers([land, land.frame], like=land)) == 2
    assert barrier_layers((), like=land) == []


def test_overlapping_areas_to_keep_count_once():
    inside = layer([FIELD, FIELD.buffer(-10), box(WEST - 50, SOUTH, WEST + 50, SOUTH + 50)])
    left, ledger = keep_within(pieces(FIELD.buffer(100, join_style="mitre")), inside, like=inside)
    assert shapely.area(left["geometry"].to_numpy()).sum() == pytest.approx(12_500)
    assert ledger.frame["area_ha"].sum() == pytest.approx(9 - 1.25)
