// Full screen, and the presentation: large type, the map alone, one site after another by the arrow keys.

const FORWARD = ["ArrowRight", "ArrowDown", "PageDown"]; // presenters' remotes send the page keys
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

function fullscreen(on) {
  const change = on ? document.documentElement.requestFullscreen : document.exitFullscreen;
  if (!change || on === Boolean(document.fullscreenElement)) return;
  // A browser may refuse, as in a frame; the map is then shown as large as its window.
  Promise.resolve(change.call(on ? document.documentElement : document)).catch(() => {});
}

/** What is told of the site that is shown. */
function caption(app) {
  const words = element("div", { class: "words", "aria-live": "polite" });
  function refresh() {
    const position = app.selected;
    if (position === null || position === undefined) {
      words.replaceChildren(element("p", { class: "headline", text: payload.title }), element("p", { text: t("present_help") }));
      return;
    }
    const profile = app.profile();
    const facts = [];
    if (profile.ranked[position]) facts.push(placeOf(app, profile, position));
    else facts.push(t("not_ranked"));
    if (profile.total[position] !== null && profile.total[position] !== undefined) facts.push(t("score", { total: points(profile.total[position]) }));
    if (payload.sites.area_ha) facts.push(quantity(payload.sites.area_ha[position], "ha"));
    const name = element("p", { class: "headline" }, classChip(profile.class[position]), element("span", { class: "data", text: payload.sites.ids[position] }));
    words.replaceChildren(name, element("p", { text: [profile.label, ...facts].join(" · ") }));
  }
  return { words, refresh };
}

/** The buttons for full screen and presentation. */
function presenting(app) {
  const shown = caption(app);
  let on = false;
  function go(step) {
    const order = app.ranking();
    const here = order.indexOf(app.selected);
    const next = here < 0 ? (step > 0 ? 0 : -1) : here + step;
    if (next < 0 || next >= order.length) return;
    app.select(order[next], { zoom: true });
    shown.refresh();
  }
  const stop = action(t("present_stop"), () => present(false), { class: "stop" });
  const bar = element(
    "section",
    { class: "presented", "aria-label": t("present"), hidden: true },
    action("‹", () => go(-1), { class: "earlier", "aria-label": t("previous") }),
    shown.words,
    action("›", () => go(1), { class: "later", "aria-label": t("next") }),
    stop,
  );
  document.getElementById("map-room").append(bar);
  const start = action(t("present"), () => present(true), { class: "present" });
  function present(wanted) {
    if (on === wanted) return;
    on = wanted;
    app.tools.box.close();
    bar.hidden = !on;
    document.body.classList.toggle("presenting", on);
    fullscreen(on);
    app.map.invalidateSize({ animate: false });
    if (on && app.selected !== null) app.select(app.selected, { zoom: true });
    shown.refresh();
    (on ? stop : start).focus();
  }
  // Before Leaflet, which moves the map by the same keys.
  addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = FORWARD.includes(event.key) ? 1 : BACK.includes(event.key) ? -1 : 0;
    if (step) go(step);
    else if (event.key === "Escape") present(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  // The browser takes Escape for itself in full screen: leaving that leaves the presentation.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) present(false);
    app.map.invalidateSize({ animate: false });
  });
  const whole = action(t("fullscreen"), () => fullscreen(!document.fullscreenElement), { class: "fullscreen" });
  return document.fullscreenEnabled ? [whole, start] : [start];
}
