// The weights: what every site scores as the sliders stand, and the sliders themselves.

const WEIGHT_DIGITS = 6; // significant digits of a weight, in the address and as TOML

/** Give the app its scores: the study's own until a slider moves, then those of the weights as they stand. */
function scoring(app) {
  const profiles = payload.profiles.map((profile) => {
    const model = scorable(profile, criteria, payload.score_limits);
    const asGiven = {};
    for (const name of ["total", "total_low", "total_high", "coverage_share", "modelled_share", "rank"]) asGiven[name] = asNumbers(profile[name]);
    const given = { ...profile, ...asGiven, model, weights: model.given };
    return { given, live: given, order: null };
  });
  const none = new Float64Array(payload.sites.ids.length).fill(NaN);
  const blank = { ranked: [], class: payload.sites.ids.map(() => "unranked"), rank: none, total: none };
  let chosen = 0;
  const current = () => profiles[chosen];
  app.place = () => chosen;
  app.profile = () => (current() ? current().live : blank);
  app.rankedCount = () => app.profile().ranked.reduce((sum, ranked) => sum + (ranked ? 1 : 0), 0);
  /** Positions of the sites that are shown, the best first. */
  app.ranking = () => {
    const state = current() || { live: blank };
    if (!state.order) state.order = rankingOf(state.live);
    return app.isFiltered() ? state.order.filter(app.isShown) : state.order.slice();
  };
  app.isMoved = (place = chosen) => profiles[place].live !== profiles[place].given;
  /** Set the weights of a profile, in the order of its criteria, without showing them. */
  app.putWeights = (place, weights) => {
    const state = profiles[place];
    const { given } = state;
    const same = weights.every((weight, k) => weight === given.weights[k]);
    state.live = same ? given : { ...given, weights, ...rescored(given.model, weights) };
    state.order = null;
  };
  app.setWeight = (k, weight) => {
    const weights = Float64Array.from(app.profile().weights);
    weights[k] = weight;
    app.putWeights(chosen, weights);
    app.refresh();
  };
  app.resetWeights = () => {
    app.putWeights(chosen, current().given.weights);
    app.refresh();
  };
  app.putProfile = (place) => (chosen = place);
  app.setProfile = (place) => {
    chosen = place;
    app.refresh();
  };
  app.weightsOf = (place) => profiles[place].live.weights;
}

/** A weight as it is written: no more digits than mean anything. */
function weightDigits(weight) {
  return String(Number(weight.toPrecision(WEIGHT_DIGITS)));
}

/** The largest weight and the step of the sliders of a profile: about twice what the study has, whole points if they do. */
function sliderScale(weights) {
  const largest = Math.max(...weights);
  const power = 10 ** Math.floor(Math.log10(2 * largest));
  const most = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((value) => value >= 2 * largest * (1 - 1e-9));
  return { most, step: most >= 20 && most <= 150 ? 1 : 10 ** Math.floor(Math.log10(most / 50)) };
}

/** The weights as the lines of the study file. */
function weightsAsToml(app) {
  const profile = app.profile();
  const kept = profile.criteria.map((entry, k) => [entry.id, profile.weights[k]]).filter(([, weight]) => weight > 0);
  const left = profile.criteria.filter((_, k) => !(profile.weights[k] > 0)).map((entry) => entry.id);
  const lines = [`# ${profile.id}`, "[profiles.weights]", ...kept.map(([id, weight]) => `${id} = ${weightDigits(weight)}`)];
  if (left.length) lines.push(`# ${t("weights_left_out", { names: left.join(", ") })}`);
  if (profile.model.hidden) lines.push(`# ${t("weights_withheld", { points: weightDigits(profile.model.hidden.weight) })}`);
  return lines.join("\n") + "\n";
}

