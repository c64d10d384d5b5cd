"""The things that flow through landready: layers, rasters, ledgers, measured values, scorecards.

All are frozen and hold pandas or geopandas frames; nothing here computes. A frame's index is the id of
its rows (`parcel_id` or `site_id`), unique, and every step keeps it.
"""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding, require_language, some
from landready.texts import Language, text

State = Literal["known", "unknown", "modelled"]
KNOWN: State = "known"
UNKNOWN: State = "unknown"
MODELLED: State = "modelled"

Audience = Literal["intern", "extern"]

Progress = Callable[[str, int, int], None]
"""Called as `progress(step, done, total)`; `step` is a text key under `step.`."""

LEDGER_COLUMNS = ("step", "layer", "reason", "count", "area_ha", "ids")


_NO_ENTRIES = pd.DataFrame(columns=list(LEDGER_COLUMNS)).astype({"count": "int64", "area_ha": "float64"})


@dataclass(frozen=True, eq=False)
class Ledger:
    """
    What left the flow or was changed: where, why, how many, how large.

    Parameters
    ----------
    frame
        One row per entry: `step` and `reason` (text keys under `ledger.`), `layer` (name), `count`,
        `area_ha` (`nan` where size has no meaning), `ids` (the first few, as text).
    """

    frame: pd.DataFrame

    @classmethod
    def empty(cls) -> "Ledger":
        """Return a ledger with no entries."""
        return cls(_NO_ENTRIES)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Ledger":
        """Return a ledger of the given rows, each a mapping with the keys of `LEDGER_COLUMNS`."""
        frame = pd.DataFrame(list(rows), columns=list(LEDGER_COLUMNS))
        return cls(frame.astype({"count": "int64", "area_ha": "float64"}))

    @classmethod
    def entry(
        cls, step: str, layer: str, reason: str, *, ids: Sequence[Any], area_ha: float = float("nan")
    ) -> "Ledger":
        """Return a ledger with one row for the rows `ids`; empty if there are none."""
        if not len(ids):
            return cls.empty()
        row = {
            "step": step,
            "layer": layer,
            "reason": reason,
            "count": len(ids),
            "area_ha": area_ha,
            "ids": some(ids),
        }
        return cls.of([row])

    def __add__(self, other: "Ledger") -> "Ledger":
        if not (len(self) and len(other)):
            return self if len(self) else other
        # A layer carries its ledger through several steps; the same entry is one event, told once.
        return Ledger(pd.concat([self.frame, other.frame]).drop_duplicates(ignore_index=True))

    def __len__(self) -> int:
        return len(self.frame)

    def in_words(self, language: Language = "sv") -> pd.DataFrame:
        """Return the entries with steps and reasons in words, and column headings of the language."""
        require_language(language)
        shown = self.frame.assign(
            step=[text(f"step.{key}", language) for key in self.frame["step"]],
            reason=[text(f"ledger.{key}", language) for key in self.frame["reason"]],
        )
        return shown.rename(columns={column: text(f"column.{column}", language) for column in LEDGER_COLUMNS})

    def _repr_html_(self) -> str:
        return str(self.in_words().to_html(index=False))


