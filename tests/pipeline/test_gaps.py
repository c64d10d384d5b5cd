"""Ground of the study area that no parcel covers is told, and counted right where parcels overlap."""

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import landready
from landready.pipeline.gaps import gap_findings, uncovered

WEST, SOUTH = 340_000.0, 6_408_000.0


def boxes(columns, rows, step=100.0, shift=0.0):
    return np.array(
        [
            shapely.box(
                WEST + column * step + shift,
                SOUTH + row * step + shift,
                WEST + (column + 1) * step + shift,
                SOUTH + (row + 1) * step + shift,
            )
            for column in range(columns)
            for row in range(rows)
        ]
    )


AREA = shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)


class TestUncovered:
    def plain(self, shapes):
        return AREA.difference(shapely.union_all(shapes))

    def test_parcels_edge_to_edge_leave_nothing(self):
        assert uncovered(AREA, boxes(10, 10)).is_empty

    def test_a_parcel_that_is_not_there_is_a_gap(self):
        shapes = boxes(10, 10)
        assert uncovered(AREA, np.delete(shapes, 44)).equals(shapes[44])

    def test_a_hole_that_another_parcel_fills_is_none(self):
        yard = shapely.box(WEST + 300, SOUTH + 300, WEST + 400, SOUTH + 400)
        around = AREA.difference(yard)
        assert uncovered(AREA, np.array([around, yard])).is_empty
        assert uncovered(AREA, np.array([around])).equals(yard)

    @pytest.mark.parametrize("seed", range(5))
    def test_what_overlaps_hides_no_gap(self, seed):
        random = np.random.default_rng(seed)
        upper = shapely.intersection(boxes(10, 10, shift=37.0), AREA)
        for shapes in (
            np.concatenate([boxes(10, 5), boxes(3, 3), upper[:60]]),  # the same twice, and others across them
            np.concatenate([boxes(10, 10), upper])[random.random(200) < 0.6],
            np.concatenate([boxes(6, 6), boxes(5, 5, step=120.0)]),  # two that each fit, one over the other
            shapely.buffer(boxes(10, 10), random.uniform(-5, 5, 100)),
        ):
            gap, plain = uncovered(AREA, shapes), self.plain(shapes)
            assert gap.symmetric_difference(plain).area < 1e-3

    def test_layers_over_each_other_cannot_pass_for_one(self):
        # Rings closed on themselves: every edge is shared by two, and still half of them lie over the other half.
        lower, upper = boxes(8, 8), boxes(4, 4, step=50.0, shift=210.0)
        shapes = np.concatenate([lower, upper])
        assert uncovered(AREA, shapes).area == pytest.approx(self.plain(shapes).area)

    def test_no_parcels(self):
        assert uncovered(AREA, np.array([], dtype=object)).equals(AREA)


class TestFindings:
    @pytest.fixture
    def told(self, small_study):
        def run(*, without):
            path = small_study.parent / "lager.gpkg"
            frame = gpd.read_file(path, layer="fastigheter")
            kept = without(frame)
            pyogrio.write_dataframe(kept, path, layer="fastigheter")
            result = landready.Study.from_toml(small_study).run()
            found = [finding for finding in result.findings if finding.key.startswith("area_uncovered")]
            return found, result.ledger.frame.query("reason == 'uncovered'")

        return run

    def test_nothing_is_told_where_parcels_cover_the_area(self, told):
        found, ledger = told(without=lambda frame: frame)
        assert found == []
        assert ledger.empty

    def test_a_hole_is_a_warning_and_stands_in_the_ledger(self, told):
        [found], ledger = told(without=lambda frame: frame.drop(index=[0, 20, 21]))
        assert found.severity == "warning"
        assert found.values["hectares"] == pytest.approx(12.0)
        assert found.values["largest"] == pytest.approx(8.0)
        assert found.values["percent"] == pytest.approx(100 * 12 / 144)
        assert "12,00 ha" in str(found)
        assert ledger["area_ha"].tolist() == pytest.approx([12.0])
        assert ledger["count"].tolist() == [2]

    def test_a_strip_is_a_note(self, told):
        def narrowed(frame):
            shapes = frame.geometry.to_numpy().copy()
            west, south, east, north = shapes[7].bounds
            shapes[7] = shapely.box(west, south, east - 2, north)
            return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))

        [found], ledger = told(without=narrowed)
        assert found.severity == "note"
        assert ledger["area_ha"].tolist() == pytest.approx([0.04])

    def test_how_much_of_it_is_water_is_told(self):
        area, shapes = AREA, np.delete(boxes(10, 10), [44, 45])
        parcels, lake = (
            landready.model.Layer(name=name, frame=gpd.GeoDataFrame(geometry=list(there), crs=3006))
            for name, there in (("fastigheter", shapes), ("sjö", [shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 450)]))
        )
        [dry], _ = gap_findings(area, parcels)
        [wet], _ = gap_findings(area, parcels, [lake])
        assert dry.key == "area_uncovered"
        assert wet.values["hectares"] == pytest.approx(2.0)
        assert wet.values["water"] == pytest.approx(0.5)
        assert "Av det är 0,50 ha vatten." in str(wet)
