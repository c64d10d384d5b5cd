"""Join free and conditional land across parcels into sites: contiguous, wide enough, neither too small nor too large.

The land of all parcels is joined; barriers and the edge of the asked area are taken out of it; it is opened at necks
(`opening`); what is too large is cut (`splitting`); what is too small or too narrow is dropped. Each cut and each
drop is in the ledger, so that the area of the sites and of what was dropped is the area of the land, but for the
grid of a millimetre on which the parcels are joined.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landready.errors import Finding, Severity, number_findings, refuse, some
from landready.geometry.borders import GRID_M
from landready.geometry.cutting import cut
from landready.geometry.overlay import Places, Shapes, beyond, meeting_inside, overlap_of, pairs, union_by_group
from landready.geometry.threads import each, found_in
from landready.land.barriers import HA, STEP, Barriers, barrier_layers, keep_within, subtract, without_ledger
from landready.land.contiguity import in_order, joined, single
from landready.land.merging import Sizes
from landready.land.opening import is_ribbon, open_at_necks
from landready.land.splitting import BY_COLUMN, BY_SIZE, split_large
from landready.layers.adapter import as_layer
from landready.model import Land, Layer, LayerLike, Ledger, Sites

# Pieces with more vertices are cut for the work on them; the sites show no trace of it.
_MAX_VERTICES = 512
# Film between neighbours on the grid: not land of a parcel unless that is most of what the parcel has.
_FILM_M2 = 1.0
# Of land that is cut by plans, this share may fall away before it is told as a warning.
_MUCH_LOST = 0.1
# What is left between sums of floats is no land.
_NOISE_M2 = 1e-4


def assemble(
    land: Land | LayerLike,
    *,
    min_site_ha: float = 1.0,
    max_site_ha: float = 50.0,
    min_width_m: float = 30.0,
    barriers: Barriers = (),
    within: LayerLike | BaseGeometry | None = None,
) -> Sites:
    """
    Join land across parcels into sites.

    Parameters
    ----------
    land
        What `classify_land` gives, or parcels as they are (then all of their area is free). The columns `plan_id`
        and `owner_category` of the parcels, where there are any, tell where land that is too large is cut first.
    min_site_ha
        A site has at least (≥) this area.
    max_site_ha
        And at most (≤) this; `inf` for no limit.
    min_width_m
        Land that only a strip narrower than this joins becomes two sites; strips and tails are dropped. Land of
        just this width stays, to the millimetre. Ribbons (narrower than twice this, and more than twelve times as
        long as wide) are no sites either. Zero opens nothing.
    barriers
        Lines and polygons that split land: one layer, or several. Lines are as wide as their column `width_m` says,
        or 2 m where it says nothing.
    within
        Layer of polygons, or a polygon in the CRS of the land: only land inside it counts.

    Returns
    -------
    Sites
        `frame` is sorted by `site_id`, which is the parcel with most land in the site and a number: sites with the
        same main parcel are counted by falling area, then from west to east. `free_ha` and `conditional_ha` honour
        the parts' `share`, so that they may sum to less than `area_ha`. In `members` the hectares of a site sum to
        its area: what joining on the grid adds or takes is spread in proportion.

    Raises
    ------
    InputError
        If the sizes make no sense or a layer cannot be used; with everything that is wrong.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> parcels = gpd.GeoDataFrame(
    ...     geometry=shapely.box([340_000, 340_100], 6_400_000, [340_100, 340_250], 6_400_100),
    ...     index=["A", "B"],
    ...     crs="EPSG:3006",
    ... )
    >>> assemble(parcels).frame[["area_ha", "parcels", "main_parcel"]]
             area_ha  parcels main_parcel
    site_id
    B/1          2.5        2           B
    """
    sizes = _sizes(min_site_ha, max_site_ha, min_width_m)
    layer, pieces = _pieces(land)
    blocking = barrier_layers(barriers, like=layer)
    ledger = layer.ledger
    available_ha = float(shapely.area(pieces["geometry"].to_numpy()).sum()) / HA
    asked = _may_overlap(pieces, land.frame) if isinstance(land, Land) else np.ones(len(pieces), dtype=bool)
    pieces, overlap = _counted_once(pieces, asked, layer)
    ledger += overlap
    if within is not None:
        pieces, outside = keep_within(pieces, within, like=layer)
        ledger += outside
    for barrier in blocking:
        pieces, taken = subtract(pieces, barrier)
        ledger += taken
    pieces = _single(pieces)
    together, place = joined(pieces["geometry"].to_numpy())
    opened = open_at_necks(together, min_width_m=sizes.min_width_m)
    shapes, cuts, by_plans = _cut_to_size(opened.sites, pieces, sizes, layer.name)
    shapes = _apart(in_order(shapes), together)
    small, thin, ribbon = _unfit(shapes, sizes)
    ledger += cuts
    ledger += _dropped("too_narrow", np.concatenate([opened.narrow, shapes[thin]]), pieces, layer.name)
    ledger += _dropped("ribbon", shapes[ribbon], pieces, layer.name)
    ledger += _dropped("too_small", shapes[small], pieces, layer.name)
    shapes = in_order(shapes[~(small | thin | ribbon)])
    frame, members = _frame(shapes, _shares(shapes, pieces, together, place), layer)
    told_ha = ledger.frame.loc[ledger.frame["step"] == STEP, "area_ha"].sum()
    ledger += _rounding(available_ha - told_ha - frame["area_ha"].sum(), layer.name)
    return Sites(frame, members, ledger, by_plans)


def _sizes(min_site_ha: float, max_site_ha: float, min_width_m: float) -> Sizes:
    """Check the sizes, all at once."""
    problems = [
        *number_findings(min_site_ha, name="min_site_ha", minimum=0),
        *number_findings(max_site_ha, name="max_site_ha", minimum=0, allow_infinite=True),
        *number_findings(min_width_m, name="min_width_m", minimum=0),
    ]
    if not problems and min_site_ha >= max_site_ha:
        problems = [Finding("sizes_order", {"least": min_site_ha, "largest": max_site_ha})]
    refuse(problems)
    return Sizes(min_m2=float(min_site_ha) * HA, max_m2=float(max_site_ha) * HA, min_width_m=float(min_width_m))


def _pieces(land: Land | LayerLike) -> tuple[Layer, pd.DataFrame]:
    """
    Return the land as single polygons in an order that does not depend on the rows.

    Columns `parcel_id`, `land_class`, `share`, `geometry`, and the columns of `BY_COLUMN` that the parcels have.
    """
    if isinstance(land, Land):
        parts = Layer(name="parcels", frame=land.parts.reset_index(drop=True))
        layer, parcels = as_layer(parts, name="parcels", kinds=("polygon",)), land.frame
        table = pd.DataFrame(layer.frame[["parcel_id", "land_class", "share"]])
    else:
        layer = as_layer(without_ledger(land), name="parcels", kinds=("polygon",))
        parcels = layer.frame
        table = pd.DataFrame({"parcel_id": parcels.index, "land_class": "free", "share": 1.0})
    for column in BY_COLUMN:
        if column in parcels:
            table[column] = parcels[column].reindex(table["parcel_id"]).to_numpy()
    shapes, source = cut(np.asarray(layer.frame.geometry.values, dtype=object), max_vertices=_MAX_VERTICES)
    shapes = shapely.normalize(shapes)
    pieces = table.iloc[source].assign(geometry=shapes).reset_index(drop=True)
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    name, kind = (pieces[column].astype(str).to_numpy(dtype=str) for column in ("parcel_id", "land_class"))
    return layer, pieces.iloc[np.lexsort((*bounds.T, kind, name))].reset_index(drop=True)


def _may_overlap(pieces: pd.DataFrame, parcels: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which pieces may overlap another: not where the parcel, with far fewer vertices, meets no other parcel."""
    shapes, source = cut(np.asarray(parcels.geometry.values, dtype=object))
    i, j = _overlapping(shapes)
    other = source[i] != source[j]
    alone = parcels.index.delete(np.union1d(source[i[other]], source[j[other]]))
    # Under a fractional constraint a parcel has the same ground twice.
    twice = pieces.loc[pieces["share"] < 1, "parcel_id"]
    return np.asarray(~pieces["parcel_id"].isin(alone) | pieces["parcel_id"].isin(twice))


