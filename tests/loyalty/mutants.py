"""Known field bugs of loyalty ledgers, each as a few words changed in a real rule."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A bug: its name, the function it sits in (`module:function` below shuke.loyalty), words there, words instead."""

    name: str
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
    Mutant("points are rounded, not cut", _EARNED, "return eligible_minor * programme.points_each * multiplier_thousandths //", "return (2 * eligible_minor * programme.points_each * multiplier_thousandths + programme.minor_each * ONE) // 2 //"),
    Mutant("the multiplier is applied after rounding", _EARNED, "* multiplier_thousandths // (programme.minor_each * ONE)", "// programme.minor_each * multiplier_thousandths // ONE"),
    Mutant("amounts pass through binary floats", _EARNED, "return eligible_minor * programme.points_each * multiplier_thousandths // (programme.minor_each * ONE)", "return int(eligible_minor / 100 * 100) * programme.points_each * multiplier_thousandths // (programme.minor_each * ONE)"),
    Mutant("the tier's multiplier is forgotten", _EARNED, "* multiplier_thousandths //", "* ONE //"),
    Mutant("amounts may be negative", "rules.amounts:whole", "if not least <= value <= largest", "if value > largest"),
    Mutant("amounts may have any size", "rules.amounts:whole", "if not least <= value <= largest", "if value < least"),
    # Validity
    Mutant("points end at 00:00 of their last day", "rules.validity:expires_at", "last_on + timedelta(days=1)", "last_on"),
    Mutant("days are those of the server", "rules.validity:starts_at", "tzinfo=ZoneInfo(zone)", "tzinfo=UTC"),
    Mutant("every day has 24 hours", "rules.validity:expires_at", "starts_at(last_on + timedelta(days=1), zone=zone)", "starts_at(last_on, zone=zone) + timedelta(days=1)"),
    Mutant("the instant of the end still counts", "rules.lots:over", "<= now", "< now"),
    Mutant("a month is 30 days", "rules.validity:months_later", "return date(", "return day + timedelta(days=30 * months) if months else date("),
    Mutant("a late sale counts from its arrival", "rules.points:earn", "last_day(command.bought_on,", "last_day(ledger.today,"),
    Mutant("years end this year", "rules.validity:last_day", "bought_on.year + length", "bought_on.year"),
    Mutant("pending points can be spent", "rules.lots:usable", "lot.available_at <= now and not", "not"),
    Mutant("pending days are counted from tomorrow", "rules.validity:available_at", "timedelta(days=programme.pending_days)", "timedelta(days=programme.pending_days + 1)"),
    # Burning
    Mutant("the latest end is burned first", "rules.lots:burn_order", f"({_KEY}))", f"({_KEY}), reverse=True)"),
    Mutant("what never ends is burned first", "rules.lots:burn_order", "or _FOR_EVER", "or _FOR_EVER.replace(year=1)"),
    Mutant("what came first is burned first", "rules.lots:burn_order", f"({_KEY})", "lot.id"),
    Mutant("a burn may be larger than the balance", "rules.lots:pick_exactly", "if found < points", "if found < 0"),
    Mutant("only the own lots of a group can be burned", "rules.books:Books.lots_in", "in self.groups[root]", "in [root]"),
    # Refunds
    Mutant("other lots are taken before the order's own", _TAKEN, "if gone else pick([own], points=due - forgiven)", "if gone else pick([*burn_order([lot for lot in lots.values() if lot.id != own.id], now=ledger.now), own], points=due - forgiven)"),
    Mutant("each part of a refund is rounded for itself", _TAKE_BACK, "max(0, earning.points - kept - earning.settled)", "earned(more, programme=ledger.programme)"),
    Mutant("what expired is taken again", _TAKEN, "max(0, min(due, unspent - earning.forgiven))", "0"),
    Mutant("what expired is forgiven twice", _TAKEN, "unspent - earning.forgiven", "unspent"),
    Mutant("debts are written off", _TAKE_BACK, "missing if way is RefundWay.DEBT else 0", "0"),
    Mutant("a shop that writes off makes debts", _TAKE_BACK, "missing if way is RefundWay.DEBT else 0", "missing"),
    Mutant("a refund of spent points is never refused", _TAKE_BACK, "if missing and way is RefundWay.REFUSE", "if False"),
    Mutant("new points do not pay debts", "rules.points:grant", "min(left, -ledger.books[account][OWED])", "0"),
    Mutant("debts of a merged account are not paid", "rules.points:grant", "in (root, *(one for one in ledger.groups[root] if one != root))", "in (root,)"),
    Mutant("each part of what comes back is rounded for itself", _GIVE_BACK, "points=share - burning.returned)", f"points={_SHARE})"),
    Mutant("more is refunded than was paid", "rules.refunds:refund", "if largest.refunded_minor + more > largest.amount_minor", "if more > largest.amount_minor"),
    Mutant("points come back to a new lot always", _GIVE_BACK, "if over(lot, now=ledger.now)", "if lot"),
    Mutant("points come back to a lot that is gone", _GIVE_BACK, "if over(lot, now=ledger.now)", "if not lot"),
    Mutant("a new lot has no grace", "rules.refunds:_graced", "timedelta(days=programme.grace_days)", "timedelta(days=0)"),
    Mutant("points come back to the earliest end first", "rules.refunds:_coming_back", "reverse=True", "reverse=False"),
    Mutant("a refund charges the redemption again", "rules.refunds:refund", "{} if burning is None else", "{} if True else"),
    # Holds
    Mutant("a hold protects nothing", "rules.points:hold", "moved(parts, source=FREE, target=HELD, at=ledger.now)", "[]"),
    Mutant("the rest of a capture is lost", "rules.points:capture", "*moved(rest, source=HELD, target=FREE, at=ledger.now)", "*moved(rest, source=HELD, target=EXPIRED, at=ledger.now)"),
    Mutant("a hold can be released again", "rules.points:open_hold", 'held.state != "open" or', ""),
    Mutant("a hold never ends", "actions.writing:_let_go", "hold.expires_at > books.now", "True"),
    # Keys
    Mutant("a key is not remembered", "actions.writing:_answer", "if known is not None:", "if False:"),
    Mutant("another request with a known key is answered", "actions.writing:_answer", "if known[0] != request:", "if False:"),
    Mutant("an order may earn again under another key", "rules.points:earn", "if command.order in ledger.earnings", "if False"),
    # Groups
    Mutant("a transfer loses the dates", "rules.points:transfer", "lasts=(lot.available_at, lot.expires_at)", "lasts=(ledger.now, None)"),
    Mutant("a merge forgets the other's balance", "rules.groups:merge", "in ledger.groups[other]", "in ledger.groups[other][:0]"),
    Mutant("the old number stands for itself", "rules.books:Books.open", "root = self.accounts[account].group", "root = account"),
    Mutant("a split leaves behind what was merged before", "rules.groups:_under", "for other in among if", "for other in among[:0] if"),
    # Tiers and growth
    Mutant("the tier follows the balance", "rules.standings:standing_of", "ledger.growth.get(root, {}) if", "{ledger.today: ledger.total(root, book='free')} if"),
    Mutant("spending lowers the growth", "rules.points:burn", "    change.burning =", "    change.growth, change.growth_on, change.growth_kind, change.growth_account = -command.points, ledger.today, 'x', root\n    change.burning ="),
    Mutant("a refund keeps the growth", _TAKE_BACK, "change.growth_kind = -lost", "change.growth_kind = 0"),
    Mutant("growth is rounded up", "rules.growth:earned_growth", "int(eligible_minor // 10 ** exponent(currency))", "-int(-eligible_minor // 10 ** exponent(currency))"),
    Mutant("a tier falls two levels", "rules.tiers:_Replay._below", "range(self.rank - 1, 0, -1)", "range(self.rank - 2, 0, -1)"),
    Mutant("a tier is kept for ever", "rules.tiers:_Replay._ends", "grown >= step[1]", "grown >= 0"),
    Mutant("keeping asks as much as reaching", "rules.tiers:_Replay._ends", "grown >= step[1]", "grown >= step[0]"),
    Mutant("a tier falls as soon as its window is empty", "rules.tiers:_Replay.run", "self._ends(self.today)", "self._lift(self.today); self.rank = self.rank if self._between(months_before(self.today, self.ladder.months), until=self.today) else 0; self._ends(self.today)"),
    Mutant("an occasion counts again", "rules.growth:behave", "if reference and any(", "if False and any("),
)  # fmt: skip
