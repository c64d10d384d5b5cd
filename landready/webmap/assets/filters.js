// Filters: which sites are shown. A filter is a way to look; ranks and scores are those of all sites.

/** Whether a value meets a condition, as landready/scoring/requirements.py judges it. */
function judged(value, upper, sign, limit) {
  if (Number.isNaN(value)) return "unknown";
  const holds = sign === "<=" ? value <= limit : value >= limit;
  if (upper && holds !== (sign === "<=")) return "unknown"; // the true value may be any up to this one
  return holds ? "met" : "failed";
}

/** What a person wrote as a number, with comma or point; NaN if it is none. */
function writtenNumber(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").replace("−", "-");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/** What sites can be filtered by: their land, and every criterion. */
function filterFields() {
  const none = payload.sites.ids.map(() => false);
  const fields = new Map();
  for (const [id, label] of [["area_ha", "area"], ["free_ha", "land_free"], ["conditional_ha", "land_conditional"]]) {
    if (payload.sites[id]) fields.set(id, { id, label: t(label), unit: "ha", values: asNumbers(payload.sites[id]), upper: none });
  }
  for (const criterion of payload.criteria) {
    if (!fields.has(criterion.id)) fields.set(criterion.id, { ...criterion, values: asNumbers(criterion.values) });
  }
  return fields;
}

/** Labels of the restrictions that touch any site, with how many they touch. */
function restrictionCounts() {
  const counts = new Map();
  for (const rows of payload.sites.restrictions || []) {
    for (const label of new Set(rows.filter((row) => row.kind !== "include").map((row) => row.label))) counts.set(label, (counts.get(label) || 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => collator.compare(a, b)));
}

/** Give the app its filters: `conditions` that all must hold, and restrictions that a shown site is `without`. */
function filtering(app) {
  const count = payload.sites.ids.length;
  let shown = new Uint8Array(count).fill(1);
  app.fields = filterFields();
  app.restrictions = restrictionCounts();
  app.filters = { conditions: [], without: new Set() };
  app.isShown = (position) => shown[position] === 1;
  app.shownCount = () => shown.reduce((sum, one) => sum + one, 0);
  app.unknownLeft = 0; // sites that are left out only because a value is unknown
  app.isFiltered = () => app.filters.conditions.length > 0 || app.filters.without.size > 0;
  app.applyFilters = () => {
    shown = new Uint8Array(count).fill(1);
    app.unknownLeft = 0;
    for (let i = 0; i < count; i += 1) {
      let worst = "met";
      for (const { id, sign, value, unknown } of app.filters.conditions) {
        const field = app.fields.get(id);
        const outcome = judged(field.values[i], field.upper[i], sign, value);
        if (outcome === "failed" || (outcome === "unknown" && !unknown && worst === "met")) worst = outcome;
      }
      if (app.filters.without.size && payload.sites.restrictions[i].some((row) => row.kind !== "include" && app.filters.without.has(row.label))) worst = "failed";
      if (worst === "met") continue;
      shown[i] = 0;
      if (worst === "unknown") app.unknownLeft += 1;
    }
  };
  app.setFilters = (change) => {
    Object.assign(app.filters, change);
    app.applyFilters();
    app.refresh();
  };
}

/** A condition in words, as it stands in the list of what is asked for. */
function conditionText(field, { sign, value }) {
  return `${field.label} ${sign === "<=" ? "≤" : "≥"} ${quantity(value, field.unit, field.unit === "share" ? undefined : Math.round(value))}`;
}

/** The fields and ticks that filters are set by. */
function filterFold(app) {
  const status = element("p", { class: "filter-status", role: "status" });
  const list = element("ul", { class: "conditions" });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const units = (field) => (field.unit === "share" ? 100 : 1);
  const withUnit = (field) => (t("unit." + field.unit) ? `${field.label} (${t("unit." + field.unit)})` : field.label);
  const same = (one, other) => one.id === other.id && one.sign === other.sign;

  function put(condition) {
    app.setFilters({ conditions: [...app.filters.conditions.filter((other) => !same(other, condition)), condition] });
  }
  function drop(condition) {
    app.setFilters({ conditions: app.filters.conditions.filter((other) => !same(other, condition)) });
  }
  function refuse(input, refused) {
    wrong.textContent = refused ? t("filter_number") : "";
    if (refused) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return refused;
  }
  /** The two that are asked for most have fields of their own. */
  function least(id, words) {
    const field = app.fields.get(id);
    if (!field) return null;
    const input = element("input", { id: "least-" + id, type: "text", inputmode: "decimal", autocomplete: "off" });
    input.addEventListener("change", () => {
      const value = writtenNumber(input.value);
      if (refuse(input, input.value.trim() !== "" && Number.isNaN(value))) return;
      if (input.value.trim() === "") drop({ id, sign: ">=" });
      else put({ id, sign: ">=", value, unknown: false });
    });
    const refresh = () => {
      const set = app.filters.conditions.find((one) => same(one, { id, sign: ">=" }));
      if (document.activeElement !== input && !input.hasAttribute("aria-invalid")) input.value = set ? number(set.value, Number.isInteger(set.value) ? 0 : 1, false) : "";
    };
    return { node: element("div", { class: "least" }, element("label", { for: input.id, text: words }), input), refresh };
  }
  const fixed = [least("area_ha", t("filter_area")), least("width_m", t("filter_width"))].filter(Boolean);

  const which = element("select", { id: "filter-which" }, ...[...app.fields.values()].map((field) => element("option", { value: field.id, text: withUnit(field) })));
  const sign = element("select", { "aria-label": t("filter_sign") }, element("option", { value: ">=", text: t("filter_least") }), element("option", { value: "<=", text: t("filter_most") }));
  const amount = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": t("filter_value") });
  const add = element("button", { type: "submit", class: "plain-button", text: t("filter_add") });
  const form = element("form", { class: "condition" }, element("label", { for: "filter-which", text: t("filter_more") }), which, sign, amount, add);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = writtenNumber(amount.value);
    if (refuse(amount, Number.isNaN(value))) return;
    put({ id: which.value, sign: sign.value, value: value / units(app.fields.get(which.value)), unknown: false });
    amount.value = "";
  });

  const ticks = new Map();
  for (const [label, count] of app.restrictions) {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      const without = new Set(app.filters.without);
      box.checked ? without.add(label) : without.delete(label);
      app.setFilters({ without });
    });
    ticks.set(label, { box, node: element("li", {}, element("label", {}, box, element("span", { class: "data", text: label }), element("span", { class: "quiet", text: number(count) }))) });
  }
  const touched = ticks.size ? fold(t("filter_without"), false, element("ul", { class: "ticks" }, ...[...ticks.values()].map(({ node }) => node))) : null;
  const clear = element("button", { type: "button", class: "plain-button clear", text: t("filter_clear") });
  clear.addEventListener("click", () => {
    for (const input of box.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    wrong.textContent = "";
    app.setFilters({ conditions: [], without: new Set() });
    box.querySelector("summary").focus();
  });

  function conditionRow(condition) {
    const field = app.fields.get(condition.id);
    const words = conditionText(field, condition);
    const lets = element("input", { type: "checkbox", checked: condition.unknown });
    lets.addEventListener("change", () => {
      put({ ...condition, unknown: lets.checked });
      focusOn(condition, "input");
    });
    const remove = element("button", { type: "button", class: "plain-button", text: "×", "aria-label": t("filter_remove", { condition: words }), title: t("filter_remove", { condition: words }) });
    remove.addEventListener("click", () => {
      drop(condition);
      (list.querySelector("button") || which).focus();
    });
    const node = element("li", {}, element("span", { class: "data", text: words }), element("label", { class: "quiet" }, lets, element("span", { text: t("filter_unknown") })), remove);
    node.dataset.condition = condition.id + condition.sign;
    return node;
  }
  function focusOn(condition, what) {
    const row = [...list.children].find((node) => node.dataset.condition === condition.id + condition.sign);
    if (row) row.querySelector(what).focus();
  }
  const box = fold(t("filters"), false, element("div", { class: "leasts" }, ...fixed.map(({ node }) => node)), form, wrong, list, touched, element("div", { class: "buttons" }, clear));
  box.classList.add("filters");
  box.name = "controls";
  const summary = box.querySelector("summary");

  function refresh() {
    const { conditions, without } = app.filters;
    const set = conditions.length + without.size;
    summary.textContent = set ? `${t("filters")} (${number(set)})` : t("filters");
    const words = JSON.stringify(conditions);
    if (list.dataset.shown !== words) {
      list.replaceChildren(...conditions.map(conditionRow));
      list.dataset.shown = words;
    }
    for (const { refresh: follow } of fixed) follow();
    for (const [label, { box: tick }] of ticks) tick.checked = without.has(label);
    if (touched) touched.querySelector("summary").textContent = without.size ? `${t("filter_without")} (${number(without.size)})` : t("filter_without");
    clear.disabled = !set;
    status.hidden = !set;
    if (set) status.textContent = shownText(app);
  }
  return { node: box, status, refresh };
}

/** How many sites are shown, and how much land of each class they hold. */
function shownText(app) {
  const sum = (name) => payload.sites[name].reduce((whole, value, i) => whole + (app.isShown(i) ? Number(value) : 0), 0);
  const parts = [t("filter_shown", { shown: number(app.shownCount()), total: number(payload.sites.ids.length) })];
  for (const [name, key] of [["free_ha", "filter_free"], ["conditional_ha", "filter_conditional"]]) {
    if (payload.sites[name]) parts.push(t(key, { ha: quantity(sum(name), "ha") }));
  }
  const words = parts.join(", ") + ".";
  return app.unknownLeft ? `${words} ${t("filter_unknown_left", { count: number(app.unknownLeft) })}` : words;
}
