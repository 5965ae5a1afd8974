"""Words for who is who: pairs in review, what speaks for and against, changes of an id, labelled samples."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

# Why a pair waits, as a short name of the kind and as a sentence that says what is in doubt.
PAIR_KINDS: Words = {
    "member_id": _("Same member number"),
    "card": _("Same card"),
    "unionid": _("Same WeChat identity"),
    "phone": _("Same phone"),
    "shop_user": _("Same buyer account"),
    "email": _("Same e-mail"),
    "two_accounts": _("Two accounts of one person?"),
    "similar_name": _("Name written differently"),
    "shared_number": _("Several people on one number"),
    "recycled_number": _("Number may have changed hands"),
    "other_receiver": _("Another receiver"),
    "masked_phone": _("Hidden phone"),
    "name_and_birthday": _("Only name and birthday"),
    "similar_person": _("Much alike, no number"),
    "blocked_value": _("A value that ties nobody"),
    "limit": _("Too much for one person"),
    "conflict": _("Something contradicts"),
}
PAIR_DOUBTS: Words = {
    "member_id": _("One member number, and yet something else does not fit one person."),
    "card": _("One card, and yet something else does not fit one person: families share cards."),
    "unionid": _("One WeChat identity, and yet something else does not fit one person."),
    "phone": _("One phone, and yet something else does not fit one person."),
    "shop_user": _("One buyer account, and yet something else does not fit one person."),
    "email": _("One e-mail, and yet something else does not fit one person."),
    "two_accounts": _("Name and phone are equal, but there are two member numbers or cards."),
    "similar_name": _("One phone, but the names differ a little: a nickname, a typing error or a relative."),
    "shared_number": _("One phone under different names: perhaps a family, perhaps one person with two names."),
    "recycled_number": _("The phone was silent for long and came back under another name: perhaps a new owner."),
    "other_receiver": _("One buyer account, but the parcel went to somebody else: a gift, or an order for a relative."),
    "masked_phone": _("The platform hid the middle of the phone; what is left fits, and so does something else."),
    "name_and_birthday": _("No number in common; only name and birthday are equal."),
    "similar_person": _("No number in common, but name, birthday, place and the like fit each other."),
    "blocked_value": _("They share only a value that many people carry."),
    "limit": _("Together they would have more numbers than one person has."),
    "conflict": _("A number ties them, another one says they are two."),
}
SAYS: Words = {"for": _("fits one person"), "against": _("does not fit"), "neutral": _("says nothing")}
WEIGHTS: Words = {"strong": _("strong"), "some": _("medium"), "little": _("weak")}
PAIR_FIELDS: Words = {
    "name": _("Name"),
    "phone": _("Phone"),
    "phone_masked": _("Phone, as far as shown"),
    "email": _("E-mail"),
    "birthday": _("Birthday"),
    "gender": _("Sex"),
    "city": _("City"),
    "district": _("District"),
    "address": _("Address"),
    "member_id": _("Member number"),
    "card": _("Card"),
    "unionid": _("WeChat identity"),
    "shop_user": _("Buyer account"),
    "openid": _("Mini-program identity"),
    "store": _("Store"),
    "place": _("Where they buy"),
    "time": _("When seen"),
    "period": _("When seen"),
    "seen": _("When seen"),
    "sources": _("Source"),
    "number_of_names": _("Names on this number"),
}
ANSWERS: Words = {
    "same": _("the same person"),
    "different": _("two people"),
    "skip": _("not sure"),
    "unsure": _("not sure"),
}
DECISIONS: Words = {
    "same": _("Decided: one person"),
    "different": _("Decided: two people"),
    "merge": _("Merged by hand"),
    "split": _("Split by hand"),
    "revoked": _("Taken back"),
}
ID_EVENTS: Words = {
    "created": _("Id given"),
    "merged": _("Merged"),
    "split": _("Split"),
    "moved": _("Records moved"),
    "pinned": _("Fixed by hand"),
}
CONTRADICTIONS: Words = {
    "name": _("two different full names"),
    "birthday": _("two birthdays"),
    "gender": _("two sexes"),
    "member_id": _("two member numbers"),
    "card": _("two cards"),
    "unionid": _("two WeChat identities"),
    "phone": _("two phones"),
    "email": _("two e-mails"),
    "apart": _("somebody decided before that they are two people"),
    "staff": _("one of them is a member of staff"),
}
HOUSEHOLD_REASONS: Words = {
    "address": _("same address and surname"),
    "phone": _("a phone that they share"),
}
# What happened to two customers while they were one, and whose it stays after a split.
JOINT_KEPT: Words = {
    "tasks": _("%(n)s tasks stay with the one who keeps the id"),
    "touches": _("%(n)s touches stay with the one who keeps the id"),
    "orders": _("%(n)s orders go with the record they came with"),
    "interactions": _("%(n)s interactions go with the record they came with"),
    "coupons": _("%(n)s coupons go with the record they came with"),
    "points": _("%(n)s points stay with the one who keeps the id"),
}
STRATA: Words = {
    "automatic": _("merged by itself"),
    "probable": _("merged, probably right"),
    "review": _("waiting for review"),
    "refused": _("kept apart by a rule"),
    "apart": _("kept apart"),
}
