"""Lets the people of the truth respond to a week of plays."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from shuke.demo.adapters.truth import last_orders, person_traits, persons_of
from shuke.demo.rules.chance import unit
from shuke.demo.rules.responses import Hidden, answers, basket_minor, touched, untouched
from shuke.demo.values import Answer, Arm, Floats, Ints, Outcome, Purchase, TaskRow, Week


def respond(truth: Path, tasks: Sequence[TaskRow], *, seed: int, days: int = 7) -> Week:
    """What happens within `days` after each task's `send_on`: answers of the touched, purchases of both arms.

    A person's draw depends on seed, person and day only, never on the arm: whoever would have bought untouched also
    buys touched. So the true lift of a set of tasks can be had by asking twice with the arms changed.
    Records that are about nobody give an unanswered touch and no purchase. Raises FileNotFoundError without a truth.
    """
    if not tasks:
        return Week((), ())
    found = persons_of(truth, records=[(task.source, task.source_row_id) for task in tasks])
    known = np.flatnonzero(found >= 0)
    people, rows = found[known], [tasks[place] for place in known.tolist()]
    unanswered = [Outcome(t.task_code, Answer.NO_ANSWER) for t, p in zip(tasks, found, strict=True)
                  if p < 0 and t.arm == Arm.TREATED]  # fmt: skip
    if not len(people):
        return Week(tuple(unanswered), ())
    traits = person_traits(truth, persons=people)
    hidden = _hidden(truth, traits=traits, people=people, tasks=rows)
    keys = people * 100_003 + np.array([task.send_on.toordinal() for task in rows]) + seed * 7_919
    is_treated = np.array([task.arm == Arm.TREATED for task in rows])
    offer = np.where(is_treated, [task.offer_strength_share for task in rows], 0.0)
    base = untouched(hidden, days=days)
    chance = np.where(is_treated, touched(hidden, base=base, offer=offer), base)
    bought = unit(keys, salt=1) < chance
    said = answers(hidden, bought=bought, draw=unit(keys, salt=2))
    outcomes = [Outcome(task.task_code, said[i]) for i, task in enumerate(rows) if is_treated[i]]
    amount = basket_minor(hidden, draw=unit(keys, salt=3))
    later = (unit(keys, salt=4) * days).astype(np.int64)
    buyers = np.flatnonzero(bought)
    purchases = _purchases(rows, people=people, bought=buyers, amount=amount, offer=offer, traits=traits, later=later)
    return Week((*outcomes, *unanswered), tuple(purchases))


def _hidden(truth: Path, *, traits: pa.Table, people: Ints, tasks: Sequence[TaskRow]) -> Hidden:
    sent = [task.send_on for task in tasks]
    entered, left = traits["entered_on"].to_pylist(), traits["dropout_on"].to_pylist()
    last = last_orders(truth, persons=people, before=sent)
    since = [(day - (on or begin)).days for day, on, begin in zip(sent, last, entered, strict=True)]

    def column(name: str) -> Floats:
        return np.asarray(traits[name].to_numpy(), dtype=np.float64)

    return Hidden(
        rate=column("purchase_rate"),
        shape=column("regularity"),
        sensitivity=column("price_sensitivity"),
        response=column("touch_response"),
        affluence=column("affluence"),
        is_alive=np.array([end is None or day < end for day, end in zip(sent, left, strict=True)]),
        days_since=np.maximum(np.array(since, dtype=np.float64), 0.0),
    )


def _purchases(
    tasks: Sequence[TaskRow], *, people: Ints, bought: Ints, amount: Ints, offer: Floats, traits: pa.Table, later: Ints
) -> list[Purchase]:
    channels = traits["main_channel"].to_pylist()
    off = (amount * offer).astype(np.int64)
    return [
        Purchase(
            task_code=tasks[i].task_code,
            person_id=int(people[i]),
            channel=channels[i],
            bought_on=tasks[i].send_on + timedelta(days=int(later[i])),
            net_minor=int(amount[i] - off[i]),
            discount_minor=int(off[i]),
        )
        for i in bought.tolist()
    ]
