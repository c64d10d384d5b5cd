"""The four classes of land as shapes that the map can show."""

from collections.abc import Iterable
from typing import Any

from pyproj import CRS

from landready.land.lost import lost_land
from landready.model import Land
from landready.webmap.shapes import as_json, gathered, simplified, to_degrees

SIMPLIFY_M = 2.0


def land_shapes(land: Land) -> list[dict[str, Any]]:
    """
    Return the land by class, for layers that can be switched on.

    Free and conditional land is drawn as it was found, the rest as `landready.land.lost.lost_land` has it.

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
    drawn = {**{key: kept[kinds == key] for key in ("free", "conditional")}, **lost_land(land)}
    shapes = {key: _drawn(parts, land.frame.crs) for key, parts in drawn.items()}
    return [{"look": key, "shape": shape} for key, shape in shapes.items() if shape is not None]


def _drawn(shapes: Iterable[Any], crs: CRS) -> dict[str, Any] | None:
    return as_json(to_degrees([gathered(simplified(shapes, SIMPLIFY_M), 2)], crs)[0])
