// The sites: shapes coloured by class, with the letter of the class in or beside them.

const BIG_ENOUGH = 34; // pixels, for a letter inside the shape
const SEEN_BY_ITSELF = 10; // pixels, for a shape that needs no dot
const TOP = 10; // ranks that are written out on the map
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
    ? t("rank_of", { rank: rankText(profile.rank[position]), of: number(app.rankedCount()) }) +
      " · " + t("score", { total: points(profile.total[position]) })
    : t("not_ranked");
  return element("div", {}, element("strong", { text: payload.sites.ids[position] }), element("div", { text: line }));
}

/** Whether a site is among the first, which are marked with their rank. */
function isTop(profile, position) {
  return profile.ranked[position] && profile.rank[position] <= TOP;
}

/**
 * Ranks for the first sites, moved aside with a line to the site where they would cover each other; letters inside
 * shapes that have the room at this zoom; dots for what is too small to be seen. The best come first.
 */
function letterLayer(map, app) {
  const group = L.layerGroup();
  let taken = [];
  const crowded = (pixel, apart) => taken.some((other) => Math.hypot(other.x - pixel.x, other.y - pixel.y) < apart);
  function put(position, kind, at, text) {
    const chip = classChip(app.profile().class[position]);
    chip.classList.add(kind);
    if (text) {
      chip.classList.add("top");
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
    const [dx, dy] = [[0, 0], ...MOVES].find(([x, y]) => !crowded(pixel.add([x, y]), APART)) || [0, 0];
    const moved = pixel.add([dx, dy]);
    taken.push(moved);
    if (dx || dy) {
      const line = [map.unproject(pixel), map.unproject(moved)];
      L.polyline(line, { pane: "leaders", color: "#b3005e", weight: 1.5, interactive: false }).addTo(group);
    }
    put(position, "mark", map.unproject(moved), rankText(app.profile().rank[position]));
  }
  function place() {
    group.clearLayers();
    taken = [];
    if (!map.hasLayer(group)) return;
    const profile = app.profile();
    const view = map.getPixelBounds();
    for (const position of app.ranking()) {
      const at = payload.sites.anchors[position];
      const path = app.shapes[position];
      if (!at || !path) continue;
      const pixel = map.project(at);
      if (!view.contains(pixel)) continue;
      const bounds = path.getBounds();
      const size = map.project(bounds.getNorthEast()).subtract(map.project(bounds.getSouthWest()));
      const across = Math.min(Math.abs(size.x), Math.abs(size.y));
      if (isTop(profile, position)) putRank(position, pixel);
      else if (across < SEEN_BY_ITSELF || across >= BIG_ENOUGH) {
        const kind = across < SEEN_BY_ITSELF ? "dot" : "inside";
        if (crowded(pixel, kind === "dot" ? SEEN_BY_ITSELF : BIG_ENOUGH)) continue;
        taken.push(pixel);
        put(position, kind, at);
      }
    }
  }
  return { group, place, marks: () => taken };
}
