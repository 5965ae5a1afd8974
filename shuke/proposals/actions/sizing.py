"""Which stores run which plays this week, and how many people each holds out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from shuke.kernel.money import exponent
from shuke.lake.actions import Run
from shuke.plays.values import Play, Policy
from shuke.proposals import rules
from shuke.proposals.values import Candidacy

# A play could have all places of a store; people reached by mass messages need none.
_CANDIDACIES = """
with staff as (
  select store, count(*) as associates from associates
  where last_seen_on >= $as_of - 90 and store is not null group by store
),
busy as (
  select store, sum(tasks) as tasks from open_tasks group by store
)
select c.play, c.store, count(*) as people,
  count(*) filter (where c.lane = 'mass') as many,
  coalesce(avg(c.base_share), 0)::double as base_share,
  coalesce(avg(c.purchase_minor), 0)::double as order_minor,
  max(case when c.store = '' then $headquarters_tasks
    else greatest(0, coalesce(s.associates, 1) * $week_tasks - coalesce(b.tasks, 0)) end)::integer as places
from proposal_candidates c
left join staff s on s.store = c.store
left join busy b on b.store = c.store
where c.allowed
group by c.play, c.store
"""
_COUNTS = """
select l.play, l.store, count(*) as people, coalesce(sum(c.base_share), 0)::double as returning
from proposal_line_up l
join proposal_candidates c on c.play = l.play and c.customer_id = l.customer_id
where l.outcome = 'ok'
group by l.play, l.store
order by l.play, l.store
"""
_CHOICES = pa.schema(
    {
        "play": pa.string(),
        "store": pa.string(),
        "people": pa.int32(),
        "gain_minor": pa.int64(),
        "chosen": pa.bool_(),
        "reason": pa.string(),
    }
)
_DRAWS = pa.schema(
    {
        "play": pa.string(),
        "store": pa.string(),
        "people": pa.int32(),
        "holdout_places": pa.int32(),
        "propensity": pa.float64(),
    }
)


def write_choices(
    run: Run,
    *,
    parameters: Mapping[str, Any],
    plays: Sequence[Play],
    policy: Policy,
    margin_share: float,
    decided: set[tuple[str, str]],
) -> None:
    """Fills `proposal_choices`: in each store the plays of the greatest expected gain, as many as the policy allows."""
    given = {key: value for key, value in rules.capacity_of(policy).items() if key != "treated_share"}
    rows = run.reader().rows(_CANDIDACIES, as_of=parameters["as_of"], **given)
    by_code = {play.code: play for play in plays}
    unit = 10 ** exponent(parameters["currency"])
    found = [_candidacy(row, play=by_code[row["play"]], margin_share=margin_share, unit=unit) for row in rows]
    chosen = rules.choose(found, most=policy.proposals_max, decided=decided)
    run.write_arrow(
        "proposal_choices",
        rows=pa.Table.from_pylist(
            [
                {
                    "play": one.play,
                    "store": one.store,
                    "people": one.people,
                    "gain_minor": one.gain_minor,
                    "chosen": chosen[one.play, one.store] == "ok",
                    "reason": chosen[one.play, one.store],
                }
                for one in found
            ],
            schema=_CHOICES,
        ),
    )


def _candidacy(row: Mapping[str, Any], *, play: Play, margin_share: float, unit: int) -> Candidacy:
    reachable = min(row["people"], row["many"] + row["places"])
    gain = rules.expected_gain(
        people=reachable,
        base_share=row["base_share"],
        order_minor=row["order_minor"],
        margin_share=margin_share,
        prior=play.prior,
        offer=play.offer,
        unit=unit,
    )
    return Candidacy(
        play=play.code,
        store=row["store"],
        priority=play.priority,
        people=row["people"],
        gain_minor=gain.mid_minor,
        costs=gain.cost_minor > 0,
    )


def write_draws(run: Run, *, as_of: date, plays: Sequence[Play], policy: Policy) -> dict[str, float]:
    """Fills `proposal_draws` from the line-up; returns the share of each play that is to be held out."""
    people: dict[str, dict[str, int]] = {}
    returning: dict[str, float] = {}
    for row in run.reader().rows(_COUNTS):
        people.setdefault(row["play"], {})[row["store"]] = row["people"]
        returning[row["play"]] = returning.get(row["play"], 0.0) + row["returning"]
    lifts = {play.code: play.prior.mid for play in plays}
    shares: dict[str, float] = {}
    rows = []
    for play, stores in people.items():
        total = sum(stores.values())
        shares[play] = rules.holdout_share_for(
            total,
            base_share=returning[play] / total,
            lift=lifts[play],
            least=policy.holdout_share,
            most=policy.holdout_share_max,
            useful=policy.useful_people,
        )
        places = rules.places_by_store(stores, holdout_share=shares[play], salt=f"{as_of}|{play}")
        propensity = sum(places.values()) / total
        rows += [
            {"play": play, "store": store, "people": n, "holdout_places": places[store], "propensity": propensity}
            for store, n in stores.items()
        ]
    run.write_arrow("proposal_draws", rows=pa.Table.from_pylist(rows, schema=_DRAWS))
    return shares
