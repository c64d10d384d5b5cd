"""From measured values to a judged order: value functions, weights, aggregation, robustness, explanations.

Names are loaded on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "weighted_sum": "aggregation",
    "weighted_product": "aggregation",
    "owa": "aggregation",
    "no_criterion_below": "aggregation",
    "Aggregate": "aggregation",
    "topsis": "ideal_points",
    "vikor": "ideal_points",
    "promethee_ii": "outranking",
    "direct_weights": "weights",
    "rank_order_centroid": "weights",
    "rank_sum": "weights",
    "swing_weights": "weights",
    "weight_tree": "weights",
    "WeightTree": "weights",
    "ahp": "comparisons",
    "ahp_group": "comparisons",
    "Ahp": "comparisons",
    "AhpGroup": "comparisons",
    "Pair": "comparisons",
    "smaa": "robustness",
    "Robustness": "robustness",
    "Weighting": "weightings",
    "any_weights": "weightings",
    "weights_around": "weightings",
    "ordinal_weights": "weightings",
    "interval_weights": "weightings",
    "judged_weights": "weightings",
    "UncertainValues": "uncertain",
    "break_evens": "stability",
    "stability_sentences": "stability",
    "double_counting": "overlaps",
    "separates_nothing": "overlaps",
}

__all__ = [*_HOMES]  # noqa: PLE0604  (the keys are strings)


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use (PEP 562)."""
    if name in _HOMES:
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
