"""Reading tiers.yaml: the ladder and the behaviours that earn growth."""

from shuke.loyalty.adapters.pages import Keys, Page
from shuke.loyalty.values.tiers import Behaviour, EarlierSteps, Ladder, Span, Tier

_TIER = ("zh", "en", "reach", "keep", "multiplier")
_BEHAVIOUR = ("zh", "en", "points", "times", "span")
_KEPT_KINDS = frozenset({"purchase", "refund", "opening", "adjust"})


def ladder(page: Page) -> Ladder:
    """The tiers from the lowest up, with thresholds of the past. Raises `BadProgramme`."""
    page.only((), known=("months", "tiers", "earlier", "behaviours"))
    codes = page.entries(("tiers",))
    tiers = tuple(_tier(page, ("tiers", code)) for code in codes)
    if not tiers:
        raise page.wrong(("tiers",), what="a programme has at least one tier.", hint="Write 'basic' with reach 0.")
    for code, below, above in zip(codes[1:], tiers, tiers[1:], strict=False):
        if above.reach <= below.reach:
            hint = f"{below.code} is reached by {below.reach}; write the tiers from the lowest up."
            raise page.wrong(("tiers", code, "reach"), what="a higher tier needs more growth.", hint=hint)
    if tiers[0].reach or tiers[0].keep:
        raise page.wrong(("tiers", codes[0], "reach"), what="the lowest tier is everybody's.", hint="Set both to 0.")
    months = page.whole(("months",), absent=12, least=1, largest=120)
    return Ladder(tiers=tiers, months=months, earlier=_earlier(page, codes=codes))


def _tier(page: Page, path: Keys) -> Tier:
    page.only(path, known=_TIER)
    reach, keep = page.whole((*path, "reach")), page.whole((*path, "keep"))
    if keep > reach:
        raise page.wrong((*path, "keep"), what=f"{keep} is more than {reach} to reach it.", hint="Keep at most reach.")
    return Tier(
        code=path[-1],
        zh=page.text((*path, "zh")),
        en=page.text((*path, "en")),
        reach=reach,
        keep=keep,
        multiplier_thousandths=page.thousandths((*path, "multiplier"), absent=1000),
    )


def _earlier(page: Page, *, codes: tuple[str, ...]) -> tuple[EarlierSteps, ...]:
    said = page.values.get("earlier") or []
    if not isinstance(said, list) or not all(isinstance(item, dict) for item in said):
        raise page.wrong(("earlier",), what="a list belongs here.", hint="Write '- until: 2026-12-31' below it.")
    found = [_past(Page(page.name, item, {(): page.places[("earlier",)]}), codes=codes) for item in said]
    return tuple(sorted(found, key=lambda past: past.until))


def _past(page: Page, *, codes: tuple[str, ...]) -> EarlierSteps:
    page.only((), known=("until", "tiers"))
    until = page.day(("until",))
    if until is None:
        raise page.wrong(("until",), what="a day belongs here.", hint="The last day on which these thresholds held.")
    page.only(("tiers",), known=codes)
    steps = {}
    for code in page.entries(("tiers",)):
        reach, keep = (page.whole(("tiers", code, key)) for key in ("reach", "keep"))
        if keep > reach:
            raise page.wrong(("tiers", code, "keep"), what="keep is more than reach.", hint="Keep at most reach.")
        steps[code] = (reach, keep)
    return EarlierSteps(until, {codes[0]: (0, 0), **steps})


def behaviours(page: Page) -> dict[str, Behaviour]:
    """What earns growth without a purchase, by code. Raises `BadProgramme`."""
    found = {}
    for code in page.entries(("behaviours",)):
        path = ("behaviours", code)
        page.only(path, known=_BEHAVIOUR)
        if code in _KEPT_KINDS:
            raise page.wrong(path, what=f"'{code}' is a word of the ledger itself.", hint="Choose another code.")
        found[code] = Behaviour(
            code=code,
            zh=page.text((*path, "zh")),
            en=page.text((*path, "en")),
            points=page.whole((*path, "points"), least=1),
            times=page.whole((*path, "times"), absent=0),
            span=Span(page.choice((*path, "span"), among=tuple(Span), absent="ever")),
        )
    return found
