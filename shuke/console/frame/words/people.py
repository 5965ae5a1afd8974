"""Words for customers: stages, identity, consents."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

STAGES: Words = {
    "prospect": _("Prospect"),
    "new": _("New"),
    "active": _("Active"),
    "lapsing": _("Lapsing"),
    "lapsed": _("Lapsed"),
    "won_back": _("Won back"),
}
LAYERS: Words = {
    "newcomer": _("Newcomer"),
    "growing": _("Growing"),
    "core": _("Core"),
    "devoted": _("Devoted"),
}
AXES: Words = {
    "frequency": _("How often"),
    "spend": _("How much"),
    "interaction": _("Interaction"),
    "recommend": _("Would recommend"),
}
SEXES: Words = {"female": _("Ms"), "male": _("Mr")}
BANDS: Words = {
    "automatic": _("One person"),
    "probable": _("Probably one person"),
    "alone": _("Alone"),
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
    "other_receiver": _("same buyer account, another receiver"),
    "name_and_birthday": _("same name and birthday"),
    "similar_person": _("alike in many small things"),
    "same_order": _("in the same order"),
    "pinned": _("fixed by hand"),
    "blocked_value": _("a value that ties nobody"),
    "staff": _("staff"),
    "test": _("a test record"),
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
