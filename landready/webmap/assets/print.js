// On paper: first a sheet that the map fills, then the list or the card of a site.

const PAPERS = { a4: "A4", a3: "A3" };
const A_HAIR = 4; // pixels, or rounding would push the foot to the next page
const PIXEL_M = 0.0254 / 96; // a CSS pixel on paper
const SHEET_M = { a4: 0.19, a3: 0.277 }; // height between the margins
const SHORT_SOURCES = 2400; // characters that leave the map most of its sheet

/** North, which is up everywhere on this map. */
function northArrow() {
  const arrow = drawn("svg", { viewBox: "0 0 24 40", width: 30, height: 50 });
  arrow.append(drawn("path", { d: "M12 2 L21 38 L12 31 L3 38 Z", fill: "#1b2230", stroke: "#fff", "stroke-width": 1 }));
  return element("div", { class: "north", role: "img", "aria-label": t("north") }, element("span", { "aria-hidden": "true", text: t("north_letter") }), arrow);
}

/** What stands beneath the map on paper. */
function sheetFoot() {
  return element(
    "div",
    { class: "sheet-foot" },
    element("p", { class: "scale" }),
    element("p", { class: "decision", text: t("print_disclaimer") }),
    element("p", { class: "sources" }, element("strong", { text: t("sources") + ": " }), element("span", { class: "data" })),
  );
}

/** Tell how much smaller the map is than the ground, to two figures. */
function scaleText(map) {
  const middle = map.getSize().divideBy(2);
  const [from, to] = [[-50, 0], [50, 0]].map((step) => map.containerPointToLatLng(middle.add(step)));
  const scale = distanceM([from.lat, from.lng], [to.lat, to.lng]) / (100 * PIXEL_M);
  const figure = 10 ** Math.floor(Math.log10(scale) - 1);
  return t("print_scale", { scale: number(Math.round(scale / figure) * figure) });
}

/**
 * Put a copy in the place of each canvas: what a browser has erased in a canvas while it makes ready to print, it prints
 * white. Gives back what takes the copies away.
 */
function copiedCanvases(map) {
  map.eachLayer((layer) => {
    if (layer instanceof L.Canvas) layer._redraw(); // at once, not at the next frame
  });
  const copies = [...map.getContainer().querySelectorAll("canvas")].map((canvas) => {
    const copy = canvas.cloneNode(false);
    if (canvas.width && canvas.height) copy.getContext("2d").drawImage(canvas, 0, 0);
    canvas.replaceWith(copy);
    return [canvas, copy];
  });
  return () => copies.forEach(([canvas, copy]) => copy.replaceWith(canvas));
}

/** The tool that prints; the browser's own print command gives the same sheet. */
function printing(app) {
  const room = document.getElementById("map-room");
  const foot = sheetFoot();
  let paper = "a4";
  let withList = true;
  let before = null;
  room.append(northArrow());
  room.after(foot);
  function lay() {
    if (before) return;
    const { map } = app;
    app.tools.box.close();
    const folds = [...document.querySelectorAll("#panel .rest > .fold:not([open]), .card .fold:not([open]), .control:has(.legend):not([open])")];
    before = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), retina: L.Browser.retina, folds };
    L.Browser.retina = true; // paper is finer than most screens
    for (const box of folds) box.open = true;
    document.body.dataset.paper = paper;
    document.body.classList.toggle("map-only", !withList);
    document.body.classList.add("printing");
    const sources = payload.sources.join("; ");
    foot.querySelector(".sources .data").textContent = withList && sources.length > SHORT_SOURCES ? t("print_sources_follow") : sources;
    const around = document.getElementById("head").offsetHeight + foot.offsetHeight;
    room.style.height = SHEET_M[paper] / PIXEL_M - around - A_HAIR + "px";
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.centre, map.getBoundsZoom(before.bounds), { animate: false });
    before.restore = copiedCanvases(map);
    foot.querySelector(".scale").textContent = scaleText(map);
  }
  function unlay() {
    if (!before) return;
    const { centre, zoom, folds, retina, restore } = before;
    restore();
    L.Browser.retina = retina;
    before = null;
    document.body.classList.remove("printing", "map-only");
    delete document.body.dataset.paper;
    room.style.height = "";
    for (const box of folds) box.open = false;
    app.map.invalidateSize({ animate: false, pan: false });
    app.map.setView(centre, zoom, { animate: false });
  }
  addEventListener("beforeprint", lay);
  addEventListener("afterprint", unlay);
  // The browser's command comes here first, where the paper is chosen; its menu prints what was chosen last.
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const button = app.tools.row.querySelector(".print");
    if (app.tools.box.usedBy(button)) document.querySelector(".toolbox .main").click();
    else button.click();
  });
  function open() {
    const list = element("input", { type: "checkbox", checked: withList });
    list.addEventListener("change", () => (withList = list.checked));
    const size = choices("paper", t("print_paper"), PAPERS, paper, (key) => (paper = key));
    const start = action(t("print_start"), () => {
      lay();
      // Two frames: what is drawn frame by frame is then drawn for the sheet.
      requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
    }, { class: "main" });
    const nodes = [size, element("label", { class: "tick" }, list, element("span", { text: t("print_list") })), element("p", { class: "quiet", text: t("print_help") }), element("div", { class: "buttons" }, start)];
    return { title: t("print"), nodes };
  }
  return { id: "print", title: t("print"), open };
}
