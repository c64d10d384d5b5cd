"""Arguments of the wrong kind are refused in words, by an error of landready's, never by one from somewhere inside."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import landready
from landready import Criterion, LandreadyError, Profile, ValueFunction

GROUND = gpd.GeoDataFrame(
    {"area_ha": [1.0]}, geometry=[shapely.box(5e5, 6.4e6, 5e5 + 9, 6.4e6 + 9)], index=["A"], crs=3006
)
SIZE = Criterion(
    id="a_ha", measure="attribute", params={"column": "area_ha"}, value=ValueFunction(points=[(0, 0.0), (1, 1.0)])
)
PROFILE = Profile(id="p", name="P", weights={"a_ha": 1})
MEASURED = landready.measure(GROUND, {}, [SIZE])
CARD = landready.score(MEASURED, PROFILE)
CALLS = {
    "read": landready.read,
    "read_raster": landready.read_raster,
    "read_folder": landready.read_folder,
    "check": landready.check,
    "from_toml": landready.Study.from_toml,
    "classify_land parcels": lambda wrong: landready.classify_land(wrong, []),
    "classify_land constraints": lambda wrong: landready.classify_land(GROUND, [wrong]),
    "Constraint": lambda wrong: landready.Constraint("c", wrong),
    "assemble": landready.assemble,
    "assemble barriers": lambda wrong: landready.assemble(GROUND, barriers=[wrong]),
    "nearest": lambda wrong: landready.nearest(wrong, GROUND),
    "nearest targets": lambda wrong: landready.nearest(GROUND, wrong),
    "distance_to": lambda wrong: landready.distance_to(GROUND, wrong),
    "travel_time": lambda wrong: landready.travel_time(GROUND, wrong, GROUND),
    "overlap_share": lambda wrong: landready.overlap_share(GROUND, wrong),
    "zonal": lambda wrong: landready.zonal(GROUND, wrong),
    "slope": landready.slope,
    "form": landready.form,
    "measure": lambda wrong: landready.measure(wrong, {}, [SIZE]),
    "measure criteria": lambda wrong: landready.measure(GROUND, {}, [wrong]),
    "score": lambda wrong: landready.score(wrong, PROFILE),
    "score profile": lambda wrong: landready.score(MEASURED, wrong),
    "explain": lambda wrong: landready.explain(wrong, "A"),
    "explain site": lambda wrong: landready.explain(CARD, wrong),
    "explain language": lambda wrong: landready.explain(CARD, "A", language=wrong),
}


@pytest.mark.parametrize(
    "wrong", [None, 5, "finns inte", pd.DataFrame(), pd.Series([1])], ids=lambda value: type(value).__name__
)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_is_refused_in_words(call, wrong):
    with pytest.raises(LandreadyError) as refused:
        call(wrong)
    assert refused.value.text("sv")
    assert refused.value.text("en")


@pytest.mark.parametrize("wrong", [None, 5])
def test_lists_that_are_none(wrong):
    with pytest.raises(LandreadyError, match="constraints"):
        landready.classify_land(GROUND, wrong)
    with pytest.raises(LandreadyError, match="layers"):
        landready.measure(GROUND, wrong, [SIZE])
    with pytest.raises(LandreadyError, match="criteria"):
        landready.measure(GROUND, {}, wrong)
