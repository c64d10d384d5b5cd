// The sites: shapes coloured by class, with the letter of the class in or beside them.

const BIG_ENOUGH = 34; // pixels, for a letter inside the shape
const SEEN_BY_ITSELF = 10; // pixels, for a shape that needs no dot
const APART = 27; // pixels between marks
// Where a mark may stand when the place of its site is taken, in the order they are tried.
const MOVES = [1, 1.6, 2.2].flatMap((far) =>
  [[0, -1], [1, 0], [-1, 0], [0, 1], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]].map(([x, y]) => [x * far * APART, y * far * APART]),
);

/** Hatching for what is not told by a whole colour; the document's drawings find it by its id. */
function patterns() {
  const box = drawn("svg", { class: "patterns", width: 0, height: 0, "aria-hidden": "true", focusable: "false" });
  const defs = drawn("defs");
  for (const [key, look] of Object.entries(payload.looks)) {
    if (look.pattern === "solid") continue;
    const size = 7;
    const tile = drawn("pattern", {
      id: "pattern-" + key,
      width: size,
      height: size,
      patternUnits: "userSpaceOnUse",
      patternTransform: `rotate(${hatchAngle(key)})`,
    });
    tile.append(drawn("rect", { width: size, height: size, fill: look.fill }));
    tile.append(drawn("rect", { width: 1.6, height: size, fill: look.stroke }));
    defs.append(tile);
  }
  box.append(defs);
  document.body.append(box);
}

/** Degrees; what is unmapped is not to be taken for sites that are not ranked. */
function hatchAngle(key) {
  return key === "unmapped" ? -45 : 45;
}

function fillOf(key) {
  const look = payload.looks[key];
  return look.pattern === "solid" ? look.fill : `url(#pattern-${key})`;
}

const siteStyles = new Map(); // one object per style, by which the drawing tells what goes together

function siteStyle(key, selected) {
  const name = `${key} ${selected}`;
  if (!siteStyles.has(name)) {
    const { stroke, opacity, dash } = payload.looks[key];
    const chosen = { stroke: "#b3005e", weight: 4, dash: [] };
    siteStyles.set(name, { look: key, opacity, stroke, weight: 1.4, far: 0.6, dash, ...(selected ? chosen : {}) });
  }
  return siteStyles.get(name);
}

/** The shapes, one for each site that has a geometry, by position: drawn together, each with its own style. */
function siteShapes(map, app) {
  const drawing = new Drawing("sites").addTo(map);
  app.siteDrawing = drawing;
  app.siteSheet = { on: null };
  const shapes = payload.sites.shapes;
  if (!(shapes instanceof Shapes)) return payload.sites.ids.map(() => null); // none has a geometry
  const paths = Array.from({ length: shapes.length }, (_, position) => (shapes.has(position) ? sitePath(map, drawing, shapes, position) : null));
  const style = (position) => {
    const path = paths[position];
    if (!path || !path.shown) return null;
    return map.getZoom() < THIN_LINES_BELOW ? thinned(path.style) : path.style;
  };
  app.siteSheet = { shapes, shown: true, on: null, style };
  drawing.sheets.push(app.siteSheet);
  return paths;
}

/** What can be done with one site's shape. */
function sitePath(map, drawing, shapes, position) {
  const path = {
    shown: false,
    style: siteStyle("unranked", false),
    setStyle(style) {
      path.style = style;
      drawing.redraw();
    },
    addTo() {
      path.shown = true;
      drawing.redraw();
    },
    remove() {
      path.shown = false;
      drawing.redraw();
    },
    getBounds: () => boundsOf(map, shapes, position),
  };
  return path;
}

const thin = new Map();
function thinned(style) {
  if (!style.far) return style;
  if (!thin.has(style)) thin.set(style, style.weight > 2 ? style : { ...style, weight: style.far });
  return thin.get(style);
}

function siteTip(app, position) {
  const profile = app.profile();
  const line = profile.ranked[position]
    ? placeOf(app, profile, position) + " · " + t("score", { total: points(profile.total[position]) })
    : t("not_ranked");
  return element("div", {}, element("strong", { text: payload.sites.ids[position] }), element("div", { text: line }));
}

/** Marks that keep apart: those near a place are found by squares as wide as the farthest they look. */
function crowd() {
  const all = [];
  const squares = new Map();
  const square = (x, y) => Math.floor(x / BIG_ENOUGH) * 1e6 + Math.floor(y / BIG_ENOUGH);
  return {
    all,
    add(pixel) {
      all.push(pixel);
      const key = square(pixel.x, pixel.y);
      if (squares.has(key)) squares.get(key).push(pixel);
      else squares.set(key, [pixel]);
    },
    has(pixel, apart) {
      for (const dx of [-1, 0, 1]) {
        for (const dy of [-1, 0, 1]) {
          const near = squares.get(square(pixel.x + dx * BIG_ENOUGH, pixel.y + dy * BIG_ENOUGH));
          if (near && near.some((other) => (other.x - pixel.x) ** 2 + (other.y - pixel.y) ** 2 < apart ** 2)) return true;
        }
      }
      return false;
    },
  };
}

