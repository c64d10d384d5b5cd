// The card of a site: rank, score and what it is made of, values, requirements, land and parcels.

const criteria = new Map(payload.criteria.map((criterion) => [criterion.id, criterion]));

/** The card of the site at a position, for the profile that is shown. */
function card(app, position) {
  const profile = app.profile();
  const box = element("article", { class: "card", "aria-label": payload.sites.ids[position] });
  const back = element("button", { type: "button", class: "back", text: "‹ " + t("close") });
  back.addEventListener("click", () => app.closeCard());
  box.append(
    element("nav", {}, back, ...steps(app, position)),
    ...(app.isShown(position) ? [] : [element("p", { class: "notice", text: t("outside_filter") })]),
    cardHead(app, profile, position),
    scoreBlock(profile, position),
    ...firmBlock(app, profile, position),
    ...requirementBlock(profile, position),
    ...landBlock(position),
    ...restrictionBlock(position),
    ...contributionBlock(profile, position),
    ...planBlock(position),
    ...memberBlock(position),
    ...sourceBlock(profile),
  );
  return box;
}

function cardHead(app, profile, position) {
  const rank = profile.ranked[position]
    ? placeOf(app, profile, position)
    : t("not_ranked") + " – " + whyNotRanked(profile, position);
  return element(
    "header",
    {},
    classChip(profile.class[position]),
    element(
      "div",
      {},
      element("h2", { class: "data", tabindex: "-1", text: payload.sites.ids[position] }),
      element("p", { class: "quiet" }, element("span", { class: "rank", text: rank }), " · ", element("span", { text: profile.label, class: "data" })),
    ),
  );
}

function whyNotRanked(profile, position) {
  if (profile.eligible[position] && missing(profile.total[position])) return t("why_nothing");
  return t(profile.eligible[position] ? "why_coverage" : "why_requirements");
}

/** The total, and a bar with the span that unknown values leave open. */
function scoreBlock(profile, position) {
  const [total, low, high] = [profile.total, profile.total_low, profile.total_high].map((list) => list[position]);
  const block = element("section", { class: "score" });
  block.append(element("p", { class: "total" }, element("strong", { text: points(total) }), element("span", { text: " / 100" })));
  if (!missing(low) && !missing(high)) {
    const bar = element("div", { class: "range", title: t("total_help") });
    const span = element("i", { class: "span" });
    span.style.left = low * 100 + "%";
    span.style.width = Math.max(0, high - low) * 100 + "%";
    bar.append(span);
    if (!missing(total)) {
      const mark = element("i", { class: "at" });
      mark.style.left = total * 100 + "%";
      bar.append(mark);
    }
    const words = high - low > 5e-4 ? t("between", { low: points(low), high: points(high) }) : "";
    block.append(element("div", { class: "grow" }, bar, element("p", { class: "quiet bounds", text: words })));
  }
  const facts = element("dl", { class: "facts" });
  fact(facts, t("coverage_long"), percent(profile.coverage_share[position]), "coverage");
  if (payload.tested) fact(facts, t("tested"), payload.tested, "tested");
  if (profile.modelled_share[position]) fact(facts, t("modelled_share"), percent(profile.modelled_share[position]));
  block.append(facts);
  return block;
}

/** In which share of the weightings that Python tried the site is on the shortlist, and what would change that. */
function firmBlock(app, profile, position) {
  const firm = payload.profiles.find((entry) => entry.id === profile.id);
  const share = firm.shortlist_share && firm.shortlist_share[position];
  if (share === undefined || missing(share)) return [];
  const bar = element("div", { class: "range", "aria-hidden": "true" });
  const part = element("i", { class: "span" });
  part.style.width = share * 100 + "%";
  bar.append(part);
  const [low, high] = [firm.rank_low[position], firm.rank_high[position]].map(rankText);
  const places = t(low === high ? "firm_place" : "firm_places", { low, high });
  const block = element("section", { class: "firm" });
  block.append(bar, element("p", { class: "data", text: firm.stability[position] || t("firm_never") }), element("p", { class: "quiet", text: places }));
  block.append(element("p", { class: "quiet", text: t(app.isMoved() ? "firm_moved" : "firm_note") }));
  return [element("h3", { text: t("firm_heading") }), block];
}

