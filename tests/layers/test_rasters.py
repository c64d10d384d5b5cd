"""Raster files: nodata in all its forms, and everything a file can get wrong."""

import numpy as np
import pytest
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from landready import check
from landready.errors import CrsError, FileError, InputError
from landready.layers import room
from landready.layers.rasters import as_raster, height_findings, raster_findings, read_raster
from landready.model import Raster

NINE = np.arange(1, 10, dtype="float32").reshape(3, 3)
NORTH_UP = Affine(10, 0, 500_000, 0, -10, 6_400_030)


@pytest.fixture
def write(tmp_path):
    def one(values=NINE, *, name="heights.tif", crs="EPSG:3006", transform=NORTH_UP, mask=None, scale=None, **more):
        values = np.atleast_3d(np.asarray(values).T).T
        path = tmp_path / name
        count, rows, columns = values.shape
        options = {"driver": "GTiff", "dtype": values.dtype, "crs": crs, "transform": transform, **more}
        with rasterio.open(path, "w", width=columns, height=rows, count=count, **options) as out:
            out.write(values)
            if mask is not None:
                out.write_mask(mask)
            if scale is not None:
                out.scales, out.offsets = [scale[0]] * count, [scale[1]] * count
        return path

    return one


def test_values_place_and_provenance(write):
    raster = read_raster(write(), date="2026-01-01", modelled=True)
    np.testing.assert_array_equal(raster.values, NINE)
    assert raster.values.dtype == "float64"
    assert raster.transform == (10, 0, 500_000, 0, -10, 6_400_030)
    assert raster.bounds == (500_000, 6_400_000, 500_030, 6_400_030)
    assert raster.crs == "EPSG:3006"
    assert (raster.name, raster.source, raster.date, raster.state) == (
        "heights",
        "heights.tif",
        "2026-01-01",
        "modelled",
    )
    named = read_raster(write(), name="höjder", source="Lantmäteriet")
    assert (named.name, named.source) == ("höjder", "Lantmäteriet")
    assert as_raster(named) is named


def test_nodata_in_all_its_forms(write):
    expected = NINE.copy()
    expected[0, 0] = np.nan
    holed = NINE.copy()
    holed[0, 0] = -9999
    mask = np.full((3, 3), 255, dtype="uint8")
    mask[0, 0] = 0
    infinite = NINE.copy()
    infinite[0, 0] = np.inf
    for path in (
        write(holed, nodata=-9999),
        write(NINE.astype("uint8"), nodata=1),
        write(NINE, mask=mask),
        write(expected),
        write(expected, nodata=np.nan),
        write(infinite),
    ):
        np.testing.assert_array_equal(read_raster(path).values, expected)


def test_scale_and_offset(write):
    stored = np.array([[0, 10], [20, -1]], dtype="int16")
    raster = read_raster(write(stored, nodata=-1, scale=(0.1, 100)))
    np.testing.assert_allclose(raster.values, [[100, 101], [102, np.nan]])


def test_a_band(write):
    path = write(np.stack([NINE, NINE * 2]))
    assert read_raster(path, band=2).values[2, 2] == 18
    for band in (0, 3, None, "ett", True, 1.5, float("nan")):
        with pytest.raises(InputError, match=f"inget band {band}; det har 2"):
            read_raster(path, band=band)


def test_files_that_are_no_rasters(write, tmp_path):
    with pytest.raises(FileError, match=r"”none\.tif” finns inte"):
        read_raster(tmp_path / "none.tif")
    text = tmp_path / "text.tif"
    text.write_text("not a raster")
    with pytest.raises(FileError, match="går inte att läsa som raster"):
        read_raster(text)
    with pytest.raises(FileError):
        read_raster(tmp_path)
    cut = write(np.random.default_rng(0).random((200, 200)))
    cut.write_bytes(cut.read_bytes()[:20_000])
    with pytest.raises(FileError):
        read_raster(cut)


