// Draws many polygons on one canvas: what is in view, those of one style together. A scan of all boxes finds what is in
// view or beneath the pointer; with 50,000 shapes it takes a fraction of a millisecond, so there is no index.

const TOGETHER = 5000; // shapes in one path: more make the browser's sorting of edges slow
const LEAST_STEP = 0.8; // pixels; nearer vertices are passed over
const NEAR = 5; // pixels from what is too small to be hit

const MARKED = { look: null, opacity: 1, stroke: "#b3005e", weight: 3.5, dash: [] };

/** Fill of a look on a canvas: a colour, or hatching as `patterns` has it for drawings. */
const canvasFills = new Map();
function canvasFill(context, key) {
  const look = payload.looks[key];
  if (look.pattern === "solid") return look.fill;
  if (!canvasFills.has(key)) {
    const tile = element("canvas", { width: 7, height: 7 });
    const ink = tile.getContext("2d");
    ink.fillStyle = look.fill;
    ink.fillRect(0, 0, 7, 7);
    ink.fillStyle = look.stroke;
    ink.fillRect(0, 0, 1.6, 7);
    const pattern = context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().rotate(hatchAngle(key)));
    canvasFills.set(key, pattern);
  }
  return canvasFills.get(key);
}

/**
 * A canvas in a pane, with sheets from the lowest to the topmost. A sheet has `shapes` (Shapes), `shown`, `style(i)`
 * (one object per style: `look`, `opacity`, `stroke`, `weight`, `dash`; null for what is not drawn) and `on`, the
 * position that is drawn last.
 */
const Drawing = L.Renderer.extend({
  initialize(pane) {
    L.Renderer.prototype.initialize.call(this, { pane, padding: 0.2 });
    this.sheets = [];
  },
  _initContainer() {
    this._container = element("canvas", { "aria-hidden": "true" });
    this._context = this._container.getContext("2d");
  },
  _destroyContainer() {
    this._container.remove();
  },
  _updatePaths() {}, // Leaflet's own layers are drawn elsewhere
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { x, y } = this._map.getPixelOrigin();
    const place = [x, y, this._map.getZoom(), this._bounds.min.x, this._bounds.min.y, this._bounds.max.x, this._bounds.max.y].join();
    if (place !== this._place) this._draw(); // Leaflet tells of one move several times
    this._place = place;
  },
  /** Draw before the next frame, once. */
  redraw() {
    this._asked = this._asked || requestAnimationFrame(() => this._draw());
  },
  _draw() {
    cancelAnimationFrame(this._asked);
    this._asked = null;
    if (!this._map || !this._bounds) return;
    const box = this._container;
    const size = this._bounds.getSize();
    const sharp = Math.min(2, devicePixelRatio || 1);
    L.DomUtil.setPosition(box, this._bounds.min);
    box.width = Math.round(size.x * sharp);
    box.height = Math.round(size.y * sharp);
    box.style.width = size.x + "px";
    box.style.height = size.y + "px";
    const ink = this._context;
    ink.scale(sharp, sharp);
    const scale = 2 ** this._map.getZoom();
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    const view = { scale, left: corner.x, top: corner.y, box: [corner.x / scale, corner.y / scale, (corner.x + size.x) / scale, (corner.y + size.y) / scale] };
    const shown = this.sheets.filter((sheet) => sheet.shown);
    box.dataset.drawn = shown.reduce((sum, sheet) => sum + paintSheet(ink, sheet, view), 0);
    if (this._marked) paint(ink, this._marked.sheet.shapes, [this._marked.position], MARKED, view);
  },
  /** Draw the outline of one shape over all, whether or not its sheet is shown; null for none. */
  mark(found) {
    this._marked = found;
    this.redraw();
  },
  /** The sheet and the position of what is topmost at a place; undefined where there is nothing. */
  at(latlng, wanted = () => true) {
    const scale = 2 ** this._map.getZoom();
    const { x, y } = this._map.project(latlng, 0);
    for (const sheet of [...this.sheets].reverse()) {
      if (!sheet.shown || !wanted(sheet)) continue;
      const position = shapeAt(sheet, x, y, NEAR / scale);
      if (position !== undefined) return { sheet, position };
    }
    return undefined;
  },
});

