"""Named benchmark cases with targets; ``python -m benchmarks`` runs them and prints one table."""
