"""Shore protection by distance from water."""

import geopandas as gpd
import pytest
import shapely

from landready import InputError, Layer
from landready.land.shore import shore_protection

E, N = 330_000, 6_405_000
LAKE = gpd.GeoDataFrame(geometry=[shapely.box(E, N, E + 200, N + 100)], index=["sjön"], crs=3006)


def test_land_within_the_distance_and_the_water_itself():
    shore = shore_protection(LAKE, distance_m=200)
    assert shore.frame.index.tolist() == ["sjön"]
    assert shore.frame.total_bounds.tolist() == [E - 200, N - 200, E + 400, N + 300]
    assert shore.frame.geometry.iloc[0].covers(LAKE.geometry.iloc[0])


def test_streams_are_lines():
    stream = gpd.GeoDataFrame(geometry=[shapely.LineString([(E, N), (E + 1000, N)])], crs=3006)
    assert shore_protection(stream, distance_m=100).frame.area.sum() == pytest.approx(231_400, rel=0.001)


def test_water_just_outside_what_was_mapped_could_reach_in():
    water = Layer("vatten", LAKE, known_extent=shapely.box(E - 1000, N - 1000, E + 1000, N + 1000), source="kartan")
    shore = shore_protection(water, distance_m=100)
    assert shore.known_extent.bounds == (E - 900, N - 900, E + 900, N + 900)
    assert shore.source == "kartan"
    assert shore_protection(LAKE, distance_m=100).known_extent is None


@pytest.mark.parametrize("distance", [0, -100, float("nan"), "100"])
def test_a_distance_that_is_none(distance):
    with pytest.raises(InputError):
        shore_protection(LAKE, distance_m=distance)
