"""Read all vector layers of a folder at once."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from landready.crs import parse
from landready.errors import Finding, argument_findings, as_path, name_table_findings, refuse
from landready.layers.extents import Extent, extent_findings
from landready.layers.notes import Notes
from landready.layers.quality import QualityReport, report_of
from landready.layers.survey import survey
from landready.model import Layer
from landready.spec import nearest_name


@dataclass(frozen=True, eq=False)
class Folder(Mapping[str, Layer]):
    """
    The layers of a folder by name, and the report on all that was found in it.

    Parameters
    ----------
    layers
        Layers that can be used.
    report
        One line for every layer and raster, also those that cannot be used.
    """

    layers: Mapping[str, Layer]
    report: QualityReport

    def __getitem__(self, name: str) -> Layer:
        return self.layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


def read_folder(
    folder: str | os.PathLike[str],
    *,
    roles: Mapping[str, str] | None = None,
    crs: object | None = None,
    known_extent: Extent = None,
    as_of: dt.date | None = None,
) -> Folder:
    """
    Read every vector layer of a folder, each with the role it seems to have.

    Parameters
    ----------
    folder
        Searched with all folders in it. (A single file will do.)
    roles
        Name of a layer in its file → its role, where the guess would be wrong.
    crs
        The CRS of all layers; None keeps their own, as in `read`.
    known_extent
        Where all of them were mapped, as in `read`.
    as_of
        The day by which plan files are judged, as in `read`.

    Returns
    -------
    Folder
        A mapping from layer name to `Layer`; where two files hold a layer of the same name, the later ones are
        called `name (file)`. Layers that nothing recognises have the role `other`; those that cannot be used
        are only in `.report`.

    Raises
    ------
    FileError
        If there is nothing at `folder`.
    InputError
        If `roles` names a layer that is not there, or a role that does not exist.
    CrsError
        If `crs` is no CRS.
    """
    root = as_path(folder, name="folder")
    refuse(
        [
            *name_table_findings(roles, name="roles"),
            *extent_findings(known_extent),
            *argument_findings(as_of, (dt.date, type(None)), name="as_of", wanted="date, None"),
        ]
    )
    if crs is not None:
        parse(crs)  # what is no CRS is wrong with the question, not with each of the layers
    wanted = roles or {}
    layers: dict[str, Layer] = {}
    reports = []
    for report, layer in survey(root, roles=wanted, crs=crs, known_extent=known_extent, as_of=as_of):
        reports.append(report)
        if layer is not None:
            layers[layer.name if layer.name not in layers else f"{layer.name} ({report.file})"] = layer
    _require_known(wanted, [report.layer for report in reports])
    return Folder(layers, report_of(root, tuple(reports)))


def _require_known(wanted: Mapping[str, str], there: Sequence[str]) -> None:
    listed = ", ".join(there) or "–"
    problems = [
        Finding("roles_no_layer", {"layer": name, "nearest": nearest_name(name, there), "layers": listed})
        for name in wanted
        if name not in there
    ]
    Notes(tuple(problems)).raise_errors()
