import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.webmap.codec import decode, encode, pack, unpack

PIECES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.lists(st.one_of(st.none(), st.just("inf"), st.floats(0, 1).map(lambda x: round(x, 9))), min_size=16),
    st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=16),
    st.lists(st.sampled_from(["a", "å", "</script>", None]), min_size=16),
    st.lists(st.booleans(), min_size=16),
)


@given(st.recursive(PIECES, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=20))
@settings(deadline=None)
def test_what_goes_in_comes_out(payload):
    assert decode(encode({"x": payload})) == {"x": payload}


def test_the_example_comes_out_as_it_went_in_and_is_the_same_bytes(example):
    payload = example.payload()
    assert unpack(pack(payload)) == payload
    assert encode(payload) == encode(example.payload())
    assert encode(payload)[4:8] == b"\0\0\0\0"  # no clock in the gzip


def test_geometries_of_every_kind(example):
    hole = shapely.box(12, 57, 13, 58) - shapely.box(12.2, 57.2, 12.4, 57.4)
    shapes = [
        shapely.box(-12.5, -57.5, 12.000001, 57),
        None,
        hole,
        shapely.MultiPolygon([hole, shapely.box(14, 57, 15, 58)]),
        shapely.LineString([(12, 57), (12.1, 57.1), (12.1, 57.2)]),
        shapely.MultiLineString([[(12, 57), (12.1, 57.1)], [(-12, 57), (12.1, 57.1), (1, 2)]]),
        shapely.box(179.9, 80, 180, 85),
    ]
    wanted = [None if shape is None else json.loads(shapely.to_geojson(shape)) for shape in shapes]
    array = np.array(shapes, dtype=object)
    assert decode(encode({"many": array}))["many"] == wanted
    assert decode(encode({"many": wanted}))["many"] == wanted
    assert decode(encode({"one": wanted[3]})) == {"one": wanted[3]}
    assert decode(encode({"none": array[:0], "missing": array[1:2]})) == {"none": [], "missing": [None]}


def test_numbers_are_exact():
    draw = np.random.default_rng(1).random(1000)
    for values in (draw, draw.round(9), draw.round(2) * 1e4, draw.cumsum().round(3), np.zeros(20), -draw):
        array = values.copy()
        array[3], array[4] = np.nan, np.inf
        wanted = values.tolist()
        wanted[3], wanted[4] = None, "inf"
        assert decode(encode({"x": array}))["x"] == wanted
        assert decode(encode({"x": wanted}))["x"] == wanted
    assert decode(encode({"x": [-0.0, 1e300, -5, 2**52 + 0.5] * 4}))["x"] == [-0.0, 1e300, -5, 2**52 + 0.5] * 4


def test_columns_take_little_room():
    ranks = [float(value) for value in range(1, 20_001)]
    assert len(encode({"rank": ranks})) < 2_000
    assert len(encode({"state": ["known"] * 19_999 + ["unknown"]})) < 300
    shares = np.random.default_rng(2).integers(0, 101, 20_000) / 100
    assert len(encode({"share": shares})) < 20_000


def test_what_json_has_not_is_refused():
    for bad in (float("nan"), [float("nan")] * 20, {"x": [float("inf")]}):
        with pytest.raises(ValueError, match="JSON"):
            encode({"x": bad})


def test_hostile_text_comes_out_as_it_went_in():
    texts = ["</script>", "\0", "\ud800", "\u2028", "å🏭", "$&", "__proto__", "x" * 1_000_000]
    payload = {"__proto__": {"constructor": texts}, "codes": texts * 3}
    assert unpack(pack(payload)) == payload
