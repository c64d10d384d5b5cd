// The shortlist: the text alternative of the map, sortable, and linked to it both ways.

function tableColumns() {
  const columns = [
    { key: "rank", label: t("rank_short"), value: (p, i) => p.rank[i], show: (p, i) => rankText(p.rank[i]), up: true },
    { key: "site", label: t("site"), value: (p, i) => payload.sites.ids[i], up: true },
    { key: "total", label: t("total"), value: (p, i) => p.total[i], show: totalText, number: true },
  ];
  const area = payload.sites.area_ha;
  if (area) {
    columns.push({ key: "area", label: t("area_ha"), value: (p, i) => area[i], show: (p, i) => (area[i] === null ? "–" : number(area[i], 1)), number: true });
  }
  columns.push({ key: "coverage", label: t("coverage"), value: (p, i) => p.coverage_share[i], show: (p, i) => percent(p.coverage_share[i]), number: true });
  return columns;
}

/** The score, with the span that the unknown leaves open. */
function totalText(profile, position) {
  const [total, low, high] = [profile.total, profile.total_low, profile.total_high].map((list) => list[position]);
  if (low === null || high === null || high - low <= 5e-4) return points(total);
  return `${points(total, 0)} (${points(low, 0)}–${points(high, 0)})`;
}

const collator = new Intl.Collator(locale, { numeric: true });

/** Positions in the order of a column; what has no value comes last either way. */
function sortedBy(column, up, profile) {
  const order = payload.sites.ids.map((_, position) => position);
  const missing = (value) => value === null || value === undefined;
  return order.sort((a, b) => {
    const [x, y] = [column.value(profile, a), column.value(profile, b)];
    if (missing(x) || missing(y)) return missing(x) - missing(y) || a - b;
    const difference = typeof x === "string" ? collator.compare(x, y) : x - y;
    return (up ? difference : -difference) || a - b;
  });
}

function siteTable(app) {
  const columns = tableColumns();
  let sorting = { column: columns[0], up: true };
  const head = element("tr");
  const body = element("tbody");
  const heads = columns.map((column) => {
    const button = element("button", { type: "button", text: column.label, title: t("sort_by", { column: column.label }) });
    button.addEventListener("click", () => {
      sorting = { column, up: sorting.column === column ? !sorting.up : Boolean(column.up) };
      fill();
    });
    const cell = element("th", { scope: "col", class: column.key + (column.number ? " number" : "") }, button);
    head.append(cell);
    return cell;
  });
  function row(position) {
    const profile = app.profile();
    const line = element("tr", { class: profile.ranked[position] ? "" : "unranked", "data-position": position });
    for (const column of columns) {
      if (column.key !== "site") {
        line.append(element("td", { class: column.key + (column.number ? " number" : ""), text: column.show(profile, position) }));
        continue;
      }
      const open = element("button", { type: "button", class: "open data", text: payload.sites.ids[position] });
      open.addEventListener("click", () => app.select(position, { zoom: true, focus: "h2" }));
      const name = element("div", { class: "named" }, classChip(profile.class[position]), open);
      line.append(element("th", { scope: "row", class: "site" }, name));
    }
    line.addEventListener("click", (event) => {
      if (!event.target.closest("button")) app.select(position, { zoom: true });
    });
    return line;
  }
  function fill() {
    heads.forEach((cell, place) => {
      const sorted = columns[place] === sorting.column;
      if (sorted) cell.setAttribute("aria-sort", sorting.up ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
    body.replaceChildren(...sortedBy(sorting.column, sorting.up, app.profile()).map(row));
    mark();
  }
  function mark() {
    for (const line of body.children) {
      const chosen = Number(line.dataset.position) === app.selected;
      line.classList.toggle("selected", chosen);
      if (chosen) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
      if (chosen) reveal(line);
    }
  }
  /** Scroll the list, and only the list: on a phone the page must stay where the map is. */
  function reveal(line) {
    const list = line.closest(".table");
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const top = line.offsetTop - list.querySelector("thead").offsetHeight;
    if (top < list.scrollTop || line.offsetTop + line.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top;
  }
  const table = element("table", {}, element("caption", { class: "unseen", text: t("shortlist") }), element("thead", {}, head), body);
  function focus(position) {
    const line = body.querySelector(`[data-position="${position}"] .open`);
    if (line) line.focus({ preventScroll: true });
  }
  return { focus, node: element("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("shortlist") }, table), fill, mark };
}
