"""Proposals that people have put their hands on."""

from datetime import date

from django.db.models import F, Q

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.proposals.models import Proposal

_DECIDED = Q(state__in=("approved", "rejected", "withdrawn", "exported"))
_EDITED = Q(state="proposed", reviews__verb="edit", reviews__version=F("version"))


def kept(actor: Actor, *, as_of: date) -> list[Proposal]:
    """A week's proposals that a new run of the week leaves as they are: decided ones, and those edited by hand."""
    require(actor, Permission.SEE_PROPOSALS)
    return list(Proposal.objects.filter(_DECIDED | _EDITED, as_of=as_of).distinct().order_by("id"))
