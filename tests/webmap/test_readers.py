"""What the map says about the data is for readers: one sentence a kind, layers by what they are, no instructions."""

import ast
import re
from pathlib import Path

import pytest

import landready
from landready.errors import Finding
from landready.model import Layer
from landready.texts import LANGUAGES, catalogue
from landready.webmap.readers import layer_titles, source_lines, told_to_readers


def untested(constraint, layer):
    return Finding("constraint_no_layer", {"constraint": constraint, "layer": layer}, "warning")


@pytest.fixture
def water(example):
    return example.context()["water"].frame


def test_findings_of_one_kind_are_one_sentence():
    findings = [
        untested("Vatten", "water"),
        untested("Strandskydd", "shore_protection"),
        untested("Tomt", "built_plots"),
    ]
    findings += [untested(f"Kraftledning {size} kV", "power_lines") for size in (400, 130)]
    (told,) = told_to_readers(findings, {}, "sv")
    assert told["text"] == (
        "5 restriktioner kunde inte prövas, för det finns inget lager för vatten, strandskydd, bebyggda tomter, kraftledningar."
    )
    assert told["pinned"]
    (one,) = told_to_readers(findings[:1], {}, "en")
    assert one["text"] == "1 constraint could not be tested, for there is no layer of water."


def test_layers_go_by_what_they_are_and_nothing_is_asked_of_the_reader():
    values = {"layer": "zoner", "column": "permits_business", "where": "x = 1", "id": "plan_other_use", "empty": "{}"}
    findings = [Finding("constraint_no_column", {**values, "constraint": name}, "warning") for name in ("A", "B")]
    (told,) = told_to_readers(findings, {"zoner": "Detaljplaner"}, "sv")
    assert told["text"].endswith("saknar uppgifterna som behövs: Detaljplaner (”A”, ”B”).")
    assert "[[constraints]]" not in told["text"]


def test_other_kinds_are_told_once_and_name_the_other_layers():
    findings = [
        Finding("text_encoding", {"layer": name, "declared": "UTF-8", "used": "cp1252"}, "warning").at(
            f"[layers.{name}]"
        )
        for name in ("a", "b", "c")
    ]
    told = told_to_readers(findings, {"a": "Vägar", "b": "Järnväg", "c": "Vatten"}, "sv")
    assert [entry["text"] for entry in told][1] == "Detsamma gäller Järnväg, Vatten."
    assert told[0]["text"].startswith("Lager ”Vägar”")
    assert "layers." not in told[0]["text"]


def test_warnings_and_notes_are_kept_apart_and_free_text_is_told_as_it_is():
    values = {"layer": "a", "count": 1, "total": 9, "rows": "4"}
    told = told_to_readers([Finding("geometry_null", values, "warning"), "Fri text."], {"a": "Vägar"}, "sv")
    assert told == [
        {"severity": "warning", "text": "Objekt utan läge är utelämnade: Vägar (1 av 9).", "pinned": False},
        {"severity": "note", "text": "Fri text.", "pinned": False},
    ]


def test_titles_are_words(water):
    layers = [
        Layer("zoner", water, role="plans"),
        Layer("flod100", water, role="flood"),
        Layer("flod500", water, role="flood"),
        Layer("flood_extent", water, role="area"),
        Layer("vatmark", water, role="other", source="Kommunens våtmarksinventering"),
    ]
    assert list(layer_titles(layers, "sv").values()) == [
        "Detaljplaner",
        "Översvämning (Flod100)",
        "Översvämning (Flod500)",
        "Flood extent",
        "Kommunens våtmarksinventering",
    ]


def test_sources_that_are_alike_stand_together(water):
    layers = [
        Layer("a", water, role="plans", source="layers.gpkg"),
        Layer("b", water, role="roads"),
        Layer("c", water, role="water", source="layers.gpkg"),
        Layer("d", water, role="home_plots", source="layers.gpkg + layers.gpkg", modelled=True),
        Layer("e", water, role="other", source="Våtmarksinventering", date="2020-01-01"),
    ]
    assert source_lines([*layers, "Boverket"], layer_titles(layers, "sv"), "sv") == [
        "Boverket",
        "Detaljplaner, Vatten: layers.gpkg",
        "Bostadstomter: layers.gpkg · modellerat",
        "Våtmarksinventering · 2020-01-01",
        "Vägar: källa ej angiven",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_for_readers_are_about_findings_and_ask_for_nothing(language):
    known = catalogue(language)
    keys = {key.removeprefix("readers.") for key in known if key.startswith("readers.")} - {"likewise", "of"}
    assert all(f"finding.{key.removesuffix('_one')}" in known for key in keys)
    said = " ".join(known[f"readers.{key}"] for key in keys)
    assert not any(word in said for word in ("[[", "known_extent", "source_crs", "where =", "Ange ", "Fyll "))


def test_what_criteria_ask_for_in_vain_is_told_of_each():
    values = {"layer": "vagar", "asked": "road_class = 3", "there": "där finns 1, 2", "effect": "Okänt."}
    findings = [Finding("criterion_nothing_met", {**values, "criterion": name}, "warning") for name in "ABC"]
    told = told_to_readers(findings, {"vagar": "Vägar"}, "sv")
    assert [entry["text"][:13] for entry in told] == ["Kriteriet ”A”", "Kriteriet ”B”", "Kriteriet ”C”"]
    assert "inget objekt i Vägar har road_class = 3" in told[0]["text"]


def told_without_stopping():
    """Return the keys of findings that the code makes as warnings or notes."""
    found = set()
    for file in Path(landready.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
                words = [
                    each.value
                    for each in (*call.args, *(k.value for k in call.keywords))
                    if isinstance(each, ast.Constant)
                ]
                if {"warning", "note"} & set(words):
                    found.add(words[0])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reader_of_the_map_is_told_what_to_write_in_the_study(language):
    known = catalogue(language)
    words = r"known_extent|source_crs|nodata|permits_business|(?:role|keep|columns|where|path) ="
    code = re.compile(rf"\[\[|\b(?:{words})|\.toml|\{{empty\}}")
    asked = {key for key in told_without_stopping() if code.search(known.get(f"finding.{key}", ""))}
    assert len(asked) > 10
    assert {key for key in asked if f"readers.{key}" not in known} == set()
    assert [key for key, said in known.items() if key.startswith("readers.") and code.search(said)] == []
