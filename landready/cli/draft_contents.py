"""What a draft has to know of the layers themselves: values of a column, ids that are shared, how far land lies."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from landready.criteria.proximity import distance_to
from landready.crs import SWEREF99_TM
from landready.errors import LandreadyError
from landready.layers.quality import QualityReport
from landready.layers.reading import read
from landready.layers.survey import LayerReport
from landready.model import Layer
from landready.pipeline.streets import like_streets, mean_width

# Distances are taken of so many of the largest parcels: sites are made of large ones, and more would take longer.
SAMPLE = 1000
# Fewer values than this tell nothing apart, and more are no classes.
_FEWEST_VALUES, _MOST_VALUES = 2, 120
_SHARED, _NAMELESS = "ids_repeated_numbered", "ids_missing_numbered"
_DISUSED = re.compile("abandon|disused|dismantled|razed|nedlagd|upphord|riven|rivet", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Contents:
    """
    The layers of a folder, read where the draft has to know what is in them.

    Parameters
    ----------
    folder
        The folder.
    report
        What it holds.
    """

    folder: Path
    report: QualityReport
    _parcels: dict[str, Layer | None] = field(default_factory=dict, init=False, repr=False)

    def parcels(self, layer: LayerReport, columns: Mapping[str, str]) -> Layer | None:
        """Return the parcels of the study, rows that share an id apart and numbered; read once."""
        if layer.layer not in self._parcels:
            self._parcels[layer.layer] = self.read(layer, role="parcels", columns=columns, keep=())
        return self._parcels[layer.layer]

    @property
    def several(self) -> frozenset[str]:
        """Files with more than one layer, of which each has to be named."""
        counted = Counter(layer.file for layer in self.report.layers)
        return frozenset(file for file, count in counted.items() if count > 1)

    def read(self, layer: LayerReport, *, role: str, columns: Mapping[str, str], keep: tuple[str, ...]) -> Layer | None:
        """Return a layer as a study would read it, its rows all kept; None where it cannot be read so."""
        try:
            return read(
                self.folder / layer.file if self.folder.is_dir() else self.folder,
                role=role,
                layer=layer.layer if layer.file in self.several else None,
                columns=columns,
                keep=keep,
                crs=self.report.crs_needed or SWEREF99_TM,
                known_extent="bounds",
                duplicates="number",
            )
        except LandreadyError:  # that is told by who checks the folder, or by the run
            return None

    def values(self, layer: LayerReport, column: str) -> list[str]:
        """Return the classes that a column of a file tells apart, the commonest first; none if it tells none."""
        found = self.read(layer, role="other", columns={}, keep=(column,))
        if found is None or column not in found.frame:
            return []
        values = found.frame[column].dropna()
        counted = values.astype(str)[values.astype(str).str.strip() != ""].value_counts(sort=False).sort_index()
        counted = counted.sort_values(ascending=False, kind="stable")
        return list(counted.index) if _FEWEST_VALUES <= len(counted) <= _MOST_VALUES else []

    def in_use(self, layer: LayerReport) -> tuple[str, list[str]] | None:
        """Return the column that says of some tracks that they are not in use, and the values of the others."""
        for column in layer.columns:
            values = self.values(layer, column)
            used = [value for value in values if not _DISUSED.search(value)]
            if used and len(used) < len(values):
                return column, used
        return None


def sharing_ids(parcels: Layer) -> tuple[int, int, list[str]]:
    """Return how many rows share their id with another, how many have none, and the ids shared, commonest first."""
    counts = parcels.ledger.frame.groupby("reason")["count"].sum()
    ids = _ids(parcels)
    commonest = ids[ids != ""].value_counts()
    return int(counts.get(_SHARED, 0)), int(counts.get(_NAMELESS, 0)), list(commonest[commonest > 1].index)


def streets(parcels: Layer) -> list[str]:
    """Return the ids of parcels that look like nets of streets, all rows that share an id taken together."""
    shapes = parcels.frame.geometry.to_numpy()
    sizes = pd.DataFrame({"area": shapely.area(shapes), "around": shapely.length(shapes)}).groupby(_ids(parcels)).sum()
    area, around = (sizes[name].to_numpy(dtype="float64") for name in ("area", "around"))
    return [str(name) for name in sizes.index[like_streets(area, mean_width(area, around))]]


def _ids(parcels: Layer) -> "pd.Series[str]":
    """Return the ids as they are in the file, without the numbers that keep rows apart."""
    return pd.Series(parcels.frame.index.astype(str)).str.replace(r"#\d+$", "", regex=True)


def distances(parcels: Layer, targets: Layer) -> pd.Series:
    """Return how far the largest parcels lie from the nearest target, in metres."""
    order = np.argsort(-shapely.area(parcels.frame.geometry.values), kind="stable")[:SAMPLE]
    return distance_to(parcels.with_frame(parcels.frame.iloc[order]), targets).dropna()
