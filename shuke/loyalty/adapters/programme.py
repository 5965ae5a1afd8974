"""The programme of a workspace: definitions that ship, with the shop's own files in `loyalty/` laid over them."""

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import ladder as ladders
from shuke.loyalty.adapters import perks as readers
from shuke.loyalty.adapters.pages import BadProgramme, Page, read_page
from shuke.loyalty.values.ledger import Programme, RefundWay, Validity
from shuke.loyalty.values.perks import Perks

DEFINITIONS = Path(__file__).parent.parent / "definitions"
_FILES = ("programme", "tiers", "benefits", "coupons")
_PROGRAMME = (
    *("programme", "zh", "en", "zone", "currency", "points_each", "minor_each", "pending_days", "validity"),
    *("validity_length", "valid_until", "refunds", "grace_days", "point_cost_thousandths"),
    *("ahead_minutes", "behind_minutes", "late_days"),
)


def programme(workspace: Workspace) -> Programme:
    """The settings of the workspace's programme with its perks; the same object until one of its files changes.

    Zone and currency are the shop's own where loyalty/programme.yaml does not name them. Raises `BadProgramme`, whose
    message names file, line and field.
    """
    own = workspace.root / "loyalty"
    strange = [path.name for path in own.glob("*.y*ml") if path.stem not in _FILES or path.suffix != ".yaml"]
    if strange:
        known = ", ".join(f"{name}.yaml" for name in _FILES)
        raise BadProgramme(f"loyalty/{min(strange)}: nobody reads this file.", hint=f"Files here are {known}.")
    stamps = tuple(_stamp(own / f"{name}.yaml") for name in _FILES)
    return _load(own, stamps=stamps, zone=workspace.timezone, currency=workspace.currency)


def _stamp(path: Path) -> tuple[int, int]:
    if not path.is_file():
        return (0, 0)
    found = path.stat()
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8)
def _load(own: Path, *, stamps: tuple[tuple[int, int], ...], zone: str, currency: str) -> Programme:
    del stamps
    pages = {name: read_page(DEFINITIONS / f"{name}.yaml", own=own / f"{name}.yaml") for name in _FILES}
    page = pages["programme"]
    page.only((), known=_PROGRAMME)
    shop_money = page.text(("currency",)) if _is_own(page, "currency") else currency
    validity = Validity(page.choice(("validity",), among=tuple(Validity)))
    until = page.day(("valid_until",))
    if validity is Validity.DATE and until is None:
        raise page.wrong(("valid_until",), what="points that end on a day need that day.", hint="Write 2027-12-31.")
    return Programme(
        code=page.text(("programme",)),
        zh=page.text(("zh",)),
        en=page.text(("en",)),
        zone=_zone(page, shop=zone),
        currency=shop_money,
        points_each=page.whole(("points_each",), least=1, largest=1_000_000),
        minor_each=page.whole(("minor_each",), least=1, largest=1_000_000),
        pending_days=page.whole(("pending_days",), largest=3660),
        validity=validity,
        validity_length=page.whole(("validity_length",), absent=12, largest=3660),
        valid_until=until,
        refunds=RefundWay(page.choice(("refunds",), among=tuple(RefundWay))),
        grace_days=page.whole(("grace_days",), least=1, largest=3660),
        point_cost_thousandths=page.whole(("point_cost_thousandths",)),
        ahead_minutes=page.whole(("ahead_minutes",), largest=1440),
        behind_minutes=page.whole(("behind_minutes",), largest=100_000),
        late_days=page.whole(("late_days",), largest=3660),
        perks=_perks(pages, currency=shop_money),
    )


def _perks(pages: dict[str, Page], *, currency: str) -> Perks:
    steps = ladders.ladder(pages["tiers"])
    behaviours = ladders.behaviours(pages["tiers"])
    tiers = [tier.code for tier in steps.tiers]
    badges = readers.badges(pages["benefits"], behaviours=behaviours)
    return Perks(
        ladder=steps,
        behaviours=behaviours,
        badges=badges,
        benefits=readers.benefits(pages["benefits"], tiers=tiers, badges=badges),
        campaigns=readers.campaigns(pages["coupons"], tiers=tiers, currency=currency),
        groups=readers.groups(pages["coupons"]),
        budgets=readers.budgets(pages["coupons"]),
    )


def _is_own(page: Page, key: str) -> bool:
    return page.places.get((key,), ("", 0))[0].startswith("loyalty/")


def _zone(page: Page, *, shop: str) -> str:
    named = page.text(("zone",)) if _is_own(page, "zone") else shop
    try:
        ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise page.wrong(
            ("zone",), what=f"there is no zone '{named}'.", hint="Write one such as Asia/Shanghai."
        ) from error
    return named
