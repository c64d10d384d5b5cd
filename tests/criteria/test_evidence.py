"""Answers at places: the newest counts, disagreement and silence are unknown."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready.criteria.evidence import evidence_at
from landready.errors import ColumnError, InputError

X, Y = 500_000, 6_400_000


def box(west, south, east, north):
    return shapely.box(X + west, Y + south, X + east, Y + north)


def frame(geometries, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometries, index=index, crs=3006)


SITES = frame([box(0, 0, 100, 100), box(100, 0, 200, 100), box(500, 0, 600, 100)], ["A", "B", "C"])


def point(x, y):
    return shapely.Point(X + x, Y + y)


def found(places, **columns):
    return evidence_at(SITES, frame(places, **columns), column="power_mw").tolist()


def same(values, expected):
    np.testing.assert_array_equal(values, expected)


def test_a_point_answers_for_the_site_round_it():
    same(found([point(50, 50)], power_mw=[5]), [5.0, np.nan, np.nan])


def test_a_polygon_answers_where_it_shares_ground_and_not_where_it_touches():
    same(found([box(-50, 0, 100, 100)], power_mw=[5]), [5.0, np.nan, np.nan])
    same(found([box(90, 40, 110, 60)], power_mw=[5]), [5.0, 5.0, np.nan])


def test_the_newest_answer_counts_and_one_without_date_last():
    places = [point(50, 50)] * 3
    same(found(places, power_mw=[1, 2, 3], date=["2024-01-01", "2026-01-01", None]), [2.0, np.nan, np.nan])
    same(found(places[:1], power_mw=[3], date=[None]), [3.0, np.nan, np.nan])


def test_answers_of_one_day_that_differ_are_unknown():
    places = [point(50, 50)] * 2
    same(found(places, power_mw=[1, 2], date=["2026-01-01"] * 2), [np.nan] * 3)
    same(found(places, power_mw=[2, 2], date=["2026-01-01"] * 2), [2.0, np.nan, np.nan])


def test_a_row_without_a_value_answers_nothing():
    places = [point(50, 50)] * 2
    same(found(places, power_mw=[1, None], date=["2024-01-01", "2026-01-01"]), [1.0, np.nan, np.nan])
    same(found(places[:0], power_mw=[]), [np.nan] * 3)


def test_order_of_rows_does_not_matter_and_inputs_stay():
    answers = frame(
        [point(50, 50), point(60, 60), point(150, 50)], power_mw=[1.0, 2.0, 3.0], date=["2024", "2025", "2025"]
    )
    before = answers.copy()
    first = evidence_at(SITES, answers, column="power_mw")
    second = evidence_at(SITES[::-1], answers[::-1], column="power_mw")
    same(first, second.reindex(first.index))
    assert answers.equals(before)
    assert first.to_dict()["B"] == 3.0


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ColumnError, match="power_mw"):
        evidence_at(SITES, frame([point(1, 1)], power=[1]), column="power_mw")
    with pytest.raises(InputError, match="power_mw"):
        found([point(50, 50)], power_mw=["mycket"])
    with pytest.raises(InputError):
        found([shapely.LineString([(X, Y), (X + 9, Y)])], power_mw=[1])
