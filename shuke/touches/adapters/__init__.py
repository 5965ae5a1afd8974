"""YAML in; sheets out and in."""

from shuke.touches.adapters.definitions import outcomes
from shuke.touches.adapters.sheets import UnreadableSheet, read_table, write_csv, write_parquet, write_xlsx

__all__ = ["UnreadableSheet", "outcomes", "read_table", "write_csv", "write_parquet", "write_xlsx"]
