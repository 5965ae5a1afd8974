"""Words for the codes that rooms hand over: the tables speak codes, the reader's language is chosen here."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "person_added": _("Made an account"),
    "password_renewed": _("Gave a new password"),
    "revealed": _("Looked at a hidden value"),
}

STAGES = {
    "prospect": _("Prospect"),
    "new": _("New"),
    "active": _("Active"),
    "lapsing": _("Lapsing"),
    "lapsed": _("Lapsed"),
    "won_back": _("Won back"),
}

SOURCES = {
    "pos": _("Till"),
    "member": _("Members"),
    "person": _("Person file"),
    "tmall": _("Tmall"),
    "jd": _("JD"),
    "meituan": _("Meituan"),
    "eleme": _("Ele.me"),
    "douyin": _("Douyin"),
    "pdd": _("Pinduoduo"),
    "youzan": _("Youzan mini program"),
    "wechat_shop": _("WeChat shop"),
    "shopify": _("Shopify"),
    "wecom": _("WeCom"),
    "interaction": _("Interactions"),
    "consent": _("Consents"),
    "coupon": _("Coupons"),
    "cost": _("Costs"),
    "generic": _("Other file"),
}

CHANNELS = {
    "in_store": _("In the store"),
    "wecom": _("WeCom one to one"),
    "sms": _("SMS"),
    "email": _("E-mail"),
    "phone": _("Phone call"),
    "wechat": _("WeChat"),
    "mini_program": _("Mini program message"),
    "app": _("App message"),
    "any": _("All channels"),
}

CONSENT_STATES = {
    "granted": _("Agreed"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "unknown": _("Unknown"),
}
