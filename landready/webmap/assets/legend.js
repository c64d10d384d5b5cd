// Legend and layer control: the legend holds what is shown and nothing else.

/** A small drawing of a look, as it stands on the map. */
function swatch(look, kind) {
  const box = drawn("svg", { class: "swatch", width: 26, height: 16, viewBox: "0 0 26 16", "aria-hidden": "true" });
  if (kind === "point") {
    box.append(drawn("circle", { cx: 13, cy: 8, r: 5, fill: look.fill, stroke: look.stroke, "stroke-width": look.width }));
  } else if (kind === "line") {
    const line = { x1: 1, x2: 25, y1: 8, y2: 8 };
    if (look.casing) box.append(drawn("line", { ...line, stroke: look.casing, "stroke-width": look.width + 2 }));
    box.append(drawn("line", { ...line, stroke: look.stroke, "stroke-width": look.width, "stroke-dasharray": look.dash.join(" ") }));
  } else {
    const fill = look.pattern === "solid" ? look.fill : fillOf(look.key);
    box.append(
      drawn("rect", { x: 1, y: 1, width: 24, height: 14, rx: 2, fill, "fill-opacity": look.opacity, stroke: look.stroke, "stroke-width": 1.2, "stroke-dasharray": look.dash.join(" ") }),
    );
    if (look.letter) box.append(letterIn(look));
  }
  return box;
}

function letterIn(look) {
  const letter = drawn("text", { x: 13, y: 12, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: look.ink });
  letter.textContent = look.letter;
  return letter;
}

const POINT_LOOKS = ["stations", "interchanges", "places", "point"];

function kindOf(key) {
  if (POINT_LOOKS.includes(key)) return "point";
  return payload.looks[key].fill ? "area" : "line";
}

function folding(title, position, open, content) {
  const Control = L.Control.extend({
    options: { position },
    onAdd() {
      const box = element("details", { class: "control leaflet-bar", open }, element("summary", { text: title }), content);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    },
  });
  return new Control();
}

/** The legend; `refresh` makes it follow what is shown. */
function legend(map, app, wide) {
  const list = element("ul", { class: "legend", tabindex: "0", "aria-label": t("legend") }); // scrolls by keyboard too
  folding(t("legend"), "bottomleft", wide, list).addTo(map);
  const row = (key, name) => element("li", { "data-look": key }, swatch(payload.looks[key], kindOf(key)), element("span", { class: "data", text: name }));
  const topRow = () => element("li", { "data-look": "top" }, element("span", { class: "chip top", "aria-hidden": "true", text: "1" }), element("span", { text: t("top_ranks") }));
  const GENERAL = ["area", "line", "point"]; // looks of layers with no look of their own: these go by the layer's name
  const mainRoads = (layer) => layer.looks.some((key) => key === "road_main" || key === "road_motorway");
  /** Roads are other roads only where the layer tells main roads from them. */
  function nameOf(key, layer) {
    if (GENERAL.includes(key)) return layer.label;
    return key === "road_other" && !mainRoads(layer) ? t("road") : payload.looks[key].label;
  }
  /** What changes the meaning of the colours is told beside them, on paper too. */
  function changes() {
    const told = [];
    if (payload.profiles.length && app.isMoved()) told.push(t("weights_moved"));
    if (app.isFiltered()) told.push(t("filter_shown", { shown: number(app.shownCount()), total: number(payload.sites.ids.length) }));
    return told.map((text) => element("li", { class: "said", text }));
  }
  function refresh() {
    const rows = changes();
    const beside = app.classesBeside || []; // of a result that is compared
    if ((app.layers.sites.shown || beside.length) && payload.profiles.length) {
      const shown = app.profile().class.filter((_, position) => app.layers.sites.shown && app.isShown(position));
      const used = new Set([...shown, ...beside]);
      rows.push(...ORDER.filter((key) => used.has(key)).map((key) => row(key, payload.looks[key].label)));
      if (app.layers.sites.shown && app.ranking().some((position) => isTop(app.profile(), position))) rows.push(topRow());
    }
    for (const layer of Object.values(app.layers)) {
      if (layer === app.layers.sites || !layer.shown) continue;
      const drawnNow = (key) => key !== "places" && (key !== "road_other" || map.getZoom() >= MINOR_ROADS_FROM);
      const keys = ORDER.filter((key) => layer.looks.includes(key) && drawnNow(key));
      rows.push(...keys.map((key) => row(key, nameOf(key, layer))));
    }
    const seen = new Set();
    list.replaceChildren(...rows.filter((item) => !seen.has(item.textContent) && seen.add(item.textContent)));
  }
  return { refresh };
}

/** A tick box for each layer. */
function layerControl(map, app) {
  const list = element("ul", { class: "layers" });
  for (const layer of Object.values(app.layers)) {
    const box = element("input", { type: "checkbox", checked: layer.shown });
    box.addEventListener("change", () => app.showLayer(layer, box.checked));
    const words = element("label", {}, box, element("span", { class: "data", text: layer.label }));
    if (layer.modelled) words.append(element("span", { class: "tag", text: t("word.modelled") }));
    list.append(element("li", {}, words));
  }
  folding(t("layers"), "topright", false, list).addTo(map);
}
