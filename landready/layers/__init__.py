"""Reading, repairing and judging layers."""
