"""Look at every layer of a file or folder, one at a time: what it seems to be, and whether it can be used."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pyproj import CRS

from landready.crs import Bounds, label, parse
from landready.errors import FileError, Finding, LandreadyError
from landready.layers.detaljplan.sniffing import plan_format
from landready.layers.division import division_findings
from landready.layers.extents import Extent, bounds_of
from landready.layers.files import FileLayer, look_into
from landready.layers.packed import is_packed, unpacked
from landready.layers.present import require_file
from landready.layers.rasters import crs_of, raster_crs_findings, raster_findings, read_raster
from landready.layers.reading import read
from landready.layers.recognise import Recognition, guess_role, kind_of
from landready.layers.sorts import files_of, is_one_file, relative_name, sort_of
from landready.layers.tile_folders import raster_sources
from landready.layers.tiles import tiles_of
from landready.model import Layer
from landready.texts import Language, text

Mark = Literal["usable", "findings", "elsewhere", "not_usable"]

_MOST_CELLS = 20_000_000  # a larger raster is only opened: its values would take more memory than a check may


@dataclass(frozen=True, eq=False)
class LayerReport:
    """
    What was found about one layer.

    Parameters
    ----------
    file, layer
        Where it is; the file's path within the folder.
    recognition
        What it seems to be.
    kind
        `"polygon"`, `"line"`, `"point"`, `"mixed"`, `"raster"` or `"unknown"`.
    count
        How many features or cells; -1 if not known.
    crs
        The CRS it was read into, or the file's own where it could not be read.
    bounds
        West, south, east, north in `crs`; None where it could not be read.
    columns
        All columns of the file, read or not.
    findings
        Everything found.
    elsewhere
        Whether it lies where the CRS asked about is not used; all that is told of it is then as in `crs`.
    """

    file: str
    layer: str
    recognition: Recognition
    kind: str
    count: int
    crs: str
    bounds: Bounds | None
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    elsewhere: bool = False

    @property
    def mark(self) -> Mark:
        """
        What it is good for.

        `"not_usable"` if anything found is an error, `"elsewhere"` if it can be used in its own `crs` only,
        `"findings"` if anything is a warning, else `"usable"`.
        """
        severities = {finding.severity for finding in self.findings}
        if "error" in severities:
            return "not_usable"
        if self.elsewhere:
            return "elsewhere"
        return "findings" if "warning" in severities else "usable"

    def mark_in_words(self, language: Language = "sv") -> str:
        """Return the mark as people read it."""
        return text(f"mark.{self.mark}", language, crs=self.crs)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values that JSON can hold."""
        return {
            "file": self.file,
            "layer": self.layer,
            "role": self.recognition.role,
            "certainty": self.recognition.certainty,
            "why": {place: list(words) for place, words in self.recognition.why.items()},
            "kind": self.kind,
            "count": self.count,
            "crs": self.crs,
            "bounds": list(self.bounds) if self.bounds else None,
            "columns": list(self.columns),
            "mark": self.mark,
            "findings": [_finding_as_dict(finding) for finding in self.findings],
        }


def _finding_as_dict(finding: Finding) -> dict[str, str]:
    return {
        "key": finding.key,
        "severity": finding.severity,
        "sv": finding.text("sv"),
        "en": finding.text("en"),
    }


def survey(
    root: Path,
    *,
    roles: Mapping[str, str] | None = None,
    crs: object | None = None,
    known_extent: Extent = None,
    as_of: dt.date | None = None,
) -> Iterator[tuple[LayerReport, Layer | None]]:
    """
    Look at every layer of a file or folder, one at a time.

    Parameters
    ----------
    root
        File or folder.
    roles
        Name of a layer → its role, where the caller knows it.
    crs, known_extent, as_of
        As in `read`.

    Yields
    ------
    LayerReport, Layer or None
        In the order of file names; None for rasters and for what cannot be used.

    Raises
    ------
    FileError
        If there is nothing at `root`.
    """
    if not root.exists():
        require_file(root)
    alone = not root.is_dir() or is_one_file(root)
    vectors = [root] if alone and sort_of(root) != "raster" else _plans_together(files_of(root, "vector"))
    rasters = ([root] if sort_of(root) == "raster" else []) if alone else raster_sources(root)
    options = {"crs": crs, "known_extent": known_extent, "as_of": as_of}
    for file in vectors:
        yield from _survey_vector(file, root, roles or {}, options)
    for file in rasters:
        yield _survey_raster(file, root, crs), None


def _plans_together(files: list[Path]) -> list[Path]:
    """Put the folder that holds them all in the place of several plan files: together they are two layers."""
    plans = [file for file in files if plan_format(file)]
    if len(plans) < 2:
        return files
    folder = Path(os.path.commonpath([file.parent for file in plans]))
    others = [file for file in files if file not in set(plans)]
    return sorted([*others, folder], key=lambda file: file.as_posix())


def _survey_vector(
    file: Path, root: Path, roles: Mapping[str, str], options: Mapping[str, Any]
) -> Iterator[tuple[LayerReport, Layer | None]]:
    name = relative_name(file, root)
    if is_packed(file):
        yield from _survey_packed(file, name, roles, options)
        return
    try:
        require_file(file)
        contents = look_into(file)
        if not contents.names:
            raise FileError(Finding("layer_none", {"file": file.name, "layers": "–"}))
    except LandreadyError as error:
        yield _unreadable(name, file.stem, error.findings), None
        return
    for title in contents.delivered:
        try:
            opened = contents.describe(title)
        except LandreadyError as error:
            yield _unreadable(name, title, error.findings), None
            continue
        report, layer = _inspect(opened, name, roles.get(title), options, whole=contents.whole_of(title))
        nothing = opened.made is not None and {finding.key for finding in report.findings} == {"no_rows"}
        if not nothing:  # what could have been made of the file but is not in it, nobody has delivered
            yield report, layer


