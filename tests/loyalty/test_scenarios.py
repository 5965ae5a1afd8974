"""The table of scenarios.txt, on both engines, and what must be true of the books after each of them."""

from datetime import date
from pathlib import Path

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import ShukeError
from shuke.loyalty import queries
from shuke.loyalty.models import Account, Balance, Entry, Lot, Txn
from shuke.loyalty.rules.sealing import sealed, sealed_text
from shuke.loyalty.values.ledger import BOOKS, Posting
from tests.engines import Engine
from tests.loyalty import cases_together
from tests.loyalty.cases import CASES
from tests.loyalty.programmes import under
from tests.loyalty.till import Till

_BLOCKS = (Path(__file__).parent / "scenarios.txt").read_text("utf-8").split("\n## ")[1:]
SCENARIOS = {block.partition("\n")[0].strip(): block.partition("\n")[2] for block in _BLOCKS}


def _number(word: str) -> int | str:
    return int(word) if word.lstrip("-").isdigit() else word


def _earn(t: Till, member: str, order: str, minor: int, on: str = "") -> None:

    t.earn(member, order, minor, on=date.fromisoformat(on) if on else None)


def _burn(t: Till, member: str, order: str, points: int, total: int = 10_000) -> None:
    t.burn(member, order, points, total=total)


def _capture(t: Till, code: str, order: str, points: int | None = None, total: int = 10_000) -> None:
    t.capture(code, order, points, total=total)


def _adjust(t: Till, member: str, points: int, until: str = "") -> None:
    t.adjust(member, points, until=until)


_OWN = {"earn": _earn, "burn": _burn, "capture": _capture, "adjust": _adjust}


def step(t: Till, line: str) -> None:
    """One line of a scenario."""
    if line.startswith("! "):
        code, _, rest = line[2:].partition(": ")
        with t.refused(code):
            step(t, rest)
        return
    verb, *words = line.split()
    if verb == "at":
        t.clock(" ".join(words))
    elif words[:1] == ["="]:
        others = dict(word.split("=") for word in words[2:])
        t.expect(verb, int(words[1]), **{name: int(points) for name, points in others.items()})
    elif verb in _OWN:
        given = [word if place < 2 and verb != "adjust" else _number(word) for place, word in enumerate(words)]
        _OWN[verb](t, *given)
    else:
        plain = {"refund": 1, "hold": 2, "open": 1, "transfer": 2}.get(verb, len(words))
        getattr(t, verb)(*words[:plain], *(_number(word) for word in words[plain:]))


def test_the_table_is_long_enough() -> None:
    assert cases_together.__doc__
    assert len(SCENARIOS) >= 50
    assert len(SCENARIOS) + len(CASES) >= 80


def test_every_scenario_ends_as_written(engine: Engine) -> None:
    failed: dict[str, str] = {}
    for name, text in SCENARIOS.items():
        variant = name.partition("[")[2].rstrip("]") or "default"
        with under(engine.workspace, variant):
            till = Till("2027-01-01 00:00")
            line = ""
            try:
                for line in filter(None, map(str.strip, text.splitlines())):
                    step(till, line)
                line = "the books"
                _books_are_true(till)
            except (AssertionError, ShukeError, pytest.fail.Exception) as wrong:
                failed[name] = f"{line}: {wrong}"
    assert failed == {}


def _books_are_true(till: Till) -> None:
    """Sums of entries, chains, and what pages show, after a scenario."""
    for account in Account.objects.filter(member_no__startswith=till.mark):
        balance = Balance.objects.get(pk=account.pk)
        sums = dict.fromkeys(BOOKS, 0)
        for entry in Entry.objects.filter(account_id=account.pk):
            sums[entry.source] -= entry.points
            sums[entry.target] += entry.points
        assert sum(sums.values()) == 0
        negative = ("owed", "issued", "returned", "transferred")
        assert {book: -points if book in negative else points for book, points in sums.items()} == {
            book: getattr(balance, book) for book in BOOKS
        }
        lots = Lot.objects.filter(account_id=account.pk)
        assert (sum(lot.free for lot in lots), sum(lot.held for lot in lots)) == (balance.free, balance.held)
        assert _head(account.pk) == balance.head
        seen = queries.account(SYSTEM, account_id=account.pk, now=till.now)
        assert seen.balance == queries.balance(SYSTEM, account=account.pk, at=till.now)
        lines = queries.statement(SYSTEM, account=account.pk, limit=1000, now=till.now)
        has = seen.balance.available + seen.balance.pending + seen.balance.held - seen.balance.owed
        assert (lines[0].balance_after if lines else 0) == has == sum(line.points for line in lines)
        lots_now = queries.lots(SYSTEM, account=account.pk, now=till.now)
        assert sum(lot.held for lot in lots_now) == seen.balance.held


def _head(account: int) -> str:
    """The end of an account's chain, each link computed anew from its rows."""
    head = ""
    for txn in Txn.objects.filter(account_id=account).order_by("pk"):
        assert txn.previous == head
        entries = Entry.objects.filter(txn_id=txn.pk).order_by("pk")
        text = sealed_text(
            head,
            head=(txn.pk, txn.account_id, txn.kind, txn.client, txn.key, txn.request_hash),
            at=txn.at,
            recorded_at=txn.recorded_at,
            business_on=txn.business_on,
            order=(txn.order_source, txn.order_no),
            postings=[Posting(e.account_id, e.lot_id or 0, e.source, e.target, e.points, e.at) for e in entries],
        )
        head = sealed(text)
        assert txn.hash == head
    return head
