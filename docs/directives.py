"""Directives that put generated tables into the pages: `generated-table` and `study-keys`."""

from typing import Any, ClassVar

import study_keys
import tables
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

import landready


class GeneratedTable(SphinxDirective):
    """A table of `tables.PAGE_TABLES`, by its name."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(tables.restructured(tables.PAGE_TABLES[self.arguments[0]]()))


class StudyKeys(SphinxDirective):
    """Every table of the study file, each with a heading of its own."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each table of the file."""
        parts = []
        for section in study_keys.sections():
            title = f"``{section.title}``"
            parts += [title, "-" * len(title), "", f":aside:`{section.summary}`", ""]
            parts += [tables.restructured(tables.keys_of(section)), ""]
        return self.parse_text_to_nodes("\n".join(parts), allow_section_headings=True)


def _at_its_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.reference | None:
    """Lead a reference to a type's home module to the name that users import: `landready.Layer`."""
    target = str(node.get("reftarget", ""))
    name = target.rpartition(".")[2]
    if node.get("refdomain") != "py" or not target.startswith("landready.") or name not in landready.__all__:
        return None
    domain = env.domains.python_domain
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], f"landready.{name}", node, contnode)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("generated-table", GeneratedTable)
    app.add_directive("study-keys", StudyKeys)
    app.connect("missing-reference", _at_its_public_name)
    return {"parallel_read_safe": True}
