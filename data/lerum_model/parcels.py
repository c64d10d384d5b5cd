"""Parcels that cover the municipality without gaps or overlaps: roads, railway, water, plots, farms and forest."""

import itertools
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from shapely import LineString, Point, Polygon

from lerum_model import backbone, network, shapes
from lerum_model.backbone import CRS
from lerum_model.network import Network

GRID_M = 0.01
HAMLETS = 235
# What stands along streets: how far it reaches from the street, and how wide it is (m).
DEEP_M = {"villa": 38.0, "row": 34.0, "lot": 52.0}
WIDE_M = {"villa": (23.0, 35.0), "row": (9.0, 10.5), "lot": (55.0, 85.0)}
# How long a stretch of one kind is, and how far apart the points are that plots are drawn from (m).
STRETCH_M, STEP_M = (110.0, 240.0), 4.0
SMALLEST_M2 = {"plot": 180.0, "homestead": 600.0, "block": 600.0, "rural": 3000.0, "corridor": 400.0}
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
    towns = _town_units(land, roads)
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
        **{
            "unit": "corridor",
            "use": None,
            "locality": None,
            "business": None,
            "block": None,
            "purpose": None,
            **columns,
        }
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
    for kind, key in (
        (network.MAIN, "name"),
        (network.STREET, "locality"),
        (network.LANE, "locality"),
        (network.MINOR, None),
    ):
        some = edges[edges["kind"] == kind]
        for _, group in some.groupby(key or np.zeros(len(some)), sort=True):
            # Closed a little, so that roads meet without notches.
            band = _band(group).buffer(1.5, join_style="mitre").buffer(-1.5, join_style="mitre").simplify(0.6)
            pieces = shapes.by_squares(band, 600.0 if kind in {network.STREET, network.LANE} else 2600.0, 35.0)
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


def _town_units(land: shapely.Geometry, roads: Network) -> gpd.GeoDataFrame:
    """Divide street blocks: villas for the most part, row houses, flats and shops near the middle; schools, groves."""
    edges = roads.edges
    faced = edges[edges["kind"].isin([network.STREET, network.MAIN, network.MINOR])]
    bands = shapely.buffer(faced.geometry.to_numpy(), faced["width_m"].to_numpy() / 2 + 1.5, cap_style="flat")
    tree = shapely.STRtree(bands)
    rows: list[gpd.GeoDataFrame] = []
    for position, (name, _, _, people, _) in enumerate(backbone.PLACES):
        rng = np.random.default_rng([30, position])
        seat = shapely.union_all(_middles(name))
        for block in shapes.polygons(land.intersection(roads.localities[name])):
            _, width, _ = shapes.size(block)
            if block.area < 1500 or width < 20 or (block.area < 2.4e4 and rng.random() < 0.07):
                use = "common" if rng.random() < 0.3 else None
                rows.append(_rows([block], unit="block", locality=name, use=use, block=len(rows)))
                continue
            near = bands[np.sort(tree.query(block, predicate="intersects"))]
            front = block.boundary.intersection(shapely.union_all(near)) if len(near) else block.boundary
            here = [
                _rows(plots, unit=unit, locality=name, block=len(rows))
                for unit, plots in _plots(block, front, seat, min(1.0, (people / 8000) ** 0.4), rng)
            ]
            plots = shapely.union_all([plot for part in here for plot in part.geometry])
            rest = block.difference(plots.buffer(0.5)).buffer(-7).buffer(7, quad_segs=2)
            left = [part for part in shapes.polygons(rest) if part.area > 900]
            wanted = ["school" if part.area > 4500 and rng.random() < 0.4 else "grove" for part in left]
            rows += [*here, _rows(left, unit="block", locality=name, block=len(rows), purpose=wanted)]
    return pd.concat([part for part in rows if len(part)], ignore_index=True)


def _middles(name: str) -> list[Point]:
    """Return the middle of a village, and its stations."""
    east, north = next((e, n) for place, e, n, *_ in backbone.PLACES if place == name)
    middle = Point(east, north)
    return [middle, *[Point(e, n) for _, e, n, _ in backbone.STATIONS if middle.distance(Point(e, n)) < 1200]]


