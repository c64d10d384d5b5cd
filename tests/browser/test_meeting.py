"""What the map does in a meeting: print, present, measure, take notes home."""

import itertools
import json
import re

import pytest
from pyproj import Geod

pytestmark = pytest.mark.browser
GEOD = Geod(ellps="WGS84")
MM = 96 / 25.4
EVIL = "</script><img src=x onerror=window.ran=1> ${1} {{ 7*7 }} \u2028 \ud800 åäö 🏭 \u202e"


def clean(page):
    assert all(url.startswith(("file://", "blob:")) for url in page.seen["requests"])
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert page.evaluate("window.ran") is None


def tool(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    return page.locator(".toolbox")


def degrees(page, x, y):
    """Return the place at a point of the window, by the bounds of the map as Leaflet has them."""
    return page.evaluate(
        """([x, y]) => {
          const box = map_1.getContainer().getBoundingClientRect();
          const at = map_1.containerPointToLatLng([x - box.left, y - box.top]);
          return [at.lng, at.lat];
        }""",
        [x, y],
    )


def number_in(text):
    return float(re.search(r"[\d\u00a0]+(?:,\d+)?", text)[0].replace("\u00a0", "").replace(",", "."))


def spots(page):
    """Return three points of the window with nothing over the map."""
    box = page.locator(".folium-map").bounding_box()
    return [(box["x"] + dx, box["y"] + dy) for dx, dy in ((450, 250), (700, 270), (640, 430))]


def test_measures_by_mouse_as_geod_does(example, show):
    page = show(example.payload())
    box = tool(page, "Mät")
    points = spots(page)
    for x, y in points[:2]:
        page.mouse.click(x, y)
    east, north = zip(*(degrees(page, *point) for point in points), strict=True)
    told = box.locator(".measured").inner_text()
    assert told.startswith("Sträcka")
    assert number_in(told) == pytest.approx(GEOD.line_length(east[:2], north[:2]), rel=1e-3)
    page.wait_for_timeout(500)  # no double click
    page.mouse.click(*points[2])
    box.get_by_label("Yta").check()
    told = box.locator(".measured").inner_text()
    area, around = GEOD.polygon_area_perimeter(east, north)
    assert number_in(told) == pytest.approx(abs(area) / 1e4, rel=1e-3)
    assert number_in(told.split("omkrets")[1]) == pytest.approx(around, rel=1e-3)
    assert "ellipsoiden" in box.inner_text()
    assert page.locator("article.card").count() == 0  # a site under the point was not opened
    box.get_by_role("button", name="Stäng").click()
    assert page.locator(".sketching").count() == 0
    clean(page)


def test_measures_by_keyboard_alone(example, show):
    page = show(example.payload())
    page.get_by_role("button", name="Mät", exact=True).focus()
    page.keyboard.press("Enter")
    add = page.get_by_role("button", name="Punkt vid korset")
    add.focus()
    page.keyboard.press("Enter")
    here = page.evaluate("[map_1.getCenter().lng, map_1.getCenter().lat]")
    page.locator(".folium-map").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)  # the map glides
    page.keyboard.press("Enter")
    there = page.evaluate("[map_1.getCenter().lng, map_1.getCenter().lat]")
    told = page.locator(".measured").inner_text()
    assert here != there
    assert number_in(told) == pytest.approx(GEOD.inv(*here, *there)[2], rel=1e-3, abs=1)
    page.keyboard.press("Backspace")
    assert "Sätt ut punkter" in page.locator(".measured").inner_text()
    page.get_by_role("button", name="Ångra punkt").focus()
    page.keyboard.press("Escape")
    assert page.locator(".toolbox").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Mät"
    clean(page)


def take_note(page, text, kind="Punkt", count=1):
    box = page.locator(".toolbox")
    box.get_by_label(kind, exact=True).check()
    for x, y in itertools.islice(spots(page), count):
        page.mouse.click(x, y)
        page.wait_for_timeout(500)
    box.locator("textarea").fill(text)
    box.get_by_role("button", name="Lägg till").click()


def saved_copy(page, path):
    with page.expect_download() as download:
        page.get_by_role("button", name="Spara kopia").click()
    download.value.save_as(path)
    return download.value.suggested_filename


