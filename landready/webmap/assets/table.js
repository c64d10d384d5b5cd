// The shortlist: the text alternative of the map, sortable, and linked to it both ways.

const ROWS = 100; // rows that are put in the page at a time: thousands would be slow at every move of a slider

function tableColumns() {
  const columns = [
    { key: "rank", label: t("rank_short"), value: (p, i) => p.rank[i], show: placeText, up: true },
    { key: "site", label: t("site"), value: (p, i) => payload.sites.ids[i], up: true },
    { key: "total", label: t("total"), value: (p, i) => p.total[i], show: totalText, number: true },
  ];
  const area = payload.sites.area_ha;
  if (area) {
    columns.push({ key: "area", label: t("area_ha"), value: (p, i) => area[i], show: (p, i) => (missing(area[i]) ? "–" : number(area[i], 1)), number: true });
  }
  columns.push({ key: "coverage", label: t("coverage"), value: (p, i) => p.coverage_share[i], show: (p, i) => percent(p.coverage_share[i]), number: true });
  return columns;
}

/** The score, with the span that the unknown leaves open. */
function totalText(profile, position) {
  const [total, low, high] = [profile.total, profile.total_low, profile.total_high].map((list) => list[position]);
  if (missing(low) || missing(high) || high - low <= 5e-4) return points(total);
  return `${points(total, 0)} (${points(low, 0)}–${points(high, 0)})`;
}

const collator = new Intl.Collator(locale, { numeric: true });

/** Shown positions in the order of a column; what has no value comes last either way. */
function sortedBy(app, column, up) {
  const order = app.ranking(); // sites that are alike keep the order of the ranking
  if (column.key === "rank" && up) return order;
  const profile = app.profile();
  return order.sort((a, b) => {
    const [x, y] = [column.value(profile, a), column.value(profile, b)];
    if (missing(x) || missing(y)) return missing(x) - missing(y);
    const difference = typeof x === "string" ? collator.compare(x, y) : x - y;
    return up ? difference : -difference;
  });
}

