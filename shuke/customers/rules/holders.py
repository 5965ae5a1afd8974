"""Who holds a shared value: deciding inside the components that may mix several people.

Such a component is built again from its strongest ties to its weakest, and a tie is refused where the two sides
contradict each other or where a guard forbids it:

- What a person said is one is one, and what a person said is apart never meets, whatever the keys say.
- Rows of one record, one member number or one card belong together (a card of two members does not).
- On a shared phone, account or address the *holders* are told apart by full name, initial and birthday: equal names
  join, also with two cards; names that contradict stay apart.
- Without names, two cards on one number that was in use all the time are probably one person; if the number fell silent
  for `recycled_after_days` between them it changed hands. How long each used the number counts, not how long each was
  a customer.
- A nameless receipt goes to the holder of its time; of several holders at that time to the one who used the value most,
  if that is probable.
- A name that only one or two orders carry, without an account or a record of its own, is a receiver's (a gift): the
  order goes to the number's holder of that time (probable).
- No merge gives a customer more values of a kind than `limits` allow, a second member number or unionid least of all.
- One record never joins two groups that each stand by themselves (`rules/bridges.py`).
"""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from shuke.customers.rules.contested import FOREVER, Contested, Doubt, Era, Shared, Terms, Tie
from shuke.customers.rules.groups import Group, Verdict, breaks_limit, verdict_on
from shuke.customers.rules.meetings import Meeting, together
from shuke.customers.values import KEY_TYPES, ONCE_ONLY, Reason

# So many orders under one name on a number make that name a person of the number.
_OWN_NAME_RECORDS = 3
_UNKNOWN = 1
# What a refused tie is worth: the verdict's own probability, less what the guard that refused it says.
_REFUSED = {Verdict.AGREE: 0.9, Verdict.NEUTRAL: 0.6, Verdict.DOUBT: 0.5}


