"""The four classes of land as shapes that the map can show."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from landready.geometry.overlay import Shapes, rest_of, union_by_group
from landready.model import Land
from landready.webmap.shapes import as_json, gathered, simplified, to_degrees

SIMPLIFY_M = 2.0
LEAST_HA = 1e-3
"""What is lost of a parcel is drawn from this much on: 10 m² cannot be seen on a map of a municipality."""

# Plots are joined within squares of this side.
BLOCK_M = 1000.0


def land_shapes(land: Land) -> list[dict[str, Any]]:
    """
    Return the land by class, for layers that can be switched on.

    Free and conditional land is drawn as it was found. What a parcel has besides is drawn whole, as excluded or as
    unmapped, whichever it has more of: the land does not keep the line between the two.

    Parameters
    ----------
    land
        As `classify_land` returns it, in a metric CRS.

    Returns
    -------
    list of dict
        `look` (`free`, `conditional`, `excluded`, `unmapped`) and `shape`, GeoJSON in degrees; classes without land are
        left out.
    """
    kinds, kept = land.parts["land_class"].to_numpy(), land.parts.geometry.to_numpy()
    drawn = {**{key: kept[kinds == key] for key in ("free", "conditional")}, **_lost(land)}
    shapes = {key: _drawn(parts, land.frame.crs) for key, parts in drawn.items()}
    return [{"look": key, "shape": shape} for key, shape in shapes.items() if shape is not None]


def _lost(land: Land) -> dict[str, Shapes]:
    """Return what is excluded and what is unmapped."""
    frame = land.frame[(land.frame["excluded_ha"] + land.frame["unmapped_ha"] >= LEAST_HA).to_numpy()]
    unmapped = (frame["unmapped_ha"] > frame["excluded_ha"]).to_numpy()
    place = frame.index.get_indexer(land.parts["parcel_id"])
    partly, group = np.unique(place[place >= 0], return_inverse=True)
    remaining = union_by_group(land.parts.geometry.to_numpy()[place >= 0], group, len(partly))
    shapes = frame.geometry.to_numpy()
    rest = rest_of(shapes[partly], remaining)
    lost_whole = np.delete(np.arange(len(frame)), partly)
    joined, joined_unmapped = _joined(shapes[lost_whole], unmapped[lost_whole])
    return {
        "excluded": np.concatenate([rest[~unmapped[partly]], joined[~joined_unmapped]]),
        "unmapped": np.concatenate([rest[unmapped[partly]], joined[joined_unmapped]]),
    }


def _joined(shapes: Shapes, unmapped: NDArray[np.bool_]) -> tuple[Shapes, NDArray[np.bool_]]:
    """Join plots that are lost whole, which stand side by side by the hundred: that leaves far fewer points."""
    # In blocks, which threads share: nobody sees where they meet.
    blocks = np.column_stack([unmapped, shapely.bounds(shapes)[:, :2] // BLOCK_M])
    found, group = np.unique(blocks, axis=0, return_inverse=True)
    return union_by_group(shapes, group.reshape(-1), len(found)), found[:, 0] > 0


def _drawn(shapes: Iterable[Any], crs: CRS) -> dict[str, Any] | None:
    return as_json(to_degrees([gathered(simplified(shapes, SIMPLIFY_M), 2)], crs)[0])
