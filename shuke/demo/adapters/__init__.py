"""Files: definitions in, exports and truth out."""

from shuke.demo.adapters.definitions import load_response, load_world
from shuke.demo.adapters.sheets import write_xlsx
from shuke.demo.adapters.tables import TruthTable
from shuke.demo.adapters.texts import CsvExport

__all__ = ["CsvExport", "TruthTable", "load_response", "load_world", "write_xlsx"]
