"""Tables without geometry: the columns that are asked for, and words for what cannot be read."""

import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landready.errors import ColumnError, FileError, LandreadyError
from landready.layers.tables import read_table


@pytest.fixture
def written(tmp_path):
    """Return a function that writes bytes to a file and returns its path."""

    def write(content, name="tabell.csv"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    "content",
    [
        "Fastighet;Typ;Ägare\n A 1:1 ;x;y\n\n;;z\nA 1:2;;y\n;;\n".encode(),
        "Fastighet;Typ;Ägare\r\n A 1:1 ;x;y\r\n;;z\r\nA 1:2\r\n".encode("cp1252"),
        "Fastighet\tTyp\tÄgare\nA 1:1\tx\ty\n\t\tz\nA 1:2\t\t\n".encode("utf-16"),
        'Ägare,"Fastighet","Typ"\n"y, z",A 1:1,x\nz,,\n,A 1:2,\n'.encode("utf-8-sig"),
    ],
)
def test_text(written, content):
    table, _ = read_table(written(content), ["fastighet", "Typ"])
    assert table.to_dict("list") == {"fastighet": ["A 1:1", "", "A 1:2"], "Typ": ["x", "", ""]}


def test_a_guessed_encoding_is_told(written):
    assert [finding.key for finding in read_table(written("Ä\n1\n".encode("cp1252")), ["ä"])[1].findings] == [
        "text_encoding_guessed"
    ]
    assert not read_table(written("Ä\n1\n".encode()), ["Ä"])[1].findings


def test_sheets(tmp_path):
    path = tmp_path / "bok.xlsx"
    for name in ("Blad1", "Blad2"):
        sheet = pd.DataFrame({"Fastighet": [f"{name} 1:1", None], "Nr": [1.0, 2.0], "Text": ["a", "b"]})
        pyogrio.write_dataframe(sheet, path, layer=name, driver="XLSX", append=path.exists())
    table, _ = read_table(path, ["Fastighet", "nr"], layer="Blad2")
    assert table.to_dict("list") == {"Fastighet": ["Blad2 1:1", ""], "nr": ["1", "2"]}
    with pytest.raises(FileError, match="Blad1, Blad2"):
        read_table(path, ["Fastighet"])
    with pytest.raises(FileError, match="Blad1"):
        read_table(path, ["Fastighet"], layer="Blad")


def test_what_cannot_be_read(written, tmp_path):
    with pytest.raises(FileError):
        read_table(tmp_path / "saknas.csv", ["a"])
    with pytest.raises(FileError):
        read_table(written(b""), ["a"])
    with pytest.raises(FileError):
        read_table(written(b"skrap", "a.xlsx"), ["a"])
    with pytest.raises(ColumnError, match="Fastighet"):
        read_table(written(b"Fastighet;b\n"), ["fastighetn", "b"])


@given(content=st.binary(max_size=200))
def test_any_bytes_are_rows(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(b"a;b\n" + content)
    table, _ = read_table(path, ["a", "b"])
    assert table.columns.tolist() == ["a", "b"]


@given(content=st.binary(min_size=1, max_size=200), name=st.sampled_from(["t.csv", "t.xlsx", "t.gpkg", "t.dbf"]))
def test_any_file_is_read_or_told(content, name, tmp_path_factory):
    path = tmp_path_factory.mktemp("t") / name
    path.write_bytes(content)
    with pytest.raises(LandreadyError, match=name):
        read_table(path, ["a column that is not there"])
