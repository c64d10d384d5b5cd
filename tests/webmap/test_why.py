import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from landready import Constraint, Layer, assemble, classify_land
from landready.webmap.codec import decode, encode
from landready.webmap.why import parcel_layer

CRS = "EPSG:3006"
WEST, SOUTH = 338_000.0, 6_406_000.0


def box(west, south, east, north):
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def layer(name, shapes, extent):
    frame = gpd.GeoDataFrame({"note": ["HEMLIG"] * len(shapes)}, geometry=shapes, crs=CRS)
    return Layer(name, frame, known_extent=extent)


@pytest.fixture(scope="module")
def told():
    """Six parcels side by side: free, under water, unmapped, half under water, a sliver, and without a shape."""
    parcels = gpd.GeoDataFrame(
        {"owner_category": "HEMLIG-ÄGARE"},
        geometry=[
            box(0, 0, 300, 300),
            box(300, 0, 600, 300),
            box(2000, 0, 2300, 300),
            box(600, 0, 900, 300),
            box(0, 1000, 300, 1005),
            None,
        ],
        index=pd.Index(["Fri 1:1", "Vatten 1:2", "Okänd 1:3", "Halv 1:4", "Smal 1:5", "Utan 1:6"], name="parcel_id"),
        crs=CRS,
    )
    mapped = box(-100, -100, 1500, 1500)
    water = Constraint("water", layer("water", [box(300, -50, 750, 350)], mapped), kind="hard", label="Vatten")
    shore = Constraint(
        "shore",
        layer("shore", [box(750, -50, 800, 350)], mapped),
        kind="strong",
        label="Strandskydd",
        legal_basis="MB 7 kap.",
    )
    land = classify_land(parcels, [water, shore])
    sites = assemble(land, min_site_ha=1.0)
    labels = {"water": "Vatten", "shore": "Strandskydd"}
    shown = parcel_layer(land, sites.members, labels, language="sv", modelled=False)
    return land, sites, shown, decode(encode(shown))


def test_each_parcel_has_its_reason(told):
    _, sites, _, read = told
    why = dict(zip(read["names"], read["why"], strict=True))
    assert why["Vatten 1:2"] == "excluded"
    assert why["Okänd 1:3"] == "unmapped"
    assert why["Smal 1:5"] == "left"
    assert why["Utan 1:6"] == "no_shape"
    in_site = dict(zip(read["names"], read["site_of"], strict=True))
    assert (
        {name for name, site in in_site.items() if site} == set(sites.members["parcel_id"]) == {"Fri 1:1", "Halv 1:4"}
    )


def rules_at(read, name):
    place = read["names"].index(name)
    start = int(sum(read["rule_count"][:place]))
    rows = range(start, start + int(read["rule_count"][place]))
    return [
        (read["rules"][int(read["rule"][row])]["label"], read["rule_share"][row], read["rule_unmapped"][row])
        for row in rows
    ]


def test_the_rules_that_touch_a_parcel_stand_with_their_share_and_law(told):
    land, _, _, read = told
    assert rules_at(read, "Fri 1:1") == []
    assert rules_at(read, "Vatten 1:2") == [("Vatten", 1.0, False)]
    assert rules_at(read, "Halv 1:4") == [
        ("Vatten", 0.5, False),
        ("Strandskydd", pytest.approx(1 / 6, abs=1e-3), False),
    ]
    assert rules_at(read, "Okänd 1:3") == [("Vatten", 1.0, True), ("Strandskydd", 1.0, True)]
    assert read["rules"][1] == {"label": "Strandskydd", "kind": "strong", "law": "MB 7 kap."}
    for name in read["names"]:
        for label, share, unmapped in rules_at(read, name):
            key = {"Vatten": "water", "Strandskydd": "shore"}[label]
            row = land.shares.loc[(name, key)]
            assert share == pytest.approx(row["unmapped_share" if unmapped else "affected_share"], abs=5e-4)


def test_hectares_are_those_of_the_land(told):
    land, _, _, read = told
    area = dict(zip(read["names"], read["columns"][0]["values"], strict=True))
    assert area["Halv 1:4"] == pytest.approx(land.frame.loc["Halv 1:4", "area_ha"])
    assert area["Utan 1:6"] is None or area["Utan 1:6"] == 0


def test_nothing_of_the_parcels_own_columns_is_there(told):
    assert "HEMLIG" not in json.dumps(told[3], ensure_ascii=False)


def test_a_rule_without_a_label_is_not_told(told):
    land, sites, _, _ = told
    shown = decode(encode(parcel_layer(land, sites.members, {"shore": "Strandskydd"}, language="sv", modelled=False)))
    assert [rule["label"] for rule in shown["rules"]] == ["Strandskydd"]
    assert rules_at(shown, "Vatten 1:2") == []
