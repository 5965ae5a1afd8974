"""A week of plays as the made-up people live it: who is reached, who buys once more because of it, what staff write."""

from collections.abc import Sequence

import numpy as np

from shuke.demo.rules.chance import scramble, unit
from shuke.demo.rules.responses import Hidden, untouched
from shuke.demo.values import (
    DAY_SECONDS,
    NEVER,
    Answer,
    Flags,
    Floats,
    Ints,
    Lived,
    Orders,
    People,
    Response,
    TaskRow,
    World,
)
from shuke.kernel.ids import stable_hash

# The mean of the hidden response (a beta distribution with 1.4 and 3.6): a person of average response has lift 1 x.
_MEAN_RESPONSE = 0.28
_WATCHED_DAYS = 28
_MASS = ("sms", "email", "wecom_mass")


def live(
    world: World, *, people: People, orders: Orders, tasks: Sequence[TaskRow], person: Ints, until: int,
    response: Response,
) -> Lived:  # fmt: skip
    """What `tasks` set off until day `until` (excluded); `person` names each task's person, -1 nobody.

    The base behaviour `orders` stays as it is: an extra purchase comes on top with the chance lift x the person's own
    chance of a purchase within 28 days. People who are not reached have none.
    """
    known = np.maximum(person, 0)
    sent = np.array([world.span.day(task.send_on) for task in tasks], dtype=np.int64)
    keys = known * 100_003 + sent * 31 + world.seed
    is_done = (unit(keys, salt=201) < _diligence(tasks, response=response)) & (sent < until)
    is_lost = unit(keys, salt=202) < _lost(tasks, response=response)
    hidden = hidden_of(people, orders=orders, person=known, sent=sent)
    chance = extra_chance(hidden, tasks=tasks, response=response)
    chance = np.where(is_done & ~is_lost & (person >= 0), chance, 0.0)
    later = np.floor(-response.delay_days * np.log1p(-unit(keys, salt=204))).astype(np.int64)
    day = np.where(unit(keys, salt=203) < chance, sent + later, -1)
    day = np.where(day < until, day, -1)
    came = _came_anyway(orders, person=known, sent=sent, until=until) & (person >= 0)
    answers = _answers(tasks, is_lost=is_lost, bought=day >= 0, came=came, hidden=hidden, keys=keys, response=response)
    said = tuple(answer if done else None for answer, done in zip(answers, is_done.tolist(), strict=True))
    return Lived(person=person, is_done=is_done, chance=chance, day=day, answers=said)


def hidden_of(people: People, *, orders: Orders, person: Ints, sent: Ints) -> Hidden:
    """What the truth knows of these people on the day of the message."""
    day = orders.at // DAY_SECONDS
    last = np.full((people.count,), -NEVER)
    wanted = np.zeros(people.count, np.bool_)
    wanted[person] = True
    first_sent = np.full(people.count, NEVER)
    np.minimum.at(first_sent, person, sent)
    own = (orders.person >= 0) & wanted[np.maximum(orders.person, 0)]
    own &= day < first_sent[np.maximum(orders.person, 0)]
    np.maximum.at(last, orders.person[own], day[own])
    begin = np.maximum(last[person], np.floor(people.entered[person]).astype(np.int64))
    return Hidden(
        rate=people.rate[person],
        shape=people.shape[person],
        sensitivity=people.sensitivity[person],
        response=people.response[person],
        affluence=people.affluence[person],
        is_alive=np.asarray(sent < people.left[person]),
        days_since=np.maximum(sent - begin, 0).astype(np.float64),
    )


def extra_chance(hidden: Hidden, *, tasks: Sequence[TaskRow], response: Response) -> Floats:
    """Chance of a purchase more within 28 days: the play's lift, the person's response, the person's own base rate.

    With a discount people to whom prices matter respond more, the others less. At most 0.9.
    """
    lift = np.array([response.lift.get(task.play, response.other_lift) for task in tasks])
    offered = np.array([task.offer_strength_share > 0 for task in tasks])
    own = lift * hidden.response / _MEAN_RESPONSE * np.where(offered, 0.5 + hidden.sensitivity, 1.0)
    base = untouched(hidden, days=_WATCHED_DAYS)
    return np.minimum(0.9, np.where(hidden.is_alive, base * own, response.revival * own))


def _diligence(tasks: Sequence[TaskRow], *, response: Response) -> Floats:
    """The share of tasks that each doer does; messages of headquarters all go out."""
    least, most = response.diligence
    shares = {
        (store, name): least + (most - least) * (stable_hash(f"diligence|{store}|{name}") % 1_000 / 999)
        for store, name in sorted({(task.store, task.associate) for task in tasks})
    }
    return np.array([1.0 if not task.associate else shares[task.store, task.associate] for task in tasks])


def _lost(tasks: Sequence[TaskRow], *, response: Response) -> Floats:
    lost = {"wecom": response.contact_gone, "in_store": 0.0}
    return np.array([lost.get(task.channel, response.wrong_number) for task in tasks])


def _came_anyway(orders: Orders, *, person: Ints, sent: Ints, until: int) -> Flags:
    """Whether each person's base behaviour holds a purchase from the day of the message on."""
    day = orders.at // DAY_SECONDS
    last = np.full(int(orders.person.max(initial=0)) + int(person.max(initial=0)) + 2, -1)
    own = (orders.person >= 0) & (day < until)
    np.maximum.at(last, orders.person[own], day[own])
    return np.asarray(last[person] >= sent)


def _answers(
    tasks: Sequence[TaskRow], *, is_lost: Flags, bought: Flags, came: Flags, hidden: Hidden, keys: Ints,
    response: Response,
) -> list[Answer]:  # fmt: skip
    """What staff write: most people say nothing, fewer still answer a mass message."""
    draw, seen = unit(keys, salt=205), unit(keys, salt=206)
    mass = np.array([task.channel in _MASS for task in tasks])
    talk = np.where(mass, 0.12, 1.0)
    claimed = (bought & (seen < 0.85)) | (came & (seen < 0.45))
    refuse = response.refused
    complain = refuse + response.complained
    interest = complain + talk * 0.45 * hidden.response
    decline = interest + talk * 0.08
    place = np.select([draw < refuse, draw < complain, draw < interest, draw < decline], [1, 2, 3, 4], 5)
    place = np.where(claimed, 0, place)
    gone = np.array([task.channel == "wecom" for task in tasks])
    place = np.where(is_lost, np.where(gone, 7, 6), place)
    return [_SAID[position] for position in place.tolist()]


_SAID = (
    Answer.BOUGHT, Answer.REFUSED, Answer.COMPLAINED, Answer.INTERESTED, Answer.DECLINED, Answer.NO_ANSWER,
    Answer.WRONG_NUMBER, Answer.CONTACT_GONE,
)  # fmt: skip


def extra_orders(people: People, *, lived: Lived) -> Orders:
    """The extra purchases as orders, one a person who has any, in their own main channel and home store."""
    places = np.flatnonzero(lived.day >= 0)
    _, first = np.unique(lived.person[places], return_index=True)
    places = places[np.sort(first)]
    person, day = lived.person[places], lived.day[places]
    second = 10 * 3_600 + scramble(person * 1_000 + day, salt=207) % (11 * 3_600)
    order = np.argsort(day * DAY_SECONDS + second, kind="stable")
    person, at = person[order], (day * DAY_SECONDS + second)[order]
    served = unit(person * 1_000 + at % 997, salt=208) < 0.92
    return Orders(
        person=person,
        at=at,
        channel=people.channel_first[person],
        store=people.store[person],
        associate=np.where(served, people.associate[person], -1).astype(np.int64),
    )
