"""What people decided, taken together: which records are one customer, which are not, and what contradicts what."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from shuke.customers.values import Parties, Pin


def parties(pins: Iterable[Pin]) -> Parties:
    """Parties of all decisions in force, numbered from 1 by their smallest record, and the pairs of them kept apart.

    Records that decisions tie, directly or through others, are one party. The decisions must be consistent (see
    `contradicted`); raises ValueError where one party would be apart from itself.
    """
    held = sorted(pins, key=lambda pin: pin.decision_id)
    leads = _united(held)
    number: dict[int, int] = {}
    party_of: dict[int, int] = {}
    for record in sorted(leads):
        party_of[record] = number.setdefault(_root(leads, record), len(number) + 1)
    apart = {_between(pin, party_of) for pin in held if pin.apart and all(pin.sides)}
    if any(left == right for left, right in apart):
        raise ValueError("decisions contradict each other")
    return Parties(party_of=party_of, apart=tuple(sorted(apart)))


def contradicted(pins: Sequence[Pin], wanted: Pin) -> tuple[int, ...]:
    """The earlier decisions, by number, that cannot stand beside `wanted`; of two ways out the newer decisions stand.

    Empty where everything fits.
    """
    kept, ended = [wanted], []
    for pin in sorted(pins, key=lambda pin: -pin.decision_id):
        if _fits([*kept, pin]):
            kept.append(pin)
        else:
            ended.append(pin.decision_id)
    return tuple(sorted(ended))


def built_on(pins: Iterable[Pin], tie: Pin) -> tuple[int, ...]:
    """The later decisions, by number, that name records of both sides of `tie` as one customer.

    While they stand, taking the tie back changes nothing: to merge A with B, then both with C, is to say A is B twice.
    """
    left, right = tie.sides
    return tuple(
        sorted(
            pin.decision_id
            for pin in pins
            if pin.decision_id > tie.decision_id
            and any(one & left and one & right for one in (pin.sides if pin.apart else (pin.sides[0] | pin.sides[1],)))
        )
    )


def ids_before(named: Iterable[tuple[int, int, int | None, int | None]]) -> dict[int, tuple[int, int]]:
    """(customer, automatic id) that each record had before the earliest of some ties that end together.

    `named` are (decision, record, customer, automatic id) in the order of decisions. A record that only a later tie
    names, under an id that an earlier one gave to others meanwhile, speaks for no id: (0, 0).
    """
    found: dict[int, tuple[int, int]] = {}
    for _, rows in groupby(named, key=itemgetter(0)):
        those = list(rows)
        merged = {own for _, record, _, own in those if found.get(record, (0, own))[1] not in (0, own)}
        for _, record, customer, own in those:
            found.setdefault(record, (0, 0) if own in merged else (customer or 0, own or 0))
    return found


def _fits(pins: Sequence[Pin]) -> bool:
    leads = _united(pins)
    return all(
        _root(leads, min(left)) != _root(leads, min(right))
        for left, right in (pin.sides for pin in pins if pin.apart)
        if left and right
    )


def _between(pin: Pin, party_of: dict[int, int]) -> tuple[int, int]:
    left, right = (party_of[min(side)] for side in pin.sides)
    return min(left, right), max(left, right)


def _united(pins: Iterable[Pin]) -> dict[int, int]:
    """Union-find over the records of all decisions: record -> another of its party, nearer to the smallest."""
    leads: dict[int, int] = {}
    for pin in pins:
        for one in pin.sides if pin.apart else (pin.sides[0] | pin.sides[1],):
            first: int | None = None
            for record in sorted(one):
                leads.setdefault(record, record)
                first = _join(leads, ends=(record if first is None else first, record))
    return leads


def _join(leads: dict[int, int], *, ends: tuple[int, int]) -> int:
    left, right = sorted(_root(leads, end) for end in ends)
    leads[right] = left
    return left


def _root(leads: dict[int, int], record: int) -> int:
    found = record
    while leads[found] != found:
        found = leads[found]
    while leads[record] != found:
        leads[record], record = found, leads[record]
    return found