class Settlement:
    """Settles contested rows; speaks of them by their places in `contested`."""

    def __init__(self, contested: Contested, *, terms: Terms) -> None:
        self._known = contested
        self._terms = terms
        self._limits, self._weights = terms.limits, terms.weights
        self._groups = [self._alone(place) for place in range(len(contested.rows))]
        self._of = list(range(len(contested.rows)))
        self._sure = list(self._of)
        self.doubts: list[Doubt] = []
        self.eras: list[Era] = []
        self.ties: list[Tie] = []

    def settle(self) -> None:
        """Joins component by component, from the strongest key to the weakest."""
        rows = self._known.rows
        for one, other, which in self._known.bridging:
            reason = Reason[KEY_TYPES[which].upper()]
            self.ties.append(Tie(rows[one], rows[other], reason, _REFUSED[Verdict.DOUBT], refused=True))
        for _, shared in groupby(self._known.shared, key=itemgetter(0)):
            late = [value for value in shared if self._settle_value(value)]
            # What says nothing of itself waits until its other keys have spoken.
            for value in late:
                meeting = self._meeting(value)
                if len(meeting.carriers) > 1:
                    self._settle_shared(meeting, is_last=True)

    def _settle_value(self, shared: Shared) -> bool:
        """Joins the groups that carry a value; True where some of them must wait."""
        of, places, kind = self._of, shared.places, shared.kind
        if len({of[place] for place in places}) == 1:
            return False
        meeting = self._meeting(shared)
        if kind == "pin":
            first, *others = meeting.carriers
            for root in others:
                self._merge(first, root, meeting=meeting)
            return False
        if kind in ("record", "member_id") or (kind == "card" and len(self._members(meeting)) < 2):
            self._gather([], self._ranked(meeting.carriers, meeting), meeting=meeting)
            return False
        return self._settle_shared(meeting)

    def used(self) -> list[int]:
        """The label of each row in the partition in use: the smallest row of its group."""
        smallest: dict[int, int] = {}
        rows = self._known.rows
        return [rows[smallest.setdefault(root, place)] for place, root in enumerate(self._of)]

    def automatic(self) -> list[int]:
        """The label of each row in the automatic partition."""
        rows = self._known.rows
        return [rows[self._root(place)] for place in range(len(rows))]

    def _alone(self, place: int) -> Group:
        known = self._known
        name, initial, birthday = known.names[place], known.initials[place], known.birthdays[place]
        return Group(
            rows=[place],
            names={name} if name else set(),
            initials={initial} if initial else set(),
            birthdays={birthday} if birthday else set(),
            values=known.values[place],
            first=known.first[place],
            last=known.last[place],
            records=known.records[place],
            own=int(known.is_own[place]),
        )

    def _meeting(self, shared: Shared) -> Meeting:
        """The groups that carry a value; of each the row with most records (then the first) speaks for it."""
        known = self._known
        meeting = Meeting(shared.kind, shared.value, carriers={}, support={}, spans={})
        for place in sorted(shared.places, key=lambda p: (-known.records[p], p)):
            root = self._of[place]
            span = known.first[place], known.last[place]
            if root in meeting.carriers:
                meeting.support[root] += known.records[place]
                meeting.spans[root] = together(meeting.spans[root], span)
            else:
                meeting.carriers[root], meeting.support[root], meeting.spans[root] = place, known.records[place], span
        return meeting

    def _members(self, meeting: Meeting) -> set[int]:
        return {member for root in meeting.carriers for member in self._groups[root].values.get("member_id", ())}

    def _gather(self, holders: list[int], roots: Iterable[int], *, meeting: Meeting) -> None:
        """Joins each group to the first holder that nothing forbids; a group without one is a holder itself."""
        for root in roots:
            free = [holder for holder in holders if not self._forbidden(holder, root, meeting=meeting)]
            if free:
                # Somebody refused before: which of them the row belongs to is likely only.
                sure = len(holders) == 1 and not self._was_silent(holders[0], root, meeting=meeting)
                if not sure:
                    reason = Reason.RECYCLED_NUMBER if len(holders) == 1 else Reason.SHARED_NUMBER
                    share = meeting.support[free[0]] / sum(meeting.support[holder] for holder in free)
                    self._doubt(
                        free[0], root, reason=reason, probability=self._weights.began_anew * share, meeting=meeting
                    )
                self._merge(free[0], root, meeting=meeting, certain=sure)
                continue
            for holder in holders:
                self._refuse(holder, root, verdict=Verdict.NEUTRAL, meeting=meeting)
            holders.append(root)

    def _forbidden(self, one: int, other: int, *, meeting: Meeting) -> bool:
        """Whether a person or a guard forbids to join two groups about whom names and birthdays are not asked."""
        if self._apart(one, other):
            return True
        if meeting.kind in ("record", "member_id"):
            return False
        most = 1 if meeting.kind == "card" else None
        a, b = self._groups[one], self._groups[other]
        return breaks_limit(a, b, limits=self._limits, most=most)

    def _apart(self, one: int, other: int) -> bool:
        """Whether a person said that somebody of one group is nobody of the other."""
        if not self._terms.apart:
            return False
        a, b = (self._groups[root].values.get("pin", set()) for root in (one, other))
        return any(not b.isdisjoint(self._terms.apart.get(party, frozenset())) for party in a)

    def _was_silent(self, holder: int, root: int, *, meeting: Meeting) -> bool:
        """Whether a group that says nothing of itself had ended its use of a phone long before the holder began."""
        ended, began = meeting.spans[root][1], meeting.spans[holder][0]
        if meeting.kind != "phone" or not ended or ended >= began or not self._is_anchor(holder, kind="phone"):
            return False
        return meeting.changed_hands(holder, root, days=self._limits.recycled_after_days)

    def _settle_shared(self, meeting: Meeting, *, is_last: bool = False) -> bool:
        """Tells the holders apart; True where groups that say nothing of themselves wait for their other keys."""
        anchors = [root for root in meeting.carriers if self._is_anchor(root, kind=meeting.kind)]
        known = set(anchors)
        bare = self._ranked((root for root in meeting.carriers if root not in known), meeting)
        found = self._find_holders(anchors, meeting)
        receivers = [root for root in found if self._is_receiver(root)]
        if receivers and len(receivers) == len(found):
            receivers.pop(0)
        holders = found
        if receivers:
            holders = [root for root in found if root not in set(receivers)]
            receivers, earlier = self._within_time(receivers, holders, meeting=meeting)
            holders += earlier
        if len(holders) < 2:
            self._gather(holders[:], bare, meeting=meeting)
            bare = []
        elif is_last:
            for root in sorted(bare):
                self._give_to_holder(root, holders=holders, meeting=meeting)
        for root in sorted(receivers):
            self._give_to_buyer(root, holders=holders, meeting=meeting)
        return bool(bare) and not is_last

    def _ranked(self, roots: Iterable[int], meeting: Meeting) -> list[int]:
        return sorted(roots, key=lambda root: (-meeting.support[root], root))

    def _is_anchor(self, root: int, *, kind: str) -> bool:
        """Whether a group can be told apart from others. On an account names alone do not count: they are receivers."""
        group = self._groups[root]
        once = not group.values.keys().isdisjoint(("pin", *ONCE_ONLY))
        if kind == "shop_user":
            return once or "phone" in group.values or "email" in group.values
        return once or bool(group.names or group.birthdays or group.initials)

    def _is_receiver(self, root: int) -> bool:
        """Whether a group is no more than a name on an order or two."""
        group = self._groups[root]
        has_account = group.own or group.birthdays or not group.values.keys().isdisjoint(("pin", *ONCE_ONLY))
        return bool(group.names or group.initials) and not has_account and group.records < _OWN_NAME_RECORDS

    def _within_time(
        self, receivers: list[int], holders: list[int], *, meeting: Meeting
    ) -> tuple[list[int], list[int]]:
        """Receivers near a holder's time; the others had the number before or after: it changed hands."""
        if meeting.kind != "phone":
            return receivers, []
        days = self._limits.recycled_after_days
        other = [root for root in receivers if all(meeting.changed_hands(root, h, days=days) for h in holders)]
        return [root for root in receivers if root not in set(other)], other

    def _find_holders(self, anchors: list[int], meeting: Meeting) -> list[int]:
        """Joins the anchors that may be one person and gives one group a person."""
        groups = self._groups
        if len(anchors) == 1:
            return anchors
        anchors.sort(key=lambda r: (not groups[r].names, -groups[r].records, groups[r].first, r))
        holders: list[int] = []
        for anchor in anchors:
            options: list[tuple[Verdict, int, int, int]] = []
            for holder in holders:
                verdict = self._verdict(holder, anchor, meeting=meeting)
                if verdict is not None:
                    nearest = meeting.distance(holder, anchor), -groups[holder].records
                    options.append((verdict, *nearest, holder))
            if not self._join_likeliest(anchor, options, meeting=meeting):
                holders.append(anchor)
        return holders

    def _verdict(self, holder: int, anchor: int, *, meeting: Meeting) -> Verdict | None:
        """What two anchors are to each other, None where they must not join."""
        if self._apart(holder, anchor):
            return None
        a, b = self._groups[holder], self._groups[anchor]
        silent = meeting.changed_hands(holder, anchor, days=self._limits.recycled_after_days)
        verdict = verdict_on(a, b, silent=silent)
        if verdict is Verdict.CONFLICT:
            return None
        if breaks_limit(a, b, limits=self._limits):
            self._refuse(holder, anchor, verdict=verdict, meeting=meeting)
            return None
        return verdict

    def _join_likeliest(self, anchor: int, options: list[tuple[Verdict, int, int, int]], *, meeting: Meeting) -> bool:
        """Joins an anchor to the likeliest of the holders that it may be; False where none is likely enough."""
        if not options:
            return False
        verdict, *_, holder = min(options)
        rivals = len(options) if verdict is not Verdict.AGREE else sum(option[0] is Verdict.AGREE for option in options)
        if rivals == 1 and verdict is not Verdict.DOUBT:
            self._merge(holder, anchor, meeting=meeting)
            return True
        if rivals > 1:
            reason, probability = Reason.SHARED_NUMBER, self._share(holder, [o[-1] for o in options], meeting=meeting)
        elif self._groups[anchor].names and self._groups[holder].names:
            reason, probability = Reason.SIMILAR_NAME, self._weights.similar_name
        else:
            reason, probability = Reason.TWO_ACCOUNTS, self._weights.two_accounts
        if probability < self._weights.probable_from:
            self._tie(holder, anchor, reason=reason, probability=probability, meeting=meeting)
            return False
        self._doubt(holder, anchor, reason=reason, probability=probability, meeting=meeting)
        self._merge(holder, anchor, meeting=meeting, certain=False)
        return True

    def _give_to_holder(self, root: int, *, holders: list[int], meeting: Meeting) -> None:
        """A group that says nothing of itself goes to the holder of its time."""
        eras = meeting.eras(holders, days=self._limits.recycled_after_days)
        group, (began, ended) = self._groups[root], meeting.spans[root]
        ends = [span[0] for _, span in eras[1:]]
        first, last = (sum(when >= end for end in ends) for when in (began, ended))
        if first == last or len(group.rows) > 1 or group.values != {meeting.kind: {meeting.value}}:
            self._give_to_dominant(root, eras[first][0], several=len(eras) > 1, meeting=meeting)
            return
        place = meeting.carriers[root]
        for number in range(first, last + 1):
            owner, share = self._dominant(eras[number][0], meeting)
            speaks = meeting.carriers[owner] if share >= self._weights.probable_from else place
            self.eras.append(
                Era(
                    self._known.rows[place],
                    ends[number - 1] if number > first else -FOREVER,
                    ends[number] if number < last else FOREVER,
                    self._known.rows[speaks],
                    certain=share == 1.0,
                    probability=share,
                )
            )

    def _give_to_dominant(self, root: int, holders: list[int], *, several: bool, meeting: Meeting) -> None:
        owner, share = self._dominant(holders, meeting)
        if self._forbidden(owner, root, meeting=meeting):
            self._refuse(owner, root, verdict=Verdict.NEUTRAL, meeting=meeting)
            return
        if several and share == 1.0 and not meeting.covers(owner, root):
            # Neither owner is known to have had the number then.
            share = self._weights.between_owners
        sure = share == 1.0 and not self._was_silent(owner, root, meeting=meeting)
        reason = Reason.RECYCLED_NUMBER if several else Reason.SHARED_NUMBER
        if share < self._weights.probable_from:
            self._tie(owner, root, reason=reason, probability=share, meeting=meeting)
            return
        probability = min(share, 0.99 if sure else 0.9)
        self._doubt(owner, root, reason=reason, probability=probability, meeting=meeting, sure=sure)
        self._merge(owner, root, meeting=meeting, certain=sure)

    def _give_to_buyer(self, root: int, *, holders: list[int], meeting: Meeting) -> None:
        """A receiver's order is the buyer's; the receiver's name says nothing about the buyer."""
        days = self._limits.recycled_after_days
        eras = meeting.eras(holders, days=days)
        era = sum(meeting.spans[root][0] >= span[0] for _, span in eras[1:])
        owner, _ = self._dominant(eras[era][0], meeting)
        if self._forbidden(owner, root, meeting=meeting):
            self._refuse(owner, root, verdict=Verdict.DOUBT, meeting=meeting)
            return
        probability = self._weights.other_receiver
        self._doubt(owner, root, reason=Reason.OTHER_RECEIVER, probability=probability, meeting=meeting)
        self._groups[root].names, self._groups[root].initials = set(), set()
        self._merge(owner, root, meeting=meeting, certain=False)

    def _dominant(self, holders: list[int], meeting: Meeting) -> tuple[int, float]:
        """The holder that used the value most and its share of all use."""
        owner = min(holders, key=lambda h: (-meeting.support[h], h))
        return owner, self._share(owner, holders, meeting=meeting)

    def _share(self, holder: int, holders: list[int], *, meeting: Meeting) -> float:
        """A holder's share of all use of a value; of several, somebody unknown counts as one more use."""
        if len(holders) == 1:
            return 1.0
        return meeting.support[holder] / (sum(meeting.support[other] for other in holders) + _UNKNOWN)

    def _doubt(
        self, holder: int, joining: int, *, reason: Reason, probability: float, meeting: Meeting, sure: bool = False
    ) -> None:
        """A group joins by likelihood: its rows say so, and a tie unless it is `sure`."""
        rows = self._known.rows
        self.doubts += [Doubt(rows[place], reason, probability) for place in self._groups[joining].rows]
        if not sure:
            self._tie(holder, joining, reason=reason, probability=probability, meeting=meeting)

    def _refuse(self, holder: int, joining: int, *, verdict: Verdict, meeting: Meeting) -> None:
        """A guard refuses what evidence makes likely: a person decides."""
        if not self._apart(holder, joining):
            reason, probability = Reason[meeting.kind.upper()], _REFUSED[verdict]
            self._tie(holder, joining, reason=reason, probability=probability, meeting=meeting, refused=True)

    def _tie(
        self, one: int, other: int, *, reason: Reason, probability: float, meeting: Meeting, refused: bool = False
    ) -> None:
        left, right = (self._known.rows[meeting.carriers[root]] for root in (one, other))
        self.ties.append(Tie(left, right, reason, probability, refused))

    def _merge(self, holder: int, joining: int, *, meeting: Meeting, certain: bool = True) -> None:
        """The joining group becomes part of the holder's."""
        speaks, joins = meeting.carriers[holder], meeting.carriers[joining]
        gone = self._groups[joining]
        for place in gone.rows:
            self._of[place] = holder
        self._groups[holder].take(gone)
        meeting.take(holder, joining)
        if certain:
            left, right = sorted((self._root(speaks), self._root(joins)))
            self._sure[right] = left

    def _root(self, place: int) -> int:
        sure = self._sure
        while sure[place] != place:
            sure[place] = sure[sure[place]]
            place = sure[place]
        return place
