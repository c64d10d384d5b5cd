import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landready.style.classes import (
    CONTEXT_LOOKS,
    LAND_LOOKS,
    SCORE_LIMITS,
    SCORE_LOOKS,
    UNRANKED,
    road_class,
    score_class,
)
from landready.texts import LANGUAGES


def test_limits_belong_to_the_class_above():
    total = pd.Series([1.0, 0.8, 0.8 - 1e-6, 0.6, 0.4, 0.2, 0.19, 0.0], index=list("abcdefgh"))
    found = score_class(total, pd.Series(True, index=total.index))
    assert found.tolist() == [f"score_{letter}" for letter in "aabbcdee"]
    assert found.index.equals(total.index)


def test_noise_in_the_last_digits_moves_no_site_between_classes():
    total = pd.Series([0.6, 0.6 - 1e-12, 0.1 + 0.2 + 0.3])
    assert set(score_class(total, pd.Series(True, index=total.index))) == {"score_b"}


def test_what_is_not_ranked_or_unknown_has_no_class():
    total = pd.Series([0.9, np.nan, 0.9])
    assert score_class(total, pd.Series([False, True, True])).tolist() == [UNRANKED, UNRANKED, "score_a"]


def test_empty_in_empty_out():
    empty = pd.Series([], dtype="float64")
    assert score_class(empty, pd.Series([], dtype=bool)).tolist() == []
    assert road_class(pd.DataFrame()).tolist() == []


def test_ranked_is_matched_by_id_not_by_place():
    total = pd.Series({"a": 0.9, "b": 0.9})
    assert score_class(total, pd.Series({"b": False, "a": True})).to_dict() == {"a": "score_a", "b": UNRANKED}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_higher_total_is_never_in_a_lower_class(values):
    total = pd.Series(values)
    place = score_class(total, pd.Series(True, index=total.index)).map(list(SCORE_LIMITS).index)
    assert place[total.sort_values(ascending=False).index].is_monotonic_increasing


def test_roads_without_a_number_go_by_category_or_speed():
    roads = pd.DataFrame(
        {
            "road_number": [None, None, None, None, "1747", None],
            "road_category": [1, 3, 4, None, None, 4],
            "speed_kmh": [80, 50, 50, 70, 80, 90],
        }
    )
    assert road_class(roads).tolist() == [
        "road_motorway", "road_main", "road_other", "road_main", "road_other", "road_other",
    ]  # fmt: skip
    assert road_class(roads[["speed_kmh"]]).tolist()[:3] == ["road_main", "road_other", "road_other"]


def test_roads_by_number_flag_and_text():
    roads = pd.DataFrame(
        {"road_number": ["E 20", "e6.21", "40", 190, "500", "", None], "motorway": [0, None, True, 0, 0, 0, False]}
    )
    assert road_class(roads).tolist() == [
        "road_motorway", "road_motorway", "road_motorway", "road_main", "road_other", "road_other", "road_other",
    ]  # fmt: skip


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_scores_grow_darker_the_better_so_that_grey_print_and_colour_blindness_keep_the_order():
    shades = [_luminance(SCORE_LOOKS[key].fill) for key in SCORE_LIMITS]
    assert shades == sorted(shades)
    assert min(np.diff(shades)) > 0.04


@pytest.mark.parametrize("key", SCORE_LIMITS)
def test_letters_can_be_read_on_their_class(key):
    look = SCORE_LOOKS[key]
    light, dark = sorted([_luminance(look.fill), _luminance(look.ink)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_look_has_a_name(language):
    for looks in (SCORE_LOOKS, LAND_LOOKS, CONTEXT_LOOKS):
        for key, look in looks.items():
            assert look.key == key
            assert look.label(language)
    assert len({look.letter for look in SCORE_LOOKS.values()}) == len(SCORE_LOOKS)