/** The sliders of the profile that is shown. */
function weightFold(app) {
  const rows = element("div", { class: "sliders" });
  const note = element("p", { class: "quiet" });
  const changed = element("span", { class: "tag", text: t("weights_changed"), hidden: true });
  const reset = element("button", { type: "button", class: "plain-button reset", text: t("weights_reset") });
  const copied = copyRoom();
  const copy = element("button", { type: "button", class: "plain-button", text: t("weights_copy") });
  const link = element("button", { type: "button", class: "plain-button", text: t("link_copy") });
  reset.addEventListener("click", () => app.resetWeights());
  copy.addEventListener("click", () => copied.put(weightsAsToml(app)));
  link.addEventListener("click", () => copied.put(addressOf(app)));
  const box = fold(t("weights"), false, note, rows, element("div", { class: "buttons" }, reset, copy, link), copied.node);
  box.classList.add("weights");
  box.name = "controls"; // one of them open at a time, so that the list keeps its room
  box.querySelector("summary").append(" ", changed);
  let sliders = [];
  let shown = null;
  let reach = 0;
  /** One slider for each criterion; what is not there any more is let go. */
  function build() {
    const profile = app.profile();
    const { most, step } = sliderScale([...profile.model.given, ...profile.weights]);
    shown = app.place();
    reach = most;
    copied.clear();
    sliders = profile.criteria.map((entry, k) => {
      const id = `weight-${k}`;
      const slider = element("input", { type: "range", id, min: 0, max: most, step: "any", "data-weight": entry.id });
      const amount = element("output", { for: id, class: "quiet" });
      slider.addEventListener("input", () => {
        const wanted = Number((Math.round(slider.valueAsNumber / step) * step).toPrecision(WEIGHT_DIGITS));
        later(() => app.setWeight(k, wanted));
      });
      // Arrow keys would move by a hundredth of the scale, between the steps.
      slider.addEventListener("keydown", (event) => {
        const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
        if (!steps) return;
        event.preventDefault();
        const wanted = Math.min(most, Math.max(0, app.profile().weights[k] + steps * step));
        app.setWeight(k, Number(wanted.toPrecision(WEIGHT_DIGITS)));
      });
      const label = element("label", { for: id, class: "data", text: criteria.get(entry.id).label });
      return { slider, amount, node: element("div", { class: "slider" }, label, slider, amount) };
    });
    rows.replaceChildren(...sliders.map(({ node }) => node));
  }
  function refresh() {
    const { weights, model } = app.profile();
    if (shown !== app.place() || Math.max(...weights) > reach) build();
    const whole = weights.reduce((sum, weight) => sum + weight, 0) + (model.hidden ? model.hidden.weight : 0);
    sliders.forEach(({ slider, amount }, k) => {
      if (slider.valueAsNumber !== weights[k]) slider.value = weights[k];
      const said = { points: weightText(weights[k]), share: percent(whole > 0 ? weights[k] / whole : 0) };
      const words = t(weights[k] > 0 ? "weight_of" : "weight_out", said);
      if (amount.textContent === words) return;
      amount.textContent = words;
      slider.setAttribute("aria-valuetext", words);
    });
    reset.disabled = !app.isMoved();
    changed.hidden = !app.isMoved();
    note.textContent = t(whole > 0 ? "weights_help" : "weights_none");
    if (model.hidden) note.textContent += " " + t("weights_withheld", { points: weightText(model.hidden.weight) });
  }
  const later = oncePerFrame();
  return { node: box, refresh };
}

/** A weight as people of the language write it, with the decimals it has and no more. */
function weightText(weight) {
  const digits = weightDigits(weight).split(".")[1] || "";
  return number(weight, Math.min(digits.length, 3));
}

/** Run the last of what is asked for before the next frame, once. */
function oncePerFrame() {
  let wanted = null;
  return (run) => {
    if (wanted === null) {
      requestAnimationFrame(() => {
        const last = wanted;
        wanted = null;
        last();
      });
    }
    wanted = run;
  };
}

/** Where text is put to be copied: on the clipboard where the browser lets it, and always to be seen and marked. */
function copyRoom() {
  const said = element("p", { class: "quiet", role: "status" });
  const area = element("textarea", { readonly: true, rows: 4, "aria-label": t("copy_text"), hidden: true, spellcheck: "false" });
  const node = element("div", { class: "copies" }, said, area);
  async function put(text) {
    area.value = text;
    area.hidden = false;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      area.select();
      done = document.execCommand("copy");
    }
    if (!done) area.focus();
    said.textContent = t(done ? "copied" : "copy_by_hand");
  }
  function clear() {
    said.textContent = "";
    area.hidden = true;
  }
  return { node, put, clear };
}
