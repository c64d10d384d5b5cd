// Puts the page together. `start` is what folium's map calls; it gives back the Leaflet map.

const LEGEND_ROOM = 225; // pixels that the open legend takes of the map's width
const THIN_LINES_BELOW = 11.5; // zoom; further out the outlines of sites would hide their colours

function start(id) {
  const delivered = rememberPage();
  const container = document.getElementById(id);
  heading();
  patterns();
  const map = makeMap(container);
  const app = makeApp(map);
  app.delivered = delivered;
  watermark(document.getElementById("map-room"));
  layerControl(map, app);
  app.legend = legend(map, app, isWide(map));
  app.panel = panel(app);
  app.refresh();
  tools(app);
  return map;
}

/** Whether the legend has room to stand open. */
function isWide(map) {
  return map.getContainer().clientWidth >= 620;
}

/** Show `bounds` whole, beside the legend where it stands open, not beneath it. */
function fit(map, bounds, margin, maxZoom) {
  const left = isWide(map) ? Math.max(margin, LEGEND_ROOM) : margin;
  map.fitBounds(bounds, { paddingTopLeft: [left, margin], paddingBottomRight: [margin, margin], maxZoom, animate: false });
}

function makeMap(container) {
  const map = L.map(container, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.1,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 120,
    maxZoom: 19,
    preferCanvas: true,
  });
  ["ground", "land", "sites", "points", "names", "leaders", "letters"].forEach((name, place) => {
    map.createPane(name).style.zIndex = 300 + place * 20;
  });
  for (const name of ["ground", "land", "points", "names", "leaders"]) map.getPane(name).style.pointerEvents = "none";
  L.control.zoom({ position: "topleft", zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false, maxWidth: 160 }).addTo(map);
  if (payload.view) {
    const reach = L.latLngBounds(payload.view.reach);
    fit(map, payload.view.opens, 24, 16);
    map.setMaxBounds(reach.pad(0.6));
    map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(reach)) - 1);
    wholeButton(map);
  } else map.setView([62, 15], 5);
  return map;
}

function wholeButton(map) {
  const Control = L.Control.extend({
    options: { position: "topleft" },
    onAdd() {
      const button = element("button", { type: "button", class: "whole", text: "⤢", title: t("whole"), "aria-label": t("whole") });
      button.addEventListener("click", () => map.fitBounds(payload.view.reach));
      L.DomEvent.disableClickPropagation(button);
      return element("div", { class: "leaflet-bar" }, button);
    },
  });
  new Control().addTo(map);
}

/** Everything that changes: which profile, which site, which layers; and what must follow. */
function makeApp(map) {
  let chosen = 0;
  const app = { map, selected: null, layers: {} };
  app.pin = L.tooltip({ permanent: true, direction: "top", className: "tip pin" });
  const blank = { ranked: [], class: payload.sites.ids.map(() => "unranked"), rank: [], total: [] };
  app.profile = () => payload.profiles[chosen] || blank;
  app.rankedCount = () => app.profile().ranked.filter(Boolean).length;
  app.ranking = () => {
    const { rank, total } = app.profile();
    const place = (list, i, none) => (list[i] === null || list[i] === undefined ? none : list[i]);
    return payload.sites.ids
      .map((_, i) => i)
      .sort((a, b) => place(rank, a, 1e9) - place(rank, b, 1e9) || place(total, b, -1) - place(total, a, -1) || a - b);
  };
  app.shapes = siteShapes(map, app);
  app.letters = letterLayer(map, app);
  makeLayers(map, app);
  app.setProfile = (place) => {
    chosen = place;
    app.refresh();
    if (app.panel.isOpen()) app.panel.open(app.selected);
  };
  app.refresh = () => {
    recolour(app);
    app.letters.place();
    app.names.place();
    app.legend.refresh();
    app.panel.refresh();
  };
  app.select = (position, options) => select(app, position, options);
  app.showLayer = (layer, on) => {
    layer.shown = on;
    layer.show(on);
    arrangeGround(map, app.ground);
    app.letters.place();
    app.names.place();
    app.legend.refresh();
  };
  app.closeCard = () => app.panel.close(app.selected, true);
  map.on("click", () => {
    app.panel.close(app.selected, false);
    app.selected = null;
    recolour(app);
    app.panel.refresh();
  });
  return app;
}

/** All layers that can be switched, in the order of the control. */
function makeLayers(map, app) {
  app.ground = payload.context.map((entry) => groundLayer(map, entry));
  app.names = labelLayer(map, app.ground, app.letters.marks);
  app.layers.sites = {
    label: t("sites_layer"),
    looks: [],
    shown: true,
    show(on) {
      for (const path of app.shapes) if (path) on ? path.addTo(map) : path.remove();
      on ? app.letters.group.addTo(map) : app.letters.group.remove();
      if (on) recolour(app);
    },
  };
  const renderer = L.svg({ pane: "land" });
  for (const part of payload.land) {
    const look = payload.looks[part.look];
    const style = { color: look.stroke, weight: look.width, fillColor: fillOf(part.look), fillOpacity: look.opacity };
    const shape = L.geoJSON(part.shape, { pane: "land", renderer, interactive: false, style });
    const show = (on) => (on ? shape.addTo(map) : shape.remove());
    app.layers["land " + part.look] = { label: t("land_" + part.look), looks: [part.look], shown: part.look === "unmapped", show };
  }
  app.ground.forEach((layer, place) => (app.layers["ground " + place] = layer));
  if (app.ground.some((layer) => layer.labels.length)) {
    const show = (on) => (on ? app.names.group.addTo(map) : app.names.group.remove());
    app.layers.names = { label: t("labels_layer"), looks: [], shown: true, show };
  }
  for (const layer of Object.values(app.layers)) if (layer.shown) layer.show(true);
  arrangeGround(map, app.ground);
  const far = () => map.getContainer().classList.toggle("far", map.getZoom() < THIN_LINES_BELOW);
  far();
  map.on("zoomend", () => {
    far();
    arrangeGround(map, app.ground);
    app.legend.refresh();
  });
  map.on("moveend", () => {
    app.letters.place();
    app.names.place();
  });
}

function recolour(app) {
  const profile = app.profile();
  app.shapes.forEach((path, position) => {
    if (!path) return;
    path.setStyle(siteStyle(profile.class[position], position === app.selected));
    const drawnPath = path.getElement();
    if (drawnPath) drawnPath.classList.toggle("chosen", position === app.selected);
  });
  const chosen = app.shapes[app.selected];
  app.pin.remove();
  if (!chosen || !app.map.hasLayer(chosen)) return;
  chosen.bringToFront();
  const bounds = chosen.getBounds();
  app.pin.setLatLng([bounds.getNorth(), bounds.getCenter().lng]);
  app.pin.setContent(siteTip(app, app.selected)).addTo(app.map);
}

/** Choose a site: mark it on the map, go there if asked, open its card; `focus` says what in the card gets the focus. */
function select(app, position, { zoom, focus }) {
  if (position === undefined) return;
  app.selected = position;
  recolour(app);
  const path = app.shapes[position];
  if (zoom && path) fit(app.map, path.getBounds(), 80, 15);
  app.panel.open(position);
  if (focus) app.panel.focus(focus);
  // Where map and list stand above each other, come back to the map, with the card beginning beneath it.
  const room = document.getElementById("map-room");
  if (room.getBoundingClientRect().top < 0 || document.body.scrollHeight > innerHeight + 1) room.scrollIntoView({ block: "start" });
}