/** Dots for sites that are too small to be seen, on a canvas of their own: there may be thousands. */
const Dots = L.Layer.extend({
  onAdd(map) {
    this._box = element("canvas", { class: "dots leaflet-zoom-hide", "aria-hidden": "true" });
    map.getPane("letters").append(this._box);
  },
  onRemove() {
    this._box.remove();
  },
  /** Draw dots; each has `pixel` (of the map's projection) and `look`. */
  draw(dots) {
    const map = this._map;
    const { min } = map.getPixelBounds();
    const size = map.getSize();
    const sharp = Math.min(2, devicePixelRatio || 1);
    L.DomUtil.setPosition(this._box, map.containerPointToLayerPoint([0, 0]));
    Object.assign(this._box, { width: size.x * sharp, height: size.y * sharp });
    Object.assign(this._box.style, { width: size.x + "px", height: size.y + "px" });
    this._box.dataset.dots = dots.length;
    const ink = this._box.getContext("2d");
    ink.scale(sharp, sharp);
    for (const key of ORDER) {
      const those = dots.filter((dot) => dot.look === key);
      if (!those.length) continue;
      const look = payload.looks[key];
      ink.beginPath();
      for (const { pixel } of those) dotPath(ink, pixel.x - min.x, pixel.y - min.y, look.pattern === "solid");
      ink.fillStyle = look.fill;
      ink.strokeStyle = look.stroke;
      ink.fill();
      ink.stroke();
    }
  },
});

/** A round dot for a class, a diamond for what is not ranked. */
function dotPath(ink, x, y, round) {
  if (round) {
    ink.moveTo(x + 4.5, y);
    ink.arc(x, y, 4.5, 0, 2 * Math.PI);
    return;
  }
  const corners = [[0, -4.5], [4.5, 0], [0, 4.5], [-4.5, 0], [0, -4.5]];
  corners.forEach(([dx, dy], place) => (place ? ink.lineTo(x + dx, y + dy) : ink.moveTo(x + dx, y + dy)));
}

/**
 * Ranks for the first sites, moved aside with a line to the site where they would cover each other; letters inside
 * shapes that have the room at this zoom; dots for what is too small to be seen. The best come first.
 */
function letterLayer(map, app) {
  const group = L.layerGroup();
  const dots = new Dots().addTo(group);
  const where = siteExtents(app);
  let taken = crowd();
  function put(position, kind, at, text) {
    const chip = classChip(app.profile().class[position]);
    chip.classList.add(kind);
    if (text) {
      chip.classList.add("top");
      chip.classList.toggle("shared", text.includes("–"));
      chip.textContent = text;
    }
    const inside = kind === "inside";
    const icon = L.divIcon({ className: "letter", html: chip, iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane: "letters", keyboard: false, interactive: !inside, zIndexOffset: text ? 10000 : 0 });
    marker.on("click", () => app.select(position, { zoom: false }));
    if (!inside) marker.bindTooltip(() => siteTip(app, position), { className: "tip", direction: "top" });
    marker.addTo(group);
  }
  function putRank(position, pixel) {
    const [dx, dy] = [[0, 0], ...MOVES].find(([x, y]) => !taken.has(pixel.add([x, y]), APART)) || [0, 0];
    const moved = pixel.add([dx, dy]);
    taken.add(moved);
    if (dx || dy) {
      const line = [map.unproject(pixel), map.unproject(moved)];
      L.polyline(line, { pane: "leaders", color: "#b3005e", weight: 1.5, interactive: false }).addTo(group);
    }
    put(position, "mark", map.unproject(moved), placeText(app.profile(), position));
  }
  function place() {
    group.eachLayer((layer) => layer !== dots && group.removeLayer(layer));
    taken = crowd();
    if (!map.hasLayer(group)) return;
    const profile = app.profile();
    const { min, max } = map.getPixelBounds();
    const scale = 2 ** map.getZoom();
    const small = [];
    for (const position of app.ranking()) {
      const site = where[position];
      if (!site) continue;
      const [x, y] = [site.x * scale, site.y * scale];
      if (x < min.x || x > max.x || y < min.y || y > max.y) continue;
      const across = site.across * scale;
      const top = isTop(profile, position);
      if (!top && across >= SEEN_BY_ITSELF && across < BIG_ENOUGH) continue;
      const pixel = L.point(x, y);
      if (top) putRank(position, pixel);
      else if (across < SEEN_BY_ITSELF) {
        if (taken.has(pixel, SEEN_BY_ITSELF)) continue;
        taken.add(pixel);
        small.push({ pixel, look: profile.class[position] });
      } else if (!taken.has(pixel, BIG_ENOUGH)) {
        taken.add(pixel);
        put(position, "inside", payload.sites.anchors[position]);
      }
    }
    dots.draw(small);
  }
  return { group, place, marks: () => taken.all };
}

/** Where each site's mark stands and how wide the site is, in pixels of zoom 0; null for one without a shape. */
function siteExtents(app) {
  const pixel = (at) => app.map.project(at, 0);
  return payload.sites.anchors.map((at, position) => {
    const path = app.shapes[position];
    if (!at || !path) return null;
    const bounds = path.getBounds();
    const size = pixel(bounds.getNorthEast()).subtract(pixel(bounds.getSouthWest()));
    return { ...pixel(at), across: Math.min(Math.abs(size.x), Math.abs(size.y)) };
  });
}
