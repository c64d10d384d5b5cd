"""A study file drafted from a folder: one block a layer, marked choices, and it runs."""

import tomllib
import warnings

import geopandas as gpd
import pyogrio
import pytest
import shapely

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
    assert ended.out.startswith(f"Skrev {file} efter lagren i {folder}. Läs igenom")
    return file


def test_a_block_for_each_layer_that_can_be_used(drafted):
    spec = load(drafted)
    told = {name: (layer.path, layer.layer, layer.role) for name, layer in spec.layers.items()}
    assert told == {
        "kommungrans": ("../våra lager/allt.gpkg", "Kommungräns", "municipality"),
        "vagar": ("../våra lager/allt.gpkg", "vägar", "roads"),
        "vagar_gamla": ("../våra lager/allt.gpkg", "vägar (gamla)", "roads"),
        "vagar_gamla_2": ("../våra lager/allt.gpkg", "vägar/gamla", "roads"),
        "hemlig": ("../våra lager/allt.gpkg", "hemlig", "other"),
        "fastigheter": ("../våra lager/fastigheter.gpkg", None, "parcels"),
        "detaljplan": ("../våra lager/plan.gpkg", None, "plans"),
        "fastigheter_2": ("../våra lager/urval.gpkg", None, "other"),  # only one can be the parcels: the larger
    }
    assert spec.area.layer == "kommungrans"
    assert spec.study.crs == "EPSG:3006"
    assert spec.layers["fastigheter"].duplicates == "dissolve"
    assert spec.layers["detaljplan"].duplicates == "number"


def test_comments_tell_columns_mappings_and_what_is_left_out(drafted):
    text = drafted.read_text(encoding="utf-8")
    assert '# columns = { road_number = "vagnummer", speed_kmh = "hastighet" }' in text
    assert '# columns = { parcel_id = "fastighetsbeteckning" }' in text
    assert "# Kolumner i filen: vagnummer, hastighet, fri_text." in text
    assert "# Filen ligger i EPSG:3007 och räknas om." in text
    assert "# Inte med: trasig.gpkg · trasig." in text
    assert "# Inte genomgångna: läs mig.docx." in text
    assert "railway_30 (järnväg)" in text.replace("\n# ", " ")
    assert '"VÄLJ"' not in text
    assert text.count("VÄLJ: ") >= 2  # title and date; roles and columns where they are guessed
    assert max(map(len, text.splitlines())) <= 120


def test_criteria_and_requirements_are_of_the_layers_there(drafted):
    spec = load(drafted)
    assert [criterion.id for criterion in spec.criteria] == ["road_m", "planned_share", "area_ha", "width_m"]
    assert {criterion.source for criterion in spec.criteria} == {"assumption"}
    for profile in spec.profiles:
        assert set(profile.requirements) == {"area_ha", "width_m"}


def test_it_runs_as_it_is_and_with_the_guessed_columns(cli, drafted, tmp_path):
    assert cli("run", drafted, "--out", tmp_path / "ut").code == 0
    text = drafted.read_text(encoding="utf-8").replace("# columns", "columns")
    drafted.write_text(text.replace('\n# known_extent = "area"\n', '\nknown_extent = "area"\n'), encoding="utf-8")
    assert load(drafted).layers["vagar"].columns["speed_kmh"] == "hastighet"
    ended = cli("run", drafted, "--out", tmp_path / "ut")
    assert ended.code == 0, ended.err


def test_without_an_outline_the_area_is_a_marked_choice(cli, folder, tmp_path):
    file = tmp_path / "study.toml"
    (folder / "allt.gpkg").unlink()
    assert "Gör valen på raderna märkta VÄLJ" in cli("init", file, "--from", folder).out
    refused = cli("run", file, "--out", tmp_path / "ut")
    assert refused.code == 1
    assert "”area” nämner lagret ”VÄLJ”, som inte finns" in refused.err
    text = file.read_text(encoding="utf-8").replace('layer = "VÄLJ"', 'layer = "fastigheter"')
    file.write_text(text, encoding="utf-8")
    assert cli("run", file, "--out", tmp_path / "ut").code == 0


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
    assert 'source_crs = "EPSG:3006"  # antaget' in (tmp_path / "study.toml").read_text(encoding="utf-8")


def test_parts_of_a_layer_are_told_and_only_the_whole_has_a_block(cli, tmp_path):
    folder = tmp_path / "vägar"
    folder.mkdir()
    stretch = {"ELEMENT_ID": ["1:1"], "START_MEASURE": [0.0], "END_MEASURE": [1.0], "VALID_FROM": 20200101}
    for name, columns in (("Vagtrafiknat", {"Nattyp": ["bilnät"]}), ("Vagbredd", {"Bredd": [7.0]})):
        frame = gpd.GeoDataFrame(stretch | {"VALID_TO": 99991231} | columns, geometry=[ROAD], crs=3006)
        pyogrio.write_dataframe(frame, folder / "nvdb.gpkg", layer=f"NVDB_DK_O_{name}")
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", folder).code == 0
    text = file.read_text(encoding="utf-8")
    assert [layer["layer"] for layer in tomllib.loads(text)["layers"].values()] == ["vägnät (NVDB)"]
    assert "# Ingår i nvdb.gpkg · vägnät (NVDB): NVDB_DK_O_Vagtrafiknat, NVDB_DK_O_Vagbredd." in text


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
    from landready.cli.draft import _aliases
    from landready.layers.recognise import fold
    from landready.rules import roles

    known = {column for role in roles().values() for column in (role.id, *role.columns)}
    assert set(_aliases()) <= known
    assert all(word == fold(word) for words in _aliases().values() for word in words)


@pytest.mark.realdata
def test_the_layers_of_a_whole_city(cli, real_data, tmp_path):
    file = tmp_path / "study.toml"
    assert cli("init", file, "--from", real_data / "us-cambridge-ma").code == 0
    spec = load(file)
    assert spec.study.crs == "EPSG:26986"
    assert len(spec.layers) == 19
    ended = cli("run", file, "--out", tmp_path / "ut")
    assert ended.code == 0, ended.err


def test_a_division_into_properties_needs_no_column_for_names(cli, tmp_path):
    columns = {"objektidentitet": "x", "registerenhetsreferens": "a", "kommunnamn": "LERUM", "trakt": "EXEMPELBY"}
    columns |= {"etikett": "1:1", "fnr": "1"}
    pyogrio.write_dataframe(gpd.GeoDataFrame([columns], geometry=[AREA], crs=3006), tmp_path / "ytor.gpkg")
    assert cli("init", tmp_path / "study.toml", "--from", tmp_path).code == 0
    written = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert 'role = "parcels"  # fastigheter' in written
    assert "parcel_id" not in written