def test_a_copy_holds_the_notes_and_differs_in_nothing_else(example, show, tmp_path):
    page = show(example.payload(title="Mark & 'annat' \"här\" <b>"))
    tool(page, "Anteckna")
    take_note(page, "Här vill vi ha infarten")
    take_note(page, EVIL.replace("\ud800", ""), kind="Yta", count=3)
    take_note(page, "Ledningen", kind="Linje", count=2)
    copy = tmp_path / "kopia.html"
    assert saved_copy(page, copy) == "karta-med-anteckningar.html"
    before, after = ((tmp_path / name).read_text(encoding="utf-8") for name in ("karta.html", "kopia.html"))
    block = re.compile(r'(?<=id="notes">)[^<]*(?=</script>)')
    assert block.search(before)[0] == "[]"
    assert block.sub("[]", after) == before
    kept = json.loads(block.search(after)[0])
    assert [note["kind"] for note in kept] == ["point", "area", "line"]
    assert kept[1]["text"] == EVIL.replace("\ud800", "")
    page.goto(copy.as_uri())
    page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
    shown = page.locator(".leaflet-tooltip.note").all_text_contents()
    assert shown == [f"{place}. {note['text']}" for place, note in enumerate(kept, 1)]
    tool(page, "Anteckna")
    page.get_by_role("button", name="Ta bort: Anteckning 1").click()
    again = tmp_path / "igen.html"
    saved_copy(page, again)
    assert json.loads(block.search(again.read_text(encoding="utf-8"))[0]) == kept[1:]
    assert block.sub("[]", again.read_text(encoding="utf-8")) == before
    clean(page)


