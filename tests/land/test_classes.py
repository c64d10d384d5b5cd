"""Four classes of land, by hand, by property, and against brute force on real parcels."""

import itertools
from math import prod

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landready import Constraint, CrsError, InputError, Layer, classify_land
from landready.texts import text

E, N = 330_000, 6_405_000
CLASSES = ["free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"]


def box(west, south, east, north):
    """A box in metres from the corner of the test ground."""
    return shapely.box(E + west, N + south, E + east, N + north)


def frame(*geometry, crs=3006, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs, index=index)


def layer(*geometry, extent=None, name="layer", **kwargs):
    return Layer(name=name, frame=frame(*geometry), known_extent=extent, **kwargs)


def classes(land, parcel="P"):
    return dict(zip(CLASSES, land.frame.loc[parcel, CLASSES].astype(float), strict=True))


def hectares(free=0.0, conditional=0.0, excluded=0.0, unmapped=0.0):
    return pytest.approx(dict(zip(CLASSES, (free, conditional, excluded, unmapped), strict=True)), abs=1e-9)


PARCEL = frame(box(0, 0, 200, 200), index=["P"])  # 4 ha
SW, SE, NW, NE = box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 100, 200), box(100, 100, 200, 200)
REST = shapely.union_all([SE, NW, NE])
INCLUDED = {"kind": "include", "reason": "kommunal gata", "case_number": "KS 2025-17"}


# One constraint, by hand


def test_a_quarter_excluded():
    """ORACLES: share .25, remaining ¾ of the area, as floats."""
    land = classify_land(PARCEL, [Constraint("water", frame(SW))])
    assert classes(land) == hectares(free=3, excluded=1)
    assert land.shares.loc[("P", "water")].tolist() == ["hard", 0.25, 0.75, 0.0]
    assert land.free["P"].area == pytest.approx(30_000)
    assert land.free["P"].equals(REST)
    assert land.conditional["P"].is_empty
    assert land.parts["share"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("hard", {"excluded": 1, "free": 3}), ("strong", {"conditional": 1, "free": 3}), ("info", {"free": 4})],
)
def test_kinds(kind, expected):
    land = classify_land(PARCEL, [Constraint("c", frame(SW), kind=kind)])
    assert classes(land) == hectares(**expected)
    assert land.shares["affected_share"].tolist() == [0.25]


def test_overlapping_features_count_once():
    land = classify_land(PARCEL, [Constraint("c", frame(SW, SW, box(50, 0, 100, 100)))])
    assert classes(land) == hectares(free=3, excluded=1)
    assert land.shares["affected_share"].tolist() == [0.25]


def test_no_features_inside_what_was_mapped_is_known():
    land = classify_land(PARCEL, [Constraint("c", layer(extent=box(-1, -1, 201, 201)))])
    assert classes(land) == hectares(free=4)
    assert land.shares["clear_share"].tolist() == [1.0]


@pytest.mark.parametrize("kind", ["hard", "strong"])
def test_half_covered_extent_is_unmapped(kind):
    land = classify_land(PARCEL, [Constraint("c", layer(extent=box(-50, -50, 100, 250)), kind=kind)])
    assert classes(land) == hectares(free=2, unmapped=2)
    assert land.shares.loc[("P", "c"), ["affected_share", "clear_share", "unmapped_share"]].tolist() == [0, 0.5, 0.5]
    assert land.free["P"].equals(shapely.union(SW, NW))


def test_information_never_mapped_changes_no_class():
    land = classify_land(PARCEL, [Constraint("c", layer(extent=box(-50, -50, 100, 250)), kind="info")])
    assert classes(land) == hectares(free=4)
    assert land.shares["unmapped_share"].tolist() == [0.5]


def test_a_feature_outside_what_was_mapped_is_still_known():
    land = classify_land(PARCEL, [Constraint("c", layer(SE, extent=box(-50, -50, 100, 250)))])
    assert classes(land) == hectares(free=2, excluded=1, unmapped=1)


def test_a_buffer_reaches_in_from_outside_the_area():
    track = shapely.LineString([(E - 20, N - 500), (E - 20, N + 700)])
    land = classify_land(PARCEL, [Constraint("rail", frame(track), buffer_m=30)])
    assert classes(land) == hectares(free=3.8, excluded=0.2)


