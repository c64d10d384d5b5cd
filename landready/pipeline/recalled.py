"""What an earlier run of a study measured, where nothing has changed since that could have changed it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio

from landready import __version__
from landready.model import Ledger, Measured
from landready.pipeline.outputs import MANIFEST, sha256
from landready.pipeline.restrictions import rules_of
from landready.spec import StudySpec

# What a change of changes values; what is judged by them, and how it is shown, is worked out anew.
LIBRARIES = (
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
_EVIDENCE = "evidence"


def fingerprint(spec: StudySpec, folder: Path, *, known: Mapping[Path, str | None] | None = None) -> str:
    """
    Return a hash of all that decides what is measured: the study but for its profiles, its files, the versions.

    Parameters
    ----------
    spec, folder
        The study, and where its paths start.
    known
        Hashes of files that somebody has worked out already.
    """
    paths = {entry.path for entry in spec.layers.values()}
    paths |= {entry.owners.path for entry in spec.layers.values() if entry.owners is not None}
    study = spec.model_dump(mode="json", exclude={"profiles", "map"})
    study["study"] = {key: value for key, value in study["study"].items() if key in {"id", "date", "crs"}}
    described = {
        "landready": __version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "study": study,
        "rules": [rule.model_dump(mode="json") for rule in rules_of(spec)],
        "files": {path: dict(_hashes(folder / path, known or {})) for path in sorted(paths)},
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def _hashes(path: Path, known: Mapping[Path, str | None]) -> Iterator[tuple[str, str]]:
    """Give the hash of a file and of those beside it that are called as it is, or of all files of a folder."""
    if path.is_dir():
        files, start = path.rglob("*"), path
    else:
        files, start = path.parent.glob(f"{path.stem}.*"), path.parent  # a shapefile is many files
    for file in sorted(files):
        if file.is_file():
            yield file.relative_to(start).as_posix(), known.get(file) or sha256(file)


def recalled(spec: StudySpec, folder: Path, places: Iterable[Path]) -> tuple[Measured, Path] | None:
    """
    Return what a run of the study measured, from the first folder of results that is of the study as it is now.

    Parameters
    ----------
    spec, folder
        The study, and where its paths start.
    places
        Folders that may hold results.

    Returns
    -------
    Measured, pathlib.Path
        And the folder; None where there is no such folder, or anything that decides what is measured has changed.
        Results for `extern` lack what is withheld, and are not used.
    """
    found = [(place, manifest) for place in places if (manifest := _manifest(place)).get("fingerprint")]
    ours = [(place, manifest) for place, manifest in found if manifest.get("study", {}).get("id") == spec.study.id]
    if not ours:
        return None
    wanted = fingerprint(spec, folder)
    for place, manifest in ours:
        table = _untouched(place, manifest) if manifest["fingerprint"] == wanted else None
        if table is not None:
            return _measured(table, spec), place
    return None


def _manifest(place: Path) -> dict[str, Any]:
    try:
        read = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _untouched(place: Path, manifest: Mapping[str, Any]) -> Path | None:
    """Return the GeoPackage of the results, if it is there as it was written."""
    for name, digest in manifest.get("outputs", {}).items():
        file = place / Path(name).name
        if name.endswith(".gpkg") and file.is_file() and sha256(file) == digest:
            return file
    return None


def _measured(file: Path, spec: StudySpec) -> Measured:
    rows = pyogrio.read_dataframe(file, layer=_EVIDENCE)
    sites = pd.Index(rows["site_id"].unique(), name="site_id", dtype=object)
    criteria = [criterion.id for criterion in spec.criteria]

    def wide(column: str) -> pd.DataFrame:
        table = rows.set_index(["site_id", "criterion"])[column].unstack("criterion")  # noqa: PD010  (no sums)
        return pd.DataFrame(table).reindex(index=sites, columns=criteria).rename_axis(columns=None)

    words = {name: wide(name).astype(object) for name in ("state", "source", "date")}
    told = {name: frame.where(frame.notna(), None) for name, frame in words.items()}
    return Measured(
        frame=wide("value").astype("float64"),
        upper_bound=wide("upper_bound").eq(True),
        criteria=spec.criteria,
        ledger=Ledger.empty(),
        **told,
    )
