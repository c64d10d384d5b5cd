"""Parcels that cover the municipality without gaps or overlaps: roads, railway, water, plots, farms and forest."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, Polygon

from lerum_model import network, shapes
from lerum_model.backbone import CRS
from lerum_model.network import Network

GRID_M = 0.01
HAMLETS = 235
SMALLEST_M2 = {"plot": 300.0, "homestead": 600.0, "block": 600.0, "rural": 3000.0, "corridor": 400.0}
# Invented trakter with a middle each; a parcel belongs to the nearest.
TRAKTER = (
    ("Exempelby", 338000, 6406800), ("Modellbo", 340400, 6408800), ("Provhult", 343000, 6410900),
    ("Skissered", 339400, 6413700), ("Påhittan", 344200, 6422000), ("Övningstorp", 347000, 6411200),
    ("Testeryd", 337600, 6402500), ("Demoboda", 341100, 6417000), ("Fiktivhult", 334500, 6416000),
    ("Tänkåsa", 335000, 6410500), ("Låtsaskärr", 344500, 6404000), ("Prototorp", 348500, 6407500),
    ("Utkastmåla", 345500, 6427500), ("Försöksvik", 344300, 6415800),
)  # fmt: skip


def build(
    outline: Polygon, lakes: Mapping[str, Polygon], river: LineString, roads: Network, business: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Divide the municipality.

    Parameters
    ----------
    outline, lakes, river, roads
        What the land is cut by.
    business
        Areas whose land is divided into business plots.

    Returns
    -------
    geopandas.GeoDataFrame
        `unit` (corridor, block, plot, business, homestead, rural), `use`, `locality`, `block`, `business`; an exact
        coverage of `outline`.
    """
    corridors = _corridors(outline, lakes, river, roads)
    land = outline.difference(shapely.union_all(corridors.geometry.to_numpy()))
    towns = _town_units(land, roads.localities)
    zones = business[business["divided"]]
    estates = _business_units(land.difference(shapely.union_all([*roads.localities.values()])), zones)
    taken = shapely.union_all([*roads.localities.values(), *zones.geometry])
    homesteads = _homesteads(land.difference(taken), roads)
    rural = _rural_units(land.difference(taken), roads)
    units = pd.concat([corridors, towns, estates, homesteads, rural], ignore_index=True)
    return _cover(outline, gpd.GeoDataFrame(units, geometry="geometry", crs=CRS))


def _rows(polygons: list[Polygon], **columns: object) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({"geometry": polygons}, geometry="geometry", crs=CRS)
    return frame.assign(
        **{"unit": "corridor", "use": None, "locality": None, "business": None, "block": None, **columns}
    )


def _corridors(outline: Polygon, lakes: Mapping[str, Polygon], river: LineString, roads: Network) -> gpd.GeoDataFrame:
    """Return rail, road and water areas in order of rank; where two overlap, the first has the land."""
    edges = roads.edges
    bands = shapely.buffer(
        edges.geometry.values, edges["width_m"].to_numpy() / 2, cap_style="flat", join_style="mitre", mitre_limit=1.5
    )
    edges = edges.assign(band=bands)
    interchange = shapely.union_all(
        [
            part.convex_hull
            for part in shapely.get_parts(_band(edges[edges["kind"] == network.RAMP]).buffer(60, quad_segs=3))
        ]
    ).buffer(-58, join_style="mitre")
    motorway = _band(edges[edges["kind"] == network.MOTORWAY]).union(interchange)
    rows = [
        _rows([roads.rail.buffer(13, cap_style="flat")], use="rail"),
        _rows(_lengths(motorway, roads.e20, 5), use="road"),
    ]
    for kind, key in ((network.MAIN, "name"), (network.STREET, "locality"), (network.MINOR, None)):
        some = edges[edges["kind"] == kind]
        for _, group in some.groupby(key or np.zeros(len(some)), sort=True):
            # Closed a little, so that roads meet without notches.
            band = _band(group).buffer(1.5, join_style="mitre").buffer(-1.5, join_style="mitre").simplify(0.6)
            pieces = shapes.by_squares(band, 600.0 if kind == network.STREET else 2600.0, 35.0)
            rows.append(_rows(pieces, use="road", locality=group["locality"].iloc[0]))
    rows.append(_rows([*lakes.values(), shapes.uneven_band(river, 7.0, 16.0, np.random.default_rng(2))], use="water"))
    whole = pd.concat(rows, ignore_index=True)
    inside = whole.geometry.intersection(outline)
    return whole.set_geometry(inside)[inside.area > 1].reset_index(drop=True)


