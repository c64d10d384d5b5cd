"""A constraint: a layer, and the rule that says what it means for land.

Rules are data (`rules/constraints.se.toml`); a `Constraint` is one of them tied to its layer and checked.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, get_args

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landready.errors import (
    ColumnError,
    CrsError,
    Finding,
    InputError,
    argument_findings,
    is_number,
    some,
    text_findings,
)
from landready.geometry.overlay import Places, Shapes, union_by_group
from landready.geometry.parts import keep_dimension
from landready.layers.adapter import as_layer
from landready.model import Layer, LayerLike, Ledger
from landready.rules import empty_is_none
from landready.spec import Kind
from landready.where import Condition, matches, undecided, where_findings

Bounds = tuple[float, float, float, float]

QUAD_SEGS = 16
"""Segments of a quarter circle in buffers: an arc falls short of the true distance by at most 0.12 %."""

# A tile is some street blocks, and many times as wide as the buffers, so that few of them reach into the next.
_TILE_M, _TILE_BUFFERS = 100.0, 8

KINDS: tuple[Kind, ...] = get_args(Kind)
_WEIGHED: tuple[Kind, ...] = ("hard", "strong")


@dataclass(frozen=True, eq=False)
class Constraint:
    """
    A layer and what it means for the land it covers.

    Parameters
    ----------
    name
        Its id in tables, unique in a list of constraints.
    layer
        Where it applies: polygons, or lines and points with a buffer.
    kind
        `"hard"`: land is excluded. `"strong"`: land needs permit or review. `"info"`: told, changes no class.
        `"include"`: hard constraints that are not statutory become needs-trial here.
    buffer_m
        Distance added around the features, metres; measured before anything is clipped. Negative shrinks
        polygons.
    weight
        Share of the covered area that counts, above 0 and at most 1; below 1 for hard and strong only.
    legal_basis
        The law or decision it rests on, in words.
    statutory
        Whether no inclusion may lift it; by default, whether it has a legal basis.
    reason, case_number
        Why land is included in spite of constraints, and where that was decided; an inclusion needs both.
    where
        Conditions on the layer's columns; only the rows that meet them apply. What a row covers that lacks a value
        they ask for is unmapped, unless the layer's role says that an empty value is an answer there.
    label
        What people read; by default the name.

    Attributes
    ----------
    checked
        The layer, checked and mended, with the rows that `where` selects.
    undecided
        The rows that `where` cannot judge for want of a value.

    Raises
    ------
    InputError
        With everything that is wrong; `CrsError` if the layer cannot be measured in, `ColumnError` if all
        that is wrong is columns that `where` names and the layer lacks.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> track = gpd.GeoDataFrame(geometry=[shapely.LineString([(5e5, 6.4e6), (5e5 + 90, 6.4e6)])], crs=3006)
    >>> rail = Constraint("rail_30", track, buffer_m=30, legal_basis="Trafikverket")
    >>> rail.kind, rail.statutory, rail.checked.name
    ('hard', True, 'rail_30')
    """

    name: str
    layer: LayerLike = field(repr=False)
    _: KW_ONLY
    kind: Kind = "hard"
    buffer_m: float = 0.0
    weight: float = 1.0
    legal_basis: str | None = None
    statutory: bool | None = None
    reason: str | None = None
    case_number: str | None = None
    where: Mapping[str, Condition] | None = None
    label: str | None = None
    checked: Layer = field(init=False, repr=False)
    undecided: Layer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        wrong_where = where_findings(self.where)
        findings = [*self._rule_findings(), *wrong_where]
        refused: type[InputError | ColumnError] = InputError
        try:
            whole = as_layer(self.layer, name=str(self.name))
            layer, open_rows = _selected(whole, {} if wrong_where else self.where or {})
        except (InputError, ColumnError) as error:
            findings += error.findings
            if isinstance(error, CrsError) or len(findings) == len(error.findings):
                refused = type(error)
        else:
            findings += _area_findings(layer, self.name, self.buffer_m)
            object.__setattr__(self, "checked", layer)
            object.__setattr__(self, "undecided", open_rows)
        if findings:
            raise refused(*findings)
        object.__setattr__(self, "buffer_m", float(self.buffer_m))
        object.__setattr__(self, "weight", float(self.weight))
        object.__setattr__(self, "label", self.label or self.name)
        if self.statutory is None:
            object.__setattr__(self, "statutory", _said(self.legal_basis))

    def _rule_findings(self) -> list[Finding]:
        """Return what is wrong with the rule itself."""
        found = []
        told = {"constraint": self.name}
        if not isinstance(self.name, str) or not self.name.strip():
            found.append(Finding("constraint_name", told))
        kind = self.kind if isinstance(self.kind, str) else ""
        if kind not in KINDS:
            found.append(Finding("constraint_kind", {**told, "kind": self.kind, "kinds": ", ".join(KINDS)}))
        if not _finite(self.buffer_m):
            found.append(Finding("constraint_buffer", {**told, "buffer_m": self.buffer_m}))
        if not _finite(self.weight) or not 0 < self.weight <= 1:
            found.append(Finding("constraint_weight", {**told, "weight": self.weight}))
        elif self.weight < 1 and kind in KINDS and kind not in _WEIGHED:
            found.append(Finding("constraint_weight_kind", {**told, "kind": self.kind}))
        if kind == "include" and not (_said(self.reason) and _said(self.case_number)):
            found.append(Finding("constraint_include", told))
        found += argument_findings(self.statutory, (bool, type(None)), name="statutory", wanted="bool, None")
        return found + text_findings(
            legal_basis=self.legal_basis, reason=self.reason, case_number=self.case_number, label=self.label
        )

    def shapes(self, near: Bounds) -> Shapes:
        """
        Return the ground it applies to, as polygons that may overlap each other.

        Parameters
        ----------
        near
            West, south, east, north: features whose buffer cannot reach this box are left out.
        """
        return self._ground_of(self.checked, near)

    def undecided_shapes(self, near: Bounds) -> Shapes:
        """Return the ground it would apply to, had its undecided rows met the conditions; `near` as for `shapes`."""
        return self._ground_of(self.undecided, near)

    def _ground_of(self, layer: Layer, near: Bounds) -> Shapes:
        geometry = np.asarray(layer.frame.geometry.values, dtype=object)
        reach = max(self.buffer_m, 0.0)
        west, south, east, north = shapely.bounds(geometry).reshape(-1, 4).T
        close = (west <= near[2] + reach) & (east >= near[0] - reach)
        close &= (south <= near[3] + reach) & (north >= near[1] - reach)
        polygons = geometry[close]
        if self.buffer_m:
            polygons = shapely.buffer(polygons, self.buffer_m, quad_segs=QUAD_SEGS)
        if self.buffer_m > 0:
            # Buffers of neighbours overlap many times over; joined once, each parcel meets few of them.
            polygons = shapely.get_parts(union_by_group(polygons, *_tiles(polygons, self.buffer_m)))
        polygons = keep_dimension(polygons, 2)
        return polygons[~shapely.is_empty(polygons)]

    def mapped(self) -> BaseGeometry | None:
        """
        Return where it is known whether the constraint applies; None means everywhere.

        The layer's known extent, drawn in by the buffer: a feature just outside what was mapped could reach
        that far in.
        """
        extent = self.checked.known_extent
        if extent is None or self.buffer_m <= 0:
            return extent
        drawn_in: BaseGeometry = shapely.buffer(extent, -self.buffer_m, quad_segs=QUAD_SEGS)
        return drawn_in


def _tiles(shapes: Shapes, buffer_m: float) -> tuple[Places, int]:
    """Group buffers by the tile their middle lies in: one union of thousands of them would only be cut up again."""
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    tiles = np.column_stack([west + east, south + north]) // (2 * (_TILE_M + _TILE_BUFFERS * buffer_m))
    rows, group = np.unique(tiles, axis=0, return_inverse=True)
    return group, len(rows)


def _selected(layer: Layer, where: Mapping[str, Condition]) -> tuple[Layer, Layer]:
    """Return the rows the constraint is about, and those that nobody can judge."""
    if not where:
        return layer, layer.rows(np.zeros(len(layer.frame), dtype=bool))
    chosen = matches(layer.frame, where, layer=layer.name).to_numpy()
    open_ = undecided(layer.frame, where, layer=layer.name, empty_is_none=empty_is_none(layer.role)).to_numpy()
    area_ha = float(shapely.area(layer.frame.geometry.values[open_]).sum()) / 1e4
    told = Ledger.entry("classify_land", layer.name, "undecided", ids=layer.frame.index[open_], area_ha=area_ha)
    meeting = layer.rows(chosen)
    return replace(meeting, ledger=meeting.ledger + told), layer.rows(open_)


def _area_findings(layer: Layer, name: str, buffer_m: float) -> list[Finding]:
    """Return why some features cover no ground: lines and points need a buffer above 0."""
    if not _finite(buffer_m) or buffer_m > 0:
        return []
    geometry = layer.frame.geometry.values
    flat = np.isin(shapely.get_dimensions(geometry), [0, 1]) & ~shapely.is_empty(geometry)
    if not flat.any():
        return []
    values = {
        "constraint": name,
        "layer": layer.name,
        "count": int(flat.sum()),
        "total": len(flat),
        "rows": some(layer.frame.index[flat]),
        "buffer_m": buffer_m,
    }
    return [Finding("constraint_no_area", values)]


def _finite(value: Any) -> bool:
    return is_number(value) and abs(value) != float("inf")


def _said(words: object) -> bool:
    return isinstance(words, str) and bool(words.strip())
