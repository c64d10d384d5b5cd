"""The map's payload, packed: columns of integers instead of text, in one gzip.

What comes out again is what went in: `decode(encode(payload)) == payload`, with plain lists for arrays and GeoJSON for
geometries. What is packed is told by its form, wherever it stands: geometries, and long lists of numbers, of
repeated texts, of truth values. The rest is JSON. `assets/decode.js` is the page's reader.

Layout, before gzip: the length of the head (uint32), the head as JSON, the columns one after another. The head has
`tree`, the payload with null where a column stands, and `columns`: a path into the tree, the form, its settings and
the number of bytes. All integers are little-endian; wide ones are stored as planes (all lowest bytes first), which
gzip makes smaller.
"""

import base64
import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SCALE = 1e6
"""Coordinates are whole millionths of a degree."""
SHORT = 16
"""Lists with fewer items stay JSON."""

_NONE, _INF = np.iinfo(np.int32).min, np.iinfo(np.int32).min + 1
_MOST_DECIMALS = 9
_TYPES = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
_LEVEL = 6
_SCALARS = frozenset({str, int, float, bool, type(None)})

Bytes = NDArray[np.uint8]


def pack(payload: Mapping[str, Any]) -> str:
    """Return the payload as it stands in the page: base64."""
    return base64.b64encode(encode(payload)).decode("ascii")


def unpack(packed: str) -> Any:
    """Return the payload of `pack`."""
    return decode(base64.b64decode(packed))


def payload_of(page: str) -> Any:
    """
    Return what a map's page holds: whoever wants to know what is in a file that is to be mailed looks here.

    Parameters
    ----------
    page
        The text of an HTML file that landready has written.

    Raises
    ------
    ValueError
        If it is no such page.
    """
    found = re.search(r'<script type="application/gzip;base64" id="payload">([^<]*)</script>', page)
    if found is None:
        message = "the page holds no packed payload"
        raise ValueError(message)
    return unpack(found[1])


def encode(payload: Mapping[str, Any]) -> bytes:
    """
    Pack a payload.

    Parameters
    ----------
    payload
        What JSON can hold (no `nan`), and arrays: of numbers (`nan` is unknown and comes out as None, infinity as
        `"inf"`), of truth values, of shapely lines and polygons in degrees, rounded to `SCALE`; None for missing ones.

    Returns
    -------
    bytes
        A gzip, the same for the same payload.

    Raises
    ------
    ValueError
        If it holds a number that JSON has not.
    """
    columns: list[list[Any]] = []
    data: list[Bytes] = []

    def packed(value: Any, path: list[str | int]) -> Any:
        column = _column(value)
        if column is not None:
            form, settings, content = column
            columns.append([path, form, settings, len(content)])
            data.append(content)
            return None
        if isinstance(value, Mapping):
            return {key: packed(item, [*path, key]) for key, item in value.items()}
        if isinstance(value, list | tuple) and not _SCALARS.issuperset(map(type, value)):
            return [packed(item, [*path, place]) for place, item in enumerate(value)]
        return value

    tree = packed(payload, [])
    head = json.dumps({"tree": tree, "columns": columns}, allow_nan=False, separators=(",", ":")).encode("ascii")
    whole = b"".join([len(head).to_bytes(4, "little"), head, *(content.tobytes() for content in data)])
    return gzip.compress(whole, _LEVEL, mtime=0)


def decode(packed: bytes) -> Any:
    """Return the payload of `encode`, with lists for arrays and GeoJSON mappings for geometries."""
    whole = gzip.decompress(packed)
    size = int.from_bytes(whole[:4], "little")
    head = json.loads(whole[4 : 4 + size])
    at, tree = 4 + size, head["tree"]
    for path, form, settings, length in head["columns"]:
        content = np.frombuffer(whole, np.uint8, length, at)
        at += length
        value = _READERS[form](content, settings)
        if not path:
            return value
        place = tree
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return tree


def _column(value: Any) -> tuple[str, Any, Bytes] | None:
    """Return the form, the settings and the content of what is packed; None for what stays JSON."""
    if isinstance(value, np.ndarray):
        return _array_column(value)
    if _is_geometry(value):
        return "shape", *_shapes(_from_json([value]))
    return _list_column(value) if isinstance(value, list) and value else None


def _array_column(values: NDArray[Any]) -> tuple[str, Any, Bytes]:
    if values.dtype == np.bool_:
        return "bools", None, values.astype(np.uint8)
    if values.dtype == np.object_:
        return "shapes", *_shapes(values)
    return "numbers", *_numbers(values.astype(np.float64))


