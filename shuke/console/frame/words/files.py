"""Words for files, rows and jobs."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

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
STEPS: Words = {
    "stores, associates and products": _("stores, associates and products"),
    "one customer, one id": _("one customer, one id"),
    "orders, lines and visits by customer": _("orders, lines and visits by customer"),
    "publishing": _("publishing"),
    "check-up: every problem with its money": _("check-up: every problem with its money"),
    "purchase clocks, scores and the return curve": _("purchase clocks, scores and the return curve"),
    "lifecycle stages and segments": _("lifecycle stages and segments"),
    "who may be contacted, through which channel": _("who may be contacted, through which channel"),
    "this week's plays, and who is held out": _("this week's plays, and who is held out"),
}
FILE_TROUBLES: Words = {
    "UnknownHeader": _("Nobody knows these columns. A proposal is waiting below: check it, take it, import again."),
    "SourceChanged": _(
        "The system that writes this file has renamed a column that matters, so nothing was read. A proposal may be"
        " waiting below: check it, take it, import again."
    ),
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
    "bad_number": _("a whole number that is none"),
    "bad_code": _("a word that this column does not know"),
    "missing": _("a needed cell is empty"),
}
ROW_PROBLEMS: Words = {
    "no_code": _("There is an outcome but no task code. Copy the code from the sheet that was handed out."),
    "broken_code": _("A character of the task code is wrong, missing or swapped. Compare it with the sheet."),
    "unknown_code": _("No task of yours has this code. It may be of another shop or store, or was withdrawn."),
    "closed": _("The task was cancelled or has expired, so its outcome was not taken."),
    "unknown_outcome": _("This word is not one of the outcomes. Choose one from the list in the sheet."),
    "overruled": _("A lower row gives another outcome for the same task; that one was taken."),
}
