"""Read every layer that a study names, and say everything that is wrong with them at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from landready.criteria.cover import cover_findings
from landready.criteria.terrain import zonal
from landready.crs import parse
from landready.errors import Finding, LandreadyError, rows_of, some
from landready.layers.adapter import as_layer
from landready.layers.extents import bounds_of
from landready.layers.neighbours import boxes_of, told_nearby
from landready.layers.rasters import height_findings, raster_crs_findings, raster_findings, read_raster
from landready.layers.reading import read
from landready.model import Layer, Ledger, Progress, Raster
from landready.rules import roles
from landready.spec import LayerSpec, OwnerTable, StudySpec

# Outlines say where something is, and evidence where somebody has answered; nobody asks them where nothing was found.
_OUTLINES = {"parcels", "area", "municipality", "evidence"}

_PARCELS_AND_AREA = 2


@dataclass(frozen=True, eq=False)
class Inputs:
    """
    The layers and rasters of a study, by their name in the study file.

    Parameters
    ----------
    layers, rasters
        What was read.
    findings
        What reading found.
    """

    layers: Mapping[str, Layer]
    rasters: Mapping[str, Raster]
    findings: tuple[Finding, ...]

    def with_role(self, role: str) -> list[Layer]:
        """Return all layers that have a role, in the study's order."""
        return [layer for layer in self.layers.values() if layer.role == role]


def read_inputs(spec: StudySpec, folder: Path, *, progress: Progress) -> tuple[Inputs, list[Finding]]:
    """
    Read all layers of a study that can be read.

    Parameters
    ----------
    spec
        The study.
    folder
        Where its paths start.
    progress
        Told after every layer.

    Returns
    -------
    Inputs, list of Finding
        And everything that is wrong with any of the files, each with its place in the study file.
    """
    layers: dict[str, Layer] = {}
    rasters: dict[str, Raster] = {}
    problems = _missing_files(spec, folder)
    found: list[Finding] = []
    # Rasters last, for they are read where the study looks.
    entries = sorted(spec.layers.items(), key=lambda item: _is_raster(item[1]))
    for position, (name, entry) in enumerate(entries):
        progress("read", position, len(entries))
        if not (folder / entry.path).exists():
            continue
        try:
            if _is_raster(entry):
                rasters[name] = _read_grid(name, entry, folder, _window(spec, layers))
                found += raster_findings(rasters[name])
                found += height_findings(rasters[name]) if entry.role == "heights" else []
                found += cover_findings(rasters[name]) if entry.role == "land_cover" else []
                problems += [finding.at(f"[layers.{name}]") for finding in _raster_problems(rasters[name], spec)]
            elif entry.nodata is not None:
                problems.append(Finding("layer_nodata_vector", {}).at(f"[layers.{name}]"))
            else:
                layers[name] = as_layer(_read_layer(name, entry, folder, spec), name=name)
                found += layers[name].findings
        except LandreadyError as error:
            problems += [finding.at(f"[layers.{name}]") for finding in error.findings]
    progress("read", len(spec.layers), len(spec.layers))
    boxes = boxes_of([(bounds_of(layer.frame), layer.crs) for layer in layers.values() if layer.crs is not None])
    return Inputs(layers, rasters, tuple(found)), [*problems, *told_nearby(problems, boxes)]


def with_extents(inputs: Inputs, spec: StudySpec, area: BaseGeometry) -> Inputs:
    """
    Give each layer the known extent that the study declares.

    Parameters
    ----------
    inputs
        The layers, each with the box round its features as its extent.
    spec
        The study.
    area
        The study area; `"area"` reaches `margin_m` beyond it.

    Returns
    -------
    Inputs
        With a finding for every layer whose extent does not cover the area.
    """
    vouched = area.buffer(spec.area.margin_m)
    layers: dict[str, Layer] = {}
    found = list(inputs.findings)
    for name, layer in inputs.layers.items():
        declared = spec.known_extent_of(name)
        extent: BaseGeometry | None
        if declared == "area":
            extent = vouched
        elif declared == "bounds":
            extent = layer.known_extent
        else:
            extent = inputs.layers[declared].frame.union_all()
        layers[name] = replace(layer, known_extent=extent)
        if layer.role not in _OUTLINES:
            found += _extent_findings(layers[name], declared, area)
    for raster in inputs.rasters.values():
        found += _raster_findings(raster, area, spec.study.crs)
    return replace(inputs, layers=layers, findings=tuple(found))


