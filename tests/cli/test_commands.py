"""The commands, each from the words typed to the files written."""

import errno
import json
import tomllib

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready.errors import Finding
from landready.study_file import load
from landready.webmap.codec import payload_of


class TestInit:
    def test_writes_a_study_that_parses(self, cli, tmp_path):
        file = tmp_path / "min studie å.toml"
        ended = cli("init", file)
        assert (ended.code, ended.err) == (0, "")
        assert str(file) in ended.out
        assert load(file).study.id == "var-kommun"

    def test_what_is_commented_out_parses_too(self, cli, tmp_path):
        file = tmp_path / "study.toml"
        cli("init", file)
        lines = file.read_text(encoding="utf-8").splitlines()
        # A comment that is TOML starts with a table or a key; the lines of prose do not.
        opened = []
        inside = False
        for line in lines:
            inside = line.startswith("# [[") or (inside and line.startswith("#"))
            opened.append(line.removeprefix("#").removeprefix(" ") if inside else line)
        assert len(tomllib.loads("\n".join(opened))["constraints"]) == 4
        file.write_text("\n".join(opened), encoding="utf-8")
        spec = load(file)
        assert len(spec.area.corridors) == 1
        assert [rule.id for rule in spec.constraints] == ["railway_30", "flood_100", "parker", "buller"]

    def test_names_only_measures_and_roles_that_exist(self, cli, tmp_path):
        from landready.criteria import MEASURES
        from landready.rules import roles

        cli("init", tmp_path / "study.toml")
        spec = load(tmp_path / "study.toml")
        assert {criterion.measure for criterion in spec.criteria} <= set(MEASURES)
        for layer in spec.layers.values():
            role = roles()[layer.role]
            assert set(layer.columns) <= {role.id, *role.columns}

    def test_study_toml_is_the_default(self, cli, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert cli("init").code == 0
        assert [file.name for file in tmp_path.iterdir()] == ["study.toml"]

    def test_refuses_to_write_over(self, cli, tmp_path):
        file = tmp_path / "study.toml"
        file.write_text("mitt", encoding="utf-8")
        ended = cli("init", file)
        assert ended.code == 1
        assert ended.err == f"Filen ”{file}” finns redan. Välj ett annat namn, eller skriv över den med --force.\n"
        assert file.read_text(encoding="utf-8") == "mitt"
        assert cli("init", file, "--force").code == 0
        assert load(file)

    def test_a_folder_that_is_not_there(self, cli, tmp_path):
        ended = cli("init", tmp_path / "ingen" / "study.toml")
        assert ended.code == 1
        assert str(tmp_path / "ingen") in ended.err

    def test_run_names_every_file_that_is_missing(self, cli, tmp_path):
        cli("init", tmp_path / "study.toml")
        ended = cli("run", tmp_path / "study.toml", "--out", tmp_path / "ut", "--quiet")
        assert ended.code == 1
        reasons = ended.err.splitlines()
        layers = load(tmp_path / "study.toml").layers
        assert len(reasons) == len(layers)
        assert all(any(layer.path in reason for reason in reasons) for layer in layers.values())
        assert not (tmp_path / "ut").exists()


class TestDemo:
    def test_writes_a_map_and_says_where(self, process, homeless, tmp_path):
        ended = process("demo", cwd=tmp_path, env=homeless)
        assert ended.returncode == 0, ended.stderr
        (written,) = (tmp_path / "landready-demo").glob("*.html")
        assert ended.stdout.splitlines()[-1] == f"Kartan: {written}"
        told = ended.stderr.splitlines()
        assert told[0] == "läsning …"
        assert all(line.endswith(" …") for line in told)  # steps, and no warning of any library

    def test_elsewhere_and_quiet(self, cli, tmp_path, monkeypatch, small_study):
        monkeypatch.setattr("landready.pipeline.example.example_study", lambda: small_study)
        ended = cli("demo", "--quiet", "--out", tmp_path / "visning")
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        assert list((tmp_path / "visning").glob("*.html"))


class TestRun:
    def test_writes_everything_and_sums_it_up(self, cli, small_study, tmp_path):
        out = tmp_path / "ny" / "ut"
        ended = cli("run", small_study, "--out", out)
        assert ended.code == 0, ended.err
        names = {file.name for file in out.iterdir()}
        assert {"manifest.json", "liten-industri-intern.csv", "liten-kontor-intern.csv"} <= names
        assert f"{len(names)} filer skrevs till {out}." in ended.out
        assert "Liten studie" in ended.out

    def test_tells_what_matters_and_counts_the_notes(self, cli, small_study, tmp_path, monkeypatch):
        from landready.pipeline.assessment import Assessment

        study = {"constraint": "Vatten", "layer": "vatten"}
        told = [
            Finding("constraint_undecided", {**study, "count": 3, "column": "use"}, "note"),
            Finding("constraint_no_layer", study, "warning"),
        ]
        written = Assessment.write

        def write(self, *arguments, **options):
            object.__setattr__(self, "findings", (*told, told[0]))
            return written(self, *arguments, **options)

        monkeypatch.setattr(Assessment, "write", write)
        said = cli("run", small_study, "--out", tmp_path / "ut").out.splitlines()
        assert said[0] == f"Varning: {told[1].text('sv')}"
        assert said[1].startswith("Upplysningar: 2.")
        assert told[0].text("sv") not in said
        assert not cli("run", small_study, "--out", tmp_path / "ut", "--quiet").out

    def test_another_study_to_compare_with_goes_into_the_map(self, cli, small_study, tmp_path):
        earlier = small_study.with_name("i-fjol.toml")
        text = small_study.read_text(encoding="utf-8")
        earlier.write_text(text.replace("weights = { station_m = 80", "weights = { station_m = 1"), encoding="utf-8")
        ended = cli("run", small_study, "--out", tmp_path / "ut", "--compare", earlier)
        assert ended.code == 0, ended.err
        both = payload_of((tmp_path / "ut" / "liten-karta-intern.html").read_text(encoding="utf-8"))["compare"]
        assert {profile["id"] for profile in both["profiles"]} == {"industri", "kontor"}
        alone = cli("run", small_study, "--out", tmp_path / "en")
        assert alone.code == 0
        assert "compare" not in payload_of((tmp_path / "en" / "liten-karta-intern.html").read_text(encoding="utf-8"))

    def test_a_study_to_compare_with_that_is_broken_writes_nothing(self, cli, small_study, tmp_path):
        ended = cli("run", small_study, "--out", tmp_path / "ut", "--compare", tmp_path / "ingen.toml")
        assert ended.code == 1
        assert "ingen.toml" in ended.err
        assert not (tmp_path / "ut").exists()

    def test_pictures_for_a_report(self, cli, small_study, tmp_path):
        asked = ["--pictures", "png", "--profile", "kontor", "--audience", "extern", "--json"]
        ended = cli("run", small_study, "--out", tmp_path / "ut", *asked)
        assert ended.code == 0, ended.err
        pictures = sorted((tmp_path / "ut" / "bilder-kontor-extern").iterdir())
        assert len(pictures) >= 2
        assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
        assert {str(picture) for picture in pictures} <= set(json.loads(ended.out)["files"])

    def test_a_background_map_only_if_asked_for(self, cli, small_study, tmp_path, monkeypatch):
        assert cli("run", small_study, "--out", tmp_path / "ut", "--online-tiles", "osm").code == 0
        page = (tmp_path / "ut" / "liten-karta-intern.html").read_text(encoding="utf-8")
        assert payload_of(page)["tiles"]["host"] == "https://tile.openstreetmap.org"
        monkeypatch.delenv("LANDREADY_TILES_KEY", raising=False)
        monkeypatch.setattr("landready.pipeline.study.Study.from_toml", None)  # told before the work
        ended = cli("run", small_study, "--out", tmp_path / "en", "--online-tiles", "topowebb")
        assert ended.code == 1
        assert "LANDREADY_TILES_KEY" in ended.err

    def test_json_and_nothing_else(self, cli, small_study, tmp_path):
        ended = cli(
            "run", small_study, "--out", tmp_path / "ut", "--json", "--profile", "kontor", "--audience", "extern"
        )
        assert ended.code == 0, ended.err
        told = json.loads(ended.out)
        assert list(told["profiles"]) == ["kontor"]
        assert sum(told["land_ha"].values()) == pytest.approx(144.0)
        assert {str(file) for file in (tmp_path / "ut").iterdir()} == set(told["files"])
        assert not [file for file in told["files"] if "intern" in file or "industri" in file]

    def test_language_asked_for_is_that_of_the_outputs(self, cli, small_study, tmp_path):
        assert cli("run", small_study, "--out", tmp_path / "en", "--language", "en").code == 0
        assert cli("run", small_study, "--out", tmp_path / "sv").code == 0
        told = [json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8")) for name in ("en", "sv")]
        assert [manifest["language"] for manifest in told] == ["en", "sv"]

    def test_all_reasons_are_told(self, cli, small_study, tmp_path):
        text = small_study.read_text(encoding="utf-8")
        broken = text.replace("margin_m", "marginal_m").replace(
            "weights = { station_m = 80", "weights = { station_m = 0"
        )
        small_study.write_text(broken, encoding="utf-8")
        ended = cli("run", small_study, "--out", tmp_path / "ut", "--language", "en")
        assert ended.code == 1
        assert len(ended.err.splitlines()) == 2
        assert "marginal_m" in ended.err
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize("content", [b"", b"[study", b"\xff\xfe"])
    def test_a_file_that_is_no_study(self, cli, tmp_path, content):
        file = tmp_path / "study.toml"
        file.write_bytes(content)
        ended = cli("run", file, "--out", tmp_path / "ut")
        assert ended.code == 1
        assert ended.err
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize(("name", "words"), [("ingen.toml", "”ingen.toml” finns inte"), (".", "är en mapp")])
    def test_a_study_that_is_not_there(self, cli, tmp_path, name, words):
        ended = cli("run", tmp_path / name, "--out", tmp_path / "ut")
        assert ended.code == 1
        assert words in ended.err

    def test_a_profile_that_is_not_there(self, cli, small_study, tmp_path):
        ended = cli("run", small_study, "--out", tmp_path / "ut", "--profile", "kontr")
        assert ended.code == 1
        assert "kontr" in ended.err
        assert "kontor" in ended.err
        assert not (tmp_path / "ut").exists()

    def test_a_place_that_is_taken_is_told_before_the_work(self, cli, small_study, tmp_path):
        (tmp_path / "ut").write_text("mitt", encoding="utf-8")
        ended = cli("run", small_study, "--out", tmp_path / "ut")
        assert ended.code == 1
        assert ended.err == f"”{tmp_path / 'ut'}” är en fil; här behövs en mapp.\n"

    @pytest.fixture(params=[(errno.EACCES, "får du inte skriva"), (errno.ENOSPC, "går det inte (why)")])
    def refused(self, request, monkeypatch):
        """Refuse to write, and to start the work; return what is to be said."""
        code, words = request.param

        def refuse(**_options):
            raise OSError(code, "why")

        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
        monkeypatch.setattr("landready.pipeline.study.Study.from_toml", None)
        return words

    @pytest.mark.parametrize("command", ["run", "demo"])
    def test_a_place_that_cannot_be_written_is_told_before_the_work(self, cli, tmp_path, refused, command):
        study = ["study.toml"] if command == "run" else []
        ended = cli(command, *study, "--out", tmp_path / "ny" / "ut")
        assert ended.code == 1
        place = tmp_path / "ny" / "ut"
        assert ended.err.startswith(f"”{place}” går inte att skriva: i mappen ”{tmp_path}” {refused}")
        assert not (tmp_path / "ny").exists()

    def test_a_place_within_a_file(self, cli, small_study, tmp_path):
        ended = cli("run", small_study, "--out", small_study / "ut")
        assert (ended.code, ended.err) == (1, f"”{small_study}” är en fil; här behövs en mapp.\n")

    def test_many_alike_are_told_together_and_all_stand_in_the_manifest(self, cli, small_study, tmp_path):
        text = small_study.read_text(encoding="utf-8")
        small_study.write_text(text.replace('constraints = "none"', 'constraints = "se"'), encoding="utf-8")
        ended = cli("run", small_study, "--out", tmp_path / "ut")
        lines = [line for line in ended.out.splitlines() if "inte prövad" in line]
        assert len(lines) <= 4
        manifest = json.loads((tmp_path / "ut" / "manifest.json").read_text(encoding="utf-8"))
        assert len([said for said in manifest["findings"] if "inte prövad" in said]) > 15


class TestExplain:
    @pytest.fixture
    def site(self, cli, small_study, tmp_path):
        told = json.loads(cli("run", small_study, "--out", tmp_path / "ut", "--json").out)
        return told["profiles"]["industri"][0]["site_id"]

    def test_explains_for_each_profile(self, cli, small_study, site):
        ended = cli("explain", small_study, site, "--quiet")
        assert (ended.code, ended.err) == (0, "")
        assert site in ended.out
        assert "Småindustri" in ended.out
        assert "Kontor" in ended.out

    def test_answers_from_results_that_are_there_and_says_so(self, cli, small_study, site, tmp_path, monkeypatch):
        (tmp_path / "annan mapp").mkdir()
        monkeypatch.chdir(tmp_path / "annan mapp")
        ran = cli("explain", small_study, site)
        assert ran.err.startswith("Inget resultat av studien som den är nu hittades, så den räknas om.\nläsning")
        assert cli("run", small_study, "--out", "ut").code == 0
        recalled = cli("explain", small_study, site)
        assert recalled.out == ran.out
        assert recalled.err.startswith("Svaret bygger på resultatet i")
        assert "mätning" not in recalled.err
        text = small_study.read_text(encoding="utf-8")
        small_study.write_text(text.replace("min_site_ha = ", "min_site_ha = 0.0"), encoding="utf-8")
        ended = cli("explain", small_study, site, "--results", "ut")
        assert ended.err.startswith("Resultatet i ut är inte av studien som den är nu, så den räknas om.")

    def test_explains_for_one(self, cli, small_study, site):
        ended = cli("explain", small_study, site, "--profile", "kontor", "--language", "en")
        assert ended.code == 0
        assert "Office" in ended.out
        assert "Small industry" not in ended.out

    def test_a_site_that_is_not_there(self, cli, small_study, site):
        ended = cli("explain", small_study, f"{site}9", "--quiet")
        assert ended.code == 1
        assert site in ended.err
        assert not ended.out

    def test_a_study_without_profiles(self, cli, small_study):
        text = small_study.read_text(encoding="utf-8")
        small_study.write_text(text.partition("[[profiles]]")[0], encoding="utf-8")
        ended = cli("explain", small_study, "x", "--quiet")
        assert ended.code == 1
        assert ended.err == "Studien har ingen verksamhetstyp att bedöma med.\n"


class TestCheck:
    def test_a_page_to_mail(self, cli, small_folder, tmp_path):
        page = tmp_path / "åt kollegan" / "granskning.html"
        ended = cli("check", small_folder, "--html", page)
        assert (ended.code, "Rapporten som går att mejla" in ended.err + ended.out) == (0, True)
        assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        assert [file.name for file in page.parent.iterdir()] == [page.name]
        assert cli("check", small_folder, "--html", tmp_path).code != 0

    def test_json_and_nothing_else(self, cli, small_folder):
        ended = cli("check", small_folder, "--json")
        assert ended.code == 0, ended.err
        told = json.dumps(json.loads(ended.out))
        assert "fastigheter" in told

    def test_says_what_is_there(self, cli, small_folder):
        ended = cli("check", small_folder)
        assert ended.code == 0, ended.err
        assert "fastigheter" in ended.out

    def test_judges_as_the_study_would(self, cli, small_folder):
        assert "inte användbart" not in cli("check", small_folder).out
        elsewhere = cli("check", small_folder, "--crs", "EPSG:3007").out
        assert "Raster ”hojder” ligger i EPSG:3006 men studien i EPSG:3007" in elsewhere
        wrong = cli("check", small_folder, "--crs", "3006x")
        assert wrong.code == 1
        assert "3006x" in wrong.err

    def test_layers_of_another_crs_are_told_once_with_what_to_run(self, cli, tmp_path):
        folder = tmp_path / "mina lager"
        folder.mkdir()
        for name in ("parcels", "water"):
            place = gpd.GeoDataFrame({"färg": ["röd"]}, geometry=[shapely.box(233e3, 901e3, 234e3, 902e3)], crs=26986)
            pyogrio.write_dataframe(place, folder / "lager.gpkg", layer=name)
        said = cli("check", folder, "--notes").out.splitlines()
        assert said[0] == (
            'Alla 2 lager går att använda i EPSG:26986, och bedöms nedan i det. Skriv crs = "EPSG:26986" under [study] '
            "i studiefilen, om inte landready init --from har gjort det."
        )
        assert len([line for line in said if line.startswith('användbart med crs = "EPSG:26986"')]) == 2
        assert len([line for line in said if "färg" in line]) == 2
        assert not [line for line in said if "(parcels)" in line]

    def test_notes_are_counted_and_shown_when_asked_for(self, cli, small_folder):
        notes = [
            finding["sv"]
            for layer in json.loads(cli("check", small_folder, "--json").out)["layers"]
            for finding in layer["findings"]
            if finding["severity"] == "note"
        ]
        assert notes
        brief, full = cli("check", small_folder).out, cli("check", small_folder, "--notes").out
        assert f"Upplysningar: {len(notes)}." in brief
        assert not [note for note in notes if note in brief]
        assert all(note in full for note in notes)
        assert "Upplysningar:" not in full

    def test_a_folder_that_is_not_there(self, cli, tmp_path):
        ended = cli("check", tmp_path / "ingen")
        assert ended.code == 1
        assert "ingen" in ended.err
        assert not ended.out
