"""What can be measured about an area: proximity, network, overlap, terrain and form; no weights.

`MEASURES` holds every measure that a criterion may name.
"""

from landready.criteria.measures import MEASURES

__all__ = ["MEASURES"]
