// Scores by the same algebra as landready/scoring/scorecard.py, for weights that a slider moves. Pure functions over
// typed arrays; NaN is unknown. Sums are taken in the order that numpy takes them in, so that ties fall alike.

const TOP = 10; // ranks that are written out on the map
const TIE = 1e-6; // totals closer than this share a rank
const COVERAGE_TOLERANCE = 1e-9; // a coverage this little below the minimum reaches it
const CLASS_TOLERANCE = 1e-9; // a total this little below the limit of a class is in it

/** Values as numbers: NaN for unknown, Infinity for unreachable. */
function asNumbers(values) {
  return Float64Array.from(values, (value) => (value === null || value === undefined ? NaN : value === "inf" ? Infinity : value));
}

/** The sum of `count` values from `start` on, in numpy's order of summation. */
function summed(values, start, count) {
  if (count < 8) {
    let sum = 0;
    for (let k = start; k < start + count; k += 1) sum += values[k];
    return sum;
  }
  if (count > 128) {
    const half = Math.floor(count / 2) - (Math.floor(count / 2) % 8);
    return summed(values, start, half) + summed(values, start + half, count - half);
  }
  const r = values.slice(start, start + 8);
  const whole = count - (count % 8);
  for (let k = 8; k < whole; k += 8) for (let j = 0; j < 8; j += 1) r[j] += values[start + k + j];
  let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (let k = whole; k < count; k += 1) sum += values[start + k];
  return sum;
}

/** To the nearest whole number, halves to the even one. */
function roundedEven(value) {
  const near = Math.round(value);
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : near;
}

/**
 * What of a profile does not change with its weights: utilities and what is modelled (sites × criteria, criteria by
 * name), which sites are eligible, and what criteria that are not shown give, in points.
 */
function scorable(profile, criteria, limits) {
  const count = profile.eligible.length;
  const entries = profile.criteria.map((entry, place) => ({ ...entry, place })).sort((a, b) => (a.id < b.id ? -1 : 1));
  const width = entries.length;
  const [utilities, modelled] = [new Float64Array(count * width), new Uint8Array(count * width)];
  entries.forEach((entry, k) => {
    const worth = asNumbers(entry.utilities);
    const states = criteria.get(entry.id).states;
    for (let i = 0; i < count; i += 1) {
      utilities[i * width + k] = worth[i];
      modelled[i * width + k] = states[i] === "modelled" && !Number.isNaN(worth[i]) ? 1 : 0;
    }
  });
  const model = {
    count,
    width,
    utilities,
    modelled,
    places: entries.map((entry) => entry.place),
    eligible: Uint8Array.from(profile.eligible, Number),
    minCoverage: profile.min_coverage,
    limits,
    given: Float64Array.from(profile.criteria, (entry) => entry.weight),
  };
  return { ...model, hidden: hiddenPart(model, profile) };
}

/** What the criteria that are not in the file give of the points of each site; null where every criterion is. */
function hiddenPart(model, profile) {
  const shown = model.given.reduce((sum, weight) => sum + weight, 0);
  const weight = profile.weight_total - shown;
  if (weight <= 1e-9 * profile.weight_total) return null;
  const part = { weight, gained: new Float64Array(model.count), known: new Float64Array(model.count), modelled: new Float64Array(model.count) };
  const within = (value) => Math.min(weight, Math.max(0, Math.abs(value) < 1e-7 * profile.weight_total ? 0 : value));
  for (let i = 0; i < model.count; i += 1) {
    let [gained, known, modelled] = [0, 0, 0];
    model.places.forEach((place, k) => {
      const worth = model.utilities[i * model.width + k];
      if (Number.isNaN(worth)) return;
      gained += model.given[place] * worth;
      known += model.given[place];
      if (model.modelled[i * model.width + k]) modelled += model.given[place];
    });
    part.gained[i] = within((profile.total_low[i] || 0) * profile.weight_total - gained);
    part.known[i] = within((profile.coverage_share[i] || 0) * profile.weight_total - known);
    part.modelled[i] = within((profile.modelled_share[i] || 0) * profile.weight_total - modelled);
  }
  return part;
}

/**
 * Score all sites again. `weights` are points in the order of the profile's criteria; 0 takes a criterion out, and
 * with no weight left nothing is scored.
 */