def _list_column(values: list[Any]) -> tuple[str, Any, Bytes] | None:
    kinds = {type(item) for item in values}
    column: tuple[str, Any, Bytes] | None = None
    if kinds <= {dict, type(None)} and dict in kinds and all(item is None or _is_geometry(item) for item in values):
        column = ("shapes", *_shapes(_from_json(values)))
    elif len(values) < SHORT:
        pass
    elif kinds == {bool}:
        column = ("bools", None, np.array(values, dtype=np.uint8))
    elif kinds <= {str, type(None)} and str in kinds:
        column = _texts(values)
    elif kinds & {int, float} and all(item == "inf" or type(item) in {int, float, type(None)} for item in values):
        column = ("numbers", *_numbers(_as_floats(values)))
    return column


def _is_geometry(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"type", "coordinates"} and value["type"] in _TYPES


def _as_floats(values: Sequence[Any]) -> NDArray[np.float64]:
    floats = np.array([np.nan if value is None else float(value) for value in values])
    if sum(value is None for value in values) != np.isnan(floats).sum():
        message = "Out of range float values are not JSON compliant"
        raise ValueError(message)
    return floats


def _texts(values: Sequence[str | None]) -> tuple[str, Any, Bytes] | None:
    """Return the different texts and a code for each value; 0 is None. Texts that hardly repeat stay JSON."""
    words = list(dict.fromkeys(value for value in values if value is not None))
    if 2 * len(words) > len(values):
        return None
    codes = {None: 0} | {word: place for place, word in enumerate(words, start=1)}
    width, content = _planes(np.array([codes[value] for value in values], dtype=np.int64))
    return "texts", [width, words], content


def _numbers(values: NDArray[np.float64]) -> tuple[Any, Bytes]:
    """Return numbers as whole ones of the fewest decimals that say the same; as floats where none do."""
    known = np.isfinite(values)
    finite = values[known]
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = np.round(finite * 10.0**decimals)
        if len(scaled) and np.abs(scaled).max() >= -_INF:
            break
        if (scaled / 10.0**decimals == finite).all():
            whole = np.where(np.isnan(values), _NONE, _INF).astype(np.int64)
            whole[known] = scaled.astype(np.int64)
            if (values == -np.inf).any():
                break
            # Steps from number to number where that is less than the numbers: many columns rise or stay.
            least = int(scaled.min()) if len(scaled) else 0
            shifted = np.where(known, whole - least + 2, whole - _NONE)
            width, content = _planes(shifted)
            return [decimals, width, least], content
    return None, _shuffled(values.astype("<f8"))


def _planes(values: NDArray[np.int64]) -> tuple[int, Bytes]:
    """Return non-negative integers in as many bytes as the largest needs, and how many that is."""
    most = int(values.max()) if len(values) else 0
    width = next(size for size in (1, 2, 4, 8) if most < 256**size)
    return width, _shuffled(values.astype(f"<u{width}"))


def _shuffled(values: NDArray[Any]) -> Bytes:
    return np.ascontiguousarray(values.view(np.uint8).reshape(len(values), values.itemsize).T).reshape(-1)


def _unshuffled(content: Bytes, kind: str) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    return np.ascontiguousarray(content.reshape(size, -1).T).reshape(-1).view(kind)


def _from_json(values: Sequence[Any]) -> NDArray[np.object_]:
    found = np.full(len(values), None, dtype=np.object_)
    for place, value in enumerate(values):
        if value is not None:
            found[place] = shapely.geometry.shape(value)
    return found


