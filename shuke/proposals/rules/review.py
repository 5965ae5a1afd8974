"""Which reviews are possible, and what a version of a proposal says."""

from typing import Any

from shuke.kernel.errors import ShukeError

_KEPT = (
    "state", "people", "treated", "holdout", "excluded", "channel", "cost_minor", "gain_minor", "gain_low_minor",
    "gain_high_minor", "basis", "salt", "holdout_share", "holdout_places", "removed", "plan", "evidence", "reason",
)  # fmt: skip
# From which states a review may go where. An exported proposal is in people's hands and stays.
_TRANSITIONS = {
    "edit": ({"proposed", "withdrawn"}, "proposed"),
    "approve": ({"proposed", "rejected", "withdrawn"}, "approved"),
    "reject": ({"proposed", "withdrawn"}, "rejected"),
    "withdraw": ({"approved"}, "withdrawn"),
    "export": ({"approved", "exported"}, "exported"),
}


class UnknownProposal(ShukeError):
    """There is no proposal of that number, or not for this actor."""


class NotNow(ShukeError):
    """The proposal's state does not allow this step."""


class Stale(ShukeError):
    """Somebody else changed the proposal since it was read."""


def is_open(verb: str, *, state: str) -> bool:
    """Whether a proposal in this state can take a step."""
    return state in _TRANSITIONS[verb][0]


def next_state(verb: str, *, state: str) -> str:
    """The state after a review. Raises `NotNow`."""
    allowed, then = _TRANSITIONS[verb]
    if state not in allowed:
        hints = {
            "exported": "Its task sheets are in people's hands; record what happened instead.",
            "approved": "It is approved already.",
            "draft": "Nobody can be contacted by this play this week; see its reasons.",
        }
        raise NotNow(f"A proposal that is {state} cannot take: {verb}.", hint=hints.get(state, "Read it again."))
    return then


def snapshot(proposal: object) -> dict[str, Any]:
    """What a version of a proposal says, without who decided and when."""
    return {name: getattr(proposal, name) for name in _KEPT}
