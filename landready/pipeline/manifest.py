"""What a result was made of: inputs with their hashes, rules, versions, and the files written."""

import datetime as dt
import hashlib
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from landready import __version__
from landready.crs import label
from landready.layers.detaljplan.sniffing import plan_files
from landready.pipeline.inputs import Inputs
from landready.pipeline.outputs import sha256
from landready.pipeline.restrictions import rules_of
from landready.spec import LayerSpec, StudySpec

_LIBRARIES = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "rasterio",
    "exactextract",
    "numpy",
    "pandas",
    "scipy",
    "folium",
)


def build_manifest(spec: StudySpec, folder: Path, inputs: Inputs) -> dict[str, Any]:
    """
    Return the manifest of a run, all of it JSON.

    Parameters
    ----------
    spec, folder, inputs
        Of the study that ran.

    Returns
    -------
    dict
        `created` is the one thing that differs between two runs; SOURCE_DATE_EPOCH sets it.
    """
    # Many layers lie in one file, which is hashed once.
    paths = {folder / entry.path for entry in spec.layers.values()}
    hashes = {path: _digest(path) for path in paths}
    return {
        "created": _clock(),
        "landready": __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        # The audience and language of the files are told beside their names, by whoever wrote them.
        "study": spec.study.model_dump(mode="json", exclude={"audience", "language"}),
        "area": spec.area.model_dump(mode="json", exclude_none=True),
        "sites": spec.sites.model_dump(mode="json"),
        "inputs": {
            name: _input(name, entry, hashes[folder / entry.path], inputs) for name, entry in spec.layers.items()
        },
        "constraints": [rule.model_dump(mode="json", exclude_none=True) for rule in rules_of(spec)],
        "criteria": [criterion.model_dump(mode="json", exclude_none=True) for criterion in spec.criteria],
        "profiles": [profile.model_dump(mode="json") for profile in spec.profiles],
    }


def _digest(path: Path) -> str | None:
    """Return the hash of a file, or of the hashes of all plan files of a folder."""
    if path.is_file():
        return sha256(path)
    plans = [f"{file.relative_to(path).as_posix()} {sha256(file)}" for file in plan_files(path)]
    return hashlib.sha256("\n".join(plans).encode()).hexdigest() if plans else None


def _clock() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
    return moment.isoformat(timespec="seconds")


def _input(name: str, entry: LayerSpec, digest: str | None, inputs: Inputs) -> Mapping[str, Any]:
    described: dict[str, Any] = {
        # The file's name, never its path: a folder's name may tell who works on what.
        "file": Path(entry.path).name,
        "sha256": digest,
        "layer": entry.layer,
        "role": entry.role,
        "known_extent": entry.known_extent,
        "date": entry.date.isoformat() if entry.date else None,
        "source": entry.source,
        "modelled": entry.modelled,
    }
    if name in inputs.layers:
        layer = inputs.layers[name]
        return {**described, "features": len(layer.frame), "crs": label(layer.crs)}
    raster = inputs.rasters[name]
    return {**described, "shape": list(raster.values.shape), "crs": label(raster.crs)}
