"""The study file: every kind of mistake is told in words, all of them at once."""

import copy
import datetime as dt
import errno
from pathlib import Path

import pytest
from pydantic import ValidationError

from landready.errors import StudyError
from landready.spec import (
    AreaSpec,
    ConstraintRule,
    Corridor,
    Criterion,
    Profile,
    SitesSpec,
    StudySpec,
    ValueFunction,
    nearest_name,
)
from landready.spec.toml import read_toml
from landready.study_file import load, parse
from landready.texts import LANGUAGES

RISING = {"points": [[0, 0.0], [10, 1.0]]}
GOOD = {
    "study": {"id": "lerum", "title": "Lerum", "date": dt.date(2025, 6, 30)},
    "area": {"layer": "municipality", "where": {"code": "1441"}},
    "layers": {
        "fastigheter": {"path": "data\\fastigheter.gpkg", "role": "parcels"},
        "municipality": {"path": "kommun.gpkg", "role": "municipality"},
    },
    "criteria": [
        {"id": "station_min", "measure": "travel_time", "layer": "stations", "value": {"points": [[0, 1], [30, 0]]}},
        {"id": "area_ha", "measure": "area", "value": RISING},
    ],
    "profiles": [
        {"id": "industry", "name": {"sv": "Industri", "en": "Industry"}, "weights": {"station_min": 3, "area_ha": 1}},
    ],
}

TOML = """
[study]
id = "lerum"
title = "Lerum på svenska"
date = 2025-06-30

[area]
layer = "fastigheter"

[layers.fastigheter]
path = 'data\\fastigheter.gpkg'
role = "parcels"
"""


def study(*changes):
    """Return the good study with values set at paths such as `"criteria.0.id"`; None takes the key away."""
    raw = copy.deepcopy(GOOD)
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        here = raw
        for part in way:
            here = here[part] if isinstance(part, int) else here.setdefault(part, {})
        if value is None:
            del here[last]
        else:
            here[last] = value
    return raw


def problems(*changes):
    with pytest.raises(StudyError) as raised:
        parse(study(*changes))
    for language in LANGUAGES:
        assert "{" not in raised.value.text(language).replace("{'", "")
    return {finding.key: finding.values for finding in raised.value.findings}


@pytest.mark.parametrize(
    "change",
    [
        (
            "criteria.0",
            {"id": "flood_share", "measure": "overlap_share", "layer": "x", "value": {"points": [[0, 1], [100, 0]]}},
        ),
        ("profiles.0.values", {"flood_share": {"points": [[0, 1], [100, 0]]}}),
        ("profiles.0.requirements", {"flood_share": "<= 100"}),
    ],
)
def test_a_share_is_not_judged_by_percent(change):
    said = problems(change)["study_share_above_one"]
    assert (said["id"], said["largest"]) == ("flood_share", "100")


def test_shares_up_to_one_are_shares():
    value = ValueFunction(points=[(0, 1.0), (1, 0.0)])
    assert Criterion(id="flood_share", measure="overlap_share", layer="x", value=value).unit == "share"
    Profile(
        id="a",
        name="A",
        weights={"flood_share": 1},
        requirements={"flood_share": "<= 1"},
        values={"flood_share": value},
    )
    with pytest.raises(StudyError, match=r"flood_share.*0\.3 för 30 %"):
        Criterion(id="flood_share", measure="overlap_share", layer="x", value=ValueFunction(points=[(0, 1), (30, 0)]))


def test_a_good_study():
    spec = parse(GOOD)
    assert isinstance(spec, StudySpec)
    assert spec.layers["fastigheter"].path == "data/fastigheter.gpkg"
    assert spec.profiles[0].label("en") == "Industry"
    assert spec.study.title.in_language("en") == "Lerum"
    assert spec.criteria[0].unit == "min"
    assert spec.criteria[0].label() == "station_min"
    assert spec.sites.min_site_ha == 1.0


