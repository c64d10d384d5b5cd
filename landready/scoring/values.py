"""Value functions: what a measured value is worth, between 0 and 1."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.spec import ValueFunction


def utility(values: pd.Series | NDArray[np.float64], function: ValueFunction) -> NDArray[np.float64]:
    """
    Turn measured values into utilities.

    Parameters
    ----------
    values
        Measured values of one criterion, in its unit. `nan` is unknown, `inf` unreachable.
    function
        The value function. `piecewise` draws straight lines between its points and is level outside them;
        `step` takes the utility of the last point whose x ≤ the value, and the first utility below the first
        point.

    Returns
    -------
    numpy.ndarray
        float64, 0–1, in the order of `values`; `nan` where the value is `nan`. `inf` (unreachable) has the
        lowest utility of the function, `-inf` that of the first point.

    Examples
    --------
    >>> walk = ValueFunction(points=[(0, 1.0), (10, 0.8), (30, 0.0)])
    >>> [float(u) for u in utility(np.array([5.0, 20.0, np.inf, np.nan]), walk)]
    [0.9, 0.4, 0.0, nan]
    """
    given = pd.Series(values).to_numpy(dtype="float64", na_value=np.nan)
    xs, us = (np.array(column, dtype="float64") for column in zip(*function.points, strict=True))
    if function.kind == "step":
        worth = us[np.maximum(np.searchsorted(xs, given, side="right") - 1, 0)]
    else:
        # Rounding on the line between two points may step outside them by the last bit.
        worth = np.clip(np.interp(given, xs, us), us.min(), us.max())
    # Unreachable is a known bad, whatever the last point says.
    worth = np.where(np.isposinf(given), us.min(), worth)
    return np.where(np.isnan(given), np.nan, worth)