function fact(list, name, value, kind) {
  list.append(element("dt", { text: name }), element("dd", { text: value, class: kind }));
}

function valueText(criterion, position, limit) {
  const words = quantity(criterion.values[position], criterion.unit, limit);
  return criterion.upper[position] && criterion.values[position] !== null ? t("upper_bound") + " " + words : words;
}

/** Each criterion with its value, and a bar: what it gives of what it could give. */
function contributionBlock(profile, position) {
  if (!profile.criteria.length) return [];
  const { weights, model } = profile;
  const given = contributionsOf(model, weights, profile, position);
  const all = weights.reduce((sum, weight) => sum + weight, 0) + (model.hidden ? model.hidden.weight : 0);
  const known = all * profile.coverage_share[position];
  const rows = profile.criteria
    .map((entry, k) => ({ id: entry.id, weight: weights[k], contribution: given[k], unknown: missing(entry.utilities[position]) }))
    .sort((a, b) => (a.weight === 0) - (b.weight === 0) || a.unknown - b.unknown || (b.contribution || 0) - (a.contribution || 0));
  const widest = Math.max(...weights) || 1;
  const list = element("ul", { class: "bars" });
  for (const entry of rows) {
    const criterion = criteria.get(entry.id);
    const state = entry.unknown ? "unknown" : criterion.states[position];
    const bar = element("div", { class: "bar " + state, "aria-hidden": "true" });
    bar.style.width = (entry.weight / widest) * 100 + "%";
    let words = t(entry.weight > 0 ? "weight_unknown" : "weight_out");
    if (!entry.unknown && entry.weight > 0) {
      const most = known > 0 ? entry.weight / known : 0;
      const gained = element("i");
      gained.style.width = (most > 0 ? Math.min(1, entry.contribution / most) : 0) * 100 + "%";
      bar.append(gained);
      words = t("contribution_points", { points: points(entry.contribution), most: points(most) });
    }
    const value = element("span", { class: "value", text: valueText(criterion, position) });
    if (criterion.upper[position]) value.title = t("upper_bound_help");
    const label = element("span", { class: "label" }, element("span", { class: "data", text: criterion.label }));
    if (state === "modelled") label.append(" ", element("span", { class: "tag", text: t("word.modelled") }));
    const row = element("li", { "data-criterion": entry.id }, label, value);
    row.append(element("div", { class: "track" }, bar), element("span", { class: "quiet gain", text: words }));
    list.append(row);
  }
  return [element("h3", { text: t("contributions") }), list];
}

function requirementBlock(profile, position) {
  if (!profile.requirements.length) return [];
  const signs = { met: "✓", failed: "✗", unknown: "?" };
  const list = element("ul", { class: "requirements" });
  for (const entry of profile.requirements) {
    const criterion = criteria.get(entry.id);
    const outcome = entry.outcomes[position];
    const wanted = entry.wanted.map((value) => (typeof value === "number" ? quantity(value, criterion.unit) : value));
    const limit = entry.wanted.length === 1 ? entry.wanted[0] : undefined;
    const required = t("required", { condition: `${entry.sign} ${wanted.join(" / ")}`.trim() });
    list.append(
      element(
        "li",
        { class: outcome },
        element("span", { class: "sign", "aria-hidden": "true", text: signs[outcome] || "?" }),
        element("span", { class: "label data", text: criterion.label }),
        element("span", { class: "value", text: valueText(criterion, position, limit) }),
        element("span", { class: "quiet", text: `${required}: ${t("word." + outcome)}` }),
      ),
    );
  }
  return [element("h3", { text: t("requirements") }), list];
}

function landBlock(position) {
  const list = element("dl", { class: "facts" });
  const hectares = (key) => quantity(payload.sites[key][position], "ha");
  if (payload.sites.area_ha) fact(list, t("area"), hectares("area_ha"), "area");
  if (payload.sites.free_ha) fact(list, t("land_free"), hectares("free_ha"));
  if (payload.sites.conditional_ha) fact(list, t("land_conditional"), hectares("conditional_ha"));
  return list.children.length ? [element("h3", { text: t("land_in_site") }), list] : [];
}

