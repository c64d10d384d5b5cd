"""From measured values to a judged order: value functions, weights, requirements, explanations."""
