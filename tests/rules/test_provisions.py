"""What provisions mean: the catalogue before the code, the code before the letter, and never a guess."""

import csv
import datetime as dt
import re
import subprocess
import sys

import pyproj
import pytest

from landready.rules.provisions import catalogue, catalogue_by_code, permitted, plan_words, resolve


def test_the_catalogue_is_whole():
    assert len(catalogue()) == len(catalogue_by_code()) == 908
    assert sum(entry.is_use for entry in catalogue().values()) == 230
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key) for key in catalogue())


def test_every_use_has_a_group():
    without = {entry.category for entry in catalogue().values() if entry.is_use and not resolve(code=entry.code).groups}
    assert without == set()
    assert all(resolve(code=code).code == code for code in catalogue_by_code())


@pytest.mark.realdata
def test_the_catalogue_agrees_with_its_source(real_data):
    with (real_data / "planbestammelser.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(catalogue())
    for row in rows:
        entry = catalogue()[row["id"]]
        assert (entry.code, entry.category) == (row["kod"], row["kategori"])
        assert entry.subcategory == (row["underkategori"] or None)
        assert (entry.value_type or "") == row["uttryckt_varde"].lower()


@pytest.mark.parametrize(
    ("given", "letter", "groups", "permits", "problems"),
    [
        ({"code": "DP_KM_J2"}, "J", ("industri",), True, ()),
        ({"code": "DP_KM_Z2_Verkstad"}, "Z", ("verksamheter",), True, ()),
        ({"code": "DP_KM_K2_Aldre", "letter": "K1"}, "K1", ("kontor",), True, ()),
        ({"code": "DP_KM_B2"}, "B", ("bostader",), False, ()),
        ({"code": "DP_KM_P2_Hus"}, "P", ("parkering",), False, ()),
        ({"code": "DP_AP_Parkering"}, "P-PLATS", ("allman_plats",), False, ()),
        ({"code": "DP_KM_R2_Bad"}, "R", ("besoksanlaggningar",), None, ()),
        ({"code": "DP_KM_Y2_Annan"}, "Y", ("annan_kvartersmark",), None, ()),
        ({"code": "DP_VO_W2"}, "W", ("vattenomrade",), False, ()),
        # Codes of earlier releases are unknown; the letter may still say something.
        ({"code": "DP_KM_S", "letter": "S"}, "S", ("skola",), False, ("code_unknown",)),
        ({"code": "DP_KM_S"}, None, (), None, ("code_unknown",)),
        ({"code": "DP_AP_Ko_Gata", "letter": "GATA"}, "GATA", ("allman_plats",), False, ("code_unknown",)),
        ({"letter": "Jm"}, "Jm", ("industri",), True, ()),
        ({"letter": "BDK"}, "BDK", ("bostader", "vard", "kontor"), True, ()),
        ({"letter": "J1K2"}, "J1K2", ("industri", "kontor"), True, ()),
        ({"letter": "PARK"}, "PARK", ("allman_plats",), False, ()),
        ({"letter": "Ö"}, "Ö", (), None, ("letter_unknown",)),
        ({"letter": "lager"}, "lager", (), None, ("letter_unknown",)),
        ({"letter": "A"}, "A", (), None, ("letter_ambiguous",)),
    ],
)
def test_in_order(given, letter, groups, permits, problems):
    found = resolve(**given)
    assert (found.letter, found.groups, found.permits_business, found.problems) == (letter, groups, permits, problems)


@pytest.mark.parametrize(
    ("letter", "date", "groups"),
    [
        ("U", "1996-05-01", ("lager",)),
        ("U", "2014-12-31", ("lager",)),
        ("U", "2015-01-01", None),
        ("U", "2020-09-30", None),
        ("U", "2020-10-01", ("samhallsviktigt",)),
        ("U", None, None),
        ("Y", "2003-01-01", None),
        ("Y", "2021-01-01", ("annan_kvartersmark",)),
        ("Z", "2012-01-01", None),
        ("Z", "2016-01-01", ("verksamheter",)),
        ("G", "2016-01-01", None),
        ("G", "2022-01-01", ("drivmedel",)),
        ("M", "1990-01-01", None),
        ("R", "2017-05-15", ("besoksanlaggningar",)),
        ("J", None, ("industri",)),
        ("JU", "2017-05-15", None),
        ("JU", "1999-05-15", ("industri", "lager")),
    ],
)
def test_letters_by_date(letter, date, groups):
    found = resolve(letter=letter, plan_date=date and dt.date.fromisoformat(date))
    assert found.groups == (groups or ())
    assert found.problems == (() if groups else ("letter_ambiguous",))
    assert groups or found.permits_business is None


def test_the_id_is_believed_before_the_code_and_the_letter():
    industry = catalogue_by_code()["DP_KM_J2"]
    found = resolve(catalogue_id=industry.id.upper(), code="DP_KM_B2", letter="B")
    assert (found.code, found.groups) == ("DP_KM_J2", ("industri",))
    unknown = resolve(catalogue_id="00000000-0000-0000-0000-000000000000", code="DP_KM_B2")
    assert unknown.groups == ("bostader",)


def test_a_property_has_no_use():
    found = resolve(code="DP_KM_Eg_Utnytt_StorstaAreaKvm_Byggnadsarea", letter="e1", is_use=False)
    assert (found.letter, found.use, found.permits_business) == ("e1", None, None)
    assert found.entry.value_type == "max"
    assert resolve(letter="e", is_use=False).problems == ()


def test_nothing_given_means_nothing():
    assert resolve().use is None
    assert permitted(()) is None


def test_the_words_hold_together():
    words = plan_words()
    for row in words["letters"]:
        assert set(row["letters"].values()) <= set(words["groups"])
        assert row["source"]
        assert row["certainty"] in {"verified", "memory", "assumption"}
    codes = tuple(catalogue_by_code())
    stems = [stem for table in ("limits", "grounds") for row in words[table] for stem in row["codes"]]
    for stem in (*stems, *words["conditions"]["codes"]):
        assert any(code.startswith(stem) for code in codes), stem


def test_names_of_coordinate_systems():
    words = plan_words()
    assert sorted(words["crs_names"].values()) == words["crs"]["codes"]
    for name, code in words["crs_names"].items():
        assert pyproj.CRS(code).name == name.replace("_", " ")


def test_nothing_is_read_at_import():
    said = "import sys, landready.rules.provisions as p; print(p.catalogue.cache_info().currsize)"
    assert (
        subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip() == "0"
    )
