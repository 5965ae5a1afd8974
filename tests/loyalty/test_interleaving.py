"""Two requests on two connections in every order of their steps: the answers are those of one of the serial orders.

Each request stops before it locks, reads, stores and commits, and goes on when it is its turn. A step that waits for
the other's lock is real: the turn passes on, and the step ends whenever the database lets it.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from shuke.kernel.errors import ShukeError
from shuke.loyalty.actions.writing import write_batch
from shuke.loyalty.adapters import places
from shuke.loyalty.values import commands as c
from shuke.loyalty.values.ledger import Answer
from tests.engines import Engine
from tests.loyalty.auditing import added_up, differences
from tests.loyalty.programmes import product_programme, under
from tests.loyalty.till import Till

_WAITS_FOR_A_LOCK = 0.03  # seconds without a step that count as waiting for the other
_SHORT = {"sqlite": ("begin", "store", "commit"), "postgresql": ("lock", "store", "commit")}
_LONG = ("begin", "lock", "store", "commit")

Pair = Callable[[Till], tuple[Any, Any]]
PAIRS: dict[str, Pair] = {}


def pair(make: Pair) -> Pair:
    """Enters two requests under their function's name; what stands before them happens first."""
    PAIRS[make.__name__] = make
    return make


class Turn:
    """Lets a request take one step for each permit, and knows when it stands before the next."""

    def __init__(self) -> None:
        self.permits = threading.Semaphore(0)
        self.stands = threading.Event()

    def __call__(self) -> None:
        self.stands.set()
        self.permits.acquire()
        self.stands.clear()


class Gated:
    """The ledger's own door with a gate before some of its steps."""

    def __init__(self, door: Any, turn: Turn, *, steps: Sequence[str]) -> None:
        self._door, self._turn, self._steps = door, turn, steps

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._door, name)
        if name not in self._steps:
            return step

        def gated(*given: Any, **named: Any) -> Any:
            self._turn()
            return step(*given, **named)

        return gated


@contextmanager
def _two() -> Iterator[tuple[ThreadPoolExecutor, ThreadPoolExecutor]]:
    """Two threads, each with a connection of its own."""
    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(max_workers=1)) for _ in range(2)]
        yield threads[0], threads[1]
        for thread in threads:
            thread.submit(places.let_go).result()


def _asked(command: Any, till: Till, door_of: Callable[[], Any] = places.door) -> Answer | ShukeError:
    return write_batch([command], programme=product_programme(), now=till.now, actors=["till"], door_of=door_of)[0]


def _said(outcome: Answer | ShukeError) -> Any:
    """An answer without what differs from run to run, or the code of a refusal."""
    if isinstance(outcome, Answer):
        return outcome.kind, outcome.points, tuple(sorted(outcome.balance.items()))
    return getattr(outcome, "code", type(outcome).__name__)


def _left(till: Till) -> Any:
    return tuple(tuple(added_up(till.mark + member, till.now).items()) for member in ("a", "b"))


def _prepared(make: Pair) -> tuple[Till, tuple[Any, Any]]:
    """A till with two members, and the two requests, made but not asked."""
    till = Till("2027-03-05 10:00")
    till.enrol("a", "b")
    return till, make(till)


def made(till: Till) -> Till:
    """A till beside this one, whose requests are handed back instead of asked."""
    aside = Till("2027-03-05 10:00")
    aside.mark, aside.keys, aside.now = till.mark, till.keys, till.now
    aside.tell = lambda command: command
    return aside


def _serially(make: Pair) -> set[Any]:
    found = set()
    for first in (0, 1):
        till, commands = _prepared(make)
        said: dict[int, Any] = {}
        for place in (first, 1 - first):
            said[place] = _said(_asked(commands[place], till))
        found.add((said[0], said[1], _left(till)))
    return found


