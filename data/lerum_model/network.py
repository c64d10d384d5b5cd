"""Roads that join up: hand-drawn main roads, minor roads and streets that divide the land between them."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString, Point, Polygon

from lerum_model import backbone, shapes, streets

GRID_M = 0.01
RURAL_BLOCK_HA = 420.0
# From the middle of a street to the back of the plots.
PLOT_M = 41.0
# Villages do not fill the room they are drawn in.
ROOMY = 1.14
STREET, LANE, MINOR, RAMP, MAIN, MOTORWAY = "street", "lane", "minor", "ramp", "main", "motorway"
# Kind → speed, full width of the road area.
WIDTHS = {STREET: (40, 9.0), LANE: (40, 8.0), MINOR: (60, 9.0), RAMP: (60, 12.0), MOTORWAY: (110, 36.0)}


@dataclass(frozen=True, eq=False)
class Network:
    """
    The roads and what they were drawn from.

    Parameters
    ----------
    edges
        One row between two junctions: `kind`, `name`, `locality` and the attributes of the roads role.
    localities
        Name → outline of the built-up area.
    e20, rail
        The two lines of the valley.
    """

    edges: gpd.GeoDataFrame
    localities: Mapping[str, shapely.Geometry]
    e20: LineString
    rail: LineString


def build(outline: Polygon, lakes: Mapping[str, Polygon], river: LineString) -> Network:
    """Draw the whole road network of the municipality and a little beyond."""
    frame = outline.buffer(1500)
    e20, rail = backbone.line(backbone.E20), backbone.line(backbone.RAIL)
    mains = {name: backbone.line(points).intersection(frame) for name, (*_, points) in backbone.MAIN_ROADS.items()}
    water = shapely.union_all([*lakes.values()])
    barred = shapely.union_all([e20.buffer(75), rail.buffer(16), river.buffer(38)])
    room = _room(outline, water, barred)
    minor = _minor_roads(outline.difference(water), list(mains.values()))
    shore = water.buffer(12)
    minor = [part for road in minor for part in shapes.lines(road.difference(shore)) if part.length > 60]
    minor += _business_streets([*mains.values(), *minor])
    drawn = {
        name: streets.draw(built, [*mains.values(), *minor], np.random.default_rng([20, position]))
        for position, (name, built) in enumerate(room.items())
    }
    doors = [door for village in drawn.values() for door in village.doors]
    mains, minor = (
        {name: _with_doors(road, doors) for name, road in mains.items()},
        [_with_doors(r, doors) for r in minor],
    )
    ramps = [ramp for _, *xy in backbone.INTERCHANGES for ramp in _ramps(Point(xy), e20, mains)]
    sources = pd.concat(
        [
            _sources(list(mains.values()), MAIN, names=list(mains)),
            _sources(ramps, RAMP),
            _sources(minor, MINOR),
            *(_sources(village.long, STREET, locality=name) for name, village in drawn.items()),
            *(_sources(village.lanes, LANE, locality=name) for name, village in drawn.items()),
        ],
        ignore_index=True,
    )
    barrier = shapely.union_all([e20.buffer(25), rail.buffer(18), river.buffer(12), *[r.buffer(6) for r in ramps]])
    edges = _one_net(_spare_crossings(_noded(sources), barrier))
    motorway = _motorway(e20.intersection(frame), ramps)
    whole = pd.concat([edges, motorway], ignore_index=True).set_crs(backbone.CRS)
    localities = {name: _built_up(name, inside, whole) for name, inside in room.items()}
    return Network(_attributes(whole), localities, e20, rail)


def _with_doors(road: shapely.Geometry, doors: list[Point]) -> shapely.Geometry:
    """Return a road with vertices where streets begin."""
    parts = [
        shapes.with_vertices(part, [door for door in doors if door.distance(part) < 0.02])
        for part in shapes.lines(road)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _built_up(name: str, inside: shapely.Geometry, edges: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return a village: its streets and roads with a row of plots on each side, so that its edge is uneven."""
    own = edges[edges["locality"] == name]
    roads = edges.geometry[edges["kind"].isin([MAIN, MINOR])].intersection(inside.buffer(-70))
    reach = [shapely.buffer(own.geometry.to_numpy(), PLOT_M), shapely.buffer(roads.to_numpy(), PLOT_M + 4)]
    whole = shapely.union_all(np.concatenate(reach)).buffer(12).buffer(-12).intersection(inside)
    opened = whole.buffer(-14).buffer(14).simplify(2.5)
    return shapely.MultiPolygon(
        [Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > 4000])
         for part in shapes.polygons(opened) if part.area > 1.5e4]
    )  # fmt: skip


