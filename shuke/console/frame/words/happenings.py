"""Words for what happens: orders, touches, proposals."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

EVENT_KINDS: Words = {
    "order": _("Purchase"),
    "return": _("Return"),
    "interaction": _("Interaction"),
    "coupon": _("Coupon"),
    "contact": _("Touch"),
    "points": _("Points"),
}
ORDER_STATES: Words = {
    "unpaid": _("unpaid"),
    "paid": _("paid"),
    "shipped": _("shipped"),
    "completed": _("completed"),
    "cancelled": _("cancelled"),
    "part_refunded": _("partly refunded"),
    "refunded": _("refunded"),
}
INTERACTIONS: Words = {
    "visit": _("Came to the store"),
    "browse": _("Looked at a product"),
    "message": _("Message"),
    "reply": _("Replied"),
    "review": _("Review"),
    "event": _("Event"),
    "service": _("Service"),
    "complaint": _("Complaint"),
    "survey": _("Survey"),
}
COUPON_STATES: Words = {
    "issued": _("Coupon received"),
    "used": _("Coupon used"),
    "expired": _("Coupon expired"),
    "void": _("Coupon void"),
}
CHANNELS: Words = {
    "in_store": _("In the store"),
    "associate": _("Associate, in person"),
    "till": _("At the till"),
    "wecom": _("WeCom"),
    "wecom_one_to_one": _("WeCom one to one"),
    "wecom_mass": _("WeCom mass message"),
    "wechat": _("WeChat"),
    "sms": _("SMS"),
    "phone": _("Phone call"),
    "email": _("E-mail"),
    "mini_program": _("Mini program message"),
    "app": _("App message"),
    "all": _("All channels"),
    "headquarters": _("Headquarters"),
}
PROPOSAL_STATES: Words = {
    "draft": _("reaches nobody"),
    "proposed": _("waiting for a decision"),
    "approved": _("approved"),
    "rejected": _("not done"),
    "withdrawn": _("withdrawn"),
    "exported": _("handed out"),
}
