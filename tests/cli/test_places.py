"""Where people keep their files: names with spaces and å, folders that cannot be written in, no home, Windows."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import unicodedata

import geopandas as gpd
import pyogrio
import pytest

from landready.webmap.codec import payload_of

PLACE = "Våra lager 2026/Östra å"
# Root may write anywhere but for this: without it, permissions hold for root as for anyone.
ABOVE_PERMISSIONS = "-dac_override,-dac_read_search"


@pytest.fixture(scope="session")
def through_permissions(tmp_path_factory, cannot_run):
    """Return the program, if any, to start a process through so that it cannot write where permissions forbid it."""
    through = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        if not shutil.which("setpriv"):
            cannot_run("root may write anywhere, and there is no setpriv to take that away")
        through = ["setpriv", f"--bounding-set={ABOVE_PERMISSIONS}", f"--inh-caps={ABOVE_PERMISSIONS}"]
    folder = tmp_path_factory.mktemp("closed")
    folder.chmod(0o555)
    code = f"open({str(folder / 'x')!r}, 'w')"
    tried = subprocess.run([*through, sys.executable, "-c", code], check=False, capture_output=True, text=True)
    if "PermissionError" not in tried.stderr:
        cannot_run(f"nothing here keeps a process from writing where permissions forbid it: {tried.stderr.strip()}")
    return through


@pytest.fixture
def kept_out(process, through_permissions):
    """Return a function that runs a command which cannot write in `folder`; others can again when the test ends."""
    closed = []

    def run(folder, *arguments, **options):
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        closed.append(folder)
        return process(*arguments, through=through_permissions, **options)

    yield run
    for folder in closed:
        folder.chmod(0o755)


@pytest.fixture
def talkative_study(small_study):
    """Return a study of files beside which GDAL, or SQLite, would like to write: GML, and a GeoPackage in WAL mode."""
    folder = small_study.parent
    with contextlib.closing(sqlite3.connect(folder / "lager.gpkg")) as database:
        assert database.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    reserve = gpd.read_file(folder / "lager.gpkg", layer="reservat")
    pyogrio.write_dataframe(reserve, folder / "reservat.gml", driver="GML")
    (folder / "reservat.xsd").unlink(missing_ok=True)
    (folder / "reservat.gfs").unlink(missing_ok=True)
    text = small_study.read_text(encoding="utf-8")
    before = '[layers.reservat]\npath = "lager.gpkg"\nlayer = "reservat"\n'
    assert before in text
    small_study.write_text(text.replace(before, '[layers.reservat]\npath = "reservat.gml"\n'), encoding="utf-8")
    return small_study


def hashes(folder, *, but=()):
    return {
        str(path.relative_to(folder)): path.is_dir() or hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.name not in but
    }


class TestNames:
    @pytest.mark.parametrize("form", ["NFC", "NFD"])  # as Windows and Linux write å, and as a Mac does
    @pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}], ids=["own", "C"])
    def test_spaces_and_swedish_letters(self, process, small_folder, tmp_path, form, locale):
        folder = shutil.copytree(small_folder, tmp_path / unicodedata.normalize(form, PLACE))
        vectors, heights, name = (
            unicodedata.normalize(form, file) for file in ("Lager åäö 1.gpkg", "Höjder 10 m.tif", "Studie för Öst.toml")
        )
        (folder / "lager.gpkg").rename(folder / vectors)
        (folder / "hojder.tif").rename(folder / heights)
        text = (folder / "study.toml").read_text(encoding="utf-8")
        study = folder / name
        study.write_text(text.replace("lager.gpkg", vectors).replace("hojder.tif", heights), encoding="utf-8")
        out = folder / unicodedata.normalize(form, "Resultat för å")
        env = {**os.environ, **locale}

        ended = process("run", study, "--out", out, env=env)
        assert ended.returncode == 0, ended.stderr
        assert f"Kartan: {out}" in ended.stdout
        (database,) = out.glob("*.gpkg")
        assert len(gpd.read_file(database, layer="sites"))

        # Again, from inside the folder: the same files in the same place. The manifest says when.
        first = hashes(out, but=["manifest.json"])
        ended = process("run", study.name, "--out", out.name, "--quiet", cwd=folder, env=env)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
        assert hashes(out, but=["manifest.json"]) == first

        (folder / vectors).unlink()
        ended = process("run", study, "--out", out, "--quiet", env=env)
        assert ended.returncode == 1
        assert vectors in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_check_names_files_as_they_are(self, process, small_folder, tmp_path):
        folder = shutil.copytree(small_folder, tmp_path / PLACE)
        (folder / "lager.gpkg").rename(folder / "Lager åäö 1.gpkg")
        ended = process("check", folder.parent)
        assert (ended.returncode, "\ufffd" in ended.stdout) == (0, False)
        assert "Östra å/Lager åäö 1.gpkg" in ended.stdout.replace(os.sep, "/")


class TestWindows:
    def test_line_ends_mark_and_separators_of_a_study_file(self, cli, small_study, tmp_path):
        folder = small_study.parent
        expected = cli("run", small_study, "--out", tmp_path / "unix", "--json")
        assert expected.code == 0, expected.err
        within = folder / "Våra lager" / "vektor"
        within.mkdir(parents=True)
        (folder / "lager.gpkg").rename(within / "lager.gpkg")
        text = small_study.read_text(encoding="utf-8")
        # Between single quotes a backslash is one, between double quotes two are.
        text = text.replace('path = "lager.gpkg"', r"path = 'Våra lager\vektor\lager.gpkg'", 1)
        text = text.replace('path = "lager.gpkg"', r'path = ".\\Våra lager\\vektor\\lager.gpkg"')
        small_study.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())

        assert cli("run", small_study, "--out", tmp_path / "windows", "--quiet").code == 0
        for file in ("liten-industri-intern.csv", "liten-kontor-intern.csv"):
            assert (tmp_path / "windows" / file).read_bytes() == (tmp_path / "unix" / file).read_bytes()

    def test_text_in_the_study_keeps_no_carriage_return(self, cli, small_study, tmp_path):
        text = small_study.read_text(encoding="utf-8")
        text = text.replace('legal_basis = "MB 7:4"', 'legal_basis = """MB 7:4\n"""')
        small_study.write_bytes(text.replace("\n", "\r\n").encode())
        assert cli("run", small_study, "--out", tmp_path / "ut", "--quiet").code == 0
        (map_,) = (tmp_path / "ut").glob("*.html")
        assert "\\r" not in json.dumps(payload_of(map_.read_text(encoding="utf-8")))

    def test_a_drive_that_is_not_here_is_named(self, cli, small_study, tmp_path):
        text = small_study.read_text(encoding="utf-8")
        small_study.write_text(text.replace('"hojder.tif"', r"'Q:\Höjder\hojder.tif'"), encoding="utf-8")
        ended = cli("run", small_study, "--out", tmp_path / "ut", "--quiet")
        assert ended.code == 1
        assert "hojder.tif" in ended.err


class TestDataAreNotTouched:
    @pytest.mark.parametrize("command", ["run", "check", "explain"])
    def test_nothing_is_left_beside_them(self, cli, talkative_study, tmp_path, command):
        folder = talkative_study.parent
        before = hashes(folder)
        arguments = {
            "run": [talkative_study, "--out", tmp_path / "ut"],
            "check": [folder],
            "explain": [talkative_study, "Exempelby 1:1/1"],
        }
        ended = cli(command, *arguments[command])
        assert ended.code == 0, ended.err
        assert hashes(folder) == before

    def test_a_gfs_file_of_the_user_stays(self, cli, talkative_study):
        theirs = talkative_study.with_name("reservat.gfs")
        pyogrio.list_layers(talkative_study.with_name("reservat.gml"))  # GDAL writes it
        before = theirs.read_bytes()
        assert cli("check", talkative_study.parent).code == 0
        assert theirs.read_bytes() == before

    @pytest.mark.parametrize("command", ["run", "check"])
    def test_a_folder_that_cannot_be_written_in(self, kept_out, talkative_study, tmp_path, command):
        folder = talkative_study.parent
        before = hashes(folder)
        arguments = {"run": [talkative_study, "--out", tmp_path / "ut"], "check": [folder]}
        ended = kept_out(folder, command, *arguments[command], "--quiet")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert hashes(folder) == before
        assert command == "check" or list((tmp_path / "ut").glob("*.html"))

    def test_results_that_cannot_be_written(self, kept_out, small_study):
        folder = small_study.parent
        ended = kept_out(folder, "run", small_study, "--out", folder / "ut", "--quiet")
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(
            f"”{folder / 'ut'}” går inte att skriva: i mappen ”{folder}” får du inte skriva."
        )


class TestHome:
    """That the demo runs without a home is tested in `test_commands.py`."""

    def test_not_said(self, process, homeless, small_study, tmp_path):
        del homeless["HOME"]
        ended = process("run", small_study, "--out", tmp_path / "ut", "--quiet", env=homeless)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")

    def test_cannot_be_written_in(self, kept_out, homeless, small_study, tmp_path):
        home = tmp_path / "hem"
        home.mkdir()
        arguments = ["run", small_study, "--out", tmp_path / "ut", "--quiet"]
        ended = kept_out(home, *arguments, env=homeless | {"HOME": str(home)})
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
