"""Divisions into properties: several areas are one parcel, samfälligheter and 3D spaces told apart, owners joined."""

import importlib.util
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

import landready
from landready.errors import ColumnError, InputError, StudyError
from landready.layers.owners import _words_of
from landready.layers.recognise import guess_role
from landready.spec.layer import OwnerCategory

_PATH = Path(__file__).with_name("parcel_files.py")
_SPEC = importlib.util.spec_from_file_location("parcel_files", _PATH)
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

PERSON = "19121212-1212"  # Skatteverket's own example


@pytest.fixture
def parcels(tmp_path):
    """Return a function that writes areas and reads them as parcels."""

    def read(frame, name="registerenhetsomradesytor.gpkg", **options):
        pyogrio.write_dataframe(frame, tmp_path / name)
        return landready.read(tmp_path / name, role="parcels", **options)

    return read


@pytest.fixture
def table(tmp_path):
    """Return a function that writes text and returns its path."""

    def write(text, name="ägare.csv", encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return str(tmp_path / name)

    return write


def told(layer, key):
    return next((finding for finding in layer.findings if finding.key == key), None)


def said(finding, name):
    """Return one of the values a finding carries."""
    return vars(finding)["values"][name]


class TestDivision:
    def test_areas_of_one_property_are_one_parcel(self, parcels):
        layer = parcels(made.delivery())
        frame = layer.frame
        assert frame.index.tolist() == [
            "Lerum Exempelby 1:12",
            "Lerum Exempelby S:3",
            "Lerum Stora Höga 2:1",
            "Lerum Ugglan 3",
        ]
        assert frame.columns.tolist() == ["unit_kind", "geometry"]
        assert frame.area["Lerum Exempelby 1:12"] == pytest.approx(20_000)
        assert shapely.get_num_geometries(frame.geometry["Lerum Exempelby 1:12"]) == 2
        assert told(layer, "ids_dissolved")
        assert "registerenhetsområdesytor" in told(layer, "product_read").text("sv")

    def test_shared_land_is_told_and_3d_is_no_ground(self, parcels):
        layer = parcels(made.delivery())
        assert layer.frame["unit_kind"].tolist() == ["property", "joint_property", "property", "property"]
        assert "1 registerenhet är en samfällighet (Lerum Exempelby S:3)" in told(layer, "units_shared").text("sv")
        assert "Lerum Exempelby 1:13" in told(layer, "units_3d").text("sv")
        entry = layer.ledger.frame.set_index("reason").loc["space_3d"]
        assert (entry["count"], entry["area_ha"]) == (1, pytest.approx(1.0))

    def test_what_is_left_out_is_listed_by_name(self, parcels):
        left_out = said(told(parcels(made.delivery()), "columns_left_out"), "columns").split(", ")
        assert {"senastandrad", "lanskod", "kommunkod", "objektidentitet"} <= set(left_out)
        assert not {"etikett", "trakt", "registerenhetsreferens", "objekttyp"} & set(left_out)

    def test_the_order_of_rows_does_not_matter(self, parcels):
        first = parcels(made.delivery()).frame.sort_index()
        second = parcels(made.delivery().iloc[::-1].reset_index(drop=True), "b.gpkg").frame.sort_index()
        assert first.index.tolist() == second.index.tolist()
        assert first.geometry.to_wkb().tolist() == second.geometry.to_wkb().tolist()

    @pytest.mark.parametrize("name", ["ay_get.shp", "AY.gpkg"])
    def test_older_delivery(self, parcels, name):
        rows = [
            {"FNR_FDS": "1", "BLOCKENHET": "1:12"},
            {"FNR_FDS": "1", "BLOCKENHET": "1:12", "OMRNR": 2, "DETALJTYP": "FASTO"},
            {"FNR_FDS": "2", "BLOCKENHET": "S:3", "DETALJTYP": "SAMF"},
            {"FNR_FDS": "3", "BLOCKENHET": "1:13", "DETALJTYP": "3DFASTIGH"},
            {"FNR_FDS": "4", "BLOCKENHET": "", "TRAKT": "", "DETALJTYP": "OSPEC"},
        ]
        frame = parcels(made.areas(*rows, form=made.OLD), name).frame
        assert frame["unit_kind"].to_dict() == {
            "Lerum Exempelby 1:12": "property",
            "Lerum Exempelby S:3": "joint_property",
            "LERUM": "uninvestigated",
        }

    def test_numbers_as_references_and_kind_by_designation(self, parcels):
        rows = [{"FNR_FDS": 140_000_001.0, "BLOCKENHET": "S:1", "DETALJTYP": None}, {"FNR_FDS": None}]
        layer = parcels(made.areas(*rows, form=made.OLD))
        assert layer.frame.index.tolist() == ["Lerum Exempelby S:1", "Lerum Exempelby 1:1"]
        assert layer.frame["unit_kind"].tolist() == ["joint_property", "property"]

    def test_what_the_caller_says_holds(self, parcels):
        frame = made.delivery()
        numbered = parcels(frame, duplicates="number").frame
        assert sorted(numbered.index)[:2] == ["Lerum Exempelby 1:12", "Lerum Exempelby 1:12#2"]
        named = parcels(frame, "b.gpkg", columns={"parcel_id": "objektidentitet"}).frame
        assert named.index[0].startswith("0000")
        with pytest.raises(InputError, match="delar 1 id"):
            parcels(frame, "c.gpkg", duplicates="error")

    def test_a_layer_with_our_own_names_is_left_alone(self, parcels):
        frame = made.delivery().assign(parcel_id=list("uvwxyz"))
        assert parcels(frame).frame.index.tolist() == ["u", "v", "w", "y", "z"]


class TestDamage:
    def test_missing_references_go_by_designation(self, parcels):
        layer = parcels(
            made.areas(
                {"registerenhetsreferens": "a", "etikett": "1:1"},
                {"registerenhetsreferens": None, "etikett": "1:1>2"},
                {"registerenhetsreferens": " ", "etikett": "1:9"},
            )
        )
        assert layer.frame.index.tolist() == ["Lerum Exempelby 1:1", "Lerum Exempelby 1:9"]
        assert layer.frame.area.iloc[0] == pytest.approx(20_000)
        said = told(layer, "units_no_reference").text("sv")
        assert "2 av 3 områden saknar registerenhetsreferens (rad 2, 3 i filen" in said

    def test_what_nothing_names_is_numbered(self, parcels):
        nameless = {"registerenhetsreferens": None, "kommunnamn": None, "trakt": None, "etikett": None}
        layer = parcels(made.areas(nameless, {"registerenhetsreferens": "a"}, nameless))
        assert sorted(layer.frame.index) == ["#1", "#2", "Lerum Exempelby 1:1"]
        assert told(layer, "ids_missing_numbered")

    def test_odd_designations_keep_what_is_written(self, parcels):
        layer = parcels(
            made.areas(
                {"registerenhetsreferens": "a", "etikett": "?"},
                {"registerenhetsreferens": "b", "etikett": "outrett"},
                {"registerenhetsreferens": "b", "etikett": "1:4"},
            )
        )
        assert layer.frame.index.tolist() == ["LERUM EXEMPELBY ?", "Lerum Exempelby 1:4"]
        assert "LERUM EXEMPELBY ?, LERUM EXEMPELBY outrett" in told(layer, "units_odd").text("sv")
        assert told(layer, "units_renamed") is None

    def test_two_designations_of_one_property(self, parcels):
        rows = [{"registerenhetsreferens": "a", "etikett": etikett} for etikett in ("1:2", "1:3", "1:3>2")]
        layer = parcels(made.areas(*rows))
        assert layer.frame.index.tolist() == ["Lerum Exempelby 1:3"]
        assert "flera beteckningar" in told(layer, "units_renamed").text("sv")

    def test_two_properties_of_one_designation_are_kept_apart(self, parcels):
        rows = [{"registerenhetsreferens": reference} for reference in "aab"]
        layer = parcels(made.areas(*rows))
        assert layer.frame.index.tolist() == ["Lerum Exempelby 1:1 (a)", "Lerum Exempelby 1:1 (b)"]
        assert "1 beteckning står för flera fastigheter" in told(layer, "units_alike").text("sv")

    def test_personal_number_in_a_kept_column(self, parcels):
        frame = made.delivery().assign(anteckning=["", f"ring {PERSON}", "", "", "", ""])
        assert "anteckning" in said(told(parcels(frame), "columns_left_out"), "columns")
        with pytest.raises(InputError, match="personnummer") as caught:
            parcels(frame, "b.gpkg", keep=["anteckning"])
        assert PERSON not in str(caught.value)

    def test_a_municipality_that_is_not_listed_and_columns_that_are_kept(self, parcels):
        layer = parcels(made.delivery().assign(kommunnamn="EXEMPELKOMMUN"), keep=["etikett"])
        assert layer.frame.index[0] == "Exempelkommun Exempelby 1:12"
        assert layer.frame["etikett"].iloc[0] in {"1:12>1", "1:12>2"}

    def test_an_empty_layer_and_one_of_3d_spaces_only(self, parcels):
        with pytest.raises(InputError, match="är tomt"):
            parcels(made.delivery().iloc[:0])
        layer = parcels(made.areas({"objekttyp": "3D-fastighetsutrymme", "registerenhetsreferens": "a"}), "b.gpkg")
        assert layer.frame.empty
        assert layer.frame.index.name == "parcel_id"


class TestPointsAndLines:
    @pytest.mark.parametrize(
        ("shape", "kind", "word"),
        [
            (lambda n: made.square(n).centroid, "Point", "registerenhetsområdespunkter"),
            (lambda n: made.square(n).exterior, "LineString", "registerenhetsområdeslinjer"),
        ],
    )
    def test_they_are_known_and_told_to_be_no_areas(self, parcels, tmp_path, shape, kind, word):
        frame = made.areas({"registerenhetsreferens": "a"}, shape=shape)
        frame = frame.set_geometry(frame.geometry.map(lambda g: shapely.LineString(g) if kind == "LineString" else g))
        found = guess_role(layer="x", file="y", columns=list(made.NEW), kind=kind)
        assert (found.role, found.certainty) == ("other", "sure")
        assert word in found.why_in_words("sv")
        with pytest.raises(InputError, match=rf"{word}.*Välj det lager i leveransen som är .*områdesytor"):
            parcels(frame, "punkter.gpkg")
        [report] = landready.check(tmp_path).layers
        assert (report.recognition.role, report.recognition.certainty) == ("other", "sure")


class TestOwners:
    def read(self, parcels, path, *rows, key="Fastighet", column="Ägartyp", **more):
        rows = rows or (
            {"registerenhetsreferens": "a", "etikett": "1:12"},
            {"registerenhetsreferens": "b", "etikett": "1:13"},
            {"registerenhetsreferens": "c", "etikett": "S:1", "objekttyp": "Samfällighetsområde"},
        )
        options = {"column": column, **more} if "category" not in more else more
        return parcels(made.areas(*rows), owners=landready.OwnerTable(path=path, key=key, **options))

    def test_joined_by_designation_however_it_is_written(self, parcels, table):
        path = table(
            "Fastighet;Ägartyp;Ägare\nEXEMPELBY 1:12;Kommunen;Lerums kommun\n"
            "Lerum  exempelby 1:13 ;Privat;Åke Ägare\nExempelby s:1;Samfällighet;\nHulan 1:1;Kommun;\n"
        )
        layer = self.read(parcels, path)
        assert layer.frame["owner_category"].tolist() == ["kommun", "fysisk_person", "samfallighet_ga"]
        assert "Åke" not in "".join(finding.text("sv") for finding in layer.findings)
        assert "1 beteckning finns inte i lager" in told(layer, "owners_not_in_layer").text("sv")
        assert told(layer, "owners_not_in_table") is None
        assert "3 av 3 fastigheter har ägarkategori" in told(layer, "owners_joined").text("sv")
        assert "Hulan 1:1" in layer.ledger.frame.set_index("reason").loc["owners_not_in_layer", "ids"]

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("Fastighet;Ägartyp\r\nExempelby 1:12;Företag\r\n", "cp1252"),
            ('Fastighet,Ägartyp\n"Exempelby 1:12",företag\n\n', "utf-8-sig"),
            ("fastighet\tägartyp\tAreal\nExempelby 1:12\tFÖRETAG\t1,5\n", "utf-8"),
        ],
    )
    def test_ways_to_write_a_table(self, parcels, table, text, encoding):
        layer = self.read(parcels, table(text, encoding=encoding))
        assert layer.frame["owner_category"].iloc[0] == "foretag"
        assert layer.frame["owner_category"].isna().tolist() == [False, True, True]
        assert "2 fastigheter finns inte i tabellen" in told(layer, "owners_not_in_table").text("sv")

    def test_a_workbook_and_a_layer_of_land_holdings(self, parcels, tmp_path):
        sheet = pd.DataFrame({"Fastighet": ["Exempelby 1:12"], "Ägartyp": ["Staten"], "Ägare": ["x"]})
        pyogrio.write_dataframe(sheet, tmp_path / "ägare.xlsx", layer="Blad1", driver="XLSX")
        assert self.read(parcels, str(tmp_path / "ägare.xlsx")).frame["owner_category"].iloc[0] == "stat"
        holdings = gpd.GeoDataFrame({"beteckning": ["Exempelby 1:13"]}, geometry=[made.square(1)], crs=3006)
        holdings.to_file(tmp_path / "markinnehav.gpkg")
        path = str(tmp_path / "markinnehav.gpkg")
        layer = self.read(parcels, path, key="beteckning", category="kommun")
        assert layer.frame["owner_category"].fillna("").tolist() == ["", "kommun", ""]
        assert (
            told(layer, "owners_not_in_table").severity == "note"
        )  # a list of one owner's land does not hold the rest

    def test_several_owners(self, parcels, table):
        path = table(
            "Fastighet;Ägartyp\nExempelby 1:12;Kommun\nExempelby 1:12;Privat\nExempelby 1:13;Kommun\n"
            "Exempelby 1:13;\nExempelby S:1;Kommun\nExempelby S:1;kommun\n"
        )
        layer = self.read(parcels, path)
        assert layer.frame["owner_category"].fillna("").tolist() == ["blandat", "", "kommun"]
        assert "Lerum Exempelby 1:12" in told(layer, "owners_mixed").text("sv")

    def test_names_in_the_column_are_not_let_in(self, parcels, table):
        layer = self.read(parcels, table("Fastighet;Ägartyp\nExempelby 1:12;Åke Ägare\nExempelby 1:13;Kommun\n"))
        assert layer.frame["owner_category"].fillna("").tolist() == ["", "kommun", ""]
        strange = told(layer, "owners_strange")
        assert "1 av 2 rader" in strange.text("sv")
        assert "Åke" not in strange.text("sv") + strange.text("en")

    def test_doubtful_and_unnamed_rows(self, parcels, table):
        rows = (
            {"registerenhetsreferens": "a", "etikett": "1:1"},
            {"registerenhetsreferens": "b", "etikett": "1:1", "kommunnamn": "ALE"},
            {"registerenhetsreferens": "c", "etikett": "1:2", "trakt": "BERG NORRA"},
        )
        path = table(
            "Fastighet;Ägartyp\nExempelby 1:1;Kommun\nAle Exempelby 1:1;Staten\n;Kommun\nBerg Norra 1:2;Privat\n"
        )
        layer = self.read(parcels, path, *rows)
        assert layer.frame["owner_category"].fillna("").to_dict() == {
            "Lerum Exempelby 1:1": "",
            "Ale Exempelby 1:1": "stat",
            "Lerum Berg Norra 1:2": "fysisk_person",
        }
        assert "Exempelby 1:1" in told(layer, "owners_doubtful").text("sv")
        assert "1 rad saknar beteckning" in told(layer, "owners_unnamed").text("sv")

    def test_the_layer_keeps_what_the_table_does_not_say(self, parcels, table):
        frame = made.areas(*({"registerenhetsreferens": r, "etikett": f"1:{n}"} for n, r in enumerate("abc", 1)))
        owners = landready.OwnerTable(
            path=table("Fastighet;Ägartyp\nExempelby 1:1;Kommun\n"), key="Fastighet", column="Ägartyp"
        )
        layer = parcels(frame.assign(owner_category=["stat", "stat", None]), owners=owners)
        assert layer.frame["owner_category"].fillna("").tolist() == ["kommun", "stat", ""]

    def test_areas_that_were_numbered_all_have_the_owner(self, parcels, table):
        owners = landready.OwnerTable(path=table("F;Ä\nExempelby 1:12;Kommun\n"), key="F", column="Ä")
        layer = parcels(made.delivery(), duplicates="number", owners=owners)
        assert (layer.frame["owner_category"] == "kommun").sum() == 2

    def test_personal_numbers_in_the_table(self, parcels, table):
        with pytest.raises(InputError, match="personnummer"):
            self.read(parcels, table(f"Fastighet;Ägartyp\nExempelby 1:12;{PERSON}\n"))

    def test_what_is_wrong_with_the_table_is_told(self, parcels, table, tmp_path):
        with pytest.raises(ColumnError, match="Fastighet"):
            self.read(parcels, table("Fastigheter;Ägartyp\nExempelby 1:12;Kommun\n"))
        with pytest.raises(InputError, match=r"saknas\.csv") as caught:
            self.read(parcels, str(tmp_path / "saknas.csv"))
        assert [finding.key for finding in caught.value.findings] == ["file_not_found"]
        with pytest.raises(InputError, match="owners"):
            landready.read(
                tmp_path / "registerenhetsomradesytor.gpkg",
                role="buildings",
                owners=landready.OwnerTable(path="x.csv", key="a", category="kommun"),
            )

    @pytest.mark.parametrize("more", [{}, {"column": "a", "category": "kommun"}])
    def test_column_or_category(self, more):
        with pytest.raises(StudyError, match="antingen column"):
            landready.OwnerTable(path="x.csv", key="a", **more)

    def test_the_words_are_those_of_the_categories_and_mean_one_thing(self):
        words = _words_of()
        assert list(words) == list(OwnerCategory.__args__)
        listed = [word for several in words.values() for word in several]
        assert len(listed) == len(set(listed))
        assert all(category in several for category, several in words.items())


def test_a_damaged_table(table, parcels):
    path = table('Fastighet;Ägartyp\n"Exempelby 1:12;Kommun\n')
    layer = TestOwners().read(parcels, path)
    assert layer.frame["owner_category"].isna().all()
    assert told(layer, "owners_not_in_layer")
    with pytest.raises(InputError, match=r"ägare\.csv") as caught:
        TestOwners().read(parcels, table("x" * 200_000 + "\n"))
    assert [finding.key for finding in caught.value.findings] == ["file_unreadable"]
