"""Ids: labels, and the hypothesis that settling them does not depend on the order of rows."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready.layers.ids import as_labels, id_findings, settle_ids


def said(finding, name):
    """Return one of the values a finding carries."""
    return vars(finding)["values"][name]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1, 2], ["1", "2"]),
        ([1.0, np.nan], ["1", 1]),
        ([1.5, 2.0], ["1.5", "2.0"]),
        (["å", " ö ", "", None], ["å", "ö", 2, 3]),
        ([], []),
    ],
)
def test_labels(values, labels):
    assert list(as_labels(pd.Series(values))) == labels


def test_large_whole_numbers_keep_every_digit():
    assert list(as_labels(pd.Series([9007199254740993]))) == ["9007199254740993"]


def frame_of(labels):
    shapes = [shapely.box(10 * number, 0, 10 * number + 5, 5 + number) for number in range(len(labels))]
    return gpd.GeoDataFrame(
        {"value": range(len(labels))}, geometry=shapes, index=as_labels(pd.Series(labels, dtype=object)), crs=3006
    )


labels_of_files = st.lists(st.sampled_from(["A", "B", "C", None]), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(labels=labels_of_files, seed=st.integers(0, 99), duplicates=st.sampled_from(["number", "dissolve"]))
def test_order_of_rows_does_not_matter(labels, seed, duplicates):
    frame = frame_of(labels)
    order = np.random.default_rng(seed).permutation(len(labels))
    shuffled = frame.iloc[order]
    # Rows without an id are labelled by their number in the file, which the other order gives anew.
    fresh = [label if isinstance(label, str) else number for number, label in enumerate(shuffled.index)]
    shuffled.index = pd.Index(fresh, dtype=object)
    first, _ = settle_ids(frame, layer="x", column="id", duplicates=duplicates)
    second, _ = settle_ids(shuffled, layer="x", column="id", duplicates=duplicates)
    assert first.index.is_unique
    assert set(first.index) == set(second.index)
    assert (first["value"] == second["value"].reindex(first.index)).all()
    assert all(shapely.equals_exact(first.geometry[name], second.geometry[name]) for name in first.index)
    assert first.area.sum() == pytest.approx(frame.area.sum())


def test_findings_count_rows_and_ids():
    missing, repeated = id_findings(as_labels(pd.Series(["A", "A", "B", "B", "B", None])), layer="x", column="id")
    assert (said(missing, "count"), str(said(missing, "rows"))) == (1, "rad 6 i filen, räknat från 1")
    assert (said(repeated, "count"), said(repeated, "different")) == (5, 2)


def test_dissolved_lines_are_gathered_not_cut():
    cross = [shapely.LineString([(0, 0), (10, 10)]), shapely.LineString([(0, 10), (10, 0)])]
    frame = gpd.GeoDataFrame({"v": [1, 1]}, geometry=cross, index=pd.Index(["A", "A"], dtype=object), crs=3006)
    joined, _ = settle_ids(frame, layer="x", column="id", duplicates="dissolve")
    assert shapely.get_num_geometries(joined.geometry["A"]) == 2
    assert joined.geometry["A"].length == pytest.approx(20 * 2**0.5)
