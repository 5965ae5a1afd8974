"""Reading benefits.yaml and coupons.yaml: badges, benefits, campaigns, their groups and budgets."""

from collections.abc import Collection

from shuke.loyalty.adapters.pages import Keys, Page
from shuke.loyalty.values.benefits import UNLIMITED, Badge, Benefit, Scene
from shuke.loyalty.values.coupons import Campaign, CouponKind, Group, Scope
from shuke.loyalty.values.tiers import Span

_BENEFIT = ("zh", "en", "note", "scene", "span", "quota", "badges", "booked", "cost", "birthday_month")
_CAMPAIGN = (
    *("zh", "en", "kind", "amount", "percent", "cap", "gift", "least", "scope", "priority", "group", "alone"),
    *("margin_floor", "per_member", "total", "budget", "since", "until", "days", "currency", "returned"),
)
_SCOPE = ("products", "categories", "without_products", "without_categories", "stores", "channels", "tiers")


def badges(page: Page, *, behaviours: Collection[str]) -> dict[str, Badge]:
    """Badges by code. Raises `BadProgramme`."""
    page.only((), known=("badges", "benefits"))
    found = {}
    for code in page.entries(("badges",)):
        path = ("badges", code)
        page.only(path, known=("zh", "en", "behaviours", "times"))
        found[code] = Badge(
            code=code,
            zh=page.text((*path, "zh")),
            en=page.text((*path, "en")),
            behaviours=page.codes((*path, "behaviours"), among=behaviours),
            times=page.whole((*path, "times"), least=1),
        )
    return found


def benefits(page: Page, *, tiers: Collection[str], badges: Collection[str]) -> dict[str, Benefit]:
    """Benefits by code. Raises `BadProgramme`."""
    found = {}
    for code in page.entries(("benefits",)):
        path = ("benefits", code)
        page.only(path, known=_BENEFIT)
        page.only((*path, "note"), known=("zh", "en"))
        page.only((*path, "quota"), known=tiers, may_be_gone=True)
        page.only((*path, "badges"), known=badges, may_be_gone=True)
        found[code] = Benefit(
            code=code,
            zh=page.text((*path, "zh")),
            en=page.text((*path, "en")),
            note_zh=page.text((*path, "note", "zh"), absent=""),
            note_en=page.text((*path, "note", "en"), absent=""),
            scene=Scene(page.choice((*path, "scene"), among=tuple(Scene))),
            span=Span(page.choice((*path, "span"), among=tuple(Span), absent="year")),
            quota={tier: _quota(page, (*path, "quota", tier)) for tier in page.entries((*path, "quota"), among=tiers)},
            badges={
                badge: _quota(page, (*path, "badges", badge)) for badge in page.entries((*path, "badges"), among=badges)
            },
            is_booked=page.flag((*path, "booked")),
            cost_minor=page.whole((*path, "cost"), absent=0),
            in_birthday_month=page.flag((*path, "birthday_month")),
        )
    return found


def _quota(page: Page, path: Keys) -> int:
    words = page.text(path)
    return UNLIMITED if words == "always" else page.whole(path)


def groups(page: Page) -> dict[str, Group]:
    """Groups of coupons by code. Raises `BadProgramme`."""
    page.only((), known=("groups", "budgets", "campaigns"))
    codes = page.entries(("groups",))
    found = {}
    for code in codes:
        path = ("groups", code)
        page.only(path, known=("at_most", "without"))
        without = frozenset(page.codes((*path, "without"), among=codes))
        found[code] = Group(code, page.whole((*path, "at_most"), absent=1, least=1), without)
    return found


def budgets(page: Page) -> dict[str, int]:
    """Limits of budgets by code, in minor units. Raises `BadProgramme`."""
    for code in page.entries(("budgets",)):
        page.only(("budgets", code), known=("limit",))
    return {code: page.whole(("budgets", code, "limit")) for code in page.entries(("budgets",))}


def campaigns(page: Page, *, tiers: Collection[str], currency: str) -> dict[str, Campaign]:
    """Campaigns by code. Raises `BadProgramme`."""
    found = {}
    for code in page.entries(("campaigns",)):
        path = ("campaigns", code)
        page.only(path, known=_CAMPAIGN)
        found[code] = _campaign(page, path, tiers=tiers, currency=currency)
    return found


def _campaign(page: Page, path: Keys, *, tiers: Collection[str], currency: str) -> Campaign:
    kind = CouponKind(page.choice((*path, "kind"), among=tuple(CouponKind)))
    is_gift = kind is CouponKind.GIFT
    page.only((*path, "gift"), known=("sku", "value", "cost"))
    has_floor = page.keys(path) and "margin_floor" in page.keys(path)
    return Campaign(
        code=path[-1],
        zh=page.text((*path, "zh")),
        en=page.text((*path, "en")),
        kind=kind,
        amount_minor=page.whole((*path, "amount"), least=1) if kind is CouponKind.AMOUNT else 0,
        percent_thousandths=(
            page.whole((*path, "percent"), least=1, largest=1000) if kind is CouponKind.PERCENT else 0
        ),
        cap_minor=page.whole((*path, "cap"), absent=0),
        gift_sku=page.text((*path, "gift", "sku")) if is_gift else "",
        gift_value_minor=page.whole((*path, "gift", "value"), absent=0),
        gift_cost_minor=page.whole((*path, "gift", "cost"), absent=0),
        least_minor=page.whole((*path, "least"), absent=0),
        scope=_scope(page, (*path, "scope"), tiers=tiers),
        priority=page.whole((*path, "priority"), absent=100),
        group=page.choice((*path, "group"), among=page.entries(("groups",)), absent=""),
        is_alone=page.flag((*path, "alone")),
        margin_floor=page.whole((*path, "margin_floor"), largest=1000) if has_floor else None,
        per_member=page.whole((*path, "per_member"), absent=0),
        total=page.whole((*path, "total"), absent=0),
        budget=page.choice((*path, "budget"), among=page.entries(("budgets",)), absent=""),
        since=page.day((*path, "since")),
        until=page.day((*path, "until")),
        days=page.whole((*path, "days"), absent=0, largest=3660),
        currency=page.text((*path, "currency"), absent=currency),
        is_returned=page.flag((*path, "returned"), absent=True),
    )


def _scope(page: Page, path: Keys, *, tiers: Collection[str]) -> Scope:
    page.only(path, known=_SCOPE)
    page.codes((*path, "tiers"), among=tiers)
    return Scope(**{key: frozenset(page.codes((*path, key))) for key in _SCOPE})
