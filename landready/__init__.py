"""landready: which land is ready for business, which could be, how soon, for how many jobs, how surely.

The verbs take GeoDataFrames or layers and can be used one by one; a `Study` runs them all from one file. Names
are loaded on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "read": "landready.layers.reading",
    "read_folder": "landready.layers.folder",
    "read_raster": "landready.layers.rasters",
    "check": "landready.layers.quality",
    "QualityReport": "landready.layers.quality",
    "Constraint": "landready.land.constraints",
    "classify_land": "landready.land.classes",
    "assemble": "landready.land.joining",
    "nearest": "landready.criteria.proximity",
    "distance_to": "landready.criteria.proximity",
    "travel_time": "landready.criteria.network",
    "overlap_share": "landready.criteria.overlap",
    "evidence_at": "landready.criteria.evidence",
    "zonal": "landready.criteria.terrain",
    "slope": "landready.criteria.terrain",
    "form": "landready.criteria.form",
    "measure": "landready.criteria.measuring",
    "score": "landready.scoring.scorecard",
    "explain": "landready.scoring.explanation",
    "save_offline": "landready.webmap.offline",
    "quick_map": "landready.webmap.polygons",
    "ahp": "landready.scoring.comparisons",
    "smaa": "landready.scoring.robustness",
    "Study": "landready.pipeline.study",
    "Assessment": "landready.pipeline.assessment",
    "Criterion": "landready.spec",
    "OwnerTable": "landready.spec",
    "Profile": "landready.spec",
    "ValueFunction": "landready.spec",
    "Layer": "landready.model",
    "Raster": "landready.model",
    "Ledger": "landready.model",
    "Land": "landready.model",
    "Sites": "landready.model",
    "Measured": "landready.model",
    "Scorecard": "landready.model",
    "LandreadyError": "landready.errors",
    "InputError": "landready.errors",
    "CrsError": "landready.errors",
    "ColumnError": "landready.errors",
    "FileError": "landready.errors",
    "StudyError": "landready.errors",
    "example_study": "landready.pipeline.example",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  (the keys are strings)


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use (PEP 562)."""
    if name == "scoring":  # a room with public names of its own
        return import_module("landready.scoring")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
