"""More of `cases`: holds, transfers, merges and tiers, where several requests or members meet."""

from tests.loyalty.cases import case
from tests.loyalty.till import Till


@case()
def a_hold_protects_points_beyond_their_end() -> None:
    t = Till("2027-03-05 23:50")
    t.enrol("a")
    t.open("a", 10, "2027-03-05")
    t.hold("a", "h", 8)
    t.expect("a", 2, held=8)
    with t.refused("insufficient_points"):
        t.burn("a", "1", 3)
    t.clock("2027-03-06 00:01")
    t.expect("a", held=8, expired=2)
    t.capture("h", "1", 5)
    t.expect("a", expired=5)
    with t.refused("hold_unknown"):
        t.capture("h", "2", 1)


@case()
def a_hold_ends_at_its_instant_by_itself() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.open("a", 10)
    t.hold("a", "h", 10, seconds=60)
    t.clock("2027-03-05 10:00:59.999999")
    t.expect("a", held=10)
    t.clock("2027-03-05 10:01")
    t.expect("a", 10)
    with t.refused("hold_unknown"):
        t.capture("h", "1")
    with t.refused("hold_unknown"):
        t.release("h")
    t.burn("a", "1", 10)
    t.expect("a")


@case()
def a_capture_in_part_gives_the_rest_to_its_lots() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.open("a", 10, "2027-03-31")
    t.open("a", 10)
    t.hold("a", "h", 15)
    t.capture("h", "1", 12)
    t.expect("a", 8)
    t.clock("2027-04-01 00:00")
    t.expect("a", 8)


@case()
def a_release_gives_all_back_once() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.open("a", 10)
    t.hold("a", "h", 7)
    t.release("h")
    t.expect("a", 10)
    with t.refused("hold_unknown"):
        t.release("h")
    with t.refused("hold_known"):
        t.hold("a", "h", 1)
    t.expect("a", 10)


@case()
def held_points_are_not_taken_by_a_refund() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.earn("a", "1", 1_000)
    t.hold("a", "h", 10)
    t.refund("1", 1_000)
    t.expect("a", held=10, owed=10)
    t.release("h")
    t.expect("a", 10, owed=10)


@case()
def a_transfer_keeps_the_dates() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b")
    t.open("a", 10, "2027-03-31")
    t.open("a", 10)
    t.transfer("a", "b", 12)
    t.expect("a", 8)
    t.expect("b", 12)
    with t.refused("insufficient_points"):
        t.transfer("a", "b", 9)
    with t.refused("same_account"):
        t.transfer("a", "a", 1)
    with t.refused("unknown_member"):
        t.transfer("a", "nobody", 1)
    t.clock("2027-04-01 00:00")
    t.expect("b", 2, expired=10)


@case()
def a_merge_loses_nothing_and_a_split_parts_what_is_left() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b")
    t.open("a", 10)
    t.open("b", 10, "2027-12-31")
    t.merge("a", "b")
    t.expect("a", 20)
    t.expect("b", 20)
    t.burn("b", "1", 12)
    t.expect("a", 8)
    t.open("b", 5)
    t.split("b")
    t.expect("a", 13)
    t.expect("b")
    t.refund("1", 10_000)
    t.expect("a", 15)
    t.expect("b", 10)


@case()
def debts_follow_a_merge() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b")
    t.earn("b", "1", 1_000)
    t.burn("b", "2", 10)
    t.refund("1", 1_000)
    t.expect("b", owed=10)
    t.merge("a", "b")
    t.expect("a", owed=10)
    t.earn("a", "3", 600)
    t.expect("a", owed=4)
    t.split("b")
    t.expect("a")
    t.expect("b", owed=4)


@case()
def late_refunds_of_an_old_account_reach_the_new_one() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b", "c")
    t.earn("c", "1", 1_000)
    t.open("c", 3)
    t.merge("b", "c")
    t.merge("a", "b")
    t.earn("c", "2", 500)
    t.expect("a", 18)
    t.refund("1", 1_000)
    t.expect("b", 8)
    with t.refused("same_account"):
        t.merge("c", "a")
    t.split("b")
    t.expect("a", 5)
    t.expect("b", 3)
    with t.refused("not_merged"):
        t.split("a")


@case("with_tiers")
def tiers_follow_what_was_earned_and_nothing_else() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.earn("a", "1", 99_999)
    t.is_in("a", "basic")
    t.earn("a", "2", 99)
    t.is_in("a", "basic")
    t.earn("a", "3", 100)
    t.is_in("a", "silver")
    t.burn("a", "b1", 990)
    t.is_in("a", "silver")
    t.open("a", 90_000)
    t.is_in("a", "silver")
    assert t.earn("a", "4", 1_000).points == 11
    t.refund("1", 99_999)
    t.is_in("a", "basic")
    assert t.earn("a", "5", 1_000).points == 10


@case("with_tiers")
def a_tier_lasts_a_year_and_falls_one_step() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a", "b")
    t.earn("a", "1", 500_000)
    t.earn("b", "2", 100_000)
    assert t.earn("b", "m", 1_095).points == 12
    t.clock("2028-03-05 10:00")
    t.is_in("a", "gold")
    t.is_in("b", "silver")
    t.clock("2029-03-04 23:59")
    t.is_in("a", "gold")
    t.is_in("b", "silver")
    t.clock("2029-03-05 00:00")
    t.is_in("a", "silver")
    t.is_in("b", "basic")
    t.clock("2030-03-05 00:00")
    t.is_in("a", "basic")


@case("with_tiers")
def a_tier_is_kept_by_less_than_reaching_it_took() -> None:
    t = Till("2027-03-04 10:00")
    t.enrol("a")
    t.earn("a", "1", 90_000)
    t.clock("2027-03-05 10:00")
    t.earn("a", "2", 10_000)
    t.is_in("a", "silver")
    t.clock("2027-06-01 10:00")
    t.earn("a", "3", 75_000)
    t.clock("2028-03-05 10:00")
    t.is_in("a", "silver")
    t.clock("2028-07-01 10:00")
    t.is_in("a", "silver")
    t.clock("2029-03-05 10:00")
    t.is_in("a", "basic")


@case("with_tiers")
def growth_by_behaviour_counts_each_occasion_once() -> None:
    t = Till("2027-03-05 10:00")
    t.enrol("a")
    t.earn("a", "1", 98_000)
    t.grow("a", "review", "r1")
    with t.refused("behaviour_known"):
        t.grow("a", "review", "r1")
    t.is_in("a", "silver")
