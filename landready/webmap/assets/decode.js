// Reads what webmap/codec.py packs. The gzip is opened here and not by the browser's DecompressionStream: that answers
// later, and old browsers do not have it.

const LENGTHS = spans([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5], 3);
LENGTHS.push({ from: 258, bits: 0 });
const DISTANCES = spans([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13], 1);
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** What each length or distance code begins at, and how many bits more it has (RFC 1951, 3.2.5). */
function spans(extra, from) {
  return extra.map((bits) => {
    const span = { from, bits };
    from += 1 << bits;
    return span;
  });
}

/** A table from the next bits of the stream to a symbol and the length of its code. */
function huffman(lengths) {
  const longest = Math.max(1, ...lengths);
  const table = new Uint16Array(1 << longest);
  let code = 0;
  for (let length = 1; length <= longest; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      let turned = 0;
      for (let bit = 0; bit < length; bit += 1) if (code & (1 << bit)) turned |= 1 << (length - 1 - bit);
      for (let place = turned; place < table.length; place += 1 << length) table[place] = (symbol << 4) | length;
      code += 1;
    }
    code <<= 1;
  }
  return { table, mask: table.length - 1, longest };
}

const FIXED = [
  huffman(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))),
  huffman(new Array(30).fill(5)),
];

/** The content of a gzip file of one member, without optional header fields, as Python writes it. */
function gunzip(packed) {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
  const found = new Uint8Array(size);
  let from = 10; // the header
  let to = 0;
  let held = 0;
  let count = 0;
  function take(bits) {
    while (count < bits) {
      held |= packed[from++] << count;
      count += 8;
    }
    const value = held & ((1 << bits) - 1);
    held >>>= bits;
    count -= bits;
    return value;
  }
  function symbol({ table, mask, longest }) {
    while (count < longest) {
      held |= packed[from++] << count;
      count += 8;
    }
    const entry = table[held & mask];
    held >>>= entry & 15;
    count -= entry & 15;
    return entry >>> 4;
  }
  function codes() {
    const [literals, distances, lengths] = [take(5) + 257, take(5) + 1, take(4) + 4];
    const small = new Array(19).fill(0);
    for (let place = 0; place < lengths; place += 1) small[CODE_ORDER[place]] = take(3);
    const table = huffman(small);
    const all = [];
    while (all.length < literals + distances) {
      const found = symbol(table);
      if (found < 16) all.push(found);
      else {
        const [value, times] = found === 16 ? [all[all.length - 1], 3 + take(2)] : [0, found === 17 ? 3 + take(3) : 11 + take(7)];
        for (let time = 0; time < times; time += 1) all.push(value);
      }
    }
    return [huffman(all.slice(0, literals)), huffman(all.slice(literals))];
  }
  for (let last = false; !last; ) {
    last = take(1) === 1;
    const kind = take(2);
    if (kind === 0) {
      from -= count >> 3; // whole bytes that were taken too early
      held = count = 0;
      const length = packed[from] | (packed[from + 1] << 8);
      found.set(packed.subarray(from + 4, from + 4 + length), to);
      from += 4 + length;
      to += length;
      continue;
    }
    const [literal, distance] = kind === 1 ? FIXED : codes();
    for (let next = symbol(literal); next !== 256; next = symbol(literal)) {
      if (next < 256) {
        found[to++] = next;
        continue;
      }
      const length = LENGTHS[next - 257].from + take(LENGTHS[next - 257].bits);
      const way = DISTANCES[symbol(distance)];
      const back = to - way.from - take(way.bits);
      for (let step = 0; step < length; step += 1) found[to++] = found[back + step];
    }
  }
  return found;
}

/** Integers of `width` bytes, stored as planes. */
function unshuffled(content, width) {
  const length = content.length / width;
  const found = new Float64Array(length);
  for (let plane = width - 1; plane >= 0; plane -= 1) {
    const offset = plane * length;
    for (let place = 0; place < length; place += 1) found[place] = found[place] * 256 + content[offset + place];
  }
  return found;
}

function readNumbers(content, settings) {
  if (!settings) {
    const length = content.length / 8;
    const bytes = new Uint8Array(content.length);
    for (let place = 0; place < content.length; place += 1) bytes[(place % length) * 8 + Math.floor(place / length)] = content[place];
    const view = new DataView(bytes.buffer);
    return Array.from({ length }, (_, place) => outward(view.getFloat64(place * 8, true)));
  }
  const [decimals, width, least] = settings;
  const scale = 10 ** decimals;
  return Array.from(unshuffled(content, width), (code) => (code > 1 ? (code - 2 + least) / scale : code === 0 ? null : "inf"));
}

/** A number as the page knows it: null for unknown, a word for unreachable. */
function outward(value) {
  return Number.isNaN(value) ? null : value === Infinity ? "inf" : value;
}

function readTexts(content, [width, words]) {
  return Array.from(unshuffled(content, width), (code) => (code === 0 ? null : words[code - 1]));
}

