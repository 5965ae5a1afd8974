"""What this week must know of earlier ones: touches, replies, final arms and people held out, under today's ids."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

import shuke.touches.queries as touched
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.plays.values import Policy
from shuke.proposals.models import Proposal
from shuke.proposals.queries import kept

_CONTACTS: Mapping[str, Any] = {
    "customer_id": pa.int64(),
    "touched_on": pa.date32(),
    "channel": pa.string(),
    "play": pa.string(),
    "outcome": pa.string(),
}
_BLOCKS: Mapping[str, Any] = {
    "customer_id": pa.int64(), "reason": pa.string(), "since_on": pa.date32(), "until_on": pa.date32(),
}  # fmt: skip
_OPEN_TASKS: Mapping[str, Any] = {"store": pa.string(), "associate": pa.string(), "tasks": pa.int32()}


def close_loops(actor: Actor, *, run: Run, as_of: date, policy: Policy) -> None:
    """Fills what this week reads of earlier ones: contacts, contact_blocks, open_tasks, arm_changes."""
    zone = run.workspace.timezone
    _write(run, table="contacts", rows=touched.contact_rows(actor, as_of=as_of, timezone=zone), columns=_CONTACTS)
    blocks = touched.block_rows(actor, complaint_rest_days=policy.complaint_rest_days, timezone=zone)
    _write(run, table="contact_blocks", rows=blocks, columns=_BLOCKS)
    load = touched.open_load(actor, as_of=as_of, lives_days=policy.task_lives_days)
    tasks = [{"store": store, "associate": name, "tasks": n} for (store, name), n in sorted(load.items())]
    run.write_arrow("open_tasks", rows=_table(tasks, columns=_OPEN_TASKS))
    _write_arms(run)
    _watch(actor, run=run, as_of=as_of, measure_days=policy.measure_days)


def _write(run: Run, *, table: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> None:
    run.write_arrow(table, rows=_table(rows, columns=columns))
    others = ", ".join(f"t.{name}" for name in columns if name != "customer_id")
    run.write(
        table,
        sql=f"select coalesce(a.customer_id, t.customer_id) as customer_id, {others} from {table} t"
        " left join customer_aliases a on a.alias_id = t.customer_id",
    )


def _table(rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, Any]) -> Any:
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()})


def _write_arms(run: Run) -> None:
    """The final arms of approved proposals that were edited: the stored draw under the approved share."""
    found = Proposal.objects.filter(state__in=("approved", "exported"))
    edited = [p for p in found.order_by("id") if p.holdout_places is not None or p.removed]
    if not edited:
        run.write_arrow("arm_changes", rows=_table([], columns=_ARMS))
        return
    places = ", ".join(f"({p.pk}::bigint, {literal(p.holdout_places)}::integer)" for p in edited)
    removed = ", ".join(f"({p.pk}::bigint, {int(one)}::bigint)" for p in edited for one in p.removed)
    gone = f"values {removed}" if removed else "select null::bigint, null::bigint"
    run.write("arm_changes", sql=_FINAL_ARMS.format(places=places, removed=gone, ids=literal([p.pk for p in edited])))


_ARMS: Mapping[str, Any] = {
    "proposal": pa.int64(), "customer_id": pa.int64(), "store": pa.string(), "arm": pa.string(),
    "removed": pa.bool_(), "propensity": pa.float64(),
}  # fmt: skip
_FINAL_ARMS = """
with edited(proposal, places) as (values {places}),
gone(proposal, customer_id) as ({removed}),
drawn as (
  select p.*, row_number() over (partition by p.proposal order by p.draw, p.customer_id) as place,
    count(*) over (partition by p.proposal) as people
  from proposal_people p
  where p.proposal in {ids} and p.arm in ('treated', 'holdout')
),
final as (
  select d.*, e.places,
    case when e.places is null then d.arm when d.place <= e.places then 'holdout' else 'treated' end as final_arm
  from drawn d
  join edited e on e.proposal = d.proposal
)
select f.proposal, f.customer_id, f.store, f.final_arm as arm, g.customer_id is not null as removed,
  (case when f.places is null then f.propensity when f.final_arm = 'holdout' then f.places / nullif(f.people, 0)
    else 1 - f.places / nullif(f.people, 0) end)::double as propensity
