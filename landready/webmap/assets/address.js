// The address: weights, profile, filters and site after the #, so that a link repeats the view. Whatever stands there
// may have been written by anyone: what does not fit this file is left out, and that is told.

const LONGEST_ADDRESS = 20000;
const LARGEST_WEIGHT = 1e9;

/** What stands after the # for what is shown; empty where nothing was changed. */
function fragmentOf(app) {
  const words = new URLSearchParams();
  if (app.place() > 0) words.set("profile", payload.profiles[app.place()].id);
  payload.profiles.forEach((profile, place) => {
    if (!app.isMoved(place)) return;
    const weights = app.weightsOf(place);
    words.append("weights", `${profile.id}:` + profile.criteria.map((entry, k) => `${entry.id}=${weightDigits(weights[k])}`).join(","));
  });
  for (const { id, sign, value, unknown } of app.filters.conditions) words.append("where", id + sign + value + (unknown ? "~" : ""));
  for (const label of app.filters.without) words.append("without", label);
  if (app.selected !== null) words.set("site", payload.sites.ids[app.selected]);
  return words.toString();
}

function addressOf(app) {
  const fragment = fragmentOf(app);
  return location.href.split("#")[0] + (fragment ? "#" + fragment : "");
}

/** Take over what stands after the #; returns whether all of it could be understood. */
function readFragment(app, fragment) {
  if (fragment.length > LONGEST_ADDRESS) return false;
  const taken = { place: 0, weights: new Map(), conditions: [], without: new Set(), site: null };
  const understood = [...new URLSearchParams(fragment)].map(([key, value]) => takeWord(app, taken, key, value)).every(Boolean);
  payload.profiles.forEach((profile, place) => app.putWeights(place, taken.weights.get(place) || Float64Array.from(profile.criteria, (entry) => entry.weight)));
  app.putProfile(taken.place);
  Object.assign(app.filters, { conditions: taken.conditions, without: taken.without });
  app.applyFilters();
  app.wanted = taken.site;
  return understood;
}

/** Take one word of the address; returns whether it was understood. */
function takeWord(app, taken, key, value) {
  const placeOf = (id) => payload.profiles.findIndex((profile) => profile.id === id);
  if (key === "profile") {
    if (placeOf(value) < 0) return false;
    taken.place = placeOf(value);
    return true;
  }
  if (key === "weights") return takeWeights(taken, value, placeOf);
  if (key === "where") {
    const match = /^(\w+)(>=|<=)(-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)(~?)$/.exec(value);
    const limit = match ? Number(match[3]) : NaN;
    if (!match || !app.fields.has(match[1]) || !Number.isFinite(limit)) return false;
    if (taken.conditions.some(({ id, sign }) => id === match[1] && sign === match[2])) return false;
    taken.conditions.push({ id: match[1], sign: match[2], value: limit, unknown: match[4] !== "" });
    return true;
  }
  if (key === "without") {
    if (!app.restrictions.has(value)) return false;
    taken.without.add(value);
    return true;
  }
  if (key === "site") {
    taken.site = payload.sites.ids.indexOf(value);
    if (taken.site >= 0) return true;
    taken.site = null;
  }
  return false;
}

function takeWeights(taken, value, placeOf) {
  const cut = value.lastIndexOf(":");
  const place = placeOf(value.slice(0, cut));
  if (place < 0) return false;
  const named = new Map(value.slice(cut + 1).split(",").map((part) => part.split("=")));
  const entries = payload.profiles[place].criteria;
  const weights = entries.map((entry) => {
    const written = named.get(entry.id);
    return /^\d+(\.\d+)?(e[+-]?\d{1,3})?$/.test(written) ? Number(written) : NaN;
  });
  if (named.size !== entries.length || !weights.every((weight) => weight >= 0 && weight <= LARGEST_WEIGHT)) return false;
  taken.weights.set(place, Float64Array.from(weights));
  return true;
}

/** Keep the address and what is shown alike, both ways. */
function addressing(app) {
  const told = element("p", { class: "told", role: "status", hidden: true });
  let written = null;
  let waiting = 0;
  const here = () => location.hash.slice(1);
  function read() {
    // The parts of the page have names too, which the link to the list goes by.
    const understood = document.getElementById(here()) !== null || readFragment(app, here());
    told.hidden = understood;
    told.textContent = understood ? "" : t("link_not_understood");
    written = here();
  }
  /** Once things stand still: a slider that moves would fill the history, and browsers count. */
  function write() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const fragment = fragmentOf(app);
      if (fragment === written) return;
      written = fragment;
      history.replaceState(null, "", "#" + fragment);
    }, 250);
  }
  addEventListener("hashchange", () => {
    if (here() === written || document.getElementById(here())) return;
    read();
    app.show();
  });
  return { node: told, read, write };
}
