"""Land larger than a site may be is cut into compact pieces."""

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from landready.land.contiguity import join
from landready.land.merging import Sizes
from landready.land.splitting import split_large


def cut(shapes, *, largest, least=0.0, width=0.0, **columns):
    pieces = pd.DataFrame({"geometry": np.array(shapes, dtype=object), **columns})
    [site] = join(pieces["geometry"].to_numpy())
    parts, reasons = split_large(site, pieces, Sizes(least, largest, width))
    assert shapely.area(parts).max() <= largest
    assert shapely.area(parts).sum() == pytest.approx(site.area, rel=1e-6)
    assert shapely.area(shapely.union_all(parts)) == pytest.approx(site.area, rel=1e-6)
    return parts, reasons


def test_the_cut_goes_across_the_long_axis():
    parts, reasons = cut([box(0, 0, 300, 100)], largest=20_000)
    assert reasons == ["cut_size"]
    assert sorted(shapely.bounds(parts)[:, 0].tolist()) == pytest.approx([0, 150])


def test_three_pieces_where_two_do_not_hold_it():
    parts, _ = cut([box(0, 0, 500, 100)], largest=20_000)
    assert len(parts) == 3


def test_the_cut_is_made_where_there_is_least_to_cut():
    parts, _ = cut([box(0, 0, 140, 100), box(140, 30, 160, 70), box(160, 0, 300, 100)], largest=20_000)
    assert shapely.length(shapely.intersection(*parts)) == pytest.approx(40, abs=0.1)


def test_whole_parcels_stay_whole():
    grid = [box(x, y, x + 30, y + 20) for x in range(0, 300, 30) for y in range(0, 200, 20)]
    parts, _ = cut(grid, largest=20_000, least=5_000, width=10)
    inside = shapely.area(shapely.intersection(np.array(grid)[:, None], parts[None, :]))
    assert (inside.max(axis=1) > 599.9).all()


def test_a_street_through_all_of_it_is_cut():
    street = shapely.union_all([box(0, 95, 1000, 105), *[box(x, 0, x + 10, 200) for x in range(95, 1000, 200)]])
    blocks = shapely.get_parts(box(0, 0, 1000, 200).difference(street))
    parts, _ = cut([street, *blocks], largest=45_000, least=5_000, width=25)
    assert 5 <= len(parts) <= 7
    assert (4 * np.pi * shapely.area(parts) / shapely.length(parts) ** 2 > 0.45).all()


def test_a_parcel_above_the_largest_size_is_cut_straight():
    parts, _ = cut([box(0, 0, 400, 200), box(400, 0, 420, 200)], largest=50_000, least=5_000, width=10)
    assert len(parts) == 2
    assert all(part.symmetric_difference(part.envelope).area < 1 for part in parts)


def test_plan_then_owner_then_size():
    shapes = [box(x, 0, x + 100, 100) for x in range(0, 600, 100)]
    columns = {"plan_id": ["p", "p", "p", None, None, "q"], "owner_category": list("abbccc")}
    parts, reasons = cut(shapes, largest=20_000, **columns)
    assert reasons == ["cut_plan", "cut_owner"]
    assert sorted(shapely.area(parts).round().tolist()) == [10_000, 10_000, 20_000, 20_000]


def test_one_plan_for_all_is_no_cut():
    _, reasons = cut([box(0, 0, 100, 100), box(100, 0, 200, 100)], largest=15_000, plan_id=["p", "p"])
    assert reasons == ["cut_size"]


@pytest.mark.parametrize("shape", ["spiral", "comb", "ring"])
def test_odd_shapes_come_to_an_end(shape):
    comb = shapely.union_all([box(0, 0, 1000, 20), *[box(x, 0, x + 20, 500) for x in range(0, 1000, 60)]])
    turns = np.linspace(0, 8 * np.pi, 400)
    spiral = shapely.linestrings(np.column_stack([turns * np.cos(turns), turns * np.sin(turns)]) * 20).buffer(25)
    ring = shapely.Point(0, 0).buffer(300).difference(shapely.Point(0, 0).buffer(250))
    parts, _ = cut([{"spiral": spiral, "comb": comb, "ring": ring}[shape]], largest=9_000, least=500, width=10)
    assert len(parts) > 5
