"""A parcel that is a net of streets is told; a field of the same size is not."""

import geopandas as gpd
import pytest
import shapely

from landready.land.classes import classify_land
from landready.land.constraints import Constraint
from landready.pipeline.streets import street_findings

WEST, SOUTH = 340_000.0, 6_408_000.0
LINES = [shapely.LineString([(WEST + x, SOUTH), (WEST + x, SOUTH + 2000)]) for x in range(0, 2000, 200)]
STREETS = shapely.union_all(shapely.buffer(LINES, 8, cap_style="flat"))
FIELD = shapely.box(WEST + 3000, SOUTH, WEST + 3400, SOUTH + 800)
PARCELS = gpd.GeoDataFrame(geometry=[STREETS, FIELD], crs=3006).set_axis(["GATA", "A 1:1"]).rename_axis("parcel_id")


def test_streets_are_told_with_size_and_width():
    [found] = street_findings(classify_land(PARCELS, []), layer="fastigheter")
    assert found.severity == "warning"
    assert found.values["hectares"] == pytest.approx(32.0)
    assert found.values["parcels"] == "GATA (32 ha, 16 m)"
    assert 'where = { parcel_id = ["GATA"] }' in found.text("sv")


def test_all_that_are_named_stand_in_the_rule_to_paste():
    shapes = [*PARCELS.geometry, *PARCELS.translate(10_000)]
    parcels = gpd.GeoDataFrame(geometry=shapes, crs=3006).set_axis(["GATA", "A 1:1", "VÄG", "B 1:1"])
    [found] = street_findings(classify_land(parcels.rename_axis("parcel_id"), []), layer="fastigheter")
    assert 'where = { parcel_id = ["GATA", "VÄG"] }' in found.text("sv")


def test_what_is_excluded_already_is_not():
    streets = Constraint("gator", PARCELS.iloc[:1].reset_index(drop=True))
    assert street_findings(classify_land(PARCELS, [streets]), layer="fastigheter") == []


def test_no_parcels():
    assert street_findings(classify_land(PARCELS.iloc[:0], []), layer="fastigheter") == []
