"""Small measured tables for the tests of scoring."""

import numpy as np
import pandas as pd
import pytest

from landready.model import Measured
from landready.spec import Criterion, ValueFunction

RISING = ValueFunction(points=[(0, 0.0), (1, 1.0)])


def make_measured(values, *, state=None, upper_bound=None, value=RISING, names=None):
    """Return what `measure` would give: `values` is {criterion: list} or a frame; `nan` is unknown."""
    frame = pd.DataFrame(values, dtype="float64").rename_axis("site_id")
    known = pd.DataFrame(np.where(frame.isna(), "unknown", "known"), frame.index, frame.columns)
    bounds = pd.DataFrame(False, frame.index, frame.columns)
    for (site, criterion), said in (state or {}).items():
        known.loc[site, criterion] = said
    for site, criterion in upper_bound or []:
        bounds.loc[site, criterion] = True
    nothing = pd.DataFrame(None, frame.index, frame.columns, dtype=object)
    criteria = tuple(
        Criterion(id=name, measure="given", value=value, name=(names or {}).get(name)) for name in frame.columns
    )
    return Measured(frame, known, bounds, nothing, nothing, criteria)


@pytest.fixture(name="make_measured", scope="session")
def _make_measured():
    return make_measured
