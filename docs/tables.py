"""The tables of the documentation and the README, made from the rules and the data that landready itself reads.

`python docs/tables.py` writes the tables of the pages and the README anew, where they can be read without building
anything; with `--check` it says whether they are current.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import study_keys

from landready.criteria import MEASURES
from landready.layers.made import TIMETABLE_LAYERS, Made, made_of_layers, plan_layers, recast_by
from landready.layers.nvdb_words import rules as nvdb_rules
from landready.layers.nvdb_words import table as nvdb_table
from landready.layers.products import Product, products
from landready.reports.tables import DECIMALS
from landready.rules import constraint_rules, roles
from landready.spec import ConstraintRule
from landready.texts import Language, text

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
PAGES = HERE

CERTAINTY = {
    "verified": "kontrollerad",
    "secondary": "i andra hand",
    "memory": "ur minnet",
    "assumption": "antagande",
}
UNITS = {
    "m": "meter",
    "km": "kilometer",
    "ha": "hektar",
    "share": "andel, 0–1",
    "pct": "procent, 0–100",
    "min": "minuter",
    "months": "månader",
    "mw": "megawatt",
}
TESTED = {
    "real": "verklig leverans",
    "generated": "påhittade filer",
    "both": "verklig leverans (XML), påhittade filer (JSON)",
    "roads": "verklig leverans (vägarna), påhittade filer (trafikplatserna)",
}
OSM_PARTS = ("points", "lines", "multilinestrings", "multipolygons", "other_relations")
SHAPES = {"polygon": "ytor", "line": "linjer", "point": "punkter", "raster": "raster"}


@dataclass(frozen=True)
class Table:
    """
    A table of texts.

    Parameters
    ----------
    head
        The names of the columns.
    rows
        The cells. What stands between backticks is code, between double asterisks bold; a newline starts a new
        paragraph in the cell.
    widths
        How wide the columns are, in parts of the whole.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


def constraints_short() -> Table:
    """Return every constraint with its kind, distance and legal basis."""
    rows = [
        (
            _called(rule),
            _called(rule, "en"),
            text(f"word.{rule.kind}", "sv").replace(" ", "\N{NO-BREAK SPACE}"),
            _distance(rule),
            rule.legal_basis or "–",
            f"`{rule.id}`",
        )
        for rule in constraint_rules()
    ]
    head = ("restriktion", "constraint", "följd", "avstånd", "lagrum", "id")
    return Table(head, rows, (26, 26, 12, 10, 14, 12))


def constraints_of(kind: str) -> Table:
    """Return the constraints of a kind with all that their rows say."""
    rows = [
        (
            f"`{rule.id}`",
            f"**{_called(rule)}**\n{rule.reason or ''}",
            _applies_to(rule),
            _distance(rule),
            rule.legal_basis or "–",
            f"**{CERTAINTY[rule.certainty]}**\n{rule.source}",
        )
        for rule in constraint_rules()
        if rule.kind == kind
    ]
    head = ("id", "Restriktion", "Gäller", "Avstånd", "Lagrum", "Hur säkert, och varifrån")
    return Table(head, rows, (14, 26, 18, 8, 12, 22))


def all_roles() -> Table:
    """Return every role with its words, kinds of geometry and columns."""
    rows = []
    for key, role in roles().items():
        columns = [f"`{role.id}` (namn)"] if role.id else []
        columns += [f"`{name}`" for name in role.columns]
        empty = ", ".join(f"`{name}`" for name in role.empty_is_none)
        rows.append(
            (
                f"**{role.sv}**\n`{key}`",
                role.en,
                ", ".join(SHAPES[kind] for kind in role.kinds),
                (", ".join(columns) or "–") + (f"\nTomt betyder nej: {empty}" if empty else ""),
            )
        )
    return Table(("Roll", "Engelska", "Geometri", "Kolumner som läses"), rows, (24, 20, 14, 42))


