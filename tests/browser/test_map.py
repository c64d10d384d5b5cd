"""The map as people meet it: opened from disk, no network, by mouse and by keyboard."""

import itertools
import math
import re

import pytest
import shapely

from landready.errors import Finding

pytestmark = pytest.mark.browser

HOSTILE = [
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "`${window.ran=1}`",
    "{{ 7 * 7 }}{% raw %}",
    "a\u2028b\u2029c",
    "\\u003cb\\u003e &lt;b&gt; &amp;",
    "javascript:window.ran=1",
    "__proto__",
    "constructor",
    "$& $1 {rank}",
]


def ids(page):
    return page.locator("button.open").all_inner_texts()


def corners(payload):
    """Return a place well inside the south-western corner of each site, where no mark stands: latitude, longitude."""
    boxes = [shapely.geometry.shape(shape).bounds for shape in payload["sites"]["shapes"]]
    return [(0.85 * south + 0.15 * north, 0.9 * west + 0.1 * east) for west, south, east, north in boxes]


def looks(drawn, payload):
    """Return the colours that the sites are drawn in."""
    return [drawn.colour(*place) for place in corners(payload)]


def clean(page):
    """Tell that the page asked for nothing but itself, complained of nothing, and ran nothing of the data's."""
    assert len(page.seen["requests"]) == 1
    assert page.seen["requests"][0].startswith("file://")
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert page.evaluate("window.ran") is None


def test_opens_from_disk_with_all_sites_and_asks_for_nothing(example, show, drawn):
    page = show(example.payload())
    assert drawn.count() == 5
    assert page.evaluate("document.documentElement.lang") == "sv"
    assert page.locator("h1").inner_text() == "Verksamhetsmark i Exempelby"
    assert page.locator(".audience").inner_text() == "INTERN"
    assert "Underlag för prövning – inget beslut" in page.locator("#foot").inner_text()
    assert page.locator(".count").inner_text() == "2 rangordnade av 5"
    assert page.locator(".name", has_text="E20").count() >= 1
    assert page.locator(".made-up").count() == 0
    clean(page)


def test_sites_are_drawn_where_they_are(example, show, drawn):
    payload = example.payload()
    show(payload)
    found = looks(drawn, payload)
    blue = [0x43, 0x4E, 0x6C]
    for place in (0, 2):
        assert found[place][:3] == pytest.approx(blue, abs=2)
        assert found[place][3] == pytest.approx(0.88 * 255, abs=2)
    for place in (1, 3, 4):  # hatched
        assert found[place][0] == found[place][1] == found[place][2] > 0
    boxes = [shapely.geometry.shape(shape).bounds for shape in payload["sites"]["shapes"]]
    for west, south, east, north in boxes:
        edge = 0.15 * (east - west)
        assert drawn.colour((south + north) / 2, west - edge)[3] == 0
        assert drawn.colour(north + edge, (west + east) / 2)[3] == 0


def test_the_card_says_what_python_says(example, show, drawn):
    payload = example.payload()
    page = show(payload)
    page.mouse.click(*drawn.at(*corners(payload)[0]))
    card = page.locator("article.card")
    industry = payload["profiles"][0]
    assert card.locator("h2").inner_text() == payload["sites"]["ids"][0]
    assert card.locator(".rank").inner_text() == "Rang 1 av 2"
    assert card.locator(".total strong").inner_text() == f"{industry['total'][0] * 100:.1f}".replace(".", ",")
    value = {
        row.get_attribute("data-criterion"): row.locator(".value").inner_text()
        for row in card.locator(".bars li").all()
    }
    assert value == {
        "area_ha": "15,0\u00a0ha",
        "e20_m": "högst 900\u00a0m",
        "flood_share": "0\u00a0%",
        "municipal_share": "0\u00a0%",
    }
    assert card.locator("dd.coverage").inner_text() == "100\u00a0%"
    assert "krav ≥ 2,0\u00a0ha: uppfyllt" in card.locator(".requirements").inner_text()
    assert card.locator(".tag").inner_text() == "modellerat"
    assert "Exempelby 1:1 B" in card.locator(".parcels").inner_text()
    clean(page)