def test_no_crs_and_rotated_grids(write):
    with pytest.raises(CrsError, match="”heights” saknar koordinatsystem"):
        read_raster(write(crs=None))
    with pytest.raises(CrsError) as caught:
        read_raster(write(crs=None, transform=NORTH_UP @ Affine.rotation(10)), band=4)
    assert [found.key for found in caught.value.findings] == ["no_crs", "raster_band", "raster_rotated"]
    with pytest.raises(InputError, match="vridet"):
        read_raster(write(transform=NORTH_UP @ Affine.rotation(10)))
    with pytest.warns(NotGeoreferencedWarning):
        bare = write(crs=None, transform=Affine.identity(), name="bare.tif")
    with pytest.raises(CrsError):
        read_raster(bare)
    with pytest.raises(InputError, match="komplexa"):
        read_raster(write(NINE.astype("complex64")))


def keys(findings):
    assert all(found.severity == "warning" and found.text("sv") and found.text("en") for found in findings)
    return [found.key for found in findings]


def test_no_declared_nodata_is_told(write):
    assert keys(raster_findings(write())) == ["raster_no_nodata"]
    mask = np.full((3, 3), 255, dtype="uint8")
    mask[0, 0] = 0
    holed = NINE.copy()
    holed[0, 0] = np.nan
    for path in (write(nodata=-9999), write(mask=mask), write(holed)):
        assert raster_findings(path) == []


@pytest.mark.parametrize("value", [-9999, -32768, 3.4028235e38, -3.4028235e38])
def test_suspicious_values_are_told_and_kept(write, value):
    doubtful = NINE.copy()
    doubtful[:, 0] = value
    path = write(doubtful, scale=(2, 0))
    assert read_raster(path).values[0, 0] == pytest.approx(2 * value)
    found = raster_findings(path)
    assert keys(found) == ["raster_no_nodata", "raster_suspicious"]
    assert found[1].values["count"] == 3
    assert keys(raster_findings(read_raster(write(doubtful)))) == ["raster_suspicious"]
    assert raster_findings(write(doubtful, nodata=value)) == []


@pytest.mark.parametrize(
    ("bounds", "percent"),
    [
        ((500_000, 6_400_000, 500_030, 6_400_030), 800 / 9),  # one cell of nine has no value
        ((500_000, 6_400_000, 500_060, 6_400_030), 400 / 9),
        ((500_010, 6_400_000, 500_030, 6_400_030), None),
        ((500_005, 6_400_020, 500_015, 6_400_030), 50),
        ((600_000, 6_400_000, 600_030, 6_400_030), 0),
    ],
)
def test_coverage(write, bounds, percent):
    holed = NINE.copy()
    holed[0, 0] = np.nan
    flipped = Raster("h", holed[::-1].astype(float), (10, 0, 500_000, 0, 10, 6_400_000), read_raster(write()).crs)
    for data in (write(holed), flipped):
        found = raster_findings(data, bounds=bounds)
        if percent is None:
            assert found == []
        else:
            assert keys(found) == ["raster_coverage"]
            assert found[0].values["percent"] == pytest.approx(percent)


class TestNodataOfTheCaller:
    def test_a_value_that_the_file_does_not_declare(self, write):
        stored = NINE.copy()
        stored[0, 0] = -9999
        path = write(stored, scale=(0.1, 0))
        assert np.isnan(read_raster(path, nodata=-9999).values[0, 0])
        assert read_raster(path, nodata=-9999).values[2, 2] == pytest.approx(0.9)
        assert "nodata = -9999" in raster_findings(path)[1].text("sv")
        with pytest.raises(InputError):
            read_raster(path, nodata="-9999")


class TestWindow:
    def test_cells_in_the_bounds_and_two_more_on_every_side(self, write):
        values = np.arange(400, dtype="float32").reshape(20, 20)
        path = write(
            values, transform=Affine(10, 0, 500_000, 0, -10, 6_400_200), tiled=True, blockxsize=16, blockysize=16
        )
        part = read_raster(path, bounds=(500_055, 6_400_100, 500_075, 6_400_125))
        assert part.bounds == (500_030, 6_400_080, 500_100, 6_400_150)
        np.testing.assert_array_equal(part.values, values[5:12, 3:10])

    def test_a_file_elsewhere_is_read_whole(self, write):
        assert read_raster(write(), bounds=(600_000, 6_400_000, 600_100, 6_400_100)).values.shape == (3, 3)

    def test_a_cloud_optimized_geotiff(self, write):
        values = np.arange(600 * 600, dtype="float32").reshape(600, 600)
        path = write(values, driver="COG", transform=Affine(2, 0, 500_000, 0, -2, 6_401_200), nodata=-9999)
        part = read_raster(path, bounds=(500_100, 6_400_600, 500_200, 6_400_700))
        np.testing.assert_array_equal(part.values, values[248:302, 48:102])


