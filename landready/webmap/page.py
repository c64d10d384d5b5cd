"""The page of the map: folium's Map with nothing to download, our script and style, and the payload as inert data."""

import base64
import functools
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure
from jinja2 import Template

from landready.webmap.codec import pack
from landready.webmap.guard import POLICY_MARK, seal
from landready.whole import write_whole

SCRIPTS = (
    *(
        "decode.js",
        "words.js",
        "scoring.js",
        "drawing.js",
        "ground.js",
        "background.js",
        "sites.js",
        "layers.js",
        "card.js",
    ),
    *("weights.js", "filters.js", "address.js", "search.js", "table.js", "panel.js", "legend.js"),
    *("geodesy.js", "sketch.js", "measure.js", "notes.js", "compare.js", "print.js", "present.js", "tools.js"),
    "start.js",
)
STYLES = ("map.css", "tools.css", "print.css")

_UNFIT_FOR_TITLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@functools.cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def leaflet_folder() -> Path:
    """Return where Leaflet is installed."""
    from xstatic.pkg import leaflet as package

    return Path(package.BASE_DIR)


@functools.cache
def leaflet() -> tuple[str, str]:
    """Return the script and the style of Leaflet as installed, the style with its images in it."""
    folder = leaflet_folder()
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"url\((images/[\w.-]+)\)", lambda match: f"url({data_uri(folder / match[1])})", style)
    return without_source_map((folder / "leaflet.js").read_text(encoding="utf-8")), style


def leaflet_notice() -> str:
    """Return Leaflet's licence, which its package does not carry."""
    return _asset("leaflet-licence.txt").strip()


def data_uri(image: Path) -> str:
    """Return an image as an address that holds it."""
    kind = {".svg": "svg+xml", ".jpg": "jpeg"}.get(image.suffix, image.suffix.removeprefix("."))
    return f"data:image/{kind};base64,{base64.b64encode(image.read_bytes()).decode('ascii')}"


def without_source_map(script: str) -> str:
    """Return a script without the name of its source map, which developer tools would look for beside the file."""
    return re.sub(r"//# sourceMappingURL=.*", "", script).strip()


def own_script() -> str:
    """Return the page's own script: its files in order inside one function; only `landready` is global."""
    parts = "\n".join(_asset(name) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\nwindow.landready = {{ start }};\n}})();'


class _Page(Figure):  # type: ignore[misc, unused-ignore]
    """
    The document round the map.

    Everything is filled in by one template that is rendered once: text that passes through a folium element is read as
    a template a second time, where `{{` in a name would run.
    """

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__()
        self.header._children.clear()  # noqa: SLF001  (the page template has the character set already)
        self._template = Template(_asset("page.html"))
        self.language = payload["language"]
        self.audience = payload["audience"]
        self.texts = {key: html.escape(value) for key, value in payload["texts"].items()}
        audience = payload["texts"][payload["audience"]]
        title = f"{payload['title']} – {payload['texts']['kind']} ({audience})"
        # Quotation marks stay as they are: so a browser writes them when it saves a copy.
        self.page_title = html.escape(_UNFIT_FOR_TITLE.sub("\N{REPLACEMENT CHARACTER}", title), quote=False)
        self.policy = POLICY_MARK
        self.library_script, self.library_style = leaflet()
        self.notice = leaflet_notice()
        self.own_script, self.own_style = own_script(), "\n".join(_asset(name) for name in STYLES)
        self.payload = pack(payload)
        self.images_from = [] if payload.get("tiles") is None else [payload["tiles"]["host"]]

    def render(self, **kwargs: Any) -> str:
        """Return the whole page, sealed; the same bytes every time."""
        _number(self)
        return seal(super().render(**kwargs), trusted=(self.library_script,), images_from=self.images_from)


class SiteMap(folium.Map):  # type: ignore[misc, unused-ignore]
    """
    A folium map of sites that needs no network.

    Parameters
    ----------
    payload
        As `landready.webmap.payload.build_payload` returns it.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (declared so by folium)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = landready.start("{{ this.get_name() }}");
        {% endmacro %}
        """
    )

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(tiles=None, zoom_control=False)
        _Page(payload).add_child(self)


def site_map(payload: Mapping[str, Any]) -> SiteMap:
    """
    Return the map of a payload; its language is the payload's.

    Parameters
    ----------
    payload
        As `landready.webmap.payload.build_payload` returns it.

    Returns
    -------
    SiteMap
        A `folium.Map`; `.get_root().render()` is the page.
    """
    return SiteMap(payload)


def save(payload: Mapping[str, Any], path: str | Path) -> SiteMap:
    """
    Write the map as one file, whole: an earlier file stays until the new one is complete.

    Parameters
    ----------
    payload
        As `landready.webmap.payload.build_payload` returns it.
    path
        The HTML file.

    Returns
    -------
    SiteMap
        What was written.

    Raises
    ------
    InputError
        If the page would fetch anything.
    """
    path = Path(path)
    drawn = site_map(payload)
    page = drawn.get_root().render()
    write_whole(path, page)
    return drawn


def _number(root: Element) -> None:
    """Give folium's elements the ids 1, 2, … by kind instead of random ones, so that the same map is the same bytes."""
    seen: Counter[str] = Counter()
    for element in walk(root):
        name = element._name  # noqa: SLF001
        seen[name] += 1
        element._id = str(seen[name])  # noqa: SLF001


def walk(element: Element) -> Iterator[Element]:
    """Give an element and all that hangs on it, also what stands in popups."""
    yield element
    if isinstance(element, Figure | folium.Popup):
        for part in (element.header, element.html, element.script):
            yield from walk(part)
    for child in element._children.values():  # noqa: SLF001
        yield from walk(child)
