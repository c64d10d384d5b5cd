"""What the pages and the README show runs, and what they point at is there."""

import doctest
import inspect
import re
import textwrap
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest

import landready
from landready.cli.draft import draft

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {page.relative_to(DOCS).with_suffix("").as_posix(): page.read_text("utf-8") for page in DOCS.rglob("*.rst")}
LARGEST_IMAGE = 400_000


def toml_of(page, holding=""):
    """Return the TOML that a page shows, of the blocks that hold a text, joined."""
    blocks = re.findall(r"^\.\. code-block:: toml\n\n((?:   .*\n|\n)+)", PAGES[page], re.MULTILINE)
    assert blocks
    return "\n".join(textwrap.dedent(block) for block in blocks if holding in block)


@pytest.fixture
def run_own(own_folder, template):
    """Return a function that runs the study file of `landready init`, with more added to it."""

    def run(more=""):
        path = own_folder / "study.toml"
        path.write_text(f"{template}\n{more}", encoding="utf-8")
        return landready.Study.from_toml(path).run()

    return run


def test_the_study_file_to_start_from_runs(run_own):
    assessment = run_own()
    assert set(assessment.scorecards) == {"lager", "kontor"}
    assert len(assessment.sites.frame)
    assert not [found.text("sv") for found in assessment.findings if found.severity == "error"]


def test_what_lagga_till_adds_is_in_the_result(run_own):
    assessment = run_own(toml_of("lagga-till"))
    rules = assessment.land.constraints
    assert "Nära järnvägen, buller" in set(rules.to_numpy().ravel())
    assert "verkstad" in assessment.scorecards
    assert assessment.measured.frame[["reserve_m", "width_m"]].notna().all(axis=None)
    assert assessment.scorecards["verkstad"].frame["total"].notna().all()
    assert [found for found in assessment.findings if found.key == "constraint_disabled"]


def test_what_lagga_till_adds_fits_the_file_that_is_drafted_from_a_folder(own_folder, tmp_path):
    file = tmp_path / "study.toml"
    written = draft(landready.check(own_folder, crs="EPSG:3006"), own_folder, file)
    file.write_text(f"{written}\n{toml_of('lagga-till')}", encoding="utf-8")
    assessment = landready.Study.from_toml(file).run()
    assert assessment.scorecards["verkstad"].frame["total"].notna().all()


def test_what_the_readme_adds_runs(run_own):
    (block,) = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert "verkstad" in run_own(block).scorecards


def test_other_words_for_a_dwelling(run_own, own_folder, monkeypatch):
    override = toml_of("kom-igang", holding="Bostad")
    assert tomllib.loads(override)["constraints"][0] == {"id": "home", "where": {"use": "Bostad"}}
    houses = gpd.read_file(own_folder / "byggnader.gpkg")
    houses.assign(andamal="Bostad").to_file(own_folder / "byggnader.gpkg", layer="byggnader")
    try:
        shares = run_own(override).land.shares
    finally:
        houses.to_file(own_folder / "byggnader.gpkg", layer="byggnader")
    # The house, a circle of 5 m, and 15 m around it, of a parcel of 25 ha.
    assert shares.xs("home", level=1)["affected_share"].max() == pytest.approx(3.1416 * 20**2 / 250_000, rel=0.02)


def test_two_layers_for_two_floods(run_own, own_folder):
    more = toml_of("kom-igang", holding="flod100")
    for name in ("flod100", "flod500"):
        more += f'[layers.{name}]\npath = "vatten.gpkg"\nrole = "flood"\nknown_extent = "area"\n'
    rules = run_own(more).constraints
    assert list(rules.loc[["flood_100", "flood_200"], "state"]) == ["tested", "tested"]


class _SpacesAlike(doctest.OutputChecker):
    def check_output(self, want, got, optionflags):
        return super().check_output(want, got.replace("\N{NO-BREAK SPACE}", " "), optionflags)


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if ">>>" in text])
def test_examples_of_the_pages(page):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    # What stands between a number and its unit is a space that does not break; nobody would type it.
    text = PAGES[page]
    told = doctest.DocTestParser().get_doctest(text, {}, page, f"{page}.rst", 0)
    runner = doctest.DocTestRunner(checker=_SpacesAlike(), optionflags=flags)
    failed, tried = runner.run(told)
    assert tried
    assert not failed


@pytest.mark.parametrize("page", PAGES)
def test_links_of_the_pages(page):
    text = PAGES[page]
    here = (DOCS / page).parent
    for target in re.findall(r":doc:`(?:[^`<]*<)?([^`>]+)>?`", text):
        assert (here / f"{target}.rst").exists(), target
    for image in re.findall(r"^\.\. (?:figure|image|literalinclude):: (\S+)", text, re.MULTILINE):
        assert (here / image).exists(), image


def test_links_of_the_readme():
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README) + re.findall(r'src="([^"]+)"', README)
    assert all((ROOT / target).exists() for target in targets)
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors


def test_the_swedish_part_of_the_readme_links_to_nothing_but_pages():
    swedish = README.partition("## In English")[0]
    targets = re.findall(r"\]\(([^)#:]+)\)", swedish)
    assert targets
    assert all(target.startswith("docs/") and target.endswith((".rst", ".png")) for target in targets)


def test_the_readme_and_the_first_page_install_in_the_same_way():
    swedish = README.partition("## In English")[0]
    lines = re.findall(r"^(?:python3|py|\.venv\S+pip|\.venv\S+landready demo).*$", swedish, re.MULTILINE)
    assert len(lines) == 6
    assert all(f"   {line}\n" in PAGES["kom-igang"] for line in lines)
    assert "&&" not in README


def test_the_library_pages_name_everything_public():
    shown = {"landready": set(), "landready.scoring": set()}
    for name, text in PAGES.items():
        module = "landready"
        for line in text.splitlines() if name.startswith("api/") else ():
            module = line.removeprefix(".. currentmodule:: ") if line.startswith(".. currentmodule::") else module
            found = re.fullmatch(r"\.\. auto(?:function|class|exception):: (\w+)", line)
            if found:
                shown[module].add(found[1])
    assert shown["landready"] == set(landready.__all__) - {"__version__"}
    # What is public in both stands once, with the library's own.
    assert shown["landready.scoring"] == set(landready.scoring.__all__) - shown["landready"]


@pytest.mark.parametrize("name", ["karta", "bedomning", "utskrift", "presentation", "telefon", "rapportbild", "vikter"])
def test_images_are_pictures_and_light(name):
    content = (DOCS / "images" / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < LARGEST_IMAGE


def test_messages_that_kom_igang_explains_are_those_that_come():
    texts = tomllib.loads((Path(landready.__file__).parent / "texts" / "sv.toml").read_text(encoding="utf-8"))
    said = [re.sub(r"\{[^}]*\}", "…", text) for part in ("finding", "summary") for text in texts[part].values()]
    table = PAGES["kom-igang"].partition("Vanliga fel\n")[2]
    shown = [cell.replace("\\\\", "\\") for cell in re.findall(r"^   \* - (.+)$", table, re.MULTILINE)[1:]]
    assert shown
    for message in shown:
        wanted = re.sub(r" 0$", " …", message)
        assert any(wanted in text for text in said), message


@pytest.mark.parametrize("name", landready.__all__)
def test_examples_of_the_library_can_be_copied(name):
    """An example needs nothing but itself and what it imports."""
    thing = getattr(landready, name)
    text = inspect.getdoc(thing) if inspect.isclass(thing) or inspect.isroutine(thing) else None
    example = doctest.DocTestParser().get_doctest(text or "", {name: thing}, name, None, None)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert not runner.run(example).failed
