"""`assemble`: hand cases, properties on random grids, and the real parcels of Cambridge."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box
from shapely.affinity import rotate, translate

from landready.errors import CrsError, InputError
from landready.land.joining import assemble
from landready.model import Land, Layer, Ledger

EAST, NORTH = 340_000, 6_400_000


def ground(shape):
    """Move a shape drawn near (0, 0) to a place where EPSG:3006 may be used."""
    return shape and translate(shape, EAST, NORTH)


def layer(shapes, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=[ground(shape) for shape in shapes], index=index, crs="EPSG:3006")


def dropped(sites, reason):
    ledger = sites.ledger.frame
    return ledger.loc[ledger["reason"] == reason, "area_ha"].sum()


def check_whole(sites, land_ha, *, min_site_ha, max_site_ha):
    """Assert what holds for every result."""
    frame, members = sites.frame, sites.members
    shapes = frame.geometry.to_numpy()
    assert frame.index.is_unique
    assert frame.index.is_monotonic_increasing
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    np.testing.assert_allclose(frame["area_ha"], shapely.area(shapes) / 1e4)
    assert (frame["area_ha"] >= min_site_ha).all()
    assert (frame["area_ha"] <= max_site_ha).all()
    i, j = shapely.STRtree(shapes).query(shapes)
    common = shapely.area(shapely.intersection(shapes[i[i < j]], shapes[j[i < j]])).sum()
    assert common <= 1e-3 * shapely.length(shapes).sum()
    total = frame["area_ha"].sum() + sites.ledger.frame.query("step == 'assemble'")["area_ha"].sum()
    assert total == pytest.approx(land_ha, rel=1e-4)
    per_site = members.groupby("site_id")["ha"].sum().reindex(frame.index)
    np.testing.assert_allclose(per_site, frame["area_ha"], rtol=1e-6)
    assert (members.groupby("site_id").size().reindex(frame.index) == frame["parcels"]).all()
    first = members.sort_values(["site_id", "ha"]).groupby("site_id").tail(1).set_index("site_id")["ha"]
    main = members.set_index(["site_id", "parcel_id"])["ha"]
    np.testing.assert_allclose(main[list(zip(frame.index, frame["main_parcel"], strict=True))], first)


# --- Shape ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0, 30])
def test_a_rectangle_stays_that_rectangle(angle):
    field = rotate(box(0, 0, 300, 100), angle)
    sites = assemble(layer([field]))
    assert len(sites.frame) == 1
    assert sites.frame.geometry.iloc[0].symmetric_difference(ground(field)).area < 1
    assert sites.frame["area_ha"].iloc[0] == pytest.approx(3, abs=1e-4)
    if angle == 0:
        assert shapely.normalize(ground(field)) == sites.frame.geometry.iloc[0]
        assert not len(sites.ledger)
    # Its corners meet on the grid, and the ledger says what that took.
    assert set(sites.ledger.frame["reason"]) <= {"rounding"}
    left_over = field.area / 1e4 - sites.frame["area_ha"].sum() - sites.ledger.frame["area_ha"].sum()
    assert left_over == pytest.approx(0, abs=1e-8)


def test_neighbouring_parcels_become_one_site():
    sites = assemble(layer([box(0, 0, 100, 100), box(100, 0, 250, 100)], index=["A", "B"]))
    row = sites.frame.loc["B/1"]
    assert (row["area_ha"], row["free_ha"], row["conditional_ha"], row["parcels"]) == (2.5, 2.5, 0.0, 2)
    assert row["main_parcel"] == "B"
    assert sites.members.to_dict("list") == {"site_id": ["B/1"] * 2, "parcel_id": ["B", "A"], "ha": [1.5, 1.0]}


@pytest.mark.parametrize("hair", [1e-9, -1e-9, 1e-6, 4e-4, 2e-3])
@pytest.mark.parametrize("border", [100.0, 100.0005])
def test_a_hair_between_neighbours_does_not_part_them(hair, border):
    shapes = [box(0, 0, border, 100), box(border + hair, 0, 200, 60), box(border + hair / 2, 60, 200, 100)]
    sites = assemble(layer(shapes))
    assert len(sites.frame) == 1
    assert sites.frame["area_ha"].iloc[0] == pytest.approx(2, abs=1e-4)
    assert len(sites.frame.geometry.iloc[0].interiors) == 0


def test_a_gap_parts_neighbours():
    sites = assemble(layer([box(0, 0, 100, 100), box(100.05, 0, 200.05, 100)]))
    assert len(sites.frame) == 2


@pytest.mark.parametrize("width", [0, 30])
def test_touching_in_a_point_is_not_contiguous(width):
    sites = assemble(layer([box(0, 0, 100, 100), box(100, 100, 200, 200)]), min_width_m=width)
    assert sites.frame["area_ha"].tolist() == [1.0, 1.0]


def test_two_fields_joined_by_a_neck_are_two_sites():
    fields = [box(0, 0, 100, 100), box(200, 0, 300, 100), box(100, 40, 200, 55)]
    sites = assemble(layer(fields, index=["A", "B", "neck"]), min_width_m=30)
    assert sites.frame.index.tolist() == ["A/1", "B/1"]
    # The dilated core bulges a little into the neck's mouth.
    assert sites.frame["area_ha"].tolist() == pytest.approx([1, 1], abs=0.005)
    assert dropped(sites, "too_narrow") == pytest.approx(0.15, abs=0.01)
    check_whole(sites, 2.15, min_site_ha=1, max_site_ha=50)


def test_a_short_neck_a_hair_too_narrow_is_cut_across_its_middle():
    fields = [box(0, 0, 100, 100), box(110, 0, 210, 100), box(100, 36, 110, 65.5)]
    sites = assemble(layer(fields), min_width_m=30)
    assert len(sites.frame) == 2
    west, east = sorted(sites.frame.geometry, key=lambda shape: shape.bounds[0])
    assert west.bounds[2] == pytest.approx(EAST + 105, abs=0.01)
    assert east.bounds[0] == pytest.approx(EAST + 105, abs=0.01)


@pytest.mark.parametrize(("width", "count"), [(30, 1), (30.01, 2)])
def test_a_neck_of_just_the_least_width_stays_open(width, count):
    fields = [box(0, 0, 100, 100), box(200, 0, 300, 100), box(100, 40, 200, 70)]
    assert len(assemble(layer(fields), min_width_m=width).frame) == count


def test_a_tail_is_dropped_and_a_bay_is_given_back():
    tail, bay = box(100, 40, 200, 50), box(0, 100, 10, 112)
    sites = assemble(layer([box(0, 0, 100, 100), tail, bay]), min_width_m=30)
    [shape] = sites.frame.geometry
    assert shape.contains(ground(bay).centroid)
    assert not shape.contains(ground(tail).centroid)
    assert dropped(sites, "too_narrow") == pytest.approx(0.1, abs=0.002)


def test_a_u_stays_whole_until_its_base_is_too_narrow():
    u = box(0, 0, 300, 300).difference(box(100, 40, 200, 300))
    assert len(assemble(layer([u]), min_width_m=30).frame) == 1
    assert len(assemble(layer([u]), min_width_m=50).frame) == 2


def test_a_dilation_does_not_jump_a_slit():
    u = box(0, 0, 300, 300).difference(box(149, 20, 151, 300))
    sites = assemble(layer([u]), min_width_m=50)
    assert len(sites.frame) == 2
    west, east = sorted(sites.frame.geometry, key=lambda shape: shape.bounds[0])
    assert west.bounds[2] <= EAST + 175
    assert not west.intersection(ground(box(151.01, 60, 300, 300))).area
    assert not east.intersection(ground(box(0, 60, 148.99, 300))).area


def test_a_ring_keeps_its_hole():
    ring = box(0, 0, 300, 300).difference(box(100, 100, 200, 200))
    [shape] = assemble(layer([ring])).frame.geometry
    assert shape == shapely.normalize(ground(ring))


def test_a_strip_is_no_site_though_it_is_large_enough():
    strip = box(0, 0, 2000, 35)
    sites = assemble(layer([strip]), min_width_m=30)
    assert sites.frame.empty
    assert dropped(sites, "ribbon") == pytest.approx(7)
    assert len(assemble(layer([strip]), min_width_m=15).frame) == 1


# --- Barriers and the asked area -----------------------------------------------------------------------------------


def test_a_line_splits_by_its_width():
    road = gpd.GeoDataFrame(
        {"width_m": [20.0]}, geometry=[ground(shapely.LineString([(100, -50), (100, 150)]))], crs="EPSG:3006"
    )
    field = layer([box(0, 0, 200, 100)])
    sites = assemble(field, min_site_ha=0.5, barriers=road)
    assert sites.frame["area_ha"].tolist() == pytest.approx([0.9, 0.9])
    assert dropped(sites, "barrier") == pytest.approx(0.2)
    thin = assemble(field, min_site_ha=0.5, barriers=[Layer(name="E20", frame=road.drop(columns="width_m"))])
    assert thin.frame["area_ha"].tolist() == pytest.approx([0.99, 0.99])
    row = thin.ledger.frame.set_index("reason").loc["barrier_width_assumed"]
    assert (row["layer"], row["count"]) == ("E20", 1)
    unknown = assemble(field, min_site_ha=0.5, barriers=road.assign(width_m=[np.nan]))
    assert unknown.frame["area_ha"].tolist() == pytest.approx([0.99, 0.99])


def test_water_and_road_take_their_area_once():
    lake = layer([box(90, -10, 110, 200)])
    road = gpd.GeoDataFrame(geometry=[ground(shapely.LineString([(100, -50), (100, 150)]))], crs="EPSG:3006")
    sites = assemble(layer([box(0, 0, 200, 100)]), min_site_ha=0.5, barriers=[lake, road])
    assert dropped(sites, "barrier") == pytest.approx(0.2)
    check_whole(sites, 2, min_site_ha=0.5, max_site_ha=50)


@pytest.mark.parametrize("kind", ["polygon", "frame", "layer"])
def test_only_land_within_counts(kind):
    area = ground(box(0, 0, 120, 500))
    frame = gpd.GeoDataFrame(geometry=[area], crs="EPSG:3006")
    within = {"polygon": area, "frame": frame, "layer": Layer(name="kommun", frame=frame)}[kind]
    sites = assemble(layer([box(0, 0, 200, 100), box(300, 0, 400, 100)]), within=within)
    assert sites.frame["area_ha"].tolist() == pytest.approx([1.2])
    assert dropped(sites, "outside") == pytest.approx(1.8)


# --- Sizes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "count"), [(100, 1), (99.99, 0)])
def test_a_site_has_at_least_the_least_size(side, count):
    sites = assemble(layer([box(0, 0, side, 100)]), min_site_ha=1)
    assert len(sites.frame) == count
    assert dropped(sites, "too_small") == pytest.approx(0 if count else side * 100 / 1e4)


@pytest.mark.parametrize(("side", "count"), [(500, 1), (500.1, 2)])
def test_a_site_has_at_most_the_largest_size(side, count):
    assert len(assemble(layer([box(0, 0, side, 1000)]), max_site_ha=50).frame) == count


def test_no_largest_size():
    assert assemble(layer([box(0, 0, 2000, 2000)]), max_site_ha=float("inf")).frame["area_ha"].tolist() == [400]


def test_a_huge_parcel_is_cut_straight():
    sites = assemble(layer([box(0, 0, 1000, 500)], index=["A"]), max_site_ha=30)
    assert sites.frame["area_ha"].tolist() == pytest.approx([25, 25], abs=0.01)
    assert sites.frame.index.tolist() == ["A/1", "A/2"]
    assert all(shape.symmetric_difference(shapely.envelope(shape)).area < 1 for shape in sites.frame.geometry)
    assert sites.ledger.frame["reason"].tolist() == ["cut_size"]
    check_whole(sites, 50, min_site_ha=1, max_site_ha=30)


def test_large_land_is_cut_along_parcel_borders():
    parcels = layer([box(x, y, x + 50, y + 50) for x in range(0, 1000, 50) for y in range(0, 500, 50)])
    sites = assemble(parcels, max_site_ha=30)
    assert sites.frame["parcels"].sum() == 200
    assert sites.frame["area_ha"].tolist() == pytest.approx([25, 25])


def test_large_land_is_cut_by_plan_first():
    boxes = [box(x, 0, x + 200, 200) for x in range(0, 1000, 200)]
    parcels = layer(boxes, index=list("abcde"), plan_id=["p", "p", None, "q", "q"])
    sites = assemble(parcels, max_site_ha=10)
    assert sites.frame["area_ha"].sort_values().tolist() == pytest.approx([4, 8, 8])
    members = sites.members.groupby("site_id")["parcel_id"].apply(lambda ids: "".join(sorted(ids)))
    assert sorted(members) == ["ab", "c", "de"]
    assert sites.ledger.frame["reason"].tolist() == ["cut_plan"]
    assert len(assemble(parcels, max_site_ha=20).frame) == 1


def test_what_borders_of_plans_make_of_land_is_told():
    boxes = [box(x, 0, x + 200, 200) for x in range(0, 1000, 200)]
    [found] = assemble(layer(boxes, index=list("abcde"), plan_id=["p", "p", None, "q", "q"]), max_site_ha=10).findings
    assert (found.key, found.severity) == ("sites_cut_by_plans", "note")
    assert found.values == pytest.approx({"count": 1, "hectares": 20, "sites": 3, "lost": 0, "largest": 10})  # noqa: PD011
    # One zone is so narrow that it becomes no site, and a sixth of the land falls away with it.
    zones = layer([box(0, 0, 300, 200), box(300, 0, 420, 200), box(420, 0, 720, 200)], plan_id=["p", "q", "r"])
    sites = assemble(zones, max_site_ha=6.5, min_site_ha=3)
    [found] = sites.findings
    assert found.severity == "warning"
    assert found.values == pytest.approx({"count": 1, "hectares": 14.4, "sites": 2, "lost": 2.4, "largest": 6.5})  # noqa: PD011
    assert (len(sites.frame), dropped(sites, "too_small")) == (2, pytest.approx(2.4))
    assert assemble(layer(boxes, index=list("abcde")), max_site_ha=10).findings == ()


def test_then_by_owner_category_and_then_by_size():
    boxes = [box(x, 0, x + 200, 200) for x in range(0, 1600, 200)]
    parcels = layer(boxes, index=list("abcdefgh"), plan_id=["p"] * 4 + [None] * 4, owner_category=list("kkppkkkk"))
    sites = assemble(parcels, max_site_ha=10)
    members = sites.members.groupby("site_id")["parcel_id"].apply(lambda ids: "".join(sorted(ids)))
    assert sorted(members) == ["ab", "cd", "ef", "gh"]
    assert sites.ledger.frame["reason"].tolist() == ["cut_plan", "cut_owner", "cut_size"]


def test_a_small_fragment_of_a_cut_goes_back_to_its_neighbour():
    boxes = [box(0, 0, 300, 200), box(300, 0, 340, 200), box(340, 0, 640, 200)]
    parcels = layer(boxes, index=list("abc"), plan_id=["p", "q", "p"])
    sites = assemble(parcels, max_site_ha=8)
    assert sites.frame["area_ha"].sort_values().tolist() == pytest.approx([6, 6.8])
    full = assemble(parcels, max_site_ha=6.5)
    assert full.frame["area_ha"].tolist() == pytest.approx([6, 6])
    assert dropped(full, "too_small") == pytest.approx(0.8)


# --- Land classes --------------------------------------------------------------------------------------------------


def classified(rows):
    """Return a `Land` of rows (parcel, class, share, shape)."""
    parts = layer(
        [row[3] for row in rows],
        parcel_id=[row[0] for row in rows],
        land_class=[row[1] for row in rows],
        share=[row[2] for row in rows],
    )
    frame = parts.dissolve("parcel_id")[["geometry"]]
    return Land(frame=frame, parts=parts, shares=pd.DataFrame(), constraints=pd.DataFrame(), ledger=Ledger.empty())


def test_free_and_conditional_land_join_and_are_told_apart():
    land = classified(
        [
            ("A", "free", 1.0, box(0, 0, 100, 100)),
            ("A", "conditional", 1.0, box(100, 0, 150, 100)),
            ("B", "free", 0.5, box(150, 0, 250, 100)),
        ]
    )
    sites = assemble(land)
    row = sites.frame.loc["A/1"]
    assert row[["area_ha", "free_ha", "conditional_ha", "parcels"]].tolist() == pytest.approx([2.5, 1.5, 0.5, 2])


def test_overlapping_parcels_count_once():
    sites = assemble(layer([box(0, 0, 100, 100), box(50, 0, 150, 100), box(10, 10, 20, 20)], index=list("abc")))
    assert sites.frame["area_ha"].tolist() == pytest.approx([1.5])
    assert sites.members.set_index("parcel_id")["ha"].to_dict() == pytest.approx({"a": 1.0, "b": 0.5})
    assert dropped(sites, "overlap") == pytest.approx(0.51)


def test_parts_of_overlapping_parcels_count_once_and_so_does_ground_of_two_classes():
    land = classified(
        [
            ("a", "free", 1.0, box(0, 0, 100, 100)),
            ("b", "free", 1.0, box(50, 0, 150, 100)),
            ("c", "free", 0.5, box(150, 0, 250, 100)),
            ("c", "conditional", 0.5, box(150, 0, 250, 100)),
            ("d", "free", 1.0, box(250, 0, 300, 100)),
        ]
    )
    sites = assemble(land)
    assert sites.frame["area_ha"].tolist() == pytest.approx([3.0])
    assert dropped(sites, "overlap") == pytest.approx(0.5 + 1.0)


# --- Ids, order, empty and bad input -------------------------------------------------------------------------------


def test_sites_of_one_parcel_are_numbered_by_size_then_position():
    whole = shapely.union_all([box(0, 0, 100, 100), box(200, 0, 300, 100), box(400, 0, 550, 100)])
    sites = assemble(layer([whole], index=["A"]))
    west = (sites.frame.geometry.bounds["minx"] - EAST).round().tolist()
    assert dict(zip(sites.frame.index, west, strict=True)) == {"A/1": 400, "A/2": 0, "A/3": 200}


def test_ids_keep_their_kind():
    sites = assemble(layer([box(0, 0, 100, 100)], index=[7]))
    assert sites.frame.index.tolist() == ["7/1"]
    assert sites.members["parcel_id"].tolist() == [7]
    assert sites.frame["main_parcel"].tolist() == [7]


@pytest.mark.parametrize(
    "parcels",
    [layer([]), layer([None]), layer([box(0, 0, 10, 10)])],
    ids=["no rows", "no geometry", "nothing large enough"],
)
def test_no_site_is_an_empty_frame_like_any_other(parcels):
    sites = assemble(parcels, barriers=layer([]))
    like = assemble(layer([box(0, 0, 100, 100)]))
    assert sites.frame.empty
    assert sites.frame.index.name == "site_id"
    assert sites.frame.crs == like.frame.crs
    assert sites.frame.columns.tolist() == like.frame.columns.tolist()
    for column in ("area_ha", "free_ha", "conditional_ha", "parcels", "geometry"):
        assert sites.frame[column].dtype == like.frame[column].dtype, column
    assert sites.members.columns.tolist() == like.members.columns.tolist()
    assert sites.members["ha"].dtype == like.members["ha"].dtype


def test_input_is_left_alone():
    parcels = layer([box(0, 0, 100, 100), box(50, 0, 150, 100)])
    before = parcels.copy(deep=True)
    assemble(parcels, barriers=layer([box(20, 0, 22, 100)]))
    assert before.geometry.equals(parcels.geometry)
    assert before.columns.tolist() == parcels.columns.tolist()


def test_all_bad_sizes_are_told_at_once():
    with pytest.raises(InputError) as caught:
        assemble(layer([box(0, 0, 1, 1)]), min_site_ha=-1, max_site_ha=float("nan"), min_width_m="bred")
    told = caught.value.text("en").splitlines()
    assert [line.split()[0] for line in told] == ['"min_site_ha"', '"max_site_ha"', '"min_width_m"']
    with pytest.raises(InputError, match="mindre än"):
        assemble(layer([box(0, 0, 1, 1)]), min_site_ha=5, max_site_ha=5)


def test_bad_layers_are_refused():
    parcels, points = layer([box(0, 0, 100, 100)]), layer([shapely.Point(0, 0)])
    with pytest.raises(CrsError):
        assemble(parcels, barriers=[parcels.to_crs(3007)])
    with pytest.raises(InputError) as caught:
        assemble(parcels, barriers=[points, points])
    assert len(caught.value.findings) == 2
    with pytest.raises(InputError):
        assemble(parcels, within=shapely.LineString([(0, 0), (1, 1)]))
    for nonsense in (None, "vägar", 3):
        with pytest.raises(InputError, match="barriers"):
            assemble(parcels, barriers=nonsense)
    with pytest.raises(InputError, match="parcels"):
        assemble("fastigheter")


# --- Properties ----------------------------------------------------------------------------------------------------

CELLS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=80, unique=True)


@st.composite
def quarters(draw):
    """Return parcels on a turned grid with uneven lines, with gaps, plans and owners."""
    cells = draw(CELLS)
    seed = draw(st.integers(0, 2**16))
    random = np.random.default_rng(seed)
    lines = [np.concatenate([[0], np.cumsum(random.choice([18.0, 35.5, 60.25, 110.0], 12))]) for _ in "xy"]
    shapes = [box(lines[0][x], lines[1][y], lines[0][x + 1], lines[1][y + 1]) for x, y in cells]
    angle = draw(st.sampled_from([0, 17.3]))
    shapes = [rotate(shape, angle, origin=(0, 0)) for shape in shapes]
    plans = random.choice(["p", "q", None], len(cells))
    owners = random.choice(["kommun", "privat"], len(cells))
    return layer(shapes, index=[f"F{x}:{y}" for x, y in cells], plan_id=plans, owner_category=owners), seed


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quarters(), st.sampled_from([0, 25.0]), st.sampled_from([2.0, 5.0]), st.booleans())
def test_what_holds_for_any_land(data, width, largest, with_road):
    parcels, seed = data
    west, south, east, north = parcels.total_bounds
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(west, south), (east, north)])] * with_road, crs="EPSG:3006")
    options = {"min_site_ha": 0.4, "max_site_ha": largest, "min_width_m": width, "barriers": road}
    sites = assemble(parcels, **options)
    check_whole(sites, parcels.area.sum() / 1e4, min_site_ha=0.4, max_site_ha=largest)
    land = parcels.union_all().buffer(0.01)
    assert sites.frame.within(land).all()
    if width and len(sites.frame):
        assert not sites.frame.buffer(-(width / 2 - 0.01)).is_empty.any()
    again = assemble(parcels.sample(frac=1, random_state=seed), **options)
    pd.testing.assert_frame_equal(pd.DataFrame(again.frame), pd.DataFrame(sites.frame))
    pd.testing.assert_frame_equal(again.members, sites.members)
    pd.testing.assert_frame_equal(again.ledger.frame, sites.ledger.frame)


# --- Real data -----------------------------------------------------------------------------------------------------


@pytest.mark.realdata
def test_cambridge_becomes_sites_a_person_would_draw(cambridge):
    parcels = cambridge("parcels_fy2014")
    barriers = [cambridge("major_roads"), cambridge("rail")]
    sites = assemble(parcels, min_site_ha=0.5, max_site_ha=20, min_width_m=25, barriers=barriers)
    check_whole(sites, parcels.area.sum() / 1e4, min_site_ha=0.5, max_site_ha=20)
    frame = sites.frame
    assert 100 <= len(frame) <= 250
    assert frame["area_ha"].sum() > 0.95 * parcels.area.sum() / 1e4
    assert frame["area_ha"].median() > 8
    compact = 4 * np.pi * frame.area / frame.length**2
    assert compact.median() > 0.5
    assert compact.min() > 0.15
    width = 2 * frame.area / frame.length
    assert (width > 25).all()
    assert not frame.buffer(-12.4).is_empty.any()
    # No street: the road parcels (a seventh of the land) dominate nothing but a few small squares.
    road = sites.members[sites.members["parcel_id"].map(parcels["ML"]) == "ROAD"]
    share = road.groupby("site_id")["ha"].sum() / frame["area_ha"]
    assert frame.loc[share > 0.5, "area_ha"].sum() < 3
    assert frame.loc[share > 0.5, "area_ha"].max() < 1


@pytest.mark.realdata
def test_cambridge_without_barriers_is_one_component(cambridge):
    sites = assemble(
        cambridge("parcels_fy2014").sample(frac=1, random_state=3), max_site_ha=float("inf"), min_width_m=0
    )
    assert sites.frame["area_ha"].max() == pytest.approx(1733, abs=1)
