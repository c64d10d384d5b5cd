"""The door to plan files: the layers they hold, and the features of one of them."""

import datetime as dt
from pathlib import Path

import geopandas as gpd

from landready.errors import FileError, Finding
from landready.layers.detaljplan.frames import frames
from landready.layers.detaljplan.layers import PLAN_LAYERS
from landready.layers.detaljplan.ngp import read_ngp
from landready.layers.detaljplan.problems import PLANS, PROVISIONS, Part, Problems
from landready.layers.detaljplan.records import Records
from landready.layers.detaljplan.sniffing import plan_files, plan_format
from landready.layers.detaljplan.ss637040 import read_ss637040
from landready.layers.detaljplan.versions import newest
from landready.layers.notes import Notes
from landready.model import Ledger


def load_plans(path: Path, layer: str, *, as_of: dt.date | None = None) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Read one of the two layers of a plan file, or of all plan files in a folder.

    Parameters
    ----------
    path
        The file or folder.
    layer
        A value of `PLAN_LAYERS`.
    as_of
        The day by which genomförandetid is judged to be over; None judges nothing.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        In EPSG:3006, sorted by id and numbered from 0.

    Raises
    ------
    FileError
        If a single file cannot be read. Of a folder, a file that cannot be read is told and left out.
    """
    problems, lost = Problems(), Notes()
    records = Records()
    for file in plan_files(path):
        label = file.relative_to(path).as_posix() if path.is_dir() else file.name
        try:
            records += _read(file, problems, label)
        except FileError as error:
            if not path.is_dir():
                raise
            warnings = tuple(Finding(finding.key, finding.values, "warning") for finding in error.findings)
            lost += Notes(warnings, Ledger.entry("read", layer, "plan_file_unreadable", ids=[label]))
    part: Part = PLANS if layer == PLAN_LAYERS[PLANS] else PROVISIONS
    plans, provisions = frames(newest(records, problems, as_of=as_of), problems, as_of=as_of)
    return plans if part == PLANS else provisions, lost + problems.notes(part, layer=layer)


def _read(file: Path, problems: Problems, label: str) -> Records:
    reader = read_ngp if plan_format(file) == "ngp" else read_ss637040
    return reader(file, problems, label=label)