def asked_values() -> Table:
    """Return the values that the rules ask for: a layer that spells them otherwise is not understood."""
    asked: dict[tuple[str, str], list[str]] = {}
    for rule in constraint_rules():
        for column, value in rule.where.items():
            values = value if isinstance(value, list | tuple) else [value]
            place = asked.setdefault((rule.role or "", column), [])
            place += [said for one in values if (said := f"`{_condition(one)}`") not in place]
    rows = [
        (f"{roles()[role].sv}\n`{role}`", f"`{column}`", ", ".join(values)) for (role, column), values in asked.items()
    ]
    return Table(("Roll", "Kolumn", "Värden som reglerna frågar efter"), rows, (30, 25, 45))


def downloads() -> Table:
    """Return where each Swedish layer comes from."""
    rows = [
        (
            f"**{row['product']}**\n{row.get('note', '')}",
            f"{roles()[row['role']].sv}\n`{row['role']}`",
            f"{row['provider']}\n{row['how']}",
            row["terms"],
            f"produkt: {CERTAINTY[row['product_certainty']]}\nvillkor: {CERTAINTY[row['terms_certainty']]}",
        )
        for row in _data("downloads.toml", "downloads")
    ]
    return Table(("Produkt", "Roll", "Hos vem, och hur", "Villkor", "Hur säkert"), rows, (33, 16, 20, 16, 15))


def downloads_short() -> Table:
    """Return the products most studies need."""
    rows = [
        (roles()[row["role"]].sv, row["product"], row["provider"], row["terms"])
        for row in _data("downloads.toml", "downloads")
        if row.get("short")
    ]
    return Table(("lager", "produkt", "hos", "villkor (ej bekräftade)"), rows, (20, 40, 20, 20))


def known_products() -> Table:
    """Return every product that is known by its columns, and what is read of it."""
    rows = [
        (
            f"**{product.name.sv}**",
            ", ".join(f"`{name}`" for name in product.columns)
            + (f"\n({SHAPES[product.kind]})" if product.kind else ""),
            f"{roles()[product.role].sv}\n`{product.role}`",
            ", ".join(f"`{name}`" for name in _read_of(product)) or "–",
            f"**{TESTED[product.tested]}**\n{product.source}",
        )
        for product in sorted(products(), key=lambda product: (product.role, product.id))
    ]
    head = ("Produkt", "Känns igen på", "Roll", "Kolumner som läses", "Prövad på, och källa")
    return Table(head, rows, (22, 22, 14, 20, 22))


def made_layers() -> Table:
    """Return every layer that landready makes of several layers or files."""
    told = tomllib.loads((HERE / "made.toml").read_text(encoding="utf-8"))
    rows = [
        (
            f"**{made.name}**",
            told[made.driver]["told_by"],
            f"{roles()[made.role].sv}\n`{made.role}`",
            ", ".join(f"`{name}`" for name in made.columns),
            f"**{TESTED[told[made.driver]['tested']]}**\n{told[made.driver]['source']}",
        )
        for made in every_made()
    ]
    head = ("Lager", "Känns igen på", "Roll", "Kolumner som läses", "Prövad på, och källa")
    return Table(head, rows, (18, 22, 14, 24, 22))


def damage() -> Table:
    """Return every kind of damage that is tested, and whether a file with it is read."""
    rows = [
        (
            row["product"],
            row["format"],
            row["broken"],
            "läses, och det sägs" if row["read"] else "läses inte",
            f"`{row['finding']}`",
        )
        for row in _data("damage.toml", "damage")
    ]
    return Table(("Leverans", "Format", "Vad som är fel", "Läses?", "Sägs som"), rows, (20, 14, 32, 14, 20))


def every_made() -> tuple[Made, ...]:
    """Return the layers that are made of plan files, timetables, NVDB with all its layers, and OpenStreetMap."""
    themes = {rule.theme: None for rule in nvdb_rules() if rule.theme}
    named = (nvdb_table()["network"]["theme"], *themes, nvdb_table()["interchanges"]["theme"])
    nvdb = made_of_layers([f"NVDB_{theme}" for theme in named])
    return (*plan_layers(), *nvdb, *made_of_layers(OSM_PARTS), *TIMETABLE_LAYERS)


