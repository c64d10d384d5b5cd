"""From a study file to an assessment and its outputs, in a handful of visible steps."""
