"""NGP plan JSON: whole files value by value, and damage of every kind told by the id of what it hurt."""

import copy
import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landready import LandreadyError, check, read, read_folder
from landready.errors import FileError
from landready.layers.detaljplan.sniffing import plan_format

HEIGHT = "DP_KM_Eg_Hojd_HogstaHojd_Nockhojd"
PRICKMARK = "DP_KM_Eg_BegransningAvMarkensUtnyttjande_EjByggnadsverk_Prickmark"
FOOTPRINT = "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen"


@pytest.fixture
def whole(producer):
    """Return the features of a plan for industry with a street, a height, prickmark and a share that may be built on."""
    p = producer
    quarter = p.part(p.square(0, 0, 60, 100))
    return [
        p.plan(),
        p.provision("industri", "DP_KM_J2", quarter),
        p.provision("gata", "DP_AP_Gata", p.part(p.square(60, 0, 40, 100))),
        p.provision(
            "höjd", HEIGHT, quarter, values=[p.number("12,5")], bestammelseformulering="Högst [h:decimaltal] m"
        ),
        p.provision("prick", PRICKMARK, p.part(p.square(0, 0, 6, 100))),
        p.provision("e", FOOTPRINT, quarter, values=[p.number("40", "procent")]),
    ]


def keys(layer, severity=None):
    return {found.key for found in layer.findings if severity in {None, found.severity}} - {"extent_assumed"}


def named(layer, key):
    return next(found for found in layer.findings if found.key == key)


def test_a_plan_value_by_value(whole, producer, tmp_path):
    path = producer.write(tmp_path / "plan.json", *whole)
    layer = read(path, role="plans", as_of=dt.date(2026, 11, 1))
    assert layer.frame.index.tolist() == [producer.identity("plan")]
    assert layer.frame.index.name == "plan_id"
    row = layer.frame.iloc[0]
    assert row[["name", "designation", "municipality"]].tolist() == ["Detaljplan för plan", "1441-Pplan", "Lerum"]
    assert row[["plan_type", "status", "complete"]].tolist() == ["detaljplan", "laga_kraft", True]
    assert row[["started_date", "adopted_date", "in_force_date"]].tolist() == ["2019-03-01", "2021-05-20", "2021-06-24"]
    assert row[["status_date", "implementation_end_date"]].tolist() == ["2021-06-24", "2031-06-24"]
    assert row[["use", "use_mix", "permits_business"]].tolist() == ["J", "industri 100 %", True]
    numbers = ["quarter_ha", "business_share", "housing_share", "no_build_share", "height_max_m", "footprint_max_pct"]
    assert row[numbers].tolist() == pytest.approx([0.6, 1, 0, 0.1, 12.5, 40])
    assert np.isnan(row["floor_area_max_m2"])
    assert row.geometry.equals(shapely.box(340_000, 6_408_000, 340_100, 6_408_100))
    assert keys(layer) == set()


def test_provisions_value_by_value(whole, producer, tmp_path):
    layer = read(producer.write(tmp_path / "plan.json", *whole), role="plan_provisions")
    rows = layer.frame.set_index("code")
    assert set(rows["plan_id"]) == {producer.identity("plan")}
    industry = rows.loc["DP_KM_J2"]
    assert industry[["kind", "letter", "use", "ground"]].tolist() == ["use", "J", "Industri", "kvartersmark"]
    assert industry["permits_business"] is True
    assert rows.loc["DP_AP_Gata", "permits_business"] is False
    height = rows.loc[HEIGHT]
    assert height[["kind", "letter", "value", "unit", "value_type"]].tolist() == ["property", "h", 12.5, "meter", "max"]
    assert height["wording"] == "Högst 12,5 m"
    assert rows.loc[PRICKMARK, "letter"] is None
    assert keys(layer) == set()


def test_recognised_by_what_it_says_not_by_its_name(whole, producer, tmp_path):
    path = producer.write(tmp_path / "export 17.json", *whole)
    report = check(path)
    assert [(row.recognition.role, row.recognition.certainty, row.mark) for row in report.layers] == [
        ("plans", "sure", "usable"),
        ("plan_provisions", "sure", "usable"),
    ]
    (tmp_path / "annat.json").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    assert plan_format(tmp_path / "annat.json") is None
    # Other deliveries of the platform have the same frame.
    other = producer.write(tmp_path / "byggnad.json", media_type="application/vnd.lm.byggnad.v1+json")
    other.write_text(other.read_text(encoding="utf-8").replace("[]", '[{"properties": {"feature:typ": "byggnad"}}]'))
    assert plan_format(other) is None
    late = json.dumps({"type": "FeatureCollection", "features": whole, "feature:mediatyp": producer.MEDIA_TYPE})
    (tmp_path / "sist.json").write_text(late, encoding="utf-8")
    assert len(read(tmp_path / "sist.json", role="plans").frame) == 1