function rescored(model, weights) {
  const { count, width, utilities, modelled, hidden } = model;
  const active = [];
  model.places.forEach((place, k) => weights[place] > 0 && active.push(k));
  const most = Math.max(hidden ? hidden.weight : 0, ...active.map((k) => weights[model.places[k]]));
  const numbers = () => new Float64Array(count).fill(NaN);
  const found = { total: numbers(), total_low: numbers(), total_high: numbers(), coverage_share: new Float64Array(count), modelled_share: new Float64Array(count) };
  if (most > 0) {
    const scaled = Float64Array.from(active, (k) => weights[model.places[k]] / most);
    const whole = summed(scaled, 0, scaled.length) + (hidden ? hidden.weight / most : 0);
    const shares = scaled.map((weight) => weight / whole);
    const [gained, known, made] = [new Float64Array(active.length), new Float64Array(active.length), new Float64Array(active.length)];
    const points = most * whole;
    for (let i = 0; i < count; i += 1) {
      let unknown = 0;
      for (let k = 0; k < active.length; k += 1) {
        const at = i * width + active[k];
        const worth = utilities[at];
        const missing = worth !== worth; // NaN differs from itself
        unknown += missing;
        gained[k] = missing ? 0 : worth * shares[k];
        known[k] = missing ? 0 : shares[k];
        made[k] = modelled[at] ? shares[k] : 0;
      }
      let [low, coverage, share] = [summed(gained, 0, active.length), unknown ? summed(known, 0, active.length) : 1, summed(made, 0, active.length)];
      if (hidden) {
        low += hidden.gained[i] / points;
        coverage = Math.min(1, summed(known, 0, active.length) + hidden.known[i] / points);
        share += hidden.modelled[i] / points;
      }
      found.total_low[i] = low;
      found.total_high[i] = Math.min(low + (1 - coverage), 1);
      found.coverage_share[i] = coverage;
      found.modelled_share[i] = share;
      if (coverage > 0) found.total[i] = low / coverage;
    }
  }
  return { ...found, ...standing(model, found) };
}

/** Which sites are ranked, their ranks (ties share the average) and the classes of the map. */
function standing(model, { total, coverage_share: coverage }) {
  const { count, eligible, limits } = model;
  const ranked = new Uint8Array(count);
  const rounded = new Float64Array(count).fill(NaN);
  for (let i = 0; i < count; i += 1) {
    ranked[i] = eligible[i] && !Number.isNaN(total[i]) && coverage[i] >= model.minCoverage - COVERAGE_TOLERANCE ? 1 : 0;
    if (ranked[i]) rounded[i] = roundedEven(total[i] / TIE);
  }
  const sorted = rounded.filter((value) => !Number.isNaN(value)).sort();
  const [firsts, lasts] = [new Map(), new Map()]; // places of those alike
  sorted.forEach((value, place) => {
    if (!firsts.has(value)) firsts.set(value, place);
    lasts.set(value, place);
  });
  const rank = new Float64Array(count).fill(NaN);
  for (let i = 0; i < count; i += 1) {
    if (ranked[i]) rank[i] = sorted.length - (firsts.get(rounded[i]) + lasts.get(rounded[i])) / 2;
  }
  const classes = Array.from(total, (value, i) => {
    if (!ranked[i]) return "unranked";
    const limit = limits.find(([, least]) => value >= least - CLASS_TOLERANCE);
    return (limit || limits[limits.length - 1])[0];
  });
  return { ranked, rank, class: classes };
}

const sharing = new WeakMap(); // for each list of ranks, how many sites have each of them

/** The first and the last of the places of a site that is ranked; sites that are alike share theirs. */
function placesOf({ rank }, position) {
  if (!sharing.has(rank)) {
    const counts = new Map();
    for (const value of rank) counts.set(value, (counts.get(value) || 0) + 1);
    sharing.set(rank, counts);
  }
  const beyond = (sharing.get(rank).get(rank[position]) - 1) / 2;
  return [rank[position] - beyond, rank[position] + beyond];
}

/** Whether a site is among the first, which are marked with their rank; of those that share places, all are or none. */
function isTop(profile, position) {
  return profile.ranked[position] && placesOf(profile, position)[1] <= TOP;
}

/** Positions in the order of the ranking: ranked ones first, the others by their total. */
function rankingOf({ rank, total }) {
  const count = rank.length;
  const [keys, others] = [[], []];
  for (let i = 0; i < count; i += 1) Number.isNaN(rank[i]) ? others.push(i) : keys.push(2 * rank[i] * count + i);
  const worth = (i) => (Number.isNaN(total[i]) ? -1 : total[i]);
  others.sort((a, b) => worth(b) - worth(a) || a - b);
  // Sorting numbers is much quicker than comparing pairs; ranks are whole or half.
  return [...Float64Array.from(keys).sort().map((key) => key % count), ...others];
}

/** What each criterion gives of the total of one site, in the order of the profile's criteria; NaN where unknown. */
function contributionsOf(model, weights, scores, position) {
  const given = new Float64Array(weights.length).fill(NaN);
  const all = weights.reduce((sum, weight) => sum + weight, 0) + (model.hidden ? model.hidden.weight : 0);
  model.places.forEach((place, k) => {
    const worth = model.utilities[position * model.width + k];
    if (weights[place] > 0) given[place] = (worth * weights[place]) / (all * scores.coverage_share[position]);
  });
  return given;
}
