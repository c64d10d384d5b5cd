"""Which coordinate reference systems coordinates could be in: those that would put them in Sweden.

The local zones of SWEREF 99 all count from the same easting, and so do those of RT 90: the same coordinates fall in
Sweden in several of them, and only what else is known of the place can tell which is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from landready.crs import SWEREF99_TM, Bounds, label
from landready.texts import Language, text

Points = tuple[NDArray[np.float64], NDArray[np.float64]]

# National systems first, then the zones of SWEREF 99 (12 00 … 23 15) and RT 90, in which municipalities draw.
_NATIONAL = (SWEREF99_TM, "EPSG:4326", "EPSG:3021", "EPSG:3857")
_LOCAL = (*(f"EPSG:{code}" for code in range(3007, 3019)), *(f"EPSG:{code}" for code in (3019, 3020, 3022, 3023, 3024)))

# All of Sweden in SWEREF 99 TM, in metres, and the sea a little outside. The eastings of the zones (150 000 and a
# hundred kilometres to each side) lie west of it and those of RT 90 (over 1 200 000) east: none is taken for another.
_SWEDEN_TM = (252_000.0, 6_090_000.0, 940_000.0, 7_700_000.0)
_ZONE = (0.0, 6_090_000.0, 252_000.0, 7_700_000.0)
_BOXES = {SWEREF99_TM: _SWEDEN_TM, **{f"EPSG:{code}": _ZONE for code in range(3007, 3019)}}


@dataclass(frozen=True)
class Candidate:
    """
    A system that the coordinates could be in.

    Parameters
    ----------
    crs
        By code.
    name
        What it is called.
    lon, lat
        Where the middle of the layer would fall, degrees (WGS84).
    """

    crs: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Listed:
    """Candidates as people read them: what they are called, and where each would put the layer."""

    found: tuple[Candidate, ...]

    def in_language(self, language: Language) -> str:
        """Return the words."""
        return "; ".join(
            text("where.candidate", language, crs=one.crs, name=one.name, lon=one.lon, lat=one.lat)
            for one in self.found
        )

    def __str__(self) -> str:
        return self.in_language("sv")


def beyond(crs: CRS, points: Points) -> NDArray[np.bool_]:
    """Tell which points have coordinates that no place in Sweden has in a SWEREF 99 system; none for other systems."""
    x, y = points
    box = _BOXES.get(label(crs))
    if box is None:
        return np.zeros(len(x), dtype=bool)
    west, south, east, north = box
    return ~((x >= west) & (x <= east) & (y >= south) & (y <= north))


def candidates(points: Points) -> list[Candidate]:
    """
    Return the systems in which the middle of the points falls in Sweden, where the system is used.

    A national system that fits stands alone: numbers like its are not those of a local zone.

    Examples
    --------
    >>> import numpy as np
    >>> [found.crs for found in candidates((np.array([340_000.0]), np.array([6_400_000.0])))]
    ['EPSG:3006']
    >>> [found.crs for found in candidates((np.array([166_000.0]), np.array([6_407_000.0])))]
    ['EPSG:3007', 'EPSG:3008', 'EPSG:3009', 'EPSG:3010', 'EPSG:3015']
    """
    x, y = points
    finite = np.isfinite(x) & np.isfinite(y)
    if not finite.any():
        return []
    middle = (np.median(x[finite], keepdims=True), np.median(y[finite], keepdims=True))
    national = [found for code in _NATIONAL if (found := _fits(code, middle, used=SWEREF99_TM))]
    local = [found for code in _LOCAL if (found := _fits(code, middle, used=code))]
    if national and national[0].crs != "EPSG:3021":
        return national[:1]
    return [*national, *local]


def nearby(found: Sequence[Candidate], bounds: Bounds, *, margin_deg: float = 0.25) -> list[Candidate]:
    """Return those candidates that put the layer within a box of degrees, or close to it."""
    west, south, east, north = bounds
    return [
        candidate
        for candidate in found
        if west - margin_deg <= candidate.lon <= east + margin_deg
        and south - margin_deg <= candidate.lat <= north + margin_deg
    ]


def _fits(code: str, middle: Points, *, used: str) -> Candidate | None:
    """Return the candidate if the point falls in Sweden, where the system `used` is meant for."""
    crs = CRS(code)
    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(*middle)
    use = CRS(used).area_of_use
    if use is None:
        return None
    west, south, east, north = use.bounds
    if not (west <= lon[0] <= east and south <= lat[0] <= north):
        return None
    x, y = Transformer.from_crs("EPSG:4326", SWEREF99_TM, always_xy=True).transform(lon, lat)
    if beyond(CRS(SWEREF99_TM), (np.asarray(x), np.asarray(y))).any() or beyond(crs, middle).any():
        return None
    return Candidate(code, str(crs.name), float(lon[0]), float(lat[0]))
