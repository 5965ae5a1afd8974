"""What earlier plays changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.money import exponent, symbol
from shuke.lake.queries import Reader
from shuke.outcomes import rules
from shuke.outcomes.adapters import definition
from shuke.outcomes.values import ArmSums, Comparison, Interval, PlayResult, ResultView, StillNeeded
from shuke.proposals.models import Proposal
from shuke.touches import queries as touched

_ORDER = ("more", "fewer", "unclear", "none")


def last_week(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> ResultView:
    """Results of the latest week whose approved plays have been measured for at least a day.

    A store scope sees its own stores' people only; `store` cuts to one of them. Sentences in `language`.
    """
    found = weeks(actor, lake=lake, language=language, store=store, last=1)
    return found[0] if found else ResultView(None, None, ())


def weeks(
    actor: Actor, *, lake: Reader, language: str, store: str | None = None, last: int = 26
) -> tuple[ResultView, ...]:
    """The results of the last weeks with measured plays, newest first; cut as `last_week` is."""
    require(actor, Permission.SEE_WEEK)
    if not lake.has("proposal_outcomes"):
        return ()
    cut = " where store = $store" if store is not None else ""
    values = {"store": store} if store is not None else {}
    rows = lake.rows(f"{_SUMS}{cut} order by as_of desc, play, proposal, store, arm, propensity", **values)
    made: list[ResultView] = []
    for as_of, of_week in groupby(rows, key=lambda row: row["as_of"]):
        if len(made) == last:
            break
        made.append(_view(actor, as_of=as_of, rows=list(of_week), store=store, language=language))
    return tuple(made)


_SUMS = (
    "select as_of, until_on, watch_until_on, play, proposal, store, arm, propensity, people, buyers, net_minor,"
    " net_squares, expected_lift from proposal_outcomes"
)


def _view(
    actor: Actor, *, as_of: date, rows: Sequence[Mapping[str, Any]], store: str | None, language: str
) -> ResultView:
    proposals = Proposal.objects.in_bulk({row["proposal"] for row in rows})
    done = touched.reached_by_proposal(actor, proposals=list(proposals), store=store)
    results = []
    for _, of_play in groupby(rows, key=lambda row: row["play"]):
        parts = list(of_play)
        numbers = {row["proposal"] for row in parts}
        results.append(
            _result(
                parts,
                proposal=proposals[min(numbers)],
                reached=sum(done.get(number, (0, 0))[0] for number in numbers),
                replied=sum(done.get(number, (0, 0))[1] for number in numbers),
                short="zh" if language.startswith("zh") else "en",
            )
        )
    results.sort(key=lambda result: (_ORDER.index(result.verdict), -result.treated, result.play))
    return ResultView(as_of=as_of, until=max(row["until_on"] for row in rows), plays=tuple(results))


def _result(
    rows: Sequence[Mapping[str, Any]], *, proposal: Proposal, reached: int, replied: int, short: str
) -> PlayResult:
    measuring, texts = definition("measuring"), definition("sentences")
    compared = rules.compare(
        [ArmSums(**{name: row[name] for name in ArmSums.__dataclass_fields__}) for row in rows],
        confidence=measuring["confidence"],
        least_buyers=measuring["least_buyers"],
    )
    until, watch_until = max(row["until_on"] for row in rows), max(row["watch_until_on"] for row in rows)
    base = _base_share(compared)
    lift = _expected_lift(rows, compared=compared)
    days, most_days = (until - proposal.as_of).days, (watch_until - proposal.as_of).days
    needed = _needed(compared, base=base, lift=lift, days=days, most_days=most_days)
    told = rules.Told(
        week=proposal.as_of,
        until=until,
        watch_until=watch_until,
        compared=compared,
        reached=reached,
        needed=needed,
        expected_share=abs(base * lift),
        currency_sign=symbol(proposal.currency),
        unit=10 ** exponent(proposal.currency),
    )
    difference, money = compared.difference, compared.sales_each
    return PlayResult(
        play=proposal.play,
        name=proposal.plan[short],
        week=proposal.as_of,
        treated=compared.treated,
        holdout=compared.holdout,
        reached=reached,
        replied=replied,
        treated_buyers=compared.treated_buyers,
        holdout_buyers=compared.holdout_buyers,
        treated_share=compared.treated_share,
        holdout_share=compared.holdout_share,
        difference=difference.mid if difference else None,
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        extra_buyers=_times(difference, compared.treated),
        sales_each_difference_minor=(money.mid, money.low, money.high) if money else None,
        verdict=compared.verdict,
        sentence=rules.sentence(told, texts=texts, short=short),
        next_step=rules.next_step(told, texts=texts, short=short),
        days=days,
        wait_weeks=needed.wait_weeks,
        more_people=needed.more_people,
    )


def _needed(compared: Comparison, *, base: float, lift: float, days: int, most_days: int) -> StillNeeded:
    if compared.verdict != "unclear":
        return StillNeeded(None, None)
    measuring = definition("measuring")
    return rules.still_needed(
        base,
        treated=compared.treated,
        holdout=compared.holdout,
        days=days,
        most_days=most_days,
        lift=lift,
        confidence=measuring["confidence"],
        power=measuring["power"],
    )


def _times(difference: Interval | None, people: int) -> tuple[float, float, float] | None:
    if difference is None:
        return None
    return difference.low * people, difference.mid * people, difference.high * people


def _base_share(compared: Comparison) -> float:
    """The share that the power formula rests on: of those held out, of everybody where that is nobody or all."""
    held = compared.holdout_share or 0.0
    if 0 < held < 1:
        return held
    people = compared.treated + compared.holdout
    return (compared.treated_buyers + compared.holdout_buyers) / people if people else 0.0


def _expected_lift(rows: Sequence[Mapping[str, Any]], *, compared: Comparison) -> float:
    """What the proposal expected; where it expected nothing, what was observed."""
    expected = max((row["expected_lift"] or 0.0 for row in rows), default=0.0)
    if expected > 0 or compared.difference is None or not compared.holdout_share:
        return float(expected)
    return compared.difference.mid / compared.holdout_share
