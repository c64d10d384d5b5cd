"""Whether a file in OpenStreetMap's PBF form is whole: GDAL reads one that was cut to where it ends, without a word.

The form (wiki.openstreetmap.org/wiki/PBF_Format): blobs one after the other, each behind the length of its header, and
in the header, as field 3, the length of the blob. How many blobs there are it does not say, so that a file cut just
between two cannot be told from a whole one.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from landready.errors import FileError, Finding

_LONGEST_HEADER = 65_536  # by the form
_SIZE, _BYTES = 3 << 3, 2  # key of the field; how fields with a length of their own are written


def require_whole(path: Path) -> None:
    """
    Refuse a file that ends within a blob.

    Raises
    ------
    FileError
        If it is shorter than it says, or no such file at all.
    """
    there = path.stat().st_size
    with path.open("rb") as stream:
        end = 0
        while end < there:
            stream.seek(end)
            start = int.from_bytes(stream.read(4), "big")
            header = stream.read(start) if start <= _LONGEST_HEADER else b""
            end += 4 + start + (_blob_size(header) if len(header) == start and header else there)
    if end != there:
        raise FileError(Finding("file_cut", {"file": path.name, "there": there, "declared": end}))


def _blob_size(header: bytes) -> int:
    """Return the length of the blob behind a header; 0 if it does not say."""
    stream = BytesIO(header)
    while stream.tell() < len(header):
        key, value = _varint(stream), _varint(stream)
        if key == _SIZE:
            return value
        if key & 7 == _BYTES:
            stream.seek(value, 1)
    return 0


def _varint(stream: BinaryIO) -> int:
    value = shift = 0
    while byte := stream.read(1):
        value |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            break
    return value
