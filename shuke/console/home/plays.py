"""What waits for a decision: for headquarters one row a play with its stores inside, for a store its own rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Interval, Marks
from shuke.console.frame.gains import gain_pictures, gain_words
from shuke.proposals.values import Card, PlayGroup

# A week has three to seven things to decide; the others stand on the page of proposals.
_MOST = 7


@dataclass(frozen=True)
class StoreRow:
    """One store of a play: its people, its gain in words, and where it stands."""

    store: str
    people: int
    gain: str
    state: str
    address: str
    approve: str
    version: int


@dataclass(frozen=True)
class Row:
    """One play of the week: what, for whom, what it should bring, and the one button that decides it."""

    rank: int
    title: str
    tag: str
    why_now: str
    what: str
    treated: int
    holdout: int
    cost_minor: int
    currency: str
    gain: str
    picture: Interval
    address: str
    stores: tuple[StoreRow, ...]
    approve: str
    version: int | None
    waiting: int
    state: str
    is_first: bool


def rows(found: Sequence[PlayGroup | Card], *, language: str) -> tuple[list[Row], Marks, int]:
    """The first seven of the week, the axis above their intervals, and how many more there are."""
    shown = list(found)[:_MOST]
    pictures, axis = gain_pictures(shown, language=language)
    made = [_row(one, place=place, picture=pictures[place - 1], language=language) for place, one in _numbered(shown)]
    first = next((row.rank for row in made if row.waiting), 0)
    return [_with_first(row, first=first) for row in made], axis, len(found) - len(shown)


def _numbered(found: Sequence[PlayGroup | Card]) -> list[tuple[int, PlayGroup | Card]]:
    return list(enumerate(found, start=1))


def _with_first(row: Row, *, first: int) -> Row:
    return Row(**{**vars(row), "is_first": row.rank == first})


def _row(one: PlayGroup | Card, *, place: int, picture: Interval, language: str) -> Row:
    cards = one.cards if isinstance(one, PlayGroup) else (one,)
    states = one.states if isinstance(one, PlayGroup) else {one.state: 1}
    single = cards[0] if len(cards) == 1 else None
    # The list and the words that most people get.
    widest = max(cards, key=lambda card: (card.people, -card.id))
    return Row(
        rank=place,
        title=one.title,
        tag=_("Try it first") if one.gain_low_minor < 0 < one.gain_high_minor else "",
        why_now=one.why_now,
        what=one.what,
        treated=one.treated,
        holdout=one.holdout,
        cost_minor=one.cost_minor,
        currency=one.currency,
        gain=gain_words(one, language=language),
        picture=picture,
        address=reverse("proposal", args=[widest.id]),
        stores=() if single else tuple(_store(card, language=language) for card in cards),
        approve=reverse("approve", args=[single.id]) if single else reverse("approve_play", args=[one.play]),
        version=single.version if single else None,
        waiting=states.get("proposed", 0),
        state=_state(states, stores=len(cards)),
        is_first=False,
    )


def _store(card: Card, *, language: str) -> StoreRow:
    return StoreRow(
        store=card.store,
        people=card.people,
        gain=gain_words(card, language=language),
        state=card.state,
        address=reverse("proposal", args=[card.id]),
        approve=reverse("approve", args=[card.id]),
        version=card.version,
    )


def _state(states: Mapping[str, int], *, stores: int) -> str:
    """Where a play stands over its stores; one word where all stand alike."""
    held = {code: n for code, n in states.items() if n}
    if stores == 1 or len(held) == 1:
        return words.word(words.PROPOSAL_STATES, next(iter(held), ""))
    approved = sum(n for code, n in held.items() if code not in ("proposed", "rejected", "draft"))
    if not approved:
        return ""
    return ngettext("approved in %(n)s store", "approved in %(n)s stores", approved) % {"n": formats.count(approved)}
