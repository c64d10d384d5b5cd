"""Divisions: overlaps, gaps, slivers and repeated vertices, with how many, how large and which."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import check, read
from landready.layers.division import division_findings, overlap_findings

WEST, SOUTH = 340_000, 6_408_000


def division(*shapes):
    names = [f"Öjared 1:{number}" for number in range(1, len(shapes) + 1)]
    moved = [shapely.affinity.translate(shape, WEST, SOUTH) for shape in shapes]
    return gpd.GeoDataFrame({"parcel_id": names}, geometry=moved, index=names, crs="EPSG:3006")


def squares(count=5):
    """Return squares of a hectare side by side, count × count."""
    return [shapely.box(100 * c, 100 * r, 100 * c + 100, 100 * r + 100) for r in range(count) for c in range(count)]


def told(*shapes):
    return {finding.key: finding.values for finding in division_findings(division(*shapes), layer="x")}


def test_a_clean_division_says_nothing():
    assert told(*squares()) == {}
    assert told() == {}


def test_an_overlap_has_its_area_and_both_names():
    shapes = squares()
    shapes[12] = shapely.box(200, 200, 300, 302)  # two metres into its neighbour to the north
    found = told(*shapes)["parcels_overlap"]
    assert (found["count"], found["ids"]) == (1, "Öjared 1:13 – Öjared 1:18")
    assert found["square_metres"] == pytest.approx(200)


def test_a_parcel_over_others_that_fit_each_other_is_found():
    yard = shapely.box(190, 190, 210, 210)  # over a corner of four
    found = told(*squares(), yard)["parcels_overlap"]
    assert found["count"] == 4
    assert found["square_metres"] == pytest.approx(400)
    twice = squares()
    assert told(*twice, twice[12])["parcels_overlap"]["square_metres"] == pytest.approx(10_000)


def test_a_hair_is_no_overlap_and_no_gap():
    shapes = squares()
    shapes[12] = shapely.box(200, 200, 300, 300.005)
    shapes[6] = shapely.box(100, 100, 200, 199.995)
    assert told(*shapes) == {}


def test_a_gap_has_its_area_place_and_neighbours():
    shapes = squares()
    shapes[12] = shapely.box(200, 200, 300, 298)
    found = told(*shapes)["parcels_gaps"]
    assert found["count"] == 1
    assert found["square_metres"] == pytest.approx(200)
    assert (found["east"] // 100, found["north"] - SOUTH) == ((WEST + 200) // 100, pytest.approx(299))
    assert "Öjared 1:13" in found["ids"]
    assert "parcels_overlap" not in told(*shapes)


def test_a_sliver_is_told_and_kept():
    found = told(*squares(2), shapely.box(0, 200, 200, 200.2))["parcels_slivers"]
    assert (found["count"], found["ids"]) == (1, "Öjared 1:5")
    assert found["square_metres"] == pytest.approx(40)


def test_repeated_vertices_are_counted():
    ring = [(0, 0), (0, 0), (100, 0), (100, 100), (100, 100), (0, 100), (0, 0)]
    found = told(shapely.Polygon(ring), shapely.box(100, 0, 200, 100))["parcels_repeated_points"]
    assert (found["count"], found["ids"]) == (2, "Öjared 1:1")


def test_overlaps_are_those_of_every_pair():
    random = np.random.default_rng(1)
    shapes = [shapely.box(x, y, x + 30, y + 30) for x, y in random.uniform(0, 300, (60, 2)).round(1)]
    frame = division(*shapes)
    geometry = frame.geometry.to_numpy()
    areas = [
        area
        for a in range(60)
        for b in range(a + 1, 60)
        if (area := shapely.intersection(geometry[a], geometry[b]).area) > 1.2
    ]
    [found] = overlap_findings(frame, layer="x")
    assert found.values["count"] == len(areas)
    assert found.values["square_metres"] == pytest.approx(sum(areas))


def test_rows_without_a_designation_are_no_parcels_yet(tmp_path):
    nameless = division(*squares(), shapely.box(190, 190, 210, 210)).drop(columns="parcel_id")
    nameless.to_file(tmp_path / "fastigheter.gpkg")
    [report] = check(tmp_path / "fastigheter.gpkg").layers
    assert "parcels_overlap" not in {finding.key for finding in report.findings}
    [found] = [finding for finding in report.findings if finding.key == "rows_overlap"]
    assert "4 par av objekt ligger över varandra" in found.text("sv")


def test_check_tells_all_of_it_in_words(tmp_path):
    shapes = [*squares(), shapely.box(190, 190, 210, 210)]
    path = tmp_path / "fastigheter.gpkg"
    division(*shapes).to_file(path)
    [report] = check(path).layers
    [found] = [finding for finding in report.findings if finding.key == "parcels_overlap"]
    assert "4 par av fastigheter ligger över varandra" in found.text("sv")
    assert "400,0 m²" in found.text("sv")
    assert "4 pairs of parcels" in found.text("en")
    assert report.mark == "findings"
    assert len(read(path, role="parcels").frame) == len(shapes)  # nothing is taken away
