import base64
import hashlib

import pytest

from landready.errors import InputError
from landready.webmap.guard import POLICY_MARK, references, seal

HEAD = f'<html><head><meta http-equiv="Content-Security-Policy" content="{POLICY_MARK}">'


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<script src=//cdn.example/x.js></script>",
        '<script src="map.js"></script>',
        '<link rel="stylesheet" href="https://cdn.example/x.css"/>',
        '<link rel="icon" href="favicon.ico">',
        "<img src='http://example/x.png'>",
        "<IMG SRC='HTTP://example/x.png'>",
        '<img srcset="https://example/x.png 2x">',
        '<a href="https://leafletjs.com">Leaflet</a>',
        '<iframe src="https://example"></iframe>',
        '<object data="https://example"></object>',
        '<form action="https://example"></form>',
        '<svg><image xlink:href="https://example/x.png"/></svg>',
        '<meta http-equiv="refresh" content="0;url=https://example">',
        "<style>@import 'x.css';</style>",
        "<style>a{background:url(https://example/x.png)}</style>",
        "<style>a{background:url( 'images/x.png' )}</style>",
        '<p style="background:URL(//example/x.png)">',
        '<script>L.tileLayer("https://tile.example/{z}/{x}/{y}.png")</script>',
        "<script>fetch('//example/x')</script>",
        "<script>new WebSocket('wss://example')</script>",
        '<p onclick="alert(1)">',
    ],
)
def test_refuses_what_would_be_fetched_or_could_not_run(markup):
    assert references(markup)
    with pytest.raises(InputError, match="utifrån"):
        seal(HEAD + markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#panel">x</a>',
        '<a href="blad/1.html">x</a>',
        '<img src="data:image/png;base64,AAAA">',
        "<style>a{background:url(data:image/png;base64,AA)} b{fill:url(#hatch)} c{behavior:url('#default#VML')}</style>",
        '<script>document.createElementNS("http://www.w3.org/2000/svg", "g")</script>',
        '<script type="application/json">{"source":"https://www.lantmateriet.se"}</script>',
        "<p>https://www.lantmateriet.se</p>",
        "<script>1 // a remark</script>",
    ],
)
def test_lets_by_what_fetches_nothing(markup):
    assert references(markup) == []


def test_a_trusted_script_may_name_addresses():
    script = 'var site = "https://leafletjs.com";'
    assert references(f"<script>\n{script}\n</script>")
    assert references(f"<script>\n{script}\n</script>", trusted=[script]) == []


def test_policy_has_the_hash_of_each_script_as_browsers_see_it():
    page = seal(HEAD + '<script>var å = 1;\r\n</script><script type="application/json">{}</script><script>b</script>')
    for script in ("var å = 1;\n", "b"):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page
    assert page.count("'sha256-") == 2
    assert "script-src 'sha256-" in page
    assert "unsafe-inline" not in page.split("script-src")[1].split(";")[0]
    assert "default-src 'none'" in page
    assert "\r" not in page


def test_without_scripts_none_may_run():
    assert "script-src 'none'" in seal(HEAD)


def test_the_mark_in_data_is_left_alone():
    assert seal(HEAD + f"<p>{POLICY_MARK}</p>").count(POLICY_MARK) == 1
