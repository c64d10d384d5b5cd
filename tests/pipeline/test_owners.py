"""Owner categories of a study: from the table beside it, and in no extern file."""

import json

import pytest

import landready
from landready.errors import StudyError

OWNERS = """
[layers.fastigheter.owners]
path = "hemlig tabell.csv"
key = "Fastighet"
column = "Ägartyp"
"""


@pytest.fixture
def study(small_study):
    """Return the small study with a table of owners: one parcel of the county, and one that is nowhere."""
    text = small_study.read_text(encoding="utf-8")
    small_study.write_text(text + OWNERS, encoding="utf-8")
    table = "Fastighet;Ägartyp;Namn\nLERUM EXEMPELBY 1:1;Regionen;Åke Ägare\nHemligby 9:9;Staten;\n"
    (small_study.parent / "hemlig tabell.csv").write_text(table, encoding="cp1252")
    return small_study


def test_they_are_joined_and_told(study):
    result = landready.Study.from_toml(study).run()
    owner = result.inputs.layers["fastigheter"].frame["owner_category"]
    assert owner["Exempelby 1:1"] == "region"
    assert owner["Exempelby 1:2"] == "foretag"  # as the layer says
    keys = {finding.key for finding in result.findings}
    assert {"owners_joined", "owners_not_in_table", "owners_not_in_layer"} <= keys


def test_nothing_of_the_table_is_in_extern_files(study, tmp_path):
    result = landready.Study.from_toml(study).run()
    for audience, told in (("intern", True), ("extern", False)):
        folder = tmp_path / audience
        written = result.write(folder, audience=audience)
        assert written
        everything = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
        assert (b"hemlig tabell" in everything) is told
        assert b"Namn;" not in everything
        assert "Åke".encode() not in everything
        if not told:
            assert b"Hemligby" not in everything
            assert b"owners_" not in everything
    manifest = json.loads(next((tmp_path / "intern").glob("*manifest.json")).read_text(encoding="utf-8"))
    assert manifest["owner_tables"]["fastigheter"]["file"] == "hemlig tabell.csv"
    assert len(manifest["owner_tables"]["fastigheter"]["sha256"]) == 64


def test_a_table_that_is_not_there_or_lacks_columns(study):
    table = study.parent / "hemlig tabell.csv"
    table.write_text("Fastighet;Agartyp\n", encoding="utf-8")
    with pytest.raises(StudyError, match="Ägartyp"):
        landready.Study.from_toml(study).run()
    table.unlink()
    with pytest.raises(StudyError, match=r"layers\.fastigheter\.owners.*hemlig tabell\.csv"):
        landready.Study.from_toml(study).run()
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('column = "Ägartyp"', 'kolumn = "Ägartyp"'), encoding="utf-8")
    with pytest.raises(StudyError, match="kolumn"):
        landready.Study.from_toml(study)
