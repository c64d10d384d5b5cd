"""Work on long arrays of geometries in threads: GEOS lets go of Python while it works.

The chunks have one length whatever the machine, and each is answered by itself, so that results do not depend on how
many threads there are. Prepared geometries crash when threads share them, so only operations that never use them
(set operations, unions, buffers) may be run here.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

# More threads than this wait for each other's memory.
_MOST = 4


def in_threads(
    operation: Callable[..., NDArray[np.object_]], *arrays: NDArray[np.object_], chunk: int
) -> NDArray[np.object_]:
    """
    Apply an operation to arrays of equal length, chunk by chunk.

    Parameters
    ----------
    operation
        Takes the arrays and returns one of their length, each item of which depends on the same place of theirs only.
    *arrays
        Geometries; at least one array.
    chunk
        How many of them are handed to a thread at a time.
    """
    count = len(arrays[0])
    threads = min(os.cpu_count() or 1, _MOST)
    if threads == 1 or count <= chunk:
        return operation(*arrays)
    chunks = [[array[start : start + chunk] for array in arrays] for start in range(0, count, chunk)]
    # A pool of its own for each call: one kept open would not survive a fork.
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(lambda piece: operation(*piece), chunks)))
