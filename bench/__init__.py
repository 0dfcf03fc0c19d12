"""Benchmarks that anyone can run: ``make bench``. Ratios to a floor measured in the same run, never bare times."""
