"""What keeps a map offline and inert: nothing it would fetch, and a policy under which nothing else runs."""

import base64
import hashlib
import re
from collections.abc import Collection
from html.parser import HTMLParser

from landready.errors import Finding, InputError, some

POLICY_MARK = "%landready-policy%"
"""Where `seal` puts the policy; the page template has it in its first meta tag, before anything from data."""

_LOADING = frozenset(
    {"src", "srcset", "href", "xlink:href", "poster", "data", "background", "action", "formaction", "manifest"}
)
_STYLE_FETCH = re.compile(r"""url\(\s*["']?(?!data:|\#|["'])([^)"']*)|(@import[^;]*)""", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"""(?:https?|wss?|ftp)://(?!www\.w3\.org/)[^\s"'`<>\\]*|["'`]//[\w.-]+""", re.IGNORECASE)
_SCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})


class _Reader(HTMLParser):
    """Collects what a browser would run or fetch."""

    def __init__(self, *, links: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._links = links
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.fetched: list[str] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.fetched += [f"{name}={value}" for name, value in given.items() if self._fetches(tag, name, value)]
        self.fetched += [f"{name}=…" for name in given if name.startswith("on")]
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.fetched.append(f"refresh={given.get('content', '')}")
        self.styles.append(given.get("style", ""))
        self._into = None
        if tag == "style":
            self._into = self.styles
            self.styles.append("")
        elif tag == "script" and "src" not in given and given.get("type", "").lower() in _SCRIPT_TYPES:
            self._into = self.scripts
            self.scripts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def _fetches(self, tag: str, name: str, value: str) -> bool:
        if name not in _LOADING:
            return False
        value = value.strip().lower()
        if tag in {"a", "area"}:  # followed only when a person asks for it
            return not self._links and value.startswith(("http:", "https:", "//"))
        return not value.startswith(("data:", "#"))


def references(html: str, *, trusted: Collection[str] = (), links: bool = False) -> list[str]:
    """
    Return everything that a browser would fetch, or that the policy would keep from running, as text.

    Parameters
    ----------
    html
        A whole page.
    trusted
        Scripts that are known to fetch nothing of themselves, though addresses occur in them.
    links
        Whether the page may have links that a person can follow.

    Returns
    -------
    list of str
        Addresses in attributes, in style (`url()`, `@import`) and in scripts; inline event handlers.
    """
    return _references(_read(html, links=links), trusted)


def _references(page: _Reader, trusted: Collection[str]) -> list[str]:
    known = {script.strip() for script in trusted}
    in_style = [match[0] for style in page.styles for match in _STYLE_FETCH.finditer(style)]
    in_script = [
        match[0] for script in page.scripts if script.strip() not in known for match in _SCRIPT_ADDRESS.finditer(script)
    ]
    return [*page.fetched, *in_style, *in_script]


def _read(html: str, *, links: bool) -> _Reader:
    reader = _Reader(links=links)
    reader.feed(html)
    reader.close()
    return reader


def seal(html: str, *, trusted: Collection[str] = (), links: bool = False, images_from: Collection[str] = ()) -> str:
    """
    Refuse a page that would fetch anything, and give it its content security policy.

    Parameters
    ----------
    html
        A whole page with `POLICY_MARK` in it.
    trusted, links
        As in `references`.
    images_from
        Hosts that somebody has asked for, which the page may fetch images from.

    Returns
    -------
    str
        The page, with line feeds only (browsers hash scripts so) and a policy that lets exactly its own scripts run.

    Raises
    ------
    InputError
        Naming what would be fetched.
    """
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    page = _read(html, links=links)
    found = _references(page, trusted)
    if found:
        raise InputError(Finding("map_not_offline", {"count": len(found), "references": some(found)}))
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in dict.fromkeys(page.scripts))
    rules = (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        " ".join(["img-src data:", *images_from]),
        f"script-src {hashes}" if hashes else "script-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    policy = "; ".join(rules)
    return html.replace(POLICY_MARK, policy, 1)


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
