"""A study file drafted from a folder: short, with marked choices, and it runs."""

import tomllib
import warnings

import geopandas as gpd
import pyogrio
import pytest
import shapely

import landready
from landready.study_file import load

WEST, SOUTH = 340_000, 6_408_000
AREA = shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)
QUARTERS = [shapely.box(WEST + x, SOUTH + y, WEST + x + 500, SOUTH + y + 500) for x in (0, 500) for y in (0, 500)]
ROAD = shapely.LineString([(WEST, SOUTH + 480), (WEST + 1000, SOUTH + 480)])


@pytest.fixture
def folder(tmp_path):
    """Return a folder of layers as they come: several in one file, other names of columns, damage, and strays."""
    folder = tmp_path / "våra lager"
    folder.mkdir()

    def write(file, layer, shapes, crs=3006, **columns):
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
        pyogrio.write_dataframe(frame, folder / file, layer=layer)

    write("allt.gpkg", "Kommungräns", [AREA], kommunkod=["1441"])
    write("allt.gpkg", "vägar", [ROAD], vagnummer=["E20"], hastighet=[80], fri_text=["å"])
    moved = gpd.GeoSeries([ROAD], crs=3006).to_crs(3007)
    write("allt.gpkg", "vägar (gamla)", list(moved), crs=3007)
    write("allt.gpkg", "vägar/gamla", [ROAD])
    write("allt.gpkg", "hemlig", [AREA.centroid], name=["x"])
    write("fastigheter.gpkg", "fastigheter", QUARTERS, fastighetsbeteckning=["A 1:1", "A 1:2", "A 1:3", "A 1:3"])
    write("urval.gpkg", "fastigheter", QUARTERS[:1], parcel_id=["A 1:1"])
    write("plan.gpkg", "detaljplan", QUARTERS[:2], plan_id=["P1", "P1"], anvandning=["J", "J"])
    (folder / "trasig.gpkg").write_bytes(b"skrap")
    (folder / "läs mig.docx").write_bytes(b"x")
    return folder


@pytest.fixture
def drafted(cli, folder, tmp_path):
    """Return the study file that is drafted for the folder, from a folder beside it."""
    file = tmp_path / "studier" / "study.toml"
    file.parent.mkdir()
    ended = cli("init", file, "--from", folder)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Skrev {file} efter lagren i {folder}. Gå till de ")
    return file


def test_each_layer_that_is_recognised_and_can_be_used(drafted):
    spec = load(drafted)
    told = {name: (layer.path, layer.layer, layer.role) for name, layer in spec.layers.items()}
    assert told == {
        "kommungrans": ("../våra lager/allt.gpkg", "Kommungräns", "municipality"),
        "vagar": ("../våra lager/allt.gpkg", "vägar", "roads"),
        "vagar_gamla": ("../våra lager/allt.gpkg", "vägar (gamla)", "roads"),
        "vagar_gamla_2": ("../våra lager/allt.gpkg", "vägar/gamla", "roads"),
        "fastigheter": ("../våra lager/fastigheter.gpkg", None, "parcels"),
        "detaljplan": ("../våra lager/plan.gpkg", None, "plans"),
    }
    assert next(iter(spec.layers)) == "fastigheter"
    assert spec.area.layer == "kommungrans"
    assert spec.study.crs == "EPSG:3006"
    assert spec.layers["fastigheter"].duplicates == "dissolve"
    assert spec.layers["detaljplan"].duplicates == "number"


def test_guessed_columns_are_read_and_marked(drafted):
    spec = load(drafted)
    assert spec.layers["vagar"].columns == {"road_number": "vagnummer", "speed_kmh": "hastighet"}
    assert spec.layers["fastigheter"].columns == {"parcel_id": "fastighetsbeteckning"}
    text = drafted.read_text(encoding="utf-8")
    assert text.count("stämmer columns?") == 2  # a name, or a speed that no rule asks for, does no harm
    assert "# VÄLJ: stämmer columns? Filen har: fastighetsbeteckning." in text


def test_comments_tell_what_is_left_out(drafted):
    text = drafted.read_text(encoding="utf-8").replace("\n# ", " ")
    # Only one layer can be the parcels: the larger.
    assert '# hemlig = { path = "../våra lager/allt.gpkg", layer = "hemlig", role = "other" }' in drafted_lines(drafted)
    assert '# fastigheter_2 = { path = "../våra lager/urval.gpkg", role = "other" }' in drafted_lines(drafted)
    assert "Går inte att använda: trasig.gpkg · trasig." in text
    assert "Inte genomgångna: läs mig.docx." in text
    assert "Prövas inte, för lager saknas: vatten, " in text
    assert '"VÄLJ"' not in text


def drafted_lines(file):
    return file.read_text(encoding="utf-8").splitlines()


def test_layers_that_are_left_out_can_be_taken_in_by_their_line(drafted):
    text = drafted.read_text(encoding="utf-8")
    drafted.write_text(text.replace("# hemlig = ", "hemlig = "), encoding="utf-8")
    assert load(drafted).layers["hemlig"].role == "other"


