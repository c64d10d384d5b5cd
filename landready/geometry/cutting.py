"""Cut large geometries into small ones, so that later work touches only what is near.

One lake with ten thousand vertices against five thousand parcels costs fifty million edges; cut into
pieces of at most `MAX_VERTICES` it costs only the pieces that each parcel meets. The pieces of one geometry
together cover exactly what it covered.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

MAX_VERTICES = 256


def cut(
    geometry: NDArray[np.object_], *, max_vertices: int = MAX_VERTICES
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """
    Cut geometries by halving their boxes until no piece has more than `max_vertices` vertices.

    Parameters
    ----------
    geometry
        Valid polygons, lines or points; missing and empty ones give no piece.
    max_vertices
        Largest number of vertices a piece may have.

    Returns
    -------
    pieces, source
        The pieces, single-part, and for each the position of the geometry it comes from, rising.

    Examples
    --------
    >>> import shapely
    >>> pieces, source = cut([shapely.Point(0, 0).buffer(1, quad_segs=100)], max_vertices=64)
    >>> bool(max(shapely.get_num_coordinates(pieces)) <= 64), round(float(shapely.area(pieces).sum()), 4)
    (True, 3.1415)
    """
    # A copy: shapely locks arrays while threads work on them, and takes apart only those that are not locked.
    parts, source = shapely.get_parts(np.array(geometry, dtype=object), return_index=True)
    whole = ~(shapely.is_missing(parts) | shapely.is_empty(parts))
    parts, source = parts[whole], source[whole]
    large = shapely.get_num_coordinates(parts) > max_vertices
    if not large.any():
        return parts, source
    cut_parts = [_halve(part, max_vertices) for part in parts[large]]
    pieces = np.concatenate([parts[~large], *cut_parts])
    sources = np.concatenate([source[~large], np.repeat(source[large], [len(part) for part in cut_parts])])
    order = np.argsort(sources, kind="stable")
    return pieces[order], sources[order]


def _halve(part: shapely.Geometry, max_vertices: int, *, quickly: bool = True) -> NDArray[np.object_]:
    """Cut one single-part geometry until its pieces are small."""
    dimension = shapely.get_dimensions(part)
    waiting, done = [part], []
    while waiting:
        current = waiting.pop()
        west, south, east, north = shapely.bounds(current)
        small = shapely.get_num_coordinates(current) <= max_vertices
        # Rings of more than a hundred vertices inside a millimetre are noise that halving cannot end.
        if small or max(east - west, north - south) < 1e-3:
            done.append(current)
            continue
        if east - west >= north - south:
            middle = (west + east) / 2
            boxes = [(west, south, middle, north), (middle, south, east, north)]
        else:
            middle = (south + north) / 2
            boxes = [(west, south, east, middle), (west, middle, east, north)]
        # A half may be a collection of multipolygons and lines: opened twice it is single parts.
        parts = shapely.get_parts(shapely.get_parts(_clip(current, boxes, quickly=quickly)))
        waiting += list(parts[shapely.get_dimensions(parts) == dimension])
    pieces = np.array(done, dtype=object)
    if not quickly:
        return pieces
    # What is invalid stays so however it is cut on: asking at the end costs a tenth of asking at every cut.
    sound = shapely.is_valid(pieces)
    mended = shapely.get_parts(shapely.get_parts(shapely.make_valid(pieces[~sound])))
    mended = mended[shapely.get_dimensions(mended) == dimension]
    size = _size(pieces)
    if abs(_size(mended).sum() - size[~sound].sum()) > 1e-9 * size.sum():
        return _halve(part, max_vertices, quickly=False)
    return np.concatenate([pieces[sound], mended])


def _clip(
    whole: shapely.Geometry, boxes: list[tuple[float, float, float, float]], *, quickly: bool
) -> NDArray[np.object_]:
    """Clip by rectangle, ten times cheaper than overlay; overlay where that loses or breaks anything."""
    try:
        halves = np.array([shapely.clip_by_rect(whole, *box) for box in boxes * quickly], dtype=object)
        if quickly and abs(_size(halves).sum() - _size(whole)) <= 1e-9 * _size(whole):
            return halves
    except shapely.errors.GEOSException:
        pass  # seen once in 272,000 pairs; the overlay below answers instead
    # The second half is what the first leaves, so that a line along the cut belongs to one of them only.
    first = shapely.box(*boxes[0])
    return np.array([shapely.intersection(whole, first), shapely.difference(whole, first)], dtype=object)


def _size(geometry: NDArray[np.object_] | shapely.Geometry) -> NDArray[np.float64]:
    """Return the area of polygons, the length of lines."""
    size = np.where(shapely.get_dimensions(geometry) == 2, shapely.area(geometry), shapely.length(geometry))
    return np.asarray(size, dtype=np.float64)
