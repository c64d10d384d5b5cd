"""Any folium map as one file that opens without network: what it uses is put in, what cannot be is refused by name.

folium writes text from data into its script as it stands: `${…}` in a tooltip runs, a backtick or a backslash breaks
the page, and `</script>` ends it. Here such characters are written so that they are text, and the policy of the page
keeps handlers in markup from running. Markup that the analyst wrote stays markup.
"""

import contextlib
import functools
import html
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath
from pkgutil import iter_modules
from typing import Any
from urllib.parse import urlsplit

import folium
from branca.element import CssLink, Element, Html, IFrame, JavascriptLink

from landready.errors import Finding, InputError, as_path, some
from landready.webmap.guard import POLICY_MARK, references, seal
from landready.webmap.page import data_uri, leaflet, leaflet_folder, leaflet_notice, walk, without_source_map
from landready.whole import write_whole

# What folium's Map asks for whether or not anything uses it, and what comes of it here.
_PUT_IN = frozenset({"leaflet", "leaflet_css", "jquery"})
_LOOKS_ONLY = frozenset({"bootstrap", "bootstrap_css"})
_FOR_ICONS = frozenset(
    {"awesome_markers", "awesome_markers_css", "awesome_markers_font_css", "awesome_rotate_css", "glyphicons_css"}
)
_TEMPLATE_STARTS = re.compile(r"\{(?=[{%#])")
# No policy keeps a page from being left by this element, wherever it is put.
_WRITTEN_META = re.compile(r"\\u003c(?=meta)", re.IGNORECASE)
# The filters by which folium writes values into scripts.
_WRITERS = frozenset({"tojson", "tojavascript"})
_ENTITIES = str.maketrans({"\\": "&#92;", "`": "&#96;", "\0": "\N{REPLACEMENT CHARACTER}"})
_ID = re.compile("(?<=_)[0-9a-f]{32}")
# Texts that are shown, whatever they begin with.
_SHOWN = frozenset({"layer_name", "tile_name", "title", "attr", "attribution", "figname", "name"})
_REMOTE = re.compile(r"\s*(?:https?:)?//\S", re.IGNORECASE)

# Popups are made by `$(markup)[0]`. The parser runs no script.
_SHIM = """\
window.$ = (markup) => new DOMParser().parseFromString(markup, "text/html").body.children;"""

_PAGE = """\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<!--
{notice}
-->
<style>{library_style}</style>
{styles}
{header}
</head>
<body>
{body}
{scripts}
</body>
</html>
"""


def save_offline(folium_map: folium.Map, path: str | Path) -> Path:
    """
    Write a folium map as one file that fetches nothing.

    Default assets that nothing uses (jQuery, Bootstrap, icon fonts) are left out; Leaflet and its images are put in,
    and assets of plugins where an installed `XStatic-…` package carries a file of that name. The page has a policy that
    lets only its own scripts run: handlers in markup do nothing, and text is shown as text where folium would run it.
    Scripts that the map's author added run as they are. The same map gives the same bytes.

    Parameters
    ----------
    folium_map
        Any `folium.Map` that draws no tiles: `folium.Map(tiles=None)`. It is not changed.
    path
        The HTML file; one that is there is replaced when the new one is whole.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        If anything in the map is to be fetched: tiles, remote images, icons or data, plugins whose assets no installed
        package carries. Each is named.

    Examples
    --------
    >>> import folium, tempfile
    >>> drawn = folium.Map(location=(57.77, 12.27), tiles=None)
    >>> _ = folium.Circle((57.77, 12.27), radius=500, tooltip="Floda").add_to(drawn)
    >>> save_offline(drawn, f"{tempfile.mkdtemp()}/karta.html").name
    'karta.html'
    """
    file = as_path(path)
    write_whole(file, offline_page(folium_map))
    return file


