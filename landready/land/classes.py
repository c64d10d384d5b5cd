"""Sort the land of each parcel into four classes: free, conditional, excluded, never mapped."""

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.errors import CrsError, Finding, number_findings, refuse, require_kind, some
from landready.geometry.overlay import Shapes, collect
from landready.geometry.threads import each
from landready.land.algebra import LAND_CLASSES, Effect, effect_of, sort_ground
from landready.land.constraints import Constraint
from landready.land.ground import Ground, ground_of
from landready.layers.adapter import POLYGON, as_layer, mismatch
from landready.model import Land, Layer, LayerLike, Ledger

CLOSURE_HA = 1e-6
_STEP = "classify_land"
_M2_PER_HA = 1e4


def classify_land(parcels: LayerLike, constraints: Iterable[Constraint], *, min_part_m2: float = 1.0) -> Land:
    """
    Sort the land of each parcel into free, conditional, excluded and unmapped.

    The rules are those of `landready.land.algebra`: a hard constraint excludes, a strong one asks for trial, ground
    outside where a layer was mapped is unmapped, and a point takes the first of these that is sure. Features of
    one constraint that overlap count once.

    Parameters
    ----------
    parcels
        Polygons; the index is the parcel's id. Other columns are carried along; columns named as results are
        replaced.
    constraints
        With names of their own, in the CRS of the parcels.
    min_part_m2
        Remaining polygons smaller than this (<) count in the hectares but are left out of `parts`, with an entry
        in the ledger: they are what is left between lines drawn twice.

    Returns
    -------
    Land
        Hectares, remaining geometries and shares per constraint. Parcels without geometry have `nan` (unknown)
        throughout.

    Raises
    ------
    CrsError
        The parcels cannot be measured in their CRS, or constraints are in another; all of them named.
    InputError
        Parcels that are not polygons or have no ids of their own; constraints that share a name.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from landready import Constraint, classify_land
    >>> e, n = 330_000, 6_405_000
    >>> parcel = gpd.GeoDataFrame(geometry=[shapely.box(e, n, e + 200, n + 200)], index=["Berg 1:1"], crs=3006)
    >>> lake = gpd.GeoDataFrame(geometry=[shapely.box(e, n, e + 100, n + 100)], crs=3006)
    >>> land = classify_land(parcel, [Constraint("lake", lake)])
    >>> land.frame[["area_ha", "free_ha", "excluded_ha"]].loc["Berg 1:1"].tolist()
    [4.0, 3.0, 1.0]
    >>> float(land.shares.loc[("Berg 1:1", "lake"), "affected_share"])
    0.25
    """
    layer = as_layer(parcels, name="parcels", kinds=(POLYGON,))
    require_kind(constraints, Iterable, name="constraints", wanted="Constraint, …")
    constraints = tuple(constraints)
    for constraint in constraints:
        require_kind(constraint, Constraint, name="constraints", wanted="Constraint")
    _refuse(layer, constraints, min_part_m2)
    ground = ground_of(layer.frame)
    effects = each(lambda constraint: effect_of(constraint, ground), constraints)
    claims = sort_ground(ground.pieces, effects)
    index = layer.frame.index.rename("parcel_id")
    hectares, unclosed = _hectares(ground, claims, index)
    parts, slivers = _parts(ground, claims, index, layer, min_part_m2)
    shares = _shares(ground, effects, index)
    return Land(
        frame=_with_hectares(layer.frame, hectares),
        parts=parts,
        shares=shares,
        constraints=_table(effects),
        ledger=_ledger([layer, *(constraint.checked for constraint in constraints)])
        + Ledger.of([{"step": _STEP, "layer": layer.name, **row} for row in (*unclosed, *slivers)]),
    )


def _refuse(layer: Layer, constraints: Sequence[Constraint], min_part_m2: float) -> None:
    """Raise once with everything that is wrong between the inputs."""
    names = [constraint.name for constraint in constraints]
    repeated = sorted({name for name in names if names.count(name) > 1})
    others = [Finding("constraint_names", {"names": ", ".join(repeated)})] if repeated else []
    others += number_findings(min_part_m2, name="min_part_m2", minimum=0)
    crs = [mismatch(layer, c.checked) for c in constraints if c.checked.crs != layer.crs]
    if crs:
        raise CrsError(*crs, *others)
    refuse(others)