function siteTable(app) {
  const columns = tableColumns();
  let sorting = { column: columns[0], up: true };
  let order = [];
  let [from, to] = [0, ROWS];
  const head = element("tr");
  const body = element("tbody");
  const before = element("button", { type: "button", class: "more-rows" });
  const after = element("button", { type: "button", class: "more-rows" });
  const heads = columns.map((column) => {
    const button = element("button", { type: "button", text: column.label, title: t("sort_by", { column: column.label }) });
    button.addEventListener("click", () => {
      sorting = { column, up: sorting.column === column ? !sorting.up : Boolean(column.up) };
      [from, to] = [0, ROWS];
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
      const name = element("div", { class: "named" }, classChip(profile.class[position]), open);
      line.append(element("th", { scope: "row", class: "site" }, name));
    }
    return line;
  }
  body.addEventListener("click", (event) => {
    const line = event.target.closest("tr");
    if (!line) return;
    const focus = event.target.closest("button") ? "h2" : undefined;
    app.select(Number(line.dataset.position), { zoom: true, focus });
  });
  before.addEventListener("click", () => {
    const held = body.firstElementChild;
    from = Math.max(0, from - ROWS);
    draw();
    focus(Number(held.dataset.position));
  });
  after.addEventListener("click", () => {
    const next = order[to];
    to += ROWS;
    draw();
    focus(next);
  });
  function fill() {
    order = sortedBy(app, sorting.column, sorting.up);
    if (from >= order.length) from = 0;
    to = Math.min(Math.max(to, from + ROWS), from + 3 * ROWS);
    heads.forEach((cell, place) => {
      const sorted = columns[place] === sorting.column;
      if (sorted) cell.setAttribute("aria-sort", sorting.up ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
    draw();
  }
  function draw() {
    const held = body.contains(document.activeElement) ? document.activeElement.closest("tr").dataset.position : null;
    body.replaceChildren(...order.slice(from, to).map(row));
    const left = Math.max(0, order.length - to);
    before.hidden = from === 0;
    before.textContent = t("rows_before", { count: number(Math.min(from, ROWS)) });
    after.hidden = left === 0;
    after.textContent = t("rows_after", { count: number(Math.min(left, ROWS)), left: number(left) });
    mark();
    if (held !== null) focus(Number(held));
  }
  /** Mark the row of the site that is chosen. */
  function mark() {
    for (const line of body.children) {
      const chosen = Number(line.dataset.position) === app.selected;
      line.classList.toggle("selected", chosen);
      if (chosen) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
      if (chosen) reveal(line);
    }
  }
  /** Have the row of a site among those in the page. */
  function find(position) {
    const place = order.indexOf(position);
    if (place < 0 || (place >= from && place < to)) return;
    from = Math.max(0, place - (place % ROWS));
    to = from + ROWS;
    draw();
  }
  /** Scroll the list, and only the list: on a phone the page must stay where the map is. */
  function reveal(line) {
    const list = line.closest(".table");
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const top = line.offsetTop - list.querySelector("thead").offsetHeight;
    if (top < list.scrollTop || line.offsetTop + line.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top;
  }
  function focus(position) {
    const line = body.querySelector(`[data-position="${position}"] .open`);
    if (line) line.focus({ preventScroll: true });
    if (line) reveal(line.closest("tr"));
  }
  const table = element("table", {}, element("caption", { class: "unseen", text: t("shortlist") }), element("thead", {}, head), body);
  const node = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("shortlist") }, before, table, after);
  return { focus, node, fill, mark, find, order: () => order };
}

/** A cell as spreadsheets take it: nothing that would run as a formula, and quotes where they are needed. */
function csvCell(value, separator) {
  if (typeof value === "number") {
    const plain = String(Number(value.toFixed(6)));
    return separator === ";" ? plain.replace(".", ",") : plain;
  }
  const safe = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The sites of the list, in its order, with what is known of them, as CSV for the language's spreadsheets. */
function listAsCsv(app, order) {
  const separator = payload.language === "sv" ? ";" : ",";
  const profile = app.profile();
  const said = (value, scale = 1) => (missing(value) ? t("word.unknown") : value === "inf" ? t("word.unreachable") : value * scale);
  const blank = (value, scale = 1) => (missing(value) ? "" : value * scale);
  const columns = [
    [t("rank"), (i) => blank(profile.rank[i])],
    [t("site"), (i) => payload.sites.ids[i]],
    [t("total"), (i) => blank(profile.total[i], 100)],
    [t("csv_low"), (i) => blank(profile.total_low[i], 100)],
    [t("csv_high"), (i) => blank(profile.total_high[i], 100)],
    [`${t("coverage_long")} (%)`, (i) => blank(profile.coverage_share[i], 100)],
  ];
  for (const [name, label] of [["area_ha", "area"], ["free_ha", "land_free"], ["conditional_ha", "land_conditional"]]) {
    if (payload.sites[name]) columns.push([`${t(label)} (ha)`, (i) => said(payload.sites[name][i])]);
  }
  for (const criterion of payload.criteria) {
    const unit = t("unit." + criterion.unit);
    columns.push([criterion.label + (unit ? ` (${unit})` : ""), (i) => said(criterion.values[i], criterion.unit === "share" ? 100 : 1)]);
  }
  const weights = profile.criteria.map((entry, k) => `${entry.id} = ${weightDigits(profile.weights[k])}`).join(", ");
  columns.push([t("profile"), () => profile.label]);
  if (app.isMoved()) columns.push([t("weights_moved"), () => weights]);
  if (payload.modelled) columns.push([t("csv_modelled"), () => payload.watermark]);
  const lines = [columns.map(([name]) => name), ...order.map((i) => columns.map(([, value]) => value(i)))];
  return lines.map((cells) => cells.map((cell) => csvCell(cell, separator)).join(separator) + "\r\n").join("");
}
