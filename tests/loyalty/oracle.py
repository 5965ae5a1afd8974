"""What the ledger ought to say, worked out as simply as can be: every single point is a thing with its own fate.

No lot, sum or projection is kept. A point knows what became of it and when; every balance, of now or of any instant
past, is got by looking at each point. It shares no code with the product; it only reads the product's commands.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.loyalty.oracle_parts import GONE, NEVER, OPEN, Debt, Hold, Point, Purchase, Terms


class Refused(Exception):
    """The request must be refused; any of `codes` may be the reason given, where it is wrong in several ways."""

    def __init__(self, *codes: str) -> None:
        super().__init__(codes)
        self.codes = set(codes)


class Oracle:
    """A whole programme. `apply` takes a command at an instant and says the member's balance, or raises `Refused`."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.points: list[Point] = []
        self.debts: list[Debt] = []
        self.parents: dict[str, str] = {}
        self.regrouped: dict[str, datetime] = {}
        self.earned: dict[tuple[str, str], Purchase] = {}
        self.burned: dict[tuple[str, str], Purchase] = {}
        self.holds: dict[str, Hold] = {}
        self.remembered: dict[tuple[str, str], tuple[Any, dict[str, int]]] = {}
        self.lots = 0
        self.sums: dict[str, int] = {"issued": 0, "clawed": 0, "burned": 0, "returned": 0}

    def apply(self, command: Any, now: datetime) -> dict[str, int]:
        """What the answer's balance must be. A repeat says what was said first."""
        known = self.remembered.get((command.client, command.key))
        if known is not None:
            if known[0] != replace(command, at=known[0].at):  # a till may ask again with a new time on it
                raise Refused("key_reused")
            return known[1]
        act: Callable[[Any, datetime], str] = getattr(self, "_" + type(command).__name__.lower())
        answer = self.balance(act(command, now), now)
        self.remembered[command.client, command.key] = (command, answer)
        return answer

    # Reading

    def root(self, member: str) -> str:
        """The account that stands for a member's group."""
        while member in self.parents:
            member = self.parents[member]
        return member

    def group(self, member: str) -> list[str]:
        """All members that show one balance with this one, in order of enrolment."""
        return [other for other in self.members() if self.root(other) == self.root(member)]

    def members(self) -> list[str]:
        """All who enrolled, in that order."""
        return list(self.regrouped)

    def place(self, point: Point, at: datetime) -> str:
        """free, held or gone; a hold that has timed out lets go by itself."""
        where = point.where(at)
        if where.startswith("hold "):
            return OPEN if self.holds[where[5:]].until <= at else "held"
        return where

    def balance(self, member: str, at: datetime) -> dict[str, int]:
        """Every point of the group, looked at."""
        shown = dict.fromkeys(("available", "pending", "held", "owed", "expired"), 0)
        group = self.group(member)
        for point in self.points:
            place = self.place(point, at) if point.owner in group else ""
            if place == "held":
                shown["held"] += 1
            elif place == OPEN:
                shown["expired" if point.ends <= at else "pending" if point.begins > at else "available"] += 1
        shown["owed"] = sum(debt.owner in group and debt.born <= at < debt.paid for debt in self.debts)
        return shown

    def usable(self, member: str, now: datetime) -> list[Point]:
        """What the group can burn now, in the order in which it must be burned."""
        group = self.group(member)
        found = [
            point
            for point in self.points
            if point.owner in group and point.begins <= now < point.ends and self.place(point, now) == OPEN
        ]
        return sorted(found, key=lambda point: (point.ends, point.begins, point.lot))

    def edges(self, now: datetime) -> list[datetime]:
        """Instants to come at which something changes by itself."""
        found = {edge for point in self.points for edge in (point.begins, point.ends)}
        found |= {hold.until for hold in self.holds.values() if hold.is_open}
        return sorted(edge for edge in found if now < edge < NEVER)

    # What may be asked

    def _enrol(self, asked: Any, now: datetime) -> str:
        if asked.member in self.regrouped:
            raise Refused("member_known")
        self.regrouped[asked.member] = now
        return str(asked.member)

    def _earn(self, asked: Any, now: datetime) -> str:
        member = self._known(asked.member)
        faults = set() if asked.currency == self.terms.currency else {"wrong_currency"}
        faults |= {"bad_amount"} if not 0 <= asked.eligible_minor <= 10**12 else set()
        faults |= {"order_known"} if self._order(asked) in self.earned else set()
        if faults:
            raise Refused(*faults)
        count = int(asked.eligible_minor * self.terms.rate)
        begins = now
        if self.terms.pending_days:
            begins = self.terms.end_of(self.terms.day(now) + timedelta(days=self.terms.pending_days - 1))
        last = self.terms.last_day(asked.bought_on)
        points = self._grant(member, count, begins=begins, last=last, now=now)
        self.earned[self._order(asked)] = Purchase(member, asked.eligible_minor, points, count)
        return member

    def _burn(self, asked: Any, now: datetime) -> str:
        member = self._known(asked.member)
        faults = set() if asked.currency == self.terms.currency else {"wrong_currency"}
        faults |= {"order_known"} if self._order(asked) in self.burned else set()
        found = self._picked(member, asked.points, now=now, faults=faults)
        self._spend(member, asked, points=found, now=now)
        return member

    def _hold(self, asked: Any, now: datetime) -> str:
        member = self._known(asked.member)
        faults = {"hold_known"} if asked.code in self.holds else set()
        found = self._picked(member, asked.points, now=now, faults=faults)
        self.holds[asked.code] = Hold(member, found, now + timedelta(seconds=asked.seconds))
        self._move(found, "hold " + asked.code, now=now)
        return member

    def _capture(self, asked: Any, now: datetime) -> str:
        hold = self._open(asked.code, now)
        count = len(hold.points) if asked.points is None else asked.points
        faults = set() if asked.currency == self.terms.currency else {"wrong_currency"}
        faults |= {"order_known"} if self._order(asked) in self.burned else set()
        faults |= {"bad_amount"} if not 1 <= count <= len(hold.points) else set()
        if faults:
            raise Refused(*faults)
        hold.is_open = False
        self._move(hold.points[count:], OPEN, now=now)
        self._spend(hold.member, asked, points=hold.points[:count], now=now)
        return self.root(hold.member)

    def _release(self, asked: Any, now: datetime) -> str:
        hold = self._open(asked.code, now)
        hold.is_open = False
        self._move(hold.points, OPEN, now=now)
        return self.root(hold.member)

    def _refundorder(self, asked: Any, now: datetime) -> str:
        earned, burned = self.earned.get(self._order(asked)), self.burned.get(self._order(asked))
        sides = [side for side in (burned, earned) if side]
        if not sides:
            raise Refused("order_unknown", *(["bad_amount"] if asked.refunded_minor < 1 else []))
        worth = max(side.amount for side in sides)  # an order paid in points alone is refunded by 0
        faults = set() if asked.currency == self.terms.currency else {"wrong_currency"}
        faults |= {"bad_amount"} if asked.refunded_minor < min(1, worth) else set()
        if all(side.refunded + asked.refunded_minor > side.amount for side in sides):
            faults |= {"refund_too_large"}
        if faults:
            raise Refused(*faults)
        with self._undone_when_refused():
            if burned:
                self._give_back(burned, asked.refunded_minor, now)
            if earned:
                self._claw(earned, asked.refunded_minor, now)
        return self.root(sides[-1].member)

    def _adjust(self, asked: Any, now: datetime) -> str:
        member = self._known(asked.member)
        if asked.points == 0:
            raise Refused("bad_amount")
        if asked.points < 0:
            found = self._picked(member, -asked.points, now=now, faults=set())
            self._move(found, GONE, now=now)
            self.sums["clawed"] += len(found)
        else:
            last = asked.expires_on or self.terms.last_day(self.terms.day(now))
            self._grant(member, asked.points, begins=now, last=last, now=now)
        return member

    def _opening(self, asked: Any, now: datetime) -> str:
        member = self._known(asked.member)
        self._grant(member, asked.points, begins=now, last=asked.expires_on, now=now)
        return member

    def _transfer(self, asked: Any, now: datetime) -> str:
        member, receiver = self._known(asked.member), self._known(asked.to)
        faults = {"same_account"} if member == receiver else set()
        found = self._picked(member, asked.points, now=now, faults=faults)
        self._move(found, GONE, now=now)
        copies: dict[int, int] = {}
        for point in found:
            lot = copies.setdefault(point.lot, self.lots + 1)
            self.lots = max(self.lots, lot)
            self.points.append(Point(receiver, lot, point.begins, point.ends, [(now, OPEN)]))
        return member

    def _merge(self, asked: Any, now: datetime) -> str:
        kept, other = self._known(asked.kept), self._known(asked.other)
        if kept == other:
            raise Refused("same_account")
        for member in (*self.group(kept), *self.group(other)):
            self.regrouped[member] = now
        self.parents[other] = kept
        return kept

    def _split(self, asked: Any, now: datetime) -> str:
        self._known(asked.member)
        if asked.member not in self.parents:
            raise Refused("not_merged")
        for member in self.group(asked.member):
            self.regrouped[member] = now
        del self.parents[asked.member]
        return str(asked.member)

    # How it comes about

    def _grant(self, member: str, count: int, *, begins: datetime, last: date | None, now: datetime) -> list[Point]:
        """New points, one by one; each pays a debt first where there is one, unless it is over on arrival."""
        self.lots += 1
        ends = NEVER if last is None else self.terms.end_of(last)
        made = [Point(member, self.lots, begins, ends, [(now, OPEN)]) for _ in range(count)]
        ranks = self.members()
        for point in made if ends > now else []:
            owing = [d for d in self.debts if d.paid == NEVER and d.owner in self.group(member)]
            owing.sort(key=lambda debt: (debt.owner != member, ranks.index(debt.owner)))
            if owing:
                owing[0].paid = now
                point.fate.append((now, GONE))
        self.points += made
        self.sums["issued"] += count
        return made

    def _claw(self, order: Purchase, refunded_minor: int, now: datetime) -> None:
        """Takes back, point by point, what the remaining amount no longer earns."""
        order.refunded = min(order.amount, order.refunded + refunded_minor)
        due = order.granted - int((order.amount - order.refunded) * self.terms.rate) - order.done
        order.done += due
        member = self.root(order.member)
        for _ in range(due):
            own = [point for point in order.points if self.place(point, now) == OPEN]
            gone = [point for point in own if point.ends <= now and not point.forgiven]
            if gone:
                gone[0].forgiven = True
                continue
            left = [point for point in own if point.ends > now] or self.usable(member, now)
            if left:
                self._move(left[:1], GONE, now=now)
            elif self.terms.refunds == "debt":
                self.debts.append(Debt(member, now))
            elif self.terms.refunds == "refuse":
                raise Refused("spent")
            self.sums["clawed"] += 1 if left or self.terms.refunds == "debt" else 0

    def _give_back(self, order: Purchase, refunded_minor: int, now: datetime) -> None:
        """Brings burned points back, those that last longest first; one whose lot is over begins a new life."""
        order.refunded = min(order.amount, order.refunded + refunded_minor)
        share = (
            len(order.points) if not order.amount else int(Fraction(len(order.points) * order.refunded, order.amount))
        )
        away = [point for point in order.points if not any(point is back for back in order.returned)]
        away.sort(key=lambda point: (point.ends, point.begins, point.lot), reverse=True)
        fresh: dict[int, int] = {}
        until = self.terms.end_of(self.terms.day(now) + timedelta(days=self.terms.grace_days))
        for point in away[: share - order.done]:
            order.returned.append(point)
            if point.ends > now:
                self._move([point], OPEN, now=now)
                continue
            lot = fresh.setdefault(point.lot, self.lots + 1)
            self.lots = max(self.lots, lot)
            self.points.append(Point(point.owner, lot, now, until, [(now, OPEN)]))
        self.sums["returned"] += share - order.done
        order.done = share

    def _spend(self, member: str, asked: Any, *, points: list[Point], now: datetime) -> None:
        self._move(points, GONE, now=now)
        self.sums["burned"] += len(points)
        self.burned[self._order(asked)] = Purchase(member, asked.total_minor, points, len(points))

    def _picked(self, member: str, count: int, *, now: datetime, faults: set[str]) -> list[Point]:
        found = self.usable(member, now)
        faults |= {"bad_amount"} if count < 1 else set()
        faults |= {"insufficient_points"} if count > len(found) else set()
        if faults:
            raise Refused(*faults)
        return found[:count]

    def _move(self, points: list[Point], place: str, *, now: datetime) -> None:
        for point in points:
            point.fate.append((now, place))

    def _known(self, member: str) -> str:
        if member not in self.regrouped:
            raise Refused("unknown_member")
        return self.root(member)

    def _open(self, code: str, now: datetime) -> Hold:
        hold = self.holds.get(code)
        if hold is None or not hold.is_open or hold.until <= now:
            raise Refused("hold_unknown")
        return hold

    @contextmanager
    def _undone_when_refused(self) -> Iterator[None]:
        """Whatever was done inside is as if it had never been, where it ends in a refusal."""
        kept = copy.deepcopy(vars(self)) if self.terms.refunds == "refuse" else {}
        try:
            yield
        except Refused:
            vars(self).update(kept)
            raise

    def _order(self, asked: Any) -> tuple[str, str]:
        return (asked.order.source, asked.order.no)
