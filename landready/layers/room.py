"""How large a raster may be to be read: known from its header, before memory runs out."""

from landready.errors import Finding, InputError

MOST_CELLS = 250_000_000
"""Each takes eight bytes, and twice that is needed while tiles are joined."""


def require_room(cells: int, *, layer: str) -> None:
    """
    Refuse to read more cells than memory may hold.

    Parameters
    ----------
    cells
        How many would be read.
    layer
        What the finding calls the raster.

    Raises
    ------
    InputError
        With what to do instead.
    """
    if cells > MOST_CELLS:
        raise InputError(Finding("raster_too_large", {"layer": layer, "cells": cells, "most": MOST_CELLS}))
