"""Many findings of one kind are told in one line, and none of another kind is lost."""

import pytest

from landready.cli.grouping import grouped
from landready.errors import Finding
from landready.texts import LANGUAGES, catalogue


def untested(constraint, layer):
    return Finding("constraint_no_layer", {"constraint": constraint, "layer": layer}, "warning")


FEW = [untested("Vatten", "water"), untested("Strandskydd", "shore_protection")]
MANY = [*FEW, *(untested(f"Kraftledning {size} kV", "power_lines") for size in (400, 130, 40, 10))]


def test_few_are_told_one_by_one():
    assert grouped(FEW, "sv") == [("warning", finding.text("sv")) for finding in FEW]


def test_many_are_told_by_layer():
    [(severity, said)] = grouped(MANY, "sv")
    assert severity == "warning"
    assert said.startswith("6 restriktioner är inte prövade")
    assert "water: ”Vatten”; shore_protection: ”Strandskydd”; power_lines: ”Kraftledning 400 kV”, " in said
    assert said.endswith("”Kraftledning 40 kV”, ….")


def test_kinds_without_words_of_their_own_are_counted():
    alike = [
        Finding("values_absent", {"layer": name, "column": "a", "asked": "b", "found": "c"}, "warning")
        for name in "abcd"
    ]
    told = [said for _, said in grouped(alike, "en")]
    assert told == [alike[0].text("en"), "… and 3 more of the same kind. All stand on the map and in manifest.json."]


def test_errors_come_first_and_the_order_is_kept():
    error = Finding("study_no_parcels")
    told = grouped([FEW[0], error, *MANY], "sv")
    assert [severity for severity, _ in told] == ["error", "warning"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_grouped_is_a_finding_with_a_layer(language):
    keys = [key.removeprefix("grouped.") for key in catalogue(language) if key.startswith("grouped.")]
    for key in set(keys) - {"more"}:
        assert "{layer}" in catalogue(language)[f"finding.{key}"]
