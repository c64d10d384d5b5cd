import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landready.errors import CrsError, Finding, InputError
from landready.model import Layer
from landready.scoring.scorecard import score
from landready.texts import text


def test_every_list_follows_the_ids(example):
    payload = example.payload()
    count = len(payload["sites"]["ids"])
    for name in ("shapes", "anchors", "area_ha", "free_ha", "conditional_ha", "members"):
        assert len(payload["sites"][name]) == count, name
    for criterion in payload["criteria"]:
        assert {len(criterion[name]) for name in ("values", "states", "upper")} == {count}
    for profile in payload["profiles"]:
        for name in ("ranked", "eligible", "class", "total", "total_low", "total_high", "coverage_share", "rank"):
            assert len(profile[name]) == count, name
        for entry in profile["criteria"]:
            assert len(entry["contributions"]) == len(entry["utilities"]) == count
        for entry in profile["requirements"]:
            assert len(entry["outcomes"]) == count


def test_scores_and_contributions_are_the_scorecards(example):
    frame = example.sites()
    payload = example.payload()
    for profile, spec in zip(payload["profiles"], example.PROFILES, strict=True):
        card = score(example.measured(frame), spec)
        for place, site in enumerate(payload["sites"]["ids"]):
            row = card.frame.loc[site]
            assert profile["total"][place] == pytest.approx(row["total"], abs=1e-9)
            assert profile["ranked"][place] == row["ranked"]
            known = [entry["contributions"][place] for entry in profile["criteria"]]
            assert sum(value for value in known if value is not None) == pytest.approx(row["total"], abs=1e-8)


def test_utilities_are_exact_so_that_the_page_scores_to_the_last_bit(example):
    payload = json.loads(json.dumps(example.payload()))
    for profile, spec in zip(payload["profiles"], example.PROFILES, strict=True):
        card = score(example.measured(example.sites()), spec)
        assert profile["min_coverage"] == spec.min_coverage
        for entry in profile["criteria"]:
            told = np.array(entry["utilities"], dtype=float)
            assert np.array_equal(told, card.utilities[entry["id"]].to_numpy(), equal_nan=True)


def test_unknown_is_none_unreachable_is_told_apart_and_bounds_are_marked(example):
    payload = example.payload()
    found = {criterion["id"]: criterion for criterion in payload["criteria"]}
    assert found["flood_share"]["values"][1] is None
    assert found["flood_share"]["states"][1] == "unknown"
    assert found["station_min"]["values"][2] == "inf"
    assert found["e20_m"]["upper"] == [True, False, False, False, False]
    industry = payload["profiles"][0]
    flood = next(entry for entry in industry["criteria"] if entry["id"] == "flood_share")
    assert flood["contributions"][1] is None
    assert industry["rank"][1] is None
    assert industry["class"][1] == "unranked"


def test_requirements_carry_sign_and_numbers(example):
    required = {entry["id"]: entry for entry in example.payload()["profiles"][0]["requirements"]}
    assert (required["area_ha"]["sign"], required["area_ha"]["wanted"]) == ("≥", [2.0])
    assert required["flood_share"]["outcomes"] == ["met", "unknown", "met", "failed", "failed"]


def test_the_payload_is_plain_json(example):
    payload = example.payload()
    again = json.loads(json.dumps(payload, allow_nan=False))
    assert again == payload


def test_degrees_are_right_and_rounded(example):
    payload = example.payload()
    site = example.sites().to_crs(4326).geometry.iloc[0]
    shape = shapely.from_geojson(json.dumps(payload["sites"]["shapes"][0]))
    assert shapely.hausdorff_distance(shape, site) < 2e-6
    coordinates = shapely.get_coordinates(shape)
    assert np.array_equal(coordinates, coordinates.round(6))
    lat, lon = payload["sites"]["anchors"][0]
    assert shape.contains(shapely.Point(lon, lat))
    (south, west), (north, east) = payload["view"]["opens"]
    assert 57 < south < north < 59
    assert 11 < west < east < 14