def test_it_is_short(drafted):
    lines = drafted.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 120
    assert max(map(len, lines)) <= 120


def test_plans_that_do_not_say_what_they_permit_are_a_marked_choice(drafted):
    told = drafted.read_text(encoding="utf-8").replace("\n# ", " ")
    assert "VÄLJ: lagret saknar status, use eller permits_business" in told


def test_criteria_and_requirements_are_of_the_layers_there(drafted):
    spec = load(drafted)
    assert [criterion.id for criterion in spec.criteria] == ["road_m", "planned_share", "area_ha", "width_m"]
    assert {criterion.source for criterion in spec.criteria} == {"assumption"}
    for profile in spec.profiles:
        assert set(profile.requirements) == {"area_ha", "width_m"}


def test_layers_that_answer_enough_get_the_kinds_of_business_that_ship(cli, tmp_path):
    lerum = landready.example_study().parent
    assert cli("init", tmp_path / "study.toml", "--from", lerum).code == 0
    written = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert tomllib.loads(written)["rules"]["profiles"] == ["logistics", "small_industry", "office", "visitor"]
    assert "[[criteria]]" not in "".join(line for line in written.splitlines() if not line.startswith("#"))
    study = landready.Study.from_toml(tmp_path / "study.toml")
    assert [profile.id for profile in study.spec.profiles] == ["logistics", "small_industry", "office", "visitor"]
    roles = {layer.layer: layer.role for layer in study.spec.layers.values()}
    assert (roles["flood"], roles["flood_extent"]) == ("flood", "area")
    # Where something was mapped is asked about, and no place to look in.
    assert study.spec.layers["flood"].known_extent == "flood_extent"
    assert study.spec.area.layer == "municipality"
    assert "VÄLJ: är lagret kartlagt just inom flood_extent?" in written.replace("\n# ", " ")


def test_it_runs_as_it_is_and_with_layers_that_cover_the_area(cli, drafted, tmp_path):
    assert cli("run", drafted, "--out", tmp_path / "ut").code == 0
    text = drafted.read_text(encoding="utf-8")
    drafted.write_text(text.replace('\n# known_extent = "area"', '\nknown_extent = "area"'), encoding="utf-8")
    spec = load(drafted)
    assert {spec.known_extent_of(name) for name in spec.layers} == {"area"}
    ended = cli("run", drafted, "--out", tmp_path / "ut")
    assert ended.code == 0, ended.err


def test_without_an_outline_the_area_is_that_of_the_parcels_and_marked(cli, folder, tmp_path):
    file = tmp_path / "study.toml"
    (folder / "allt.gpkg").unlink()
    cli("init", file, "--from", folder)
    assert load(file).area.layer == "fastigheter"
    assert 'layer = "fastigheter"  # VÄLJ: helst kommungränsen' in file.read_text(encoding="utf-8")
    assert cli("run", file, "--out", tmp_path / "ut").code == 0


def test_without_parcels_too_the_area_has_to_be_chosen(cli, folder, tmp_path):
    file = tmp_path / "study.toml"
    for name in ("allt", "fastigheter", "urval"):
        (folder / f"{name}.gpkg").unlink()
    cli("init", file, "--from", folder)
    refused = cli("run", file, "--out", tmp_path / "ut")
    assert refused.code == 1
    assert "”area” nämner lagret ”VÄLJ”, som inte finns" in refused.err


def test_of_several_outlines_one_has_to_be_chosen(cli, tmp_path):
    folder = tmp_path / "lager"
    folder.mkdir()
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"code": list("1234")}, geometry=QUARTERS, crs=3006), folder / "kommun.gpkg"
    )
    cli("init", tmp_path / "study.toml", "--from", folder)
    assert "# VÄLJ: din kommunkod, en av 4" in (tmp_path / "study.toml").read_text(encoding="utf-8")


def test_abroad_the_rules_are_own_and_plans_are_left_alone(cli, tmp_path):
    folder = tmp_path / "lager"
    folder.mkdir()
    for name in ("boundary", "parcels", "water", "zoning"):
        frame = gpd.GeoDataFrame(geometry=[shapely.box(233e3, 901e3, 234e3, 902e3)], crs=26986)
        pyogrio.write_dataframe(frame, folder / f"{name}.gpkg", layer=name)
    cli("init", tmp_path / "study.toml", "--from", folder)
    spec = load(tmp_path / "study.toml")
    assert spec.rules.constraints == "none"
    assert [(rule.layer, rule.kind, rule.enabled) for rule in spec.constraints] == [
        ("water", "hard", True),
        ("zoning", "hard", False),
    ]
    assert spec.layers["zoning"].role == "other"


def test_layers_of_another_crs_give_the_study_theirs(cli, tmp_path):
    folder = tmp_path / "lager"
    folder.mkdir()
    for name in ("boundary", "parcels"):
        frame = gpd.GeoDataFrame(geometry=[shapely.box(233e3, 901e3, 234e3, 902e3)], crs=26986)
        pyogrio.write_dataframe(frame, folder / f"{name}.gpkg", layer=name)
    file = tmp_path / "study.toml"
    cli("init", file, "--from", folder)
    assert load(file).study.crs == "EPSG:26986"
    assert cli("run", file, "--out", tmp_path / "ut").code == 0


