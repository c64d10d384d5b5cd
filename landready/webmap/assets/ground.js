// The ground: the study's own layers, muted, and their names.

const MINOR_ROADS_FROM = 11.5; // zoom; further out they cannot be told apart
const ORDER = Object.keys(payload.looks);

/** How wide lines are at a zoom, against what the look says. */
function widthAt(zoom) {
  return zoom < 11 ? 0.55 : zoom < 12.5 ? 0.8 : zoom < 14 ? 1.1 : zoom < 15.5 ? 1.6 : 2.4;
}

/** A layer that can be switched: what is drawn, which looks it uses, whether it is shown. */
function groundLayer(map, entry) {
  const paths = [];
  for (const part of entry.parts) {
    if (!part.shape) continue;
    const look = payload.looks[part.look];
    const isLine = part.shape.isLine(0);
    const json = part.shape.json(0);
    const base = { pane: "ground", interactive: false, fill: !isLine && look.fill !== "" };
    if (look.casing) {
      const style = { ...base, color: look.casing, lineCap: "round" };
      paths.push({ look: part.look, wide: look.width + 1.8, shape: L.geoJSON(json, { ...base, style }) });
    }
    const style = {
      ...base,
      stroke: look.stroke !== "",
      color: look.stroke,
      fillColor: look.fill,
      fillOpacity: look.opacity,
      dashArray: look.dash.length ? look.dash.join(" ") : null,
      lineCap: look.dash.length ? "butt" : "round",
    };
    paths.push({ look: part.look, wide: look.width, fixed: !isLine, shape: L.geoJSON(json, { ...base, style }) });
  }
  const marks = entry.points
    .filter((point) => point.look !== "places")
    .map((point) => {
      const look = payload.looks[point.look];
      return L.circleMarker(point.at, {
        pane: "points",
        interactive: false,
        radius: point.look === "stations" ? 5 : 3.5,
        color: look.stroke,
        weight: look.width,
        fillColor: look.fill,
        fillOpacity: 1,
      });
    });
  const looks = [...new Set([...entry.parts.map((p) => p.look), ...entry.points.map((p) => p.look)])];
  return {
    id: entry.id,
    label: entry.label,
    modelled: entry.modelled,
    looks,
    shown: true,
    paths,
    marks,
    labels: entry.labels,
    show(on) {
      for (const path of paths) on ? path.shape.addTo(map) : path.shape.remove();
      for (const mark of marks) on ? mark.addTo(map) : mark.remove();
    },
  };
}

/** Put the shown layers in the order of the scheme and set their widths; minor roads only where they can be told apart. */
function arrangeGround(map, layers) {
  const zoom = map.getZoom();
  const factor = widthAt(zoom);
  const paths = layers.filter((layer) => layer.shown).flatMap((layer) => layer.paths);
  paths.sort((a, b) => ORDER.indexOf(a.look) - ORDER.indexOf(b.look));
  for (const path of paths) {
    const hidden = path.look === "road_other" && zoom < MINOR_ROADS_FROM;
    if (hidden) {
      path.shape.remove();
      continue;
    }
    if (!map.hasLayer(path.shape)) path.shape.addTo(map);
    path.shape.setStyle({ weight: path.fixed ? path.wide : Math.max(0.5, path.wide * factor) });
    path.shape.bringToFront();
  }
}

/** Names on the map: the important ones first, none over another or over a mark of a site; moved a little to make room. */
function labelLayer(map, layers, marks) {
  const group = L.layerGroup();
  function place() {
    group.clearLayers();
    if (!map.hasLayer(group)) return;
    const wanted = layers.filter((layer) => layer.shown).flatMap((layer) => layer.labels);
    wanted.sort((a, b) => b.rank - a.rank);
    const view = map.getPixelBounds();
    const taken = marks().map((at) => ({ at, half: { x: 11, y: 11 }, text: null }));
    for (const label of wanted) {
      const point = map.project(label.at);
      if (!view.contains(point)) continue;
      const half = { x: label.text.length * (label.kind === "places" ? 4.4 : 3.6) + 8, y: 10 };
      const near = label.kind === "roads" ? 180 : 70;
      const beside = label.kind === "stations" || label.kind === "interchanges"; // else upon its point
      const middle = (at) => (beside ? at.add([half.x + 3, 0]) : at);
      const blocked = (at) => taken.some(
        (other) =>
          (Math.abs(other.at.x - at.x) < other.half.x + half.x && Math.abs(other.at.y - at.y) < other.half.y + half.y) ||
          (other.text === label.text && Math.hypot(other.at.x - at.x, other.at.y - at.y) < near),
      );
      const moves = label.kind === "places" ? [0, -20, 20, -32, 32] : [0];
      const fits = (at) => view.contains(at.add([half.x, 0])) && view.contains(at.subtract([half.x, 0])) && !blocked(at);
      const moved = moves.find((dy) => fits(middle(point.add([0, dy]))));
      if (moved === undefined) continue;
      const at = point.add([0, moved]);
      taken.push({ at: middle(at), half, text: label.text });
      const name = element("span", { text: label.text });
      const icon = L.divIcon({ className: "name " + label.kind, html: name, iconSize: [0, 0] });
      L.marker(map.unproject(at), { icon, pane: "names", interactive: false, keyboard: false }).addTo(group);
    }
  }
  return { group, place };
}