def test_sites_that_share_places_are_told_so_and_marked_together(example, show, drawn):
    payload = example.payload()
    industry = payload["profiles"][0]
    ranked = [place for place, here in enumerate(industry["ranked"]) if here]
    for place in ranked:
        industry["rank"][place] = 1.5
    page = show(payload)
    assert page.locator("td.rank").all_inner_texts()[:2] == ["1–2", "1–2"]
    assert page.locator(".chip.mark.top").all_inner_texts() == ["1–2", "1–2"]
    page.mouse.click(*drawn.at(*corners(payload)[0]))
    assert page.locator("article.card .rank").inner_text() == "Delad plats 1–2 av 2"
    clean(page)


def test_unknown_and_unreachable_are_named(example, show):
    payload = example.payload()
    page = show(payload)
    page.get_by_role("button", name="Exempelby 1:2 · 2").click()
    row = page.locator('[data-criterion="flood_share"]')
    assert row.locator(".value").inner_text() == "okänt"
    assert "okänt, räknas inte in" in row.inner_text()
    assert page.locator("dd.coverage").inner_text() == "80\u00a0%"
    low, high = (
        f"{payload['profiles'][0][name][1] * 100:.1f}".replace(".", ",") for name in ("total_low", "total_high")
    )
    assert page.locator(".bounds").inner_text() == f"mellan {low} och {high}"
    assert "Inte rangordnat" in page.locator("article .rank").inner_text()
    page.locator("#profile").select_option(label="Kontor")
    page.locator("button.back").click()
    page.get_by_role("button", name="Exempelby 2:7").click()
    assert page.locator('[data-criterion="station_min"] .value').inner_text() == "nås inte"


def test_profile_switch_changes_order_and_colours(example, show, drawn):
    payload = example.payload()
    page = show(payload)
    order = [payload["sites"]["ids"][place] for place in (0, 2, 1, 3, 4)]
    assert ids(page) == order
    before = looks(drawn, payload)
    page.locator("#profile").select_option(label="Kontor")
    office = payload["profiles"][1]
    ranked = sorted((rank, site) for rank, site in zip(office["rank"], payload["sites"]["ids"], strict=True) if rank)
    assert ids(page)[: len(ranked)] == [site for _, site in ranked]
    assert ids(page) != order
    after = looks(drawn, payload)
    assert after != before
    legend = page.locator(".legend li[data-look^=score], .legend li[data-look=unranked]").count()
    assert legend == len(set(office["class"]))
    clean(page)


def test_sorting_says_so_and_puts_the_missing_last(example, show):
    page = show(example.payload())
    page.get_by_role("button", name="Poäng").click()
    assert page.locator("th.total").first.get_attribute("aria-sort") == "descending"
    totals = [float(text.split()[0].replace(",", ".")) for text in page.locator("td.total").all_inner_texts()]
    assert totals == sorted(totals, reverse=True)
    page.get_by_role("button", name="Rang", exact=False).first.click()
    assert page.locator("td.rank").all_inner_texts()[-3:] == ["–", "–", "–"]
    page.get_by_role("button", name="Rang", exact=False).first.click()
    assert page.locator("td.rank").all_inner_texts() == ["2", "1", "–", "–", "–"]


def test_legend_follows_the_layers(example, show, drawn):
    page = show(example.payload())
    assert page.locator('.legend [data-look="water"]').count() == 1
    assert page.locator('.legend [data-look="score_b"]').count() == 1
    assert page.locator('.legend [data-look="score_a"]').count() == 0
    page.get_by_text("Lager", exact=True).click()
    page.get_by_label("Vatten").uncheck()
    assert page.locator('.legend [data-look="water"]').count() == 0
    page.get_by_role("checkbox", name="Utredningsområden").uncheck()
    assert drawn.count() == 0
    assert page.locator('.legend [data-look="score_b"]').count() == 0
    page.get_by_role("checkbox", name="Utredningsområden").check()
    assert drawn.count() == 5
    page.get_by_label("Ortnamn").uncheck()
    assert page.locator(".name").count() == 0
    clean(page)