@pytest.mark.parametrize(
    ("path", "where", "nearest"),
    [
        ("areaa", "areaa", "area"),
        ("study.titel", "study.titel", "title"),
        ("study.title", "study.title.svenska", "–"),
        ("area.margin", "area.margin", "margin_m"),
        ("layers.fastigheter.rol", "layers.fastigheter.rol", "role"),
        ("criteria.0.measur", "criteria.station_min.measur", "measure"),
        ("criteria.0.value.pionts", "criteria.station_min.value.pionts", "points"),
        ("profiles.0.wieghts", "profiles.industry.wieghts", "weights"),
        ("sites.min_ha", "sites.min_ha", "min_site_ha"),
        ("map.contxt", "map.contxt", "context"),
        ("study.xyzzy", "study.xyzzy", "–"),
    ],
)
def test_unknown_keys_say_the_nearest(path, where, nearest):
    value = {"sv": "x", "svenska": "y"} if where.endswith("svenska") else 1
    found = problems((path, value))["study_unknown_key"]
    assert found["where"] == where
    assert found["nearest"] == nearest
    assert nearest == "–" or nearest in found["keys"]


@pytest.mark.parametrize(
    "path", ["study", "area", "layers", "study.date", "layers.fastigheter.path", "criteria.0.id", "profiles.0.weights"]
)
def test_missing_keys(path):
    assert problems((path, None))["study_missing_key"]["where"].split(".")[-1] == path.split(".")[-1]


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), -0.0])
def test_weights(bad):
    found = problems(("profiles.0.weights.area_ha", bad))["study_weights_positive"]
    assert found["ids"] == "area_ha"
    assert found["where"] == "profiles.industry.weights"


def test_no_weights():
    assert "study_empty" in problems(("profiles.0.weights", {}))


@pytest.mark.parametrize("bad", ["station", "station_minutes", "Station_min", "_min", "1_min", "station min"])
def test_a_criterion_ends_in_its_unit(bad):
    assert "_share" in problems(("criteria.0.id", bad))["study_criterion_unit"]["units"]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("criteria.0.value.points", [[0, 1], [0, 0]], "study_value_points_order"),
        ("criteria.0.value.points", [[1, 1], [0, 0]], "study_value_points_order"),
        ("criteria.0.value.points", [[0, 1], [float("inf"), 0]], "study_value_points_order"),
        ("criteria.0.value.points", [[float("nan"), 1]], "study_value_points_order"),
        ("criteria.0.value.points", [[0, 1.1]], "study_value_points_range"),
        ("criteria.0.value.points", [[0, float("nan")]], "study_value_points_range"),
        ("criteria.0.value.points", [], "study_empty"),
        ("criteria.0.value.points", [[0, 1, 2]], "study_point"),
        ("criteria.0.value.kind", "curve", "study_choice"),
        ("study.language", "no", "study_choice"),
        ("study.id", "Lerum 2", "study_id"),
        ("study.date", "igår", "study_date"),
        ("layers.fastigheter.date", dt.datetime(2025, 1, 1, 12), "study_date"),  # noqa: DTZ001
        ("layers.fastigheter.path", 3, "study_text"),
        ("layers.fastigheter.path", "data\tables.gpkg", "study_path_escape"),
        ("layers.fastigheter.modelled", "kanske", "study_bool"),
        ("sites.min_site_ha", "stor", "study_number"),
        ("sites.min_site_ha", -1, "study_limit"),
        ("sites.min_site_ha", 60, "study_sites_order"),
        ("profiles.0.min_coverage", 1.5, "study_limit"),
        ("profiles.0.requirements", {"area_ha": ">= two"}, "study_requirement_number"),
        ("profiles.0.requirements", {"area_ha": []}, "study_requirement_number"),
        ("profiles.0.requirements", {"area_ha": ">= 2,5"}, "study_requirement_comma"),
        ("profiles.0.requirements", {"area_ha": "2,5"}, "study_requirement_comma"),
        ("area.where", {"share": "<= 0,5"}, "study_condition_comma"),
        ("criteria.0.value.points", [[0, 1], 7], "study_point"),
        ("criteria.0.value.points", [[0, 1], [7]], "study_point"),
        ("profiles.0.requirements", {"area_ha": {"min": 2}}, "study_condition"),
        ("area.where", {"code": {"is": 2}}, "study_condition"),
        ("area", {}, "study_area_empty"),
        ("area", [], "study_table"),
        ("layers", [], "study_table"),
        ("criteria", {"id": "area_ha"}, "study_list"),
        ("area.corridors", [{"layer": "vägar"}], "study_corridor_limit"),
        ("area.corridors", [{"layer": "vägar", "within_m": 5, "within_min": 5}], "study_corridor_limit"),
        ("area.corridors", [{"layer": "vägar", "within_min": 5}], "study_corridor_roads"),
    ],
)
def test_values_that_will_not_do(path, value, key):
    assert key in problems((path, value))


