"""Words for the codes that rooms hand over: the tables speak codes, the reader's language is chosen here."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

ROLES: Words = {
    "owner": _("Owner"),
    "operator": _("Operator"),
    "manager": _("Store manager"),
    "associate": _("Associate"),
    "system": _("System"),
}
ROLE_NOTES: Words = {
    "owner": _("everything, and who may sign in"),
    "operator": _("plans the week for all stores"),
    "manager": _("own stores, their customers and tasks"),
    "associate": _("own tasks and own store's customers"),
}
VERBS: Words = {
    "person_added": _("Made an account"),
    "password_renewed": _("Gave a new password"),
    "account_closed": _("Closed an account"),
    "revealed": _("Looked at a hidden value"),
    "proposed": _("Drew the people"),
    "drawn": _("Drew the people"),
    "redrawn": _("Drew the people anew"),
    "import": _("Imported files"),
    "mapping_accepted": _("Took a mapping of columns"),
    "tasks made": _("Made tasks"),
    "tasks taken back": _("Took tasks back"),
    "reassigned": _("Gave tasks to somebody else"),
    "expired": _("Let old tasks expire"),
    "exported": _("Exported data"),
    "outcome taken back": _("Took an outcome back"),
    "outcome changed": _("Changed an outcome"),
    "contact closed": _("Closed the contact: they asked for it"),
    "customers_resolved": _("Matched customers"),
    "approve": _("Approved a proposal"),
    "reject": _("Rejected a proposal"),
    "withdraw": _("Withdrew a proposal"),
    "export": _("Handed out task sheets"),
}
OBJECTS: Words = {
    "customer": _("customer"),
    "proposal": _("proposal"),
    "task": _("task"),
    "tasks": _("task sheets"),
    "customers": _("customers up to number"),
    "user": _("account"),
    "table": _("table"),
    "generation": _("run"),
    "mapping": _("mapping"),
}
DETAILS: Words = {
    "masked": _("buyer hidden"),
    "no_buyer": _("no buyer given"),
    "repeated_export": _("exported before"),
    "nobody_known": _("nobody known"),
    "crowded": _("too many people use it"),
    "till": _("the till's own number"),
    "well_known": _("a number known to be false"),
    "pattern": _("not a real number"),
    "list": _("a number known to be false"),
    "staff": _("a member of staff's"),
    "return": _("Return"),
}
STAGES: Words = {
    "prospect": _("Prospect"),
    "new": _("New"),
    "active": _("Active"),
    "lapsing": _("Lapsing"),
    "lapsed": _("Lapsed"),
    "won_back": _("Won back"),
}
SOURCES: Words = {
    "pos": _("Till"),
    "member": _("Member list"),
    "person": _("Person file"),
    "tmall": _("Tmall"),
    "jd": _("JD"),
    "meituan": _("Meituan"),
    "eleme": _("Ele.me"),
    "douyin": _("Douyin"),
    "pdd": _("Pinduoduo"),
    "youzan": _("Mini program (Youzan)"),
    "wechat_shop": _("WeChat shop"),
    "shopify": _("Shopify"),
    "woocommerce": _("WooCommerce"),
    "square": _("Square"),
    "wecom": _("WeCom"),
    "interaction": _("Interactions"),
    "consent": _("Consents"),
    "coupon": _("Coupons"),
    "cost": _("Product costs"),
    "generic_online_retail": _("Online shop"),
    "generic": _("Other file"),
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
PURPOSES: Words = {
    "marketing": _("Offers and news"),
    "personalisation": _("Personal recommendations"),
    "service": _("Service messages"),
}
CONSENT_STATES: Words = {
    "granted": _("Agreed"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "unknown": _("Unknown"),
}
EVENT_KINDS: Words = {
    "order": _("Purchase"),
    "return": _("Return"),
    "interaction": _("Interaction"),
    "coupon": _("Coupon"),
    "contact": _("Touch"),
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
PROPOSAL_STATES: Words = {
    "draft": _("reaches nobody"),
    "proposed": _("waiting for a decision"),
    "approved": _("approved"),
    "rejected": _("not done"),
    "withdrawn": _("withdrawn"),
    "exported": _("handed out"),
}
BANDS: Words = {
    "automatic": _("One person"),
    "probable": _("Probably one person"),
    "alone": _("Alone"),
}
STEPS: Words = {
    "stores, associates and products": _("stores, associates and products"),
    "one customer, one id": _("one customer, one id"),
    "orders, lines and visits by customer": _("orders, lines and visits by customer"),
    "check-up: every problem with its money": _("check-up: every problem with its money"),
    "purchase clocks, scores and the return curve": _("purchase clocks, scores and the return curve"),
    "lifecycle stages and segments": _("lifecycle stages and segments"),
    "who may be contacted, through which channel": _("who may be contacted, through which channel"),
    "this week's plays, and who is held out": _("this week's plays, and who is held out"),
}
FILE_TROUBLES: Words = {
    "UnknownHeader": _("Nobody knows these columns. A proposal is waiting below: check it, take it, import again."),
    "Unreadable": _("This file cannot be read. Export it again."),
    "BrokenTable": _("The file is damaged or cut off. Export it again."),
    "NotText": _("This is not a table. Check that the right file was exported."),
    "PasswordProtected": _("The workbook has a password. Save it without one and import it again."),
    "BrokenWorkbook": _("The workbook is damaged, or is another kind of file under this name. Export it again."),
    "BadArchive": _("This zip is damaged or not safe to open. Unpack it and import the files in it."),
    "FileEmpty": _("The file is empty. Export it again."),
    "DiskFull": _("The disk is full; nothing was imported. Make room and try again."),
}
ROW_REASONS: Words = {
    "wrong_width": _("more or fewer cells than the header"),
    "repeated_header": _("the header again"),
    "total_row": _("a row of totals"),
    "id_destroyed": _("number ruined by a spreadsheet"),
    "bad_encoding": _("unreadable characters"),
    "repeated_export": _("exported before"),
    "repeated_row": _("same row again"),
    "bad_amount": _("an amount that is none"),
    "bad_quantity": _("a quantity that is none"),
    "bad_date": _("a date that is none"),
    "bad_code": _("a word that this column does not know"),
    "missing": _("a needed cell is empty"),
}
REASONS: Words = {
    "no_key": _("nothing to know them by"),
    "alone": _("the only record"),
    "member_id": _("same member number"),
    "card": _("same card"),
    "unionid": _("same WeChat identity"),
    "phone": _("same phone"),
    "shop_user": _("same buyer account"),
    "email": _("same e-mail"),
    "record": _("same record, seen again"),
    "two_accounts": _("two accounts, same name and phone"),
    "similar_name": _("similar name, same phone"),
    "shared_number": _("a number that several people use"),
    "recycled_number": _("a number that changed hands"),
    "masked_phone": _("hidden phone with further evidence"),
    "blocked_value": _("a value that ties nobody"),
    "staff": _("staff"),
}
KEYS: Words = {
    "member_id": _("member number"),
    "card": _("card"),
    "unionid": _("WeChat identity"),
    "phone": _("phone"),
    "shop_user": _("buyer account"),
    "email": _("e-mail"),
}
FIELDS: Words = {
    "name": _("name"),
    "birthday": _("birthday"),
    "city": _("city"),
    "gender": _("sex"),
}
BLOCKS: Words = {
    "list": _("a number known to be false"),
    "pattern": _("not a real value"),
    "crowded": _("too many people use it"),
    "till": _("the till's own number"),
    "staff": _("a member of staff's"),
    "masked": _("hidden by the platform"),
}
ROW_PROBLEMS: Words = {
    "no_code": _("There is an outcome but no task code. Copy the code from the sheet that was handed out."),
    "broken_code": _("A character of the task code is wrong, missing or swapped. Compare it with the sheet."),
    "unknown_code": _("No task of yours has this code. It may be of another shop or store, or was withdrawn."),
    "closed": _("The task was cancelled or has expired, so its outcome was not taken."),
    "unknown_outcome": _("This word is not one of the outcomes. Choose one from the list in the sheet."),
    "overruled": _("A lower row gives another outcome for the same task; that one was taken."),
}
SEXES: Words = {"female": _("Ms"), "male": _("Mr")}


def word(words: Words, code: str | None) -> str:
    """The word of a code; the code itself where it is not known here, nothing for None."""
    return str(words.get(code, code)) if code else ""


def source_word(code: str | None) -> str:
    """The name of a source; a suffix after `_` (as in `tmall_lines`) is the platform's."""
    if not code or code in SOURCES:
        return word(SOURCES, code)
    return word(SOURCES, code.split("_")[0])


def key_word(kind: str) -> str:
    """The name of an identifier; buyer accounts carry their platform (`shop_user:tmall:`)."""
    return word(KEYS, kind.split(":")[0])
