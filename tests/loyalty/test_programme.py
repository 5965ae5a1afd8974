"""The files of a programme: what ships can be read, a shop's own lies over it, mistakes are told with their place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import BadProgramme, programme
from shuke.loyalty.values.benefits import UNLIMITED
from shuke.loyalty.values.coupons import CouponKind
from shuke.loyalty.values.ledger import RefundWay, Validity

Write = Callable[[str, str], Workspace]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(file, text)` gives the workspace with that file of the shop's own."""

    def written(name: str, text: str) -> Workspace:
        (tmp_path / "loyalty").mkdir(exist_ok=True)
        (tmp_path / "loyalty" / name).write_text(text, "utf-8")
        return Workspace(root=tmp_path, shop="禾里生活")

    return written


def test_what_ships_can_be_read(tmp_path: Path) -> None:
    found = programme(Workspace(root=tmp_path, shop="x", currency="JPY", timezone="Asia/Tokyo"))
    assert (found.code, found.currency, found.zone) == ("main", "JPY", "Asia/Tokyo")
    assert (found.validity, found.validity_length, found.refunds) == (Validity.MONTHS, 12, RefundWay.DEBT)
    steps = [(tier.code, tier.reach, tier.keep) for tier in found.perks.ladder.tiers]
    assert steps == [("basic", 0, 0), ("silver", 1000, 800), ("gold", 5000, 4000), ("platinum", 20000, 16000)]
    assert found.perks.ladder.tiers[2].multiplier_thousandths == 1250
    assert set(found.perks.behaviours) == {"review", "event", "co_creation", "referral"}
    assert found.perks.benefits["early_access"].quota["gold"] == UNLIMITED
    assert {campaign.kind for campaign in found.perks.campaigns.values()} == set(CouponKind)
    assert found.perks.campaigns["birthday"].margin_floor == 100


def test_the_shops_own_lies_over_it_field_by_field(write: Write) -> None:
    write("tiers.yaml", "tiers:\n  gold: { reach: 6000 }\nbehaviours:\n  review: null\n")
    workspace = write(
        "coupons.yaml",
        "campaigns:\n  welcome: null\n  '618': {zh: 六一八, en: June, kind: percent, percent: 50}\n",
    )
    found = programme(workspace).perks
    gold = found.ladder.tiers[2]
    assert (gold.reach, gold.keep, gold.zh) == (6000, 4000, "金卡会员")
    assert "review" not in found.behaviours and "event" in found.behaviours
    assert "welcome" not in found.campaigns and found.campaigns["618"].percent_thousandths == 50


def test_a_changed_file_is_read_again(write: Write) -> None:
    first = programme(write("programme.yaml", "grace_days: 10\n"))
    assert programme(write("programme.yaml", "grace_days: 10\n")).grace_days == first.grace_days == 10
    assert programme(write("programme.yaml", "grace_days: 145\n")).grace_days == 145


def test_thresholds_of_the_past(write: Write) -> None:
    text = "earlier:\n  - until: 2026-12-31\n    tiers: { silver: { reach: 500, keep: 400 } }\n"
    past = programme(write("tiers.yaml", text)).perks.ladder.earlier
    assert len(past) == 1 and past[0].steps == {"basic": (0, 0), "silver": (500, 400)}


@pytest.mark.parametrize(
    ("file", "text", "said", "hint"),
    [
        ("programme.yaml", "point_each: 2\n", "line 1, point_each: nobody knows", "Did you mean 'points_each'?"),
        ("programme.yaml", "\ngrace_days: many\n", "line 2, grace_days: 'many'", "from 1 to 3660"),
        ("programme.yaml", "validity: month\n", "line 1, validity: 'month'", "Did you mean 'months'?"),
        ("programme.yaml", "validity: date\n", "valid_until: points that end on a day", "2027-12-31"),
        ("programme.yaml", "zone: Asia/Peking2\n", "line 1, zone: there is no zone", "Asia/Shanghai"),
        ("programme.yaml", "grace_days: 3\ngrace_days: 4\n", "line 2, grace_days: it is written twice", "Line 1"),
        ("programme.yaml", "grace_days: [3\n", "loyalty/programme.yaml line", "Mend"),
        ("programme.yaml", "- 3\n", "line 1: fields belong here", "field: value"),
        ("tiers.yaml", "tiers:\n  gold:\n    reach: 900\n    keep: 800\n", "line 3, tiers.gold.reach", "lowest up"),
        ("tiers.yaml", "tiers:\n  gold: {keep: 7000}\n", "line 2, tiers.gold.keep: 7000 is more than 5000", "at most"),
        ("tiers.yaml", "tiers:\n  gold: {multiplier: 1.2345}\n", "tiers.gold.multiplier", "three decimals"),
        ("tiers.yaml", "tiers: 3\n", "line 1, tiers: fields belong below", "Indent"),
        ("tiers.yaml", "behaviours:\n  refund: {zh: 退, en: r, points: 1}\n", "behaviours.refund", "another code"),
        ("tiers.yaml", "earlier:\n  - tiers: {}\n", "until: a day belongs here", "last day"),
        ("benefits.yaml", "benefits:\n  care: {quota: {golden: 1}}\n", "benefits.care.quota.golden", "'gold'"),
        ("benefits.yaml", "benefits:\n  care: {booked: yes please}\n", "benefits.care.booked", "true or false"),
        ("benefits.yaml", "badges:\n  reviewer: {behaviours: [revew]}\n", "badges.reviewer.behaviours", "review"),
        ("coupons.yaml", "campaigns:\n  welcome: {kind: percent}\n", "campaigns.welcome.percent: None", "1 to 1000"),
        ("coupons.yaml", "campaigns:\n  welcome: {budget: year}\n", "campaigns.welcome.budget", "'yearly'"),
        ("coupons.yaml", "campaigns:\n  welcome: {scope: {stores: [1]}}\n", "welcome.scope.stores", "quoted"),
        ("coupons.yaml", "campaigns:\n  welcome: {since: soon}\n", "campaigns.welcome.since: 'soon' is no day", "2026"),
        ("tier.yaml", "tiers: {}\n", "loyalty/tier.yaml: nobody reads this file", "tiers.yaml"),
    ],
)
def test_mistakes_are_told_with_their_place(write: Write, file: str, text: str, said: str, hint: str) -> None:
    workspace = write(file, text)
    with pytest.raises(BadProgramme) as error:
        programme(workspace)
    assert said in str(error.value) and hint in error.value.hint


def test_the_how_to_shows_what_can_be_read(write: Write) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "change-the-programme.md"
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    points, tiers, behaviours, benefits, coupons = blocks
    write("programme.yaml", points)
    write("tiers.yaml", tiers + behaviours)
    write("benefits.yaml", benefits)
    found = programme(write("coupons.yaml", coupons))
    assert (found.points_each, found.minor_each, found.pending_days, found.validity_length) == (2, 1000, 7, 24)
    assert found.perks.ladder.tiers[2].reach == 6000 and found.perks.ladder.earlier[0].steps["gold"] == (5000, 4000)
    assert found.perks.benefits["gift_wrap"].badges == {"fan": 2}
    assert found.perks.campaigns["autumn"].scope.channels == {"pos", "youzan"}


def test_a_comma_that_cuts_a_text_is_told(write: Write) -> None:
    workspace = write("benefits.yaml", "benefits:\n  care:\n    note: { zh: 一, en: Hems, sleeves and waists }\n")
    with pytest.raises(BadProgramme) as error:
        programme(workspace)
    assert "benefits.care.note.sleeves and waists" in str(error.value)
