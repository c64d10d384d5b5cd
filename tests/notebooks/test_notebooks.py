"""The notebooks run from top to bottom without a network, hold no outputs, and match their text twins."""

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def cells(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a notebook in a folder of its own and returns it with its outputs."""
    # Whatever would reach out for the network ends at a port where nobody listens.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)
    folder = tmp_path / "anteckningar med åäö"
    folder.mkdir()

    def whole(name):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder)
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        ).execute()
        return notebook, tmp_path

    return whole


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_notebooks():
    assert "1_fran_lager_till_kortlista" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_outputs_are_kept_and_the_text_twin_is_in_step(name):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert not outputs(notebook)
    assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert cells(jupytext.read(NOTEBOOKS / f"{name}.py")) == cells(notebook)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", NAMES)
def test_runs_from_top_to_bottom(name, run):
    notebook, folder = run(name)
    assert not [output for output in outputs(notebook) if output.output_type == "error"]
    if name.startswith("1_"):
        shown = [output.data.get("text/html", "") for output in outputs(notebook) if "data" in output]
        assert any("landready.start" in html for html in shown), "no map in a cell"
        saved = (folder / "maps" / "karta-till-motet.html").read_text(encoding="utf-8")
        assert "Modellerade exempeldata" in saved
