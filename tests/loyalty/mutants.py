"""Known field bugs of loyalty ledgers, each as a few words changed in a real rule."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A bug: its name, the case that catches it, the function it sits in, words there, words instead.

    The function is `module:function` below shuke.loyalty, the case one of `cases.CASES`.
    """

    name: str
    case: str
    place: str
    here: str
    instead: str


_EARNED = "rules.amounts:earned"
_TAKEN = "rules.refunds:_taken"
_GIVE_BACK = "rules.refunds:_give_back"
_TAKE_BACK = "rules.refunds:_take_back"
_KEY = "lot.expires_at or _FOR_EVER, lot.available_at, lot.id"
_SHARE = "returned_share(burning.points, refunded_minor=more, total_minor=burning.amount_minor)"

MUTANTS = (
    # From money to points
    Mutant("points are rounded, not cut", "points_are_rounded_down_once_an_order", _EARNED, "return eligible_minor * programme.points_each * multiplier_thousandths //", "return (2 * eligible_minor * programme.points_each * multiplier_thousandths + programme.minor_each * ONE) // 2 //"),
    Mutant("the multiplier is applied after rounding", "a_tier_lasts_a_year_and_falls_one_step", _EARNED, "* multiplier_thousandths // (programme.minor_each * ONE)", "// programme.minor_each * multiplier_thousandths // ONE"),
    Mutant("amounts pass through binary floats", "rates_that_do_not_divide_are_exact", _EARNED, "return eligible_minor * programme.points_each * multiplier_thousandths // (programme.minor_each * ONE)", "return int(eligible_minor / 100 * 100) * programme.points_each * multiplier_thousandths // (programme.minor_each * ONE)"),
    Mutant("the tier's multiplier is forgotten", "tiers_follow_what_was_earned_and_nothing_else", _EARNED, "* multiplier_thousandths //", "* ONE //"),
    Mutant("amounts may be negative", "amounts_that_no_till_can_mean_are_refused", "rules.amounts:whole", "if not least <= value <= largest", "if value > largest"),
    Mutant("amounts may have any size", "amounts_that_no_till_can_mean_are_refused", "rules.amounts:whole", "if not least <= value <= largest", "if value < least"),
    # Validity
    Mutant("points end at 00:00 of their last day", "rates_that_do_not_divide_are_exact", "rules.validity:expires_at", "last_on + timedelta(days=1)", "last_on"),
    Mutant("days are those of the server", "rates_that_do_not_divide_are_exact", "rules.validity:starts_at", "tzinfo=ZoneInfo(zone)", "tzinfo=UTC"),
    Mutant("every day has 24 hours", "days_follow_the_programmes_own_clock_changes", "rules.validity:expires_at", "starts_at(last_on + timedelta(days=1), zone=zone)", "starts_at(last_on, zone=zone) + timedelta(days=1)"),
    Mutant("the instant of the end still counts", "the_last_day_is_whole_and_local", "rules.lots:over", "<= now", "< now"),
    Mutant("a month is 30 days", "a_year_of_the_leap_day_ends_in_february", "rules.validity:months_later", "return date(", "return day + timedelta(days=30 * months) if months else date("),
    Mutant("a late sale counts from its arrival", "a_late_sale_counts_from_its_own_day", "rules.points:earn", "last_day(command.bought_on,", "last_day(ledger.today,"),
    Mutant("years end this year", "rates_that_do_not_divide_are_exact", "rules.validity:last_day", "bought_on.year + length", "bought_on.year"),
    Mutant("pending points can be spent", "points_wait_and_begin_without_a_job", "rules.lots:usable", "lot.available_at <= now and not", "not"),
    Mutant("pending days are counted from tomorrow", "rates_that_do_not_divide_are_exact", "rules.validity:available_at", "timedelta(days=programme.pending_days)", "timedelta(days=programme.pending_days + 1)"),
    # Burning
    Mutant("the latest end is burned first", "what_ends_first_is_burned_first", "rules.lots:burn_order", f"({_KEY}))", f"({_KEY}), reverse=True)"),
    Mutant("what never ends is burned first", "what_ends_first_is_burned_first", "rules.lots:burn_order", "or _FOR_EVER", "or _FOR_EVER.replace(year=1)"),
    Mutant("what came first is burned first", "what_ends_first_is_burned_first", "rules.lots:burn_order", f"({_KEY})", "lot.id"),
    Mutant("a burn may be larger than the balance", "the_last_day_is_whole_and_local", "rules.lots:pick_exactly", "if found < points", "if found < 0"),
    Mutant("only the own lots of a group can be burned", "a_merge_loses_nothing_and_a_split_parts_what_is_left", "rules.books:Books.lots_in", "in self.groups[root]", "in [root]"),
    # Refunds
    Mutant("other lots are taken before the order's own", "a_refund_takes_its_own_lot_first", _TAKEN, "if gone else pick([own], points=due - forgiven)", "if gone else pick([*burn_order([lot for lot in lots.values() if lot.id != own.id], now=ledger.now), own], points=due - forgiven)"),
    Mutant("each part of a refund is rounded for itself", "a_refund_is_counted_over_all_its_parts", _TAKE_BACK, "max(0, earning.points - kept - earning.settled)", "earned(more, programme=ledger.programme)"),
    Mutant("what expired is taken again", "what_expired_unspent_is_not_taken_again", _TAKEN, "max(0, min(due, unspent - earning.forgiven))", "0"),
    Mutant("what expired is forgiven twice", "what_expired_unspent_is_not_taken_again", _TAKEN, "unspent - earning.forgiven", "unspent"),
    Mutant("debts are written off", "spent_points_are_taken_from_other_lots_then_owed", _TAKE_BACK, "missing if way is RefundWay.DEBT else 0", "0"),
    Mutant("a shop that writes off makes debts", "a_shop_may_write_off_what_is_gone", _TAKE_BACK, "missing if way is RefundWay.DEBT else 0", "missing"),
    Mutant("a refund of spent points is never refused", "a_shop_may_refuse_what_is_gone", _TAKE_BACK, "if missing and way is RefundWay.REFUSE", "if False"),
    Mutant("new points do not pay debts", "spent_points_are_taken_from_other_lots_then_owed", "rules.points:grant", "min(left, -ledger.books[account][OWED])", "0"),
    Mutant("debts of a merged account are not paid", "debts_follow_a_merge", "rules.points:grant", "in (root, *(one for one in ledger.groups[root] if one != root))", "in (root,)"),
    Mutant("each part of what comes back is rounded for itself", "burned_points_come_back_in_parts_and_no_more", _GIVE_BACK, "points=share - burning.returned)", f"points={_SHARE})"),
    Mutant("more is refunded than was paid", "a_refund_is_counted_over_all_its_parts", "rules.refunds:refund", "if largest.refunded_minor + more > largest.amount_minor", "if more > largest.amount_minor"),
    Mutant("points come back to a new lot always", "they_come_back_to_their_lots_the_latest_first", _GIVE_BACK, "if over(lot, now=ledger.now)", "if lot"),
    Mutant("points come back to a lot that is gone", "they_come_back_to_their_lots_the_latest_first", _GIVE_BACK, "if over(lot, now=ledger.now)", "if not lot"),
    Mutant("a new lot has no grace", "they_come_back_to_their_lots_the_latest_first", "rules.refunds:_graced", "timedelta(days=programme.grace_days)", "timedelta(days=0)"),
    Mutant("points come back to the earliest end first", "they_come_back_to_their_lots_the_latest_first", "rules.refunds:_coming_back", "reverse=True", "reverse=False"),
    Mutant("a refund charges the redemption again", "what_comes_back_is_there_to_be_taken", "rules.refunds:refund", "{} if burning is None else", "{} if True else"),
    # Holds
    Mutant("a hold protects nothing", "a_hold_protects_points_beyond_their_end", "rules.points:hold", "moved(parts, source=FREE, target=HELD, at=ledger.now)", "[]"),
    Mutant("the rest of a capture is lost", "a_capture_in_part_gives_the_rest_to_its_lots", "rules.points:capture", "*moved(rest, source=HELD, target=FREE, at=ledger.now)", "*moved(rest, source=HELD, target=CLAWED, at=ledger.now)"),
    Mutant("a hold can be released again", "a_hold_protects_points_beyond_their_end", "rules.points:open_hold", 'held.state != "open" or', ""),
    Mutant("a hold never ends", "a_hold_ends_at_its_instant_by_itself", "actions.writing:_let_go", "hold.expires_at > books.now", "True"),
    # Keys
    Mutant("a key is not remembered", "a_key_says_the_same_again", "actions.writing:_answer", "if known is not None:", "if False:"),
    Mutant("another request with a known key is answered", "a_key_says_the_same_again", "actions.writing:_answer", "if known[0] != request:", "if False:"),
    Mutant("an order may earn again under another key", "a_key_says_the_same_again", "rules.points:earn", "if command.order in ledger.earnings", "if False"),
    # Groups
    Mutant("a transfer loses the dates", "a_transfer_keeps_the_dates", "rules.points:transfer", "lasts=(lot.available_at, lot.expires_at)", "lasts=(ledger.now, None)"),
    Mutant("a merge forgets the other's balance", "a_merge_loses_nothing_and_a_split_parts_what_is_left", "rules.groups:merge", "in ledger.groups[other]", "in ledger.groups[other][:0]"),
    Mutant("the old number stands for itself", "a_merge_loses_nothing_and_a_split_parts_what_is_left", "rules.books:Books.open", "root = self.accounts[account].group", "root = account"),
    Mutant("a split leaves behind what was merged before", "late_refunds_of_an_old_account_reach_the_new_one", "rules.groups:_under", "for other in among if", "for other in among[:0] if"),
    # Tiers and growth
    Mutant("the tier follows the balance", "tiers_follow_what_was_earned_and_nothing_else", "rules.standings:standing_of", "ledger.growth.get(root, {}) if", "{ledger.today: ledger.total(root, book='free')} if"),
    Mutant("spending lowers the growth", "tiers_follow_what_was_earned_and_nothing_else", "rules.points:burn", "    change.burning =", "    change.growth, change.growth_on, change.growth_kind, change.growth_account = -command.points, ledger.today, 'x', root\n    change.burning ="),
    Mutant("a refund keeps the growth", "tiers_follow_what_was_earned_and_nothing_else", _TAKE_BACK, "change.growth_kind = -lost", "change.growth_kind = 0"),
    Mutant("growth is rounded up", "tiers_follow_what_was_earned_and_nothing_else", "rules.growth:earned_growth", "int(eligible_minor // 10 ** exponent(currency))", "-int(-eligible_minor // 10 ** exponent(currency))"),
    Mutant("a tier falls two levels", "a_tier_lasts_a_year_and_falls_one_step", "rules.tiers:_Replay._below", "range(self.rank - 1, 0, -1)", "range(self.rank - 2, 0, -1)"),
    Mutant("a tier is kept for ever", "a_tier_lasts_a_year_and_falls_one_step", "rules.tiers:_Replay._end", "grown >= step[1]", "grown >= 0"),
    Mutant("keeping asks as much as reaching", "a_tier_is_kept_by_less_than_reaching_it_took", "rules.tiers:_Replay._end", "grown >= step[1]", "grown >= step[0]"),
    Mutant("a tier falls as soon as its window is empty", "a_tier_lasts_a_year_and_falls_one_step", "rules.tiers:_Replay.run", "self._end(self.today)", "self._end(self.today); self.rank = self.rank if self._between(months_before(self.today, self.ladder.months), until=self.today) else 0"),
    Mutant("an occasion counts again", "growth_by_behaviour_counts_each_occasion_once", "rules.growth:behave", "if reference and any(", "if False and any("),
    # Coupons and benefits
    Mutant("a held coupon can be used elsewhere", "a_coupon_is_used_once_and_comes_back_once", "rules.counter.coupons:_closed", "state != CouponState.ISSUED", "state not in (CouponState.ISSUED, CouponState.HELD)"),
    Mutant("a used coupon can be used again", "a_coupon_is_used_once_and_comes_back_once", "rules.counter.coupons:_closed", "state != CouponState.ISSUED", "state == CouponState.HELD"),
    Mutant("a coupon can be used by anybody", "a_coupon_is_used_once_and_comes_back_once", "rules.counter.coupons:_closed", "coupon.account is not None and coupon.account not in", "False and coupon.account not in"),
    Mutant("a coupon never ends", "a_coupon_lasts_through_its_last_day", "rules.counter.coupons:_closed", "coupon.expires_at <= shelf.now", "False"),
    Mutant("coupons held or used are not counted", "held_and_used_both_count", "rules.counter.coupons:_limits", "rules.per_member - done if", "rules.per_member if"),
    Mutant("percent is rounded down", "coupons_go_by_priority_and_percent_is_of_what_is_left", "rules.coupons.pricing:_off", "rules.percent_thousandths + 500", "rules.percent_thousandths"),
    Mutant("percent goes before amounts", "coupons_go_by_priority_and_percent_is_of_what_is_left", "rules.coupons.pricing:sort_out", "key=lambda step: (step.rules.priority, step.code)", "key=lambda step: (-step.rules.priority, step.code)"),
    Mutant("a cart falls below 0", "coupons_go_by_priority_and_percent_is_of_what_is_left", "rules.coupons.pricing:_off", "min(rules.amount_minor, left)", "rules.amount_minor"),
    Mutant("exclusive coupons meet others", "exclusive_coupons_do_not_meet", "rules.coupons.pricing:_together", "if before and (", "if False and ("),
    Mutant("the least amount is not asked", "coupons_go_by_priority_and_percent_is_of_what_is_left", "rules.coupons.pricing:use", "left < rules.least_minor", "False"),
    Mutant("a quota gives one too many", "an_upgrade_gives_the_new_quota_less_what_was_used", "rules.benefits:may_take", ">= quota", "> quota"),
    Mutant("an upgrade gives the whole new quota", "an_upgrade_gives_the_new_quota_less_what_was_used", "rules.benefits:may_take", "uses=uses, today=today", "uses=uses if tier == 'silver' else (), today=today"),
    Mutant("a cancelled booking counts", "an_upgrade_gives_the_new_quota_less_what_was_used", "rules.benefits:used_of", "and use.state is not UseState.CANCELLED", ""),
    Mutant("a quota never comes back", "an_upgrade_gives_the_new_quota_less_what_was_used", "rules.benefits:used_of", "use.period_start == start and", ""),
)  # fmt: skip
