"""Weights, filters, search, list and address of the map, each by mouse and by keyboard."""

import csv
import io
import itertools
import tomllib
from urllib.parse import parse_qsl

import pytest
import shapely

from landready.scoring.scorecard import score

pytestmark = pytest.mark.browser

HOSTILE_ADDRESSES = [
    "profile=<img src=x onerror=window.ran=1>",
    "weights=industri:area_ha=1",
    "weights=industri:area_ha=1,e20_m=1,flood_share=1,municipal_share=-1",
    "weights=industri:area_ha=1,e20_m=1,flood_share=1,municipal_share=1e999",
    "weights=industri:area_ha=1,e20_m=1,flood_share=1,municipal_share=1,constructor=1",
    "weights=__proto__:area_ha=1",
    "where=__proto__>=1",
    "where=area_ha>=nan",
    "where=area_ha>=1&where=area_ha>=2",
    "without=<b>x</b>",
    "site=constructor",
    "%E0%A4%A",
    "javascript:window.ran=1",
    "where=" + "9" * 30_000,
]


def clean(page):
    assert len(page.seen["requests"]) == 1
    assert page.seen["errors"] == []
    assert page.seen["dialogs"] == []
    assert page.evaluate("window.ran") is None


def ids(page):
    return page.locator("button.open").all_inner_texts()


def scores(page):
    """Return what the list says of each site: rank and score."""
    rows = page.locator("tbody tr").all()
    return {
        row.locator("button.open").inner_text(): (
            row.locator("td.rank").inner_text(),
            row.locator("td.total").inner_text(),
        )
        for row in rows
    }


def expected(example, weights, *, profile=0):
    """Return the same as Python scores it."""
    spec = example.PROFILES[profile]
    kept = {name: weight for name, weight in weights.items() if weight > 0}
    card = score(example.measured(example.sites()), spec.model_copy(update={"weights": kept}))
    return {site: written(row) for site, row in card.frame.iterrows()}


def written(row):
    rank = f"{row['rank']:g}".replace(".", ",") if row["ranked"] else "–"
    low, high = row["total_low"], row["total_high"]
    if high - low <= 5e-4:
        return rank, f"{row['total'] * 100:.1f}".replace(".", ",")
    return rank, f"{row['total'] * 100:.0f} ({low * 100:.0f}–{high * 100:.0f})"


def looks(drawn, payload):
    """Return the colours that the sites are drawn in, at a place where no mark stands."""
    boxes = [shapely.geometry.shape(shape).bounds for shape in payload["sites"]["shapes"]]
    return [drawn.colour(0.85 * south + 0.15 * north, 0.9 * west + 0.1 * east) for west, south, east, north in boxes]


def slide(page, criterion, weight):
    page.locator(f'[data-weight="{criterion}"]').fill(str(weight))
    still(page)


