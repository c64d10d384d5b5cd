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
      element("span", { class: "date", text: t("date", { date: payload.date }) }),
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
  return element("div", { class: "profile" }, element("label", { for: "profile", text: t("profile") }), choice);
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

/** Fill the panel: the profile, and beneath it the list or the card of one site. */
function panel(app) {
  const place = document.getElementById("panel");
  const table = payload.profiles.length ? siteTable(app) : null;
  const count = element("span", { class: "quiet count", "aria-live": "polite" });
  const list = element("div", { class: "list" }, element("div", { class: "row" }, element("h2", { text: t("shortlist") }), count));
  const single = element("div", { class: "single", hidden: true });
  if (payload.profiles.length) place.append(profileSwitch(app));
  place.append(list, single);
  if (!payload.sites.ids.length) list.append(element("p", { class: "quiet", text: t("no_sites") }));
  else if (table) list.append(table.node);
  if (payload.tested) list.append(element("p", { class: "quiet tested", text: `${t("tested")}: ${payload.tested}` }));
  const rest = element("div", { class: "rest" }, ...landTotals(), ...pinnedFindings(), findingList());
  const sources = sourceList();
  if (sources) rest.append(sources);
  list.append(rest);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !single.hidden) app.closeCard();
  });
  return {
    refresh() {
      if (table) table.fill();
      if (payload.profiles.length) count.textContent = t("count", { ranked: number(app.rankedCount()), total: number(payload.sites.ids.length) });
    },
    open(position) {
      single.replaceChildren(card(app, position));
      single.hidden = false;
      list.hidden = true;
      place.scrollTop = 0;
    },
    close(position, focus) {
      if (single.hidden) return;
      single.hidden = true;
      list.hidden = false;
      if (table) table.mark();
      if (table && focus) table.focus(position);
    },
    focus(part) {
      const target = single.querySelector(part === "h2" ? "h2" : `.${part}:enabled`) || single.querySelector("h2");
      target.focus({ preventScroll: true });
    },
    isOpen: () => !single.hidden,
  };
}