def with_valid_evidence(inputs: Inputs, spec: StudySpec) -> Inputs:
    """
    Leave out the evidence that is no longer valid on the day that the study describes.

    Parameters
    ----------
    inputs
        The layers.
    spec
        The study.

    Returns
    -------
    Inputs
        With what was left out in the ledgers of the layers of evidence, and a finding for each. Evidence without
        `valid_until` is valid.
    """
    layers: dict[str, Layer] = dict(inputs.layers)
    found = list(inputs.findings)
    for layer in inputs.with_role("evidence"):
        if "valid_until" not in layer.frame.columns:
            continue
        ends = pd.to_datetime(layer.frame["valid_until"], errors="coerce", format="ISO8601")
        over = (ends < pd.Timestamp(spec.study.date)).to_numpy()
        if over.any():
            ids = layer.frame.index[over]
            ledger = Ledger.entry("measure", layer.name, "evidence_expired", ids=list(ids))
            layers[layer.name] = layer.with_frame(layer.frame[~over], ledger)
            values = {"layer": layer.name, "count": len(ids), "rows": rows_of(ids), "date": str(spec.study.date)}
            found.append(Finding("evidence_expired", values, "warning"))
    return replace(inputs, layers=layers, findings=tuple(found))


def _extent_findings(layer: Layer, declared: str, area: BaseGeometry) -> list[Finding]:
    extent = layer.known_extent
    mapped = 1.0 if extent is None else extent.intersection(area).area / area.area
    if mapped > 1 - 1e-6:
        return []
    key = "extent_assumed_part" if declared == "bounds" else "extent_part"
    return [Finding(key, {"layer": layer.name, "percent": mapped * 100}, "warning")]


def _raster_findings(raster: Raster, area: BaseGeometry, crs: str) -> list[Finding]:
    """Return a finding if the raster has no values in part of the area."""
    missing = float(zonal(gpd.GeoDataFrame(geometry=[area], crs=crs), raster)["nodata_share"].iloc[0])
    if missing < 1e-6:
        return []
    return [Finding("raster_part_here", {"layer": raster.name, "percent": (1 - missing) * 100}, "warning")]


def _is_raster(entry: LayerSpec) -> bool:
    return entry.role is not None and "raster" in getattr(roles().get(entry.role), "kinds", ())


def _window(spec: StudySpec, layers: Mapping[str, Layer]) -> tuple[float, float, float, float] | None:
    """Return the box round parcels and area with its margin, outside which no cell is asked for; None if unknown."""
    looked = [layer for name, layer in layers.items() if name == spec.area.layer or layer.role == "parcels"]
    if spec.area.layer not in layers or len(looked) < _PARCELS_AND_AREA:
        return None
    west, south, east, north = shapely.total_bounds([shapely.box(*layer.frame.total_bounds) for layer in looked])
    margin = spec.area.margin_m
    return west - margin, south - margin, east + margin, north + margin


def _read_grid(name: str, entry: LayerSpec, folder: Path, bounds: tuple[float, float, float, float] | None) -> Raster:
    return read_raster(
        folder / entry.path,
        name=name,
        source=entry.source,
        date=entry.date.isoformat() if entry.date else None,
        modelled=entry.modelled,
        source_crs=entry.source_crs,
        nodata=entry.nodata,
        bounds=bounds,
    )


def _raster_problems(raster: Raster, spec: StudySpec) -> list[Finding]:
    assert raster.crs is not None  # read_raster has seen to it
    return raster_crs_findings(raster.crs, raster.bounds, layer=raster.name, wanted=parse(spec.study.crs))


def _read_layer(name: str, entry: LayerSpec, folder: Path, spec: StudySpec) -> Layer:
    return read(
        folder / entry.path,
        name=name,
        role=entry.role,
        layer=entry.layer,
        columns=entry.columns,
        keep=entry.keep,
        id=entry.id,
        where=entry.where,
        crs=spec.study.crs,
        source_crs=entry.source_crs,
        known_extent="bounds",
        duplicates=entry.duplicates,
        owners=_owners_of(entry, folder),
        date=entry.date.isoformat() if entry.date else None,
        source=entry.source,
        modelled=entry.modelled,
        as_of=spec.study.date,
    )


def _owners_of(entry: LayerSpec, folder: Path) -> OwnerTable | None:
    """Return the table of owners with its way from here; None where there is none or it is told to be missing."""
    if entry.owners is None or not (folder / entry.owners.path).exists():
        return None
    return entry.owners.model_copy(update={"path": str(folder / entry.owners.path)})


def _missing_files(spec: StudySpec, folder: Path) -> list[Finding]:
    """Return a finding for every file that is not there, with all its places in the study file."""
    places: dict[str, list[str]] = {}
    for name, entry in spec.layers.items():
        if not (folder / entry.path).exists():
            places.setdefault(entry.path, []).append(f"[layers.{name}]")
        if entry.owners is not None and not (folder / entry.owners.path).exists():
            places.setdefault(entry.owners.path, []).append(f"[layers.{name}.owners]")
    return [Finding("file_not_there", {"path": path}).at(some(named)) for path, named in sorted(places.items())]
