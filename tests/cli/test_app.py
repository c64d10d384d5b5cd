"""The door: help, languages, wrong usage, and nothing heavy before it is needed."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landready import __version__
from landready.cli.app import application, asked_language, hoisted

COMMANDS = ["demo", "init", "check", "run", "explain"]
HEAVY = ["geopandas", "pandas", "numpy", "shapely", "pydantic", "rasterio", "folium", "scipy"]


def test_help_loads_nothing_heavy(process):
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', [name for name in {HEAVY} if name in sys.modules]))\n"
        "from landready.cli.app import main\n"
        "main()"
    )
    ended = process("--help", code=code)
    assert ended.returncode == 0, ended.stderr
    loaded = ended.stdout.partition("LOADED")[2]
    # typer brings pydantic from 0.2x on; it is the geometry stack that costs.
    assert loaded.strip() in {"[]", "['pydantic']"}


@pytest.mark.parametrize("command", [[], ["demo"], ["init"], ["check"], ["run"], ["explain"]])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_help_speaks_the_language(cli, command, language):
    shown = cli(*command, "--help", "--language", language)
    assert shown.code == 0
    assert ("Visa denna hjälp" if language == "sv" else "Show this help") in shown.out
    assert not shown.err


def test_every_command_is_there_and_swedish_is_the_default(cli):
    shown = cli("--help")
    assert all(command in shown.out for command in COMMANDS)
    assert "Kommandon" in shown.out
    assert list(application().commands) == COMMANDS


def test_version(cli):
    shown = cli("--version")
    assert (shown.code, shown.out.strip()) == (0, f"landready {__version__}")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dmeo"],
        ["demo", "--size", "3"],
        ["demo", "--language", "fr"],
        ["run", "study.toml"],
        ["run", "study.toml", "--out"],
        ["run", "study.toml", "--out", "here", "--audience", "alla"],
        ["run", "--out", "here"],
        ["check"],
        ["explain", "study.toml"],
        ["init", "a.toml", "b.toml"],
    ],
)
def test_wrong_usage_is_2(cli, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = cli(*arguments)
    assert ended.code == 2
    assert ended.err or "Usage" in ended.out
    assert "Traceback" not in ended.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "swedish", "english"),
    [
        (["run"], "Argumentet STUDY.toml saknas.", "The argument STUDY.toml is missing."),
        (["check"], "Argumentet folder saknas.", "The argument folder is missing."),
        (["run", "study.toml"], "Valet --out saknas.", "The option --out is missing."),
        (["run", "study.toml", "--out"], "Valet --out behöver ett värde.", "The option --out needs a value."),
        (["init", "--force=3"], "Valet --force tar inget värde.", "The option --force takes no value."),
        (["init", "--forec"], "Valet --forec finns inte. Menades --force?", "There is no option --forec. Was"),
        (["demo", "--size", "3"], "Valet --size finns inte.", "There is no option --size."),
        (["dmeo"], "Kommandot dmeo finns inte. Menades demo?", "There is no command dmeo. Was demo meant?"),
        (["xyzzy"], "Kommandot xyzzy finns inte.\n", "There is no command xyzzy.\n"),
        (["--quiet"], "Ett kommando saknas. Det finns: demo, init,", "A command is missing. There are: demo,"),
        (
            ["run", "study.toml", "--out", "here", "--audience", "alla"],
            "--audience = ”alla” går inte. Välj bland: intern, extern.",
            '--audience = "alla" will not do. Choose from: intern, extern.',
        ),
        (
            ["run", "study.toml", "--out", "here", "--audience", "vi's"],
            "--audience = ”vi's” går inte. Välj bland: intern, extern.",
            '--audience = "vi\'s" will not do.',
        ),
        (["init", "a.toml", "b.toml"], "Det står mer på raden än kommandot tar emot: b.toml.", "There is more"),
    ],
)
def test_wrong_usage_is_told_in_words(cli, arguments, swedish, english):
    told = cli(*arguments)
    assert told.code == 2
    assert told.err.startswith(swedish)
    assert "Så används det: landready" in told.err
    told = cli(*arguments, "--language", "en")
    assert told.code == 2
    assert told.err.startswith(english)
    assert "How to use it: landready" in told.err


def test_a_language_that_is_not_spoken(cli):
    told = cli("demo", "--language", "fr")
    assert told.code == 2
    assert told.err.startswith("--language = ”fr” går inte. Välj bland: sv, en.")


def test_wrong_usage_says_where_help_is(cli):
    assert cli("run").err.endswith("Så används det: landready run --help\n")
    assert cli("dmeo").err.endswith("Så används det: landready --help\n")
    assert cli("run", "study.toml", "--out").err.endswith("Så används det: landready --help\n")


def test_options_for_every_command_may_stand_anywhere(cli, tmp_path):
    before = cli("--language", "en", "init", tmp_path / "a.toml")
    after = cli("init", tmp_path / "b.toml", "--language=en")
    assert before.code == after.code == 0
    assert before.out.startswith("Wrote")
    assert after.out.startswith("Wrote")
    assert not cli("init", tmp_path / "c.toml", "--quiet").out


words = st.sampled_from(["run", "study.toml", "--out", "here", "--quiet", "--debug", "--language=en", "--json", "--"])


@given(st.lists(words))
def test_hoisting_keeps_every_word_and_the_order_of_the_rest(arguments):
    moved = hoisted(arguments)
    assert sorted(moved) == sorted(arguments)
    everywhere = {"--quiet", "--debug", "--language=en"}
    end = arguments.index("--") if "--" in arguments else len(arguments)
    rest = [word for word in arguments[:end] if word not in everywhere] + arguments[end:]
    assert moved[len(moved) - len(rest) :] == rest


def test_language_asked_for():
    assert asked_language([]) is None
    assert asked_language(["--language", "en"]) == "en"
    assert asked_language(["--language=en", "--language", "sv"]) == "sv"
    assert asked_language(["--language"]) is None
    assert asked_language(["--language", "fr"]) is None


def test_a_console_without_swedish_letters(process, tmp_path):
    # A Cyrillic console: it has neither å nor ”.
    ended = process("init", tmp_path / "studie.toml", env={**os.environ, "PYTHONIOENCODING": "iso8859-5"})
    assert ended.returncode == 0
    assert "s?kv?garna" in ended.stdout
    assert not ended.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["init", "study.toml"]])
def test_a_reader_that_leaves_is_no_error(arguments, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "landready", *arguments],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        started.stdout.close()
        said = started.stderr.read()
    assert said == b""
    assert started.returncode in {0, 1}


def test_module_and_script_are_the_same(process):
    assert process("--version").stdout == process("--version", code="from landready.cli.app import main; main()").stdout