def offline_page(folium_map: folium.Map) -> str:
    """Return what `save_offline` writes."""
    root: Any = folium_map.get_root()  # a Figure, which folium declares as an Element
    elements = list(walk(root))
    with _for_one_render(elements):
        root.render()
        links = [(name, child) for name, child in root.header._children.items() if _is_link(child)]  # noqa: SLF001
        parts = [child.render() for child in root.header._children.values() if not _is_link(child)]  # noqa: SLF001
        header = re.sub(r"<meta\b[^>]*>", "", "\n".join(parts))  # folium's keep readers from zooming
        body, script = root.html.render(), _unbreakable(root.script.render())
        ids = {element._id for element in walk(root)}  # noqa: SLF001
    assets, missing = _assets(links, elements)
    _refuse(elements, header + body, missing)
    library, style = leaflet()
    scripts = [library, _default_icon(), *([_SHIM] if "$(`" in script else []), *assets[".js"], script]
    page = _PAGE.format(
        policy=POLICY_MARK,
        title=html.escape(str(root.title or folium_map.get_name().rsplit("_", 1)[0])),
        notice=leaflet_notice(),
        library_style=style,
        styles="\n".join(f"<style>{text}</style>" for text in assets[".css"]),
        header=header,
        body=body,
        scripts="\n".join(f"<script>{text}</script>" for text in scripts),
    )
    numbers = _numbers(page, ids)
    return seal(_numbered(page, numbers), trusted=[_numbered(text, numbers) for text in scripts], links=True)


def _is_link(element: Element) -> bool:
    return isinstance(element, JavascriptLink | CssLink)


def _numbers(page: str, ids: Collection[str]) -> dict[str, str]:
    """Return 1, 2, … for folium's random ids, in the order they stand in."""
    found = [match for match in dict.fromkeys(_ID.findall(page)) if match in ids]
    return {name: str(place) for place, name in enumerate(found, start=1)}


def _numbered(text: str, numbers: Mapping[str, str]) -> str:
    return _ID.sub(lambda match: numbers.get(match[0], match[0]), text)


def _unbreakable(script: str) -> str:
    """Return a script in which no text can end the element that it stands in."""
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def _harmless(markup: str) -> str:
    r"""
    Return markup that means the same, and that is nothing else inside a template literal of a script.

    Examples
    --------
    >>> _harmless("<b>${x}</b>` \\u00zz")
    '<b>&#36;{x}</b>&#96; &#92;u00zz'
    """
    markup = markup.replace("\\`", "`")  # folium's popups have a backslash before each
    plain = _TEMPLATE_STARTS.sub("&#123;", markup.translate(_ENTITIES).replace("${", "&#36;{"))
    return re.sub(r"<(?=/?script|!--|meta)", "&lt;", plain, flags=re.IGNORECASE)


