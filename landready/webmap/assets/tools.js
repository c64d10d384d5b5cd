// The row of tools in the heading, and the box over the map where the one that is in use stands.

/** A button with words. */
function action(words, run, attributes = {}) {
  const button = element("button", { type: "button", text: words, ...attributes });
  button.addEventListener("click", run);
  return button;
}

/** Where the tool in use stands: one at a time, closed by its button, by Escape, or by the tool's own button. */
function toolBox() {
  const heading = element("h2", { id: "tool-name", tabindex: "-1" });
  const content = element("div", { class: "tool-content" });
  const box = element("section", { class: "toolbox", "aria-labelledby": "tool-name", hidden: true });
  let current = null;
  function close() {
    if (!current) return;
    const { button, closed } = current;
    current = null;
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (closed) closed();
    if (box.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  }
  function open(button, { title, nodes, closed, wide }) {
    current = { button, closed };
    button.setAttribute("aria-expanded", "true");
    heading.textContent = title;
    content.replaceChildren(...nodes);
    box.classList.toggle("wide", Boolean(wide));
    box.hidden = false;
    heading.focus({ preventScroll: true });
  }
  box.append(element("header", {}, heading, action("×", close, { class: "shut", "aria-label": t("tool_close"), title: t("tool_close") })), content);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.getElementById("map-room").append(box);
  return { open, close, usedBy: (button) => current !== null && current.button === button };
}

/** Add the tools to the heading. Each is told the box, and gives the words of its button and what opens it. */
function tools(app) {
  const box = toolBox();
  const row = element("div", { class: "tools", role: "group", "aria-label": t("tools") });
  app.tools = { box, row };
  const sketching = sketch(app.map);
  const boxed = [measuring(sketching), notes(app, sketching), comparing(app), printing(app)].filter(Boolean);
  for (const tool of boxed) {
    const turn = () => {
      const used = box.usedBy(button);
      box.close(); // before the other tool begins: two may draw with the same pen
      if (!used) box.open(button, tool.open());
    };
    const button = action(tool.title, turn, { class: tool.id, "aria-expanded": "false" });
    row.append(button);
  }
  row.append(...presenting(app));
  document.getElementById("head").append(row);
}
