"""A draft for layers of another country: rules to choose of, roads that matter, points that tell sites apart."""

import re
import tomllib

import geopandas as gpd
import pyogrio
import pytest
import shapely

import landready
from landready.study_file import load

WEST, SOUTH = 233_000, 901_000
BOSTON = 26986


def box(x, y, size=100, high=None):
    return shapely.box(WEST + x, SOUTH + y, WEST + x + size, SOUTH + y + (high or size))


def line(y, x=0, to=3000):
    return shapely.LineString([(WEST + x, SOUTH + y), (WEST + to, SOUTH + y)])


@pytest.fixture
def folder(tmp_path):
    """Return layers of an American town: parcels in a row that goes away from the main road."""
    folder = tmp_path / "lager"
    folder.mkdir()

    def write(name, shapes, **columns):
        pyogrio.write_dataframe(gpd.GeoDataFrame(columns, geometry=shapes, crs=BOSTON), folder / f"{name}.gpkg")

    squares = [box(x, y, 180) for x in range(0, 3000, 200) for y in range(0, 1000, 200)]
    names = [f"{number}-1" for number in range(len(squares))]
    names[1] = names[0]
    write("boundary", [box(-50, -50, 3100, 1100)])
    write("parcels", [*squares, box(0, 180, 3000, 20)], ML=[*names, "ROAD"])
    write("all_streets", [line(y) for y in range(190, 1000, 200)], Street=list("abcde"))
    write("major_roads", [line(-40)], STREET=["x"])
    write("rail", [line(1020), line(1030), line(1040)], TYPE=["ACTIVE", "RAIL-ABANDON", "ACTIVE-ELEV"])
    write("zoning_districts", [box(0, 0, 1500), box(1500, 0, 1500)], ZONE_TYPE=["C-1", "IA"])
    write("flood100", [box(0, 0, 50)])
    write("flood500", [box(0, 0, 80)])
    write("historic_districts", [box(900, 0, 50)])
    write("landmarks", [box(600, 0, 20)])
    write("open_space", [box(2000, 0, 180)])
    return folder


@pytest.fixture
def drafted(cli, folder, tmp_path):
    file = tmp_path / "study.toml"
    ended = cli("init", file, "--from", folder)
    assert (ended.code, ended.err) == (0, "")
    return file


def test_main_roads_are_asked_before_all_streets(drafted):
    [road] = [criterion for criterion in load(drafted).criteria if criterion.id == "road_m"]
    assert road.layer == "major_roads"


def test_points_that_tell_nothing_apart_are_taken_from_the_layers(drafted):
    criteria = {criterion.id: criterion for criterion in load(drafted).criteria}
    # A tenth of the parcels lie 40 m from the road and a tenth 840 m, which the usual 0–2 000 m tells well apart.
    assert criteria["road_m"].value.points == ((0, 1), (2000, 0))
    # From the rail they lie between 40 and 840 m, and the usual points begin at 200 m and end at 5 000 m.
    (near, best), (far, worst) = criteria["rail_m"].value.points
    assert (best, worst) == (1, 0)
    assert 30 <= near < far <= 850
    assert "Ett antagande efter lagren: av fastigheterna ligger en av tio närmare än" in told(drafted)


def test_size_tells_sites_apart_up_to_the_largest_and_width_is_only_a_requirement(drafted):
    spec = load(drafted)
    size = next(criterion for criterion in spec.criteria if criterion.id == "area_ha")
    assert size.value.points[-1] == (spec.sites.max_site_ha, 1)
    for profile in spec.profiles:
        assert "width_m" not in profile.weights
        assert "width_m" in profile.requirements


def test_each_flood_has_a_rule_of_its_own(drafted):
    rules = {rule.layer: rule for rule in load(drafted).constraints}
    assert rules["flood100"].kind == "strong"
    assert rules["flood500"].kind == "info"
    assert rules["flood500"].label("sv") == "Översvämning, 500-årsflöde"


def test_zones_have_a_rule_with_all_codes_that_is_off_until_somebody_has_chosen(cli, drafted, tmp_path):
    rule = next(rule for rule in load(drafted).constraints if rule.layer == "zoning_districts")
    assert rule.where == {"ZONE_TYPE": ["C-1", "IA"]}
    assert not rule.enabled
    text = drafted.read_text(encoding="utf-8")
    chosen = text.replace('["C-1", "IA"]', '["C-1"]').replace("enabled = false", "enabled = true")
    drafted.write_text(chosen, encoding="utf-8")
    ended = cli("run", drafted, "--out", tmp_path / "ut")
    assert ended.code == 0, ended.err
    assert "är avstängd" not in ended.out


def test_landmarks_are_no_ancient_remains_and_districts_a_choice(drafted):
    spec = load(drafted)
    assert "landmarks" not in spec.layers
    assert '# landmarks = { path = "lager/landmarks.gpkg", role = "other" }' in drafted.read_text(encoding="utf-8")
    assert spec.layers["historic_districts"].role == "other"
    rule = next(rule for rule in spec.constraints if rule.layer == "historic_districts")
    assert (rule.kind, rule.enabled) == ("strong", False)
    assert "ornlämning" not in told(drafted)


def test_open_space_is_excluded(drafted):
    rule = next(rule for rule in load(drafted).constraints if rule.layer == "open_space")
    assert (rule.kind, rule.enabled) == ("hard", True)


def test_tracks_that_are_not_in_use_are_left_out_and_asked_about(drafted):
    assert load(drafted).layers["rail"].where == {"TYPE": ["ACTIVE", "ACTIVE-ELEV"]}
    assert "VÄLJ: where utelämnar spår som inte används" in told(drafted)


def test_rows_that_share_a_designation_are_asked_about(drafted):
    assert "VÄLJ: 2 rader delar beteckning med en annan (0-1). duplicates" in told(drafted)


def test_parcels_like_streets_are_excluded_and_asked_about(drafted):
    rule = next(rule for rule in load(drafted).constraints if rule.id == "gator")
    assert rule.where == {"parcel_id": ["ROAD"]}


def test_check_and_the_draft_agree_on_roles(cli, folder, drafted):
    report = landready.check(folder, crs="EPSG:3006")
    seen = {layer.layer: layer.recognition.role for layer in report.layers}
    drafted_roles = {name: layer["role"] for name, layer in tomllib.loads(told(drafted, raw=True))["layers"].items()}
    assert drafted_roles == {name: seen[name] for name in drafted_roles}
    assert landready.check(folder, crs="EPSG:26986").abroad
    assert {layer.layer: layer.recognition.role for layer in landready.check(folder).layers} == seen


def test_check_says_what_is_missing_anywhere_and_no_swedish_rules(cli, folder):
    said = cli("check", folder).out
    assert "Kör om" not in said
    assert "Utan höjddata (heights)" in said
    assert not re.search("Restriktioner som inte prövas|Natura|Seveso|Översiktsplan", said)
    assert len(said.partition("utan fler lager:")[2].splitlines()) < 8
    assert "zoning_districts – övrigt" in said
    why = next(layer for layer in landready.check(folder).layers if layer.layer == "zoning_districts").recognition
    assert why.why_in_words("sv") == "ligger utanför Sverige; skulle annars vara detaljplaner"


def told(file, *, raw=False):
    text = file.read_text(encoding="utf-8")
    return text if raw else text.replace("\n# ", " ")
