"""Heights as shadow and light."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from pyproj import CRS, Transformer

from landready.errors import InputError
from landready.model import Raster
from landready.webmap.relief import MOST_CELLS, relief

SWEREF = CRS("EPSG:3006")
WEST, NORTH, CELL = 340_000.0, 6_410_000.0, 10.0
EVERYTHING = (0.0, 6_000_000.0, 1_000_000.0, 7_700_000.0)


def raster(values, *, cell=CELL, modelled=False):
    return Raster("heights", np.asarray(values, float), (cell, 0, WEST, 0, -cell, NORTH), SWEREF, modelled=modelled)


def plane(*, east=0.0, north=0.0, size=60):
    """Return ground that rises so much a metre."""
    rows, columns = np.mgrid[:size, :size] * CELL
    return raster(columns * east - rows * north)


def drawn(heights, view=EVERYTHING):
    return relief(heights, view=view, language="sv")


def picture(found):
    """Return red, green, blue, opacity: bands × rows × columns."""
    image = Image.open(io.BytesIO(base64.b64decode(found["image"].partition(",")[2])))
    return np.asarray(image.convert("RGBA")).transpose(2, 0, 1)


def middle(found):
    bands = picture(found)
    return bands[:, bands.shape[1] // 2, bands.shape[2] // 2]


def test_flat_ground_is_transparent():
    assert (picture(drawn(raster(np.full((40, 50), 87.0))))[3] == 0).all()


@pytest.mark.parametrize(("east", "north", "shade"), [(0.1, -0.1, 255), (-0.1, 0.1, 0), (-0.1, 0, 0), (0, -0.1, 255)])
def test_ground_that_faces_north_west_is_light_and_the_other_side_dark(east, north, shade):
    red, green, blue, opacity = middle(drawn(plane(east=east, north=north)))
    assert (red, green, blue) == (shade,) * 3
    assert opacity > 0


def test_steeper_ground_is_darker():
    assert middle(drawn(plane(east=-0.02)))[3] < middle(drawn(plane(east=-0.1)))[3]


def test_grids_that_run_south_up_are_shaded_alike():
    usual = plane(east=-0.1, north=0.05)
    a, b, c, d, e, f = usual.transform
    turned = Raster("heights", usual.values[::-1], (a, b, c, d, -e, f + e * len(usual.values)), SWEREF)
    np.testing.assert_array_equal(middle(drawn(turned)), middle(drawn(usual)))


def test_lies_where_the_heights_lie():
    found = drawn(raster(np.random.default_rng(1).uniform(0, 9, (200, 300))))
    to_degrees = Transformer.from_crs(SWEREF, 4326, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(WEST, NORTH - 2000, WEST + 3000, NORTH)
    (low, left), (high, right) = found["bounds"]
    a_cell = 3e-4  # degrees; more than one cell of the image
    assert [left, low, right, high] == pytest.approx([west, south, east, north], abs=a_cell)


def test_a_lone_hill_is_where_it_is():
    rows, columns = np.mgrid[:300, :300]
    hill = raster(50 * np.exp(-((rows - 220) ** 2 + (columns - 70) ** 2) / 200))
    found = drawn(hill)
    opacity = picture(found)[3].astype(float)
    row, column = (np.average(place, weights=opacity) for place in np.mgrid[: opacity.shape[0], : opacity.shape[1]])
    (low, left), (high, right) = found["bounds"]
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    (x0, y0), (x1, y1) = to_mercator.transform(left, low), to_mercator.transform(right, high)
    x = x0 + (column + 0.5) / opacity.shape[1] * (x1 - x0)
    y = y1 - (row + 0.5) / opacity.shape[0] * (y1 - y0)
    at = Transformer.from_crs(3857, SWEREF, always_xy=True).transform(x, y)
    assert at == pytest.approx((WEST + 705, NORTH - 2205), abs=40)


def test_what_is_not_known_is_transparent():
    heights = plane(east=-0.1)
    heights.values[:, 30:] = np.nan
    opacity = picture(drawn(heights))[3]
    assert opacity[30, 10] > 0
    assert (opacity[10:-10, 40:50] == 0).all()


def test_large_grids_are_made_small():
    found = drawn(raster(np.random.default_rng(2).normal(0, 5, (2500, 3100)), cell=2.0))
    assert max(picture(found).shape[1:]) <= 1.2 * MOST_CELLS


def test_only_what_the_map_shows_is_drawn():
    view = (WEST + 500, NORTH - 900, WEST + 1500, NORTH - 100)
    (low, left), (high, right) = drawn(plane(east=0.1, size=300), view)["bounds"]
    at = Transformer.from_crs(4326, SWEREF, always_xy=True).transform_bounds(left, low, right, high)
    assert at == pytest.approx(view, abs=60)


@pytest.mark.parametrize(
    "heights", [raster(np.full((20, 20), np.nan)), raster([[1.0, 2.0]])], ids=["nothing known", "one row"]
)
def test_nothing_to_draw_is_nothing(heights):
    assert drawn(heights) is None


def test_heights_elsewhere_are_nothing():
    assert drawn(plane(east=0.1), (500_000.0, 6_500_000.0, 510_000.0, 6_510_000.0)) is None


def test_a_rotated_grid_is_refused():
    with pytest.raises(InputError):
        drawn(Raster("heights", np.ones((9, 9)), (10, 1, WEST, 1, -10, NORTH), SWEREF))


def test_says_whether_it_is_modelled_and_is_the_same_twice():
    heights = raster(np.random.default_rng(3).uniform(0, 50, (80, 80)), modelled=True)
    assert drawn(heights)["modelled"] is True
    assert drawn(heights) == drawn(heights)