def _room(outline: Polygon, water: shapely.Geometry, barred: shapely.Geometry) -> dict[str, shapely.Geometry]:
    """
    Return where each village may lie.

    A few rounded shapes together, with wedges of green from the edge towards the middle, off water, motorway, railway
    and river.
    """
    found: dict[str, shapely.Geometry] = {}
    for position, (name, east, north, _, drawn) in enumerate(backbone.PLACES):
        rng = np.random.default_rng([10, position])
        blobs = [
            shapes.blob((east + de, north + dn), (long * ROOMY, across * ROOMY), turn, rng)
            for de, dn, long, across, turn in drawn
        ]
        whole = shapely.union_all(blobs).buffer(60).buffer(-60).simplify(4)
        green = [_wedge(whole, rng) for _ in range(int(whole.area // 5e5))]
        dry = (
            whole.difference(shapely.union_all(green))
            .difference(water.buffer(45))
            .difference(barred)
            .intersection(outline)
        )
        for earlier in found.values():
            dry = dry.difference(earlier.buffer(80))
        opened = dry.buffer(-25).buffer(25).simplify(2)
        found[name] = shapely.MultiPolygon([part for part in shapes.polygons(opened) if part.area > 4e4])
    return found


def _wedge(village: shapely.Geometry, rng: np.random.Generator) -> Polygon:
    """Return a wedge of green that reaches into a village from its edge."""
    edge = village.convex_hull.exterior.interpolate(rng.uniform(0, 1), normalized=True)
    middle = village.centroid
    inward = np.array([middle.x - edge.x, middle.y - edge.y])
    tip, outer = np.array(edge.coords[0]) + inward * rng.uniform(0.35, 0.7), np.array(edge.coords[0]) - inward * 0.1
    side = np.array([-inward[1], inward[0]]) / np.hypot(*inward)
    wide = rng.uniform(35, 95)
    bent = (tip + outer) / 2 + side * rng.uniform(-60, 60)
    path = LineString([outer, bent, tip])
    return shapely.union_all([Polygon([outer + side * wide, tip, outer - side * wide]), path.buffer(22)]).buffer(15)


def _minor_roads(land: shapely.Geometry, mains: list[LineString]) -> list[LineString]:
    rng = np.random.default_rng(11)
    noded = shapely.union_all([land.boundary, *mains])
    blocks = shapes.polygons(shapely.polygonize([*shapely.get_parts(noded)]))
    roads: list[LineString] = []
    for block in blocks:
        if not land.contains(block.representative_point()):
            continue
        _, cuts = shapes.divide_until(
            block,
            lambda piece: piece.area < RURAL_BLOCK_HA * 1e4,
            lambda piece: _winding(shapes.cut_line(piece, rng, lengthwise=False, kinks=4, wobble=0.09, skew_deg=14)),
        )
        roads += cuts
    return roads


def _business_streets(roads: list[LineString]) -> list[LineString]:
    """Return a street through each divided business area, out to the nearest road."""
    whole = shapely.union_all(roads)
    streets = []
    for east, north, long, _, turn, *_, divided, _ in backbone.PLAN_AREAS:
        if not divided:
            continue
        axis = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))]) * long / 2
        ends = [Point(*(np.array([east, north]) + sign * axis * 0.85)) for sign in (-1, 1)]
        near, far = sorted(ends, key=whole.distance)
        door = shapely.ops.nearest_points(near, whole)[1]
        beyond = Point(door.x + (door.x - near.x) * 1e-3, door.y + (door.y - near.y) * 1e-3)
        path = [(far.x, far.y), (east, north), (near.x, near.y), (beyond.x, beyond.y)]
        streets.append(LineString(shapes.smooth(path, 40.0)))
    return streets


def _winding(line: LineString) -> LineString:
    """Round the bends of a road; its ends stay."""
    return LineString(shapes.smooth(np.asarray(line.coords), 60.0))


def _ramps(at: Point, e20: LineString, mains: Mapping[str, LineString]) -> list[LineString]:
    """Return the four ramps of an interchange, each drawn in the direction of travel."""
    crossing = min(mains.values(), key=lambda road: (round(road.distance(at)), -road.length))
    here, there = e20.project(at), crossing.project(at)
    ramps = []
    for side in (-1, 1):
        foot = crossing.interpolate(there + side * 75)
        for along in (-1, 1):
            far, near = e20.interpolate(here + along * 420), e20.interpolate(here + along * 130)
            # The bend: beside the motorway, on the foot's side.
            bend = Point(near.x + (foot.x - at.x) * 0.55, near.y + (foot.y - at.y) * 0.55)
            path = LineString(shapes.smooth([(p.x, p.y) for p in (far, bend, foot)], 25.0))
            right = _is_right_of(foot, e20, here)
            leaves = (along < 0) == right
            ramps.append(path if leaves else path.reverse())
    return ramps