def _read_of(product: Product) -> list[str]:
    """Return our columns that a product gives, those of its register units and those it is recast to among them."""
    recast = recast_by(product.columns)
    named = ["parcel_id"] if product.units else []
    return [*named, *product.read, *(recast.columns if recast else ())]


def columns() -> Table:
    """Return every column of the CSV files but those of the criteria."""
    rows = [(f"`{row['name']}`", row["sv"], row["en"]) for row in _data("columns.toml", "columns")]
    return Table(("Kolumn", "Betyder", "In English"), rows, (22, 44, 34))


def units() -> Table:
    """Return the units that columns end in, with the decimals of each in the CSV files."""
    rows = [(f"`_{unit}`", meaning, str(DECIMALS[unit])) for unit, meaning in UNITS.items()]
    return Table(("Slutar på", "Enhet", "Decimaler, högst"), rows, (20, 55, 25))


def words() -> Table:
    """Return all words, Swedish and English."""
    rows = [(f"**{row['sv']}**", row["en"], f"`{row['code']}`", row["meaning"]) for row in _data("words.toml", "words")]
    return Table(("Svenska", "English", "I kod", "Betyder"), rows, (22, 17, 16, 45))


def words_short() -> Table:
    """Return the words a newcomer meets first."""
    rows = [(row["sv"], row["en"], f"`{row['code']}`") for row in _data("words.toml", "words") if row.get("short")]
    return Table(("Swedish, as people see it", "English", "in code"), rows, (40, 30, 30))


def measures() -> Table:
    """Return what a criterion can measure."""
    sources = {
        "site": "området självt",
        "vector": "ett lager med objekt",
        "raster": "ett raster",
        "slope": "ett raster med höjder",
    }
    rows = [
        (
            f"`{name}`",
            sources[measure.kind],
            f"`_{measure.unit}`" if measure.unit else "underlagets egen",
            ", ".join(f"`{param}`{' (måste anges)' * (param in measure.required)}" for param in measure.params) or "–",
        )
        for name, measure in MEASURES.items()
    ]
    return Table(("measure", "Mäts mot", "Enhet", "params"), rows, (20, 25, 15, 40))


def keys_of(section: study_keys.Section) -> Table:
    """Return every key of one table of the study file."""
    rows = [(f"`{key.name}`", key.kind, key.default, key.meaning) for key in section.keys]
    return Table(("Nyckel", "Typ", "Förval", "Betydelse"), rows, (17, 25, 15, 43))


README_TABLES: Mapping[str, Callable[[], Table]] = {
    "constraints": constraints_short,
    "downloads": downloads_short,
    "words": words_short,
}

PAGE_TABLES: Mapping[str, Mapping[str, Callable[[], Table]]] = {
    "restriktioner": {
        "constraints-hard": lambda: constraints_of("hard"),
        "constraints-strong": lambda: constraints_of("strong"),
        "constraints-info": lambda: constraints_of("info"),
    },
    "roller": {"roles": all_roles, "asked-values": asked_values},
    "ladda-ned": {"downloads": downloads},
    "skadade-filer": {"damage": damage},
    "produkter": {"products": known_products, "made": made_layers},
    "tabeller": {"columns": columns, "units": units},
    "ordlista": {"words": words},
    "lagga-till": {"measures": measures},
}