@dataclass(frozen=True, eq=False)
class Layer:
    """
    One named input with its role, its origin and where it was mapped.

    Parameters
    ----------
    name
        What messages, tables and the map call the layer.
    frame
        The features; the index is their id.
    role
        What the layer is to landready (a key of `rules/roles.toml`), or None.
    source
        Where it comes from, in words or as a file name (never a whole path).
    date
        The day it describes, ISO 8601, or None if nobody has said.
    known_extent
        Where the layer was mapped, in the frame's CRS: inside, "no feature" is a known fact; outside it
        is unknown. None says the caller vouches for it everywhere.
    modelled
        Whether the content is modelled rather than observed.
    ledger
        What reading and repair left out or changed.
    findings
        What is worth knowing about it, found while reading.
    sound
        The frame that `landready.layers.adapter.as_layer` found fit to measure; set there. A layer whose `frame` is
        that very frame is not checked again.
    """

    name: str
    frame: gpd.GeoDataFrame
    role: str | None = None
    source: str | None = None
    date: str | None = None
    known_extent: BaseGeometry | None = None
    modelled: bool = False
    ledger: Ledger = field(default_factory=Ledger.empty)
    findings: tuple[Finding, ...] = ()
    sound: gpd.GeoDataFrame | None = field(default=None, repr=False)

    @property
    def is_sound(self) -> bool:
        """Whether the frame has been found fit to measure."""
        return self.sound is self.frame

    @property
    def crs(self) -> CRS | None:
        """The CRS of the frame."""
        crs: CRS | None = self.frame.crs
        return crs

    @property
    def state(self) -> State:
        """The state that values taken from this layer have: `known` or `modelled`."""
        return MODELLED if self.modelled else KNOWN

    def with_frame(self, frame: gpd.GeoDataFrame, ledger: Ledger | None = None) -> "Layer":
        """Return the layer with another frame, and `ledger` added to its own."""
        return replace(self, frame=frame, ledger=self.ledger + (ledger or Ledger.empty()))

    def rows(self, chosen: Any) -> "Layer":
        """Return the layer with only the chosen rows (a boolean mask); some rows of sound ones are sound."""
        frame = self.frame[chosen]
        return replace(self, frame=frame, sound=frame if self.is_sound else None)

    def _repr_html_(self) -> str:
        return f"<b>{html.escape(self.name)}</b> · {len(self.frame)}{self.frame.head()._repr_html_()}"


@dataclass(frozen=True, eq=False)
class Raster:
    """
    A grid with its place on the ground.

    Parameters
    ----------
    name
        What messages call it.
    values
        Rows × columns, float64; cells without a value are `nan`.
    transform
        Affine coefficients (a, b, c, d, e, f): x = a·column + b·row + c, y = d·column + e·row + f.
    crs
        Its CRS.
    source, date, modelled, findings
        As in `Layer`.
    """

    name: str
    values: NDArray[np.float64]
    transform: tuple[float, float, float, float, float, float]
    crs: CRS | None
    source: str | None = None
    date: str | None = None
    modelled: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> State:
        """The state that values taken from this raster have: `known` or `modelled`."""
        return MODELLED if self.modelled else KNOWN

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        a, b, c, d, e, f = self.transform
        rows, columns = self.values.shape
        xs = [c, c + a * columns, c + b * rows, c + a * columns + b * rows]
        ys = [f, f + d * columns, f + e * rows, f + d * columns + e * rows]
        return min(xs), min(ys), max(xs), max(ys)


LayerLike = gpd.GeoDataFrame | Layer
RasterLike = Raster | str | Path


@dataclass(frozen=True, eq=False)
class Land:
    """
    Parcels sorted into the four classes of land.

    Parameters
    ----------
    frame
        Index `parcel_id`; `area_ha`, `free_ha`, `conditional_ha`, `excluded_ha`, `unmapped_ha` (they sum to
        the area), the columns the parcels came with, and the parcel as `geometry`.
    parts
        The remaining land: one row per parcel, class (`free`, `conditional`) and share that has any; columns
        `parcel_id`, `land_class`, `share` (of the part's area that counts in the class) and `geometry`. Without
        fractional constraints every share is 1 and no two parts overlap; under one, the same ground may be
        free for one share and conditional for another.
    shares
        Index (`parcel_id`, `constraint`); `kind`, and `affected_share`, `clear_share` and `unmapped_share` of
        the parcel, summing to 1; `nan` for parcels without geometry.
    constraints
        One row per constraint (index `constraint`): `label`, `kind`, `buffer_m`, `weight`, `legal_basis`,
        `statutory`, `reason`, `case_number`, `source`, `date`, `modelled`, `affected_ha`, `unmapped_ha`.
    ledger
        What was repaired or left out.
    """

    frame: gpd.GeoDataFrame
    parts: gpd.GeoDataFrame
    shares: pd.DataFrame
    constraints: pd.DataFrame
    ledger: Ledger

    @property
    def free(self) -> gpd.GeoSeries:
        """Free land of each parcel; empty where there is none."""
        return self._part("free")

    @property
    def conditional(self) -> gpd.GeoSeries:
        """Conditional land of each parcel; empty where there is none."""
        return self._part("conditional")

    def _part(self, land_class: str) -> gpd.GeoSeries:
        chosen = self.parts[self.parts["land_class"] == land_class]
        grouped = (
            chosen.dissolve("parcel_id").geometry
            if chosen["parcel_id"].duplicated().any()
            else (chosen.set_index("parcel_id").geometry)
        )
        return grouped.reindex(self.frame.index, fill_value=None).fillna(_EMPTY).rename(land_class)

    def _repr_html_(self) -> str:
        totals = self.frame[["area_ha", "free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"]].sum()
        return str(totals.to_frame("ha").T.to_html(float_format="%.1f".__mod__))


