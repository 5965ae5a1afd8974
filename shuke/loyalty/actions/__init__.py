"""Writes to the ledger, to perks and to the office's papers."""

from shuke.loyalty.actions.teller import Teller
from shuke.loyalty.actions.writing import Outcome, write

__all__ = ["Outcome", "Teller", "write"]