def _interleaved(make: Pair, order: Sequence[int], *, steps: Sequence[str], threads: Sequence[Any]) -> Any:
    till, commands = _prepared(make)
    turns = (Turn(), Turn())

    def run(place: int) -> Answer | ShukeError:
        return _asked(commands[place], till, lambda: Gated(places.door(), turns[place], steps=steps))

    running = [thread.submit(run, place) for place, thread in enumerate(threads)]
    for place in order:
        turns[place].permits.release()
        until = time.monotonic() + _WAITS_FOR_A_LOCK
        time.sleep(0.0005)
        while not (turns[place].stands.is_set() or running[place].done()) and time.monotonic() < until:
            time.sleep(0.0005)
    for turn in turns:
        turn.permits.release(200)  # tries after a lost race included
    return _said(running[0].result(timeout=60)), _said(running[1].result(timeout=60)), _left(till)


def _check(engine: Engine, *, steps: Sequence[str]) -> None:
    with under(engine.workspace, "default"), _two() as threads:
        for name, make in PAIRS.items():
            allowed = _serially(make)
            for order in _orders(len(steps)):
                found = _interleaved(make, order, steps=steps, threads=threads)
                assert found in allowed, (name, order, found, allowed)
    assert differences() == []


def _orders(length: int) -> list[tuple[int, ...]]:
    places_of_the_first = itertools.combinations(range(2 * length), length)
    return [tuple(0 if place in first else 1 for place in range(2 * length)) for first in places_of_the_first]


@pair
def burn_and_burn(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    return made(t).burn("a", "1", 7), made(t).burn("a", "2", 6)


@pair
def burn_and_refund_of_what_was_earned(t: Till) -> tuple[Any, Any]:
    t.earn("a", "1", 1_000)
    return made(t).burn("a", "2", 8), made(t).refund("1", 500)


@pair
def hold_and_burn(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    return made(t).hold("a", "h", 7), made(t).burn("a", "1", 7)


@pair
def earn_and_merge(t: Till) -> tuple[Any, Any]:
    t.open("b", 5)
    return made(t).earn("b", "1", 1_000), made(t).merge("a", "b")


@pair
def burn_of_an_alias_and_split(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    t.open("b", 5)
    t.merge("a", "b")
    return made(t).burn("b", "1", 12), made(t).split("b")


@pair
def merge_both_ways(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    t.open("b", 5)
    return made(t).merge("a", "b"), made(t).merge("b", "a")


@pair
def capture_and_release(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    t.hold("a", "h", 8)
    return made(t).capture("h", "1", 5), made(t).release("h")


@pair
def the_same_key_twice(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    asked = made(t).burn("a", "1", 4, key="same")
    return asked, replace(asked)


@pair
def the_same_key_for_another_request(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    return made(t).burn("a", "1", 4, key="same"), made(t).burn("a", "1", 5, key="same")


@pair
def the_same_order_under_two_keys(t: Till) -> tuple[Any, Any]:
    return made(t).earn("a", "1", 1_000), made(t).earn("b", "1", 1_000)


@pair
def transfers_crosswise(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    t.open("b", 10)
    return made(t).transfer("a", "b", 12), made(t).transfer("b", "a", 5)


@pair
def two_parts_of_one_refund(t: Till) -> tuple[Any, Any]:
    t.earn("a", "1", 1_000)
    return made(t).refund("1", 700), made(t).refund("1", 600)


@pair
def the_same_hold_for_two(t: Till) -> tuple[Any, Any]:
    t.open("a", 10)
    t.open("b", 10)
    return made(t).hold("a", "h", 5), made(t).hold("b", "h", 5)


@pair
def one_number_for_two(t: Till) -> tuple[Any, Any]:
    asked = made(t).common()
    return c.Enrol(**asked, member=t.mark + "c"), c.Enrol(**made(t).common(), member=t.mark + "c")


@pair
def debt_and_the_purchase_that_pays_it(t: Till) -> tuple[Any, Any]:
    t.earn("a", "1", 1_000)
    t.burn("a", "2", 10)
    return made(t).refund("1", 1_000), made(t).earn("a", "3", 700)


def test_every_order_of_steps_is_a_serial_one(engine: Engine) -> None:
    _check(engine, steps=_SHORT[engine.kind])


@pytest.mark.proof
def test_every_order_of_more_steps_is_a_serial_one(engine: Engine) -> None:
    _check(engine, steps=_LONG)
