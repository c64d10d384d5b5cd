"""Constraints, the four classes of land, and sites."""
