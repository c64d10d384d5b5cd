"""What plan files hold, as layers: their names and columns, without reading any."""

from landready.layers.detaljplan.frames import PROVISION_COLUMNS, plan_columns
from landready.layers.detaljplan.problems import PLANS, PROVISIONS

PLAN_LAYERS: dict[str, str] = {PLANS: "detaljplaner", PROVISIONS: "planbestämmelser"}
"""Role → name of the layer that plan files hold for it."""


def columns_of(layer: str) -> tuple[str, ...]:
    """Return the columns of a layer of plan files."""
    return plan_columns() if layer == PLAN_LAYERS[PLANS] else PROVISION_COLUMNS
