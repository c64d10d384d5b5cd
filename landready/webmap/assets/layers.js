// Layers of polygons beside the sites: the classes of land, parcels with why they are out, plans, constraints, or any
// frame's polygons. What is clicked tells its name, its values and what touches it.

/** The four classes of land, each a layer of its own. */
function landLayers(map, app) {
  const drawing = new Drawing("land").addTo(map);
  for (const { look, shape } of payload.land) {
    const sheet = { shapes: shape, shown: false, style: oneStyle(look) };
    drawing.sheets.push(sheet);
    app.layers["land " + look] = {
      label: t("land_" + look),
      looks: [look],
      shown: look === "unmapped",
      show(on) {
        sheet.shown = on;
        drawing.redraw();
      },
    };
  }
}

function oneStyle(key) {
  const { opacity, stroke, width, dash } = payload.looks[key];
  const style = { look: key, opacity, stroke, weight: width, dash };
  return () => style;
}

/** The layers of the payload; each shape has the look of its layer, or its own. */
function polygonLayers(map, app) {
  app.drawing = new Drawing("layers").addTo(map);
  for (const layer of payload.layers) {
    const styles = new Map(layer.looks.map((key) => [key, oneStyle(key)()]));
    const own = layer.look_of ? (position) => styles.get(layer.look_of[position]) : () => styles.get(layer.looks[0]);
    const sheet = { shapes: layer.shapes, shown: false, style: own, layer, on: null };
    app.drawing.sheets.push(sheet);
    app.layers["polygons " + layer.id] = {
      label: layer.label,
      looks: layer.looks,
      modelled: layer.modelled,
      shown: layer.shown,
      show(on) {
        sheet.shown = on;
        app.drawing.redraw();
      },
    };
  }
}

/** What is at a place: a site, else the topmost shape of a layer that is shown, else a parcel, shown or not. */
function findAt(app, latlng) {
  const site = app.layers.sites.shown && app.siteDrawing.at(latlng);
  if (site) return { site: site.position };
  return app.drawing.at(latlng) || parcelAt(app, latlng);
}

function parcelAt(app, latlng) {
  const sheet = app.drawing.sheets.find((entry) => entry.layer.answers);
  if (!sheet) return undefined;
  const { x, y } = app.map.project(latlng, 0);
  const position = shapeAt(sheet, x, y, 0);
  return position === undefined ? undefined : { sheet, position };
}

/** Show what a click hits; tell whether it is a site. */
function pointedAt(app, latlng) {
  const found = findAt(app, latlng);
  if (!found) return false;
  if (found.site !== undefined) {
    app.map.closePopup();
    app.select(found.site, { zoom: false });
    return true;
  }
  answer(app, latlng, found);
  return false;
}

/** Tell of a shape at a place, with its outline marked as long as that stands. */
function answer(app, latlng, found) {
  const notice = document.querySelector(".made-up");
  const clear = Math.max(60, notice ? notice.offsetTop + notice.offsetHeight + 8 : 0); // of what stands over the map
  const options = { minWidth: Math.min(320, app.map.getSize().x - 90), maxWidth: 360, className: "answer", autoPanPaddingTopLeft: [60, clear] };
  const popup = L.popup(options).setLatLng(latlng).setContent(told(app, found)).openOn(app.map);
  app.drawing.mark(found);
  popup.on("remove", () => app.drawing.mark(null));
}

/** A tip beneath the pointer, and the hand. */
function pointing(map, app) {
  const tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -6] });
  let over = null;
  const leave = () => {
    over = null;
    tip.remove();
    map.getContainer().classList.remove("pointing");
  };
  map.on("mousemove", (event) => {
    const marked = event.originalEvent.target.closest(".letter, .leaflet-control");
    const found = marked ? undefined : app.layers.sites.shown && app.siteDrawing.at(event.latlng);
    const other = marked || found ? undefined : app.drawing.at(event.latlng);
    map.getContainer().classList.toggle("pointing", Boolean(found || other));
    if (!found) return over === null ? undefined : leave();
    if (over !== found.position) tip.setContent(siteTip(app, found.position));
    over = found.position;
    tip.setLatLng(event.latlng).addTo(map);
    return undefined;
  });
  map.on("mouseout movestart", leave);
}