class TestTiles:
    @pytest.fixture
    def tile(self, write, tmp_path):
        (tmp_path / "rutor" / "nord").mkdir(parents=True)

        def one(name, values, column, row, **more):
            place = Affine(10, 0, 500_000 + 30 * column, 0, -10, 6_400_030 - 30 * row)
            write(np.asarray(values, dtype="float32"), name=f"rutor/{name}", **{"transform": place, **more})
            return tmp_path / "rutor"

        return one

    def test_side_by_side_and_gaps_have_no_value(self, tile):
        tile("a.tif", NINE, 0, 0)
        folder = tile("nord/b.tif", NINE + 10, 1, 1)
        raster = read_raster(folder, source="höjder")
        assert (raster.name, raster.source, raster.values.shape) == ("rutor", "höjder", (6, 6))
        assert raster.bounds == (500_000, 6_399_970, 500_060, 6_400_030)
        np.testing.assert_array_equal(raster.values[:3, :3], NINE)
        np.testing.assert_array_equal(raster.values[3:, 3:], NINE + 10)
        assert np.isnan(raster.values[:3, 3:]).all()
        assert raster.findings == ()

    def test_each_tile_has_its_own_nodata(self, tile):
        one, other, mask = NINE.copy(), NINE.copy(), np.full((3, 3), 255, dtype="uint8")
        one[0, 0], other[0, 0], mask[0, 0] = -9999, 0, 0
        tile("a.tif", one, 0, 0, nodata=-9999)
        tile("b.tif", other, 1, 0, nodata=0)
        folder = tile("c.tif", NINE, 2, 0, mask=mask)
        assert np.isnan(read_raster(folder).values[0]).tolist() == [True, False, False] * 3

    @pytest.mark.parametrize(
        ("declared", "said"),
        [
            ((-9999, -9999, -9999), None),
            ((None, None, None), None),
            ((float("nan"), float("nan"), float("nan")), None),
            ((-9999, -9999, -32768), "rutorna anger olika värden för saknade data, -9999 (a, b); -32768 (c)."),
            ((-9999, None, None), "b, c anger inget värde för saknade data fast andra rutor gör det, -9999 (a)."),
        ],
    )
    def test_different_values_for_nothing_are_told(self, tile, declared, said):
        for column, nodata in enumerate(declared):
            folder = tile(f"{'abc'[column]}.tif", NINE, column, 0, nodata=nodata)
        told = [finding.text("sv") for finding in read_raster(folder).findings if finding.key.endswith("_nodata")]
        assert (told == []) if said is None else (said in told[0])

    def test_where_tiles_overlap_the_first_goes_first_and_differences_are_told(self, tile):
        holed = NINE.copy()
        holed[0, 0] = np.nan
        tile("a.tif", holed, 0, 0)
        folder = tile("b.tif", NINE * 2, 0, 0)
        raster = read_raster(folder)
        assert raster.values[0].tolist() == [2, 2, 3]
        assert keys(raster.findings) == ["tiles_differ"]
        assert raster.findings[0].values["count"] == 8
        assert "tiles_differ" in keys(raster_findings(folder))

    def test_only_tiles_near_the_bounds_are_read(self, tile):
        tile("a.tif", NINE, 0, 0)
        folder = tile("b.tif", NINE, 100, 0)
        assert read_raster(folder, bounds=(500_000, 6_400_000, 500_030, 6_400_030)).values.shape == (3, 3)
        assert read_raster(folder).values.shape == (3, 303)

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"crs": "EPSG:3007"}, "olika koordinatsystem; b har ett annat än a"),
            ({"transform": Affine(5, 0, 500_030, 0, -5, 6_400_030)}, "olika stora celler"),
            ({"transform": Affine(10, 0, 500_033, 0, -10, 6_400_030)}, "kant i kant"),
        ],
    )
    def test_tiles_that_do_not_fit(self, tile, more, said):
        tile("a.tif", NINE, 0, 0)
        folder = tile("b.tif", NINE, 1, 0, **more)
        with pytest.raises(InputError, match=said):
            read_raster(folder)

    def test_a_folder_of_tiles_is_one_layer_of_a_check(self, tile, write, tmp_path):
        for name, column in (("a.tif", 0), ("b.tif", 1), ("nord/c.tif", 2)):
            tile(name, NINE, column, 0)
        write(name="marktacke.tif")
        reports = {report.file: report for report in check(tmp_path).layers}
        assert set(reports) == {"rutor", "marktacke.tif"}
        rutor = reports["rutor"]
        assert (rutor.count, rutor.bounds) == (27, (500_000, 6_400_000, 500_090, 6_400_030))
        assert "3 rutor" in next(found for found in rutor.findings if found.key == "raster_tiles").text("sv")
        assert check(tmp_path / "rutor").layers[0].count == 27

    def test_several_rasters_of_one_place_are_no_tiles(self, tile, write, tmp_path):
        tile("a.tif", NINE, 0, 0)
        tile("b.tif", NINE, 0, 0)
        assert {report.file for report in check(tmp_path).layers} == {"rutor/a.tif", "rutor/b.tif"}
        tile("b.tif", NINE, 1, 0, crs="EPSG:3007")
        assert {report.file for report in check(tmp_path).layers} == {"rutor/a.tif", "rutor/b.tif"}

    def test_more_cells_than_memory_holds_are_refused(self, tile, write, monkeypatch):
        monkeypatch.setattr(room, "MOST_CELLS", 20)
        tile("a.tif", NINE, 0, 0)
        folder = tile("b.tif", NINE, 1, 0)
        assert read_raster(folder / "a.tif").values.size == 9
        assert read_raster(folder).values.size == 18
        tile("c.tif", NINE, 2, 0)
        with pytest.raises(InputError, match=r"27 celler .* mer än 20"):
            read_raster(folder)
        (folder / "c.tif").unlink()
        tile("b.tif", NINE, 5, 0)  # far from the other: what lies between takes memory as well
        with pytest.raises(InputError, match=r"54 celler"):
            read_raster(folder)
        with pytest.raises(InputError, match=r"25 celler"):
            read_raster(write(np.ones((5, 5)), name="stort.tif"))

    def test_a_folder_without_rasters(self, tmp_path):
        (tmp_path / "tom").mkdir()
        with pytest.raises(FileError, match="”tom” innehåller inga rasterfiler"):
            read_raster(tmp_path / "tom")


class TestHeights:
    def test_the_horizontal_part_of_a_crs_with_heights(self, write):
        raster = read_raster(write(crs="EPSG:5845"))  # SWEREF 99 TM and RH 2000
        assert raster.crs == "EPSG:3006"
        assert raster.findings == ()

    def test_another_height_system_is_told(self, write):
        raster = read_raster(write(crs="EPSG:3006+5718"))
        assert raster.crs == "EPSG:3006"
        assert keys(raster.findings) == ["raster_vertical"]
        assert "RH70" in raster.findings[0].text("sv")

    @pytest.mark.parametrize("factor", [100, 30])
    def test_heights_that_are_not_metres(self, factor):
        heights = Raster("hojder", NINE * 10 * factor, tuple(NORTH_UP)[:6], None)
        assert keys(height_findings(heights)) == ["heights_unit"]

    def test_heights_in_metres(self):
        heights = np.array([[-9999, 12.0], [np.nan, 2096.8]])
        assert height_findings(Raster("hojder", heights, tuple(NORTH_UP)[:6], None)) == []
        assert height_findings(Raster("hojder", heights[:1, :1], tuple(NORTH_UP)[:6], None)) == []
