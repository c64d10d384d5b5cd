"""Plots with homes and built plots."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import ColumnError, Constraint, CrsError, InputError, Layer, classify_land
from landready.land.plots import built_plots, home_plots

E, N = 330_000, 6_405_000


def box(west, south, east, north):
    return shapely.box(E + west, N + south, E + east, N + north)


# Three plots of 50 × 40 m (0.2 ha) side by side, and a farm of 4 ha.
PARCELS = gpd.GeoDataFrame(
    {"owner_category": ["privat", "privat", "kommun", "privat"]},
    geometry=[box(0, 0, 50, 40), box(50, 0, 100, 40), box(100, 0, 150, 40), box(0, 40, 200, 240)],
    index=["A", "B", "C", "farm"],
    crs=3006,
)


def buildings(*rows, **columns):
    uses = [use for use, _ in rows]
    return gpd.GeoDataFrame({"use": uses, **columns}, geometry=[shape for _, shape in rows], crs=3006)


HOUSES = buildings(
    ("dwelling", box(5, 5, 15, 15)),
    ("dwelling", box(45, 20, 65, 30)),  # over the boundary: its middle is in B
    ("industry", box(110, 5, 140, 35)),
    ("dwelling", box(20, 100, 40, 110)),
)


def test_home_plots_hold_a_dwelling_and_are_of_plot_size():
    plots = home_plots(PARCELS, HOUSES, max_plot_ha=0.5)
    assert plots.frame.index.tolist() == ["A", "B"]
    assert plots.frame["owner_category"].tolist() == ["privat", "privat"]
    assert plots.role == plots.name == "home_plots"


def test_the_largest_size_is_included():
    assert len(home_plots(PARCELS, HOUSES, max_plot_ha=0.2).frame) == 2
    assert len(home_plots(PARCELS, HOUSES, max_plot_ha=0.1999).frame) == 0
    assert len(home_plots(PARCELS, HOUSES, max_plot_ha=4).frame) == 3


def test_a_building_counts_where_its_middle_is_only():
    plots = home_plots(PARCELS, HOUSES.iloc[[1]], max_plot_ha=0.5)
    assert plots.frame.index.tolist() == ["B"]


def test_built_plots_reach_the_share():
    # A 100/2000 + 50/2000, B 150/2000, C 900/2000, farm 200/40000
    assert built_plots(PARCELS, HOUSES, min_built_share=0.45).frame.index.tolist() == ["C"]
    assert built_plots(PARCELS, HOUSES, min_built_share=0.075).frame.index.tolist() == ["A", "B", "C"]
    assert built_plots(PARCELS, HOUSES, min_built_share=0.4501).frame.empty


def test_overlapping_buildings_count_once():
    twice = buildings(*[("industry", box(110, 5, 140, 35))] * 2)
    assert built_plots(PARCELS, twice, min_built_share=0.46).frame.empty


def test_the_result_says_what_it_stands_on():
    land = Layer(name="parcels", frame=PARCELS, source="Fastighetsindelning", date="2025-03-01")
    built = Layer(name="buildings", frame=HOUSES, source="Byggnad", date="2024-11-01", modelled=True)
    plots = home_plots(land, built, max_plot_ha=0.5)
    assert plots.source == "Fastighetsindelning + Byggnad"
    assert plots.date == "2024-11-01"
    assert plots.modelled
    assert plots.known_extent is None
    assert home_plots(PARCELS, built, max_plot_ha=0.5).source == "parcels + Byggnad"
    assert home_plots(PARCELS, built, max_plot_ha=0.5).date is None


def test_parcels_at_the_edge_of_the_map_are_undecided():
    """Buildings were mapped west of 120: C may hold a home in its eastern part, D beyond is unknown anyway."""
    built = Layer(name="buildings", frame=HOUSES.iloc[:2], known_extent=box(-10, -10, 120, 300))
    plots = home_plots(PARCELS, built, max_plot_ha=0.5)
    assert plots.known_extent.equals(box(-10, -10, 120, 300) - box(100, 0, 150, 40))
    land = classify_land(PARCELS, [Constraint("homes", plots)])
    assert land.frame["unmapped_ha"].tolist() == pytest.approx([0, 0, 0.2, 1.6])
    assert land.frame["excluded_ha"].tolist() == pytest.approx([0.2, 0.2, 0, 0])


def test_the_extent_stays_where_all_is_decided():
    extent = box(-10, -10, 300, 300)
    built = Layer(name="buildings", frame=HOUSES, known_extent=extent)
    assert home_plots(PARCELS, built, max_plot_ha=0.5).known_extent is extent
    assert built_plots(PARCELS, built, min_built_share=0.3).known_extent is extent


def test_dwellings_on_no_parcel_are_told():
    plots = home_plots(
        PARCELS, buildings(("dwelling", box(900, 0, 910, 9)), ("barn", box(950, 0, 960, 9))), max_plot_ha=1
    )
    assert plots.ledger.frame[["step", "layer", "reason", "count", "ids"]].values.tolist() == [
        ["home_plots", "buildings", "building_off_parcel", 1, "0"]
    ]
    assert len(plots.ledger.in_words()) == 1


def test_rows_without_geometry():
    parcels = gpd.GeoDataFrame(geometry=[None, box(0, 0, 50, 40)], index=["x", "A"], crs=3006)
    houses = buildings(("dwelling", None), ("dwelling", box(5, 5, 15, 15)))
    assert home_plots(parcels, houses, max_plot_ha=1).frame.index.tolist() == ["A"]
    assert built_plots(parcels, houses, min_built_share=0.01).frame.index.tolist() == ["A"]


@pytest.mark.parametrize(("parcels", "houses"), [(PARCELS.iloc[:0], HOUSES), (PARCELS, HOUSES.iloc[:0])])
def test_empty_in_empty_out(parcels, houses):
    for plots in (home_plots(parcels, houses, max_plot_ha=1), built_plots(parcels, houses, min_built_share=0.3)):
        assert plots.frame.empty
        assert plots.frame.columns.tolist() == PARCELS.columns.tolist()
        assert plots.crs == PARCELS.crs


def test_inputs_are_not_changed():
    before = PARCELS.to_wkb(), HOUSES.to_wkb()
    home_plots(PARCELS, HOUSES, max_plot_ha=1)
    built_plots(PARCELS, HOUSES, min_built_share=0.3)
    assert before[0].equals(PARCELS.to_wkb())
    assert before[1].equals(HOUSES.to_wkb())


def test_refusals():
    with pytest.raises(ColumnError) as error:
        home_plots(PARCELS, HOUSES.rename(columns={"use": "uses"}), max_plot_ha=1)
    assert error.value.findings[0].values["nearest"] == "uses"
    with pytest.raises(CrsError):
        home_plots(PARCELS, HOUSES.to_crs(3007), max_plot_ha=1)
    for share in (0, 1.2, float("nan")):
        with pytest.raises(InputError):
            built_plots(PARCELS, HOUSES, min_built_share=share)
    with pytest.raises(InputError):
        home_plots(PARCELS, HOUSES, max_plot_ha=-1)


@pytest.mark.realdata
def test_built_share_of_real_parcels(cambridge):
    """Open space stands in for buildings: shares against brute force on random parcels."""
    parcels, spaces = cambridge("parcels_fy2014"), cambridge("open_space")
    parcels = parcels[parcels.area > 1].iloc[:3000]
    chosen = built_plots(parcels, spaces, min_built_share=0.5).frame.index
    union = spaces.make_valid().union_all()
    rows = np.random.default_rng(5).choice(len(parcels), 150, replace=False)
    shapes = parcels.geometry.make_valid().values[rows]
    share = shapely.area(shapely.intersection(shapes, union)) / shapely.area(shapes)
    assert (share > 0.5).any()
    assert np.isin(parcels.index[rows], chosen).tolist() == (share >= 0.5).tolist()