@dataclass(frozen=True, eq=False)
class Sites:
    """
    Contiguous free or conditional land over one or more parcels.

    Parameters
    ----------
    frame
        Index `site_id`; `area_ha`, `free_ha`, `conditional_ha`, `parcels` (how many), `main_parcel`, `geometry`.
    members
        One row per site and parcel: `site_id`, `parcel_id`, `ha`.
    ledger
        Every cut and drop.
    findings
        What is worth knowing of how they were cut.
    """

    frame: gpd.GeoDataFrame
    members: pd.DataFrame
    ledger: Ledger
    findings: tuple[Finding, ...] = ()

    def _repr_html_(self) -> str:
        return str(self.frame.drop(columns="geometry").to_html(float_format="%.2f".__mod__))


@dataclass(frozen=True, eq=False)
class Measured:
    """
    What was measured about each site, and how sure it is.

    Parameters
    ----------
    frame
        Values, sites × criterion ids (which end in their unit). `nan` is unknown, `inf` unreachable.
    state
        Same shape: `known`, `unknown` or `modelled`.
    upper_bound
        Same shape, bool: the value is a distance that may in truth be shorter, because the layer ends
        nearer than the feature found.
    source, date
        Same shape, text or None.
    criteria
        The criteria measured, in column order.
    ledger
        What left the flow.
    """

    frame: pd.DataFrame
    state: pd.DataFrame
    upper_bound: pd.DataFrame
    source: pd.DataFrame
    date: pd.DataFrame
    criteria: tuple[Any, ...]
    ledger: Ledger = field(default_factory=Ledger.empty)

    def _repr_html_(self) -> str:
        return str(self.frame.to_html(float_format="%.2f".__mod__))


@dataclass(frozen=True, eq=False)
class Scorecard:
    """
    How one profile judges each site, and why.

    Parameters
    ----------
    profile
        The profile it was scored with.
    frame
        Index `site_id`; `total`, `total_low`, `total_high` (0–1), `coverage_share`, `modelled_share`, `eligible`
        (all requirements known and met), `ranked`, `rank` (1 is best, ties share the average; `nan` if not
        ranked), `upper_bound_share`, `not_ranked_because` (text keys under `explain.`, joined by `", "`).
    utilities
        Sites × criteria, 0–1; `nan` where unknown.
    contributions
        Sites × criteria; over the known ones they sum to `total`; `nan` where unknown.
    weights
        Weight of each criterion as given, in points.
    requirements
        Sites × requirements, each `met`, `failed` or `unknown`.
    measured
        What the scores stand on.
    """

    profile: Any
    frame: pd.DataFrame
    utilities: pd.DataFrame
    contributions: pd.DataFrame
    weights: pd.Series
    requirements: pd.DataFrame
    measured: Measured

    @property
    def ledger(self) -> Ledger:
        """What left the flow on the way to the scores."""
        return self.measured.ledger

    def _repr_html_(self) -> str:
        return str(
            self.frame.sort_values(["rank", "total"], ascending=[True, False]).to_html(float_format="%.3f".__mod__)
        )


_EMPTY = gpd.GeoSeries.from_wkt(["POLYGON EMPTY"]).iloc[0]