def test_the_four_classes_of_land_can_be_shown_and_stand_in_the_legend_then(example, show, drawn):
    names = {
        "free": "Mark utan kända restriktioner",
        "conditional": "Mark som kräver prövning",
        "excluded": "Undantagen mark",
        "unmapped": "Ej kartlagd mark",
    }
    payload = example.payload()
    payload["land"] = [
        {"look": look, "shape": shape} for look, shape in zip(names, payload["sites"]["shapes"], strict=False)
    ]
    page = show(payload)
    page.get_by_text("Lager", exact=True).click()
    assert drawn.count("land") == 1  # nobody may take unmapped land for free
    assert page.get_by_label(names.pop("unmapped")).is_checked()
    assert page.locator('.legend [data-look="unmapped"]').count() == 1
    for shown, (look, name) in enumerate(names.items(), start=2):
        assert page.locator(f'.legend [data-look="{look}"]').count() == 0
        page.get_by_label(name).check()
        assert drawn.count("land") == shown
        assert page.locator(f'.legend [data-look="{look}"]').count() == 1
    clean(page)


def test_warnings_stand_open_and_notes_are_folded_beneath(example, show):
    page = show(example.payload())
    page.get_by_text("Brister och antaganden (2)").click()
    warnings, notes = page.locator(".findings").all()
    assert warnings.locator("li.warning").count() == warnings.locator("li").count() == 1
    assert warnings.is_visible()
    assert not notes.is_visible()
    page.get_by_text("Upplysningar (1)").click()
    assert notes.locator("li.note .data").all_inner_texts() == ["Fri text om underlaget."]
    assert notes.is_visible()


def test_sources_are_named_in_words_where_the_role_is_one_of_a_kind(example, show):
    page = show(example.payload())
    page.get_by_text("Källor", exact=True).click()
    assert page.locator(".plain .data", has_text="Vatten, Vägar, Järnväg, Stationer, Orter: Exempel").count() == 1
    assert page.locator(".rest .plain li").count() == 2


def test_the_list_says_how_far_the_unknown_may_move_a_score(example, show):
    payload = example.payload()
    page = show(payload)
    low, high = (f"{payload['profiles'][0][name][1] * 100:.0f}" for name in ("total_low", "total_high"))
    row = page.locator("tr", has_text="Exempelby 1:2 · 2").locator("td.total").inner_text()
    assert row.endswith(f" ({low}–{high})")
    assert "(" not in page.locator("tr", has_text="Exempelby 1:1").first.locator("td.total").inner_text()


def test_the_card_says_what_touches_the_site_and_by_which_law(example, show):
    payload = example.payload()
    shore = {"kind": "strong", "label": "Strandskydd", "law": "MB 7 kap. 13–18 §§", "ha": 2.3, "share": 0.42}
    clay = {"kind": "info", "label": "Lera", "law": None, "ha": 5.4, "share": 1.0}
    payload["sites"]["restrictions"] = [[shore, clay], [], [], [], []]
    page = show(payload)
    page.get_by_role("button", name="Exempelby 1:1").click()
    trial, told = page.locator(".restrictions").all()
    assert trial.inner_text().split("\n") == ["Strandskydd", "2,3\u00a0ha (42\u00a0%)", "MB 7 kap. 13–18 §§"]
    assert not told.is_visible()
    page.get_by_text("att beakta (1)").click()
    assert "Lera" in told.inner_text()
    page.locator("button.next").click()
    assert page.locator(".restrictions").count() == 0


