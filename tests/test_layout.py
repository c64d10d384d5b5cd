"""The shape of the project: layering, the lazy root, docstrings, and a README that tells the truth."""

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports
from numpydoc.validate import validate

import landready
from landready.cli.app import application

ROOT = Path(__file__).resolve().parents[1]
OURS = [".ci", "data", "docs", "landready", "notebooks", "tests"]

# numpydoc's checks that the house style keeps: a docstring with a summary that ends, parameters that are those of
# the signature and in its order, and what comes back.
CHECKS = {"GL08", "SS01", "SS03", "PR01", "PR02", "PR03", "RT01"}
SHORT_CHECKS = {"GL08", "SS01", "SS03", "PR02", "PR03"}


def our_files():
    folders = [file for name in OURS for file in (ROOT / name).rglob("*") if file.is_file()]
    # In a worktree `.git` is a file, which holds a path of the machine.
    files = [*folders, *(file for file in ROOT.iterdir() if file.is_file() and file.name != ".git")]
    return [file for file in files if file.suffix in {".py", ".toml", ".md", ".rst", ".sh", ".txt", ""}]


def faults(thing, checks):
    """Return what numpydoc has against a docstring."""
    place = f"{thing.__module__}.{thing.__qualname__}"
    return [(place, *error) for error in validate(place)["errors"] if error[0] in checks]


def readme_blocks(language):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_imports_point_only_downwards(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_the_root_is_lazy():
    heavy = ["geopandas", "pandas", "numpy", "shapely", "pydantic", "typer"]
    code = f"import sys, landready; print([name for name in {heavy} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize("name", landready.__all__)
def test_every_public_name_is_there(name):
    assert getattr(landready, name) is not None
    assert name in dir(landready)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="clasify_land"):
        _ = landready.clasify_land


@pytest.mark.parametrize("name", landready.__all__)
def test_public_docstrings(name):
    thing = getattr(landready, name)
    if not inspect.isclass(thing) and not inspect.isroutine(thing):
        return
    error = inspect.isclass(thing) and issubclass(thing, Exception)  # documented at their base
    assert not faults(thing, SHORT_CHECKS if error else CHECKS)
    if inspect.isclass(thing) and not error:
        methods = [getattr(thing, method) for method in vars(thing) if not method.startswith("_")]
        # A method that one line says all about need not list its parameters.
        assert not [fault for method in methods if inspect.isroutine(method) for fault in faults(method, SHORT_CHECKS)]


def test_no_machine_paths_and_no_registry_addresses():
    forbidden = re.compile(r"pypi\.org|pythonhosted\.org|index-url|find-links|(?<![\w.])/(root|work|home)/")
    found = {
        f"{file.relative_to(ROOT)}:{number}": line.strip()
        for file in our_files()
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if forbidden.search(line)
    }
    assert not found


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-lowest.txt"])
def test_constraints_are_names_and_versions_only(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in pins)
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert {re.sub(r"[-_.]+", "-", re.split(r"[>=<\[; ]", one)[0]).lower() for one in needed} <= pinned


def test_the_lowest_constraints_are_the_versions_declared():
    core = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").split("\n\n")[0].splitlines()[1:]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert core == [one.replace(">=", "==") for one in project["dependencies"]]


def test_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == landready.__version__
    assert f"[{landready.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_ci_runs_the_command_of_the_readme():
    assert "bash tests/run.sh\n" in readme_blocks("sh")
    assert "tests/run.sh" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_commands_of_the_readme_exist():
    commands = application().commands
    lines = [line for block in readme_blocks("sh") for line in block.splitlines()]
    used = [match.groups() for line in lines if (match := re.search(r"\blandready (\w+)(.*)", line))]
    assert {name for name, _ in used} == set(commands)
    for name, rest in used:
        known = {option for param in commands[name].params for option in param.opts} | {"--language", "--quiet"}
        assert set(re.findall(r"--[a-z]+", rest)) <= known


def test_verbs_of_the_readme_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\blandready\.(\w+)\(", text)) | set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert named <= {*landready.__all__, *application().commands}


def test_examples_of_the_readme_run(tmp_path, monkeypatch, small_study):
    # The demo's test runs the shipped study; here a small one stands in for it.
    monkeypatch.setattr(landready, "example_study", lambda: small_study)
    monkeypatch.chdir(tmp_path)
    blocks = readme_blocks("python")
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
