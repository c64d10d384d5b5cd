"""A background map that the page fetches, only where somebody asks for one."""

import re

import pytest

from landready.errors import InputError
from landready.webmap.page import site_map
from landready.webmap.tiles import KEY_VARIABLE, background


def policy(page):
    return re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]


def rendered(payload):
    return site_map(payload).get_root().render()


def test_a_map_nobody_asked_tiles_for_may_fetch_nothing(example):
    page = rendered(example.payload())
    assert "img-src data:;" in policy(page)
    assert "http" not in policy(page)


def test_a_map_with_tiles_may_fetch_images_from_that_host_and_no_more(example):
    tiles = background("osm", language="sv")
    allowed = policy(rendered(example.payload(tiles=tiles)))
    assert "img-src data: https://tile.openstreetmap.org;" in allowed
    assert allowed.count("http") == 1
    assert "default-src 'none'" in allowed


def test_says_whose_map_it_is_and_what_it_gives_away():
    tiles = background("osm", language="sv")
    assert "© OpenStreetMaps bidragsgivare" in tiles["note"]
    assert "tile.openstreetmap.org, som då kan se" in tiles["note"]
    assert "which can then see" in background("osm", language="en")["note"]


def test_a_host_that_wants_a_key_gets_it_from_the_environment(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(InputError, match=KEY_VARIABLE):
        background("topowebb", language="sv")
    monkeypatch.setenv(KEY_VARIABLE, "a/b c")
    tiles = background("topowebb", language="sv")
    assert "/token/a%2Fb%20c/" in tiles["address"]
    assert tiles["host"] == "https://api.lantmateriet.se"


def test_an_unknown_background_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="topowebb"):
        background("google", language="sv")
