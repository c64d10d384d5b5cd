"""What can be measured in, and what is refused, with the reason."""

import math

import numpy as np
import pytest
from pyproj import CRS, Transformer

from landready.crs import MAX_AREA_ERROR, area_scale, label, metric_findings, parse, require_same
from landready.errors import CrsError

LERUM = (332_000.0, 6_404_000.0, 346_000.0, 6_424_000.0)  # SWEREF 99 TM


def bounds_in(code):
    corners = Transformer.from_crs("EPSG:3006", code, always_xy=True).transform(LERUM[::2], LERUM[1::2])
    return corners[0][0], corners[1][0], corners[0][1], corners[1][1]


def keys(code, bounds):
    return [finding.key for finding in metric_findings(CRS(code) if code else None, bounds, layer="hus")]


@pytest.mark.parametrize("code", ["EPSG:3006", "EPSG:3007", "EPSG:32633", "EPSG:3035"])
def test_metric_systems_pass(code):
    assert keys(code, bounds_in(code)) == []


@pytest.mark.parametrize(
    ("code", "expected"), [("EPSG:3857", "crs_distorts"), ("EPSG:4326", "crs_degrees"), ("EPSG:4619", "crs_degrees")]
)
def test_what_cannot_be_measured_in(code, expected):
    assert keys(code, bounds_in(code)) == [expected]


def test_feet_and_nothing_are_refused():
    assert keys("EPSG:2249", (760_000, 2_950_000, 770_000, 2_960_000)) == ["crs_units"]  # Boston, US survey feet
    assert keys(None, LERUM) == ["no_crs"]


def test_swapped_axes_and_coordinates_elsewhere():
    west, south, east, north = LERUM
    assert keys("EPSG:3006", (south, west, north, east)) == ["axes_swapped"]
    assert keys("EPSG:3006", (12.2, 57.7, 12.5, 57.9)) == ["outside_crs"]  # degrees said to be metres
    assert keys("EPSG:3006", bounds_in("EPSG:3857")) == ["outside_crs"]


def test_no_coordinates_nothing_to_complain_of():
    assert keys("EPSG:3006", (math.nan,) * 4) == []


def test_area_scale_on_the_central_meridian_is_the_scale_factor_squared():
    narrow = (499_999.0, 6_400_000.0, 500_001.0, 6_410_000.0)
    assert area_scale(CRS("EPSG:3006"), narrow) == pytest.approx(0.9996**2, abs=1e-9)


def test_area_scale_of_web_mercator_by_hand():
    # Web Mercator puts a sphere of radius a on the plane: its scales at latitude φ are a / (M cos φ) along the
    # meridian and a / (N cos φ) along the parallel, M and N being the ellipsoid's radii of curvature. PROJ takes
    # the ground for a sphere too when it gives this projection's factors, and is 0.3 % off.
    a, f, latitude = 6_378_137.0, 1 / 298.257223563, math.radians(57.77)
    e2 = f * (2 - f)
    w2 = 1 - e2 * math.sin(latitude) ** 2
    meridian, parallel = a * (1 - e2) / w2**1.5, a / math.sqrt(w2)
    expected = a**2 / (meridian * parallel * math.cos(latitude) ** 2)
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(12.3, 57.77)
    assert area_scale(CRS("EPSG:3857"), (x, y, x, y)) == pytest.approx(expected, rel=4e-3)
    assert area_scale(CRS("EPSG:3857"), (x, y, x, y)) == pytest.approx(1 / math.cos(latitude) ** 2, rel=1e-9)


def test_area_scale_finds_the_worst_corner():
    # Transverse Mercator's scale grows with the square of the distance from the meridian: (1 + d² / 2R²)² · k0².
    far = (100_000.0, 6_400_000.0, 900_000.0, 6_400_001.0)
    expected = (0.9996 * (1 + 400_000**2 / (2 * (0.9996 * 6_390_000) ** 2))) ** 2
    assert area_scale(CRS("EPSG:3006"), far) == pytest.approx(expected, rel=1e-4)
    assert abs(expected - 1) < MAX_AREA_ERROR


def test_labels_and_parsing():
    assert label(CRS("EPSG:3006")) == "EPSG:3006"
    assert label(None) == "–"
    assert label(CRS.from_proj4("+proj=laea +lat_0=52 +lon_0=11 +ellps=GRS80")) != ""
    assert parse(3006) == CRS("EPSG:3006")
    with pytest.raises(CrsError, match="EPSG:nonsens"):
        parse("EPSG:nonsens")


def test_two_systems_are_both_named():
    require_same(CRS(3006), CRS("EPSG:3006"), first_layer="a", second_layer="b")
    with pytest.raises(CrsError) as raised:
        require_same(CRS(3006), CRS(3007), first_layer="hus", second_layer="vägar")
    for word in ("hus", "vägar", "EPSG:3006", "EPSG:3007"):
        assert word in str(raised.value)
    with pytest.raises(CrsError):
        require_same(CRS(3006), None, first_layer="a", second_layer="b")


def test_there_and_back_moves_nothing():
    there = Transformer.from_crs("EPSG:3006", "EPSG:3007", always_xy=True)
    back = Transformer.from_crs("EPSG:3007", "EPSG:3006", always_xy=True)
    x, y = np.array(LERUM[::2]), np.array(LERUM[1::2])
    np.testing.assert_allclose(back.transform(*there.transform(x, y)), (x, y), rtol=0, atol=1e-6)