def test_a_buffer_draws_in_what_is_mapped():
    """Rail 10 m beyond the edge of the map could reach 20 m in: there, no rail on the map proves nothing."""
    land = classify_land(PARCEL, [Constraint("rail", layer(extent=box(-99, -99, 200, 299)), buffer_m=30)])
    assert classes(land) == hectares(free=4 * 170 / 200, unmapped=4 * 30 / 200)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("hard", {"excluded": 1, "free": 2, "unmapped": 1}),
        ("strong", {"conditional": 1, "free": 2, "unmapped": 1}),
        ("info", {"free": 4}),
    ],
)
def test_ground_of_a_feature_that_nobody_can_judge_is_unmapped(kind, expected):
    """The use of one plan is not known: it may be the other use, so its ground is neither covered nor free."""
    plans = frame(SW, SE, NE, use=["J", None, "Z"])
    land = classify_land(PARCEL, [Constraint("c", plans, kind=kind, where={"use": "J"})])
    assert classes(land) == hectares(**expected)
    assert land.shares[["affected_share", "clear_share", "unmapped_share"]].to_numpy().tolist() == [[0.25, 0.5, 0.25]]
    assert land.ledger.frame.set_index("reason").loc["undecided", ["count", "area_ha"]].tolist() == [1, 1.0]


def test_what_a_feature_nobody_can_judge_shares_with_one_that_counts_is_covered():
    plans = frame(SW, box(50, 0, 150, 100), use=["J", None])
    land = classify_land(PARCEL, [Constraint("c", plans, where={"use": "J"})])
    assert classes(land) == hectares(excluded=1, unmapped=0.5, free=2.5)


def test_the_buffer_of_a_feature_nobody_can_judge_is_unmapped_too():
    road = shapely.LineString([(E + 100, N - 500), (E + 100, N + 700)])
    rule = {"buffer_m": 25, "where": {"road_category": 1}}
    bare = frame(road, road_category=[None])
    assert classes(classify_land(PARCEL, [Constraint("road", bare, **rule)])) == hectares(free=3, unmapped=1)
    known = Layer("vägar", bare, role="roads")  # registers give public roads only a category
    assert classes(classify_land(PARCEL, [Constraint("road", known, **rule)])) == hectares(free=4)


def test_negative_buffer():
    land = classify_land(PARCEL, [Constraint("c", frame(box(-10, -10, 110, 110)), buffer_m=-10)])
    assert classes(land) == hectares(free=3, excluded=1)


def test_negative_buffer_does_not_widen_what_is_mapped():
    land = classify_land(PARCEL, [Constraint("c", layer(extent=box(0, 0, 100, 200)), buffer_m=-10)])
    assert classes(land) == hectares(free=2, unmapped=2)


# Inclusion


def test_inclusion_lifts_to_conditional_only():
    land = classify_land(
        PARCEL, [Constraint("plan", frame(SW)), Constraint("in", frame(box(0, 0, 50, 100)), **INCLUDED)]
    )
    assert classes(land) == hectares(free=3, conditional=0.5, excluded=0.5)
    assert land.shares.loc[("P", "in"), "kind"] == "include"
    assert land.shares.loc[("P", "in"), "affected_share"] == 0.125
    assert land.constraints.loc["in", ["kind", "reason", "case_number"]].tolist() == [
        "include",
        "kommunal gata",
        "KS 2025-17",
    ]


def test_inclusion_never_wins_over_statute():
    constraints = [
        Constraint("reserve", frame(SW), legal_basis="MB 7:4"),
        Constraint("plan", frame(SW)),
        Constraint("in", frame(SW), **INCLUDED),
    ]
    assert classes(classify_land(PARCEL, constraints)) == hectares(free=3, excluded=1)


def test_inclusion_where_nothing_excludes_changes_nothing():
    land = classify_land(PARCEL, [Constraint("in", frame(SW), **INCLUDED)])
    assert classes(land) == hectares(free=4)


# The truth table: every combination of states, as reV's for its exclusion layers

STATES = ("absent", "covers", "unmapped", "beyond")  # beyond: a feature is known, outside what was mapped


def rule(statutory, other, strong, included):
    """The rule in plain words, for one point."""
    known = {"covers", "beyond"}
    if statutory in known or (other in known and not included):
        return "excluded"
    if "unmapped" in {statutory, other}:
        return "unmapped"
    if strong in known or other in known:
        return "conditional"
    return "unmapped" if strong == "unmapped" else "free"


TABLE = [(*states, included) for states in itertools.product(STATES, repeat=3) for included in (False, True)]