def test_roads_are_other_roads_only_beside_main_ones(example, show):
    payload = example.payload()
    page = show(payload)
    assert page.locator('.legend [data-look="road_main"]').inner_text() == "huvudväg"
    roads = next(entry for entry in payload["context"] if entry["id"] == "roads")
    roads["parts"] = [part for part in roads["parts"] if part["look"] == "road_other"]
    page = show(payload)
    page.wait_for_selector('.legend [data-look="road_other"]')
    assert page.locator('.legend [data-look="road_other"]').inner_text() == "väg"


def test_the_first_ranks_are_marked_on_the_map_and_in_the_legend(example, show):
    payload = example.payload()
    page = show(payload)
    ranks = sorted(f"{rank:g}" for rank in payload["profiles"][0]["rank"] if rank is not None)
    assert sorted(page.locator(".letter .chip.top").all_inner_texts()) == ranks
    assert page.locator('.legend [data-look="top"]').inner_text().split() == ["1", "rang", "1–10"]
    page.get_by_text("Lager", exact=True).click()
    page.get_by_role("checkbox", name="Utredningsområden").uncheck()
    assert page.locator('.letter .chip.top, .legend [data-look="top"]').count() == 0


def test_no_mark_or_letter_covers_another_and_all_ten_ranks_are_there(example, show):
    frame = example.sites(ids=[f"Exempelby 1:{number}" for number in range(40)])
    corners = [(example.WEST + 100 * (place % 8), example.SOUTH + 100 * (place // 8)) for place in range(40)]
    close = [shapely.box(west, south, west + 90, south + 90) for west, south in corners]
    payload = example.payload(sites=frame.set_geometry(close, crs=example.CRS))
    page = show(payload)
    boxes = [chip.bounding_box() for chip in page.locator(".letter .chip").all()]
    marks = page.locator(".letter .chip.top").all_inner_texts()
    first = [f"{rank:g}" for rank in payload["profiles"][0]["rank"] if rank is not None and rank <= 10]
    assert sorted(marks) == sorted(rank.replace(".", ",") for rank in first)
    assert len(marks) > 1
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    apart = [math.dist(one, other) for one, other in itertools.combinations(middles, 2)]
    assert min(apart) >= 9.5
    ranks = [chip.bounding_box() for chip in page.locator(".letter .chip.top").all()]
    assert min(math.dist((a["x"], a["y"]), (b["x"], b["y"])) for a, b in itertools.combinations(ranks, 2)) >= 24


def test_no_site_opens_beneath_the_legend(example, show, drawn):
    payload = example.payload()
    page = show(payload)
    legend = page.locator("details", has=page.locator(".legend")).bounding_box()
    boxes = [shapely.geometry.shape(shape).bounds for shape in payload["sites"]["shapes"]]
    edges = [drawn.at(south, west)[0] for west, south, _, _ in boxes]
    assert min(edges) >= legend["x"] + legend["width"]


def test_the_head_of_the_list_covers_the_rows_beneath_it(example, show):
    page = show(example.payload(sites=example.sites(ids=[f"Exempelby 1:{n}" for n in range(40)])))
    page.locator(".table").evaluate("box => (box.scrollTop = 300)")
    covered = page.evaluate(
        """() => [...document.querySelectorAll("thead th")].map((cell) => {
          const b = cell.getBoundingClientRect();
          return cell.contains(document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2));
        })"""
    )
    assert all(covered)
    displays = page.locator("th.site").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).display)")
    assert set(displays) == {"table-cell"}


def test_paper_has_warnings_unfolded_and_the_screen_comes_back(example, show):
    page = show(example.payload())
    before = page.locator("#map-room").bounding_box()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".findings li.warning").is_visible()
    assert not page.locator(".leaflet-control-zoom").is_visible()
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#map-room").bounding_box() == before
    assert not page.locator(".findings li.warning").is_visible()
    clean(page)


