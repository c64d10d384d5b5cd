// What lies beneath everything: the hillshade that is in the file, and a background map that the page fetches where
// somebody has asked for one.

/** A layer of one Leaflet layer that can be switched; it has nothing in the legend. */
function backgroundLayer(map, drawn, label, modelled) {
  return { label, modelled, looks: [], shown: true, show: (on) => (on ? drawn.addTo(map) : drawn.remove()) };
}

function backgroundLayers(map, app) {
  const { relief, tiles } = payload;
  if (tiles) {
    // Over the ground, not under it: where no tile comes, the ground is seen.
    const drawn = L.tileLayer(tiles.address, { pane: "tiles", maxNativeZoom: tiles.max_zoom, maxZoom: 19 });
    app.layers.tiles = backgroundLayer(map, drawn, tiles.label, false);
    document.getElementById("foot").append(element("span", { class: "fetched data", text: tiles.note }));
  }
  if (relief) {
    const drawn = L.imageOverlay(relief.image, relief.bounds, { pane: "relief" });
    app.layers.relief = backgroundLayer(map, drawn, relief.label, relief.modelled);
  }
}