@pytest.mark.parametrize(
    ("months", "dates", "starts", "end", "found"),
    [
        (60, ["2021-06-24"], ..., "2026-06-24", set()),
        (180, ["2021-06-24"], ..., "2036-06-24", set()),
        (120, ["2021-06-24", "2022-02-01"], ..., "2032-02-01", {"plan_several_dates"}),
        (120, ["2021-06-24"], "2021-08-31", "2031-08-31", set()),
        (5, ["2021-06-24"], ..., None, {"plan_months_doubt", "plan_end_unknown"}),
        (15, ["2021-06-24"], ..., None, {"plan_months_doubt", "plan_end_unknown"}),
        (16, ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        (59, ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        (181, ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        (0, ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        ("120", ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        ([120], ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        (True, ["2021-06-24"], ..., None, {"plan_months_wrong", "plan_end_unknown"}),
        (..., ["2021-06-24"], ..., None, {"plan_end_unknown"}),
        (120, [], ..., None, {"plan_no_start", "plan_end_unknown", "plan_in_force_undated"}),
        (120, "2021-06-24", ..., "2031-06-24", {"plan_date_form"}),
    ],
)
def test_genomforandetid(whole, producer, tmp_path, *, months, dates, starts, end, found):
    decision = {"genomforandetid": months, "datumLagakraft": dates, "genomforandetidStartar": starts}
    path = producer.write(tmp_path / "plan.json", producer.plan(decision=decision), *whole[1:])
    layer = read(path, role="plans", as_of=dt.date(2024, 1, 1))
    assert layer.frame["implementation_end_date"].iloc[0] == end
    assert keys(layer) == found


@pytest.mark.parametrize(
    ("day", "status"),
    [("2031-06-24", "laga_kraft"), ("2031-06-25", "genomforandetid_utgangen"), (None, "laga_kraft")],
)
def test_genomforandetid_is_over_the_day_after(whole, producer, tmp_path, day, status):
    path = producer.write(tmp_path / "plan.json", *whole)
    layer = read(path, role="plans", as_of=day and dt.date.fromisoformat(day))
    assert layer.frame["status"].iloc[0] == status
    assert ("plan_expiry_not_judged" in keys(layer)) == (day is None)


@pytest.mark.parametrize("word", ["påbörjad", "samråd", "granskning", "antagen", "överklagad", "tillsyn"])
def test_status_words(whole, producer, tmp_path, word):
    decomposed = producer.plan(status=word.replace("å", "a\N{COMBINING RING ABOVE}").upper())
    path = producer.write(tmp_path / "plan.json", decomposed, *whole[1:])
    status = read(path, role="plans").frame["status"].iloc[0]
    assert status == word.translate(str.maketrans("åäö", "aao"))


@pytest.mark.parametrize("status", ["upphävd", "avslutad"])
def test_plans_that_have_ended_are_listed(whole, producer, tmp_path, status):
    path = producer.write(tmp_path / "plan.json", producer.plan("slut", status=status), *whole)
    layer = read(path, role="plans")
    assert layer.frame.index.tolist() == [producer.identity("plan")]
    entry = layer.ledger.frame.set_index("reason").loc["plan_ended"]
    assert (entry["count"], entry["area_ha"]) == (1, 1.0)


# What is done to the whole file, what is told, whether by the plans or the provisions, and what is left of both.
def _change(place, **changes):
    def do(features):
        for key, value in changes.items():
            if value is ...:
                features[place]["properties"].pop(key, None)
            else:
                features[place]["properties"][key] = value

    return do


def _geometry(place, **changes):
    def do(features):
        properties = features[place]["properties"]
        listed = properties["bestammelsegeometri" if place else "plangeometri"]
        properties["bestammelsegeometri" if place else "plangeometri"] = listed = copy.deepcopy(listed)
        listed[0]["geometri"].update(changes)

    return do


def _replace(place, value):
    def do(features):
        features[place] = value

    return do


NOWHERE = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}
SWAPPED = {
    "type": "Polygon",
    "coordinates": [[[6.408e6, 3.4e5], [6.4081e6, 3.4e5], [6.4081e6, 3.401e5], [6.408e6, 3.4e5]]],
}
NAN = {
    "type": "Polygon",
    "coordinates": [[[3.4e5, 6.408e6], [3.401e5, float("nan")], [3.401e5, 6.4081e6], [3.4e5, 6.408e6]]],
}
SHORT = {"type": "Polygon", "coordinates": [[[3.4e5, 6.408e6], [3.401e5, 6.408e6]]]}
WORDS = {"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]}
LINE = {"type": "LineString", "coordinates": [[3.4e5, 6.408e6], [3.401e5, 6.4081e6]]}
EMPTY = {"type": "Polygon", "coordinates": []}
CIRCLE = {"type": "Circle", "coordinates": [3.4e5, 6.408e6]}
VALUE = {"datatyp": "decimaltal", "variabelvarde": "12", "beskrivning": "h", "enhet": "meter", "vardetyp": "max"}

DAMAGE = {
    "no properties": (_replace(1, {"type": "Feature"}), "plan_not_object", "plan_provisions", 1, 4),
    "feature is a number": (_replace(1, 5), "plan_not_object", "plans", 1, 4),
    "unknown kind": (_change(1, **{"feature:typ": "bestämmelse"}), "plan_kind_unknown", "plan_provisions", 1, 4),
    "no id": (_change(1, objektidentitet=...), "plan_no_id", "plan_provisions", 1, 4),
    "id is a number": (_change(1, objektidentitet=17), "plan_no_id", "plan_provisions", 1, 4),
    "id in capitals": (_change(1, objektidentitet="A0F58FD5-A361-4002-A359-03474901C15F"), "plan_id_form", "plan_provisions", 1, 5),
    "id is a name": (_change(1, objektidentitet="J1"), "plan_id_form", "plan_provisions", 1, 5),
    "no geometry": (_change(1, bestammelsegeometri=[]), "plan_no_geometry", "plan_provisions", 1, 4),
    "geometry null": (_change(1, bestammelsegeometri=None), "plan_no_geometry", "plan_provisions", 1, 4),
    "no position": (_geometry(1, position=None), "plan_no_geometry", "plan_provisions", 1, 4),
    "empty polygon": (_geometry(1, position=EMPTY), "plan_no_geometry", "plan_provisions", 1, 4),
    "two points": (_geometry(1, position=SHORT), "plan_geometry_broken", "plan_provisions", 1, 4),
    "words for numbers": (_geometry(1, position=WORDS), "plan_geometry_broken", "plan_provisions", 1, 4),
    "no such shape": (_geometry(1, position=CIRCLE), "plan_geometry_broken", "plan_provisions", 1, 4),
    "NaN": (_geometry(1, position=NAN), "plan_geometry_broken", "plan_provisions", 1, 4),
    "axes swapped": (_geometry(1, position=SWAPPED), "plan_axes_swapped", "plan_provisions", 1, 4),
    "elsewhere": (_geometry(1, position=NOWHERE), "plan_geometry_elsewhere", "plan_provisions", 1, 4),
    "degrees": (_geometry(1, koordinatsystemPlan="EPSG:4326"), "plan_geometry_crs", "plan_provisions", 1, 4),
    "no CRS": (_geometry(1, koordinatsystemPlan=None), "plan_geometry_crs", "plan_provisions", 1, 4),
    "CRS in words": (_geometry(1, koordinatsystemPlan="SWEREF 99 TM"), "plan_geometry_crs", "plan_provisions", 1, 4),
    "status unknown": (_change(0, status="fastställd"), "plan_status_unknown", "plans", 1, 5),
    "no status": (_change(0, status=...), "plan_status_unknown", "plans", 1, 5),
    "type unknown": (_change(0, typ="områdesbestämmelser"), "plan_type_unknown", "plans", 1, 5),
    "no decision": (_change(0, beslutsinformation=[]), "plan_no_decision", "plans", 1, 5),
    "a date that is none": (_change(0, datumStatusforandring="2021-02-30"), "plan_date_form", "plans", 1, 5),
    "version in words": (_change(0, objektversion="två"), "plan_version_form", "plans", 1, 5),
    "another's provision": (_change(1, detaljplan="00000000-0000-0000-0000-000000000000"), "plan_provision_orphan", "plan_provisions", 1, 5),
    "nobody's provision": (_change(1, detaljplan=...), "plan_provision_no_plan", "plan_provisions", 1, 5),
    "unknown in the catalogue": (_change(1, planbestammelsekatalogreferens="00000000-0000-0000-0000-000000000000"), "plan_code_unknown", "plan_provisions", 1, 5),
    "no reference": (_change(1, planbestammelsekatalogreferens=...), "plan_use_unnamed", "plan_provisions", 1, 5),
    "property as use": (_change(3, **{"feature:typ": "användningsbestämmelse"}), "plan_kind_differs", "plan_provisions", 1, 5),
    "outside the plan": (_geometry(1, position={"type": "Polygon", "coordinates": [[[340_000, 6_408_000], [340_200, 6_408_000], [340_200, 6_408_100], [340_000, 6_408_000]]]}), "plan_provision_outside", "plan_provisions", 1, 5),
    "value in words": (_change(3, bestammelsevarde=[{**VALUE, "variabelvarde": "tolv"}]), "plan_value_form", "plan_provisions", 1, 5),
    "values no list": (_change(3, bestammelsevarde={"a": 1}), "plan_value_form", "plan_provisions", 1, 5),
    "several values": (_change(3, bestammelsevarde=[VALUE, {**VALUE, "variabelvarde": "9"}]), "plan_values_several", "plan_provisions", 1, 5),
    "unit unknown": (_change(3, bestammelsevarde=[{**VALUE, "enhet": "våningar"}]), "plan_unit_unknown", "plan_provisions", 1, 5),
    "unit of another kind": (_change(3, bestammelsevarde=[{**VALUE, "enhet": "procent"}]), "plan_unit_wrong", "plan_provisions", 1, 5),
    "value type unknown": (_change(3, bestammelsevarde=[{**VALUE, "vardetyp": "ungefär"}]), "plan_value_type_unknown", "plan_provisions", 1, 5),
    "use for a time": (_change(1, giltighetstid=60), "plan_use_limited", "plan_provisions", 1, 5),
    "use above a level": (_change(1, vertikalAvgransning="uppåt"), "plan_vertical", "plan_provisions", 1, 5),
    "only revoked": (_change(0, beslutsinformation=[{"beslutstyp": "antagande om upphävande"}]), "plan_revokes", "plans", 1, 5),
    "use missing": (_replace(1, None), "plan_uses_missing", "plans", 1, 4),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_by_id_and_the_rest_is_read(whole, producer, tmp_path, name):
    hurt, key, role, plans, provisions = DAMAGE[name]
    before = [item["properties"]["objektidentitet"] for item in whole]
    features = copy.deepcopy(whole)
    hurt(features)
    path = producer.write(tmp_path / "plan.json", *features)
    layers = {role: read(path, role=role) for role in ("plans", "plan_provisions")}
    assert [len(layer.frame) for layer in layers.values()] == [plans, provisions]
    found = named(layers[role], key)
    assert found.severity == "warning"
    assert found.values["count"] == 1
    assert found.text("sv") != found.text("en")
    if not key.startswith(("plan_not_object", "plan_kind_unknown", "plan_no_id")):
        assert any(one in found.values["ids"] for one in (*before, "j1", "J1", "A0F58FD5"))
    if provisions < 5 and name != "use missing":
        listed = layers["plan_provisions"].ledger.frame.set_index("reason")
        assert listed.loc["plan_object_damaged", "count"] == 1


@pytest.mark.parametrize(
    ("hurt", "key"),
    [
        (_change(0, plangeometri=...), "plan_no_geometry"),
        (_geometry(0, position=SWAPPED), "plan_axes_swapped"),
        (_geometry(0, position=LINE), "plan_geometry_kind"),
        (_change(0, objektidentitet=None), "plan_no_id"),
    ],
)
def test_a_file_without_any_plan_left_says_why(whole, producer, tmp_path, hurt, key):
    hurt(whole)
    with pytest.raises(LandreadyError) as refused:
        read(producer.write(tmp_path / "plan.json", *whole), role="plans")
    assert {"no_rows", key} <= {finding.key for finding in refused.value.findings}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (lambda text: text[: len(text) // 2], "plan_json"),
        (lambda text: text + "}", "plan_json"),
        (lambda text: text.replace('"features"', '"objekt"'), "plan_no_features"),
        (lambda text: text + "[" * 100_000, "plan_json"),
    ],
)
def test_files_that_are_not_whole_are_refused(whole, producer, tmp_path, content, key):
    path = producer.write(tmp_path / "plan.json", *whole)
    path.write_text(content(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(FileError) as refused:
        read(path, role="plans")
    assert [finding.key for finding in refused.value.findings] == [key]
    assert "plan.json" in str(refused.value)


def test_other_encodings_and_media_types_are_told(whole, producer, tmp_path):
    path = producer.write(tmp_path / "plan.json", *whole)
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    layer = read(path, role="plans")
    assert layer.frame["name"].iloc[0] == "Detaljplan för plan"
    assert "plan_encoding" in keys(layer, "warning")
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(producer.collection(*whole)).encode())
    assert keys(read(path, role="plans", as_of=dt.date(2024, 1, 1))) == set()
    producer.write(path, *whole, media_type="application/vnd.lm.detaljplan.v5+json")
    assert "v5" in named(read(path, role="plans"), "plan_media_type").text()


@pytest.mark.parametrize("code", [3006, 3007, 3008, 3009])
def test_each_geometry_has_its_own_crs(whole, producer, tmp_path, code):
    moved = gpd.GeoSeries([shapely.box(340_000, 6_408_000, 340_100, 6_408_100)], crs=3006).to_crs(code)
    whole[0]["properties"]["plangeometri"] = [
        producer.part(json.loads(moved.to_json())["features"][0]["geometry"], f"EPSG:{code}")
    ]
    layer = read(producer.write(tmp_path / "plan.json", *whole), role="plans")
    back = moved.to_crs(3006).iloc[0]
    assert layer.frame.geometry.iloc[0].symmetric_difference(back).area < 1e-3
    assert layer.crs == "EPSG:3006"


def test_parts_of_a_geometry_are_one_object(producer, tmp_path):
    p = producer
    two = [p.part(p.square(0, 0, 20, 100)), p.part(p.square(50, 0, 30, 100))]
    layer = read(
        p.write(tmp_path / "plan.json", p.plan("plan", *two), p.provision("j", "DP_KM_J2", *two)), role="plans"
    )
    assert layer.frame.geometry.iloc[0].geom_type == "MultiPolygon"
    assert layer.frame.area.tolist() == [5000]
    assert layer.frame["business_share"].tolist() == [1]


def test_versions_the_newest_valid_one_is_kept(whole, producer, tmp_path):
    p = producer
    older = p.plan(namn="Förslaget", status="samråd", objektversion=1, versionGiltigTill="2021-06-24T08:00:00Z")
    newer = p.plan(namn="Planen", objektversion=3)
    middle = p.plan(namn="Antagen", status="antagen", objektversion=2)
    p.write(tmp_path / "a.json", older, p.provision("gammal", "DP_KM_B2"))
    p.write(tmp_path / "b.json", newer, *whole[1:])
    p.write(tmp_path / "c.json", middle)
    plans, provisions = (read(tmp_path, role=role) for role in ("plans", "plan_provisions"))
    assert plans.frame["name"].tolist() == ["Planen"]
    assert named(plans, "plan_version_replaced").values["count"] == 1
    assert plans.ledger.frame.set_index("reason").loc["plan_version_replaced", "count"] == 2
    assert len(provisions.frame) == 5
    assert "Bostäder" not in set(provisions.frame["use"])


def test_one_version_with_two_contents_is_told(whole, producer, tmp_path):
    producer.write(tmp_path / "a.json", *whole)
    producer.write(tmp_path / "b.json", producer.plan(namn="En annan"), *whole[1:])
    assert "plan_version_conflict" in keys(read(tmp_path, role="plans"), "warning")


def test_a_version_that_is_over_and_has_no_heir_has_ended(whole, producer, tmp_path):
    over = producer.plan("äldre", versionGiltigTill="2023-01-01T00:00:00Z")
    path = producer.write(tmp_path / "plan.json", over, *whole)
    assert len(read(path, role="plans").frame) == 1
    assert len(read(path, role="plans", as_of=dt.date(2022, 1, 1)).frame) == 2


def test_several_collections_in_one_file(whole, producer, tmp_path):
    p = producer
    second = p.collection(
        p.plan("andra", p.part(p.square(200))), p.provision("j", "DP_KM_J2", p.part(p.square(200)), of="andra")
    )
    both = [p.collection(*whole), second]
    (tmp_path / "lista.json").write_text(json.dumps(both), encoding="utf-8")
    (tmp_path / "rader.json").write_text("\n".join(map(json.dumps, both)), encoding="utf-8")
    frames = [read(tmp_path / name, role="plans").frame for name in ("lista.json", "rader.json")]
    assert len(frames[0]) == 2
    assert frames[0].equals(frames[1])


def test_several_plans_over_one_place_the_newest_in_force_holds(producer, tmp_path):
    p = producer
    old = p.plan(
        "gammal",
        p.part(p.square(0, 0, 100, 100)),
        decision={"datumLagakraft": ["1995-01-01"], "datumAntagande": "1994-10-01"},
    )
    new = p.plan("ny", p.part(p.square(60, 0, 100, 100)))
    draft = p.plan(
        "förslag",
        p.part(p.square(0, 0, 160, 100)),
        status="samråd",
        decision={"datumLagakraft": ..., "datumAntagande": ...},
    )
    uses = [
        p.provision("b", "DP_KM_B2", p.part(p.square(0, 0, 60, 100)), of="gammal"),
        p.provision("j", "DP_KM_J2", p.part(p.square(60, 0, 40, 100)), of="gammal"),
        p.provision("j", "DP_KM_J2", p.part(p.square(60, 0, 100, 100)), of="ny"),
        p.provision("k", "DP_KM_K2", p.part(p.square(0, 0, 160, 100)), of="förslag"),
    ]
    layer = read(p.write(tmp_path / "planer.json", old, new, draft, *uses), role="plans")
    area = layer.frame.area
    assert area[p.identity("gammal")] == pytest.approx(6000)
    assert area[p.identity("ny")] == pytest.approx(10_000)
    assert area[p.identity("förslag")] == pytest.approx(16_000)
    entry = layer.ledger.frame.set_index("reason").loc["plan_replaced"]
    assert (entry["count"], entry["area_ha"]) == (1, pytest.approx(0.4))
    assert p.identity("gammal") in named(layer, "plan_replaced").text()
    # Of the old plan only its housing is left.
    assert layer.frame["permits_business"].to_dict() == {
        p.identity("gammal"): False,
        p.identity("ny"): True,
        p.identity("förslag"): True,
    }


@pytest.mark.parametrize("off", [0, 0.05])
def test_a_plan_that_is_wholly_replaced_leaves(producer, tmp_path, off):
    p = producer
    old = p.plan("gammal", decision={"datumLagakraft": ["1995-01-01"]})
    new = p.plan("ny", p.part(p.square(off, off, 100, 100)))
    uses = p.provision("b", "DP_KM_B2", of="gammal"), p.provision("j", "DP_KM_J2", of="ny")
    path = p.write(tmp_path / "planer.json", old, new, *uses)
    layers = [read(path, role=role) for role in ("plans", "plan_provisions")]
    assert [layer.frame.index.tolist() for layer in layers] == [[p.identity("ny")], [p.identity("ny j")]]
    assert [layer.ledger.frame["area_ha"].tolist() for layer in layers] == [[1], [1]]


@pytest.mark.parametrize("dates", [["2021-06-24"], []])
def test_plans_of_which_nobody_knows_the_newer_both_stay(producer, tmp_path, dates):
    decision = {"datumLagakraft": dates, "datumAntagande": ...}
    path = producer.write(
        tmp_path / "planer.json", producer.plan("a", decision=decision), producer.plan("b", decision=decision)
    )
    layer = read(path, role="plans")
    assert layer.frame.area.tolist() == [10_000, 10_000]
    assert named(layer, "plan_overlap_undecided").values["count"] == 2


def test_a_plan_that_amends_another_replaces_nothing(producer, tmp_path):
    amendment = producer.plan(
        "ändring", decision={"beslutstyp": "antagande om ändring", "datumLagakraft": ["2024-01-01"]}
    )
    layer = read(producer.write(tmp_path / "planer.json", producer.plan(), amendment), role="plans")
    assert layer.frame.area.tolist() == [10_000, 10_000]
    assert named(layer, "plan_amends").values["ids"] == producer.identity("ändring")


def test_a_plan_below_ground_replaces_nothing(producer, tmp_path):
    tunnel = producer.plan("tunnel", vertikalAvgransning="nedåt", decision={"datumLagakraft": ["2024-01-01"]})
    layer = read(producer.write(tmp_path / "planer.json", producer.plan(), tunnel), role="plans")
    assert layer.frame.area.tolist() == [10_000, 10_000]
    assert named(layer, "plan_vertical").values["values"] == "nedåt"


@pytest.mark.parametrize(
    ("codes", "permits", "found"),
    [
        ({"DP_KM_J2": (0, 100)}, True, set()),
        ({"DP_KM_B2": (0, 100)}, False, set()),
        ({"DP_AP_Park": (0, 100)}, False, set()),
        ({"DP_KM_J2": (0, 92), "DP_KM_E2": (92, 8)}, True, set()),
        ({"DP_KM_J2": (0, 50), "DP_KM_B2": (50, 50)}, None, {"plan_business_in_part"}),
        ({"DP_KM_R2": (0, 100)}, None, {"plan_business_unknown"}),
        ({"DP_KM_B2": (0, 100), "DP_KM_K2": (0, 100)}, True, set()),
        ({"DP_KM_B2": (0, 60)}, None, {"plan_uses_missing", "plan_business_unknown"}),
        ({"DP_KM_FinnsInte": (0, 100)}, None, {"plan_business_unknown"}),
        ({}, None, {"plan_no_provisions"}),
    ],
)
def test_permits_business_is_three_valued(producer, tmp_path, codes, permits, found):
    p = producer
    uses = [p.provision(code, code, p.part(p.square(x, 0, width, 100))) for code, (x, width) in codes.items()]
    layer = read(p.write(tmp_path / "plan.json", p.plan(), *uses), role="plans", as_of=dt.date(2024, 1, 1))
    assert layer.frame["permits_business"].iloc[0] is permits
    assert keys(layer) == found


def test_shares_of_the_quarter_land(producer, tmp_path):
    p = producer
    uses = [
        p.provision("j", "DP_KM_J2", p.part(p.square(0, 0, 40, 100))),
        p.provision("k", "DP_KM_K2", p.part(p.square(20, 0, 30, 100))),
        p.provision("b", "DP_KM_B2", p.part(p.square(50, 0, 30, 100))),
        p.provision("gata", "DP_AP_Gata", p.part(p.square(80, 0, 20, 100))),
        p.provision("prick", PRICKMARK, p.part(p.square(70, 0, 30, 100))),
    ]
    row = read(p.write(tmp_path / "plan.json", p.plan(), *uses), role="plans").frame.iloc[0]
    assert row["use"] == "JBK"
    assert row["use_mix"] == "industri 50 %, bostäder 38 %, kontor 38 %"
    shares = ["quarter_ha", "industry_share", "office_share", "housing_share", "business_share", "no_build_share"]
    assert row[shares].tolist() == pytest.approx([0.8, 0.5, 0.375, 0.375, 0.625, 0.125])


@pytest.mark.parametrize("why", ["unknown property", "not complete"])
def test_prickmark_is_unknown_where_provisions_are_not_understood(whole, producer, tmp_path, why):
    if why == "unknown property":
        whole.append(producer.provision("x", "DP_KM_Eg_Omfatt_Prickmark", kind="egenskapsbestämmelse"))
    else:
        whole[0]["properties"]["kvalitetsbeskrivning"]["digitaliseringsniva"] = "ej komplett"
    row = read(producer.write(tmp_path / "plan.json", *whole), role="plans").frame.iloc[0]
    assert np.isnan(row["no_build_share"])
    assert row["height_max_m"] == 12.5


def test_heights_over_the_datum_are_no_heights_of_buildings(whole, producer, tmp_path):
    code = "DP_KM_Eg_Hojd_HogstaHojd_NockhojdNollplan"
    whole[3] = producer.provision(
        "höjd", code, whole[3]["properties"]["bestammelsegeometri"][0], values=[producer.number("82,0")]
    )
    assert np.isnan(read(producer.write(tmp_path / "plan.json", *whole), role="plans").frame["height_max_m"].iloc[0])


@pytest.fixture
def hundreds(producer, tmp_path):
    """Return a folder of 200 plans, among them three files that cannot be read."""
    p = producer
    for number in range(200):
        place = p.part(p.square(150 * (number % 20), 150 * (number // 20)))
        features = p.plan(number, place), p.provision("j", "DP_KM_J2", place, of=number)
        folder = tmp_path / "planer" / ("norr" if number % 2 else "söder")
        folder.mkdir(parents=True, exist_ok=True)
        p.write(folder / f"{number:03}.json", *features)
    for number in (10, 50, 90):
        file = tmp_path / "planer" / "söder" / f"{number:03}.json"
        file.write_bytes(file.read_bytes()[:900])
    return tmp_path


def test_a_folder_of_hundreds(hundreds):
    layer = read(hundreds / "planer", role="plans")
    assert len(layer.frame) == 197
    told = [finding for finding in layer.findings if finding.key == "plan_json"]
    assert [finding.severity for finding in told] == ["warning"] * 3
    assert layer.ledger.frame.set_index("reason").loc["plan_file_unreadable", "count"].sum() == 3
    assert layer.frame.index.is_monotonic_increasing


def test_a_folder_of_plans_among_other_files_is_two_layers(hundreds):
    gpd.GeoDataFrame(
        {"VAGNR1": ["E20"]}, geometry=[shapely.LineString([(3.4e5, 6.408e6), (3.41e5, 6.409e6)])], crs=3006
    ).to_file(hundreds / "vägar.gpkg")
    there = read_folder(hundreds)
    assert sorted(there) == ["detaljplaner", "planbestämmelser", "vägar"]
    assert (there["detaljplaner"].role, there["planbestämmelser"].role) == ("plans", "plan_provisions")
    assert {row.file for row in there.report.layers} == {"planer", "vägar.gpkg"}
    assert there.report.skipped == ()


def test_the_order_of_files_and_features_does_not_matter(whole, producer, tmp_path):
    p = producer
    more = [p.plan("b", p.part(p.square(40))), p.provision("b", "DP_KM_B2", p.part(p.square(40)), of="b")]
    first = read(p.write(tmp_path / "a.json", *whole, *more), role="plans")
    second = read(p.write(tmp_path / "b.json", *reversed([*whole, *more])), role="plans")
    assert first.frame.equals(second.frame)
    assert first.frame.to_wkb().equals(second.frame.to_wkb())


def test_a_layer_of_the_file_may_be_named(whole, producer, tmp_path):
    path = producer.write(tmp_path / "plan.json", *whole)
    assert len(read(path, layer="planbestämmelser", role="plan_provisions").frame) == 5
    assert read(path, role="plan_provisions", where={"kind": "use"}).frame["kind"].tolist() == ["use", "use"]
    with pytest.raises(FileError, match="detaljplaner, planbestämmelser"):
        read(path)


BOW = {"type": "Polygon", "coordinates": [[[3.4e5, 6.408e6], [340_100, 6_408_100], [340_100, 6.408e6], [3.4e5, 6_408_100], [3.4e5, 6.408e6]]]}  # fmt: skip


def test_a_boundary_that_crosses_itself_is_mended_and_told(producer, tmp_path):
    p = producer
    features = p.plan("plan", p.part(BOW)), p.provision("j", "DP_KM_J2", p.part(BOW))
    layer = read(p.write(tmp_path / "plan.json", *features), role="plans")
    assert layer.frame.area.tolist() == [5000]
    assert layer.frame[["business_share", "quarter_ha"]].iloc[0].tolist() == [1, 0.5]
    assert "geometry_repaired" in keys(layer, "warning")


def test_parts_of_different_kinds_are_told(producer, tmp_path):
    p = producer
    features = p.plan("plan", p.part(p.square()), p.part(LINE)), p.provision("j", "DP_KM_J2")
    layer = read(p.write(tmp_path / "plan.json", *features), role="plans")
    assert layer.frame.area.tolist() == [10_000]
    assert layer.frame["business_share"].tolist() == [1]
    assert "geometry_collections" in keys(layer, "warning")


def test_provisions_end_where_a_newer_plan_begins(producer, tmp_path):
    p = producer
    old = p.plan("gammal", decision={"datumLagakraft": ["1995-01-01"]})
    new = p.plan("ny", p.part(p.square(60, 0, 100, 100)))
    line = {"type": "LineString", "coordinates": [[340_000, 6_408_050], [340_100, 6_408_050]]}
    provisions = [
        p.provision("b", "DP_KM_B2", p.part(p.square(0, 0, 100, 100)), of="gammal"),
        p.provision("h", HEIGHT, p.part(p.square(70, 0, 30, 100)), of="gammal", values=[p.number("9")]),
        p.provision("utfart", "DP_KM_Eg_StangselUtfart_Utfart_Utfart", p.part(line), of="gammal", kind="egenskapsbestämmelse"),
        p.provision("j", "DP_KM_J2", p.part(p.square(60, 0, 100, 100)), of="ny"),
    ]  # fmt: skip
    path = p.write(tmp_path / "planer.json", old, new, *provisions)
    layer = read(path, role="plan_provisions")
    left = layer.frame.geometry
    assert left[p.identity("gammal b")].area == pytest.approx(6000)
    assert left[p.identity("gammal utfart")].length == pytest.approx(60)
    assert p.identity("gammal h") not in left.index
    assert left[p.identity("ny j")].area == pytest.approx(10_000)
    entry = layer.ledger.frame.set_index("reason").loc["plan_replaced"]
    assert (entry["count"], entry["area_ha"]) == (3, pytest.approx(0.7))
    assert np.isnan(read(path, role="plans").frame.loc[p.identity("gammal"), "height_max_m"])


def test_texts_without_end_are_told(whole, producer, tmp_path):
    whole[1]["properties"]["bestammelseformulering"] = "J" * 100_001
    layer = read(producer.write(tmp_path / "plan.json", *whole), role="plan_provisions")
    assert named(layer, "plan_text_long").values["ids"] == producer.identity("plan industri")
    assert layer.frame.loc[producer.identity("plan industri"), "wording"] is None


def test_a_moment_is_as_good_as_a_day(whole, producer, tmp_path):
    path = producer.write(tmp_path / "plan.json", *whole)
    layer = read(path, role="plans", as_of=dt.datetime(2032, 1, 1, 12, tzinfo=dt.UTC))
    assert layer.frame["status"].tolist() == ["genomforandetid_utgangen"]
    there = read_folder(tmp_path, as_of=dt.date(2032, 1, 1))
    assert there["detaljplaner"].frame["status"].tolist() == ["genomforandetid_utgangen"]
