"""One class scheme for the web map, QGIS and print.

Scores are drawn in five classes along cividis, from dark blue (best) to yellow, a sequence that keeps its
order under every common kind of colour blindness and in grey print. Each class also has a letter, so that no
class is told by colour alone, and what is not ranked is hatched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from landready.texts import Language, text

Pattern = Literal["solid", "hatched"]

UNRANKED = "unranked"


@dataclass(frozen=True)
class Look:
    """
    How one class is drawn.

    Parameters
    ----------
    key
        Name of the class, and of its text under `style.`.
    fill, stroke
        Colours as `#rrggbb`; empty for none.
    width
        Width of the stroke in CSS pixels.
    opacity
        Of the fill, 0–1.
    dash
        Lengths of dashes and gaps in CSS pixels; empty for a whole line.
    casing
        Colour of a wider line drawn beneath; empty for none.
    letter, ink
        What is written in the class, and in which colour.
    pattern
        How the fill is laid.
    """

    key: str
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    casing: str = ""
    letter: str = ""
    ink: str = "#1c1c1c"
    pattern: Pattern = "solid"

    def label(self, language: Language = "sv") -> str:
        """
        Return what people read in the legend.

        Examples
        --------
        >>> SCORE_LOOKS["unranked"].label()
        'inte rangordnat'
        """
        return text(f"style.{self.key}", language)


def _keyed(*looks: Look) -> Mapping[str, Look]:
    return {look.key: look for look in looks}


# Lower limits (≥) of the classes of the total, best first. Equal steps: a class says how good a site is, not
# how it compares with those that happen to be in the study.
SCORE_LIMITS: Mapping[str, float] = {
    "score_a": 0.8,
    "score_b": 0.6,
    "score_c": 0.4,
    "score_d": 0.2,
    "score_e": 0.0,
}

_EDGE = "#14213d"
_WHITE = "#ffffff"

SCORE_LOOKS: Mapping[str, Look] = _keyed(
    Look("score_a", fill="#00224e", stroke=_EDGE, opacity=0.88, letter="A", ink=_WHITE),
    Look("score_b", fill="#434e6c", stroke=_EDGE, opacity=0.88, letter="B", ink=_WHITE),
    Look("score_c", fill="#7d7c78", stroke=_EDGE, opacity=0.88, letter="C", ink="#000000"),
    Look("score_d", fill="#bcaf6f", stroke=_EDGE, opacity=0.88, letter="D", ink="#000000"),
    Look("score_e", fill="#fee838", stroke=_EDGE, opacity=0.88, letter="E", ink="#000000"),
    Look(UNRANKED, fill="#ffffff", stroke="#4a4a4a", opacity=0.7, dash=(4, 3), letter="–", pattern="hatched"),
)

LAND_LOOKS: Mapping[str, Look] = _keyed(
    Look("free", fill="#2a9d8f", stroke="#1b6f65", width=0.5, opacity=0.55),
    Look("conditional", fill="#e9b949", stroke="#8c6a14", width=0.5, opacity=0.55, pattern="hatched"),
    Look("excluded", fill="#8d8d8d", stroke="#5c5c5c", width=0.5, opacity=0.5),
    Look("unmapped", fill="#efefef", stroke="#6e6e6e", width=0.8, opacity=0.85, dash=(2, 3), pattern="hatched"),
)

LAYER_LOOKS: Mapping[str, Look] = _keyed(
    Look("polygons", fill="#5b7db1", stroke="#1f3a63", width=0.8, opacity=0.45),
    Look("parcels", fill="#ffffff", stroke="#5c5546", width=0.7, opacity=0.05),
    Look("plans", fill="#c9a0dc", stroke="#6a2c91", width=1.2, opacity=0.25, dash=(6, 2)),
    Look("restriction_hard", fill="#8f1d2c", stroke="#5e0f1b", width=0.8, opacity=0.42),
    Look("restriction_strong", fill="#e07a3f", stroke="#9a4715", width=0.8, opacity=0.3, dash=(4, 2)),
)

CONTEXT_LOOKS: Mapping[str, Look] = _keyed(
    Look("municipality", fill="#f8f7f3", stroke="#8b8378", width=1.8, dash=(8, 3, 2, 3)),
    Look("built_up", fill="#e6e0d6", stroke="#d3cabc", width=0.6),
    Look("water", fill="#bcd4e0", stroke="#8fb3c6", width=0.8),
    Look("area", fill="#6b7f6a", stroke="#5b6e5a", width=0.8, opacity=0.12, dash=(3, 2)),
    Look("road_other", stroke="#ffffff", width=1.4, casing="#cbc5ba"),
    Look("road_main", stroke="#fdf3e1", width=2.6, casing="#b3a48e"),
    Look("road_motorway", stroke="#e2a27c", width=3.4, casing="#7f4f32"),
    Look("rail", stroke="#ffffff", width=1.4, dash=(7, 7), casing="#4d4d4d"),
    Look("line", stroke="#7a7a7a", width=1.0),
    Look("stations", fill="#ffffff", stroke="#303030", width=2.2),
    Look("interchanges", fill="#e2a27c", stroke="#7f4f32", width=1.6),
    Look("places", fill="#5a554c", stroke="", width=0.0),
    Look("point", fill="#ffffff", stroke="#5a554c", width=1.2),
)

# Scores are exact to about this much; a site whose total is a limit stays in its class whatever the order of
# the sums.
_ROUNDING = 1e-9


def score_class(total: pd.Series, ranked: pd.Series) -> pd.Series:
    """
    Sort totals into the classes of the map.

    Parameters
    ----------
    total
        Scores 0–1; `nan` where nothing is known.
    ranked
        bool, on the same index; what is not ranked gets no class of its own, however high its total.

    Returns
    -------
    pandas.Series
        Keys of `SCORE_LOOKS`, named `score_class`, on the index of `total`.

    Examples
    --------
    >>> total = pd.Series([0.8, 0.79, 0.05, 0.9])
    >>> score_class(total, pd.Series([True, True, True, False])).tolist()
    ['score_a', 'score_b', 'score_e', 'unranked']
    """
    values = total.to_numpy(dtype="float64")
    limits = np.array(list(SCORE_LIMITS.values()))
    keys = np.array(list(SCORE_LIMITS), dtype=object)
    place = (values[:, None] < limits[None, :-1] - _ROUNDING).sum(axis=1)
    classed = np.isfinite(values) & ranked.reindex(total.index).to_numpy(dtype=bool)
    return pd.Series(np.where(classed, keys[place], UNRANKED), index=total.index, name="score_class", dtype=object)


# Categories of the Swedish road register: national roads and primary county roads are main roads.
_EUROPEAN, _MAIN = 1, (2, 3)
# Where neither number nor category is known, a road as fast as this leads somewhere.
_MAIN_SPEED_KMH = 70.0


def road_class(roads: pd.DataFrame) -> pd.Series:
    """
    Tell motorways and European roads, main roads and other roads apart, from whatever columns there are.

    Parameters
    ----------
    roads
        Rows of a layer with role `roads`; looked at are `motorway` and `road_number`, and for a road without a number
        `road_category` and `speed_kmh`.

    Returns
    -------
    pandas.Series
        `road_motorway`, `road_main` or `road_other`, on the frame's index.

    Examples
    --------
    >>> road_class(pd.DataFrame({"road_number": ["E20", "190", "1747", None]})).tolist()
    ['road_motorway', 'road_main', 'road_other', 'road_other']
    """
    number = _column(roads, "road_number").astype("string").str.strip().str.upper().fillna("")
    motorway = pd.to_numeric(_column(roads, "motorway"), errors="coerce").fillna(0).astype(bool)
    european = number.str.fullmatch(r"E ?\d+(\.\d+)?").astype(bool)
    # Swedish numbers 1–99 are national roads and 100–499 primary county roads; higher ones are minor.
    main = pd.to_numeric(number, errors="coerce").between(1, 499).fillna(False).astype(bool)
    category = pd.to_numeric(_column(roads, "road_category"), errors="coerce")
    speed = pd.to_numeric(_column(roads, "speed_kmh"), errors="coerce")
    unnumbered = (number == "").to_numpy(dtype=bool)
    european |= unnumbered & (category == _EUROPEAN)
    main |= unnumbered & (category.isin(_MAIN) | (category.isna() & (speed >= _MAIN_SPEED_KMH)))
    found = np.select([motorway | european, main], ["road_motorway", "road_main"], "road_other")
    return pd.Series(found, index=roads.index, name="road_class", dtype=object)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame.columns else pd.Series(np.nan, index=frame.index, dtype=object)
