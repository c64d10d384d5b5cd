// Measuring lengths and areas on the map.

/** Metres as people say them: kilometres from ten on. */
function lengthText(metres) {
  return metres < 10000 ? quantity(metres, "m") : number(metres / 1000, 2) + "\u00a0" + t("unit.km");
}

/** Square metres as people say them: hectares from one on. */
function areaText(squareMetres) {
  return squareMetres < 10000 ? number(squareMetres) + "\u00a0m²" : number(squareMetres / 10000, 2) + "\u00a0" + t("unit.ha");
}

function measuring(sketching) {
  let kind = "line";
  function open() {
    const result = element("output", { class: "measured", "aria-live": "polite" });
    function change(places) {
      if (places.length < (kind === "area" ? 3 : 2)) result.textContent = t("measure_start");
      else if (kind === "line") result.textContent = t("measure_line_is", { length: lengthText(lengthM(places, false)) });
      else result.textContent = t("measure_area_is", { area: areaText(areaM2(places)), length: lengthText(lengthM(places, true)) });
    }
    const choose = (key) => {
      kind = key;
      sketching.setKind(key);
    };
    const which = choices("measure-kind", t("measure_what"), { line: t("measure_line"), area: t("measure_area") }, kind, choose);
    sketching.begin({ kind, change });
    const help = [t("sketch_help"), t("measure_how")].map((words) => element("p", { class: "quiet help", text: words }));
    return { title: t("measure"), nodes: [which, result, sketchButtons(sketching), ...help], closed: sketching.end };
  }
  return { id: "measure", title: t("measure"), open };
}