def still(page):
    """Wait until what was asked for is drawn: the policy lets no test poll the page by text."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def opened(page, name):
    page.locator(f".controls details.{name} > summary").click()
    return page


def fragment(page):
    page.wait_for_timeout(350)  # the address waits until things stand still
    return page.evaluate("location.hash.slice(1)")


def restricted(example):
    payload = example.payload()
    shore = {"kind": "strong", "label": "Strandskydd", "law": "MB 7 kap. 13–18 §§", "ha": 2.3, "share": 0.42}
    clay = {"kind": "info", "label": "Lera", "law": None, "ha": 5.4, "share": 1.0}
    payload["sites"]["restrictions"] = [[shore, clay], [], [clay], [], []]
    return payload


def test_a_slider_scores_ranks_and_colours_every_site_as_python_does(example, show, drawn):
    payload = example.payload()
    page = opened(show(payload), "weights")
    weights = dict(example.PROFILES[0].weights)
    assert scores(page) == expected(example, weights)
    colours = looks(drawn, payload)
    slide(page, "area_ha", 5)
    slide(page, "e20_m", 80)
    weights |= {"area_ha": 5, "e20_m": 80}
    assert scores(page) == expected(example, weights)
    assert looks(drawn, payload) != colours
    assert page.locator(".weights output").first.inner_text() == "5 p (4\u00a0%)"
    assert page.locator(".weights .tag").is_visible()
    slide(page, "flood_share", 0)
    assert scores(page) == expected(example, weights | {"flood_share": 0})
    page.locator(".reset").click()
    assert scores(page) == expected(example, dict(example.PROFILES[0].weights))
    assert not page.locator(".weights .tag").is_visible()
    assert page.locator(".reset").is_disabled()
    clean(page)


def test_sliders_by_keyboard(example, show):
    page = show(example.payload())
    page.locator(".weights > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.weight") == "area_ha"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageUp")
    weights = dict(example.PROFILES[0].weights) | {"area_ha": 49}
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "49 p (45\u00a0%)"
    assert scores(page) == expected(example, weights)
    page.keyboard.press("Home")
    still(page)
    assert scores(page) == expected(example, weights | {"area_ha": 0})
    page.locator(".reset").focus()
    page.keyboard.press("Enter")
    assert scores(page) == expected(example, dict(example.PROFILES[0].weights))
    clean(page)


def test_no_weight_left_is_said(example, show):
    page = opened(show(example.payload()), "weights")
    for name in example.PROFILES[0].weights:
        slide(page, name, 0)
    assert "Alla vikter är noll" in page.locator(".weights").inner_text()
    assert {rank for rank, _ in scores(page).values()} == {"–"}
    clean(page)


def test_the_card_follows_the_slider(example, show):
    page = opened(show(example.payload()), "weights")
    page.get_by_role("button", name="Exempelby 2:7").click()
    slide(page, "municipal_share", 20)
    card = page.locator(".card")
    total = float(card.locator(".total strong").inner_text().replace(",", "."))
    gains = [text.split(" p")[0] for text in card.locator(".gain").all_inner_texts()]
    assert sum(float(text.replace(",", ".")) for text in gains) == pytest.approx(total, abs=0.25)
    slide(page, "e20_m", 0)
    row = card.locator('[data-criterion="e20_m"] .gain')
    still(page)
    assert row.inner_text() == "räknas inte in"
    clean(page)


def test_each_profile_keeps_its_own_weights(example, show):
    page = opened(show(example.payload()), "weights")
    slide(page, "area_ha", 0)
    page.locator("#profile").select_option(label="Kontor")
    assert page.locator("[data-weight]").evaluate_all("all => all.map(one => one.dataset.weight)") == [
        "station_min",
        "area_ha",
        "flood_share",
    ]
    assert scores(page) == expected(example, dict(example.PROFILES[1].weights), profile=1)
    page.locator("#profile").select_option(label="Småindustri")
    assert scores(page) == expected(example, dict(example.PROFILES[0].weights) | {"area_ha": 0})


def test_weights_are_copied_as_lines_of_the_study_file(example, show):
    page = opened(show(example.payload()), "weights")
    slide(page, "area_ha", 33)
    slide(page, "e20_m", 0)
    page.get_by_role("button", name="Kopiera som TOML").click()
    lines = page.locator(".weights textarea").input_value()
    assert tomllib.loads(lines) == {"profiles": {"weights": {"area_ha": 33, "flood_share": 20, "municipal_share": 10}}}
    assert "# industri" in lines
    assert "e20_m" in lines
    still(page)
    clean(page)


def test_what_is_withheld_is_told_beside_the_sliders(example, show):
    page = opened(show(example.payload(audience="extern")), "weights")
    assert page.locator("[data-weight]").count() == 3
    assert "Kriterier som inte lämnas ut har kvar sina 10 poäng." in page.locator(".weights").inner_text()
    assert page.locator("output").first.inner_text() == "40 p (40\u00a0%)"
    slide(page, "area_ha", 0)
    slide(page, "e20_m", 53)
    weights = dict(example.PROFILES[0].weights) | {"area_ha": 0, "e20_m": 53}
    assert scores(page) == expected(example, weights)
    clean(page)


def test_a_link_repeats_the_view(example, show, page):
    opened(show(restricted(example)), "weights")
    slide(page, "area_ha", 12)
    opened(page, "filters")
    page.locator("#least-area_ha").fill("16,5")
    page.keyboard.press("Tab")
    page.locator(".ticks").locator("xpath=..").locator("summary").click()
    page.get_by_label("Strandskydd").check()
    page.get_by_role("button", name="Exempelby 4:4").click()
    words = parse_qsl(fragment(page))
    assert ("where", "area_ha>=16.5") in words
    assert ("without", "Strandskydd") in words
    assert ("site", "Exempelby 4:4") in words
    shown, link = scores(page), page.url
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("article.card")
    assert page.locator("article h2").inner_text() == "Exempelby 4:4"
    assert scores(page) == shown
    assert page.locator("#least-area_ha").input_value() == "16,5"
    assert not page.locator(".told").first.is_visible()
    assert page.seen["errors"] == []


def test_an_address_that_is_put_in_is_followed(example, show, page):
    show(example.payload())
    page.evaluate("location.hash = 'profile=kontor&weights=kontor:station_min=1,area_ha=900,flood_share=0'")
    still(page)
    weights = {"station_min": 1, "area_ha": 900, "flood_share": 0}
    assert scores(page) == expected(example, weights, profile=1)
    opened(page, "weights")
    assert page.locator('[data-weight="area_ha"]').input_value() == "900"
    page.evaluate("location.hash = ''")
    still(page)
    assert scores(page) == expected(example, dict(example.PROFILES[0].weights))
    assert not page.locator(".told").first.is_visible()


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES, ids=range(len(HOSTILE_ADDRESSES)))
def test_an_address_that_does_not_fit_is_left_out_and_told(example, show, page, address):
    show(example.payload())
    page.goto("about:blank")
    page.goto(page.seen["requests"][0] + "#" + address)
    page.wait_for_selector("tbody tr")
    told = page.locator(".told").first.inner_text()
    assert told == "Länken innehåller något som inte finns i den här kartan. Det är utelämnat."
    assert scores(page) == expected(example, dict(example.PROFILES[0].weights)) or address.startswith(
        "where=area_ha>=1&"
    )
    assert page.seen["errors"] == []
    assert page.evaluate("window.ran") is None


def test_filters_hide_sites_and_count_the_land(example, show, drawn):
    payload = restricted(example)
    page = opened(show(payload), "filters")
    page.locator("#least-area_ha").fill("16")
    page.keyboard.press("Enter")
    area, free, trial = (payload["sites"][name] for name in ("area_ha", "free_ha", "conditional_ha"))
    kept = [place for place, hectares in enumerate(area) if hectares >= 16]
    assert sorted(ids(page)) == sorted(payload["sites"]["ids"][place] for place in kept)
    assert drawn.count() == len(kept)
    hectares = [f"{sum(of[place] for place in kept):.1f}\u00a0ha".replace(".", ",") for of in (free, trial)]
    assert page.locator(".filter-status").inner_text() == (
        f"{len(kept)} av 5 områden visas, {hectares[0]} utan kända restriktioner, {hectares[1]} kräver prövning."
    )
    page.get_by_text("Dölj områden som berörs av").click()
    page.get_by_label("Lera").check()
    assert len(ids(page)) == len([place for place in kept if place not in (0, 2)])
    assert page.locator(".filters > summary").inner_text() == "Filter (2)"
    page.get_by_role("button", name="Rensa filter").click()
    assert len(ids(page)) == 5
    assert drawn.count() == 5
    assert not page.locator(".filter-status").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    clean(page)


def test_unknown_passes_a_filter_only_where_it_may(example, show):
    page = opened(show(example.payload()), "filters")
    page.locator("#filter-which").select_option("flood_share")
    page.get_by_label("Minst eller högst").select_option("<=")
    page.get_by_label("Värde").fill("30 ")
    page.get_by_role("button", name="Lägg till").click()
    assert page.locator(".conditions .data").inner_text() == "Översvämning ≤ 30\u00a0%"
    unknown = "Exempelby 1:2 · 2"
    assert unknown not in ids(page)
    assert "Dolda bara för att ett värde är okänt: 1." in page.locator(".filter-status").inner_text()
    page.get_by_label("även okänt").check()
    assert unknown in ids(page)
    assert "okänt" not in page.locator(".filter-status").inner_text()
    assert ("where", "flood_share<=0.3~") in parse_qsl(fragment(page))
    page.get_by_role("button", name="Ta bort").click()
    assert len(ids(page)) == 5
    clean(page)


def test_filters_by_keyboard(example, show):
    page = show(restricted(example))
    page.locator(".filters > summary").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("sexton")
    page.keyboard.press("Enter")
    assert page.locator(".wrong").inner_text() == "Skriv ett tal, till exempel 12 eller 2,5."
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert len(ids(page)) == 5
    page.keyboard.press("Control+A")
    page.keyboard.type("16")
    page.keyboard.press("Enter")
    assert page.locator(".wrong").inner_text() == ""
    assert len(ids(page)) < 5
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    assert len(ids(page)) == 5
    page.locator("#filter-which").focus()
    page.keyboard.type("Till")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    assert page.locator(".conditions .data").inner_text() == "Till E20 ≥ 2\u00a0000\u00a0m"
    assert page.evaluate("document.querySelector('.conditions li') !== null")
    page.locator(".conditions button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "filter-which"
    assert len(ids(page)) == 5
    page.get_by_text("Dölj områden som berörs av").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert len(ids(page)) == 3
    clean(page)


def test_the_card_of_a_hidden_site_says_so(example, show):
    page = opened(show(example.payload()), "filters")
    page.get_by_role("button", name="Exempelby 1:1").click()
    assert page.locator(".card .told").count() == 0
    page.locator("#least-area_ha").fill("20")
    page.keyboard.press("Enter")
    assert page.locator(".card .told").inner_text() == "Området är dolt av filtret."
    clean(page)


def test_search_finds_sites_and_the_parcels_in_them(example, show):
    page = show(example.payload())
    page.locator("#search").fill("exempelby 2:7 b")
    hits = page.locator("[role=option]")
    assert hits.all_inner_texts() == ["Exempelby 2:7 B\nfastighet i Exempelby 2:7"]
    hits.first.click()
    assert page.locator("article h2").inner_text() == "Exempelby 2:7"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator("#search").fill("finns ej")
    assert page.locator("#hits").inner_text() == "Inget utredningsområde har den beteckningen."
    assert page.locator("[role=option]").count() == 0
    clean(page)


def test_search_by_keyboard(example, show):
    page = show(example.payload())
    page.locator("#search").focus()
    page.keyboard.type("exempelby 1")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]").inner_text().split("\n")[0]
    assert page.locator("#search").get_attribute("aria-activedescendant") == "hit-1"
    page.keyboard.press("Enter")
    assert page.locator("article h2").inner_text() in chosen
    page.locator("#search").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert not page.locator("#hits").is_visible()
    clean(page)


def test_the_list_is_copied_as_csv_that_runs_nothing(example, show):
    names = ["=1+1", "+a", "-b", '@"c;d"', "Exempelby 1:1"]
    payload = example.payload(sites=example.sites(ids=names), modelled=True)
    page = show(payload)
    page.get_by_role("button", name="Kopiera listan som CSV").click()
    text = page.locator(".copy-row textarea").input_value()
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    place = rows[0].index("Område")
    assert sorted(row[place] for row in rows[1:]) == sorted(["'=1+1", "'+a", "'-b", '\'@"c;d"', "Exempelby 1:1"])
    assert all("," in row[rows[0].index("Poäng")] for row in rows[1:])
    flood = [row[rows[0].index("Översvämning (%)")] for row in rows[1:]]
    assert "okänt" in flood
    assert "nås inte" in [row[rows[0].index("Gångtid till station (min)")] for row in rows[1:]]
    assert {row[-1] for row in rows[1:]} == {payload["watermark"]}
    assert "Vikter ändrade i kartan" not in rows[0]
    opened(page, "weights")
    slide(page, "area_ha", 1)
    page.locator(".copy-list").focus()
    page.keyboard.press("Enter")
    rows = list(csv.reader(io.StringIO(page.locator(".copy-row textarea").input_value()), delimiter=";"))
    assert rows[1][rows[0].index("Vikter ändrade i kartan")].startswith("area_ha = 1, ")
    clean(page)


def test_long_lists_are_in_the_page_a_hundred_at_a_time(example, show):
    page = show(example.payload(sites=example.sites(ids=[f"Exempelby 1:{number}" for number in range(350)])))
    assert page.locator("tbody tr").count() == 100
    button = page.get_by_role("button", name="Visa 100 till (250 kvar)")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("tbody tr").count() == 200
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 101
    page.get_by_role("button", name="Område", exact=True).click()
    assert page.locator("tbody tr").count() == 100
    assert ids(page)[:2] == ["Exempelby 1:0", "Exempelby 1:1"]
    page.locator("#search").fill("Exempelby 1:333")
    page.keyboard.press("Enter")
    page.locator("button.back").click()
    assert page.evaluate("document.activeElement.textContent") == "Exempelby 1:333"
    assert ids(page)[0] == "Exempelby 1:300"
    page.get_by_role("button", name="Visa 100 före").click()
    assert ids(page)[0] == "Exempelby 1:200"
    clean(page)


def test_previous_and_next_go_through_what_is_shown(example, show):
    page = opened(show(example.payload()), "filters")
    page.locator("#least-area_ha").fill("16")
    page.keyboard.press("Enter")
    shown = ids(page)
    page.locator("button.open").first.click()
    seen = [page.locator("article h2").inner_text()]
    while page.locator("button.next").is_enabled():
        page.locator("button.next").click()
        seen.append(page.locator("article h2").inner_text())
    assert seen == shown
    clean(page)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_control_has_a_name_and_a_size_to_hit(example, show, page, language):
    payload = restricted(example) if language == "sv" else example.payload(language="en")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        show(payload)
        for name in ("weights", "filters"):
            opened(page, name)
            found = page.eval_on_selector_all(
                f".{name} :is(button, input, select)",
                """all => all.filter((one) => one.offsetParent).map((one) => {
                  const { width, height } = one.getBoundingClientRect();
                  const words = one.getAttribute("aria-label") || one.textContent || [...(one.labels || [])].map((label) => label.textContent).join();
                  return [words.trim() !== "", width, height];
                })""",
            )
            assert found
            assert all(named for named, *_ in found)
            sizes = list(itertools.chain.from_iterable(size for _, *size in found))
            assert min(sizes) >= 17
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.seen["errors"] == []


def test_sites_too_small_to_be_seen_are_dots(example, show):
    frame = example.sites(ids=[f"Exempelby 1:{number}" for number in range(30)])
    corners = [(example.WEST + 120 * (place % 6), example.SOUTH + 120 * (place // 6)) for place in range(30)]
    small = [shapely.box(west, south, west + 8, south + 8) for west, south in corners]
    page = show(example.payload(sites=frame.set_geometry(small, crs=example.CRS)))
    dots = page.locator("canvas.dots")
    assert int(dots.get_attribute("data-dots")) > 0
    page.get_by_text("Lager", exact=True).click()
    page.get_by_role("checkbox", name="Utredningsområden").uncheck()
    assert dots.count() == 0
    page.get_by_role("checkbox", name="Utredningsområden").check()
    assert int(dots.get_attribute("data-dots")) > 0
    clean(page)
