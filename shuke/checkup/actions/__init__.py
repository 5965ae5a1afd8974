"""Writes of the check-up: computing it, and handing it on as a file."""

from shuke.checkup.actions.building import build
from shuke.checkup.actions.handing_on import write_file

__all__ = ["build", "write_file"]
