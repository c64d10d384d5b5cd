"""Plans of a municipality's own register: what its letters permit, and its words for status."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import Constraint, classify_land, read
from landready.layers.plan_words import permits_of
from landready.layers.recognise import guess_role


@pytest.mark.parametrize(
    ("letters", "date", "permits"),
    [
        ("J", None, True),
        ("JK", None, True),
        ("J, K", None, True),
        ("Jm", None, True),
        ("B", None, False),
        ("BDS", None, False),
        ("B+E+GATA", None, False),
        ("J/E/PARK", None, True),
        ("E", None, False),
        ("GATA, PARK", None, False),
        ("BJ", None, None),
        ("BC", None, None),
        ("U", "1996-05-01", True),
        ("U", "2017-05-01", None),
        ("U", "2022-05-01", False),
        ("U", None, None),
        ("Z", "2016-01-01", True),
        ("A", "1980-01-01", None),
        ("industri", None, None),
        ("", None, None),
    ],
)
def test_what_letters_permit(letters, date, permits):
    assert permits_of(letters, date) is permits


def written(tmp_path, **columns):
    count = len(next(iter(columns.values())))
    shapes = [
        shapely.box(3.4e5 + 200 * number, 6.4e6, 3.4e5 + 200 * number + 100, 6_400_100) for number in range(count)
    ]
    frame = gpd.GeoDataFrame(
        {"plan_id": [f"P{number}" for number in range(count)], **columns}, geometry=shapes, crs=3006
    )
    frame.to_file(tmp_path / "planer.gpkg")
    return tmp_path / "planer.gpkg"


def test_plans_with_letters_get_an_answer_and_it_is_told(tmp_path):
    path = written(
        tmp_path,
        ANV=["J", "BS", "BJ", None, "U", "U"],
        LAGAKRAFT=["2001-01-01"] * 4 + ["1990-03-01T00:00:00", None],
    )
    layer = read(path, role="plans", columns={"use": "ANV", "in_force_date": "LAGAKRAFT"})
    assert layer.frame["permits_business"].tolist() == [True, False, None, None, True, None]
    told = next(finding for finding in layer.findings if finding.key == "plans_by_letters")
    assert (told.severity, told.values["count"], told.values["rows"]) == ("warning", 3, "P2, P3, P5")
    assert (told.values["yes"], told.values["no"], told.values["values"]) == ("J, U", "BS", "BJ, U")
    chosen = read(path, role="plans", columns={"use": "ANV"}, where={"permits_business": False})
    assert chosen.frame.index.tolist() == ["P1"]


def test_letters_of_plans_abroad_are_not_read_as_swedish_ones(tmp_path):
    shapes = [shapely.box(230_000, 900_000, 230_100, 900_100), shapely.box(230_100, 900_000, 230_200, 900_100)]
    zoning = gpd.GeoDataFrame({"plan_id": ["1", "2"], "use": ["BB", "C-1"]}, geometry=shapes, crs="EPSG:26986")
    zoning.to_file(tmp_path / "zoning.gpkg")
    layer = read(tmp_path / "zoning.gpkg", role="plans")
    assert layer.frame["permits_business"].tolist() == [None, None]
    told = next(finding for finding in layer.findings if finding.key == "plans_letters_abroad")
    assert told.severity == "warning"
    assert "BB, C-1" in told.text("sv")


def test_an_answer_of_the_file_itself_stands(tmp_path):
    layer = read(written(tmp_path, use=["B"], permits_business=[True]), role="plans")
    assert layer.frame["permits_business"].tolist() == [True]
    assert "plans_by_letters" not in {finding.key for finding in layer.findings}


def test_statuses_in_the_words_of_the_standard(tmp_path):
    layer = read(written(tmp_path, status=["Laga kraft", "samråd", "laga_kraft", "fastställd", None]), role="plans")
    statuses = layer.frame["status"]
    assert statuses.tolist()[:4] == ["laga_kraft", "samrad", "laga_kraft", "fastställd"]
    assert statuses.isna().tolist() == [False] * 4 + [True]
    told = next(finding for finding in layer.findings if finding.key == "plans_status_words")
    assert "Laga kraft → laga_kraft" in told.text()
    strange = next(finding for finding in layer.findings if finding.key == "plans_status_strange")
    assert "fastställd" in strange.text()
    assert "1 av 5 planer" in strange.text()


def test_statuses_in_the_words_of_registers(tmp_path):
    layer = read(
        written(tmp_path, status=["Gällande", "LAGAKRAFT", "Pågående", "Genomförandetid utgången"]), role="plans"
    )
    assert layer.frame["status"].tolist() == ["laga_kraft", "laga_kraft", "paborjad", "genomforandetid_utgangen"]
    assert "plans_status_strange" not in {finding.key for finding in layer.findings}


class TestOutlines:
    def read(self, tmp_path, **columns):
        frame = gpd.GeoDataFrame(
            {"beteckning": ["1", "2"], **columns},
            geometry=[shapely.box(340_000 + k, 6_400_000, 340_050 + k, 6_400_050) for k in (0, 100)],
            crs=3006,
        )
        frame.to_file(tmp_path / "markreglerande_bestammelse.gpkg")
        return read(tmp_path / "markreglerande_bestammelse.gpkg", role="plans", columns={"plan_id": "beteckning"})

    def test_what_a_plan_permits_is_unknown_where_only_its_outline_is_there(self, tmp_path):
        plans = self.read(tmp_path)
        assert plans.frame[["status", "permits_business"]].isna().all().all()
        [told] = [finding for finding in plans.findings if finding.key == "plans_outlines"]
        assert told.severity == "warning"
        assert "2 planer saknar status, permits_business" in told.text("sv")

    def test_a_status_that_is_there_is_kept(self, tmp_path):
        plans = self.read(tmp_path, status=["Laga kraft", "antagen"])
        assert plans.frame["status"].tolist() == ["laga_kraft", "antagen"]
        assert plans.frame["permits_business"].isna().all()

    def test_their_land_is_neither_free_nor_excluded(self, tmp_path):
        plans = self.read(tmp_path)
        parcel = gpd.GeoDataFrame(geometry=[shapely.box(340_000, 6_400_000, 340_100, 6_400_050)], index=["A"], crs=3006)
        where = {"status": "laga_kraft", "permits_business": False}
        land = classify_land(parcel, [Constraint("annat", plans, where=where)]).frame
        assert (land.loc["A", "unmapped_ha"], land.loc["A", "excluded_ha"]) == (0.25, 0)

    def test_the_file_is_recognised(self):
        guess = guess_role(layer="markreglerande_bestammelse", file="x", columns=[], kind="MultiPolygon")
        assert guess.role == "plans"


def dated(tmp_path, **columns):
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(340_000 + 100 * n, 6_400_000, 340_050 + 100 * n, 6_400_050) for n in range(count)]
    frame = gpd.GeoDataFrame({"plan_id": [f"P{n}" for n in range(count)], **columns}, geometry=shapes, crs="EPSG:3006")
    frame.to_file(tmp_path / "planer.gpkg")
    return read(tmp_path / "planer.gpkg", role="plans")


def test_days_as_registers_write_them_are_put_in_one_form(tmp_path):
    said = ["den 1 maj 2019", "1 Maj 2019", "3 okt. 2001", "20190501", "2019-05-01", "2019-05-01T00:00:00", None]
    layer = dated(tmp_path, in_force_date=said)
    days = ["2019-05-01", "2019-05-01", "2001-10-03", "2019-05-01", "2019-05-01", "2019-05-01T00:00:00"]
    assert layer.frame["in_force_date"].tolist()[:6] == days
    assert layer.frame["in_force_date"].isna().tolist()[6]
    assert "plans_days_strange" not in {finding.key for finding in layer.findings}


def test_what_is_no_day_or_could_be_two_is_told_and_stays(tmp_path):
    said = ["1/5 2019", "31 februari 2019", "20191301", "ma 2019", "5 ju 2019", "okänt", "2019-05-01"]
    layer = dated(tmp_path, adopted_date=said)
    assert layer.frame["adopted_date"].tolist() == said
    (finding,) = (each for each in layer.findings if each.key == "plans_days_strange")
    assert "kolumn ”adopted_date”: 6 värden" in finding.text("sv")
    assert "”1/5 2019”" in finding.text("sv")


def test_days_that_are_days_already_stay_as_they_are(tmp_path):
    layer = dated(tmp_path, status_date=np.array(["2019-05-01", "NaT"], dtype="datetime64[ms]"))
    assert layer.frame["status_date"].dt.year.tolist()[0] == 2019