from final f
left join gone g on g.proposal = f.proposal and g.customer_id = f.customer_id
"""


_NO_TRIALS = """
select cast(null as varchar) as play, cast(null as date) as as_of, cast(null as bigint) as customer_id,
  false as treated, 0.5 as propensity, false as bought, cast(0 as bigint) as net_minor, 0 as orders, 0 as orders_365,
  0 as days_since, 1.0 as cycle_days, cast(0 as bigint) as purchase_minor, cast(0 as bigint) as value_minor,
  cast(null as double) as base_share
where false
"""
_TRIALS = """
with drawn as (
  select p.proposal, coalesce(a.customer_id, p.customer_id) as customer_id,
    min(p.orders) as orders, min(p.orders_365) as orders_365, min(p.days_since) as days_since,
    min(p.cycle_days) as cycle_days, min(p.purchase_minor) as purchase_minor, min(p.value_minor) as value_minor,
    min(p.base_share) as base_share
  from proposal_people p
  left join customer_aliases a on a.alias_id = p.customer_id
  group by p.proposal, coalesce(a.customer_id, p.customer_id)
)
select o.play, o.as_of, o.customer_id, o.arm = 'treated' as treated,
  case when o.arm = 'treated' then o.propensity else 1 - o.propensity end as propensity, o.purchases > 0 as bought,
  o.net_minor, d.orders, d.orders_365, d.days_since, d.cycle_days, d.purchase_minor, d.value_minor, d.base_share
from outcome_people o
join measured_proposals m on m.proposal = o.proposal
join drawn d on d.proposal = o.proposal and d.customer_id = o.customer_id
where m.until_on >= m.as_of + 7 and o.propensity > 0 and o.propensity < 1
"""


def close_trials(run: Run) -> None:
    """Fills trial_people: everybody drawn for a play that has been watched for a week or longer, with the outcome so
    far and what was known on the day of the draw. Call it when this run's outcomes are measured.
    """
    known = run.reader()
    ready = all(known.has(table) for table in ("outcome_people", "measured_proposals", "proposal_people"))
    run.write("trial_people", sql=_TRIALS if ready else _NO_TRIALS)


def _watch(actor: Actor, *, run: Run, as_of: date, measure_days: int) -> None:
    """Adds to `contact_blocks`: people whom this week has already, and people held out who are still watched.

    This week has those of approved, withdrawn and edited proposals: each may become tasks without a new draw.
    """
    week = [proposal for proposal in kept(actor, as_of=as_of) if proposal.state != "rejected"]
    rows = [(one.pk, "already_in_play", as_of, as_of + timedelta(days=7)) for one in week]
    found = Proposal.objects.filter(
        state__in=("approved", "exported"), as_of__gt=as_of - timedelta(days=measure_days), as_of__lt=as_of
    )
    for number, since in found.order_by("id").values_list("id", "as_of"):
        rows.append((number, "holdout_watch", since, since + timedelta(days=measure_days)))
    if not rows:
        return
    listed = ", ".join(f"({n}::bigint, {literal(why)}, {literal(a)}, {literal(b)})" for n, why, a, b in rows)
    run.append(
        "contact_blocks",
        sql=f"with watched(proposal, reason, since_on, until_on) as (values {listed})"
        " select coalesce(a.customer_id, p.customer_id) as customer_id, w.reason, min(w.since_on) as since_on,"
        " max(w.until_on) as until_on from proposal_people p join watched w on w.proposal = p.proposal"
        " left join arm_changes c on c.proposal = p.proposal and c.customer_id = p.customer_id"
        " left join customer_aliases a on a.alias_id = p.customer_id"
        f" where p.proposal in {literal([row[0] for row in rows])} and p.arm in ('treated', 'holdout')"
        " and (w.reason = 'already_in_play' or coalesce(c.arm, p.arm) = 'holdout')"
        " group by 1, 2",
    )