def _shapes(shapes: NDArray[np.object_]) -> tuple[Any, Bytes]:
    """
    Return geometries as streams of variable-length integers.

    A count of parts per geometry, of rings per part (1 for lines), of vertices per ring (without the closing one), and
    the steps from vertex to vertex, west–east apart from south–north. A ring's first vertex is a step from the first
    of the ring before.
    """
    types = np.array([-1 if shape is None else _TYPES.index(shape.geom_type) for shape in shapes], dtype=np.int64)
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    closed = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of_part = _rings(parts, closed)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.round(points * SCALE).astype(np.int64)
    counts = np.bincount(of_ring, minlength=len(rings))
    ends = np.cumsum(counts) - 1
    ring_closed = closed[of_part]
    keep = np.ones(len(whole), dtype=bool)
    keep[ends[ring_closed]] = False
    whole, counts = whole[keep], counts - ring_closed
    starts = np.cumsum(counts) - counts
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    firsts = whole[starts]
    steps[starts] = np.diff(firsts, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    streams = [
        types + 1,
        np.bincount(of_shape, minlength=len(shapes)),
        np.bincount(of_part, minlength=len(parts)),
        counts,
        _zigzag(steps[:, 0]),
        _zigzag(steps[:, 1]),
    ]
    written = [_varint(stream) for stream in streams]
    return [len(shapes), len(parts), len(rings), len(whole)], np.concatenate(written)


def _rings(parts: NDArray[np.object_], closed: NDArray[np.bool_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the rings of polygons and the lines as they are, in the order of the parts, and the part of each."""
    rings, of_closed = shapely.get_rings(parts[closed], return_index=True)
    places = np.concatenate([np.flatnonzero(closed)[of_closed], np.flatnonzero(~closed)])
    order = np.argsort(places, kind="stable")
    return np.concatenate([rings, parts[~closed]])[order], places[order]


def _zigzag(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return (values << 1) ^ (values >> 63)


def _varint(values: NDArray[np.int64]) -> Bytes:
    """Return non-negative integers below 2³⁵, seven bits to a byte, lowest first; the high bit says that more come."""
    lengths = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        lengths += values >= 1 << bits
    ends = np.cumsum(lengths)
    found = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for place in range(5):
        longer = lengths > place
        more = (lengths[longer] > place + 1).astype(np.int64) << 7
        found[(ends - lengths)[longer] + place] = (values[longer] >> (7 * place)) & 127 | more
    return found


def _read_varint(content: Bytes) -> NDArray[np.int64]:
    if not len(content):
        return np.zeros(0, dtype=np.int64)
    last = np.flatnonzero(content < 128)
    starts = np.concatenate([[0], last[:-1] + 1])
    place = np.arange(len(content)) - np.repeat(starts, last - starts + 1)
    values = (content.astype(np.int64) & 127) << (7 * place)
    return np.add.reduceat(values, starts)


def _read_bools(content: Bytes, _: Any) -> list[bool]:
    found: list[bool] = (content > 0).tolist()
    return found


def _read_texts(content: Bytes, settings: Any) -> list[str | None]:
    width, words = settings
    return [None if code == 0 else words[code - 1] for code in _unshuffled(content, f"<u{width}").tolist()]


def _read_numbers(content: Bytes, settings: Any) -> list[Any]:
    if settings is None:
        values = _unshuffled(content, "<f8")
    else:
        decimals, width, least = settings
        codes = _unshuffled(content, f"<u{width}").astype(np.int64)
        values = np.where(codes > 1, (codes - 2 + least) / 10.0**decimals, np.where(codes == 0, np.nan, np.inf))
    return [None if value != value else "inf" if value == np.inf else value for value in values.tolist()]  # noqa: PLR0124


def _read_shapes(content: Bytes, settings: Any) -> list[Any]:
    shape_count, part_count, ring_count, point_count = settings
    values = _read_varint(content)
    cuts = np.cumsum([shape_count, shape_count, part_count, ring_count, point_count])
    types, parts_of, rings_of, points_of, east, north = np.split(values, cuts)
    starts = np.cumsum(points_of) - points_of
    whole = np.column_stack([(stream >> 1) ^ -(stream & 1) for stream in (east, north)])
    firsts = np.cumsum(whole[starts], axis=0)
    whole[starts] = 0
    points = np.cumsum(whole, axis=0)
    offset = np.repeat(firsts - points[starts], points_of, axis=0) if len(starts) else points
    degrees = ((points + offset) / SCALE).tolist()
    rings = iter([degrees[start : start + count] for start, count in zip(starts, points_of, strict=True)])
    ring_counts = iter(rings_of.tolist())
    return [_read_shape(kind, parts, ring_counts, rings) for kind, parts in zip(types, parts_of, strict=True)]


def _read_shape(kind: int, parts: int, ring_counts: Any, rings: Any) -> dict[str, Any] | None:
    if kind == 0:
        return None
    name = _TYPES[kind - 1]
    found = []
    for _ in range(parts):
        own = [next(rings) for _ in range(next(ring_counts))]
        found.append([[*ring, ring[0]] for ring in own] if name.endswith("Polygon") else own[0])
    return {"type": name, "coordinates": found if name.startswith("Multi") else found[0]}


_READERS: Mapping[str, Callable[[Bytes, Any], Any]] = {
    "bools": _read_bools,
    "texts": _read_texts,
    "numbers": _read_numbers,
    "shapes": _read_shapes,
    "shape": lambda content, settings: _read_shapes(content, settings)[0],
}
