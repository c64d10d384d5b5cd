"""What is unknown for some sites is told."""

import pandas as pd

from landready import Criterion, Measured, ValueFunction
from landready.pipeline.unknowns import partly_unknown


def test_only_what_is_unknown_for_some_is_told():
    value = ValueFunction(points=[(0, 1.0), (1, 0.0)])
    named = {"a_share": "A", "b_share": "B", "c_share": "C"}
    criteria = [
        Criterion(id=key, measure="overlap_share", layer="x", name=name, value=value) for key, name in named.items()
    ]
    state = pd.DataFrame(
        {"a_share": ["known"] * 3, "b_share": ["known", "unknown", "modelled"], "c_share": ["unknown"] * 3}
    )
    nothing = pd.DataFrame(None, state.index, state.columns, dtype=object)
    values = state.ne("unknown").astype(float)
    measured = Measured(values, state, state == "", nothing, nothing, tuple(criteria))
    [finding] = partly_unknown(measured, criteria, "sv")
    assert finding.text("sv").startswith("Okänt för en del av de 3 områdena: B (1).")
    assert partly_unknown(measured, criteria[:1], "sv") == []