/** Paint what of a sheet is in view; tell how many shapes that is. */
function paintSheet(ink, sheet, view) {
  const groups = new Map();
  const { bounds, length } = sheet.shapes;
  const [west, north, east, south] = view.box;
  let count = 0;
  for (let position = 0; position < length; position += 1) {
    const place = 4 * position;
    if (!(bounds[place] <= east && bounds[place + 2] >= west && bounds[place + 1] <= south && bounds[place + 3] >= north)) continue;
    const style = position === sheet.on ? null : sheet.style(position);
    if (!style) continue;
    count += 1;
    if (groups.has(style)) groups.get(style).push(position);
    else groups.set(style, [position]);
  }
  for (const [style, positions] of groups) {
    for (let from = 0; from < positions.length; from += TOGETHER) paint(ink, sheet.shapes, positions.slice(from, from + TOGETHER), style, view);
  }
  if (sheet.on === null || sheet.on === undefined || !sheet.style(sheet.on)) return count;
  paint(ink, sheet.shapes, [sheet.on], sheet.style(sheet.on), view);
  return count + 1;
}

function paint(ink, shapes, positions, style, view) {
  ink.beginPath();
  for (const position of positions) {
    for (let ring = shapes.ringsOf[position]; ring < shapes.ringsOf[position + 1]; ring += 1) tracePath(ink, shapes, ring, view);
  }
  if (style.look) ink.fillStyle = canvasFill(ink, style.look);
  ink.globalAlpha = style.opacity;
  if (style.look) ink.fill(); // rings turn one way and holes the other, so that overlapping shapes stay whole
  ink.globalAlpha = 1;
  if (!style.stroke || !style.weight) return;
  ink.strokeStyle = style.stroke;
  ink.lineWidth = style.weight;
  ink.lineJoin = "round";
  ink.setLineDash(style.dash);
  ink.stroke();
}

function tracePath(ink, shapes, ring, { scale, left, top, box }) {
  const { x, y, ringBounds: edges } = shapes;
  const at = 4 * ring;
  if (!(edges[at] <= box[2] && edges[at + 2] >= box[0] && edges[at + 1] <= box[3] && edges[at + 3] >= box[1])) return;
  if ((edges[at + 2] - edges[at]) * scale < 1 && (edges[at + 3] - edges[at + 1]) * scale < 1) {
    ink.rect(edges[at] * scale - left, edges[at + 1] * scale - top, 1, 1);
    return;
  }
  const [from, to] = [shapes.starts[ring], shapes.starts[ring + 1]];
  let lastX = x[from] * scale - left;
  let lastY = y[from] * scale - top;
  ink.moveTo(lastX, lastY);
  for (let place = from + 1; place < to; place += 1) {
    const nowX = x[place] * scale - left;
    const nowY = y[place] * scale - top;
    if (Math.abs(nowX - lastX) + Math.abs(nowY - lastY) < LEAST_STEP) continue;
    ink.lineTo(nowX, nowY);
    lastX = nowX;
    lastY = nowY;
  }
  // Round to the second vertex, for the join: `closePath` measures all that is in the path so far, each time.
  for (const place of [from, from + 1]) ink.lineTo(x[place] * scale - left, y[place] * scale - top);
}

/** The last drawn shape that holds a point, or that is too small to hold one and lies near it. */
function shapeAt({ shapes, style, on }, x, y, near) {
  const { bounds, length } = shapes;
  const hit = (position) => {
    const [west, north, east, south] = bounds.subarray(4 * position, 4 * position + 4);
    if (!(west - near <= x && east + near >= x && north - near <= y && south + near >= y) || !style(position)) return false;
    return holds(shapes, position, x, y) || (east - west < 2 * near && south - north < 2 * near);
  };
  if (Number.isInteger(on) && hit(on)) return on;
  for (let position = length - 1; position >= 0; position -= 1) if (hit(position)) return position;
  return undefined;
}

/** Whether a shape holds a point: a ray from it crosses the rings an odd number of times. */
function holds({ ringsOf, starts, x: xs, y: ys }, position, x, y) {
  let inside = false;
  for (let ring = ringsOf[position]; ring < ringsOf[position + 1]; ring += 1) {
    for (let to = starts[ring], from = starts[ring + 1] - 1; to < starts[ring + 1]; from = to++) {
      if (ys[to] > y !== ys[from] > y && x < ((xs[from] - xs[to]) * (y - ys[to])) / (ys[from] - ys[to]) + xs[to]) inside = !inside;
    }
  }
  return inside;
}

/** A shape as Leaflet's bounds. */
function boundsOf(map, shapes, position) {
  const [west, north, east, south] = shapes.bounds.subarray(4 * position, 4 * position + 4);
  return L.latLngBounds(map.unproject([west, south], 0), map.unproject([east, north], 0));
}
