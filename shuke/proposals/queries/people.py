"""Who is in a proposal."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from shuke.access.rules import Permission, require
from shuke.customers.queries import search as find_customers
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.queries.one import proposal_of, why_of, words_for
from shuke.proposals.values import PeoplePage, PersonRow

_ARMS = {
    None: "true",
    "treated": "p.final_arm = 'treated' and not p.removed",
    "holdout": "p.final_arm = 'holdout' and not p.removed",
    "removed": "p.removed",
}


def people(
    actor: Actor,
    *,
    lake: Reader,
    proposal_id: int,
    language: str,
    arm: str | None = None,
    search: str = "",
    limit: int = 50,
    skip: int = 0,
) -> PeoplePage:
    """One page of the drawn people (or of one arm: `treated`, `holdout`, `removed`), the most valuable first.

    `search` finds a person by anything that the customers page understands. Raises `UnknownProposal`.
    """
    require(actor, Permission.SEE_PROPOSALS)
    proposal = proposal_of(actor, proposal_id)
    condition = _ARMS.get(arm, "true")
    if search.strip():
        condition += f" and p.customer_id in {rules.listed(find_customers(actor, lake=lake, text=search))}"
    drawn = f"from ({_final(proposal)}) p where {condition}"
    rows = lake.rows(
        f"with picked as (select p.* {drawn} order by p.value_minor desc, p.customer_id limit $limit offset $skip)"
        " select p.*, c.name, c.gender, s.second_from_days, s.second_until_days from picked p"
        " left join customer_profiles c on c.customer_id = p.customer_id cross join shop_clock s"
        " order by p.value_minor desc, p.customer_id",
        limit=limit,
        skip=skip,
    )
    shown = tuple(_row(actor, row=row, proposal=proposal, language=language) for row in rows)
    return PeoplePage(rows=shown, total=int(lake.value(f"select count(*) {drawn}") or 0))


def _final(proposal: Proposal) -> str:
    return rules.final_sql(proposal.pk, places=proposal.holdout_places, removed=proposal.removed)


def _row(actor: Actor, *, row: dict[str, Any], proposal: Proposal, language: str) -> PersonRow:
    return PersonRow(
        customer_id=row["customer_id"],
        name=row["name"] or "",
        store=row["home_store"],
        associate=row["associate"],
        channel=definition("sentences")["channels"][row["channel"]][rules.short_of(language)],
        arm=row["final_arm"],
        removed=row["removed"],
        value_minor=row["value_minor"],
        why=why_of(actor, row=row, language=language),
        words=words_for(actor, row=row, plan=proposal.plan, language=language),
    )


def treated(actor: Actor, *, lake: Reader, proposal_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The people to be contacted, by proposal, each with the source record that names them best.

    Rows of `proposal_people` as the proposals stand after their edits, with `variables`: what words and reasons name,
    as plain values. Raises `UnknownProposal`.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in proposal_ids}
    drawn = " union all ".join(f"({_final(proposal_of(actor, number))})" for number in proposal_ids)
    for row in lake.rows(_TREATED.format(drawn=drawn)) if drawn else ():
        found[row["proposal"]].append({**row, "arm": "treated", "variables": _variables(row)})
    return found


def _variables(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row.get(name) for name in _KEPT}
    known = {**kept, **json.loads(row.get("segment_facts") or "{}")}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in known.items()
        if value is not None
    }


def staff_by_store(actor: Actor, *, lake: Reader) -> dict[str, list[str]]:
    """Associates who sold in the last 90 days of the data, by store."""
    require(actor, Permission.REVIEW_PROPOSALS)
    rows = lake.rows(
        "select store, associate from associates where store is not null"
        " and date_diff('day', last_seen_on, (select max(last_seen_on) from associates)) <= 90"
        " order by store, associate"
    )
    team: dict[str, list[str]] = {}
    for row in rows:
        team.setdefault(row["store"], []).append(row["associate"])
    return team


_KEPT = (
    "cycle_days", "days_since", "orders", "orders_365", "two_gaps_days", "last_product", "favourite_category",
    "replenish_product", "returned_product", "newest_product", "coupon_expires_on", "home_store", "second_from_days",
    "second_until_days",
)  # fmt: skip
# A member's card says more to a store than an order number or a contact id.
_TREATED = """
with mine as (
  select * from ({drawn}) where final_arm = 'treated' and not removed
),
records as (
  select i.customer_id, i.source, i.source_row_id, row_number() over (
    partition by i.customer_id
    order by case when i.source = 'member' then 1 when i.source = 'person' then 2 when i.source = 'wecom' then 3
      else 4 end,
      i.source, i.source_row_id
  ) as place
  from identity i
  where i.customer_id in (select customer_id from mine)
)
select m.*, r.source, r.source_row_id, s.second_from_days, s.second_until_days
from mine m
left join records r on r.customer_id = m.customer_id and r.place = 1
cross join shop_clock s
order by m.proposal, m.customer_id
"""
