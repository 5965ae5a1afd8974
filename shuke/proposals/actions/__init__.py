"""Drawing a week's proposals and reviewing them."""

from shuke.proposals.actions.draw import DECIDED, draft, save
from shuke.proposals.actions.review import UnknownProposal, review

__all__ = ["DECIDED", "UnknownProposal", "draft", "review", "save"]
