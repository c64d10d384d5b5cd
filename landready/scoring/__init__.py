"""From measured values to a judged order: value functions, weights, requirements, and the words that explain them."""