def test_opens_on_the_municipality_unless_the_sites_would_be_lost_in_it(example):
    frame = example.sites()
    home = example.context()["municipality"]
    around = shapely.box(*(frame.total_bounds + np.array([-100, -100, 100, 100])))
    tight = home.with_frame(home.frame.set_geometry([around], crs=example.CRS))
    near = example.payload(context={"municipality": tight})["view"]
    assert near["opens"] == _corners(tight.frame)
    wide = home.with_frame(home.frame.set_geometry([home.frame.geometry.iloc[0].buffer(40_000)], crs=example.CRS))
    far = example.payload(context={"municipality": wide})["view"]
    assert far["opens"] == _corners(gpd.GeoSeries([shapely.box(*frame.total_bounds)], crs=example.CRS))
    assert example.payload(context={})["view"]["opens"] == far["opens"]


def _corners(shapes):
    west, south, east, north = shapes.to_crs(4326).total_bounds.round(6)
    return [[south, west], [north, east]]


def test_findings_and_sources_say_what_a_layer_is(example):
    layer = Layer("skred_2017", example.context()["water"].frame, role="landslide", source="SGI")
    values = {"criterion": "Skred", "layer": "skred_2018", "nearest": "skred_2017"}
    findings = [
        Finding("extent_part", {"layer": "skred_2017", "percent": 89.0}, "warning"),
        Finding("criterion_no_layer", values, "warning"),
    ]
    payload = example.payload(sources=[layer], findings=findings)
    said = [finding["text"] for finding in payload["findings"]]
    assert said[0] == "Kartlagt i en del av området; i resten är svaret okänt: Skredrisk (89\u00a0%)."
    assert said[1] == "1 kriterium är okänt för alla områden, för det finns inget lager att mäta mot: ”Skred”."
    assert payload["sources"] == ["Skredrisk: SGI"]


def test_anchor_lies_inside_a_crooked_site(example):
    frame = example.sites(ids=("x",))
    x, y = example.WEST, example.SOUTH
    ring = [(x, y), (x + 900, y), (x + 900, y + 900), (x + 850, y + 900), (x + 850, y + 50), (x, y + 50)]
    frame = frame.set_geometry([shapely.Polygon(ring)], crs=example.CRS)
    payload = example.payload(sites=frame)
    lat, lon = payload["sites"]["anchors"][0]
    assert shapely.from_geojson(json.dumps(payload["sites"]["shapes"][0])).contains(shapely.Point(lon, lat))


def test_row_order_changes_nothing(example):
    frame = example.sites()
    shuffled = frame.iloc[[3, 0, 4, 2, 1]]
    cards = {profile.id: score(example.measured(frame), profile) for profile in example.PROFILES}
    context = example.context()
    turned = {name: layer.with_frame(layer.frame.iloc[::-1]) for name, layer in context.items()}
    first = example.payload(sites=frame, scorecards=cards, members=example.members(frame))
    second = example.payload(
        sites=shuffled, scorecards=cards, members=example.members(frame).iloc[::-1], context=turned
    )
    assert first == second


def test_inputs_are_left_alone(example):
    frame = example.sites()
    before = frame.copy()
    example.payload(sites=frame)
    assert frame.equals(before)


def test_extern_holds_nothing_private(example):
    intern = json.dumps(example.payload(audience="intern"), ensure_ascii=False)
    payload = example.payload(audience="extern")
    extern = json.dumps(payload, ensure_ascii=False)
    assert "HEMLIG-ÄGARE" in intern  # the test can fail
    assert "HEMLIG" not in extern
    assert "municipal_share" not in extern
    assert "Kommunal mark" not in extern
    assert text("map.private_criteria", "sv", count=1) in [finding["text"] for finding in payload["findings"]]
    assert payload["sites"]["member_columns"] == ["parcel_id", "ha"]
    assert [len(rows) for rows in payload["sites"]["members"]] == [2] * 5


def test_notes_and_purchases_are_in_no_version(example):
    intern = json.dumps(example.payload(audience="intern"), ensure_ascii=False)
    for secret in ("HEMLIGT-KÖP", "HEMLIG-ANTECKNING", "HEMLIG-RÅDIGHET"):
        assert secret not in intern


def test_modelled_if_any_layer_is(example):
    assert example.payload(sources=())["modelled"] is False
    context = example.context()
    water = context["water"]
    context["water"] = Layer("sjö", water.frame, role="water", modelled=True)
    assert example.payload(context=context, sources=())["modelled"] is True
    assert example.payload(sources=[context["water"]])["modelled"] is True
    assert example.payload(sources=(), modelled=True)["modelled"] is True


