"""What is generated is current, and says all there is to say."""

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

import landready
from landready import spec
from landready.criteria import MEASURES
from landready.layers.products import products
from landready.rules import constraint_rules, roles
from landready.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def cells(table):
    return "\n".join("\n".join(row) for row in table.rows)


def test_all_tables_are_current(tables):
    stale = [path.name for path, page in tables.filled().items() if page != path.read_text(encoding="utf-8")]
    assert not stale, "run: python docs/tables.py"


def test_tables_that_are_not_current_are_told(tables, monkeypatch, tmp_path, capsys):
    for path in tables.filled():
        content = path.read_text(encoding="utf-8")
        stale = content.replace("| Strandskydd | ", "| Strandskyd | ").replace("**Strandskydd**", "**Strandskyd**")
        (tmp_path / path.name).write_text(stale, encoding="utf-8")
    monkeypatch.setattr(tables, "README", tmp_path / "README.md")
    monkeypatch.setattr(tables, "PAGES", tmp_path)
    monkeypatch.setattr("sys.argv", ["tables.py", "--check"])
    assert tables.main() == 1
    told = capsys.readouterr().err
    assert "docs/tables.py" in told
    assert "README.md, restriktioner.rst" in told
    monkeypatch.setattr("sys.argv", ["tables.py"])
    assert tables.main() == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == README
    assert (tmp_path / "restriktioner.rst").read_text(encoding="utf-8") == (DOCS / "restriktioner.rst").read_text(
        "utf-8"
    )


def test_a_table_without_a_place_is_an_error(tables, monkeypatch, tmp_path):
    (tmp_path / "README.md").write_text(README.replace("constraints:start", "constraints"), encoding="utf-8")
    monkeypatch.setattr(tables, "README", tmp_path / "README.md")
    with pytest.raises(ValueError, match=r"README\.md.*constraints"):
        tables.filled()


def test_pages_can_be_read_without_building_them(tables):
    shown = {path.stem: page for path, page in tables.filled().items()}
    assert all(f"``{role}``" in shown["roller"] for role in roles())
    assert all(f"``{measure}``" in shown["lagga-till"] for measure in MEASURES)
    assert all(f"``{rule.id}``" in shown["restriktioner"] for rule in constraint_rules())
    assert "``min_site_ha``" in shown["studiefilen"]


def test_every_constraint_stands_in_the_readme_and_on_its_page(tables):
    short = cells(tables.constraints_short())
    pages = "\n".join(cells(tables.constraints_of(kind)) for kind in ("hard", "strong", "info"))
    for rule in constraint_rules():
        assert rule.label("sv").removesuffix(f" ({rule.buffer_m:g} m)") in short
        assert f"`{rule.id}`" in pages
        assert f"`{rule.id}`" in short
        assert rule.source in pages
        assert not rule.buffer_m or f"{rule.buffer_m:g}\N{NO-BREAK SPACE}m" in pages


def test_every_role_with_all_its_columns(tables):
    rows = {row[0].split("`")[1]: row for row in tables.all_roles().rows}
    assert set(rows) == set(roles())
    for key, role in roles().items():
        assert all(f"`{column}`" in rows[key][3] for column in role.columns)


def test_every_value_that_a_rule_asks_for(tables):
    asked = {(row[0].split("`")[1], row[1].strip("`")) for row in tables.asked_values().rows}
    assert asked == {(rule.role, column) for rule in constraint_rules() for column in rule.where}
    assert "`dwelling`" in cells(tables.asked_values())
    assert "`laga_kraft`" in cells(tables.asked_values())


def test_every_measure(tables):
    assert {row[0].strip("`") for row in tables.measures().rows} == set(MEASURES)


def test_downloads_name_roles_and_say_how_sure_they_are(tables):
    rows = tomllib.loads((DOCS / "downloads.toml").read_text(encoding="utf-8"))["downloads"]
    assert {row["role"] for row in rows} <= set(roles())
    assert {row[key] for row in rows for key in ("product_certainty", "terms_certainty")} <= set(tables.CERTAINTY)
    assert len({row["product"] for row in rows}) == len(rows)


