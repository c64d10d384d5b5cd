"""A run that is stopped, at any point: earlier results stay as they were, and Ctrl-C says so."""

import hashlib
import os
import signal

import pytest

pytestmark = pytest.mark.once

# Runs the command line, and sends the process a signal when it calls the function named first.
STOPPED = """
import importlib, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is started deaf to Ctrl-C
place, number = sys.argv[1], int(sys.argv[2])
module, name = place.rsplit(".", 1)
home = importlib.import_module(module)
original = getattr(home, name)
def stopped(*arguments, **options):
    os.kill(os.getpid(), number)
    return original(*arguments, **options)
setattr(home, name, stopped)
sys.argv[1:] = sys.argv[3:]
from landready.cli.app import main
main()
"""

PLACES = [
    "landready.pipeline.study.measure",
    "landready.pipeline.assessment.write_geopackage",
    "landready.pipeline.assessment.write_csv",
]


def contents(folder):
    return {
        # Of whole files a failing test would show every difference, for a quarter of an hour.
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    }


@pytest.fixture
def earlier(cli, small_study, tmp_path):
    """Return a folder with the results of an earlier run and a file of the user's, and a study that has changed."""
    out = tmp_path / "ut"
    assert cli("run", small_study, "--out", out, "--quiet").code == 0
    (out / "anteckningar.txt").write_text("mina", encoding="utf-8")
    text = small_study.read_text(encoding="utf-8")
    small_study.write_text(text.replace("Liten studie", "Ändrad studie"), encoding="utf-8")
    return out


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_leaves_earlier_results(process, small_study, earlier, place, number):
    before = contents(earlier)
    ended = process(place, int(number), "run", small_study, "--out", earlier, code=STOPPED)
    assert contents(earlier) == before
    if number == signal.SIGINT:
        assert ended.returncode == 130
        assert ended.stderr.endswith("Avbrutet – tidigare resultat är orörda.\n")
        assert "Traceback" not in ended.stderr
        assert not ended.stdout
        assert not list(earlier.glob(".*"))
    else:
        assert ended.returncode == -number


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_the_next_run_clears_up_after_a_killed_one(process, cli, small_study, earlier):
    process(PLACES[-1], int(signal.SIGKILL), "run", small_study, "--out", earlier, code=STOPPED)
    assert list(earlier.glob(".*"))
    assert cli("run", small_study, "--out", earlier, "--quiet").code == 0
    assert not list(earlier.glob(".*"))
    assert (earlier / "anteckningar.txt").read_text(encoding="utf-8") == "mina"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_interrupted_before_the_command_starts(process, small_study, tmp_path, language):
    place = "landready.cli.app.application"
    ended = process(
        place, int(signal.SIGINT), "run", small_study, "--out", tmp_path, "--language", language, code=STOPPED
    )
    assert ended.returncode == 130
    assert (
        ended.stderr
        == {
            "sv": "Avbrutet – tidigare resultat är orörda.\n",
            "en": "Interrupted – earlier results are untouched.\n",
        }[language]
    )