def markdown(table: Table) -> str:
    """Return a table in Markdown."""
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def restructured(table: Table) -> str:
    """Return a table in reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {' '.join(map(str, table.widths))}", ""]
    for row in [table.head, *table.rows]:
        for position, cell in enumerate(row):
            start = "   * - " if position == 0 else "     - "
            paragraphs = [_inline(paragraph) for paragraph in cell.split("\n") if paragraph]
            lines.append(start + "\n\n       ".join(paragraphs))
    return "\n".join(lines)


def all_keys() -> str:
    """Return every table of the study file in reStructuredText, each with a heading of its own."""
    parts = []
    for section in study_keys.sections():
        title = f"``{section.title}``"
        parts += [title, "~" * len(title), "", section.summary, "", restructured(keys_of(section)), ""]
    return "\n".join(parts).rstrip()


def filled() -> dict[Path, str]:
    """Return the README and every page that holds tables, written anew; a table without its place is an error."""
    written = {README: README.read_text(encoding="utf-8")}
    for name, table in README_TABLES.items():
        written[README] = _placed(written[README], README.name, f"<!-- {name}:", " -->", markdown(table()))
    contents = {
        page: {name: restructured(table()) for name, table in those.items()} for page, those in PAGE_TABLES.items()
    }
    contents["studiefilen"] = {"study-keys": all_keys()}
    for page, those in contents.items():
        path = PAGES / f"{page}.rst"
        written[path] = path.read_text(encoding="utf-8")
        for name, content in those.items():
            written[path] = _placed(written[path], path.name, f".. {name}:", "", content)
    return written


def _placed(page: str, file: str, opening: str, closing: str, content: str) -> str:
    """Return a page with the content between two marks written anew."""
    first, last = f"{re.escape(opening)}start[^\\n]*\\n", f"{re.escape(opening)}end{re.escape(closing)}\\n"
    mark = re.compile(rf"^({first}).*?^({last})", re.DOTALL | re.MULTILINE)
    page, count = mark.subn(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", page)
    if count != 1:
        message = f"{file} must hold the marks {opening}start and {opening}end once, not {count} times"
        raise ValueError(message)
    return page


def _inline(cell: str) -> str:
    """Return a cell's text as reStructuredText, with everything that is not ours escaped."""
    written = ""
    for part in re.split(r"(`[^`]+`|\*\*[^*]+\*\*)", cell):
        marked = len(part) > 1 and part[0] in "`*"
        if written and part and (marked or _ends_marked(written)) and not _apart(written, part):
            written += "\\ "  # marks stand between spaces or punctuation, and an escaped space is none to the reader
        written += f"``{part[1:-1]}``" if part.startswith("`") and marked else part if marked else _escaped(part)
    return written


def _ends_marked(written: str) -> bool:
    return written.endswith(("``", "**"))


def _apart(before: str, after: str) -> bool:
    """Tell whether marked text may begin, or end, between the two as it is."""
    if _ends_marked(before):
        return after[0] in " .,;:!?)]/-"
    return before[-1] in " ([/-"


def _escaped(part: str) -> str:
    return re.sub(r"([\\*`|_])", r"\\\1", part)


def _called(rule: ConstraintRule, language: Language = "sv") -> str:
    """Return what a rule is called, without a distance that stands beside it."""
    return rule.label(language).removesuffix(f" ({rule.buffer_m:g} m)")


def _distance(rule: ConstraintRule) -> str:
    return f"{rule.buffer_m:g}\N{NO-BREAK SPACE}m" if rule.buffer_m else "på\N{NO-BREAK SPACE}ytan"


def _applies_to(rule: ConstraintRule) -> str:
    layer = roles()[rule.role].sv if rule.role else f"`{rule.layer}`"
    conditions = [f"`{column} = {_condition(value)}`" for column, value in rule.where.items()]
    return "\n".join([layer, *conditions])


def _condition(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _data(file: str, key: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((HERE / file).read_text(encoding="utf-8"))[key])


def main() -> int:
    """Write all tables anew, or say whether they are current."""
    stale = {path: page for path, page in filled().items() if page != path.read_text(encoding="utf-8")}
    if "--check" not in sys.argv:
        for path, page in stale.items():
            path.write_text(page, encoding="utf-8", newline="\n")
    elif stale:
        names = ", ".join(path.name for path in stale)
        print(f"The tables of {names} are not current. Run: python docs/tables.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