def _rendered_once(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that writes values so that no template is read in them: folium renders what it has rendered."""

    @functools.wraps(write)
    def written(*args: Any, **kwargs: Any) -> Any:
        found = write(*args, **kwargs)
        if not isinstance(found, str):
            return found
        return type(found)(_WRITTEN_META.sub(r"\\u0026lt;", _TEMPLATE_STARTS.sub(r"\\u007b", found)))

    return written


@contextlib.contextmanager
def _for_one_render(elements: list[Element]) -> Iterator[None]:
    """Have popups and tooltips hold harmless markup, and afterwards undo this and whatever rendering has added."""
    held = [(element, {**vars(element), "_children": dict(element._children)}) for element in elements]  # noqa: SLF001
    environments = {element._template.environment for element in elements if hasattr(element, "_template")}  # noqa: SLF001
    filters = [(environment, dict(environment.filters)) for environment in environments]
    try:
        for environment, before in filters:
            for name in _WRITERS & set(before):
                environment.filters[name] = _rendered_once(before[name])
        for element in elements:
            if isinstance(element, Html):
                element.data = _harmless(element.data if element.script else html.escape(element.data))
                element.script = True  # what was not markup has been made so
            elif isinstance(element, folium.Tooltip):
                element.text = _harmless(element.text)
            elif isinstance(element, folium.map.Layer) and element.layer_name == "__proto__":
                element.layer_name = "__proto__\N{ZERO WIDTH SPACE}"  # else it becomes the prototype of the layers
        yield
    finally:
        for environment, before in filters:
            environment.filters.update(before)
        for element, before in held:
            children = before.pop("_children")
            vars(element).update(before)
            element._children.clear()  # noqa: SLF001
            element._children.update(children)  # noqa: SLF001


def _assets(
    links: list[tuple[str, Any]], elements: list[Element]
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Return the scripts and styles that are put in, by ending, and name and address of what no package carries."""
    found: dict[str, list[str]] = {".js": [], ".css": []}
    missing = []
    icons = any(isinstance(element, folium.Icon) and not isinstance(element, folium.CustomIcon) for element in elements)
    for name, link in links:
        if name in _PUT_IN | _LOOKS_ONLY or (name in _FOR_ICONS and not icons):
            continue
        file = _installed(PurePosixPath(urlsplit(link.url).path).name)
        if file is None:
            missing.append((_asked_by(name, elements), link.url))
        else:
            found[file.suffix].append(_style(file) if file.suffix == ".css" else _script(file))
    return found, missing


def _installed(name: str) -> Path | None:
    """Return a file of an installed XStatic package by its name, minified or not."""
    import xstatic.pkg

    plain = name.replace(".min.", ".")
    for module in sorted(found.name for found in iter_modules(xstatic.pkg.__path__)):
        folder = Path(import_module(f"xstatic.pkg.{module}").BASE_DIR)
        files = sorted(path for path in folder.rglob(f"*{PurePosixPath(name).suffix}") if path.name in {name, plain})
        if files:
            return files[0]
    return None


def _script(file: Path) -> str:
    return _unbreakable(without_source_map(file.read_text(encoding="utf-8")))


def _style(file: Path) -> str:
    """Return a style with the images it names in it."""

    def inline(match: re.Match[str]) -> str:
        image = file.parent / match[1]
        return f"url({data_uri(image)})" if image.is_file() else match[0]

    return re.sub(r"""url\(["']?(?!data:|#)([^"')?#]+)[^)]*\)""", inline, file.read_text(encoding="utf-8"))


def _asked_by(name: str, elements: list[Element]) -> str:
    """Return what in the map asks for an asset."""
    if name in _FOR_ICONS:
        return "Icon"
    for element in elements:
        named = [*getattr(element, "default_js", []), *getattr(element, "default_css", [])]
        if name in [asset for asset, _ in named]:
            return _called(element)
    return name


def _called(element: Element) -> str:
    """Return what kind of element it is, with the name that its author gave it."""
    own = getattr(element, "layer_name", None)
    return f'{type(element).__name__} "{own}"' if own and element._id not in own else type(element).__name__  # noqa: SLF001


def _refuse(elements: list[Element], markup: str, missing: list[tuple[str, str]]) -> None:
    remote: list[tuple[str, str]] = []
    for element in elements:
        remote += [(_called(element), address) for address in _addresses(element)]
    remote += missing
    remote += [("HTML", found) for found in references(markup, links=True)]
    if remote:
        told = list(dict.fromkeys(f"{name}: {address}" for name, address in remote))
        raise InputError(Finding("folium_not_offline", {"count": len(told), "references": some(told)}))


def _addresses(element: Element) -> list[str]:
    """Return what an element would have fetched: addresses among its values and options, and those in its markup."""
    if _is_link(element):
        return []
    if isinstance(element, Html | folium.Tooltip):
        markup = element.text if isinstance(element, folium.Tooltip) else element.data if element.script else ""
        # The policy stops the rest: handlers, and what is no address.
        return [found for found in references(markup, links=True) if "//" in found]
    if isinstance(element, IFrame):
        return ["<iframe>"]
    options = getattr(element, "options", None)
    values = {**vars(element), **(options if isinstance(options, dict) else {})}
    return [value for name, value in values.items() if isinstance(value, str) and _is_address(name, value)]


def _is_address(name: str, value: str) -> bool:
    return name not in _SHOWN and _REMOTE.match(value) is not None


def _default_icon() -> str:
    """Return the script that gives markers Leaflet's own icon, which it would look for beside the page."""
    images = leaflet_folder() / "images"
    named = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}
    options = {name: data_uri(images / file) for name, file in named.items()}
    return f"L.Icon.Default.mergeOptions({json.dumps(options)});"
