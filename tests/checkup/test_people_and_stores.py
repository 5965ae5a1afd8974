"""Rules about customers, associates and stores: each finds what was planted, and is silent beside it."""

from datetime import date, datetime, timedelta

from tests.checkup.conftest import AS_OF, Shop

DAY = date(2026, 11, 2)


def test_a_card_swiped_for_walk_ins(shop: Shop) -> None:
    """Twenty days with four receipts each are found; a shopper who comes daily, or who once bought often, is not."""
    for back in range(20):
        day = DAY - timedelta(days=back)
        for number in range(4):
            shop.receipt(f"w{back}-{number}", day=day, customer_id=1)
    for back in range(70):
        shop.receipt(f"d{back}", day=DAY - timedelta(days=back), customer_id=2)
    for number in range(20):
        shop.receipt(f"o{number}", customer_id=3)
    with shop.rules("card_for_walk_ins"):
        assert shop.sums("card_for_walk_ins") == (80, 80, 80_000)
        assert {customer for _, customer in shop.details("card_for_walk_ins")} == {"1"}


def test_members_whom_nobody_can_reach(shop: Shop) -> None:
    shop.customer(1, phone=None)
    shop.customer(2, phone=None, in_wecom=True)
    shop.customer(3, phone=None, email="c@example.com")
    shop.customer(4)
    shop.customer(5, phone=None, is_member=False)
    for number in range(1, 6):
        shop.receipt(f"{number}", customer_id=number)
    with shop.rules("member_unreachable"):
        assert shop.sums("member_unreachable") == (1, 1, 1000)


def test_a_number_or_an_address_where_the_name_should_be(shop: Shop) -> None:
    shop.customer(1, name="13912345678")
    shop.customer(2, name="li@example.com")
    shop.customer(3, name="小王 @滨江")
    shop.customer(4, name="7号桌的张姐")
    shop.receipt("1", customer_id=1)
    with shop.rules("contact_in_name"):
        assert shop.sums("contact_in_name") == (2, 1, 1000)


def test_birthdays_that_were_only_filled_in(shop: Shop) -> None:
    """A day of the nineteenth century, one to come, and one that 30 people share; days of their own are believed."""
    for number in range(300):
        shop.customer(1000 + number, birthday=date(1960, 1, 2) + timedelta(days=41 * number))
    for number in range(30):
        shop.customer(2000 + number, birthday=date(1990, 8, 8))
    shop.customer(1, birthday=date(1900, 1, 1))
    shop.customer(2, birthday=AS_OF + timedelta(days=1))
    shop.receipt("1", customer_id=1)
    with shop.rules("birthday_placeholder"):
        assert shop.sums("birthday_placeholder") == (32, 1, 1000)


def test_the_first_of_january_of_all_years_is_a_placeholder(shop: Shop) -> None:
    for number in range(300):
        shop.customer(1000 + number, birthday=date(1960, 1, 2) + timedelta(days=41 * number))
    by_chance = sum((date(1960, 1, 2) + timedelta(days=41 * n)).timetuple().tm_yday == 1 for n in range(300))
    for number in range(40):
        shop.customer(2000 + number, birthday=date(1960 + number, 1, 1))
    with shop.rules("birthday_placeholder"):
        assert shop.sums("birthday_placeholder")[0] == 40 + by_chance


def test_birthdays_of_a_clean_shop(shop: Shop) -> None:
    for number in range(400):
        shop.customer(1000 + number, birthday=date(1970, 1, 1) + timedelta(days=37 * (number % 390)))
    with shop.rules("birthday_placeholder"):
        assert shop.sums("birthday_placeholder") == (0, 0, 0)


def test_customers_of_an_associate_who_left(shop: Shop) -> None:
    long_ago = {"store": "滨江店", "last_seen_on": AS_OF - timedelta(days=90)}
    shop.tables["stores"] += [
        {"store": "滨江店", "last_seen_on": DAY + timedelta(days=15)},
        {"store": "关了的店", "last_seen_on": AS_OF - timedelta(days=90)},
    ]
    shop.tables["associates"] += [
        {"associate": "走了的", **long_ago},
        {"associate": "还在的", "store": "滨江店", "last_seen_on": AS_OF - timedelta(days=3)},
        {"associate": "店关了的", **long_ago, "store": "关了的店"},
        {"associate": "没开过单的", "store": "滨江店", "last_seen_on": None},
    ]
    for number, associate in enumerate(("走了的", "走了的", "还在的", "店关了的", "没开过单的"), 1):
        shop.customer(number, associate=associate)
    shop.receipt("1", customer_id=1)
    shop.receipt("3", customer_id=3)
    with shop.rules("associate_left"):
        assert shop.sums("associate_left") == (2, 1, 1000)


def test_a_contact_after_a_refusal(shop: Shop) -> None:
    for number in (1, 2, 3):
        shop.customer(number)
        shop.receipt(f"{number}", customer_id=number)
    refused = {"channel": "sms", "purpose": "marketing", "state": "withdrawn", "at": datetime(2026, 10, 1)}
    shop.tables["customer_consents"] = [{"customer_id": number, **refused} for number in (1, 2)]
    shop.tables["customer_consents"].append({"customer_id": 3, **refused, "state": "granted"})
    for number, day in ((1, date(2026, 10, 5)), (2, date(2026, 9, 5)), (3, date(2026, 10, 5))):
        touch = {"customer_id": number, "touched_on": day, "channel": "sms", "play": "birthday"}
        shop.tables["contacts"].append(touch)
    shop.tables["contacts"].append({**shop.tables["contacts"][0], "channel": "wecom"})
    with shop.rules("contacted_after_withdrawal"):
        assert shop.sums("contacted_after_withdrawal") == (1, 0, 1000)


def test_orders_without_store_or_associate(shop: Shop) -> None:
    """Only where the source usually names one: an online shop without stores is in order."""
    for number in range(8):
        shop.receipt(f"{number}", customer_id=1, associate="赵敏")
    shop.receipt("no store", customer_id=1, store=None, associate="赵敏", line_amount_minor=300)
    shop.receipt("nobody", customer_id=1, line_amount_minor=500)
    shop.receipt("back", customer_id=1, quantity=-1, line_amount_minor=-500)
    shop.sale("J1", source="jd", sku="A", line_amount_minor=900)
    with shop.rules("orders_without_store", "orders_without_associate"):
        assert shop.sums("orders_without_store") == (1, 1, 300)
        assert shop.sums("orders_without_associate") == (1, 1, 500)


def test_stores_and_associates_of_a_clean_shop(shop: Shop) -> None:
    shop.customer(1)
    for number in range(8):
        shop.receipt(f"{number}", customer_id=1, associate="赵敏")
    with shop.checked() as lake:
        assert lake.rows("select code from findings") == []
