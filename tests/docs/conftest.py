"""The documentation's own modules, and a folder of layers that the study file of `landready init` fits."""

import importlib
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from landready.cli import commands

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="session")
def tables():
    """Return the module `docs/tables.py`."""
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module("tables")
    sys.path.remove(str(DOCS))


@pytest.fixture(scope="session")
def study_keys(tables):
    """Return the module `docs/study_keys.py`."""
    return importlib.import_module("study_keys")


@pytest.fixture(scope="session")
def template():
    """Return the text that `landready init` writes."""
    return Path(commands.__file__).with_name("study.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory):
    """Return a folder with every layer that the study file of `landready init` names, with its files' own columns."""
    folder = tmp_path_factory.mktemp("egen studie")
    west, south = 340_000, 6_408_000
    square = shapely.box(west, south, west + 1000, south + 1000)
    quarters = [shapely.box(west + x, south + y, west + x + 500, south + y + 500) for x in (0, 500) for y in (0, 500)]
    road = shapely.LineString([(west, south + 480), (west + 1000, south + 480)])
    layers = {
        "kommun": ([square], {"kommunkod": ["1441"], "kommunnamn": ["Exempelby"]}),
        "fastigheter": (quarters, {"fastighetsbeteckning": [f"Exempelby 1:{n}" for n in range(1, 5)]}),
        "detaljplaner": (
            [quarters[0]],
            {"plannummer": ["P1"], "status": ["samrad"], "anvandning": ["J"]},
        ),
        "byggnader": ([shapely.Point(west + 250, south + 250).buffer(5)], {"andamal": ["dwelling"]}),
        "vagar": ([road], {"vagnummer": ["E20"], "hastighet": [80], "enkelriktad": [False]}),
        "jarnvag": ([shapely.affinity.translate(road, 0, 300)], {}),
        "stationer": ([shapely.Point(west + 900, south + 780)], {"namn": ["Exempelby"]}),
        "naturreservat": ([shapely.Point(west, south + 1000).buffer(100)], {}),
        "vatten": ([shapely.Point(west + 1000, south).buffer(100)], {}),
        "oversvamning": ([shapely.Point(west + 1000, south).buffer(120)], {"aterkomsttid": [100]}),
        "fornlamningar": ([shapely.Point(west + 100, south + 900)], {}),
        "parker": ([shapely.Point(west + 600, south + 100).buffer(40)], {"skotsel": ["äng"]}),
    }
    files = {"oversvamning": "risker"}
    for name, (shapes, columns) in layers.items():
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:3006").to_file(
            folder / f"{files.get(name, name)}.gpkg", layer=name
        )
    return folder
