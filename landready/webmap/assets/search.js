// Search: a site by its name, a parcel by its beteckning, or a plan.

const MOST_HITS = 12;

/** Text as it is compared: small letters, single spaces, and no marks that a keyboard may lack. */
function searchable(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Everything that can be searched for: `words`, what kind it is, and the site that it leads to. */
function searchEntries() {
  const entries = payload.sites.ids.map((id, position) => ({ words: id, kind: "site", position }));
  const column = payload.sites.members ? payload.sites.member_columns.indexOf("parcel_id") : -1;
  if (column >= 0) {
    payload.sites.members.forEach((rows, position) => {
      for (const row of rows) entries.push({ words: row[column], kind: "parcel", position });
    });
  }
  (payload.sites.plans || []).forEach((rows, position) => {
    for (const row of rows) entries.push({ words: [row.id, row.name].filter(Boolean).join(" "), kind: "plan", position });
  });
  return entries.map((entry) => ({ ...entry, key: searchable(entry.words) }));
}

/** A field with the hits beneath it, by arrow keys and Enter, or by the mouse. */
function searchBox(app) {
  let entries = null;
  let hits = [];
  let at = -1;
  const input = element("input", {
    type: "search", id: "search", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "hits", placeholder: t("search_hint"), maxlength: 200,
  });
  const list = element("ul", { id: "hits", role: "listbox", "aria-label": t("search_hits"), hidden: true });
  const said = element("p", { class: "unseen", role: "status" });
  function find(text) {
    entries = entries || searchEntries();
    const wanted = searchable(text);
    if (!wanted) return [];
    const rank = (key) => (key === wanted ? 0 : key.startsWith(wanted) ? 1 : key.includes(" " + wanted) ? 2 : 3);
    return entries
      .filter(({ key }) => key.includes(wanted))
      .sort((a, b) => rank(a.key) - rank(b.key) || collator.compare(a.words, b.words) || a.position - b.position);
  }
  function go(hit) {
    close();
    input.value = hit.words;
    app.select(hit.position, { zoom: true, focus: "h2" });
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  }
  function mark(next) {
    at = next;
    [...list.children].forEach((node, place) => node.setAttribute("aria-selected", String(place === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", "hit-" + at);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  function show() {
    const every = find(input.value);
    hits = every.slice(0, MOST_HITS);
    const rows = hits.map((hit, place) => {
      const leads = hit.kind === "site" ? t("search_site") : t("search_" + hit.kind, { site: payload.sites.ids[hit.position] });
      const row = element("li", { id: "hit-" + place, role: "option", "aria-selected": "false" }, element("span", { class: "data", text: hit.words }), element("span", { class: "quiet data", text: leads }));
      row.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus until the click
      row.addEventListener("click", () => go(hit));
      return row;
    });
    const asked = searchable(input.value) !== "";
    const words = every.length > MOST_HITS ? t("search_more", { count: number(every.length - MOST_HITS) }) : every.length ? "" : t("search_none");
    if (words && asked) rows.push(element("li", { class: "quiet", role: "presentation", text: words }));
    list.replaceChildren(...rows);
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(asked));
    said.textContent = asked ? t("search_count", { count: number(every.length) }) : "";
  }
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden && hits.length > 0;
    if (event.key === "ArrowDown" && open) mark((at + 1) % hits.length);
    else if (event.key === "ArrowUp" && open) mark(at <= 0 ? hits.length - 1 : at - 1);
    else if (event.key === "Enter" && open) go(hits[Math.max(at, 0)]);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("blur", close);
  input.addEventListener("focus", () => input.value && show());
  return element("div", { class: "search", role: "search" }, element("label", { class: "unseen", for: "search", text: t("search") }), input, list, said);
}
