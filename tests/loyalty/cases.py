"""A short list of lives that a ledger with a known field bug cannot get right. `CASES` maps each one's name to it.

Each case is a function of no arguments for the default programme in Shanghai (or the programme named), with exact
balances that were worked out by hand.
"""

from collections.abc import Callable
from datetime import date

from tests.loyalty.till import Till

CASES: dict[str, tuple[str, Callable[[], None]]] = {}


def case(variant: str = "default") -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Enters a case under its function's name, for a programme of `programmes.VARIANTS`."""

    def enter(function: Callable[[], None]) -> Callable[[], None]:
        CASES[function.__name__] = (variant, function)
        return function

    return enter


@case()
def points_are_rounded_down_once_an_order() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 199)
    t.expect("a", 1)
    t.earn("a", "2", 99)
    t.earn("a", "3", 150)
    t.expect("a", 2)


@case("year_end_debt")
def rates_that_do_not_divide_are_exact() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 36)
    t.earn("a", "2", 37 * 1_000_003 - 1)
    t.earn("a", "3", 481)
    t.expect("a", pending=1_000_015)
    t.clock("2027-03-01 23:59:59.999999")
    t.expect("a", pending=1_000_015)
    t.clock("2027-03-02 00:00")
    t.expect("a", 1_000_015)
    t.clock("2028-12-31 23:59:59.999999")
    t.expect("a", 1_000_015)
    t.clock("2029-01-01 00:00")
    t.expect("a", expired=1_000_015)


@case()
def the_last_day_is_whole_and_local() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10, "2027-03-05")
    for still in ("2027-03-05 00:00", "2027-03-05 08:00", "2027-03-05 23:59:59.999999"):
        t.clock(still)
        t.expect("a", 10)
    t.clock("2027-03-06 00:00")
    t.expect("a", expired=10)
    with t.refused("insufficient_points"):
        t.burn("a", "1", 1)


@case()
def a_year_of_the_leap_day_ends_in_february() -> None:
    t = Till("2028-02-29 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.clock("2029-02-28 23:59:59")
    t.expect("a", 10)
    t.clock("2029-03-01 00:00")
    t.expect("a", expired=10)


@case("new_york_month_refuse")
def days_follow_the_programmes_own_clock_changes() -> None:
    t = Till("2027-02-14 22:00", zone="America/New_York")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.clock("2027-03-14 23:59:59")
    t.expect("a", 10)
    t.clock("2027-03-15 00:00")
    t.expect("a", expired=10)


@case()
def a_late_sale_counts_from_its_own_day() -> None:
    t = Till("2027-03-31 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000, on=date(2026, 3, 31))
    t.expect("a", 10)
    t.clock("2027-04-01 00:00")
    t.expect("a", expired=10)


@case()
def what_ends_first_is_burned_first() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10)
    t.open("a", 10, "2027-05-01")
    t.open("a", 10, "2027-04-01")
    t.burn("a", "1", 15)
    t.clock("2027-04-02 00:00")
    t.expect("a", 15)
    t.clock("2027-05-02 00:00")
    t.expect("a", 10, expired=5)


@case()
def a_burn_that_is_too_large_changes_nothing() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10)
    with t.refused("insufficient_points"):
        t.burn("a", "1", 11, key="same")
    t.expect("a", 10)
    t.open("a", 1)
    t.burn("a", "1", 11, key="same")
    t.expect("a")


@case()
def a_key_says_the_same_again() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    first = t.earn("a", "1", 1_000, key="same")
    assert t.earn("a", "1", 1_000, key="same") == first
    t.expect("a", 10)
    with t.refused("key_reused"):
        t.earn("a", "1", 1_001, key="same")
    with t.refused("order_known"):
        t.earn("a", "1", 1_000, key="other")
    t.expect("a", 10)


