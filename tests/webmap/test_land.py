"""The four classes of land as the map draws them, by hand."""

import json

import geopandas as gpd
import pytest
import shapely

from landready import Constraint, Layer, classify_land
from landready.webmap.land import land_shapes

E, N = 338_000, 6_406_000


def strip(west, east):
    return shapely.box(E + west, N, E + east, N + 100)


def parcels(*shapes):
    index = [f"Exempelby 1:{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame(geometry=list(shapes), index=index, crs=3006)


def ground(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=3006)


def hectares(land):
    """Return the area of each class that is drawn, in hectares."""
    shapes = {entry["look"]: shapely.from_geojson(json.dumps(entry["shape"])) for entry in land_shapes(land)}
    return gpd.GeoSeries(shapes, crs=4326).to_crs(3006).area.div(1e4).to_dict()


def near(**expected):
    return pytest.approx(expected, rel=0.003)


def test_every_class_is_drawn_where_it_is():
    water, shore = (
        Constraint("water", ground(strip(0, 100))),
        Constraint("shore", ground(strip(50, 200)), kind="strong"),
    )
    slide = Layer("slide", ground(strip(-9, -1)), known_extent=strip(-500, 500))
    constraints = [water, shore, Constraint("slide", slide)]
    land = classify_land(parcels(strip(0, 300), strip(300, 400), strip(600, 700)), constraints)
    assert hectares(land) == near(free=2, conditional=1, excluded=1, unmapped=1)


def test_what_is_lost_of_a_parcel_goes_by_what_there_is_most_of():
    slide = Layer("slide", ground(strip(-9, -1)), known_extent=strip(-500, 70))
    land = classify_land(
        parcels(strip(0, 100)), [Constraint("water", ground(strip(0, 40))), Constraint("slide", slide)]
    )
    assert land.frame["unmapped_ha"].iloc[0] == pytest.approx(0.3)
    assert hectares(land) == near(free=0.3, excluded=0.7)


def test_plots_lost_whole_are_joined_and_row_order_changes_nothing():
    plots = parcels(*(strip(west, west + 20) for west in range(0, 400, 20)))
    land = classify_land(plots, [Constraint("homes", ground(strip(0, 400)))])
    (drawn,) = land_shapes(land)
    assert drawn["look"] == "excluded"
    assert len(drawn["shape"]["coordinates"]) == 1
    turned = classify_land(plots.iloc[::-1], [Constraint("homes", ground(strip(0, 400)))])
    assert land_shapes(turned) == [drawn]


def test_parcels_without_geometry_and_no_parcels_draw_nothing():
    lost = [Constraint("homes", ground(strip(0, 400)))]
    assert land_shapes(classify_land(parcels(None), lost)) == []
    assert land_shapes(classify_land(parcels(strip(0, 9)).iloc[:0], lost)) == []