def test_notes_that_were_tampered_with_stay_text_or_are_left_out(example, show, tmp_path):
    page = show(example.payload())
    path = tmp_path / "karta.html"
    good = {"kind": "point", "at": [[57.78, 12.3]], "text": EVIL.replace("</script>", "")}
    bad = [
        None,
        7,
        {"kind": "constructor", "at": [[1, 2]], "text": "x"},
        {"kind": "point", "at": [["<b>", 2]], "text": "x"},
        {"kind": "area", "at": [[57, 12]], "text": "x"},
        {"kind": "point", "at": [[57, 12]], "text": {"x": 1}},
    ]
    written = json.dumps([*bad, good]).replace("<", "\\u003c")
    whole = path.read_text(encoding="utf-8")
    for words, count in ((written, 1), ("{not json", 0), ('{"a":1}', 0)):
        path.write_text(whole.replace('id="notes">[]', f'id="notes">{words}'), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelectorAll('#panel > *').length > 0")
        assert page.locator(".leaflet-tooltip.note").count() == count
    clean(page)


def test_a_note_needs_a_drawing_and_words(example, show):
    page = show(example.payload())
    box = tool(page, "Anteckna")
    box.get_by_role("button", name="Lägg till").click()
    assert "Rita på kartan och skriv" in box.inner_text()
    box.locator("textarea").fill("Bara text")
    box.get_by_role("button", name="Lägg till").click()
    assert page.locator(".leaflet-tooltip.note").count() == 0
    clean(page)


def test_presents_one_site_after_another(example, show):
    payload = example.payload()
    page = show(payload)
    page.get_by_role("button", name="Presentera").click()
    assert page.locator("#panel").is_hidden()
    assert page.locator(".presented").is_visible()
    names = []
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        names.append(page.locator(".presented .headline .data").inner_text())
    order = [payload["sites"]["ids"][place] for place in (0, 2, 1, 3, 4)]
    assert names == [*order, order[-1]]
    page.keyboard.press("PageUp")
    assert page.locator(".presented .headline .data").inner_text() == order[-2]
    page.get_by_role("button", name="Föregående").click()
    assert page.locator(".presented .headline .data").inner_text() == order[-3]
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.presented .headline')).fontSize)")
    assert size >= 28
    page.get_by_role("button", name="Avsluta").click()
    assert page.locator("#panel").is_visible()
    assert page.locator("article.card h2").inner_text() == order[-3]
    clean(page)


def pages_of(pdf):
    """Return the sizes of a PDF's pages in millimetres; Chromium writes them as plain text."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [tuple(round(float(side) / 72 * 25.4) for side in box) for box in boxes]


@pytest.mark.parametrize(("paper", "size"), [("A4", (297, 210)), ("A3", (420, 297))])
def test_prints_a_sheet_that_the_map_fills(example, show, paper, size):
    page = show(example.payload(modelled=True))
    box = tool(page, "Skriv ut")
    box.get_by_label(paper).check()
    box.get_by_label("Ta med listan").uncheck()
    page.keyboard.press("Escape")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [size]
    tool(page, "Skriv ut").get_by_label("Ta med listan").check()
    page.keyboard.press("Escape")
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) > 1
    assert set(sheets) == {size}
    clean(page)


def test_the_sheet_says_what_it_must(example, show):
    page = show(example.payload(modelled=True))
    page.locator(".control:has(.legend) summary").click()  # folded on the screen, open on paper
    before = page.evaluate("[map_1.getZoom(), map_1.getCenter().lat]")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    room = page.locator("#map-room").bounding_box()
    assert room["width"] == pytest.approx(277 * MM, abs=2)
    foot = page.locator(".sheet-foot").bounding_box()
    assert foot["y"] + foot["height"] == pytest.approx(190 * MM, abs=6)
    assert room["height"] > 0.7 * 190 * MM
    for part in (
        "h1",
        ".date",
        ".audience",
        ".legend",
        ".north",
        ".leaflet-control-scale-line",
        ".watermark",
        ".made-up",
    ):
        assert page.locator(part).first.is_visible(), part
    told = page.locator(".sheet-foot").inner_text()
    assert "Översiktlig analys, inte ett beslut" in told
    assert "Boverket, Planbestämmelsekatalogen" in told
    for part in (".tools", ".leaflet-control-zoom", ".toolbox"):
        assert page.locator(part).is_hidden()
    scale = number_in(told.split("1:")[1])
    width_m = page.evaluate(
        "map_1.distance(map_1.containerPointToLatLng([0, 200]), map_1.containerPointToLatLng([500, 200]))"
    )
    assert scale == pytest.approx(width_m / (500 / MM / 1000), rel=0.06)
    assert page.evaluate("[...document.querySelectorAll('.folium-map canvas')].every((canvas) => canvas.width > 0)")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("[map_1.getZoom(), map_1.getCenter().lat]") == pytest.approx(before)
    assert not page.locator(".legend").is_visible()
    clean(page)


def test_the_print_command_opens_the_choice_of_paper(example, show):
    page = show(example.payload())
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    page.keyboard.press("Control+p")
    assert page.locator(".toolbox").get_by_label("A4").is_checked()
    page.keyboard.press("Control+p")
    page.wait_for_timeout(500)  # two frames
    assert page.evaluate("window.printed") == 1
    assert "printing" in page.evaluate("document.body.className")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    clean(page)


def test_english_tools(example, show):
    page = show(example.payload(language="en", audience="extern"))
    names = page.locator(".tools button").all_inner_texts()
    assert names == ["Measure", "Note", "Print", "Full screen", "Present"]
    tool(page, "Measure")
    for x, y in spots(page)[:2]:
        page.mouse.click(x, y)
    assert page.locator(".measured").inner_text().startswith("Distance: ")
    clean(page)


def with_comparison(example):
    """Return the payload with another result: one site gone since, one new, one farther from the E20."""
    from landready.scoring.scorecard import score
    from landready.webmap.compare import Result, comparison

    def result(frame, title, e20_m):
        found = example.measured(frame)
        found.frame.iloc[1, found.frame.columns.get_loc("e20_m")] += e20_m
        cards = {profile.id: score(found, profile) for profile in example.PROFILES[1:]}
        return Result(title=title, date="2024-01-01", sites=frame, scorecards=cards)

    frame = example.sites()
    before = frame.iloc[:-1].rename(index={"Exempelby 1:1": "<b>Exempelby</b> 1:1"})
    block = comparison(
        result(frame, "Nu", 0), result(before, "Mark <i>2024</i>", 0), ids=list(frame.index), language="sv"
    )
    return example.payload() | {"compare": block}


def test_compares_with_another_result(example, show):
    payload = with_comparison(example)
    page = show(payload)
    tool(page, "Jämför")
    assert "Verksamhetstypen finns inte" in page.locator(".toolbox").inner_text()
    page.locator("#profile").select_option(label="Kontor")
    rows = page.locator(".comparison tbody tr")
    assert rows.count() == 5
    new = page.locator(".comparison .kind-new")
    assert new.inner_text().startswith("Exempelby 4:4")
    assert "nytt område" in new.inner_text()
    renamed = page.locator(".comparison tr", has_text="Exempelby 1:1")
    assert "2 → 3" in renamed.inner_text()
    assert "andra områden har ändrats" in renamed.inner_text()
    page.get_by_label("Den andra: Mark <i>2024</i>").check()
    page.keyboard.press("Escape")
    assert page.locator("path.other-site").count() == 4
    assert page.locator("path.site").first.is_hidden()
    assert page.locator(".shown-other").inner_text().startswith("Kartan visar: Mark <i>2024</i> (2024-01-01)")
    there = payload["compare"]["profiles"][0]
    fills = page.locator("path.other-site").evaluate_all("paths => paths.map(path => path.getAttribute('fill'))")
    looks = payload["looks"]
    expected = [
        looks[key]["fill"] if looks[key]["pattern"] == "solid" else f"url(#pattern-{key})" for key in there["class"]
    ]
    assert fills == expected
    page.get_by_role("button", name="Tillbaka").click()
    assert page.locator("path.other-site").count() == 0
    assert page.locator("path.site").first.is_visible()
    page.get_by_role("button", name="Jämför").click()
    page.get_by_role("button", name="Exempelby 4:4").first.click()
    assert page.locator("article.card h2").inner_text() == "Exempelby 4:4"
    clean(page)


def test_nothing_to_compare_with_no_button(example, show):
    assert show(example.payload()).get_by_role("button", name="Jämför").count() == 0