@pytest.fixture(scope="module")
def truth_table():
    """One parcel of four squares per combination: the combination in the south-west, the others as told below."""

    def square(k, west, south):
        return box(500 * k + west, south, 500 * k + west + 100, south + 100)

    count = range(len(TABLE))
    everywhere = box(-100, -100, 500 * len(TABLE), 300)

    def in_state(column, *elsewhere):
        shapes = [square(k, 0, 0) for k in count if TABLE[k][column] in {"covers", "beyond"}]
        holes = [square(k, 0, 0) for k in count if TABLE[k][column] in {"unmapped", "beyond"}]
        return layer(
            *shapes, *(square(k, *at) for k in count for at in elsewhere), extent=everywhere - shapely.union_all(holes)
        )

    included = [square(k, 0, 0) for k in count if TABLE[k][3]]
    constraints = [
        Constraint("statutory", in_state(0, (100, 0)), legal_basis="MB"),  # and the south-east
        Constraint("other", in_state(1)),
        Constraint("strong", in_state(2, (0, 100)), kind="strong"),  # and the north-west
        Constraint(
            "in", frame(*included, *(square(k, 100, 100) for k in count)), **INCLUDED
        ),  # and the free north-east
    ]
    parcels = frame(*(box(500 * k, 0, 500 * k + 200, 200) for k in count), index=[str(row) for row in TABLE])
    return classify_land(parcels, constraints)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_truth_table(truth_table, row):
    expected = {"excluded": 1, "conditional": 1, "free": 1, "unmapped": 0}
    expected[rule(*row)] += 1
    assert classes(truth_table, str(row)) == hectares(**expected)


# Fractions


def test_fractional_exclusion():
    land = classify_land(PARCEL, [Constraint("c", frame(SW), weight=0.4)])
    assert classes(land) == hectares(free=3.6, excluded=0.4)
    parts = land.parts.sort_values("share")
    assert parts["share"].tolist() == [0.6, 1.0]
    assert parts.area.tolist() == pytest.approx([10_000, 30_000])
    assert land.shares["affected_share"].tolist() == [0.25]


def test_fractional_trial_leaves_the_rest_free_on_the_same_ground():
    land = classify_land(PARCEL, [Constraint("c", frame(SW), kind="strong", weight=0.4)])
    assert classes(land) == hectares(free=3.6, conditional=0.4)
    conditional = land.parts[land.parts["land_class"] == "conditional"]
    assert conditional["share"].tolist() == [0.4]
    assert conditional.area.tolist() == pytest.approx([10_000])
    assert land.free["P"].area == pytest.approx(40_000)


def test_fractions_on_the_same_ground_multiply_what_they_leave():
    constraints = [
        Constraint("a", frame(SW), weight=0.5),
        Constraint("b", frame(box(0, 0, 100, 50)), weight=0.2),
        Constraint("c", frame(SW), kind="strong", weight=0.5),
    ]
    land = classify_land(PARCEL, constraints)
    excluded = 0.5 * 0.5 + 0.5 * (1 - 0.5 * 0.8)
    assert classes(land) == hectares(free=3 + (1 - excluded) / 2, conditional=(1 - excluded) / 2, excluded=excluded)


def test_a_whole_exclusion_wins_over_a_fraction():
    land = classify_land(PARCEL, [Constraint("a", frame(SW)), Constraint("b", frame(SW, SE), weight=0.5)])
    assert classes(land) == hectares(free=2.5, excluded=1.5)


def test_inclusion_lifts_fractions_that_are_not_statutory():
    constraints = [
        Constraint("a", frame(SW), weight=0.5),
        Constraint("b", frame(SE), weight=0.5, legal_basis="MB"),
        Constraint("in", frame(SW, SE), **INCLUDED),
    ]
    assert classes(classify_land(PARCEL, constraints)) == hectares(free=3, conditional=0.5, excluded=0.5)


def test_never_mapped_is_unmapped_whole_whatever_the_weight():
    land = classify_land(PARCEL, [Constraint("a", layer(extent=REST), weight=0.1)])
    assert classes(land) == hectares(free=3, unmapped=1)


def test_fraction_over_unmapped_ground():
    constraints = [Constraint("a", frame(SW), weight=0.3), Constraint("b", layer(extent=REST))]
    assert classes(classify_land(PARCEL, constraints)) == hectares(free=3, excluded=0.3, unmapped=0.7)


# Every case against a reference on square cells

SIDE, CELL = 6, 10
KINDS = ("hard", "statutory", "strong", "info", "include")
SPAN = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE)).map(sorted).filter(lambda s: s[0] < s[1])
RECTANGLE = st.tuples(SPAN, SPAN)
RULE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "weight": st.sampled_from([1.0, 1.0, 0.5, 0.2]),
        "features": st.lists(RECTANGLE, max_size=3),
        "extent": st.none() | RECTANGLE,
    }
)


