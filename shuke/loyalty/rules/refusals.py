"""Why the ledger refuses: each reason is a type with a `code` that programs can rely on."""

from shuke.kernel.errors import ShukeError


class Refusal(ShukeError):
    """A request that the rules refuse; nothing was changed."""

    code = "refused"


class BadRequest(Refusal):
    """A field that no honest request has: an empty key, a text too long, an instant without a zone."""

    code = "bad_request"


class BadAmount(Refusal):
    """An amount or a number of points that no till can mean."""

    code = "bad_amount"


class WrongCurrency(Refusal):
    """The programme counts in another currency, or the order was in another."""

    code = "wrong_currency"


class UnknownProgramme(Refusal):
    """The shop has no such programme."""

    code = "unknown_programme"


class UnknownMember(Refusal):
    """Nobody has this member number."""

    code = "unknown_member"


class MemberKnown(Refusal):
    """The member number has an account already."""

    code = "member_known"


class Frozen(Refusal):
    """The account is frozen until somebody has looked at it."""

    code = "frozen"


class ClockBackwards(Refusal):
    """The request is dated too long ago: the till's clock is wrong."""

    code = "clock_backwards"


class InFuture(Refusal):
    """The request is dated after now: the till's clock is wrong."""

    code = "date_in_future"


class KeyReused(Refusal):
    """The key was used for another request."""

    code = "key_reused"


class OrderKnown(Refusal):
    """The order has earned or burned already."""

    code = "order_known"


class OrderUnknown(Refusal):
    """No such order earned or burned here."""

    code = "order_unknown"


class NotEnough(Refusal):
    """Fewer points are available than were asked for."""

    code = "insufficient_points"


class HoldKnown(Refusal):
    """The code of the hold was used before."""

    code = "hold_known"


class HoldUnknown(Refusal):
    """There is no such hold any more: it was captured, released or has timed out."""

    code = "hold_unknown"


class RefundTooLarge(Refusal):
    """More was refunded than the order was worth."""

    code = "refund_too_large"


class PointsSpent(Refusal):
    """The programme refuses a refund whose points are gone."""

    code = "spent"


class SameAccount(Refusal):
    """Both members share one account."""

    code = "same_account"


class NotMerged(Refusal):
    """The member was not merged into another."""

    code = "not_merged"


class NotApproved(Refusal):
    """An adjustment without a second person's approval."""

    code = "not_approved"


class Busy(Refusal):
    """The database could not take the write in time; nothing was changed and the same key may be sent again."""

    code = "busy"


class NoReason(Refusal):
    """An adjustment needs a whole number of points other than none, and a reason."""

    code = "reason_missing"


class NotOwnAdjustment(Refusal):
    """Who asked for an adjustment does not decide on it."""

    code = "not_own"


class NoSuchAdjustment(Refusal):
    """Nobody asked for this adjustment, or it is decided."""

    code = "adjustment_unknown"