def _hectares(ground: Ground, claims: pd.DataFrame, index: pd.Index) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Return hectares per parcel and class, and the ledger rows of parcels whose classes did not sum to it."""
    m2 = (claims["m2"] * claims["share"]).to_numpy(dtype=float)
    place, named = claims["place"].to_numpy(), claims["land_class"].to_numpy()
    classes = np.column_stack([ground.per_parcel(place[named == name], m2[named == name]) for name in LAND_CLASSES])
    # What rounding in the overlay leaves over goes to the largest class, so that the classes close.
    over = (ground.area - classes.sum(axis=1)) / _M2_PER_HA
    classes[np.arange(len(classes)), classes.argmax(axis=1)] += over * _M2_PER_HA
    unclosed = np.flatnonzero(np.abs(over) > CLOSURE_HA)
    table = pd.DataFrame(classes / _M2_PER_HA, index=index, columns=[f"{name}_ha" for name in LAND_CLASSES])
    table.insert(0, "area_ha", ground.area / _M2_PER_HA)
    return table, _row("not_closed", index[unclosed], len(unclosed), float(np.abs(over[unclosed]).sum()))


def _parts(
    ground: Ground, claims: pd.DataFrame, index: pd.Index, layer: Layer, min_part_m2: float
) -> tuple[gpd.GeoDataFrame, list[dict[str, object]]]:
    """Return the remaining land as geometries, and the ledger rows of the slivers left out."""
    remaining = claims[claims["land_class"].isin(["free", "conditional"])]
    keys = pd.DataFrame(
        {
            "parcel": ground.source[remaining["place"].to_numpy(dtype=np.intp)],
            "order": remaining["land_class"].map(LAND_CLASSES.index).to_numpy(dtype=np.intp),
            "share": remaining["share"].to_numpy(dtype=float),
        }
    )
    grouped = keys.groupby(["parcel", "order", "share"])
    rows = grouped.size().index.to_frame(index=False)
    shape = ground.merge(
        remaining["place"].to_numpy(dtype=np.intp),
        remaining["shape"].to_numpy(dtype=object),
        remaining["full"].to_numpy(dtype=bool),
        np.asarray(grouped.ngroup(), dtype=np.intp),
        len(rows),
    )
    shape, dropped = _without_slivers(shape, min_part_m2)
    parcels = index[rows["parcel"].to_numpy()]
    sliver_ha = float((dropped["m2"] * rows["share"].to_numpy()[dropped["row"]]).sum()) / _M2_PER_HA
    told = _row("sliver", parcels[dropped["row"]].unique(), len(dropped), sliver_ha)
    table = gpd.GeoDataFrame(
        {
            "parcel_id": parcels,
            "land_class": np.array(LAND_CLASSES, dtype=object)[rows["order"].to_numpy()],
            "share": rows["share"].to_numpy(dtype=float),
        },
        geometry=shapely.normalize(shape),
        crs=layer.crs,
    )
    return table[~table.geometry.is_empty].reset_index(drop=True), told


def _without_slivers(shape: Shapes, min_part_m2: float) -> tuple[Shapes, pd.DataFrame]:
    """Leave out polygons below the size; return for each the row it was in and its area."""
    polygons, row = shapely.get_parts(shape, return_index=True)
    m2 = shapely.area(polygons)
    small = m2 < min_part_m2
    kept = shape.copy()
    changed = np.unique(row[small])
    stay = ~small & np.isin(row, changed)
    kept[changed] = collect(polygons[stay], np.searchsorted(changed, row[stay]), len(changed))
    return kept, pd.DataFrame({"row": row[small], "m2": m2[small]})


def _shares(ground: Ground, effects: Sequence[Effect], index: pd.Index) -> pd.DataFrame:
    """Return the affected, clear and unmapped share of each parcel, by constraint."""
    shape = (len(index), len(effects))
    affected, unmapped = np.empty(shape), np.empty(shape)
    for column, effect in enumerate(effects):
        covers, unknown = effect.covers, effect.unknown
        affected[:, column] = ground.per_parcel(covers.place, covers.m2) / ground.area
        unmapped[:, column] = ground.per_parcel(unknown.place, unknown.m2) / ground.area
    affected, unmapped = np.minimum(affected, 1), np.minimum(unmapped, 1)
    names = [effect.constraint.name for effect in effects]
    kinds = np.array([effect.constraint.kind for effect in effects], dtype=object)
    return pd.DataFrame(
        {
            "kind": np.tile(kinds, len(index)),
            "affected_share": affected.ravel(),
            "clear_share": np.clip(1 - affected - unmapped, 0, 1).ravel(),
            "unmapped_share": unmapped.ravel(),
        },
        index=pd.MultiIndex.from_product([index, names], names=["parcel_id", "constraint"]),
    )


_TABLE_COLUMNS = (
    "label",
    "kind",
    "buffer_m",
    "weight",
    "legal_basis",
    "statutory",
    "reason",
    "case_number",
)


def _table(effects: Sequence[Effect]) -> pd.DataFrame:
    """Return one row per constraint: the rule, where it comes from, and the hectares it touches."""
    rules = [effect.constraint for effect in effects]
    columns: dict[str, list[object]] = {name: [getattr(rule, name) for rule in rules] for name in _TABLE_COLUMNS}
    for name in ("source", "date", "modelled"):
        columns[name] = [getattr(rule.checked, name) for rule in rules]
    index = pd.Index([rule.name for rule in rules], name="constraint", dtype=object)
    types = {"buffer_m": "float64", "weight": "float64", "statutory": "bool", "modelled": "bool"}
    return (
        pd.DataFrame(columns, index=index, dtype=object)
        .astype(types)
        .assign(
            affected_ha=[float(effect.covers.m2.sum()) / _M2_PER_HA for effect in effects],
            unmapped_ha=[float(effect.unknown.m2.sum()) / _M2_PER_HA for effect in effects],
        )
    )


def _with_hectares(frame: gpd.GeoDataFrame, hectares: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the parcels with their hectares first, their own columns next, the geometry last."""
    taken = [frame.geometry.name, "geometry", *hectares.columns]
    own = pd.DataFrame(frame.drop(columns=[name for name in taken if name in frame.columns]))
    own.index = hectares.index
    return gpd.GeoDataFrame(
        pd.concat([hectares, own], axis=1), geometry=np.asarray(frame.geometry.values), crs=frame.crs
    )


def _row(reason: str, ids: Iterable[object], count: int, area_ha: float) -> list[dict[str, object]]:
    """Return a ledger row as a list, empty if nothing is to be told."""
    return [{"reason": reason, "count": count, "area_ha": area_ha, "ids": some(ids)}] if count else []


def _ledger(layers: Iterable[Layer]) -> Ledger:
    """Join the ledgers of the layers; a layer under several constraints is told once."""
    joined = sum((layer.ledger for layer in layers), Ledger.empty())
    return Ledger(joined.frame.drop_duplicates(ignore_index=True))
