"""The notebooks run from top to bottom without a network, hold no outputs, and match their text twins."""

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

import landready
from landready.webmap.codec import payload_of

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
WATERMARK = "Modellerade exempeldata – inte verkliga planer eller fastigheter"


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
        for file in (f"{name}.ipynb", "hjalp.py"):
            shutil.copy(NOTEBOOKS / file, folder)
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        ).execute()
        return notebook, tmp_path

    return whole


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def printed(notebook):
    return "".join(output.text for output in outputs(notebook) if output.output_type == "stream")


def shows_a_map(notebook):
    shown = [output.data.get("text/html", "") for output in outputs(notebook) if "data" in output]
    return any("landready.start" in html for html in shown)


def from_layers_to_a_shortlist(notebook, folder):
    assert shows_a_map(notebook)
    saved = (folder / "maps" / "karta-till-motet.html").read_text(encoding="utf-8")
    assert WATERMARK in payload_of(saved)["watermark"]


def own_layers(notebook, folder):
    said = printed(notebook)
    for finding in (
        "delar 1 id (MODELL-P057)",
        "ingen kolumn ger parcel_id",
        "”naturreservat” saknar koordinatsystem",
        "1 av 25 objekt saknar geometri",
        "2 av 24 geometrier var ogiltiga och reparerades",
        "saknar kolumnen ”FASTIGHETSBETECKNING”. Närmast är ”FASTIGHET”",
        "6 av 1\u00a0325 rader delar 3 id",
        "texten är läst som CP1252",
        "omprojicerat från EPSG:3007 till EPSG:3006",
        "”skred” är kartlagt i ",
    ):
        assert finding in said
    assert WATERMARK in said
    assert shows_a_map(notebook)
    practice = folder / "maps" / "övning"
    assert WATERMARK in payload_of((practice / "karta över Floda.html").read_text(encoding="utf-8"))["watermark"]

    told, claimed = (landready.Study.from_toml(practice / name).run() for name in ("study.toml", "study-prov.toml"))
    assert all(layer.modelled for layer in told.inputs.layers.values())
    assert told.scorecards["lager"].frame["ranked"].any()
    # What nobody mapped is free only to those who claim that somebody did.
    told, claimed = told.land_totals(), claimed.land_totals()
    assert told["unmapped"] > 100
    assert claimed["unmapped"] == pytest.approx(0, abs=1e-6)
    assert claimed["free"] == pytest.approx(told["free"] + told["unmapped"])


def how_firm(notebook, _folder):
    said = printed(notebook)
    assert "bland de tre bästa i" in said
    assert "10\u00a0000 viktningar prövade" in said
    assert "ta reda på avstånd till station med ledig effekt" in said
    assert [output for output in outputs(notebook) if "image/png" in output.get("data", {})]
    assert any(WATERMARK in cell.source for cell in notebook.cells)


CHECKS = {
    "1_fran_lager_till_kortlista": from_layers_to_a_shortlist,
    "2_egna_lager": own_layers,
    "4_hur_saker_ar_rangordningen": how_firm,
}


def test_the_second_notebook_is_short():
    notebook = nbformat.read(NOTEBOOKS / "2_egna_lager.ipynb", as_version=4)
    assert len(notebook.cells) <= 24
    assert all(cell.source.count("\n") < 25 for cell in notebook.cells if cell.cell_type == "code")


def test_there_are_notebooks():
    assert set(CHECKS) <= set(NAMES)


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
    if name in CHECKS:
        CHECKS[name](notebook, folder)