/** What touches the site: what was decided or needs permit or review stands open, what is worth knowing folds. */
function restrictionBlock(position) {
  const rows = payload.sites.restrictions ? payload.sites.restrictions[position] : [];
  const of = (kind) => rows.filter((row) => row.kind === kind);
  const list = (found) => element("ul", { class: "restrictions" }, ...found.map(restrictionItem));
  const content = [];
  for (const kind of ["include", "hard", "strong"]) {
    if (of(kind).length) content.push(element("h4", { text: t("word." + kind) }), list(of(kind)));
  }
  if (of("info").length) content.push(fold(`${t("word.info")} (${number(of("info").length)})`, false, list(of("info"))));
  return content.length ? [element("h3", { text: t("restrictions") }), ...content] : [];
}

function restrictionItem(row) {
  return element(
    "li",
    {},
    element("span", { class: "label data", text: row.label }),
    element("span", { class: "value", text: `${quantity(row.ha, "ha", 0)} (${quantity(row.share, "share", 0)})` }),
    row.law ? element("span", { class: "quiet data", text: row.law }) : null,
  );
}

/** The plans the site lies in; where none is found, that there may be one all the same. */
function planBlock(position) {
  if (!payload.sites.plans) return [];
  const rows = payload.sites.plans[position];
  if (!rows.length) return [element("h3", { text: t("plans") }), element("p", { class: "quiet", text: t("plans_none") })];
  return [element("h3", { text: `${t("plans")} (${number(rows.length)})` }), element("ul", { class: "restrictions" }, ...rows.map(planItem))];
}

function planItem(row) {
  const status = row.status === null ? t("word.unknown") : payload.texts["plan_" + row.status] || row.status;
  const told = [
    t("plan_status", { status }),
    row.in_force_date ? t("plan_in_force", { date: row.in_force_date }) : row.adopted_date ? t("plan_adopted", { date: row.adopted_date }) : null,
    row.implementation_end_date ? t("plan_until", { date: row.implementation_end_date }) : null,
  ];
  return element(
    "li",
    {},
    element("span", { class: "label data", text: row.name ? `${row.name} (${row.plan_id})` : row.plan_id }),
    element("span", { class: "value", text: `${quantity(row.ha, "ha")} (${quantity(row.share, "share")})` }),
    element("span", { class: "quiet data", text: told.filter(Boolean).join(" · ") }),
  );
}

function memberBlock(position) {
  const rows = payload.sites.members ? payload.sites.members[position] : [];
  if (!rows.length) return [];
  const column = (name) => payload.sites.member_columns.indexOf(name);
  const most = 12;
  const list = element("ul", { class: "parcels" });
  for (const row of rows.slice(0, most)) {
    const item = element("li", {}, element("span", { class: "data", text: row[column("parcel_id")] }), " ");
    item.append(element("span", { class: "quiet", text: quantity(row[column("ha")], "ha") }));
    const owner = column("owner_category");
    if (owner >= 0 && row[owner] !== null) {
      item.append(" ", element("span", { class: "quiet data", text: `${t("owner_category")}: ${row[owner]}` }));
    }
    list.append(item);
  }
  if (rows.length > most) list.append(element("li", { class: "quiet", text: t("more", { count: number(rows.length - most) }) }));
  return [element("h3", { text: `${t("parcels")} (${number(rows.length)})` }), list];
}

function sourceBlock(profile) {
  const bySource = new Map();
  for (const entry of profile.criteria) {
    const criterion = criteria.get(entry.id);
    if (!criterion.sources.length) continue;
    const source = criterion.sources.join(", ");
    bySource.set(source, [...(bySource.get(source) || []), criterion.label]);
  }
  const lines = [...bySource].map(([source, labels]) => element("li", { class: "data", text: `${labels.join(", ")}: ${source}` }));
  return lines.length ? [fold(t("sources_of_values"), false, element("ul", { class: "plain" }, ...lines))] : [];
}

/** Previous and next through the ranking. */
function steps(app, position) {
  const order = app.ranking();
  const here = order.indexOf(position);
  const step = (key, words, other) => {
    const button = element("button", { type: "button", class: key, text: words, disabled: other === undefined });
    button.addEventListener("click", () => app.select(other, { zoom: true, focus: key }));
    return button;
  };
  return [step("previous", "▲ " + t("previous"), order[here - 1]), step("next", t("next") + " ▼", order[here + 1])];
}
