"""Sites of two runs, by hand."""

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from landready import CrsError
from landready.land.matching import match_sites

EAST, NORTH = 338_000, 6_406_000


def sites(crs=3006, **boxes):
    return gpd.GeoDataFrame(
        geometry=[box(EAST + w, NORTH + s, EAST + e, NORTH + n) for w, s, e, n in boxes.values()],
        index=list(boxes),
        crs=crs,
    )


def told(here, there):
    return [tuple(row) for row in match_sites(here, there)[["here", "there", "kind"]].itertuples(index=False)]


def test_the_same_id_on_the_same_land():
    found = match_sites(sites(a=(0, 0, 100, 100)), sites(a=(0, 0, 100, 90)))
    assert found.to_dict("records") == [{"here": "a", "there": "a", "kind": "same", "shared_ha": pytest.approx(0.9)}]


def test_another_id_on_the_same_land_is_the_same_site():
    assert told(sites(a=(0, 0, 100, 100)), sites(b=(5, 0, 105, 100))) == [("a", "b", "same")]


def test_the_same_id_elsewhere_is_another_site():
    assert told(sites(a=(0, 0, 100, 100)), sites(a=(500, 0, 600, 100))) == [("a", None, "new"), (None, "a", "gone")]


def test_equal_ids_go_before_more_land():
    here = sites(a=(0, 0, 40, 100), b=(40, 0, 100, 100))
    assert told(here, sites(a=(0, 0, 100, 100))) == [("a", "a", "same"), ("b", "a", "split")]


def test_joined():
    there = sites(a=(0, 0, 60, 100), b=(60, 0, 100, 100))
    assert told(sites(c=(0, 0, 100, 100)), there) == [("c", "a", "same"), ("c", "b", "joined")]


def test_half_of_the_smaller_is_enough_and_less_is_not():
    assert told(sites(a=(0, 0, 100, 100)), sites(b=(50, 0, 150, 100))) == [("a", "b", "same")]
    assert told(sites(a=(0, 0, 100, 100)), sites(b=(51, 0, 151, 100))) == [("a", None, "new"), (None, "b", "gone")]


def test_sites_that_only_touch_are_apart():
    assert told(sites(a=(0, 0, 100, 100)), sites(b=(100, 0, 200, 100))) == [("a", None, "new"), (None, "b", "gone")]


def test_nothing_on_either_side():
    assert told(sites(), sites()) == []
    assert told(sites(a=(0, 0, 1, 1)), sites()) == [("a", None, "new")]
    assert told(sites(), sites(a=(0, 0, 1, 1))) == [(None, "a", "gone")]
    assert list(match_sites(sites(), sites()).columns) == ["here", "there", "kind", "shared_ha"]


def test_another_crs_is_refused():
    with pytest.raises(CrsError):
        match_sites(sites(a=(0, 0, 100, 100)), sites(crs=3067, a=(0, 0, 100, 100)))


edges = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
    lambda at: (at[0] * 50, at[1] * 50, at[0] * 50 + 100, at[1] * 50 + 100)
)


@given(
    st.dictionaries(st.sampled_from("abcdef"), edges, max_size=5),
    st.dictionaries(st.sampled_from("abcdef"), edges, max_size=5),
)
def test_every_site_is_told_and_has_one_partner_at_most(here, there):
    found = match_sites(sites(**here), sites(**there))
    same = found[found["kind"] == "same"]
    assert same["here"].is_unique
    assert same["there"].is_unique
    assert list(found.loc[found["kind"].isin(["same", "split", "new"]), "here"]) == list(here)
    assert sorted(found.loc[found["kind"].isin(["same", "joined", "gone"]), "there"]) == sorted(there)
    assert match_sites(sites(**here), sites(**there)).equals(found)


@given(st.dictionaries(st.sampled_from("abcdef"), edges, max_size=5))
def test_a_run_beside_itself_is_the_same(here):
    assert told(sites(**here), sites(**here)) == [(name, name, "same") for name in here]