@pytest.mark.parametrize(
    ("path", "value", "where", "nearest"),
    [
        ("area.layer", "municipalty", "area", "municipality"),
        ("sites.barriers", [{"layer": "fastighet"}], "sites.barriers", "fastigheter"),
        ("map.context", ["kommun"], "map.context", "–"),
        ("layers.fastigheter.known_extent", "municipalit", "layers.fastigheter.known_extent", "municipality"),
        ("area.corridors", [{"layer": "E20", "within_m": 5}], "area.corridors", "–"),
    ],
)
def test_layers_that_are_not_there(path, value, where, nearest):
    found = problems((path, value))["study_unknown_layer"]
    assert (found["where"], found["nearest"]) == (where, nearest)


@pytest.mark.parametrize("table", ["weights", "requirements", "values"])
def test_criteria_that_are_not_there(table):
    value = {"weights": {"statoin_min": 1}, "requirements": {"statoin_min": "<= 3"}, "values": {"statoin_min": RISING}}
    found = problems((f"profiles.0.{table}", value[table]))["study_unknown_criterion"]
    assert (found["where"], found["name"], found["nearest"]) == ("profiles.industry", "statoin_min", "station_min")


def test_ids_used_twice_and_no_parcels():
    found = problems(
        ("criteria", [GOOD["criteria"][0]] * 2 + [GOOD["criteria"][1]]), ("layers.fastigheter.role", "area")
    )
    assert found["study_duplicate"] == {"where": "criteria", "name": "station_min"}
    assert "study_no_parcels" in found


def test_a_criterion_without_its_layer_is_no_error():
    assert parse(GOOD).criteria[0].layer not in parse(GOOD).layers


def test_everything_is_told_at_once():
    found = problems(
        ("study.titel", 1),
        ("study.date", None),
        ("layers.fastigheter.duplicates", "foo"),
        ("criteria.0.id", "station"),
        ("profiles.0.weights.area_ha", 0),
        ("sites.min_site_ha", -1),
    )
    assert set(found) == {
        "study_unknown_key",
        "study_missing_key",
        "study_choice",
        "study_criterion_unit",
        "study_weights_positive",
        "study_limit",
    }


def test_no_swedish_text_holds_pydantics_english():
    with pytest.raises(StudyError) as raised:
        parse(study(("sites.min_site_ha", "stor"), ("layers.fastigheter.path", 3), ("area.where", {"code": {}})))
    assert "should" not in str(raised.value)
    assert "Input" not in str(raised.value)


def test_the_input_is_left_alone():
    raw = study()
    parse(raw)
    assert raw == GOOD


