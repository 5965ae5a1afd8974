"""Metrics: definitions, values over time and by member, the rows behind a number."""