def test_every_product_and_made_layer_with_what_it_was_tested_on(tables):
    rows = tables.known_products().rows
    assert {row[0].strip("*") for row in rows} == {product.name.sv for product in products()}
    homogenised = next(row for row in rows if "homogeniserad" in row[0])
    assert "`oneway`" in homogenised[3]
    assert all(row[4].startswith(("**verklig leverans", "**påhittade filer")) for row in rows)
    made = {row[2].split("`")[1] for row in tables.made_layers().rows}
    assert made == {layer.role for layer in tables.every_made()}
    assert {"plans", "plan_provisions", "roads", "interchanges", "stations", "stops", "substations"} <= made


def test_every_column_of_the_tables_is_described(tables, small_study, tmp_path):
    result = landready.Study.from_toml(small_study).run()
    result.to_csv(tmp_path / "t.csv")
    written = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(";")
    described = [row[0].strip("`") for row in tables.columns().rows]
    assert set(written) - set(result.measured.frame) <= set(described)
    assert [name for name in written if name in described] == [name for name in described if name in written]
    assert set(described) - set(written) <= {"watermark"}
    units = {criterion.unit for criterion in result.measured.criteria if criterion.unit}
    assert units <= {row[0].strip("`_") for row in tables.units().rows} | {"year"}


def test_words_are_there_once(tables):
    words = [row[0] for row in tables.words().rows]
    assert len(set(words)) == len(words)


def test_tables_in_markdown(tables):
    table = tables.Table(("a", "b"), [("x|y", "`col_m`")], (1, 1))
    assert tables.markdown(table).splitlines() == ["| a | b |", "| --- | --- |", "| x\\|y | `col_m` |"]


def test_tables_in_restructured_text(tables):
    table = tables.Table(("a", "b"), [("x|y", "`col_m` *\nsee`q`, too")], (1, 1))
    lines = tables.restructured(table).splitlines()
    assert "   * - x\\|y" in lines
    assert "     - ``col_m`` \\*" in lines
    assert "       see\\ ``q``, too" in lines


def test_every_key_of_the_study_file_has_its_meaning(study_keys):
    sections = study_keys.sections()
    models = [thing for thing in vars(spec).values() if isinstance(thing, type) and issubclass(thing, BaseModel)]
    left_out = {spec.StudySpec, spec.Words, BaseModel}
    fields = sum(len(model.model_fields) for model in models if model not in left_out)
    assert sum(len(section.keys) for section in sections) == fields
    assert all(key.meaning and key.kind for section in sections for key in section.keys)


def test_types_and_defaults_in_words(study_keys):
    keys = {section.title: {key.name: key for key in section.keys} for section in study_keys.sections()}
    assert keys["[study]"]["date"].kind == "datum"
    assert keys["[study]"]["id"].default == "**måste anges**"
    assert keys["[area]"]["known_extent"].default == '`"bounds"`'
    assert keys["[[area.corridors]]"]["within_m"].kind == "tal, > 0"
    assert keys["[sites]"]["max_site_ha"].default == "`50`"
    assert keys["[[profiles]]"]["values"].kind == "tabell: text = värdefunktion"
    assert keys["[[constraints]]"]["enabled"].default == "`true`"


def test_swedish_meanings_name_keys_that_are_there(study_keys):
    known = {
        section.title.strip("[]").replace(".<namn>", ""): {key.name for key in section.keys}
        for section in study_keys.sections()
    }
    assert set(study_keys.SWEDISH["about"]) == set(known)
    assert all(set(keys) <= known[place] for place, keys in study_keys.SWEDISH.items() if place != "about")


def test_a_key_that_nothing_explains_is_an_error(study_keys):
    class Silent(BaseModel):
        """Say nothing about the key."""

        key: int

    with pytest.raises(LookupError, match="key"):
        list(study_keys._keys(Silent, "silent"))


def test_every_kind_of_damage_is_listed_and_has_words(tables):
    listed = tables.damage().rows
    assert len(listed) >= 40
    page = next(page for path, page in tables.filled().items() if path.stem == "skadade-filer")
    for row in listed:
        assert f"``{row[4].strip('`')}``" in page
        assert all(f"finding.{row[4].strip('`')}" in catalogue(language) for language in ("sv", "en"))