# --- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_line_ends_with_and_without_mark(tmp_path, ends, mark):
    path = tmp_path / "study.toml"
    path.write_bytes(mark + TOML.replace("\n", ends).encode())
    spec = load(path)
    assert spec.study.title.sv == "Lerum på svenska"
    assert spec.layers["fastigheter"].path == "data/fastigheter.gpkg"
    assert load(str(path)) == spec


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        (b"[study\nid = 1", "unclosed", 1),
        (b"PK\x03\x04\xff\xfe", "binary", None),
        (b"\xff\xfea\x00", "utf16", None),
        ('[study]\ntitle = "Lerum på"'.encode("cp1252"), "ansi", 2),
        (b'[layers.a]\npath = "data\\parcels.gpkg"', "backslash", 2),
        (b'[layers.a]\npath = "C:\\Users\\x"', "backslash", 2),
        (b"a = 1\na = 2", "twice", 2),
        (b"[a]\n[a]\nb = 1", "twice", 2),
        (b"a = 1\n\nbuffer_m = 3,5\n", "comma", 3),
        (b"barriers = [\n  { width_m = 3,5 },\n]", "comma", 2),
        (b"a = 1\ndate = 1/2 2026", "date", 2),
        (b"date = 2026/01/02", "date", 1),
        (b"date = 2026-13-45", "date", 1),
        (b"date = 2026-01-02 b = 1", "rest", 1),
        ("a = 1\r\ntitle = “Mark”\r\n".encode(), "curly", 2),
        ("a = 1\ntitle = ”Mark”".encode(), "curly", 2),
        ("[layers.vägar]".encode(), "letters", 1),
        ("a = 1\nväg = 1".encode(), "letters", 2),
        (b"title = Mark", "unquoted", 1),
        (b"modelled = True", "unquoted", 1),
        (b"where = { code = 1441\n", "unclosed", 1),
        (b'title = "Mark\nb = 1', "unclosed", 1),
        (b"bara ord", "equals", 1),
        (b"a = ", "other", 1),
    ],
)
def test_not_toml(tmp_path, content, key, line):
    path = tmp_path / "studie.toml"
    path.write_bytes(content)
    with pytest.raises(StudyError) as raised:
        load(path)
    finding, *rest = raised.value.findings
    assert (finding.key, finding.values.get("line")) == (f"toml_{key}", line)
    # What is plainly meant is read so, and the rest of the study judged; otherwise only the text is.
    assert bool(rest) == (key in {"comma", "curly", "backslash"})
    assert all(found.key.startswith("study_") for found in rest)
    for language in LANGUAGES:
        said = raised.value.text(language)
        assert "studie.toml" in said
        assert "at line" not in said  # the parser's own words
        assert str(tmp_path) not in said


