"""A constraint is checked when it is made, and everything wrong with it is told at once."""

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import ColumnError, Constraint, CrsError, InputError, Layer

E, N = 330_000, 6_405_000


def frame(*geometry, crs=3006, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)


SQUARE = shapely.box(E, N, E + 100, N + 100)
LINE = shapely.LineString([(E, N), (E + 1000, N)])
POINT = shapely.Point(E, N)
EVERYWHERE = (0.0, 0.0, 1e7, 1e7)


def keys(error):
    return [finding.key for finding in error.value.findings]


def test_defaults():
    constraint = Constraint("water", frame(SQUARE))
    assert (constraint.kind, constraint.buffer_m, constraint.weight) == ("hard", 0.0, 1.0)
    assert constraint.label == "water"
    assert constraint.statutory is False
    assert constraint.checked.name == "water"


def test_a_layer_keeps_its_name_and_provenance():
    layer = Layer(name="sjöar", frame=frame(SQUARE), source="SMHI", date="2024-01-01")
    assert Constraint("water", layer).checked.source == "SMHI"
    assert Constraint("water", layer).checked.name == "sjöar"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"legal_basis": "MB 7:13"}, True),
        ({"legal_basis": " "}, False),
        ({"legal_basis": "MB 7:13", "statutory": False}, False),
        ({"statutory": True}, True),
    ],
)
def test_statutory_follows_the_legal_basis_unless_said(given, expected):
    assert Constraint("c", frame(SQUARE), **given).statutory is expected


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Constraint("c", frame(SQUARE)).weight = 0.5


def test_everything_wrong_is_told_at_once():
    with pytest.raises(InputError) as error:
        Constraint(" ", frame(LINE), kind="soft", buffer_m=float("nan"), weight=2)
    assert keys(error) == ["constraint_name", "constraint_kind", "constraint_buffer", "constraint_weight"]
    assert "soft" in str(error.value)
    assert "hard, strong, info, include" in error.value.text("en")


@pytest.mark.parametrize("weight", [0, -0.1, 1.01, float("nan"), "much"])
def test_weight_is_a_share_above_0(weight):
    with pytest.raises(InputError) as error:
        Constraint("c", frame(SQUARE), weight=weight)
    assert keys(error) == ["constraint_weight"]


@pytest.mark.parametrize("kind", ["info", "include"])
def test_only_hard_and_strong_are_weighed(kind):
    with pytest.raises(InputError) as error:
        Constraint("c", frame(SQUARE), kind=kind, weight=0.5, reason="r", case_number="1")
    assert keys(error) == ["constraint_weight_kind"]


@pytest.mark.parametrize(
    "given", [{}, {"reason": "r"}, {"case_number": "KS 1"}, {"reason": " ", "case_number": "KS 1"}]
)
def test_an_inclusion_needs_reason_and_case_number(given):
    with pytest.raises(InputError) as error:
        Constraint("c", frame(SQUARE), kind="include", **given)
    assert keys(error) == ["constraint_include"]


@pytest.mark.parametrize("buffer_m", [0, -5])
@pytest.mark.parametrize("geometry", [LINE, POINT])
def test_lines_and_points_need_a_buffer(geometry, buffer_m):
    with pytest.raises(InputError) as error:
        Constraint("c", frame(SQUARE, geometry), buffer_m=buffer_m)
    assert keys(error) == ["constraint_no_area"]
    assert error.value.findings[0].values["rows"] == "1"
    assert "buffer_m" in str(error.value)


def test_layer_and_rule_problems_are_told_together():
    with pytest.raises(CrsError) as error:
        Constraint("c", frame(SQUARE, crs=None), weight=0)
    assert keys(error) == ["constraint_weight", "no_crs"]


def test_not_a_layer():
    with pytest.raises(InputError) as error:
        Constraint("c", [SQUARE])
    assert keys(error) == ["not_a_layer"]


def test_where_selects_rows_and_leaves_the_input_alone():
    rivers = frame(SQUARE, LINE, kind=["lake", "ditch"])
    constraint = Constraint("lakes", rivers, where={"kind": "lake"})
    assert len(constraint.checked.frame) == 1
    assert len(rivers) == 2


def test_where_on_a_missing_column_names_the_nearest():
    with pytest.raises(ColumnError) as error:
        Constraint("c", frame(SQUARE, kind=["lake"]), where={"knd": "lake"})
    assert error.value.findings[0].values["nearest"] == "kind"


def test_a_missing_column_beside_other_problems_is_an_input_error():
    with pytest.raises(InputError) as error:
        Constraint("c", frame(SQUARE), where={"kind": "lake"}, weight=0)
    assert keys(error) == ["constraint_weight", "missing_column"]


def test_shapes_are_buffered():
    area = shapely.area(Constraint("c", frame(POINT), buffer_m=10).shapes(EVERYWHERE)).sum()
    assert area == pytest.approx(np.pi * 100, rel=2e-3)
    assert area < np.pi * 100


def test_negative_buffers_shrink_and_may_leave_nothing():
    small = shapely.box(E + 500, N, E + 510, N + 10)
    shapes = Constraint("c", frame(SQUARE, small), buffer_m=-10).shapes(EVERYWHERE)
    assert shapely.area(shapes).tolist() == pytest.approx([80 * 80])


def test_only_features_whose_buffer_reaches_are_taken():
    constraint = Constraint("c", frame(SQUARE, LINE, None), buffer_m=20)
    assert len(constraint.shapes((E + 1015, N, E + 1020, N + 1))) == 1
    assert len(constraint.shapes((E + 1021, N, E + 1030, N + 1))) == 0
    assert len(constraint.shapes((np.nan,) * 4)) == 0


def test_mixed_collections_give_their_polygons():
    mixed = shapely.GeometryCollection([SQUARE, LINE])
    assert shapely.area(Constraint("c", frame(mixed)).shapes(EVERYWHERE)).tolist() == [10_000]


@pytest.mark.parametrize(("buffer_m", "side"), [(0, 1000), (-20, 1000), (50, 900)])
def test_what_is_mapped_is_drawn_in_by_the_buffer(buffer_m, side):
    extent = shapely.box(E, N, E + 1000, N + 1000)
    layer = Layer(name="l", frame=frame(SQUARE), known_extent=extent)
    assert Constraint("c", layer, buffer_m=buffer_m).mapped().area == pytest.approx(side**2)


def test_no_extent_means_mapped_everywhere():
    assert Constraint("c", frame(SQUARE), buffer_m=50).mapped() is None


def test_repr_does_not_print_the_layer():
    assert "geometry" not in repr(Constraint("c", frame(SQUARE)))
