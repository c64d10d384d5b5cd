"""Which site of one run is which site of another: two years, or two scenarios."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landready.layers.adapter import POLYGON, as_layer
from landready.model import LayerLike

SAME_SHARE = 0.5
"""Two sites are about the same land from this share (≥) of the smaller one on. A choice of ours, not from a source."""


def match_sites(here: LayerLike, there: LayerLike) -> pd.DataFrame:
    """
    Match the sites of two runs by their land.

    Two sites can be the same only if they share at least half of the smaller one. Among those, equal ids go first, then
    the most shared land. What is left without a partner of its own but shares land so is told as a part that was split
    off, or one that was joined into another.

    Parameters
    ----------
    here, there
        Sites of the two runs, polygons in the same metric CRS; the index is the id.

    Returns
    -------
    pandas.DataFrame
        One row per site of either run: `here` and `there` (ids; None for none), `kind` and `shared_ha`. Kinds: `same`;
        `split` (of `here`: was a part of `there`, which goes on as another site); `joined` (of `there`: is now a part
        of `here`); `new` (only here); `gone` (only there). Sites of `here` first, in their order.

    Raises
    ------
    CrsError, InputError
        If the sites cannot be measured, or their CRSs differ.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> e, n = 338_000, 6_406_000
    >>> before = gpd.GeoDataFrame(geometry=[shapely.box(e, n, e + 200, n + 100)], index=["A"], crs=3006)
    >>> halves = [shapely.box(e, n, e + 90, n + 100), shapely.box(e + 110, n, e + 200, n + 100)]
    >>> after = gpd.GeoDataFrame(geometry=halves, index=["A", "B"], crs=3006)
    >>> match_sites(after, before)[["here", "there", "kind"]].values.tolist()
    [['A', 'A', 'same'], ['B', 'A', 'split']]
    """
    first = as_layer(here, name="here", kinds=(POLYGON,))
    second = as_layer(there, name="there", kinds=(POLYGON,), like=first)
    links = _links(first.frame, second.frame)
    partner = _partners(links, first.frame.index, second.frame.index)
    taken = set(partner.values())
    rows: list[tuple[int | None, int | None, str]] = [
        _row_here(place, partner, links) for place in range(len(first.frame))
    ]
    rows += [_row_there(place, links) for place in range(len(second.frame)) if place not in taken]
    shared = [0.0 if i is None or j is None else links.get((i, j), 0.0) / 1e4 for i, j, _ in rows]
    return pd.DataFrame(
        {
            "here": _named([i for i, _, _ in rows], first.frame.index),
            "there": _named([j for _, j, _ in rows], second.frame.index),
            "kind": pd.Series([kind for _, _, kind in rows], dtype=object),
            "shared_ha": pd.Series(shared, dtype="float64"),
        }
    )


def _named(places: list[int | None], index: pd.Index) -> pd.Series:
    return pd.Series([None if place is None else index[place] for place in places], dtype=object)


Links = dict[tuple[int, int], float]


def _links(here: gpd.GeoDataFrame, there: gpd.GeoDataFrame) -> Links:
    """Return the positions of sites that share enough, with the square metres they share."""
    first, second = here.geometry.to_numpy(), there.geometry.to_numpy()
    if not len(first) or not len(second):
        return {}
    i, j = shapely.STRtree(second).query(first, predicate="intersects")
    shared = shapely.area(shapely.intersection(first[i], second[j]))
    smaller = np.minimum(shapely.area(first[i]), shapely.area(second[j]))
    enough = (shared > 0) & (shared >= SAME_SHARE * smaller)
    return dict(zip(zip(i[enough].tolist(), j[enough].tolist(), strict=True), shared[enough].tolist(), strict=True))


def _partners(links: Links, here: pd.Index, there: pd.Index) -> dict[int, int]:
    """Return one partner for each site that has one: equal ids first, then the most shared land."""
    order = sorted(links, key=lambda pair: (here[pair[0]] != there[pair[1]], -links[pair], pair))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in order:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def _row_here(place: int, partner: dict[int, int], links: Links) -> tuple[int, int | None, str]:
    if place in partner:
        return place, partner[place], "same"
    held = max((pair for pair in links if pair[0] == place), key=links.__getitem__, default=None)
    return (place, None, "new") if held is None else (place, held[1], "split")


def _row_there(place: int, links: Links) -> tuple[int | None, int, str]:
    held = max((pair for pair in links if pair[1] == place), key=links.__getitem__, default=None)
    return (None, place, "gone") if held is None else (held[0], place, "joined")
