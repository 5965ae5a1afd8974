"""Writes the retailer's files and its truth, and lets its people respond to a week of plays."""

from shuke.demo.actions.exports import write_bulk, write_exports
from shuke.demo.actions.responses import respond

__all__ = ["respond", "write_bulk", "write_exports"]
