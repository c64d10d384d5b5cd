// Words, numbers and elements. Every value from data reaches the page through `element` or `drawn`, as text:
// nothing here or elsewhere writes markup.

const SVG = "http://www.w3.org/2000/svg";

const payload = unpacked(document.getElementById("payload").textContent);
const locale = payload.language === "sv" ? "sv-SE" : "en-GB";

/** The text of a key, with its {fields} filled in. */
function t(key, fields = {}) {
  const template = payload.texts[key] === undefined ? key : payload.texts[key];
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

const formats = new Map(); // a format is dear to make and cheap to use

/** A number as people of the language write it. */
function number(value, decimals = 0, grouping = true) {
  const key = `${decimals} ${grouping}`;
  if (!formats.has(key)) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, new Intl.NumberFormat(locale, { ...digits, useGrouping: grouping }));
  }
  return formats.get(key).format(value);
}

const DECIMALS = { km: 1, ha: 1, pct: 1, mw: 1 };

/** Whether a value is unknown: null as it is delivered, NaN where it is reckoned. */
function missing(value) {
  return value === null || value === undefined || Number.isNaN(value);
}

/** A measured value with its unit, with decimals enough to tell it from `limit`; unknown and unreachable are words. */
function quantity(value, unit, limit) {
  if (missing(value)) return t("word.unknown");
  if (value === "inf" || value === Infinity) return t("word.unreachable");
  if (unit === "year") return number(value, 0, false);
  const shown = unit === "share" ? value * 100 : value;
  const small = (unit === "share" && Math.abs(shown) < 10 && shown !== 0) || (unit === "min" && Math.abs(shown) < 1 && shown !== 0);
  let decimals = small ? 1 : DECIMALS[unit] || 0;
  const apart = typeof limit === "number" && limit !== value ? limit * (unit === "share" ? 100 : 1) : shown;
  while (apart !== shown && decimals < 6 && shown.toFixed(decimals) === apart.toFixed(decimals)) decimals += 1;
  const name = t("unit." + unit);
  return number(shown, decimals) + (name ? "\u00a0" + name : "");
}

/** A score 0–1 as points of a hundred. */
function points(value, decimals = 1) {
  return missing(value) ? "–" : number(value * 100, decimals);
}

function percent(value) {
  return missing(value) ? "–" : number(value * 100, 0) + "\u00a0%";
}

/** A rank that was met among many weightings, which may be an average such as 2.5. */
function rankText(value) {
  return missing(value) ? "–" : number(value, Number.isInteger(value) ? 0 : 1);
}

/** The places of a site as they are written: "3", or "1–18" where 18 sites share them. */
function placeText(profile, position) {
  if (missing(position) || !profile.ranked[position]) return "–";
  const [first, last] = placesOf(profile, position);
  return first === last ? number(first, 0) : `${number(first, 0)}–${number(last, 0)}`;
}

/** The places of a site among all that are ranked, in words. */
function placeOf(app, profile, position) {
  const [first, last] = placesOf(profile, position);
  return t(first === last ? "rank_of" : "rank_shared", { rank: placeText(profile, position), of: number(app.rankedCount()) });
}

/** An element with text, attributes and children; strings among the children become text. */
function element(tag, { text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The same for drawings. */
function drawn(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== "" && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A section that folds. */
function fold(title, open, ...children) {
  const box = element("details", { class: "fold", open }, element("summary", { text: title }), ...children);
  return box;
}

/** A round mark with the letter of a class. */
function classChip(key) {
  const look = payload.looks[key];
  const chip = element("span", { class: "chip " + look.pattern, text: look.letter, title: look.label });
  chip.style.setProperty("--fill", look.fill);
  chip.style.setProperty("--ink", look.ink);
  return chip;
}
