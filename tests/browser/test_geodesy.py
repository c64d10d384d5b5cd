"""The page's lengths and areas against GeographicLib's (`pyproj.Geod`)."""

import random
from importlib import resources

import pytest
from pyproj import Geod

pytestmark = pytest.mark.browser
GEOD = Geod(ellps="WGS84")


@pytest.fixture
def geodesy(page):
    """Return a function that calls one of the script's functions for each entry of a list."""
    script = resources.files("landready.webmap").joinpath("assets", "geodesy.js").read_text(encoding="utf-8")
    return lambda name, entries: page.evaluate(
        f"(entries) => {{ {script}\n return entries.map((values) => {name}(...values)); }}", entries
    )


def places(middle, reach, count, seed):
    """Return a ring round a place, in degrees of latitude and longitude, without crossings."""
    chance = random.Random(seed)
    lat, lon = middle
    corners = [(-1, -1), (-1, 1), (1, 1), (1, -1)]
    if count == 3:
        corners = corners[:3]
    return [[lat + reach * y * chance.uniform(0.3, 1), lon + reach * x * chance.uniform(0.3, 1)] for y, x in corners]


# From a plot of some metres to a county; Lerum, Cambridge, Kiruna, a place south of the equator.
CASES = [
    places(middle, reach, count, seed)
    for seed, (middle, reach, count) in enumerate(
        (middle, reach, count)
        for middle in ((57.77, 12.27), (52.2, 0.12), (67.86, 20.22), (-33.9, 18.4))
        for reach in (0.0001, 0.002, 0.05, 0.5)
        for count in (3, 4)
    )
]


def test_distances_are_the_ellipsoids(geodesy):
    pairs = [(ring[0], ring[2]) for ring in CASES]
    expected = [GEOD.inv(a[1], a[0], b[1], b[0])[2] for a, b in pairs]
    assert geodesy("distanceM", pairs) == pytest.approx(expected, rel=1e-8, abs=1e-5)


def test_lengths_are_sums_and_rings_close(geodesy):
    open_ended = [GEOD.line_length(*zip(*[(lon, lat) for lat, lon in ring], strict=True)) for ring in CASES]
    closed = [GEOD.geometry_area_perimeter(_polygon(ring))[1] for ring in CASES]
    assert geodesy("lengthM", [(ring, False) for ring in CASES]) == pytest.approx(open_ended, rel=1e-8, abs=1e-5)
    assert geodesy("lengthM", [(ring, True) for ring in CASES]) == pytest.approx(closed, rel=1e-8, abs=1e-5)


def test_areas_agree_to_a_hundred_thousandth(geodesy):
    expected = [abs(GEOD.geometry_area_perimeter(_polygon(ring))[0]) for ring in CASES]
    assert geodesy("areaM2", [(ring,) for ring in CASES]) == pytest.approx(expected, rel=1e-5)
    assert geodesy("areaM2", [(ring[::-1],) for ring in CASES]) == pytest.approx(expected, rel=1e-5)


def test_one_place_has_no_length(geodesy):
    assert geodesy("distanceM", [([57.7, 12.2], [57.7, 12.2])]) == [0]
    assert geodesy("distanceM", [([0, 0], [0, 1])])[0] == pytest.approx(GEOD.inv(0, 0, 1, 0)[2])


def _polygon(ring):
    import shapely

    return shapely.Polygon([(lon, lat) for lat, lon in ring])
