"""Fixtures that all rooms share, and the rule that CI skips nothing."""

import os
from pathlib import Path

import geopandas as gpd
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LANDREADY_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
IN_CI = os.environ.get("CI", "").lower() == "true"


def _missing(reason):
    """Under CI a test that cannot run is a failure; elsewhere it says why it did not run."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_data():
    """Return the folder of real layers (`shared/data` beside the checkout, or LANDREADY_REAL_DATA)."""
    if not (SHARED / "us-cambridge-ma").is_dir():
        _missing("the real layers are not beside the checkout (set LANDREADY_REAL_DATA)")
    return SHARED


@pytest.fixture(scope="session")
def cambridge(real_data):
    """Return a function that reads a layer of the Cambridge set, as it is."""
    folder = real_data / "us-cambridge-ma"

    def layer(name):
        file = "parcels_fy2014.gpkg" if name == "parcels_fy2014" else "layers.gpkg"
        return gpd.read_file(folder / file, layer=name)

    return layer