def _kind(away_m: float, rng: np.random.Generator) -> str:
    """Return what stands side by side along a stretch of street: lots for flats and shops, row houses, or villas."""
    draw = rng.random()
    if away_m < 240 or (away_m < 520 and draw > 0.72) or draw > 0.97:
        return "lot"
    return "row" if away_m < 1000 and draw > 0.86 else "villa"


def _plots(
    block: Polygon, front: shapely.Geometry, seat: shapely.Geometry, scale: float, rng: np.random.Generator
) -> list[tuple[str, list[Polygon]]]:
    """
    Return the unit and the plots of each stretch along the streets of a block.

    Each plot is the land nearest to its part of the front, and no deeper than plots of its kind are.

    Parameters
    ----------
    block
        What is divided.
    front
        The lines of its boundary that plots face.
    seat, scale
        The middle of the village, and how large it is (1: as the largest).
    rng
        Chance.
    """
    points: list[Point] = []
    owner: list[int] = []
    stretches: list[tuple[str, int, int]] = []
    for line in shapes.lines(shapely.line_merge(front)):
        for stretch in _stretches(line, rng.uniform(*STRETCH_M)):
            kind = _kind(seat.distance(stretch) / scale, rng)
            count = max(1, round(stretch.length / rng.uniform(*WIDE_M[kind])))
            steps = max(1, round(stretch.length / count / STEP_M))
            share = (np.arange(count * steps) + 0.5) / (count * steps)
            points += list(shapely.line_interpolate_point(stretch, share, normalized=True))
            first = owner[-1] + 1 if owner else 0
            owner += [first + k // steps for k in range(count * steps)]
            stretches.append((kind, first, count))
    if len(points) < 2:
        return [("block", [block])]
    around = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=block, ordered=True)
    cells, key = np.array(shapely.get_parts(around)), np.asarray(owner)
    found = []
    for kind, first, count in stretches:
        within = block.intersection(front.buffer(DEEP_M[kind], quad_segs=4))
        plots = [shapely.coverage_union_all(cells[key == k]).intersection(within) for k in range(first, first + count)]
        found.append(("block" if kind == "lot" else "plot", [part for plot in plots for part in shapes.polygons(plot)]))
    return found


def _stretches(line: LineString, about_m: float) -> list[LineString]:
    """Cut a line into stretches of one length near `about_m`."""
    stops = np.linspace(0, line.length, max(1, round(line.length / about_m)) + 1)
    return [shapely.ops.substring(line, a, b) for a, b in itertools.pairwise(stops)]


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

    ways = roads.edges.geometry[~roads.edges["kind"].isin([network.MOTORWAY, network.RAMP])].to_numpy()
    tree = shapely.STRtree(ways)

    def draw(piece: Polygon) -> LineString:
        length, width, _ = shapes.size(piece)
        way = ways[tree.nearest(piece.centroid)]
        # Laga skifte gave each farm a strip from the road, over field and meadow, to the forest.
        if piece.distance(way) < 40 and length < width * 4.5 and rng.random() < 0.75:
            return shapes.cut_line(
                piece, rng, direction=_away_from(way, piece.centroid), kinks=2, wobble=0.025, skew_deg=8
            )
        return shapes.cut_line(piece, rng, kinks=int(rng.integers(3, 7)), wobble=0.05, skew_deg=16)

    def small(piece: Polygon) -> bool:
        return piece.area < max(goal_m2(piece), 3e4)

    pieces = [part for block in shapes.polygons(land) for part in shapes.divide_until(block, small, draw)[0]]
    return _rows(pieces, unit="rural")


def _away_from(way: LineString, point: Point) -> float:
    """Return the direction straight across a road where it passes a point (radians)."""
    at = way.project(point)
    a, b = way.interpolate(max(at - 40, 0)), way.interpolate(min(at + 40, way.length))
    return float(np.arctan2(b.y - a.y, b.x - a.x) + np.pi / 2)


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
    shape = np.asarray(shapely.coverage_simplify(shape, 2.0, simplify_boundary=False))
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