def rectangle(spans):
    (west, east), (south, north) = spans
    return box(west * CELL, south * CELL, east * CELL, north * CELL)


def mask(rectangles):
    cells = np.zeros((SIDE, SIDE), dtype=bool)
    for (west, east), (south, north) in rectangles:
        cells[west:east, south:north] = True
    return cells


def constraint_of(position, rule):
    kind = "hard" if rule["kind"] == "statutory" else rule["kind"]
    extent = None if rule["extent"] is None else rectangle(rule["extent"])
    return Constraint(
        f"c{position}",
        layer(*map(rectangle, rule["features"]), extent=extent),
        kind=kind,
        weight=rule["weight"] if kind in {"hard", "strong"} else 1.0,
        statutory=rule["kind"] == "statutory",
        reason="r",
        case_number="1",
    )


def cell_classes(rules):
    """Hectare shares per cell, by the words of the rule."""
    covers = [mask(rule["features"]) for rule in rules]
    unknown = [
        np.zeros((SIDE, SIDE), bool) if rule["extent"] is None else ~mask([rule["extent"]]) & ~cover
        for rule, cover in zip(rules, covers, strict=True)
    ]
    result = np.zeros((4, SIDE, SIDE))
    for cell in np.ndindex(SIDE, SIDE):
        lifted = any(c[cell] for c, r in zip(covers, rules, strict=True) if r["kind"] == "include")
        here = [(r["kind"], r["weight"], c[cell], u[cell]) for r, c, u in zip(rules, covers, unknown, strict=True)]
        hard = [w for k, w, c, _ in here if c and (k == "statutory" or (k == "hard" and not lifted))]
        strong = [w for k, w, c, _ in here if c and (k == "strong" or (k == "hard" and lifted))]
        excluded = 1 - prod(1 - w for w in hard)
        left = 1 - excluded
        if any(u and k in {"hard", "statutory"} for k, _, _, u in here):
            conditional, free, unmapped = 0.0, 0.0, left
        else:
            conditional = left * (1 - prod(1 - w for w in strong))
            maybe = any(u and k == "strong" for k, _, _, u in here)
            free, unmapped = (0.0, left - conditional) if maybe else (left - conditional, 0.0)
        result[(slice(None), *cell)] = free, conditional, excluded, unmapped
    return result, covers, unknown


