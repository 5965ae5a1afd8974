"""Why the ledger refused something, as a person at a counter reads it: what happened, what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# code: (what happened, what to do next)
REFUSALS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "unknown_member": (
        _("There is no such member, or not in your stores"),
        _("Check the number on the card, or search by phone tail or order number."),
    ),
    "member_known": (_("This number has an account already"), _("Open that account instead of a new one.")),
    "insufficient_points": (
        _("There are not enough points"),
        _("Only available points can be spent; pending and held ones cannot. Nothing was changed."),
    ),
    "frozen": (
        _("The account is frozen"),
        _("Its entries did not add up at the last check, so nothing moves until finance has looked at it."),
    ),
    "order_known": (_("This order was counted already"), _("Look it up in the statement: nothing is given twice.")),
    "order_unknown": (_("Nobody earned or spent points with this order"), _("Check the order number and its channel.")),
    "refund_too_large": (_("More was refunded than the order was worth"), _("Check the amount and earlier refunds.")),
    "spent": (
        _("The points of this order are spent"),
        _("By the programme's rule such a refund waits for a decision. Nothing was changed."),
    ),
    "hold_unknown": (_("This hold is over"), _("It was used, given back or ran out. Start the checkout again.")),
    "hold_known": (_("This hold exists already"), _("Go on with the checkout that began it.")),
    "same_account": (_("Both numbers are one account already"), _("Nothing to do.")),
    "not_merged": (_("This account was not joined to another"), _("Nothing to do.")),
    "not_approved": (_("Another person has to approve this"), _("Ask for an adjustment; nothing moves before.")),
    "not_own": (
        _("You asked for this adjustment yourself"),
        _("Another person with this right approves it: that is what keeps points safe."),
    ),
    "adjustment_unknown": (
        _("This adjustment does not wait any more"),
        _("Somebody else decided on it. Look at the list again."),
    ),
    "reason_missing": (
        _("Points and a reason are needed"),
        _("Write how many points (with a minus to take them) and what happened."),
    ),
    "bad_amount": (_("This is no number of points"), _("Whole numbers only, without fractions.")),
    "clock_backwards": (_("The clock of the till is wrong"), _("Set its date and time, then try again.")),
    "date_in_future": (_("The clock of the till is wrong"), _("Set its date and time, then try again.")),
    "wrong_currency": (_("The programme counts in another currency"), _("Such a purchase earns no points here.")),
    "key_reused": (_("This form was sent with other values before"), _("Reload the page and try once more.")),
    "busy": (_("The ledger is busy"), _("Nothing was changed. Try again in a moment.")),
    "quota_used": (_("The quota of this benefit is used up"), _("The page says when it begins anew.")),
    "benefit_locked": (_("The member does not have this benefit yet"), _("The page says how to get it.")),
    "unknown_benefit": (_("The programme has no such benefit"), _("Reload the page.")),
    "booking_needed": (_("This benefit is booked first"), _("Book it, then record the use on the booking.")),
    "booking_unknown": (_("There is no such open booking"), _("It was used or cancelled. Reload the page.")),
    "behaviour_known": (_("This was counted already"), _("Each review, event or referral counts once.")),
    "behaviour_cap": (_("It has counted as often as it may in this period"), _("It counts again in the next one.")),
    "coupon_unknown": (_("Nobody knows this coupon"), _("Check the code.")),
    "campaign_unknown": (_("There is no such campaign"), _("Reload the page.")),
    "campaign_over": (_("The campaign is over"), _("Choose another one.")),
    "campaign_limit": (_("The campaign has given out all its coupons"), _("Choose another one.")),
    "member_limit": (_("The member has had this coupon as often as it is given"), _("Choose another one.")),
    "budget_used_up": (_("The budget of this campaign is used up"), _("Choose another one, or raise its budget.")),
}
