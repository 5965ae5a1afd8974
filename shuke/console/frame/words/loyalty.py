"""Words for points, tiers, benefits and coupons."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

TXN_KINDS: Words = {
    "enrol": _("Became a member"),
    "opening": _("Opening balance"),
    "earn": _("Points from a purchase"),
    "burn": _("Points spent"),
    "hold": _("Points held for a checkout"),
    "capture": _("Held points spent"),
    "release": _("Held points given back"),
    "time_out": _("Hold ran out"),
    "refund": _("Refund"),
    "adjust": _("Adjusted by hand"),
    "transfer": _("Points moved"),
    "grow": _("Growth value"),
    "merge": _("Accounts joined"),
    "split": _("Accounts parted"),
    "expire": _("Points ended"),
    "coupon_issue": _("Coupon issued"),
    "coupon_void": _("Coupon taken back"),
    "coupon_use": _("Coupon used"),
    "benefit_book": _("Benefit booked"),
    "benefit_use": _("Benefit used"),
    "benefit_cancel": _("Booking cancelled"),
    "claim": _("Order claimed"),
}
SCENES: Words = {"before": _("Before the sale"), "in_use": _("In use"), "after": _("After the sale")}
SPANS: Words = {
    "day": _("a day"),
    "month": _("a month"),
    "quarter": _("a quarter"),
    "year": _("a year"),
    "ever": _("in all"),
}
COUPON_KINDS: Words = {
    "amount": _("Amount off"),
    "percent": _("Per cent off"),
    "gift": _("Gift"),
    "shipping": _("Free shipping"),
}
HELD_COUPON_STATES: Words = {
    "issued": _("can be used"),
    "held": _("held for a checkout"),
    "used": _("used"),
    "void": _("void"),
    "expired": _("ended"),
}
COUPON_REFUSALS: Words = {
    "coupon_unknown": _("Nobody knows this code"),
    "coupon_of_other_member": _("Belongs to another member"),
    "coupon_twice": _("Given twice in one checkout"),
    "coupon_used": _("Used already"),
    "coupon_held": _("Held by another checkout"),
    "coupon_void": _("Taken back"),
    "coupon_expired": _("Ended"),
    "campaign_over": _("The campaign is over"),
    "wrong_currency": _("Another currency"),
    "wrong_store": _("Not in this store"),
    "wrong_channel": _("Not in this channel"),
    "wrong_tier": _("Not for this tier"),
    "no_line_in_scope": _("No product in the cart that it is for"),
    "below_least": _("The cart is too small"),
    "group_full": _("Only one coupon of this kind at a time"),
    "not_with_others": _("Not together with other coupons"),
    "member_limit": _("The member's limit is reached"),
    "campaign_limit": _("The campaign's limit is reached"),
    "budget_used_up": _("The budget is used up"),
    "margin_floor": _("The margin would become too small"),
    "cost_unknown": _("The goods' cost is not known, the margin cannot be checked"),
    "nothing_left": _("Nothing left to reduce"),
    "not_in_best_subset": _("Another set of coupons saves more"),
}
GROWTH_KINDS: Words = {"purchase": _("Purchase"), "refund": _("Refund")}
TIER_REASONS: Words = {
    "upgraded": _("went up"),
    "kept": _("kept"),
    "fell": _("went down a level at the end of its term"),
    "refund": _("went down after a refund"),
    "granted": _("given by hand"),
}
LOT_KINDS: Words = {
    "earn": _("Purchase"),
    "refund": _("Came back from a refund"),
    "return": _("Came back from a refund"),
    "adjust": _("Adjusted by hand"),
    "opening": _("Opening balance"),
    "transfer": _("Moved here"),
    "release": _("Came back from a hold"),
}
ADJUSTMENT_STATES: Words = {"asked": _("waits"), "approved": _("approved"), "rejected": _("refused")}
USE_STATES: Words = {"booked": _("booked"), "used": _("used"), "cancelled": _("cancelled")}
FACT_KINDS: Words = {
    "*": _("everything"),
    "loyalty.*": _("every change of a member"),
    "loyalty.enrol": _("new members"),
    "loyalty.earn": _("points earned"),
    "loyalty.burn": _("points spent"),
    "loyalty.refund": _("refunds"),
    "loyalty.adjust": _("adjustments"),
    "loyalty.expire": _("points that ended"),
    "loyalty.merge": _("accounts joined"),
}
DELIVERY_STATES: Words = {"waiting": _("waits"), "delivered": _("reached"), "failed": _("given up")}
