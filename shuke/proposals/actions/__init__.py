"""Drawing a week's proposals, editing and reviewing them."""

from shuke.proposals.actions.draw import draft, save
from shuke.proposals.actions.edit import edit_proposal
from shuke.proposals.actions.review import review

__all__ = ["draft", "edit_proposal", "review", "save"]