def _survey_packed(
    file: Path, name: str, roles: Mapping[str, str], options: Mapping[str, Any]
) -> Iterator[tuple[LayerReport, Layer | None]]:
    """Look at the layers of a zip file; each is told as one of the zip, which is what `read` takes."""
    try:
        with unpacked(file) as folder:
            for inner in _plans_together(files_of(folder, "vector")):
                for report, layer in _survey_vector(inner, folder, roles, options):
                    yield replace(report, file=name), None if layer is None else replace(layer, source=file.name)
    except LandreadyError as error:
        yield _unreadable(name, file.stem, error.findings), None


def _unreadable(file: str, layer: str, findings: tuple[Finding, ...]) -> LayerReport:
    return LayerReport(file, layer, Recognition("other", "none"), "unknown", -1, "–", None, (), findings)


def _inspect(
    opened: FileLayer, file: str, role: str | None, options: Mapping[str, Any], *, whole: str | None
) -> tuple[LayerReport, Layer | None]:
    """Read a layer with the role it seems to have; if it is of the wrong kind for that, with none in particular."""
    guess = guess_role(layer=opened.title, file=opened.path.stem, columns=opened.readable, kind=opened.kind)
    if whole is not None:
        guess = Recognition("other", "sure", {"part": (whole,)})
    guess = guess if role is None else Recognition(role, "given")
    layer, findings = _try(opened, guess.role, options)
    if layer is None and role is None and {finding.key for finding in findings} == {"geometry_kind"}:
        guess = Recognition("other", "none")
        layer, findings = _try(opened, guess.role, options)
    if layer is not None and guess.role == "parcels":
        nameless = any(finding.key == "ids_assigned" for finding in findings)
        divided = division_findings(layer.frame, layer=layer.name)
        findings += tuple(_of_rows(finding) if nameless else finding for finding in divided)
    report = LayerReport(
        file=file,
        layer=opened.title,
        recognition=guess,
        kind=kind_of(opened.kind) if layer is None else _kind(layer),
        count=opened.count if layer is None or opened.count >= 0 else len(layer.frame),
        crs=opened.crs if layer is None else label(layer.crs),
        bounds=None if layer is None else bounds_of(layer.frame),
        columns=opened.columns,
        findings=findings,
    )
    return report, layer


def _of_rows(finding: Finding) -> Finding:
    """Return what is told of parcels as told of rows: which of them are one parcel is not known without a name."""
    return replace(finding, key="rows_overlap") if finding.key == "parcels_overlap" else finding


def _try(opened: FileLayer, role: str, options: Mapping[str, Any]) -> tuple[Layer | None, tuple[Finding, ...]]:
    try:
        layer = read(opened.path, role=role, layer=opened.layer, **options)
    except LandreadyError as error:
        return None, error.findings
    return layer, layer.findings


def _kind(layer: Layer) -> str:
    kinds = Counter(kind_of(str(name)) for name in layer.frame.geometry.geom_type.unique())
    return next(iter(kinds)) if len(kinds) == 1 else "mixed"


def _survey_raster(path: Path, root: Path, wanted: object | None) -> LayerReport:
    """Look at a raster, a file or a folder of tiles."""
    name = relative_name(path, root)
    tiles = tiles_of(path) if path.is_dir() else [path]
    guess = guess_role(layer=path.stem, file=tiles[0].stem, columns=(), kind="raster")
    guess = Recognition("grid", "none") if guess.role == "other" else guess
    try:
        headers = [_header(tile) for tile in tiles]
        cells = sum(header.cells for header in headers)
        west, south, east, north = np.array([header.bounds for header in headers]).T
        box = (float(west.min()), float(south.min()), float(east.max()), float(north.max()))
        crs = headers[0].crs
        findings = [Finding("raster_tiles", {"layer": path.stem, "count": len(tiles)}, "note")] if path.is_dir() else []
        findings += _raster_notes(path, cells)
        if crs is not None:
            asked = None if wanted is None else parse(wanted)
            findings += raster_crs_findings(crs, box, layer=path.stem, wanted=asked)
    except LandreadyError as error:
        return LayerReport(name, path.stem, guess, "raster", -1, "–", None, (), error.findings)
    return LayerReport(name, path.stem, guess, "raster", cells, label(crs), box, (), tuple(findings))


@dataclass(frozen=True)
class _Header:
    """What a raster file says of itself."""

    cells: int
    bounds: Bounds
    crs: CRS | None


def _header(file: Path) -> _Header:
    import rasterio

    require_file(file)
    try:
        with rasterio.open(file) as dataset:
            west, south, east, north = map(float, dataset.bounds)
            crs = crs_of(dataset.crs) if dataset.crs else None
            return _Header(dataset.width * dataset.height, (west, south, east, north), crs)
    except (rasterio.errors.RasterioError, ValueError) as error:
        why = str(error).replace(str(file), file.name)
        raise FileError(Finding("file_unreadable", {"file": file.name, "why": why})) from error


def _raster_notes(path: Path, cells: int) -> list[Finding]:
    if cells > _MOST_CELLS:
        return [Finding("raster_not_read", {"layer": path.stem, "cells": cells}, "warning")]
    raster = read_raster(path)
    empty = float(np.isnan(raster.values).mean()) if cells else float("nan")
    share = Finding("raster_nodata_share", {"layer": path.stem, "percent": 100 * empty}, "note")
    return [*raster_findings(path), *([] if empty == 1 else [share])]
