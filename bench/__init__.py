"""Benchmarks: each prints its floor, its figure and their ratio, measured in the same run."""