def test_all_faults_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "studie.toml"
    path.write_text(
        '[study]\nid = "a"\ntitle = “Mark”   # rubriken\ndate = 2026-01-01\n\n[area]\nlayer = "a"\n\n'
        '[layers.a]\npath = "data\\a.gpkg"\nrole = "parcels"\n\n'
        "[sites]\nmin_site_ha = 0,4   # hektar\nmax_site = 3\nmin_width_m = 30,5 # meter\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyError) as raised:
        load(path)
    told = [(finding.key, finding.line or finding.values["line"]) for finding in raised.value.findings]
    assert told == [
        ("toml_curly", 3), ("toml_backslash", 10), ("toml_comma", 14), ("toml_comma", 16), ("study_unknown_key", 15)
    ]  # fmt: skip
    assert "(min_site_ha = 0,4): decimalkomma" in str(raised.value)
    assert "# hektar" not in str(raised.value)


def test_a_line_that_nobody_understands_does_not_hide_those_after_it(tmp_path):
    path = tmp_path / "studie.toml"
    path.write_text("a = 1/2 2026\nb = Mark\nc = 3,5\nd = [\n  1,,2\n]\ne = 2,5\n", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        load(path)
    told = [(finding.key, finding.values["line"]) for finding in raised.value.findings]
    assert told[:3] == [("toml_date", 1), ("toml_unquoted", 2), ("toml_comma", 3)]
    assert [line for _, line in told[3:]] == [5]  # what is within brackets cannot be left out


@pytest.mark.parametrize("line", ['a = "x # y" b', "a = 'x # y' b"])
def test_what_is_no_comment_is_shown(line):
    [fault] = read_toml(line, file="s").faults
    assert line in str(fault)


def test_the_line_is_shown_as_it_was_meant(tmp_path):
    path = tmp_path / "studie.toml"
    path.write_bytes('[study]\ntitle = "Mark på Öckerö"'.encode("cp1252"))
    with pytest.raises(StudyError, match=r"rad 2 .title = .Mark på Öckerö"):
        load(path)


@pytest.mark.parametrize(
    "change", [("study.title", dt.date(2026, 1, 1)), ("layers.municipality.source", dt.date(2026, 1, 1))]
)
def test_a_date_where_text_belongs_is_told_with_its_quotes(change):
    with pytest.raises(StudyError, match='= 2026-01-01 ska vara text mellan citattecken: "2026-01-01"'):
        parse(study(change))


def test_a_decimal_comma_within_quotes_or_a_list_names_the_point():
    said = problems(("sites.min_site_ha", "3,5"), ("criteria.1.value.points", [[0, 5, 1.0], [3, 0]]))
    assert set(said) == {"study_number", "study_point"}
    with pytest.raises(StudyError, match="decimalpunkt"):
        parse(study(("sites.min_site_ha", "3,5")))


def test_no_file_and_a_folder(tmp_path):
    for path, key, words in (
        (tmp_path / "saknas.toml", "study_file_missing", "Studiefilen ”saknas.toml” finns inte."),
        (tmp_path, "study_file_folder", "är en mapp"),
    ):
        with pytest.raises(StudyError, match=words) as raised:
            load(path)
        assert [finding.key for finding in raised.value.findings] == [key]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "behörighet saknas"),
        (OSError(errno.EIO, "trasig disk"), "trasig disk"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, monkeypatch, error, words):
    def refuse(*_args, **_options):
        raise error

    path = tmp_path / "studie.toml"
    path.write_bytes(b"")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(StudyError, match=words) as raised:
        load(path)
    assert "denied" not in raised.value.text("sv")


def test_an_empty_file_misses_everything(tmp_path):
    path = tmp_path / "tom.toml"
    path.write_bytes(b"")
    with pytest.raises(StudyError) as raised:
        load(path)
    assert {finding.values["where"] for finding in raised.value.findings} == {"study", "area", "layers"}


# --- built by hand --------------------------------------------------------------------------------------


def test_built_by_hand():
    value = ValueFunction(points=[(0, 1.0)])
    criterion = Criterion(id="flood_share", measure="overlap_share", value=value, name="Översvämning")
    assert criterion.label("en") == "Översvämning"
    assert Profile(id="p", name="P", weights={"flood_share": 2}).min_coverage == 0.5
    with pytest.raises(ValidationError):
        criterion.id = "x_m"


BY_HAND = [
    (
        Profile,
        {
            ("study_missing_key", "Profile.id"),
            ("study_missing_key", "Profile.name"),
            ("study_missing_key", "Profile.weights"),
        },
    ),
    (
        lambda: Profile(id="p", name=5, weights={"a_m": "x"}, weigths={}),
        {
            ("study_text", "Profile.name"),
            ("study_number", "Profile.weights.a_m"),
            ("study_unknown_key", "Profile.weigths"),
        },
    ),
    (
        lambda: Profile(id="p", name="P", weights={"a_m": 0}, min_coverage=float("nan")),
        {("study_weights_positive", "Profile.weights"), ("study_limit", "Profile.min_coverage")},
    ),
    (lambda: ValueFunction(points=[(1, 0.0), (0, 1.0)]), {("study_value_points_order", "ValueFunction.points")}),
    (lambda: ValueFunction(points=5), {("study_list", "ValueFunction.points")}),
    (
        lambda: Criterion(id=5, measure="area", value={"point": [], "kind": "curve"}),
        {
            ("study_text", "Criterion.id"),
            ("study_choice", "Criterion.value.kind"),
            ("study_missing_key", "Criterion.value.points"),
            ("study_unknown_key", "Criterion.value.point"),
        },
    ),
    (
        lambda: AreaSpec(corridors=[{"layer": "vägar"}, {"layer": 5, "within_m": -1}], margin_m="x"),
        {
            ("study_corridor_limit", "AreaSpec.corridors.0"),
            ("study_text", "AreaSpec.corridors.1.layer"),
            ("study_limit", "AreaSpec.corridors.1.within_m"),
            ("study_number", "AreaSpec.margin_m"),
        },
    ),
    (Corridor, {("study_missing_key", "Corridor.layer")}),
    (lambda: SitesSpec(min_site_ha=60), {("study_sites_order", "SitesSpec")}),
    (lambda: ConstraintRule(id="r", kind="mjuk"), {("study_choice", "ConstraintRule.kind")}),
]


@pytest.mark.parametrize(("build", "expected"), BY_HAND)
def test_wrong_input_by_hand_is_told_in_words_all_at_once(build, expected):
    with pytest.raises(StudyError) as raised:
        build()
    assert {(finding.key, finding.values["where"]) for finding in raised.value.findings} == expected
    for language in LANGUAGES:
        assert "Input" not in raised.value.text(language)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize(
    ("build", "nearest"),
    [
        (lambda: Profile(id="p", name="P", weights={"a_m": 1}, wieghts={}), "weights"),
        (lambda: Criterion(id="a_m", measure="area", value={"points": [(0, 1.0)], "pionts": 1}), "points"),
        (
            lambda: Profile(id="p", name="P", weights={"a_m": 1}, values={"a_m": {"points": [(0, 1.0)], "pionts": 1}}),
            "points",
        ),
        (lambda: Profile(id="p", name={"sv": "P", "e": "P"}, weights={"a_m": 1}), "en"),
    ],
)
def test_the_nearest_key_is_named_for_what_is_built_by_hand(build, nearest):
    with pytest.raises(StudyError) as raised:
        build()
    assert [finding.values["nearest"] for finding in raised.value.findings] == [nearest]


def test_nearest_name():
    assert nearest_name("statoin", ["station", "road"]) == "station"
    assert nearest_name("x", []) == "–"
    assert nearest_name("UseDesc", ["UseCode", "UseDescription"]) == "UseDescription"  # starts so
    assert nearest_name("typ", ["tpy", "road_type", "TYPE"]) == "TYPE"
    assert nearest_name("Description", ["Descriptor", "UseDescription"]) == "UseDescription"  # holds it
    assert nearest_name("STATOIN", ["station"]) == "station"
    assert nearest_name("a", ["area"]) == "–"  # one letter says nothing


def test_unknown_names_are_told_together_with_what_is_ill_formed():
    found = problems(
        ("study.titel", 1),
        ("sites.min_site_ha", "stor"),
        ("area.layer", "komun"),
        ("profiles.0.weights.stasjon_min", 2),
    )
    assert set(found) == {"study_unknown_key", "study_number", "study_unknown_layer", "study_unknown_criterion"}


def test_a_name_that_is_left_out_for_its_errors_is_not_called_unknown():
    found = problems(("criteria.1.value", {"points": [[1, 0], [0, 1]]}), ("layers.kommun", {"role": "municipality"}))
    assert set(found) == {"study_value_points_order", "study_missing_key"}


def test_without_a_head_no_names_can_be_judged():
    assert set(problems(("study", None), ("area.layer", "komun"))) == {"study_missing_key"}


def test_a_text_that_is_compared_for_being_equal_may_hold_a_comma():
    assert parse(study(("area.where", {"grade": "0,5"}))).area.where == {"grade": "0,5"}


def test_each_requirement_is_told_with_its_value_and_how_it_was_meant():
    with pytest.raises(StudyError) as caught:
        parse(study(("profiles.0.requirements", {"flood_share": "<= 0,25", "area_ha": ">= two"})))
    said = str(caught.value).splitlines()
    assert said[0].startswith('Kravet flood_share = "<= 0,25" går inte: skriv decimalpunkt, "<= 0.25".')
    assert said[1].startswith("Kravet area_ha = '>= two' jämför inte med tal.")


@pytest.mark.parametrize(
    ("point", "meant"), [([300, 1, 0], "[300, 1.0]"), ([0, 5, 1, 0], "[0.5, 1.0]"), ([1], "[300, 0.5]")]
)
@pytest.mark.parametrize("path", ["criteria.0.value", "profiles.0.values"])
def test_a_point_is_counted_from_one_and_shown_as_it_was_meant(path, point, meant):
    value = {"points": [[0, 1], point]}
    with pytest.raises(StudyError) as caught:
        parse(study((path, value if path.startswith("criteria") else {"area_ha": value})))
    (found,) = caught.value.findings
    assert (found.values["number"], found.values["meant"]) == (2, meant)
    criterion = "station_min" if path.startswith("criteria") else "area_ha"
    assert found.text("sv").startswith(f"Kriteriet {criterion}, punkt 2: ")


def test_the_line_of_what_is_wrong_is_told(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text('[study]\nid = "A"\ntitle = "a"\ndate = 2026-01-01\n\n[area]\nlager = "x"\n', encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load(file)
    assert {finding.values.get("where"): finding.line for finding in caught.value.findings} == {
        "study.id": 2,
        "area.lager": 7,
        "layers": None,
    }
    assert any(line.startswith("Rad 2: ”study.id” = 'A' går inte") for line in str(caught.value).splitlines())
    assert any(line.startswith("Line 7: ") for line in caught.value.text("en").splitlines())


def test_the_comma_shows_the_number_that_was_meant(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text("[sites]\nmin_site_ha = 0,4\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"rad 2 .*Skriv decimalpunkt: 0\.4\."):
        load(file)
