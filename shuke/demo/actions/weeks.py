"""A week of tasks in the made-up world: what it sets off, told to the truth, and its orders among the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from shuke.demo.actions.session import Session
from shuke.demo.adapters import TruthTable, load_response
from shuke.demo.rules.baskets import Shelf, fill_baskets, with_discount
from shuke.demo.rules.till import stacked
from shuke.demo.rules.weeks import extra_orders, live
from shuke.demo.values import Basket, Ints, Lived, Orders, Outcome, People, TaskRow, World

RESPONSES = pa.schema(
    [
        ("task_code", pa.string()),
        ("play", pa.string()),
        ("person_id", pa.int64()),
        ("is_done", pa.bool_()),
        ("chance", pa.float64()),
        ("bought_on", pa.date32()),
    ]
)


@dataclass(frozen=True)
class LivedWeek:
    """What a week set off: extra orders behind the base ones, discounts to take off, and what staff noted down."""

    orders: Orders
    base: int
    discounts: dict[int, tuple[int, float]]
    outcomes: tuple[Outcome, ...]

    def joined(self, basket: Basket, *, world: World, people: People, shelf: Shelf) -> Basket:
        """The week's base orders with the extra ones behind them, discounts taken off everybody's next order."""
        end = self.orders.count
        extra = fill_baskets(world, people=people, orders=self.orders, begin=self.base, end=end, shelf=shelf)
        return self._discounted(stacked(basket, extra))

    def _discounted(self, basket: Basket) -> Basket:
        """Who was offered a discount uses it on the first order after the message, wherever it came from."""
        total = basket.total(basket.paid)
        off = np.zeros(basket.count, dtype=np.int64)
        used: set[int] = set()
        for place in np.argsort(basket.at, kind="stable").tolist():
            person = int(basket.person[place])
            offer = self.discounts.get(person)
            if offer is None or person in used or basket.day[place] < offer[0]:
                continue
            used.add(person)
            off[place] = int(total[place] * offer[1])
        return with_discount(basket, off)


def lived_week(session: Session, *, orders: Orders, tasks: Sequence[TaskRow], person: Ints) -> LivedWeek:
    """Lets people live through the tasks and writes `responses.parquet`; without tasks nothing happens."""
    if not tasks:
        return LivedWeek(orders, base=orders.count, discounts={}, outcomes=())
    world, people = session.world, session.people
    lived = live(
        world, people=people, orders=orders, tasks=tasks, person=person, until=session.until, response=load_response()
    )
    extra = extra_orders(people, lived=lived)
    _note(session.ledger.folder, tasks=tasks, lived=lived, world=world)
    discounts = {
        int(who): (world.span.day(task.send_on), task.offer_strength_share)
        for task, who, done in zip(tasks, person.tolist(), lived.is_done.tolist(), strict=True)
        if done and who >= 0 and task.offer_strength_share > 0
    }
    outcomes = tuple(
        Outcome(task.task_code, answer) for task, answer in zip(tasks, lived.answers, strict=True) if answer is not None
    )
    columns = {name: np.concatenate([getattr(orders, name), getattr(extra, name)]) for name in _COLUMNS}
    return LivedWeek(replace(orders, **columns), base=orders.count, discounts=discounts, outcomes=outcomes)


_COLUMNS = ("person", "at", "channel", "store", "associate")


def _note(truth: Path, *, tasks: Sequence[TaskRow], lived: Lived, world: World) -> None:
    table = TruthTable(truth / "responses.parquet", schema=RESPONSES)
    table.append(
        task_code=[task.task_code for task in tasks],
        play=[task.play for task in tasks],
        person_id=pa.array(lived.person, mask=lived.person < 0),
        is_done=lived.is_done,
        chance=lived.chance,
        bought_on=[world.span.date(day) if day >= 0 else None for day in lived.day.tolist()],
    )
    table.close()
