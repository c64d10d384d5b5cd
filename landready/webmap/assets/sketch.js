// Points put on the map one by one: by mouse, by touch, or by keyboard at the cross in the middle of the map.

const A_CLICK = 5; // pixels that the mouse may move between down and up

/** What measuring and notes draw with; `begin` starts, `end` clears. */
function sketch(map) {
  const container = map.getContainer();
  map.createPane("sketch").style.zIndex = 640;
  map.getPane("sketch").style.pointerEvents = "none";
  const renderer = L.svg({ pane: "sketch" });
  const cross = element("div", { class: "cross", "aria-hidden": "true" });
  const style = { pane: "sketch", renderer, interactive: false, color: "#b3005e", weight: 3 };
  const drawing = L.layerGroup();
  let places = [];
  let current = null;
  let pressed = null;
  function redraw() {
    drawing.clearLayers();
    if (places.length > 1) {
      const shape = current.kind === "area" ? L.polygon(places, { ...style, fillOpacity: 0.15 }) : L.polyline(places, style);
      shape.addTo(drawing);
    }
    for (const place of places) L.circleMarker(place, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1, weight: 2 }).addTo(drawing);
  }
  function changed() {
    redraw();
    current.change(places);
  }
  function add({ lat, lng }) {
    places = current.kind === "point" ? [[lat, lng]] : [...places, [lat, lng]];
    changed();
  }
  const inControl = (event) => event.target.closest(".leaflet-control, .toolbox");
  const handlers = {
    mousedown(event) {
      pressed = [event.clientX, event.clientY];
    },
    click(event) {
      if (inControl(event)) return;
      event.stopImmediatePropagation(); // what lies there is not chosen meanwhile
      const moved = pressed ? Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) : 0;
      if (moved <= A_CLICK && event.detail < 2) add(map.mouseEventToLatLng(event));
    },
    dblclick(event) {
      if (inControl(event)) return;
      event.stopImmediatePropagation();
      if (current.done) current.done();
    },
    keydown(event) {
      if (event.target !== container) return;
      if (event.key === "Enter" || event.key === " ") api.addMiddle();
      else if (event.key === "Backspace") api.undo();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const api = {
    /** Start anew: `change` is told the places at each step, `done` of a double click. */
    begin({ kind, change, done }) {
      api.end();
      current = { kind, change, done };
      drawing.addTo(map);
      container.append(cross);
      container.classList.add("sketching");
      for (const [name, handle] of Object.entries(handlers)) container.addEventListener(name, handle, true);
      changed();
    },
    setKind(kind) {
      current.kind = kind;
      if (kind === "point") places = places.slice(-1);
      changed();
    },
    addMiddle: () => add(map.getCenter()),
    undo() {
      places = places.slice(0, -1);
      changed();
    },
    clear() {
      places = [];
      changed();
    },
    end() {
      for (const [name, handle] of Object.entries(handlers)) container.removeEventListener(name, handle, true);
      container.classList.remove("sketching");
      cross.remove();
      drawing.remove();
      places = [];
      current = null;
    },
  };
  return api;
}

/** Buttons that put and take points, so that no mouse is needed. */
function sketchButtons(sketching) {
  return element(
    "div",
    { class: "buttons" },
    action(t("sketch_add"), sketching.addMiddle, { class: "add" }),
    action(t("sketch_undo"), sketching.undo, { class: "undo" }),
    action(t("sketch_clear"), sketching.clear, { class: "clear" }),
  );
}

/** A choice of a few, as round buttons; `choose` is told the key. */
function choices(name, title, entries, chosen, choose) {
  const options = Object.entries(entries).map(([key, words]) => {
    const input = element("input", { type: "radio", name, value: key, checked: key === chosen });
    input.addEventListener("change", () => choose(key));
    return element("label", {}, input, element("span", { text: words }));
  });
  return element("fieldset", { class: "choices" }, element("legend", { text: title }), ...options);
}