def _overlapping(shapes: Shapes) -> tuple[Places, Places]:
    """Return pairs of shapes that may overlap, the first before the second."""
    # Shrunk by the grid, neighbours no longer meet, unless they overlap: five times faster than asking who overlaps.
    shrunk = shapely.buffer(shapes, -GRID_M, join_style="mitre")
    found = found_in(shapely.STRtree(shapes), shrunk, "intersects")
    i, j = np.unique(np.sort(found[:, found[0] != found[1]], axis=0), axis=1)
    return i, j


def _counted_once(pieces: pd.DataFrame, asked: NDArray[np.bool_], layer: Layer) -> tuple[pd.DataFrame, Ledger]:
    """Where parcels overlap, leave the land to the first of them by id; only pieces that are asked about can."""
    shapes = pieces["geometry"].to_numpy()
    place = np.flatnonzero(asked)
    i, j = (place[side] for side in _overlapping(shapes[place]))
    area = shapely.area(overlap_of(shapes[i], shapes[j]))
    # Films along a border are noise of earlier overlay; joining on the grid takes care of them.
    real = area > GRID_M * np.minimum(shapely.length(shapes[i]), shapely.length(shapes[j]))
    if not real.any():
        return pieces, Ledger.empty()
    later, group = np.unique(j[real], return_inverse=True)
    taken = union_by_group(shapes[i[real]], group, len(later))
    left = shapes.copy()
    left[later] = beyond(shapes[later], taken)
    lost = shapely.area(shapes[later]) - shapely.area(left[later])
    ledger = Ledger.entry(
        STEP,
        layer.name,
        "overlap",
        ids=pieces["parcel_id"].iloc[later].unique().tolist(),
        area_ha=float(lost.sum()) / HA,
    )
    return pieces.assign(geometry=left)[shapely.area(left) > 0].reset_index(drop=True), ledger


