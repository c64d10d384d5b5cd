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
  layerLists(app);
  app.address.read();
  app.show();
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
  ["ground", "tiles", "relief", "land", "layers", "sites", "points", "names", "leaders", "letters"].forEach((name, place) => {
    map.createPane(name).style.zIndex = 300 + place * 16;
  });
  for (const name of ["ground", "tiles", "relief", "land", "layers", "sites", "points", "names", "leaders"]) map.getPane(name).style.pointerEvents = "none";
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
  const app = { map, selected: null, layers: {} };
  filtering(app);
  scoring(app);
  app.address = addressing(app);
  app.pin = L.tooltip({ permanent: true, direction: "top", className: "tip pin" });
  app.shapes = siteShapes(map, app);
  app.letters = letterLayer(map, app);
  makeLayers(map, app);
  app.refresh = () => {
    recolour(app);
    app.letters.place();
    app.names.place();
    app.legend.refresh();
    app.panel.refresh();
    app.address.write();
  };
  /** Show what the address asks for. */
  app.show = () => {
    if (app.wanted === null) deselect(app);
    else app.selected = app.wanted;
    app.refresh();
    if (app.wanted !== null) app.select(app.wanted, { zoom: true });
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
  pointing(map, app);
  map.on("click", (event) => {
    if (pointedAt(app, event.latlng)) return;
    deselect(app);
    recolour(app);
    app.panel.refresh();
    app.address.write();
  });
  return app;
}

function deselect(app) {
  app.panel.close(app.selected, false);
  app.selected = null;
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
      on ? app.letters.group.addTo(map) : app.letters.group.remove();
      recolour(app);
    },
  };
  landLayers(map, app);
  polygonLayers(map, app);
  backgroundLayers(map, app);
  app.ground.forEach((layer, place) => (app.layers["ground " + place] = layer));
  if (app.ground.some((layer) => layer.labels.length)) {
    const show = (on) => (on ? app.names.group.addTo(map) : app.names.group.remove());
    app.layers.names = { label: t("labels_layer"), looks: [], shown: true, show };
  }
  for (const layer of Object.values(app.layers)) if (layer.shown) layer.show(true);
  arrangeGround(map, app.ground);
  map.on("zoomend", () => {
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
    const [shown, style] = [app.layers.sites.shown && app.isShown(position), siteStyle(profile.class[position], position === app.selected)];
    if (shown !== path.shown) shown ? path.addTo(app.map) : path.remove();
    if (style !== path.style) path.setStyle(style);
  });
  const chosen = app.shapes[app.selected];
  app.pin.remove();
  app.siteSheet.on = app.selected;
  if (!chosen || !chosen.shown) return;
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
  app.address.write();
  if (focus) app.panel.focus(focus);
  // Where map and list stand above each other, come back to the map, with the card beginning beneath it.
  const room = document.getElementById("map-room");
  if (room.getBoundingClientRect().top < 0 || document.body.scrollHeight > innerHeight + 1) room.scrollIntoView({ block: "start" });
}
