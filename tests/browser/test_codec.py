"""The page reads what Python packs."""

import gzip
import json
import zlib
from base64 import b64encode
from importlib import resources

import numpy as np
import pytest
import shapely

from landready.webmap.codec import encode, pack

pytestmark = pytest.mark.browser

PLAIN = """(text) => {
  const plain = (x) => x instanceof Shapes ? Array.from({ length: x.length }, (_, i) => x.json(i))
    : Array.isArray(x) ? x.map(plain)
    : x && typeof x === "object" ? Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v)])) : x;
  return JSON.stringify(plain(unpacked(text)));
}"""


@pytest.fixture
def reader(page):
    page.goto("about:blank")
    page.add_script_tag(content=resources.files("landready.webmap").joinpath("assets/decode.js").read_text("utf-8"))
    page.evaluate("delete window.DecompressionStream")
    return page


def test_the_page_reads_what_python_reads(reader, example):
    payload = example.payload()
    read = json.loads(reader.evaluate(PLAIN, pack(payload)))
    for entry in [*read["land"], *(part for layer in read["context"] for part in layer["parts"])]:
        entry["shape"] = entry["shape"][0]  # a single geometry is one of a list of one
    assert read == payload


def test_numbers_texts_and_shapes_are_the_same_to_the_last_bit(reader):
    draw = np.random.default_rng(7).random((3, 500))
    payload = {
        "exact": [None, "inf", *draw[0].tolist()],
        "rounded": draw[1].round(9).tolist(),
        "large": (draw[2].round(3) * 1e6).tolist(),
        "texts": ["å🏭", None, "</script>"] * 20,
        "bools": [True, False] * 20,
    }
    array = np.array(
        [shapely.box(12, 57, 12.5, 58), None, shapely.LineString([(-12, 57), (1, 2), (3, 4)])], dtype=object
    )
    read = json.loads(reader.evaluate(PLAIN, pack({**payload, "shapes": array})))
    assert read.pop("shapes") == [shape and json.loads(shapely.to_geojson(shape)) for shape in array]
    assert read == payload


@pytest.mark.parametrize(("level", "strategy"), [(0, 0), (1, 0), (9, 0), (6, zlib.Z_FIXED), (6, zlib.Z_HUFFMAN_ONLY)])
def test_every_kind_of_gzip_block_is_read(reader, level, strategy):
    whole = gzip.decompress(
        encode({"x": ["text " * 30_000, list(range(5000))], "noise": np.random.default_rng(3).random(9000)})
    )
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    body = packer.compress(whole) + packer.flush()
    packed = (
        gzip.compress(b"", mtime=0)[:10]
        + body
        + zlib.crc32(whole).to_bytes(4, "little")
        + len(whole).to_bytes(4, "little")
    )
    assert gzip.decompress(packed) == whole
    read = reader.evaluate(
        "(text) => { const p = unpacked(text); return [p.x[0].length, p.x[1].length, p.noise.length]; }",
        b64encode(packed).decode(),
    )
    assert read == [150_000, 5000, 9000]
