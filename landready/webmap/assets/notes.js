// Notes that a reader draws on the map. They live in the page until it is closed, and in a copy of the file that the
// reader saves: of the copy only the block of notes differs, which is data and never runs.

const NOTE_LENGTH = 2000;
const NOTE_PLACES = { point: 1, line: 2, area: 3 };
const NOTE_MOST_PLACES = 5000;

/** The page as it was delivered; taken before anything is put into it. */
function rememberPage() {
  const isLarge = (node) => node.nodeName === "SCRIPT";
  return {
    root: document.documentElement.cloneNode(false),
    head: document.head.cloneNode(true),
    body: document.body.cloneNode(false),
    // Scripts and data never change, so that they need no second copy in memory.
    parts: [...document.body.childNodes].map((node) => (isLarge(node) ? node : node.cloneNode(true))),
  };
}

/** What a block of notes says, as far as it is notes; a file may have been edited by hand. */
function readNotes(words) {
  let found;
  try {
    found = JSON.parse(words);
  } catch {
    return [];
  }
  const isPlace = (place) => Array.isArray(place) && place.length === 2 && place.every(Number.isFinite) && Math.abs(place[0]) <= 90;
  const isNote = (note) =>
    note !== null &&
    typeof note === "object" &&
    typeof note.text === "string" &&
    Object.hasOwn(NOTE_PLACES, note.kind) &&
    Array.isArray(note.at) &&
    note.at.length >= NOTE_PLACES[note.kind] &&
    note.at.length <= NOTE_MOST_PLACES &&
    note.at.every(isPlace);
  const kept = Array.isArray(found) ? found.filter(isNote) : [];
  return kept.map(({ kind, at, text }) => ({ kind, at, text: text.slice(0, NOTE_LENGTH) }));
}

/** Notes as JSON that may stand inside a script element: no markup, no line ends that end a line of script. */
function inertNotes(list) {
  const escaped = (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0");
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  return JSON.stringify(list).replace(/[<>&\u2028\u2029]/g, escaped).replace(lone, escaped);
}

/** The page as a file, with these notes in it. */
function copyWith(page, list) {
  const [root, body] = [page.root.cloneNode(false), page.body.cloneNode(false)];
  for (const part of page.parts) body.append(part.cloneNode(true));
  body.querySelector("script#notes").textContent = inertNotes(list);
  body.append("\n"); // the page was taken while its last script ran, before what follows that
  root.append("\n", page.head.cloneNode(true), "\n", body, "\n");
  return "<!DOCTYPE html>\n" + root.outerHTML;
}

function download(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/html;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** The name of the open file with the word for notes, once. */
function copyName() {
  let name = location.pathname.split("/").pop();
  try {
    name = decodeURIComponent(name);
  } catch {
    // The address holds a per cent sign of its own: it stays as it is.
  }
  const mark = "-" + t("note_file");
  const stem = name.replace(/\.html?$/i, "") || "karta";
  return (stem.endsWith(mark) ? stem : stem + mark) + ".html";
}

function notes(app, sketching) {
  const { map } = app;
  const list = readNotes(document.getElementById("notes").textContent);
  const style = { pane: "sketch", interactive: false, color: "#b3005e", weight: 3, fillOpacity: 0.1 };
  const drawing = L.layerGroup().addTo(map);
  let unsaved = false;
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  function shapeOf({ kind, at }) {
    if (kind === "point") return L.circleMarker(at[0], { ...style, radius: 6, fillOpacity: 1 });
    return kind === "line" ? L.polyline(at, style) : L.polygon(at, style);
  }
  function draw() {
    drawing.clearLayers();
    list.forEach((note, place) => {
      const words = element("span", { class: "data", text: `${place + 1}. ${note.text}` });
      shapeOf(note).bindTooltip(words, { permanent: true, direction: "right", className: "note", offset: [8, 0] }).addTo(drawing);
    });
  }
  function changed(items) {
    unsaved = list.length > 0;
    draw();
    fill(items);
  }
  function fill(items) {
    items.replaceChildren(
      ...list.map((note, place) => {
        const name = t("note_number", { number: place + 1 });
        const go = action(note.text, () => map.fitBounds(L.latLngBounds(note.at), { maxZoom: map.getZoom(), animate: false }), { class: "open data", "aria-label": `${name}: ${note.text}` });
        const remove = action(t("note_remove"), () => {
          list.splice(place, 1);
          changed(items);
          items.focus();
        }, { "aria-label": `${t("note_remove")}: ${name}` });
        return element("li", {}, go, remove);
      }),
    );
  }
  function open() {
    let kind = "point";
    let placed = [];
    const items = element("ol", { class: "note-list", tabindex: "-1", "aria-label": t("note_list") });
    const text = element("textarea", { id: "note-text", rows: 3, maxlength: NOTE_LENGTH });
    const told = element("output", { class: "quiet", "aria-live": "polite" });
    const which = choices("note-kind", t("note_what"), { point: t("note_point"), line: t("note_line"), area: t("note_area") }, kind, (key) => {
      kind = key;
      sketching.setKind(key);
    });
    function keep() {
      if (placed.length < NOTE_PLACES[kind] || !text.value.trim()) {
        told.textContent = t("note_incomplete");
        (text.value.trim() ? map.getContainer() : text).focus();
        return;
      }
      list.push({ kind, at: placed.map((place) => place.map((degrees) => Math.round(degrees * 1e6) / 1e6)), text: text.value.trim() });
      text.value = "";
      sketching.clear();
      changed(items);
      told.textContent = t("note_kept", { count: number(list.length) });
    }
    function save() {
      const name = copyName();
      download(name, copyWith(app.delivered, list));
      unsaved = false;
      told.textContent = t("note_saved", { name });
    }
    sketching.begin({ kind, change: (places) => (placed = places), done: () => text.focus() });
    fill(items);
    const written = element("div", { class: "written" }, element("label", { for: "note-text", text: t("note_text") }), text);
    const buttons = element("div", { class: "buttons" }, action(t("note_keep"), keep, { class: "keep main" }), action(t("note_save"), save, { class: "save" }));
    const help = element("p", { class: "quiet help", text: t("sketch_help") + " " + t("note_help") });
    return { title: t("note_tool"), nodes: [which, sketchButtons(sketching), written, buttons, told, items, help], closed: sketching.end };
  }
  draw();
  return { id: "note", title: t("note_tool"), open };
}
