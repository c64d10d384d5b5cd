"""What constraints make of land: the four classes, in Kleene's logic, point by point.

A point is *excluded* if a hard constraint is known to cover it, unless the constraint is lifted there; else
*unmapped* if a hard one was never mapped there; else *conditional* if a strong one covers it, or a hard one
that is lifted; else *unmapped* if a strong one was never mapped there; else *free*. An inclusion lifts hard
constraints that are not statutory, and touches nothing else: statute, needs-trial and never-mapped stay.

A constraint of weight w < 1 acts on the share w of the ground it covers, and several of them on the same
ground on the share 1 − Π(1 − w), as if they fell independently; the rest counts as what it would otherwise be.
Ground where a constraint was never mapped is unmapped whole, whatever its weight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landready.geometry.overlay import Places, Shapes, halves
from landready.geometry.patches import Patches, common, inside, outside, parted, together, whole, without
from landready.land.constraints import Constraint
from landready.land.ground import Ground

LAND_CLASSES = ("free", "conditional", "excluded", "unmapped")


@dataclass(frozen=True, eq=False)
class Effect:
    """
    One constraint on the pieces of parcels.

    Parameters
    ----------
    constraint
        Which.
    covers
        What it covers.
    unknown
        Where it was never mapped, or a feature cannot be judged, and it is not known to cover.
    """

    constraint: Constraint
    covers: Patches
    unknown: Patches


def effect_of(constraint: Constraint, ground: Ground) -> Effect:
    """Lay one constraint over the ground."""
    covers = inside(ground.pieces, constraint.shapes(ground.bounds))
    unmapped = outside(ground.pieces, constraint.mapped())
    undecided = constraint.undecided_shapes(ground.bounds)
    if len(undecided):
        unmapped = together(unmapped, inside(ground.pieces, undecided))
    return Effect(constraint, covers, without(unmapped, covers))


@dataclass(frozen=True, eq=False)
class _Rest:
    """
    Ground that is not excluded whole, with what fractional constraints leave of it; a piece may occur often.

    Parameters
    ----------
    place, shape, full
        As in `Patches`.
    kept
        Share that fractional hard constraints leave.
    untried
        Share of that which fractional strong constraints leave.
    """

    place: Places
    shape: Shapes
    full: NDArray[np.bool_]
    kept: NDArray[np.float64]
    untried: NDArray[np.float64]


def sort_ground(pieces: Shapes, effects: Sequence[Effect]) -> pd.DataFrame:
    """
    Sort ground into the four classes.

    Parameters
    ----------
    pieces
        Valid polygons.
    effects
        The constraints on them.

    Returns
    -------
    pandas.DataFrame
        One row per claim of a class on ground: `place` (position of the piece), `shape` (None of ground that is
        excluded whole, which nobody draws), `m2`, `full` (the shape is the whole piece), `land_class`, `share` (of the
        area that the class has). Shares over the same ground sum to 1.
    """
    lifted = together(*(e.covers for e in effects if e.constraint.kind == "include"))
    hard, strong = ([e for e in effects if e.constraint.weight == 1 and chosen(e)] for chosen in (_hard, _strong))

    left, excluded_m2 = whole(pieces), np.zeros(len(pieces))
    for effect in hard:
        covers = effect.covers if effect.constraint.statutory else without(effect.covers, lifted)
        excluded, left = parted(left, covers)
        excluded_m2 += excluded.area(len(pieces))
    taken_in = together(*(common(e.covers, lifted) for e in hard if not e.constraint.statutory))
    unknown_hard, left = parted(left, together(*(e.unknown for e in effects if _hard(e))))
    tried, left = parted(left, together(*(e.covers for e in strong), taken_in))
    unknown_strong, free = parted(left, together(*(e.unknown for e in effects if _strong(e))))

    fractions = list(_fractions(effects, lifted))
    settled = {name: _rest(patches) for name, patches in (("unmapped", unknown_hard), ("conditional", tried))}
    open_ = {name: _rest(patches) for name, patches in (("unmapped", unknown_strong), ("free", free))}
    for patches, weight, excludes in fractions:
        open_ = {name: _split(rest, patches, weight, excludes=excludes) for name, rest in open_.items()}
        if excludes:
            settled = {name: _split(rest, patches, weight, excludes=True) for name, rest in settled.items()}
    claims = [_excluded(excluded_m2)]
    for name, rest in [*settled.items(), *open_.items()]:
        claims.append(_claim(rest, name, rest.kept * rest.untried))
        claims.append(_claim(rest, "excluded", 1 - rest.kept))
        claims.append(_claim(rest, "conditional", rest.kept * (1 - rest.untried)))
    filled = [claim for claim in claims if len(claim)]
    return pd.concat(filled or claims[:1], ignore_index=True)


def _hard(effect: Effect) -> bool:
    return effect.constraint.kind == "hard"


def _strong(effect: Effect) -> bool:
    return effect.constraint.kind == "strong"


def _fractions(effects: Iterable[Effect], lifted: Patches) -> Iterable[tuple[Patches, float, bool]]:
    """Yield where fractional constraints act, with their weight, and whether they exclude or need permit or review."""
    for effect in effects:
        constraint = effect.constraint
        if constraint.weight == 1:
            continue
        if _strong(effect):
            yield effect.covers, constraint.weight, False
        elif constraint.statutory:
            yield effect.covers, constraint.weight, True
        else:
            yield without(effect.covers, lifted), constraint.weight, True
            yield common(effect.covers, lifted), constraint.weight, False


def _rest(patches: Patches) -> _Rest:
    ones = np.ones(len(patches))
    return _Rest(patches.place, patches.shape, patches.full, ones, ones)


def _split(rest: _Rest, patches: Patches, weight: float, *, excludes: bool) -> _Rest:
    """Divide the rows that a fractional constraint reaches, and lower the share of what lies in it."""
    met = np.flatnonzero(np.isin(rest.place, patches.place))
    if not len(met):
        return rest
    at = np.searchsorted(patches.place, rest.place[met])
    within, beyond = halves(rest.shape[met], patches.shape[at])
    touched = ~shapely.is_empty(within)
    met, at, within, beyond = met[touched], at[touched], within[touched], beyond[touched]
    inner = _take(rest, met, within, rest.full[met] & patches.full[at])
    factor = "kept" if excludes else "untried"
    inner = replace(inner, **{factor: getattr(inner, factor) * (1 - weight)})
    solid = ~shapely.is_empty(beyond)
    outer = _take(rest, met[solid], beyond[solid], np.zeros(int(solid.sum()), dtype=bool))
    same = np.setdiff1d(np.arange(len(rest.place)), met)
    return _stack([_take(rest, same, rest.shape[same], rest.full[same]), inner, outer])


def _take(rest: _Rest, rows: Places, shape: Shapes, full: NDArray[np.bool_]) -> _Rest:
    return _Rest(rest.place[rows], shape, full, rest.kept[rows], rest.untried[rows])


def _stack(rests: Sequence[_Rest]) -> _Rest:
    return _Rest(
        *(
            np.concatenate([getattr(rest, name) for rest in rests])
            for name in ("place", "shape", "full", "kept", "untried")
        )
    )


def _excluded(m2: NDArray[np.float64]) -> pd.DataFrame:
    """Return the rows of ground that is excluded whole."""
    place = np.flatnonzero(m2 > 0)
    row = {"shape": None, "full": False, "land_class": "excluded", "share": 1.0}
    claim = pd.DataFrame({"place": place, "m2": m2[place], **row})
    return claim.astype({"shape": object, "full": bool})


def _claim(rest: _Rest, land_class: str, share: float | NDArray[np.float64]) -> pd.DataFrame:
    """Return the rows of ground in which a class has a share."""
    claim = pd.DataFrame(
        {
            "place": rest.place,
            "shape": rest.shape,
            "m2": shapely.area(rest.shape),
            "full": rest.full,
            "land_class": land_class,
            # Rounded so that equal products of the same weights are the same share.
            "share": np.round(np.broadcast_to(share, len(rest.place)), 12),
        }
    )
    return claim[claim["share"] > 0]