def _single(pieces: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces as single polygons."""
    parts, source = single(pieces["geometry"].to_numpy())
    return pieces.iloc[source].assign(geometry=parts).reset_index(drop=True)


def _cut_to_size(
    shapes: Shapes, pieces: pd.DataFrame, sizes: Sizes, name: str
) -> tuple[Shapes, Ledger, tuple[Finding, ...]]:
    """Cut the areas that are larger than a site may be; tell what the borders of plans made of them."""
    large = shapely.area(shapes) > sizes.max_m2
    within, piece = pairs(shapes[large], pieces["geometry"].to_numpy())
    owned = [pieces.iloc[piece[within == number]] for number in range(int(large.sum()))]
    split = each(lambda site: split_large(*site, sizes), list(zip(shapes[large], owned, strict=True)))
    cuts = []
    for own, (_, reasons) in zip(owned, split, strict=True):
        size = pd.Series(shapely.area(own["geometry"].to_numpy()))
        largest = size.groupby(own["parcel_id"].to_numpy()).sum().idxmax()
        cuts += [(reason, largest) for reason in reasons]
    ledger = Ledger.empty()
    for reason in (*BY_COLUMN.values(), BY_SIZE):
        ledger += Ledger.entry(STEP, name, reason, ids=[parcel for key, parcel in cuts if key == reason])
    by_plans = [polygons for polygons, reasons in split if BY_COLUMN["plan_id"] in reasons]
    cut_up = np.concatenate([shapes[~large], *(polygons for polygons, _ in split)])
    return cut_up, ledger, _plan_findings(by_plans, sizes)


def _plan_findings(areas: list[Shapes], sizes: Sizes) -> tuple[Finding, ...]:
    """Tell how many sites areas became that were cut where plans meet, and how much of them is too small for one."""
    if not areas:
        return ()
    parts = np.concatenate(areas)
    unfit = np.logical_or.reduce(_unfit(parts, sizes))
    area = shapely.area(parts) / HA
    whole, lost = float(area.sum()), float(area[unfit].sum())
    values = {"count": len(areas), "hectares": whole, "sites": int((~unfit).sum()), "lost": lost}
    # Plans are what such land is to be cut by; where much is lost, the layer may hold zones or blocks instead.
    severity: Severity = "warning" if lost > _MUCH_LOST * whole else "note"
    return (Finding("sites_cut_by_plans", {**values, "largest": sizes.max_m2 / HA}, severity),)


def _unfit(shapes: Shapes, sizes: Sizes) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which shapes are no sites since they are too small, or else too thin, or else ribbons."""
    area = shapely.area(shapes)
    small = area < sizes.min_m2
    thin = ~small & _is_thin(shapes, sizes.min_width_m)
    ribbon = ~(small | thin) & is_ribbon(area, shapely.length(shapes), min_width_m=sizes.min_width_m)
    return small, thin, ribbon


def _is_thin(shapes: Shapes, min_width_m: float) -> NDArray[np.bool_]:
    """Tell which shapes are nowhere as wide as the least width."""
    inward = min_width_m / 2 - GRID_M
    if inward <= 0:
        return np.zeros(len(shapes), dtype=bool)
    return np.asarray(shapely.is_empty(shapely.buffer(shapes, -inward)))


def _apart(shapes: Shapes, together: Shapes) -> Shapes:
    """
    Take from each shape what an earlier one has: rounding and re-joining may give neighbours the same sliver.

    Shapes that are still as the land was joined, `together`, share none.
    """
    changed = _position_of(shapes, together) < 0
    i, j = meeting_inside(shapes, changed)
    shared = shapely.area(overlap_of(shapes[i], shapes[j])) > 0
    if not shared.any():
        return shapes
    later, place = np.unique(j[shared], return_inverse=True)
    taken = union_by_group(shapes[i[shared]], place, len(later))
    shapes = shapes.copy()
    shapes[later] = [max(shapely.get_parts(rest), key=shapely.area) for rest in beyond(shapes[later], taken)]
    return shapes


def _rounding(hectares: float, name: str) -> Ledger:
    """Return what meeting on the grid took (or gave, below zero), so that sites and ledger are the land."""
    if abs(hectares) * HA < _NOISE_M2:
        return Ledger.empty()
    row = {"step": STEP, "layer": name, "reason": "rounding", "count": 0, "area_ha": hectares, "ids": ""}
    return Ledger.of([row])


def _dropped(reason: str, shapes: Shapes, pieces: pd.DataFrame, name: str) -> Ledger:
    """Return the ledger of land that becomes no site; what is under a square metre adds area, but is not counted."""
    area = shapely.area(shapes)
    if area.sum() < GRID_M:
        return Ledger.empty()
    counted = shapes[area >= min(_FILM_M2, area.max())]
    _, piece = pairs(shapely.point_on_surface(in_order(counted)), pieces["geometry"].to_numpy())
    row = {
        "step": STEP,
        "layer": name,
        "reason": reason,
        "count": len(counted),
        "area_ha": float(area.sum()) / HA,
        "ids": some(pieces["parcel_id"].iloc[piece].unique()),
    }
    return Ledger.of([row])


def _frame(shapes: Shapes, shares: pd.DataFrame, layer: Layer) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the table of sites, and of the parcels in them."""
    members = shares.groupby(["site", "parcel_id"], sort=False)["ha"].sum().reset_index()
    name = members["parcel_id"].astype(str)
    members = members.iloc[np.lexsort((name, -members["ha"].round(9), members["site"]))].reset_index(drop=True)
    main = members.drop_duplicates("site")["parcel_id"].reset_index(drop=True)
    # The shapes come by falling area, then by position, and so do the numbers.
    number = main.groupby(main).cumcount() + 1
    site_id = pd.Index(main.astype(str) + "/" + number.astype(str), name="site_id", dtype=object)
    counting = shares.assign(counted=shares["ha"] * shares["share"])
    by_class = counting.pivot_table(index="site", columns="land_class", values="counted", aggfunc="sum", fill_value=0.0)
    by_class = by_class.reindex(index=range(len(shapes)), columns=["free", "conditional"], fill_value=0.0)
    frame = gpd.GeoDataFrame(
        {
            "area_ha": shapely.area(shapes) / HA,
            "free_ha": by_class["free"].to_numpy(dtype=float),
            "conditional_ha": by_class["conditional"].to_numpy(dtype=float),
            "parcels": members.groupby("site").size().to_numpy(dtype=np.int64),
            "main_parcel": main.to_numpy(),
            "geometry": shapely.normalize(shapes),
        },
        index=site_id,
        geometry="geometry",
        crs=layer.crs,
    ).sort_index()
    members.insert(0, "site_id", site_id[members.pop("site").to_numpy(dtype=np.intp)])
    return frame, members.sort_values(["site_id", "ha"], ascending=[True, False], kind="stable", ignore_index=True)


def _shares(shapes: Shapes, pieces: pd.DataFrame, together: Shapes, place: Places) -> pd.DataFrame:
    """
    Return how much land of each piece is in each site: `site`, `parcel_id`, `land_class`, `share`, `ha`.

    `together` is the land before it was opened and cut, and `place` the position in it of each piece: where nothing was
    opened or cut, the pieces of the land are those of the site.
    """
    land = pieces["geometry"].to_numpy()
    untouched = np.append(_position_of(together, shapes), -1)
    whole = np.flatnonzero(untouched[place] >= 0)
    changed = np.setdiff1d(np.arange(len(shapes)), untouched)
    rest = np.flatnonzero(untouched[place] < 0)
    i, j, shared = _overlaps(shapes[changed], land[rest])
    i, j = np.concatenate([untouched[place[whole]], changed[i]]), np.concatenate([whole, rest[j]])
    area = np.concatenate([shapely.area(land[whole]), shared])
    film = (area < _FILM_M2) & (area < shapely.area(land)[j] / 2)
    i, j, area = i[~film], j[~film], area[~film]
    total = np.bincount(i, weights=area, minlength=len(shapes))
    ha = area * (shapely.area(shapes) / total)[i] / HA
    table: pd.DataFrame = pieces.iloc[j][["parcel_id", "land_class", "share"]].assign(site=i, ha=ha)
    return table.reset_index(drop=True)


def _position_of(shapes: Shapes, among: Shapes) -> Places:
    """Return where each shape is among others, to the last digit; -1 for none."""
    position = {shape: number for number, shape in enumerate(shapely.to_wkb(among))}
    return np.array([position.get(shape, -1) for shape in shapely.to_wkb(shapes)], dtype=np.intp)


def _overlaps(shapes: Shapes, land: Shapes) -> tuple[Places, Places, NDArray[np.float64]]:
    """Return the pairs of shapes and pieces of land that share ground, and how much."""
    # Most pieces lie whole in one site, but for what the grid has moved its edges.
    shrunk = shapely.buffer(land, -2 * GRID_M, join_style="mitre")
    site, piece = shapely.STRtree(shrunk).query(shapes, predicate="covers")
    crossing = np.setdiff1d(np.arange(len(land)), piece)
    # A site may be as large as a municipality; cut, each of its pieces meets only the land that is near.
    parts, source = cut(shapes, max_vertices=_MAX_VERTICES)
    i, j = pairs(parts, land[crossing])
    shared = shapely.area(overlap_of(parts[i], land[crossing[j]]))
    i, j = np.concatenate([site, source[i]]), np.concatenate([piece, crossing[j]])
    area = np.concatenate([shapely.area(land)[piece], shared])
    (i, j), place = np.unique(np.stack([i, j]), axis=1, return_inverse=True)
    return i, j, np.asarray(np.bincount(place, weights=area, minlength=len(i)), dtype=np.float64)
