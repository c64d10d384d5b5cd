"""How the documentation is built: `python -m sphinx -W --keep-going -b html docs build/docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import landready

project = "landready"
author = copyright = "The landready developers"  # noqa: A001  (Sphinx reads this name)
version = release = landready.__version__
language = "sv"

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "references"]
exclude_patterns = ["images/README*"]

html_theme = "furo"
html_title = f"landready {version}"
html_static_path = ["_static"]
html_css_files = ["landready.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1b3a6b", "color-brand-content": "#1b5fa8"},
    "dark_css_variables": {"color-brand-primary": "#9dbcf0", "color-brand-content": "#9dbcf0"},
}

# A bare `name` in a docstring is code: Markdown's habit, and what the editors of our users show.
default_role = "code"
autosummary_generate = True
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 90
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

nitpicky = True
nitpick_ignore_regex = [
    # Other projects' types: their pages are not asked for, so that the build needs no network.
    (r"py:.*", r"(geopandas|pandas|numpy|shapely|folium|pydantic|collections|os|datetime|pathlib)\..*"),
    (r"py:.*", r"(pyproj|annotated_types)\..*"),
    # Pieces of long annotations of the study file's models, which Sphinx cuts at their brackets.
    (r"py:.*", r".*\[.*"),
    # Rooms within, met only as attributes: what users need of them, the classes themselves say.
    (r"py:class", r"landready\.(pipeline\.inputs\.Inputs|spec\.study\.StudySpec|layers\.recognise\.Recognition)"),
    (r"py:class", r"landready\.scoring\.draws\.Draws"),
    (r"py:class", r"landready\.spec\.layer\._forward_slashes"),  # the check in the type of a path
    (r"py:class", r"SiteMap"),  # a folium map; imported for type checkers only
]
