"""The ground that was lost to constraints or never mapped, as shapes to draw."""

import numpy as np
import shapely
from numpy.typing import NDArray

from landready.geometry.overlay import Shapes, rest_of, union_by_group
from landready.model import Land

LEAST_HA = 1e-3
"""What is lost of a parcel is drawn from this much on: 10 m² cannot be seen on a map of a municipality."""

# Plots are joined within squares of this side.
BLOCK_M = 1000.0


def lost_land(land: Land) -> dict[str, Shapes]:
    """
    Return the ground of the parcels that is neither free nor conditional.

    What a parcel lost is whole here, as excluded or as unmapped, whichever it has more of: the land does not keep the
    line between the two. Parcels that are lost whole are joined.

    Parameters
    ----------
    land
        As `classify_land` returns it, in a metric CRS.

    Returns
    -------
    dict
        `"excluded"` and `"unmapped"`: polygons in the CRS of the land, for drawing.
    """
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