function plainValue(value) {
  return typeof value === "number" ? value.toLocaleString(locale, { maximumFractionDigits: 3, useGrouping: Math.abs(value) >= 1e4 }) : value;
}

const LONG = 300; // characters; longer texts scroll

/** Name and values of a shape, and what touches it. */
function told(app, { sheet, position }) {
  const { layer } = sheet;
  const box = element("article", { class: "of-shape" });
  box.append(element("h2", { class: "data", text: layer.names ? layer.names[position] : layer.label }));
  if (layer.names) box.append(element("p", { class: "quiet data", text: layer.label }));
  const list = element("dl", { class: "facts" });
  for (const column of layer.columns) {
    const value = column.values[position];
    const words = column.unit || value === null ? quantity(value, column.unit) : plainValue(value);
    const kind = "data" + (words.length > LONG ? " long" : "");
    list.append(element("dt", { class: "data", text: column.label }), element("dd", { class: kind, text: words }));
  }
  box.append(list);
  if (layer.site_of && layer.site_of[position] !== null) box.append(element("p", { text: t("why_in_site", { site: layer.site_of[position] }) }));
  else if (layer.why) box.append(element("p", { class: "why", text: t("why_" + layer.why[position]) }));
  const rows = touching(layer, position);
  if (rows.length) box.append(element("h3", { text: t("why_rules") }), element("ul", { class: "restrictions" }, ...rows));
  return box;
}

/** The rules that touch a shape, largest first. */
function touching(layer, position) {
  if (!layer.rules) return [];
  if (!layer.rules_before) layer.rules_before = running(layer.rule_count);
  const found = [];
  for (let place = layer.rules_before[position]; place < layer.rules_before[position + 1]; place += 1) {
    const rule = layer.rules[layer.rule[place]];
    const kind = layer.rule_unmapped[place] ? "unmapped" : rule.kind;
    const item = element(
      "li",
      {},
      element("span", { class: "label data", text: rule.label }),
      element("span", { class: "value", text: quantity(layer.rule_share[place], "share") }),
      element("span", { class: "quiet data", text: [t("word." + kind), rule.law].filter(Boolean).join(" · ") }),
    );
    found.push(item);
  }
  return found;
}

const PAGE = 100; // rows of a list at a time

/** Lists of the layers that are to be read as text too: a button for each shape, a page at a time. */
function layerLists(app) {
  for (const sheet of app.drawing.sheets) if (sheet.layer.listed) document.querySelector("#panel .list").prepend(layerList(app, sheet));
}

function layerList(app, sheet) {
  const { names } = sheet.layer;
  let from = 0;
  const list = element("ul", { class: "plain" });
  const place = element("span", { class: "quiet", "aria-live": "polite" });
  const turn = (words, step) => {
    const button = element("button", { type: "button", text: words });
    button.addEventListener("click", () => fill(from + step));
    return button;
  };
  const [back, forth] = [turn("▲ " + t("previous"), -PAGE), turn(t("next") + " ▼", PAGE)];
  function fill(start) {
    from = start;
    const to = Math.min(names.length, from + PAGE);
    place.textContent = t("layer_list", { from: number(names.length ? from + 1 : 0), to: number(to), total: number(names.length) });
    [back.disabled, forth.disabled] = [from === 0, to === names.length];
    const row = (name, offset) => {
      const open = element("button", { type: "button", class: "open data", text: name });
      open.addEventListener("click", () => openShape(app, sheet, from + offset));
      return element("li", {}, open);
    };
    list.replaceChildren(...names.slice(from, to).map(row));
  }
  fill(0);
  const box = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": sheet.layer.label }, list);
  return element("section", { class: "card" }, element("nav", {}, back, forth, place), box);
}

/** Go to a shape and tell of it. */
function openShape(app, sheet, position) {
  if (!sheet.shapes.has(position)) return;
  const bounds = boundsOf(app.map, sheet.shapes, position);
  fit(app.map, bounds, 80, 16);
  answer(app, bounds.getCenter(), { sheet, position });
}