def test_everything_by_keyboard(example, show, drawn):
    payload = example.payload()
    page = show(payload)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "profile"
    first = page.locator("button.open").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Exempelby 1:1"
    south, west = min(shape[::-1] for shape in payload["sites"]["shapes"][0]["coordinates"][0])
    assert drawn.colour(south, west) == pytest.approx([0xB3, 0x00, 0x5E, 255], abs=6)
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") == "next"
    page.keyboard.press("Enter")
    assert page.locator("article h2").inner_text() == "Exempelby 2:7"
    assert page.evaluate("document.activeElement.className") == "next"
    page.keyboard.press("Escape")
    assert not page.locator("article.card").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Exempelby 2:7"
    assert page.locator("tr.selected button.open").inner_text() == "Exempelby 2:7"
    clean(page)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_hostile_text_is_shown_and_nothing_runs(example, show, language):
    every = " ".join(HOSTILE)
    context = example.context(HOSTILE[1])
    context[HOSTILE[0]] = context["water"]  # two layers of one role go by their own names
    payload = example.payload(
        sites=example.sites(ids=HOSTILE),
        title=every,
        context=context,
        findings=HOSTILE,
        sources=HOSTILE,
        language=language,
    )
    page = show(payload)
    assert page.locator("h1").text_content() == every
    assert sorted(page.locator("button.open").evaluate_all("list => list.map(b => b.textContent)")) == sorted(HOSTILE)
    assert sorted(page.locator(".findings .data").evaluate_all("list => list.map(b => b.textContent)")) == sorted(
        HOSTILE
    )
    for place in range(len(HOSTILE)):
        page.locator("button.open").nth(place).click()
        assert page.locator("article h2").text_content() in HOSTILE
        assert page.locator(".pin strong").text_content() == page.locator("article h2").text_content()
        page.locator("button.back").click()
    assert page.locator("img, h1 *, .findings script, svg[onload]").count() == 0
    clean(page)


def test_the_policy_stops_handlers_that_slip_in(example, show):
    page = show(example.payload())
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=1\">')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in error for error in page.seen["errors"])


def test_english(example, show):
    mark = "Modelled example data – not real plans or properties"
    page = show(example.payload(language="en", audience="extern", modelled=True, watermark=mark))
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator(".audience").inner_text() == "EXTERNAL"
    assert page.locator(".made-up").inner_text() == mark
    page.locator("button.open").first.click()
    assert re.fullmatch(r"\d+\.\d", page.locator(".total strong").inner_text())
    assert "Land in the site" in page.locator("article").inner_text()
    page.locator("button.back").click()
    page.get_by_text("Gaps and assumptions").click()
    page.get_by_text("Notes (2)").click()
    assert "1 criteria rest on data that is not released" in page.locator(".findings").last.inner_text()
    clean(page)


def test_phone_width_has_no_sideways_scroll_and_keeps_the_map_in_view(example, show, page):
    page.set_viewport_size({"width": 390, "height": 800})
    show(example.payload(modelled=True))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".made-up").is_visible()
    page.locator("button.open").last.click()
    box = page.locator("#map-room").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < 800
    assert page.locator("article h2").bounding_box()["y"] < 800
    clean(page)


def test_no_sites_at_all(example, show):
    page = show(example.payload(sites=example.sites(ids=()), members=None, scorecards={}, land_totals={}))
    assert "Inga utredningsområden" in page.locator("#panel").inner_text()
    clean(page)


def test_nothing_at_all(example, show, drawn):
    page = show(example.payload(sites=example.sites(ids=()), members=None, context={}, findings=(), sources=()))
    assert drawn.count() == 0
    clean(page)


def test_land_taken_in_against_a_constraint_stands_open(example, show):
    taken = Finding(
        "constraint_include_used", {"constraint": "Kommunens mark", "why": "gata", "case": "KS 1"}, "warning"
    )
    page = show(example.payload(findings=[taken, "Fri text."]))
    assert "Kommunens mark" in page.locator(".rest > .findings").inner_text()
    assert not page.get_by_text("Fri text.").is_visible()
    clean(page)
