"""Fastighetsbeteckningar: taken apart, written one way, and the same however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landready.layers.beteckning import Beteckning, key_of, parse_beteckning

NAMES = st.from_regex(r"[A-ZÅÄÖ]{2,9}(-[A-ZÅÄÖ]{2,9})?( [A-ZÅÄÖ]{2,9}){0,2}", fullmatch=True)
BETECKNINGAR = st.builds(
    Beteckning,
    tract=NAMES.map(lambda name: f"X{name}"),  # is no municipality, and no "KV"
    unit=st.integers(1, 9999),
    block=st.none() | st.integers(1, 99).map(str) | st.sampled_from(["S", "FS", "GA", "A"]),
    municipality=st.none() | st.sampled_from(["LERUM", "LILLA EDET", "UPPLANDS VÄSBY", "DALS-ED", "ÅRE"]),
    area=st.none() | st.integers(1, 99),
)


@given(BETECKNINGAR)
def test_what_is_written_is_read_back(wanted):
    assert parse_beteckning(str(wanted)) == wanted
    assert parse_beteckning(f"  {str(wanted).replace(' ', '  ').upper()} ") == wanted


@given(st.text(max_size=40))
def test_any_text_has_a_key_and_what_is_parsed_is_stable(text):
    parsed = parse_beteckning(text)
    assert parsed is None or parse_beteckning(str(parsed)) == parsed
    if parsed is not None:
        assert key_of(str(parsed)) == key_of(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("LERUM EXEMPELBY 1:12", "Lerum Exempelby 1:12"),
        ("exempelby 1:12", "Exempelby 1:12"),
        ("LERUM EXEMPELBY S:3", "Lerum Exempelby S:3"),
        ("Exempelby ga:1", "Exempelby GA:1"),
        ("Exempelby 1:12>2", "Exempelby 1:12>2"),
        ("LERUM EXEMPELBY (1:12>1)", "Lerum Exempelby 1:12>1"),
        ("Kv. Ugglan 3", "Ugglan 3"),
        ("LERUM KV UGGLAN 3", "Lerum Ugglan 3"),
        ("kvarteret ugglan *:3", "Ugglan 3"),
        ("Stora Höga 1 : 2", "Stora Höga 1:2"),
        ("Östra Göinge Västra Torp 4:11", "Östra Göinge Västra Torp 4:11"),
        ("Lerum 1:5", "Lerum 1:5"),
        ("Kv 3", "Kv 3"),
    ],
)
def test_ways_to_write(text, written):
    assert str(parse_beteckning(text)) == written


@pytest.mark.parametrize(
    "text", ["", "1:12", "Exempelby", "141-23-7", "Exempelby 1:", "Exempelby 1:12 >", "12 1:12", "x"]
)
def test_what_is_no_beteckning(text):
    assert parse_beteckning(text) is None


def test_a_municipality_is_only_that_before_a_tract():
    assert parse_beteckning("LERUM HULAN 1:1").municipality == "LERUM"
    assert parse_beteckning("LERUM 1:1") == Beteckning("LERUM", 1, block="1")
    assert parse_beteckning("STORA HULAN 1:1").municipality is None


def test_keys_join_what_is_the_same_and_part_what_is_not():
    assert key_of("LERUM EXEMPELBY 1:12")[1] == key_of("exempelby  1:12 ")[1] == key_of("Exempelby 1:12>3")[1]
    assert key_of("Hulan 1:12")[1] != key_of("Stora Hulan 1:12")[1]
    assert key_of("Exempelby S:3")[1] != key_of("Exempelby 3")[1]


def test_kinds():
    assert parse_beteckning("Exempelby S:3").is_shared
    assert parse_beteckning("Exempelby FS:1").is_shared
    assert parse_beteckning("Exempelby GA:3").is_facility
    assert not parse_beteckning("Exempelby 1:3").is_shared
