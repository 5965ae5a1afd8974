"""Growth value: what purchases, refunds and behaviour are worth. Whole numbers; days in the programme's zone."""

from collections.abc import Sequence
from datetime import date, timedelta

from shuke.kernel.money import exponent
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Behaviour, GrowthRow, Span


class UnknownBehaviour(Refusal):
    """The programme has no such behaviour."""

    code = "unknown_behaviour"


class BehaviourKnown(Refusal):
    """This very review, event or referral has been counted."""

    code = "behaviour_known"


class BehaviourCap(Refusal):
    """The behaviour has been counted as often as its period allows."""

    code = "behaviour_cap"


def earned_growth(eligible_minor: int, *, currency: str) -> int:
    """Growth of an order: its eligible amount in whole major units, rounded down once an order."""
    return int(eligible_minor // 10 ** exponent(currency))


def lost_growth(eligible_minor: int, *, before_minor: int, after_minor: int, currency: str) -> int:
    """What a refund takes: growth after `before_minor` refunded less that after `after_minor`; never negative.

    Cumulative, so that partial refunds take the same in the end as one refund of all.
    """
    kept_before = earned_growth(max(0, eligible_minor - before_minor), currency=currency)
    kept_after = earned_growth(max(0, eligible_minor - after_minor), currency=currency)
    return max(0, kept_before - kept_after)


def behave(behaviour: str, *, reference: str, known: Sequence[GrowthRow], today: date, perks: Perks) -> int:
    """Growth of a behaviour done today, with `known` rows of the same behaviour on the member's account or group.

    Raises `UnknownBehaviour`, `BehaviourKnown` (the same reference twice), `BehaviourCap`.
    """
    rule = perks.behaviours.get(behaviour)
    if rule is None:
        hint = f"Known: {', '.join(sorted(perks.behaviours))}."
        raise UnknownBehaviour(f"The programme has no behaviour '{behaviour}'.", hint=hint)
    mine = [row for row in known if row.kind == behaviour]
    if reference and any(row.reference == reference for row in mine):
        raise BehaviourKnown(f"{behaviour} {reference} has been counted.", hint="Nothing to do.")
    if left(rule, known=mine, today=today) == 0:
        raise BehaviourCap(
            f"{behaviour} counts {rule.times} times a {rule.span}.", hint="It counts again in the next period."
        )
    return rule.points


def left(rule: Behaviour, *, known: Sequence[GrowthRow], today: date) -> int:
    """How often a behaviour still counts in today's period; -1 without a cap."""
    if rule.times == 0:
        return -1
    start, end = span_of(today, span=rule.span)
    done = sum(
        1 for row in known if row.kind == rule.code and start <= row.counts_on and (end is None or row.counts_on < end)
    )
    return max(0, rule.times - done)


def span_of(day: date, *, span: Span) -> tuple[date, date | None]:
    """The half-open calendar period that holds a day; `EVER` has no end."""
    if span is Span.DAY:
        return day, day + timedelta(days=1)
    if span is Span.EVER:
        return date.min, None
    first = {Span.MONTH: day.month, Span.QUARTER: (day.month - 1) // 3 * 3 + 1, Span.YEAR: 1}[span]
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    year, month = divmod(day.year * 12 + first - 1 + months, 12)
    return date(day.year, first, 1), date(year, month + 1, 1)