def _is_right_of(point: Point, line: LineString, at: float) -> bool:
    a, b = line.interpolate(at - 5), line.interpolate(at + 5)
    return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) < 0


def _sources(
    lines: list[LineString], kind: str, *, names: list[str] | None = None, locality: str | None = None
) -> pd.DataFrame:
    parts = [(part, names[i] if names else None) for i, line in enumerate(lines) for part in shapes.lines(line)]
    return pd.DataFrame(
        {"geometry": [p for p, _ in parts], "name": [n for _, n in parts], "kind": kind, "locality": locality}
    )


def _noded(sources: pd.DataFrame) -> gpd.GeoDataFrame:
    """Split all roads where they meet, so that junctions are shared vertices; each piece keeps its source."""
    union = shapely.union_all(sources["geometry"].to_numpy(), grid_size=GRID_M)
    pieces = np.array(shapes.lines(shapely.line_merge(shapely.node(union))) and shapes.lines(union), dtype=object)
    pieces = shapely.normalize(pieces)
    pieces = pieces[np.lexsort(shapely.get_coordinates(shapely.line_interpolate_point(pieces, 0.5, normalized=True)).T)]
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(sources["geometry"].to_numpy())
    i, j = tree.query(middle, predicate="dwithin", distance=0.05)
    # Sources are in order of rank: where two share a piece, the more important road has it.
    best = pd.Series(j).groupby(i).min().reindex(range(len(pieces)))
    frame = sources.iloc[best.dropna().astype(int)].drop(columns="geometry").reset_index(drop=True)
    kept = pieces[best.notna().to_numpy()]
    return gpd.GeoDataFrame(_merged(frame.assign(geometry=_as_drawn(kept, frame, sources))), geometry="geometry")


def _as_drawn(pieces: np.ndarray, frame: pd.DataFrame, sources: pd.DataFrame) -> list[LineString]:
    """Turn the pieces of ramps the way traffic runs: noding may have turned them."""
    ramps = sources.loc[sources["kind"] == RAMP, "geometry"].tolist()
    drawn = []
    for piece, kind in zip(pieces, frame["kind"], strict=True):
        turned = piece
        if kind == RAMP:
            source = min(ramps, key=lambda ramp: ramp.distance(piece.interpolate(0.5, normalized=True)))
            start, end = source.project(Point(piece.coords[0])), source.project(Point(piece.coords[-1]))
            turned = piece if start <= end else piece.reverse()
        drawn.append(turned)
    return drawn


def _merged(frame: pd.DataFrame) -> pd.DataFrame:
    """Join pieces that only meet each other, so that a road is one line between junctions."""
    degree = pd.Series([end for line in frame["geometry"] for end in (line.coords[0], line.coords[-1])]).value_counts()
    junctions = set(degree[degree != 2].index)
    rows = []
    for key, group in frame.groupby(["kind", "name", "locality"], dropna=False, sort=True):
        if key[0] == RAMP:
            rows += [(*key, line) for line in group["geometry"]]
            continue
        merged = shapes.lines(shapely.line_merge(shapely.union_all(group["geometry"].to_numpy())))
        for line in merged:
            inner = [Point(xy) for xy in line.coords[1:-1] if xy in junctions]
            rows += [(*key, part) for part in (_split(line, inner) if inner else [line])]
    return pd.DataFrame(rows, columns=["kind", "name", "locality", "geometry"])


def _split(line: LineString, at: list[Point]) -> list[LineString]:
    coordinates = list(line.coords)
    wanted = {tuple(point.coords[0]) for point in at}
    stops = [0, *[k for k, xy in enumerate(coordinates) if xy in wanted and 0 < k < len(coordinates) - 1]]
    stops.append(len(coordinates) - 1)
    return [LineString(coordinates[a : b + 1]) for a, b in itertools.pairwise(stops)]


def _spare_crossings(edges: gpd.GeoDataFrame, barrier: shapely.Geometry) -> gpd.GeoDataFrame:
    """Keep a minor crossing of motorway, railway or river only where land would otherwise be cut off (Kruskal)."""
    shapely.prepare(barrier)
    crosses = edges["kind"].isin([STREET, LANE, MINOR]) & shapely.intersects(barrier, edges.geometry.values)
    order = edges.assign(cross=crosses, length=edges.length.round(2)).sort_values(["cross", "length"], kind="stable")
    parent: dict[tuple[float, float], tuple[float, float]] = {}

    def root(node: tuple[float, float]) -> tuple[float, float]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    keep = []
    for index, line, cross in zip(order.index, order.geometry, order["cross"], strict=True):
        a, b = root(line.coords[0]), root(line.coords[-1])
        if a != b:
            parent[max(a, b)] = min(a, b)
        if a != b or not cross:
            keep.append(index)
    return edges.loc[sorted(keep)].reset_index(drop=True)


