// What stands round the map: title, profile, list, land, findings, sources.

function heading() {
  const head = document.getElementById("head");
  head.append(
    element(
      "div",
      { class: "titles" },
      element("p", { class: "kind", text: t("kind") }),
      element("h1", { class: "data", text: payload.title }),
    ),
    element(
      "div",
      { class: "marks" },
      payload.date ? element("span", { class: "date", text: t("date", { date: payload.date }) }) : null,
      element("span", { class: "audience " + payload.audience, text: t(payload.audience) }),
    ),
  );
  document.getElementById("foot").append(
    element("strong", { class: "disclaimer", text: t("disclaimer") }),
    element("span", { text: t("generated") }),
  );
}

/** Says over the map, and across it, that its content is made up. */
function watermark(container) {
  if (!payload.modelled) return;
  container.append(
    element("p", { class: "made-up", role: "note", text: payload.watermark }),
    element("div", { class: "watermark", "aria-hidden": "true" }, element("span", { text: t("word.modelled").toUpperCase() })),
  );
}

function profileSwitch(app) {
  const names = payload.profiles.map((profile, place) => element("option", { value: place, text: profile.label }));
  const choice = element("select", { id: "profile" }, ...names);
  choice.addEventListener("change", () => app.setProfile(Number(choice.value)));
  const node = element("div", { class: "profile" }, element("label", { for: "profile", text: t("profile") }), choice);
  return { node, refresh: () => (choice.value = app.place()) };
}

/** The classes of land as one bar and a list. */
function landTotals() {
  const entries = Object.entries(payload.land_totals);
  const whole = entries.reduce((sum, [, hectares]) => sum + hectares, 0);
  if (!entries.length || whole <= 0) return [];
  const bar = element("div", { class: "land", "aria-hidden": "true" });
  const list = element("dl", { class: "facts land-list" });
  for (const [key, hectares] of entries) {
    const piece = element("i", { class: payload.looks[key].pattern });
    piece.style.width = (hectares / whole) * 100 + "%";
    piece.style.setProperty("--fill", payload.looks[key].fill);
    bar.append(piece);
    const name = element("dt", {}, swatch(payload.looks[key], "area"), element("span", { text: payload.looks[key].label }));
    list.append(name, element("dd", { text: `${quantity(hectares, "ha")} (${percent(hectares / whole)})` }));
  }
  return [element("h2", { text: t("land_totals") }), bar, list];
}

function findingItems(found) {
  const item = (finding) =>
    element("li", { class: finding.severity }, element("span", { class: "tag", text: t(finding.severity) }), element("span", { class: "data", text: finding.text }));
  return element("ul", { class: "findings" }, ...found.map(item));
}

/** Findings that nobody may miss: they stand open. */
function pinnedFindings() {
  const pinned = payload.findings.filter((finding) => finding.pinned);
  return pinned.length ? [findingItems(pinned)] : [];
}

function findingList() {
  const order = { error: 0, warning: 1, note: 2 };
  const sorted = payload.findings.filter((finding) => !finding.pinned).sort((a, b) => order[a.severity] - order[b.severity]);
  const [pressing, notes] = [sorted.filter((finding) => finding.severity !== "note"), sorted.filter((finding) => finding.severity === "note")];
  const content = [];
  if (pressing.length) content.push(findingItems(pressing));
  if (notes.length) content.push(fold(`${t("notes")} (${number(notes.length)})`, false, findingItems(notes)));
  if (!sorted.length) content.push(element("p", { class: "quiet", text: t("no_findings") }));
  return fold(`${t("findings")} (${number(sorted.length)})`, false, ...content);
}

function sourceList() {
  if (!payload.sources.length) return null;
  const items = payload.sources.map((source) => element("li", { class: "data", text: source }));
  return fold(t("sources"), false, element("ul", { class: "plain" }, ...items));
}

/** Fill the panel: the profile with its weights, filters and search, and beneath them the list or the card of one site. */
function panel(app) {
  const place = document.getElementById("panel");
  const scored = payload.profiles.length > 0;
  const table = scored && payload.sites.ids.length ? siteTable(app) : null;
  const count = element("span", { class: "quiet count", "aria-live": "polite" });
  const list = element("div", { class: "list" }, element("div", { class: "row" }, element("h2", { text: t("shortlist") }), count));
  const single = element("div", { class: "single", hidden: true });
  const choice = scored ? profileSwitch(app) : null;
  const weights = table ? weightFold(app) : null;
  const filters = table ? filterFold(app) : null;
  place.append(app.address.node);
  if (choice) place.append(choice.node);
  if (table) place.append(searchBox(app), element("div", { class: "controls" }, weights.node, filters.node), filters.status);
  place.append(list, single);
  if (!payload.sites.ids.length) list.append(element("p", { class: "quiet", text: t("no_sites") }));
  else if (table) list.append(table.node, csvButton(app, table));
  if (payload.tested) list.append(element("p", { class: "quiet tested", text: `${t("tested")}: ${payload.tested}` }));
  const rest = element("div", { class: "rest" }, ...landTotals(), ...pinnedFindings(), findingList());
  const sources = sourceList();
  if (sources) rest.append(sources);
  list.append(rest);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && single.contains(event.target)) app.closeCard();
  });
  skipping(place);
  /** Draw the card anew, with what was unfolded and focused in it as it was. */
  function follow() {
    const unfolded = new Set([...single.querySelectorAll("details[open]")].map((box) => box.querySelector("summary").textContent));
    const held = single.contains(document.activeElement) ? document.activeElement.className : null;
    single.replaceChildren(card(app, app.selected));
    for (const box of single.querySelectorAll("details")) box.open = unfolded.has(box.querySelector("summary").textContent);
    if (held !== null) focus(held);
  }
  function focus(part) {
    const target = single.querySelector(["back", "previous", "next"].includes(part) ? `.${part}:enabled` : "h2") || single.querySelector("h2");
    target.focus({ preventScroll: true });
  }
  return {
    refresh() {
      if (choice) choice.refresh();
      if (weights) weights.refresh();
      if (filters) filters.refresh();
      if (table) table.fill();
      if (scored) count.textContent = t("count", { ranked: number(app.rankedCount()), total: number(payload.sites.ids.length) });
      if (!single.hidden && app.selected !== null) follow();
    },
    open(position) {
      single.replaceChildren(card(app, position));
      single.hidden = false;
      list.hidden = true;
      place.scrollTop = 0;
    },
    close(position, focused) {
      if (single.hidden) return;
      single.hidden = true;
      list.hidden = false;
      if (!table) return;
      table.find(position);
      table.mark();
      if (focused) table.focus(position);
    },
    focus,
    isOpen: () => !single.hidden,
  };
}

/** The link past the map sets the focus by itself: the address after the # is for what is shown. */
function skipping(place) {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    place.focus();
  });
}

function csvButton(app, table) {
  const copied = copyRoom();
  const button = element("button", { type: "button", class: "plain-button copy-list", text: t("csv_copy") });
  button.addEventListener("click", () => copied.put(listAsCsv(app, table.order())));
  return element("div", { class: "copy-row" }, button, copied.node);
}