def test_a_file_without_crs_says_which_is_taken(cli, tmp_path):
    folder = tmp_path / "lager"
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that no CRS is written
        gpd.GeoDataFrame(geometry=[AREA]).to_file(folder / "vatten.gpkg", layer="vatten")
    cli("init", tmp_path / "study.toml", "--from", folder)
    assert load_layers(tmp_path / "study.toml")["vatten"]["source_crs"] == "EPSG:3006"
    assert "koordinatsystemet är antaget" in (tmp_path / "study.toml").read_text(encoding="utf-8")


def test_of_a_layer_in_parts_only_the_whole_is_named(cli, tmp_path):
    folder = tmp_path / "vägar"
    folder.mkdir()
    stretch = {"ELEMENT_ID": ["1:1"], "START_MEASURE": [0.0], "END_MEASURE": [1.0], "VALID_FROM": 20200101}
    for name, columns in (("Vagtrafiknat", {"Nattyp": ["bilnät"]}), ("Vagbredd", {"Bredd": [7.0]})):
        frame = gpd.GeoDataFrame(stretch | {"VALID_TO": 99991231} | columns, geometry=[ROAD], crs=3006)
        pyogrio.write_dataframe(frame, folder / "nvdb.gpkg", layer=f"NVDB_DK_O_{name}")
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", folder).code == 0
    assert [layer["layer"] for layer in load_layers(file).values()] == ["vägnät (NVDB)"]
    assert "Vagbredd" not in file.read_text(encoding="utf-8")


def load_layers(file):
    return tomllib.loads(file.read_text(encoding="utf-8"))["layers"]


def test_columns_that_a_product_reads_need_no_mapping(cli, tmp_path):
    folder = tmp_path / "vägar"
    folder.mkdir()
    columns = {"osm_id": ["1"], "highway": ["primary"], "maxspeed": ["70"], "ref": ["190"]}
    gpd.GeoDataFrame(columns, geometry=[ROAD], crs=3006).to_file(folder / "osm.gpkg")
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", folder).code == 0
    assert 'speed_kmh = "maxspeed"' not in file.read_text(encoding="utf-8")


def test_what_is_no_folder_and_a_file_that_is_there(cli, folder, tmp_path):
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", tmp_path / "ingen").err == f"Mappen ”{tmp_path / 'ingen'}” finns inte.\n"
    assert "är en fil" in cli("init", file, "--from", folder / "plan.gpkg").err
    assert not file.exists()
    file.write_text("mitt", encoding="utf-8")
    assert "finns redan" in cli("init", file, "--from", folder).err
    assert file.read_text(encoding="utf-8") == "mitt"


def test_every_word_for_a_column_is_folded_and_of_a_role():
    from landready.cli.draft_layers import _aliases
    from landready.layers.recognise import fold
    from landready.rules import roles

    known = {column for role in roles().values() for column in (role.id, *role.columns)}
    assert set(_aliases()) <= known
    assert all(word == fold(word) for words in _aliases().values() for word in words)


@pytest.mark.once
@pytest.mark.realdata
def test_the_layers_of_a_whole_city(cli, real_data, tmp_path):
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", real_data / "us-cambridge-ma").code == 0
    spec = load(file)
    assert spec.study.crs == "EPSG:26986"
    assert len(spec.layers) == 15
    assert {criterion.layer for criterion in spec.criteria if criterion.id == "road_m"} == {"major_roads"}
    assert spec.layers["rail"].where == {"TYPE": ["RAIL-ACTIVE", "RAIL-ACTIVE-ELEV"]}
    told = {rule.id: (rule.kind, rule.enabled) for rule in spec.constraints}
    assert (told["flood100"], told["flood500"], told["open_space"]) == (
        ("strong", True),
        ("info", True),
        ("hard", True),
    )
    assert told["zoning_districts"] == ("hard", False)
    assert "landmarks" not in spec.layers
    vouched = file.read_text(encoding="utf-8").replace('\n# known_extent = "area"', '\nknown_extent = "area"')
    file.write_text(vouched, encoding="utf-8")
    card = landready.Study.from_toml(file).run().scorecards["kontor"].frame
    # Of the points that the draft once had, 18 sites shared the first place.
    assert (card["rank"] == card["rank"].min()).sum() == 1
    assert card["ranked"].sum() > 50


def test_a_division_into_properties_needs_no_column_for_names(cli, tmp_path):
    columns = {"objektidentitet": "x", "registerenhetsreferens": "a", "kommunnamn": "LERUM", "trakt": "EXEMPELBY"}
    columns |= {"etikett": "1:1", "fnr": "1"}
    pyogrio.write_dataframe(gpd.GeoDataFrame([columns], geometry=[AREA], crs=3006), tmp_path / "ytor.gpkg")
    assert cli("init", tmp_path / "study.toml", "--from", tmp_path).code == 0
    written = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert 'role = "parcels"' in written
    assert "parcel_id" not in written