def _one_net(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out roads that no other road leads to, such as what a lake has cut off."""
    ends = [(line.coords[0], line.coords[-1]) for line in edges.geometry]
    number = {node: position for position, node in enumerate(dict.fromkeys(end for pair in ends for end in pair))}
    a, b = (np.array([number[pair[k]] for pair in ends]) for k in (0, 1))
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(number), len(number)))
    _, label = connected_components(graph, directed=False)
    return edges[label[a] == np.bincount(label).argmax()].reset_index(drop=True)


def _motorway(e20: LineString, ramps: list[LineString]) -> gpd.GeoDataFrame:
    """Return E20 cut where ramps leave and join it."""
    ends = [Point(xy) for ramp in ramps for xy in (ramp.coords[0], ramp.coords[-1])]
    on = [shapely.set_precision(p, GRID_M) for p in ends if p.distance(e20) < 0.5]
    fine = list(shapely.set_precision(e20, GRID_M, mode="pointwise").coords)
    stops = sorted({(round(e20.project(p), 2), p.coords[0]) for p in on})
    chain = sorted([(e20.project(Point(xy)), xy) for xy in fine if min(p.distance(Point(xy)) for p in on) > 5] + stops)
    parts = _split(LineString([xy for _, xy in chain]), on)
    return gpd.GeoDataFrame({"kind": MOTORWAY, "name": "E20", "locality": None, "geometry": parts})


def _attributes(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the columns of the roads role."""
    main = edges["name"].map({name: entry[:4] for name, entry in backbone.MAIN_ROADS.items()})
    is_main, motorway, ramp = (edges["kind"] == kind for kind in (MAIN, MOTORWAY, RAMP))
    pick = [entry if isinstance(entry, tuple) else (None,) * 4 for entry in main]
    speed = [entry[2] or WIDTHS[kind][0] for entry, kind in zip(pick, edges["kind"], strict=True)]
    width = [entry[3] or WIDTHS[kind][1] for entry, kind in zip(pick, edges["kind"], strict=True)]
    category = pd.array([entry[0] for entry in pick], dtype="Int64")
    category[motorway.to_numpy()] = 1
    number = pd.Series([entry[1] for entry in pick], dtype=object).where(~motorway, "E20")
    in_place = is_main & edges.geometry.map(_is_near_place)
    street, minor = edges["kind"].isin([STREET, LANE]), edges["kind"] == MINOR
    old_valley_road = edges["name"] == "Gamla dalvägen"
    county = number == "190"
    speed = pd.Series(speed).where(~in_place, 50)
    return edges.assign(
        road_number=number,
        road_category=category,
        road_class=np.select([motorway, ramp, county, old_valley_road, is_main, street], [0, 2, 3, 4, 5, 7], 8),
        motorway=motorway,
        speed_kmh=speed.astype("int64"),
        oneway=np.where(ramp, "forward", "both"),
        width_m=width,
        aadt=_traffic(edges),
        # BK4 (74 tonnes) on the motorway, road 190 and the valley road; forest roads carry less.
        bearing_class=np.select([motorway | ramp | county | old_valley_road, minor & (edges.length > 900)],
                                ["BK4", "BK2"], "BK1"),
        keeper=np.select([motorway | is_main | ramp, street], ["stat", "kommun"], "enskild"),
        hazmat_route=motorway | county,
    )  # fmt: skip


# Vehicles on an average day, modelled: level by kind or name.
_AADT = {
    MOTORWAY: 27000, RAMP: 3200, STREET: 380, LANE: 310, MINOR: 140,
    "Gamla dalvägen": 6400, "Väg 190": 7200, "Gråboleden": 5800,
    "Norra leden": 2600, "Sävelångsleden": 1500, "Nääsleden": 900, "Skogsleden": 2300, "Södra leden": 1700,
    "Öxleden": 1900,
}  # fmt: skip


def _traffic(edges: gpd.GeoDataFrame) -> pd.Series:
    """Return vehicles a day: the level of the road, more near the villages, rounded as traffic counts are."""
    rng = np.random.default_rng(21)
    level = np.array([_AADT.get(name) or _AADT[kind] for name, kind in zip(edges["name"], edges["kind"], strict=True)])
    busy = np.where(edges["kind"].isin([MAIN, MINOR]) & edges.geometry.map(_is_near_place), 1.35, 1.0)
    counted = level * busy * rng.lognormal(0, 0.12, len(edges))
    step = np.select([counted > 10000, counted > 1000], [500, 100], 10)
    return pd.Series((np.round(counted / step) * step).astype("int64"), index=edges.index)


def _is_near_place(line: LineString) -> bool:
    middle = line.interpolate(0.5, normalized=True)
    return any(middle.distance(Point(e, n)) < 750 for _, e, n, *_ in backbone.PLACES)
