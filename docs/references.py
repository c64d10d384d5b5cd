"""Lead references to a type to the name that users import it by."""

from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import landready


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
    """Listen for references that lead nowhere."""
    app.connect("missing-reference", _at_its_public_name)
    return {"parallel_read_safe": True}