const SHAPE_TYPES = ["LineString", "MultiLineString", "Polygon", "MultiPolygon"];
const SCALE = 1e6; // coordinates are whole millionths of a degree

/**
 * Many geometries in flat arrays, by position: rings `ringsOf[i]` to `ringsOf[i + 1]` are those of shape i, vertices
 * `starts[r]` to `starts[r + 1]` those of ring r. `x` and `y` are in the pixels of zoom 0, as Leaflet projects them;
 * `bounds` has four numbers for each shape, `ringBounds` for each ring: west, north, east, south in the same pixels.
 */
class Shapes {
  constructor(content, [length, partCount, ringCount, pointCount]) {
    let at = 0;
    const next = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = content[at++];
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    const many = (count) => Array.from({ length: count }, next);
    const step = () => {
      const value = next();
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
    this.length = length;
    this.types = many(length);
    const partsOf = many(length);
    this.ringsIn = many(partCount); // per part
    const pointsOf = many(ringCount);
    this.partsOf = running(partsOf);
    const ringsBefore = running(this.ringsIn);
    this.ringsOf = this.partsOf.map((part) => ringsBefore[part]);
    this.starts = running(pointsOf);
    const read = () => {
      const found = new Float64Array(pointCount);
      let first = 0;
      for (let ring = 0; ring < ringCount; ring += 1) {
        let value = (first += step());
        found[this.starts[ring]] = value;
        for (let place = this.starts[ring] + 1; place < this.starts[ring + 1]; place += 1) found[place] = value += step();
      }
      return found;
    };
    this.lon = read();
    this.lat = read();
    this.project();
  }

  project() {
    const toY = (lat) => 128 - (256 * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / (2 * Math.PI);
    this.x = this.lon.map((value) => 256 * (value / SCALE / 360 + 0.5));
    this.y = this.lat.map((value) => toY(value / SCALE));
    const rings = this.starts.length - 1;
    this.ringBounds = new Float64Array(4 * rings);
    for (let ring = 0; ring < rings; ring += 1) {
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let place = this.starts[ring]; place < this.starts[ring + 1]; place += 1) {
        if (this.x[place] < west) west = this.x[place];
        if (this.x[place] > east) east = this.x[place];
        if (this.y[place] < north) north = this.y[place];
        if (this.y[place] > south) south = this.y[place];
      }
      this.ringBounds.set([west, north, east, south], 4 * ring);
    }
    this.bounds = new Float64Array(4 * this.length);
    for (let shape = 0; shape < this.length; shape += 1) {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let ring = this.ringsOf[shape]; ring < this.ringsOf[shape + 1]; ring += 1) {
        for (const side of [0, 1]) box[side] = Math.min(box[side], this.ringBounds[4 * ring + side]);
        for (const side of [2, 3]) box[side] = Math.max(box[side], this.ringBounds[4 * ring + side]);
      }
      this.bounds.set(box, 4 * shape);
    }
  }

  /** Whether there is anything at a position. */
  has(position) {
    return this.types[position] > 0;
  }

  isLine(position) {
    return this.types[position] < 3;
  }

  /** A geometry as GeoJSON; null where there is none. */
  json(position) {
    if (!this.has(position)) return null;
    const type = SHAPE_TYPES[this.types[position] - 1];
    const parts = [];
    let ring = this.ringsOf[position];
    for (let part = this.partsOf[position]; part < this.partsOf[position + 1]; part += 1) {
      const rings = [];
      for (let own = 0; own < this.ringsIn[part]; own += 1, ring += 1) {
        const points = [];
        for (let place = this.starts[ring]; place < this.starts[ring + 1]; place += 1) points.push([this.lon[place] / SCALE, this.lat[place] / SCALE]);
        rings.push(this.isLine(position) ? points : [...points, points[0]]);
      }
      parts.push(this.isLine(position) ? rings[0] : rings);
    }
    return { type, coordinates: type.startsWith("Multi") ? parts : parts[0] };
  }
}

/** Sums of all before each, and of all. */
function running(counts) {
  const sums = new Uint32Array(counts.length + 1);
  for (let place = 0; place < counts.length; place += 1) sums[place + 1] = sums[place] + counts[place];
  return sums;
}

const COLUMN_READERS = {
  numbers: readNumbers,
  texts: readTexts,
  bools: (content) => Array.from(content, (byte) => byte > 0),
  shapes: (content, settings) => new Shapes(content, settings),
  shape: (content, settings) => new Shapes(content, settings),
};

/** The payload from its packed text. Geometries come as `Shapes`; a single one as `Shapes` of length 1. */
function unpacked(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let place = 0; place < packed.length; place += 1) bytes[place] = packed.charCodeAt(place);
  const whole = gunzip(bytes);
  const size = new DataView(whole.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + size)));
  let at = 4 + size;
  for (const [path, form, settings, length] of head.columns) {
    const place = path.slice(0, -1).reduce((found, key) => found[key], head.tree);
    place[path[path.length - 1]] = COLUMN_READERS[form](whole.subarray(at, at + length), settings);
    at += length;
  }
  return head.tree;
}
