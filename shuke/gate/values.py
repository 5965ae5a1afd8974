"""What the gate is asked and what it answers."""

from dataclasses import dataclass
from datetime import date, datetime

REASONS = (
    "ok", "staff", "minor", "wholesale", "no_personalisation", "refused_contact", "complaint_open", "already_in_play",
    "holdout_watch", "touched_recently", "same_play_recently", "consent_unknown", "consent_refused", "no_channel",
)  # fmt: skip


@dataclass(frozen=True)
class ChannelRule:
    """One channel of a play, with the consent that the policy asks: `needed`, `own_contact` or `free`."""

    play: str
    priority: int
    channel: str
    place: int
    consent: str
    clause: str


@dataclass(frozen=True)
class Person:
    """Everything that the gate knows of one customer. `blocks` are reasons that hold on the day."""

    birthday: date | None = None
    is_staff: bool = False
    wholesale_orders: int = 0
    store: str = ""
    associate: str = ""
    in_wecom: bool = False
    phone: str = ""
    email: str = ""
    blocks: frozenset[str] = frozenset()
    complained_on: tuple[date, ...] = ()
    contacts: tuple[tuple[date, str], ...] = ()
    personalisation_refused: bool = False
    consents: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True)
class Answer:
    """Allowed through `channel`, or kept out for `reason`."""

    channel: str | None
    reason: str

    @property
    def allowed(self) -> bool:
        """Whether the play may have this person."""
        return self.reason == "ok"
