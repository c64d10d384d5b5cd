"""Plans of a municipality's own register: what its letters permit, and its words for status."""

import geopandas as gpd
import pytest
import shapely

from landready import read
from landready.layers.plan_words import permits_of


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
    chosen = read(path, role="plans", columns={"use": "ANV"}, where={"permits_business": False})
    assert chosen.frame.index.tolist() == ["P1"]


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