@settings(max_examples=30, deadline=None)
@given(st.lists(RULE, max_size=5), st.lists(RECTANGLE, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_classes_and_shares_agree_with_the_reference(rules, parcels, random):
    grounds = frame(*map(rectangle, parcels), index=[f"P{k}" for k in range(len(parcels))])
    constraints = [constraint_of(k, rule) for k, rule in enumerate(rules)]
    random.shuffle(constraints)
    land = classify_land(grounds, constraints)
    by_cell, covers, unknown = cell_classes(rules)
    for k, parcel in enumerate(parcels):
        inside = mask([parcel])
        expected = by_cell[:, inside].sum(axis=1) * CELL**2 / 1e4
        assert classes(land, f"P{k}") == pytest.approx(dict(zip(CLASSES, expected, strict=True)), abs=1e-9)
        for c in range(len(rules)):
            share = land.shares.loc[(f"P{k}", f"c{c}"), ["affected_share", "unmapped_share"]].astype(float)
            assert share.tolist() == pytest.approx([covers[c][inside].mean(), unknown[c][inside].mean()], abs=1e-9)
    assert_sound(land, grounds)


def assert_sound(land, parcels):
    """What holds for any result."""
    assert land.frame.index.tolist() == parcels.index.tolist()
    assert land.frame.index.name == "parcel_id"
    known = land.frame[land.frame["area_ha"].notna()]
    assert (known["area_ha"] - known[CLASSES].sum(axis=1)).abs().max() < 1e-6
    assert (known[CLASSES] >= 0).all(axis=None)
    shares = land.shares[["affected_share", "clear_share", "unmapped_share"]].dropna()
    assert (shares.sum(axis=1) - 1).abs().max() < 1e-9 or shares.empty
    for name in ("free", "conditional"):
        parts = land.parts[land.parts["land_class"] == name]
        kept = (parts.area * parts["share"]).groupby(parts["parcel_id"]).sum() / 1e4
        slivers = land.ledger.frame.loc[land.ledger.frame["reason"] == "sliver", "area_ha"].sum()
        assert (known[f"{name}_ha"] - kept.reindex(known.index, fill_value=0)).abs().max() <= slivers + 1e-6
    assert land.parts.geometry.is_valid.all()
    assert set(land.parts.geom_type) <= {"Polygon", "MultiPolygon"}
    assert not land.parts.duplicated(["parcel_id", "land_class", "share"]).any()


# The frames that come out


def test_other_columns_and_row_order_are_carried():
    parcels = frame(NE, SW, index=pd.Index(["b", "a"], name="fastighet"), owner_category=["kommun", "privat"])
    parcels = parcels.rename_geometry("yta")
    land = classify_land(parcels, [Constraint("c", frame(SW))])
    assert land.frame.index.tolist() == ["b", "a"]
    assert land.frame["owner_category"].tolist() == ["kommun", "privat"]
    assert land.frame["excluded_ha"].tolist() == [0, 1]
    assert land.frame.geometry.name == "geometry"
    assert "yta" not in land.frame
    assert land.shares.index.names == ["parcel_id", "constraint"]
    assert land.frame.columns[0] == "area_ha"


def test_land_can_be_classified_again():
    first = classify_land(PARCEL, [Constraint("c", frame(SW))])
    assert classes(classify_land(first.frame, [])) == hectares(free=4)


def test_inputs_are_not_changed():
    parcels = frame(box(0, 0, 200, 200), None, index=["P", "Q"], owner_category=["kommun", None])
    extent = box(0, 0, 100, 200)
    water = layer(SW, extent=extent)
    before = parcels.copy(), water.frame.copy()
    classify_land(parcels, [Constraint("c", water, buffer_m=5)])
    pd.testing.assert_frame_equal(parcels, before[0])
    pd.testing.assert_frame_equal(water.frame, before[1])
    assert not shapely.is_prepared(extent)
    assert not shapely.is_prepared(parcels.geometry.to_numpy()).any()


@pytest.mark.parametrize("nowhere", [None, shapely.Polygon()])
def test_parcels_without_geometry_are_unknown(nowhere):
    parcels = frame(box(0, 0, 200, 200), nowhere, index=["P", "Q"])
    land = classify_land(parcels, [Constraint("c", frame(SW))])
    assert land.frame.loc["Q", ["area_ha", *CLASSES]].isna().all()
    assert land.shares.loc["Q", ["affected_share", "clear_share", "unmapped_share"]].isna().all(axis=None)
    assert classes(land) == hectares(free=3, excluded=1)
    assert land.free["Q"].is_empty
    assert set(land.ledger.frame["reason"]) <= {"null_geometry", "empty_geometry"}
    assert len(land.ledger) == 1


def test_no_constraints():
    land = classify_land(PARCEL, [])
    assert classes(land) == hectares(free=4)
    assert land.shares.empty
    assert land.constraints.empty
    assert land.shares.columns.tolist() == ["kind", "affected_share", "clear_share", "unmapped_share"]
    assert "affected_ha" in land.constraints


def test_no_parcels():
    land = classify_land(
        PARCEL.iloc[:0], [Constraint("c", layer(SW, extent=SW)), Constraint("d", frame(SW), weight=0.5)]
    )
    assert land.frame.empty
    assert land.parts.empty
    assert land.shares.empty
    assert land.frame[["area_ha", *CLASSES]].dtypes.eq("float64").all()
    assert land.shares["affected_share"].dtype == "float64"
    assert land.parts.columns.tolist() == ["parcel_id", "land_class", "share", "geometry"]
    assert land.parts.crs == 3006
    assert land.constraints["affected_ha"].tolist() == [0.0, 0.0]
    assert land.free.empty


def test_a_parcel_that_is_excluded_whole_has_no_parts():
    land = classify_land(PARCEL, [Constraint("c", frame(box(-1, -1, 300, 300)))])
    assert classes(land) == hectares(excluded=4)
    assert land.parts.empty
    assert land.free["P"].is_empty


def test_constraint_table():
    water = layer(SW, extent=box(0, 0, 200, 100), source="SMHI", date="2024-05-01", modelled=True)
    land = classify_land(
        PARCEL, [Constraint("c", water, kind="strong", weight=0.5, legal_basis="MB 7:13", label="Sjö")]
    )
    assert land.constraints.index.name == "constraint"
    assert land.constraints.loc["c"].to_dict() == {
        "label": "Sjö",
        "kind": "strong",
        "buffer_m": 0.0,
        "weight": 0.5,
        "legal_basis": "MB 7:13",
        "statutory": True,
        "reason": None,
        "case_number": None,
        "source": "SMHI",
        "date": "2024-05-01",
        "modelled": True,
        "affected_ha": pytest.approx(1),
        "unmapped_ha": pytest.approx(2),
    }


def test_a_layer_under_two_constraints_is_told_once_in_the_ledger():
    bow_tie = shapely.Polygon([(E, N), (E + 9, N + 9), (E + 9, N), (E, N + 9)])
    water = layer(SW, bow_tie, name="water")
    land = classify_land(PARCEL, [Constraint("a", water), Constraint("b", water, buffer_m=5)])
    assert land.ledger.frame[["layer", "reason", "count"]].to_numpy().tolist() == [["water", "repaired", 1]]


# Slivers


def test_slivers_count_in_the_hectares_and_are_told():
    almost = box(-1, 0.002, 100, 100)  # leaves 0.2 m² along the edge
    land = classify_land(frame(SW, SE, index=["P", "Q"]), [Constraint("c", frame(almost))])
    assert land.frame.loc["P", "free_ha"] == pytest.approx(0.2e-4)
    assert land.parts["parcel_id"].tolist() == ["Q"]
    entry = land.ledger.frame.iloc[0]
    assert entry[["step", "layer", "reason", "count", "ids"]].tolist() == ["classify_land", "parcels", "sliver", 1, "P"]
    assert entry["area_ha"] == pytest.approx(0.2e-4)
    assert_sound(land, frame(SW, SE, index=["P", "Q"]))


def test_a_sliver_beside_land_goes_and_the_land_stays():
    strip = box(50, 0, 99.998, 200)
    parcel = frame(shapely.union(SW, NW), index=["P"])
    land = classify_land(parcel, [Constraint("c", frame(strip))])
    assert land.free["P"].equals(box(0, 0, 50, 200))
    assert land.ledger.frame["count"].tolist() == [1]
    kept = classify_land(parcel, [Constraint("c", frame(strip))], min_part_m2=0)
    assert shapely.get_num_geometries(kept.free["P"]) == 2
    assert len(kept.ledger) == 0


def test_ledger_reads_in_words():
    land = classify_land(frame(SW, index=["P"]), [Constraint("c", frame(box(-1, 0.002, 100, 100)))])
    assert land.ledger.in_words("sv").shape == (1, 6)
    assert land.ledger.in_words("en").shape == (1, 6)
    assert text("ledger.not_closed") != text("ledger.not_closed", "en")


# Refusals


def test_all_mismatched_systems_are_told_at_once():
    other = frame(shapely.box(320_000, 6_400_000, 320_100, 6_400_100), crs=3006).to_crs(3007)
    constraints = [Constraint(name, layer(name=name).with_frame(other)) for name in ("a", "b")]
    with pytest.raises(CrsError) as error:
        classify_land(PARCEL, [*constraints, Constraint("x", frame(SW)), Constraint("x", frame(SW))])
    assert [finding.key for finding in error.value.findings] == ["crs_mismatch", "crs_mismatch", "constraint_names"]
    assert [dict(finding.values)["layer"] for finding in error.value.findings[:2]] == ["a", "b"]


def test_names_are_unique():
    with pytest.raises(InputError) as error:
        classify_land(PARCEL, [Constraint("x", frame(SW)), Constraint("x", frame(SE))])
    assert "x" in str(error.value)


@pytest.mark.parametrize("size", [-1, float("nan")])
def test_sliver_size_is_an_area(size):
    with pytest.raises(InputError):
        classify_land(PARCEL, [], min_part_m2=size)


def test_parcels_are_polygons():
    with pytest.raises(InputError):
        classify_land(frame(shapely.Point(E, N)), [])


# Shared edges, large shapes, arrangement


def test_plans_that_share_edges_exactly():
    """Parcels of an oblique grid and plans over every other one: the classes are whole parcels."""
    turned = [
        shapely.affinity.rotate(box(60 * x, 40 * y, 60 * x + 60, 40 * y + 40), 17.3, origin=(E, N))
        for x in range(6)
        for y in range(6)
    ]
    parcels = frame(*turned, index=range(36))
    chosen = np.arange(36) % 2 == 0
    densified = shapely.segmentize(np.array(turned, dtype=object)[chosen], 7.0)
    land = classify_land(parcels, [Constraint("plan", frame(*densified))])
    assert land.frame["excluded_ha"].to_numpy() == pytest.approx(np.where(chosen, 0.24, 0), abs=1e-9)
    assert land.parts["parcel_id"].tolist() == np.flatnonzero(~chosen).tolist()


def test_a_street_of_many_vertices_comes_back_whole():
    x = np.arange(0, 4000, 2.0)
    wave = np.sin(x / 30) * 20
    street = shapely.Polygon(np.column_stack([np.r_[x, x[::-1]] + E, np.r_[wave, wave[::-1] + 12] + N]))
    parcels = frame(street, index=["P"])
    untouched = classify_land(parcels, [Constraint("c", frame(box(0, 500, 10, 510)))])
    assert untouched.free["P"].equals_exact(shapely.normalize(street), 0)
    water = box(900, -100, 1500, 100)
    land = classify_land(parcels, [Constraint("c", frame(water))])
    assert land.frame.loc["P", "excluded_ha"] == pytest.approx(street.intersection(water).area / 1e4, abs=1e-9)
    assert land.free["P"].symmetric_difference(street - water).area == pytest.approx(0, abs=1e-6)
    assert shapely.get_num_geometries(land.free["P"]) == 2


def test_arrangement_changes_nothing():
    rng = np.random.default_rng(7)
    corners = rng.uniform(0, 400, (60, 2))
    parcels = frame(*(box(x, y, x + 50, y + 40) for x, y in corners), index=[f"P{k}" for k in range(60)])
    features = frame(*(box(x, y, x + 30, y + 70) for x, y in rng.uniform(0, 400, (40, 2))))

    def run(parcels, features, turn):
        constraints = [
            Constraint("a", features.iloc[:20], buffer_m=7),
            Constraint("b", features.iloc[20:30], kind="strong", weight=0.5),
            Constraint("c", layer(extent=box(0, 0, 300, 300)).with_frame(features.iloc[30:]), weight=0.3),
        ]
        return classify_land(parcels, constraints[turn:] + constraints[:turn])

    first = run(parcels, features, 0)
    order = rng.permutation(60)
    shuffled = features.iloc[np.r_[rng.permutation(20), 20 + rng.permutation(10), 30 + rng.permutation(10)]]
    second = run(parcels.iloc[order], shuffled, 1)
    pd.testing.assert_frame_equal(
        first.frame[CLASSES], second.frame.loc[first.frame.index, CLASSES], rtol=0, atol=1e-12
    )
    pd.testing.assert_frame_equal(first.shares.sort_index(), second.shares.sort_index(), rtol=0, atol=1e-12)
    again = run(parcels, features, 0)
    assert (
        shapely.to_wkb(again.parts.geometry.to_numpy()).tolist()
        == shapely.to_wkb(first.parts.geometry.to_numpy()).tolist()
    )


def test_a_failing_overlay_spoils_no_parcel(monkeypatch):
    """GEOS fails on the whole array where one pair fails; all parcels still get their answer."""
    plain = {name: getattr(shapely, name) for name in ("intersection", "difference")}
    failures = []

    def flaky(name):
        def run(left, right, grid_size=None):
            if grid_size is None and np.any(shapely.intersects_xy(left, E + 150, N + 150)):
                failures.append(name)
                raise shapely.errors.GEOSException("TopologyException")
            return plain[name](left, right, grid_size=grid_size)

        return run

    for name in plain:
        monkeypatch.setattr(shapely, name, flaky(name))
    parcels = frame(SW, SE, NW, NE, index=list("abcd"))
    land = classify_land(parcels, [Constraint("c", frame(box(50, 50, 180, 180)))])
    assert set(failures) == {"intersection", "difference"}
    assert land.frame["excluded_ha"].tolist() == pytest.approx([0.25, 0.4, 0.4, 0.64], abs=1e-6)


def test_what_does_not_close_is_told(monkeypatch):
    """If overlay loses ground, the largest class takes it and the ledger says so."""
    plain = shapely.difference

    def lossy(left, right, **kwargs):
        return shapely.buffer(plain(left, right, **kwargs), -1, join_style="mitre")

    monkeypatch.setattr(shapely, "difference", lossy)
    land = classify_land(PARCEL, [Constraint("c", frame(SW))])
    assert land.frame[CLASSES].sum(axis=1).tolist() == pytest.approx([4])
    assert land.ledger.frame["reason"].tolist() == ["not_closed"]
    assert land.ledger.frame["area_ha"].tolist() == pytest.approx([0.0796], rel=0.01)


# Real parcels

CAMBRIDGE = [
    ("water", "hard", 0, 1.0, True),
    ("wetlands", "hard", 0, 1.0, False),
    ("open_space", "hard", 0, 1.0, False),
    ("flood100", "strong", 0, 1.0, False),
    ("flood500", "info", 0, 1.0, False),
    ("rail", "hard", 30, 1.0, False),
    ("landmarks", "strong", 0, 1.0, False),
    ("zoning_overlays", "strong", -10, 1.0, False),
]


@pytest.fixture(scope="module")
def city(request):
    read = request.getfixturevalue("cambridge")
    layers = {name: read(name) for name, *_ in CAMBRIDGE}
    return read("parcels_fy2014"), layers, read("boundary").geometry.union_all()


@pytest.mark.realdata
def test_random_cambridge_parcels_agree_with_brute_force(city):
    parcels, layers, boundary = city
    west, south, east, north = boundary.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    mapped = {"wetlands": boundary, "rail": half, "landmarks": half}  # the others everywhere
    constraints = [
        Constraint(name, Layer(name=name, frame=layers[name], known_extent=mapped.get(name)), kind=kind, buffer_m=buffer_m,
                   weight=weight, statutory=statutory)
        for name, kind, buffer_m, weight, statutory in CAMBRIDGE
    ]  # fmt: skip
    constraints.append(
        Constraint("in", frame(shapely.box(west, south, east, (south + north) / 2), crs=parcels.crs), **INCLUDED)
    )
    land = classify_land(parcels, constraints)
    assert_sound(land, parcels)
    assert len(land.frame) == 13_116

    shapes = {c.name: c.shapes((west, south, east, north)) for c in constraints}
    known = {c.name: c.mapped() for c in constraints}
    touched = np.flatnonzero((land.frame["free_ha"] < land.frame["area_ha"] - 1e-3).to_numpy())
    rng = np.random.default_rng(11)
    rows = np.r_[rng.choice(touched, 60, replace=False), rng.choice(len(parcels), 20), land.frame["area_ha"].argmax()]
    for row in rows:
        parcel = shapely.make_valid(parcels.geometry.iloc[row], method="structure", keep_collapsed=False)
        near = {name: shapely.union_all(shape[shapely.intersects(shape, parcel)]) for name, shape in shapes.items()}
        check_brute_force(land, parcels.index[row], parcel, constraints=constraints, areas=near, known=known)


def check_brute_force(land, label, parcel, *, constraints, areas, known):
    def union(names):
        return shapely.union_all([areas[name] for name in names])

    def never(kind):
        gone = [
            parcel - known[c.name] - areas[c.name] for c in constraints if c.kind == kind and known[c.name] is not None
        ]
        return shapely.union_all([*gone, shapely.Polygon()])

    hard = [c for c in constraints if c.kind == "hard"]
    other = parcel & union([c.name for c in hard if not c.statutory])
    excluded = (parcel & union([c.name for c in hard if c.statutory])) | (other - areas["in"])
    unmapped = never("hard") - excluded
    tried = ((parcel & union([c.name for c in constraints if c.kind == "strong"])) | (other & areas["in"])) - excluded
    conditional = tried - unmapped
    more = never("strong") - excluded - unmapped - conditional
    expected = [0.0, conditional.area, excluded.area, unmapped.area + more.area]
    expected[0] = parcel.area - sum(expected)
    assert list(classes(land, label).values()) == pytest.approx(np.array(expected) / 1e4, abs=1e-7)
    for c in constraints:
        share = land.shares.loc[(label, c.name)]
        assert share["affected_share"] == pytest.approx((parcel & areas[c.name]).area / parcel.area, abs=1e-9)
        if known[c.name] is not None:
            gone = (parcel - known[c.name] - areas[c.name]).area / parcel.area
            assert share["unmapped_share"] == pytest.approx(gone, abs=1e-9)


@pytest.mark.realdata
def test_swedish_reserves_in_statistical_areas(real_data):
    reserves = gpd.read_file(real_data / "se-naturreservat" / "naturreservat_goteborg_lerum.gpkg", layer="areas")
    path = real_data / "se-boundaries" / "deso_regso_goteborgsregionen.gpkg"
    deso = gpd.read_file(path, layer=gpd.list_layers(path)["name"].iloc[0])
    land = classify_land(deso, [Constraint("reserve", reserves, legal_basis="MB 7:4")])
    assert_sound(land, deso)
    rows = np.flatnonzero(land.frame["excluded_ha"].to_numpy() > 0.1)
    assert len(rows) > 20
    expected = shapely.area(shapely.intersection(deso.geometry.to_numpy()[rows], reserves.union_all())) / 1e4
    assert land.frame["excluded_ha"].to_numpy()[rows] == pytest.approx(expected, abs=1e-6)
