"""Rules: their fields, their words, what they would give, and why one person is in or out."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader
from shuke.segments.values import Field, OwnSegmentValue, Preview, Rule, Why


class UnknownSegment(ShukeError):
    """There is no segment of that code."""


def fields(actor: Actor, *, lake: Reader, language: str) -> list[Field]:
    """Every field that a rule may use, in the order of its groups, with what the shop's data can fill."""
    require(actor, Permission.SEE_CUSTOMERS)
    return []


def preview(actor: Actor, *, lake: Reader, rule: Rule, store: str | None = None) -> Preview:
    """How many people a rule gives now and what they are worth; raises `BadRule` for a rule that cannot be read."""
    require(actor, Permission.SEE_CUSTOMERS)
    return Preview(0, 0)


def rule_sentence(actor: Actor, *, rule: Rule, language: str) -> str:
    """A rule in words."""
    require(actor, Permission.SEE_CUSTOMERS)
    return ""


def why(actor: Actor, *, lake: Reader, segment: str, customer_id: int, language: str) -> Why:
    """Each condition of a segment's rule for one person, whether it holds, and the person's value."""
    require(actor, Permission.SEE_CUSTOMERS)
    return Why(False, ())


def own_segment(actor: Actor, *, code: str) -> OwnSegmentValue:
    """One of the shop's own segments; raises `UnknownSegment`."""
    require(actor, Permission.SEE_CUSTOMERS)
    raise UnknownSegment(f"There is no segment {code}.", hint="Choose one from the list of segments.")
