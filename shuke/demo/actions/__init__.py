"""Writes the retailer's files and its truth, and lets its people and staff live through a week of plays."""

from shuke.demo.actions.exports import write_bulk, write_exports, write_week
from shuke.demo.actions.responses import respond
from shuke.demo.actions.staff import fill_sheets, tasks_in

__all__ = ["fill_sheets", "respond", "tasks_in", "write_bulk", "write_exports", "write_week"]
