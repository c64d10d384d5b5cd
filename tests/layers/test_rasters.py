"""Raster files: nodata in all its forms, and everything a file can get wrong."""

import numpy as np
import pytest
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from landready.errors import CrsError, FileError, InputError
from landready.layers.rasters import as_raster, raster_findings, read_raster
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
