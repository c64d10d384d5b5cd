"""Write OpenStreetMap files: the same nodes and ways as XML and as PBF, the two forms in which they are downloaded."""

import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

UNIT = 1e-7  # degrees: the granularity of 100 nanodegrees that PBF has unless it says otherwise


def write_osm(path: Path, nodes, ways) -> Path:
    """
    Write a file, as PBF or XML by its ending.

    Parameters
    ----------
    nodes
        (longitude, latitude, tags), numbered from 1.
    ways
        (numbers of nodes, tags), numbered from 1.
    """
    path.write_bytes(_pbf(nodes, ways) if path.suffix == ".pbf" else _xml(nodes, ways))
    return path


def _xml(nodes, ways) -> bytes:
    root = ET.Element("osm", version="0.6")
    for number, (lon, lat, tags) in enumerate(nodes, 1):
        _tags(ET.SubElement(root, "node", id=str(number), lat=str(lat), lon=str(lon), version="1"), tags)
    for number, (refs, tags) in enumerate(ways, 1):
        way = ET.SubElement(root, "way", id=str(number), version="1")
        for ref in refs:
            ET.SubElement(way, "nd", ref=str(ref))
        _tags(way, tags)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _tags(element, tags):
    for key, value in tags.items():
        ET.SubElement(element, "tag", k=key, v=value)


def _pbf(nodes, ways) -> bytes:
    """Two blobs, a header and one block: see wiki.openstreetmap.org/wiki/PBF_Format."""
    header = _text(4, "OsmSchema-V0.6")
    texts = [""]

    def at(text):
        if text not in texts:
            texts.append(text)
        return texts.index(text)

    def tagged(number, tags):
        if not tags:  # as real files do: an empty list of keys GDAL does not read
            return _number(1, number)
        keys, values = ([_varint(at(text)) for text in column] for column in (tags.keys(), tags.values()))
        return _number(1, number) + _bytes(2, b"".join(keys)) + _bytes(3, b"".join(values))

    group = b""
    for number, (lon, lat, tags) in enumerate(nodes, 1):
        place = _number(8, _zigzag(round(lat / UNIT))) + _number(9, _zigzag(round(lon / UNIT)))
        keys = tagged(_zigzag(number), tags)  # the id of a node is signed, that of a way is not
        group += _bytes(1, keys + place)
    ways_group = b""
    for number, (refs, tags) in enumerate(ways, 1):
        steps = b"".join(_varint(_zigzag(after - before)) for before, after in zip([0, *refs[:-1]], refs, strict=True))
        ways_group += _bytes(3, tagged(number, tags) + _bytes(8, steps))
    strings = b"".join(_text(1, text) for text in texts)
    return _blob("OSMHeader", header) + _blob("OSMData", _bytes(1, strings) + _bytes(2, group) + _bytes(2, ways_group))


def _blob(kind: str, data: bytes) -> bytes:
    blob = _number(2, len(data)) + _bytes(3, zlib.compress(data))
    head = _text(1, kind) + _number(3, len(blob))
    return struct.pack(">I", len(head)) + head + blob


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())
