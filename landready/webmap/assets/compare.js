// Another result in the same file: a switch on the map, and the list of who moved and why.

/** Shapes as GeoJSON, however they came. */
function plainShapes(shapes) {
  return shapes instanceof Shapes ? Array.from({ length: shapes.length }, (_, place) => shapes.json(place)) : shapes;
}

function comparing(app) {
  const other = payload.compare;
  if (!other) return null;
  const { map } = app;
  map.createPane("other").style.zIndex = 345;
  const renderer = L.svg({ pane: "other", padding: 0.3 });
  const drawing = L.layerGroup();
  const name = `${other.title} (${other.date})`;
  const letters = L.layerGroup().addTo(drawing);
  const banner = element("p", { class: "shown-other", role: "status", hidden: true }, element("span", { class: "data", text: t("compare_shown", { name }) }), action(t("compare_back"), () => show("here")));
  document.getElementById("map-room").append(banner);
  let shown = "here";
  let fill = () => {};
  // The two results stand as they were made: weights that were moved in this page have no part in it.
  const profiles = () => [payload.profiles, other.profiles].map((list) => list.find((one) => one.id === app.profile().id));
  const shapes = plainShapes(other.shapes).map((shape) => (shape ? L.geoJSON(shape, { pane: "other", renderer, style: { className: "other-site" } }) : null));
  shapes.forEach((shape, place) => {
    if (shape) shape.addTo(drawing).bindTooltip(() => tip(place), { sticky: true, className: "tip", direction: "top" });
  });
  function tip(place) {
    const [, there] = profiles();
    const facts = there ? element("div", { text: standing(there, place) }) : null;
    return element("div", {}, element("strong", { class: "data", text: other.ids[place] }), facts);
  }
  const standing = (profile, place) => (profile.ranked[place] ? `${t("rank")} ${placeText(profile, place)} · ${t("score", { total: points(profile.total[place]) })}` : t("not_ranked"));
  function otherStyle(key) {
    const { stroke, opacity, dash } = payload.looks[key];
    return { color: stroke, weight: 1.4, dashArray: dash.length ? dash.join(" ") : null, fillColor: fillOf(key), fillOpacity: opacity };
  }
  function recolourOther() {
    const [, there] = profiles();
    shapes.forEach((shape, place) => {
      if (shape) shape.setStyle(otherStyle(there ? there.class[place] : "unranked"));
    });
    placeLetters();
    app.classesBeside = shown === "there" && there ? there.class : [];
  }
  /** The letter of the class in each shape that has the room, so that no class is told by colour alone. */
  function placeLetters() {
    letters.clearLayers();
    const [, there] = profiles();
    if (!there || shown === "here") return;
    shapes.forEach((shape, place) => {
      const at = other.anchors[place];
      if (!shape || !at) return;
      const bounds = shape.getBounds();
      const size = map.project(bounds.getNorthEast()).subtract(map.project(bounds.getSouthWest()));
      if (Math.min(Math.abs(size.x), Math.abs(size.y)) < BIG_ENOUGH) return;
      const chip = classChip(there.class[place]);
      chip.classList.add("inside");
      L.marker(at, { icon: L.divIcon({ className: "letter", html: chip, iconSize: [0, 0] }), pane: "other", interactive: false, keyboard: false }).addTo(letters);
    });
  }
  map.on("zoomend", placeLetters);
  let sitesWereShown = true;
  function show(which) {
    const there = which === "there";
    const { sites } = app.layers;
    if (there && shown === "here") sitesWereShown = sites.shown;
    if (which !== shown) app.showLayer(sites, there ? false : sitesWereShown); // what is hidden answers no pointer
    shown = which;
    if (there) drawing.addTo(map);
    else drawing.remove();
    map.getContainer().classList.toggle("other-shown", there);
    banner.hidden = !there;
    const input = document.querySelector(`[name="compare-which"][value="${which}"]`);
    if (input) input.checked = true;
    recolourOther();
    app.legend.refresh();
  }
  /** Rows with what is known of both sides, the largest moves first. */
  function moves() {
    const [here, there] = profiles();
    if (!here || !there) return [];
    const found = other.rows.map(([now, before, kind], row) => {
      const rank = (profile, place) => (place !== null && profile.ranked[place] ? profile.rank[place] : null);
      const total = (profile, place) => (place === null ? null : profile.total[place]);
      const entry = { now, before, kind, cause: there.causes[row] };
      const sides = [[there, kind === "split" ? null : before], [here, kind === "joined" ? null : now]];
      entry.ranks = sides.map(([profile, place]) => rank(profile, place));
      entry.places = sides.map(([profile, place]) => placeText(profile, place));
      entry.totals = sides.map(([profile, place]) => total(profile, place));
      const [was, is] = entry.ranks;
      // Into or out of the ranking is more than any move within it.
      entry.moved = was === null && is === null ? -1 : was === null || is === null ? 1e6 - (is === null ? was : is) : Math.abs(was - is);
      return entry;
    });
    return found.sort((a, b) => b.moved - a.moved);
  }
  function why(entry) {
    const { kind, cause } = entry;
    if (kind === "split") return t("compare_split", { site: other.ids[entry.before] });
    if (kind === "joined") return t("compare_joined", { site: payload.sites.ids[entry.now] });
    if (kind !== "same") return t("compare_" + kind);
    if (!cause) return entry.moved > 0 ? t("compare_others_moved") : t("compare_unchanged");
    if (cause.was) return t("compare_requirement", { label: cause.label, was: t("word." + cause.was), is: t("word." + cause.is) });
    const sign = cause.change > 0 ? "+" : "−";
    const words = t("compare_contribution", { label: cause.label, change: sign + points(Math.abs(cause.change)) });
    return cause.became ? words + " " + t("compare_became_" + cause.became) : words;
  }
  function line(entry) {
    const isHere = entry.now !== null && entry.kind !== "joined";
    const words = isHere ? payload.sites.ids[entry.now] : other.ids[entry.before];
    const go = action(words, () => {
      show(isHere ? "here" : "there");
      if (isHere) app.select(entry.now, { zoom: true });
      else if (shapes[entry.before]) map.fitBounds(shapes[entry.before].getBounds(), { maxZoom: 15, animate: false });
    }, { class: "open data" });
    const change = ([was, is], write) => `${write(was)} → ${write(is)}`;
    return element(
      "tr",
      { class: "kind-" + entry.kind },
      element("th", { scope: "row" }, go),
      element("td", { class: "number", text: change(entry.places, String) }),
      element("td", { class: "number", text: change(entry.totals, points) }),
      element("td", { class: "cause data", text: why(entry) }),
    );
  }
  function open() {
    const columns = ["site", "rank", "total", "compare_why"].map((key) => element("th", { scope: "col", class: key === "rank" || key === "total" ? "number" : "", text: t(key) }));
    const body = element("tbody");
    const told = element("p", { class: "quiet", "aria-live": "polite" });
    const table = element("table", {}, element("caption", { class: "unseen", text: t("compare_list") }), element("thead", {}, element("tr", {}, ...columns)), body);
    fill = () => {
      const rows = moves();
      body.replaceChildren(...rows.map(line));
      told.textContent = rows.length ? t("compare_count", { moved: number(rows.filter((entry) => entry.moved > 0).length), total: number(rows.length) }) : t("compare_no_profile");
    };
    fill();
    const which = choices("compare-which", t("compare_which"), { here: t("compare_here", { name: `${payload.title} (${payload.date})` }), there: t("compare_there", { name }) }, shown, show);
    const scrolled = element("div", { class: "comparison", tabindex: "0", role: "region", "aria-label": t("compare_list") }, table);
    return { title: t("compare"), nodes: [which, told, scrolled, element("p", { class: "quiet help", text: t("compare_help") })], wide: true, closed: () => (fill = () => {}) };
  }
  const refresh = app.refresh;
  app.refresh = () => {
    recolourOther();
    refresh();
    fill();
  };
  return { id: "compare", title: t("compare"), open };
}