@case()
def amounts_that_no_till_can_mean_are_refused() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    for wrong in (0, -1, 10**13):
        with t.refused("bad_amount"):
            t.burn("a", "1", wrong)
    for minor in (-1, 10**12 + 1, 10**20):
        with t.refused("bad_amount"):
            t.earn("a", "1", minor)
    t.expect("a")


@case("days_pending_clamp")
def points_wait_and_begin_without_a_job() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.expect("a", pending=15)
    with t.refused("insufficient_points"):
        t.burn("a", "1", 1)
    t.clock("2027-03-04 00:00")
    t.burn("a", "2", 15)
    t.expect("a")


@case()
def a_refund_is_counted_over_all_its_parts() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    for _ in range(3):
        t.refund("1", 50)
    t.expect("a", 8)
    t.refund("1", 849)
    t.expect("a")
    with t.refused("refund_too_large"):
        t.refund("1", 2)
    t.refund("1", 1)
    t.expect("a")


@case()
def a_refund_takes_its_own_lot_first() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.open("a", 10, "2027-04-01")
    t.refund("1", 500)
    t.expect("a", 15)
    t.clock("2027-04-02 00:00")
    t.expect("a", 5, expired=10)


@case()
def spent_points_are_taken_from_other_lots_then_owed() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.burn("a", "2", 10)
    t.open("a", 4)
    t.refund("1", 1_000)
    t.expect("a", owed=6)
    t.earn("a", "3", 400)
    t.expect("a", owed=2)
    t.earn("a", "4", 1_000)
    t.expect("a", 8)


@case()
def what_expired_unspent_is_not_taken_again() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000, on=date(2026, 3, 10))
    t.open("a", 10)
    t.burn("a", "2", 4)
    t.clock("2027-03-11 00:00")
    t.expect("a", 10, expired=6)
    t.refund("1", 500)
    t.expect("a", 10, expired=6)
    t.refund("1", 500)
    t.expect("a", 6, expired=6)


@case("days_pending_clamp")
def a_shop_may_write_off_what_is_gone() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.clock("2027-03-04 10:00")
    t.burn("a", "2", 15)
    t.refund("1", 1_000)
    t.expect("a")


@case()
def what_comes_back_is_there_to_be_taken() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10)
    t.earn("a", "1", 1_000)
    t.burn("a", "1", 20, total=1_000)
    t.refund("1", 1_000)
    t.expect("a", 10)


@case("new_york_month_refuse")
def a_shop_may_refuse_what_is_gone() -> None:
    t = Till("2027-03-01 10:00", zone="America/New_York")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.burn("a", "2", 3)
    with t.refused("spent"):
        t.refund("1", 1_000)
    t.expect("a", 7)
    t.refund("1", 700)
    t.expect("a")


@case()
def burned_points_come_back_in_parts_and_no_more() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10)
    t.burn("a", "1", 10, total=300)
    t.refund("1", 100)
    t.expect("a", 3)
    t.refund("1", 100)
    t.expect("a", 6)
    t.refund("1", 100)
    t.expect("a", 10)
    with t.refused("refund_too_large"):
        t.refund("1", 1)


@case()
def they_come_back_to_their_lots_the_latest_first() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10, "2027-04-01")
    t.open("a", 10, "2027-05-01")
    t.burn("a", "1", 20, total=200)
    t.refund("1", 100)
    t.clock("2027-04-02 00:00")
    t.expect("a", 10)
    t.refund("1", 50)
    t.expect("a", 15)
    t.clock("2027-05-02 00:00")
    t.expect("a", 5, expired=10)


@case()
def a_lot_that_is_gone_gets_thirty_days() -> None:
    t = Till("2027-03-01 10:00")
    t.enrol("a")
    t.open("a", 10, "2027-03-05")
    t.burn("a", "1", 10, total=100)
    t.clock("2027-03-06 00:00")
    t.refund("1", 100)
    t.expect("a", 10)
    t.clock("2027-04-05 23:59:59")
    t.expect("a", 10)
    t.clock("2027-04-06 00:00")
    t.expect("a", expired=10)