def test_roads_are_one_path_per_class_and_e20_is_named(example):
    roads = next(entry for entry in example.payload()["context"] if entry["id"] == "roads")
    assert [part["look"] for part in roads["parts"]] == ["road_other", "road_main", "road_motorway"]
    assert max(roads["labels"], key=lambda label: label["rank"])["text"] == "E20"
    assert {label["text"] for label in roads["labels"]} == {"E20", "190"}
    assert roads["label"] == "Vägar"


def test_far_away_context_is_cut_and_other_municipalities_left_out(example):
    context = example.context()
    home = context["municipality"].frame
    far = gpd.GeoDataFrame(
        {"name": ["Fjärran"]},
        geometry=[shapely.box(600_000, 7_000_000, 640_000, 7_050_000)],
        crs=example.CRS,
        index=[9],
    )
    context["municipality"] = context["municipality"].with_frame(pd.concat([home, far]))
    (south, west), (north, _) = example.payload(context=context)["view"]["reach"]
    assert north - south < 0.2
    for entry in example.payload(context=context)["context"]:
        for part in entry["parts"]:
            bounds = shapely.from_geojson(json.dumps(part["shape"])).bounds
            # A rectangle in metres is not one in degrees: its corners bulge by a few metres.
            assert bounds[0] >= west - 0.005
            assert bounds[3] <= north + 0.005


def test_what_touches_a_site_is_told_with_hectares_and_law(example):
    columns = ["site_id", "constraint", "kind", "label", "legal_basis", "ha", "share"]
    rows = [
        ("Exempelby 1:1", "shore_protection", "strong", "Strandskydd", "MB 7 kap. 13–18 §§", 2.3, 0.42),
        ("Exempelby 1:1", "clay", "info", "Lera", None, 5.4, 1.0),
        ("finns inte", "clay", "info", "Lera", None, 1.0, 1.0),
    ]
    told = example.payload(restrictions=pd.DataFrame(rows, columns=columns))["sites"]["restrictions"]
    assert told[0] == [
        {"kind": "strong", "label": "Strandskydd", "law": "MB 7 kap. 13–18 §§", "ha": 2.3, "share": 0.42},
        {"kind": "info", "label": "Lera", "law": None, "ha": 5.4, "share": 1.0},
    ]
    assert told[1:] == [[], [], [], []]
    assert "restrictions" not in example.payload()["sites"]


def test_layers_that_share_a_role_go_by_their_names(example):
    roads = example.context()["roads"]
    context = {
        "a": Layer("Vägar kommun", roads.frame, role="roads"),
        "b": Layer("Vägar stat", roads.frame, role="roads"),
    }
    assert [entry["label"] for entry in example.payload(context=context)["context"]] == ["Vägar kommun", "Vägar stat"]


def test_no_sites_is_a_map_all_the_same(example):
    frame = example.sites(ids=())
    payload = example.payload(sites=frame, members=example.members(example.sites()).iloc[:0])
    assert payload["sites"]["ids"] == []
    assert payload["profiles"][0]["total"] == []
    assert payload["view"]["reach"][0][0] > 50
    assert example.payload(sites=frame, members=None, context={})["view"] is None


def test_a_site_without_geometry_is_listed_and_not_drawn(example):
    frame = example.sites()
    frame.loc[frame.index[2], "geometry"] = None
    payload = example.payload(sites=frame)
    assert payload["sites"]["shapes"][2] is None
    assert payload["sites"]["anchors"][2] is None
    assert len(payload["sites"]["ids"]) == 5


def test_layers_in_another_crs_or_without_one_are_refused(example):
    context = example.context()
    context["water"] = context["water"].frame.to_crs(3007)
    with pytest.raises(CrsError, match="water"):
        example.payload(context=context)
    with pytest.raises(CrsError):
        example.payload(sites=example.sites().set_crs(None, allow_override=True))
    points = example.sites()
    with pytest.raises(InputError):
        example.payload(sites=points.set_geometry(points.centroid))


def test_both_languages_hold_the_same_words(example):
    swedish, english = (example.payload(language=language) for language in ("sv", "en"))
    assert swedish["texts"].keys() == english["texts"].keys()
    assert english["profiles"][0]["label"] == "Small industry"
    assert swedish["looks"]["free"]["label"] != english["looks"]["free"]["label"]
    assert all(not math.isnan(value) for value in swedish["land_totals"].values())