def _band(edges: pd.DataFrame) -> shapely.Geometry:
    return shapely.union_all(edges["band"].to_numpy())


def _lengths(band: shapely.Geometry, line: LineString, count: int) -> list[Polygon]:
    """Cut a band across into `count` lengths."""
    parts = [band]
    for k in range(1, count):
        a = line.interpolate(k / count, normalized=True)
        b = line.interpolate(k / count + 1e-4, normalized=True)
        across = np.array([-(b.y - a.y), b.x - a.x]) / np.hypot(b.x - a.x, b.y - a.y) * 400
        knife = LineString([(a.x - across[0], a.y - across[1]), (a.x + across[0], a.y + across[1])])
        parts = (
            [piece for part in parts for piece in shapes.divide(part, knife)] if k > 1 else shapes.divide(band, knife)
        )
    return parts


def _town_units(land: shapely.Geometry, localities: Mapping[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Divide street blocks: most into plots, some left whole for schools, groves, flats and the municipality."""
    rows: list[gpd.GeoDataFrame] = []
    for position, (name, built) in enumerate(localities.items()):
        rng = np.random.default_rng([30, position])
        for block in shapes.polygons(land.intersection(built)):
            _, width, _ = shapes.size(block)
            if block.area < 1500 or width < 20 or block.area > 3.2e4 or rng.random() < 0.13:
                use = "common" if rng.random() < 0.3 and block.area < 2e4 else None
                rows.append(_rows([block], unit="block", locality=name, use=use, block=len(rows)))
                continue
            # Terraces, ordinary villas, and the larger plots of the oldest quarters.
            goal = rng.choice([620.0, 1180.0, 1560.0, 2100.0], p=[0.06, 0.32, 0.38, 0.24]) * rng.uniform(0.9, 1.1)
            plots, _ = shapes.divide_until(
                block,
                lambda piece, goal=goal: piece.area < goal * 1.36,
                lambda piece, rng=rng: _plot_line(piece, rng),
            )
            rows.append(_rows(plots, unit="plot", locality=name, block=len(rows)))
    return pd.concat(rows, ignore_index=True)


def _plot_line(piece: Polygon, rng: np.random.Generator) -> LineString:
    """Divide a deep block between its two rows of plots first, then row by row."""
    length, width, _ = shapes.size(piece)
    if width > 54 and length > width * 1.1:
        return shapes.middle_line(piece, int(length > 120))
    return shapes.cut_line(piece, rng, lengthwise=False, kinks=0, wobble=0, skew_deg=4)


def _homesteads(land: shapely.Geometry, roads: Network) -> gpd.GeoDataFrame:
    """Return small plots along the roads outside the villages: hamlets, and houses by themselves."""
    rng = np.random.default_rng(33)
    edges = roads.edges
    along = edges[edges["kind"].isin([network.MINOR, network.MAIN])]
    lines, widths = along.geometry.to_numpy(), along["width_m"].to_numpy()
    lengths = shapely.length(lines)
    room = land.buffer(-1)
    shapely.prepare(room)
    plots: list[Polygon] = []
    for cluster in rng.choice(len(lines), HAMLETS, p=lengths / lengths.sum()):
        line, half = lines[cluster], widths[cluster] / 2
        place, side = rng.uniform(0.05, 0.95) * line.length, int(rng.choice([-1, 1]))
        count = int(rng.choice([1, 2, 5, 9, 14], p=[0.44, 0.2, 0.16, 0.13, 0.07]))
        for _ in range(count):
            front, deep = rng.uniform(30, 52), rng.uniform(38, 62)
            if not 15 < place < line.length - 15:
                break
            # It reaches into the road's area, which keeps its land: so the plot lies close to the road.
            plot = _beside(line, place, (side * (half - 2.5), side * (half + deep)), front, rng)
            if room.contains(plot.buffer(-6)) and not any(plot.distance(other) < 0.5 for other in plots):
                plots.append(plot)
            side = -side if rng.random() < 0.35 else side
            place += front * rng.uniform(1.02, 1.9)
    return _rows(plots, unit="homestead")


def _beside(
    line: LineString, at: float, across: tuple[float, float], front: float, rng: np.random.Generator
) -> Polygon:
    """Return a plot of four corners along a road, from one distance across to another (negative: on the right)."""
    a, b = line.interpolate(at - 2), line.interpolate(at + 2)
    u = np.array([b.x - a.x, b.y - a.y]) / np.hypot(b.x - a.x, b.y - a.y)
    v = np.array([-u[1], u[0]])
    middle = np.array([(a.x + b.x) / 2, (a.y + b.y) / 2])
    near, far = (middle + v * metres for metres in across)
    back = front * rng.uniform(0.85, 1.15)
    return Polygon([near - u * front / 2, near + u * front / 2, far + u * back / 2, far - u * back / 2])


def _business_units(land: shapely.Geometry, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = [_rows([])]
    for position, zone in enumerate(zones.itertuples()):
        rng = np.random.default_rng([31, position])
        for block in shapes.polygons(land.intersection(zone.geometry)):
            pieces, _ = shapes.divide_until(
                block,
                lambda piece, rng=rng: piece.area < rng.uniform(1.2e4, 4.5e4),
                lambda piece, rng=rng: _straight_across(piece, rng),
            )
            rows.append(_rows(pieces, unit="business", business=zone.Index))
    return pd.concat(rows, ignore_index=True)


def _straight_across(piece: Polygon, rng: np.random.Generator) -> LineString:
    return shapes.cut_line(piece, rng, lengthwise=False, kinks=0, wobble=0, skew_deg=4)


def _rural_units(land: shapely.Geometry, roads: Network) -> gpd.GeoDataFrame:
    """Divide farm and forest land: small near the valley and the villages, large far from them."""
    rng = np.random.default_rng(32)
    near = shapely.union_all([roads.rail, roads.e20, *[built.centroid for built in roads.localities.values()]])
    shapely.prepare(near)

    def goal_m2(piece: Polygon) -> float:
        away = min(near.distance(piece.centroid) / 4000, 1.0)
        return min(float((17 + 38 * away) * rng.lognormal(0, 0.55)), 78.0) * 1e4

    def draw(piece: Polygon) -> LineString:
        length, width, _ = shapes.size(piece)
        # Laga skifte left long strips: now and then a piece is cut along its length.
        strip = length < width * 2.2 and rng.random() < 0.3
        return shapes.cut_line(piece, rng, lengthwise=strip, kinks=int(rng.integers(0, 4)), wobble=0.05, skew_deg=13)

    def small(piece: Polygon) -> bool:
        return piece.area < max(goal_m2(piece), 3e4)

    pieces = [part for block in shapes.polygons(land) for part in shapes.divide_until(block, small, draw)[0]]
    return _rows(pieces, unit="rural")


def _cover(outline: Polygon, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn areas that overlap and leave slivers into one exact coverage on a grid of centimetres."""
    rings = [outline.boundary, *shapely.boundary(units.geometry.to_numpy())]
    noded = shapely.union_all(rings, grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    point = shapely.point_on_surface(faces)
    shapely.prepare(outline)
    inside = shapely.contains(outline.buffer(0.02), point)
    faces, point = faces[inside], point[inside]
    tree = shapely.STRtree(units.geometry.to_numpy())
    i, j = tree.query(point, predicate="within")
    owner = pd.Series(j).groupby(i).min().reindex(range(len(faces)))
    lost = np.flatnonzero(owner.isna())
    owner.iloc[lost] = tree.nearest(point[lost])
    parts = _dissolve(faces, owner.to_numpy(dtype=int))
    merged = _without_crumbs(parts, units)
    frame = units.drop(columns="geometry").iloc[merged["owner"]].reset_index(drop=True)
    shape = merged["geometry"].to_numpy()
    # Fewer vertices, the same for both neighbours; the municipality's own line stays. Outside the villages more so.
    outside = frame["locality"].isna().to_numpy()
    shape = np.asarray(shapely.coverage_simplify(shape, 1.6, simplify_boundary=False))
    shape[outside] = shapely.coverage_simplify(shape[outside], 5.0, simplify_boundary=False)
    return gpd.GeoDataFrame(frame, geometry=shapely.normalize(shape), crs=CRS)


def _dissolve(faces: np.ndarray, key: np.ndarray) -> pd.DataFrame:
    """Join the faces of one key; each connected piece is a row."""
    order = np.argsort(key, kind="stable")
    groups = np.split(faces[order], np.flatnonzero(np.diff(key[order])) + 1)
    rows = [
        (owner, part)
        for owner, group in zip(np.unique(key), groups, strict=True)
        for part in shapes.polygons(shapely.coverage_union_all(group))
    ]
    return pd.DataFrame(rows, columns=["owner", "geometry"])


def _without_crumbs(parts: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give pieces too small to be parcels to the neighbour they share most boundary with."""
    for _ in range(4):
        shape = parts["geometry"].to_numpy()
        kind = units["unit"].to_numpy()[parts["owner"]]
        smallest = np.array([SMALLEST_M2.get(unit, 1500.0) for unit in kind])
        thin = (2 * shapely.area(shape) / shapely.length(shape) < 8) & (kind != "corridor")
        crumbs = np.flatnonzero((shapely.area(shape) < smallest) | thin)
        if not len(crumbs):
            break
        i, j = shapely.STRtree(shape).query(shape[crumbs], predicate="touches")
        shared = shapely.length(shapely.intersection(shape[crumbs[i]], shape[j]))
        table = pd.DataFrame({"crumb": crumbs[i], "to": j, "m": shared.round(3)})
        table = table[table["m"] > 0].sort_values(["crumb", "m", "to"], ascending=[True, False, True])
        best = table.drop_duplicates("crumb").set_index("crumb")["to"]
        group = np.arange(len(parts))
        # Crumbs that want each other are joined in the next round.
        moved = best[~best.isin(crumbs) | (best.index > best)]
        group[moved.index] = moved.to_numpy()
        joined = _dissolve(shape, group)
        parts = pd.DataFrame({"owner": parts["owner"].to_numpy()[joined["owner"]], "geometry": joined["geometry"]})
    return parts


def named(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort the parcels and give each an invented beteckning, `parcel_id`."""
    middle = parcels.geometry.centroid
    seats = np.array([(east, north) for _, east, north in TRAKTER])
    away = np.hypot(middle.x.to_numpy()[:, None] - seats[:, 0], middle.y.to_numpy()[:, None] - seats[:, 1])
    trakt = np.array([name for name, *_ in TRAKTER])[away.argmin(axis=1)]
    # Blocks of a kilometre: neighbours have numbers near each other, as where land was parted over time.
    block = middle.y.floordiv(1000) * 1000 + middle.x.floordiv(1000)
    order = parcels.assign(trakt=trakt, block_no=block, y=middle.y.round(1), x=middle.x.round(1))
    order = order.sort_values(["trakt", "block_no", "y", "x"], kind="stable")
    numbered = order.groupby("trakt")["block_no"].transform(lambda column: column.rank(method="dense")).astype(int)
    unit = order.groupby(["trakt", "block_no"]).cumcount() + 1
    label = order["trakt"] + " " + numbered.astype(str) + ":" + unit.astype(str)
    return order.assign(parcel_id=label).drop(columns=["trakt", "block_no", "y", "x"]).reset_index(drop=True)
