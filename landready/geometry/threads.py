"""Work on geometries in threads: GEOS lets go of Python while it works.

What is handed to a thread does not depend on how many there are, and is answered by itself, so that results are the
same on every machine. Prepared geometries crash when threads share them: what runs here prepares only what it has made.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

T = TypeVar("T")
R = TypeVar("R")

# How many geometries a thread asks a tree about at a time.
_ASKED = 4096
# More threads than this wait for each other's memory.
_MOST = 4


def each(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return what a function makes of each item, in their order."""
    threads = min(os.cpu_count() or 1, _MOST)
    if threads == 1:
        return [function(item) for item in items]
    # A pool of its own for each call: one kept open would not survive a fork.
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(function, items))


def in_chunks(operation: Callable[..., Any], *arrays: NDArray[np.object_], chunk: int) -> NDArray[Any]:
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
    if count <= chunk:
        return np.asarray(operation(*arrays))
    chunks = [[array[start : start + chunk] for array in arrays] for start in range(0, count, chunk)]
    return np.concatenate(each(lambda chunk: operation(*chunk), chunks))


def found_in(
    tree: shapely.STRtree, shapes: NDArray[np.object_], predicate: Literal["intersects"] | None = None
) -> NDArray[np.intp]:
    """
    Return what `tree.query` does: positions of the shapes, rising, and of what of the tree each one meets.

    Parameters
    ----------
    tree
        A tree, which threads may share.
    shapes
        Geometries, each of which is prepared for itself only.
    predicate
        As for `tree.query`; None asks whether boxes meet.
    """
    starts = range(0, len(shapes), _ASKED)
    found = each(lambda start: tree.query(shapes[start : start + _ASKED], predicate=predicate), starts)
    return _moved(starts, found)


def nearest_in(
    tree: shapely.STRtree, shapes: NDArray[np.object_], *, all_matches: bool
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """
    Return what `tree.query_nearest` does: positions of the shapes, rising, and of what is nearest; and how far it is.

    Parameters
    ----------
    tree
        A tree, which threads may share.
    shapes
        Geometries; to missing and empty ones nothing is near.
    all_matches
        Whether all that are equally near are told, or one of them.
    """
    starts = range(0, len(shapes), _ASKED)
    found = each(
        lambda start: tree.query_nearest(shapes[start : start + _ASKED], return_distance=True, all_matches=all_matches),
        starts,
    )
    metres = [distance for _, distance in found]
    return _moved(starts, [places for places, _ in found]), np.concatenate(metres) if metres else np.empty(0)


def _moved(starts: Iterable[int], found: Iterable[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Join the answers of chunks of shapes, each counted from where it starts."""
    moved = [np.stack([shape + start, other]) for start, (shape, other) in zip(starts, found, strict=True)]
    return np.concatenate(moved, axis=1) if moved else np.empty((2, 0), dtype=np.intp)
